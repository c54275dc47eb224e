//! A model's folder: what was learned, how good it is, and what it was learned from. All of it is data.

use std::io::Write;
use std::path::{Path, PathBuf};

use contract::Contract;
use domain::{ActionId, Band, Bands, Family, Probability};
use learn::metrics::Measured;
use learn::{Evaluation, HeldOut, Model};
use serde::{Deserialize, Serialize};

use crate::Project;
use crate::error::Error;
use crate::learned::LearnedColumns;

const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
const MODEL: &str = "model.json";
const EVALUATION: &str = "evaluation.json";
const HELD_OUT: &str = "held_out.json";
const FILES: [&str; 4] = [MANIFEST, MODEL, EVALUATION, HELD_OUT];

/// Why there is no model to use.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Nothing is there.
    #[error("{}: there is no model here; run `holdfast train` first, or name it with --model", .0.display())]
    Missing(PathBuf),
    /// Some of its files are there.
    #[error("{}: is missing from the model; put it back, or train again", .missing.display())]
    Incomplete {
        /// The file that is not there.
        missing: PathBuf,
    },
    /// A file where a folder should be.
    #[error("{}: is a file; name the model's folder with --model", .0.display())]
    IsFile(PathBuf),
    /// Something else lies in the folder, and writing the model would take it away.
    #[error(
        "{} holds {found:?}, which is no part of a model, and a new model would replace the whole folder: name another with \
         --model, or move that away first", .folder.display()
    )]
    Foreign {
        /// The folder asked for.
        folder: PathBuf,
        /// The first foreign entry in it.
        found: String,
    },
    /// The system does not let it be read.
    #[error("{}: cannot be read: {source}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Its content is not a model's.
    #[error("{}: is not a whole model file ({problem}); train again", .path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        problem: String,
    },
    /// It was written by another version.
    #[error("{}: is of format {found}, this program reads format {FORMAT}; train again", .path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
    },
    /// The learner could not be put into words.
    #[error("{}: the model could not be written: {problem}", .path.display())]
    Unwritable {
        /// The folder.
        path: PathBuf,
        /// Why.
        problem: learn::ModelFileError,
    },
}

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
    /// The label that it learned, where the outcome is one.
    #[serde(default)]
    pub target: Option<String>,
    /// From which probability a score is medium and high, where the contract leaves it to how many leave.
    #[serde(default)]
    pub bands: Option<[f64; 2]>,
    /// The tenures that it learned from.
    pub tenure_days: TenureDays,
    /// The types that columns had.
    pub schema: warehouse::Schema,
    /// The day, counted from 1970-01-01, by whose end everything it learned from was known; nothing where all was taken.
    #[serde(default)]
    pub as_of_day: Option<i32>,
    /// What calling the riskiest share would have found, by rising share.
    pub called: Vec<Called>,
    /// What was done before and what came of it.
    pub outcomes: Vec<Outcome>,
    /// What is known of the columns of a flat table.
    #[serde(default)]
    pub columns: LearnedColumns,
}

/// Scores of the rows that were kept apart in training, by their place in the table: a study judges by them.
#[derive(Serialize, Deserialize)]
pub struct HeldOutScores {
    /// Tells the table that rows are of.
    fingerprint: u64,
    row: Vec<u32>,
    probability: Vec<f64>,
    judged: Vec<bool>,
}

impl HeldOutScores {
    pub(crate) fn new(fingerprint: u64, rows: &[HeldOut]) -> Self {
        Self {
            fingerprint,
            row: rows.iter().map(|held| held.row).collect(),
            probability: rows.iter().map(|held| held.probability).collect(),
            judged: rows.iter().map(|held| held.judged).collect(),
        }
    }

    /// The rows, if they are of the table with this fingerprint.
    pub(crate) fn of(self, fingerprint: u64) -> Option<Vec<HeldOut>> {
        let rows = self.row.into_iter().zip(self.probability).zip(self.judged);
        let rows = rows.map(|((row, probability), judged)| HeldOut { row, probability, judged });
        (self.fingerprint == fingerprint).then(|| rows.collect())
    }
}

/// Days since a subject's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenureDays {
    /// The shortest.
    pub min: u16,
    /// The longest; no limit where there is none.
    pub max: Option<u16>,
}

impl TenureDays {
    /// Whether so many days are within.
    pub fn holds(self, days: i32) -> bool {
        days >= i32::from(self.min) && self.max.is_none_or(|max| days <= i32::from(max))
    }
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
    action: Option<String>,
    family: Option<String>,
    band: String,
    risk: f64,
    stayed: bool,
    randomised: bool,
    propensity: Option<f64>,
}

impl Outcome {
    pub(crate) fn new(logged: &decide::LoggedOutcome) -> Self {
        Self {
            action: logged.action.as_ref().map(|action| action.0.clone()),
            family: logged.family.as_ref().map(|family| family.0.to_string()),
            band: logged.band.as_str().to_owned(),
            risk: logged.risk.get(),
            stayed: logged.stayed,
            randomised: logged.randomised,
            propensity: logged.propensity.map(Probability::get),
        }
    }

    pub(crate) fn logged(&self) -> decide::LoggedOutcome {
        decide::LoggedOutcome {
            action: self.action.clone().map(ActionId),
            family: self.family.clone().map(|name| Family(name.into())),
            band: Band::ALL.into_iter().find(|band| band.as_str() == self.band).unwrap_or(Band::Low),
            risk: Probability::clamped(self.risk),
            stayed: self.stayed,
            randomised: self.randomised,
            propensity: self.propensity.map(Probability::clamped),
        }
    }
}

impl Trained {
    /// The contract as this model reads it: its own target, and its own bands where the contract states none.
    pub fn contract(&self, project: &Project) -> Result<Contract, Error> {
        let mut contract = project.contract.clone();
        if let Some(learned) = &self.manifest.target {
            if let Some(asked) = project.target.as_ref().filter(|asked| *asked != learned) {
                let model = project.model.clone();
                return Err(Error::OtherTarget { model, learned: learned.clone(), asked: asked.clone() });
            }
            if contract.target().is_none() {
                return Err(Error::NoLongerLabel { model: project.model.clone(), learned: learned.clone() });
            }
            // A contract that has forgotten the target still says what the columns mean; the label is not needed.
            _ = contract.choose_target(learned);
        }
        if let Some(bands) = self.manifest.bands.and_then(|[medium, high]| Bands::new(medium, high))
            && !contract.bands_are_stated
        {
            contract.bands = bands;
        }
        Ok(contract)
    }

    /// The features that the model looks at.
    pub fn features(&self) -> impl Iterator<Item = &str> {
        self.model.encoder.inputs().map(|column| column.name.as_str())
    }
}

impl Manifest {
    /// Says where a model comes from.
    pub(crate) fn new(contract: &Contract, schema: warehouse::Schema) -> Self {
        Self {
            format: FORMAT,
            organisation: contract.name.clone(),
            horizon_days: contract.horizon.days,
            gap_days: contract.horizon.gap_days,
            target: contract.target().map(|target| target.name.clone()),
            bands: None,
            tenure_days: TenureDays { min: contract.cutoffs.min_tenure_days, max: contract.cutoffs.max_tenure_days },
            schema,
            as_of_day: None,
            called: Vec::new(),
            outcomes: Vec::new(),
            columns: LearnedColumns::new(),
        }
    }
}

/// Refuses a place that holds something else than a model, so that nothing of the user's is overwritten.
pub(crate) fn refuse_foreign(folder: &Path) -> Result<(), Error> {
    if folder.is_file() {
        return Err(ModelError::IsFile(folder.to_owned()).into());
    }
    if !folder.exists() {
        return Ok(());
    }
    let unreadable = |source| ModelError::Unreadable { path: folder.to_owned(), source };
    let entries =
        std::fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>).map_err(unreadable)?;
    let is_ours = |entry: &std::fs::DirEntry| {
        let name = entry.file_name();
        (FILES.iter().any(|file| name == *file) || is_trees(&name.to_string_lossy())) && entry.path().is_file()
    };
    let foreign = entries.iter().filter(|entry| !is_ours(entry)).map(std::fs::DirEntry::file_name).min();
    match foreign {
        Some(found) => {
            let found = found.to_string_lossy().into_owned();
            Err(ModelError::Foreign { folder: folder.to_owned(), found }.into())
        }
        None => Ok(()),
    }
}

/// Whether a file has the name of a member's trees.
fn is_trees(name: &str) -> bool {
    let number = name.strip_prefix("trees_").and_then(|rest| rest.strip_suffix(".txt"));
    number.is_some_and(|number| number.parse::<u32>().is_ok())
}

/// Writes a model's folder. An older model there is replaced when the new one is whole on the disk.
pub fn save(folder: &Path, trained: &Trained, held_out: &HeldOutScores) -> Result<(), Error> {
    refuse_foreign(folder)?;
    let draft = whole::Draft::beside(folder)?;
    let path = |file: &str| draft.folder().join(file);
    let model =
        trained.model.to_files().map_err(|problem| ModelError::Unwritable { path: folder.to_owned(), problem })?;
    whole::write_file(&path(MODEL), |file| file.write_all(model.json.as_bytes()))?;
    for (name, text) in &model.trees {
        whole::write_file(&path(name), |file| file.write_all(text.as_bytes()))?;
    }
    whole::write_file(&path(EVALUATION), |file| Ok(serde_json::to_writer(file, &trained.evaluation)?))?;
    whole::write_file(&path(HELD_OUT), |file| Ok(serde_json::to_writer(file, held_out)?))?;
    whole::write_file(&path(MANIFEST), |file| Ok(serde_json::to_writer_pretty(file, &trained.manifest)?))?;
    Ok(draft.publish()?)
}

/// Reads a model's folder.
pub fn open(folder: &Path) -> Result<Trained, ModelError> {
    if folder.is_file() {
        return Err(ModelError::IsFile(folder.to_owned()));
    }
    let manifest: Manifest = from_json(&folder.join(MANIFEST))?;
    if manifest.format != FORMAT {
        return Err(ModelError::Format { path: folder.join(MANIFEST), found: manifest.format });
    }
    let model = learner(folder)?;
    Ok(Trained { model, evaluation: from_json(&folder.join(EVALUATION))?, manifest })
}

/// Reads only what scores and explains.
pub(crate) fn learner(folder: &Path) -> Result<Model, ModelError> {
    /// The folder is known only here.
    enum Problem {
        Content(learn::ModelFileError),
        File(ModelError),
    }
    impl From<learn::ModelFileError> for Problem {
        fn from(problem: learn::ModelFileError) -> Self {
            Self::Content(problem)
        }
    }
    let path = folder.join(MODEL);
    let text = read(&path)?;
    Model::from_files(&text, |name| read(&folder.join(name)).map_err(Problem::File)).map_err(|problem| match problem {
        Problem::Content(problem) => broken(path, &problem),
        Problem::File(problem) => problem,
    })
}

/// Reads only how the sources of a model were written.
pub(crate) fn schema(folder: &Path) -> Result<warehouse::Schema, ModelError> {
    #[derive(Deserialize)]
    struct Written {
        schema: warehouse::Schema,
    }
    from_json::<Written>(&folder.join(MANIFEST)).map(|manifest| manifest.schema)
}

/// Reads the scores of kept-apart rows.
pub fn held_out(folder: &Path) -> Result<HeldOutScores, ModelError> {
    from_json(&folder.join(HELD_OUT))
}

fn from_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, ModelError> {
    serde_json::from_str(&read(path)?).map_err(|error| broken(path.to_owned(), &error))
}

fn read(path: &Path) -> Result<String, ModelError> {
    std::fs::read_to_string(path).map_err(|source| {
        let folder = path.parent().unwrap_or(path);
        if source.kind() != std::io::ErrorKind::NotFound {
            return ModelError::Unreadable { path: path.to_owned(), source };
        }
        match FILES.iter().any(|file| folder.join(file).exists()) {
            true => ModelError::Incomplete { missing: path.to_owned() },
            false => ModelError::Missing(folder.to_owned()),
        }
    })
}

fn broken(path: PathBuf, error: &dyn std::error::Error) -> ModelError {
    ModelError::Broken { path, problem: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(folder: &Path) -> String {
        open(folder).err().expect("there is no model").to_string()
    }

    #[test]
    fn what_is_missing_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(said(folder.path()).contains("there is no model here; run `holdfast train` first"));
        assert!(said(&folder.path().join("nowhere")).contains("there is no model here"));
        std::fs::write(folder.path().join(EVALUATION), "{}").expect("written");
        let incomplete = said(folder.path());
        assert!(incomplete.contains("manifest.json: is missing from the model"), "{incomplete}");
        assert!(refuse_foreign(folder.path()).is_ok(), "what is left of a model may be replaced");
    }

    #[test]
    fn a_folder_with_anything_else_in_it_is_refused_and_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        for file in [MANIFEST, MODEL, EVALUATION, "trees_1.txt", "package.json"] {
            std::fs::write(folder.path().join(file), "{}").expect("written");
        }
        let refused = refuse_foreign(folder.path()).expect_err("refused").to_string();
        assert!(refused.contains("\"package.json\"") && refused.contains("--model"), "{refused}");
        std::fs::remove_file(folder.path().join("package.json")).expect("removed");
        assert!(refuse_foreign(folder.path()).is_ok());
    }

    #[test]
    fn a_file_is_no_model_and_is_not_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("model.json");
        std::fs::write(&file, "{}").expect("written");
        assert!(said(&file).contains("is a file; name the model's folder"), "{}", said(&file));
        let refused = refuse_foreign(&file).expect_err("refused").to_string();
        assert!(refused.contains("is a file; name the model's folder"), "{refused}");
    }
}
