//! Getting started: a contract to edit, a simulated academy or table of subscribers to try things on.

use std::fmt;
use std::path::{Path, PathBuf};

use contract::Kit;
use contract::kits::subscriber::{self, OwnTable};
use domain::{Day, Locale};
use serde::Serialize;
pub use warehouse::{Look, Question};
use worlds::{academy, subscribers};

use crate::error::Error;
use crate::progress::{Progress, Step};

/// Students in the sample that `holdfast new` writes: enough to train on, few enough to read.
const SAMPLE_STUDENTS: u32 = 400;
/// Subscribers in it.
const SAMPLE_SUBSCRIBERS: u32 = 2000;

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
    let Some((kit, template)) = kit else { return Err(Error::NoTemplate) };
    refuse_taken(folder)?;
    let data = folder.join("data");
    if kit == Kit::Subscriber {
        subscribers::write(SAMPLE_SUBSCRIBERS, 1, &data.join("subscribers.csv"))?;
    } else {
        academy::write(&academy::Settings::new(SAMPLE_STUDENTS, 1), &data, &mut |_, _| {})?;
        // The truth is for tests of the simulator; a sample that looks like an export has none.
        let truth = data.join("truth");
        std::fs::remove_dir_all(&truth).map_err(|source| Error::TruthStays { truth, source })?;
    }
    let contract = folder.join("holdfast.toml");
    whole::write_file(&contract, |file| std::io::Write::write_all(file, template.as_bytes()))?;
    Ok(Started { contract, data })
}

/// Where an organisation is: its language, time zone and money.
pub struct Home {
    /// What staff read.
    pub locale: Locale,
    /// IANA's name of the zone that times are meant in.
    pub time_zone: String,
    /// ISO 4217's code of the money.
    pub currency: String,
}

/// Writes a contract for a flat table of somebody's own into `folder`, which must not hold anything yet. The table stays
/// where it is.
pub fn new_for_table(folder: &Path, question: &Question<'_>, home: Home) -> Result<(PathBuf, Look), Error> {
    refuse_taken(folder)?;
    let look = warehouse::look(question)?;
    let file = std::path::absolute(question.file).unwrap_or_else(|_| question.file.to_owned());
    let name = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let text = subscriber::contract_for(&OwnTable {
        name: name(file.file_stem()),
        folder: file.parent().unwrap_or(Path::new(".")).to_owned(),
        file: name(file.file_name()),
        key: look.key.clone(),
        label: question.label.to_owned(),
        positive: look.positive.clone(),
        seen: format!("{} of {} rows", look.leaving, look.rows),
        locale: home.locale,
        time_zone: home.time_zone,
        currency: home.currency,
    });
    let contract = folder.join("holdfast.toml");
    // A file whose name the contract cannot hold is told before anything is written.
    contract::parse(&contract.display().to_string(), text.as_bytes()).map_err(contract::LoadError::from)?;
    whole::write_file(&contract, |file| std::io::Write::write_all(file, text.as_bytes()))?;
    Ok((contract, look))
}

fn refuse_taken(folder: &Path) -> Result<(), Error> {
    let is_taken = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if is_taken { Err(Error::FolderTaken(folder.to_owned())) } else { Ok(()) }
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
