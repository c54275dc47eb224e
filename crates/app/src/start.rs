//! Getting started: a contract to edit, a simulated academy to try things on.

use std::fmt;
use std::path::{Path, PathBuf};

use contract::Kit;
use domain::Day;
use serde::Serialize;
use worlds::academy;

use crate::error::Error;
use crate::progress::{Progress, Step};

/// Students in the sample that `holdfast new` writes: enough to train on, few enough to read.
const SAMPLE_STUDENTS: u32 = 400;

/// What [`new_project`] wrote.
pub struct Started {
    /// The contract.
    pub contract: PathBuf,
    /// The folder of sample tables.
    pub data: PathBuf,
}

/// Which academy to simulate.
pub struct Academy {
    /// How many students ever start.
    pub students: u32,
    /// Chooses the world.
    pub seed: u64,
    /// The last day of the data.
    pub end: Day,
}

/// What a simulation wrote.
#[derive(Serialize)]
pub struct Simulated {
    /// Students.
    pub students: u64,
    /// Rows of all tables.
    pub rows: u64,
    /// Bytes of all files.
    pub bytes: u64,
}

/// The JSON Schema of `holdfast.toml`.
pub fn contract_schema() -> serde_json::Value {
    contract::schema()
}

/// Writes a kit's contract and a sample of its tables into `folder`, which must not hold anything yet.
pub fn new_project(kit: &str, folder: &Path) -> Result<Started, Error> {
    let kit = Kit::parse(kit).and_then(|kit| Some((kit, kit.template()?)));
    let Some((_, template)) = kit else { return Err(Error::NoTemplate) };
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::FolderTaken(folder.to_owned()));
    }
    let data = folder.join("data");
    academy::write(&academy::Settings::new(SAMPLE_STUDENTS, 1), &data, &mut |_, _| {})?;
    // The truth is for tests of the simulator; a sample that looks like an export has none.
    let truth = data.join("truth");
    std::fs::remove_dir_all(&truth).map_err(|source| Error::TruthStays { truth, source })?;
    let contract = folder.join("holdfast.toml");
    whole::write_file(&contract, |file| std::io::Write::write_all(file, template.as_bytes()))?;
    Ok(Started { contract, data })
}

/// Simulates an academy and writes its tables into `out`, the truth below it.
pub fn simulate_academy(academy: &Academy, out: &Path, progress: &dyn Progress) -> Result<Simulated, Error> {
    let mut settings = academy::Settings::new(academy.students, academy.seed);
    let moved = academy.end.0 - settings.end.0;
    settings.cutoffs.iter_mut().for_each(|cutoff| *cutoff = cutoff.plus(moved));
    settings.end = academy.end;
    let summary =
        academy::write(&settings, out, &mut |done, total| progress.report(Step::Simulate, done, Some(total)))?;
    Ok(Simulated { students: summary.students, rows: summary.rows, bytes: summary.bytes })
}

impl fmt::Display for Simulated {
    #[expect(clippy::cast_precision_loss, reason = "megabytes, for reading")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} students, {} rows, {:.1} MB", self.students, self.rows, self.bytes as f64 / 1e6)
    }
}
