//! A model card (Mitchell et al. 2019): what the model is for, what it was learned from, how good it is, where it fails, as
//! typed facts; whoever shows them finds the words.

mod limits;
mod subgroups;

use learn::{Extras, Learner, Recipe, Scheme, Tier, Values};
use serde::Serialize;

use crate::calibration::MapKind;
use crate::estimate::Estimate;
use crate::split::HeldOut;
use crate::{Baseline, BaselineKind, Parts, Settings};

/// Facts about the model.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// First cutoff, in days from 1970-01-01; means nothing where the table has no time.
    pub first_day: i32,
    /// Last cutoff.
    pub last_day: i32,
    /// Whether the table has more than one cutoff.
    pub has_time: bool,
    /// Days after a cutoff by which leaving is settled.
    pub reach_days: i32,
}

/// What a model is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CardModel {
    /// Its kind.
    pub tier: ModelKind,
    /// What it is, with its settings.
    pub recipe: ModelRecipe,
    /// Trees in it.
    pub trees: usize,
    /// Columns that move its scores, in the rows attributed.
    pub columns_used: usize,
    /// The map from scores to probabilities.
    pub map: MapKind,
    /// Models that were tried.
    pub tried: usize,
    /// The seed of all draws.
    pub seed: u64,
}

/// A kind of model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelKind {
    /// Expert weights.
    Prior,
    /// Regularised logistic regression.
    Logistic,
    /// Boosted trees.
    Boosted,
    /// Both, averaged.
    Blend,
}

/// What a model is made of.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ModelRecipe {
    /// Expert weights.
    Prior,
    /// Regularised logistic regression.
    Logistic {
        /// The ridge's strength.
        ridge: f64,
        /// What it knows of columns.
        extras: RecipeExtras,
    },
    /// Boosted trees.
    Boosted {
        /// Leaves of a tree, at most.
        leaves: usize,
        /// Trees of a chain.
        rounds: usize,
        /// What it knows of columns.
        extras: RecipeExtras,
    },
    /// A weighted mean of log-odds.
    Mean {
        /// Weights, which add up to 1, and what they are of.
        parts: Vec<(f64, ModelRecipe)>,
    },
}

/// What a model knows of columns beyond their values; each holds what those before it hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecipeExtras {
    /// Nothing.
    None,
    /// Values of numbers that repeat, as levels.
    Values,
    /// Levels of several categories together, too.
    Pairs,
}

impl From<&Recipe> for ModelRecipe {
    fn from(recipe: &Recipe) -> Self {
        match recipe {
            Recipe::Prior => Self::Prior,
            Recipe::Ridge { lambda, extras } => Self::Logistic { ridge: *lambda, extras: (*extras).into() },
            Recipe::Boosted { settings, extras, rounds } => {
                Self::Boosted { leaves: settings.leaves, rounds: *rounds, extras: (*extras).into() }
            }
            Recipe::Mean(parts) => {
                Self::Mean { parts: parts.iter().map(|(weight, part)| (*weight, part.into())).collect() }
            }
        }
    }
}

impl From<Extras> for RecipeExtras {
    fn from(extras: Extras) -> Self {
        match extras {
            Extras::None => Self::None,
            Extras::Repeated => Self::Values,
            Extras::Crossed => Self::Pairs,
        }
    }
}

/// How a model was tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tested {
    /// Later cutoffs test models fitted on earlier ones.
    Forward,
    /// Other subjects test models.
    Grouped,
}

/// How good a model is; nothing where a number is not defined for these rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CardQuality {
    /// How it was tested.
    pub scheme: Tested,
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

/// A fact that limits what the model may be used for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
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
    /// The other file lacks columns that the model learned from, or has them as another type.
    LostColumns {
        /// Which.
        variables: Vec<String>,
    },
    /// Columns that are nearly all empty in the other set and were not before.
    EmptiedColumns {
        /// Which.
        variables: Vec<String>,
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
    /// A level of a category is ordered surely worse than all rows.
    WeakSubgroup {
        /// The variable that makes the part.
        variable: String,
        /// Which part of it.
        slice: Slice,
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

/// A part of the rows, by the values of one variable.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Slice {
    /// A level of a category.
    Level {
        /// Its name.
        name: String,
    },
    /// A range of a number.
    Numbers {
        /// Above this; from the least on where there is nothing.
        above: Option<f64>,
        /// Up to and with this.
        up_to: Option<f64>,
    },
    /// A range of a date, in days from 1970-01-01.
    Days {
        /// After this day.
        after: Option<i32>,
        /// Up to and with this.
        until: Option<i32>,
    },
    /// Rows without a value.
    Missing,
}

/// Rows of one level of a variable.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Subgroup {
    /// The variable.
    pub variable: String,
    /// Which part of it.
    pub slice: Slice,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Use {
    /// To decide who is looked at first by a person.
    RankForContact,
    /// To expect how many will leave; where it is calibrated.
    ExpectNumbers,
    /// To see what goes with leaving.
    SeeWhatGoesWithLeaving,
}

/// What a model is not for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
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

/// Writes the card from the other sections.
pub(crate) fn card(parts: &Parts<'_>, held: &HeldOut, order: &[String], settings: &Settings) -> Card {
    let input = parts.input;
    let (dataset, model, evaluation) = (input.dataset, input.model, input.evaluation);
    let subgroups = subgroups::subgroups(input, held, order, settings);
    let (leavers, _) = dataset.leavers_and_stayers();
    let leaving_rows = dataset.label.iter().filter(|&&label| label).count();
    let is_number = |column: &&learn::Column| matches!(column.values, Values::Number(_));
    let numbers = dataset.columns.iter().filter(is_number).count();
    let missing = parts.variables.variables.iter().map(|variable| variable.missing.share);
    let days = || dataset.cutoff.iter().map(|cutoff| cutoff.0.0);
    let (first_day, last_day) = (days().min().unwrap_or_default(), days().max().unwrap_or_default());
    let trees = model.members.iter().map(|member| match &member.learner {
        Learner::Trees(ensemble) => ensemble.trees.len(),
        Learner::Linear(_) => 0,
    });
    let candidate = &evaluation.candidates[evaluation.chosen];
    let tenth = parts.top.shares.iter().find(|top| top.share == 0.1);
    let final_model = parts.baselines.models.iter().find(|model| model.kind == BaselineKind::Final);
    // NaN, which says inside the study that a number is not there, would be null in JSON that promises a number.
    let there = |estimate: &Estimate| estimate.value.is_finite();
    let of_model = |number: fn(&Baseline) -> Estimate| final_model.map(number).filter(there);
    let limits = limits::limits(parts, &subgroups, leavers);
    Card {
        data: CardData {
            rows: dataset.rows(),
            subjects: model.training.subjects,
            leaving_rows,
            leavers,
            base_rate: leaving_rows as f64 / dataset.rows() as f64,
            numbers,
            categories: dataset.columns.len() - numbers,
            missing_share: missing.sum::<f64>() / dataset.columns.len().max(1) as f64,
            cutoffs: model.training.cutoffs,
            first_day,
            last_day,
            has_time: first_day < last_day,
            reach_days: model.training.reach_days,
        },
        model: CardModel {
            tier: match evaluation.tier {
                Tier::Prior => ModelKind::Prior,
                Tier::Logistic => ModelKind::Logistic,
                Tier::Boosted => ModelKind::Boosted,
                Tier::Blend => ModelKind::Blend,
            },
            recipe: (&candidate.recipe).into(),
            trees: trees.sum(),
            columns_used: parts.importance.variables.iter().filter(|v| v.attribution.value > 0.0).count(),
            map: model.calibration.map.kind().into(),
            tried: evaluation.candidates.len(),
            seed: model.training.seed,
        },
        quality: CardQuality {
            scheme: match evaluation.scheme {
                Scheme::Forward => Tested::Forward,
                Scheme::Grouped(_) => Tested::Grouped,
            },
            rows: held.rows.len(),
            auc: of_model(|model| model.auc),
            average_precision: of_model(|model| model.average_precision),
            log_loss: of_model(|model| model.log_loss),
            base_log_loss: evaluation.base_log_loss,
            brier: of_model(|model| model.brier),
            calibration_error: parts.calibration.error,
            lift_at_10_percent: tenth.map(|top| top.lift).filter(there),
        },
        intended: intended(&limits),
        limits,
        subgroups,
        not_intended: vec![
            NotIntended::DecideAlone,
            NotIntended::CausesOfLeaving,
            NotIntended::EffectOfContact,
            NotIntended::OtherPopulation,
            NotIntended::WorsenService,
        ],
    }
}

/// Numbers may be expected of probabilities that are right only.
fn intended(limits: &[Limit]) -> Vec<Use> {
    let mut uses = vec![Use::RankForContact];
    if !limits.iter().any(|limit| matches!(limit, Limit::Miscalibrated { .. })) {
        uses.push(Use::ExpectNumbers);
    }
    uses.push(Use::SeeWhatGoesWithLeaving);
    uses
}
