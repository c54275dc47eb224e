//! Model files: ours ([`ModelFiles`]), LightGBM's text, written and read, and XGBoost's JSON, read.
//!
//! Ours are the trees and how they are walked; a file of others becomes an [`Ensemble`] that says the same of every row of
//! finite or missing numbers. Only infinities differ: here they count as the largest number, which goes left where nothing
//! but missing values goes right.

mod lightgbm_read;
mod lightgbm_write;
mod model_files;
mod xgboost;

use std::collections::HashSet;

use thiserror::Error;

pub use self::model_files::ModelFiles;

use crate::boost::Ensemble;

/// Trees from a file, and what their features are called there.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadTrees {
    /// The trees.
    pub ensemble: Ensemble,
    /// Names by feature.
    pub features: Vec<String>,
    /// For features that were categories of a data frame: the levels, by their number in the trees. Of others nothing.
    pub levels: Vec<Option<Vec<String>>>,
}

/// Why a file of trees could not be read.
#[derive(Debug, Error)]
pub enum TreeFileError {
    /// Something that every such file has is not there.
    #[error("{place}: {key} is missing; is this a whole model file?")]
    Missing {
        /// The part of the file.
        place: String,
        /// What was looked for.
        key: &'static str,
    },
    /// A number that is none, or of the wrong kind.
    #[error("{place}: {key} holds {found:?}, which is not a number of its kind")]
    Number {
        /// The part of the file.
        place: String,
        /// The key.
        key: &'static str,
        /// What stands there.
        found: String,
    },
    /// Not JSON of XGBoost's shape.
    #[error("this is not an XGBoost model in JSON (save it with a name that ends in .json): {0}")]
    Json(#[from] serde_json::Error),
    /// A kind of model that is not understood here.
    #[error("{0} is not supported: train with one output and constant leaves")]
    Unsupported(String),
    /// The parts of the file do not fit together.
    #[error("the model file is damaged: {0}")]
    Damaged(String),
}

impl ReadTrees {
    fn checked(self) -> Result<Self, TreeFileError> {
        match self.ensemble.damage(self.features.len()) {
            Some(problem) => Err(TreeFileError::Damaged(problem.to_owned())),
            None => Ok(self),
        }
    }
}

/// Levels as a data frame shows them.
fn level_names(levels: &[serde_json::Value]) -> Vec<String> {
    let name = |level: &serde_json::Value| level.as_str().map_or_else(|| level.to_string(), str::to_owned);
    levels.iter().map(name).collect()
}

/// Names that LightGBM takes in its files and in Python: no spaces or JSON's signs, none empty, none twice.
pub(crate) fn legal_names<S: AsRef<str>>(names: &[S]) -> Vec<String> {
    let special = |sign: char| sign.is_whitespace() || sign.is_control() || ",:[]{}\"\\=".contains(sign);
    let mut taken = HashSet::new();
    let mut legal = Vec::with_capacity(names.len());
    for name in names {
        let mut wanted = name.as_ref().replace(special, "_");
        if wanted.is_empty() {
            wanted.push('_');
        }
        let mut free = wanted.clone();
        let mut nth = 1;
        while !taken.insert(free.clone()) {
            nth += 1;
            free = format!("{wanted}_{nth}");
        }
        legal.push(free);
    }
    legal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_legal_and_stay_apart() {
        let names = legal_names(&["days late", "days_late", "", "a:[b]", "plain"]);
        assert_eq!(names, ["days_late", "days_late_2", "_", "a__b_", "plain"]);
        assert_eq!(legal_names(&names), names);
    }
}
