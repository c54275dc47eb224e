//! Latest rows in a row for which a flag is true; rows where it is unknown are passed over.

use domain::Day;

use super::{Target, day_of};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::view::View;

pub(super) fn compute(view: &View<'_>, cuts: &Cuts, flag: usize, targets: &[Target], out: &mut Out<'_>) {
    let flags = view.flags(flag);
    let mut streak = 0u32;
    let mut next = 0;
    for cut in 0..cuts.len() {
        for flag in &flags[next..cuts.end(cut)] {
            match flag {
                0 => streak = 0,
                1 => streak += 1,
                _ => {}
            }
        }
        next = cuts.end(cut);
        for target in targets {
            out.number(target.slot, cuts.row(cut), f64::from(streak));
        }
    }
}

pub(super) fn evidence(view: &View<'_>, flag: usize) -> Vec<Day> {
    let latest = view.flags(flag).iter().zip(view.at).rev().take_while(|(flag, _)| **flag != 0);
    latest.filter(|(flag, _)| **flag == 1).map(|(_, at)| day_of(*at)).collect()
}
