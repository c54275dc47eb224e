//! How much a logged case counts.
//!
//! **Inverse propensity.** Where it is known with which probability a case was given its arm, it stands for as many others
//! as were as unlikely to get it: `1 / propensity` (Horvitz and Thompson 1952), the propensity no lower than
//! `LEAST_PROPENSITY` so that no single case decides. Weights are scaled to sum to Kish's effective number of cases,
//! `(sum w)^2 / sum w^2` (Kish 1965, Survey sampling), which equal propensities leave at one each; so unequal ones widen
//! the intervals as they should.
//!
//! **Not randomised.** Staff choose whom they act on by what they see and the score does not, and no number of such cases
//! cures that. They enter with a power prior (Ibrahim and Chen 2000, Power prior distributions for regression models,
//! Statistical Science 15): their likelihood is raised to `a0`, that is, each counts as `a0` of a case, with
//!
//! ```text
//! a0 = min(NOT_RANDOMISED, (randomised cases + the expert's cases) / not randomised cases)
//! ```
//!
//! A case that nobody drew counts half, and all of them together never more than the action's trial and the expert's word.

use crate::estimates::LoggedOutcome;

/// Propensities below this are taken for it.
const LEAST_PROPENSITY: f64 = 0.05;
/// What a case counts that chance did not assign.
const NOT_RANDOMISED: f64 = 0.5;

/// The weight of each case of one arm.
pub(crate) fn weights(outcomes: &[&LoggedOutcome], expert_cases: f64) -> Vec<f64> {
    let mut weights = vec![1.0; outcomes.len()];
    for randomised in [true, false] {
        let with_propensity: Vec<(usize, f64)> = outcomes
            .iter()
            .enumerate()
            .filter(|(_, outcome)| outcome.randomised == randomised)
            .filter_map(|(at, outcome)| Some((at, 1.0 / outcome.propensity?.get().max(LEAST_PROPENSITY))))
            .collect();
        let sum: f64 = with_propensity.iter().map(|(_, inverse)| inverse).sum();
        let squares: f64 = with_propensity.iter().map(|(_, inverse)| inverse * inverse).sum();
        for (at, inverse) in with_propensity {
            weights[at] = inverse * sum / squares;
        }
    }
    let count = |randomised: bool| -> f64 {
        let cases = outcomes.iter().zip(&weights).filter(|(outcome, _)| outcome.randomised == randomised);
        cases.map(|(_, weight)| weight).sum()
    };
    let discount = NOT_RANDOMISED.min((count(true) + expert_cases) / count(false));
    for (weight, _) in weights.iter_mut().zip(outcomes).filter(|(_, outcome)| !outcome.randomised) {
        *weight *= discount;
    }
    weights
}

#[cfg(test)]
mod tests {
    use domain::{ActionId, Band, Probability};

    use super::*;

    fn outcome(randomised: bool, propensity: Option<f64>) -> LoggedOutcome {
        LoggedOutcome {
            action: Some(ActionId("call".to_owned())),
            family: None,
            band: Band::High,
            risk: Probability::clamped(0.5),
            stayed: true,
            randomised,
            propensity: propensity.map(Probability::clamped),
        }
    }

    fn weights_of(outcomes: &[LoggedOutcome], expert_cases: f64) -> Vec<f64> {
        weights(&outcomes.iter().collect::<Vec<_>>(), expert_cases)
    }

    #[test]
    fn those_unlikely_to_be_drawn_stand_for_more_and_all_together_for_fewer() {
        let equal = weights_of(&vec![outcome(true, Some(1.0 / 6.0)); 3], 20.0);
        assert!(equal.iter().all(|weight| (weight - 1.0).abs() < 1e-12), "{equal:?}");
        let unequal = weights_of(&[outcome(true, Some(0.5)), outcome(true, Some(0.1))], 20.0);
        assert!((unequal[1] / unequal[0] - 5.0).abs() < 1e-12);
        // Inverse propensities 2 and 10: (2 + 10)^2 / (4 + 100).
        assert!((unequal.iter().sum::<f64>() - 144.0 / 104.0).abs() < 1e-12);
        let clipped = weights_of(&[outcome(true, Some(0.05)), outcome(true, Some(1e-9))], 20.0);
        assert!((clipped[0] - clipped[1]).abs() < 1e-12);
    }

    #[test]
    fn what_nobody_drew_counts_half_and_never_more_than_trial_and_expert_together() {
        let mut log = vec![outcome(true, None); 10];
        log.extend(vec![outcome(false, None); 20]);
        let some = weights_of(&log, 20.0);
        assert_eq!((some[0], some[10]), (1.0, 0.5));
        log.extend(vec![outcome(false, None); 980]);
        let many = weights_of(&log, 20.0);
        assert!((many[10..].iter().sum::<f64>() - 30.0).abs() < 1e-9);
        assert_eq!(weights_of(&[], 20.0), [] as [f64; 0]);
    }
}
