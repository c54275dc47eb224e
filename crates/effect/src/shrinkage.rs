//! From what a learner says to an effect: the average for all, and as much of its differences as rows kept out bear out.
//!
//! Best linear predictor (Chernozhukov, Demirer, Duflo and Fernandez-Val 2018): on folds kept out the doubly robust score of
//! the effect is regressed on what the learner said, `psi_a - psi_0 = ATE + b (s - mean s) + noise`, with standard errors
//! robust to unequal noise (White 1980). The effect told is `ATE + t (s - mean s)`. Where differences between subjects are not
//! borne out, `t` is 0 and everybody is told the average. Half-samples that stop early and are averaged understate differences,
//! so that `b` may well be above 1: `t` is `b`, cut to `0..MOST_TOLD`, or the mean of its posterior where that is less.
//!
//! **Intervals.** What is told may be off by
//! - the error of the ATE;
//! - what `b` is not known to be, `(b - t)^2 (s - mean s)^2` over a normal posterior of `b` cut to `0..MOST_TOLD`;
//! - the learner's noise: half-samples vary around their mean as fits on all rows would, `t^2 V(x)`. It counts
//!   [`NOISE_COUNTS`] times, because a learner is off by what its trees leave out, too;
//! - differences that it does not see. If what a learner says is the true difference, or a part of it, plus noise, then
//!   `b v`, the covariance of both, is at most the variance of the true effects, `v` that of what is said. The largest `b v`
//!   of all learners that were tried, less what is explained, `b^2 v`, is left to noise and blindness (an empirical Bayes
//!   posterior variance, Morris 1983); where half-samples account for less than that, the rest is added for all alike.
//!
//! So intervals cover on average over subjects, not for each of them, and differences that no learner sees are not in them.

use serde::{Deserialize, Serialize};
use statrs::distribution::{Continuous, ContinuousCDF, Normal};

use crate::estimate::{Estimate, two_sided};

/// Differences are never told larger than so many times what the learner says.
pub const MOST_TOLD: f64 = 2.0;

/// How often the variance of half-samples counts. Trees as many as have the least loss are about as far off by what they
/// leave out as by noise, which would make it 2; of the simulated worlds of `examples/coverage.rs`, in most of which effects
/// are plain, intervals hold the truth about nine times in ten with this.
const NOISE_COUNTS: f64 = 1.5;

/// How one action's effects are shrunk. In the unit of the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shrinkage {
    /// Average effect, by doubly robust scores.
    pub ate: Estimate,
    /// The slope as estimated, neither clamped nor shrunk.
    pub slope: f64,
    /// Its standard error; 0, as the slope is, where the learner says the same of everybody.
    pub slope_error: f64,
    /// The part of differences that is told, from 0 to [`MOST_TOLD`].
    pub told: f64,
    /// Mean over subjects of what the learner says.
    pub centre: f64,
    /// Variance over subjects of what the learner says on folds kept out.
    pub variance: f64,
    /// Variance of true effects that some learner gave a hint of.
    pub differences: f64,
    /// Mean over subjects of the variance of half-samples.
    pub sampling: f64,
}

impl Shrinkage {
    /// From what was said of rows kept out, and their scores.
    pub(crate) fn fit(said: &[f64], scores: &[f64]) -> Self {
        let ate = Estimate::mean(scores.iter().copied());
        let rows = said.len() as f64;
        let centre = said.iter().sum::<f64>() / rows;
        let squares: f64 = said.iter().map(|said| (said - centre).powi(2)).sum();
        let variance = squares / rows;
        // Differences in the last digits are none.
        if variance.sqrt() <= 1e-9 * ate.error.max(f64::MIN_POSITIVE) {
            let nothing = 0.0;
            return Self {
                ate,
                slope: nothing,
                slope_error: nothing,
                told: nothing,
                centre,
                variance: nothing,
                differences: nothing,
                sampling: nothing,
            };
        }
        let product: f64 = said.iter().zip(scores).map(|(said, score)| (said - centre) * (score - ate.value)).sum();
        let slope = product / squares;
        let residual = |said: f64, score: f64| score - ate.value - slope * (said - centre);
        let meat: f64 =
            said.iter().zip(scores).map(|(&said, &score)| ((said - centre) * residual(said, score)).powi(2)).sum();
        let slope_error = meat.sqrt() / squares;
        let told = slope.clamp(0.0, MOST_TOLD);
        let differences = slope.max(0.0) * variance;
        let clamped = Self { ate, slope, slope_error, told, centre, variance, differences, sampling: 0.0 };
        Self { told: told.min(clamped.posterior().0), ..clamped }
    }

    /// The chance of a slope as high if effects did not differ along what is said, one-sided.
    pub(crate) fn p_value(&self) -> f64 {
        if self.slope_error <= 0.0 {
            return 1.0;
        }
        let z = self.slope / self.slope_error;
        if z > 0.0 { two_sided(z) / 2.0 } else { 1.0 - two_sided(z) / 2.0 }
    }

    /// The effect told, given what the learner says.
    pub(crate) fn effect(&self, said: f64) -> f64 {
        self.ate.value + self.told * (said - self.centre)
    }

    /// Mean and variance of the slope's posterior: normal around the estimate, cut to what may be told.
    fn posterior(&self) -> (f64, f64) {
        let known = (self.told, 0.0);
        if self.slope_error <= 0.0 {
            return known;
        }
        let Ok(normal) = Normal::new(self.slope, self.slope_error) else { return known };
        if normal.cdf(MOST_TOLD) - normal.cdf(0.0) < 1e-6 {
            return known;
        }
        const STEPS: u32 = 200;
        let (mut weight, mut mean, mut square) = (0.0, 0.0, 0.0);
        for step in 0..STEPS {
            let slope = MOST_TOLD * (f64::from(step) + 0.5) / f64::from(STEPS);
            let density = normal.pdf(slope);
            weight += density;
            mean += density * slope;
            square += density * slope * slope;
        }
        mean /= weight;
        (mean, square / weight - mean * mean)
    }

    /// What an interval's variance is made of: `[constant, by squared difference, by the variance of half-samples]`.
    pub(crate) fn terms(&self) -> [f64; 3] {
        let (mean, variance) = self.posterior();
        let square = mean * mean + variance;
        let unexplained = self.differences.max(mean * self.variance) - square * self.variance;
        let by_spread = NOISE_COUNTS * self.told.powi(2);
        let slope_is_off = variance + (mean - self.told).powi(2);
        [self.ate.error.powi(2) + (unexplained - by_spread * self.sampling).max(0.0), slope_is_off, by_spread]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(row: usize) -> f64 {
        (learn::mix(5, row as u64) >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    }

    #[test]
    fn the_slope_is_that_of_least_squares() {
        let said: Vec<f64> = (0..2000).map(|row| (row % 10) as f64).collect();
        let scores: Vec<f64> = said.iter().enumerate().map(|(row, s)| 3.0 + 0.4 * s + noise(row)).collect();
        let shrinkage = Shrinkage::fit(&said, &scores);
        assert!((shrinkage.slope - 0.4).abs() < 0.01 && shrinkage.slope_error < 0.004, "{shrinkage:?}");
        assert!((shrinkage.effect(9.0) - 6.6).abs() < 0.1);
        assert!(shrinkage.p_value() < 1e-9);
    }

    #[test]
    fn without_differences_all_are_told_the_average() {
        let said: Vec<f64> = (0..2000).map(|row| noise(row + 77_777)).collect();
        let scores: Vec<f64> = (0..2000).map(|row| 0.2 - 0.3 * said[row] + noise(row)).collect();
        let shrinkage = Shrinkage::fit(&said, &scores);
        assert_eq!((shrinkage.told, shrinkage.effect(0.4)), (0.0, shrinkage.ate.value));
        assert!(shrinkage.p_value() > 0.9);
        let same = Shrinkage::fit(&[0.1; 2000], &scores);
        assert_eq!((same.told, same.p_value()), (0.0, 1.0));
    }
}
