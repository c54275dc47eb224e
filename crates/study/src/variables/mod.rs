//! Each variable alone: its type, what is missing, its distribution by class, and whether leavers differ.
//!
//! **Independence.** Tests take rows for independent. Where a subject has rows at several cutoffs they are not, so that the
//! section then describes and tests one row a subject: of a subject that leaves one of the rows that say so, of others any,
//! drawn by hash. (Their last rows would be of another time: leavers' are early, stayers' late, and whatever grows with time
//! would look like a reason.) [`Variables::rows_tested`] says how many those are.
//!
//! **Numbers** are tested by Mann-Whitney's U with tie correction, normal approximation with continuity correction (Mann and
//! Whitney 1947); the effect is the AUC, the chance that a leaver's value is above a stayer's, ties half (Vargha and Delaney
//! 2000), with DeLong's interval (DeLong et al. 1988; Sun and Xu 2014) on log-odds, widened near 0 and 1 where
//! its error is too small. **Categories**, and being missing, are tested by
//! Pearson's chi-square without continuity correction, levels in which fewer than five leavers or stayers are expected
//! taken together; the effect is Cramér's V with bias correction (Bergsma 2013), its interval by the noncentral chi-square (Smithson 2003). Rows count alike, whatever their weight.
//! **Many tests**: q is Benjamini and Hochberg's (1995) over all tests of the section.

mod category;
mod number;

use learn::{Column, Dataset, MISSING, Values};
use rayon::prelude::*;
use serde::Serialize;

use crate::draw::mix;
use crate::estimate::Estimate;
use crate::statistics::{Table, chi_square, cramers_v, cramers_v_interval, false_discovery};

/// q from which a difference is not counted as one.
const SURE: f64 = 0.05;

/// All variables, in the order of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// Columns that the model does not learn from, or could do without: what they are, and why.
    pub left_out: Vec<LeftOut>,
}

/// A column that is no variable, or says nothing of its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Why.
    #[serde(flatten)]
    pub why: WhyLeftOut,
}

/// Why a column is not learned from, or need not be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum WhyLeftOut {
    /// It knows the outcome: a leak.
    Leak,
    /// Nearly every row has another value.
    Key,
    /// It is another label.
    Label,
    /// The contract says to ignore it.
    Ignored,
    /// It has one value or none. Learners are given it and find nothing.
    Constant,
    /// It is the same as another column in every row. Learners are given both.
    Copy {
        /// The one that stands for both.
        of: String,
    },
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
    /// A number of days from 1970-01-01.
    Date,
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
#[expect(clippy::large_enum_variant, reason = "there is one of a variable, and a box would only hide its numbers")]
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
    /// From the 1st to the 99th percentile, of the other values where nearly all rows have one; values beyond count in the
    /// outer bins. Few distinct values have a bin each.
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
    /// Its 95% interval.
    pub effect_interval: [f64; 2],
    /// Rows that leave and were compared.
    pub leaving_rows: usize,
    /// Rows that stay and were compared.
    pub staying_rows: usize,
}

impl Difference {
    /// How large it surely is: the end of the interval that is nearer to no difference, from 0 for none to 1 for a complete
    /// one, so that numbers and categories, full columns and nearly empty ones can stand in one order.
    pub fn sure_effect(&self) -> f64 {
        let [low, high] = self.effect_interval;
        match self.effect_kind {
            EffectKind::Auc => (2.0 * low - 1.0).max(1.0 - 2.0 * high).max(0.0),
            EffectKind::CramersV => low,
        }
    }

    /// Whether it is counted as one.
    pub fn is_sure(&self) -> bool {
        self.q < SURE
    }
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

/// Describes and tests every column.
pub(crate) fn variables(dataset: &Dataset, kind: &(dyn Fn(&Column) -> VariableKind + Sync), seed: u64) -> Variables {
    let (rows, one_row_a_subject) = independent_rows(dataset, seed);
    let label: Vec<bool> = rows.iter().map(|&row| dataset.label[row as usize]).collect();
    let mut variables: Vec<Variable> =
        dataset.columns.par_iter().map(|column| variable(column, kind(column), &rows, &label)).collect();
    let tests = set_q(&mut variables);
    let differs = |variable: &&Variable| {
        [variable.difference, variable.missing_difference].iter().flatten().any(Difference::is_sure)
    };
    Variables {
        rows_tested: rows.len(),
        leaving_rows_tested: label.iter().filter(|&&label| label).count(),
        one_row_a_subject,
        tests,
        differing: variables.iter().filter(differs).count(),
        variables,
        left_out: Vec::new(),
    }
}

/// One row a subject, drawn among those that leave where some do; all rows where no subject repeats.
fn independent_rows(dataset: &Dataset, seed: u64) -> (Vec<u32>, bool) {
    let rows: Vec<u32> = (0..dataset.rows() as u32).collect();
    let subject = |row: u32| dataset.subject[row as usize];
    let mut drawn = rows.clone();
    drawn.sort_by_key(|&row| (subject(row), !dataset.label[row as usize], mix(mix(seed, 10), u64::from(row))));
    drawn.dedup_by_key(|row| subject(*row));
    match drawn.len() < rows.len() {
        true => (drawn, true),
        false => (rows, false),
    }
}

fn variable(column: &Column, kind: VariableKind, rows: &[u32], label: &[bool]) -> Variable {
    let is_missing: Vec<bool> = match &column.values {
        Values::Number(values) => rows.iter().map(|&row| values[row as usize].is_nan()).collect(),
        Values::Category { codes, .. } => rows.iter().map(|&row| codes[row as usize] == MISSING).collect(),
    };
    let described = match &column.values {
        Values::Number(values) => number::describe(values, rows, label),
        Values::Category { codes, levels } => category::describe(codes, levels, rows, label),
    };
    let present = is_missing.iter().filter(|&&missing| !missing).count();
    Variable {
        name: column.name.clone(),
        kind,
        missing: missing(&is_missing, label),
        distinct: described.distinct,
        is_constant: described.distinct <= 1,
        is_key_like: kind == VariableKind::Category && is_key_like(described.distinct, present),
        distribution: described.distribution,
        difference: described.difference,
        missing_difference: missing_difference(&is_missing, label),
    }
}

/// What a kind of variable says of itself.
struct Described {
    distinct: usize,
    distribution: Distribution,
    difference: Option<Difference>,
}

fn is_key_like(distinct: usize, present: usize) -> bool {
    present >= 20 && distinct as f64 >= 0.9 * present as f64
}

fn missing(is_missing: &[bool], label: &[bool]) -> Missing {
    let [[staying, staying_missing], [leaving, leaving_missing]] = by_class(is_missing, label);
    let share = |part: f64, of: f64| if of > 0.0 { part / of } else { 0.0 };
    let gone = staying_missing + leaving_missing;
    Missing {
        share: share(gone, gone + staying + leaving),
        share_leaving: share(leaving_missing, leaving_missing + leaving),
        share_staying: share(staying_missing, staying_missing + staying),
        leaving_if_missing: (gone > 0.0).then(|| Estimate::share(leaving_missing, gone)),
    }
}

fn missing_difference(is_missing: &[bool], label: &[bool]) -> Option<Difference> {
    let counts = by_class(is_missing, label);
    independence(&Table { counts: counts.concat(), columns: 2 }, label)
}

/// Rows that stay and rows that leave, each without and with a flag.
fn by_class(flag: &[bool], label: &[bool]) -> [[f64; 2]; 2] {
    let mut counts = [[0.0; 2]; 2];
    for (&flag, &label) in flag.iter().zip(label) {
        counts[usize::from(label)][usize::from(flag)] += 1.0;
    }
    counts
}

/// The test of a category against the classes of the compared rows.
fn independence(table: &Table, label: &[bool]) -> Option<Difference> {
    let test = chi_square(table)?;
    let leaving_rows = label.iter().filter(|&&label| label).count();
    Some(Difference {
        test: Test::ChiSquare,
        statistic: test.statistic,
        degrees: Some(test.degrees),
        p: test.p,
        q: test.p,
        effect_kind: EffectKind::CramersV,
        effect: cramers_v(table)?,
        effect_interval: cramers_v_interval(table)?,
        leaving_rows,
        staying_rows: label.len() - leaving_rows,
    })
}

/// Sets q of all tests; gives their number.
fn set_q(variables: &mut [Variable]) -> usize {
    let tests = |variable: &Variable| [variable.difference, variable.missing_difference].map(|test| test.map(|t| t.p));
    let p: Vec<f64> = variables.iter().flat_map(tests).flatten().collect();
    let mut q = false_discovery(&p).into_iter();
    for variable in variables {
        for difference in [&mut variable.difference, &mut variable.missing_difference].into_iter().flatten() {
            difference.q = q.next().unwrap_or(difference.p);
        }
    }
    p.len()
}

#[cfg(test)]
mod tests {
    use domain::{Cutoff, Day};

    use super::*;

    fn kind(column: &Column) -> VariableKind {
        if column.kind() == "number" { VariableKind::Number } else { VariableKind::Category }
    }

    fn dataset(columns: Vec<Column>, label: Vec<bool>) -> Dataset {
        let rows = label.len();
        let cutoff = vec![Cutoff(Day(0)); rows];
        Dataset { columns, label, cutoff, subject: (0..rows as u32).collect(), weight: None }
    }

    #[test]
    fn what_differs_is_found_and_what_does_not_is_not() {
        let label: Vec<bool> = (0..900).map(|row| row % 9 == 0).collect();
        let shifted = label.iter().enumerate().map(|(row, &left)| (row % 31) as f32 + 8.0 * f32::from(u8::from(left)));
        let same = (0..900).map(|row| (row / 9 % 25) as f32).collect();
        let gone = label.iter().enumerate().map(|(row, &left)| if left && row % 2 == 0 { f32::NAN } else { 1.0 });
        let codes = label.iter().enumerate().map(|(row, &left)| if left { 1 } else { (row % 3) as u32 }).collect();
        let levels = ["a", "b", "c"].map(str::to_owned).to_vec();
        let columns = vec![
            Column::number("shifted", shifted.collect()),
            Column::number("same", same),
            Column::number("gone", gone.collect()),
            Column::category("codes", codes, levels),
        ];
        let found = variables(&dataset(columns, label), &kind, 1);
        let [shifted, same, gone, codes] = &found.variables[..] else { panic!("{found:?}") };
        assert_eq!((found.differing, found.tests, found.rows_tested), (3, 4, 900));
        let difference = shifted.difference.expect("tested");
        assert!(
            difference.effect > 0.6 && difference.effect_interval[0] > 0.55 && difference.sure_effect() > 0.1,
            "{difference:?}"
        );
        assert!(same.difference.is_some_and(|difference| difference.q > 0.5));
        assert!(gone.is_constant && gone.difference.is_none());
        assert!(gone.missing_difference.is_some_and(|difference| difference.q < 1e-6 && difference.effect > 0.5));
        assert!((gone.missing.share_leaving - 0.5).abs() < 1e-12 && gone.missing.share_staying == 0.0);
        let Distribution::Category { levels, .. } = &codes.distribution else { panic!("{codes:?}") };
        assert_eq!((levels[0].name.as_str(), levels[0].leaving_rows), ("b", 100));
    }

    #[test]
    fn repeated_subjects_are_tested_once_and_time_is_no_reason() {
        // Every fourth leaves at one of ten cutoffs and is not seen after it; `day` grows with time and says nothing.
        let (mut label, mut cutoff, mut subject) = (Vec::new(), Vec::new(), Vec::new());
        for id in 0..2000u32 {
            let leaves_at = (id % 4 == 0).then_some(id / 4 % 10);
            for day in 0..=leaves_at.unwrap_or(9) {
                label.push(leaves_at == Some(day));
                cutoff.push(Cutoff(Day(day as i32)));
                subject.push(id);
            }
        }
        let days = cutoff.iter().map(|cutoff: &Cutoff| cutoff.0.0 as f32).collect();
        let data = Dataset { subject, cutoff, ..dataset(vec![Column::number("day", days)], label) };
        let found = variables(&data, &kind, 1);
        assert!(found.one_row_a_subject);
        assert_eq!((found.rows_tested, found.leaving_rows_tested), (2000, 500));
        let difference = found.variables[0].difference.expect("tested");
        assert!((difference.effect - 0.5).abs() < 0.05 && difference.p > 0.001, "{difference:?}");
    }
}
