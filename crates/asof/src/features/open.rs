//! Rows due in the window and by the cutoff, not done by it.

use domain::Day;

use super::{Scratch, Target, day_of};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::values::NO_MOMENT;
use crate::view::View;

pub(super) fn compute(
    view: &View<'_>,
    cuts: &Cuts,
    columns: [usize; 2],
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    scratch.due.make(view, cuts, columns);
    for target in targets {
        let counts = scratch.due.count(cuts, target.window);
        out.numbers(target.slot, cuts, |cut| counts[cut][1] as f64);
    }
}

/// The days on which the open rows were due.
pub(super) fn evidence(view: &View<'_>, cuts: &Cuts, columns: [usize; 2], target: Target) -> Vec<Day> {
    let (dues, dones) = (view.moments(columns[0]), view.moments(columns[1]));
    let (opens, last_moment) = (cuts.opens(target.window, 0), cuts.last_moment(0));
    let is_open = |row: &usize| {
        dues[*row] != NO_MOMENT && dues[*row] >= opens && dues[*row] <= last_moment && dones[*row] > last_moment
    };
    (0..cuts.end(0)).filter(is_open).map(|row| day_of(dues[row])).collect()
}
