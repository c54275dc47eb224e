//! Tests: one at every eighth lesson, taken by whoever is there.

use domain::Moment;
use rand_chacha::ChaCha8Rng;

use super::dirt;
use super::life::Today;
use super::rows::{Maybe, Rows, Stamp, later};
use crate::draw::normal;

const EVERY_LESSONS: u32 = 8;
const MAX_SCORE: f64 = 100.0;

/// Whether this lesson of the course, counted from 1, ends with a test.
pub(super) fn is_test(lesson: u32) -> bool {
    lesson.is_multiple_of(EVERY_LESSONS)
}

/// Takes the test of a lesson and writes it; gives the score.
pub(super) fn take(today: &Today<'_>, lesson: u32, lesson_at: Moment, rng: &mut ChaCha8Rng, rows: &mut Rows) -> f64 {
    let Today { student, loss, end, .. } = *today;
    let mean = 74.0 + 8.0 * student.ability - 44.0 * loss.understanding - 10.0 * loss.motivation;
    let score = (mean + 6.0 * normal(rng)).clamp(0.0, MAX_SCORE).round();
    let taken_at = later(lesson_at, 1.5);
    if taken_at <= end {
        let shown = (!dirt::is_forgotten(rng, 0.02)).then_some(score);
        let id = student.index * 1000 + lesson;
        rows.push(format_args!("{id},{},{},{},{MAX_SCORE}", student.id, Stamp(taken_at), Maybe(shown)));
    }
    score
}
