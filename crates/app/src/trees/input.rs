//! Tables for trees: CSV or Parquet, columns found by name, batch by batch.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float32Type};
use contract::CsvOptions;
use csv::ByteRecord;
use learn::{Column, MISSING, Values};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tables::dialect::{TextFile, settle};
use tables::rows::{Layout, for_each_record};
use tables::{Decimal, Place, cell};

use super::TreesError;

/// Cells held at a time.
const BATCH_CELLS: usize = 4_000_000;
/// Rows held at a time.
const BATCH_ROWS: std::ops::RangeInclusive<usize> = 1024..=65_536;

/// A column that the trees ask for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) name: String,
    /// Whether its cells are text.
    pub(super) is_category: bool,
}

/// A file whose columns were found.
pub(super) struct Input {
    path: PathBuf,
    source: Source,
    wanted: Vec<Wanted>,
    /// Where each wanted column stands in the file.
    places: Vec<usize>,
    /// Columns of the file that nobody asks for.
    pub(super) extra: Vec<String>,
}

enum Source {
    Text(TextFile),
    Parquet,
}

impl Input {
    /// Finds the wanted columns in a file; a missing one is an error.
    pub(super) fn open(path: &Path, wanted: Vec<Wanted>) -> Result<Self, TreesError> {
        let is_parquet = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
        let (source, header) = if is_parquet {
            let reader = parquet_reader(path)?;
            (Source::Parquet, reader.schema().fields().iter().map(|field| field.name().clone()).collect())
        } else {
            let names: Vec<&str> = wanted.iter().map(|column| column.name.as_str()).collect();
            let place = Place::file("input", &path.display().to_string());
            let text = settle(path, place, &CsvOptions::default(), &names, None, None)?;
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
        Ok(Self { path: path.to_owned(), source, wanted, places, extra })
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
            if wanted.is_category {
                return Ok(category(&wanted.name, cells.map(|(_, cell)| Some(cell.trim().to_owned()))));
            }
            let mut numbers = Vec::with_capacity(batch.len());
            for (row, cell) in cells {
                let cell = cell.trim();
                let value = if cell::is_blank(cell) { Some(f64::NAN) } else { cell::number(cell, Decimal::Point) };
                let Some(value) = value else {
                    return Err(TreesError::NotANumber {
                        path: self.path.clone(),
                        row,
                        column: wanted.name.clone(),
                        cell: tables::finding::shown(cell),
                    });
                };
                numbers.push(value as f32);
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
        let plain = array.data_type().is_numeric() || array.data_type() == &DataType::Boolean;
        if !wanted.is_category && !plain && array.data_type() != &DataType::Null {
            return Err(broken(format!("column {:?} holds {}, not numbers", wanted.name, array.data_type())));
        }
        let kind = if wanted.is_category { DataType::Utf8 } else { DataType::Float32 };
        let array = cast(array, &kind).map_err(|error| broken(format!("column {:?}: {error}", wanted.name)))?;
        if wanted.is_category {
            return Ok(category(&wanted.name, array.as_string::<i32>().iter().map(|cell| cell.map(str::to_owned))));
        }
        let numbers = array.as_primitive::<Float32Type>().iter().map(|value| value.unwrap_or(f32::NAN));
        Ok(Column::number(&wanted.name, numbers.collect()))
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
