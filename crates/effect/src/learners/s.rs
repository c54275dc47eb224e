//! S-learner (Kuenzel, Sekhon, Bickel and Yu 2019): a single model of the outcome, with the arm as one of its columns.
//!
//! `mu(x, a) = E[Y | X = x, A = a]`, `tau_a(x) = mu(x, a) - mu(x, 0)`. It shares everything between arms, so that it varies
//! little and leans towards no effect: trees may never ask about the arm.

use learn::{Ensemble, FitError};

use super::Bag;
use crate::covariates::{grow, outcome_size};
use crate::nuisance::Sight;

pub(super) fn fit(sight: &Sight<'_>, rows: &[u32], watched: &[u32], seed: u64) -> Result<Bag, FitError> {
    let trial = sight.trial;
    let size = outcome_size();
    let outcome = grow(trial.table_with_arm()?, trial.outcome, rows, watched, trial.loss(), &size, seed)?;
    Ok(Bag::S { actions: trial.arms - 1, outcome })
}

pub(super) fn effects(outcome: &Ensemble, actions: usize, features: &[&[f32]], rows: &[u32]) -> Vec<Vec<f64>> {
    let table_rows = features.first().map_or(0, |feature| feature.len());
    let expected = |arm: usize| -> Vec<f64> {
        let of_arm = vec![arm as f32; table_rows];
        let features: Vec<&[f32]> = features.iter().copied().chain([of_arm.as_slice()]).collect();
        outcome.margins_at(&features, rows).into_iter().map(|margin| outcome.link.mean(margin)).collect()
    };
    let without = expected(0);
    (1..=actions)
        .map(|arm| expected(arm).iter().zip(&without).map(|(with, without)| with - without).collect())
        .collect()
}
