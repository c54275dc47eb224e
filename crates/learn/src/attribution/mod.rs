//! Why a score is what it is: each column's part of the log-odds, adding up exactly.
//!
//! Trees are attributed by Shapley values of the tree's conditional expectation ([`tree_paths`]), linear members by
//! `weight * (x - mean)`. Both are exact, and so is their weighted sum. The features that a category became are added, so
//! that the reader sees columns.

mod tree_paths;

use rayon::prelude::*;

use self::tree_paths::Paths;
use crate::model::{Learner, Model};

/// Rows handled together, so that a tree's tables stay in cache while it is used.
const BLOCK: usize = 64;

/// Parts of each row's log-odds.
#[derive(Clone, Debug, PartialEq)]
pub struct Attributions {
    /// Names of the input columns, in the model's order.
    pub columns: Vec<String>,
    /// Log-odds before anything is known of the row.
    pub base: f64,
    /// The calibrated log-odds that each row adds up to.
    pub log_odds: Vec<f64>,
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

pub(crate) fn attribute(model: &Model, features: &[&[f32]], rows: usize, log_odds: Vec<f64>) -> Attributions {
    let feature_columns = model.encoder.feature_columns();
    let columns: Vec<String> = model.encoder.columns.iter().map(|column| column.name.clone()).collect();
    let width = columns.len();
    let mut base = model.calibration.intercept;
    let mut values = vec![0.0; rows * width];
    for member in &model.members {
        let scale = model.calibration.slope * member.weight;
        match &member.learner {
            Learner::Linear(linear) => {
                base += scale * linear.intercept;
                for term in &linear.terms {
                    let (feature, column) = (features[term.feature as usize], feature_columns[term.feature as usize]);
                    for (row, &value) in values.chunks_mut(width).zip(feature) {
                        row[column] += scale * term.value(value);
                    }
                }
            }
            Learner::Trees(ensemble) => {
                base += scale * (ensemble.base + ensemble.trees.iter().map(|tree| tree.expected()).sum::<f64>());
                let paths: Vec<Paths> = ensemble.trees.par_iter().map(|tree| Paths::new(tree, scale, rows)).collect();
                values.par_chunks_mut(BLOCK * width).enumerate().for_each(|(block, values)| {
                    attribute_block(&paths, features, &feature_columns, block * BLOCK, values, width);
                });
            }
        }
    }
    Attributions { columns, base, log_odds, values }
}

fn attribute_block(
    paths: &[Paths],
    features: &[&[f32]],
    feature_columns: &[usize],
    first: usize,
    values: &mut [f64],
    width: usize,
) {
    let rows = values.len() / width;
    let mut by_row = vec![0.0f32; rows * features.len()];
    for (index, feature) in features.iter().enumerate() {
        for row in 0..rows {
            // Not-a-number passes through: it is how a missing value is known.
            by_row[row * features.len() + index] = feature[first + row].clamp(f32::MIN, f32::MAX);
        }
    }
    let mut by_feature = vec![0.0; rows * features.len()];
    let mut scratch = Vec::new();
    for paths in paths {
        for (row, sums) in by_row.chunks(features.len()).zip(by_feature.chunks_mut(features.len())) {
            paths.add(row, sums, &mut scratch);
        }
    }
    for (values, sums) in values.chunks_mut(width).zip(by_feature.chunks(features.len())) {
        for (&column, sum) in feature_columns.iter().zip(sums) {
            values[column] += sum;
        }
    }
}
