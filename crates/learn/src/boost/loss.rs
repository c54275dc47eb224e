//! What boosting minimises: each loss with its derivatives by the margin.
//!
//! | loss | of margin `m`, target `y` | first | second | margin means |
//! |---|---|---|---|---|
//! | logistic | `ln(1 + exp(m)) - y m` | `p - y` | `p (1 - p)` | log-odds |
//! | squared | `(m - y)^2 / 2` | `m - y` | 1 | mean |
//! | Poisson | `exp(m) - y m` | `exp(m) - y` | `exp(m + 0.7)` | log of the mean |
//! | quantile `a` | `max(a (y - m), (a - 1) (y - m))` | `[m > y] - a` | 1 | the `a`-quantile |
//!
//! Poisson's second derivative is that of a margin 0.7 further: a bound on the step, so that a leaf without events does not
//! run off. A quantile's leaves take the quantile of their rows' residuals, since its second derivative says nothing.

use serde::{Deserialize, Serialize};

use crate::math::{logit, margin_loss, sigmoid};

/// How far ahead Poisson's second derivative is taken.
const POISSON_STEP: f64 = 0.7;

/// A loss to minimise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Loss {
    /// Targets are 0 or 1, the margin is their log-odds.
    #[default]
    Logistic,
    /// The margin is the mean.
    Squared,
    /// Targets are counts, the margin is the logarithm of their mean.
    Poisson,
    /// The margin is this quantile, above 0 and below 1.
    Quantile(f64),
}

/// What a sum of trees says about the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// Its log-odds.
    #[default]
    Logit,
    /// The target itself.
    Identity,
    /// Its logarithm.
    Log,
}

impl Link {
    /// From a margin to what it says of the target.
    pub fn mean(self, margin: f64) -> f64 {
        match self {
            Self::Logit => sigmoid(margin),
            Self::Identity => margin,
            Self::Log => margin.exp(),
        }
    }
}

impl Loss {
    /// What the margin says about the target.
    pub fn link(self) -> Link {
        match self {
            Self::Logistic => Link::Logit,
            Self::Squared | Self::Quantile(_) => Link::Identity,
            Self::Poisson => Link::Log,
        }
    }

    /// Whether a target may have this value.
    pub(crate) fn allows(self, target: f32) -> bool {
        match self {
            Self::Logistic => target == 0.0 || target == 1.0,
            Self::Squared | Self::Quantile(_) => target.is_finite(),
            Self::Poisson => target.is_finite() && target >= 0.0,
        }
    }

    /// Loss, first and second derivative of a row of weight 1.
    pub(super) fn at(self, margin: f64, target: f32) -> [f64; 3] {
        let y = f64::from(target);
        match self {
            Self::Logistic => {
                let p = sigmoid(margin);
                [margin_loss(margin, target > 0.5), p - y, p * (1.0 - p)]
            }
            Self::Squared => [(margin - y).powi(2) / 2.0, margin - y, 1.0],
            Self::Poisson => {
                let mean = margin.exp();
                [mean - y * margin, mean - y, (margin + POISSON_STEP).exp()]
            }
            Self::Quantile(share) => {
                let over = if margin > y { 1.0 } else { 0.0 };
                [(share - over) * (y - margin), over - share, 1.0]
            }
        }
    }

    /// First and second derivative of a row of weight 1.
    pub(super) fn derivatives(self, margin: f64, target: f32) -> (f64, f64) {
        if self == Self::Logistic {
            // Without the loss, which costs a logarithm.
            let p = sigmoid(margin);
            return (p - f64::from(target), (p * (1.0 - p)).max(1e-16));
        }
        let [_, first, second] = self.at(margin, target);
        (first, second)
    }

    /// The constant margin of the least loss.
    pub(super) fn base(self, rows: &[(f32, f64)]) -> f64 {
        if let Self::Quantile(share) = self {
            return quantile(
                &mut rows.iter().map(|&(target, weight)| (f64::from(target), weight)).collect::<Vec<_>>(),
                share,
            );
        }
        let total: f64 = rows.iter().map(|&(_, weight)| weight).sum();
        let mean =
            rows.iter().map(|&(target, weight)| weight * f64::from(target)).sum::<f64>() / total.max(f64::MIN_POSITIVE);
        match self {
            Self::Logistic => logit(mean),
            Self::Poisson => mean.max(1e-9).ln(),
            Self::Squared | Self::Quantile(_) => mean,
        }
    }
}

/// The value at which the weight of those before it, in order, reaches a share of all; 0 of none.
pub(super) fn quantile(values: &mut [(f64, f64)], share: f64) -> f64 {
    values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = values.iter().map(|&(_, weight)| weight).sum();
    let mut before = 0.0;
    for &(value, weight) in values.iter() {
        before += weight;
        if before >= share * total {
            return value;
        }
    }
    values.last().map_or(0.0, |&(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOSSES: [(Loss, f32); 4] =
        [(Loss::Logistic, 1.0), (Loss::Squared, -2.5), (Loss::Poisson, 3.0), (Loss::Quantile(0.8), 0.7)];

    #[test]
    fn derivatives_are_slopes() {
        for (loss, target) in LOSSES {
            for margin in [-2.0, -0.3, 0.4, 1.7] {
                let step = 1e-5;
                let [_, first, second] = loss.at(margin, target);
                let slope = (loss.at(margin + step, target)[0] - loss.at(margin - step, target)[0]) / (2.0 * step);
                assert!((first - slope).abs() < 1e-6, "{loss:?} {margin}: {first} {slope}");
                if loss == Loss::Logistic {
                    let bend = (loss.at(margin + step, target)[1] - loss.at(margin - step, target)[1]) / (2.0 * step);
                    assert!((second - bend).abs() < 1e-6, "{loss:?} {margin}: {second} {bend}");
                }
                assert!(second > 0.0);
                let (g, h) = loss.derivatives(margin, target);
                assert_eq!((g, h), (first, second), "{loss:?}");
            }
        }
    }

    #[test]
    fn the_base_has_the_least_loss() {
        let rows = [(0.0, 1.0), (1.0, 2.0), (1.0, 1.0), (0.0, 0.5), (1.0, 0.1)];
        for (loss, _) in LOSSES {
            let total = |margin: f64| rows.iter().map(|&(y, w)| w * loss.at(margin, y)[0]).sum::<f64>();
            let base = loss.base(&rows);
            assert!(total(base) <= total(base + 1e-3) && total(base) <= total(base - 1e-3), "{loss:?}");
        }
    }
}
