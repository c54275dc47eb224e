//! Where features write: each thread its own rows of every column.

use crate::cuts::Cuts;
use crate::values::NO_LEVEL;

/// The part of the output that holds some subjects' rows.
pub(crate) struct Out<'a> {
    pub(crate) columns: Vec<OutColumn<'a>>,
}

/// The part of one column.
pub(crate) enum OutColumn<'a> {
    Numbers(&'a mut [f32]),
    Levels(&'a mut [u32]),
}

impl Out<'_> {
    /// Writes a number; NaN is null.
    pub(crate) fn number(&mut self, slot: usize, row: usize, value: f64) {
        if let OutColumn::Numbers(numbers) = &mut self.columns[slot] {
            numbers[row] = narrow(value);
        }
    }

    /// Writes the code of a category.
    pub(crate) fn level(&mut self, slot: usize, row: usize, code: Option<u32>) {
        if let OutColumn::Levels(codes) = &mut self.columns[slot] {
            codes[row] = code.unwrap_or(NO_LEVEL);
        }
    }

    /// Writes a number for every cutoff.
    pub(crate) fn numbers(&mut self, slot: usize, cuts: &Cuts, value: impl Fn(usize) -> f64) {
        if let OutColumn::Numbers(numbers) = &mut self.columns[slot] {
            for cut in 0..cuts.len() {
                numbers[cuts.row(cut)] = narrow(value(cut));
            }
        }
    }
}

impl<'a> OutColumn<'a> {
    /// The first rows, and the rest.
    pub(crate) fn split_at(self, rows: usize) -> (Self, Self) {
        match self {
            Self::Numbers(numbers) => {
                let (part, rest): (&'a mut [f32], _) = numbers.split_at_mut(rows);
                (Self::Numbers(part), Self::Numbers(rest))
            }
            Self::Levels(codes) => {
                let (part, rest): (&'a mut [u32], _) = codes.split_at_mut(rows);
                (Self::Levels(part), Self::Levels(rest))
            }
        }
    }
}

/// The nearest float of the output: one NaN, and no infinity where the number is finite.
pub(crate) fn narrow(value: f64) -> f32 {
    if value.is_nan() {
        return f32::NAN;
    }
    #[expect(clippy::cast_possible_truncation, reason = "clamped to what fits")]
    let narrowed = value.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32;
    narrowed
}
