//! What a fit found, as plain numbers. Effects and outcomes are in the unit of the outcome; intervals are of 90%.

use serde::Serialize;

use crate::campaign::OutcomeKind;
use crate::error::Warning;
use crate::estimate::Estimate;
use crate::learners::LearnerKind;
use crate::propensity::PropensityReport;
use crate::race::LearnerScore;

/// Everything that is known of a campaign's effects.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EffectReport {
    /// Rows of the campaign: a subject each.
    pub rows: usize,
    /// What outcomes are.
    pub outcome: OutcomeKind,
    /// By arm, the control first.
    pub arms: Vec<ArmReport>,
    /// Where propensities are from and how well arms overlap.
    pub propensity: PropensityReport,
    /// How each learner did on rows kept out.
    pub learners: Vec<LearnerScore>,
    /// The one that was chosen.
    pub chosen: LearnerKind,
    /// By action.
    pub actions: Vec<ActionReport>,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

/// An arm as it was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArmReport {
    /// The arm.
    pub arm: String,
    /// Rows given it.
    pub rows: usize,
    /// Their mean outcome, as it is.
    pub mean_outcome: Estimate,
    /// Mean outcome had all rows been given it, by doubly robust scores.
    pub value: Estimate,
}

/// What is known of an action's effect.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActionReport {
    /// The action.
    pub arm: String,
    /// Average effect over all subjects.
    pub average: Estimate,
    /// The part of the learner's differences between subjects that was borne out on rows kept out.
    pub slope: f64,
    /// Its standard error.
    pub slope_error: f64,
    /// The chance of a slope as high if subjects did not differ, one-sided.
    pub differs_p_value: f64,
    /// Standard deviation over subjects of the effects told, on rows kept out.
    pub spread: f64,
}
