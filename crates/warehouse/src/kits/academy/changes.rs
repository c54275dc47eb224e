//! What a student could do: hand in a homework, pay an invoice, come to a lesson; as facts in the tables.
//!
//! A change is made as of the cutoff itself: as if the homework had been handed in by its end, or the next lesson had
//! been today and the student there. What follows from a fact changes with it: handing in also says that there is a
//! submission and how late it is; a score stays unknown, as nobody has given one yet.

use asof::{Cell, Events};
use contract::Role;
use domain::{Cutoff, Day, Moment, Money};

const MICROS_A_DAY: f64 = 86_400_000_000.0;

/// Something that a student could do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Hands in a homework that was due on this day.
    HandIn {
        /// Its place among the table's rows.
        row: usize,
        /// When it was due.
        due: Day,
    },
    /// Pays an invoice that was due on this day.
    Pay {
        /// Its place among the table's rows.
        row: usize,
        /// When it was due.
        due: Day,
        /// What is owed, where the table says so.
        amount: Option<Money>,
    },
    /// Comes to a lesson.
    Attend,
}

/// What the table of a role lets a subject do at a cutoff: of what is open the oldest and the latest.
pub(crate) fn possible(role: Option<Role>, events: &Events, subject: u32, cutoff: Cutoff) -> Vec<Change> {
    match role {
        Some(Role::Homework) => {
            let open = open(events, subject, cutoff, "submitted_at");
            ends(&open).map(|(row, due)| Change::HandIn { row, due }).collect()
        }
        Some(Role::Invoices) => {
            let open = open(events, subject, cutoff, "paid_at");
            let amount = |row| events.number(row, "amount").map(Money::from_major);
            ends(&open).map(|(row, due)| Change::Pay { row, due, amount: amount(row) }).collect()
        }
        Some(Role::Attendance) if events.columns().iter().any(|column| column.name == "present") => {
            vec![Change::Attend]
        }
        _ => Vec::new(),
    }
}

/// Makes a change in the table that [`possible`] was asked of.
pub(crate) fn make(change: Change, events: &mut Events, subject: u32, cutoff: Cutoff) {
    let now = cutoff.moment().0;
    match change {
        Change::HandIn { row, .. } => {
            finish(events, row, "submitted_at", now);
            events.put(row, "submitted", Cell::Flag(true));
        }
        Change::Pay { row, .. } => finish(events, row, "paid_at", now),
        Change::Attend => {
            let row = events.insert(subject, now);
            events.put(row, "lesson_at", Cell::Moment(now));
            events.put(row, "entered_at", Cell::Moment(now));
            events.put(row, "status", Cell::Level("present"));
            events.put(row, "present", Cell::Flag(true));
            events.put(row, "missed", Cell::Flag(false));
            events.put(row, "late", Cell::Flag(false));
            events.put(row, "came", Cell::Number(1.0));
        }
    }
}

fn finish(events: &mut Events, row: usize, done: &str, now: i64) {
    if let Some(due) = events.moment(row, "due_at") {
        #[expect(clippy::cast_precision_loss, reason = "microseconds of centuries are below 2^53")]
        events.put(row, "days_late", Cell::Number((now - due) as f64 / MICROS_A_DAY));
    }
    events.put(row, done, Cell::Moment(now));
}

/// Rows that a cutoff sees due and not done, by when they were due.
fn open(events: &Events, subject: u32, cutoff: Cutoff, done: &str) -> Vec<(usize, Day)> {
    let now = cutoff.moment().0;
    let is_due = |row: usize| events.moment(row, "due_at").filter(|&due| due <= now);
    let is_done = |row: usize| events.moment(row, done).is_some_and(|done| done <= now);
    let mut open: Vec<(i64, usize)> = events
        .rows_of(subject)
        .filter(|&row| events.is_seen(row, cutoff) && !is_done(row))
        .filter_map(|row| Some((is_due(row)?, row)))
        .collect();
    open.sort_unstable();
    open.into_iter().map(|(due, row)| (row, Moment(due).day())).collect()
}

/// The latest and, where that is another, the oldest.
fn ends(open: &[(usize, Day)]) -> impl Iterator<Item = (usize, Day)> {
    let first = open.first().copied().filter(|_| open.len() > 1);
    open.last().copied().into_iter().chain(first)
}
