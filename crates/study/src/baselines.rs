//! The model beside what anybody could do without it: the base rate, the best single variable, plain logistic regression.
//!
//! All are judged on the same rows as the model, each fitted on the training rows of the model's own folds: the *base rate*
//! says the share of training rows that leave; the *best variable* is chosen on training rows by cross-fitted log-loss and
//! scored by the smoothed share that leaves in each of its bins or levels; *logistic* is ridge logistic regression of strength
//! 1 on all columns, not calibrated. Differences are the model's number minus the baseline's over the same redrawn subjects (paired
//! percentile bootstrap, Efron and Tibshirani 1993).

use std::collections::BTreeMap;

use learn::metrics::{Ranking, auc, average_precision, brier, log_loss};
use learn::{Column, Dataset, Extras, Recipe, fit_recipe};
use rayon::prelude::*;
use serde::Serialize;

use crate::binning::Bins;
use crate::draw::{mix, sample};
use crate::estimate::{Estimate, Redrawn, Subjects};
use crate::split::{Fold, HeldOut};
use crate::{Input, Settings, StudyError};

/// Strength of the ridge of plain logistic regression: as scikit-learn's by default.
const RIDGE: f64 = 1.0;

/// Bins of a number as a rule of one variable.
const BINS: usize = 20;

/// Levels of a category as such a rule.
const LEVELS: usize = 200;

/// Rows' worth of the base rate in each bin.
const SMOOTHING: f64 = 20.0;

/// Rows looked at to choose a variable, at most.
const CHOOSING_ROWS: usize = 20_000;

/// Parts of the subjects for judging a variable on rows that did not make its bins.
const PARTS: u64 = 5;

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

/// Judges the model and the baselines on the same rows.
pub(crate) fn baselines(input: &Input<'_>, held: &HeldOut, settings: &Settings) -> Result<Baselines, StudyError> {
    let dataset = input.dataset;
    let by_fold = held.folds.par_iter().map(|fold| best_variable(dataset, fold, settings.seed));
    let chosen: Vec<(usize, Vec<f64>)> = by_fold.collect();
    let logistic = held.folds.iter().map(|fold| logistic(input, fold)).collect::<Result<Vec<_>, _>>()?.concat();
    let variable = most_chosen(chosen.iter().map(|(column, _)| *column));
    let single: Vec<f64> = chosen.into_iter().flat_map(|(_, scores)| scores).collect();
    let base = vec![base_rate(dataset, held); held.rows.len()];

    let label: Vec<bool> = held.rows.iter().map(|&row| dataset.label[row as usize]).collect();
    let weight: Vec<f64> = held.rows.iter().map(|&row| f64::from(dataset.weight(row))).collect();
    let rankings =
        [&base, &single, &logistic, &held.probability].map(|scores| Ranking::new(scores, &label, Some(&weight)));
    let subjects = held.rows.iter().map(|&row| dataset.subject[row as usize]);
    let subjects = Subjects::new(subjects, settings.draws, mix(settings.seed, 30));
    let redrawn = subjects.redraw(|times| {
        let redrawn = rankings.iter().map(|ranking| ranking.reweighted(|index| times[index as usize]));
        redrawn.flat_map(|ranking| four(&ranking)).collect()
    });
    let kinds = [BaselineKind::BaseRate, BaselineKind::BestVariable, BaselineKind::Logistic, BaselineKind::Final];
    let model = |(index, kind)| Baseline {
        kind,
        variable: (kind == BaselineKind::BestVariable).then(|| dataset.columns[variable].name.clone()),
        auc: redrawn.estimate(index * 4),
        average_precision: redrawn.estimate(index * 4 + 1),
        log_loss: redrawn.estimate(index * 4 + 2),
        brier: redrawn.estimate(index * 4 + 3),
        gains: (kind != BaselineKind::Final).then(|| gains(&redrawn, 12, index * 4)),
    };
    Ok(Baselines {
        rows: label.len(),
        leaving_rows: label.iter().filter(|&&label| label).count(),
        models: kinds.into_iter().enumerate().map(model).collect(),
    })
}

/// What plain logistic regression says of a fold's tested rows.
fn logistic(input: &Input<'_>, fold: &Fold) -> Result<Vec<f64>, StudyError> {
    let model =
        fit_recipe(input.dataset, &fold.train, &Recipe::Ridge { lambda: RIDGE, extras: Extras::None }, input.fit)?;
    let columns: Vec<Column> = input.dataset.columns.iter().map(|column| column.take(&fold.test)).collect();
    Ok(model.predict(&columns)?.into_iter().map(domain::Probability::get).collect())
}

/// AUC, average precision, log-loss, Brier.
fn four(ranking: &Ranking) -> [f64; 4] {
    [auc, average_precision, log_loss, brier].map(|metric| metric(ranking).unwrap_or(f64::NAN))
}

fn gains(redrawn: &Redrawn, model: usize, other: usize) -> Gains {
    let gain = |metric| redrawn.difference(model + metric, other + metric);
    Gains { auc: gain(0), average_precision: gain(1), log_loss: gain(2), brier: gain(3) }
}

/// One share for all rows: shares that differ by fold would tell folds apart.
fn base_rate(dataset: &Dataset, held: &HeldOut) -> f64 {
    let (mut leaving, mut total) = (0.0, 0.0);
    for &row in held.folds.iter().flat_map(|fold| &fold.train) {
        let weight = f64::from(dataset.weight(row));
        total += weight;
        leaving += if dataset.label[row as usize] { weight } else { 0.0 };
    }
    leaving / total
}

/// The variable with the lowest cross-fitted log-loss on training rows, and what it says of the tested ones.
fn best_variable(dataset: &Dataset, fold: &Fold, seed: u64) -> (usize, Vec<f64>) {
    let rows = sample(&fold.train, CHOOSING_ROWS, mix(seed, 31));
    let losses: Vec<f64> =
        dataset.columns.par_iter().map(|column| cross_fitted_loss(dataset, column, &rows, seed)).collect();
    let best = (0..losses.len()).min_by(|&a, &b| losses[a].total_cmp(&losses[b])).unwrap_or(0);
    let rule = Rule::fit(dataset, &dataset.columns[best], &fold.train);
    (best, rule.scores(&dataset.columns[best], &fold.test))
}

fn cross_fitted_loss(dataset: &Dataset, column: &Column, rows: &[u32], seed: u64) -> f64 {
    let part = |row: u32| mix(mix(seed, 32), u64::from(dataset.subject[row as usize])) % PARTS;
    let mut loss = 0.0;
    for left_out in 0..PARTS {
        let (tested, others): (Vec<u32>, Vec<u32>) = rows.iter().partition(|&&row| part(row) == left_out);
        let rule = Rule::fit(dataset, column, &others);
        for (&row, score) in tested.iter().zip(rule.scores(column, &tested)) {
            let happened = if dataset.label[row as usize] { score } else { 1.0 - score };
            loss -= f64::from(dataset.weight(row)) * happened.max(1e-15).ln();
        }
    }
    loss
}

/// The smoothed share that leaves in each bin of a variable.
struct Rule {
    bins: Bins,
    shares: Vec<f64>,
}

impl Rule {
    fn fit(dataset: &Dataset, column: &Column, rows: &[u32]) -> Self {
        let most = if column.kind() == "number" { BINS } else { LEVELS };
        let bins = Bins::learn(column, rows, most);
        let mut sums = vec![(0.0, 0.0); bins.count()];
        for (&row, bin) in rows.iter().zip(bins.bins(column, rows.iter().copied())) {
            let weight = f64::from(dataset.weight(row));
            sums[bin].0 += weight;
            sums[bin].1 += if dataset.label[row as usize] { weight } else { 0.0 };
        }
        let (total, leaving) = sums.iter().fold((0.0, 0.0), |all, bin| (all.0 + bin.0, all.1 + bin.1));
        // Half a row on each side keeps the share of training rows of one class away from 0 and 1.
        let prior = (leaving + 0.5) / (total + 1.0);
        let shares = sums.iter().map(|(n, left)| (left + prior * SMOOTHING) / (n + SMOOTHING)).collect();
        Self { bins, shares }
    }

    fn scores(&self, column: &Column, rows: &[u32]) -> Vec<f64> {
        self.bins.bins(column, rows.iter().copied()).into_iter().map(|bin| self.shares[bin]).collect()
    }
}

fn most_chosen(columns: impl Iterator<Item = usize>) -> usize {
    let mut times: BTreeMap<usize, usize> = BTreeMap::new();
    for column in columns {
        *times.entry(column).or_default() += 1;
    }
    let most = times.into_iter().max_by_key(|&(column, times)| (times, std::cmp::Reverse(column)));
    most.map_or(0, |(column, _)| column)
}
