//! Progress through the course against the plan.

use std::collections::BTreeMap;

use asof::{Notable, Spec, Unit, Window};
use datafusion::logical_expr::try_cast;
use domain::Leaning::LessIsRisk;
use tables::Kind;
use tables::rows::arrow_type;

use crate::kits::view::TableView;
use crate::kits::{Derived, KnownColumn};

const PLANNED: &str = "planned_pct";
const DONE: &str = "done_pct";

pub(crate) fn derived(known: &BTreeMap<String, KnownColumn>) -> Vec<Derived> {
    let (Some(planned), Some(done)) = (known.get(PLANNED), known.get(DONE)) else { return Vec::new() };
    let number = |column: &KnownColumn| try_cast(column.expr.clone(), arrow_type(Kind::Number));
    let reveals = done.reveals.clone();
    vec![Derived { name: "ahead".to_owned(), expr: number(done) - number(planned), kind: Kind::Number, reveals }]
}

pub(crate) fn specs(view: &TableView<'_>) -> Vec<Spec> {
    if !view.has(&[PLANNED, DONE]) {
        return Vec::new();
    }
    let mut specs = Vec::new();
    let behind = view.spec("ahead_of_plan", LessIsRisk, view.progress(PLANNED, DONE));
    specs.push(behind.say("progress-behind", Notable::AtMost(-10.0), Unit::Number));
    specs.push(view.spec("done_last", LessIsRisk, view.last(DONE)));
    specs.push(view.spec("done_trend_28d", LessIsRisk, view.trend(DONE, Window::Days(28))));
    specs.push(view.spec("done_trend_56d", LessIsRisk, view.trend(DONE, Window::Days(56))));
    if view.has(&["ahead"]) {
        specs.push(view.spec("ahead_mean_56d", LessIsRisk, view.mean("ahead", Window::Days(56))));
        specs.push(view.spec("ahead_min_all", LessIsRisk, view.min("ahead", Window::All)));
        specs.push(view.spec("ahead_trend_56d", LessIsRisk, view.trend("ahead", Window::Days(56))));
        specs.push(view.spec("ahead_trend_all", LessIsRisk, view.trend("ahead", Window::All)));
    }
    specs.push(view.spec("days_since_row", domain::Leaning::MoreIsRisk, view.recency(None)));
    specs.extend(view.relative_to_group(&specs, &["ahead_of_plan", "done_last"]));
    specs
}
