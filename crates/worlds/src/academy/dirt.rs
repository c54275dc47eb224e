//! What makes an export look like one: rows entered late, entered wrongly and corrected, left out.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::lessons::Status;
use crate::draw::{chance, pick, waiting};

/// Hours from the end of a lesson until its attendance is entered: mostly the same evening, sometimes days later.
pub(super) fn entry_delay_hours(rng: &mut ChaCha8Rng) -> f64 {
    match rng.random::<f64>() {
        drawn if drawn < 0.90 => rng.random_range(0.1..2.5),
        drawn if drawn < 0.97 => rng.random_range(12.0..22.0),
        _ => 24.0 + waiting(rng, 40.0).min(144.0),
    }
}

/// What was entered first where it was wrong: someone overlooked, or an excuse that was not known yet.
pub(super) fn entered_wrongly(truly: Status, rng: &mut ChaCha8Rng) -> Option<Status> {
    let (share, entered) = match truly {
        Status::Present => (0.008, Status::Absent),
        Status::Late => (0.04, Status::Absent),
        Status::Excused => (0.15, Status::Absent),
        Status::Absent => (0.02, Status::Present),
    };
    chance(rng, share).then_some(entered)
}

/// Hours until a wrong entry is corrected.
pub(super) fn correction_delay_hours(rng: &mut ChaCha8Rng) -> f64 {
    12.0 + waiting(rng, 36.0).min(200.0)
}

/// Whether a value that should be there is missing.
pub(super) fn is_forgotten(rng: &mut ChaCha8Rng, share: f64) -> bool {
    chance(rng, share)
}

/// The hour at which the office writes something down.
pub(super) fn office_hour(rng: &mut ChaCha8Rng) -> f64 {
    f64::from(pick(rng, &[(9, 1.0), (11, 2.0), (15, 2.0), (17, 1.0)])) + rng.random::<f64>()
}
