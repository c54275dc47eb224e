//! The daily hazard of leaving.
//!
//! `hazard = base * exp(6.3 * strain) * frailty * season * tenure * relief`: strain counts most; traits, the year and the
//! time at the academy a little; what staff did recently for as long as it works.

use domain::Day;

use super::calendar::Season;
use super::groups::Group;
use super::students::Student;

/// Daily hazard without strain.
const BASE: f64 = 0.00034;
/// Log of the factor at full strain.
pub(super) const STEEPNESS: f64 = 6.3;

/// Probability to leave on `day` for someone who is here the day before.
pub(super) fn chance_to_leave(
    student: &Student,
    group: &Group,
    season: &Season,
    day: Day,
    strain: f64,
    relief: f64,
) -> f64 {
    before_state(student, group, season, day) * f64::exp(STEEPNESS * strain) * relief
}

/// The part that does not depend on the hidden state or on staff.
pub(super) fn before_state(student: &Student, group: &Group, season: &Season, day: Day) -> f64 {
    let tenure = match day.0 - group.started_on.0 {
        ..30 => 1.3,
        _ if group.planned_end_on.0 - day.0 < 30 => 0.7,
        _ => 1.0,
    };
    BASE * student.frailty * season.hazard * tenure
}
