//! Each variable alone: its type, what is missing, its distribution by class, and whether leavers differ.
//!
//! **Independence.** Tests take rows for independent. Where a subject has rows at several cutoffs they are not, so that the
//! section then describes and tests one row a subject, its last: [`Variables::rows_tested`] says how many those are.
//!
//! **Numbers** are tested by Mann-Whitney's U with tie correction, normal approximation with continuity correction (Mann and
//! Whitney 1947); the effect is the AUC, the chance that a leaver's value is above a stayer's, ties half (Vargha and Delaney
//! 2000), with DeLong's interval (DeLong et al. 1988; Sun and Xu 2014). **Categories**, and being missing, are tested by
//! Pearson's chi-square without continuity correction; the effect is Cramér's V with bias correction (Bergsma 2013).
//! **Many tests**: q is Benjamini and Hochberg's (1995) over all tests of the section.

use serde::Serialize;

use crate::estimate::Estimate;

/// All variables, in the order of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Variables {
    /// Rows that are described and tested.
    pub rows_tested: usize,
    /// Those of them that leave.
    pub leaving_rows_tested: usize,
    /// Whether subjects repeat in the table, so that one row of each, its last, is described and tested.
    pub one_row_a_subject: bool,
    /// Tests over which q controls the share of false discoveries.
    pub tests: usize,
    /// Variables whose distribution differs between the classes at q below 0.05.
    pub differing: usize,
    /// Each variable.
    pub variables: Vec<Variable>,
}

/// A variable.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Variable {
    /// Its column.
    pub name: String,
    /// Number or category.
    pub kind: VariableKind,
    /// How much of it is missing.
    pub missing: Missing,
    /// Distinct values that are there.
    pub distinct: usize,
    /// All values that are there are the same, or there are none.
    pub is_constant: bool,
    /// A category of which nearly every row has its own level: a key says nothing of new rows.
    pub is_key_like: bool,
    /// How its values lie, by class.
    pub distribution: Distribution,
    /// Whether the values of leavers differ; nothing where there is nothing to compare.
    pub difference: Option<Difference>,
    /// Whether leavers are missing more or less often; nothing where all or none are missing.
    pub missing_difference: Option<Difference>,
}

/// The type of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariableKind {
    /// Ordered, with distances.
    Number,
    /// Levels.
    Category,
}

/// Shares of rows without a value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Missing {
    /// Of all rows.
    pub share: f64,
    /// Of rows that leave.
    pub share_leaving: f64,
    /// Of rows that stay.
    pub share_staying: f64,
    /// Share that leaves among rows without a value, with Wilson's interval; nothing where none is missing.
    pub leaving_if_missing: Option<Estimate>,
}

/// How values lie.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Distribution {
    /// Of a number.
    Number {
        /// Of all rows that have a value; nothing where none has.
        all: Option<Quantiles>,
        /// Of those that leave.
        leaving: Option<Quantiles>,
        /// Of those that stay.
        staying: Option<Quantiles>,
        /// Counts in shared bins.
        bins: ClassBins,
    },
    /// Of a category.
    Category {
        /// The most frequent levels, by falling count.
        levels: Vec<LevelShare>,
        /// All other levels together; nothing where there are none.
        others: Option<LevelShare>,
        /// How many levels those are.
        other_levels: usize,
    },
}

/// Where values lie, in the variable's unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quantiles {
    /// Rows with a value.
    pub rows: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub standard_deviation: f64,
    /// Least.
    pub min: f64,
    /// 5%.
    pub p05: f64,
    /// 25%.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75%.
    pub p75: f64,
    /// 95%.
    pub p95: f64,
    /// Greatest.
    pub max: f64,
}

/// A histogram of both classes over the same bins.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassBins {
    /// Edges in the variable's unit, ascending, one more than there are bins; a bin holds its lower edge, the last one both.
    /// From the 1st to the 99th percentile; values beyond count in the outer bins. Few distinct values have a bin each.
    pub edges: Vec<f64>,
    /// Rows of each bin that leave.
    pub leaving: Vec<usize>,
    /// Rows of each bin that stay.
    pub staying: Vec<usize>,
}

/// A level of a category.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LevelShare {
    /// Its name; empty for levels pooled together.
    pub name: String,
    /// Rows.
    pub rows: usize,
    /// Those that leave.
    pub leaving_rows: usize,
    /// Share that leaves, with Wilson's interval.
    pub leaving: Estimate,
}

/// A difference between leavers and stayers, tested.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// How it was tested.
    pub test: Test,
    /// U of the leavers, or chi-square.
    pub statistic: f64,
    /// Degrees of freedom of chi-square; nothing for U.
    pub degrees: Option<usize>,
    /// Two-sided p.
    pub p: f64,
    /// Benjamini and Hochberg's q.
    pub q: f64,
    /// What the effect is.
    pub effect_kind: EffectKind,
    /// How large it is: an AUC around 0.5, or V from 0.
    pub effect: f64,
    /// The interval of an AUC; V has none.
    pub effect_interval: Option<[f64; 2]>,
    /// Rows that leave and were compared.
    pub leaving_rows: usize,
    /// Rows that stay and were compared.
    pub staying_rows: usize,
}

/// A test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Test {
    /// Mann-Whitney's U.
    MannWhitney,
    /// Pearson's chi-square.
    ChiSquare,
}

/// A measure of effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffectKind {
    /// Chance that a leaver's value is above a stayer's.
    Auc,
    /// Cramér's V, bias corrected.
    CramersV,
}
