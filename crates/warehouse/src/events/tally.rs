//! What is counted while a table of events is read, and what is said about it.

use domain::Day;
use rustc_hash::FxHashSet;

use crate::error::Error;
use crate::finding::{Finding, Topic, shown};
use crate::table::TypedTable;

/// Keys that a finding names.
const MOST_NAMED: usize = 3;
/// A table in which more than this share of the rows has no subject is read by the wrong key.
const MOST_ORPHANS: f64 = 0.5;

/// What is counted while reading.
#[derive(Default)]
pub(super) struct Tally {
    pub orphans: u64,
    pub orphan_keys: Vec<(u64, String)>,
    pub without_subject: u64,
    pub without_time: u64,
    pub first_without_time: u64,
    pub later: u64,
    pub first_later: Option<(u64, Day)>,
    pub first: Option<Day>,
    pub last: Option<Day>,
    pub newest: Option<Day>,
    pub seen_keys: FxHashSet<u64>,
    pub duplicates: u64,
    pub first_duplicate: Option<(u64, String)>,
    pub has_records: bool,
}

impl Tally {
    pub(super) fn see_orphan(&mut self, row: u64, key: &str) {
        self.orphans += 1;
        if self.orphan_keys.len() < MOST_NAMED {
            self.orphan_keys.push((row, shown(key)));
        }
    }

    pub(super) fn report(
        &self,
        table: &TypedTable<'_>,
        rows: u64,
        as_of: Option<Day>,
        findings: &mut Vec<Finding>,
    ) -> Result<(), Error> {
        let place = || table.place();
        if rows == 0 {
            let advice = "no features come of it; check the export and the table's `rows` condition";
            findings.push(Finding::warning(Topic::EmptyTable, place(), "the table has no rows", advice));
        }
        if self.orphans > 0 {
            let (row, _) = self.orphan_keys[0];
            let keys: Vec<&str> = self.orphan_keys.iter().map(|(_, key)| key.as_str()).collect();
            let message = format!(
                "{} of {rows} rows are about subjects that are not in the subjects' table: {}",
                self.orphans,
                keys.join(", ")
            );
            if self.orphans as f64 > MOST_ORPHANS * rows as f64 {
                let advice =
                    format!("check tables.{}.subject: it must hold the keys of the subjects' table", table.table.name);
                return Err(Finding::error(Topic::Orphans, place().at_row(row), message, advice).into());
            }
            let advice = "the rows are left out; export the subjects they belong to if they matter";
            findings.push(Finding::warning(Topic::Orphans, place().at_row(row), message, advice));
        }
        if self.without_subject > 0 {
            let message = format!("{} of {rows} rows name no subject and are left out", self.without_subject);
            findings.push(Finding::warning(Topic::EmptyKey, place(), message, "fill in the subject's key"));
        }
        if self.without_time > 0 {
            let message = format!("{} of {rows} rows have no time and are left out", self.without_time);
            let advice = format!("fill in the time, or state another tables.{}.at", table.table.name);
            findings.push(Finding::warning(Topic::NoTime, place().at_row(self.first_without_time), message, advice));
        }
        if let (Some((row, day)), Some(as_of)) = (self.first_later, as_of) {
            let message = format!("{} of {rows} rows are later than {as_of}, the first of them on {day}", self.later);
            let advice = "they are not known yet and are left out; rows that are only planned need not be exported";
            findings.push(Finding::info(Topic::Future, place().at_row(row), message, advice));
        }
        if let Some((row, key)) = &self.first_duplicate {
            let message = format!("{} of {rows} rows repeat a key, the first is {key}", self.duplicates);
            let place = place().at_row(*row);
            findings.push(if self.has_records {
                let advice = "of rows with one key the latest recorded by the cutoff stands: nothing to do if they are corrections";
                Finding::info(Topic::DuplicateKey, place, message, advice)
            } else {
                let advice = format!("every row counts; state tables.{}.recorded_at if they are corrections, else remove the repeats", table.table.name);
                Finding::warning(Topic::DuplicateKey, place, message, advice)
            });
        }
        Ok(())
    }
}
