//! Distinct known values of a number or a category in the window.
//!
//! A value counts in a window if its latest row is not before it, so each value is marked at its latest row, and marks
//! from the window's first row on are counted with a tree of partial counts. P. M. Fenwick, *A New Data Structure for
//! Cumulative Frequency Tables*, Software: Practice and Experience 24 (1994).

use domain::Day;
use rustc_hash::FxHashMap;

use super::{Scratch, Target, window_days};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::values::NO_LEVEL;
use crate::view::View;

/// The latest row of each value, and how many such rows there are before any row.
#[derive(Default)]
pub(super) struct Seen {
    latest: FxHashMap<u64, u32>,
    counts: Vec<u32>,
}

pub(super) fn compute_numbers(
    view: &View<'_>,
    cuts: &Cuts,
    column: usize,
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    let values = view.numbers(column);
    // There is one zero and one NaN, so equal numbers have equal bits.
    compute(values.len(), |row| (!values[row].is_nan()).then(|| values[row].to_bits()), cuts, targets, scratch, out);
}

pub(super) fn compute_levels(
    view: &View<'_>,
    cuts: &Cuts,
    column: usize,
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    let codes = view.codes(column);
    compute(codes.len(), |row| (codes[row] != NO_LEVEL).then(|| codes[row].into()), cuts, targets, scratch, out);
}

fn compute(
    rows: usize,
    value: impl Fn(usize) -> Option<u64>,
    cuts: &Cuts,
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    let seen = &mut scratch.distinct;
    seen.clear(rows);
    let mut next = 0;
    for cut in 0..cuts.len() {
        for row in next..cuts.end(cut) {
            if let Some(value) = value(row) {
                seen.see(value, row);
            }
        }
        next = cuts.end(cut);
        for target in targets {
            let distinct = seen.latest.len() - seen.before(cuts.start(target.window, cut));
            out.number(target.slot, cuts.row(cut), distinct as f64);
        }
    }
}

impl Seen {
    fn clear(&mut self, rows: usize) {
        self.latest.clear();
        self.counts.clear();
        self.counts.resize(rows + 1, 0);
    }

    fn see(&mut self, value: u64, row: usize) {
        let latest = self.latest.insert(value, u32::try_from(row).unwrap_or(u32::MAX));
        if let Some(latest) = latest {
            self.add(latest as usize, u32::MAX);
        }
        self.add(row, 1);
    }

    /// Adds at a row; `u32::MAX` takes one away.
    fn add(&mut self, row: usize, change: u32) {
        let mut node = row + 1;
        while node < self.counts.len() {
            self.counts[node] = self.counts[node].wrapping_add(change);
            node += node & node.wrapping_neg();
        }
    }

    /// Values whose latest row is before this one.
    fn before(&self, row: usize) -> usize {
        let mut node = row;
        let mut count = 0u32;
        while node > 0 {
            count = count.wrapping_add(self.counts[node]);
            node &= node - 1;
        }
        count as usize
    }
}

pub(super) fn evidence_of_levels(view: &View<'_>, cuts: &Cuts, column: usize, target: Target) -> Vec<Day> {
    let codes = view.codes(column);
    window_days(view, cuts, target, |row| codes[row] != NO_LEVEL)
}
