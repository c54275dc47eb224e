//! A number and how far it may be off: intervals of 90%, by formula or by the bootstrap over subjects.
//!
//! **Normal**: `value +- 1.645 error`, for means of many independent rows. **Bootstrap** (Efron and Tibshirani 1993): subjects
//! are drawn with replacement and the interval runs from the 5th to the 95th percentile of the redrawn numbers. A row of a
//! campaign is a subject.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::draw::mix;

/// The normal quantile of 95%: intervals of 90%.
pub(crate) const Z: f64 = 1.644_853_626_951_472_7;

/// A number with its standard error and its 90% interval, in the unit of the number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Estimate {
    /// By the normal approximation.
    pub fn normal(value: f64, error: f64) -> Self {
        Self { value, error, low: value - Z * error, high: value + Z * error }
    }

    /// The mean of independent numbers; of none, 0 with nothing known.
    pub fn mean(values: impl Iterator<Item = f64> + Clone) -> Self {
        let (mut count, mut sum) = (0.0, 0.0);
        for value in values.clone() {
            count += 1.0;
            sum += value;
        }
        if count < 2.0 {
            return Self { value: sum, error: f64::MAX, low: f64::MIN, high: f64::MAX };
        }
        let mean = sum / count;
        let squares: f64 = values.map(|value| (value - mean).powi(2)).sum();
        Self::normal(mean, (squares / (count - 1.0) / count).sqrt())
    }

    /// The chance of a number as far from 0 if the true one were 0 (Wald).
    pub fn p_value(&self) -> f64 {
        if self.error > 0.0 { two_sided(self.value / self.error) } else { f64::from(u8::from(self.value == 0.0)) }
    }
}

/// The chance of a standard normal number at least so far from 0.
pub(crate) fn two_sided(z: f64) -> f64 {
    2.0 * Normal::standard().cdf(-z.abs())
}

/// Numbers on rows as they are and on redrawn rows, each with a percentile interval. `numbers` is told how often each row
/// was drawn; a number that is not finite in a draw is left out of it.
pub(crate) fn bootstrap<const N: usize>(
    rows: usize,
    draws: usize,
    seed: u64,
    numbers: impl Fn(&[f64]) -> [f64; N] + Sync,
) -> [Estimate; N] {
    let values = numbers(&vec![1.0; rows]);
    let draw = |draw: usize| {
        let mut rng = ChaCha8Rng::seed_from_u64(mix(seed, draw as u64));
        let mut times = vec![0.0; rows];
        for _ in 0..rows {
            times[rng.random_range(0..rows)] += 1.0;
        }
        numbers(&times)
    };
    let drawn: Vec<[f64; N]> = (0..draws).into_par_iter().map(draw).collect();
    let mut place = 0..N;
    values.map(|value| {
        let place = place.next().unwrap_or_default();
        let mut of_place: Vec<f64> = drawn.iter().map(|drawn| drawn[place]).filter(|value| value.is_finite()).collect();
        of_place.sort_unstable_by(f64::total_cmp);
        let error = Estimate::mean(of_place.iter().copied()).error * (of_place.len() as f64).sqrt();
        let end = |share: f64| percentile(&of_place, share).unwrap_or(value);
        Estimate { value, error, low: end(0.05).min(value), high: end(0.95).max(value) }
    })
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
    fn a_mean_and_its_bootstrap_agree() {
        let values: Vec<f64> = (0..400).map(|row| f64::from(row % 4 == 0)).collect();
        let mean = Estimate::mean(values.iter().copied());
        // sqrt(0.25 * 0.75 / 399) = 0.021678
        assert!((mean.value - 0.25).abs() < 1e-12 && (mean.error - 0.021_678).abs() < 1e-6, "{mean:?}");
        let [drawn] = bootstrap(400, 2000, 1, |times| {
            [values.iter().zip(times).map(|(value, times)| value * times).sum::<f64>() / 400.0]
        });
        assert!((drawn.low - mean.low).abs() < 0.003 && (drawn.high - mean.high).abs() < 0.003, "{drawn:?} {mean:?}");
        assert!((drawn.error - mean.error).abs() < 0.002);
    }

    #[test]
    fn p_values_are_those_of_tables() {
        assert!((Estimate::normal(1.959_964, 1.0).p_value() - 0.05).abs() < 1e-6);
        assert_eq!(Estimate::normal(0.0, 0.0).p_value(), 1.0);
        assert_eq!(Estimate::normal(0.1, 0.0).p_value(), 0.0);
    }
}
