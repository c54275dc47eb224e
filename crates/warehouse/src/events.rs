//! Tables of events: rows about subjects with a time, handed batch by batch to the as-of engine.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, UInt32Array};
use arrow::compute::{filter, nullif};
use arrow::datatypes::{TimestampMicrosecondType, UInt64Type};
use arrow::record_batch::RecordBatch;
use asof::{Batch, ColumnDef, Events, EventsBuilder, NO_SUBJECT, TableDef};
use contract::{Column, ColumnRef, Kind as Meaning, Origin, Table};
use datafusion::logical_expr::Expr;
use domain::{Day, Moment};
use rustc_hash::FxHashSet;

use crate::error::Error;
use crate::finding::{Finding, Topic, shown};
use crate::kits;
use crate::load::TableSummary;
use crate::people::People;
use crate::schema::Kind;
use crate::table::{Output, TypedTable};

/// Keys that a finding names.
const MOST_NAMED: usize = 3;
/// A table in which more than this share of the rows has no subject is read by the wrong key.
const MOST_ORPHANS: f64 = 0.5;

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
}

/// A column of the answer.
struct Asked {
    def: ColumnDef,
    at: usize,
}

struct Plan {
    outputs: Vec<Output>,
    subject: usize,
    at: usize,
    recorded_at: Option<usize>,
    key: Option<usize>,
    columns: Vec<Asked>,
}

/// The kind of a column's meaning.
pub(crate) fn kind_of(meaning: Meaning) -> Kind {
    match meaning {
        Meaning::Number | Meaning::Money => Kind::Number,
        Meaning::Category => Kind::Text,
        Meaning::Moment => Kind::Moment,
        Meaning::Flag => Kind::Flag,
    }
}

/// Adds the kinds that a table's columns state for columns of its source.
pub(crate) fn state_columns(table: &Table, stated: &mut BTreeMap<String, Kind>) {
    let mut state = |reference: &ColumnRef, kind: Kind| {
        if let Origin::Column(name) = &reference.origin {
            stated.entry(name.clone()).or_insert(kind);
        }
    };
    state(&table.subject, Kind::Text);
    table.key.iter().for_each(|key| state(key, Kind::Text));
    table.at.iter().chain(&table.recorded_at).for_each(|at| state(at, Kind::Moment));
    for reveal in table.columns.iter().flat_map(|column| &column.reveals) {
        state(reveal, Kind::Moment);
    }
    for column in &table.columns {
        let kind = if column.levels.is_empty() { column.kind.map(kind_of) } else { Some(Kind::Text) };
        if let (Origin::Column(name), Some(kind)) = (&column.origin, kind) {
            stated.entry(name.clone()).or_insert(kind);
        }
    }
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
        finding.severity = crate::finding::Severity::Warning;
        finding.message.push_str("; the table is left out");
        findings.push(finding);
        return false;
    }
    true
}

/// Reads a table. Rows later than `as_of`, and what they reveal later, do not exist.
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
    tally.report(table, rows, as_of, findings)?;
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

fn plan(table: &TypedTable<'_>, findings: &mut Vec<Finding>) -> Result<Plan, Error> {
    let name = &table.table.name;
    let mut outputs = Vec::new();
    let mut add = |name: &str, expr: Expr, kind: Kind| {
        outputs.push(Output { expr, kind });
        outputs.len() - 1
    };
    let subject =
        add("subject", table.expr(&table.table.subject.origin, &format!("tables.{name}.subject"))?, Kind::Text);
    let Some(at_reference) = &table.table.at else {
        let advice = format!("state the column with the rows' time: [tables.{name}] at = \"...\"");
        return Err(
            Finding::error(Topic::NoTime, table.place(), "the contract says no time for its rows", advice).into()
        );
    };
    let at_expr = table.expr(&at_reference.origin, &format!("tables.{name}.at"))?;
    let at = add("at", at_expr.clone(), Kind::Moment);
    let present = |reference: &Option<ColumnRef>| reference.clone().filter(|r| !r.assumed || table.has(&r.origin));
    let recorded_at = match present(&table.table.recorded_at) {
        Some(r) => {
            Some(add("recorded_at", table.expr(&r.origin, &format!("tables.{name}.recorded_at"))?, Kind::Moment))
        }
        None => None,
    };
    let key = match present(&table.table.key) {
        Some(r) => Some(add("key", table.expr(&r.origin, &format!("tables.{name}.key"))?, Kind::Text)),
        None => None,
    };
    let mut columns: Vec<Asked> = Vec::new();
    for column in &table.table.columns {
        let Some((expr, kind)) = column_expr(table, column)? else { continue };
        let reveals = match reveal_of(table, column) {
            Reveal::Never => {
                let place = table.place().in_column(&column.name);
                let message = "it is not known when its values become known, so it is left out";
                let advice = format!("state it: tables.{name}.columns.{} = {{ reveals = \"...\" }}", column.name);
                findings.push(Finding::info(Topic::UnknownColumn, place, message, advice));
                continue;
            }
            Reveal::WithRow => None,
            Reveal::At(reference) => Some(reference),
        };
        let reveals = match reveals {
            None => None,
            Some(reference) => Some(revealing_column(table, reference, &mut columns, &mut add)?),
        };
        let at = add(&column.name, expr, kind);
        let known = columns.iter_mut().find(|asked| asked.def.name == column.name);
        match known {
            // It was added as the one that reveals another.
            Some(known) => known.def.reveals = reveals,
            None => {
                columns.push(Asked { def: ColumnDef { name: column.name.clone(), kind: asof_kind(kind), reveals }, at })
            }
        }
    }
    if table.table.takes_other_numbers {
        for source in other_numbers(table) {
            let at = add(&source, table.expr(&Origin::Column(source.clone()), "")?, Kind::Number);
            columns.push(Asked { def: ColumnDef { name: source, kind: asof::Kind::Number, reveals: None }, at });
        }
    }
    let known: Vec<(String, Kind, Option<String>, usize)> = columns
        .iter()
        .map(|asked| (asked.def.name.clone(), warehouse_kind(asked.def.kind), asked.def.reveals.clone(), asked.at))
        .collect();
    let exprs: BTreeMap<String, kits::KnownColumn> = known
        .into_iter()
        .map(|(name, kind, reveals, at)| (name, kits::KnownColumn { expr: outputs[at].expr.clone(), kind, reveals }))
        .collect();
    for derived in kits::derived(table.table.role, &exprs, &at_expr) {
        outputs.push(Output { expr: derived.expr, kind: derived.kind });
        let def = ColumnDef { name: derived.name, kind: asof_kind(derived.kind), reveals: derived.reveals };
        columns.push(Asked { def, at: outputs.len() - 1 });
    }
    Ok(Plan { outputs, subject, at, recorded_at, key, columns })
}

/// The plan and kind of a column; nothing where the kit assumes it and the source lacks it.
fn column_expr(table: &TypedTable<'_>, column: &Column) -> Result<Option<(Expr, Kind)>, Error> {
    if column.assumed && !table.has(&column.origin) {
        return Ok(None);
    }
    let key = format!("tables.{}.columns.{}", table.table.name, column.name);
    let by_source = match &column.origin {
        Origin::Column(name) => table.formats.get(name).map(|format| format.kind),
        Origin::OneOf { .. } => Some(Kind::Flag),
        Origin::Expr(_) => None,
    };
    let kind = column.kind.map(kind_of).or(by_source).unwrap_or(Kind::Number);
    if kind == Kind::Text {
        return Ok(Some((table.category(&column.origin, &column.levels, &column.name)?, kind)));
    }
    Ok(Some((table.expr(&column.origin, &key)?, kind)))
}

enum Reveal<'a> {
    WithRow,
    At(&'a ColumnRef),
    Never,
}

fn reveal_of<'a>(table: &TypedTable<'_>, column: &'a Column) -> Reveal<'a> {
    if column.reveals.is_empty() {
        return Reveal::WithRow;
    }
    // A stated one that is absent is an error where it is planned.
    match column.reveals.iter().find(|reveal| !reveal.assumed || table.has(&reveal.origin)) {
        Some(reference) => Reveal::At(reference),
        None => Reveal::Never,
    }
}

/// The name of the moment column that reveals another, added if it is not there yet.
fn revealing_column(
    table: &TypedTable<'_>,
    reference: &ColumnRef,
    columns: &mut Vec<Asked>,
    add: &mut impl FnMut(&str, Expr, Kind) -> usize,
) -> Result<String, Error> {
    let same = table.table.columns.iter().find(|column| column.origin == reference.origin);
    let name = match (same, &reference.origin) {
        (Some(column), _) => column.name.clone(),
        (None, Origin::Column(source)) => source.clone(),
        (None, Origin::Expr(sql)) => sql.clone(),
        (None, Origin::OneOf { column, .. }) => column.clone(),
    };
    if !columns.iter().any(|asked| asked.def.name == name) {
        let expr = table.expr(&reference.origin, &format!("tables.{}.columns: reveals", table.table.name))?;
        let at = add(&name, expr, Kind::Moment);
        columns.push(Asked {
            def: ColumnDef { name: name.clone(), kind: asof::Kind::Moment, reveals: Some(name.clone()) },
            at,
        });
    }
    Ok(name)
}

/// Numbers of the source that nothing else uses.
fn other_numbers(table: &TypedTable<'_>) -> Vec<String> {
    let spec = table.table;
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let references = [Some(&spec.subject), spec.at.as_ref(), spec.recorded_at.as_ref(), spec.key.as_ref()];
    let origins = references.into_iter().flatten().map(|reference| &reference.origin);
    for origin in origins.chain(spec.columns.iter().map(|column| &column.origin)) {
        if let Origin::Column(name) = origin {
            used.insert(name);
        }
    }
    table
        .source_columns()
        .filter(|name| !used.contains(name) && !name.is_empty() && spec.column(name).is_none())
        .filter(|name| table.formats.get(*name).is_some_and(|f| f.kind == Kind::Number && !f.is_identifier))
        .map(str::to_owned)
        .collect()
}

fn asof_kind(kind: Kind) -> asof::Kind {
    match kind {
        Kind::Number => asof::Kind::Number,
        Kind::Text => asof::Kind::Category,
        Kind::Moment => asof::Kind::Moment,
        Kind::Flag => asof::Kind::Flag,
    }
}

fn warehouse_kind(kind: asof::Kind) -> Kind {
    match kind {
        asof::Kind::Number => Kind::Number,
        asof::Kind::Category => Kind::Text,
        asof::Kind::Moment => Kind::Moment,
        asof::Kind::Flag => Kind::Flag,
    }
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

/// What is counted while reading.
#[derive(Default)]
struct Tally {
    orphans: u64,
    orphan_keys: Vec<(u64, String)>,
    without_subject: u64,
    without_time: u64,
    first_without_time: u64,
    later: u64,
    first_later: Option<(u64, Day)>,
    first: Option<Day>,
    last: Option<Day>,
    newest: Option<Day>,
    seen_keys: FxHashSet<u64>,
    duplicates: u64,
    first_duplicate: Option<(u64, String)>,
    has_records: bool,
}

impl Reader<'_> {
    fn push(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let mut arrays: Vec<ArrayRef> = batch.columns().to_vec();
        let rows = arrays.pop().unwrap_or_else(|| arrow::array::new_null_array(&arrow::datatypes::DataType::UInt64, 0));
        let kept = self.kept(&arrays, rows.as_primitive::<UInt64Type>());
        let failed = |error: arrow::error::ArrowError| Error::Features(error.to_string());
        let is_whole = kept.iter().all(|code| *code != NO_SUBJECT);
        let mut codes = kept;
        if !is_whole {
            let mask = BooleanArray::from_iter(codes.iter().map(|code| Some(*code != NO_SUBJECT)));
            for array in &mut arrays {
                *array = filter(array, &mask).map_err(failed)?;
            }
            codes.retain(|code| *code != NO_SUBJECT);
        }
        self.hide_later(&mut arrays).map_err(failed)?;
        self.count_days(&arrays, &codes);
        let plan = self.plan;
        let keys =
            plan.key.filter(|_| plan.recorded_at.is_some() || self.keep.duplicates).map(|at| hashed(&arrays[at]));
        let columns: Vec<ArrayRef> = plan.columns.iter().map(|column| arrays[column.at].clone()).collect();
        let batch = Batch {
            subjects: &codes,
            at: &arrays[plan.at],
            recorded_at: plan.recorded_at.map(|at| &arrays[at]),
            key: keys.as_ref().filter(|_| plan.recorded_at.is_some()),
            columns: &columns,
        };
        self.builder.push(&batch).map_err(|error| Error::Features(error.to_string()))
    }

    /// The subject of every row, none where the row has no known subject, no time, or a later one than may be seen.
    fn kept(&mut self, arrays: &[ArrayRef], rows: &arrow::array::UInt64Array) -> Vec<u32> {
        let plan = self.plan;
        let subjects = arrays[plan.subject].as_string::<i32>();
        let at = arrays[plan.at].as_primitive::<TimestampMicrosecondType>();
        let recorded = plan.recorded_at.map(|at| arrays[at].as_primitive::<TimestampMicrosecondType>());
        let mut codes = Vec::with_capacity(subjects.len());
        let mut last: Option<(&str, u32)> = None;
        for row in 0..subjects.len() {
            let code = if subjects.is_null(row) {
                self.tally.without_subject += 1;
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
                    self.tally.see_orphan(rows.value(row), key);
                }
                code
            };
            if at.is_null(row) {
                self.tally.without_time += 1;
                if self.tally.first_without_time == 0 {
                    self.tally.first_without_time = rows.value(row);
                }
                codes.push(NO_SUBJECT);
                continue;
            }
            let known_at = recorded.filter(|r| r.is_valid(row)).map_or(i64::MIN, |r| r.value(row)).max(at.value(row));
            if self.limit.is_some_and(|limit| known_at > limit.0) {
                self.tally.later += 1;
                self.tally.first_later.get_or_insert((rows.value(row), Moment(at.value(row)).day()));
                codes.push(NO_SUBJECT);
                continue;
            }
            if code != NO_SUBJECT && self.keep.duplicates {
                self.see_key(arrays, row, rows.value(row));
            }
            codes.push(code);
        }
        codes
    }

    fn see_key(&mut self, arrays: &[ArrayRef], row: usize, file_row: u64) {
        let Some(at) = self.plan.key else { return };
        let keys = arrays[at].as_string::<i32>();
        self.tally.has_records = self.plan.recorded_at.is_some();
        if keys.is_valid(row) && !self.tally.seen_keys.insert(hash(keys.value(row)) as u64) {
            self.tally.duplicates += 1;
            self.tally.first_duplicate.get_or_insert_with(|| (file_row, shown(keys.value(row))));
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

    fn count_days(&mut self, arrays: &[ArrayRef], codes: &[u32]) {
        let plan = self.plan;
        let at = arrays[plan.at].as_primitive::<TimestampMicrosecondType>();
        let range = |array: &ArrayRef| {
            let moments = array.as_primitive::<TimestampMicrosecondType>();
            let least = arrow::compute::min(moments).map(|at| Moment(at).day());
            (least, arrow::compute::max(moments).map(|at| Moment(at).day()))
        };
        let (least, most) = range(&arrays[plan.at]);
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
            self.tally.newest = self.tally.newest.max(range(&arrays[at]).1);
        }
        if self.keep.days {
            self.days.extend(codes.iter().zip(at.values()).map(|(code, at)| (*code, Moment(*at).day())));
        }
    }
}

impl Tally {
    fn see_orphan(&mut self, row: u64, key: &str) {
        self.orphans += 1;
        if self.orphan_keys.len() < MOST_NAMED {
            self.orphan_keys.push((row, shown(key)));
        }
    }

    fn report(
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

/// Codes as an array, for tables that are kept as they are.
pub(crate) fn codes_of(people: &People, subjects: &ArrayRef) -> UInt32Array {
    subjects.as_string::<i32>().iter().map(|key| key.and_then(|key| people.codes.get(key).copied())).collect()
}
