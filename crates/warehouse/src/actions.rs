//! The log of what staff did to keep subjects: it teaches what helps and is never a feature.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, TimestampMicrosecondType, UInt64Type};
use contract::{ColumnRef, Origin, PlannedAction};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Expr;
use domain::{Cutoff, Day, Moment, NO_ACTION};
use tables::{Finding, Kind, Topic};

use crate::cells::Seen;
use crate::error::Error;
use crate::events::tally::{Rows, Tally};
use crate::load::TableSummary;
use crate::people::People;
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

/// Reads the log of the `planned` actions, without what is later than `as_of`.
pub(crate) async fn read(
    table: &TypedTable<'_>,
    planned: &[PlannedAction],
    people: &People,
    as_of: Option<Day>,
    findings: &mut Vec<Finding>,
) -> Result<(Vec<LoggedAction>, TableSummary), Error> {
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
    let present = |reference: &Option<ColumnRef>| reference.clone().filter(|r| !r.assumed || table.has(&r.origin));
    let recorded_at = present(&table.table.recorded_at);
    let key = present(&table.table.key);
    let mut outputs = vec![
        Output { expr: table.expr(&table.table.subject.origin, &table.table.subject_key)?, kind: Kind::Text },
        Output { expr: expr(at, "at")?, kind: Kind::Moment },
        Output { expr: optional("action", Kind::Text)?, kind: Kind::Text },
        Output { expr: optional("randomised", Kind::Flag)?, kind: Kind::Flag },
        Output { expr: optional("propensity", Kind::Number)?, kind: Kind::Number },
    ];
    let mut add = |reference: &ColumnRef, word: &str, kind: Kind| -> Result<usize, Error> {
        outputs.push(Output { expr: expr(reference, word)?, kind });
        Ok(outputs.len() - 1)
    };
    let entered = recorded_at.as_ref().map(|r| add(r, "recorded_at", Kind::Moment)).transpose()?;
    // Without the time of entry nothing says which row of a key is the correction.
    let key = key.as_ref().filter(|_| entered.is_some()).map(|r| add(r, "key", Kind::Text)).transpose()?;
    let needed: BTreeSet<String> = [&table.table.subject, at]
        .into_iter()
        .chain(&recorded_at)
        .filter_map(|reference| match &reference.origin {
            Origin::Column(name) => Some(name.clone()),
            _ => None,
        })
        .collect();
    let limit = as_of.map(|day| Cutoff(day).moment());
    let mut tally = Tally::default();
    let mut without_action = Rows::default();
    let mut unplanned = Rows::default();
    let mut no_chance = Rows::default();
    // Doing nothing is the control arm of a trial.
    let is_planned = |action: &str| action == NO_ACTION || planned.iter().any(|known| known.action.id.0 == action);
    let mut versions: Vec<Version> = Vec::new();
    let rows = table
        .read(&outputs, &needed, findings, |batch| {
            let keys = batch.column(0).as_string::<i32>();
            let moments = |at: usize| batch.column(at).as_primitive::<TimestampMicrosecondType>();
            let at = moments(1);
            let actions = batch.column(2).as_string::<i32>();
            let randomised = batch.column(3).as_boolean();
            let propensity = batch.column(4).as_primitive::<Float64Type>();
            let file_rows = batch.column(batch.num_columns() - 1).as_primitive::<UInt64Type>();
            let mut seen = Vec::with_capacity(batch.num_rows());
            for row in 0..batch.num_rows() {
                let file_row = file_rows.value(row);
                let entered = entered.map(moments).filter(|entered| entered.is_valid(row)).map(|e| e.value(row));
                let happened = at.is_valid(row).then(|| at.value(row));
                let is_later = limit.is_some_and(|limit| entered.max(happened).is_some_and(|known| known > limit.0));
                seen.push(!is_later);
                if is_later {
                    continue;
                }
                let Some(happened) = happened else {
                    tally.without_time.see(file_row, "");
                    continue;
                };
                let mut subject = None;
                if keys.is_null(row) {
                    tally.without_subject.see(file_row, "");
                } else {
                    subject = people.codes.get(keys.value(row)).copied();
                    if subject.is_none() && !people.later.contains(keys.value(row)) {
                        tally.orphans.see(file_row, keys.value(row));
                    }
                }
                let named = actions.is_valid(row).then(|| actions.value(row));
                match named {
                    None => without_action.see(file_row, ""),
                    Some(action) if !is_planned(action) => unplanned.see(file_row, action),
                    Some(_) => {}
                }
                let chance = propensity.is_valid(row).then(|| propensity.value(row));
                let is_chance = |chance: &f64| (0.0..=1.0).contains(chance);
                if let Some(wrong) = chance.filter(|chance| !is_chance(chance)) {
                    no_chance.see(file_row, &wrong.to_string());
                }
                let named = named.filter(|action| subject.is_some() && is_planned(action));
                let action = named.map(|action| LoggedAction {
                    subject: subject.unwrap_or_default(),
                    at: Moment(happened),
                    action: action.to_owned(),
                    randomised: randomised.is_valid(row) && randomised.value(row),
                    propensity: chance.filter(is_chance),
                });
                let key = key.map(|key| batch.column(key).as_string::<i32>()).filter(|keys| keys.is_valid(row));
                let key = key.map(|keys| keys.value(row).to_owned());
                let entered = entered.unwrap_or(happened);
                versions.push(Version { key, known: entered.max(happened), entered, action });
            }
            Ok(Seen::Rows(seen))
        })
        .await?;
    tally.report(table, rows, None, findings)?;
    if without_action.count > 0 {
        let place = table.place().at_row(without_action.first_row());
        let message = format!("{} of {rows} rows name no action and are left out", without_action.count);
        let advice = format!("fill in the action, or state tables.{name}.columns.action");
        findings.push(Finding::warning(Topic::EmptyKey, place, message, advice));
    }
    if unplanned.count > 0 {
        let place = table.place().at_row(unplanned.first_row());
        let cells = unplanned.cells();
        let message =
            format!("{} of {rows} rows name actions that the contract does not have: {cells}", unplanned.count);
        let advice = format!(
            "they are left out; add [actions.NAME] for each, or say what they are called there by tables.{name}.columns.action.levels"
        );
        findings.push(Finding::warning(Topic::UnknownAction, place, message, advice));
    }
    if no_chance.count > 0 {
        let place = table.place().at_row(no_chance.first_row()).in_column("propensity");
        let message = format!("{} of {rows} propensities are not from 0 to 1: {}", no_chance.count, no_chance.cells());
        let advice = "such are left unknown; write the chance with which the action was chosen, 0.25 for one in four";
        findings.push(Finding::warning(Topic::BadCell, place, message, advice));
    }
    let mut logged = standing(versions);
    logged.sort_by(order);
    let place = table.place();
    let days = || logged.iter().map(|action| action.at.day());
    let summary = TableSummary {
        name: name.clone(),
        source: place.file.unwrap_or(place.table),
        rows,
        columns: Vec::new(),
        first: days().min(),
        last: days().max(),
    };
    Ok((logged, summary))
}

/// A row of the log as it was entered at some moment; no action where it is about nobody or says nothing.
struct Version {
    key: Option<String>,
    known: i64,
    entered: i64,
    action: Option<LoggedAction>,
}

/// Of rows with one key the one that became known last, then the one entered last: a correction may also move an action
/// to a subject that is not known, or empty it, and then there is none. Rows without a key are all of their own.
fn standing(mut versions: Vec<Version>) -> Vec<LoggedAction> {
    versions.sort_by(|a, b| {
        let by_key = a.key.cmp(&b.key).then_with(|| (a.known, a.entered).cmp(&(b.known, b.entered)));
        by_key.then_with(|| match (&a.action, &b.action) {
            (Some(a), Some(b)) => order(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        })
    });
    let mut logged = Vec::with_capacity(versions.len());
    let mut versions = versions.into_iter().peekable();
    while let Some(version) = versions.next() {
        let is_corrected = version.key.is_some() && versions.peek().is_some_and(|next| next.key == version.key);
        if !is_corrected {
            logged.extend(version.action);
        }
    }
    logged
}

fn order(a: &LoggedAction, b: &LoggedAction) -> Ordering {
    let order = (a.subject, a.at, &a.action, a.randomised).cmp(&(b.subject, b.at, &b.action, b.randomised));
    order.then(a.propensity.unwrap_or(-1.0).total_cmp(&b.propensity.unwrap_or(-1.0)))
}
