//! Why a campaign could not be learned from, or applied.

use std::path::PathBuf;

use effect::EffectError;
use tables::finding::nearest;

/// What stops it.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// A file is wrong; says where and what to do.
    #[error(transparent)]
    Input(#[from] tables::Error),
    /// Two options name one column.
    #[error("{} and {} both name the column {column:?}; each needs one of its own", options[0], options[1])]
    SameColumn {
        /// The options.
        options: [&'static str; 2],
        /// The column.
        column: String,
    },
    /// The control is not among the treatments.
    #[error("{}: column {column}: no row says {control:?}; it says {}; name the value of those who got nothing with --control", path.display(), listed(found))]
    NoControl {
        /// The file.
        path: PathBuf,
        /// The column of treatments.
        column: String,
        /// What was named.
        control: String,
        /// What the column says.
        found: Vec<String>,
    },
    /// Too many different treatments.
    #[error("{}: column {column} says {found} different things, more than the {most} actions that can be compared; does --treatment name the right column?", path.display())]
    ManyArms {
        /// The file.
        path: PathBuf,
        /// The column of treatments.
        column: String,
        /// Different values.
        found: usize,
        /// As many as can be compared.
        most: usize,
    },
    /// Nothing can be learned.
    #[error("{}: {problem}", path.display())]
    Learn {
        /// The file.
        path: PathBuf,
        /// What keeps it from being learned.
        problem: effect::CampaignError,
    },
    /// The folder holds no model of a campaign.
    #[error("{}: {problem}; name the folder that `holdfast campaign learn` wrote", path.display())]
    Model {
        /// A file of it.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// Columns that the model learned from are not in the file.
    #[error("{}: {} of the model's columns are missing: {}; columns are found by name", path.display(), columns.len(), listed(columns))]
    MissingColumns {
        /// The file.
        path: PathBuf,
        /// Their names.
        columns: Vec<String>,
    },
    /// The model does not fit the columns.
    #[error("{}: {problem}", path.display())]
    Effects {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        problem: EffectError,
    },
    /// An action that the model does not know.
    #[error("--cost {action}: the campaign had no such action, it had {}{}", listed(known), suggestion(action, known))]
    UnknownAction {
        /// What was named.
        action: String,
        /// Those that it had.
        known: Vec<String>,
    },
    /// A number that cannot be.
    #[error("{option}: {problem}")]
    Number {
        /// The option.
        option: String,
        /// What was expected.
        problem: &'static str,
    },
    /// The result's ending.
    #[error("{}: unknown ending; name a file that ends in .csv or .parquet", .0.display())]
    Ending(PathBuf),
    /// The result would replace what it is made of.
    #[error("{}: is what the result would be made of; name another place with --out", .0.display())]
    OverOwn(PathBuf),
    /// A folder that holds something else.
    #[error("{}: the folder holds something else than a learned campaign; name a new one with --out", .0.display())]
    FolderTaken(PathBuf),
    /// The result could not be written.
    #[error(transparent)]
    Write(#[from] Box<crate::Error>),
    /// The page could not be made.
    #[error("report: {0}")]
    Page(#[from] ::report::RenderError),
}

impl From<crate::Error> for CampaignError {
    fn from(error: crate::Error) -> Self {
        Self::Write(Box::new(error))
    }
}

impl From<whole::WriteError> for CampaignError {
    fn from(error: whole::WriteError) -> Self {
        Self::Write(Box::new(error.into()))
    }
}

fn listed(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let more = names.len().saturating_sub(SHOWN);
    let shown = names[..names.len() - more].iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

fn suggestion(action: &str, known: &[String]) -> String {
    match nearest(action, known.iter().map(String::as_str)).first() {
        Some(near) => format!("; did you mean {near:?}?"),
        None => String::new(),
    }
}
