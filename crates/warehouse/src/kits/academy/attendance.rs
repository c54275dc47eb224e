//! Lessons: missed in a row, shares attended, lateness, and how the last weeks compare with the time before.

use std::collections::BTreeMap;

use asof::{Notable, Spec, Unit, Window};
use domain::Leaning::{LessIsRisk, MoreIsRisk};

use crate::kits::academy::{WINDOWS, as_number};
use crate::kits::view::{TableView, suffix};
use crate::kits::{Derived, KnownColumn};

pub(crate) fn derived(known: &BTreeMap<String, KnownColumn>) -> Vec<Derived> {
    as_number(known, "present", "came").into_iter().collect()
}

pub(crate) fn specs(view: &TableView<'_>) -> Vec<Spec> {
    if !view.has(&["missed", "present", "late"]) {
        return Vec::new();
    }
    let mut specs = Vec::new();
    let streak = view.spec("missed_streak", MoreIsRisk, view.streak("missed"));
    specs.push(streak.say("missed-in-a-row", Notable::AtLeast(2.0), Unit::Count));
    for window in WINDOWS {
        let name = suffix(window);
        let missed = view.spec(&format!("missed_{name}"), MoreIsRisk, view.count(Some("missed"), window));
        let present = view.spec(&format!("present_share_{name}"), LessIsRisk, view.share("present", window));
        let (missed, present) = match window {
            Window::Days(14) => {
                let falling = present.say("attendance-falling", Notable::AtMost(0.6), Unit::Share);
                (missed, falling.compared_to(format!("{}.present_share_56d", view.name)))
            }
            Window::Days(28) => (
                missed.say("missed-in-window", Notable::AtLeast(3.0), Unit::Count),
                present.say("attendance-low", Notable::AtMost(0.7), Unit::Share),
            ),
            _ => (missed, present),
        };
        specs.push(missed);
        specs.push(present);
    }
    for window in [Window::Days(28), Window::All] {
        let name = suffix(window);
        let late = view.spec(&format!("late_share_{name}"), MoreIsRisk, view.share("late", window));
        specs.push(late);
        specs.push(view.spec(&format!("lessons_{name}"), LessIsRisk, view.count(None, window)));
    }
    let late = view.spec("late_28d", MoreIsRisk, view.count(Some("late"), Window::Days(28)));
    specs.push(late.say("late-often", Notable::AtLeast(3.0), Unit::Count));
    specs.push(view.spec("days_since_present", MoreIsRisk, view.recency(Some("present"))));
    specs.push(view.spec("days_since_missed", LessIsRisk, view.recency(Some("missed"))));
    specs.push(view.spec("longest_gap_56d", MoreIsRisk, view.gap(Window::Days(56))));
    if view.has(&["came"]) {
        specs.push(view.spec("came_14d_to_56d", LessIsRisk, view.rate_ratio(Some("came"), 14, 56)));
        specs.push(view.spec("came_trend_56d", LessIsRisk, view.trend("came", Window::Days(56))));
    }
    specs.extend(view.relative_to_group(&specs, &["missed_28d", "present_share_28d", "present_share_all"]));
    specs
}
