//! Whole days since the oldest open row was due; 0 where none is open.

use super::{Scratch, Target, days_before};
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
    let oldest = &mut scratch.moments;
    oldest.clear();
    oldest.resize(cuts.len(), NO_MOMENT);
    for due in &scratch.due.rows {
        for oldest in oldest.iter_mut().take(due.done as usize).skip(due.first as usize) {
            *oldest = due.due.min(*oldest);
        }
    }
    for target in targets {
        out.numbers(target.slot, cuts, |cut| match oldest[cut] {
            NO_MOMENT => 0.0,
            due => days_before(cuts.cutoff(cut).0, due),
        });
    }
}
