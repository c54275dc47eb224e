//! An action's effect with its doubt, and the chance to stay that follows from it.

use domain::{Chance, Evidence, Probability};
use statrs::distribution::{ContinuousCDF, Normal};

/// Halvings of the search for a quantile: as exact as a number can be.
const HALVINGS: usize = 80;
/// How far a quantile is looked for, in standard deviations.
const FARTHEST: f64 = 9.0;
/// The standard normal's 95th percentile.
const Z_95: f64 = 1.644_853_626_951_472_2;

/// The share of would-be leavers whom an action keeps: posterior mean, 90% interval, and what it rests on.
///
/// Below zero the action drives away: `-0.2` means that a fifth more leave than if nothing were done. Always below one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Posterior mean.
    pub mean: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
    /// What it rests on: cases of this action on anyone.
    pub evidence: Evidence,
}

/// A mixture of normal distributions of `beta`, where `e = 1 - exp(-beta)`: weights, means, standard deviations.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mixture(pub(crate) Vec<(f64, f64, f64)>);

impl Effect {
    /// The chance to stay of a subject whose risk, left alone, is `risk`.
    pub fn chance(&self, risk: Probability) -> Chance {
        let stay = |effect: f64| Probability::clamped(1.0 - risk.get() * (1.0 - effect));
        Chance { mean: stay(self.mean), low: stay(self.low), high: stay(self.high), evidence: self.evidence }
    }

    /// The probability that the action drives away: that the effect is below zero.
    pub fn harms(&self) -> Probability {
        let (middle, sd) = self.log_normal();
        if sd == 0.0 {
            return Probability::clamped(if middle < 0.0 { 1.0 } else { 0.0 });
        }
        Probability::clamped(Normal::standard().cdf(-middle / sd))
    }

    /// A draw of the effect, by a standard normal number.
    ///
    /// What is drawn from is the normal distribution of `-ln(1 - e)` that has the same 90% interval.
    pub fn draw(&self, standard_normal: f64) -> f64 {
        let (middle, sd) = self.log_normal();
        1.0 - (-(middle + sd * standard_normal)).exp()
    }

    fn log_normal(&self) -> (f64, f64) {
        // An effect of one and more, which no model here gives, would have no logarithm.
        let beta = |effect: f64| -(-effect.min(1.0 - 1e-9)).ln_1p();
        let (low, high) = (beta(self.low), beta(self.high));
        ((low + high) / 2.0, (high - low) / (2.0 * Z_95))
    }
}

impl Mixture {
    /// Mean and 90% interval of the effect.
    pub(crate) fn effect(&self, evidence: Evidence) -> Effect {
        let leaves: f64 = self.0.iter().map(|(weight, mean, sd)| weight * (0.5 * sd * sd - mean).exp()).sum();
        let mean = 1.0 - leaves;
        let at = |share| 1.0 - (-self.quantile(share)).exp();
        // The interval is widened to hold the mean, which lies outside where the distribution is very skewed.
        Effect { mean, low: at(0.05).min(mean), high: at(0.95).max(mean), evidence }
    }

    fn quantile(&self, share: f64) -> f64 {
        let edge = |sign: f64| self.0.iter().map(move |(_, mean, sd)| mean + sign * FARTHEST * sd);
        let mut low = edge(-1.0).fold(f64::INFINITY, f64::min);
        let mut high = edge(1.0).fold(f64::NEG_INFINITY, f64::max);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if self.below(middle) < share { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    }

    fn below(&self, beta: f64) -> f64 {
        self.0.iter().map(|(weight, mean, sd)| weight * Normal::standard().cdf((beta - mean) / sd)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_one_part_are_those_of_the_normal() {
        let effect = Mixture(vec![(1.0, 0.5, 0.2)]).effect(Evidence::Prior);
        assert!((effect.low - (1.0 - (-0.5 + 0.2 * Z_95).exp())).abs() < 1e-9, "{effect:?}");
        assert!((effect.mean - (1.0 - (-0.48_f64).exp())).abs() < 1e-12);
        assert!((effect.draw(0.0) - (1.0 - (-0.5_f64).exp())).abs() < 1e-9);
        // scipy.stats.norm.cdf(-2.5)
        assert!((effect.harms().get() - 0.006_209_67).abs() < 1e-6);
    }

    #[test]
    fn a_mixture_is_as_wide_as_its_parts_lie_apart() {
        let mixed = Mixture(vec![(0.5, -0.4, 0.05), (0.5, 0.8, 0.05)]).effect(Evidence::Prior);
        assert!(mixed.low < -0.4 && mixed.high > 0.5, "{mixed:?}");
        let harmful = Effect { mean: -0.3, low: -0.5, high: -0.1, evidence: Evidence::Prior };
        let chance = harmful.chance(Probability::clamped(0.95));
        assert_eq!((chance.mean.get(), chance.low.get()), (0.0, 0.0));
        assert!(harmful.harms().get() > 0.95);
    }
}
