//! The log of what staff did to keep subjects: it teaches what helps and is never a feature.

use std::collections::BTreeSet;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, TimestampMicrosecondType};
use contract::{ColumnRef, Origin};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Expr;
use domain::{Cutoff, Day, Moment};

use crate::error::Error;
use crate::events;
use crate::finding::{Finding, Topic};
use crate::people::People;
use crate::schema::Kind;
use crate::table::{Output, TypedTable};

/// An action that staff took.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedAction {
    /// The subject's code.
    pub subject: u32,
    /// When.
    pub at: Moment,
    /// The action's name in the contract.
    pub action: String,
    /// Whether chance chose it.
    pub randomised: bool,
    /// The probability with which it was chosen, where it is known.
    pub propensity: Option<f64>,
}

/// Reads the log, without what is later than `as_of`.
pub(crate) async fn read(
    table: &TypedTable<'_>,
    people: &People,
    as_of: Option<Day>,
    findings: &mut Vec<Finding>,
) -> Result<Vec<LoggedAction>, Error> {
    let name = &table.table.name;
    let Some(at) = &table.table.at else {
        let advice = format!("state the column with the rows' time: [tables.{name}] at = \"...\"");
        return Err(
            Finding::error(Topic::NoTime, table.place(), "the contract says no time for its rows", advice).into()
        );
    };
    let optional = |column: &str, kind: Kind| -> Result<Expr, Error> {
        let known = table.table.column(column).filter(|column| !column.assumed || table.has(&column.origin));
        match known {
            Some(column) if kind == Kind::Text => table.category(&column.origin, &column.levels, &column.name),
            Some(column) => table.expr(&column.origin, &format!("tables.{name}.columns.{}", column.name)),
            None => Ok(Expr::Literal(ScalarValue::Null, None)),
        }
    };
    let expr = |reference: &ColumnRef, key: &str| table.expr(&reference.origin, &format!("tables.{name}.{key}"));
    let outputs = [
        Output { expr: expr(&table.table.subject, "subject")?, kind: Kind::Text },
        Output { expr: expr(at, "at")?, kind: Kind::Moment },
        Output { expr: optional("action", Kind::Text)?, kind: Kind::Text },
        Output { expr: optional("randomised", Kind::Flag)?, kind: Kind::Flag },
        Output { expr: optional("propensity", Kind::Number)?, kind: Kind::Number },
    ];
    let needed: BTreeSet<String> = [&table.table.subject, at]
        .into_iter()
        .filter_map(|reference| match &reference.origin {
            Origin::Column(name) => Some(name.clone()),
            _ => None,
        })
        .collect();
    let mut logged = Vec::new();
    table
        .read(&outputs, &needed, findings, |batch| {
            let codes = events::codes_of(people, batch.column(0));
            let at = batch.column(1).as_primitive::<TimestampMicrosecondType>();
            let actions = batch.column(2).as_string::<i32>();
            let randomised = batch.column(3).as_boolean();
            let propensity = batch.column(4).as_primitive::<Float64Type>();
            for row in 0..batch.num_rows() {
                if codes.is_null(row) || at.is_null(row) || actions.is_null(row) {
                    continue;
                }
                let at = Moment(at.value(row));
                if as_of.is_some_and(|day| !Cutoff(day).sees(at)) {
                    continue;
                }
                logged.push(LoggedAction {
                    subject: codes.value(row),
                    at,
                    action: actions.value(row).to_owned(),
                    randomised: randomised.is_valid(row) && randomised.value(row),
                    propensity: propensity.is_valid(row).then(|| propensity.value(row)),
                });
            }
            Ok(())
        })
        .await?;
    logged.sort_by(|a, b| {
        let order = (a.subject, a.at, &a.action, a.randomised).cmp(&(b.subject, b.at, &b.action, b.randomised));
        order.then(a.propensity.unwrap_or(-1.0).total_cmp(&b.propensity.unwrap_or(-1.0)))
    });
    Ok(logged)
}
