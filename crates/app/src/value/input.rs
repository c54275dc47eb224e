//! Rows of the file of purchases, and those of them that cannot be used.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float64Type, TimestampMicrosecondType, UInt64Type};
use domain::Moment;
use rustc_hash::FxHashMap;
use tables::rows::bad_cells;
use tables::{Finding, Kind, Place, Topic};

use super::{Request, ValueError};
use crate::foreign::{Asked, Foreign};

/// From this share of unusable rows on, the file is taken for another than was meant.
const MOST_UNUSABLE: f64 = 0.1;

/// A row that can be used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sale {
    /// The client, by its place among the subjects.
    pub(super) client: u32,
    pub(super) at: Moment,
    pub(super) amount: f64,
    /// The row of the file.
    pub(super) row: u64,
}

/// What was read.
pub(super) struct Sales {
    /// Clients in the file's order.
    pub(super) subjects: Vec<String>,
    pub(super) sales: Vec<Sale>,
    pub(super) findings: Vec<Finding>,
    pub(super) place: Place,
}

/// Rows of one kind, with the first.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) rows: u64,
    first: Option<(u64, String)>,
}

impl Seen {
    pub(super) fn note(&mut self, row: u64, cell: impl FnOnce() -> String) {
        self.rows += 1;
        if self.first.is_none() {
            self.first = Some((row, cell()));
        }
    }

    /// The place of the first one, and what stands there.
    pub(super) fn first(&self, place: &Place, column: &str) -> Option<(Place, &str)> {
        let (row, cell) = self.first.as_ref()?;
        Some((place.clone().at_row(*row).in_column(column), cell))
    }
}

/// Rows that cannot be used, by why.
#[derive(Default)]
struct Unusable {
    no_subject: Seen,
    no_day: Seen,
    bad_day: Seen,
    no_amount: Seen,
    bad_amount: Seen,
}

/// Reads the file.
pub(super) fn read(request: &Request) -> Result<Sales, ValueError> {
    let names = [request.subject.as_str(), request.at.as_str(), request.amount.as_str()];
    let file = Foreign::open(&request.input, &names)?;
    let asked = [
        Asked::new("--subject", names[0], Kind::Text),
        Asked::new("--at", names[1], Kind::Moment),
        Asked::new("--amount", names[2], Kind::Number),
    ];
    let mut known: FxHashMap<String, u32> = FxHashMap::default();
    let (mut sales, mut unusable, mut rows) = (Vec::new(), Unusable::default(), 0);
    let mut findings = file.read(&asked, |batch| {
        rows += batch.num_rows();
        take(batch, &mut known, &mut sales, &mut unusable);
        Ok::<(), ValueError>(())
    })?;
    if rows == 0 {
        let message = "the file has no rows below its header";
        let finding =
            Finding::error(Topic::EmptyTable, file.place.clone(), message, "export it again with its purchases");
        return Err(tables::Error::from(finding).into());
    }
    let left_out = unusable.findings(&file.place, names);
    if (rows - sales.len()) as f64 > MOST_UNUSABLE * rows as f64 {
        return Err(tables::Error::from(too_many(left_out, rows - sales.len(), rows)).into());
    }
    findings.extend(left_out);
    let mut subjects = vec![String::new(); known.len()];
    known.into_iter().for_each(|(subject, client)| subjects[client as usize] = subject);
    Ok(Sales { subjects, sales, findings, place: file.place })
}

fn take(batch: &RecordBatch, known: &mut FxHashMap<String, u32>, sales: &mut Vec<Sale>, unusable: &mut Unusable) {
    let subjects = batch.column(0).as_string::<i32>();
    let moments = batch.column(1).as_primitive::<TimestampMicrosecondType>();
    let amounts = batch.column(2).as_primitive::<Float64Type>();
    let rows = batch.column(3).as_primitive::<UInt64Type>();
    let bad = batch.column(4).as_string::<i32>();
    for index in 0..batch.num_rows() {
        let row = rows.value(index);
        let cell = |column: usize| {
            let noted = bad.is_valid(index).then(|| bad.value(index));
            noted.and_then(|noted| bad_cells(noted).find(|(at, _)| *at == column)).map(|(_, cell)| cell.to_owned())
        };
        let subject = subjects.is_valid(index).then(|| subjects.value(index).trim()).filter(|text| !text.is_empty());
        let Some(subject) = subject else {
            unusable.no_subject.note(row, String::new);
            continue;
        };
        if moments.is_null(index) {
            match cell(1) {
                Some(cell) => unusable.bad_day.note(row, || cell),
                None => unusable.no_day.note(row, String::new),
            }
            continue;
        }
        let amount = amounts.is_valid(index).then(|| amounts.value(index));
        let Some(amount) = amount.filter(|amount| amount.is_finite()) else {
            match (cell(2), amount) {
                (Some(cell), _) => unusable.bad_amount.note(row, || cell),
                (None, Some(amount)) => unusable.bad_amount.note(row, || amount.to_string()),
                (None, None) => unusable.no_amount.note(row, String::new),
            }
            continue;
        };
        let client = match known.get(subject) {
            Some(&client) => client,
            None => {
                let client = known.len() as u32;
                known.insert(subject.to_owned(), client);
                client
            }
        };
        sales.push(Sale { client, at: Moment(moments.value(index)), amount, row });
    }
}

impl Unusable {
    fn findings(&self, place: &Place, [subject, at, amount]: [&str; 3]) -> Vec<Finding> {
        let kinds = [
            (&self.no_subject, subject, Topic::EmptyKey, "nobody is named", "fill the cell in, or take the row out"),
            (&self.no_day, at, Topic::NoTime, "the day is empty", "fill the cell in, or take the row out"),
            (&self.bad_day, at, Topic::BadCell, "is not a date", "write it as 2026-11-20"),
            (&self.no_amount, amount, Topic::NoValue, "the amount is empty", "fill it in, 0 where nothing was paid"),
            (&self.bad_amount, amount, Topic::BadCell, "is not a number", "write it as 1234.50"),
        ];
        let mut findings = Vec::new();
        for (seen, column, topic, what, advice) in kinds {
            let Some((place, cell)) = seen.first(place, column) else { continue };
            let what = if cell.is_empty() { what.to_owned() } else { format!("{cell} {what}") };
            let message = format!("{what}; {} such rows are left out", seen.rows);
            findings.push(Finding::warning(topic, place, message, advice));
        }
        findings
    }
}

/// The kind that most rows are of, as an error.
fn too_many(findings: Vec<Finding>, unusable: usize, rows: usize) -> Finding {
    let mut worst = findings.into_iter().next().unwrap_or_else(|| {
        Finding::error(Topic::BadCell, Place::table("input"), "", "look at the columns that were named")
    });
    worst.severity = tables::Severity::Error;
    worst.message = format!("{}, {unusable} of {rows} rows cannot be used at all", worst.message);
    worst.advice = format!("{}; check that --subject, --at and --amount name the right columns", worst.advice);
    worst
}
