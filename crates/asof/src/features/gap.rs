//! Longest time in whole days between neighbouring rows of the window, its end included; null where it has no row.

use domain::Day;

use super::{Scratch, Target, day_of, days_before};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::view::View;

pub(super) fn compute(view: &View<'_>, cuts: &Cuts, targets: &[Target], scratch: &mut Scratch, out: &mut Out<'_>) {
    let crest = &mut scratch.crest;
    crest.clear();
    let mut next = 1;
    for cut in 0..cuts.len() {
        let end = cuts.end(cut);
        // A gap belongs to the later of its two rows.
        crest.extend(next..end, |row| days_before(day_of(view.at[row]), view.at[row - 1]));
        next = next.max(end);
        for target in targets {
            let start = cuts.start(target.window, cut);
            let mut longest = f64::NAN;
            if start < end {
                let since_last = days_before(cuts.cutoff(cut).0, view.at[end - 1]);
                // The first row of the window brings a gap to a row before it.
                longest = crest.greatest_from(start + 1).map_or(since_last, |gap| gap.max(since_last));
            }
            out.number(target.slot, cuts.row(cut), longest);
        }
    }
}

/// The row or the two rows that bound the longest gap, the latest of those as long.
pub(super) fn evidence(view: &View<'_>, cuts: &Cuts, target: Target) -> Vec<Day> {
    let rows = &view.at[cuts.start(target.window, 0)..cuts.end(0)];
    let Some(last) = rows.last() else { return vec![] };
    let mut longest = (days_before(cuts.cutoff(0).0, *last), vec![day_of(*last)]);
    for pair in rows.windows(2).rev() {
        let gap = days_before(day_of(pair[1]), pair[0]);
        if gap > longest.0 {
            longest = (gap, vec![day_of(pair[0]), day_of(pair[1])]);
        }
    }
    longest.1
}
