//! Small random worlds: rows of one table with everything that a table can have, and how they become [`Events`].

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray};
use asof::{
    Batch, Column, ColumnDef, Compute, Events, EventsBuilder, Kind, NO_LEVEL, NO_SUBJECT, Row, Spec, Subjects,
    TableDef, Values, Window,
};
use domain::{Cutoff, Day, Family, Leaning};
use proptest::prelude::*;
use proptest::sample::select;

pub(crate) const SUBJECTS: u32 = 3;
pub(crate) const DAY: i64 = 86_400_000_000;

/// A row as it would stand in a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RawRow {
    pub(crate) subject: u32,
    pub(crate) at: i64,
    pub(crate) recorded_at: Option<i64>,
    pub(crate) key: Option<i64>,
    pub(crate) value: Option<f64>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) flag: Option<bool>,
    pub(crate) due: Option<i64>,
    /// Reveals itself.
    pub(crate) done: Option<i64>,
    /// Reveals itself, and the columns below.
    pub(crate) graded: Option<i64>,
    pub(crate) score: Option<f64>,
    pub(crate) label: Option<&'static str>,
    /// A flag that `done` reveals.
    pub(crate) accepted: Option<bool>,
    /// A moment that `graded` reveals, but that is earlier or later than that.
    pub(crate) settled: Option<i64>,
}

/// The table's columns: name, kind, and what reveals them.
pub(crate) const COLUMNS: [(&str, Kind, Option<&str>); 10] = [
    ("value", Kind::Number, None),
    ("kind", Kind::Category, None),
    ("flag", Kind::Flag, None),
    ("due", Kind::Moment, None),
    ("settled", Kind::Moment, Some("graded")),
    ("score", Kind::Number, Some("graded")),
    ("label", Kind::Category, Some("graded")),
    ("accepted", Kind::Flag, Some("done")),
    ("done", Kind::Moment, Some("done")),
    ("graded", Kind::Moment, Some("graded")),
];

/// Rows, some with a twin that can be told from them only by what is filled in later.
pub(crate) fn rows() -> impl Strategy<Value = Vec<RawRow>> {
    let with_twin = (row(), proptest::option::weighted(0.3, row())).prop_map(|(row, other)| {
        let twin = other.map(|other| RawRow {
            done: other.done,
            graded: other.graded,
            score: other.score,
            label: other.label,
            accepted: other.accepted,
            settled: other.settled,
            ..row.clone()
        });
        [Some(row), twin]
    });
    proptest::collection::vec(with_twin, 0..30).prop_map(|rows| rows.into_iter().flatten().flatten().collect())
}

/// A row that may be entered late, corrected by others, and filled in later.
fn row() -> impl Strategy<Value = RawRow> {
    // Some rows name a subject that is not known, and may still correct others.
    let subject = prop_oneof![9 => 0..SUBJECTS, 1 => Just(NO_SUBJECT)];
    let when = (subject, moment(), later(), proptest::option::weighted(0.3, 0..12i64));
    let what = (number(), word(), any::<Option<bool>>(), later());
    let filled_in = (later(), later(), number(), word());
    let last = (any::<Option<bool>>(), later());
    (when, what, filled_in, last).prop_map(|(when, what, filled_in, last)| {
        let at = when.1;
        RawRow {
            subject: when.0,
            at,
            recorded_at: when.2.after(at),
            key: when.3,
            value: what.0,
            kind: what.1,
            flag: what.2,
            due: what.3.after(at),
            done: filled_in.0.after(at),
            graded: filled_in.1.after(at),
            score: filled_in.2,
            label: filled_in.3,
            accepted: last.0,
            settled: last.1.after(at),
        }
    })
}

/// A moment as files have them: none, soon after the row's own, or any.
#[derive(Clone, Debug)]
enum Later {
    Never,
    Soon(i64),
    Any(i64),
}

impl Later {
    fn after(&self, at: i64) -> Option<i64> {
        match self {
            Self::Never => None,
            Self::Soon(delay) => Some(at + delay),
            Self::Any(moment) => Some(*moment),
        }
    }
}

fn later() -> impl Strategy<Value = Later> {
    prop_oneof![
        2 => Just(Later::Never),
        3 => (0..3 * DAY).prop_map(Later::Soon),
        2 => moment().prop_map(Later::Any),
    ]
}

/// A row of the first subject in which nothing is known but its day.
pub(crate) fn at_day(day: i64) -> RawRow {
    RawRow {
        subject: 0,
        at: day * DAY,
        recorded_at: None,
        key: None,
        value: None,
        kind: None,
        flag: None,
        due: None,
        done: None,
        graded: None,
        score: None,
        label: None,
        accepted: None,
        settled: None,
    }
}

/// Days 0 to 40, at moments that often tie.
pub(crate) fn moment() -> impl Strategy<Value = i64> {
    (0..40i64, select(vec![0, 9 * 3_600_000_000, DAY - 1])).prop_map(|(day, time)| day * DAY + time)
}

pub(crate) fn number() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        4 => Just(None),
        6 => select(vec![0.0, -0.0, 1.0, 2.0, 2.5, -1.0, 0.1]).prop_map(Some),
        6 => (-100.0..100.0f64).prop_map(Some),
        1 => select(vec![1e17, -1e17, 1e300, -1e300, 1e-9, f64::INFINITY, f64::NAN]).prop_map(Some),
    ]
}

fn word() -> impl Strategy<Value = Option<&'static str>> {
    proptest::option::of(select(vec!["a", "b", "c", "д"]))
}

pub(crate) fn cutoffs() -> impl Strategy<Value = Vec<Cutoff>> {
    proptest::collection::btree_set(-3..45i32, 1..6)
        .prop_map(|days| days.into_iter().map(|day| Cutoff(Day(day))).collect())
}

/// The table, built from batches of so many rows; with or without entry times and keys.
pub(crate) fn events(rows: &[RawRow], recorded: bool, rows_a_batch: usize) -> Events {
    let columns = COLUMNS.map(|(name, kind, reveals)| ColumnDef {
        name: name.to_owned(),
        kind,
        reveals: reveals.map(str::to_owned),
    });
    let def = TableDef { name: "t".to_owned(), columns: columns.to_vec() };
    let mut builder = EventsBuilder::new(def, SUBJECTS as usize).expect("a sound definition");
    for part in rows.chunks(rows_a_batch) {
        let subjects: Vec<u32> = part.iter().map(|row| row.subject).collect();
        let moments = |of: fn(&RawRow) -> Option<i64>| -> ArrayRef {
            Arc::new(part.iter().map(of).collect::<TimestampMicrosecondArray>())
        };
        let numbers =
            |of: fn(&RawRow) -> Option<f64>| -> ArrayRef { Arc::new(part.iter().map(of).collect::<Float64Array>()) };
        let flags =
            |of: fn(&RawRow) -> Option<bool>| -> ArrayRef { Arc::new(part.iter().map(of).collect::<BooleanArray>()) };
        let words = |of: fn(&RawRow) -> Option<&'static str>| -> ArrayRef {
            Arc::new(part.iter().map(of).collect::<StringArray>())
        };
        let keys: ArrayRef = Arc::new(part.iter().map(|row| row.key).collect::<Int64Array>());
        let recorded_at = moments(|row| row.recorded_at);
        let columns = [
            numbers(|row| row.value),
            words(|row| row.kind),
            flags(|row| row.flag),
            moments(|row| row.due),
            moments(|row| row.settled),
            numbers(|row| row.score),
            words(|row| row.label),
            flags(|row| row.accepted),
            moments(|row| row.done),
            moments(|row| row.graded),
        ];
        let batch = Batch {
            subjects: &subjects,
            at: &moments(|row| Some(row.at)),
            recorded_at: recorded.then_some(&recorded_at),
            key: recorded.then_some(&keys),
            columns: &columns,
        };
        builder.push(&batch).expect("a sound batch");
    }
    builder.finish().expect("few rows")
}

/// Subjects of two groups, at risk all the time.
pub(crate) fn subjects() -> Subjects {
    let many = SUBJECTS as usize;
    let groups = Values::Category { codes: vec![0, 0, NO_LEVEL], levels: vec!["one".to_owned()] };
    Subjects {
        from: vec![Some(Day(-10)); many],
        until: vec![Some(Day(90)); many],
        left: vec![None; many],
        attributes: vec![Column::new("group", groups)],
    }
}

pub(crate) fn all_rows(cutoffs: &[Cutoff]) -> Vec<Row> {
    let of_subject = |subject| cutoffs.iter().map(move |cutoff| Row { subject, cutoff: *cutoff });
    (0..SUBJECTS).flat_map(of_subject).collect()
}

/// Every kind of feature of a table, over columns of every kind and windows of several lengths.
pub(crate) fn specs() -> Vec<Spec> {
    let table = || "t".to_owned();
    let mut computes = vec![];
    for window in [Window::Days(1), Window::Days(7), Window::Days(20), Window::All] {
        computes.push(Compute::Count { table: table(), flag: None, window });
        computes.push(Compute::Gap { table: table(), window });
        for flag in ["flag", "accepted"].map(str::to_owned) {
            computes.push(Compute::Count { table: table(), flag: Some(flag.clone()), window });
            computes.push(Compute::Share { table: table(), flag, window });
        }
        for column in ["value", "score"].map(str::to_owned) {
            computes.push(Compute::Sum { table: table(), column: column.clone(), window });
            computes.push(Compute::Mean { table: table(), column: column.clone(), window });
            computes.push(Compute::Min { table: table(), column: column.clone(), window });
            computes.push(Compute::Max { table: table(), column: column.clone(), window });
            computes.push(Compute::Deviation { table: table(), column: column.clone(), window });
            computes.push(Compute::Trend { table: table(), column, window });
        }
        for column in ["value", "score", "kind", "label"].map(str::to_owned) {
            computes.push(Compute::Distinct { table: table(), column, window });
        }
        for done in ["done", "settled"].map(str::to_owned) {
            computes.push(Compute::ShareDone { table: table(), due: "due".to_owned(), done: done.clone(), window });
            computes.push(Compute::Open { table: table(), due: "due".to_owned(), done: done.clone(), window });
            computes.push(Compute::Lateness { table: table(), due: "due".to_owned(), done, window });
        }
    }
    for column in ["value", "score", "kind", "label"].map(str::to_owned) {
        computes.push(Compute::Last { table: table(), column });
    }
    for flag in ["flag", "accepted"].map(str::to_owned) {
        computes.push(Compute::Streak { table: table(), flag: flag.clone() });
        computes.push(Compute::Recency { table: table(), flag: Some(flag) });
    }
    computes.push(Compute::Recency { table: table(), flag: None });
    for column in [None, Some("value".to_owned()), Some("score".to_owned())] {
        computes.push(Compute::RateRatio { table: table(), column, short_days: 7, long_days: 20 });
    }
    for done in ["done", "settled"].map(str::to_owned) {
        let due = || "due".to_owned();
        computes.push(Compute::OpenStreak { table: table(), due: due(), done: done.clone() });
        computes.push(Compute::OverdueDays { table: table(), due: due(), done: done.clone() });
        for amount in ["value", "score"].map(str::to_owned) {
            computes.push(Compute::Debt { table: table(), due: due(), done: done.clone(), amount });
        }
    }
    computes.push(Compute::Progress { table: table(), planned: "value".to_owned(), done: "score".to_owned() });
    let mut specs: Vec<Spec> = computes.into_iter().enumerate().map(spec).collect();
    let relative = Compute::RelativeTo { feature: specs[0].name.clone(), group: "group".to_owned() };
    specs.push(spec((specs.len(), relative)));
    specs
}

fn spec((number, compute): (usize, Compute)) -> Spec {
    Spec::new(format!("{number}"), Family::named("any"), Leaning::Either, compute)
}
