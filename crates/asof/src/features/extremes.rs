//! Smallest and largest known value of the window.

use domain::Day;

use super::{Scratch, Target, day_of};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::view::View;

pub(super) fn compute_max(
    view: &View<'_>,
    cuts: &Cuts,
    column: usize,
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    compute(view, cuts, column, 1.0, targets, scratch, out);
}

pub(super) fn compute_min(
    view: &View<'_>,
    cuts: &Cuts,
    column: usize,
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    compute(view, cuts, column, -1.0, targets, scratch, out);
}

/// The largest value times `sign`, which turns the largest into the smallest.
fn compute(
    view: &View<'_>,
    cuts: &Cuts,
    column: usize,
    sign: f64,
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    let values = view.numbers(column);
    let crest = &mut scratch.crest;
    crest.clear();
    let mut next = 0;
    for cut in 0..cuts.len() {
        crest.extend(next..cuts.end(cut), |row| sign * values[row]);
        next = cuts.end(cut);
        for target in targets {
            let greatest = crest.greatest_from(cuts.start(target.window, cut));
            out.number(target.slot, cuts.row(cut), greatest.map_or(f64::NAN, |value| sign * value));
        }
    }
}

pub(super) fn evidence_of_max(view: &View<'_>, cuts: &Cuts, column: usize, target: Target) -> Vec<Day> {
    evidence(view, cuts, column, target, |value, best| value >= best)
}

pub(super) fn evidence_of_min(view: &View<'_>, cuts: &Cuts, column: usize, target: Target) -> Vec<Day> {
    evidence(view, cuts, column, target, |value, best| value <= best)
}

/// The latest row that has the extreme value.
fn evidence(
    view: &View<'_>,
    cuts: &Cuts,
    column: usize,
    target: Target,
    is_as_good: impl Fn(f64, f64) -> bool,
) -> Vec<Day> {
    let values = view.numbers(column);
    let mut best: Option<usize> = None;
    for row in (cuts.start(target.window, 0)..cuts.end(0)).filter(|row| !values[*row].is_nan()) {
        if best.is_none_or(|best| is_as_good(values[row], values[best])) {
            best = Some(row);
        }
    }
    best.map(|row| day_of(view.at[row])).into_iter().collect()
}
