//! Variables that say the same: constants, copies, and groups that are strongly associated.
//!
//! Two numbers are compared by Spearman's rank correlation over rows where both are there, two categories by Cramér's V with
//! bias correction (Bergsma 2013), a number and a category by the correlation ratio of the number's ranks, epsilon (Kelley
//! 1935: eta adjusted for the number of levels). A group is a connected component of pairs at or above the threshold, so
//! that two of its members may be less alike than neighbours are.
//!
//! It looks at a bounded number of rows, fewer the more columns there are; a pair needs 30 rows with both values.

use serde::Serialize;

/// Associations between variables.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Groups {
    /// Rows that were compared.
    pub rows: usize,
    /// Strength from which two variables are of one group, 0.9.
    pub threshold: f64,
    /// Groups of at least two variables, the largest first. Copies are among them.
    pub groups: Vec<Group>,
    /// Sets of columns whose values are the same in every row of the table; the first of each stands for it.
    pub duplicates: Vec<Vec<String>>,
    /// Columns with one value or none.
    pub constants: Vec<String>,
    /// The strongest pairs, the strongest first, 50 at most; of copies only the first is compared.
    pub strongest: Vec<Association>,
}

/// Variables that say much the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// The one that stands for it: the most important to the model.
    pub representative: String,
    /// All of them, the most important first.
    pub columns: Vec<String>,
    /// The weakest of the associations that hold it together, 1 where all are copies.
    pub weakest_link: f64,
}

/// How strongly two variables go together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Association {
    /// One.
    pub first: String,
    /// The other.
    pub second: String,
    /// What is measured.
    pub measure: Measure,
    /// From -1 or 0 to 1.
    pub value: f64,
    /// Rows with both values.
    pub rows: usize,
}

/// A measure of association.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Spearman's rank correlation, -1 to 1.
    Spearman,
    /// Cramér's V, bias corrected, 0 to 1.
    CramersV,
    /// Correlation ratio of ranks, adjusted for levels, 0 to 1.
    CorrelationRatio,
}
