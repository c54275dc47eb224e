//! What trees say of their features one by one, against the training rows or against a chosen background.

use rayon::prelude::*;

use super::interventional;
use super::tree_paths::{Lane, Paths, ROWS};
use crate::boost::{Ensemble, Tree};
use crate::error::PredictError;

/// Trees whose tables are held at once.
const TREES: usize = 16;

/// Parts may miss a margin by this much of its size: rounding only.
const MAX_GAP: f64 = 1e-6;

/// Parts of each row's margin.
#[derive(Clone, Debug, PartialEq)]
pub struct Contributions {
    /// The margin before anything is known of the row.
    pub base: f64,
    /// Number of features.
    pub features: usize,
    /// Row after row, one value a feature.
    pub values: Vec<f64>,
}

impl Contributions {
    /// What each feature adds to the row's margin.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.features..][..self.features]
    }
}

impl Ensemble {
    /// Shapley values of the trees' conditional expectations, as [`shap`](https://github.com/shap/shap) has them for
    /// `tree_path_dependent` and LightGBM for `pred_contrib`. Their sums are checked against the margins.
    pub fn contributions(&self, features: &[&[f32]], rows: usize) -> Result<Contributions, PredictError> {
        let mut values = vec![0.0; rows * features.len()];
        let places: Vec<usize> = (0..features.len()).collect();
        add_trees(&self.trees, 1.0, features, &places, &mut values, features.len());
        self.checked(self.expected(), features, rows, values)
    }

    /// Shapley values against background rows, as `shap` has them for `interventional`: unknown features take the values
    /// of a background row, the mean over them is the base. At least one background row.
    pub fn interventional(
        &self,
        features: &[&[f32]],
        rows: usize,
        background: &[&[f32]],
        background_rows: usize,
    ) -> Result<Contributions, PredictError> {
        let (base, values) = interventional::contributions(self, features, rows, background, background_rows);
        self.checked(base, features, rows, values)
    }

    /// The margin of a row of which nothing is known.
    pub fn expected(&self) -> f64 {
        self.base + self.trees.iter().map(Tree::expected).sum::<f64>()
    }

    fn checked(
        &self,
        base: f64,
        features: &[&[f32]],
        rows: usize,
        values: Vec<f64>,
    ) -> Result<Contributions, PredictError> {
        let contributions = Contributions { base, features: features.len(), values };
        for (row, margin) in self.margins(features, rows).into_iter().enumerate() {
            check_sum(row, base + contributions.row(row).iter().sum::<f64>(), margin)?;
        }
        Ok(contributions)
    }
}

/// Refuses parts that do not add up to their whole.
pub(super) fn check_sum(row: usize, sum: f64, whole: f64) -> Result<(), PredictError> {
    // Written so that a sum that is no number is refused too.
    if (sum - whole).abs() <= MAX_GAP * whole.abs().max(1.0) {
        return Ok(());
    }
    Err(PredictError::NotAdditive { row, sum, whole })
}

/// Adds the trees' values, one a feature, to rows of columns; `feature_columns` has the column of each feature.
pub(super) fn add_trees(
    trees: &[Tree],
    scale: f64,
    features: &[&[f32]],
    feature_columns: &[usize],
    values: &mut [f64],
    width: usize,
) {
    let rows = values.len() / width.max(1);
    for trees in trees.chunks(TREES) {
        let paths: Vec<Paths<'_>> = trees.par_iter().map(|tree| Paths::new(tree, scale, rows)).collect();
        let add_block = |scratch: &mut Scratch, (block, values): (usize, &mut [f64])| {
            scratch.sums.clear();
            scratch.sums.resize(features.len(), [0.0; ROWS]);
            for paths in &paths {
                paths.add(features, block * ROWS, &mut scratch.sums, &mut scratch.patterns);
            }
            for (sums, &column) in scratch.sums.iter().zip(feature_columns) {
                for (row, sum) in values.chunks_mut(width).zip(sums) {
                    row[column] += sum;
                }
            }
        };
        values.par_chunks_mut(ROWS * width).enumerate().for_each_init(Scratch::default, add_block);
    }
}

#[derive(Default)]
struct Scratch {
    sums: Vec<Lane>,
    patterns: Vec<[u8; ROWS]>,
}
