//! One effect for all: the mean of doubly robust scores, the average treatment effect.
//!
//! `tau_a = mean_i (psi_a - psi_0)`. It is what every other learner must beat on rows kept out.

use super::Bag;
use crate::nuisance::Sight;

pub(super) fn fit(sight: &Sight<'_>, rows: &[u32]) -> Bag {
    let mean =
        |action: usize| rows.iter().map(|&row| sight.effect_score(row, action)).sum::<f64>() / rows.len().max(1) as f64;
    Bag::Constant((1..sight.trial.arms).map(mean).collect())
}
