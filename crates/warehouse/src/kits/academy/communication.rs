//! Messages and calls: who writes, who answers, and how long it has been silent.

use std::collections::BTreeMap;

use asof::{Notable, Spec, Unit, Window};
use datafusion::logical_expr::{Expr, try_cast, when};
use domain::Leaning::{Either, LessIsRisk, MoreIsRisk};
use tables::Kind;
use tables::rows::arrow_type;

use crate::kits::academy::{as_number, moment};
use crate::kits::view::{TableView, suffix};
use crate::kits::{Derived, KnownColumn};

const ASKED: &str = "asked_at";
const ANSWERED: &str = "answered_at";

pub(crate) fn derived(known: &BTreeMap<String, KnownColumn>, at: &Expr) -> Vec<Derived> {
    let mut derived: Vec<Derived> = as_number(known, "incoming", "from_student").into_iter().collect();
    if let Some(outgoing) = known.get("outgoing") {
        // A message of ours waits for an answer from when it is sent.
        let is_ours = try_cast(outgoing.expr.clone(), arrow_type(Kind::Flag));
        if let Ok(expr) = when(is_ours, moment(at)).end() {
            derived.push(Derived { name: ASKED.to_owned(), expr, kind: Kind::Moment, reveals: None });
        }
    }
    derived
}

pub(crate) fn specs(view: &TableView<'_>) -> Vec<Spec> {
    let mut specs = Vec::new();
    if view.has(&["incoming", "outgoing"]) {
        for window in [Window::Days(7), Window::Days(14), Window::Days(28), Window::Days(56), Window::All] {
            let name = suffix(window);
            specs.push(view.spec(&format!("incoming_{name}"), LessIsRisk, view.count(Some("incoming"), window)));
            specs.push(view.spec(&format!("outgoing_{name}"), Either, view.count(Some("outgoing"), window)));
        }
        let silent = view.spec("days_since_incoming", MoreIsRisk, view.recency(Some("incoming")));
        specs.push(silent.say("silent-for", Notable::AtLeast(21.0), Unit::Count));
        specs.push(view.spec("incoming_share_56d", LessIsRisk, view.share("incoming", Window::Days(56))));
    }
    if view.has(&["from_student"]) {
        specs.push(view.spec("incoming_14d_to_56d", LessIsRisk, view.rate_ratio(Some("from_student"), 14, 56)));
    }
    if view.has(&[ASKED, ANSWERED]) {
        let streak = view.spec("unanswered_streak", MoreIsRisk, view.open_streak(ASKED, ANSWERED));
        specs.push(streak.say("messages-unanswered", Notable::AtLeast(2.0), Unit::Count));
        for window in [Window::Days(14), Window::Days(28), Window::All] {
            let name = suffix(window);
            specs.push(view.spec(&format!("unanswered_{name}"), MoreIsRisk, view.open(ASKED, ANSWERED, window)));
            specs.push(view.spec(
                &format!("answered_share_{name}"),
                LessIsRisk,
                view.share_done(ASKED, ANSWERED, window),
            ));
        }
        for window in [Window::Days(28), Window::All] {
            let name = format!("days_to_answer_{}", suffix(window));
            specs.push(view.spec(&name, MoreIsRisk, view.lateness(ASKED, ANSWERED, window)));
        }
    }
    let contact = view.spec("days_since_contact", MoreIsRisk, view.recency(None));
    specs.push(contact.say("contact-none", Notable::AtLeast(45.0), Unit::Count));
    specs.extend(view.relative_to_group(&specs, &["incoming_28d", "answered_share_28d"]));
    specs
}
