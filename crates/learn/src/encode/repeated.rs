//! Numbers whose values repeat: each frequent value is also a level, with a mean of its own.
//!
//! Codes that look like numbers, prices of tariffs, counts: what a value says of leaving need not rise or fall with it, and
//! trees would spend many splits to cut single values out.

use serde::{Deserialize, Serialize};

use super::Code;
use super::means::{Learned, Training};
use crate::data::MISSING;

/// Subjects that a value needs to be a level; the others share one.
const MIN_SUBJECTS: f64 = 10.0;

/// Subjects that make a value frequent, and frequent values that make a column repeat.
const FREQUENT_SUBJECTS: f64 = 20.0;
const MIN_FREQUENT: usize = 5;

/// What values stand for besides themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repeated {
    /// Frequent values, ascending, and what stands for each.
    pub values: Vec<(f32, Code)>,
    /// What stands for any other value.
    pub rest: Code,
    /// What stands for a missing value.
    pub missing: Code,
}

impl Repeated {
    /// Nothing where too few values repeat. With it, log-odds and share of each row's value.
    pub(super) fn fit(training: &Training<'_>, numbers: &[f32]) -> Option<(Self, [Learned; 2])> {
        let mut sorted: Vec<f32> =
            training.rows.iter().map(|&row| numbers[row as usize]).filter(|value| !value.is_nan()).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        let (mut levels, mut frequent) = (Vec::new(), 0);
        for run in sorted.chunk_by(|a, b| a == b) {
            let rows = run.len() as f64;
            if rows >= training.rows_of(MIN_SUBJECTS) {
                levels.push(run[0]);
            }
            frequent += usize::from(rows >= training.rows_of(FREQUENT_SUBJECTS));
        }
        if frequent < MIN_FREQUENT {
            return None;
        }
        let rest = levels.len();
        let codes: Vec<u32> = numbers.iter().map(|&value| code(&levels, value)).collect();
        let means = training.means(&codes, rest + 1);
        let values = levels.into_iter().enumerate().map(|(slot, value)| (value, means.code(slot))).collect();
        let fitted = Self { values, rest: means.code(rest), missing: means.code(rest + 1) };
        let share = means.share_by_row(&codes);
        Some((fitted, [means.by_row, share]))
    }

    /// What a value stands for.
    pub(super) fn code(&self, value: f32) -> Code {
        if value.is_nan() {
            return self.missing;
        }
        // Zero and minus zero are one value, which `total_cmp` tells apart.
        match self.values.binary_search_by(|(known, _)| known.partial_cmp(&value).unwrap_or(std::cmp::Ordering::Less)) {
            Ok(index) => self.values[index].1,
            Err(_) => self.rest,
        }
    }
}

/// The index of a value among levels, their number for any other.
fn code(levels: &[f32], value: f32) -> u32 {
    if value.is_nan() {
        return MISSING;
    }
    let found = levels.binary_search_by(|known| known.partial_cmp(&value).unwrap_or(std::cmp::Ordering::Less));
    found.unwrap_or(levels.len()) as u32
}
