//! How much a logged case counts.
//!
//! **Inverse propensity.** Where it is known with which probability a case was given its arm, it stands for as many others
//! as were as unlikely to get it: `1 / propensity` (Horvitz and Thompson 1952), the propensity no lower than
//! `LEAST_PROPENSITY`: what propensities depend on (score, reasons) is in the model anyway, so that weights need only lean
//! against what it misses, and a few cases with large weights would throw away what many say. Weights are
//! scaled to sum to Kish's effective number of cases, `(sum w)^2 / sum w^2` (Kish 1965, Survey sampling), which equal
//! propensities leave at one each; so unequal ones widen the intervals as they should.
//!
//! A case without a propensity counts as one. What cases that staff chose may say of an effect is bounded elsewhere: by the
//! doubt about how they were chosen (`hierarchy`).

use crate::estimates::LoggedOutcome;

/// Propensities below this are taken for it.
const LEAST_PROPENSITY: f64 = 0.2;

/// The weight of each case of one arm.
pub(crate) fn weights(outcomes: &[&LoggedOutcome]) -> Vec<f64> {
    let mut weights = vec![1.0; outcomes.len()];
    let with_propensity: Vec<(usize, f64)> = outcomes
        .iter()
        .enumerate()
        .filter_map(|(at, outcome)| Some((at, 1.0 / outcome.propensity?.get().max(LEAST_PROPENSITY))))
        .collect();
    let sum: f64 = with_propensity.iter().map(|(_, inverse)| inverse).sum();
    let squares: f64 = with_propensity.iter().map(|(_, inverse)| inverse * inverse).sum();
    for (at, inverse) in with_propensity {
        weights[at] = inverse * sum / squares;
    }
    weights
}

#[cfg(test)]
mod tests {
    use domain::{ActionId, Band, Probability};

    use super::*;

    fn outcome(propensity: Option<f64>) -> LoggedOutcome {
        LoggedOutcome {
            action: Some(ActionId("call".to_owned())),
            family: None,
            band: Band::High,
            risk: Probability::clamped(0.5),
            stayed: true,
            randomised: true,
            propensity: propensity.map(Probability::clamped),
        }
    }

    fn weights_of(outcomes: &[LoggedOutcome]) -> Vec<f64> {
        weights(&outcomes.iter().collect::<Vec<_>>())
    }

    #[test]
    fn those_unlikely_to_be_drawn_stand_for_more_and_all_together_for_fewer() {
        let equal = weights_of(&vec![outcome(Some(1.0 / 6.0)); 3]);
        assert!(equal.iter().all(|weight| (weight - 1.0).abs() < 1e-12), "{equal:?}");
        let unequal = weights_of(&[outcome(Some(1.0)), outcome(Some(0.25)), outcome(None)]);
        assert!((unequal[1] / unequal[0] - 4.0).abs() < 1e-12);
        // Inverse propensities 1 and 4: (1 + 4)^2 / (1 + 16).
        assert!((unequal[..2].iter().sum::<f64>() - 25.0 / 17.0).abs() < 1e-12);
        assert_eq!(unequal[2], 1.0);
        let clipped = weights_of(&[outcome(Some(0.05)), outcome(Some(1e-9))]);
        assert!((clipped[0] - clipped[1]).abs() < 1e-12);
        assert_eq!(weights_of(&[]), [] as [f64; 0]);
    }
}
