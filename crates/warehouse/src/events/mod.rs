//! Tables of events: rows about subjects with a time, handed batch by batch to the as-of engine.

mod plan;
pub(crate) mod tally;

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::RangeInclusive;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array};
use arrow::compute::{filter, nullif};
use arrow::datatypes::{Float64Type, TimestampMicrosecondType, UInt64Type};
use arrow::record_batch::RecordBatch;
use asof::{Batch, Events, EventsBuilder, NO_SUBJECT, TableDef};
use contract::Origin;
use domain::{Day, Moment};
pub(crate) use plan::{kind_of, state_columns};
use tables::Finding;

use crate::cells::Seen;
use crate::error::Error;
use crate::events::plan::{Plan, plan};
use crate::events::tally::Tally;
use crate::load::TableSummary;
use crate::people::People;
use crate::table::TypedTable;

/// Years that rows of events are expected to be of; others are typing errors or stand for "no date".
const USUAL_YEARS: RangeInclusive<i16> = 1990..=2100;

/// A table of events, read.
pub(crate) struct Read {
    pub events: Events,
    pub summary: TableSummary,
    /// The newest day that something certainly happened on: due dates ahead do not count.
    pub newest: Option<Day>,
    /// Subject and day of every row, for an outcome by inactivity.
    pub days: Vec<(u32, Day)>,
}

/// What reading is to keep besides the events.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Keep {
    /// Subject and day of every row.
    pub days: bool,
    /// Which keys stand in more than one row.
    pub duplicates: bool,
    /// How many rows are later than may be seen.
    pub later: bool,
}

/// Whether the columns that a table cannot do without are there; an optional table that lacks an assumed one is passed
/// over with a finding.
pub(crate) fn is_usable(table: &TypedTable<'_>, findings: &mut Vec<Finding>) -> bool {
    let needed = [("subject", Some(&table.table.subject)), ("at", table.table.at.as_ref())];
    for (word, reference) in needed {
        let Some(reference) = reference else { continue };
        if !reference.assumed || table.table.required || table.has(&reference.origin) {
            continue;
        }
        let Origin::Column(name) = &reference.origin else { continue };
        let mut finding = table.unknown_column(name, &format!("tables.{}.{word}", table.table.name));
        finding.severity = tables::Severity::Warning;
        finding.message.push_str("; the table is left out");
        findings.push(finding);
        return false;
    }
    true
}

/// Reads a table. Rows later than `as_of`, and what they reveal later, do not exist: they are not even counted, but
/// where `keep` asks for it. A row whose own time cannot be read has no place in time. It is left out of the events and
/// counts as seen: an export whose dates have become unreadable must not pass for one without rows.
pub(crate) async fn read(
    table: &TypedTable<'_>,
    people: &People,
    as_of: Option<Day>,
    keep: Keep,
    findings: &mut Vec<Finding>,
) -> Result<Read, Error> {
    let plan = plan(table, findings)?;
    let def = TableDef {
        name: table.table.name.clone(),
        columns: plan.columns.iter().map(|column| column.def.clone()).collect(),
    };
    let names = def.columns.iter().map(|column| column.name.clone()).collect();
    let to_error = |error: asof::BuildError| Error::Features(error.to_string());
    let mut reader = Reader {
        builder: EventsBuilder::new(def, people.keys.len()).map_err(to_error)?,
        plan: &plan,
        people,
        limit: as_of.map(|day| domain::Cutoff(day).moment()),
        keep,
        tally: Tally::default(),
        days: Vec::new(),
    };
    let mut needed = BTreeSet::new();
    for at in [Some(plan.subject), Some(plan.at), plan.recorded_at].into_iter().flatten() {
        needed.extend(plan.outputs[at].expr.column_refs().into_iter().map(|column| column.name.clone()));
    }
    let rows = table.read(&plan.outputs, &needed, findings, |batch| reader.push(batch)).await?;
    let Reader { builder, tally, days, .. } = reader;
    let later = as_of.filter(|_| keep.later);
    tally.report(table, rows, later, findings)?;
    let events = builder.finish().map_err(to_error)?;
    let place = table.place();
    let summary = TableSummary {
        name: table.table.name.clone(),
        source: place.file.unwrap_or(place.table),
        rows,
        columns: names,
        first: tally.first,
        last: tally.last,
    };
    Ok(Read { events, summary, newest: tally.newest, days })
}

/// Reads a table for what is wrong with its columns and cells, without knowing the subjects.
pub(crate) async fn look_at(
    table: &TypedTable<'_>,
    as_of: Option<Day>,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    let plan = plan(table, findings)?;
    let limit = as_of.map_or(i64::MAX, |day| domain::Cutoff(day).moment().0);
    let mut needed = BTreeSet::new();
    for at in [Some(plan.subject), Some(plan.at), plan.recorded_at].into_iter().flatten() {
        needed.extend(plan.outputs[at].expr.column_refs().into_iter().map(|column| column.name.clone()));
    }
    let rows = table
        .read(&plan.outputs, &needed, findings, |batch| {
            let at = batch.column(plan.at).as_primitive::<TimestampMicrosecondType>();
            Ok(Seen::Rows(at.iter().map(|at| at.is_none_or(|at| at <= limit)).collect()))
        })
        .await?;
    Tally::default().report(table, rows, None, findings)
}

struct Reader<'a> {
    builder: EventsBuilder,
    plan: &'a Plan,
    people: &'a People,
    limit: Option<Moment>,
    keep: Keep,
    tally: Tally,
    days: Vec<(u32, Day)>,
}

impl Reader<'_> {
    fn push(&mut self, batch: &RecordBatch) -> Result<Seen, Error> {
        let mut arrays: Vec<ArrayRef> = batch.columns().to_vec();
        let mut rows =
            arrays.pop().unwrap_or_else(|| arrow::array::new_null_array(&arrow::datatypes::DataType::UInt64, 0));
        let (mut codes, kept, seen) = self.kept(&arrays, rows.as_primitive::<UInt64Type>());
        let failed = |error: arrow::error::ArrowError| Error::Features(error.to_string());
        if kept.true_count() < kept.len() {
            for array in &mut arrays {
                *array = filter(array, &kept).map_err(failed)?;
            }
            rows = filter(&rows, &kept).map_err(failed)?;
            let mut is_kept = kept.values().iter();
            codes.retain(|_| is_kept.next() == Some(true));
        }
        self.hide_later(&mut arrays).map_err(failed)?;
        self.see_negative_amounts(&arrays, rows.as_primitive::<UInt64Type>());
        self.count_days(&arrays, &codes).map_err(failed)?;
        let plan = self.plan;
        let keys = plan.key.filter(|_| plan.recorded_at.is_some()).map(|at| hashed(&arrays[at]));
        let columns: Vec<ArrayRef> = plan.columns.iter().map(|column| arrays[column.at].clone()).collect();
        let batch = Batch {
            subjects: &codes,
            at: &arrays[plan.at],
            recorded_at: plan.recorded_at.map(|at| &arrays[at]),
            key: keys.as_ref(),
            columns: &columns,
        };
        self.builder.push(&batch).map_err(|error| Error::Features(error.to_string()))?;
        Ok(seen)
    }

    /// The subject of every row, which rows the engine gets, and which may be seen. The engine gets no row without a
    /// time, none that is later than may be seen, and one without a known subject only where it may correct another.
    fn kept(&mut self, arrays: &[ArrayRef], rows: &arrow::array::UInt64Array) -> (Vec<u32>, BooleanArray, Seen) {
        let plan = self.plan;
        let subjects = arrays[plan.subject].as_string::<i32>();
        let at = arrays[plan.at].as_primitive::<TimestampMicrosecondType>();
        let recorded = plan.recorded_at.map(|at| arrays[at].as_primitive::<TimestampMicrosecondType>());
        let may_correct = plan.recorded_at.is_some() && plan.key.is_some();
        let mut codes = Vec::with_capacity(subjects.len());
        let mut kept = Vec::with_capacity(subjects.len());
        let mut seen = Vec::new();
        let mut last: Option<(&str, u32)> = None;
        for row in 0..subjects.len() {
            let entered = recorded.filter(|r| r.is_valid(row)).map_or(i64::MIN, |r| r.value(row));
            let known_at = if at.is_valid(row) { entered.max(at.value(row)) } else { entered };
            if self.limit.is_some_and(|limit| known_at > limit.0) {
                seen.resize(row, true);
                seen.push(false);
                self.tally.see_later(rows.value(row), Moment(known_at).day());
                codes.push(NO_SUBJECT);
                kept.push(false);
                continue;
            }
            if at.is_null(row) {
                self.tally.without_time.see(rows.value(row), "");
                codes.push(NO_SUBJECT);
                kept.push(false);
                continue;
            }
            let day = Moment(at.value(row)).day();
            if !USUAL_YEARS.contains(&day.date().year()) {
                self.tally.odd_times.see(rows.value(row), &day.to_string());
            }
            let code = if subjects.is_null(row) {
                self.tally.without_subject.see(rows.value(row), "");
                NO_SUBJECT
            } else {
                let key = subjects.value(row);
                // Rows of a subject often stand together.
                let code = match last {
                    Some((known, code)) if known == key => code,
                    _ => self.people.codes.get(key).copied().unwrap_or(NO_SUBJECT),
                };
                last = Some((key, code));
                if code == NO_SUBJECT && !self.people.later.contains(key) {
                    self.tally.orphans.see(rows.value(row), key);
                }
                code
            };
            if code != NO_SUBJECT && self.keep.duplicates {
                self.see_key(arrays, row, rows.value(row));
            }
            codes.push(code);
            kept.push(code != NO_SUBJECT || may_correct);
        }
        let seen = if seen.is_empty() {
            Seen::All
        } else {
            seen.resize(subjects.len(), true);
            Seen::Rows(seen)
        };
        (codes, BooleanArray::from(kept), seen)
    }

    fn see_negative_amounts(&mut self, arrays: &[ArrayRef], rows: &arrow::array::UInt64Array) {
        for column in self.plan.columns.iter().filter(|column| column.is_money) {
            let amounts = arrays[column.at].as_primitive::<Float64Type>();
            for (amount, row) in amounts.iter().zip(rows.values()) {
                if let Some(amount) = amount.filter(|amount| *amount < 0.0) {
                    let negative = self.tally.negative.entry(column.def.name.clone()).or_default();
                    negative.see(*row, &amount.to_string());
                }
            }
        }
    }

    fn see_key(&mut self, arrays: &[ArrayRef], row: usize, file_row: u64) {
        let Some(at) = self.plan.key else { return };
        let keys = arrays[at].as_string::<i32>();
        self.tally.has_records = self.plan.recorded_at.is_some();
        if keys.is_valid(row) && !self.tally.seen_keys.insert(hash(keys.value(row)) as u64) {
            self.tally.duplicates.see(file_row, keys.value(row));
        }
    }

    /// Empties cells that are revealed later than may be seen.
    fn hide_later(&self, arrays: &mut [ArrayRef]) -> Result<(), arrow::error::ArrowError> {
        let Some(limit) = self.limit else { return Ok(()) };
        // Masks first: a moment that reveals itself is emptied too.
        let mut masks: Vec<(usize, BooleanArray)> = Vec::new();
        for column in &self.plan.columns {
            let Some(reveals) = &column.def.reveals else { continue };
            let Some(by) = self.plan.columns.iter().find(|other| other.def.name == *reveals) else { continue };
            let moments = arrays[by.at].as_primitive::<TimestampMicrosecondType>();
            let is_later: BooleanArray = moments.iter().map(|at| Some(at.is_none_or(|at| at > limit.0))).collect();
            masks.push((column.at, is_later));
        }
        for (at, mask) in masks {
            arrays[at] = nullif(&arrays[at], &mask)?;
        }
        Ok(())
    }

    fn count_days(&mut self, arrays: &[ArrayRef], codes: &[u32]) -> Result<(), arrow::error::ArrowError> {
        let plan = self.plan;
        let at = arrays[plan.at].as_primitive::<TimestampMicrosecondType>();
        // Rows about nobody that only correct others say nothing of when the data ends.
        let is_known: BooleanArray = codes.iter().map(|code| Some(*code != NO_SUBJECT)).collect();
        let range = |array: &ArrayRef| {
            let array = if is_known.has_false() { filter(array, &is_known)? } else { array.clone() };
            let moments = array.as_primitive::<TimestampMicrosecondType>();
            let least = arrow::compute::min(moments).map(|at| Moment(at).day());
            Ok::<_, arrow::error::ArrowError>((least, arrow::compute::max(moments).map(|at| Moment(at).day())))
        };
        let (least, most) = range(&arrays[plan.at])?;
        self.tally.first = self.tally.first.into_iter().chain(least).min();
        self.tally.last = self.tally.last.max(most);
        let revealing: Vec<usize> = plan
            .columns
            .iter()
            .filter(|column| column.def.reveals.as_ref() == Some(&column.def.name))
            .map(|column| column.at)
            .collect();
        // A row may be announced ahead of its time, a homework due next week: what is revealed has happened.
        let certain = match (plan.recorded_at, revealing.as_slice()) {
            (Some(recorded), _) => vec![recorded],
            (None, []) => vec![plan.at],
            (None, revealing) => revealing.to_vec(),
        };
        for at in certain {
            self.tally.newest = self.tally.newest.max(range(&arrays[at])?.1);
        }
        if self.keep.days {
            let known = codes.iter().zip(at.values()).filter(|(code, _)| **code != NO_SUBJECT);
            self.days.extend(known.map(|(code, at)| (*code, Moment(*at).day())));
        }
        Ok(())
    }
}

/// Keys as numbers: the engine only asks whether two are the same.
fn hashed(keys: &ArrayRef) -> ArrayRef {
    let keys: Int64Array = keys.as_string::<i32>().iter().map(|key| key.map(hash)).collect();
    std::sync::Arc::new(keys)
}

fn hash(key: &str) -> i64 {
    // Its keys are fixed: the same text gives the same number in every run.
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish().cast_signed()
}
