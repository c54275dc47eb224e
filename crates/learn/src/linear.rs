//! An additive model: each feature's own contribution to the log-odds. Ridge logistic and prior models are of this form.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// `margin = intercept + sum of terms`; each term is 0 on average over the rows it was fitted on.
///
/// That makes a term's value its attribution, `beta * (x - mean)`, and the intercept the base value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Linear {
    /// Log-odds of an average row.
    pub intercept: f64,
    /// In the order of their features.
    pub terms: Vec<Term>,
}

/// What one feature adds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The feature.
    pub feature: u32,
    /// How its values are straightened.
    pub shape: Shape,
    /// Log-odds per standard deviation of the straightened value.
    pub weight: f64,
    /// Log-odds that a missing value adds on top of an average one.
    pub missing_weight: f64,
}

/// How a feature is straightened before it is weighed: clipped, perhaps taken to logarithms, standardised.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Values below count as this.
    pub low: f32,
    /// Values above count as this.
    pub high: f32,
    /// Whether `sign(x) ln(1 + |x|)` stands for `x`, for long tails.
    pub log: bool,
    /// Mean of the values that are there, after clipping and logarithm.
    pub mean: f64,
    /// Their standard deviation; 1 where they are all the same.
    pub scale: f64,
    /// Share of rows without a value.
    pub missing_share: f64,
}

/// Values beyond these quantiles are clipped.
const CLIP: f64 = 0.005;

/// Skewness from which a logarithm is tried.
const SKEWED: f64 = 2.0;

impl Linear {
    /// Margins of all rows of a feature-major table.
    pub(crate) fn margins(&self, features: &[&[f32]], rows: usize) -> Vec<f64> {
        const BLOCK: usize = 1024;
        let mut margins = vec![self.intercept; rows];
        margins.par_chunks_mut(BLOCK).enumerate().for_each(|(block, margins)| {
            for term in &self.terms {
                let values = &features[term.feature as usize][block * BLOCK..];
                for (margin, &value) in margins.iter_mut().zip(values) {
                    *margin += term.value(value);
                }
            }
        });
        margins
    }

    /// What does not fit together in a model that was read from a file.
    pub(crate) fn damage(&self, features: usize) -> Option<&'static str> {
        let sound = |term: &Term| {
            (term.feature as usize) < features
                && term.weight.is_finite()
                && term.missing_weight.is_finite()
                && term.shape.mean.is_finite()
                && term.shape.scale > 0.0
                && term.shape.low <= term.shape.high
        };
        let all = self.intercept.is_finite() && self.terms.iter().all(sound);
        (!all).then_some("a linear term is out of range")
    }
}

impl Term {
    /// Log-odds that a value adds.
    pub fn value(&self, value: f32) -> f64 {
        if value.is_nan() {
            self.missing_weight * (1.0 - self.shape.missing_share)
        } else {
            self.weight * self.shape.standardise(value) - self.missing_weight * self.shape.missing_share
        }
    }
}

impl Shape {
    /// Reads the shape from a sample of a feature's values; nothing where they are all missing.
    pub(crate) fn fit(values: impl Iterator<Item = (f32, f64)>) -> Option<Self> {
        let (mut present, mut missing, mut total): (Vec<(f32, f64)>, f64, f64) = (Vec::new(), 0.0, 0.0);
        for (value, weight) in values {
            total += weight;
            if value.is_nan() {
                missing += weight;
            } else if weight > 0.0 {
                present.push((value.clamp(f32::MIN, f32::MAX), weight));
            }
        }
        present.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let weight = total - missing;
        let (low, high) = (quantile(&present, CLIP * weight)?, quantile(&present, (1.0 - CLIP) * weight)?);
        let mut shape = Self { low, high, log: false, mean: 0.0, scale: 1.0, missing_share: missing / total };
        let skewness = shape.standardise_by(&present, weight);
        if skewness.abs() > SKEWED {
            let mut logarithm = Self { log: true, mean: 0.0, scale: 1.0, ..shape };
            if logarithm.standardise_by(&present, weight).abs() < skewness.abs() {
                shape = logarithm;
            }
        }
        Some(shape)
    }

    /// Whether values that are there differ.
    pub(crate) fn varies(&self) -> bool {
        self.low < self.high
    }

    /// The value in standard deviations from the mean.
    pub(crate) fn standardise(&self, value: f32) -> f64 {
        (self.straighten(value) - self.mean) / self.scale
    }

    pub(crate) fn straighten(&self, value: f32) -> f64 {
        let clipped = f64::from(value.clamp(self.low, self.high));
        if self.log { clipped.signum() * clipped.abs().ln_1p() } else { clipped }
    }

    /// Sets mean and scale; gives the skewness.
    fn standardise_by(&mut self, present: &[(f32, f64)], weight: f64) -> f64 {
        let moment = |power: i32, centre: f64| {
            let sum: f64 = present.iter().map(|&(v, w)| w * (self.straighten(v) - centre).powi(power)).sum();
            sum / weight
        };
        let mean = moment(1, 0.0);
        let (variance, third) = (moment(2, mean), moment(3, mean));
        self.mean = mean;
        // A spread that is only rounding of the mean is none.
        self.scale = if variance.sqrt() > 1e-9 * mean.abs().max(1e-30) { variance.sqrt() } else { 1.0 };
        if variance > 0.0 { third / variance.powf(1.5) } else { 0.0 }
    }
}

fn quantile(sorted: &[(f32, f64)], below: f64) -> Option<f32> {
    let mut sum = 0.0;
    for &(value, weight) in sorted {
        sum += weight;
        if sum > below {
            return Some(value);
        }
    }
    sorted.last().map(|last| last.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_nought_on_average() {
        let values = [1.0, 2.0, f32::NAN, 9.0, 4.0];
        let shape = Shape::fit(values.iter().map(|&value| (value, 1.0))).expect("values");
        let term = Term { feature: 0, shape, weight: 0.7, missing_weight: -0.4 };
        let sum: f64 = values.iter().map(|&value| term.value(value)).sum();
        assert!(sum.abs() < 1e-12, "{sum}");
    }

    #[test]
    fn a_long_tail_is_taken_to_logarithms_and_outliers_are_clipped() {
        let values: Vec<f32> = (0..1000).map(|i| (f64::from(i) / 100.0).exp() as f32).collect();
        let shape = Shape::fit(values.iter().map(|&value| (value, 1.0))).expect("values");
        assert!(shape.log);
        assert_eq!(shape.standardise(f32::INFINITY), shape.standardise(shape.high));
        let even = Shape::fit((0..1000).map(|i| (i as f32, 1.0))).expect("values");
        assert!(!even.log);
        assert_eq!(Shape::fit([(f32::NAN, 1.0)].into_iter()), None);
    }
}
