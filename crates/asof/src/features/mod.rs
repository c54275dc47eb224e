//! One file for each thing that can be computed: `compute` for all cutoffs of a subject in one pass over its rows, and
//! `evidence`, the days of the rows behind the value at one cutoff.
//!
//! A value is a function of the rows that its cutoff sees and of nothing else: neither rows that come later nor the
//! other cutoffs of the pass may change its last bit. Integers and running sums from the first row keep to that.

mod attribute;
mod count;
mod debt;
mod deviation;
mod distinct;
mod due;
mod extremes;
mod gap;
mod last;
mod lateness;
mod open;
mod open_streak;
mod overdue_days;
mod progress;
mod rate_ratio;
mod recency;
mod relative_to;
mod share;
mod share_done;
mod streak;
mod sum;
mod trend;

use domain::Day;

use crate::cuts::Cuts;
use crate::output::Out;
use crate::running::{Crest, Sums};
use crate::view::View;

pub(crate) use attribute::{OfSubject, of_subject};
pub(crate) use relative_to::GroupMeans;

/// A feature of a table's rows, its columns by position. Features that differ in their window only are one of these
/// with several [`Target`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OfRows {
    Count { flag: Option<usize> },
    Share { flag: usize },
    Sum { column: usize },
    Mean { column: usize },
    Min { column: usize },
    Max { column: usize },
    Deviation { column: usize },
    DistinctNumbers { column: usize },
    DistinctLevels { column: usize },
    LastNumber { column: usize },
    LastLevel { column: usize },
    Recency { flag: Option<usize> },
    Streak { flag: usize },
    Gap,
    Trend { column: usize },
    RateRatio { column: Option<usize>, short_days: u16, long_days: u16 },
    ShareDone { due: usize, done: usize },
    Open { due: usize, done: usize },
    OpenStreak { due: usize, done: usize },
    OverdueDays { due: usize, done: usize },
    Debt { due: usize, done: usize, amount: usize },
    Lateness { due: usize, done: usize },
    Progress { planned: usize, done: usize },
}

/// Where a value goes, and the window that it looks back over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    /// The column of the output.
    pub(crate) slot: usize,
    /// The window, by position in the table's list; for features without one it holds all rows.
    pub(crate) window: usize,
    /// The window that a ratio compares with; otherwise the same.
    pub(crate) base: usize,
}

/// Buffers that features share within a subject, so that none is allocated twice.
#[derive(Default)]
pub(crate) struct Scratch {
    sums: Vec<(bool, Sums)>,
    more_sums: [Sums; 2],
    crest: Crest,
    distinct: distinct::Seen,
    due: due::Dues,
    counts: Vec<u32>,
    pairs: Vec<[u32; 2]>,
    moments: Vec<i64>,
    numbers: Vec<f64>,
    late: Vec<(i32, i128)>,
}

impl Scratch {
    /// To be called before the rows change.
    pub(crate) fn forget(&mut self) {
        for (is_current, _) in &mut self.sums {
            *is_current = false;
        }
        self.due.forget();
    }

    /// Running sums of a number column, made once for all features that need them.
    fn sums(&mut self, view: &View<'_>, column: usize) -> &Sums {
        if self.sums.len() <= column {
            self.sums.resize_with(column + 1, Default::default);
        }
        let (is_current, sums) = &mut self.sums[column];
        if !*is_current {
            *is_current = true;
            sums.add_up(view.numbers(column).iter().copied());
        }
        sums
    }
}

impl OfRows {
    /// The columns that it reads.
    pub(crate) fn columns(self) -> Vec<usize> {
        match self {
            Self::Count { flag } | Self::Recency { flag } => flag.into_iter().collect(),
            Self::RateRatio { column, .. } => column.into_iter().collect(),
            Self::Share { flag } | Self::Streak { flag } => vec![flag],
            Self::Sum { column }
            | Self::Mean { column }
            | Self::Min { column }
            | Self::Max { column }
            | Self::Deviation { column }
            | Self::DistinctNumbers { column }
            | Self::DistinctLevels { column }
            | Self::LastNumber { column }
            | Self::LastLevel { column }
            | Self::Trend { column } => vec![column],
            Self::Gap => vec![],
            Self::ShareDone { due, done }
            | Self::Open { due, done }
            | Self::OpenStreak { due, done }
            | Self::OverdueDays { due, done }
            | Self::Lateness { due, done } => vec![due, done],
            Self::Debt { due, done, amount } => vec![due, done, amount],
            Self::Progress { planned, done } => vec![planned, done],
        }
    }

    /// Writes the values of all cutoffs for all targets.
    pub(crate) fn compute(
        self,
        view: &View<'_>,
        cuts: &Cuts,
        targets: &[Target],
        scratch: &mut Scratch,
        out: &mut Out<'_>,
    ) {
        match self {
            Self::Count { flag } => count::compute(view, cuts, flag, targets, scratch, out),
            Self::Share { flag } => share::compute(view, cuts, flag, targets, scratch, out),
            Self::Sum { column } => sum::compute_sum(view, cuts, column, targets, scratch, out),
            Self::Mean { column } => sum::compute_mean(view, cuts, column, targets, scratch, out),
            Self::Min { column } => extremes::compute_min(view, cuts, column, targets, scratch, out),
            Self::Max { column } => extremes::compute_max(view, cuts, column, targets, scratch, out),
            Self::Deviation { column } => deviation::compute(view, cuts, column, targets, scratch, out),
            Self::DistinctNumbers { column } => distinct::compute_numbers(view, cuts, column, targets, scratch, out),
            Self::DistinctLevels { column } => distinct::compute_levels(view, cuts, column, targets, scratch, out),
            Self::LastNumber { column } => last::compute_number(view, cuts, column, targets, out),
            Self::LastLevel { column } => last::compute_level(view, cuts, column, targets, out),
            Self::Recency { flag } => recency::compute(view, cuts, flag, targets, out),
            Self::Streak { flag } => streak::compute(view, cuts, flag, targets, out),
            Self::Gap => gap::compute(view, cuts, targets, scratch, out),
            Self::Trend { column } => trend::compute(view, cuts, column, targets, out),
            Self::RateRatio { column, short_days, long_days } => {
                rate_ratio::compute(view, cuts, column, [short_days, long_days], targets, scratch, out);
            }
            Self::ShareDone { due, done } => share_done::compute(view, cuts, [due, done], targets, scratch, out),
            Self::Open { due, done } => open::compute(view, cuts, [due, done], targets, scratch, out),
            Self::OpenStreak { due, done } => open_streak::compute(view, cuts, [due, done], targets, scratch, out),
            Self::OverdueDays { due, done } => overdue_days::compute(view, cuts, [due, done], targets, scratch, out),
            Self::Debt { due, done, amount } => {
                debt::compute(view, cuts, [due, done, amount], targets, scratch, out);
            }
            Self::Lateness { due, done } => lateness::compute(view, cuts, [due, done], targets, scratch, out),
            Self::Progress { planned, done } => progress::compute(view, cuts, [planned, done], targets, out),
        }
    }

    /// The days of the rows behind a value at the only cutoff of `cuts`, oldest first.
    pub(crate) fn evidence(self, view: &View<'_>, cuts: &Cuts, target: Target) -> Vec<Day> {
        let mut days = match self {
            Self::Count { flag } => count::evidence(view, cuts, flag, target),
            Self::Share { flag } => share::evidence(view, cuts, flag, target),
            Self::Sum { column }
            | Self::Mean { column }
            | Self::Deviation { column }
            | Self::DistinctNumbers { column }
            | Self::Trend { column } => sum::evidence(view, cuts, column, target),
            Self::DistinctLevels { column } => distinct::evidence_of_levels(view, cuts, column, target),
            Self::Min { column } => extremes::evidence_of_min(view, cuts, column, target),
            Self::Max { column } => extremes::evidence_of_max(view, cuts, column, target),
            Self::LastNumber { column } => last::evidence_of_number(view, column),
            Self::LastLevel { column } => last::evidence_of_level(view, column),
            Self::Recency { flag } => recency::evidence(view, flag),
            Self::Streak { flag } => streak::evidence(view, flag),
            Self::Gap => gap::evidence(view, cuts, target),
            Self::RateRatio { column, .. } => rate_ratio::evidence(view, cuts, column, target),
            Self::ShareDone { due, done } | Self::Open { due, done } => open::evidence(view, cuts, [due, done], target),
            Self::OpenStreak { due, done } => open_streak::evidence(view, cuts, [due, done]),
            Self::OverdueDays { due, done } | Self::Debt { due, done, .. } => {
                open::evidence(view, cuts, [due, done], target)
            }
            Self::Lateness { due, done } => lateness::evidence(view, cuts, [due, done], target),
            Self::Progress { planned, done } => progress::evidence(view, planned, done),
        };
        days.sort_unstable();
        days
    }
}

/// The civil day of a moment.
fn day_of(moment: i64) -> Day {
    domain::Moment(moment).day()
}

/// Whole civil days from one moment to a cutoff's day.
fn days_before(day: Day, moment: i64) -> f64 {
    f64::from(day.0) - f64::from(day_of(moment).0)
}

/// The days of the rows of a window that `counts` holds for.
fn window_days(view: &View<'_>, cuts: &Cuts, target: Target, counts: impl Fn(usize) -> bool) -> Vec<Day> {
    let rows = cuts.start(target.window, 0)..cuts.end(0);
    rows.filter(|row| counts(*row)).map(|row| day_of(view.at[row])).collect()
}
