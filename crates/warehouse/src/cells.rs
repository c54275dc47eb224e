//! What is wrong with the cells of a table, counted over the rows that may be seen and no others: what is known only
//! later must neither stop a run of today nor change what it says.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::UInt64Type;
use tables::rows::bad_cells;
use tables::{Finding, Kind, Place, Topic};

use crate::error::Error;

/// More bad cells than this share of a needed column stop the run.
const MOST_BAD: f64 = 0.05;
/// More than this share of a column that a model learned from stops the scoring.
const MOST_UNREADABLE: f64 = 0.5;
/// Bad cells that a finding names.
const MOST_NAMED: usize = 5;
/// Unknown spellings that are kept.
const MOST_SPELLINGS: usize = 1000;

/// Which rows of a batch may be seen.
pub(crate) enum Seen {
    All,
    Rows(Vec<bool>),
}

/// What is counted while a table is read.
pub(crate) struct CellTally {
    columns: Vec<ColumnTally>,
    /// By column with levels, how its texts are spelt.
    pub spellings: BTreeMap<String, SpellingTally>,
    /// Rows that may be seen.
    pub rows: u64,
}

/// How the texts of a column with levels are spelt.
#[derive(Default)]
pub(crate) struct SpellingTally {
    pub filled: u64,
    /// Cells that spell no level.
    pub unknown: u64,
    /// What stands in them, the first of the alphabet.
    pub first: BTreeSet<String>,
}

struct ColumnTally {
    name: String,
    kind: Kind,
    filled: u64,
    bad: u64,
    /// The first bad cells by row.
    samples: BTreeSet<(u64, String)>,
}

impl Seen {
    pub(crate) fn holds(&self, row: usize) -> bool {
        match self {
            Self::All => true,
            Self::Rows(rows) => rows[row],
        }
    }

    fn count(&self, rows: usize, is_counted: impl Fn(usize) -> bool) -> u64 {
        (0..rows).filter(|row| self.holds(*row) && is_counted(*row)).count() as u64
    }
}

impl CellTally {
    /// A tally of columns by name and kind.
    pub(crate) fn new<'a>(columns: impl Iterator<Item = (&'a str, Kind)>) -> Self {
        let column = |(name, kind): (&str, Kind)| ColumnTally {
            name: name.to_owned(),
            kind,
            filled: 0,
            bad: 0,
            samples: BTreeSet::new(),
        };
        Self { columns: columns.map(column).collect(), spellings: BTreeMap::new(), rows: 0 }
    }

    /// Counts the rows of a batch that may be seen: its columns as they were read, and the notes on bad cells.
    pub(crate) fn add(&mut self, columns: &[ArrayRef], rows: &ArrayRef, bad: &ArrayRef, seen: &Seen) {
        self.rows += seen.count(rows.len(), |_| true);
        for (tally, array) in self.columns.iter_mut().zip(columns) {
            tally.filled += match (seen, array.null_count()) {
                (Seen::All, nulls) => (array.len() - nulls) as u64,
                (Seen::Rows(_), _) => seen.count(array.len(), |row| array.is_valid(row)),
            };
        }
        if bad.null_count() == bad.len() {
            return;
        }
        let rows = rows.as_primitive::<UInt64Type>();
        for (row, noted) in bad.as_string::<i32>().iter().enumerate() {
            for (column, cell) in noted.filter(|_| seen.holds(row)).into_iter().flat_map(bad_cells) {
                self.columns[column].add(rows.value(row), cell);
            }
        }
    }

    /// Counts the texts of a column with levels, which are empty where they spell one, and remembers the others.
    pub(crate) fn add_spellings(&mut self, column: &str, unknown: &ArrayRef, seen: &Seen) {
        if unknown.null_count() == unknown.len() {
            return;
        }
        let spellings = self.spellings.entry(column.to_owned()).or_default();
        for (row, text) in unknown.as_string::<i32>().iter().enumerate() {
            let Some(text) = text.filter(|_| seen.holds(row)) else { continue };
            spellings.filled += 1;
            spellings.unknown += u64::from(!text.is_empty());
            if text.is_empty() || spellings.first.contains(text) {
                continue;
            }
            // The first in the alphabet are kept, whatever order batches come in.
            spellings.first.insert(text.to_owned());
            if spellings.first.len() > MOST_SPELLINGS {
                spellings.first.pop_last();
            }
        }
    }

    /// # Errors
    ///
    /// Too many bad cells in a column that nothing works without, or, where a model learned from the columns, in any: its
    /// score would rest on a column that is as good as not there.
    pub(crate) fn judge(
        &self,
        place: &Place,
        needed: &BTreeSet<String>,
        are_learned: bool,
        findings: &mut Vec<Finding>,
    ) -> Result<(), Error> {
        for column in self.columns.iter().filter(|column| column.bad > 0) {
            let finding = column.finding(place, needed.contains(&column.name), are_learned);
            if finding.severity == tables::Severity::Error {
                return Err(finding.into());
            }
            findings.push(finding);
        }
        Ok(())
    }
}

impl ColumnTally {
    fn add(&mut self, row: u64, cell: &str) {
        self.filled += 1;
        self.bad += 1;
        self.samples.insert((row, cell.to_owned()));
        if self.samples.len() > MOST_NAMED {
            self.samples.pop_last();
        }
    }

    fn finding(&self, place: &Place, is_needed: bool, is_learned: bool) -> Finding {
        let (row, cell) = self.samples.first().cloned().unwrap_or_default();
        let more: Vec<String> =
            self.samples.iter().skip(1).filter(|(row, _)| *row > 0).map(|(row, _)| row.to_string()).collect();
        let also = if more.is_empty() { String::new() } else { format!(", also rows {}", more.join(", ")) };
        let place = place.clone().at_row(row).in_column(&self.name);
        let message = format!("{} of {} cells are not {}: {cell}{also}", self.bad, self.filled, self.kind.said());
        if is_needed && self.bad as f64 > MOST_BAD * self.filled as f64 {
            let advice = "more than 5% of a needed column: mend the column, or state its type, csv.date_format or csv.decimal in the contract";
            return Finding::error(Topic::BadCell, place, message, advice);
        }
        if is_learned && self.bad as f64 > MOST_UNREADABLE * self.filled as f64 {
            let advice = format!(
                "the model learned from this column as {}, and a score without it would be wrong: mend the column, or train again on data that is written so",
                self.kind.said()
            );
            return Finding::error(Topic::BadCell, place, message, advice);
        }
        let advice = "the cells count as empty: mend them in the source, or state the column's type in the contract";
        Finding::warning(Topic::BadCell, place, message, advice)
    }
}
