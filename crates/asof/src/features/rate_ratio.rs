//! Daily rate in a short window over the daily rate in a long one, of a number's sum or of rows.

use domain::Day;

use super::{Scratch, Target, window_days};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::view::View;

pub(super) fn compute(
    view: &View<'_>,
    cuts: &Cuts,
    column: Option<usize>,
    days: [u16; 2],
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    let scale = f64::from(days[1]) / f64::from(days[0]);
    let ratio = |short: f64, long: f64| if long == 0.0 { f64::NAN } else { short / long * scale };
    for target in targets {
        let bounds = |cut| (cuts.start(target.window, cut), cuts.start(target.base, cut), cuts.end(cut));
        let Some(column) = column else {
            out.numbers(target.slot, cuts, |cut| {
                let (short, long, end) = bounds(cut);
                ratio((end - short) as f64, (end - long) as f64)
            });
            continue;
        };
        let values = view.numbers(column);
        let sums = scratch.sums(view, column);
        out.numbers(target.slot, cuts, |cut| {
            let (short, long, end) = bounds(cut);
            ratio(sums.sum(short, end, |row| values[row]), sums.sum(long, end, |row| values[row]))
        });
    }
}

/// The rows of the short window.
pub(super) fn evidence(view: &View<'_>, cuts: &Cuts, column: Option<usize>, target: Target) -> Vec<Day> {
    let values = column.map(|column| view.numbers(column));
    window_days(view, cuts, target, |row| values.is_none_or(|values| !values[row].is_nan()))
}
