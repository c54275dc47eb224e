//! Tables for trees: CSV or Parquet, columns found by name, batch by batch.

use std::collections::BTreeSet;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use contract::CsvOptions;
use csv::ByteRecord;
use jiff::tz::{TimeZone, offset};
use learn::{Column, MISSING, Values};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tables::dialect::{TextFile, settle};
use tables::rows::{Layout, for_each_record};
use tables::{ColumnFormat, Decimal, Kind, Place, TextFormat, cell};

use super::TreesError;

/// Cells held at a time.
const BATCH_CELLS: usize = 4_000_000;
/// Rows held at a time.
const BATCH_ROWS: std::ops::RangeInclusive<usize> = 1024..=65_536;

/// A column that the trees ask for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) cells: Cells,
}

/// How the cells of a column are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cells {
    /// As levels of a category.
    Text,
    /// As numbers, infinite ones too: the column of a file of trees.
    Plain,
    /// As scoring reads the column that a model learned from.
    Learned(ColumnFormat),
}

/// A file whose columns were found.
pub(super) struct Input {
    path: PathBuf,
    source: Source,
    wanted: Vec<Wanted>,
    /// Where each wanted column stands in the file.
    places: Vec<usize>,
    /// Columns with cells beyond the range of a model's numbers.
    beyond: Mutex<BTreeSet<String>>,
    /// Columns of the file that nobody asks for.
    pub(super) extra: Vec<String>,
}

enum Source {
    Text(TextFile),
    Parquet,
}

impl Input {
    /// Finds the wanted columns in a file; a missing one is an error. `kept` is how the text was written that a model learned
    /// from.
    pub(super) fn open(path: &Path, wanted: Vec<Wanted>, kept: Option<&TextFormat>) -> Result<Self, TreesError> {
        let is_parquet = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
        let (source, header) = if is_parquet {
            let reader = parquet_reader(path)?;
            (Source::Parquet, reader.schema().fields().iter().map(|field| field.name().clone()).collect())
        } else {
            let bare = wanted.iter().filter_map(|column| column.name.split_once('.').map(|(_, bare)| bare));
            let names: Vec<&str> = wanted.iter().map(|column| column.name.as_str()).chain(bare).collect();
            let place = Place::file("input", &path.display().to_string());
            let text = settle(path, place, &CsvOptions::default(), &names, None, kept)?;
            let header = text.header.clone();
            (Source::Text(text), header)
        };
        let mut by_name: FxHashMap<&str, usize> = FxHashMap::default();
        for (place, name) in header.iter().enumerate() {
            if by_name.insert(name, place).is_some() {
                return Err(TreesError::Twice { path: path.to_owned(), column: name.clone() });
            }
        }
        // Of a model's `table.column` the table may be left out.
        let place_of = |name: &str| {
            let bare = name.split_once('.').and_then(|(_, column)| by_name.get(column));
            by_name.get(name).or(bare).copied()
        };
        let found: Vec<Option<usize>> = wanted.iter().map(|column| place_of(&column.name)).collect();
        let missing = wanted.iter().zip(&found).filter(|(_, place)| place.is_none());
        let missing: Vec<String> = missing.map(|(column, _)| column.name.clone()).collect();
        if !missing.is_empty() {
            return Err(TreesError::Missing { path: path.to_owned(), columns: missing, wanted: wanted.len() });
        }
        let places: Vec<usize> = found.into_iter().flatten().collect();
        let extra = header.iter().enumerate().filter(|(place, _)| !places.contains(place)).map(|(_, n)| n.clone());
        let extra = extra.collect();
        Ok(Self { path: path.to_owned(), source, wanted, places, beyond: Mutex::default(), extra })
    }

    /// Calls `see` with the wanted columns of some rows at a time, in the file's order.
    pub(super) fn for_each_batch(
        &self,
        mut see: impl FnMut(Vec<Column>) -> Result<(), TreesError>,
    ) -> Result<(), TreesError> {
        let rows = (BATCH_CELLS / self.wanted.len().max(1)).clamp(*BATCH_ROWS.start(), *BATCH_ROWS.end());
        match &self.source {
            Source::Text(text) => self.text_batches(text, rows, &mut see),
            Source::Parquet => self.parquet_batches(rows, &mut see),
        }
    }

    /// Columns in which cells were too large or too small for a model, of the rows read so far.
    pub(super) fn beyond(&self) -> BTreeSet<String> {
        self.beyond.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// So many rows, evenly spread over the file; fewer where it has fewer.
    pub(super) fn sample(&self, rows: usize) -> Result<Vec<Column>, TreesError> {
        let mut all = 0;
        self.for_each_batch(|columns| {
            all += columns.first().map_or(0, Column::rows);
            Ok(())
        })?;
        if all == 0 {
            return Err(TreesError::NoRows(self.path.clone()));
        }
        let chosen: Vec<usize> = (0..rows.min(all)).map(|nth| nth * all / rows.min(all)).collect();
        let (mut before, mut parts) = (0, Vec::new());
        self.for_each_batch(|columns| {
            let here = columns.first().map_or(0, Column::rows);
            let range = before..before + here;
            let taken: Vec<u32> =
                chosen.iter().filter(|row| range.contains(row)).map(|row| (row - before) as u32).collect();
            parts.push(columns.iter().map(|column| column.take(&taken)).collect::<Vec<_>>());
            before += here;
            Ok(())
        })?;
        Ok(joined(parts))
    }

    fn text_batches(
        &self,
        text: &TextFile,
        rows: usize,
        see: &mut dyn FnMut(Vec<Column>) -> Result<(), TreesError>,
    ) -> Result<(), TreesError> {
        let layout = Layout {
            place: text.place.clone(),
            delimiter: text.delimiter,
            header: text.header.clone(),
            skipped_records: text.skipped_records,
        };
        let mut batch: Vec<(u64, ByteRecord)> = Vec::with_capacity(rows);
        let mut problem = None;
        for_each_record(text.open()?, &layout, |row, record| {
            batch.push((row, record.clone()));
            if batch.len() < rows {
                return ControlFlow::Continue(());
            }
            match self.typed(&batch).and_then(&mut *see) {
                Ok(()) => {
                    batch.clear();
                    ControlFlow::Continue(())
                }
                Err(error) => {
                    problem = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        match problem {
            Some(error) => Err(error),
            None if batch.is_empty() => Ok(()),
            None => see(self.typed(&batch)?),
        }
    }

    fn typed(&self, batch: &[(u64, ByteRecord)]) -> Result<Vec<Column>, TreesError> {
        let column = |(wanted, &place): (&Wanted, &usize)| {
            let cells = batch.iter().map(|(row, record)| (*row, String::from_utf8_lossy(&record[place])));
            if wanted.cells == Cells::Text {
                return Ok(category(&wanted.name, cells.map(|(_, cell)| Some(cell.trim().to_owned()))));
            }
            let mut numbers = Vec::with_capacity(batch.len());
            for (row, cell) in cells {
                let cell = cell.trim();
                let value = if cell::is_blank(cell) { Some(f64::NAN) } else { wanted.cells.number(cell) };
                let Some(value) = value else {
                    return Err(TreesError::Cell {
                        path: self.path.clone(),
                        row,
                        column: wanted.name.clone(),
                        cell: tables::finding::shown(cell),
                        wrong: wanted.cells.wrong(),
                    });
                };
                numbers.push(self.narrow(wanted, value));
            }
            Ok(Column::number(&wanted.name, numbers))
        };
        self.wanted.par_iter().zip(&self.places).map(column).collect()
    }

    fn parquet_batches(
        &self,
        rows: usize,
        see: &mut dyn FnMut(Vec<Column>) -> Result<(), TreesError>,
    ) -> Result<(), TreesError> {
        let reader = parquet_reader(&self.path)?;
        // A projection keeps the file's order, and each column once.
        let mut kept = self.places.clone();
        kept.sort_unstable();
        kept.dedup();
        let order: Vec<usize> = self.places.iter().map(|place| kept.partition_point(|other| other < place)).collect();
        let mask = ProjectionMask::roots(reader.parquet_schema(), self.places.iter().copied());
        let broken = |problem: String| TreesError::Parquet { path: self.path.clone(), problem };
        let batches = reader.with_projection(mask).with_batch_size(rows).build();
        for batch in batches.map_err(|error| broken(error.to_string()))? {
            let batch = batch.map_err(|error| broken(error.to_string()))?;
            let columns: Result<Vec<Column>, TreesError> =
                self.wanted.iter().zip(&order).map(|(wanted, &at)| self.of_parquet(&batch, at, wanted)).collect();
            see(columns?)?;
        }
        Ok(())
    }

    fn of_parquet(&self, batch: &RecordBatch, at: usize, wanted: &Wanted) -> Result<Column, TreesError> {
        let broken = |problem: String| TreesError::Parquet { path: self.path.clone(), problem };
        let array = batch.column(at);
        let found = array.data_type();
        let fits = match &wanted.cells {
            Cells::Text => true,
            Cells::Learned(format) if format.kind == Kind::Moment => {
                matches!(found, DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, None))
            }
            Cells::Plain | Cells::Learned(_) => found.is_numeric() || found == &DataType::Boolean,
        };
        if !fits && found != &DataType::Null {
            return Err(broken(format!("column {:?} holds {found}, {}", wanted.name, wanted.cells.wrong())));
        }
        let cast = |array: &ArrayRef, kind: &DataType| {
            cast(array, kind).map_err(|error| broken(format!("column {:?}: {error}", wanted.name)))
        };
        if wanted.cells == Cells::Text {
            let array = cast(array, &DataType::Utf8)?;
            return Ok(category(&wanted.name, array.as_string::<i32>().iter().map(|cell| cell.map(str::to_owned))));
        }
        let array = match found {
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => {
                cast(&cast(array, &DataType::Date32)?, &DataType::Int32)?
            }
            _ => array.clone(),
        };
        let array = cast(&array, &DataType::Float64)?;
        let numbers = array.as_primitive::<Float64Type>().iter();
        let numbers = numbers.map(|value| value.map_or(f32::NAN, |value| self.narrow(wanted, value)));
        Ok(Column::number(&wanted.name, numbers.collect()))
    }

    /// The nearest number of a model. As in training, what is finite stays finite and what is infinite is not known; trees
    /// of others may know it.
    fn narrow(&self, wanted: &Wanted, value: f64) -> f32 {
        let most = f64::from(f32::MAX);
        if value.is_infinite() {
            return if wanted.cells == Cells::Plain { value as f32 } else { f32::NAN };
        }
        if value.abs() > most {
            self.beyond.lock().unwrap_or_else(PoisonError::into_inner).insert(wanted.name.clone());
        }
        value.clamp(-most, most) as f32
    }
}

impl Cells {
    /// The number that a filled cell says; nothing where it says none.
    fn number(&self, cell: &str) -> Option<f64> {
        let Self::Learned(format) = self else { return cell::number(cell, Decimal::Point) };
        match format.kind {
            Kind::Number | Kind::Text => cell::number(cell, format.decimal),
            Kind::Flag => cell::flag(cell).map(f64::from),
            Kind::Moment => {
                let at = cell::moment(cell, format.order, &TimeZone::UTC)?;
                // With an offset the day depends on the organisation's time zone, which a model's folder does not know.
                let elsewhere = cell::moment(cell, format.order, &TimeZone::fixed(offset(12)))?;
                (at == elsewhere).then(|| f64::from(at.day().0))
            }
        }
    }

    /// What is said of a cell that says no number.
    fn wrong(&self) -> &'static str {
        match self {
            Self::Text => "not text",
            Self::Plain => "not a number; the model knows levels of a category by their numbers",
            Self::Learned(format) => match format.kind {
                Kind::Number | Kind::Text => {
                    "not a number as in the column that the model learned from; mend or empty it"
                }
                Kind::Flag => "not yes or no as in the column that the model learned from; mend or empty it",
                Kind::Moment => {
                    "not a date without an offset as in the column that the model learned from; mend or empty it"
                }
            },
        }
    }
}

fn parquet_reader(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>, TreesError> {
    let broken = |problem: String| TreesError::Parquet { path: path.to_owned(), problem };
    let file = File::open(path).map_err(|error| broken(error.to_string()))?;
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| broken(error.to_string()))
}

fn category(name: &str, cells: impl Iterator<Item = Option<String>>) -> Column {
    let mut known: FxHashMap<String, u32> = FxHashMap::default();
    let mut codes = Vec::new();
    for cell in cells {
        let next = known.len() as u32;
        codes.push(match cell {
            Some(cell) if !cell::is_empty(&cell) => *known.entry(cell).or_insert(next),
            _ => MISSING,
        });
    }
    let mut levels = vec![String::new(); known.len()];
    known.into_iter().for_each(|(level, code)| levels[code as usize] = level);
    Column::category(name, codes, levels)
}

/// Batches one below the other.
fn joined(batches: Vec<Vec<Column>>) -> Vec<Column> {
    let mut batches = batches.into_iter();
    let mut all = batches.next().unwrap_or_default();
    for batch in batches {
        for (column, more) in all.iter_mut().zip(batch) {
            append(&mut column.values, more.values);
        }
    }
    all
}

/// Puts rows below others; levels are matched by name.
fn append(values: &mut Values, more: Values) {
    match (values, more) {
        (Values::Number(values), Values::Number(more)) => values.extend(more),
        (Values::Category { codes, levels }, Values::Category { codes: more, levels: names }) => {
            let mut known: FxHashMap<String, u32> = levels.iter().cloned().zip(0..).collect();
            let mut code_of = Vec::with_capacity(names.len());
            for name in names {
                let next = levels.len() as u32;
                let code = *known.entry(name.clone()).or_insert(next);
                if code == next {
                    levels.push(name);
                }
                code_of.push(code);
            }
            codes.extend(more.iter().map(|&code| if code == MISSING { MISSING } else { code_of[code as usize] }));
        }
        _ => unreachable!("a column is read in one way"),
    }
}
