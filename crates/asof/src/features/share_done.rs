//! Rows due in the window and by the cutoff that are done by the cutoff, as a share; null where none is due.

use super::{Scratch, Target};
use crate::cuts::Cuts;
use crate::output::Out;
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
        // Nothing due is zero by zero: null.
        out.numbers(target.slot, cuts, |cut| (counts[cut][0] - counts[cut][1]) as f64 / counts[cut][0] as f64);
    }
}
