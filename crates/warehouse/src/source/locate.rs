//! Finding the file or relation of a table.

use std::path::{Path, PathBuf};

use contract::{Table, TableSource};
use tables::finding::nearest;
use tables::{Finding, Place, Topic};

use crate::error::Error;
use crate::source::Folders;

/// Where a table is. Files come with the name shown in messages.
pub(crate) enum Located {
    /// Nowhere, and it need not be.
    Absent,
    /// A text file.
    Text(PathBuf, String),
    /// A Parquet file.
    Parquet(PathBuf, String),
    /// What stands after `FROM`.
    Relation(String),
}

/// Finds a table.
///
/// # Errors
///
/// A required table has no file; the message names the files that are there and look like it.
pub(crate) fn locate(table: &Table, folders: &Folders, has_database: bool) -> Result<Located, Error> {
    if let Some(file) = folders.input_of(table) {
        return Ok(located(file.to_owned(), file.display().to_string()));
    }
    let Some(data) = &folders.data else {
        return match &table.source {
            TableSource::Relation(relation) => Ok(Located::Relation(relation.clone())),
            TableSource::Query(query) => Ok(Located::Relation(format!("({query}) AS asked"))),
            TableSource::File { .. } if has_database => files(table, &folders.contract, &folders.contract),
            TableSource::File { .. } => Err(missing(table, &folders.contract).into()),
        };
    };
    files(table, data, &folders.contract)
}

fn files(table: &Table, data: &Path, contract: &Path) -> Result<Located, Error> {
    for folder in [data, contract] {
        for candidate in table.file_candidates() {
            let path = folder.join(&candidate);
            if !path.is_file() {
                continue;
            }
            return Ok(located(path, candidate));
        }
    }
    if table.required { Err(missing(table, data).into()) } else { Ok(Located::Absent) }
}

fn located(path: PathBuf, shown: String) -> Located {
    let is_parquet = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet"));
    if is_parquet { Located::Parquet(path, shown) } else { Located::Text(path, shown) }
}

/// An optional table that is not there, where a file looks like it.
pub(crate) fn misnamed(table: &Table, folders: &Folders) -> Option<Finding> {
    let folder = folders.data.as_ref()?;
    let near = files_near(table, folder);
    if near.is_empty() {
        return None;
    }
    let message = format!("the table is not there, so no features come of it; there is {}", near.join(" and "));
    let advice = format!("if that is it, name it in the contract: [tables.{}] file = \"{}\"", table.name, near[0]);
    Some(Finding::warning(Topic::MissingFile, Place::table(&table.name), message, advice))
}

/// Files of a folder that are named nearly as the table.
fn files_near(table: &Table, folder: &Path) -> Vec<String> {
    let mut there: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect())
        .unwrap_or_default();
    there.sort_unstable();
    let stem = |name: &str| name.split('.').next().unwrap_or(name).to_owned();
    let stems: Vec<String> = there.iter().map(|name| stem(name)).collect();
    let near = nearest(&table.name, stems.iter().map(String::as_str));
    there.iter().filter(|name| near.contains(&stem(name).as_str())).cloned().collect()
}

fn missing(table: &Table, folder: &Path) -> Finding {
    let candidates = table.file_candidates();
    let first = candidates.first().cloned().unwrap_or_else(|| table.name.clone());
    let place = Place::file(&table.name, &first);
    let near = files_near(table, folder);
    let looked = if candidates.len() > 1 {
        format!("none of {} is in {}", candidates.join(", "), folder.display())
    } else {
        format!("the file is not in {}", folder.display())
    };
    let advice = if !folder.is_dir() {
        "the folder does not exist: state source.path in the contract, or give the folder of the data".to_owned()
    } else if near.is_empty() {
        format!("put the file there, or name it in the contract: [tables.{}] file = \"...\"", table.name)
    } else {
        format!(
            "did you mean {}? name it in the contract: [tables.{}] file = \"{}\"",
            near.join(" or "),
            table.name,
            near[0]
        )
    };
    Finding::error(Topic::MissingFile, place, looked, advice)
}
