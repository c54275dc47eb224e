//! Columns that say nothing, columns that only tell rows apart, and moments that lie ahead of their rows.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{concat, take};
use arrow::datatypes::{DataType, Float64Type, TimestampMicrosecondType};
use asof::{Events, Values};
use contract::{Contract, Origin};
use rustc_hash::FxHashSet;
use tables::{Finding, Kind, Place, Topic};

use crate::cells::Seen;
use crate::error::Error;
use crate::load::{Loaded, Opener, Sources, absent, connect};
use crate::people;
use crate::source::Folders;
use crate::table::Output;

/// A moment is a leak if it is later than its row's time in so many of the rows.
const SHARE_AHEAD: f64 = 0.2;

/// A column of the subjects' table as the source has it, in the order of the subjects.
pub(crate) struct RawColumn {
    pub name: String,
    pub values: Values,
    pub is_identifier: bool,
}

/// Every column of the subjects' table, of those subjects that were loaded.
pub(crate) async fn of_subjects(
    contract: &Contract,
    sources: &Sources<'_>,
    loaded: &Loaded,
) -> Result<Vec<RawColumn>, Error> {
    let session = crate::session::new();
    let folders = Folders::new(contract, sources);
    let database = connect(contract, &folders).await?;
    let opener = Opener {
        contract,
        session: &session,
        folders: &folders,
        database: database.as_ref(),
        schema: Some(&loaded.schema),
    };
    let table = contract.subjects_table();
    let Some(mut typed) = opener.open(table, &people::stated_kinds(contract)).await? else { return Err(absent(table)) };
    // The schema is of this very data: no model learned from it.
    typed.learned = None;
    let names: Vec<String> = typed.source_columns().map(str::to_owned).collect();
    let mut outputs =
        vec![Output { expr: typed.expr(&contract.subjects.key.origin, "subjects.key")?, kind: Kind::Text }];
    for name in &names {
        let expr = typed.expr(&Origin::Column(name.clone()), "")?;
        outputs.push(Output { expr, kind: typed.formats[name].kind });
    }
    let mut parts: Vec<Vec<ArrayRef>> = vec![Vec::new(); outputs.len()];
    // What is wrong with the cells was found by the load.
    let mut heard = Vec::new();
    typed
        .read(&outputs, &std::collections::BTreeSet::new(), &mut heard, |batch| {
            for (part, array) in parts.iter_mut().zip(batch.columns()) {
                part.push(Arc::clone(array));
            }
            Ok(Seen::All)
        })
        .await?;
    let failed =
        |error: arrow::error::ArrowError| Error::Engine { table: table.name.clone(), message: error.to_string() };
    let mut arrays = Vec::with_capacity(parts.len());
    for part in &parts {
        let slices: Vec<&dyn Array> = part.iter().map(AsRef::as_ref).collect();
        arrays.push(concat(&slices).map_err(failed)?);
    }
    let mut rows: Vec<(u32, u64)> = Vec::with_capacity(loaded.keys.len());
    for (row, key) in (0..).zip(arrays[0].as_string::<i32>()) {
        if let Some(code) = key.and_then(|key| loaded.code(key)) {
            rows.push((code, row));
        }
    }
    rows.sort_unstable();
    let order = arrow::array::UInt64Array::from_iter_values(rows.into_iter().map(|(_, row)| row));
    let mut columns = Vec::with_capacity(names.len());
    for (name, array) in names.into_iter().zip(&arrays[1..]) {
        let array = take(array, &order, None).map_err(failed)?;
        let is_identifier = typed.formats[&name].is_identifier;
        columns.push(RawColumn { name, values: values(&array)?, is_identifier });
    }
    Ok(columns)
}

fn values(array: &ArrayRef) -> Result<Values, Error> {
    Ok(match array.data_type() {
        DataType::Float64 => {
            Values::Number(array.as_primitive::<Float64Type>().iter().map(|v| v.unwrap_or(f64::NAN)).collect())
        }
        DataType::Boolean => {
            Values::Number(array.as_boolean().iter().map(|flag| flag.map_or(f64::NAN, f64::from)).collect())
        }
        DataType::Timestamp(..) => Values::Moment(
            array.as_primitive::<TimestampMicrosecondType>().iter().map(|v| v.unwrap_or(asof::NO_MOMENT)).collect(),
        ),
        _ => Values::from_arrow(asof::Kind::Category, &[Arc::clone(array)])
            .map_err(|error| Error::Features(error.to_string()))?,
    })
}

/// Columns that are empty or always the same, and those that were taken for identifiers.
pub(crate) fn dull_columns(contract: &Contract, loaded: &Loaded, raw: &[RawColumn]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let subjects = &contract.subjects_table().name;
    let is_ignored = |name: &str| contract.subjects.ignore.iter().any(|ignored| ignored == name);
    for column in raw.iter().filter(|column| !is_ignored(&column.name)) {
        let place = place(loaded, subjects).in_column(&column.name);
        if column.is_identifier && !is_key(contract, &column.name) {
            findings.push(people::key_like(place.clone()));
        }
        findings.extend(dull(&column.values, place));
    }
    for events in &loaded.events {
        for column in events.columns().iter().filter(|column| is_of_source(contract, loaded, events, &column.name)) {
            findings.extend(dull(&column.values, place(loaded, events.table()).in_column(&column.name)));
        }
    }
    findings
}

/// Whether a column of events stands in the source: what is only derived of others is not the reader's to mend.
fn is_of_source(contract: &Contract, loaded: &Loaded, events: &Events, name: &str) -> bool {
    let Some(source) = loaded.schema.tables.get(events.table()) else { return true };
    match contract.table(events.table()).and_then(|table| table.column(name)).map(|column| &column.origin) {
        Some(Origin::Column(column)) => source.contains_key(column),
        Some(Origin::Expr(_)) => true,
        Some(Origin::OneOf { .. }) => false,
        None => source.contains_key(name),
    }
}

fn is_key(contract: &Contract, name: &str) -> bool {
    let subjects = &contract.subjects;
    let references = [Some(&subjects.key), subjects.name.as_ref(), subjects.group.as_ref()];
    references.into_iter().flatten().any(|reference| reference.origin == Origin::Column(name.to_owned()))
}

fn dull(values: &Values, place: Place) -> Option<Finding> {
    if values.is_empty() {
        return None;
    }
    match distinct_up_to_two(values) {
        0 => Some(Finding::info(Topic::EmptyColumn, place, people::EMPTY, people::FILL_OR_IGNORE)),
        1 if !has_nulls(values) => {
            let advice = "nothing to learn from it; check that the export is not of one kind of rows only";
            Some(Finding::info(Topic::ConstantColumn, place, "every cell is the same", advice))
        }
        _ => None,
    }
}

fn distinct_up_to_two(values: &Values) -> usize {
    fn count<T: Eq + std::hash::Hash>(mut known: impl Iterator<Item = T>) -> usize {
        let mut seen = FxHashSet::default();
        while seen.len() < 2 {
            let Some(value) = known.next() else { break };
            seen.insert(value);
        }
        seen.len()
    }
    match values {
        Values::Number(numbers) => {
            count(numbers.iter().filter(|number| !number.is_nan()).map(|number| number.to_bits()))
        }
        Values::Category { codes, .. } => count(codes.iter().filter(|code| **code != asof::NO_LEVEL)),
        Values::Moment(moments) => count(moments.iter().filter(|at| **at != asof::NO_MOMENT)),
        Values::Flag(flags) => count(flags.iter().filter(|flag| **flag != asof::UNKNOWN)),
    }
}

fn has_nulls(values: &Values) -> bool {
    match values {
        Values::Number(numbers) => numbers.iter().any(|number| number.is_nan()),
        Values::Category { codes, .. } => codes.contains(&asof::NO_LEVEL),
        Values::Moment(moments) => moments.contains(&asof::NO_MOMENT),
        Values::Flag(flags) => flags.contains(&asof::UNKNOWN),
    }
}

/// Moments of events that are filled in after their rows, by no stated moment: later than what was due, or empty.
pub(crate) fn moments_ahead(contract: &Contract, loaded: &Loaded) -> Vec<Finding> {
    // What is due or planned is known ahead by its nature.
    const AHEAD_BY_NATURE: [&str; 4] = ["due", "deadline", "planned", "end"];
    let mut findings = Vec::new();
    for events in &loaded.events {
        let Some(table) = contract.table(events.table()) else { continue };
        let due = events.columns().iter().find_map(|column| match &column.values {
            Values::Moment(moments) if column.name.contains("due") => Some(moments),
            _ => None,
        });
        let Some(due) = due else { continue };
        for column in &table.columns {
            let Some(Values::Moment(at)) =
                events.columns().iter().find(|read| read.name == column.name).map(|read| &read.values)
            else {
                continue;
            };
            if !column.reveals.is_empty() || AHEAD_BY_NATURE.iter().any(|word| column.name.contains(word)) {
                continue;
            }
            let nulls = at.iter().filter(|at| **at == asof::NO_MOMENT).count();
            let later = at.iter().zip(due).filter(|(at, due)| **at != asof::NO_MOMENT && at > due).count();
            if nulls > 0 && (later + nulls) as f64 > SHARE_AHEAD * at.len() as f64 {
                let place = place(loaded, events.table()).in_column(&column.name);
                let message =
                    "it seems to be filled in after its row's time, so it knows the future of earlier cutoffs";
                let advice = format!("state when it becomes known: columns.{0} = {{ reveals = \"{0}\" }}", column.name);
                findings.push(Finding::warning(Topic::Leak, place, message, advice));
            }
        }
    }
    findings
}

/// A table's place, with its file.
pub(crate) fn place(loaded: &Loaded, table: &str) -> Place {
    let source = loaded.tables.iter().find(|summary| summary.name == table).map(|summary| summary.source.as_str());
    source.map_or_else(|| Place::table(table), |source| Place::file(table, source))
}
