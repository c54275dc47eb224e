//! Whether probabilities are probabilities: what was said against what happened on kept-apart rows.
//!
//! Bins are of equal weight. The calibration error is `sum of weight * |said - happened|` over ten of them (Naeini et al.
//! 2015); even a perfect model has some on a finite sample, which [`Calibration::error_if_perfect`] simulates by drawing what
//! happens from what was said. Slope and intercept are those of a logistic regression of what happened on the log-odds said
//! (Cox 1958): 1 and 0 for a calibrated model; a slope below 1 means that it is too sure of itself.

use serde::Serialize;

use crate::estimate::Estimate;

/// What was said against what happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Rows judged.
    pub rows: usize,
    /// Lowest scores first.
    pub bins: Vec<Bin>,
    /// Expected calibration error.
    pub error: Estimate,
    /// What it would be on average if every probability were right.
    pub error_if_perfect: f64,
    /// Brier score.
    pub brier: Estimate,
    /// 1 minus Brier score against that of the base rate.
    pub brier_skill: Estimate,
    /// Slope of what happened on log-odds said.
    pub slope: Estimate,
    /// Intercept of the same.
    pub intercept: Estimate,
    /// Mean probability said.
    pub mean_said: f64,
    /// Share that left.
    pub mean_happened: f64,
    /// Maps from scores to probabilities that were tried.
    pub maps: Vec<MapTried>,
}

/// Rows of neighbouring scores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Rows.
    pub rows: usize,
    /// Mean probability said.
    pub said: f64,
    /// Share that left, with Wilson's interval, which takes rows for independent.
    pub happened: Estimate,
}

/// A map that was tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MapTried {
    /// `line`, `beta` or `isotonic`.
    pub kind: String,
    /// Log-loss on subjects that it was not fitted on.
    pub log_loss: f64,
    /// Standard error of its log-loss minus the line's; 0 for the line.
    pub gap_error: f64,
    /// Whether the model uses it.
    pub is_taken: bool,
}
