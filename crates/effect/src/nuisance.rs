//! What would be expected of each subject in each arm, from models that saw neither the subject nor, where a learner is
//! judged on a fold, anything of that fold.
//!
//! `m_a(x) = E[Y | X = x, arm a]`, boosted trees on the rows of arm `a`. A learner that is tested on fold `j` is trained on
//! expectations of the other folds' rows `l` that come from models without `j` and without `l`: with fewer precautions the
//! noise of the tested outcomes finds its way into the effects that they test, and effects are found where there are none.
//! All pairs of folds together cost `J (J + 1) / 2` fits an arm.
//!
//! The doubly robust score of row `i` and arm `a` is `psi_a = m_a(x) + [A = a] (Y - m_a(x)) / e_a(x)` (Robins, Rotnitzky and
//! Zhao 1994; cross-fitted as in Chernozhukov et al. 2018): its mean over any group that was chosen without its noise is
//! the group's mean outcome, had all of it been given `a`, if either `m` or the propensities `e` are right.

use learn::FitError;
use rayon::prelude::*;

use crate::covariates::{grow_halves, mean_of_halves, outcome_size};
use crate::draw::mix;
use crate::trial::Trial;

/// Expected outcomes.
pub(crate) struct Nuisance {
    /// By fold kept out, arm, row: the model saw neither that fold nor the row's own.
    without: Vec<Vec<Vec<f32>>>,
}

/// What is expected of the rows of two folds.
type Pair = (Vec<f64>, Vec<f64>);

/// Expected outcomes as one learner may see them.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub(crate) trial: &'a Trial<'a>,
    nuisance: &'a Nuisance,
    /// The fold that it will be tested on.
    kept_out: Option<usize>,
}

impl Nuisance {
    pub(crate) fn fit(trial: &Trial<'_>, tick: &(dyn Fn() + Sync)) -> Result<Self, FitError> {
        let count = trial.folds.count();
        let mut jobs = Vec::new();
        for first in 0..count {
            for second in first..count {
                jobs.extend((0..trial.arms).map(|arm| (first, second, arm)));
            }
        }
        let features = trial.covariates.slices();
        let fit = |&(first, second, arm): &(usize, usize, usize)| {
            let rows = trial.folds.outside(&trial.given(&trial.rows, arm), &[first, second]);
            let seed = mix(trial.seed, (1000 + (first * count + second) * trial.arms + arm) as u64);
            let table = &trial.covariates.table;
            let model = grow_halves(table, trial.outcome, &rows, trial.loss(), &outcome_size(), seed)?;
            let of_first = mean_of_halves(&model, &features, &trial.folds.rows[first]);
            let of_second =
                if first == second { Vec::new() } else { mean_of_halves(&model, &features, &trial.folds.rows[second]) };
            tick();
            Ok((of_first, of_second))
        };
        let fitted: Vec<Result<Pair, FitError>> = jobs.par_iter().map(fit).collect();
        let mut without = vec![vec![vec![0.0f32; trial.outcome.len()]; trial.arms]; count];
        for (&(first, second, arm), fitted) in jobs.iter().zip(fitted) {
            let (of_first, of_second) = fitted?;
            // What is said of one of two folds kept out is for tests on the other.
            for (&row, value) in trial.folds.rows[first].iter().zip(of_first) {
                without[second][arm][row as usize] = value as f32;
            }
            for (&row, value) in trial.folds.rows[second].iter().zip(of_second) {
                without[first][arm][row as usize] = value as f32;
            }
        }
        Ok(Self { without })
    }

    pub(crate) fn steps(folds: usize, arms: usize) -> usize {
        folds * (folds + 1) / 2 * arms
    }

    /// For a learner that will be tested on a fold; nothing: on no row of this trial.
    pub(crate) fn sight<'a>(&'a self, trial: &'a Trial<'a>, kept_out: Option<usize>) -> Sight<'a> {
        Sight { trial, nuisance: self, kept_out }
    }
}

impl Sight<'_> {
    /// The expected outcome of a row, had it been given an arm.
    pub(crate) fn expected(&self, row: u32, arm: usize) -> f64 {
        let fold = self.kept_out.unwrap_or_else(|| self.trial.folds.of(row));
        f64::from(self.nuisance.without[fold][arm][row as usize])
    }

    /// The doubly robust score of a row and an arm.
    pub(crate) fn score(&self, row: u32, arm: usize) -> f64 {
        let expected = self.expected(row, arm);
        if self.trial.arm_of(row) as usize != arm {
            return expected;
        }
        let propensity = self.trial.propensity[arm][row as usize];
        expected + (self.trial.outcome_of(row) - expected) / propensity
    }

    /// The doubly robust score of an action's effect against the control.
    pub(crate) fn effect_score(&self, row: u32, action: usize) -> f64 {
        self.score(row, action) - self.score(row, 0)
    }
}
