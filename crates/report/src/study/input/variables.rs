//! What an analyst is told of the variables: each alone, and which say the same.

use crate::input::Estimate;

/// All variables, in the order of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Variables {
    /// Rows that are described and tested.
    pub rows_tested: usize,
    /// Those of them that leave.
    pub leaving_rows_tested: usize,
    /// Whether subjects repeat in the table, so that one row of each is described and tested: of leavers one that leaves.
    pub one_row_a_subject: bool,
    /// Tests over which q controls the share of false discoveries.
    pub tests: usize,
    /// Variables whose values, or whose being missing, differ between the classes at q below 0.05.
    pub differing: usize,
    /// Each variable.
    pub variables: Vec<Variable>,
}

/// A variable.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableKind {
    /// Ordered, with distances.
    Number,
    /// Levels.
    Category,
}

/// Shares of rows without a value.
#[derive(Clone, Copy, Debug, PartialEq)]
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
#[expect(clippy::large_enum_variant, reason = "one of a variable, a few hundred in all")]
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq)]
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
#[derive(Clone, Debug, PartialEq)]
pub struct ClassBins {
    /// Edges in the variable's unit, ascending, one more than there are bins; a bin holds its lower edge, the last one both.
    /// From the 1st to the 99th percentile, of the other values where nearly all rows have one; values beyond count in the
    /// outer bins. Few distinct values have a bin each.
    pub edges: Vec<f64>,
    /// Rows of each bin that leave.
    pub leaving: Vec<usize>,
    /// Rows of each bin that stay.
    pub staying: Vec<usize>,
}

/// A level of a category.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// Mann-Whitney's U.
    MannWhitney,
    /// Pearson's chi-square.
    ChiSquare,
}

/// A measure of effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectKind {
    /// Chance that a leaver's value is above a stayer's.
    Auc,
    /// Cramér's V, bias corrected.
    CramersV,
}

/// Associations between variables.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The one that stands for it: the most important to the model.
    pub representative: String,
    /// All of them, the most important first.
    pub columns: Vec<String>,
    /// The weakest of the associations that hold it together, 1 where all are copies.
    pub weakest_link: f64,
}

/// How strongly two variables go together.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Spearman's rank correlation, -1 to 1.
    Spearman,
    /// Cramér's V, bias corrected, 0 to 1.
    CramersV,
    /// Correlation ratio of ranks, adjusted for levels, 0 to 1.
    CorrelationRatio,
}
