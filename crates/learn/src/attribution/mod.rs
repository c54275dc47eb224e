//! Why a score is what it is: each column's part of the log-odds, adding up exactly.
//!
//! Trees are attributed by Shapley values of the tree's conditional expectation ([`tree_paths`]), linear members by
//! `weight * (x - mean)`. Both are exact, and so is their weighted sum. The features that a column became are added, so
//! that the reader sees columns. What a cross of categories adds is divided among them in equal parts: that adds up as
//! well, but is a convention, not a Shapley value of the columns.

pub(crate) mod interactions;
mod interventional;
mod quadrature;
mod tree_paths;
mod trees;

pub use self::interactions::Interactions;
pub use self::trees::Contributions;
use self::trees::{add_trees, check_sum};
use crate::encode::Encoder;
use crate::error::PredictError;
use crate::linear::Linear;
use crate::model::{Learner, Model};

/// Parts of each row's log-odds.
#[derive(Clone, Debug, PartialEq)]
pub struct Attributions {
    /// Names of the input columns, in the model's order.
    pub columns: Vec<String>,
    /// Log-odds before anything is known of the row.
    pub base: f64,
    /// The calibrated log-odds that each row adds up to.
    pub log_odds: Vec<f64>,
    /// The ends of the Venn-Abers interval of each row's probability.
    pub intervals: Vec<[f64; 2]>,
    /// Row after row, one value a column.
    values: Vec<f64>,
}

impl Attributions {
    /// What each column adds to the row's log-odds.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns.len()..][..self.columns.len()]
    }

    /// The largest gap between a row's log-odds and what its parts add up to: rounding only, below `1e-9`.
    pub fn max_error(&self) -> f64 {
        let gap = |(row, log_odds): (usize, &f64)| (self.base + self.row(row).iter().sum::<f64>() - log_odds).abs();
        self.log_odds.iter().enumerate().map(gap).fold(0.0, f64::max)
    }

    /// Mean absolute part of each column.
    pub fn mean_absolute(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.columns.len()];
        for row in self.values.chunks(self.columns.len().max(1)) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value.abs();
            }
        }
        let rows = self.log_odds.len().max(1) as f64;
        sums.into_iter().map(|sum| sum / rows).collect()
    }
}

/// Rows that others are explained against, as features.
pub(crate) struct Background<'a> {
    /// Feature-major.
    pub(crate) features: &'a [&'a [f32]],
    /// At least one.
    pub(crate) rows: usize,
}

/// Parts of rows' log-odds, given their margins: against the training rows, or against a background.
///
/// Parts of the margin are exact; the calibration stretches those of a row alike, so that they add up to the log-odds.
pub(crate) fn attribute(
    model: &Model,
    features: &[&[f32]],
    margins: &[f64],
    background: Option<&Background<'_>>,
) -> Result<Attributions, PredictError> {
    let feature_columns = model.encoder.feature_columns();
    let width = model.encoder.columns.len();
    let mut base = 0.0;
    let mut values = vec![0.0; margins.len() * width];
    for member in &model.members {
        let scale = member.weight;
        match &member.learner {
            Learner::Linear(linear) => {
                base += scale * linear.intercept;
                base += add_linear(linear, scale, features, &feature_columns, background, &mut values, width);
            }
            Learner::Trees(ensemble) => match background {
                None => {
                    base += scale * ensemble.expected();
                    add_trees(&ensemble.trees, scale, features, &feature_columns, &mut values, width);
                }
                Some(Background { features: others, rows }) => {
                    let parts = ensemble.interventional(features, margins.len(), others, *rows)?;
                    base += scale * parts.base;
                    for (row, values) in values.chunks_mut(width.max(1)).enumerate() {
                        for (part, &column) in parts.row(row).iter().zip(&feature_columns) {
                            values[column] += scale * part;
                        }
                    }
                }
            },
        }
    }
    let map = &model.calibration.map;
    for (row, &margin) in values.chunks_mut(width.max(1)).zip(margins) {
        let stretch = map.stretch(base, margin);
        row.iter_mut().for_each(|part| *part *= stretch);
    }
    let base = map.log_odds(base);
    let (columns, values) = share_crosses(&model.encoder, values);
    let log_odds = margins.iter().map(|&margin| map.log_odds(margin)).collect();
    let intervals = margins.iter().map(|&margin| model.calibration.interval(margin)).collect();
    let attributions = Attributions { columns, base, log_odds, intervals, values };
    for (row, &log_odds) in attributions.log_odds.iter().enumerate() {
        check_sum(row, base + attributions.row(row).iter().sum::<f64>(), log_odds)?;
    }
    Ok(attributions)
}

/// Gives each category of a cross an equal part of what the cross adds, so that the reader sees the table's columns.
fn share_crosses(encoder: &Encoder, values: Vec<f64>) -> (Vec<String>, Vec<f64>) {
    let columns: Vec<String> = encoder.inputs().map(|column| column.name.clone()).collect();
    let width = encoder.columns.len();
    if columns.len() == width {
        return (columns, values);
    }
    let members = encoder.members();
    let mut shared = vec![0.0; values.len() / width * columns.len()];
    for (row, shared) in values.chunks(width).zip(shared.chunks_mut(columns.len())) {
        for (part, members) in row.iter().zip(&members) {
            members.iter().for_each(|&member| shared[member] += part / members.len() as f64);
        }
    }
    (columns, shared)
}

/// Adds the terms' values; gives what the background's terms are on average, which went into the base.
fn add_linear(
    linear: &Linear,
    scale: f64,
    features: &[&[f32]],
    feature_columns: &[usize],
    background: Option<&Background<'_>>,
    values: &mut [f64],
    width: usize,
) -> f64 {
    let mut base = 0.0;
    for term in &linear.terms {
        let (feature, column) = (features[term.feature as usize], feature_columns[term.feature as usize]);
        let of_others = background.map_or(0.0, |others| {
            let values = &others.features[term.feature as usize][..others.rows];
            values.iter().map(|&value| term.value(value)).sum::<f64>() / others.rows as f64
        });
        base += scale * of_others;
        for (row, &value) in values.chunks_mut(width).zip(feature) {
            row[column] += scale * (term.value(value) - of_others);
        }
    }
    base
}
