//! The query engine: one DataFusion session per run, with civil days that can be added and subtracted.
//!
//! Contracts write `starts_on + length_days` and `submitted_at - due_at`: a moment and a number of days make a moment,
//! two moments make days. Names of columns are taken as written, in any alphabet.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array, TimestampMicrosecondArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, TimeUnit, TimestampMicrosecondType};
use datafusion::common::{DFSchema, Result as EngineResult};
use datafusion::execution::SessionStateBuilder;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{ColumnarValue, Expr, ExprSchemable, ScalarUDF, Volatility, create_udf};
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion::sql::sqlparser::ast::BinaryOperator;

const MICROS_A_DAY: f64 = 86_400_000_000.0;

/// The Arrow type of every moment.
pub(crate) const MOMENT: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);

/// A session with all cores and the arithmetic of days.
pub(crate) fn new() -> SessionContext {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let config = SessionConfig::new()
        .with_target_partitions(cores)
        .with_information_schema(false)
        .set_bool("datafusion.sql_parser.enable_ident_normalization", false)
        .set_bool("datafusion.sql_parser.map_string_types_to_utf8view", false)
        .set_bool("datafusion.execution.parquet.schema_force_view_types", false);
    let state = SessionStateBuilder::new().with_config(config).with_default_features().build();
    let mut planners: Vec<Arc<dyn ExprPlanner>> = vec![Arc::new(CivilDays::new())];
    planners.extend(state.expr_planners().iter().cloned());
    let state = SessionStateBuilder::new_from_existing(state).with_expr_planners(planners).build();
    SessionContext::new_with_state(state)
}

/// Plans `moment + days`, `moment - days` and `moment - moment`.
#[derive(Debug)]
struct CivilDays {
    shift: Arc<ScalarUDF>,
    between: Arc<ScalarUDF>,
}

impl CivilDays {
    fn new() -> Self {
        let shift = create_udf(
            "shift_days",
            vec![MOMENT, DataType::Float64],
            MOMENT,
            Volatility::Immutable,
            Arc::new(shift_days),
        );
        let between = create_udf(
            "days_between",
            vec![MOMENT, MOMENT],
            DataType::Float64,
            Volatility::Immutable,
            Arc::new(days_between),
        );
        Self { shift: Arc::new(shift), between: Arc::new(between) }
    }
}

impl ExprPlanner for CivilDays {
    fn plan_binary_op(&self, expr: RawBinaryExpr, schema: &DFSchema) -> EngineResult<PlannerResult<RawBinaryExpr>> {
        let is_plus = matches!(expr.op, BinaryOperator::Plus);
        if !is_plus && !matches!(expr.op, BinaryOperator::Minus) {
            return Ok(PlannerResult::Original(expr));
        }
        let left = expr.left.get_type(schema)?;
        let right = expr.right.get_type(schema)?;
        let call = |function: &Arc<ScalarUDF>, args: Vec<Expr>| {
            PlannerResult::Planned(Expr::ScalarFunction(ScalarFunction::new_udf(Arc::clone(function), args)))
        };
        let number = |days: Expr| datafusion::logical_expr::cast(days, DataType::Float64);
        let moment = |at: Expr| datafusion::logical_expr::cast(at, MOMENT);
        if is_moment(&left) && right.is_numeric() {
            let days = if is_plus { number(expr.right) } else { -number(expr.right) };
            return Ok(call(&self.shift, vec![moment(expr.left), days]));
        }
        if is_plus && left.is_numeric() && is_moment(&right) {
            return Ok(call(&self.shift, vec![moment(expr.right), number(expr.left)]));
        }
        if !is_plus && is_moment(&left) && is_moment(&right) {
            return Ok(call(&self.between, vec![moment(expr.left), moment(expr.right)]));
        }
        Ok(PlannerResult::Original(expr))
    }
}

fn is_moment(kind: &DataType) -> bool {
    matches!(kind, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64)
}

fn shift_days(args: &[ColumnarValue]) -> EngineResult<ColumnarValue> {
    let arrays = ColumnarValue::values_to_arrays(args)?;
    let at = arrays[0].as_primitive::<TimestampMicrosecondType>();
    let days = cast(&arrays[1], &DataType::Float64)?;
    let shifted: TimestampMicrosecondArray = at
        .iter()
        .zip(days.as_primitive::<Float64Type>())
        .map(|(at, days)| {
            let micros = days.filter(|days| days.is_finite())? * MICROS_A_DAY;
            // Rounds to whole microseconds; beyond the range of an i64 it saturates.
            Some(at?.saturating_add(micros.round() as i64))
        })
        .collect();
    Ok(ColumnarValue::Array(Arc::new(shifted) as ArrayRef))
}

fn days_between(args: &[ColumnarValue]) -> EngineResult<ColumnarValue> {
    let arrays = ColumnarValue::values_to_arrays(args)?;
    let later = arrays[0].as_primitive::<TimestampMicrosecondType>();
    let earlier = arrays[1].as_primitive::<TimestampMicrosecondType>();
    let days: Float64Array = later
        .iter()
        .zip(earlier)
        .map(|(later, earlier)| Some((later?.saturating_sub(earlier?)) as f64 / MICROS_A_DAY))
        .collect();
    Ok(ColumnarValue::Array(Arc::new(days) as ArrayRef))
}
