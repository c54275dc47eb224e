//! The main job in one go, on a simulated academy: simulate, train, score, report.

use std::fmt;
use std::path::{Path, PathBuf};

use contract::Kit;
use domain::Day;
use serde::Serialize;

use crate::Project;
use crate::error::Error;
use crate::output::{OutputError, write_whole};
use crate::progress::Progress;
use crate::start::{Academy, Simulated, simulate_academy};
use crate::{report, score, train};

/// What the demo made, and where.
#[derive(Serialize)]
pub struct Demo {
    /// The academy.
    pub simulated: Simulated,
    /// The training.
    pub trained: train::Summary,
    /// The scores.
    pub scored: score::Summary,
    /// The contract.
    pub contract: PathBuf,
    /// The scores' file.
    pub scores: PathBuf,
    /// The report's file.
    pub report: PathBuf,
    /// A subject worth explaining: the first of the list.
    pub first: Option<String>,
}

/// Simulates an academy in `out`, learns from it, scores its last day and writes the report.
pub fn demo(students: u32, seed: u64, end: Day, out: &Path, progress: &dyn Progress) -> Result<Demo, Error> {
    let (contract, data) = (out.join("holdfast.toml"), out.join("data"));
    let taken = std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    if taken && !contract.exists() {
        return Err(Error::FolderTaken(out.to_owned()));
    }
    let simulated = simulate_academy(&Academy { students, seed, end }, &data, progress)?;
    // Only the contract's template makes the demo a project like any other.
    let template = Kit::Academy.template().ok_or(Error::NoTemplate)?;
    write_whole(&contract, |file| std::io::Write::write_all(file, template.as_bytes()))?;
    let project = Project::open(out, None, None)?;
    let trained = train::train(&project, seed, progress)?;
    let (scores, page) = (out.join("scores.csv"), out.join("report.html"));
    let scored = score::score(&project, end, &scores, progress)?;
    report::report(&project, end, &page, progress)?;
    let first = first_subject(&scores)?;
    Ok(Demo { simulated, trained, scored, contract, scores, report: page, first })
}

fn first_subject(scores: &Path) -> Result<Option<String>, Error> {
    let failed = |source| OutputError::Write { path: scores.to_owned(), source };
    let mut reader = csv::Reader::from_path(scores).map_err(|error| failed(error.into()))?;
    let first = reader.records().next().transpose().map_err(|error| failed(error.into()))?;
    Ok(first.and_then(|record| record.get(0).map(str::to_owned)))
}

impl fmt::Display for Demo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "simulated {}\n", self.simulated)?;
        writeln!(f, "{}", self.trained)?;
        writeln!(f, "{}", self.scored)?;
        writeln!(f, "look at:")?;
        writeln!(f, "  {}   who to call today and why; opens in any browser", self.report.display())?;
        writeln!(f, "  {}    the same for programs", self.scores.display())?;
        writeln!(f, "  {}  what the data means: map your own columns there", self.contract.display())?;
        if let Some(first) = &self.first {
            let folder = self.contract.parent().unwrap_or(Path::new("."));
            writeln!(f, "\nthen try:  holdfast explain {first} -C {} --as-of {}", folder.display(), self.scored.cutoff)?;
        }
        Ok(())
    }
}
