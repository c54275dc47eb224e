//! Invoices: debt, how long it stands, and the habit of paying late.

use std::collections::BTreeMap;

use asof::{Notable, Spec, Unit, Window};
use domain::Leaning::{Either, LessIsRisk, MoreIsRisk};

use crate::kits::academy::days_late;
use crate::kits::view::{TableView, suffix};
use crate::kits::{Derived, KnownColumn};

const DUE: &str = "due_at";
const DONE: &str = "paid_at";

pub(crate) fn derived(known: &BTreeMap<String, KnownColumn>) -> Vec<Derived> {
    days_late(known, DUE, DONE).into_iter().collect()
}

pub(crate) fn specs(view: &TableView<'_>) -> Vec<Spec> {
    if !view.has(&[DUE, DONE]) {
        return Vec::new();
    }
    let mut specs = Vec::new();
    let overdue = view.spec("overdue_days", MoreIsRisk, view.overdue_days(DUE, DONE));
    specs.push(overdue.say("payment-overdue", Notable::AtLeast(3.0), Unit::Count));
    specs.push(view.spec("open", MoreIsRisk, view.open(DUE, DONE, Window::All)));
    specs.push(view.spec("open_streak", MoreIsRisk, view.open_streak(DUE, DONE)));
    for window in [Window::Days(56), Window::All] {
        let name = suffix(window);
        let lateness = view.spec(&format!("lateness_{name}"), MoreIsRisk, view.lateness(DUE, DONE, window));
        let is_said = window == Window::All;
        specs.push(if is_said { lateness.say("payments-late", Notable::AtLeast(4.0), Unit::Number) } else { lateness });
        specs.push(view.spec(&format!("share_paid_{name}"), LessIsRisk, view.share_done(DUE, DONE, window)));
    }
    if view.has(&["days_late"]) {
        specs.push(view.spec("days_late_last", MoreIsRisk, view.last("days_late")));
        specs.push(view.spec("days_late_max_all", MoreIsRisk, view.max("days_late", Window::All)));
        specs.push(view.spec("days_late_trend_all", MoreIsRisk, view.trend("days_late", Window::All)));
    }
    if view.has(&["amount"]) {
        specs.push(view.spec("debt", MoreIsRisk, view.debt(DUE, DONE, "amount")));
        specs.push(view.spec("amount_last", Either, view.last("amount")));
        specs.push(view.spec("amount_sum_all", Either, view.sum("amount", Window::All)));
    }
    specs.push(view.spec("days_since_invoice", Either, view.recency(None)));
    specs.extend(view.relative_to_group(&specs, &["overdue_days", "lateness_all"]));
    specs
}
