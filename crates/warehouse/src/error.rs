//! Why the warehouse could not do what it was asked.

use tables::{Finding, Topic};

/// What stops a run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read, or the data or the contract's view of it is wrong; says where and what to do.
    #[error(transparent)]
    Tables(#[from] tables::Error),
    /// The database could not be reached or asked.
    #[error(
        "postgres, table {table}: {message}; check the url in the environment, the relation's name and the rights to read it"
    )]
    Postgres {
        /// The table's name in the contract; empty while connecting.
        table: String,
        /// What the database said.
        message: String,
    },
    /// The query engine failed.
    #[error("table {table}: {message}")]
    Engine {
        /// The table's name in the contract.
        table: String,
        /// What the engine said.
        message: String,
    },
    /// The features could not be computed.
    #[error("{0}")]
    Features(String),
}

impl Error {
    /// The finding behind an input error.
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            Self::Tables(error) => error.finding(),
            _ => None,
        }
    }

    /// The rule that an input error broke.
    pub fn topic(&self) -> Option<Topic> {
        self.finding().map(|finding| finding.topic)
    }
}

impl From<Finding> for Error {
    fn from(finding: Finding) -> Self {
        Self::Tables(finding.into())
    }
}
