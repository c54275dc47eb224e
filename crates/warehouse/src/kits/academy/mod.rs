//! The academy: attendance, homework, payment, progress, tests, messages, activity, and who the student is.
//!
//! Thresholds say from which value on a fact is worth a sentence; whether it is given as a reason is for the model to say.

pub mod prior;

pub(crate) mod activity;
pub(crate) mod attendance;
pub(crate) mod changes;
pub(crate) mod communication;
pub(crate) mod homework;
pub(crate) mod payment;
pub(crate) mod profile;
pub(crate) mod progress;
pub(crate) mod tenure;
pub(crate) mod tests;

use std::collections::BTreeMap;

use asof::Window;
use datafusion::logical_expr::{Expr, try_cast, when};
use tables::Kind;
use tables::rows::arrow_type;

use crate::kits::{Derived, KnownColumn};

/// Windows that a school's life fits: a week, two, a lunar month, two, and all.
pub(crate) const WINDOWS: [Window; 5] =
    [Window::Days(7), Window::Days(14), Window::Days(28), Window::Days(56), Window::All];

/// A flag as a number, so that it can be summed and compared over windows.
pub(crate) fn as_number(known: &BTreeMap<String, KnownColumn>, flag: &str, name: &str) -> Option<Derived> {
    let column = known.get(flag)?;
    let expr = try_cast(try_cast(column.expr.clone(), arrow_type(Kind::Flag)), arrow_type(Kind::Number));
    Some(Derived { name: name.to_owned(), expr, kind: Kind::Number, reveals: column.reveals.clone() })
}

/// Days from `due` to `done` of what is done; known when it is done.
pub(crate) fn days_late(known: &BTreeMap<String, KnownColumn>, due: &str, done: &str) -> Option<Derived> {
    let (due, late) = (known.get(due)?, known.get(done)?);
    let micros = |expr: &Expr| try_cast(moment(expr), arrow::datatypes::DataType::Int64);
    let days = micros(&late.expr) - micros(&due.expr);
    let days = try_cast(days, arrow_type(Kind::Number)) / datafusion::logical_expr::lit(86_400_000_000.0);
    let reveals = late.reveals.clone().or_else(|| Some(done.to_owned()));
    Some(Derived { name: "days_late".to_owned(), expr: days, kind: Kind::Number, reveals })
}

/// One number over another, where the other is above zero.
pub(crate) fn ratio(above: &KnownColumn, below: &KnownColumn, name: &str) -> Option<Derived> {
    let number = |column: &KnownColumn| try_cast(column.expr.clone(), arrow_type(Kind::Number));
    let condition = number(below).gt(datafusion::logical_expr::lit(0.0));
    let expr = when(condition, number(above) / number(below)).end().ok()?;
    let reveals = above.reveals.clone().or_else(|| below.reveals.clone());
    Some(Derived { name: name.to_owned(), expr, kind: Kind::Number, reveals })
}

pub(crate) fn moment(expr: &Expr) -> Expr {
    try_cast(expr.clone(), arrow_type(Kind::Moment))
}
