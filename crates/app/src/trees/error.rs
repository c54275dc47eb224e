//! Why a table could not be asked about.

use std::path::PathBuf;

use learn::{PredictError, TreeFileError};

use crate::model::ModelError;

/// What stops it.
#[derive(Debug, thiserror::Error)]
pub enum TreesError {
    /// The model's file could not be opened.
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The model's file is of no kind that is known.
    #[error("{}: is neither LightGBM's text, nor XGBoost's JSON, nor a model's folder", .0.display())]
    NoModel(PathBuf),
    /// The model's file is known and wrong.
    #[error("{}: {problem}", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: TreeFileError,
    },
    /// The model's folder is wrong.
    #[error(transparent)]
    Folder(#[from] ModelError),
    /// Features are asked of what has none of ours.
    #[error("{}: is a file of trees, whose features are its columns; name a model's folder", .0.display())]
    NoFolder(PathBuf),
    /// The table could not be read.
    #[error(transparent)]
    Text(#[from] tables::Error),
    /// The table could not be read.
    #[error("{}: {problem}; export it again", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A column that the model asks for is not there.
    #[error("{}: {} of the model's {wanted} columns are missing: {}; columns are found by name", path.display(), columns.len(), listed(columns))]
    Missing {
        /// The file.
        path: PathBuf,
        /// Their names.
        columns: Vec<String>,
        /// Columns that the model has.
        wanted: usize,
    },
    /// Two columns of one name.
    #[error("{}: two columns are called {column:?}; rename one of them", path.display())]
    Twice {
        /// The file.
        path: PathBuf,
        /// Their name.
        column: String,
    },
    /// Text where the model asks for a number.
    #[error("{}: row {row}, column {column:?}: {cell} is {wrong}", path.display())]
    Cell {
        /// The file.
        path: PathBuf,
        /// The row, as a spreadsheet counts.
        row: u64,
        /// The column.
        column: String,
        /// What stands there.
        cell: String,
        /// What it is not, and what to do.
        wrong: &'static str,
    },
    /// A table without rows.
    #[error("{}: has no rows below its header", .0.display())]
    NoRows(PathBuf),
    /// The result's ending.
    #[error("{}: unknown ending; name a file that ends in .csv or .parquet", .0.display())]
    Ending(PathBuf),
    /// The result would replace what it is made of.
    #[error("{}: is what the result would be made of; name another file with --out", .0.display())]
    OverOwn(PathBuf),
    /// The rows do not fit the model, or parts do not add up.
    #[error("{}: {problem}", path.display())]
    Predict {
        /// The table.
        path: PathBuf,
        /// What is wrong.
        problem: PredictError,
    },
    /// The result could not be written.
    #[error(transparent)]
    Write(#[from] whole::WriteError),
}

fn listed(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let more = names.len().saturating_sub(SHOWN);
    let shown = names[..names.len() - more].join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}
