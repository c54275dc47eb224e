//! What a policy would have brought, from rows that were given other arms: its mean outcome a subject.
//!
//! With the policy's arm `pi(x)`, the arm given `A`, its chance `e` and `w = [A = pi(x)] / e`:
//! - **IPS** `mean(w Y)` (Horvitz and Thompson 1952): unbiased, noisy;
//! - **SNIPS** `sum(w Y) / sum(w)` (Swaminathan and Joachims 2015): a little biased, less noisy;
//! - **DR** `mean(psi_pi(x))` (Dudik, Langford and Li 2011): right if expectations or propensities are.
//!
//! The effective sample size `(sum w)^2 / sum w^2` says on how many rows the first two rest.

use serde::Serialize;

use crate::estimate::Estimate;
use crate::propensity::effective_rows;

/// Value of a policy, in the unit of the outcome less costs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OffPolicy {
    /// Inverse propensity scoring.
    pub ips: Estimate,
    /// The same, weights scaled to sum to the number of rows.
    pub snips: Estimate,
    /// Doubly robust.
    pub dr: Estimate,
    /// Rows that were given the policy's arm.
    pub matching_rows: usize,
    /// Rows of equal weight that those are worth.
    pub effective_rows: f64,
}

/// One value a row: the policy's arm, the arm given, its propensity (by arm and row), the outcome, scores (by arm and row),
/// and the cost of each arm.
pub fn off_policy(
    policy: &[u32],
    given: &[u32],
    propensity: &[Vec<f64>],
    outcome: &[f64],
    scores: &[Vec<f64>],
    cost: &[f64],
) -> OffPolicy {
    let rows = policy.len();
    let net = |row: usize| outcome[row] - cost[given[row] as usize];
    let weight = |row: usize| {
        if policy[row] == given[row] { 1.0 / propensity[given[row] as usize][row] } else { 0.0 }
    };
    let total: f64 = (0..rows).map(weight).sum();
    let value = (0..rows).map(|row| weight(row) * net(row)).sum::<f64>() / total.max(f64::MIN_POSITIVE);
    // The error of a ratio of means (delta method).
    let ratio = Estimate::mean((0..rows).map(|row| weight(row) * (net(row) - value) * rows as f64 / total.max(1.0)));
    OffPolicy {
        ips: Estimate::mean((0..rows).map(|row| weight(row) * net(row))),
        snips: Estimate::normal(value, ratio.error),
        dr: Estimate::mean((0..rows).map(|row| scores[policy[row] as usize][row] - cost[policy[row] as usize])),
        matching_rows: (0..rows).filter(|&row| policy[row] == given[row]).count(),
        effective_rows: effective_rows((0..rows).map(weight)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_find_the_value() {
        let rows = 20_000;
        let uniform = |row: usize, seed: u64| (learn::mix(seed, row as u64) >> 11) as f64 / (1u64 << 53) as f64;
        let chance = |row: usize| if row.is_multiple_of(2) { 0.2 } else { 0.7 };
        let given: Vec<u32> = (0..rows).map(|row| u32::from(uniform(row, 1) < chance(row))).collect();
        let mean = |row: usize, arm: u32| 0.3 + 0.2 * f64::from(arm) * if row.is_multiple_of(2) { 1.0 } else { -1.0 };
        let outcome: Vec<f64> =
            (0..rows).map(|row| f64::from(u8::from(uniform(row, 2) < mean(row, given[row])))).collect();
        let propensity =
            vec![(0..rows).map(|row| 1.0 - chance(row)).collect(), (0..rows).map(chance).collect::<Vec<_>>()];
        // Expectations are wrong: the same for all.
        let scores: Vec<Vec<f64>> = (0..2u32)
            .map(|arm| {
                let score = |row: usize| {
                    let noise =
                        if given[row] == arm { (outcome[row] - 0.3) / propensity[arm as usize][row] } else { 0.0 };
                    0.3 + noise
                };
                (0..rows).map(score).collect()
            })
            .collect();
        let policy: Vec<u32> = (0..rows).map(|row| u32::from(row.is_multiple_of(2))).collect();
        let value = off_policy(&policy, &given, &propensity, &outcome, &scores, &[0.0, 0.1]);
        // Half have 0.5 less 0.1, half 0.3.
        for estimate in [value.ips, value.snips, value.dr] {
            assert!((estimate.value - 0.35).abs() < 3.0 * estimate.error && estimate.error < 0.01, "{value:?}");
        }
        assert!(value.effective_rows < value.matching_rows as f64);
    }
}
