//! Latest due rows in a row that are not done, ordered by when they were due.

use domain::Day;

use super::due::{Due, Dues};
use super::{Scratch, Target, day_of};
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
    let by_due = ordered(&scratch.due);
    for cut in 0..cuts.len() {
        let streak = open_latest(&by_due, cut, cuts.last_moment(cut)).count();
        for target in targets {
            out.number(target.slot, cuts.row(cut), streak as f64);
        }
    }
}

/// The days on which the open rows were due.
pub(super) fn evidence(view: &View<'_>, cuts: &Cuts, columns: [usize; 2]) -> Vec<Day> {
    let mut dues = Dues::default();
    dues.make(view, cuts, columns);
    open_latest(&ordered(&dues), 0, cuts.last_moment(0)).map(|due| day_of(due.due)).collect()
}

fn ordered(dues: &Dues) -> Vec<Due> {
    let mut by_due = dues.rows.clone();
    by_due.sort_unstable_by_key(|due| (due.due, due.row));
    by_due
}

/// The rows that a cutoff sees due, latest first, up to the first that it sees done.
fn open_latest(by_due: &[Due], cut: usize, last_moment: i64) -> impl Iterator<Item = &Due> {
    let due_by_then = by_due.partition_point(|due| due.due <= last_moment);
    let visible = by_due[..due_by_then].iter().rev().filter(move |due| due.first as usize <= cut);
    visible.take_while(move |due| due.done as usize > cut)
}
