//! What can be wrong with the input, said so that the reader knows what to do.

use thiserror::Error;

use crate::boost::Loss;
use crate::formats::TreeFileError;

/// Why a model could not be fitted.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum FitError {
    /// The table is empty.
    #[error("there are no rows to learn from: check the cutoffs and who is at risk")]
    NoRows,
    /// The table has no columns.
    #[error("there are no columns to learn from: add features")]
    NoColumns,
    /// A column, or one of `label`, `cutoff`, `subject`, `weight`, has another length than the label.
    #[error("column {column:?} has {found} rows, but there are {expected} labels")]
    Length {
        /// The column.
        column: String,
        /// Rows of the label.
        expected: usize,
        /// Rows of the column.
        found: usize,
    },
    /// Two columns share a name, so that a model could not tell them apart.
    #[error("column {column:?} appears twice: rename or drop one of them")]
    DuplicateColumn {
        /// The name.
        column: String,
    },
    /// A category's code points past its levels.
    #[error("column {column:?}, row {row}: code {code} has no level, there are {levels}")]
    CodeOutOfRange {
        /// The column.
        column: String,
        /// The row, from 0.
        row: usize,
        /// The code.
        code: u32,
        /// Number of levels.
        levels: usize,
    },
    /// A weight is negative, infinite or not a number.
    #[error("row {row}: weight {weight} is not a finite number from 0 up")]
    Weight {
        /// The row, from 0.
        row: usize,
        /// The weight.
        weight: f32,
    },
    /// A target that the loss has no value for.
    #[error("row {row}: target {target} is not one of the {loss:?} loss; check the column to predict")]
    Target {
        /// The row, from 0.
        row: usize,
        /// The target.
        target: f32,
        /// The loss.
        loss: Loss,
    },
    /// Everybody leaves, or nobody does.
    #[error(
        "all {rows} rows say {}: nothing can be learned; check the outcome and the horizon, or add history",
        if *.leaving { "'leaves'" } else { "'stays'" }
    )]
    OneClass {
        /// Rows with a weight above 0.
        rows: usize,
        /// What they all say.
        leaving: bool,
    },
    /// One subject alone leaves (or stays): no row could check what was learned.
    #[error("only {leavers} subjects leave and {stayers} stay: at least 2 of each are needed; add history")]
    TooFewSubjects {
        /// Subjects that leave.
        leavers: usize,
        /// Subjects that are seen not to leave.
        stayers: usize,
    },
    /// No column tells two rows apart.
    #[error("all {columns} columns are constant or empty: nothing can be learned; check the features")]
    AllConstant {
        /// Number of columns.
        columns: usize,
    },
    /// A setting is out of its range.
    #[error("setting {setting}: {problem}")]
    Setting {
        /// Its name.
        setting: &'static str,
        /// What was expected.
        problem: String,
    },
}

/// Why rows could not be scored.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PredictError {
    /// A column that the model was fitted on is not there.
    #[error("column {column:?} is missing: the model was fitted with it")]
    MissingColumn {
        /// The column.
        column: String,
    },
    /// A number where the model knows a category, or the other way round.
    #[error("column {column:?} is a {found}, but the model was fitted on a {expected}")]
    Kind {
        /// The column.
        column: String,
        /// Kind at fitting: `number` or `category`.
        expected: &'static str,
        /// Kind now.
        found: &'static str,
    },
    /// Columns of different lengths.
    #[error("column {column:?} has {found} rows, the first one has {expected}")]
    Length {
        /// The column.
        column: String,
        /// Rows of the first column.
        expected: usize,
        /// Rows of this one.
        found: usize,
    },
    /// A category's code points past its levels.
    #[error("column {column:?}, row {row}: code {code} has no level, there are {levels}")]
    CodeOutOfRange {
        /// The column.
        column: String,
        /// The row, from 0.
        row: usize,
        /// The code.
        code: u32,
        /// Number of levels.
        levels: usize,
    },
    /// Parts of a score do not add up to it: the model or this program is damaged, and nothing is explained.
    #[error("row {row}: the reasons add up to {sum}, the score is {whole}; train again, and report this")]
    NotAdditive {
        /// The row, from 0.
        row: usize,
        /// What the parts add up to, in log-odds.
        sum: f64,
        /// What they should add up to.
        whole: f64,
    },
}

/// Why a model file could not be read.
#[derive(Debug, Error)]
pub enum ModelFileError {
    /// Not JSON, or not of a model's shape.
    #[error("this is not a model file: {0}")]
    Format(#[from] serde_json::Error),
    /// A file of another version of the program.
    #[error("the model file has format {found}, this program reads {expected}: train again")]
    Version {
        /// Version in the file.
        found: u32,
        /// Version read here.
        expected: u32,
    },
    /// The parts of the file do not fit together: it was cut or changed by hand.
    #[error("the model file is damaged: {0}")]
    Damaged(String),
    /// A file of trees could not be read.
    #[error("{file}: {problem}")]
    Trees {
        /// The file's name.
        file: String,
        /// What is wrong with it.
        problem: TreeFileError,
    },
}
