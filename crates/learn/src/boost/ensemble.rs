//! A model of trees as data.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Link, Tree};

/// A sum of trees over features, which are numbers; a category's value is the number of its level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ensemble {
    /// The margin before any tree.
    pub base: f64,
    /// What the margin says.
    pub link: Link,
    /// The trees, averaging over chains already in their leaf values.
    pub trees: Vec<Tree>,
}

impl Ensemble {
    /// Margins of all rows of a feature-major table. Missing values are not-a-number.
    pub fn margins(&self, features: &[&[f32]], rows: usize) -> Vec<f64> {
        const BLOCK: usize = 512;
        let mut margins = vec![self.base; rows];
        margins.par_chunks_mut(BLOCK).enumerate().for_each(|(block, margins)| {
            for tree in &self.trees {
                for (index, margin) in margins.iter_mut().enumerate() {
                    let row = block * BLOCK + index;
                    *margin += tree.leaf_value[tree.leaf(|feature| features[feature as usize][row])];
                }
            }
        });
        margins
    }

    /// Margins of some rows of a feature-major table, in their order.
    pub fn margins_at(&self, features: &[&[f32]], rows: &[u32]) -> Vec<f64> {
        const BLOCK: usize = 512;
        let mut margins = vec![self.base; rows.len()];
        margins.par_chunks_mut(BLOCK).zip(rows.par_chunks(BLOCK)).for_each(|(margins, rows)| {
            for tree in &self.trees {
                for (margin, &row) in margins.iter_mut().zip(rows) {
                    *margin += tree.leaf_value[tree.leaf(|feature| features[feature as usize][row as usize])];
                }
            }
        });
        margins
    }

    /// What does not fit together in an ensemble that was read from a file, to be walked over so many features.
    pub fn damage(&self, features: usize) -> Option<&'static str> {
        if !self.base.is_finite() {
            return Some("the trees have no base");
        }
        self.trees.iter().find_map(|tree| tree.damage(features))
    }
}
