//! Least-squares slope of a number over time, per 30 days; null below two distinct times.
//!
//! `Σ (t - mean t)(x - mean x) / Σ (t - mean t)²` over the known values of the window, in two passes over its rows, so
//! that neither old times nor huge values elsewhere cost precision.

use super::Target;
use crate::cuts::Cuts;
use crate::output::Out;
use crate::running::compensated;
use crate::view::View;

const MICROS_IN_30_DAYS: f64 = 30.0 * 86_400e6;

pub(super) fn compute(view: &View<'_>, cuts: &Cuts, column: usize, targets: &[Target], out: &mut Out<'_>) {
    let values = view.numbers(column);
    for target in targets {
        out.numbers(target.slot, cuts, |cut| {
            let rows = cuts.start(target.window, cut)..cuts.end(cut);
            slope(&view.at[rows.clone()], &values[rows])
        });
    }
}

fn slope(at: &[i64], values: &[f64]) -> f64 {
    let is_known = |row: &usize| !values[*row].is_nan();
    let known = || (0..values.len()).filter(is_known);
    let (Some(first), Some(last)) = (known().next(), known().next_back()) else { return f64::NAN };
    if at[first] == at[last] {
        return f64::NAN;
    }
    let time = |row: usize| at[row].abs_diff(at[first]) as f64 / MICROS_IN_30_DAYS;
    let largest = known().fold(0.0, |largest: f64, row| largest.max(values[row].abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let rows = known().count() as f64;
    let mean_time = compensated(known().map(time)) / rows;
    let mean_value = compensated(known().map(|row| values[row] / largest)) / rows;
    let together = known().map(|row| (time(row) - mean_time) * (values[row] / largest - mean_value));
    let squares = known().map(|row| (time(row) - mean_time) * (time(row) - mean_time));
    compensated(together) / compensated(squares) * largest
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    #[test]
    fn a_line_has_its_slope_and_a_point_none() {
        let at = [0, 10 * DAY, 20 * DAY, 30 * DAY];
        assert!((slope(&at, &[5.0, 4.0, f64::NAN, 2.0]) + 3.0).abs() < 1e-12);
        assert!((slope(&at, &[1e308, -1e308, 0.0, 0.0]).is_finite()));
        assert_eq!(slope(&at, &[0.0, 0.0, 0.0, 0.0]), 0.0);
        assert!(slope(&[DAY, DAY], &[1.0, 2.0]).is_nan());
        assert!(slope(&at, &[f64::NAN, 2.0, f64::NAN, f64::NAN]).is_nan());
    }
}
