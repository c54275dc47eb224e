//! Parquet files: read by the engine, brought to the contract's types in its plan.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, AsArray, StringArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType};
use datafusion::common::ScalarValue;
use datafusion::dataframe::DataFrame;
use datafusion::error::{DataFusionError, Result as EngineResult};
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF, Volatility, cast, create_udf, lit, try_cast};
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tables::rows::{BAD, ColumnBuilder, ROW, Reading, Wanted, arrow_type, note_bad};
use tables::{ColumnFormat, Kind, Place};

use crate::error::Error;
use crate::session::MOMENT;
use crate::source::SourceColumn;

/// The columns of a file, with their own types as kinds.
pub(crate) fn columns(path: &Path, place: &Place) -> Result<Vec<SourceColumn>, Error> {
    let failed = |source| tables::Error::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| Error::Engine {
        table: place.table.clone(),
        message: format!("{place}: not a whole Parquet file ({error}); export it again"),
    })?;
    let column = |field: &Arc<arrow::datatypes::Field>| SourceColumn {
        name: field.name().clone(),
        native: Some(ColumnFormat::plain(native_kind(field.data_type()))),
    };
    Ok(reader.schema().fields().iter().map(column).collect())
}

fn native_kind(kind: &DataType) -> Kind {
    match kind {
        DataType::Boolean => Kind::Flag,
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => Kind::Moment,
        other if other.is_numeric() => Kind::Number,
        _ => Kind::Text,
    }
}

/// The wanted columns of a file in their kinds.
pub(crate) async fn table(
    session: &SessionContext,
    path: &Path,
    wanted: &[Wanted],
    reading: &Reading,
) -> EngineResult<DataFrame> {
    let path = path.to_str().ok_or_else(|| DataFusionError::Execution("the file's path is not UTF-8".to_owned()))?;
    let frame = session.read_parquet(path, ParquetReadOptions::default()).await?;
    let mut columns = Vec::with_capacity(wanted.len() + 2);
    let mut texts = Vec::new();
    for (place, column) in wanted.iter().enumerate() {
        let name = datafusion::common::Column::new_unqualified(&column.name);
        let field = frame.schema().field_with_unqualified_name(&column.name)?;
        if is_text(field.data_type()) {
            texts.push((place, column.clone(), cast(Expr::Column(name.clone()), DataType::Utf8)));
        }
        let value = typed(Expr::Column(name), field.data_type(), column, reading);
        columns.push(value.alias(&column.name));
    }
    // The engine reads row groups in parallel: rows have no number there.
    columns.push(lit(0_u64).alias(ROW));
    columns.push(bad_cells(texts, reading).alias(BAD));
    frame.select(columns)
}

fn typed(value: Expr, found: &DataType, wanted: &Wanted, reading: &Reading) -> Expr {
    let kind = wanted.format.kind;
    if is_text(found) {
        return parser(wanted.clone(), reading.clone()).call(vec![cast(value, DataType::Utf8)]);
    }
    if let (DataType::Timestamp(_, Some(_)), Kind::Moment) = (found, kind) {
        let utc = cast(value, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())));
        return localiser(reading.clone()).call(vec![cast(utc, DataType::Int64)]);
    }
    if found == &arrow_type(kind) { value } else { try_cast(value, arrow_type(kind)) }
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, value) => is_text(value),
        other => matches!(other, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
    }
}

/// Reads text as delimited files are read.
fn parser(wanted: Wanted, reading: Reading) -> ScalarUDF {
    let name = format!("read_{}", wanted.name);
    let output = arrow_type(wanted.format.kind);
    let parse = move |args: &[ColumnarValue]| {
        let arrays = ColumnarValue::values_to_arrays(args)?;
        let mut builder = ColumnBuilder::new(&wanted, &reading);
        for cell in arrays[0].as_string::<i32>() {
            match cell {
                // What is bad is noted by `bad_cells`.
                Some(text) => _ = builder.push(text.as_bytes()),
                None => builder.push_null(),
            }
        }
        Ok(ColumnarValue::Array(builder.finish()))
    };
    create_udf(&name, vec![DataType::Utf8], output, Volatility::Immutable, Arc::new(parse))
}

/// The notes on cells that cannot be read, of the columns of text with their places.
fn bad_cells(texts: Vec<(usize, Wanted, Expr)>, reading: &Reading) -> Expr {
    if texts.is_empty() {
        return cast(lit(ScalarValue::Null), DataType::Utf8);
    }
    let reading = reading.clone();
    let mut columns = Vec::with_capacity(texts.len());
    let mut args = Vec::with_capacity(texts.len());
    for (place, column, text) in texts {
        columns.push((place, column));
        args.push(text);
    }
    let find = move |args: &[ColumnarValue]| {
        let arrays = ColumnarValue::values_to_arrays(args)?;
        let mut noted: Vec<String> = vec![String::new(); arrays[0].len()];
        for ((place, column), array) in columns.iter().zip(&arrays) {
            let mut builder = ColumnBuilder::new(column, &reading);
            for (noted, cell) in noted.iter_mut().zip(array.as_string::<i32>()) {
                if let Some(text) = cell.filter(|text| !builder.push(text.as_bytes())) {
                    note_bad(noted, *place, text.as_bytes());
                }
            }
        }
        let noted: StringArray = noted.into_iter().map(|noted| Some(noted).filter(|noted| !noted.is_empty())).collect();
        Ok(ColumnarValue::Array(Arc::new(noted)))
    };
    let kinds = vec![DataType::Utf8; args.len()];
    create_udf("bad_cells", kinds, DataType::Utf8, Volatility::Immutable, Arc::new(find)).call(args)
}

/// Brings microseconds of UTC to civil time of the contract's zone.
fn localiser(reading: Reading) -> ScalarUDF {
    create_udf(
        "civil_time",
        vec![DataType::Int64],
        MOMENT,
        Volatility::Immutable,
        Arc::new(move |args| {
            let arrays = ColumnarValue::values_to_arrays(args)?;
            let civil: TimestampMicrosecondArray = arrays[0]
                .as_primitive::<arrow::datatypes::Int64Type>()
                .iter()
                .map(|micros| {
                    let instant = jiff::Timestamp::from_microsecond(micros?).ok()?;
                    Some(domain::Moment::from_datetime(reading.zone.to_datetime(instant)).0)
                })
                .collect();
            debug_assert_eq!(civil.data_type(), &MOMENT);
            let civil = civil.reinterpret_cast::<TimestampMicrosecondType>();
            Ok(ColumnarValue::Array(Arc::new(civil)))
        }),
    )
}
