//! What a fit found, as plain numbers. Effects and outcomes are in the unit of the outcome; intervals are of 90%.

use serde::Serialize;

use crate::campaign::OutcomeKind;
use crate::checks::NothingToFind;
use crate::error::Warning;
use crate::estimate::Estimate;
use crate::learners::LearnerKind;
use crate::metrics::{CurvePoint, Decile, EffectCalibration, OffPolicy, Rate};
use crate::propensity::PropensityReport;
use crate::race::LearnerScore;
use crate::tree::{PolicyTree, Segments};

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
    /// What policies would have brought: nothing for all, each action for all, the model's, the tree's.
    pub policies: Vec<PolicyReport>,
    /// A policy in a few rules.
    pub policy_tree: PolicyTree,
    /// Groups of subjects with their mean effects.
    pub segments: Segments,
    /// Arms shuffled: nothing must be found.
    pub placebo: NothingToFind,
    /// The control dealt into two: nothing must be found.
    pub a_a: NothingToFind,
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
    /// How good the effects told are, on rows kept out.
    pub quality: ActionQuality,
}

/// How good effects told to rows kept out are. Of the action's rows and the control's, where not said otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ActionQuality {
    /// [`metrics::qini`](crate::metrics::qini), in the unit of the outcome.
    pub qini: Option<Estimate>,
    /// [`metrics::qini_normalised`](crate::metrics::qini_normalised), as scikit-uplift's; of outcomes 0 and 1 only.
    pub qini_normalised: Option<Estimate>,
    /// [`metrics::auuc`](crate::metrics::auuc), as scikit-uplift's; of outcomes 0 and 1 only.
    pub auuc: Option<Estimate>,
    /// [`metrics::corrected`](crate::metrics::corrected) for propensities, in the unit of the outcome.
    pub corrected: Option<Estimate>,
    /// By doubly robust scores of all rows.
    pub rate: Rate,
    /// Uplift by tenths of the list.
    pub deciles: Vec<Decile>,
    /// Told against observed.
    pub calibration: EffectCalibration,
    /// Points of the Qini curve, a hundred at most.
    pub curve: Vec<CurvePoint>,
}

/// What a policy would have brought.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PolicyReport {
    /// Which.
    pub policy: PolicyKind,
    /// Share of subjects given each arm.
    pub shares: Vec<f64>,
    /// Mean outcome less cost a subject.
    pub value: OffPolicy,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PolicyKind {
    /// Each subject is given this arm.
    All {
        /// The arm.
        arm: String,
    },
    /// The arm of the highest effect less cost, as told to rows kept out.
    Model,
    /// [`EffectReport::policy_tree`], on the half that did not cut it.
    Tree,
}
