//! Rows of delimited text as typed record batches, and the cells that could not be typed.

use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, StringBuilder, TimestampMicrosecondBuilder, UInt64Builder,
};
use arrow::datatypes::{DataType, Field, Schema as ArrowSchema, SchemaRef, TimeUnit};
use arrow::record_batch::RecordBatch;
use csv::ByteRecord;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;

use crate::cell;
use crate::dialect::named;
use crate::error::Error;
use crate::finding::{Finding, Place, Topic, shown};
use crate::schema::{ColumnFormat, DayOrder, Decimal, Kind};

/// The column of a batch with the row of the file that a row comes from.
pub const ROW: &str = "__row";
/// The column of a batch with the cells of a row that are not of their column's kind, for [`bad_cells`]; null where
/// there are none. They travel with their row, because only whoever sees the row's time knows whether it counts yet.
pub const BAD: &str = "__bad";
const BATCH_ROWS: usize = 8192;
const BETWEEN_CELLS: char = '\u{1e}';
const AFTER_COLUMN: char = '\u{1f}';

/// Where the fields of a record are.
#[derive(Clone, Debug)]
pub struct Layout {
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
pub struct Reading {
    /// The zone that moments with an offset are converted to.
    pub zone: TimeZone,
    /// A `strptime` format, where the contract states one.
    pub date_format: Option<String>,
}

/// A column to read: its place in the record and how it is written.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// Its place in a record.
    pub index: usize,
    /// How it is written.
    pub format: ColumnFormat,
}

/// The Arrow type of a column.
pub fn arrow_type(kind: Kind) -> DataType {
    match kind {
        Kind::Number => DataType::Float64,
        Kind::Text => DataType::Utf8,
        Kind::Moment => DataType::Timestamp(TimeUnit::Microsecond, None),
        Kind::Flag => DataType::Boolean,
    }
}

/// The schema of the batches: the wanted columns, the row of the file and the bad cells.
pub fn batch_schema(wanted: &[Wanted]) -> SchemaRef {
    let mut fields: Vec<Field> =
        wanted.iter().map(|column| Field::new(&column.name, arrow_type(column.format.kind), true)).collect();
    fields.push(Field::new(ROW, DataType::UInt64, false));
    fields.push(Field::new(BAD, DataType::Utf8, true));
    Arc::new(ArrowSchema::new(fields))
}

/// Calls `see` with the number and the fields of every row, until it breaks off.
///
/// Rows are numbered as a spreadsheet does. Empty lines are passed over; empty fields beyond the header are ignored.
///
/// # Errors
///
/// A row that does not have the header's fields: nothing after it can be trusted.
pub fn for_each_record(
    text: Box<dyn Read + Send>,
    layout: &Layout,
    mut see: impl FnMut(u64, &ByteRecord) -> ControlFlow<()>,
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
            if see(row, &record).is_break() {
                return Ok(());
            }
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
    let message = format!("the text cannot be read further: {error}");
    // A source that is no file says in its own words why it broke off.
    let is_broken_off = matches!(error.kind(), csv::ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::Other);
    let advice = if is_broken_off {
        "nothing of it is used: look why the server ended the query, and run again"
    } else {
        "export the file again: it seems cut short"
    };
    Finding::error(Topic::Structure, place, message, advice).into()
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
pub fn read(
    text: Box<dyn Read + Send>,
    layout: &Layout,
    wanted: &[Wanted],
    reading: &Reading,
    mut hand_on: impl FnMut(RecordBatch) -> bool,
) -> Result<(), Error> {
    let mut batch = BatchBuilder::new(wanted, reading);
    let mut is_wanted = true;
    for_each_record(text, layout, |row, record| {
        batch.push(row, record);
        if batch.rows == BATCH_ROWS {
            is_wanted = hand_on(batch.finish());
        }
        if is_wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    // Where the reader of the stream has gone, its own error says why.
    if is_wanted && batch.rows > 0 {
        hand_on(batch.finish());
    }
    Ok(())
}

/// Notes a bad cell of a column, by its place among the wanted ones.
pub fn note_bad(bad: &mut String, column: usize, cell: &[u8]) {
    if !bad.is_empty() {
        bad.push(BETWEEN_CELLS);
    }
    let shown = shown(&String::from_utf8_lossy(cell)).replace([BETWEEN_CELLS, AFTER_COLUMN], " ");
    bad.push_str(&format!("{column}{AFTER_COLUMN}{shown}"));
}

/// The bad cells that were noted of a row: the column's place and the cell as messages show it.
pub fn bad_cells(noted: &str) -> impl Iterator<Item = (usize, &str)> {
    noted.split(BETWEEN_CELLS).filter_map(|cell| {
        let (column, shown) = cell.split_once(AFTER_COLUMN)?;
        Some((column.parse().ok()?, shown))
    })
}

/// Rows on their way to a batch.
struct BatchBuilder {
    schema: SchemaRef,
    columns: Vec<(usize, ColumnBuilder)>,
    numbers: UInt64Builder,
    bad: StringBuilder,
    bad_of_row: String,
    rows: usize,
}

impl BatchBuilder {
    fn new(wanted: &[Wanted], reading: &Reading) -> Self {
        Self {
            schema: batch_schema(wanted),
            columns: wanted.iter().map(|column| (column.index, ColumnBuilder::new(column, reading))).collect(),
            numbers: UInt64Builder::with_capacity(BATCH_ROWS),
            bad: StringBuilder::with_capacity(BATCH_ROWS, 0),
            bad_of_row: String::new(),
            rows: 0,
        }
    }

    fn push(&mut self, row: u64, record: &ByteRecord) {
        for (place, (index, column)) in self.columns.iter_mut().enumerate() {
            if !column.push(&record[*index]) {
                note_bad(&mut self.bad_of_row, place, &record[*index]);
            }
        }
        self.numbers.append_value(row);
        if self.bad_of_row.is_empty() {
            self.bad.append_null();
        } else {
            self.bad.append_value(&self.bad_of_row);
            self.bad_of_row.clear();
        }
        self.rows += 1;
    }

    fn finish(&mut self) -> RecordBatch {
        self.rows = 0;
        let mut arrays: Vec<ArrayRef> = self.columns.iter_mut().map(|(_, column)| column.finish()).collect();
        arrays.push(Arc::new(self.numbers.finish()));
        arrays.push(Arc::new(self.bad.finish()));
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .expect("every builder has had a cell of every row, of its type")
    }
}

/// Types the cells of one column.
pub struct ColumnBuilder(Values);

enum Values {
    Number(Float64Builder, Decimal),
    Text(StringBuilder),
    Moment(TimestampMicrosecondBuilder, DayOrder, Reading),
    Flag(BooleanBuilder),
}

impl ColumnBuilder {
    /// A builder without cells.
    pub fn new(column: &Wanted, reading: &Reading) -> Self {
        Self(match column.format.kind {
            Kind::Number => Values::Number(Float64Builder::with_capacity(BATCH_ROWS), column.format.decimal),
            Kind::Text => Values::Text(StringBuilder::with_capacity(BATCH_ROWS, BATCH_ROWS * 8)),
            Kind::Moment => Values::Moment(
                TimestampMicrosecondBuilder::with_capacity(BATCH_ROWS),
                column.format.order,
                reading.clone(),
            ),
            Kind::Flag => Values::Flag(BooleanBuilder::with_capacity(BATCH_ROWS)),
        })
    }

    /// Adds the cell of a row, null where it is empty or bad; whether it is not bad.
    pub fn push(&mut self, bytes: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(bytes) else {
            self.0.append_null();
            return false;
        };
        let text = text.trim();
        let is_null = if matches!(self.0, Values::Text(_)) { cell::is_empty(text) } else { cell::is_blank(text) };
        let is_good = is_null || self.0.append(text);
        if is_null || !is_good {
            self.0.append_null();
        }
        is_good
    }

    /// Adds a cell with nothing in it.
    pub fn push_null(&mut self) {
        self.0.append_null();
    }

    /// The cells since the last call.
    pub fn finish(&mut self) -> ArrayRef {
        match &mut self.0 {
            Values::Number(builder, _) => Arc::new(builder.finish()),
            Values::Text(builder) => Arc::new(builder.finish()),
            Values::Moment(builder, ..) => Arc::new(builder.finish()),
            Values::Flag(builder) => Arc::new(builder.finish()),
        }
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

#[cfg(test)]
mod tests {
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::{Float64Type, TimestampMicrosecondType, UInt64Type};

    use super::*;

    /// The batches, and the bad cells as row, column and cell.
    /// Row, column and text of a cell that could not be read.
    type Bad = (u64, usize, String);

    fn read_all(text: &str, kinds: &[(&str, Kind)]) -> Result<(Vec<RecordBatch>, Vec<Bad>), Error> {
        let header: Vec<String> = kinds.iter().map(|(name, _)| (*name).to_owned()).collect();
        let layout = Layout { place: Place::file("t", "t.csv"), delimiter: b',', header, skipped_records: 1 };
        let wanted: Vec<Wanted> = kinds
            .iter()
            .enumerate()
            .map(|(index, (name, kind))| Wanted { name: (*name).to_owned(), index, format: ColumnFormat::plain(*kind) })
            .collect();
        let reading = Reading { zone: TimeZone::UTC, date_format: None };
        let mut batches = Vec::new();
        let text: Box<dyn Read + Send> = Box::new(std::io::Cursor::new(text.to_owned()));
        read(text, &layout, &wanted, &reading, |batch| {
            batches.push(batch);
            true
        })?;
        let mut bad = Vec::new();
        for batch in &batches {
            let rows = batch.column(kinds.len()).as_primitive::<UInt64Type>();
            for (row, noted) in rows.values().iter().zip(batch.column(kinds.len() + 1).as_string::<i32>()) {
                let noted = noted.into_iter().flat_map(bad_cells);
                bad.extend(noted.map(|(column, cell)| (*row, column, cell.to_owned())));
            }
        }
        Ok((batches, bad))
    }

    #[test]
    fn cells_are_typed_and_bad_ones_counted_with_their_rows() {
        let text = "n,at,f,t\n1.5,2026-11-05,да,x\nabc,soon,,\"a,b\"\n";
        let kinds = [("n", Kind::Number), ("at", Kind::Moment), ("f", Kind::Flag), ("t", Kind::Text)];
        let (batches, bad) = read_all(text, &kinds).expect("two whole rows");
        let batch = &batches[0];
        assert_eq!(batch.column(0).as_primitive::<Float64Type>().value(0), 1.5);
        assert!(batch.column(0).is_null(1));
        assert!(batch.column(1).as_primitive::<TimestampMicrosecondType>().is_valid(0));
        assert!(batch.column(2).as_boolean().value(0));
        assert_eq!(batch.column(3).as_string::<i32>().value(1), "a,b");
        assert_eq!(bad, [(3, 0, "'abc'".to_owned()), (3, 1, "'soon'".to_owned())]);
    }

    #[test]
    fn a_broken_row_stops_the_reading_and_is_named() {
        let result = read_all("a,b\n1,2\n1,2,3\n", &[("a", Kind::Number), ("b", Kind::Number)]);
        let error = result.expect_err("three fields");
        assert!(error.to_string().starts_with("t.csv, row 3: the row has 3 fields where the header has 2"), "{error}");
        let result = read_all("a,b\n1,\"2\n1,2\n", &[("a", Kind::Number), ("b", Kind::Text)]);
        assert!(result.is_ok() || result.is_err_and(|error| error.to_string().contains("quotation mark")));
    }

    #[test]
    fn a_cell_of_a_million_letters_is_read() {
        let long = "ы".repeat(1_000_000);
        let kinds = [("n", Kind::Number), ("t", Kind::Text)];
        let (batches, bad) = read_all(&format!("n,t\n{long},{long}\n"), &kinds).expect("one row");
        assert_eq!(batches[0].column(1).as_string::<i32>().value(0).len(), 2_000_000);
        assert_eq!(bad.len(), 1);
        assert!(bad[0].2.len() < 200);
    }
}
