//! Which learner tells effects best, on rows that it did not see.
//!
//! Each learner is fitted without a fold and says effects for it. What it said is shrunk by the slope of the *other* folds
//! ([`Shrinkage`]) and compared with the fold's doubly robust scores: the mean of `sum over actions of
//! (psi_a - psi_0 - tau_a)^2`, less that of the constant effect, is the error that the learner saves (the DR-score; Schuler et
//! al. 2018, Mahajan et al. 2023). The learner that saves most is chosen, the constant effect where none saves anything.
//! The value of acting on what was said is shown beside it.

use learn::FitError;
use serde::Serialize;

use crate::draw::mix;
use crate::estimate::Estimate;
use crate::learners::{LearnerKind, fit_bags};
use crate::nuisance::Nuisance;
use crate::settings::Settings;
use crate::shrinkage::Shrinkage;
use crate::trial::Trial;

/// How a learner did on rows kept out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LearnerScore {
    /// Which.
    pub learner: LearnerKind,
    /// Squared error of the effect that it saves beside the constant effect, in the outcome's unit squared, over all
    /// actions. Positive is better.
    pub saved: Estimate,
    /// Mean outcome less costs, were each subject given the arm of the highest effect less cost, if that is above 0.
    pub policy_value: Estimate,
    /// By action: how much of the differences that it told was borne out, the slope with its error.
    pub slopes: Vec<(f64, f64)>,
}

/// What a learner said of rows kept out, less the mean of their fold: folds have models of their own, whose levels are no
/// differences between subjects.
pub(crate) struct Said {
    /// By action and row of the table; rows that take no part have 0.
    pub(crate) by_action: Vec<Vec<f64>>,
}

/// Doubly robust scores of the trial's rows, by arm and row of the table.
pub(crate) fn scores(trial: &Trial<'_>, nuisance: &Nuisance) -> Vec<Vec<f64>> {
    let sight = nuisance.sight(trial, None);
    let of_arm = |arm: usize| {
        let mut scores = vec![0.0; trial.arm.len()];
        for &row in &trial.rows {
            scores[row as usize] = sight.score(row, arm);
        }
        scores
    };
    (0..trial.arms).map(of_arm).collect()
}

/// What a learner says of each fold, fitted on the others.
pub(crate) fn cross_fit(
    trial: &Trial<'_>,
    nuisance: &Nuisance,
    learner: LearnerKind,
    bags: usize,
    tick: &(dyn Fn() + Sync),
) -> Result<Said, FitError> {
    let features = trial.covariates.slices();
    let mut by_action = vec![vec![0.0; trial.arm.len()]; trial.arms - 1];
    for (fold, tested) in trial.folds.rows.iter().enumerate() {
        let sight = nuisance.sight(trial, Some(fold));
        let rows = trial.folds.outside(&trial.rows, &[fold]);
        let seed = mix(trial.seed, (700_000 + fold) as u64);
        for bag in fit_bags(learner, &sight, &rows, bags, seed, tick)? {
            for (said, of_bag) in by_action.iter_mut().zip(bag.effects(&features, tested)) {
                for (&row, effect) in tested.iter().zip(of_bag) {
                    said[row as usize] += effect / bags as f64;
                }
            }
        }
        for said in &mut by_action {
            let mean = tested.iter().map(|&row| said[row as usize]).sum::<f64>() / tested.len().max(1) as f64;
            tested.iter().for_each(|&row| said[row as usize] -= mean);
        }
    }
    Ok(Said { by_action })
}

/// Effects of rows kept out: the average of all rows and what was said, each fold's shrunk by the slope of the others. By
/// action and row of the table.
///
/// The average is not left out by fold: it is one number for all, which orders nobody, and folds with averages of their own
/// would be ordered against their outcomes.
pub(crate) fn shrunk(trial: &Trial<'_>, said: &Said, scores: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let of_action = |(index, said): (usize, &Vec<f64>)| {
        let average = shrinkage(said, &scores[index + 1], &scores[0], &trial.rows).ate.value;
        let mut effects = vec![0.0; said.len()];
        for (fold, tested) in trial.folds.rows.iter().enumerate() {
            let others = trial.folds.outside(&trial.rows, &[fold]);
            let told = shrinkage(said, &scores[index + 1], &scores[0], &others).told;
            for &row in tested {
                effects[row as usize] = average + told * said[row as usize];
            }
        }
        effects
    };
    said.by_action.iter().enumerate().map(of_action).collect()
}

/// The slope over some rows.
pub(crate) fn shrinkage(said: &[f64], with: &[f64], without: &[f64], rows: &[u32]) -> Shrinkage {
    let said: Vec<f64> = rows.iter().map(|&row| said[row as usize]).collect();
    let scores: Vec<f64> = rows.iter().map(|&row| with[row as usize] - without[row as usize]).collect();
    Shrinkage::fit(&said, &scores)
}

/// The arm of the highest effect less cost; the control where that is not above 0.
pub(crate) fn best_arm(effect: impl Fn(usize) -> f64, arms: usize, settings: &Settings) -> usize {
    let (mut best, mut gain) = (0, 0.0);
    for arm in 1..arms {
        let value = effect(arm) - (settings.cost(arm) - settings.cost(0));
        if value > gain {
            (best, gain) = (arm, value);
        }
    }
    best
}

/// Judges what was said of all rows.
pub(crate) fn judge(
    trial: &Trial<'_>,
    learner: LearnerKind,
    said: &Said,
    constant: &[Vec<f64>],
    scores: &[Vec<f64>],
    settings: &Settings,
) -> LearnerScore {
    let effects = shrunk(trial, said, scores);
    let saved = |&row: &u32| {
        let row = row as usize;
        let of_action = |action: usize| {
            let score = scores[action + 1][row] - scores[0][row];
            (score - constant[action][row]).powi(2) - (score - effects[action][row]).powi(2)
        };
        (0..trial.arms - 1).map(of_action).sum::<f64>()
    };
    let value = |&row: &u32| {
        let row = row as usize;
        let arm = best_arm(|arm| effects[arm - 1][row], trial.arms, settings);
        scores[arm][row] - settings.cost(arm)
    };
    let slope = |(index, said): (usize, &Vec<f64>)| {
        let shrinkage = shrinkage(said, &scores[index + 1], &scores[0], &trial.rows);
        (shrinkage.slope, shrinkage.slope_error)
    };
    LearnerScore {
        learner,
        saved: Estimate::mean(trial.rows.iter().map(saved)),
        policy_value: Estimate::mean(trial.rows.iter().map(value)),
        slopes: said.by_action.iter().enumerate().map(slope).collect(),
    }
}

/// The learner that saves most; the first of equals.
pub(crate) fn choose(tried: &[LearnerScore]) -> usize {
    let mut best = 0;
    for (index, score) in tried.iter().enumerate() {
        if score.saved.value > tried[best].saved.value {
            best = index;
        }
    }
    best
}
