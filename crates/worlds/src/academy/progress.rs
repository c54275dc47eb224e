//! Progress through the course, written down every Sunday: planned and done, in per cent.

use domain::{Day, Moment};
use rand_chacha::ChaCha8Rng;

use super::dirt;
use super::groups::Group;
use super::rows::{Maybe, Rows, Stamp, at};
use super::students::Student;
use super::trouble::Loss;
use crate::draw::normal;

/// How far a student is behind the plan, in per cent of the course.
#[derive(Default)]
pub(super) struct Progress {
    behind: f64,
    weeks: u32,
}

impl Progress {
    /// Ends a week: what was missed and not understood is added, some of the backlog is caught up.
    #[expect(clippy::too_many_arguments, reason = "a week depends on all of them")]
    pub(super) fn end_week(
        &mut self,
        student: &Student,
        group: &Group,
        day: Day,
        missed: usize,
        loss: Loss,
        end: Moment,
        rng: &mut ChaCha8Rng,
        rows: &mut Rows,
    ) {
        #[expect(clippy::cast_precision_loss, reason = "a handful of lessons")]
        let missed = missed as f64;
        let grows = 0.25 * missed + 2.6 * loss.understanding + 0.15 * normal(rng);
        let caught_up = 0.12 * self.behind + (0.5 + 0.2 * student.ability) * (1.0 - loss.motivation.max(loss.time));
        let planned =
            100.0 * f64::from(day.0 + 1 - group.started_on.0) / f64::from(group.planned_end_on.0 - group.started_on.0);
        self.behind = (self.behind + grows - caught_up).clamp(-1.0, planned);
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
