//! What a study may be told.

use crate::economics::Assumptions;

/// How to study. Everything has a default.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Decides every draw.
    pub seed: u64,
    /// Redrawn sets of subjects behind bootstrap intervals.
    pub draws: usize,
    /// What a contact costs and brings.
    pub assumptions: Assumptions,
}
