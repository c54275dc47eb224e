//! Distinct known values of a number or a category in the window.
//!
//! A value counts in a window if its latest row is not before it, so each value is marked at its latest row, and marks
//! from the window's first row on are counted with a tree of partial counts. P. M. Fenwick, *A New Data Structure for
//! Cumulative Frequency Tables*, Software: Practice and Experience 24 (1994).

use std::mem;

use domain::Day;
use rustc_hash::FxHashMap;

use super::{Scratch, Target, window_days};
use crate::cuts::{Cuts, in_32_bits};
use crate::output::Out;
use crate::values::NO_LEVEL;
use crate::view::View;

/// Where each value was seen last.
#[derive(Default)]
pub(super) struct Seen {
    numbers: FxHashMap<u64, u32>,
    /// By code, [`NOWHERE`] for those not seen.
    levels: Vec<u32>,
    marks: Marks,
}

/// Marked rows, and how many there are before any row.
#[derive(Default)]
struct Marks {
    counts: Vec<u32>,
    marked: usize,
}

const NOWHERE: u32 = u32::MAX;

pub(super) fn compute_numbers(
    view: &View<'_>,
    cuts: &Cuts,
    column: usize,
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    let values = view.numbers(column);
    let Seen { numbers, marks, .. } = &mut scratch.distinct;
    numbers.clear();
    // There is one zero, so equal numbers have equal bits.
    let see = |row: usize| (!values[row].is_nan()).then(|| numbers.insert(values[row].to_bits(), in_32_bits(row)));
    compute(values.len(), see, marks, cuts, targets, out);
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
    let Seen { levels, marks, .. } = &mut scratch.distinct;
    let known = || codes.iter().filter(|code| **code != NO_LEVEL);
    let most = known().max().map_or(0, |code| *code as usize + 1);
    if levels.len() < most {
        levels.resize(most, NOWHERE);
    }
    let see = |row: usize| {
        let latest = levels.get_mut(codes[row] as usize)?;
        Some(Some(mem::replace(latest, in_32_bits(row))).filter(|latest| *latest != NOWHERE))
    };
    compute(codes.len(), see, marks, cuts, targets, out);
    // Only what this subject has seen is cleared: there may be many more levels.
    for code in known() {
        levels[*code as usize] = NOWHERE;
    }
}

/// `see` takes in a row: nothing where its value is unknown, otherwise the row that had it last, if any.
fn compute(
    rows: usize,
    mut see: impl FnMut(usize) -> Option<Option<u32>>,
    marks: &mut Marks,
    cuts: &Cuts,
    targets: &[Target],
    out: &mut Out<'_>,
) {
    marks.clear(rows);
    let mut next = 0;
    for cut in 0..cuts.len() {
        for row in next..cuts.end(cut) {
            let Some(latest) = see(row) else { continue };
            if let Some(latest) = latest {
                marks.remove(latest as usize);
            }
            marks.add(row);
        }
        next = cuts.end(cut);
        for target in targets {
            let distinct = marks.marked - marks.before(cuts.start(target.window, cut));
            out.number(target.slot, cuts.row(cut), distinct as f64);
        }
    }
}

impl Marks {
    fn clear(&mut self, rows: usize) {
        self.counts.clear();
        self.counts.resize(rows + 1, 0);
        self.marked = 0;
    }

    fn add(&mut self, row: usize) {
        self.marked += 1;
        self.change(row, 1);
    }

    fn remove(&mut self, row: usize) {
        self.marked -= 1;
        self.change(row, u32::MAX);
    }

    /// Adds at a row, modulo 2³²: adding `u32::MAX` takes one away.
    fn change(&mut self, row: usize, by: u32) {
        let mut node = row + 1;
        while node < self.counts.len() {
            self.counts[node] = self.counts[node].wrapping_add(by);
            node += node & node.wrapping_neg();
        }
    }

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
