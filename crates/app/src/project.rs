//! A contract with the places it speaks of.

use std::path::{Path, PathBuf};

use contract::{Contract, LoadError};
use jiff::tz::TimeZone;
use narrate::{ActionWords, Labels, Narrator};

use crate::error::Error;

/// An organisation's contract, where its tables are, and where its model lies.
pub struct Project {
    /// What the data means.
    pub contract: Contract,
    /// The folder of the contract; relative paths start here.
    pub folder: PathBuf,
    /// The folder to look for table files in, when it is not the contract's.
    pub data: Option<PathBuf>,
    /// The folder of the model.
    pub model: PathBuf,
}

impl Project {
    /// Reads `holdfast.toml` in `folder`. `data` replaces the contract's folder of tables, `model` the folder `model`.
    pub fn open(folder: &Path, data: Option<&Path>, model: Option<&Path>) -> Result<Self, Error> {
        let contract = contract::load(folder).map_err(|error| match error {
            LoadError::Read { path, source } if source.kind() == std::io::ErrorKind::NotFound => {
                Error::NoContract(path)
            }
            other => other.into(),
        })?;
        // The contract may also be named as a file.
        let folder = if folder.is_file() { folder.parent().unwrap_or(Path::new(".")) } else { folder };
        Ok(Self {
            contract,
            folder: folder.to_owned(),
            data: data.map(Path::to_owned),
            model: model.map_or_else(|| folder.join("model"), Path::to_owned),
        })
    }

    /// Writes in the contract's language and words.
    pub fn narrator(&self) -> Result<Narrator, Error> {
        let contract = &self.contract;
        let actions = contract.actions.iter().map(|planned| {
            let label = planned.labels.get(contract.locale).map(str::to_owned);
            (planned.action.id.clone(), ActionWords { label, cost: planned.action.cost })
        });
        let families = contract
            .tables
            .iter()
            .filter_map(|table| Some((table.family.clone(), table.labels.get(contract.locale)?.to_owned())));
        let labels = Labels { actions: actions.collect(), families: families.collect() };
        Ok(Narrator::new(contract.locale, contract.currency, labels)?)
    }

    /// The zone in which days begin and end.
    pub fn time_zone(&self) -> &TimeZone {
        &self.contract.time_zone
    }
}
