//! A model's folder: what was learned, how good it is, and what it was learned from. All of it is data.

use std::path::{Path, PathBuf};

use domain::{ActionId, Band, Family, Probability};
use learn::metrics::Measured;
use learn::{Evaluation, Model};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::output::{OutputError, write_whole};

const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
const MODEL: &str = "model.json";
const EVALUATION: &str = "evaluation.json";

/// Everything that scoring and reporting need from training.
pub struct Trained {
    /// The learner and its calibration.
    pub model: Model,
    /// How well it did on rows that it did not see; without the rows themselves.
    pub evaluation: Evaluation,
    /// Where it comes from.
    pub manifest: Manifest,
}

/// Where a model comes from, and what goes with it.
#[derive(Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this file's format.
    pub format: u32,
    /// The contract's name.
    pub organisation: String,
    /// Days of the horizon that the model was trained for.
    pub horizon_days: u16,
    /// Days of the gap before it.
    pub gap_days: u16,
    /// The types that columns had.
    pub schema: warehouse::Schema,
    /// What calling the riskiest share would have found, by rising share.
    pub called: Vec<Called>,
    /// What was done before and what came of it.
    pub outcomes: Vec<Outcome>,
}

/// What calling the riskiest share of subjects would have found, on rows kept apart.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Called {
    /// Share of rows called, 0.1 for a tenth.
    pub share: f64,
    /// Share of those called who left.
    pub precision: Measured,
    /// Share of all who left that were called.
    pub recall: Measured,
    /// Precision against the share that left overall.
    pub lift: Measured,
}

/// An action that was taken and what came of it, as the model's file keeps it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Outcome {
    action: String,
    family: Option<String>,
    band: String,
    risk: f64,
    stayed: bool,
    randomised: bool,
}

impl Outcome {
    pub(crate) fn new(logged: &decide::LoggedOutcome) -> Self {
        Self {
            action: logged.action.0.clone(),
            family: logged.family.as_ref().map(|family| family.0.to_string()),
            band: logged.band.as_str().to_owned(),
            risk: logged.risk.get(),
            stayed: logged.stayed,
            randomised: logged.randomised,
        }
    }

    pub(crate) fn logged(&self) -> decide::LoggedOutcome {
        decide::LoggedOutcome {
            action: ActionId(self.action.clone()),
            family: self.family.clone().map(|name| Family(name.into())),
            band: Band::ALL.into_iter().find(|band| band.as_str() == self.band).unwrap_or(Band::Low),
            risk: Probability::clamped(self.risk),
            stayed: self.stayed,
            randomised: self.randomised,
        }
    }
}

impl Manifest {
    /// Says where a model comes from.
    pub(crate) fn new(contract: &contract::Contract, schema: warehouse::Schema) -> Self {
        Self {
            format: FORMAT,
            organisation: contract.name.clone(),
            horizon_days: contract.horizon.days,
            gap_days: contract.horizon.gap_days,
            schema,
            called: Vec::new(),
            outcomes: Vec::new(),
        }
    }
}

/// Refuses a folder that holds something else than a model, so that nothing of the user's is overwritten.
pub(crate) fn refuse_foreign(folder: &Path) -> Result<(), Error> {
    let taken = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => folder.exists(),
    };
    if taken && !folder.join(MANIFEST).exists() { Err(Error::FolderTaken(folder.to_owned())) } else { Ok(()) }
}

/// Writes a model's folder. An older model there is replaced when the new one is whole on the disk.
pub fn save(folder: &Path, trained: &Trained) -> Result<(), Error> {
    refuse_foreign(folder)?;
    let failed = |problem| OutputError::Write { path: folder.to_owned(), problem };
    let place = std::path::absolute(folder).map_err(failed)?;
    let parent = place.parent().unwrap_or(&place);
    std::fs::create_dir_all(parent).map_err(failed)?;
    let around = tempfile::Builder::new().prefix(".holdfast-model-").tempdir_in(parent).map_err(failed)?;
    let fresh = around.path().join("new");
    std::fs::create_dir(&fresh).map_err(failed)?;
    let model = trained
        .model
        .to_json()
        .map_err(|error| Error::Model { path: fresh.join(MODEL), problem: error.to_string() })?;
    write_whole(&fresh.join(MODEL), |file| std::io::Write::write_all(file, model.as_bytes()))?;
    write_whole(&fresh.join(EVALUATION), |file| Ok(serde_json::to_writer(file, &trained.evaluation)?))?;
    write_whole(&fresh.join(MANIFEST), |file| Ok(serde_json::to_writer_pretty(file, &trained.manifest)?))?;
    if place.exists() {
        std::fs::rename(&place, around.path().join("old")).map_err(failed)?;
    }
    std::fs::rename(&fresh, &place).map_err(failed)?;
    Ok(())
}

/// Reads a model's folder.
pub fn open(folder: &Path) -> Result<Trained, Error> {
    let manifest: Manifest = from_json(&folder.join(MANIFEST))?;
    if manifest.format != FORMAT {
        let problem = format!("is of format {}, this program reads format {FORMAT}; train again", manifest.format);
        return Err(Error::Model { path: folder.join(MANIFEST), problem });
    }
    let path = folder.join(MODEL);
    let model = Model::from_json(&read(&path)?).map_err(|error| broken(path, &error))?;
    Ok(Trained { model, evaluation: from_json(&folder.join(EVALUATION))?, manifest })
}

fn from_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Error> {
    serde_json::from_str(&read(path)?).map_err(|error| broken(path.to_owned(), &error))
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|error| {
        let problem = match error.kind() {
            std::io::ErrorKind::NotFound => {
                "there is no model here; run `holdfast train` first, or name it with --model".to_owned()
            }
            _ => error.to_string(),
        };
        Error::Model { path: path.to_owned(), problem }
    })
}

fn broken(path: PathBuf, error: &dyn std::error::Error) -> Error {
    Error::Model { path, problem: format!("is not a whole model file ({error}); train again") }
}
