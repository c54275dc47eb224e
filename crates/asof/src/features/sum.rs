//! Sum and mean of a number over the window, from running sums.

use domain::Day;

use super::{Scratch, Target, window_days};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::view::View;

pub(super) fn compute_sum(
    view: &View<'_>,
    cuts: &Cuts,
    column: usize,
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    let values = view.numbers(column);
    let sums = scratch.sums(view, column);
    for target in targets {
        out.numbers(target.slot, cuts, |cut| {
            sums.sum(cuts.start(target.window, cut), cuts.end(cut), |row| values[row])
        });
    }
}

pub(super) fn compute_mean(
    view: &View<'_>,
    cuts: &Cuts,
    column: usize,
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    let values = view.numbers(column);
    let sums = scratch.sums(view, column);
    for target in targets {
        out.numbers(target.slot, cuts, |cut| {
            let (start, end) = (cuts.start(target.window, cut), cuts.end(cut));
            // Nothing known is zero by zero: null.
            sums.sum(start, end, |row| values[row]) / f64::from(sums.known(start, end))
        });
    }
}

pub(super) fn evidence(view: &View<'_>, cuts: &Cuts, column: usize, target: Target) -> Vec<Day> {
    let values = view.numbers(column);
    window_days(view, cuts, target, |row| !values[row].is_nan())
}
