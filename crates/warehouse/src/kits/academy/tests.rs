//! Tests: the share of points reached, where it goes, and whether tests are taken at all.

use std::collections::BTreeMap;

use asof::{Notable, Spec, Unit, Window};
use domain::Leaning::{Either, LessIsRisk, MoreIsRisk};

use crate::kits::academy::ratio;
use crate::kits::view::{TableView, suffix};
use crate::kits::{Derived, KnownColumn};

pub(crate) fn derived(known: &BTreeMap<String, KnownColumn>) -> Vec<Derived> {
    let (Some(score), Some(most)) = (known.get("score"), known.get("max_score")) else { return Vec::new() };
    ratio(score, most, "score_share").into_iter().collect()
}

pub(crate) fn specs(view: &TableView<'_>) -> Vec<Spec> {
    let (score, unit) = if view.has(&["score_share"]) { ("score_share", Unit::Share) } else { ("score", Unit::Number) };
    if !view.has(&[score]) {
        return Vec::new();
    }
    let mut specs = Vec::new();
    let last =
        view.spec("score_last", LessIsRisk, view.last(score)).say("tests-falling", Notable::UnlikeTypical(0.3), unit);
    specs.push(last.compared_to(format!("{}.score_mean_all", view.name)));
    for window in [Window::Days(28), Window::Days(56), Window::All] {
        let name = suffix(window);
        let mean = view.spec(&format!("score_mean_{name}"), LessIsRisk, view.mean(score, window));
        let is_said = window == Window::Days(56);
        specs.push(if is_said { mean.say("tests-low", Notable::UnlikeTypical(0.25), unit) } else { mean });
        specs.push(view.spec(&format!("taken_{name}"), LessIsRisk, view.count(None, window)));
    }
    specs.push(view.spec("score_min_all", LessIsRisk, view.min(score, Window::All)));
    specs.push(view.spec("score_trend_all", LessIsRisk, view.trend(score, Window::All)));
    specs.push(view.spec("score_deviation_all", Either, view.deviation(score, Window::All)));
    let recency = view.spec("days_since_test", MoreIsRisk, view.recency(None));
    specs.push(recency.say("tests-none", Notable::AtLeast(45.0), Unit::Count));
    specs.extend(view.relative_to_group(&specs, &["score_last", "score_mean_all", "taken_all"]));
    specs
}
