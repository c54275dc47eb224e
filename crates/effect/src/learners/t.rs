//! T-learner (Kuenzel, Sekhon, Bickel and Yu 2019): two models of the outcome, one of the treated and one of the control.
//!
//! `mu_a(x) = E[Y | X = x, A = a]`, `tau_a(x) = mu_a(x) - mu_0(x)`. With as many actions as there are. Simple, and noisy
//! where effects are small beside outcomes, because each model is regularised on its own.

use learn::{Ensemble, FitError};

use super::Bag;
use crate::covariates::{grow, outcome_size};
use crate::draw::mix;
use crate::nuisance::Sight;

pub(super) fn fit(sight: &Sight<'_>, rows: &[u32], watched: &[u32], seed: u64) -> Result<Bag, FitError> {
    let trial = sight.trial;
    let of_arm = |arm: usize| {
        let (rows, watched) = (trial.given(rows, arm), trial.given(watched, arm));
        let (table, size) = (&trial.covariates.table, outcome_size());
        grow(table, trial.outcome, &rows, &watched, trial.loss(), &size, mix(seed, arm as u64))
    };
    Ok(Bag::T((0..trial.arms).map(of_arm).collect::<Result<_, _>>()?))
}

pub(super) fn effects(of_arm: &[Ensemble], features: &[&[f32]], rows: &[u32]) -> Vec<Vec<f64>> {
    let expected = |model: &Ensemble| -> Vec<f64> {
        model.margins_at(features, rows).into_iter().map(|margin| model.link.mean(margin)).collect()
    };
    let without = expected(&of_arm[0]);
    let effect =
        |model: &Ensemble| expected(model).iter().zip(&without).map(|(with, without)| with - without).collect();
    of_arm[1..].iter().map(effect).collect()
}
