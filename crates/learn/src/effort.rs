//! How much of a search fits the time it is given.
//!
//! Seconds are estimated from rows, features and leaves, as two cores of an ordinary machine would need them, and never
//! measured: the same data and settings give the same model on a fast machine and on a slow one.

use crate::boost::BoostSettings;
use crate::settings::Settings;

/// Chains while candidates are compared; the chosen one gets all.
const RACING_CHAINS: usize = 2;

/// Training rows of a boosted model while candidates are compared, at most and at least.
const MOST_ROWS: usize = 100_000;
const LEAST_ROWS: usize = 12_500;

/// Trees of a chain, about: growth stops some rounds after the best.
const TREES: f64 = 280.0;

/// Values that two cores count in a second, once for each level of a tree.
const VALUES_A_SECOND: f64 = 1.2e9;

/// What a tree takes besides.
const SECONDS_A_TREE: f64 = 2e-4;

/// How boosted candidates are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Effort {
    /// Models of different seeds that are averaged.
    pub(crate) chains: usize,
    /// Whether the worse half stays behind after each fold.
    pub(crate) halving: bool,
    /// Training rows of a model, at most.
    pub(crate) max_rows: usize,
}

/// The most thorough effort that fits the budget, or the least there is.
pub(crate) fn plan(
    candidates: &[&BoostSettings],
    training_rows: &[usize],
    features: usize,
    settings: &Settings,
) -> Effort {
    let chains = settings.chains.min(RACING_CHAINS);
    let racing = |max_rows| Effort { chains, halving: true, max_rows };
    let thorough = Effort { chains: settings.chains, halving: false, max_rows: MOST_ROWS };
    let mut efforts = vec![thorough];
    let mut max_rows = MOST_ROWS;
    while max_rows >= LEAST_ROWS {
        efforts.push(racing(max_rows));
        max_rows /= 2;
    }
    let fits = |effort: &&Effort| seconds(**effort, candidates, training_rows, features) <= settings.budget_seconds;
    *efforts.iter().find(fits).unwrap_or(&efforts[efforts.len() - 1])
}

fn seconds(effort: Effort, candidates: &[&BoostSettings], training_rows: &[usize], features: usize) -> f64 {
    let mut seconds = 0.0;
    for (fold, &rows) in training_rows.iter().enumerate() {
        let rows = rows.min(effort.max_rows) as f64;
        // The mean candidate stands for those that are still there.
        let share = if effort.halving { 0.5f64.powi(fold as i32).max(1.0 / candidates.len() as f64) } else { 1.0 };
        for size in candidates {
            let seen = (rows * size.row_share).min(size.max_rows_a_tree as f64);
            let values = seen * features as f64 * size.column_share;
            let tree = values * (size.leaves as f64).log2() / VALUES_A_SECOND + SECONDS_A_TREE;
            seconds += share * TREES * effort.chains as f64 * tree;
        }
    }
    seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_time_is_less_effort() {
        let settings = Settings::default();
        let candidates: Vec<&BoostSettings> = settings.boosted.iter().collect();
        let at = |budget_seconds, rows| {
            plan(&candidates, &[rows; 5], 60, &Settings { budget_seconds, ..Settings::default() })
        };
        assert_eq!(at(60.0, 2000), Effort { chains: settings.chains, halving: false, max_rows: MOST_ROWS });
        assert_eq!(at(60.0, 80_000).max_rows, MOST_ROWS);
        assert!(at(60.0, 80_000).halving);
        assert_eq!(at(0.0, 80_000), Effort { chains: RACING_CHAINS, halving: true, max_rows: LEAST_ROWS });
        let rows: Vec<usize> = [5.0, 10.0, 20.0, 40.0].map(|budget| at(budget, 100_000).max_rows).to_vec();
        assert!(rows.is_sorted(), "{rows:?}");
    }
}
