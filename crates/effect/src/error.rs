//! What can be wrong with a campaign, said so that the reader knows what to do.

use learn::FitError;
use serde::Serialize;
use thiserror::Error;

/// Why nothing useful can be learned from a campaign.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum CampaignError {
    /// There is nothing to compare.
    #[error(
        "there must be a control and at least one action to compare, but the arms are {arms:?}: check the treatment column"
    )]
    OneArm {
        /// Arms found.
        arms: Vec<String>,
    },
    /// Two arms share a name.
    #[error("arm {arm:?} appears twice: rename one of them")]
    DuplicateArm {
        /// The name.
        arm: String,
    },
    /// The table has no columns.
    #[error("there are no columns to tell subjects apart by: add what was known of them before the campaign")]
    NoColumns,
    /// Two columns share a name.
    #[error("column {column:?} appears twice: rename or drop one of them")]
    DuplicateColumn {
        /// The name.
        column: String,
    },
    /// Vectors of different lengths.
    #[error("{column:?} has {found} rows, but there are {expected} arms")]
    Length {
        /// The column.
        column: String,
        /// Rows of the campaign.
        expected: usize,
        /// Rows of the column.
        found: usize,
    },
    /// A category's code points past its levels.
    #[error("column {column:?}, row {row}: code {code} has no level")]
    Code {
        /// The column.
        column: String,
        /// The row, from 0.
        row: usize,
        /// The code.
        code: u32,
    },
    /// An arm that is not there.
    #[error("row {row}: arm {arm} does not exist, there are {arms}")]
    Arm {
        /// The row, from 0.
        row: usize,
        /// The arm.
        arm: u32,
        /// Number of arms.
        arms: usize,
    },
    /// An arm is empty or nearly so.
    #[error("arm {arm:?} has {rows} rows, at least {needed} are needed: leave this arm out, or add rows")]
    TooFewRows {
        /// The arm.
        arm: String,
        /// Its rows.
        rows: usize,
        /// Rows needed.
        needed: usize,
    },
    /// An outcome that is missing or infinite.
    #[error("row {row}: outcome {outcome} is not a finite number: fill it in, or leave the row out")]
    Outcome {
        /// The row, from 0.
        row: usize,
        /// The outcome.
        outcome: f32,
    },
    /// Everybody has the same outcome.
    #[error(
        "all {rows} outcomes are {outcome}: nothing can be learned; check the outcome column, or wait until outcomes differ"
    )]
    ConstantOutcome {
        /// Rows of the campaign.
        rows: usize,
        /// Their outcome.
        outcome: f32,
    },
    /// Propensities of another number of arms.
    #[error(
        "propensities are given for {found} arms, the campaign has {expected}: one list for each arm, the control first"
    )]
    PropensityArms {
        /// Arms of the campaign.
        expected: usize,
        /// Lists given.
        found: usize,
    },
    /// Propensities that cannot be.
    #[error(
        "row {row}: the chance of the arm it was given is {given}, and the chances of all arms sum to {sum}: they must lie above 0 and sum to 1"
    )]
    Propensity {
        /// The row, from 0.
        row: usize,
        /// The chance of the arm that the row was in.
        given: f64,
        /// Sum over arms.
        sum: f64,
    },
    /// Covariates decide who is treated: nobody can be compared with anybody.
    #[error(
        "who gets {arm:?} can be foretold from the columns ({auc:.3} of pairs in the right order), so that nobody is left to compare with; most of all by {}: drop a column that was filled in after the action or that names it; otherwise these groups cannot be compared",
        columns.join(", ")
    )]
    NoOverlap {
        /// The arm.
        arm: String,
        /// Area under the ROC curve of the estimated propensity, on rows kept out; 1: it is decided.
        auc: f64,
        /// Columns that tell the arm best alone, the best first.
        columns: Vec<String>,
    },
    /// A setting is out of its range.
    #[error("setting {setting}: {problem}")]
    Setting {
        /// Its name.
        setting: &'static str,
        /// What was expected.
        problem: String,
    },
    /// Trees could not be fitted.
    #[error(transparent)]
    Fit(#[from] FitError),
}

/// What a reader of the results must know.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Warning {
    /// Who gets an arm is well foretold by columns: comparisons rest on few rows.
    PoorOverlap {
        /// The arm.
        arm: String,
        /// Area under the ROC curve of the propensity, on rows kept out; 0.5 for a lottery.
        auc: f64,
        /// Share of rows whose propensity was clipped.
        clipped_share: f64,
        /// Columns that tell the arm best alone, the best first.
        columns: Vec<String>,
    },
    /// Propensities were not given and are not the same for all: effects are right only if no cause of both the action and
    /// the outcome is missing from the columns.
    NotRandomised,
    /// No column has two different values: there is one effect for all.
    ColumnsConstant,
    /// The effect was not found to differ between subjects: everybody is told the average.
    SameForAll {
        /// The arm.
        arm: String,
    },
    /// Shuffling the arms did not make the effect go away (p-value below 0.01): the method is not to be trusted here.
    PlaceboFound {
        /// The arm.
        arm: String,
        /// Of the placebo.
        p_value: f64,
    },
    /// Two halves of the control differ (p-value below 0.01): look at how rows came into the table.
    ControlsDiffer {
        /// Of the A/A test.
        p_value: f64,
    },
    /// The rarer outcome has few rows.
    FewOutcomes {
        /// The arm.
        arm: String,
        /// Rows of the rarer outcome in it.
        rows: usize,
    },
}
