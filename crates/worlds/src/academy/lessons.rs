//! Lessons and who comes to them.

use domain::Moment;
use rand_chacha::ChaCha8Rng;

use super::dirt;
use super::life::Today;
use super::rows::{Maybe, Rows, Stamp, later};
use super::students::LifeEvent;
use crate::draw::{chance, logistic};

/// What is written down about a student and a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Present,
    Late,
    Absent,
    Excused,
}

const LESSON_HOURS: f64 = 2.0;

/// One student's lessons so far.
#[derive(Default)]
pub(super) struct Lessons {
    pub(super) held: u32,
    /// Lessons missed in a row, the last one included.
    pub(super) missed_in_a_row: u32,
}

impl Status {
    pub(super) fn is_missed(self) -> bool {
        matches!(self, Self::Absent | Self::Excused)
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Late => "late",
            Self::Absent => "absent",
            Self::Excused => "excused",
        }
    }
}

impl Lessons {
    /// Holds a lesson: draws whether the student comes, and writes what is entered.
    pub(super) fn hold(
        &mut self,
        today: &Today<'_>,
        lesson_at: Moment,
        rng: &mut ChaCha8Rng,
        rows: &mut Rows,
    ) -> Status {
        let status = attend(today, rng);
        self.held += 1;
        self.missed_in_a_row = if status.is_missed() { self.missed_in_a_row + 1 } else { 0 };
        let id = today.student.index * 1000 + self.held;
        let entered_at = later(lesson_at, LESSON_HOURS + dirt::entry_delay_hours(rng));
        let wrong = dirt::entered_wrongly(status, rng);
        let entered = (!dirt::is_forgotten(rng, 0.004)).then_some(wrong.unwrap_or(status).as_str());
        let mut enter = |status: Option<&str>, entered_at: Moment| {
            if entered_at <= today.end {
                let (lesson_at, entered_at) = (Stamp(lesson_at), Stamp(entered_at));
                rows.push(format_args!("{id},{},{lesson_at},{},{entered_at}", today.student.id, Maybe(status)));
            }
        };
        enter(entered, entered_at);
        if wrong.is_some() {
            enter(Some(status.as_str()), later(entered_at, dirt::correction_delay_hours(rng)));
        }
        status
    }
}

fn attend(today: &Today<'_>, rng: &mut ChaCha8Rng) -> Status {
    let Today { student, season, loss, .. } = *today;
    let usual = -3.1 - 0.3 * student.motivation - 0.1 * student.fit + season.missing;
    let missing = usual + 7.2 * (loss.motivation + loss.time);
    if chance(rng, logistic(missing)) {
        let excuse = match student.life_event {
            LifeEvent::Illness => 0.9,
            LifeEvent::Exams => 0.75,
            LifeEvent::Job | LifeEvent::Move => 0.6,
        };
        // Who has no time says so; who has lost interest does not.
        let excused = if loss.time > 0.3 { excuse } else { 0.3 * (1.0 - loss.motivation) };
        return if chance(rng, excused) { Status::Excused } else { Status::Absent };
    }
    let job = if matches!(student.life_event, LifeEvent::Job) { 0.35 * loss.time } else { 0.0 };
    if chance(rng, 0.06 + 0.25 * loss.motivation + job) { Status::Late } else { Status::Present }
}
