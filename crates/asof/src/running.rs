//! Running quantities that answer every window of a pass: sums that survive huge neighbours, the greatest of late.

use std::ops::Range;

use crate::cuts::in_32_bits;

/// The running sum up to a row, in twice the precision of a float.
///
/// Neumaier's compensated summation: `high` is the rounded sum, `low` what rounding lost. The sum of rows `a..b` is the
/// difference of two running sums. A. Neumaier, *Rundungsfehleranalyse einiger Verfahren zur Summation endlicher
/// Summen*, ZAMM 54 (1974).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Running {
    high: f64,
    low: f64,
    /// The largest `high` so far in size; zero as long as no addition was rounded.
    scale: f64,
    /// Known values so far.
    pub(crate) known: u32,
    /// Known values so far that are not zero.
    nonzero: u32,
}

/// Running sums of a column's values, one more than there are rows.
#[derive(Default)]
pub(crate) struct Sums {
    running: Vec<Running>,
}

/// How much smaller than the largest running sum a difference may be to be trusted: of the 106 bits this takes 40, and
/// leaves more than the output holds.
const TRUSTED: f64 = 1.0 / (1u64 << 40) as f64;

impl Sums {
    /// Adds up values, NaN for unknown.
    pub(crate) fn add_up(&mut self, values: impl Iterator<Item = f64>) {
        self.running.clear();
        let mut now = Running::default();
        let mut largest: f64 = 0.0;
        self.running.push(now);
        for value in values {
            if !value.is_nan() {
                let (high, lost) = two_sum(now.high, value);
                now.high = high;
                now.low += lost;
                largest = largest.max(high.abs());
                if lost != 0.0 || now.scale != 0.0 {
                    now.scale = largest;
                }
                now.known += 1;
                now.nonzero += u32::from(value != 0.0);
            }
            self.running.push(now);
        }
    }

    /// How many values of rows `start..end` are known.
    pub(crate) fn known(&self, start: usize, end: usize) -> u32 {
        self.running[end].known - self.running[start].known
    }

    /// The sum of rows `start..end`; where the difference of running sums cannot be trusted, because something huge came
    /// before, the rows are added up anew from `values`.
    pub(crate) fn sum(&self, start: usize, end: usize, values: impl Fn(usize) -> f64) -> f64 {
        let (from, to) = (&self.running[start], &self.running[end]);
        if from.nonzero == to.nonzero {
            return 0.0;
        }
        let (high, lost) = two_sum(to.high, -from.high);
        let sum = high + (lost + (to.low - from.low));
        if sum.abs() >= to.scale * TRUSTED && sum.is_finite() {
            return sum;
        }
        compensated((start..end).map(values))
    }
}

/// The compensated sum of the known ones of these values.
pub(crate) fn compensated(values: impl Iterator<Item = f64>) -> f64 {
    let (mut high, mut low) = (0.0, 0.0);
    for value in values.filter(|value| !value.is_nan()) {
        let (sum, lost) = two_sum(high, value);
        high = sum;
        low += lost;
    }
    if high.is_finite() { high + low } else { high }
}

/// The rounded sum and what rounding lost, exactly. D. E. Knuth, *The Art of Computer Programming*, vol. 2, 4.2.2.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_part = sum - a;
    let a_part = sum - b_part;
    (sum, (a - a_part) + (b - b_part))
}

/// The rows that are greater than all later ones: the first of them in a window holds the window's greatest value.
///
/// It is extended as the cutoff moves on; one serves all windows that end at the cutoff.
#[derive(Default)]
pub(crate) struct Crest {
    rows: Vec<(u32, f64)>,
    /// The crest of what is being added, latest first.
    added: Vec<(u32, f64)>,
}

impl Crest {
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
    }

    /// Takes in the next rows, NaN for unknown.
    pub(crate) fn extend(&mut self, rows: Range<usize>, value: impl Fn(usize) -> f64) {
        self.added.clear();
        let mut greatest = f64::NEG_INFINITY;
        for row in rows.rev() {
            let value = value(row);
            // NaN is greater than nothing.
            if value > greatest {
                greatest = value;
                self.added.push((in_32_bits(row), value));
            }
        }
        while self.rows.last().is_some_and(|(_, last)| *last <= greatest) {
            self.rows.pop();
        }
        self.rows.extend(self.added.iter().rev());
    }

    /// The greatest value of rows from `start` on.
    pub(crate) fn greatest_from(&self, start: usize) -> Option<f64> {
        let first = self.rows.partition_point(|(row, _)| (*row as usize) < start);
        self.rows.get(first).map(|(_, value)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_huge_value_leaves_later_windows_alone() {
        for huge in [1e17, 1e30, 1e308] {
            let values = [0.1, huge, huge, 0.25, 0.5, -huge, 0.1];
            let mut sums = Sums::default();
            sums.add_up(values.into_iter());
            let sum = |start, end| sums.sum(start, end, |row| values[row]);
            assert_eq!(sum(3, 5), 0.75, "{huge}");
            assert_eq!(sum(0, 1), 0.1);
            assert_eq!(sum(6, 7), 0.1);
            assert_eq!(sums.known(0, 7), 7);
        }
    }

    #[test]
    fn sums_of_rounded_numbers_are_as_good_as_added_anew() {
        let values: Vec<f64> = (0..10_000).map(|i| f64::from(i % 97) * 0.01 + 0.001).collect();
        let mut sums = Sums::default();
        sums.add_up(values.iter().copied());
        for (start, end) in [(0, 10_000), (5000, 5001), (17, 9000)] {
            let sum = sums.sum(start, end, |_| f64::NAN);
            let anew = compensated(values[start..end].iter().copied());
            assert!((sum - anew).abs() <= 1e-15 * anew, "{sum} {anew}");
        }
    }

    #[test]
    fn the_crest_knows_the_greatest_of_every_window() {
        let values = [3.0, 1.0, 2.0, f64::NAN, 2.0, 0.5];
        for middle in 0..=values.len() {
            let mut crest = Crest::default();
            crest.extend(0..middle, |row| values[row]);
            crest.extend(middle..values.len(), |row| values[row]);
            let greatest: Vec<Option<f64>> = (0..=values.len()).map(|start| crest.greatest_from(start)).collect();
            assert_eq!(greatest, [Some(3.0), Some(2.0), Some(2.0), Some(2.0), Some(2.0), Some(0.5), None]);
        }
    }
}
