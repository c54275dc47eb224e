//! Why a score is what it is: each column's part of the log-odds, adding up exactly.
//!
//! Trees are attributed by Shapley values of the tree's conditional expectation ([`tree_paths`]), linear members by
//! `weight * (x - mean)`. Both are exact, and so is their weighted sum. The features that a category became are added, so
//! that the reader sees columns.

mod tree_paths;

use rayon::prelude::*;

use self::tree_paths::Paths;
use crate::boost::Tree;
use crate::linear::Linear;
use crate::model::{Learner, Model};

/// Rows that share the tables of a few trees.
const BLOCK: usize = 1 << 14;

/// Trees whose tables are held at once.
const TREES: usize = 16;

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
    let mut base = model.calibration.intercept;
    let mut values = vec![0.0; rows * columns.len()];
    for member in &model.members {
        let scale = model.calibration.slope * member.weight;
        match &member.learner {
            Learner::Linear(linear) => {
                base += scale * linear.intercept;
                add_linear(linear, scale, features, &feature_columns, &mut values, columns.len());
            }
            Learner::Trees(ensemble) => {
                base += scale * (ensemble.base + ensemble.trees.iter().map(Tree::expected).sum::<f64>());
                for (block, values) in values.chunks_mut(BLOCK * columns.len()).enumerate() {
                    let first = block * BLOCK;
                    add_trees(&ensemble.trees, scale, features, first, &feature_columns, values, columns.len());
                }
            }
        }
    }
    Attributions { columns, base, log_odds, values }
}

fn add_linear(
    linear: &Linear,
    scale: f64,
    features: &[&[f32]],
    feature_columns: &[usize],
    values: &mut [f64],
    width: usize,
) {
    for term in &linear.terms {
        let (feature, column) = (features[term.feature as usize], feature_columns[term.feature as usize]);
        for (row, &value) in values.chunks_mut(width).zip(feature) {
            row[column] += scale * term.value(value);
        }
    }
}

/// Adds the trees' values of the rows from `first` on.
fn add_trees(
    trees: &[Tree],
    scale: f64,
    features: &[&[f32]],
    first: usize,
    feature_columns: &[usize],
    values: &mut [f64],
    width: usize,
) {
    let rows = values.len() / width;
    let count = features.len();
    let mut by_row = vec![0.0f32; rows * count];
    by_row.par_chunks_mut(count).enumerate().for_each(|(row, into)| {
        for (value, feature) in into.iter_mut().zip(features) {
            // Not-a-number passes through: it is how a missing value is known.
            *value = feature[first + row].clamp(f32::MIN, f32::MAX);
        }
    });
    let mut by_feature = vec![0.0; rows * count];
    for trees in trees.chunks(TREES) {
        let paths: Vec<Paths> = trees.par_iter().map(|tree| Paths::new(tree, scale, rows)).collect();
        // Some rows at a time, so that a tree's tables stay in cache while it is used.
        const TOGETHER: usize = 64;
        let blocks = by_row.par_chunks(TOGETHER * count).zip(by_feature.par_chunks_mut(TOGETHER * count));
        blocks.for_each_init(Vec::new, |scratch, (rows, sums)| {
            for paths in &paths {
                for (row, sums) in rows.chunks(count).zip(sums.chunks_mut(count)) {
                    paths.add(row, sums, scratch);
                }
            }
        });
    }
    for (row, sums) in values.chunks_mut(width).zip(by_feature.chunks(count)) {
        for (&column, sum) in feature_columns.iter().zip(sums) {
            row[column] += sum;
        }
    }
}
