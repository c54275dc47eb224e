//! The posterior of one action's effect, and the chance to stay that follows from it.
//!
//! The effect `e` is the share of would-be leavers whom the action keeps. Its prior is `Beta(m w, (1 - m) w)`: mean `m`
//! from the expert, weight `w` in cases. A case whose risk was `p` stays with probability `1 - p (1 - e)` and leaves
//! with `p (1 - e)`; each case's term is multiplied by its weight. That likelihood is not conjugate, and in one dimension a grid is exact enough and has no tuning.
//!
//! The grid is uniform in `t`, with `e = sin^2 t`. There the prior's density is
//! `e^(mw - 1/2) (1 - e)^((1-m)w - 1/2)` up to a factor, free of the poles that a Beta with a small weight has at its
//! ends. The interval is the central 90% one.

use domain::{Chance, Evidence, Probability};

/// Points of the grid; its quantiles are then good to about four digits.
const POINTS: usize = 512;

/// The share of would-be leavers whom an action keeps: posterior mean, 90% interval, and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Posterior mean.
    pub mean: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
    /// What it rests on.
    pub evidence: Evidence,
}

/// A logged case as the likelihood sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WeighedCase {
    /// The probability to leave without the action.
    pub(crate) risk: f64,
    /// Whether the subject stayed.
    pub(crate) stayed: bool,
    /// How many cases it counts as.
    pub(crate) weight: f64,
}

/// Log-likelihood of logged cases at each point of the grid, up to a constant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Likelihood(Vec<f64>);

/// A distribution of the effect: the mass of each cell of the grid, one in all.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Posterior(Vec<f64>);

/// A Beta prior by mean and weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Prior {
    pub(crate) mean: f64,
    pub(crate) weight: f64,
}

impl Effect {
    /// The chance to stay of a subject whose risk, left alone, is `risk`.
    pub fn chance(&self, risk: Probability) -> Chance {
        let stay = |effect: f64| Probability::clamped(1.0 - risk.get() * (1.0 - effect));
        Chance { mean: stay(self.mean), low: stay(self.low), high: stay(self.high), evidence: self.evidence }
    }

    /// The interval is widened to hold the mean, which lies outside where a light prior is very skewed.
    fn holding(mean: f64, low: f64, high: f64, evidence: Evidence) -> Self {
        Self { mean, low: low.min(mean), high: high.max(mean), evidence }
    }
}

impl Likelihood {
    /// Of no cases at all.
    pub(crate) fn flat() -> Self {
        Self(vec![0.0; POINTS])
    }

    /// Of subjects who got the action.
    ///
    /// The risk of one who left is a factor that does not depend on the effect, so that only its weight counts.
    pub(crate) fn of_cases(mut cases: Vec<WeighedCase>) -> Self {
        // Those of one weight together: their product needs one logarithm.
        cases.sort_by(|a, b| a.weight.total_cmp(&b.weight).then(a.risk.total_cmp(&b.risk)));
        let left: f64 = cases.iter().filter(|case| !case.stayed).map(|case| case.weight).sum();
        cases.retain(|case| case.stayed);
        let point = |k| {
            let effect = effect_at(k);
            // No factor is below the smallest effect on the grid, 1e-6, so that 32 of them do not underflow.
            let product = |chunk: &[WeighedCase]| {
                chunk.iter().map(|case| 1.0 - case.risk * (1.0 - effect)).product::<f64>().ln() * chunk[0].weight
            };
            let alike = cases.chunk_by(|a, b| a.weight == b.weight);
            alike.flat_map(|alike| alike.chunks(32)).map(product).sum::<f64>() + left * (1.0 - effect).ln()
        };
        Self((0..POINTS).map(point).collect())
    }

    /// Adds the cases of another one.
    pub(crate) fn add(&mut self, other: &Self) {
        for (sum, term) in self.0.iter_mut().zip(&other.0) {
            *sum += term;
        }
    }

    /// Takes the cases of another one out again.
    pub(crate) fn subtract(&mut self, other: &Self) {
        for (sum, term) in self.0.iter_mut().zip(&other.0) {
            *sum -= term;
        }
    }

    /// The prior updated by the cases.
    pub(crate) fn posterior(&self, prior: Prior) -> Posterior {
        let (a, b) = (prior.mean * prior.weight - 0.5, (1.0 - prior.mean) * prior.weight - 0.5);
        let log_density = |(k, log_likelihood): (usize, &f64)| {
            let effect = effect_at(k);
            a * effect.ln() + b * (1.0 - effect).ln() + log_likelihood
        };
        let log_densities: Vec<f64> = self.0.iter().enumerate().map(log_density).collect();
        let peak = log_densities.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut masses: Vec<f64> = log_densities.iter().map(|log| (log - peak).exp()).collect();
        let total: f64 = masses.iter().sum();
        masses.iter_mut().for_each(|mass| *mass /= total);
        Posterior(masses)
    }
}

impl Posterior {
    /// The mixture of distributions with weights that sum to one.
    pub(crate) fn mixture(parts: impl IntoIterator<Item = (f64, Self)>) -> Self {
        let mut masses = vec![0.0; POINTS];
        for (weight, part) in parts {
            for (sum, mass) in masses.iter_mut().zip(part.0) {
                *sum += weight * mass;
            }
        }
        Self(masses)
    }

    /// Its mean.
    pub(crate) fn mean(&self) -> f64 {
        self.0.iter().enumerate().map(|(k, mass)| mass * effect_at(k)).sum()
    }

    /// Its mean and 90% interval.
    pub(crate) fn effect(&self, evidence: Evidence) -> Effect {
        Effect::holding(self.mean(), quantile(&self.0, 0.05), quantile(&self.0, 0.95), evidence)
    }
}

impl Prior {
    /// The prior as an effect. Its mean is the expert's to the last digit, not the grid's.
    pub(crate) fn effect(self) -> Effect {
        let grid = Likelihood::flat().posterior(self).effect(Evidence::Prior);
        Effect::holding(self.mean, grid.low, grid.high, Evidence::Prior)
    }
}

/// The effect in the middle of the grid's cell `k`.
fn effect_at(k: usize) -> f64 {
    effect_of(k as f64 + 0.5)
}

/// The effect at a position in cells, whole numbers being the borders between them.
fn effect_of(position: f64) -> f64 {
    (position * std::f64::consts::FRAC_PI_2 / POINTS as f64).sin().powi(2)
}

/// The effect below which `mass` lies, spreading each cell's mass evenly over it.
fn quantile(masses: &[f64], mass: f64) -> f64 {
    let mut below = 0.0;
    for (k, cell) in masses.iter().enumerate() {
        if below + cell >= mass {
            return effect_of(k as f64 + (mass - below) / cell);
        }
        below += cell;
    }
    1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_cases_the_quantiles_are_those_of_the_beta() {
        // scipy.stats.beta(12, 8).ppf([.05, .95]) and beta(.3, .7).ppf([.05, .95])
        let effect = Prior { mean: 0.6, weight: 20.0 }.effect();
        assert!((effect.low - 0.418_064).abs() < 1e-4, "{effect:?}");
        assert!((effect.high - 0.770_279).abs() < 1e-4, "{effect:?}");
        assert_eq!(effect.mean, 0.6);
        let poles = Prior { mean: 0.3, weight: 1.0 }.effect();
        assert!((poles.low - 0.000_077).abs() < 1e-4, "{poles:?}");
        assert!((poles.high - 0.943_574).abs() < 1e-3, "{poles:?}");
    }

    fn cases(risk: f64, stayed: usize, left: usize, weight: f64) -> Vec<WeighedCase> {
        (0..stayed + left).map(|k| WeighedCase { risk, stayed: k < stayed, weight }).collect()
    }

    fn posterior(cases: Vec<WeighedCase>, mean: f64, weight: f64) -> Effect {
        Likelihood::of_cases(cases).posterior(Prior { mean, weight }).effect(Evidence::Prior)
    }

    #[test]
    fn cases_sure_to_leave_give_the_conjugate_answer() {
        // At risk 1 staying is a coin of probability e: Beta(12, 8) and 9 of 10 make Beta(21, 9), mean 0.7.
        let effect = posterior(cases(1.0, 9, 1, 1.0), 0.6, 20.0);
        assert!((effect.mean - 0.7).abs() < 1e-6, "{effect:?}");
        // Twice as many at half the weight say the same.
        let halves = posterior(cases(1.0, 18, 2, 0.5), 0.6, 20.0);
        assert!((halves.mean - effect.mean).abs() < 1e-12 && (halves.low - effect.low).abs() < 1e-12);
    }

    #[test]
    fn those_who_would_have_stayed_anyway_teach_nothing() {
        let effect = posterior(cases(0.0, 1000, 0, 1.0), 0.3, 5.0);
        assert!((effect.mean - 0.3).abs() < 1e-6);
        assert!((effect.low - Prior { mean: 0.3, weight: 5.0 }.effect().low).abs() < 1e-12);
    }

    #[test]
    fn a_huge_log_does_not_underflow() {
        let effect = posterior(cases(1.0, 100_000, 100_000, 1.0), 0.9, 1.0);
        assert!((effect.mean - 0.5).abs() < 1e-3 && effect.low < effect.high, "{effect:?}");
    }

    #[test]
    fn a_mixture_is_as_wide_as_its_parts_lie_apart() {
        let part = |stayed| {
            Likelihood::of_cases(cases(1.0, stayed, 100 - stayed, 1.0)).posterior(Prior { mean: 0.5, weight: 2.0 })
        };
        let mixed = Posterior::mixture([(0.5, part(20)), (0.5, part(80))]).effect(Evidence::Prior);
        assert!((mixed.mean - 0.5).abs() < 1e-6);
        assert!(mixed.low < 0.2 && mixed.high > 0.8, "{mixed:?}");
    }
}
