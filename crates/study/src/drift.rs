//! How two sets of rows differ: variable by variable, and as a whole.
//!
//! *PSI*, the population stability index, is `sum over bins (b - a) ln(b / a)` for the shares `a` and `b` of the first and second set
//! in each bin: ten quantile bins of the first set's values (levels for categories, the 50 most frequent, the rest pooled, levels that
//! the first set does not have in a bin of their own) and one for missing. Half a row is added to every bin of both sides, so
//! that an empty bin does not make it infinite. By custom below 0.1 is stable, above 0.25 a shift (Siddiqi 2006); with few
//! rows chance alone gives about `(bins - 1)(1/n + 1/m)`, told as `psi_by_chance` (Yurdakul 2018).
//!
//! The *domain classifier* learns to tell the sets apart by boosted trees, cross-validated by subjects: an AUC of 0.5 means that it cannot
//! (Lopez-Paz and Oquab 2017).

use serde::Serialize;

use crate::estimate::Estimate;

/// Differences between two sets of rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// What is compared.
    pub sides: Sides,
    /// The first set.
    pub first: DriftSide,
    /// The second set.
    pub second: DriftSide,
    /// Variables by falling PSI.
    pub variables: Vec<VariableDrift>,
    /// Variables with a PSI above 0.25.
    pub shifted: usize,
    /// PSI of the model's scores, ten bins; nothing where the second set lacks columns of the model.
    pub score_psi: Option<f64>,
    /// Telling the sets apart.
    pub domain: Domain,
    /// Columns of the first set that the second has not, or has as another type.
    pub missing_columns: Vec<String>,
    /// Columns of the second set that the first has not.
    pub extra_columns: Vec<String>,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sides {
    /// The table with another file.
    Files,
    /// Its earlier cutoffs with its later ones.
    Cutoffs,
}

/// A set of rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DriftSide {
    /// Rows.
    pub rows: usize,
    /// First cutoff, in days from 1970-01-01; nothing for another file.
    pub first_day: Option<i32>,
    /// Last cutoff.
    pub last_day: Option<i32>,
    /// The model's mean probability; nothing where columns are missing.
    pub mean_score: Option<f64>,
}

/// How a variable differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VariableDrift {
    /// Its column.
    pub name: String,
    /// Population stability index.
    pub psi: f64,
    /// What chance alone would give on average.
    pub psi_by_chance: f64,
    /// Share missing in the first set.
    pub missing_first: f64,
    /// Share missing in the second set.
    pub missing_second: f64,
    /// Levels of the second set that the first has not, the most frequent first, 10 at most.
    pub new_levels: Vec<String>,
    /// Share of rows of the second set with such a level.
    pub new_level_share: f64,
    /// Median in the first set; nothing for categories.
    pub median_first: Option<f64>,
    /// Median in the second set.
    pub median_second: Option<f64>,
}

/// Whether the sets can be told apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Domain {
    /// Rows of each side that it learned from, at most.
    pub rows: usize,
    /// Cross-validated AUC.
    pub auc: Estimate,
    /// Variables that give it away, the strongest first, 10 at most.
    pub gives_away: Vec<GivesAway>,
}

/// A variable that tells the sets apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GivesAway {
    /// Its column.
    pub name: String,
    /// Mean absolute log-odds that it adds.
    pub attribution: f64,
    /// Its share in the sum over all variables.
    pub share: f64,
}
