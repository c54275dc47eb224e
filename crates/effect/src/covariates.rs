//! The columns of a campaign as trees see them: binned once for all fits, and as numbers to walk trees by.

use std::borrow::Cow;

use learn::{BoostSettings, Column, Ensemble, FitError, Loss, MISSING, TreeFit, TreeTable, Values};

use crate::draw::{halves, mix};

/// Bins of a column.
const BINS: usize = 127;

/// Columns made ready for many fits.
pub(crate) struct Covariates<'a> {
    pub(crate) columns: &'a [Column],
    pub(crate) features: Vec<Cow<'a, [f32]>>,
    pub(crate) table: TreeTable,
}

impl<'a> Covariates<'a> {
    pub(crate) fn new(columns: &'a [Column]) -> Result<Self, FitError> {
        Ok(Self { columns, features: columns.iter().map(feature).collect(), table: TreeTable::new(columns, BINS)? })
    }

    pub(crate) fn slices(&self) -> Vec<&[f32]> {
        self.features.iter().map(AsRef::as_ref).collect()
    }

    /// The same columns and one more.
    pub(crate) fn table_with(&self, column: Column) -> Result<TreeTable, FitError> {
        let mut columns = self.columns.to_vec();
        columns.push(column);
        TreeTable::new(&columns, BINS)
    }
}

/// A column's values as trees ask about them: a category's is the number of its level.
pub(crate) fn feature(column: &Column) -> Cow<'_, [f32]> {
    match &column.values {
        Values::Number(values) => Cow::Borrowed(values),
        Values::Category { codes, .. } => {
            Cow::Owned(codes.iter().map(|&code| if code == MISSING { f32::NAN } else { code as f32 }).collect())
        }
    }
}

/// Trees on some rows, as many as have the least loss on others.
pub(crate) fn grow(
    table: &TreeTable,
    target: &[f32],
    rows: &[u32],
    watched: &[u32],
    loss: Loss,
    size: &BoostSettings,
    seed: u64,
) -> Result<Ensemble, FitError> {
    let fit = TreeFit { loss, boost: size.clone(), seed, ..TreeFit::default() };
    table.fit(target, rows, Some(watched), &fit)
}

/// Two ensembles, each grown on one half of the rows and watched on the other: all rows are used for both ends.
pub(crate) fn grow_halves(
    table: &TreeTable,
    target: &[f32],
    rows: &[u32],
    loss: Loss,
    size: &BoostSettings,
    seed: u64,
) -> Result<[Ensemble; 2], FitError> {
    let [first, second] = halves(rows, seed);
    Ok([
        grow(table, target, &first, &second, loss, size, mix(seed, 1))?,
        grow(table, target, &second, &first, loss, size, mix(seed, 2))?,
    ])
}

/// The mean of two ensembles' margins, as what they say of the target.
pub(crate) fn mean_of_halves(halves: &[Ensemble; 2], features: &[&[f32]], rows: &[u32]) -> Vec<f64> {
    let (first, second) = (halves[0].margins_at(features, rows), halves[1].margins_at(features, rows));
    first.iter().zip(second).map(|(a, b)| halves[0].link.mean((a + b) / 2.0)).collect()
}

/// Trees for an outcome or a propensity.
pub(crate) fn outcome_size() -> BoostSettings {
    BoostSettings {
        max_trees: 150,
        learning_rate: 0.1,
        leaves: 12,
        depth: 4,
        l2: 5.0,
        min_leaf_rows: 20.0,
        min_leaf_hessian: 1.0,
        row_share: 1.0,
        column_share: 0.7,
        ..BoostSettings::default()
    }
}

/// Trees for an effect: smaller, because an effect is a small thing under much noise.
pub(crate) fn effect_size(rows: usize) -> BoostSettings {
    BoostSettings {
        max_trees: 100,
        leaves: 6,
        depth: 3,
        l2: 10.0,
        min_leaf_rows: (rows as f64 / 50.0).clamp(20.0, 400.0),
        ..outcome_size()
    }
}
