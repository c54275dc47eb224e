//! A contract with the places it speaks of.

use std::path::{Path, PathBuf};

use contract::{Contract, LoadError, Source, Table, TableSource};
use jiff::tz::TimeZone;
use narrate::{ActionWords, Labels, Narrator};
use warehouse::Sources;

use crate::error::Error;

/// An organisation's contract, where its tables are, and where its model lies.
pub struct Project {
    /// What the data means.
    pub contract: Contract,
    /// The folder of the contract; relative paths start here.
    pub folder: PathBuf,
    /// The contract's file.
    pub file: PathBuf,
    /// The folder to look for table files in, when it is not the contract's.
    pub data: Option<PathBuf>,
    /// A file to read in place of the subjects' table.
    pub input: Option<PathBuf>,
    /// The folder of the model.
    pub model: PathBuf,
    /// The label that was asked for by name; the contract has it chosen.
    pub target: Option<String>,
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
        let (folder, file) = match folder.is_file() {
            true => (folder.parent().unwrap_or(Path::new(".")), folder.to_owned()),
            false => (folder, folder.join(contract::FILE_NAME)),
        };
        Ok(Self {
            contract,
            folder: folder.to_owned(),
            file,
            data: data.map(Path::to_owned),
            input: None,
            model: model.map_or_else(|| folder.join("model"), Path::to_owned),
            target: None,
        })
    }

    /// The same with another label to learn, and with a file in place of the subjects' table.
    pub fn choose(mut self, target: Option<&str>, input: Option<&Path>) -> Result<Self, Error> {
        if let Some(name) = target {
            self.contract.choose_target(name)?;
            self.target = Some(name.to_owned());
        }
        self.input = input.map(Path::to_owned);
        Ok(self)
    }

    /// Where the tables are.
    pub(crate) fn sources(&self) -> Sources<'_> {
        Sources { contract_folder: &self.folder, data: self.data.as_deref(), input: self.input.as_deref() }
    }

    /// Writes in the contract's language and words.
    pub fn narrator(&self) -> Result<Narrator, Error> {
        let contract = &self.contract;
        let actions = contract.actions.iter().map(|planned| {
            let label = planned.labels.get(contract.locale).map(str::to_owned);
            let takes_money = contract.limits.budget.is_some() && planned.action.cost > domain::Money::default();
            let shares_means = takes_money || planned.uses.iter().any(|&amount| amount > 0);
            (planned.action.id.clone(), ActionWords { label, cost: planned.action.cost, shares_means })
        });
        let families = contract
            .tables
            .iter()
            .filter_map(|table| Some((table.family.clone(), table.labels.get(contract.locale)?.to_owned())));
        let labels = Labels { actions: actions.collect(), families: families.collect() };
        Ok(Narrator::new(contract.locale, contract.currency, labels)?)
    }

    /// Refuses to write results over each other, over what else was read for them, or over the project's own files.
    pub(crate) fn refuse_own_or_same(&self, outs: &[&Path], read: Option<&Path>) -> Result<(), Error> {
        for (at, out) in outs.iter().enumerate() {
            self.refuse_own(out)?;
            if let Some(read) = read.filter(|read| place(read) == place(out)) {
                return Err(Error::OverOwn { out: out.to_path_buf(), own: read.to_owned() });
            }
            if outs[..at].iter().any(|other| place(other) == place(out)) {
                return Err(Error::SameOut(out.to_path_buf()));
            }
        }
        Ok(())
    }

    /// Refuses to write results over what they are made from: the contract, its tables, or the model.
    pub(crate) fn refuse_own(&self, out: &Path) -> Result<(), Error> {
        let place = place(out);
        let tables = self.contract.tables.iter().flat_map(|table| self.files_of(table));
        let own = std::iter::once(self.file.clone())
            .chain(self.input.clone())
            .chain(tables)
            .find(|own| self::place(own) == place);
        let own = own.or_else(|| place.starts_with(self::place(&self.model)).then(|| self.model.clone()));
        own.map_or(Ok(()), |own| Err(Error::OverOwn { out: out.to_owned(), own }))
    }

    /// Files that a table may be read from, whether they are there or not.
    fn files_of(&self, table: &Table) -> Vec<PathBuf> {
        let data = match (&self.data, &self.contract.source) {
            (Some(data), _) => Some(data.clone()),
            (None, Source::Folder { path }) => Some(self.folder.join(path)),
            (None, Source::Postgres { .. }) => None,
        };
        let is_file = data.is_some() || matches!(table.source, TableSource::File { .. });
        let folders = data.into_iter().chain(is_file.then(|| self.folder.clone()));
        folders.flat_map(|folder| table.file_candidates().into_iter().map(move |file| folder.join(file))).collect()
    }

    /// Whether there is a page for staff: who to contact today and why. Other contracts have the analyst's study only.
    pub fn has_staff_page(&self) -> bool {
        self.contract.kit == contract::Kit::Academy
    }

    /// The zone in which days begin and end.
    pub fn time_zone(&self) -> &TimeZone {
        &self.contract.time_zone
    }
}

/// A path by which the same place is known as the same, whether something is there or not.
fn place(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // What is there may be reached by links; of what is not, the folder that is.
    for there in whole.ancestors() {
        if let (Ok(real), Ok(rest)) = (there.canonicalize(), whole.strip_prefix(there)) {
            return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
        }
    }
    whole
}
