//! A look at a flat table of somebody's own, before there is a contract for it: its key and its label.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use contract::CsvOptions;
use rustc_hash::FxHashSet;
use tables::finding::{nearest, shown};
use tables::rows::{Layout, for_each_record};
use tables::{Finding, Place, Topic, cell, dialect};

use crate::error::Error;

/// Values of a label that are told apart.
const MOST_VALUES: usize = 100;

/// What is asked about a table.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The file.
    pub file: &'a Path,
    /// The column that says who left.
    pub label: &'a str,
    /// The value that means so; the rarer of the two where it is not said.
    pub positive: Option<&'a str>,
    /// The column that tells rows apart; found where it is not said.
    pub key: Option<&'a str>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Rows.
    pub rows: u64,
    /// The column that tells rows apart.
    pub key: String,
    /// The value that means "left".
    pub positive: String,
    /// Rows that have it.
    pub leaving: u64,
    /// The other value, and rows that have it.
    pub other: (String, u64),
}

/// A column that has told all rows apart so far.
struct Candidate {
    column: usize,
    seen: FxHashSet<Vec<u8>>,
}

/// Looks at every row of a text file.
///
/// # Errors
///
/// A file that cannot be read, a column that is not there, a key that does not tell rows apart, a label that does not have
/// two values.
pub fn look(question: &Question<'_>) -> Result<Look, Error> {
    let shown_file = question.file.display().to_string();
    let place = Place::file("subscribers", &shown_file);
    if question.file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) {
        let advice = "start with `holdfast new subscriber DIR` and name the file in [tables.subscribers]";
        let message = "a contract is written for text files only";
        return Err(Finding::error(Topic::Unreadable, place, message, advice).into());
    }
    let wanted: Vec<&str> = [Some(question.label), question.key].into_iter().flatten().collect();
    let file = dialect::settle(question.file, place.clone(), &CsvOptions::default(), &wanted, None, None)?;
    let at = |name: &str, option: &str| {
        file.header.iter().position(|column| column == name).ok_or_else(|| -> Error {
            let near = nearest(name, file.header.iter().map(String::as_str));
            let advice = match near.as_slice() {
                [] => format!(
                    "name one of its columns with {option}: {}",
                    file.header[..file.header.len().min(30)].join(", ")
                ),
                near => format!("did you mean {}? say so with {option}", near.join(" or ")),
            };
            Finding::error(
                Topic::UnknownColumn,
                place.clone().at_row(1).in_column(name),
                "there is no such column",
                advice,
            )
            .into()
        })
    };
    let label = at(question.label, "--label")?;
    let key = question.key.map(|key| at(key, "--key")).transpose()?;
    let mut candidates: Vec<Candidate> = match key {
        Some(column) => vec![Candidate { column, seen: FxHashSet::default() }],
        None => (0..file.header.len())
            .filter(|&column| column != label && !file.header[column].is_empty())
            .map(|column| Candidate { column, seen: FxHashSet::default() })
            .collect(),
    };
    let mut rows = 0;
    let mut repeated: Option<(u64, String)> = None;
    let mut values: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let layout = Layout {
        place: place.clone(),
        delimiter: file.delimiter,
        header: file.header.clone(),
        skipped_records: file.skipped_records,
    };
    for_each_record(file.open()?, &layout, |row, record| {
        rows += 1;
        candidates.retain_mut(|candidate| {
            let cell = record[candidate.column].trim_ascii();
            // A number with a fraction is a measure, however distinct.
            let is_key =
                !cell.is_empty() && (key.is_some() || !is_measure(cell)) && candidate.seen.insert(cell.to_vec());
            if !is_key && key.is_some() {
                repeated = Some((row, String::from_utf8_lossy(cell).into_owned()));
            }
            is_key
        });
        let cell = String::from_utf8_lossy(&record[label]);
        let cell = cell.trim();
        if !cell::is_empty(cell) && (values.len() < MOST_VALUES || values.contains_key(cell)) {
            values.entry(cell.to_owned()).or_insert((0, row)).0 += 1;
        }
        ControlFlow::Continue(())
    })?;
    if rows == 0 {
        let advice = "export the table again: without rows there is nothing to look at";
        return Err(Finding::error(Topic::EmptyTable, place, "the table has a header and no rows", advice).into());
    }
    let Some(found) = best(&candidates, &file.header) else {
        return Err(no_key(&place, question.key, repeated).into());
    };
    let (positive, leaving, other) = positive(&values, question, &place)?;
    Ok(Look { rows, key: file.header[found].clone(), positive, leaving, other })
}

fn is_measure(cell: &[u8]) -> bool {
    let text = std::str::from_utf8(cell).unwrap_or_default();
    text.contains(['.', ',']) && cell::number(text, tables::Decimal::Point).is_some()
}

/// Of the columns that tell all rows apart, one that is named as keys are, else the first.
fn best(candidates: &[Candidate], header: &[String]) -> Option<usize> {
    let is_named_so = |column: usize| {
        let name = header[column].to_lowercase();
        name.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "id" | "key" | "код" | "номер"))
    };
    let mut columns = candidates.iter().map(|candidate| candidate.column);
    columns.clone().find(|&column| is_named_so(column)).or_else(|| columns.next())
}

fn no_key(place: &Place, asked: Option<&str>, repeated: Option<(u64, String)>) -> Finding {
    match (asked, repeated) {
        (Some(key), Some((row, cell))) => {
            let said =
                if cell.is_empty() { "is empty".to_owned() } else { format!("holds {} a second time", shown(&cell)) };
            let message = format!("the key {said}, so it does not tell rows apart");
            let advice = "keep one row per subscriber, or name another column with --key";
            Finding::error(Topic::DuplicateKey, place.clone().at_row(row).in_column(key), message, advice)
        }
        _ => {
            let advice =
                "add a column with another value in each row, such as the number of the row, and name it with --key";
            Finding::error(Topic::EmptyKey, place.clone(), "no column tells its rows apart", advice)
        }
    }
}

/// The value that means "left" with its rows, and the other with its own.
fn positive(
    values: &BTreeMap<String, (u64, u64)>,
    question: &Question<'_>,
    place: &Place,
) -> Result<(String, u64, (String, u64)), Error> {
    let mut named: Vec<(&String, u64, u64)> = values.iter().map(|(value, &(cells, row))| (value, cells, row)).collect();
    named.sort_by_key(|&(_, cells, row)| (cells, row));
    let told: Vec<String> = named
        .iter()
        .take(5)
        .map(|(value, cells, row)| format!("{} ({cells} cells, first in row {row})", shown(value)))
        .collect();
    let place = place.clone().in_column(question.label);
    let [rarer, commoner] = named.as_slice() else {
        let message = match named.len() {
            0 => "every cell of the label is empty".to_owned(),
            1 => format!("every cell of the label is {}", told[0]),
            _ => format!("the label has {} values where it should have two: {}", named.len(), told.join(", ")),
        };
        let advice = "name the column that says who left with --label; its cells hold one of two values, or nothing where it is not known";
        return Err(Finding::error(Topic::Outcome, place, message, advice).into());
    };
    let (left, stayed) = match question.positive {
        None => (rarer, commoner),
        Some(said) if rarer.0.eq_ignore_ascii_case(said) => (rarer, commoner),
        Some(said) if commoner.0.eq_ignore_ascii_case(said) => (commoner, rarer),
        Some(said) => {
            let message = format!("no cell of the label is {}; there is {}", shown(said), told.join(" and "));
            return Err(Finding::error(Topic::Outcome, place, message, "name one of them with --positive").into());
        }
    };
    Ok((left.0.clone(), left.1, (stayed.0.clone(), stayed.1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(text: &str, key: Option<&str>, positive: Option<&str>) -> Result<Look, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("clients.csv");
        std::fs::write(&file, text).expect("written");
        look(&Question { file: &file, label: "churn", positive, key }).map_err(|error| error.to_string())
    }

    const CLIENTS: &str = "city,charge,client_id,churn\nx,1.5,7,no\ny,2.5,8,yes\nx,3.5,9,no\n";

    #[test]
    fn the_key_and_the_rarer_value_are_found() {
        let found = looked(CLIENTS, None, None).expect("sound");
        assert_eq!(
            (found.key.as_str(), found.positive.as_str(), found.leaving, found.rows),
            ("client_id", "yes", 1, 3)
        );
        assert_eq!(looked(CLIENTS, None, Some("NO")).expect("sound").positive, "no");
    }

    #[test]
    fn what_cannot_be_is_said_with_its_place() {
        let said = looked(CLIENTS, Some("city"), None).expect_err("twice");
        assert!(said.contains("clients.csv, row 4, column city: the key holds 'x' a second time"), "{said}");
        let said = looked(CLIENTS, None, Some("gone")).expect_err("no such value");
        assert!(said.contains("no cell of the label is 'gone'") && said.contains("--positive"), "{said}");
        let said =
            looked(&CLIENTS.replace("client_id", "x").replace("churn", "churned"), None, None).expect_err("misspelt");
        assert!(said.contains("did you mean churned? say so with --label"), "{said}");
        let said = looked("a,churn\n1,x\n1,y\n", None, None).expect_err("no key");
        assert!(said.contains("no column tells its rows apart"), "{said}");
        let said = looked("a,churn\n1,x\n2,y\n3,z\n", None, None).expect_err("three values");
        assert!(said.contains("the label has 3 values"), "{said}");
    }
}
