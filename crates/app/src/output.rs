//! Files that people and programs read: written whole or not at all.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;

use crate::error::Error;

/// The file's ending names no format that we write.
#[derive(Debug, thiserror::Error)]
#[error("{}: unknown ending; name a file that ends in .csv, .parquet or .jsonl", .0.display())]
pub struct UnknownEnding(PathBuf);

/// What a table of results is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, UTF-8, with a header.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// One JSON object a line.
    JsonLines,
}

/// A column of results; all of one table are of one length.
pub enum Values {
    /// Text; empty where there is nothing to say.
    Text(Vec<String>),
    /// A number, written with so many places in text formats.
    Number(Vec<f64>, usize),
}

impl Format {
    /// The format that a file's ending names.
    pub fn of(path: &Path) -> Result<Self, UnknownEnding> {
        match path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("csv") => Ok(Self::Csv),
            Some("parquet") => Ok(Self::Parquet),
            Some("jsonl" | "ndjson") => Ok(Self::JsonLines),
            _ => Err(UnknownEnding(path.to_owned())),
        }
    }
}

/// Writes a table in the format that the file's ending names.
pub fn write_table(path: &Path, columns: &[(&str, Values)]) -> Result<(), Error> {
    let format = Format::of(path)?;
    Ok(whole::write_file(path, |file| match format {
        Format::Csv => write_csv(file, columns),
        Format::JsonLines => write_json_lines(file, columns),
        Format::Parquet => write_parquet(file, columns),
    })?)
}

fn rows(columns: &[(&str, Values)]) -> usize {
    columns.first().map_or(0, |(_, values)| match values {
        Values::Text(texts) => texts.len(),
        Values::Number(numbers, _) => numbers.len(),
    })
}

fn write_csv(file: &mut BufWriter<&mut File>, columns: &[(&str, Values)]) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    writer.write_record(columns.iter().map(|(name, _)| name))?;
    for row in 0..rows(columns) {
        for (_, values) in columns {
            match values {
                Values::Text(texts) => writer.write_field(&texts[row])?,
                Values::Number(numbers, places) => writer.write_field(format!("{:.places$}", numbers[row]))?,
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

fn write_json_lines(file: &mut BufWriter<&mut File>, columns: &[(&str, Values)]) -> std::io::Result<()> {
    for row in 0..rows(columns) {
        let mut object = serde_json::Map::with_capacity(columns.len());
        for (name, values) in columns {
            let value = match values {
                Values::Text(texts) if texts[row].is_empty() => serde_json::Value::Null,
                Values::Text(texts) => texts[row].as_str().into(),
                Values::Number(numbers, _) => numbers[row].into(),
            };
            object.insert((*name).to_owned(), value);
        }
        serde_json::to_writer(&mut *file, &object)?;
        file.write_all(b"\n")?;
    }
    Ok(())
}

fn write_parquet(file: &mut BufWriter<&mut File>, columns: &[(&str, Values)]) -> std::io::Result<()> {
    let arrays = columns.iter().map(|(name, values)| {
        let array: ArrayRef = match values {
            Values::Text(texts) => {
                Arc::new(texts.iter().map(|text| (!text.is_empty()).then_some(text)).collect::<StringArray>())
            }
            Values::Number(numbers, _) => Arc::new(Float64Array::from(numbers.clone())),
        };
        (*name, array, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(arrays).map_err(std::io::Error::other)?;
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).map_err(std::io::Error::other)?;
    writer.write(&batch).and_then(|()| writer.close().map(drop)).map_err(std::io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Vec<(&'static str, Values)> {
        vec![
            ("subject", Values::Text(vec!["a, \"b\"".into(), String::new()])),
            ("probability", Values::Number(vec![0.25, 1.0 / 3.0], 6)),
        ]
    }

    #[test]
    fn csv_quotes_what_needs_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new/scores.csv");
        write_table(&path, &table()).expect("written");
        let text = std::fs::read_to_string(&path).expect("read");
        assert_eq!(text, "subject,probability\n\"a, \"\"b\"\"\",0.250000\n,0.333333\n");
    }

    #[test]
    fn an_unknown_ending_is_told_before_any_work() {
        let error = Format::of(Path::new("scores.xlsx")).expect_err("unknown").to_string();
        assert!(error.contains(".csv, .parquet or .jsonl"), "{error}");
    }
}
