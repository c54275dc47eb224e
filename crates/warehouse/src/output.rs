//! Writing a table as Parquet, whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, Int64Array, StringArray};
use arrow::record_batch::RecordBatch;
use domain::Day;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::error::Error;

/// A column to write.
#[derive(Clone, Debug, PartialEq)]
pub enum OutColumn {
    /// Text.
    Text(Vec<Option<String>>),
    /// Numbers.
    Number(Vec<Option<f64>>),
    /// Whole numbers.
    Count(Vec<Option<i64>>),
    /// Days.
    Date(Vec<Option<Day>>),
}

/// Writes columns of equal length to a file. It is written beside its place first, so that a full disk leaves nothing
/// half-written.
///
/// # Errors
///
/// The file cannot be written, or the columns differ in length.
pub fn write_parquet(path: &Path, columns: &[(&str, OutColumn)]) -> Result<(), Error> {
    let named = columns.iter().map(|(name, column)| (*name, array(column), true));
    let batch = RecordBatch::try_from_iter_with_nullable(named).map_err(|error| Error::Features(error.to_string()))?;
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let written = write_batch(partial, &batch).and_then(|()| fs::rename(partial, path));
    written.map_err(|source| {
        // The first error matters; a file that was never made cannot be removed.
        let _ = fs::remove_file(partial);
        Error::Write { path: path.to_owned(), source }
    })
}

fn write_batch(path: &Path, batch: &RecordBatch) -> io::Result<()> {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(File::create(path)?, batch.schema(), Some(properties))?;
    writer.write(batch)?;
    writer.into_inner()?.sync_all()
}

fn array(column: &OutColumn) -> ArrayRef {
    match column {
        OutColumn::Text(values) => Arc::new(StringArray::from_iter(values)),
        OutColumn::Number(values) => Arc::new(Float64Array::from(values.clone())),
        OutColumn::Count(values) => Arc::new(Int64Array::from(values.clone())),
        OutColumn::Date(values) => Arc::new(values.iter().map(|day| day.map(|day| day.0)).collect::<Date32Array>()),
    }
}
