//! How well a model does on rows it did not see, and how it came to be chosen.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::boost::BoostSettings;
use crate::calibrate::MapResult;
use crate::data::Dataset;
use crate::encode::Extras;
use crate::folds::{Fold, Scheme};
use crate::metrics::{
    Measured, Ranking, ReliabilityBin, Top, auc, average_precision, bootstrap, brier, brier_skill, calibration_error,
    log_loss, reliability, top,
};

/// Shares of the list that [`Evaluation::top`] looks at.
const TOP_SHARES: [f64; 5] = [0.01, 0.05, 0.1, 0.2, 0.3];

/// Everything a reader needs to judge a model. All of it is of rows that neither fitted, chose nor calibrated what scored
/// them: each forward block is scored by what the blocks whose outcomes were settled before it would have chosen
/// (prequential, Dawid 1984), each group of subjects by what the other groups would. A group's own rows only help to say
/// when its trees stop growing, after their best.
///
/// The results of the [candidates](Self::candidates) are of the rows that chose among them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// How rows were kept apart.
    pub scheme: Scheme,
    /// The judged folds, each with its rows and result. The first forward blocks only choose and are not among them.
    pub folds: Vec<FoldSummary>,
    /// What was tried, in the order of trying.
    pub candidates: Vec<Candidate>,
    /// Which of the candidates was taken.
    pub chosen: usize,
    /// What kind of model that is.
    pub tier: Tier,
    /// Why it was taken.
    pub why: Why,
    /// Distinct subjects that leave, in all rows.
    pub leavers: usize,
    /// Share of tested rows that leave.
    pub base_rate: f64,
    /// Log-loss of saying the base rate of all.
    pub base_log_loss: f64,
    /// Area under the receiver operating characteristic.
    pub auc: Measured,
    /// Average precision, the area under the precision-recall curve.
    pub average_precision: Measured,
    /// Log-loss.
    pub log_loss: Measured,
    /// Brier score.
    pub brier: Measured,
    /// Brier score against that of the base rate.
    pub brier_skill: Measured,
    /// Expected calibration error, ten bins of equal weight.
    pub calibration_error: Measured,
    /// What was said against what happened, ten bins of equal weight.
    pub reliability: Vec<ReliabilityBin>,
    /// The head of the list at 1, 5, 10, 20 and 30 percent.
    pub top: Vec<Top>,
    /// Mean absolute attribution of each column, largest first.
    pub importance: Vec<Importance>,
    /// Maps from margins to probabilities that were tried for the chosen candidate.
    pub maps: Vec<MapResult>,
    /// Tested rows in the order of the folds, those of the first forward blocks too.
    pub held_out: Vec<HeldOut>,
}

/// A fold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoldSummary {
    /// Rows fitted on.
    pub train_rows: usize,
    /// Those of them that leave.
    pub train_leaving_rows: usize,
    /// Rows tested.
    pub test_rows: usize,
    /// Those of them that leave.
    pub test_leaving_rows: usize,
    /// First tested cutoff, in days from 1970-01-01.
    pub first_test_day: i32,
    /// Last tested cutoff, in days from 1970-01-01.
    pub last_test_day: i32,
    /// AUC in this fold of what the others chose; nothing where one class is missing.
    pub auc: Option<f64>,
    /// Log-loss in this fold of what the others chose.
    pub log_loss: Option<f64>,
}

/// A kind of model with its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Recipe {
    /// The kit's prior model, level and strength fitted.
    Prior,
    /// Ridge logistic regression.
    Ridge {
        /// The ridge's strength.
        lambda: f64,
        /// What it knows of columns.
        extras: Extras,
    },
    /// Boosted trees.
    Boosted {
        /// How they are grown.
        settings: BoostSettings,
        /// What they know of columns.
        extras: Extras,
        /// Rounds that did best, with the folds' smaller training sets.
        rounds: usize,
    },
    /// The mean of the margins of several, each with its weight; weights sum to 1.
    Mean(Vec<(f64, Recipe)>),
}

/// A model that was tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// What it is.
    pub recipe: Recipe,
    /// Its result on all tested rows; nothing where it fell out after one fold.
    pub result: Option<CandidateResult>,
}

/// How a candidate did on all tested rows, calibrated.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateResult {
    /// Log-loss.
    pub log_loss: f64,
    /// Standard error of its log-loss minus the best candidate's, by subjects; 0 for the best.
    pub gap_error: f64,
    /// AUC.
    pub auc: f64,
}

/// What kind of model was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tier {
    /// The kit's experience.
    Prior,
    /// A regularised logistic model.
    Logistic,
    /// Boosted trees.
    Boosted,
    /// Both, averaged.
    Blend,
}

/// Why a candidate was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// It has the lowest log-loss on rows kept apart.
    LowestLogLoss,
    /// There are few leavers, and it is the simplest within one standard error of the lowest log-loss.
    SimplestWithinOneError,
}

/// How much a column matters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The column.
    pub column: String,
    /// Mean absolute log-odds that it adds.
    pub mean_absolute: f64,
}

/// A tested row.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// The row of the dataset.
    pub row: u32,
    /// Its calibrated score by a model that did not see it.
    pub probability: f64,
    /// Whether quality is measured on it: not where it had a say in what scored it.
    pub judged: bool,
}

impl Recipe {
    /// The kind of model.
    pub fn tier(&self) -> Tier {
        match self {
            Self::Prior => Tier::Prior,
            Self::Ridge { .. } => Tier::Logistic,
            Self::Boosted { .. } => Tier::Boosted,
            Self::Mean(_) => Tier::Blend,
        }
    }

    /// What any part of it knows of columns.
    pub(crate) fn extras(&self) -> Extras {
        match self {
            Self::Prior => Extras::None,
            Self::Ridge { extras, .. } | Self::Boosted { extras, .. } => *extras,
            Self::Mean(parts) => parts.iter().map(|(_, part)| part.extras()).max().unwrap_or(Extras::None),
        }
    }
}

impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prior => write!(f, "the kit's prior model"),
            Self::Ridge { lambda, extras } => write!(f, "logistic, ridge {lambda}{extras}"),
            Self::Boosted { settings, extras, rounds } => {
                write!(f, "boosted, {} leaves, {rounds} rounds{extras}", settings.leaves)
            }
            Self::Mean(parts) => {
                f.write_str("mean of")?;
                for (index, (weight, part)) in parts.iter().enumerate() {
                    write!(f, "{} {:.0}% ({part})", if index == 0 { "" } else { " and" }, weight * 100.0)?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LowestLogLoss => "it has the lowest log-loss on rows kept apart",
            Self::SimplestWithinOneError => {
                "leavers are few, and it is the simplest within one standard error of the lowest log-loss"
            }
        })
    }
}

/// The choice that an evaluation reports on.
pub(crate) struct Chosen {
    pub(crate) scheme: Scheme,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) index: usize,
    pub(crate) why: Why,
    pub(crate) maps: Vec<MapResult>,
}

/// Measures the scores of the judged folds.
pub(crate) fn evaluate(
    dataset: &Dataset,
    folds: &[Fold],
    held_out: Vec<Vec<HeldOut>>,
    chosen: Chosen,
    importance: Vec<Importance>,
    draws: usize,
    seed: u64,
) -> Evaluation {
    let judged = || held_out.iter().flatten().filter(|row| row.judged);
    let rows: Vec<u32> = judged().map(|row| row.row).collect();
    let probability: Vec<f64> = judged().map(|row| row.probability).collect();
    let ranking = ranking(dataset, &rows, &probability);
    let subject: Vec<u32> = rows.iter().map(|&row| dataset.subject[row as usize]).collect();
    let metrics = [auc, average_precision, log_loss, brier, brier_skill, calibration_error];
    let [auc, average_precision, log_loss, brier, brier_skill, calibration_error] =
        bootstrap(&ranking, &subject, draws, seed, metrics)
            .map(|measured| measured.expect("folds test rows of both classes, see `folds`"));
    let (total, leaving) = ranking.totals();
    let base_rate = leaving / total;
    Evaluation {
        scheme: chosen.scheme,
        folds: summaries(dataset, folds, &held_out),
        tier: chosen.candidates[chosen.index].recipe.tier(),
        candidates: chosen.candidates,
        chosen: chosen.index,
        why: chosen.why,
        leavers: dataset.leavers_and_stayers().0,
        base_rate,
        base_log_loss: -base_rate * base_rate.ln() - (1.0 - base_rate) * (1.0 - base_rate).ln(),
        auc,
        average_precision,
        log_loss,
        brier,
        brier_skill,
        calibration_error,
        reliability: reliability(&ranking, 10),
        top: TOP_SHARES.iter().filter_map(|&share| top(&ranking, share)).collect(),
        importance,
        maps: chosen.maps,
        held_out: held_out.into_iter().flatten().collect(),
    }
}

pub(crate) fn ranking(dataset: &Dataset, rows: &[u32], probability: &[f64]) -> Ranking {
    let label: Vec<bool> = rows.iter().map(|&row| dataset.label[row as usize]).collect();
    let weight: Vec<f64> = rows.iter().map(|&row| f64::from(dataset.weight(row))).collect();
    Ranking::new(probability, &label, Some(&weight))
}

fn summaries(dataset: &Dataset, folds: &[Fold], held_out: &[Vec<HeldOut>]) -> Vec<FoldSummary> {
    let mut summaries = Vec::new();
    for (fold, scored) in folds.iter().zip(held_out) {
        if !scored.iter().all(|row| row.judged) {
            continue;
        }
        let probability: Vec<f64> = scored.iter().map(|row| row.probability).collect();
        let ranking = ranking(dataset, &fold.test, &probability);
        let leaving = |rows: &[u32]| rows.iter().filter(|&&row| dataset.label[row as usize]).count();
        let days = || fold.test.iter().map(|&row| dataset.cutoff[row as usize].0.0);
        summaries.push(FoldSummary {
            train_rows: fold.train.len(),
            train_leaving_rows: leaving(&fold.train),
            test_rows: fold.test.len(),
            test_leaving_rows: leaving(&fold.test),
            first_test_day: days().min().unwrap_or_default(),
            last_test_day: days().max().unwrap_or_default(),
            auc: auc(&ranking),
            log_loss: log_loss(&ranking),
        });
    }
    summaries
}
