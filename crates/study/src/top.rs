//! What the head of the list holds: precision, recall and lift among the highest scores of kept-apart rows.
//!
//! `precision = left among the first k% / rows among them`, `recall = left among them / all that left`,
//! `lift = precision / base rate`. Rows of one score at the border count in proportion. Intervals redraw subjects.

use serde::Serialize;

use crate::estimate::Estimate;

/// The head of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TopTable {
    /// Rows in the list.
    pub rows: usize,
    /// Those that left.
    pub leaving_rows: usize,
    /// By rising share: 1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 75 and 100 percent.
    pub shares: Vec<TopShare>,
}

/// The first share of the list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TopShare {
    /// Share of the list, 0.1 for a tenth.
    pub share: f64,
    /// Rows in it.
    pub rows: usize,
    /// Share of them that left.
    pub precision: Estimate,
    /// Share of all that left that it holds.
    pub recall: Estimate,
    /// How many times as many leave as in a random list.
    pub lift: Estimate,
}
