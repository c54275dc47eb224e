//! Where the model was confident and wrong: the kept-apart rows of the largest log-loss, in both directions, each beside the
//! rows that are most like it and how those turned out.
//!
//! Likeness is Gower's distance (1971) over the most important variables: the mean over variables of `|a - b| / range` for
//! numbers (the range from the 1st to the 99th percentile, at most 1), and of 0 or 1 for categories; a value missing on one
//! side only counts 1, on both sides 0. Neighbours are rows of other subjects. If neighbours mostly turned out as the model said, the
//! case was bad luck; if they turned out as the case did, the model misses something.

use serde::Serialize;

/// The hardest rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hardest {
    /// Variables that likeness is measured by, and that are shown, the most important first.
    pub variables: Vec<String>,
    /// Rows among which neighbours were looked for.
    pub pool_rows: usize,
    /// Left although the model was sure that they stay, the worst first; one row a subject.
    pub missed: Vec<Case>,
    /// Stayed although the model was sure that they leave, the worst first; one row a subject.
    pub false_alarms: Vec<Case>,
}

/// A row that was judged wrongly.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// The subject's key.
    pub subject: String,
    /// Its cutoff, in days from 1970-01-01.
    pub cutoff_day: i32,
    /// What the model said without having seen it.
    pub probability: f64,
    /// Whether it left.
    pub left: bool,
    /// Its log-loss.
    pub loss: f64,
    /// Its values, in the order of the variables.
    pub values: Vec<Shown>,
    /// The most alike rows of other subjects, the nearest first.
    pub neighbours: Vec<Neighbour>,
    /// Share of those that left.
    pub neighbours_leaving: f64,
}

/// A row much like another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Neighbour {
    /// The subject's key.
    pub subject: String,
    /// Its cutoff, in days from 1970-01-01.
    pub cutoff_day: i32,
    /// Gower's distance, 0 to 1.
    pub distance: f64,
    /// What the model said without having seen it; nothing where it was not judged.
    pub probability: Option<f64>,
    /// Whether it left.
    pub left: bool,
    /// Its values, in the order of the variables.
    pub values: Vec<Shown>,
}

/// A value to show.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Shown {
    /// Of a number.
    Number(f64),
    /// Of a category.
    Level(String),
    /// Missing; `null`.
    Missing,
}
