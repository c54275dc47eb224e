//! Where tables come from. Each source becomes a table of the session whose columns have the contract's types.
//!
//! To add one: a file here that gives an [`Opened`] with its columns and their kinds, and a provider of typed batches.

pub(crate) mod locate;
pub(crate) mod parquet;
pub(crate) mod postgres;
pub(crate) mod stream;
mod tls;

use std::path::{Path, PathBuf};

use contract::{Contract, Source, Table};
use domain::Locale;
use tables::dialect::{self, TextFile};
use tables::{ColumnFormat, Finding, Place, TextFormat};

use crate::error::Error;
use crate::load::Sources;
use crate::source::locate::Located;
pub(crate) use locate::misnamed;

/// Where to look for tables.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    /// The folder of the tables' files; nothing where tables are in a database.
    pub data: Option<PathBuf>,
    /// The contract's own folder.
    pub contract: PathBuf,
    /// The file that takes the place of a table, by its name.
    input: Option<(String, PathBuf)>,
}

/// A table's source, found and looked into.
pub(crate) struct Opened {
    /// Table and file, for findings.
    pub place: Place,
    /// Its columns in the source's order, with what they hold; kinds of text columns are settled later.
    pub columns: Vec<SourceColumn>,
    /// How to read it.
    pub medium: Medium,
}

/// A column of a source.
#[derive(Clone, Debug)]
pub(crate) struct SourceColumn {
    /// Its name there.
    pub name: String,
    /// What it holds, where the source itself says so.
    pub native: Option<ColumnFormat>,
}

/// How a source is read.
pub(crate) enum Medium {
    /// Delimited text.
    Text(TextFile),
    /// A Parquet file.
    Parquet(PathBuf),
    /// A relation or query of the database, as it stands after `FROM`.
    Postgres(String),
}

impl Folders {
    /// The folders of a contract; what `sources` names takes the place of the contract's own.
    pub(crate) fn new(contract: &Contract, sources: &Sources<'_>) -> Self {
        let data = match (sources.data, &contract.source) {
            (Some(data), _) => Some(data.to_owned()),
            (None, Source::Folder { path }) => Some(sources.contract_folder.join(path)),
            (None, Source::Postgres { .. }) => None,
        };
        let input = sources.input.map(|file| (contract.subjects_table().name.clone(), file.to_owned()));
        Self { data, contract: sources.contract_folder.to_owned(), input }
    }

    /// The file that takes the place of a table.
    pub(crate) fn input_of(&self, table: &Table) -> Option<&Path> {
        self.input.as_ref().filter(|(name, _)| *name == table.name).map(|(_, file)| file.as_path())
    }
}

/// Finds a table's source and looks into it; nothing where an optional table is not there.
pub(crate) async fn open(
    contract: &Contract,
    table: &Table,
    folders: &Folders,
    database: Option<&postgres::Database>,
    wanted: &[&str],
    kept: Option<&TextFormat>,
) -> Result<Option<Opened>, Error> {
    let opened = match locate::locate(table, folders, database.is_some())? {
        Located::Absent => return Ok(None),
        Located::Text(path, shown) => {
            let place = Place::file(&table.name, &shown);
            let region: Option<&[u8]> = (contract.locale != Locale::En).then_some(b"ru");
            let file = dialect::settle(&path, place.clone(), &table.csv, wanted, region, kept)?;
            check_header(&file)?;
            let columns = file.header.iter().map(|name| SourceColumn { name: name.clone(), native: None }).collect();
            Opened { place, columns, medium: Medium::Text(file) }
        }
        Located::Parquet(path, shown) => {
            let place = Place::file(&table.name, &shown);
            Opened { columns: parquet::columns(&path, &place)?, place, medium: Medium::Parquet(path) }
        }
        Located::Relation(relation) => {
            let Some(database) = database else { return Ok(None) };
            let Some(columns) = database.columns(table, &relation).await? else { return Ok(None) };
            Opened { place: Place::file(&table.name, &relation), columns, medium: Medium::Postgres(relation) }
        }
    };
    Ok(Some(opened))
}

/// A name in bytes that are no letters cannot be meant, nor a column that stands twice.
fn check_header(file: &TextFile) -> Result<(), Error> {
    if let Some(at) = file.header.iter().position(|name| name.contains(['\u{fffd}', '\0'])) {
        let message =
            format!("the name of column {} holds bytes that are no letters in {}", at + 1, file.encoding.name());
        let advice = "state the `encoding` that the file is in, such as windows-1251, or export it as UTF-8";
        let place = file.place.clone().at_row(file.skipped_records);
        return Err(Finding::error(tables::Topic::Encoding, place, message, advice).into());
    }
    let mut names: Vec<&str> = file.header.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) else { return Ok(()) };
    let place = file.place.clone().at_row(file.skipped_records).in_column(twice[0]);
    Err(Finding::error(tables::Topic::Structure, place, "two columns have this name", "rename one of them in the file")
        .into())
}
