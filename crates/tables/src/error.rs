//! Why a text could not be read.

use std::io;
use std::path::PathBuf;

use crate::finding::Finding;

/// What stops the reading of a text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The text is wrong; says where and what to do.
    #[error("{0}")]
    Input(Box<Finding>),
    /// A file could not be read.
    #[error("{}: could not be read: {source}; check that it is a file you may read and that it is whole", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Error {
    /// The finding behind a wrong text.
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            Self::Input(finding) => Some(finding),
            Self::Read { .. } => None,
        }
    }
}

impl From<Finding> for Error {
    fn from(finding: Finding) -> Self {
        Self::Input(Box::new(finding))
    }
}
