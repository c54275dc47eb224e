//! Reading a contract: bytes to text to TOML to what is meant.

use std::path::{Path, PathBuf};

use crate::core::Contract;
use crate::document::{DUPLICATE_KEY, Document, KeyPath, Report, decode};
use crate::problem::{Problem, Problems};
use crate::wire::ContractWire;
use crate::{resolve, structure};

/// The file's usual name.
pub const FILE_NAME: &str = "holdfast.toml";

/// Why a contract could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not a valid contract.
    #[error(transparent)]
    Invalid(#[from] Problems),
}

/// The contract in a file, or in the file [`FILE_NAME`] of a folder.
///
/// # Errors
///
/// Where the file cannot be read, or is not a valid contract.
pub fn load(path: &Path) -> Result<Contract, LoadError> {
    let path = if path.is_dir() { path.join(FILE_NAME) } else { path.to_owned() };
    let bytes = std::fs::read(&path).map_err(|source| LoadError::Read { path: path.clone(), source })?;
    Ok(parse(&path.display().to_string(), &bytes)?)
}

/// The contract in `bytes`, with `file` as the name that problems give to it.
///
/// # Errors
///
/// All problems in the file's order. Where the file is not TOML, only that is reported: what the rest means cannot be
/// told.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Contract, Problems> {
    let text = decode(file, bytes)?;
    let (document, syntax) = Document::parse(file, text);
    let mut report = Report::new(&document);
    if syntax.iter().any(|problem| !problem.found.starts_with(DUPLICATE_KEY)) {
        return Err(Problems(sorted(syntax)));
    }
    let usable = structure::check(&mut report);
    let contract = match serde_json::from_value::<ContractWire>(usable) {
        Ok(wire) => resolve::contract(wire, &mut report),
        Err(error) => {
            report.add(&KeyPath::default(), error.to_string(), "");
            None
        }
    };
    let problems = sorted(syntax.into_iter().chain(report.problems).collect());
    match contract {
        Some(contract) if problems.is_empty() => Ok(contract),
        _ => Err(Problems(problems)),
    }
}

fn sorted(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| (problem.line, problem.column));
    problems
}
