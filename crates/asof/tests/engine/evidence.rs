//! The rows behind a value.

use asof::{Compute, Row, Spec, Window, evidence};
use domain::{Cutoff, Day, Family, Leaning, RowRef};

use crate::world::{DAY, RawRow, at_day, events, subjects};

#[test]
fn a_streak_shows_the_rows_it_counts() {
    let rows = [(1, Some(true)), (2, Some(false)), (3, Some(true)), (4, None), (5, Some(true)), (8, Some(true))]
        .map(|(day, flag)| RawRow { flag, ..at_day(day) });
    let streak = Compute::Streak { table: "t".to_owned(), flag: "flag".to_owned() };
    assert_eq!(days(&rows, streak, 7), [3, 5]);
}

#[test]
fn open_rows_show_when_they_were_due() {
    let rows = [(1, 4, None), (2, 5, Some(6)), (3, 6, Some(9)), (4, 20, None)].map(|(day, due, done)| RawRow {
        due: Some(due * DAY),
        done: done.map(|done| done * DAY),
        ..at_day(day)
    });
    let (table, due, done) = ("t".to_owned(), "due".to_owned(), "done".to_owned());
    let open = Compute::OpenStreak { table: table.clone(), due: due.clone(), done: done.clone() };
    assert_eq!(days(&rows, open, 8), [6]);
    let overdue = Compute::OverdueDays { table: table.clone(), due: due.clone(), done: done.clone() };
    assert_eq!(days(&rows, overdue, 8), [4, 6]);
    let late = Compute::Lateness { table, due, done, window: Window::All };
    assert_eq!(days(&rows, late, 9), [5, 6]);
}

#[test]
fn the_longest_gap_shows_its_bounds_and_the_extreme_its_row() {
    let rows =
        [(1, 3.0), (9, 5.0), (12, 5.0), (14, 1.0)].map(|(day, value)| RawRow { value: Some(value), ..at_day(day) });
    let table = || "t".to_owned();
    assert_eq!(days(&rows, Compute::Gap { table: table(), window: Window::All }, 15), [1, 9]);
    assert_eq!(days(&rows, Compute::Gap { table: table(), window: Window::Days(3) }, 20), [0i32; 0]);
    assert_eq!(days(&rows, Compute::Gap { table: table(), window: Window::Days(10) }, 20), [14]);
    let max = Compute::Max { table: table(), column: "value".to_owned(), window: Window::All };
    assert_eq!(days(&rows, max, 15), [12]);
    let min = Compute::Min { table: table(), column: "value".to_owned(), window: Window::Days(7) };
    assert_eq!(days(&rows, min, 13), [12]);
}

#[test]
fn what_is_not_known_yet_is_no_evidence() {
    let entered_late = RawRow { recorded_at: Some(9 * DAY), ..at_day(2) };
    let corrected = RawRow { key: Some(1), recorded_at: Some(3 * DAY), ..at_day(3) };
    let correction = RawRow { key: Some(1), recorded_at: Some(6 * DAY), ..at_day(4) };
    let rows = [entered_late, corrected, correction];
    let count = || Compute::Count { table: "t".to_owned(), flag: None, window: Window::All };
    assert_eq!(days(&rows, count(), 5), [3]);
    assert_eq!(days(&rows, count(), 6), [4]);
    assert_eq!(days(&rows, count(), 9), [2, 4]);
}

/// The days behind the value for the first subject at the end of a day.
fn days(rows: &[RawRow], compute: Compute, cutoff: i32) -> Vec<i32> {
    let spec = Spec::new("feature", Family::named("any"), Leaning::Either, compute);
    let relative = Spec::new(
        "relative",
        Family::named("any"),
        Leaning::Either,
        Compute::RelativeTo { feature: "feature".to_owned(), group: "group".to_owned() },
    );
    let specs = [spec, relative];
    let row = Row { subject: 0, cutoff: Cutoff(Day(cutoff)) };
    let events = events(rows, true, 100);
    let [own, relative] =
        [0, 1].map(|spec| evidence(&subjects(), &[&events], &specs, &specs[spec], row).expect("a sound plan"));
    assert_eq!(own, relative, "a feature relative to the group shows the rows of the one it compares");
    own.into_iter()
        .map(|RowRef { table, day }| {
            assert_eq!(table, "t");
            day.0
        })
        .collect()
}
