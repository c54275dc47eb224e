//! The model beside what anybody could do without it: the base rate, the best single variable, plain logistic regression.
//!
//! All are judged on the same rows as the model, each fitted on the training rows of the model's own folds: the *base rate*
//! says the share of training rows that leave; the *best variable* is chosen on training rows by cross-fitted log-loss and
//! scored by the smoothed share that leaves in each of its bins or levels; *logistic* is ridge logistic regression of strength
//! 1 on all columns, not calibrated. Differences are the model's number minus the baseline's over the same redrawn subjects (paired
//! percentile bootstrap, Efron and Tibshirani 1993).

use serde::Serialize;

use crate::estimate::Estimate;

/// The model and its baselines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Baselines {
    /// Rows judged.
    pub rows: usize,
    /// Those that leave.
    pub leaving_rows: usize,
    /// From the base rate to the final model.
    pub models: Vec<Baseline>,
}

/// A way to score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Baseline {
    /// Which.
    pub kind: BaselineKind,
    /// The variable it rests on, if it is one: the one that most folds chose.
    pub variable: Option<String>,
    /// Area under the ROC curve; 0.5 for the base rate.
    pub auc: Estimate,
    /// Average precision, the area under the precision-recall curve.
    pub average_precision: Estimate,
    /// Log-loss.
    pub log_loss: Estimate,
    /// Brier score.
    pub brier: Estimate,
    /// How much better the final model is; nothing for itself.
    pub gains: Option<Gains>,
}

/// The final model's number minus another's: above 0 is better for AUC and average precision, below 0 for the losses.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Gains {
    /// Of AUC.
    pub auc: Estimate,
    /// Of average precision.
    pub average_precision: Estimate,
    /// Of log-loss.
    pub log_loss: Estimate,
    /// Of the Brier score.
    pub brier: Estimate,
}

/// A way to score, from the simplest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BaselineKind {
    /// The same for all.
    BaseRate,
    /// One variable.
    BestVariable,
    /// Plain logistic regression.
    Logistic,
    /// The model.
    Final,
}
