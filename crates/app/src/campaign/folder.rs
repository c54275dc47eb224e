//! The folder of a learned campaign: what is in it and how it is read again.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use effect::EffectModel;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::CampaignError;
use super::table::Feature;

/// What was learned, and of what.
pub(super) const MANIFEST: &str = "campaign.json";
/// Effects on the outcome.
pub(super) const MODEL: &str = "effects.json";
/// Effects on the value, where a column of values was named.
pub(super) const VALUE_MODEL: &str = "value_effects.json";
pub(super) const PAGE: &str = "report.html";
pub(super) const NUMBERS: &str = "report.json";
pub(super) const SEGMENTS: &str = "segments.csv";
/// Version of the manifest's form.
const FORMAT: u32 = 1;

/// What a campaign was learned from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: u32,
    pub(super) subject: String,
    pub(super) treatment: String,
    pub(super) control: String,
    pub(super) outcome: String,
    pub(super) value: Option<String>,
    pub(super) features: Vec<Feature>,
    /// The average outcome without action, against which a client comes anyway or not.
    pub(super) average_base: f64,
}

impl Manifest {
    pub(super) fn format() -> u32 {
        FORMAT
    }
}

/// A model that was read again.
pub(super) struct Campaign {
    pub(super) manifest: Manifest,
    pub(super) model: EffectModel,
    pub(super) value_model: Option<EffectModel>,
}

/// Writes a part as JSON.
pub(super) fn write_json(path: &Path, value: &impl Serialize) -> Result<(), CampaignError> {
    let failed = |problem| CampaignError::from(whole::WriteError::unchanged(path, problem));
    let mut file = BufWriter::new(File::create(path).map_err(failed)?);
    serde_json::to_writer(&mut file, value).map_err(|error| failed(error.into()))?;
    file.write_all(b"\n").and_then(|()| file.flush()).map_err(failed)
}

/// Whether a folder may be replaced: it is not there, or holds nothing but a campaign that was learned before.
pub(super) fn check_place(folder: &Path) -> Result<(), CampaignError> {
    let ours = [MANIFEST, MODEL, VALUE_MODEL, PAGE, NUMBERS, SEGMENTS];
    let is_ours = |entry: std::io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| ours.iter().any(|name| entry.file_name() == *name))
    };
    let is_free = match fs::read_dir(folder) {
        Ok(mut entries) => entries.all(is_ours),
        Err(_) => !folder.exists(),
    };
    if is_free { Ok(()) } else { Err(CampaignError::FolderTaken(folder.to_owned())) }
}

/// Reads a folder again.
pub(super) fn open(folder: &Path) -> Result<Campaign, CampaignError> {
    let manifest: Manifest = read_json(&folder.join(MANIFEST))?;
    if manifest.format != FORMAT {
        let problem = format!("has format {}, this program reads {FORMAT}: learn the campaign again", manifest.format);
        return Err(CampaignError::Model { path: folder.join(MANIFEST), problem });
    }
    let model = |name: &str| {
        let path = folder.join(name);
        let model: EffectModel = read_json(&path)?;
        model.check().map_err(|problem| CampaignError::Effects { path, problem })?;
        Ok::<_, CampaignError>(model)
    };
    let value_model = manifest.value.is_some().then(|| model(VALUE_MODEL)).transpose()?;
    Ok(Campaign { model: model(MODEL)?, value_model, manifest })
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, CampaignError> {
    let wrong = |problem: String| CampaignError::Model { path: path.to_owned(), problem };
    let file = File::open(path).map_err(|error| wrong(error.to_string()))?;
    serde_json::from_reader(BufReader::new(file)).map_err(|error| wrong(error.to_string()))
}
