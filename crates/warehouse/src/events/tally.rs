//! What is counted while a table of events is read, and what is said about it.

use std::collections::{BTreeMap, BTreeSet};

use domain::Day;
use rustc_hash::FxHashSet;
use tables::finding::shown;
use tables::{Finding, Topic};

use crate::error::Error;
use crate::table::TypedTable;

/// Keys that a finding names.
const MOST_NAMED: usize = 3;
/// A table in which more than this share of the rows has no subject is read by the wrong key.
const MOST_ORPHANS: f64 = 0.5;

/// What is counted while reading.
#[derive(Default)]
pub(crate) struct Tally {
    /// Rows about subjects that there are not.
    pub orphans: Rows,
    pub without_subject: Rows,
    pub without_time: Rows,
    pub duplicates: Rows,
    /// Rows of years that nothing of the kind is of.
    pub odd_times: Rows,
    /// By column of money, rows with less than nothing.
    pub negative: BTreeMap<String, Rows>,
    later: u64,
    first_later: Option<(u64, Day)>,
    pub first: Option<Day>,
    pub last: Option<Day>,
    pub newest: Option<Day>,
    pub seen_keys: FxHashSet<u64>,
    pub has_records: bool,
}

/// Rows of a kind: how many, and the first of them with a cell of each, whatever order they come in.
#[derive(Default)]
pub(crate) struct Rows {
    pub count: u64,
    first: BTreeSet<(u64, String)>,
}

impl Rows {
    pub(crate) fn see(&mut self, row: u64, cell: &str) {
        self.count += 1;
        let is_full = self.first.len() == MOST_NAMED;
        if is_full && self.first.last().is_some_and(|(last, _)| *last <= row) {
            return;
        }
        self.first.insert((row, shown(cell)));
        if self.first.len() > MOST_NAMED {
            self.first.pop_last();
        }
    }

    pub(crate) fn first_row(&self) -> u64 {
        self.first.first().map_or(0, |(row, _)| *row)
    }

    pub(crate) fn cells(&self) -> String {
        self.first.iter().map(|(_, cell)| cell.as_str()).collect::<Vec<_>>().join(", ")
    }
}

impl Tally {
    pub(crate) fn see_later(&mut self, row: u64, day: Day) {
        self.later += 1;
        if self.first_later.is_none_or(|(first, _)| row < first) {
            self.first_later = Some((row, day));
        }
    }

    /// Says what was counted of so many rows; of later ones only where the day is given that they are later than.
    ///
    /// # Errors
    ///
    /// Most rows are about nobody.
    pub(crate) fn report(
        &self,
        table: &TypedTable<'_>,
        rows: u64,
        later_than: Option<Day>,
        findings: &mut Vec<Finding>,
    ) -> Result<(), Error> {
        let place = || table.place();
        let name = &table.table.name;
        if rows == 0 {
            let advice = "no features come of it; check the export and the table's `rows` condition";
            findings.push(Finding::warning(Topic::EmptyTable, place(), "the table has no rows", advice));
        }
        if self.orphans.count > 0 {
            let place = place().at_row(self.orphans.first_row());
            let message = format!(
                "{} of {rows} rows are about subjects that are not in the subjects' table: {}",
                self.orphans.count,
                self.orphans.cells()
            );
            let key = &table.table.subject_key;
            if self.orphans.count as f64 > MOST_ORPHANS * rows as f64 {
                let advice = format!("check {key}: it must hold the keys of the subjects' table");
                return Err(Finding::error(Topic::Orphans, place, message, advice).into());
            }
            let advice = "the rows are left out; export the subjects they belong to if they matter";
            findings.push(Finding::warning(Topic::Orphans, place, message, advice));
        }
        if self.without_subject.count > 0 {
            let message = format!("{} of {rows} rows name no subject and are left out", self.without_subject.count);
            let place = place().at_row(self.without_subject.first_row());
            findings.push(Finding::warning(Topic::EmptyKey, place, message, "fill in the subject's key"));
        }
        if self.without_time.count > 0 {
            let message = format!("{} of {rows} rows have no time and are left out", self.without_time.count);
            let advice = format!("fill in the time, or state another tables.{name}.at");
            let place = place().at_row(self.without_time.first_row());
            findings.push(Finding::warning(Topic::NoTime, place, message, advice));
        }
        if self.odd_times.count > 0 {
            let message = format!(
                "{} of {rows} rows are of before 1990 or after 2100: {}",
                self.odd_times.count,
                self.odd_times.cells()
            );
            let advice =
                format!("they count as they are: mend the dates, or leave such rows out by tables.{name}.rows");
            let place = place().at_row(self.odd_times.first_row());
            findings.push(Finding::warning(Topic::BadCell, place, message, advice));
        }
        for (column, negative) in &self.negative {
            let message = format!("{} of {rows} amounts are negative: {}", negative.count, negative.cells());
            let advice = format!("they count as they are: mend them, or leave refunds out by tables.{name}.rows");
            let place = place().at_row(negative.first_row()).in_column(column);
            findings.push(Finding::warning(Topic::BadCell, place, message, advice));
        }
        if let (Some((row, day)), Some(later_than)) = (self.first_later, later_than) {
            let message =
                format!("rows later than {later_than}: {}, in the file's order the first is of {day}", self.later);
            let advice = "they are not known yet and are left out; rows that are only planned need not be exported";
            findings.push(Finding::info(Topic::Future, place().at_row(row), message, advice));
        }
        if self.duplicates.count > 0 {
            let place = place().at_row(self.duplicates.first_row());
            let message =
                format!("{} of {rows} rows repeat a key, such as {}", self.duplicates.count, self.duplicates.cells());
            findings.push(if self.has_records {
                let advice = "of rows with one key the latest recorded by the cutoff stands: nothing to do if they are corrections";
                Finding::info(Topic::DuplicateKey, place, message, advice)
            } else {
                let advice = format!("every row counts; state tables.{name}.recorded_at if they are corrections, else remove the repeats");
                Finding::warning(Topic::DuplicateKey, place, message, advice)
            });
        }
        Ok(())
    }
}
