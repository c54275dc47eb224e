//! Rows of the window where a flag is true, as a share of those where it is known.

use domain::Day;

use super::{Scratch, Target, window_days};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::values::UNKNOWN;
use crate::view::View;

pub(super) fn compute(
    view: &View<'_>,
    cuts: &Cuts,
    flag: usize,
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    let counts = &mut scratch.pairs;
    counts.clear();
    counts.push([0, 0]);
    let (mut count, mut known) = (0, 0);
    for flag in view.flags(flag) {
        count += u32::from(*flag == 1);
        known += u32::from(*flag != UNKNOWN);
        counts.push([count, known]);
    }
    for target in targets {
        out.numbers(target.slot, cuts, |cut| {
            let (from, to) = (counts[cuts.start(target.window, cut)], counts[cuts.end(cut)]);
            // Nothing known is zero by zero: null.
            f64::from(to[0] - from[0]) / f64::from(to[1] - from[1])
        });
    }
}

pub(super) fn evidence(view: &View<'_>, cuts: &Cuts, flag: usize, target: Target) -> Vec<Day> {
    let flags = view.flags(flag);
    window_days(view, cuts, target, |row| flags[row] == 1)
}
