//! What the model is for and what it is not for.

use domain::Day;

use super::scores::MapKind;
use crate::input::Estimate;

/// Facts about the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// What it was learned from.
    pub data: CardData,
    /// What it is.
    pub model: CardModel,
    /// How good it is on kept-apart rows.
    pub quality: CardQuality,
    /// Where to be careful, the gravest first.
    pub limits: Vec<Limit>,
    /// How it does on parts of the rows, the weakest first.
    pub subgroups: Vec<Subgroup>,
    /// What it is for.
    pub intended: Vec<Use>,
    /// What it is not for.
    pub not_intended: Vec<NotIntended>,
}

/// What a model was learned from.
#[derive(Clone, Debug, PartialEq)]
pub struct CardData {
    /// Rows.
    pub rows: usize,
    /// Distinct subjects.
    pub subjects: usize,
    /// Rows that leave.
    pub leaving_rows: usize,
    /// Subjects that leave.
    pub leavers: usize,
    /// Share of rows that leave.
    pub base_rate: f64,
    /// Columns that are numbers.
    pub numbers: usize,
    /// Columns that are categories.
    pub categories: usize,
    /// Cells without a value, as a share of all.
    pub missing_share: f64,
    /// Distinct cutoffs.
    pub cutoffs: usize,
    /// First and last cutoff; nothing where the table has one cutoff only.
    pub period: Option<(Day, Day)>,
    /// Days after a cutoff by which leaving is settled.
    pub reach_days: i32,
}

/// What a model is.
#[derive(Clone, Debug, PartialEq)]
pub struct CardModel {
    /// Its kind.
    pub kind: ModelKind,
    /// What it is, with its settings, as the program writes it.
    pub recipe: String,
    /// Trees in it.
    pub trees: usize,
    /// Columns that move its scores.
    pub columns_used: usize,
    /// The map from scores to probabilities.
    pub map: MapKind,
    /// Models that were tried.
    pub tried: usize,
    /// The seed of all draws.
    pub seed: u64,
}

/// A kind of model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// Expert weights.
    Prior,
    /// Regularised logistic regression.
    Logistic,
    /// Boosted trees.
    Boosted,
    /// Boosted trees and logistic regression together.
    Blend,
}

/// How good a model is; nothing where a number is not defined for these rows.
#[derive(Clone, Debug, PartialEq)]
pub struct CardQuality {
    /// How it was tested.
    pub scheme: Scheme,
    /// Rows judged.
    pub rows: usize,
    /// Area under the ROC curve.
    pub auc: Option<Estimate>,
    /// Average precision.
    pub average_precision: Option<Estimate>,
    /// Log-loss.
    pub log_loss: Option<Estimate>,
    /// Log-loss of the base rate.
    pub base_log_loss: f64,
    /// Brier score.
    pub brier: Option<Estimate>,
    /// Expected calibration error.
    pub calibration_error: Estimate,
    /// How many times as many leave among the first tenth as in a random list.
    pub lift_at_10_percent: Option<Estimate>,
}

/// How a model was tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Later cutoffs test models fitted on earlier ones.
    Forward,
    /// Other subjects test models.
    Grouped,
}

/// A fact that limits what the model may be used for.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    /// Fewer than 300 subjects leave.
    FewLeavers {
        /// How many do.
        leavers: usize,
    },
    /// The order of scores is hardly better than chance: the lower end of AUC is below 0.6.
    WeakOrder {
        /// Area under the ROC curve.
        auc: Estimate,
    },
    /// AUC is above 0.95: perhaps a column knows the future.
    TooGood {
        /// Area under the ROC curve.
        auc: Estimate,
        /// The variable with the largest attribution.
        variable: String,
    },
    /// No better than plain logistic regression: the interval of the difference in log-loss holds 0.
    NoBetterThanLogistic {
        /// Log-loss minus that of logistic regression.
        log_loss_gain: Estimate,
    },
    /// One variable makes more than half of all attributions.
    OneVariable {
        /// Which.
        variable: String,
        /// Its share.
        share: f64,
    },
    /// Probabilities are off by more than chance explains.
    Miscalibrated {
        /// Expected calibration error.
        error: f64,
        /// What it would be if every probability were right.
        error_if_perfect: f64,
    },
    /// Many variables are mostly missing.
    MuchMissing {
        /// Variables with more than half of their values missing.
        variables: usize,
        /// Of how many.
        of: usize,
    },
    /// Columns of which nearly every row has its own level.
    KeyLike {
        /// Which.
        variables: Vec<String>,
    },
    /// The data have no time, so that nothing is known of how the model ages.
    NoTime,
    /// History is too short to test forward in time.
    NotTestedForward,
    /// Rows come from a changed population: variables with a PSI above 0.25.
    Drift {
        /// The most shifted first, 10 at most.
        variables: Vec<String>,
        /// AUC of telling the sets apart.
        domain_auc: Estimate,
    },
    /// A part of the rows is ordered surely worse than all of them.
    WeakSubgroup {
        /// The variable that makes the part.
        variable: String,
        /// Its level or range; nothing where the value is missing.
        level: Option<String>,
        /// Area under the ROC curve in it.
        auc: Estimate,
        /// That of all rows.
        auc_of_all: f64,
    },
    /// More rows would surely help.
    MoreRowsHelp {
        /// AUC with all training subjects minus that with 40% of them.
        auc_gain: Estimate,
    },
}

/// Rows of one level of a variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Subgroup {
    /// The variable.
    pub variable: String,
    /// Its level, for numbers a range in the reader's way of writing; nothing where the value is missing.
    pub level: Option<String>,
    /// Kept-apart rows.
    pub rows: usize,
    /// Those that left.
    pub leaving_rows: usize,
    /// Area under the ROC curve.
    pub auc: Estimate,
    /// Mean probability said.
    pub mean_said: f64,
    /// Share that left, with Wilson's interval.
    pub happened: Estimate,
}

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// To decide who is looked at first by a person.
    RankForContact,
    /// To expect how many will leave; where it is calibrated.
    ExpectNumbers,
    /// To see what goes with leaving.
    SeeWhatGoesWithLeaving,
}

/// What a model is not for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotIntended {
    /// To decide about a subject without a person.
    DecideAlone,
    /// To say what would happen if a variable were changed: attributions are no causes.
    CausesOfLeaving,
    /// To say whom a contact would keep: risk is not effect.
    EffectOfContact,
    /// For another population, product or period than the data's.
    OtherPopulation,
    /// To deny or worsen anybody's service or price.
    WorsenService,
}
