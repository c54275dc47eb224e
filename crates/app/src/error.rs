//! Why a use case failed. Messages say what to do and stand alone.

use std::fmt;
use std::path::PathBuf;

use domain::Day;
use learn::PredictError;

use crate::model::ModelError;
use crate::output::UnknownEnding;

/// What stops a use case.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `holdfast.toml` is missing or wrong.
    #[error(transparent)]
    Contract(#[from] contract::LoadError),
    /// There is no contract to work by.
    #[error(
        "{}: there is no contract here; name its folder with -C, or start one with `holdfast new academy DIR` or \
         `holdfast new subscriber DIR --from clients.csv --label churn`", .0.display()
    )]
    NoContract(PathBuf),
    /// The data is missing or wrong.
    #[error(transparent)]
    Data(#[from] warehouse::Error),
    /// The rows behind a fact could not be found.
    #[error("features: {0}")]
    Features(#[from] asof::PlanError),
    /// Nothing can be learned from the data.
    #[error("{outcome}: no model can be fitted: {problem}{}", what_to_do(.problem))]
    Fit {
        /// Where the outcome stands.
        outcome: String,
        /// What keeps it from being learned.
        problem: learn::FitError,
    },
    /// The model does not fit the data.
    #[error("the model in {} does not fit this data: {}; train it again on this data", .model.display(), differs(.problem))]
    Predict {
        /// The model's folder.
        model: PathBuf,
        /// What does not fit.
        problem: PredictError,
    },
    /// There is no model, or it cannot be read.
    #[error(transparent)]
    Model(#[from] ModelError),
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
    /// The command asks for another target than the model learned.
    #[error(
        "the model in {} learned {learned:?}, not {asked:?}: leave --target out, name a model of {asked:?} with --model, or \
         make one: holdfast train --target {asked} --model DIR", .model.display()
    )]
    OtherTarget {
        /// The model's folder.
        model: PathBuf,
        /// What it learned.
        learned: String,
        /// What was asked for.
        asked: String,
    },
    /// The contract's outcome is of another kind now.
    #[error(
        "the model in {} learned the label {learned:?}, and outcome.kind of the contract is no label now; train it again",
        .model.display()
    )]
    NoLongerLabel {
        /// The model's folder.
        model: PathBuf,
        /// What it learned.
        learned: String,
    },
    /// There is no such target.
    #[error(transparent)]
    Target(#[from] contract::UnknownTarget),
    /// Columns that a model learned from are not in the data.
    #[error(
        "{source_name}: the model in {} learned from columns that are not there: {}; put them back under these names, or \
         train again without them", .model.display(), first_of(.columns)
    )]
    MissingColumns {
        /// The file.
        source_name: String,
        /// The model's folder.
        model: PathBuf,
        /// The columns.
        columns: Vec<String>,
    },
    /// Attributions that do not add up to the score would make every reason doubtful.
    #[error(
        "reasons do not add up to the scores: off by {0:e} log-odds; this is a fault in holdfast, please report it"
    )]
    NotAdditive(f64),
    /// The actions of the contract cannot be compared.
    #[error("actions: {0}")]
    Policy(#[from] decide::PolicyError),
    /// What actions share does not fit them.
    #[error("decision: {0}")]
    Means(#[from] decide::MeansError),
    /// A sentence could not be made.
    #[error("words: {0}")]
    Words(#[from] narrate::NarratorError),
    /// Not enough has happened yet to learn from.
    #[error(
        "nothing to learn from yet: the data runs from {} to {}, and an outcome is settled {reach_days} days after a \
         cutoff; add history, or look at [cutoffs] and [subjects] in holdfast.toml",
        or_nowhere(.first), or_nowhere(.last)
    )]
    TooEarly {
        /// First day of the data.
        first: Option<Day>,
        /// Last day of the data.
        last: Option<Day>,
        /// Days until an outcome is settled.
        reach_days: i32,
    },
    /// There is no such subject.
    #[error("no subject has the key {key:?}; keys are those of the subjects' table")]
    UnknownSubject {
        /// What was asked for.
        key: String,
    },
    /// The subject is not looked at on that day.
    #[error("{key} is not at risk at the end of {as_of}: {why}")]
    NotAtRisk {
        /// What was asked for.
        key: String,
        /// The day.
        as_of: Day,
        /// What keeps it from being at risk.
        why: NotAtRisk,
    },
    /// A result could not be written.
    #[error(transparent)]
    Write(#[from] whole::WriteError),
    /// Results would be written over what they are made from.
    #[error(
        "{}: writing there would overwrite {}, which results are made from; name another file with --out",
        .out.display(), .own.display()
    )]
    OverOwn {
        /// The file that was asked for.
        out: PathBuf,
        /// The contract, the table's file or the model's folder.
        own: PathBuf,
    },
    /// A file of results in a format that we do not write.
    #[error(transparent)]
    Ending(#[from] UnknownEnding),
    /// The page could not be made.
    #[error("report: {0}")]
    Report(#[from] ::report::RenderError),
    /// The table and its model could not be studied.
    #[error("study: {0}")]
    Study(#[from] study::StudyError),
    /// Another file in place of a table of subjects says nothing where features come from events.
    #[error(
        "--against compares one file with another, but this contract's features come of several tables; leave it out, and \
         the report compares earlier with later cutoffs"
    )]
    AgainstEvents,
    /// A file that was named is not there.
    #[error("{}: there is no such file; name the file to compare with", .0.display())]
    NoFile(PathBuf),
    /// The simulation failed.
    #[error(transparent)]
    World(#[from] worlds::WorldError),
    /// The truth about a sample's students could not be taken away.
    #[error("{}: could not be removed: {source}; remove it yourself, the sample is not to have it", .truth.display())]
    TruthStays {
        /// The folder of the truth.
        truth: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A kit without a ready contract.
    #[error("no kit of this name has a ready contract; `academy` and `subscriber` have one")]
    NoTemplate,
    /// Two results would have one place.
    #[error("{}: two results would be written there; give each a file of its own", .0.display())]
    SameOut(PathBuf),
    /// A folder that holds something already.
    #[error("{}: the folder is not empty; name a new one, so that nothing of yours is overwritten", .0.display())]
    FolderTaken(PathBuf),
}

/// The first of many names, and how many more there are.
fn first_of(names: &[String]) -> String {
    const MOST: usize = 20;
    let shown = names[..names.len().min(MOST)].join(", ");
    if names.len() > MOST { format!("{shown} and {} more", names.len() - MOST) } else { shown }
}

fn or_nowhere(day: &Option<Day>) -> String {
    day.map_or_else(|| "nowhere".to_owned(), |day| day.to_string())
}

/// Where there is nobody to learn from, what to look at.
fn what_to_do(problem: &learn::FitError) -> &'static str {
    match problem {
        learn::FitError::AllConstant { .. } | learn::FitError::NoColumns => {
            "; every column is empty, the same in all rows or left out as a key: run `holdfast check`, and export what describes the subjects"
        }
        learn::FitError::OneClass { leaving: false, .. } => {
            "; check outcome.column in holdfast.toml, and export those who left too, with the day on which they did"
        }
        learn::FitError::OneClass { leaving: true, .. } => {
            "; check outcome.column in holdfast.toml, and export those who stayed too"
        }
        _ => "",
    }
}

/// What keeps a subject from being at risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAtRisk {
    /// No first day is known.
    NoStart,
    /// It starts later.
    StartsOn(Day),
    /// It left.
    LeftOn(Day),
    /// Leaving is the plan by now.
    EndedOn(Day),
    /// The contract's conditions, or a silence that counts as leaving.
    ByContract,
}

impl fmt::Display for NotAtRisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStart => write!(f, "no first day is known"),
            Self::StartsOn(day) => write!(f, "starts on {day}"),
            Self::LeftOn(day) => write!(f, "left on {day}"),
            Self::EndedOn(day) => write!(f, "the planned end was {day}"),
            Self::ByContract => {
                write!(f, "silent for so long that it counts as gone, or kept out by [subjects] in holdfast.toml")
            }
        }
    }
}

/// What the data lack, in words that point at tables and columns.
fn differs(problem: &PredictError) -> String {
    match problem {
        PredictError::MissingColumn { column } => {
            format!(
                "it learned from {}, and nothing here says that; was a table or column taken away or renamed?",
                behind(column)
            )
        }
        PredictError::Kind { column, expected, found } => {
            format!("{} was a {expected} when it learned and is a {found} now", behind(column))
        }
        other => other.to_string(),
    }
}

/// Where a feature comes from: its name begins with its table, or with what it is read from.
fn behind(feature: &str) -> String {
    match feature.split_once('.') {
        Some((table, _)) => format!("`{table}` (feature {feature})"),
        None => format!("`{feature}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misfit_says_where_to_look() {
        let problem = PredictError::MissingColumn { column: "tests.score_last".into() };
        let said = Error::Predict { model: "model".into(), problem }.to_string();
        assert!(said.contains("`tests` (feature tests.score_last)") && said.contains("train it again"), "{said}");
    }
}
