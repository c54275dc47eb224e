//! Why a use case failed. Messages say what to do and stand alone.

use std::path::PathBuf;

use crate::output::OutputError;

/// What stops a use case.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `holdfast.toml` is missing or wrong.
    #[error(transparent)]
    Contract(#[from] contract::LoadError),
    /// The data is missing or wrong.
    #[error(transparent)]
    Data(#[from] warehouse::Error),
    /// Nothing can be learned from the data.
    #[error("{outcome}: no model can be fitted: {problem}")]
    Fit {
        /// Where the outcome stands.
        outcome: String,
        /// What keeps it from being learned.
        problem: learn::FitError,
    },
    /// The model does not fit the data.
    #[error("the model in {} does not fit this data: {problem}; train it again on data of this shape", .model.display())]
    Predict {
        /// The model's folder.
        model: PathBuf,
        /// What does not fit.
        problem: learn::PredictError,
    },
    /// There is no model, or it cannot be read.
    #[error("{}: {problem}", .path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The contract asks for another horizon than the model was trained for.
    #[error(
        "the model was trained for a horizon of {horizon_days} days after a gap of {gap_days}, the contract now says \
         otherwise; train it again"
    )]
    OtherHorizon {
        /// The model's horizon.
        horizon_days: u16,
        /// The model's gap.
        gap_days: u16,
    },
    /// Attributions that do not add up to the score would make every reason doubtful.
    #[error(
        "reasons do not add up to the scores: off by {0:e} log-odds; this is a fault in holdfast, please report it"
    )]
    NotAdditive(f64),
    /// The actions of the contract cannot be compared.
    #[error("actions: {0}")]
    Policy(#[from] decide::PolicyError),
    /// A sentence could not be made.
    #[error("words: {0}")]
    Words(String),
    /// Not enough has happened yet to learn from.
    #[error("{0}")]
    TooEarly(String),
    /// The subject is not there, or not at risk at the cutoff.
    #[error("{0}")]
    Subject(String),
    /// A result could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The page could not be made.
    #[error("report: {0}")]
    Report(#[from] ::report::RenderError),
    /// The simulation failed.
    #[error(transparent)]
    World(#[from] worlds::WorldError),
    /// A kit without a ready contract.
    #[error("no kit of this name has a ready contract; `academy` has one")]
    NoTemplate,
    /// A folder that holds something already.
    #[error("{}: the folder is not empty; name a new one, so that nothing of yours is overwritten", .0.display())]
    FolderTaken(PathBuf),
}
