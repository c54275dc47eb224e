//! DR-learner (Kennedy 2023): doubly robust scores of the effect, learned from columns.
//!
//! `tau_a(x)` are boosted trees that minimise `(psi_a - psi_0 - tau_a(x))^2` over all rows. Errors of the expectations and of
//! the propensities only enter as a product, so that it needs neither to be quite right.

use learn::{FitError, Loss};

use super::Bag;
use crate::covariates::{effect_size, grow};
use crate::draw::mix;
use crate::nuisance::Sight;

pub(super) fn fit(sight: &Sight<'_>, rows: &[u32], watched: &[u32], seed: u64) -> Result<Bag, FitError> {
    let trial = sight.trial;
    let size = effect_size(rows.len());
    let of_action = |action: usize| {
        let mut target = vec![0.0f32; trial.outcome.len()];
        for &row in rows.iter().chain(watched) {
            target[row as usize] = sight.effect_score(row, action) as f32;
        }
        grow(&trial.covariates.table, &target, rows, watched, Loss::Squared, &size, mix(seed, action as u64))
    };
    Ok(Bag::Dr((1..trial.arms).map(of_action).collect::<Result<_, _>>()?))
}
