//! Model files of others: LightGBM's text, written and read, and XGBoost's JSON, read.
//!
//! Ours are the trees and how they are walked; a file of theirs becomes an [`Ensemble`] that says the same of every row of
//! finite or missing numbers. Only infinities differ: here they count as the largest number, which goes left where nothing
//! but missing values goes right.

mod lightgbm_read;
mod lightgbm_write;
mod xgboost;

use thiserror::Error;

use crate::boost::Ensemble;

/// Trees from a file, and what their features are called there.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadTrees {
    /// The trees.
    pub ensemble: Ensemble,
    /// Names by feature.
    pub features: Vec<String>,
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
