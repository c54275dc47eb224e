//! The label of each subject: who left, where a column says so and no time does.
//!
//! A label has two values. A third one cannot be told to mean "stayed", so that learning stops and names it; an empty cell
//! means that it is not known, and its row is not learned from. Who is scored may have any label or none.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::UInt64Type;
use contract::{Contract, Origin, Outcome};
use tables::finding::shown;
use tables::{Finding, Place, Topic};

use crate::error::Error;
use crate::people::ask::Asked;
use crate::table::TypedTable;

/// Values that a message names.
const MOST_NAMED: usize = 5;
/// Values that are told apart: a label with more is none.
const MOST_VALUES: usize = 1000;

/// A value of the label: how it is written, in how many cells, and the first row.
struct Value {
    shown: String,
    cells: u64,
    row: u64,
}

/// By subject, whether they left; nothing where the outcome is no label.
///
/// # Errors
///
/// While learning: a label that is empty, has one value or more than two, or has another one than the contract says.
pub(super) fn read(
    contract: &Contract,
    table: &TypedTable<'_>,
    asked: &Asked,
    arrays: &[ArrayRef],
) -> Result<Option<Vec<Option<bool>>>, Error> {
    let (Outcome::Label { positive, .. }, Some(target)) = (&contract.outcome, contract.target()) else {
        return Ok(None);
    };
    let Some(at) = asked.outcome else { return Ok(Some(vec![None; arrays[asked.key].len()])) };
    let cells = arrays[at].as_string::<i32>();
    let positive = plain(positive);
    let labels = cells.iter().map(|cell| cell.map(|cell| plain(cell) == positive)).collect();
    if table.learned.is_none() {
        let place = match &target.column.origin {
            Origin::Column(name) => table.place().in_column(name),
            Origin::Expr(_) | Origin::OneOf { .. } => table.place().in_column("outcome.column"),
        };
        let rows = arrays[arrays.len() - 1].as_primitive::<UInt64Type>();
        let mut values: BTreeMap<String, Value> = BTreeMap::new();
        for (cell, row) in cells.iter().zip(rows.values()) {
            let Some(cell) = cell else { continue };
            if values.len() > MOST_VALUES {
                break;
            }
            let new = || Value { shown: shown(cell), cells: 0, row: *row };
            let value = values.entry(plain(cell)).or_insert_with(new);
            value.cells += 1;
            value.row = value.row.min(*row);
        }
        check(&values, &positive, place)?;
    }
    Ok(Some(labels))
}

/// A value as it is compared: numbers by what they are, so that `1.0` is `1`, and words without their case.
fn plain(value: &str) -> String {
    let value = value.trim();
    match value.parse::<f64>() {
        // Adding zero turns -0 into 0.
        Ok(number) if number.is_finite() => (number + 0.0).to_string(),
        _ => value.to_lowercase(),
    }
}

fn check(values: &BTreeMap<String, Value>, positive: &str, place: Place) -> Result<(), Error> {
    let wrong =
        |place, message: String, advice: &str| Err(Finding::error(Topic::Outcome, place, message, advice).into());
    let mut named: Vec<&Value> = values.values().collect();
    named.sort_by(|a, b| b.cells.cmp(&a.cells).then_with(|| a.row.cmp(&b.row)));
    let told = || {
        let some: Vec<String> = named.iter().take(MOST_NAMED).map(|value| told(value)).collect();
        let more = if named.len() > MOST_NAMED { " and more" } else { "" };
        format!("{}{more}", some.join(", "))
    };
    if named.is_empty() {
        let advice = "name the column that says who left at outcome.column in the contract, or fill it in";
        return wrong(
            place,
            "every cell of the label is empty: nobody is known to have left or stayed".to_owned(),
            advice,
        );
    }
    let Some(leaving) = values.get(positive) else {
        let message = format!("no cell of the label is '{positive}', which means \"left\"; there is {}", told());
        return wrong(place, message, "state the value that means \"left\" at outcome.positive in the contract");
    };
    let others: Vec<&&Value> = named.iter().filter(|value| !std::ptr::eq(**value, leaving)).collect();
    match others.as_slice() {
        [_] => Ok(()),
        [] => {
            let advice = "export those who stayed too: of one kind alone nothing can be learned";
            wrong(place, format!("every cell of the label is {}", leaving.shown), advice)
        }
        more => {
            let rarest = more[more.len() - 1];
            let place = place.at_row(rarest.row);
            let count =
                if values.len() > MOST_VALUES { format!("more than {MOST_VALUES}") } else { values.len().to_string() };
            let message = format!("the label has {count} values where it should have two: {}", told());
            let advice = "empty the cells that mean neither, or say which values mean \"left\": outcome.column = { expr = \"status in ('left', 'gone')\" }, positive = true";
            wrong(place, message, advice)
        }
    }
}

fn told(value: &Value) -> String {
    let at = if value.row > 0 { format!(", first in row {}", value.row) } else { String::new() };
    let cells = if value.cells == 1 { "cell" } else { "cells" };
    format!("{} ({} {cells}{at})", value.shown, value.cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(cells: &[&str], positive: &str) -> String {
        let mut values: BTreeMap<String, Value> = BTreeMap::new();
        for (row, cell) in (2..).zip(cells) {
            let value = values.entry(plain(cell)).or_insert_with(|| Value { shown: shown(cell), cells: 0, row });
            value.cells += 1;
        }
        let place = Place::file("t", "t.csv").in_column("churn");
        check(&values, &plain(positive), place).map_or_else(|error| error.to_string(), |()| "sound".to_owned())
    }

    #[test]
    fn a_label_has_two_values() {
        assert_eq!(said(&["1", "-1", "1.0"], "1"), "sound");
        assert_eq!(said(&["Yes", "no", "YES"], "yes"), "sound");
        let three = said(&["1", "0", "0", "0", "1", "2"], "1");
        assert!(three.starts_with("t.csv, row 7, column churn: the label has 3 values"), "{three}");
        assert!(three.contains("'0' (3 cells, first in row 3), '1' (2 cells, first in row 2), '2'"), "{three}");
        assert!(said(&[], "1").contains("every cell of the label is empty"));
        assert!(said(&["0", "0"], "1").contains("no cell of the label is '1'"));
        assert!(said(&["1"], "1").contains("every cell of the label is '1'"));
    }
}
