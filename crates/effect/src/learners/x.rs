//! X-learner (Kuenzel, Sekhon, Bickel and Yu 2019): effects are imputed for each subject with the other arm's expectation,
//! learned from the treated and from the control, and weighed by who knows more.
//!
//! `D1 = Y - m_0(x)` of rows given `a`, `D0 = m_a(x) - Y` of the control; `tau1` and `tau0` are boosted trees on them;
//! `tau_a(x) = g(x) tau0(x) + (1 - g(x)) tau1(x)` with `g = e_a / (e_a + e_0)`: where nearly all were treated the control's
//! expectation is poor, and `tau0`, which does not need it, counts more. Where propensities are the same for all, `g` is a
//! share.

use learn::{Ensemble, FitError, Loss};
use serde::{Deserialize, Serialize};

use super::Bag;
use crate::covariates::{effect_size, grow, outcome_size};
use crate::draw::mix;
use crate::nuisance::Sight;

/// Of one action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OfAction {
    treated: Ensemble,
    control: Ensemble,
    weight: Weight,
}

/// What the control's model counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Weight {
    Share(f64),
    /// The propensity among the action's rows and the control's.
    Propensity(Ensemble),
}

pub(super) fn fit(sight: &Sight<'_>, rows: &[u32], watched: &[u32], seed: u64) -> Result<Bag, FitError> {
    let of_action = |action: usize| of_action(sight, action, rows, watched, mix(seed, action as u64));
    Ok(Bag::X((1..sight.trial.arms).map(of_action).collect::<Result<_, _>>()?))
}

fn of_action(sight: &Sight<'_>, action: usize, rows: &[u32], watched: &[u32], seed: u64) -> Result<OfAction, FitError> {
    let trial = sight.trial;
    let imputed = |arm: usize, effect: &dyn Fn(u32) -> f64, seed: u64| {
        let (rows, watched) = (trial.given(rows, arm), trial.given(watched, arm));
        let mut target = vec![0.0f32; trial.outcome.len()];
        for &row in rows.iter().chain(&watched) {
            target[row as usize] = effect(row) as f32;
        }
        grow(&trial.covariates.table, &target, &rows, &watched, Loss::Squared, &effect_size(rows.len()), seed)
    };
    let of_treated = |row: u32| trial.outcome_of(row) - sight.expected(row, 0);
    let of_control = |row: u32| sight.expected(row, action) - trial.outcome_of(row);
    Ok(OfAction {
        treated: imputed(action, &of_treated, mix(seed, 1))?,
        control: imputed(0, &of_control, mix(seed, 2))?,
        weight: weight(sight, action, rows, watched, mix(seed, 3))?,
    })
}

fn weight(sight: &Sight<'_>, action: usize, rows: &[u32], watched: &[u32], seed: u64) -> Result<Weight, FitError> {
    let trial = sight.trial;
    let either = |rows: &[u32]| -> Vec<u32> {
        rows.iter().copied().filter(|&row| [0, action].contains(&(trial.arm_of(row) as usize))).collect()
    };
    let (rows, watched) = (either(rows), either(watched));
    if !trial.propensity_varies {
        let given = rows.iter().filter(|&&row| trial.arm_of(row) as usize == action).count();
        return Ok(Weight::Share(given as f64 / rows.len().max(1) as f64));
    }
    let is_given = |arm: &u32| f32::from(u8::from(*arm as usize == action));
    let target: Vec<f32> = trial.arm.iter().map(is_given).collect();
    let (table, size) = (&trial.covariates.table, outcome_size());
    Ok(Weight::Propensity(grow(table, &target, &rows, &watched, Loss::Logistic, &size, seed)?))
}

impl OfAction {
    pub(super) fn effects(&self, features: &[&[f32]], rows: &[u32]) -> Vec<f64> {
        let treated = self.treated.margins_at(features, rows);
        let control = self.control.margins_at(features, rows);
        let weight: Vec<f64> = match &self.weight {
            Weight::Share(share) => vec![*share; rows.len()],
            Weight::Propensity(trees) => {
                trees.margins_at(features, rows).into_iter().map(|margin| trees.link.mean(margin)).collect()
            }
        };
        let each = treated.iter().zip(&control).zip(&weight);
        each.map(|((treated, control), weight)| weight * control + (1.0 - weight) * treated).collect()
    }

    pub(super) fn damage(&self, features: usize) -> Option<&'static str> {
        let of_weight = match &self.weight {
            Weight::Share(share) => (!(0.0..=1.0).contains(share)).then_some("a weight is not a share"),
            Weight::Propensity(trees) => trees.damage(features),
        };
        self.treated.damage(features).or_else(|| self.control.damage(features)).or(of_weight)
    }
}
