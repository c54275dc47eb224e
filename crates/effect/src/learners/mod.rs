//! Learners of effects `tau_a(x) = E[Y(a) - Y(0) | X = x]`, one file each.
//!
//! A learner is fitted on a bag: a half-sample of the rows to learn from, whose other half says how many trees are enough.
//! What it says of a subject is the mean over bags; how bags differ is part of the interval.
//!
//! **Adding a learner**: a file with `fit` and `effects`, a variant of [`LearnerKind`] and of `Bag`; the battery in
//! `tests/battery.rs` then tests it with the others.

mod constant;
mod dr;
mod s;
mod t;
mod x;

use learn::{Ensemble, FitError};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::draw::{halves, mix};
use crate::nuisance::Sight;

/// How effects are learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LearnerKind {
    /// One effect for all.
    Constant,
    /// One model of the outcome, with the arm as a column.
    S,
    /// A model of the outcome for each arm.
    T,
    /// Imputed effects of the treated and of the control, weighed by propensity.
    X,
    /// Doubly robust scores on columns.
    Dr,
}

/// A learner fitted on a half-sample. Effects are by action: that of arm 1 comes first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Bag {
    /// Effects by action.
    Constant(Vec<f64>),
    S {
        actions: usize,
        outcome: Ensemble,
    },
    /// By arm.
    T(Vec<Ensemble>),
    X(Vec<x::OfAction>),
    /// By action.
    Dr(Vec<Ensemble>),
}

impl LearnerKind {
    /// All of them, simplest first.
    pub const ALL: [Self; 5] = [Self::Constant, Self::S, Self::T, Self::X, Self::Dr];

    /// The name of the literature.
    pub fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::S => "S-learner",
            Self::T => "T-learner",
            Self::X => "X-learner",
            Self::Dr => "DR-learner",
        }
    }

    fn fit(self, sight: &Sight<'_>, rows: &[u32], watched: &[u32], seed: u64) -> Result<Bag, FitError> {
        match self {
            Self::Constant => Ok(constant::fit(sight, rows)),
            Self::S => s::fit(sight, rows, watched, seed),
            Self::T => t::fit(sight, rows, watched, seed),
            Self::X => x::fit(sight, rows, watched, seed),
            Self::Dr => dr::fit(sight, rows, watched, seed),
        }
    }
}

/// So many half-samples, in pairs of complements.
pub(crate) fn fit_bags(
    learner: LearnerKind,
    sight: &Sight<'_>,
    rows: &[u32],
    bags: usize,
    seed: u64,
    tick: &(dyn Fn() + Sync),
) -> Result<Vec<Bag>, FitError> {
    let fit = |bag: usize| {
        // Arms are halved one by one: a half-sample has half of each.
        let mut sides = [Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len())];
        for arm in 0..sight.trial.arms {
            let given = sight.trial.given(rows, arm);
            for (side, half) in sides.iter_mut().zip(halves(&given, mix(seed, (bag / 2) as u64))) {
                side.extend(half);
            }
        }
        sides.iter_mut().for_each(|side| side.sort_unstable());
        let (fitted, watched) = if bag.is_multiple_of(2) { (&sides[0], &sides[1]) } else { (&sides[1], &sides[0]) };
        let fitted = learner.fit(sight, fitted, watched, mix(seed, (10_000 + bag) as u64));
        tick();
        fitted
    };
    (0..bags).into_par_iter().map(fit).collect()
}

impl Bag {
    /// Effects of rows of a feature-major table, by action and then row.
    pub(crate) fn effects(&self, features: &[&[f32]], rows: &[u32]) -> Vec<Vec<f64>> {
        match self {
            Self::Constant(effects) => effects.iter().map(|&effect| vec![effect; rows.len()]).collect(),
            Self::S { actions, outcome } => s::effects(outcome, *actions, features, rows),
            Self::T(of_arm) => t::effects(of_arm, features, rows),
            Self::X(of_action) => of_action.iter().map(|of_action| of_action.effects(features, rows)).collect(),
            Self::Dr(of_action) => of_action.iter().map(|trees| trees.margins_at(features, rows)).collect(),
        }
    }

    /// What does not fit together in a bag that was read from a file.
    pub(crate) fn damage(&self, features: usize, actions: usize) -> Option<&'static str> {
        let count = match self {
            Self::Constant(effects) => effects.len(),
            Self::S { actions, .. } => *actions,
            Self::T(of_arm) => of_arm.len().saturating_sub(1),
            Self::X(of_action) => of_action.len(),
            Self::Dr(of_action) => of_action.len(),
        };
        if count != actions {
            return Some("a learner has effects of another number of actions");
        }
        match self {
            Self::Constant(effects) => {
                effects.iter().any(|effect| !effect.is_finite()).then_some("an effect is not a number")
            }
            Self::S { outcome, .. } => outcome.damage(features + 1),
            Self::T(trees) | Self::Dr(trees) => trees.iter().find_map(|trees| trees.damage(features)),
            Self::X(of_action) => of_action.iter().find_map(|of_action| of_action.damage(features)),
        }
    }
}
