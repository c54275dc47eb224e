//! The subjects' table: who there is, from when to when, and what is known of each from the start.
//!
//! Subjects are numbered by their keys in order, so that the order of a file does not matter. A subject who begins after
//! the as-of day does not exist yet. A moment in a column that is not the outcome says how long before the start it was,
//! and nothing where it is later: what happened after the start is not known at it.

mod ask;
mod label;
mod numbers;

use std::collections::BTreeSet;

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, StringArray, TimestampMicrosecondArray};
use arrow::compute::{concat, take};
use arrow::datatypes::{Float64Type, TimestampMicrosecondType, UInt64Type};
use arrow::record_batch::RecordBatch;
pub(crate) use ask::{EMPTY, FILL_OR_IGNORE, key_like, stated_kinds};
use asof::{Column, Subjects, Values};
use contract::{Contract, KeptValue, Origin, Outcome};
use domain::{Day, Moment, Money};
use rustc_hash::{FxHashMap, FxHashSet};
use tables::finding::shown;
use tables::{Finding, Kind, Place, Topic};

use crate::cells::Seen;
use crate::error::Error;
use crate::people::ask::{Asked, Attribute, ask};
use crate::table::TypedTable;

/// Rows that a finding about duplicates names.
const MOST_NAMED: usize = 5;

/// Everyone in the subjects' table.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    pub keys: Vec<String>,
    pub names: Vec<Option<String>>,
    pub groups: Option<Vec<Option<String>>>,
    pub kept_value: Vec<Money>,
    pub subjects: Subjects,
    /// Whether the contract's condition holds.
    pub may_leave: Vec<bool>,
    /// With a label outcome, whether each left; nothing where the label is empty.
    pub labels: Option<Vec<Option<bool>>>,
    /// For each opt-out of the contract, who asked.
    pub opted_out: Vec<Vec<bool>>,
    /// For each resource of the contract, whose it is for each subject; empty where it is one for all.
    pub pools: Vec<Vec<Option<String>>>,
    /// Whether the table says when each began.
    pub has_start: bool,
    /// Attributes that are moments and became days from 1970-01-01, as nobody has a start.
    pub dates: BTreeSet<String>,
    pub codes: FxHashMap<String, u32>,
    /// Keys of subjects who begin after the as-of day.
    pub later: FxHashSet<String>,
    pub rows: u64,
}

/// Reads the subjects.
///
/// # Errors
///
/// A key that stands in more than one row, a column that is not there, an empty table.
pub(crate) async fn read(
    contract: &Contract,
    table: &TypedTable<'_>,
    as_of: Option<Day>,
    findings: &mut Vec<Finding>,
) -> Result<People, Error> {
    let asked = ask(contract, table, findings)?;
    let mut needed = BTreeSet::new();
    for at in [Some(asked.key), asked.from, asked.until, asked.outcome].into_iter().flatten() {
        needed.extend(asked.outputs[at].expr.column_refs().into_iter().map(|column| column.name.clone()));
    }
    let mut parts: Vec<Vec<ArrayRef>> = vec![Vec::new(); asked.outputs.len() + 1];
    let rows = table
        .read(&asked.outputs, &needed, findings, |batch| {
            for (part, array) in parts.iter_mut().zip(batch.columns()) {
                part.push(array.clone());
            }
            Ok(begun(&asked, batch, as_of))
        })
        .await?;
    if parts[0].iter().all(Array::is_empty) {
        let advice = "export the table again: without subjects there is nobody to look at";
        return Err(
            Finding::error(Topic::EmptyTable, table.place(), "the table has a header and no rows", advice).into()
        );
    }
    let failed =
        |error: arrow::error::ArrowError| Error::Engine { table: table.table.name.clone(), message: error.to_string() };
    let mut arrays: Vec<ArrayRef> = Vec::with_capacity(parts.len());
    for part in &parts {
        let slices: Vec<&dyn Array> = part.iter().map(AsRef::as_ref).collect();
        arrays.push(concat(&slices).map_err(failed)?);
    }
    drop(parts);
    let mut later = FxHashSet::default();
    let order = settle_order(table, &asked, &arrays, as_of, &mut later, findings)?;
    let indices = arrow::array::UInt64Array::from(order);
    for array in &mut arrays {
        *array = take(array, &indices, None).map_err(failed)?;
    }
    note_worthless(table, contract, &asked, &arrays, findings);
    numbers::note(&table.place(), &asked, &arrays, findings);
    let labels = label::read(contract, table, &asked, &arrays)?;
    Ok(People { later, labels, ..people(contract, &asked, &arrays, as_of, rows)? })
}

/// Which rows of a batch are about subjects who have begun by the as-of day; one without a start may have.
fn begun(asked: &Asked, batch: &RecordBatch, as_of: Option<Day>) -> Seen {
    let (Some(as_of), Some(from)) = (as_of, asked.from) else { return Seen::All };
    let from = batch.column(from).as_primitive::<TimestampMicrosecondType>();
    Seen::Rows(from.iter().map(|from| from.is_none_or(|from| Moment(from).day() <= as_of)).collect())
}

/// Which rows stand, in the order of their keys: those with a key who have begun by the as-of day.
fn settle_order(
    table: &TypedTable<'_>,
    asked: &Asked,
    arrays: &[ArrayRef],
    as_of: Option<Day>,
    later: &mut FxHashSet<String>,
    findings: &mut Vec<Finding>,
) -> Result<Vec<u64>, Error> {
    let keys = arrays[asked.key].as_string::<i32>();
    let rows = arrays[arrays.len() - 1].as_primitive::<UInt64Type>();
    let from = asked.from.map(|at| arrays[at].as_primitive::<TimestampMicrosecondType>());
    let mut order: Vec<u64> = Vec::with_capacity(keys.len());
    let mut without_key: Vec<u64> = Vec::new();
    let mut without_start: Vec<u64> = Vec::new();
    for index in 0..keys.len() {
        let starts = from.filter(|from| from.is_valid(index)).map(|from| Moment(from.value(index)).day());
        if as_of.zip(starts).is_some_and(|(as_of, starts)| starts > as_of) {
            if keys.is_valid(index) {
                later.insert(keys.value(index).to_owned());
            }
            continue;
        }
        if keys.is_null(index) {
            without_key.push(rows.value(index));
            continue;
        }
        if from.is_some() && starts.is_none() {
            without_start.push(rows.value(index));
        }
        order.push(index as u64);
    }
    order.sort_by(|&a, &b| keys.value(a as usize).cmp(keys.value(b as usize)));
    refuse_duplicates(table, asked, keys, rows, &order)?;
    note_rows(
        findings,
        Topic::EmptyKey,
        table.place(),
        &mut without_key,
        "without a key, and left out",
        "fill in the key",
    );
    let message = "without a start: such subjects are never at risk";
    note_rows(
        findings,
        Topic::NoTime,
        table.place(),
        &mut without_start,
        message,
        "fill in the start, or state another subjects.from",
    );
    if order.is_empty() {
        let message = match as_of {
            Some(day) => format!("no subject has begun by {day}"),
            None => "no row has a key".to_owned(),
        };
        return Err(Finding::error(
            Topic::BeforeData,
            table.place(),
            message,
            "choose a later day, or check subjects.from",
        )
        .into());
    }
    Ok(order)
}

fn refuse_duplicates(
    table: &TypedTable<'_>,
    asked: &Asked,
    keys: &StringArray,
    rows: &arrow::array::UInt64Array,
    order: &[u64],
) -> Result<(), Error> {
    let mut twice = 0;
    let mut named: Vec<String> = Vec::new();
    let mut first_row = 0;
    for pair in order.windows(2) {
        let (a, b) = (pair[0] as usize, pair[1] as usize);
        if keys.value(a) != keys.value(b) {
            continue;
        }
        twice += 1;
        let (earlier, later) = (rows.value(a).min(rows.value(b)), rows.value(a).max(rows.value(b)));
        if named.len() < MOST_NAMED {
            let at = if later > 0 { format!(" in rows {earlier} and {later}") } else { String::new() };
            named.push(format!("{}{at}", shown(keys.value(a))));
        }
        if first_row == 0 {
            first_row = later;
        }
    }
    if twice == 0 {
        return Ok(());
    }
    let column = asked.outputs[asked.key].expr.column_refs().into_iter().map(|column| column.name.clone()).min();
    let mut place = table.place().at_row(first_row);
    place.column = column;
    let said = named.join(", ");
    let message = match twice {
        1 => format!("a key stands in more than one row: {said}"),
        _ => format!("keys stand in more than one row, {twice} times: {said}"),
    };
    let advice = "keep one row per subject, or state a subjects.key that tells the rows apart";
    Err(Finding::error(Topic::DuplicateKey, place, message, advice).into())
}

fn note_rows(findings: &mut Vec<Finding>, topic: Topic, place: Place, rows: &mut [u64], what: &str, advice: &str) {
    if rows.is_empty() {
        return;
    }
    rows.sort_unstable();
    let said: Vec<String> = rows.iter().take(MOST_NAMED).filter(|&&row| row > 0).map(u64::to_string).collect();
    let at = if said.is_empty() { String::new() } else { format!(" (rows {})", said.join(", ")) };
    findings.push(Finding::warning(
        topic,
        place.at_row(rows[0]),
        format!("{} {what}{at}", row_count(rows.len())),
        advice,
    ));
}

/// "1 row", "2 rows".
fn row_count(count: usize) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

/// What is said of subjects whose value cell is empty or negative.
fn note_worthless(
    table: &TypedTable<'_>,
    contract: &Contract,
    asked: &Asked,
    arrays: &[ArrayRef],
    findings: &mut Vec<Finding>,
) {
    let (Some(at), KeptValue::PerColumn { column, .. }) = (asked.value, &contract.value) else { return };
    let file_rows = arrays[arrays.len() - 1].as_primitive::<UInt64Type>();
    let mut rows: Vec<u64> =
        (0..arrays[at].len()).filter(|row| arrays[at].is_null(*row)).map(|row| file_rows.value(row)).collect();
    let place = match &column.origin {
        Origin::Column(name) => table.place().in_column(name),
        _ => table.place(),
    };
    let message = "without a value: keeping such subjects is worth nothing, so no action is advised for them";
    let advice = "fill in the value, or state another value.column in the contract";
    note_rows(findings, Topic::NoValue, place.clone(), &mut rows, message, advice);
    let values = arrays[at].as_primitive::<Float64Type>();
    let negative = values.iter().zip(file_rows.values()).filter(|(value, _)| value.is_some_and(|value| value < 0.0));
    let mut rows: Vec<u64> = negative.map(|(_, row)| *row).collect();
    let message = "with a negative value: keeping such subjects counts as a loss";
    let advice = "mend the value, or state another value.column in the contract";
    note_rows(findings, Topic::BadCell, place, &mut rows, message, advice);
}

fn people(
    contract: &Contract,
    asked: &Asked,
    arrays: &[ArrayRef],
    as_of: Option<Day>,
    rows: u64,
) -> Result<People, Error> {
    let keys: Vec<String> = texts(&arrays[asked.key]).into_iter().map(Option::unwrap_or_default).collect();
    let count = keys.len();
    let days = |at: Option<usize>| at.map_or_else(|| vec![None; count], |at| days(&arrays[at]));
    // Without a start everyone is there from the first day of time.
    let from = if asked.from.is_some() { days(asked.from) } else { vec![Some(Day(0)); count] };
    let mut subjects = Subjects { until: days(asked.until), left: vec![None; count], from, attributes: Vec::new() };
    if matches!(contract.outcome, Outcome::Date { .. }) {
        subjects.left = days(asked.outcome);
        for left in &mut subjects.left {
            *left = left.filter(|&left| as_of.is_none_or(|as_of| left <= as_of));
        }
    }
    for attribute in &asked.attributes {
        let column = attribute_column(attribute, arrays, &subjects.from, asked.from.is_some())?;
        subjects.attributes.push(column);
    }
    let groups = asked.group.map(|at| texts(&arrays[at]));
    if let Some(at) = asked.group {
        let values = values(asof::Kind::Category, arrays[at].clone())?;
        subjects.attributes.push(Column::new(GROUP, values));
    }
    let kept_value = match &contract.value {
        KeptValue::PerSubject(money) => vec![*money; count],
        KeptValue::PerColumn { times, .. } => {
            let at = asked.value.unwrap_or(asked.key);
            let numbers = arrays[at].as_primitive::<Float64Type>();
            numbers.iter().map(|number| Money::from_major(number.unwrap_or(0.0) * times)).collect()
        }
    };
    let may_leave = asked.may_leave.map_or_else(
        || vec![true; count],
        |at| arrays[at].as_boolean().iter().map(|holds| holds == Some(true)).collect(),
    );
    let names = asked.name.map_or_else(|| vec![None; count], |at| texts(&arrays[at]));
    // Whoever said nothing did not ask.
    let asked_for = |&at: &usize| arrays[at].as_boolean().iter().map(|holds| holds == Some(true)).collect();
    let opted_out = asked.opt_outs.iter().map(asked_for).collect();
    let pools = asked.pools.iter().map(|at| at.map_or_else(Vec::new, |at| texts(&arrays[at]))).collect();
    let codes = keys.iter().cloned().zip(0..).collect();
    Ok(People {
        keys,
        names,
        groups,
        kept_value,
        subjects,
        may_leave,
        labels: None,
        opted_out,
        pools,
        has_start: asked.from.is_some(),
        dates: match asked.from {
            Some(_) => BTreeSet::new(),
            None => {
                let moments = asked.attributes.iter().filter(|attribute| attribute.kind == Kind::Moment);
                moments.map(|attribute| attribute.name.clone()).collect()
            }
        },
        codes,
        later: FxHashSet::default(),
        rows,
    })
}

/// The attribute that holds the group, for features relative to it; never a feature itself.
pub(crate) const GROUP: &str = "__group";

/// What moments of a column become: days before the start.
pub(crate) const LEAD_DAYS: &str = ".lead_days";

fn attribute_column(
    attribute: &Attribute,
    arrays: &[ArrayRef],
    from: &[Option<Day>],
    has_start: bool,
) -> Result<Column, Error> {
    let array = &arrays[attribute.at];
    let known: Vec<bool> = match attribute.reveals {
        None => vec![true; array.len()],
        Some(at) => days(&arrays[at])
            .iter()
            .zip(from)
            .map(|(known, from)| known.zip(*from).is_some_and(|(k, f)| k <= f))
            .collect(),
    };
    let value = match attribute.kind {
        Kind::Number => {
            let numbers = array.as_primitive::<Float64Type>();
            let numbers: Float64Array =
                numbers.iter().zip(&known).map(|(number, known)| number.filter(|_| *known)).collect();
            values(asof::Kind::Number, std::sync::Arc::new(numbers))?
        }
        Kind::Flag => {
            let flags = array.as_boolean().iter().zip(&known);
            let numbers: Float64Array = flags.map(|(flag, known)| flag.filter(|_| *known).map(f64::from)).collect();
            values(asof::Kind::Number, std::sync::Arc::new(numbers))?
        }
        Kind::Text => {
            let said = array.as_string::<i32>().iter().zip(&known);
            let said: StringArray = said.map(|(text, known)| text.filter(|_| *known)).collect();
            values(asof::Kind::Category, std::sync::Arc::new(said))?
        }
        // Where nobody has a start there is nothing to count a day from but the calendar.
        Kind::Moment if !has_start => {
            let days = days(array).into_iter().map(|day| day.map(|day| f64::from(day.0)));
            values(asof::Kind::Number, std::sync::Arc::new(days.collect::<Float64Array>()))?
        }
        Kind::Moment => {
            let moments = array.as_primitive::<TimestampMicrosecondType>().iter().zip(from);
            let moments: TimestampMicrosecondArray =
                moments.map(|(at, from)| at.filter(|&at| from.is_some_and(|from| Moment(at).day() <= from))).collect();
            values(asof::Kind::Moment, std::sync::Arc::new(moments))?
        }
    };
    Ok(Column::new(attribute.name.clone(), value))
}

/// Adds, for every moment among the attributes, the days from it to the start as a number.
pub(crate) fn add_leads(subjects: &mut Subjects) {
    let mut leads = Vec::new();
    for column in &subjects.attributes {
        let Values::Moment(moments) = &column.values else { continue };
        let days = moments.iter().zip(&subjects.from).map(|(&at, from)| {
            let from = from.filter(|_| at != asof::NO_MOMENT)?;
            Some(f64::from(from.0 - Moment(at).day().0))
        });
        let days: Vec<f64> = days.map(|days| days.unwrap_or(f64::NAN)).collect();
        leads.push(Column::new(format!("{}{LEAD_DAYS}", column.name), Values::Number(days)));
    }
    subjects.attributes.extend(leads);
}

fn values(kind: asof::Kind, array: ArrayRef) -> Result<Values, Error> {
    Values::from_arrow(kind, &[array]).map_err(|error| Error::Features(error.to_string()))
}

fn texts(array: &ArrayRef) -> Vec<Option<String>> {
    array.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect()
}

fn days(array: &ArrayRef) -> Vec<Option<Day>> {
    array.as_primitive::<TimestampMicrosecondType>().iter().map(|at| at.map(|at| Moment(at).day())).collect()
}

/// What was read of the subjects' table.
pub(crate) fn summary(table: &TypedTable<'_>, people: &People) -> crate::load::TableSummary {
    let place = table.place();
    // Where nobody has a start there is no time to tell of.
    let days = || people.subjects.from.iter().flatten().filter(|_| people.has_start);
    crate::load::TableSummary {
        name: table.table.name.clone(),
        source: place.file.unwrap_or(place.table),
        rows: people.rows,
        columns: people
            .subjects
            .attributes
            .iter()
            .map(|column| column.name.clone())
            .filter(|name| name != GROUP)
            .collect(),
        first: days().min().copied(),
        last: days().max().copied(),
    }
}
