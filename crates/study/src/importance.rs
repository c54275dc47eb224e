//! What the model rests on: how much each variable moves scores, and how much worse the order gets without it.
//!
//! *Attribution* is the mean absolute log-odds that a variable adds (exact TreeSHAP, Lundberg et al. 2020; linear terms
//! exactly), by the final model over a sample of all rows. *AUC drop* is the AUC of a model on rows that it did not see minus
//! its AUC after the variable's values were shuffled among those rows, the mean of several shuffles (Breiman 2001; Fisher et
//! al. 2019). Intervals redraw subjects. Variables of a correlated group cover for each other, so that each alone looks
//! unimportant: groups are summed and shuffled as one.

use serde::Serialize;

use crate::estimate::Estimate;

/// Variables by their weight in the model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Importance {
    /// Rows attributed.
    pub attributed_rows: usize,
    /// Rows shuffled.
    pub shuffled_rows: usize,
    /// AUC of those as they are.
    pub auc: f64,
    /// Variables by falling attribution.
    pub variables: Vec<VariableImportance>,
    /// Correlated groups, by falling attribution.
    pub groups: Vec<GroupImportance>,
}

/// A variable's weight.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VariableImportance {
    /// Its column.
    pub name: String,
    /// Mean absolute log-odds that it adds.
    pub attribution: Estimate,
    /// Its share in the sum over all variables.
    pub share: f64,
    /// Fall of AUC when it is shuffled; nothing for variables past the 40 of the largest attribution.
    pub auc_drop: Option<Estimate>,
}

/// The weight of correlated variables together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupImportance {
    /// Its variables, the most important first.
    pub columns: Vec<String>,
    /// Mean absolute sum of the log-odds that they add.
    pub attribution: Estimate,
    /// Fall of AUC when they are shuffled together; nothing for groups past the 10 of the largest attribution.
    pub auc_drop: Option<Estimate>,
}
