//! A number and how far it may be off: intervals of 95%, by the bootstrap over subjects or by formula.
//!
//! **Bootstrap** (Efron and Tibshirani 1993): subjects are drawn with replacement, each with all its rows, because rows of one
//! subject are alike; the interval runs from the 2.5th to the 97.5th percentile of the redrawn numbers. All numbers of one
//! call see the same draws, so that a difference of two of them is a paired one. **Wilson** (1927) for shares of
//! independent rows: `(p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)`.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

use crate::draw::mix;

/// The normal quantile of 97.5%.
pub(crate) const Z: f64 = 1.959_963_984_540_054;

/// Rows of one kind that are too few to redraw: with 10 a percentile interval of a share is about a fifth too narrow.
const FEW: f64 = 10.0;

/// A number with its 95% interval, in the unit of the number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Estimate {
    /// A number that is known exactly.
    pub(crate) fn exact(value: f64) -> Self {
        Self { value, low: value, high: value }
    }

    /// A share of `n` independent rows, by Wilson.
    pub(crate) fn share(count: f64, n: f64) -> Self {
        let value = count / n;
        let centre = value + Z * Z / (2.0 * n);
        let half = Z * (value * (1.0 - value) / n + Z * Z / (4.0 * n * n)).sqrt();
        let norm = 1.0 + Z * Z / n;
        Self {
            value,
            low: ((centre - half) / norm).clamp(0.0, value),
            high: ((centre + half) / norm).clamp(value, 1.0),
        }
    }

    /// A redrawn share of `n` rows, no narrower than Wilson's where those with or without it are a handful or every draw said
    /// the same.
    pub(crate) fn widened(self, n: f64) -> Self {
        let fewer = (self.value * n).min((1.0 - self.value) * n);
        if !self.value.is_finite() || n <= 0.0 || (fewer >= FEW && self.low < self.high) {
            return self;
        }
        let wilson = Self::share(self.value * n, n);
        Self { low: self.low.min(wilson.low), high: self.high.max(wilson.high), ..self }
    }

    /// A normal approximation, kept within bounds.
    pub(crate) fn normal(value: f64, error: f64, bounds: [f64; 2]) -> Self {
        let end = |end: f64| end.clamp(bounds[0], bounds[1]);
        Self { value, low: end(value - Z * error), high: end(value + Z * error) }
    }
}

/// Sets of subjects to redraw.
pub(crate) struct Subjects {
    /// The number of each row's subject, without gaps.
    of_row: Vec<u32>,
    count: usize,
    draws: usize,
    seed: u64,
}

/// Numbers on the rows as they are, and on each redrawn set of subjects.
pub(crate) struct Redrawn {
    values: Vec<f64>,
    draws: Vec<Vec<f64>>,
}

impl Subjects {
    pub(crate) fn new(of_row: impl Iterator<Item = u32>, draws: usize, seed: u64) -> Self {
        let ids: Vec<u32> = of_row.collect();
        let mut known = ids.clone();
        known.sort_unstable();
        known.dedup();
        let of_row = ids.iter().map(|id| known.partition_point(|other| other < id) as u32).collect();
        Self { of_row, count: known.len(), draws, seed }
    }

    /// Numbers by the weights of rows: how often each row's subject was drawn. NaN says that a number is not there.
    pub(crate) fn redraw(&self, numbers: impl Fn(&[f64]) -> Vec<f64> + Sync) -> Redrawn {
        let values = numbers(&vec![1.0; self.of_row.len()]);
        let draw = |draw: usize| {
            let mut rng = ChaCha8Rng::seed_from_u64(mix(self.seed, draw as u64));
            let mut times = vec![0u32; self.count];
            for _ in 0..self.count {
                times[rng.random_range(0..self.count)] += 1;
            }
            let weights: Vec<f64> = self.of_row.iter().map(|&subject| f64::from(times[subject as usize])).collect();
            numbers(&weights)
        };
        let draws = (0..self.draws).into_par_iter().map(draw).collect();
        Redrawn { values, draws }
    }
}

impl Redrawn {
    /// A number with its interval.
    pub(crate) fn estimate(&self, index: usize) -> Estimate {
        self.of(|values| values[index])
    }

    /// One number minus another, paired.
    pub(crate) fn difference(&self, index: usize, other: usize) -> Estimate {
        self.of(|values| values[index] - values[other])
    }

    /// The numbers of each redrawn set of subjects, without those of which one is not there.
    pub(crate) fn draws(&self) -> impl Iterator<Item = &[f64]> {
        self.draws.iter().map(Vec::as_slice).filter(|draw| draw.iter().all(|value| value.is_finite()))
    }

    /// Standard error of such a difference.
    pub(crate) fn difference_error(&self, index: usize, other: usize) -> f64 {
        let drawn: Vec<f64> = self.drawn(|values| values[index] - values[other]);
        let mean = drawn.iter().sum::<f64>() / drawn.len().max(1) as f64;
        let squares: f64 = drawn.iter().map(|value| (value - mean).powi(2)).sum();
        (squares / (drawn.len().max(2) - 1) as f64).sqrt()
    }

    fn of(&self, number: impl Fn(&[f64]) -> f64) -> Estimate {
        let value = number(&self.values);
        let mut drawn = self.drawn(number);
        drawn.sort_unstable_by(f64::total_cmp);
        // A number that redrawing biases, such as the calibration error, may lie outside its percentiles.
        let low = percentile(&drawn, 0.025).map_or(value, |low| low.min(value));
        let high = percentile(&drawn, 0.975).map_or(value, |high| high.max(value));
        Estimate { value, low, high }
    }

    fn drawn(&self, number: impl Fn(&[f64]) -> f64) -> Vec<f64> {
        self.draws.iter().map(|values| number(values)).filter(|value| value.is_finite()).collect()
    }
}

/// Linear between neighbours of a sorted list.
pub(crate) fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = share * last as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    Some(sorted[low] + (sorted[high] - sorted[low]) * (place - low as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_is_that_of_scipy() {
        let near = |ours: f64, theirs: f64| assert!((ours - theirs).abs() < 1e-12, "{ours} {theirs}");
        // binomtest(k, n).proportion_ci(0.95, "wilson")
        for (count, n, low, high) in WILSON {
            let share = Estimate::share(count, n);
            near(share.low, low);
            near(share.high, high);
        }
    }

    #[test]
    fn a_difference_is_paired() {
        let label: Vec<f64> = (0..300).map(|row| f64::from(row % 3 == 0)).collect();
        let subjects = Subjects::new(0..300, 200, 1);
        let redrawn = subjects.redraw(|weights| {
            let total: f64 = weights.iter().sum();
            let mean = weights.iter().zip(&label).map(|(w, y)| w * y).sum::<f64>() / total;
            vec![mean, mean + 0.1]
        });
        let gap = redrawn.difference(1, 0);
        assert!((gap.high - gap.low).abs() < 1e-12 && (gap.value - 0.1).abs() < 1e-12, "{gap:?}");
        assert!(redrawn.difference_error(1, 0) < 1e-12);
        let share = redrawn.estimate(0);
        assert!(share.low < 0.3 && share.high > 0.36, "{share:?}");
    }

    #[test]
    fn rows_of_one_subject_are_drawn_together() {
        let label: Vec<f64> = (0..300).map(|row| f64::from(row / 150 == 0)).collect();
        let share = |weights: &[f64]| {
            vec![weights.iter().zip(&label).map(|(w, y)| w * y).sum::<f64>() / weights.iter().sum::<f64>()]
        };
        let three = Subjects::new((0..300).map(|row| row / 150), 500, 1).redraw(share).estimate(0);
        assert_eq!((three.low, three.high), (0.0, 1.0));
    }

    const WILSON: [(f64, f64, f64, f64); 3] = [
        (3.0, 20.0, 0.05236874589621662, 0.3604188647407569),
        (0.0, 7.0, 0.0, 0.35433043506668743),
        (96.0, 100.0, 0.9016292856411208, 0.9843366960084523),
    ];
}
