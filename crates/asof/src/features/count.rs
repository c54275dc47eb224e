//! Rows in the window, of those where a flag is true if one is named.

use domain::Day;

use super::{Scratch, Target, window_days};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::view::View;

pub(super) fn compute(
    view: &View<'_>,
    cuts: &Cuts,
    flag: Option<usize>,
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    let Some(flag) = flag else {
        for target in targets {
            out.numbers(target.slot, cuts, |cut| (cuts.end(cut) - cuts.start(target.window, cut)) as f64);
        }
        return;
    };
    let counts = &mut scratch.counts;
    counts.clear();
    counts.push(0);
    let mut count = 0;
    for flag in view.flags(flag) {
        count += u32::from(*flag == 1);
        counts.push(count);
    }
    for target in targets {
        out.numbers(target.slot, cuts, |cut| f64::from(counts[cuts.end(cut)] - counts[cuts.start(target.window, cut)]));
    }
}

pub(super) fn evidence(view: &View<'_>, cuts: &Cuts, flag: Option<usize>, target: Target) -> Vec<Day> {
    let flags = flag.map(|flag| view.flags(flag));
    window_days(view, cuts, target, |row| flags.is_none_or(|flags| flags[row] == 1))
}
