//! Whole days since the latest row, or the latest row where a flag is true.

use domain::Day;

use super::{Target, day_of, days_before};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::view::View;

pub(super) fn compute(view: &View<'_>, cuts: &Cuts, flag: Option<usize>, targets: &[Target], out: &mut Out<'_>) {
    let mut last = None;
    let mut next = 0;
    for cut in 0..cuts.len() {
        last = latest(view, flag, next, cuts.end(cut)).or(last);
        next = cuts.end(cut);
        let days = last.map_or(f64::NAN, |row: usize| days_before(cuts.cutoff(cut).0, view.at[row]));
        for target in targets {
            out.number(target.slot, cuts.row(cut), days);
        }
    }
}

pub(super) fn evidence(view: &View<'_>, flag: Option<usize>) -> Vec<Day> {
    latest(view, flag, 0, view.at.len()).map(|row| day_of(view.at[row])).into_iter().collect()
}

fn latest(view: &View<'_>, flag: Option<usize>, start: usize, end: usize) -> Option<usize> {
    match flag {
        None => (end > start).then(|| end - 1),
        Some(flag) => view.flags(flag)[start..end].iter().rposition(|flag| *flag == 1).map(|row| start + row),
    }
}
