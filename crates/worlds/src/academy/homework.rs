//! Homework: given at every lesson, due three days later.

use domain::{Day, Moment};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::dirt;
use super::life::Today;
use super::rows::{Maybe, Rows, Stamp, at, later};
use super::students::Student;
use crate::draw::{chance, logistic, normal, waiting};

const DUE_DAYS: i32 = 3;

/// One piece of homework of one student.
pub(super) struct Homework {
    assigned_at: Moment,
    due_on: Day,
    /// When it would be handed in if the student stays.
    submitted_at: Option<Moment>,
    score: Option<f64>,
    graded_at: Moment,
}

/// Gives homework after a lesson and draws what becomes of it.
pub(super) fn assign(today: &Today<'_>, lesson_at: Moment, was_missed: bool, rng: &mut ChaCha8Rng) -> Homework {
    let Today { student, loss, .. } = *today;
    let (assigned_at, due_on) = (later(lesson_at, 2.0), lesson_at.day().plus(DUE_DAYS));
    let skipping = -1.9 + 5.0 * loss.motivation + 1.8 * loss.understanding + 4.0 * loss.time
        - 0.35 * student.motivation
        - 0.2 * student.ability
        + if was_missed { 0.4 } else { 0.0 };
    let is_late = chance(rng, 0.10 + 0.35 * loss.motivation + 0.3 * loss.understanding + 0.3 * loss.time);
    let submitted_at = (!chance(rng, logistic(skipping))).then(|| {
        if is_late {
            later(at(due_on, 24.0), 2.0 + waiting(rng, 40.0).min(240.0))
        } else {
            later(assigned_at, rng.random_range(3.0..74.0))
        }
    });
    let graded_at = later(submitted_at.unwrap_or(assigned_at), 8.0 + waiting(rng, 24.0).min(120.0));
    let mean = 78.0 + 7.0 * student.ability - 42.0 * loss.understanding - 10.0 * loss.motivation;
    let score = (mean + 6.0 * normal(rng)).clamp(0.0, 100.0).round();
    let score = (submitted_at.is_some() && !dirt::is_forgotten(rng, 0.05)).then_some(score);
    Homework { assigned_at, due_on, submitted_at, score, graded_at }
}

/// How many of the latest due pieces in a row are not handed in at the end of `day`.
pub(super) fn open_in_a_row(pieces: &[Homework], day: Day) -> usize {
    let is_open = |piece: &&Homework| piece.submitted_at.is_none_or(|at| at.day() > day);
    pieces.iter().rev().filter(|piece| piece.due_on <= day).take_while(is_open).count()
}

/// Writes what is known at `end`; a student who leaves hands in nothing after `left_at`.
pub(super) fn write(student: &Student, pieces: &[Homework], left_at: Moment, end: Moment, rows: &mut Rows) {
    for (id, piece) in (student.index * 1000 + 1..).zip(pieces) {
        if piece.assigned_at > end {
            continue;
        }
        let submitted_at = piece.submitted_at.filter(|&at| at <= left_at && at <= end);
        let is_graded = submitted_at.is_some() && piece.score.is_some() && piece.graded_at <= end;
        rows.push(format_args!(
            "{id},{},{},{},{},{},{}",
            student.id,
            Stamp(piece.assigned_at),
            Stamp(at(piece.due_on, 23.0 + 59.0 / 60.0)),
            Maybe(submitted_at.map(Stamp)),
            Maybe(piece.score.filter(|_| is_graded)),
            Maybe(is_graded.then_some(Stamp(piece.graded_at))),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_pieces_count_back_from_the_latest_due() {
        let piece = |due: i32, submitted: Option<i32>| Homework {
            assigned_at: at(Day(due - DUE_DAYS), 20.0),
            due_on: Day(due),
            submitted_at: submitted.map(|day| at(Day(day), 9.0)),
            score: None,
            graded_at: at(Day(due), 9.0),
        };
        let pieces = [piece(10, None), piece(11, Some(11)), piece(12, Some(20)), piece(13, None), piece(16, None)];
        assert_eq!(open_in_a_row(&pieces, Day(9)), 0);
        assert_eq!(open_in_a_row(&pieces, Day(10)), 1);
        assert_eq!(open_in_a_row(&pieces, Day(14)), 2);
        assert_eq!(open_in_a_row(&pieces, Day(20)), 2);
    }
}
