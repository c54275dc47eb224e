//! The latest known `done` less the latest known `planned`.

use domain::Day;

use super::{Target, last};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::view::View;

pub(super) fn compute(view: &View<'_>, cuts: &Cuts, columns: [usize; 2], targets: &[Target], out: &mut Out<'_>) {
    let (planned, done) = (view.numbers(columns[0]), view.numbers(columns[1]));
    let (mut last_planned, mut last_done) = (f64::NAN, f64::NAN);
    let mut next = 0;
    for cut in 0..cuts.len() {
        for row in next..cuts.end(cut) {
            if !planned[row].is_nan() {
                last_planned = planned[row];
            }
            if !done[row].is_nan() {
                last_done = done[row];
            }
        }
        next = cuts.end(cut);
        for target in targets {
            out.number(target.slot, cuts.row(cut), last_done - last_planned);
        }
    }
}

/// The row or the two rows that the latest values stand in.
pub(super) fn evidence(view: &View<'_>, planned: usize, done: usize) -> Vec<Day> {
    let mut days = last::evidence_of_number(view, planned);
    days.extend(last::evidence_of_number(view, done));
    days.sort_unstable();
    days.dedup();
    days
}
