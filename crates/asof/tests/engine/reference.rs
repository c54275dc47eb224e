//! The same features, read off the documentation with no thought for speed: for every subject and cutoff look at all
//! rows, take what is visible, compute.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use asof::{Compute, Row, Window};

use crate::world::{COLUMNS, DAY, RawRow};

/// A value of a feature.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A number with the error that rounding may bring; nothing is null.
    Number(Option<f64>, f64),
    /// A level; nothing is null.
    Level(Option<&'static str>),
}

/// A cell of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cell {
    Number(f64),
    Word(&'static str),
    Flag(bool),
    Moment(i64),
}

/// A row as it is seen from a cutoff.
struct Seen {
    at: i64,
    visible_from: i64,
    cells: Vec<Option<Cell>>,
    /// For each known cell that is revealed apart from its row, the moment.
    revealed: Vec<(i64, usize)>,
}

pub(crate) fn value(rows: &[RawRow], recorded: bool, compute: &Compute, row: Row) -> Value {
    let now = (i64::from(row.cutoff.0.0) + 1) * DAY - 1;
    let seen = visible(rows, recorded, row.subject, now);
    let today = now.div_euclid(DAY);
    let opens = |window: &Window| match window {
        Window::Days(days) => (today + 1 - i64::from(*days)) * DAY,
        Window::All => i64::MIN,
    };
    let inside = |window: &Window| -> Vec<&Seen> {
        let opens = opens(window);
        seen.iter().filter(|row| row.at >= opens).collect()
    };
    let number = |value: f64| Value::Number(Some(value), 0.0);
    let count = |count: usize| number(count as f64);
    let days_since = |moment: i64| (today - moment.div_euclid(DAY)) as f64;
    match compute {
        Compute::Count { flag, window, .. } => {
            let rows = inside(window);
            count(rows.iter().filter(|row| flag.as_ref().is_none_or(|flag| row.flag(flag) == Some(true))).count())
        }
        Compute::Share { flag, window, .. } => {
            let known: Vec<bool> = inside(window).iter().filter_map(|row| row.flag(flag)).collect();
            share(known.iter().filter(|flag| **flag).count(), known.len())
        }
        Compute::Sum { column, window, .. } => {
            let known = numbers(&inside(window), column);
            Value::Number(Some(exact_sum(&known)), size(&known))
        }
        Compute::Mean { column, window, .. } => {
            let known = numbers(&inside(window), column);
            if known.is_empty() {
                return Value::Number(None, 0.0);
            }
            Value::Number(Some(exact_sum(&known) / known.len() as f64), size(&known))
        }
        Compute::Min { column, window, .. } => {
            Value::Number(numbers(&inside(window), column).into_iter().reduce(f64::min), 0.0)
        }
        Compute::Max { column, window, .. } => {
            Value::Number(numbers(&inside(window), column).into_iter().reduce(f64::max), 0.0)
        }
        Compute::Deviation { column, window, .. } => {
            let known = numbers(&inside(window), column);
            let many = known.len() as f64;
            // In units so large that no square overflows.
            let unit = known.iter().fold(1.0, |unit: f64, x| unit.max(x.abs()));
            let scaled: Vec<f64> = known.iter().map(|x| x / unit).collect();
            let mean = exact_sum(&scaled) / many;
            let square = exact_sum(&scaled.iter().map(|x| (x - mean) * (x - mean)).collect::<Vec<_>>());
            let deviation = (!known.is_empty()).then(|| (square / many).sqrt() * unit);
            Value::Number(deviation, size(&known))
        }
        Compute::Distinct { column, window, .. } => {
            let rows = inside(window);
            let known: BTreeSet<String> =
                rows.iter().filter_map(|row| row.get(column)).map(|cell| format!("{cell:?}")).collect();
            count(known.len())
        }
        Compute::Last { column, .. } => match seen.iter().rev().find_map(|row| row.get(column)) {
            Some(Cell::Word(word)) => Value::Level(Some(word)),
            Some(Cell::Number(value)) => number(value),
            _ if ["kind", "label"].contains(&column.as_str()) => Value::Level(None),
            _ => Value::Number(None, 0.0),
        },
        Compute::Recency { flag, .. } => {
            let counts = |row: &&Seen| flag.as_ref().is_none_or(|flag| row.flag(flag) == Some(true));
            Value::Number(seen.iter().rev().find(counts).map(|row| days_since(row.at)), 0.0)
        }
        Compute::Streak { flag, .. } => {
            count(seen.iter().rev().filter_map(|row| row.flag(flag)).take_while(|flag| *flag).count())
        }
        Compute::Gap { window, .. } => {
            let mut days: Vec<i64> = inside(window).iter().map(|row| row.at.div_euclid(DAY)).collect();
            if !days.is_empty() {
                days.push(today);
            }
            Value::Number(days.windows(2).map(|pair| (pair[1] - pair[0]) as f64).reduce(f64::max), 0.0)
        }
        Compute::Trend { column, window, .. } => {
            let rows = inside(window);
            let points: Vec<(f64, f64)> =
                rows.iter().filter_map(|row| Some((row.at as f64 / DAY as f64 / 30.0, row.number(column)?))).collect();
            slope(&points)
        }
        Compute::RateRatio { column, short_days, long_days, .. } => {
            let rate = |days: u16| match column {
                None => (inside(&Window::Days(days)).len() as f64, 0.0),
                Some(column) => {
                    let known = numbers(&inside(&Window::Days(days)), column);
                    (exact_sum(&known), size(&known))
                }
            };
            let ((short, short_error), (long, long_error)) = (rate(*short_days), rate(*long_days));
            if long == 0.0 {
                return Value::Number(None, 0.0);
            }
            let ratio = short / f64::from(*short_days) / (long / f64::from(*long_days));
            Value::Number(Some(ratio), (short_error + ratio.abs() * long_error) / long.abs() * 10.0)
        }
        Compute::ShareDone { due, done, window, .. } => {
            let due_rows = due_rows(&seen, due, opens(window), now);
            share(due_rows.iter().filter(|row| row.is_done(done, now)).count(), due_rows.len())
        }
        Compute::Open { due, done, window, .. } => {
            count(due_rows(&seen, due, opens(window), now).iter().filter(|row| !row.is_done(done, now)).count())
        }
        Compute::OpenStreak { due, done, .. } => {
            count(due_rows(&seen, due, i64::MIN, now).iter().rev().take_while(|row| !row.is_done(done, now)).count())
        }
        Compute::OverdueDays { due, done, .. } => {
            let due_rows = due_rows(&seen, due, i64::MIN, now);
            let oldest = due_rows.iter().find(|row| !row.is_done(done, now));
            number(oldest.and_then(|row| row.moment(due)).map_or(0.0, days_since))
        }
        Compute::Debt { due, done, amount, .. } => {
            let due_rows = due_rows(&seen, due, i64::MIN, now);
            let open: Vec<&Seen> = due_rows.into_iter().filter(|row| !row.is_done(done, now)).collect();
            let amounts = numbers(&open, amount);
            Value::Number(Some(exact_sum(&amounts)), size(&amounts))
        }
        Compute::Lateness { due, done, window, .. } => {
            let done_inside = |row: &&Seen| row.is_done(done, now) && row.moment(done) >= Some(opens(window));
            let late = |row: &Seen| Some((row.moment(done)? - row.moment(due)?) as f64 / DAY as f64);
            let days: Vec<f64> = seen.iter().filter(done_inside).filter_map(late).collect();
            let mean = exact_sum(&days) / days.len() as f64;
            Value::Number((!days.is_empty()).then_some(mean), 1e-6)
        }
        Compute::Progress { planned, done, .. } => {
            let last = |column: &String| seen.iter().rev().find_map(|row| row.number(column));
            let ahead = last(done).and_then(|done| Some(done - last(planned)?));
            Value::Number(ahead, 0.0)
        }
        other => unreachable!("{other:?} is not read from a table's rows"),
    }
}

impl Seen {
    fn get(&self, column: &str) -> Option<Cell> {
        self.cells[COLUMNS.iter().position(|(name, ..)| *name == column)?]
    }

    fn number(&self, column: &str) -> Option<f64> {
        if let Cell::Number(value) = self.get(column)? { Some(value) } else { None }
    }

    fn flag(&self, column: &str) -> Option<bool> {
        if let Cell::Flag(value) = self.get(column)? { Some(value) } else { None }
    }

    fn moment(&self, column: &str) -> Option<i64> {
        if let Cell::Moment(value) = self.get(column)? { Some(value) } else { None }
    }

    fn is_done(&self, done: &str, now: i64) -> bool {
        self.moment(done).is_some_and(|done| done <= now)
    }

    /// By time, then by when it became visible, then by what was known at once, then by what was revealed, in the order
    /// in which it was; of two rows that are alike up to there the one that has less to show is the later.
    fn order(&self, other: &Self) -> Ordering {
        let mut order = (self.at, self.visible_from).cmp(&(other.at, other.visible_from));
        for (column, _) in COLUMNS.iter().enumerate().filter(|(_, (.., reveals))| reveals.is_none()) {
            order = order.then_with(|| compare(self.cells[column], other.cells[column]));
        }
        for (a, b) in self.revealed.iter().zip(&other.revealed) {
            order = order.then_with(|| a.cmp(b)).then_with(|| compare(self.cells[a.1], other.cells[b.1]));
        }
        order.then_with(|| other.revealed.len().cmp(&self.revealed.len()))
    }
}

/// A subject's rows as they are seen, in their order.
fn visible(rows: &[RawRow], recorded: bool, subject: u32, now: i64) -> Vec<Seen> {
    let entered = |row: &RawRow| row.recorded_at.filter(|_| recorded).unwrap_or(row.at);
    let from = |row: &RawRow| entered(row).max(row.at);
    let mut there: Vec<&RawRow> = rows.iter().filter(|row| from(row) <= now).collect();
    // The best version of each key comes last; of those that are alike in all that is seen any will do.
    there.sort_by(|a, b| {
        let order = (from(a), entered(a), a.at, a.subject).cmp(&(from(b), entered(b), b.at, b.subject));
        order.then_with(|| seen(a, from(a), now).order(&seen(b, from(b), now)))
    });
    let stands = |position: &usize| {
        let key = there[*position].key.filter(|_| recorded);
        key.is_none() || there[position + 1..].iter().all(|later| later.key != key)
    };
    let standing = (0..there.len()).filter(stands).map(|position| there[position]);
    let mut seen: Vec<Seen> =
        standing.filter(|row| row.subject == subject).map(|row| seen(row, from(row), now)).collect();
    seen.sort_by(Seen::order);
    seen
}

fn seen(row: &RawRow, visible_from: i64, now: i64) -> Seen {
    let number = |value: Option<f64>| value.filter(|value| value.is_finite()).map(|value| Cell::Number(value + 0.0));
    let mut cells = vec![
        number(row.value),
        row.kind.map(Cell::Word),
        row.flag.map(Cell::Flag),
        row.due.map(Cell::Moment),
        row.settled.map(Cell::Moment),
        number(row.score),
        row.label.map(Cell::Word),
        row.accepted.map(Cell::Flag),
        row.done.map(Cell::Moment),
        row.graded.map(Cell::Moment),
    ];
    let mut revealed = vec![];
    for (column, (.., reveals)) in COLUMNS.iter().enumerate() {
        let Some(reveals) = reveals else { continue };
        let moment = if *reveals == "done" { row.done } else { row.graded };
        match moment.filter(|moment| *moment <= now) {
            Some(moment) if cells[column].is_some() => revealed.push((moment.max(visible_from), column)),
            Some(_) => {}
            None => cells[column] = None,
        }
    }
    revealed.sort_unstable();
    Seen { at: row.at, visible_from, cells, revealed }
}

/// Unknown numbers, categories, moments and flags come last.
fn compare(a: Option<Cell>, b: Option<Cell>) -> Ordering {
    match (a, b) {
        (Some(Cell::Number(a)), Some(Cell::Number(b))) => a.total_cmp(&b),
        (Some(Cell::Word(a)), Some(Cell::Word(b))) => a.cmp(b),
        (Some(Cell::Flag(a)), Some(Cell::Flag(b))) => a.cmp(&b),
        (Some(Cell::Moment(a)), Some(Cell::Moment(b))) => a.cmp(&b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

/// Rows due from a moment on and by now, the latest due last.
fn due_rows<'a>(seen: &'a [Seen], due: &str, opens: i64, now: i64) -> Vec<&'a Seen> {
    let is_due = |row: &&Seen| row.moment(due).is_some_and(|due| due >= opens && due <= now);
    let mut rows: Vec<&Seen> = seen.iter().filter(is_due).collect();
    rows.sort_by_key(|row| row.moment(due));
    rows
}

fn numbers(rows: &[&Seen], column: &str) -> Vec<f64> {
    rows.iter().filter_map(|row| row.number(column)).collect()
}

fn share(part: usize, whole: usize) -> Value {
    Value::Number((whole > 0).then(|| part as f64 / whole as f64), 0.0)
}

fn slope(points: &[(f64, f64)]) -> Value {
    let many = points.len() as f64;
    let times: Vec<f64> = points.iter().map(|point| point.0).collect();
    if times.iter().all(|time| *time == times[0]) {
        return Value::Number(None, 0.0);
    }
    let mean_time = exact_sum(&times) / many;
    let values: Vec<f64> = points.iter().map(|point| point.1).collect();
    let mean_value = exact_sum(&values) / many;
    let together: Vec<f64> = points.iter().map(|(t, x)| (t - mean_time) * (x - mean_value)).collect();
    let squares: Vec<f64> = times.iter().map(|t| (t - mean_time) * (t - mean_time)).collect();
    let spread = exact_sum(&squares);
    Value::Number(Some(exact_sum(&together) / spread), size(&values) / spread)
}

/// What rounding may cost: a trifle of the largest number involved.
fn size(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |size: f64, value| size.max(value.abs())) * 1e-9
}

/// The rounded exact sum. J. R. Shewchuk, *Adaptive Precision Floating-Point Arithmetic*, Discrete & Computational
/// Geometry 18 (1997).
fn exact_sum(values: &[f64]) -> f64 {
    let mut partials: Vec<f64> = vec![];
    for value in values {
        let mut value = *value;
        let mut kept = vec![];
        for partial in partials {
            let (large, small) = if f64::abs(value) < f64::abs(partial) { (partial, value) } else { (value, partial) };
            let sum = large + small;
            let lost = small - (sum - large);
            if lost != 0.0 {
                kept.push(lost);
            }
            value = sum;
        }
        kept.push(value);
        partials = kept;
    }
    partials.iter().sum()
}
