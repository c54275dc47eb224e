//! What class weights and undersampling do to a model: its order and its probabilities, before and after recalibration.
//!
//! The chosen recipe is fitted on the same training rows as they are (*plain*), with leaving rows weighted until both classes
//! weigh the same (*class weights*), and with staying subjects dropped at random until there are as many staying rows as
//! leaving ones (*undersampling*). All are judged on the same kept rows. Both treatments teach the model a base rate of one
//! half, so that its probabilities are far too high; recalibration is Platt's line on log-odds (Platt 1999), fitted on the
//! kept rows of other subjects in five parts.

use serde::Serialize;

use crate::estimate::Estimate;

/// The plain fit and the treated ones.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Balance {
    /// Rows judged.
    pub kept_rows: usize,
    /// Those that leave.
    pub kept_leaving_rows: usize,
    /// Plain first.
    pub treatments: Vec<Treatment>,
}

/// A way to treat the classes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Treatment {
    /// Which.
    pub kind: TreatmentKind,
    /// Rows fitted on.
    pub train_rows: usize,
    /// Those that leave.
    pub train_leaving_rows: usize,
    /// How many times as much as a staying row a leaving one weighs.
    pub leaving_weight: f64,
    /// Area under the ROC curve, which recalibration does not change.
    pub auc: Estimate,
    /// AUC minus that of the plain fit, paired; nothing for itself.
    pub auc_gain: Option<Estimate>,
    /// Probabilities as they come.
    pub before: ProbabilityQuality,
    /// Probabilities after recalibration.
    pub after: ProbabilityQuality,
    /// Log-loss after recalibration minus that of the plain fit after it, paired; nothing for itself.
    pub log_loss_gain: Option<Estimate>,
}

/// How good probabilities are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ProbabilityQuality {
    /// Log-loss.
    pub log_loss: Estimate,
    /// Expected calibration error, ten bins of equal weight.
    pub calibration_error: Estimate,
    /// Mean probability, to be held against the share that left.
    pub mean_said: f64,
    /// Share that left.
    pub mean_happened: f64,
}

/// A way to treat the classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TreatmentKind {
    /// Rows as they are.
    Plain,
    /// Leaving rows weigh more.
    ClassWeights,
    /// Staying rows are dropped.
    Undersampling,
}
