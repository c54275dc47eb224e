//! Columns of a file as learners take them, with the keys of its rows.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{Float64Type, TimestampMicrosecondType, UInt64Type};
use domain::Moment;
use learn::{Column, MISSING};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use tables::rows::bad_cells;
use tables::{ColumnFormat, Finding, Kind, Topic};

use super::CampaignError;
use crate::foreign::{Asked, Foreign};

/// A column that a model learned from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Feature {
    pub(super) name: String,
    /// What it holds and how it was written.
    pub(super) format: ColumnFormat,
}

/// Rows of a file.
pub(super) struct Table {
    /// By row: the subject.
    pub(super) keys: Vec<String>,
    /// By row: its place in the file.
    pub(super) rows: Vec<u64>,
    /// What was known of the subjects.
    pub(super) columns: Vec<Column>,
    /// Columns of text beside the key, `text[column][row]`; empty where there is nothing.
    pub(super) text: Vec<Vec<String>>,
    /// Columns of numbers beside the features, `numbers[column][row]`; NaN where there is nothing.
    pub(super) numbers: Vec<Vec<f64>>,
    pub(super) findings: Vec<Finding>,
}

/// Columns that are read beside the features.
pub(super) struct Named<'a> {
    pub(super) subject: Asked<'a>,
    pub(super) text: Vec<Asked<'a>>,
    pub(super) numbers: Vec<Asked<'a>>,
}

/// A feature on its way to a column.
enum Cells {
    Numbers(Vec<f32>),
    Levels { codes: Vec<u32>, known: FxHashMap<String, u32> },
}

/// Reads the rows of a file. Rows without a subject are left out; cells that are not of their column's kind are missing.
pub(super) fn read(file: &Foreign, named: Named<'_>, features: &[Feature]) -> Result<Table, CampaignError> {
    let (texts, numbers) = (named.text.len(), named.numbers.len());
    let first_feature = 1 + texts + numbers;
    let mut asked: Vec<Asked<'_>> = vec![named.subject];
    asked.extend(named.text);
    asked.extend(named.numbers);
    asked.extend(features.iter().map(|feature| Asked {
        option: "the model's column",
        name: &feature.name,
        kind: feature.format.kind,
        kept: Some(&feature.format),
    }));
    let mut table = Table {
        keys: Vec::new(),
        rows: Vec::new(),
        columns: Vec::new(),
        text: vec![Vec::new(); texts],
        numbers: vec![Vec::new(); numbers],
        findings: Vec::new(),
    };
    let mut cells: Vec<Cells> = features.iter().map(|feature| Cells::new(feature.format.kind)).collect();
    // By column asked for: bad cells, with the first.
    let mut bad: Vec<(u64, Option<(u64, String)>)> = vec![(0, None); asked.len()];
    let mut without_key: (u64, Option<u64>) = (0, None);
    let findings = file.read(&asked, |batch| {
        let keep = keyed(batch, &mut table, &mut without_key);
        note(batch, &mut bad);
        for (place, column) in table.text.iter_mut().enumerate() {
            let array = batch.column(1 + place).as_string::<i32>();
            column.extend(keep.iter().map(|&row| of_text(array.is_valid(row).then(|| array.value(row)))));
        }
        for (place, column) in table.numbers.iter_mut().enumerate() {
            let array = batch.column(1 + texts + place);
            column.extend(keep.iter().map(|&row| number(array, row)));
        }
        for (place, cells) in cells.iter_mut().enumerate() {
            cells.take(batch.column(first_feature + place), &keep);
        }
        Ok::<(), CampaignError>(())
    })?;
    table.findings.extend(findings);
    if let (count, Some(row)) = without_key {
        let place = file.place.clone().at_row(row).in_column(asked[0].name);
        let message = format!("nobody is named; {count} such rows are left out");
        table.findings.push(Finding::warning(Topic::EmptyKey, place, message, "fill the cell in, or take the row out"));
    }
    for (column, (count, first)) in asked.iter().zip(bad) {
        let Some((row, cell)) = first else { continue };
        let place = file.place.clone().at_row(row).in_column(column.name);
        let message = format!("{cell} is not {}; {count} such cells are taken for empty", column.kind.said());
        table.findings.push(Finding::warning(Topic::BadCell, place, message, "mend these cells or empty them"));
    }
    if table.keys.is_empty() {
        let message = "the file has no rows to use below its header";
        let finding = Finding::error(Topic::EmptyTable, file.place.clone(), message, "export it again with its rows");
        return Err(tables::Error::from(finding).into());
    }
    table.columns = features.iter().zip(cells).map(|(feature, cells)| cells.column(&feature.name)).collect();
    Ok(table)
}

/// Keeps the keys of rows that have one, and tells which these are.
fn keyed(batch: &RecordBatch, table: &mut Table, without: &mut (u64, Option<u64>)) -> Vec<usize> {
    let keys = batch.column(0).as_string::<i32>();
    let rows = batch.column(batch.num_columns() - 2).as_primitive::<UInt64Type>();
    let mut keep = Vec::with_capacity(batch.num_rows());
    for index in 0..batch.num_rows() {
        let key = of_text(keys.is_valid(index).then(|| keys.value(index)));
        if key.is_empty() {
            without.0 += 1;
            without.1.get_or_insert(rows.value(index));
            continue;
        }
        table.keys.push(key);
        table.rows.push(rows.value(index));
        keep.push(index);
    }
    keep
}

/// Counts cells that are not of their column's kind.
fn note(batch: &RecordBatch, bad: &mut [(u64, Option<(u64, String)>)]) {
    let rows = batch.column(batch.num_columns() - 2).as_primitive::<UInt64Type>();
    let noted = batch.column(batch.num_columns() - 1).as_string::<i32>();
    for index in (0..batch.num_rows()).filter(|&index| noted.is_valid(index)) {
        for (column, cell) in bad_cells(noted.value(index)) {
            bad[column].0 += 1;
            bad[column].1.get_or_insert_with(|| (rows.value(index), cell.to_owned()));
        }
    }
}

fn of_text(cell: Option<&str>) -> String {
    cell.map_or_else(String::new, |cell| cell.trim().to_owned())
}

/// A cell of any kind but text as a number: days of a date, 1 of a yes.
fn number(array: &ArrayRef, row: usize) -> f64 {
    if array.is_null(row) {
        return f64::NAN;
    }
    if let Some(values) = array.as_primitive_opt::<Float64Type>() {
        return values.value(row);
    }
    if let Some(values) = array.as_primitive_opt::<TimestampMicrosecondType>() {
        return f64::from(Moment(values.value(row)).day().0);
    }
    array.as_boolean_opt().map_or(f64::NAN, |values| f64::from(values.value(row)))
}

impl Cells {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Levels { codes: Vec::new(), known: FxHashMap::default() },
            Kind::Number | Kind::Moment | Kind::Flag => Self::Numbers(Vec::new()),
        }
    }

    fn take(&mut self, array: &ArrayRef, keep: &[usize]) {
        match self {
            Self::Numbers(values) => {
                // What is not finite is not known.
                let finite = |value: f64| if value.is_finite() { value as f32 } else { f32::NAN };
                values.extend(keep.iter().map(|&row| finite(number(array, row))));
            }
            Self::Levels { codes, known } => {
                let texts = array.as_string::<i32>();
                for &row in keep {
                    let cell = of_text(texts.is_valid(row).then(|| texts.value(row)));
                    if cell.is_empty() {
                        codes.push(MISSING);
                        continue;
                    }
                    let next = known.len() as u32;
                    codes.push(*known.entry(cell).or_insert(next));
                }
            }
        }
    }

    fn column(self, name: &str) -> Column {
        match self {
            Self::Numbers(values) => Column::number(name, values),
            Self::Levels { codes, known } => {
                let mut levels = vec![String::new(); known.len()];
                known.into_iter().for_each(|(level, code)| levels[code as usize] = level);
                Column::category(name, codes, levels)
            }
        }
    }
}
