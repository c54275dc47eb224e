//! Parquet files: read by the engine, brought to the contract's types in its plan.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, AsArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType};
use datafusion::dataframe::DataFrame;
use datafusion::error::{DataFusionError, Result as EngineResult};
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF, Volatility, cast, create_udf, lit, try_cast};
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::error::Error;
use crate::finding::Place;
use crate::schema::{ColumnFormat, Kind};
use crate::session::MOMENT;
use crate::source::SourceColumn;
use crate::source::stream::Aftermath;
use crate::text::rows::{CellReport, ColumnBuilder, ROW, Reading, Wanted, arrow_type};

/// The columns of a file, with their own types as kinds.
pub(crate) fn columns(path: &Path, place: &Place) -> Result<Vec<SourceColumn>, Error> {
    let failed = |source| Error::Read { path: path.to_owned(), source };
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
    aftermath: &Aftermath,
) -> EngineResult<DataFrame> {
    let path = path.to_str().ok_or_else(|| DataFusionError::Execution("the file's path is not UTF-8".to_owned()))?;
    let frame = session.read_parquet(path, ParquetReadOptions::default()).await?;
    let mut columns = Vec::with_capacity(wanted.len() + 1);
    for column in wanted {
        let name = datafusion::common::Column::new_unqualified(&column.name);
        let field = frame.schema().field_with_unqualified_name(&column.name)?;
        let value = typed(Expr::Column(name), field.data_type(), column, reading, &aftermath.report);
        columns.push(value.alias(&column.name));
    }
    // The engine reads row groups in parallel: rows have no number there.
    columns.push(lit(0_u64).alias(ROW));
    frame.select(columns)
}

fn typed(value: Expr, found: &DataType, wanted: &Wanted, reading: &Reading, report: &Arc<Mutex<CellReport>>) -> Expr {
    let kind = wanted.format.kind;
    let is_text = match found {
        DataType::Dictionary(_, value) => is_string(value),
        other => is_string(other),
    };
    if is_text {
        let parse = parser(wanted.clone(), reading.clone(), Arc::clone(report));
        return parse.call(vec![cast(value, DataType::Utf8)]);
    }
    if let (DataType::Timestamp(_, Some(_)), Kind::Moment) = (found, kind) {
        let utc = cast(value, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())));
        return localiser(reading.clone()).call(vec![cast(utc, DataType::Int64)]);
    }
    if found == &arrow_type(kind) { value } else { try_cast(value, arrow_type(kind)) }
}

fn is_string(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// Reads text as delimited files are read, and counts what cannot be.
fn parser(wanted: Wanted, reading: Reading, report: Arc<Mutex<CellReport>>) -> ScalarUDF {
    let name = format!("read_{}", wanted.name);
    let output = arrow_type(wanted.format.kind);
    create_udf(
        &name,
        vec![DataType::Utf8],
        output,
        Volatility::Volatile,
        Arc::new(move |args| {
            let arrays = ColumnarValue::values_to_arrays(args)?;
            let mut builder = ColumnBuilder::new(&wanted, &reading);
            for cell in arrays[0].as_string::<i32>() {
                match cell {
                    Some(text) => builder.push(0, text.as_bytes()),
                    None => builder.push_null(),
                }
            }
            let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
            match report.columns.iter_mut().find(|known| known.column == wanted.name) {
                Some(known) => known.add(builder.report()),
                None => report.columns.push(builder.report().clone()),
            }
            Ok(ColumnarValue::Array(builder.finish()))
        }),
    )
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
