//! Population standard deviation of a number over the window.
//!
//! From running sums of `d` and `d²`, where `d` is the value less the subject's first one: the variance is
//! `mean(d²) - mean(d)²`. Where that difference cancels, it is computed anew in two passes over the window.

use super::{Scratch, Target};
use crate::cuts::Cuts;
use crate::output::Out;
use crate::running::compensated;
use crate::view::View;

/// The share of `mean(d²)` below which the difference is not trusted.
const TRUSTED: f64 = 1.0 / (1u64 << 20) as f64;

pub(super) fn compute(
    view: &View<'_>,
    cuts: &Cuts,
    column: usize,
    targets: &[Target],
    scratch: &mut Scratch,
    out: &mut Out<'_>,
) {
    let values = view.numbers(column);
    let first = values.iter().copied().find(|value| !value.is_nan()).unwrap_or(0.0);
    let shifted = |row: usize| values[row] - first;
    let squared = |row: usize| shifted(row) * shifted(row);
    let [sums, squares] = &mut scratch.more_sums;
    sums.add_up((0..values.len()).map(shifted));
    squares.add_up((0..values.len()).map(squared));
    for target in targets {
        out.numbers(target.slot, cuts, |cut| {
            let (start, end) = (cuts.start(target.window, cut), cuts.end(cut));
            let known = f64::from(sums.known(start, end));
            let mean = sums.sum(start, end, shifted) / known;
            let mean_square = squares.sum(start, end, squared) / known;
            let variance = mean_square - mean * mean;
            if variance > mean_square * TRUSTED && variance.is_finite() || known == 0.0 {
                return variance.sqrt();
            }
            two_passes(&values[start..end], known)
        });
    }
}

fn two_passes(values: &[f64], known: f64) -> f64 {
    let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    // Scaled, so that the squares of huge values stay finite.
    let scaled = || values.iter().map(|value| value / largest);
    let mean = compensated(scaled()) / known;
    let square = compensated(scaled().map(|value| (value - mean) * (value - mean)));
    (square / known).sqrt() * largest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn huge_values_deviate_finitely() {
        assert_eq!(two_passes(&[1e200, -1e200, f64::NAN], 2.0), 1e200);
        assert_eq!(two_passes(&[3.0, 3.0], 2.0), 0.0);
        assert_eq!(two_passes(&[0.0], 1.0), 0.0);
    }
}
