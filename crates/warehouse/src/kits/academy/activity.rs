//! Use, as numbers over periods: how much lately, against the subject's own habit and against the group.

use std::collections::BTreeMap;

use asof::{Kind as ColumnKind, Notable, Spec, Unit, Window};
use datafusion::functions::expr_fn::ln;
use datafusion::logical_expr::{lit, try_cast, when};
use domain::Leaning::{Either, LessIsRisk, MoreIsRisk};
use tables::Kind;
use tables::rows::arrow_type;

use crate::kits::academy::WINDOWS;
use crate::kits::view::{TableView, suffix};
use crate::kits::{Derived, KnownColumn};

const LOG: &str = "_log";
const SOME: &str = "_some";
const NONE: &str = "_none";

/// Of every number: its logarithm, since use is heavy-tailed, and whether there was any.
pub(crate) fn derived(known: &BTreeMap<String, KnownColumn>) -> Vec<Derived> {
    let mut derived = Vec::new();
    for (name, column) in known.iter().filter(|(_, column)| column.kind == Kind::Number) {
        let number = try_cast(column.expr.clone(), arrow_type(Kind::Number));
        let reveals = column.reveals.clone();
        let add = |ending: &str, expr, kind| Derived {
            name: format!("{name}{ending}"),
            expr,
            kind,
            reveals: reveals.clone(),
        };
        let is_some = number.clone().gt(lit(0.0));
        if let Ok(log) = when(number.clone().gt_eq(lit(0.0)), ln(number.clone() + lit(1.0))).end() {
            derived.push(add(LOG, log, Kind::Number));
        }
        derived.push(add(SOME, is_some.clone(), Kind::Flag));
        // A period for which nothing is said is one without use.
        let is_none = number.clone().is_null().or(number.lt_eq(lit(0.0)));
        derived.push(add(NONE, is_none, Kind::Flag));
    }
    derived
}

pub(crate) fn specs(view: &TableView<'_>) -> Vec<Spec> {
    let mut specs = Vec::new();
    for window in [Window::Days(28), Window::All] {
        specs.push(view.spec(&format!("rows_{}", suffix(window)), LessIsRisk, view.count(None, window)));
    }
    specs.push(view.spec("days_since_row", MoreIsRisk, view.recency(None)));
    specs.extend(view.relative_to_group(&specs, &["rows_all"]));
    let names: Vec<&str> = view.of_kind(ColumnKind::Number).filter(|name| !name.ends_with(LOG)).collect();
    for (index, name) in names.iter().enumerate() {
        specs.extend(of_number(view, name, index == 0));
    }
    specs
}

/// The first number speaks for the table in sentences.
fn of_number(view: &TableView<'_>, name: &str, speaks: bool) -> Vec<Spec> {
    let mut specs = Vec::new();
    let say = |spec: Spec, sentence, notable, unit| if speaks { spec.say(sentence, notable, unit) } else { spec };
    specs.push(view.spec(&format!("{name}_last"), LessIsRisk, view.last(name)));
    for window in WINDOWS {
        let sum = view.spec(&format!("{name}_sum_{}", suffix(window)), LessIsRisk, view.sum(name, window));
        let is_said = window == Window::Days(28);
        specs.push(if is_said { say(sum, "activity-low", Notable::UnlikeTypical(0.5), Unit::Number) } else { sum });
    }
    specs.push(view.spec(&format!("{name}_mean_56d"), LessIsRisk, view.mean(name, Window::Days(56))));
    specs.push(view.spec(&format!("{name}_mean_all"), LessIsRisk, view.mean(name, Window::All)));
    specs.push(view.spec(&format!("{name}_max_all"), LessIsRisk, view.max(name, Window::All)));
    let falling = view.spec(&format!("{name}_28d_to_112d"), LessIsRisk, view.rate_ratio(Some(name), 28, 112));
    specs.push(say(falling, "activity-falling", Notable::AtMost(0.5), Unit::Number));
    specs.push(view.spec(&format!("{name}_14d_to_56d"), LessIsRisk, view.rate_ratio(Some(name), 14, 56)));
    specs.push(view.spec(&format!("{name}_7d_to_28d"), LessIsRisk, view.rate_ratio(Some(name), 7, 28)));
    let (some, none, log) = (format!("{name}{SOME}"), format!("{name}{NONE}"), format!("{name}{LOG}"));
    if view.has(&[&some, &none]) {
        let recency = view.spec(&format!("{name}_days_since"), MoreIsRisk, view.recency(Some(&some)));
        specs.push(say(recency, "activity-none-for", Notable::AtLeast(14.0), Unit::Count));
        specs.push(view.spec(&format!("{name}_none_streak"), MoreIsRisk, view.streak(&none)));
        specs.push(view.spec(&format!("{name}_none_share_all"), MoreIsRisk, view.share(&none, Window::All)));
    }
    if view.has(&[&log]) {
        specs.push(view.spec(&format!("{log}_last"), LessIsRisk, view.last(&log)));
        specs.push(view.spec(&format!("{log}_mean_56d"), LessIsRisk, view.mean(&log, Window::Days(56))));
        specs.push(view.spec(&format!("{log}_mean_all"), LessIsRisk, view.mean(&log, Window::All)));
        specs.push(view.spec(&format!("{log}_trend_56d"), LessIsRisk, view.trend(&log, Window::Days(56))));
        specs.push(view.spec(&format!("{log}_trend_all"), LessIsRisk, view.trend(&log, Window::All)));
        specs.push(view.spec(&format!("{log}_deviation_all"), Either, view.deviation(&log, Window::All)));
    }
    let relative = [
        format!("{name}_sum_28d"),
        format!("{name}_sum_all"),
        format!("{log}_last"),
        format!("{log}_mean_all"),
        format!("{log}_mean_56d"),
    ];
    let relative: Vec<&str> = relative.iter().map(String::as_str).collect();
    specs.extend(view.relative_to_group(&specs, &relative));
    specs
}
