//! Tables of numbers that are written batch by batch.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;

use super::TreesError;
use crate::output::Format;

/// An open file of numbers; a missing number is an empty cell.
pub(super) enum Sink<'a, 'f> {
    Csv(Box<csv::Writer<&'a mut BufWriter<&'f mut File>>>),
    Parquet(Box<ArrowWriter<&'a mut BufWriter<&'f mut File>>>, Arc<Schema>),
}

/// Whether a file of this ending can be written.
pub(super) fn check(path: &Path) -> Result<(), TreesError> {
    match Format::of(path) {
        Ok(Format::Csv | Format::Parquet) => Ok(()),
        _ => Err(TreesError::Ending(path.to_owned())),
    }
}

impl<'a, 'f> Sink<'a, 'f> {
    pub(super) fn new(path: &Path, file: &'a mut BufWriter<&'f mut File>, names: &[String]) -> io::Result<Self> {
        if matches!(Format::of(path), Ok(Format::Parquet)) {
            let fields: Vec<Field> = names.iter().map(|name| Field::new(name, DataType::Float64, true)).collect();
            let schema = Arc::new(Schema::new(fields));
            let writer = ArrowWriter::try_new(file, schema.clone(), None).map_err(io::Error::other)?;
            return Ok(Self::Parquet(Box::new(writer), schema));
        }
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(names)?;
        Ok(Self::Csv(Box::new(writer)))
    }

    /// Rows of all columns; text formats hold every digit.
    pub(super) fn write(&mut self, columns: &[Vec<f64>]) -> io::Result<()> {
        match self {
            Self::Csv(writer) => {
                let mut cell = Vec::new();
                for row in 0..columns.first().map_or(0, Vec::len) {
                    for column in columns {
                        cell.clear();
                        if !column[row].is_nan() {
                            write!(cell, "{}", column[row])?;
                        }
                        writer.write_field(&cell)?;
                    }
                    writer.write_record(None::<&[u8]>)?;
                }
                Ok(())
            }
            Self::Parquet(writer, schema) => {
                let array = |column: &Vec<f64>| -> ArrayRef {
                    Arc::new(column.iter().map(|&value| (!value.is_nan()).then_some(value)).collect::<Float64Array>())
                };
                let batch = RecordBatch::try_new(schema.clone(), columns.iter().map(array).collect());
                batch.map_err(io::Error::other).and_then(|batch| writer.write(&batch).map_err(io::Error::other))
            }
        }
    }

    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush(),
            Self::Parquet(writer, _) => writer.close().map(drop).map_err(io::Error::other),
        }
    }
}
