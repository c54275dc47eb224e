//! Rows of delimited text as typed record batches, and the cells that could not be typed.

use std::io::Read;
use std::sync::{Arc, Mutex};

use arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, StringBuilder, TimestampMicrosecondBuilder, UInt64Builder,
};
use arrow::datatypes::{DataType, Field, Schema as ArrowSchema, SchemaRef, TimeUnit};
use arrow::record_batch::RecordBatch;
use csv::ByteRecord;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

use crate::error::Error;
use crate::finding::{Finding, Place, Topic, shown};
use crate::schema::{ColumnFormat, DayOrder, Decimal, Kind};
use crate::text::cell;
use crate::text::dialect::named;

/// The column of a batch with the row of the file that a row comes from.
pub(crate) const ROW: &str = "__row";
const BATCH_ROWS: usize = 8192;
const SAMPLES: usize = 5;

/// Where the fields of a record are.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Table and file, for findings.
    pub place: Place,
    /// What stands between fields.
    pub delimiter: u8,
    /// Names of the columns.
    pub header: Vec<String>,
    /// Records before the first row of data.
    pub skipped_records: u64,
}

/// How cells are read.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    /// The zone that moments with an offset are converted to.
    pub zone: TimeZone,
    /// A `strptime` format, where the contract states one.
    pub date_format: Option<String>,
}

/// A column to read: its place in the record and how it is written.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Its name.
    pub name: String,
    /// Its place in a record.
    pub index: usize,
    /// How it is written.
    pub format: ColumnFormat,
}

/// Cells that are not of their column's kind.
#[derive(Clone, Debug)]
pub(crate) struct BadCells {
    /// The column.
    pub column: String,
    /// What was expected.
    pub kind: Kind,
    /// Cells with something in them.
    pub filled: u64,
    /// Of those, the bad ones.
    pub bad: u64,
    /// The first bad ones: row and beginning.
    pub samples: Vec<(u64, String)>,
}

/// What reading a table shows besides its rows; shared with the stream that reads it.
#[derive(Clone, Debug, Default)]
pub(crate) struct CellReport {
    /// Rows read.
    pub rows: u64,
    /// By column.
    pub columns: Vec<BadCells>,
}

/// The Arrow type of a column.
pub(crate) fn arrow_type(kind: Kind) -> DataType {
    match kind {
        Kind::Number => DataType::Float64,
        Kind::Text => DataType::Utf8,
        Kind::Moment => DataType::Timestamp(TimeUnit::Microsecond, None),
        Kind::Flag => DataType::Boolean,
    }
}

/// The schema of the batches: the wanted columns and the row of the file.
pub(crate) fn batch_schema(wanted: &[Wanted]) -> SchemaRef {
    let mut fields: Vec<Field> =
        wanted.iter().map(|column| Field::new(&column.name, arrow_type(column.format.kind), true)).collect();
    fields.push(Field::new(ROW, DataType::UInt64, false));
    Arc::new(ArrowSchema::new(fields))
}

/// Calls `see` with the number and the fields of every row.
///
/// Rows are numbered as a spreadsheet does. Empty lines are passed over; empty fields beyond the header are ignored.
///
/// # Errors
///
/// A row that does not have the header's fields: nothing after it can be trusted.
pub(crate) fn for_each_record(
    text: Box<dyn Read + Send>,
    layout: &Layout,
    mut see: impl FnMut(u64, &ByteRecord) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(layout.delimiter)
        .buffer_capacity(1 << 17)
        .from_reader(text);
    let mut record = ByteRecord::new();
    let mut row = 0;
    while reader.read_byte_record(&mut record).map_err(|error| unreadable(layout, row + 1, &error))? {
        row += 1;
        if row <= layout.skipped_records {
            continue;
        }
        let is_whole = record.len() == layout.header.len()
            || (record.len() > layout.header.len() && record.iter().skip(layout.header.len()).all(<[u8]>::is_empty));
        if is_whole {
            see(row, &record)?;
            continue;
        }
        if record.iter().all(|field| field.trim_ascii().is_empty()) {
            continue;
        }
        return Err(broken_row(layout, row, &record).into());
    }
    Ok(())
}

fn unreadable(layout: &Layout, row: u64, error: &csv::Error) -> Error {
    let place = layout.place.clone().at_row(row);
    Finding::error(
        Topic::Structure,
        place,
        format!("the text cannot be read further: {error}"),
        "export the file again: it seems cut short",
    )
    .into()
}

fn broken_row(layout: &Layout, row: u64, record: &ByteRecord) -> Finding {
    let message = format!(
        "the row has {} fields where the header has {} (delimiter {})",
        record.len(),
        layout.header.len(),
        named(layout.delimiter)
    );
    let longest = record.iter().max_by_key(|field| field.len()).unwrap_or_default();
    let advice = if longest.contains(&b'\n') {
        "a quotation mark is opened near this row and never closed: close it, or export the file again"
    } else {
        "put text that holds the delimiter in quotation marks, or state csv.delimiter for the table in the contract"
    };
    Finding::error(Topic::Structure, layout.place.clone().at_row(row), message, advice)
}

/// Reads the wanted columns batch by batch and hands each batch on; stops early when `hand_on` says so.
pub(crate) fn read(
    text: Box<dyn Read + Send>,
    layout: &Layout,
    wanted: &[Wanted],
    reading: &Reading,
    report: &Mutex<CellReport>,
    mut hand_on: impl FnMut(RecordBatch) -> bool,
) -> Result<(), Error> {
    let schema = batch_schema(wanted);
    let mut columns: Vec<ColumnBuilder> = wanted.iter().map(|column| ColumnBuilder::new(column, reading)).collect();
    let mut numbers = UInt64Builder::with_capacity(BATCH_ROWS);
    let mut filled = 0;
    let mut rows = 0;
    let mut is_wanted = true;
    let outcome = for_each_record(text, layout, |row, record| {
        if !is_wanted {
            return Err(Error::Features(String::new()));
        }
        for column in &mut columns {
            column.push(row, &record[column.index]);
        }
        numbers.append_value(row);
        rows += 1;
        filled += 1;
        if filled == BATCH_ROWS {
            is_wanted = hand_on(batch(&schema, &mut columns, &mut numbers, layout)?);
            filled = 0;
        }
        Ok(())
    });
    // The reader of the stream has gone: its own error says why.
    if !is_wanted {
        return Ok(());
    }
    outcome?;
    if filled > 0 {
        hand_on(batch(&schema, &mut columns, &mut numbers, layout)?);
    }
    let mut report = report.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    report.rows = rows;
    report.columns = columns.into_iter().map(|column| column.report).collect();
    Ok(())
}

fn batch(
    schema: &SchemaRef,
    columns: &mut [ColumnBuilder],
    rows: &mut UInt64Builder,
    layout: &Layout,
) -> Result<RecordBatch, Error> {
    let mut arrays: Vec<ArrayRef> = columns.iter_mut().map(ColumnBuilder::finish).collect();
    arrays.push(Arc::new(rows.finish()));
    RecordBatch::try_new(Arc::clone(schema), arrays)
        .map_err(|error| Error::Engine { table: layout.place.table.clone(), message: error.to_string() })
}

/// Types the cells of one column.
pub(crate) struct ColumnBuilder {
    index: usize,
    values: Values,
    report: BadCells,
}

enum Values {
    Number(Float64Builder, Decimal),
    Text(StringBuilder),
    Moment(TimestampMicrosecondBuilder, DayOrder, Reading),
    Flag(BooleanBuilder),
}

impl ColumnBuilder {
    pub(crate) fn new(column: &Wanted, reading: &Reading) -> Self {
        let values = match column.format.kind {
            Kind::Number => Values::Number(Float64Builder::with_capacity(BATCH_ROWS), column.format.decimal),
            Kind::Text => Values::Text(StringBuilder::with_capacity(BATCH_ROWS, BATCH_ROWS * 8)),
            Kind::Moment => Values::Moment(
                TimestampMicrosecondBuilder::with_capacity(BATCH_ROWS),
                column.format.order,
                reading.clone(),
            ),
            Kind::Flag => Values::Flag(BooleanBuilder::with_capacity(BATCH_ROWS)),
        };
        let report =
            BadCells { column: column.name.clone(), kind: column.format.kind, filled: 0, bad: 0, samples: Vec::new() };
        Self { index: column.index, values, report }
    }

    /// Adds the cell of a row: typed, or null and counted as bad.
    pub(crate) fn push(&mut self, row: u64, bytes: &[u8]) {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.trim(),
            Err(_) => {
                self.report.count_bad(row, &String::from_utf8_lossy(bytes));
                self.values.append_null();
                return;
            }
        };
        let is_null = if matches!(self.values, Values::Text(_)) { cell::is_empty(text) } else { cell::is_blank(text) };
        if is_null {
            self.values.append_null();
            return;
        }
        self.report.filled += 1;
        if !self.values.append(text) {
            self.report.filled -= 1;
            self.report.count_bad(row, text);
            self.values.append_null();
        }
    }

    pub(crate) fn push_null(&mut self) {
        self.values.append_null();
    }

    pub(crate) fn finish(&mut self) -> ArrayRef {
        match &mut self.values {
            Values::Number(builder, _) => Arc::new(builder.finish()),
            Values::Text(builder) => Arc::new(builder.finish()),
            Values::Moment(builder, ..) => Arc::new(builder.finish()),
            Values::Flag(builder) => Arc::new(builder.finish()),
        }
    }

    pub(crate) fn report(&self) -> &BadCells {
        &self.report
    }
}

impl Values {
    /// Whether the text is a value of the kind.
    fn append(&mut self, text: &str) -> bool {
        match self {
            Self::Number(builder, decimal) => match cell::number(text, *decimal) {
                Some(value) => builder.append_value(value),
                None => return false,
            },
            Self::Text(builder) => {
                if text.contains('\u{fffd}') {
                    return false;
                }
                builder.append_value(text);
            }
            Self::Moment(builder, order, reading) => match moment(text, *order, reading) {
                Some(micros) => builder.append_value(micros),
                None => return false,
            },
            Self::Flag(builder) => match cell::flag(text) {
                Some(value) => builder.append_value(value),
                None => return false,
            },
        }
        true
    }

    fn append_null(&mut self) {
        match self {
            Self::Number(builder, _) => builder.append_null(),
            Self::Text(builder) => builder.append_null(),
            Self::Moment(builder, ..) => builder.append_null(),
            Self::Flag(builder) => builder.append_null(),
        }
    }
}

fn moment(text: &str, order: DayOrder, reading: &Reading) -> Option<i64> {
    let Some(format) = &reading.date_format else {
        return cell::moment(text, order, &reading.zone).map(|at| at.0);
    };
    let parsed = BrokenDownTime::parse(format, text).ok()?;
    if parsed.offset().is_some() {
        let instant = parsed.to_timestamp().ok()?;
        return Some(domain::Moment::from_datetime(reading.zone.to_datetime(instant)).0);
    }
    let at = parsed.to_datetime().or_else(|_| parsed.to_date().map(|date| date.at(0, 0, 0, 0))).ok()?;
    Some(domain::Moment::from_datetime(at).0)
}

impl BadCells {
    pub(crate) fn count_bad(&mut self, row: u64, text: &str) {
        self.filled += 1;
        self.bad += 1;
        if self.samples.len() < SAMPLES {
            self.samples.push((row, shown(text)));
        }
    }

    /// Merges what another part of the same column showed.
    pub(crate) fn add(&mut self, other: &Self) {
        self.filled += other.filled;
        self.bad += other.bad;
        let room = SAMPLES - self.samples.len().min(SAMPLES);
        self.samples.extend(other.samples.iter().take(room).cloned());
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::{Float64Type, TimestampMicrosecondType};

    use super::*;

    fn read_all(text: &str, kinds: &[(&str, Kind)]) -> (Result<Vec<RecordBatch>, Error>, CellReport) {
        let header: Vec<String> = kinds.iter().map(|(name, _)| (*name).to_owned()).collect();
        let layout = Layout { place: Place::file("t", "t.csv"), delimiter: b',', header, skipped_records: 1 };
        let wanted: Vec<Wanted> = kinds
            .iter()
            .enumerate()
            .map(|(index, (name, kind))| Wanted { name: (*name).to_owned(), index, format: ColumnFormat::plain(*kind) })
            .collect();
        let reading = Reading { zone: TimeZone::UTC, date_format: None };
        let report = Mutex::default();
        let mut batches = Vec::new();
        let text: Box<dyn Read + Send> = Box::new(std::io::Cursor::new(text.to_owned()));
        let result = read(text, &layout, &wanted, &reading, &report, |batch| {
            batches.push(batch);
            true
        });
        (result.map(|()| batches), report.into_inner().expect("not poisoned"))
    }

    #[test]
    fn cells_are_typed_and_bad_ones_counted_with_their_rows() {
        let text = "n,at,f,t\n1.5,2026-11-05,да,x\nabc,soon,,\"a,b\"\n";
        let (batches, report) =
            read_all(text, &[("n", Kind::Number), ("at", Kind::Moment), ("f", Kind::Flag), ("t", Kind::Text)]);
        let batches = batches.expect("two whole rows");
        let batch = &batches[0];
        assert_eq!(batch.column(0).as_primitive::<Float64Type>().value(0), 1.5);
        assert!(batch.column(0).is_null(1));
        assert!(batch.column(1).as_primitive::<TimestampMicrosecondType>().is_valid(0));
        assert!(batch.column(2).as_boolean().value(0));
        assert_eq!(batch.column(3).as_string::<i32>().value(1), "a,b");
        assert_eq!(report.rows, 2);
        assert_eq!((report.columns[0].bad, report.columns[0].filled), (1, 2));
        assert_eq!(report.columns[1].samples, [(3, "'soon'".to_owned())]);
    }

    #[test]
    fn a_broken_row_stops_the_reading_and_is_named() {
        let (batches, _) = read_all("a,b\n1,2\n1,2,3\n", &[("a", Kind::Number), ("b", Kind::Number)]);
        let error = batches.expect_err("three fields");
        assert!(error.to_string().starts_with("t.csv, row 3: the row has 3 fields where the header has 2"), "{error}");
        let (batches, _) = read_all("a,b\n1,\"2\n1,2\n", &[("a", Kind::Number), ("b", Kind::Text)]);
        assert!(batches.is_ok() || batches.is_err_and(|error| error.to_string().contains("quotation mark")));
    }

    #[test]
    fn a_cell_of_a_million_letters_is_read() {
        let long = "ы".repeat(1_000_000);
        let (batches, report) = read_all(&format!("n,t\n{long},{long}\n"), &[("n", Kind::Number), ("t", Kind::Text)]);
        assert_eq!(batches.expect("one row")[0].column(1).as_string::<i32>().value(0).len(), 2_000_000);
        assert_eq!(report.columns[0].bad, 1);
        assert!(report.columns[0].samples[0].1.len() < 200);
    }
}
