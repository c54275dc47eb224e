//! Columns in a few bins, for rules that people read: about equally many rows a bin, levels as they are.

use learn::{Column, MISSING, Values};
use rayon::prelude::*;

/// Bins of values that are there, at most.
pub(crate) const MOST_BINS: usize = 16;

/// Rows looked at for the edges.
const SAMPLE: usize = 100_000;

/// A column as bins.
pub(crate) struct Coarse {
    /// By row, from 0.
    pub(crate) codes: Vec<u8>,
    pub(crate) kind: Kind,
    /// The code of missing values: the last one.
    pub(crate) missing: u8,
    pub(crate) has_missing: bool,
}

/// What bins mean.
pub(crate) enum Kind {
    /// Bin `b` holds values above `edges[b - 1]` and up to `edges[b]`.
    Number { edges: Vec<f32> },
    /// Bin `b` holds the level `named[b]`; the bin after them all other levels.
    Category { named: Vec<u32> },
}

impl Coarse {
    pub(crate) fn all(columns: &[Column], rows: &[u32]) -> Vec<Self> {
        columns.par_iter().map(|column| Self::new(column, rows)).collect()
    }

    /// Edges and levels are those of `rows`; all rows of the column get a code.
    fn new(column: &Column, rows: &[u32]) -> Self {
        match &column.values {
            Values::Number(values) => {
                let edges = edges(values, rows);
                let missing = edges.len() as u8 + 1;
                let code = |value: &f32| {
                    if value.is_nan() { missing } else { edges.partition_point(|edge| edge < value) as u8 }
                };
                let codes: Vec<u8> = values.iter().map(code).collect();
                Self { has_missing: codes.contains(&missing), codes, kind: Kind::Number { edges }, missing }
            }
            Values::Category { codes, levels } => {
                let mut count = vec![0usize; levels.len()];
                for &row in rows {
                    if let Some(count) = count.get_mut(codes[row as usize] as usize) {
                        *count += 1;
                    }
                }
                let mut named: Vec<u32> = (0..levels.len() as u32).filter(|&level| count[level as usize] > 0).collect();
                named.sort_by_key(|&level| (std::cmp::Reverse(count[level as usize]), level));
                named.truncate(MOST_BINS - 1);
                let missing = named.len() as u8 + 1;
                let mut code_of = vec![named.len() as u8; levels.len()];
                for (code, &level) in named.iter().enumerate() {
                    code_of[level as usize] = code as u8;
                }
                let code = |&level: &u32| if level == MISSING { missing } else { code_of[level as usize] };
                let codes: Vec<u8> = codes.iter().map(code).collect();
                Self { has_missing: codes.contains(&missing), codes, kind: Kind::Category { named }, missing }
            }
        }
    }

    /// Number of codes, missing included.
    pub(crate) fn codes_used(&self) -> usize {
        usize::from(self.missing) + 1
    }
}

/// At most one edge less than there are bins, each a value that occurs: people read "up to 7", not "up to 7.36".
fn edges(values: &[f32], rows: &[u32]) -> Vec<f32> {
    let step = rows.len().div_ceil(SAMPLE).max(1);
    let mut sorted: Vec<f32> =
        rows.iter().step_by(step).map(|&row| values[row as usize]).filter(|value| !value.is_nan()).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    let Some(&highest) = sorted.last() else { return Vec::new() };
    let mut distinct = sorted.clone();
    distinct.dedup();
    let mut edges = if distinct.len() <= MOST_BINS {
        distinct
    } else {
        (1..MOST_BINS).map(|bin| sorted[bin * sorted.len() / MOST_BINS]).collect()
    };
    edges.dedup();
    edges.retain(|&edge| edge < highest);
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_about_equally_many_rows() {
        let values: Vec<f32> = (0..1600).map(|row| (row * 7 % 1600) as f32).collect();
        let rows: Vec<u32> = (0..1600).collect();
        let coarse = Coarse::new(&Column::number("x", values), &rows);
        assert_eq!((coarse.codes_used(), coarse.has_missing), (MOST_BINS + 1, false));
        for bin in 0..MOST_BINS as u8 {
            let held = coarse.codes.iter().filter(|&&code| code == bin).count();
            assert!((95..=105).contains(&held), "{held}");
        }
    }

    #[test]
    fn few_values_levels_and_missing_have_bins_of_their_own() {
        let rows: Vec<u32> = (0..5).collect();
        let coarse = Coarse::new(&Column::number("x", vec![3.0, f32::NAN, 1.0, 3.0, 2.0]), &rows);
        assert_eq!((coarse.codes.as_slice(), coarse.missing), ([2, 3, 0, 2, 1].as_slice(), 3));
        let levels = ["a", "b", "c"].map(str::to_owned).to_vec();
        let coarse = Coarse::new(&Column::category("x", vec![2, 2, 0, MISSING, 1], levels), &[0, 1, 2, 3]);
        // The level b is in no row looked at.
        assert_eq!((coarse.codes.as_slice(), coarse.missing), ([0, 0, 1, 3, 2].as_slice(), 3));
    }
}
