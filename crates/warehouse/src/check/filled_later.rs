//! Columns of events that are filled in after their row's time, though the contract names nothing that reveals them.
//!
//! A cutoff of the past then sees what nobody knew, and a model learns to wait for it. Two signs, each a warning:
//!
//! - **It tells the future.** For every row to learn from, the column's value in the subject's last row by the cutoff is
//!   compared with whether the subject left, by the statistics of [`super::leak`]: the area under the curve of the leaving
//!   rates of its levels (0.9 or more), each rate taken over other subjects than it is applied to, or a level that decides
//!   it. Of a moment only that it is known is looked at.
//! - **The freshest rows lack it.** With `p` the share of filled cells among the rows of the last 30 days of the table and
//!   `q` the share among those of the half year before the last 60 days: `q` is at least 0.2, `p` at most half of `q`, and
//!   `(q - p) / sqrt(s (1 - s) (1/n + 1/m)) > 4` with `s` the share of both together and `n`, `m` rows, at least 50 each.
//!
//! Both can have an honest cause: a request to cancel decides as well, and a column may have fallen out of use. So the
//! column stays in, and whoever knows the source is asked.

use asof::{Column, Events, Row, Values};
use contract::{Contract, Table};
use domain::Moment;
use tables::{Finding, Topic};

use crate::check::columns::place;
use crate::check::leak::{can_tell, leak_over};
use crate::load::Loaded;
use crate::outcome::Training;

const FRESH_DAYS: i32 = 30;
const OLD_DAYS: std::ops::Range<i32> = 60..240;
const LEAST_ROWS: usize = 50;
const LEAST_FILLED: f64 = 0.2;
const LEAST_DEVIATIONS: f64 = 4.0;

/// Warnings about columns of events without `reveals`.
pub(crate) fn filled_later(contract: &Contract, loaded: &Loaded) -> Vec<Finding> {
    let mut findings = Vec::new();
    if loaded.is_flat() {
        return findings;
    }
    let training = loaded.training(contract);
    for events in &loaded.events {
        let Some(table) = contract.table(events.table()) else { continue };
        let last_rows = last_rows(events, &training.rows);
        for column in events.columns().iter().filter(|column| is_known_with_row(table, &column.name)) {
            let Some(message) = tells_the_future(column, &last_rows, &training).or_else(|| fades(column, events))
            else {
                continue;
            };
            let place = place(loaded, &table.name).in_column(&column.name);
            let advice = format!(
                "if it is filled in after its row's time, name the column with the moment: tables.{}.columns.{} = {{ reveals = \"...\" }}",
                table.name, column.name
            );
            findings.push(Finding::warning(Topic::Leak, place, message, advice));
        }
    }
    findings
}

/// Whether a column is the source's own and taken to be known at its row's time.
fn is_known_with_row(table: &Table, name: &str) -> bool {
    match table.column(name) {
        Some(column) => column.reveals.is_empty(),
        None => table.takes_other_numbers,
    }
}

/// For each row to learn from the position of the subject's last event by its cutoff.
fn last_rows(events: &Events, rows: &[Row]) -> Vec<Option<usize>> {
    let last = |row: &Row| {
        let of_subject = events.rows_of(row.subject);
        let begun = events.times()[of_subject.clone()].partition_point(|at| *at <= row.cutoff.moment().0);
        (begun > 0).then(|| of_subject.start + begun - 1)
    };
    rows.iter().map(last).collect()
}

fn tells_the_future(column: &Column, last_rows: &[Option<usize>], training: &Training) -> Option<String> {
    // Who has no row yet says nothing of the column.
    let mut positions = Vec::new();
    let mut left = Vec::new();
    let mut subjects = Vec::new();
    for ((position, row), leaves) in last_rows.iter().zip(&training.rows).zip(&training.leaves) {
        let Some(position) = position else { continue };
        positions.push(*position);
        left.push(*leaves);
        subjects.push(row.subject as usize);
    }
    if !can_tell(&left) {
        return None;
    }
    let values = match &column.values {
        Values::Number(numbers) => Values::Number(positions.iter().map(|row| numbers[*row]).collect()),
        Values::Category { codes, levels } => {
            Values::Category { codes: positions.iter().map(|row| codes[*row]).collect(), levels: levels.clone() }
        }
        Values::Flag(flags) => Values::Flag(positions.iter().map(|row| flags[*row]).collect()),
        Values::Moment(_) => {
            Values::Flag(positions.iter().map(|row| u8::from(is_filled(&column.values, *row))).collect())
        }
    };
    let said = leak_over(&values, &left, &subjects)?;
    Some(format!("in the last row before a cutoff {said}"))
}

fn fades(column: &Column, events: &Events) -> Option<String> {
    let last = Moment(*events.times().iter().max()?).day();
    let (mut fresh, mut old) = ([0_usize; 2], [0_usize; 2]);
    for (row, at) in events.times().iter().enumerate() {
        let age_days = last.0 - Moment(*at).day().0;
        let counts = if age_days < FRESH_DAYS {
            &mut fresh
        } else if OLD_DAYS.contains(&age_days) {
            &mut old
        } else {
            continue;
        };
        counts[0] += 1;
        counts[1] += usize::from(is_filled(&column.values, row));
    }
    if fresh[0] < LEAST_ROWS || old[0] < LEAST_ROWS {
        return None;
    }
    let share = |counts: [usize; 2]| counts[1] as f64 / counts[0] as f64;
    let both = share([fresh[0] + old[0], fresh[1] + old[1]]);
    let error = (both * (1.0 - both) * (1.0 / fresh[0] as f64 + 1.0 / old[0] as f64)).sqrt();
    let is_faded = share(old) >= LEAST_FILLED
        && share(fresh) <= share(old) / 2.0
        && share(old) - share(fresh) > LEAST_DEVIATIONS * error;
    is_faded.then(|| {
        format!(
            "{:.0}% of the cells of the last {FRESH_DAYS} days are filled, and {:.0}% of older ones",
            100.0 * share(fresh),
            100.0 * share(old)
        )
    })
}

fn is_filled(values: &Values, row: usize) -> bool {
    match values {
        Values::Number(numbers) => !numbers[row].is_nan(),
        Values::Category { codes, .. } => codes[row] != asof::NO_LEVEL,
        Values::Moment(moments) => moments[row] != asof::NO_MOMENT,
        Values::Flag(flags) => flags[row] != asof::UNKNOWN,
    }
}
