//! Two questions whose answer is known: where arms were given by lot afterwards, nothing can have come of them.
//!
//! **Placebo**: the arms are shuffled over the rows and effects are learned again. **A/A**: the control is dealt into two
//! halves, one of which is called the action. In both the average effect is 0, and no subject's differs from another's. Each
//! test gives the average effect with its p-value, and the chance, by permutation, that what the learner says goes together
//! with doubly robust scores as much as it does: scores are dealt to other rows, many times over. A method that is sound
//! has p-values that lie evenly between 0 and 1; one below 0.01 is a reason to look at the table.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

use crate::draw::{halves, mix, shuffled};
use crate::error::CampaignError;
use crate::estimate::Estimate;
use crate::learners::LearnerKind;
use crate::nuisance::Nuisance;
use crate::race::{cross_fit, scores};
use crate::settings::Settings;
use crate::trial::Trial;

/// Folds of a check: it is one of several fits, and needs no model to be used.
const FOLDS: usize = 3;

/// What was found where there is nothing to be found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NothingToFind {
    /// Rows looked at.
    pub rows: usize,
    /// By action.
    pub actions: Vec<FoundNothing>,
}

/// What was found of one action.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FoundNothing {
    /// Average effect.
    pub average: Estimate,
    /// The chance of an average as far from 0.
    pub average_p_value: f64,
    /// The chance of differences between subjects as well borne out.
    pub differs_p_value: f64,
}

impl NothingToFind {
    /// The lowest p-value, of all that were taken multiplied by their number (Bonferroni).
    pub fn lowest_p_value(&self) -> f64 {
        let all = self.actions.iter().flat_map(|found| [found.average_p_value, found.differs_p_value]);
        let count = 2.0 * self.actions.len() as f64;
        (all.fold(1.0, f64::min) * count).min(1.0)
    }
}

/// Shuffles the arms of the trial.
pub(crate) fn placebo(
    trial: &Trial<'_>,
    learner: LearnerKind,
    settings: &Settings,
) -> Result<NothingToFind, CampaignError> {
    let seed = mix(settings.seed, 21);
    let rows = sample(&trial.rows, settings.check_rows, seed);
    let mut arm = trial.arm.to_vec();
    for (&row, other) in rows.iter().zip(shuffled(&rows, mix(seed, 1))) {
        arm[row as usize] = trial.arm_of(other);
    }
    find_nothing(&trial.by_lot(rows, trial.arms, arm, FOLDS, mix(seed, 2)), learner, settings)
}

/// Deals the control into two halves.
pub(crate) fn a_a(
    trial: &Trial<'_>,
    learner: LearnerKind,
    settings: &Settings,
) -> Result<NothingToFind, CampaignError> {
    let seed = mix(settings.seed, 22);
    let rows = sample(&trial.given(&trial.rows, 0), settings.check_rows, seed);
    let mut arm = vec![0; trial.arm.len()];
    for row in &halves(&rows, mix(seed, 1))[1] {
        arm[*row as usize] = 1;
    }
    find_nothing(&trial.by_lot(rows, 2, arm, FOLDS, mix(seed, 2)), learner, settings)
}

fn find_nothing(trial: &Trial<'_>, learner: LearnerKind, settings: &Settings) -> Result<NothingToFind, CampaignError> {
    // A constant effect has no differences to look for.
    let learner = if learner == LearnerKind::Constant { LearnerKind::Dr } else { learner };
    let nuisance = Nuisance::fit(trial, &|| {})?;
    let scores = scores(trial, &nuisance);
    let said = cross_fit(trial, &nuisance, learner, 2, &|| {})?;
    let of_action = |action: usize| {
        let score: Vec<f64> =
            trial.rows.iter().map(|&row| scores[action][row as usize] - scores[0][row as usize]).collect();
        let said: Vec<f64> = trial.rows.iter().map(|&row| said.by_action[action - 1][row as usize]).collect();
        let average = Estimate::mean(score.iter().copied());
        let fold: Vec<usize> = trial.rows.iter().map(|&row| trial.folds.of(row)).collect();
        FoundNothing {
            average,
            average_p_value: average.p_value(),
            differs_p_value: permutation(&said, &score, &fold, settings.permutations, mix(trial.seed, 31)),
        }
    };
    let actions = (1..trial.arms).map(of_action).collect();
    Ok(NothingToFind { rows: trial.rows.len(), actions })
}

/// One-sided: the share of permutations within folds in which what is said goes together with scores at least as much.
fn permutation(said: &[f64], scores: &[f64], fold: &[usize], permutations: usize, seed: u64) -> f64 {
    let folds = fold.iter().max().map_or(0, |most| most + 1);
    let members: Vec<Vec<usize>> =
        (0..folds).map(|of| (0..fold.len()).filter(|&row| fold[row] == of).collect()).collect();
    // Folds have models of their own, whose levels are no differences between subjects.
    let (mut said, mut scores) = (said.to_vec(), scores.to_vec());
    let squares = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
    let before = squares(&said);
    for values in [&mut said, &mut scores] {
        for rows in &members {
            let mean = rows.iter().map(|&row| values[row]).sum::<f64>() / rows.len().max(1) as f64;
            rows.iter().for_each(|&row| values[row] -= mean);
        }
    }
    let together = |order: &[usize]| -> f64 { said.iter().zip(order).map(|(said, &row)| said * scores[row]).sum() };
    let as_is = together(&(0..said.len()).collect::<Vec<_>>());
    // What rounding leaves of one number is no difference.
    if squares(&said) <= 1e-18 * before {
        return 1.0;
    }
    let permuted = |draw: usize| {
        let mut rng = ChaCha8Rng::seed_from_u64(mix(seed, draw as u64));
        let mut order: Vec<usize> = vec![0; said.len()];
        for rows in &members {
            let mut dealt = rows.clone();
            dealt.shuffle(&mut rng);
            rows.iter().zip(dealt).for_each(|(&row, other)| order[row] = other);
        }
        usize::from(together(&order) >= as_is)
    };
    let as_high: usize = (0..permutations).into_par_iter().map(permuted).sum();
    (as_high + 1) as f64 / (permutations + 1) as f64
}

/// At most so many of the rows.
fn sample(rows: &[u32], most: usize, seed: u64) -> Vec<u32> {
    let mut sample = shuffled(rows, seed);
    sample.truncate(most);
    sample.sort_unstable();
    sample
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_together_is_seen() {
        let noise = |row: usize, seed: u64| (mix(seed, row as u64) >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
        let said: Vec<f64> = (0..600).map(|row| noise(row, 1)).collect();
        let scores: Vec<f64> = (0..600).map(|row| said[row] + noise(row, 2)).collect();
        let other: Vec<f64> = (0..600).map(|row| noise(row, 3)).collect();
        let fold: Vec<usize> = (0..600).map(|row| row % 3).collect();
        assert_eq!(permutation(&said, &scores, &fold, 199, 1), 1.0 / 200.0);
        let p = permutation(&said, &other, &fold, 199, 1);
        assert!((0.05..1.0).contains(&p), "{p}");
        assert_eq!(permutation(&[0.3; 600], &scores, &fold, 199, 1), 1.0);
    }
}
