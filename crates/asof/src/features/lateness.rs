//! Mean days from due to done over rows done in the window; negative is early.

use domain::Day;

use super::{Scratch, Target, day_of};
use crate::cuts::{Cuts, in_32_bits};
use crate::output::Out;
use crate::values::NO_MOMENT;
use crate::view::View;

const MICROS_A_DAY: f64 = 86_400e6;

pub(super) fn compute(
    view: &View<'_>,
    cuts: &Cuts,
    columns: [usize; 2],
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    let (dues, dones) = (view.moments(columns[0]), view.moments(columns[1]));
    for target in targets {
        // Rows and microseconds by cutoff: whole numbers, so that what is added can be taken away without a trace.
        let late = &mut scratch.late;
        late.clear();
        late.resize(cuts.len() + 1, (0, 0));
        for row in (0..view.at.len()).filter(|row| dues[*row] != NO_MOMENT && dones[*row] != NO_MOMENT) {
            let first = in_32_bits(cuts.first_to_see(dones[row].max(view.at[row])));
            let forgotten = in_32_bits(cuts.first_to_forget(target.window, dones[row]));
            if first < forgotten {
                let micros = i128::from(dones[row]) - i128::from(dues[row]);
                late[first as usize] = (late[first as usize].0 + 1, late[first as usize].1 + micros);
                late[forgotten as usize] = (late[forgotten as usize].0 - 1, late[forgotten as usize].1 - micros);
            }
        }
        for cut in 1..late.len() {
            late[cut] = (late[cut].0 + late[cut - 1].0, late[cut].1 + late[cut - 1].1);
        }
        // Nothing done is zero by zero: null.
        out.numbers(target.slot, cuts, |cut| late[cut].1 as f64 / f64::from(late[cut].0) / MICROS_A_DAY);
    }
}

/// The days on which the rows that were done late were due.
pub(super) fn evidence(view: &View<'_>, cuts: &Cuts, columns: [usize; 2], target: Target) -> Vec<Day> {
    let (dues, dones) = (view.moments(columns[0]), view.moments(columns[1]));
    let (opens, last_moment) = (cuts.opens(target.window, 0), cuts.last_moment(0));
    let is_late = |row: &usize| {
        let (due, done) = (dues[*row], dones[*row]);
        due != NO_MOMENT && done >= opens && done <= last_moment && done > due
    };
    (0..cuts.end(0)).filter(is_late).map(|row| day_of(dues[row])).collect()
}
