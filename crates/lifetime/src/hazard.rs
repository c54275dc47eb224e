//! Discrete-time hazard: of those there at the beginning of a period, the share that leaves in it, by segment.
//!
//! The plain share `d / n` of few clients is mostly noise. Segments share what they have in common: hazards of a period are taken
//! for draws from a beta distribution about the hazard of all in that period, which is in turn drawn towards the hazard of all
//! periods; how strongly is told by the data, at the strength of the highest beta-binomial likelihood (empirical Bayes). A
//! hazard is then the mean of its posterior, `(d + k m) / (n + k)`, with that posterior's interval. The last period counts to the
//! first in nothing: a hazard may rise and fall. Sources: Singer and Willett (1993), It's About Time; Casella (1985), An
//! Introduction to Empirical Bayes Data Analysis.

use statrs::distribution::{Beta, ContinuousCDF};
use statrs::function::beta::ln_beta;

use crate::FitError;

/// Strengths of drawing together that are tried, in clients: 1 to 100,000 in equal ratios.
const STRENGTHS: i32 = 41;

/// A contract in whole periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contract {
    /// Periods until it ended, at least 1, or that it was seen to last.
    pub periods: u32,
    /// Whether it ended in the last of them.
    pub has_ended: bool,
    /// Its segment, from 0.
    pub segment: u32,
}

/// Hazards of a segment, by period from the first.
#[derive(Clone, Debug, PartialEq)]
pub struct SegmentHazard {
    /// By period.
    pub periods: Vec<Hazard>,
}

/// Leaving in one period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hazard {
    /// Who was there at its beginning and was seen through it.
    pub at_risk: u64,
    /// Who left in it.
    pub ended: u64,
    /// The share that leaves, drawn towards the others'.
    pub hazard: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// The share still there at the period's end.
    pub survival: f64,
}

/// Hazards of `segments` segments, with intervals at `level`.
///
/// # Errors
///
/// No contract, none that ended, or one of no period or of a segment that there is not.
pub fn hazards(contracts: &[Contract], segments: u32, level: f64) -> Result<Vec<SegmentHazard>, FitError> {
    if contracts.is_empty() {
        return Err(FitError::NoContracts);
    }
    for (index, contract) in contracts.iter().enumerate() {
        if contract.segment >= segments {
            return Err(FitError::Impossible { index, problem: "there is no such segment" });
        }
        if contract.has_ended && contract.periods == 0 {
            return Err(FitError::Impossible { index, problem: "a contract that ended lasted at least one period" });
        }
    }
    let periods = contracts.iter().map(|contract| contract.periods).max().unwrap_or(0) as usize;
    // Who left and who was at risk, by segment and period.
    let mut counts = vec![vec![(0_u64, 0_u64); periods]; segments as usize];
    for contract in contracts {
        let row = &mut counts[contract.segment as usize];
        for count in &mut row[..contract.periods as usize] {
            count.1 += 1;
        }
        if contract.has_ended {
            row[contract.periods as usize - 1].0 += 1;
        }
    }
    let pooled: Vec<(u64, u64)> = (0..periods)
        .map(|period| {
            counts.iter().map(|row| row[period]).fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1))
        })
        .collect();
    let (ended, at_risk) = pooled.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    if ended == 0 {
        return Err(FitError::NobodyLeft);
    }
    let overall = vec![ended as f64 / at_risk as f64; periods];
    let strength = strength(&[&pooled], &overall);
    let by_period: Vec<f64> =
        pooled.iter().zip(&overall).map(|(&count, &mean)| posterior(count, mean, strength)).collect();
    let rows: Vec<&Vec<(u64, u64)>> = counts.iter().collect();
    let strength = self::strength(&rows, &by_period);
    Ok(counts.iter().map(|row| SegmentHazard { periods: of_segment(row, &by_period, strength, level) }).collect())
}

fn of_segment(row: &[(u64, u64)], means: &[f64], strength: f64, level: f64) -> Vec<Hazard> {
    let mut survival = 1.0;
    row.iter()
        .zip(means)
        .map(|(&(ended, at_risk), &mean)| {
            let hazard = posterior((ended, at_risk), mean, strength);
            survival *= 1.0 - hazard;
            let (a, b) = shapes((ended, at_risk), mean, strength);
            let (low, high) = Beta::new(a, b).map_or((hazard, hazard), |beta| {
                (beta.inverse_cdf(0.5 - 0.5 * level), beta.inverse_cdf(0.5 + 0.5 * level))
            });
            Hazard { at_risk, ended, hazard, low, high, survival }
        })
        .collect()
}

/// The strength, in clients, at which the counts are likeliest.
fn strength(rows: &[&Vec<(u64, u64)>], means: &[f64]) -> f64 {
    let likelihood = |strength: f64| {
        let mut sum = 0.0;
        for row in rows {
            for (&(ended, at_risk), &mean) in row.iter().zip(means) {
                if at_risk > 0 && mean > 0.0 && mean < 1.0 {
                    let (a, b) = shapes((ended, at_risk), mean, strength);
                    sum += ln_beta(a, b) - ln_beta(strength * mean, strength * (1.0 - mean));
                }
            }
        }
        sum
    };
    let mut best = (1.0, f64::NEG_INFINITY);
    for step in 0..STRENGTHS {
        let strength = 10_f64.powf(f64::from(step) / 8.0);
        let found = likelihood(strength);
        if found > best.1 {
            best = (strength, found);
        }
    }
    best.0
}

fn shapes((ended, at_risk): (u64, u64), mean: f64, strength: f64) -> (f64, f64) {
    (ended as f64 + strength * mean, (at_risk - ended) as f64 + strength * (1.0 - mean))
}

fn posterior(count: (u64, u64), mean: f64, strength: f64) -> f64 {
    let (a, b) = shapes(count, mean, strength);
    a / (a + b)
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// Contracts of segments with these hazards, seen for at most six periods.
    fn contracts(sizes: &[usize], hazards: &[f64]) -> Vec<Contract> {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let mut contracts = Vec::new();
        for (segment, (&size, &hazard)) in (0..).zip(sizes.iter().zip(hazards)) {
            for _ in 0..size {
                let ended = (1..=6).find(|_| rng.random::<f64>() < hazard);
                contracts.push(Contract { periods: ended.unwrap_or(6), has_ended: ended.is_some(), segment });
            }
        }
        contracts
    }

    #[test]
    fn large_segments_keep_their_hazard_and_small_ones_borrow() {
        let found = hazards(&contracts(&[20_000, 20_000, 3], &[0.05, 0.30, 0.9]), 3, 0.99).expect("enough");
        for (segment, hazard) in [(0, 0.05), (1, 0.30)] {
            let first = &found[segment].periods[0];
            assert!((first.hazard - hazard).abs() < 0.01 && first.low < hazard && hazard < first.high, "{first:?}");
        }
        let small = &found[2].periods[0];
        assert!(small.hazard > 0.15 && small.hazard < 0.95 && small.high - small.low > 0.3, "{small:?}");
        let survival = found[0].periods[5].survival;
        assert!((survival - 0.95_f64.powi(6)).abs() < 0.02, "{survival}");
    }

    #[test]
    fn segments_that_are_alike_are_told_alike() {
        let found = hazards(&contracts(&[400; 10], &[0.2; 10]), 10, 0.9).expect("enough");
        let plain = |h: &Hazard| h.ended as f64 / h.at_risk as f64;
        let spread = |of: &dyn Fn(&Hazard) -> f64| {
            let values: Vec<f64> = found.iter().map(|segment| of(&segment.periods[0])).collect();
            values.iter().map(|v| (v - 0.2).powi(2)).sum::<f64>()
        };
        assert!(spread(&|h| h.hazard) < 0.5 * spread(&plain), "{} {}", spread(&|h| h.hazard), spread(&plain));
    }

    #[test]
    fn contracts_that_cannot_be_are_refused() {
        let contract = Contract { periods: 2, has_ended: false, segment: 0 };
        assert_eq!(hazards(&[contract], 1, 0.9), Err(FitError::NobodyLeft));
        assert_eq!(hazards(&[], 1, 0.9), Err(FitError::NoContracts));
        let other = Contract { segment: 1, ..contract };
        assert!(matches!(hazards(&[contract, other], 1, 0.9), Err(FitError::Impossible { index: 1, .. })));
        let never = Contract { periods: 0, has_ended: true, ..contract };
        assert!(matches!(hazards(&[never], 1, 0.9), Err(FitError::Impossible { index: 0, .. })));
    }
}
