//! What a study may be told.

use crate::economics::Assumptions;

/// How to study. Everything has a default.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Decides every draw.
    pub seed: u64,
    /// Redrawn sets of subjects behind bootstrap intervals.
    pub draws: usize,
    /// Rows, at most, that models are fitted on anew; subjects are drawn where there are more.
    pub refit_rows: usize,
    /// Boosted models of different seeds that are averaged in such fits; the final model has more.
    pub refit_chains: usize,
    /// What a contact costs and brings.
    pub assumptions: Assumptions,
}

impl Default for Settings {
    fn default() -> Self {
        Self { seed: 1, draws: 400, refit_rows: 60_000, refit_chains: 1, assumptions: Assumptions::default() }
    }
}
