//! What a fit may be told. Everything has a default but the horizon's reach.

use crate::boost::BoostSettings;
use crate::encode::Extras;
use crate::error::FitError;
use crate::prior::PriorModel;

/// How to fit. `Settings { reach_days, seed, ..Settings::default() }` is what most callers want.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Decides every draw: same data, same settings, same model.
    pub seed: u64,
    /// Days after a cutoff by which its outcome is settled: gap and horizon.
    pub reach_days: i32,
    /// What experience says, tried beside the learned models.
    pub prior: Option<PriorModel>,
    /// Which way the score may move with a number column. Limits boosted trees only.
    pub monotone: Vec<(String, Direction)>,
    /// Folds of the validation, at most.
    pub folds: usize,
    /// Below this many leavers small trees only are tried, and a simpler model within one standard error of the best is
    /// preferred.
    pub few_leavers: usize,
    /// Strengths of the ridge to try.
    pub ridges: Vec<f64>,
    /// What may be learned of columns beyond one mean a level, where it helps.
    pub extras: Extras,
    /// Boosted models to try, simplest first.
    pub boosted: Vec<BoostSettings>,
    /// Time for comparing boosted models, in seconds as two cores of an ordinary machine would need; it is estimated, not
    /// measured. Where it is short the worse half of the candidates stays behind after each fold, and rows are drawn.
    pub budget_seconds: f64,
    /// Boosted models of different seeds that are averaged.
    pub chains: usize,
    /// Redrawn sets of subjects behind the intervals.
    pub bootstrap_draws: usize,
}

/// Which way the score may move as a column grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More of it never lowers the risk.
    Rising,
    /// More of it never raises the risk.
    Falling,
}

impl Default for Settings {
    fn default() -> Self {
        let small = BoostSettings {
            leaves: 4,
            depth: 3,
            learning_rate: 0.08,
            min_leaf_rows: 20.0,
            min_leaf_hessian: 2.0,
            ..BoostSettings::default()
        };
        let size = |leaves, depth, learning_rate, min_leaf_hessian| BoostSettings {
            leaves,
            depth,
            learning_rate,
            min_leaf_hessian,
            ..small.clone()
        };
        Self {
            seed: 1,
            reach_days: 30,
            prior: None,
            monotone: Vec::new(),
            folds: 5,
            few_leavers: 300,
            ridges: vec![1.0, 10.0, 100.0, 1000.0],
            extras: Extras::None,
            boosted: vec![small.clone(), size(8, 5, 0.06, 3.0), size(16, 6, 0.05, 4.0), size(31, 8, 0.04, 5.0)],
            budget_seconds: 60.0,
            chains: 4,
            bootstrap_draws: 400,
        }
    }
}

impl Settings {
    /// For a table of raw columns that is looked at once: numbers may be codes, columns may tell only together, and rows are
    /// as many as subjects, so that rare leaves tell. Larger trees are shrunk less and grown by smaller steps.
    pub fn flat_table() -> Self {
        let plain = Self::default();
        let free = |leaves, depth| BoostSettings {
            leaves,
            depth,
            learning_rate: 0.04,
            l2: 1.0,
            min_leaf_hessian: 1.0,
            row_share: 0.8,
            ..plain.boosted[0].clone()
        };
        let boosted = vec![plain.boosted[0].clone(), plain.boosted[1].clone(), free(12, 8), free(24, 10)];
        Self { extras: Extras::Crossed, boosted, ..plain }
    }

    /// Checked once, before any work.
    pub(crate) fn check(&self) -> Result<(), FitError> {
        let wrong = |setting, problem: &str| Err(FitError::Setting { setting, problem: problem.to_owned() });
        if self.reach_days < 0 {
            return wrong("reach_days", "must not be negative");
        }
        if self.folds < 2 {
            return wrong("folds", "must be at least 2");
        }
        if self.budget_seconds.is_nan() || self.budget_seconds < 0.0 {
            return wrong("budget_seconds", "must not be negative");
        }
        if self.chains == 0 {
            return wrong("chains", "must be at least 1");
        }
        if self.ridges.is_empty() || self.ridges.iter().any(|lambda| !(*lambda > 0.0 && lambda.is_finite())) {
            return wrong("ridges", "must be positive numbers, at least one");
        }
        let share = |share: f64| share > 0.0 && share <= 1.0;
        let sound = |b: &BoostSettings| {
            share(b.row_share)
                && share(b.column_share)
                && share(b.learning_rate)
                && b.leaves >= 2
                && (1..=100).contains(&b.depth)
                && b.l2 >= 0.0
        };
        if !self.boosted.iter().all(sound) {
            return wrong(
                "boosted",
                "shares and learning rate must lie in 0 to 1, leaves from 2, depth in 1 to 100, l2 from 0",
            );
        }
        let finite = |prior: &PriorModel| {
            prior.intercept.is_finite() && prior.weights.iter().all(|(_, weight)| weight.is_finite())
        };
        if !self.prior.iter().all(finite) {
            return wrong("prior", "must hold finite numbers");
        }
        Ok(())
    }
}
