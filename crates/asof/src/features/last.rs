//! The latest known value of a number or a category.

use domain::Day;

use super::{Target, day_of};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::values::NO_LEVEL;
use crate::view::View;

pub(super) fn compute_number(view: &View<'_>, cuts: &Cuts, column: usize, targets: &[Target], out: &mut Out<'_>) {
    let values = view.numbers(column);
    let mut last = f64::NAN;
    let mut next = 0;
    for cut in 0..cuts.len() {
        for value in &values[next..cuts.end(cut)] {
            if !value.is_nan() {
                last = *value;
            }
        }
        next = cuts.end(cut);
        for target in targets {
            out.number(target.slot, cuts.row(cut), last);
        }
    }
}

pub(super) fn compute_level(view: &View<'_>, cuts: &Cuts, column: usize, targets: &[Target], out: &mut Out<'_>) {
    let codes = view.codes(column);
    let mut last = None;
    let mut next = 0;
    for cut in 0..cuts.len() {
        let known = codes[next..cuts.end(cut)].iter().rfind(|code| **code != NO_LEVEL);
        last = known.copied().or(last);
        next = cuts.end(cut);
        for target in targets {
            out.level(target.slot, cuts.row(cut), last);
        }
    }
}

pub(super) fn evidence_of_number(view: &View<'_>, column: usize) -> Vec<Day> {
    let row = view.numbers(column).iter().rposition(|value| !value.is_nan());
    row.map(|row| day_of(view.at[row])).into_iter().collect()
}

pub(super) fn evidence_of_level(view: &View<'_>, column: usize) -> Vec<Day> {
    let row = view.codes(column).iter().rposition(|code| *code != NO_LEVEL);
    row.map(|row| day_of(view.at[row])).into_iter().collect()
}
