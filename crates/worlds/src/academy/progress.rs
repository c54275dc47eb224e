//! Progress through the course, written down every Sunday: planned and done, in per cent.

use rand_chacha::ChaCha8Rng;

use super::dirt;
use super::life::Today;
use super::rows::{Maybe, Rows, Stamp, at};
use crate::draw::normal;

/// How far a student is behind the plan, in per cent of the course.
#[derive(Default)]
pub(super) struct Progress {
    behind: f64,
    weeks: u32,
}

/// Standard deviation of what a week of full effort achieves, as a share of the plan.
const NOISE: f64 = 0.12;

impl Progress {
    /// Ends a week: effort moves a student on, and whoever has it catches up a little.
    pub(super) fn end_week(&mut self, today: &Today<'_>, rng: &mut ChaCha8Rng, rows: &mut Rows) {
        let Today { student, group, day, loss, end, .. } = *today;
        let course_days = f64::from(group.planned_end_on.0 - group.started_on.0);
        let days = f64::from(day.0 + 1 - group.started_on.0);
        let (planned, week) = (100.0 * days / course_days, 100.0 * days.min(7.0) / course_days);
        let effort = (1.0 - 0.6 * loss.motivation) * (1.0 - 0.6 * loss.time) * (1.0 - loss.understanding);
        let pace = effort + NOISE * normal(rng) + 0.03 * student.ability;
        self.behind = (self.behind + week * (1.0 - pace) - 0.08 * effort * self.behind).clamp(-2.0, planned);
        self.weeks += 1;
        let written_at = at(day, 20.0);
        if written_at > end || dirt::is_forgotten(rng, 0.03) {
            return;
        }
        let done = (!dirt::is_forgotten(rng, 0.01)).then_some((planned - self.behind).clamp(0.0, 100.0));
        let id = student.index * 1000 + self.weeks;
        let done = Maybe(done.map(|done| format!("{done:.1}")));
        rows.push(format_args!("{id},{},{},{:.1},{done}", student.id, Stamp(written_at), planned.min(100.0)));
    }
}
