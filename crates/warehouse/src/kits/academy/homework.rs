//! Homework: what is open, what is late, and how the scores move. Works with due and submitted moments alone.

use std::collections::BTreeMap;

use asof::{Kind as ColumnKind, Notable, Spec, Unit, Window};
use datafusion::logical_expr::try_cast;
use domain::Leaning::{Either, LessIsRisk, MoreIsRisk};
use tables::Kind;
use tables::rows::arrow_type;

use crate::kits::academy::{WINDOWS, days_late};
use crate::kits::view::{TableView, suffix};
use crate::kits::{Derived, KnownColumn};

const DUE: &str = "due_at";
const DONE: &str = "submitted_at";

/// The kit's own numbers; any other number of the table weighs a homework.
const SCORES: [&str; 2] = ["score", "days_late"];

pub(crate) fn derived(known: &BTreeMap<String, KnownColumn>) -> Vec<Derived> {
    let mut derived: Vec<Derived> = days_late(known, DUE, DONE).into_iter().collect();
    if let Some(done) = known.get(DONE) {
        let reveals = done.reveals.clone();
        derived.push(Derived {
            name: "submitted".to_owned(),
            expr: done.expr.clone().is_not_null(),
            kind: Kind::Flag,
            reveals,
        });
    }
    // The weight of a homework times its score: what the student has earned so far.
    let Some(score) = known.get("score") else { return derived };
    for (name, column) in
        known.iter().filter(|(name, column)| column.kind == Kind::Number && !SCORES.contains(&name.as_str()))
    {
        let number = |column: &KnownColumn| try_cast(column.expr.clone(), arrow_type(Kind::Number));
        let expr = number(score) * number(column);
        derived.push(Derived {
            name: format!("{name}_earned"),
            expr,
            kind: Kind::Number,
            reveals: score.reveals.clone(),
        });
    }
    derived
}

pub(crate) fn specs(view: &TableView<'_>) -> Vec<Spec> {
    if !view.has(&[DUE, DONE]) {
        return Vec::new();
    }
    let mut specs = work(view);
    if view.has(&["score"]) {
        specs.extend(scores(view));
    }
    specs.extend(weights(view));
    let relative = [
        "share_done_28d",
        "share_done_all",
        "open_all",
        "score_mean_all",
        "score_last",
        "lateness_all",
        "rows_all",
        "weight_earned_sum_all",
    ];
    specs.extend(view.relative_to_group(&specs, &relative));
    specs
}

/// What was done and when.
fn work(view: &TableView<'_>) -> Vec<Spec> {
    let mut specs = Vec::new();
    let streak = view.spec("open_streak", MoreIsRisk, view.open_streak(DUE, DONE));
    specs.push(streak.say("homework-open-in-a-row", Notable::AtLeast(2.0), Unit::Count));
    for window in WINDOWS {
        let name = suffix(window);
        let share = view.spec(&format!("share_done_{name}"), LessIsRisk, view.share_done(DUE, DONE, window));
        let open = view.spec(&format!("open_{name}"), MoreIsRisk, view.open(DUE, DONE, window));
        let (share, open) = match window {
            Window::Days(28) => (share, open.say("homework-open", Notable::AtLeast(1.0), Unit::Count)),
            Window::All => (share.say("homework-share-low", Notable::AtMost(0.7), Unit::Share), open),
            Window::Days(_) => (share, open),
        };
        specs.push(share);
        specs.push(open);
    }
    for window in [Window::Days(28), Window::Days(56), Window::All] {
        let name = suffix(window);
        let lateness = view.spec(&format!("lateness_{name}"), MoreIsRisk, view.lateness(DUE, DONE, window));
        let is_said = window == Window::Days(56);
        specs.push(if is_said { lateness.say("homework-late", Notable::AtLeast(2.0), Unit::Number) } else { lateness });
        specs.push(view.spec(&format!("rows_{name}"), LessIsRisk, view.count(None, window)));
    }
    specs.push(view.spec("overdue_days", MoreIsRisk, view.overdue_days(DUE, DONE)));
    specs.push(view.spec("days_since_row", MoreIsRisk, view.recency(None)));
    if view.has(&["submitted"]) {
        specs.push(view.spec("days_since_submitted", MoreIsRisk, view.recency(Some("submitted"))));
        for window in [Window::Days(14), Window::Days(28), Window::All] {
            let name = format!("submitted_{}", suffix(window));
            specs.push(view.spec(&name, LessIsRisk, view.count(Some("submitted"), window)));
        }
    }
    if view.has(&["days_late"]) {
        specs.push(view.spec("days_late_last", MoreIsRisk, view.last("days_late")));
        specs.push(view.spec("days_late_max_all", MoreIsRisk, view.max("days_late", Window::All)));
        specs.push(view.spec("days_late_trend_all", MoreIsRisk, view.trend("days_late", Window::All)));
        specs.push(view.spec("days_late_deviation_all", MoreIsRisk, view.deviation("days_late", Window::All)));
    }
    specs
}

fn scores(view: &TableView<'_>) -> Vec<Spec> {
    let mut specs = Vec::new();
    let last = view.spec("score_last", LessIsRisk, view.last("score"));
    let last = last.say("homework-score-falling", Notable::UnlikeTypical(0.3), Unit::Number);
    specs.push(last.compared_to(format!("{}.score_mean_all", view.name)));
    for window in [Window::Days(28), Window::Days(56), Window::All] {
        let mean = view.spec(&format!("score_mean_{}", suffix(window)), LessIsRisk, view.mean("score", window));
        let is_said = window == Window::Days(56);
        specs.push(if is_said {
            mean.say("homework-score-low", Notable::UnlikeTypical(0.25), Unit::Number)
        } else {
            mean
        });
    }
    specs.push(view.spec("score_min_all", LessIsRisk, view.min("score", Window::All)));
    specs.push(view.spec("score_max_all", LessIsRisk, view.max("score", Window::All)));
    specs.push(view.spec("score_trend_all", LessIsRisk, view.trend("score", Window::All)));
    specs.push(view.spec("score_trend_56d", LessIsRisk, view.trend("score", Window::Days(56))));
    specs.push(view.spec("score_deviation_all", Either, view.deviation("score", Window::All)));
    specs
}

/// Any other number weighs a homework: what is open and what was done, by weight.
fn weights(view: &TableView<'_>) -> Vec<Spec> {
    let mut specs = Vec::new();
    for name in view.of_kind(ColumnKind::Number) {
        if SCORES.contains(&name) || name.ends_with("_earned") {
            continue;
        }
        specs.push(view.spec(&format!("{name}_open"), MoreIsRisk, view.debt(DUE, DONE, name)));
        specs.push(view.spec(&format!("{name}_sum_all"), LessIsRisk, view.sum(name, Window::All)));
        specs.push(view.spec(&format!("{name}_last"), Either, view.last(name)));
        let earned = format!("{name}_earned");
        if view.has(&[&earned]) {
            specs.push(view.spec(&format!("{earned}_sum_all"), LessIsRisk, view.sum(&earned, Window::All)));
            specs.push(view.spec(&format!("{earned}_last"), LessIsRisk, view.last(&earned)));
        }
    }
    specs
}
