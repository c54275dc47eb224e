//! What is wrong with a contract, said so that it can be mended without the manual.

use std::fmt;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file as it was named by the caller.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Path of the key, `actions.mentor_call.cost`; empty where the file as a whole is meant.
    pub key: String,
    /// What stands there.
    pub found: String,
    /// What should stand there; empty where `found` says it all.
    pub expected: String,
    /// What to do about it.
    pub suggestion: Option<String>,
}

/// Everything that is wrong, in the file's order; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problem {
    /// `holdfast.toml:12:1 outcome.horizon_days: found 0, expected 1 to 730`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, key, found, expected, suggestion } = self;
        write!(f, "{file}:{line}:{column} ")?;
        if !key.is_empty() {
            write!(f, "{key}: ")?;
        }
        f.write_str(found)?;
        if !expected.is_empty() {
            write!(f, ", expected {expected}")?;
        }
        if let Some(suggestion) = suggestion {
            write!(f, "; {suggestion}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Problems {
    /// One problem a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
