//! Tables of people who have just a file and no contract: CSV (any usual dialect and encoding) or Parquet, some columns of
//! it by name, as typed batches.
//!
//! Both formats come as the batches of [`tables::rows::read`]: the columns asked for, then the row of the file and the cells that are
//! not of their column's kind. What is wrong is a [`Finding`] with file, row and column.

use std::cell::OnceCell;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringBuilder, UInt64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema as ArrowSchema, TimeUnit};
use contract::CsvOptions;
use jiff::tz::TimeZone;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tables::dialect::{TextFile, settle};
use tables::finding::nearest;
use tables::rows::{BAD, ColumnBuilder, Layout, ROW, Reading, Wanted, arrow_type, note_bad};
use tables::survey::ColumnSurvey;
use tables::{ColumnFormat, Finding, Kind, Place, Severity, Topic, rows, survey};

/// Names of columns that a message lists.
const LISTED: usize = 12;

/// A file whose columns are known.
pub(crate) struct Foreign {
    path: PathBuf,
    /// The table and the file, for findings.
    pub(crate) place: Place,
    /// Names of its columns.
    pub(crate) header: Vec<String>,
    source: Source,
    /// What a look over every cell of a text showed.
    seen: OnceCell<Vec<ColumnSurvey>>,
}

enum Source {
    Text(TextFile),
    Parquet,
}

/// A column that is asked for.
pub(crate) struct Asked<'a> {
    /// The option that names it, `--at`.
    pub(crate) option: &'static str,
    /// Its name.
    pub(crate) name: &'a str,
    /// What it should hold.
    pub(crate) kind: Kind,
    /// How it was written when a model learned from it; nothing where that is found out.
    pub(crate) kept: Option<&'a ColumnFormat>,
}

impl<'a> Asked<'a> {
    /// A column of a kind, however it is written.
    pub(crate) fn new(option: &'static str, name: &'a str, kind: Kind) -> Self {
        Self { option, name, kind, kept: None }
    }
}

impl Foreign {
    /// Looks at the file's header. `wanted` are names of columns that help to find what stands between fields.
    pub(crate) fn open(path: &Path, wanted: &[&str]) -> Result<Self, tables::Error> {
        let place = Place::file("input", &path.display().to_string());
        if path.is_dir() {
            let message = "this is a folder";
            return Err(Finding::error(Topic::Unreadable, place, message, "name a .csv or .parquet file").into());
        }
        let is_parquet = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"));
        let (source, header) = if is_parquet {
            let reader = parquet_reader(path, &place)?;
            (Source::Parquet, reader.schema().fields().iter().map(|field| field.name().clone()).collect())
        } else {
            let text = settle(path, place.clone(), &CsvOptions::default(), wanted, None, None)?;
            let header = text.header.clone();
            (Source::Text(text), header)
        };
        Ok(Self { path: path.to_owned(), place, header, source, seen: OnceCell::new() })
    }

    /// What each column holds and how it is written, in the file's order.
    pub(crate) fn formats(&self) -> Result<Vec<ColumnFormat>, tables::Error> {
        match &self.source {
            Source::Text(text) => {
                let seen = self.seen(text)?.iter().zip(&self.header);
                Ok(seen.map(|(column, name)| column.format(name, None, None)).collect())
            }
            Source::Parquet => {
                let reader = parquet_reader(&self.path, &self.place)?;
                let kind = |kind: &DataType| match kind {
                    DataType::Boolean => Kind::Flag,
                    DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Kind::Moment,
                    kind if kind.is_numeric() => Kind::Number,
                    _ => Kind::Text,
                };
                let fields = reader.schema().fields().iter();
                Ok(fields.map(|field| ColumnFormat::plain(kind(field.data_type()))).collect())
            }
        }
    }

    fn seen(&self, text: &TextFile) -> Result<&[ColumnSurvey], tables::Error> {
        if self.seen.get().is_none() {
            let seen = survey::survey(text.open()?, &self.layout(text))?;
            return Ok(self.seen.get_or_init(|| seen));
        }
        Ok(self.seen.get().map_or(&[], Vec::as_slice))
    }

    fn layout(&self, text: &TextFile) -> Layout {
        Layout {
            place: self.place.clone(),
            delimiter: text.delimiter,
            header: text.header.clone(),
            skipped_records: text.skipped_records,
        }
    }

    /// The place of a column among the file's.
    ///
    /// # Errors
    ///
    /// There is no such column, or two of that name.
    pub(crate) fn find(&self, option: &str, name: &str) -> Result<usize, tables::Error> {
        let mut places = self.header.iter().enumerate().filter(|(_, column)| *column == name).map(|(place, _)| place);
        let at = self.place.clone().in_column(name);
        let Some(found) = places.next() else {
            let near = nearest(name, self.header.iter().map(String::as_str));
            let shown = self.header.iter().take(LISTED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let more = self.header.len().saturating_sub(LISTED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let advice = match near.first() {
                Some(near) => format!("did you mean {option} {near}?"),
                None => format!("name another one with {option}"),
            };
            let message = format!("there is no such column; the file has {shown}{more}");
            return Err(Finding::error(Topic::UnknownColumn, at, message, advice).into());
        };
        if places.next().is_some() {
            let message = "two columns have this name";
            return Err(Finding::error(Topic::UnknownColumn, at, message, "rename one of them").into());
        }
        Ok(found)
    }

    /// Calls `see` with some rows at a time: the columns in the order asked, [`ROW`] and [`BAD`]. Findings say what of the
    /// columns as a whole is doubtful.
    ///
    /// # Errors
    ///
    /// A column that is not there or holds something else, a file that cannot be read, or the error of `see`.
    pub(crate) fn read<E: From<tables::Error>>(
        &self,
        asked: &[Asked<'_>],
        mut see: impl FnMut(&RecordBatch) -> Result<(), E>,
    ) -> Result<Vec<Finding>, E> {
        let places: Result<Vec<usize>, tables::Error> =
            asked.iter().map(|column| self.find(column.option, column.name)).collect();
        let places = places?;
        match &self.source {
            Source::Text(text) => self.read_text(text, asked, &places, &mut see),
            Source::Parquet => {
                self.read_parquet(asked, &places, &mut see)?;
                Ok(Vec::new())
            }
        }
    }

    fn read_text<E: From<tables::Error>>(
        &self,
        text: &TextFile,
        asked: &[Asked<'_>],
        places: &[usize],
        see: &mut dyn FnMut(&RecordBatch) -> Result<(), E>,
    ) -> Result<Vec<Finding>, E> {
        let layout = self.layout(text);
        let seen = self.seen(text)?;
        let (mut findings, mut wanted) = (Vec::new(), Vec::new());
        for (column, &index) in asked.iter().zip(places) {
            let found = || seen[index].format(column.name, Some(column.kind), None);
            let format = column.kept.cloned().unwrap_or_else(found);
            if column.kind == Kind::Moment && column.kept.is_none() {
                for mut finding in seen[index].date_findings(&self.place, column.name) {
                    if finding.severity == Severity::Error {
                        return Err(tables::Error::from(finding).into());
                    }
                    // There is no contract that could state a format.
                    finding.advice = "check that this is right, better write all dates as YYYY-MM-DD".to_owned();
                    findings.push(finding);
                }
            }
            wanted.push(Wanted { name: column.name.to_owned(), index, format });
        }
        let mut problem = None;
        rows::read(text.open()?, &layout, &wanted, &reading(), |batch| match see(&batch) {
            Ok(()) => true,
            Err(error) => {
                problem = Some(error);
                false
            }
        })?;
        problem.map_or(Ok(findings), Err)
    }

    fn read_parquet<E: From<tables::Error>>(
        &self,
        asked: &[Asked<'_>],
        places: &[usize],
        see: &mut dyn FnMut(&RecordBatch) -> Result<(), E>,
    ) -> Result<(), E> {
        let reader = parquet_reader(&self.path, &self.place)?;
        let broken = |problem: &dyn std::fmt::Display| -> E { self.broken(problem).into() };
        // A projection keeps the file's order, and each column once.
        let mut kept = places.to_vec();
        kept.sort_unstable();
        kept.dedup();
        let mask = ProjectionMask::roots(reader.parquet_schema(), places.iter().copied());
        let batches = reader.with_projection(mask).build().map_err(|error| broken(&error))?;
        let mut before = 0;
        for batch in batches {
            let batch = batch.map_err(|error| broken(&error))?;
            let mut noted = vec![String::new(); batch.num_rows()];
            let (mut columns, mut fields) = (Vec::new(), Vec::new());
            for (position, (column, place)) in asked.iter().zip(places).enumerate() {
                let array = batch.column(kept.partition_point(|other| other < place));
                columns.push(self.typed(array, column, position, &mut noted)?);
                fields.push(Field::new(column.name, arrow_type(column.kind), true));
            }
            let rows = batch.num_rows() as u64;
            columns.push(Arc::new(UInt64Array::from_iter_values(before + 1..=before + rows)));
            before += rows;
            let mut bad = StringBuilder::new();
            noted.iter().for_each(|cell| bad.append_option((!cell.is_empty()).then_some(cell)));
            columns.push(Arc::new(bad.finish()));
            fields.push(Field::new(ROW, DataType::UInt64, false));
            fields.push(Field::new(BAD, DataType::Utf8, true));
            let typed = RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), columns);
            see(&typed.map_err(|error| broken(&error))?)?;
        }
        Ok(())
    }

    /// A column of Parquet as its kind asks; text is read as in a text file.
    fn typed(
        &self,
        array: &ArrayRef,
        asked: &Asked<'_>,
        position: usize,
        noted: &mut [String],
    ) -> Result<ArrayRef, tables::Error> {
        let found = array.data_type();
        let is_text = matches!(found, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
            || matches!(found, DataType::Dictionary(_, value) if value.is_string());
        let target = arrow_type(asked.kind);
        if is_text && asked.kind != Kind::Text {
            let text = cast(array, &DataType::Utf8).map_err(|error| self.broken(&error))?;
            let format = asked.kept.cloned().unwrap_or_else(|| ColumnFormat::plain(asked.kind));
            let wanted = Wanted { name: asked.name.to_owned(), index: 0, format };
            let mut builder = ColumnBuilder::new(&wanted, &reading());
            for (row, cell) in text.as_string::<i32>().iter().enumerate() {
                match cell {
                    Some(cell) if !builder.push(cell.as_bytes()) => {
                        note_bad(&mut noted[row], position, cell.as_bytes());
                    }
                    Some(_) => {}
                    None => builder.push_null(),
                }
            }
            return Ok(builder.finish());
        }
        let is_moment = matches!(found, DataType::Date32 | DataType::Date64 | DataType::Timestamp(..));
        let fits = match asked.kind {
            Kind::Text => true,
            Kind::Moment => is_moment,
            Kind::Number => found.is_numeric() || found == &DataType::Boolean,
            Kind::Flag => found == &DataType::Boolean || found.is_numeric(),
        };
        if !fits && found != &DataType::Null {
            let message = format!("the column holds {found} and not {}", asked.kind.said());
            let advice = format!("name another one with {}, or export it with the right type", asked.option);
            let place = self.place.clone().in_column(asked.name);
            return Err(Finding::error(Topic::BadCell, place, message, advice).into());
        }
        // A time zone is taken to UTC, as offsets in text are.
        let plain = match found {
            DataType::Timestamp(_, Some(_)) => {
                cast(array, &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))
            }
            _ => Ok(Arc::clone(array)),
        };
        plain.and_then(|plain| cast(&plain, &target)).map_err(|error| self.broken(&error))
    }

    fn broken(&self, problem: &dyn std::fmt::Display) -> tables::Error {
        broken(&self.place, problem)
    }
}

/// What an offset is converted to, where no contract names a zone.
fn reading() -> Reading {
    Reading { zone: TimeZone::UTC, date_format: None }
}

fn parquet_reader(path: &Path, place: &Place) -> Result<ParquetRecordBatchReaderBuilder<File>, tables::Error> {
    let file = File::open(path).map_err(|source| tables::Error::Read { path: path.to_owned(), source })?;
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| broken(place, &error))
}

fn broken(place: &Place, problem: &dyn std::fmt::Display) -> tables::Error {
    let message = format!("cannot be read as Parquet: {problem}");
    Finding::error(Topic::Unreadable, place.clone(), message, "export it again").into()
}
