//! The daily hazard of leaving.
//!
//! `hazard = base * severity * frailty * season * tenure * relief`: trouble counts most, traits a little, the year and
//! the time at the academy a little, and what staff did recently for as long as it works.

use domain::Day;

use super::calendar::Season;
use super::groups::Group;
use super::students::Student;
use super::trouble::WORST;

/// Daily hazard of a calm student.
const BASE: f64 = 0.00028;
/// Factor by severity.
const SEVERITY: [f64; WORST + 1] = [1.0, 1.1, 1.5, 2.5, 6.0, 20.0, 65.0, 130.0, 180.0];

/// Probability to leave on `day` for someone who is here the day before.
pub(super) fn chance_to_leave(
    student: &Student,
    group: &Group,
    season: &Season,
    day: Day,
    severity: usize,
    relief: f64,
) -> f64 {
    before_state(student, group, season, day) * by_state(severity, relief)
}

/// The part that does not depend on the hidden state.
pub(super) fn before_state(student: &Student, group: &Group, season: &Season, day: Day) -> f64 {
    let tenure = match day.0 - group.started_on.0 {
        ..30 => 1.3,
        _ if group.planned_end_on.0 - day.0 < 30 => 0.7,
        _ => 1.0,
    };
    BASE * student.frailty * season.hazard * tenure
}

/// The part that does.
pub(super) fn by_state(severity: usize, relief: f64) -> f64 {
    SEVERITY[severity] * relief
}
