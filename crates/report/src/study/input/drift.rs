//! How two sets of rows differ.

use domain::Day;

use crate::input::Estimate;

/// Differences between two sets of rows.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// The table with another file.
    Files,
    /// Its earlier cutoffs with its later ones.
    Cutoffs,
}

/// A set of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct DriftSide {
    /// Rows.
    pub rows: usize,
    /// First cutoff; nothing for another file.
    pub first_day: Option<Day>,
    /// Last cutoff.
    pub last_day: Option<Day>,
    /// The model's mean probability; nothing where columns are missing.
    pub mean_score: Option<f64>,
}

/// How a variable differs.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    /// Rows of each side that it learned from, at most.
    pub rows: usize,
    /// Cross-validated AUC.
    pub auc: Estimate,
    /// Variables that give it away, the strongest first, 10 at most.
    pub gives_away: Vec<GivesAway>,
}

/// A variable that tells the sets apart.
#[derive(Clone, Debug, PartialEq)]
pub struct GivesAway {
    /// Its column.
    pub name: String,
    /// Mean absolute log-odds that it adds.
    pub attribution: f64,
    /// Its share in the sum over all variables.
    pub share: f64,
}
