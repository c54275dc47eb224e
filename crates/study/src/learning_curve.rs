//! What more rows would bring: quality on the same kept rows after learning from 10, 20, 40, 70 and 100% of the subjects.
//!
//! The chosen recipe is fitted anew on each share of the training subjects, nested, so that a larger share holds the smaller
//! one; settings are not searched again. Kept rows are those of the model's last fold. Intervals redraw kept subjects; they do
//! not hold the luck of which subjects were learned from.

use serde::Serialize;

use crate::estimate::Estimate;

/// Quality by training size.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LearningCurve {
    /// Rows judged, the same for all points.
    pub kept_rows: usize,
    /// Those that leave.
    pub kept_leaving_rows: usize,
    /// By rising share; a share with fewer than 10 leavers is left out.
    pub points: Vec<CurvePoint>,
    /// AUC with all training subjects minus that with 40% of them, paired; nothing where 40% are too few to learn from.
    pub auc_gain_from_40_percent: Option<Estimate>,
    /// The same of log-loss: below 0 is better.
    pub log_loss_gain_from_40_percent: Option<Estimate>,
    /// What that says.
    pub verdict: Verdict,
}

/// Quality after learning from some subjects.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Share of the training subjects.
    pub share: f64,
    /// How many they are.
    pub subjects: usize,
    /// Their rows.
    pub rows: usize,
    /// Those that leave.
    pub leaving_rows: usize,
    /// Area under the ROC curve.
    pub auc: Estimate,
    /// Log-loss.
    pub log_loss: Estimate,
}

/// Whether more rows would help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// From 40% to all subjects AUC surely rises.
    Rising,
    /// From 40% to all subjects AUC rises by no more than 0.01, surely.
    Flat,
    /// The kept rows are too few to say.
    Unclear,
}
