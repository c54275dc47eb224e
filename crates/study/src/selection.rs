//! How few variables would do: quality on kept rows of models of the 5, 10, 20, 40 most important variables, and of all.
//!
//! Variables are ordered by mean absolute attribution of a model fitted on the training rows only, so that kept rows have no
//! say in the order. The smallest set is the one with the fewest variables whose log-loss is within one standard error of
//! the lowest, the error of the paired difference over redrawn subjects (Breiman et al. 1984).

use serde::Serialize;

use crate::estimate::Estimate;

/// Quality by number of variables.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Selection {
    /// Rows judged.
    pub kept_rows: usize,
    /// By rising number of variables; the last holds all of them.
    pub points: Vec<SelectionPoint>,
    /// Variables of the smallest set within one standard error of the best.
    pub smallest: usize,
    /// All columns that the model uses, the most important on training rows first.
    pub order: Vec<String>,
}

/// A model of the most important variables.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SelectionPoint {
    /// How many: the first so many of the order; for all, every column of the table.
    pub variables: usize,
    /// Area under the ROC curve.
    pub auc: Estimate,
    /// Log-loss.
    pub log_loss: Estimate,
    /// Log-loss minus the lowest of the points, in standard errors' company: the gap.
    pub gap: f64,
    /// Standard error of that gap; 0 for the lowest itself.
    pub gap_error: f64,
}
