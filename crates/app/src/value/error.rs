//! Why clients could not be valued.

use std::path::PathBuf;

use domain::Day;
use lifetime::FitError;

/// What stops it.
#[derive(Debug, thiserror::Error)]
pub enum ValueError {
    /// The file is wrong; says where and what to do.
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
    /// There is no time to look ahead.
    #[error("the horizon is 0 days; name at least one with --horizon-days")]
    Horizon,
    /// The end of observation is yet to come.
    #[error("--until {until} is later than today, {today}; what comes until then is not known")]
    Until {
        /// The day that was named.
        until: Day,
        /// Today.
        today: Day,
    },
    /// No rate of discount.
    #[error("the discount {0} is no yearly rate; write 10% as 0.1 with --discount")]
    Discount(f64),
    /// The models cannot be fitted.
    #[error("{}: the value of {clients} clients cannot be told: {problem}; give a longer time or more clients", path.display())]
    Fit {
        /// The file.
        path: PathBuf,
        /// Clients in it.
        clients: usize,
        /// What keeps it from being fitted.
        problem: FitError,
    },
    /// The result's ending.
    #[error("{}: unknown ending; name a file that ends in .csv or .parquet", .0.display())]
    Ending(PathBuf),
    /// The result would replace what it is made of.
    #[error("{}: is what the result would be made of; name another file with --out", .0.display())]
    OverOwn(PathBuf),
    /// The result could not be written.
    #[error(transparent)]
    Write(#[from] Box<crate::Error>),
    /// The words for what came of it.
    #[error("words: {0}")]
    Words(#[from] narrate::NarratorError),
}

impl From<crate::Error> for ValueError {
    fn from(error: crate::Error) -> Self {
        Self::Write(Box::new(error))
    }
}
