//! Sum of an amount over open rows.
//!
//! Each row is added to the cutoffs that see it open, in the order of rows: nothing is taken away again, so a huge
//! amount that is paid leaves no trace.

use super::{Scratch, Target};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::view::View;

pub(super) fn compute(
    view: &View<'_>,
    cuts: &Cuts,
    columns: [usize; 3],
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    let [due, done, amount] = columns;
    let amounts = view.numbers(amount);
    scratch.due.make(view, cuts, [due, done]);
    let debts = &mut scratch.numbers;
    debts.clear();
    debts.resize(cuts.len(), 0.0);
    for due in scratch.due.rows.iter().filter(|due| !amounts[due.row as usize].is_nan()) {
        for debt in debts.iter_mut().take(due.done as usize).skip(due.first as usize) {
            *debt += amounts[due.row as usize];
        }
    }
    for target in targets {
        out.numbers(target.slot, cuts, |cut| debts[cut]);
    }
}
