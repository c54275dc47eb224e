//! Columns that know the future.
//!
//! What is written about a subject once, with no time of its own, may have been written after the subject left: a final
//! result, a status at the export. Such a column says of a subject's first day whether it will ever leave, better than
//! anything could that was known then.

use asof::{Compute, FeatureColumn, Row, Snapshot, Spec};
use learn::{Column, Dataset, association};

/// AUC from which a single column of traits is taken for a leak: what is known at the start does not tell so much.
const SUSPICIOUS_AUC: f64 = 0.9;

/// A feature that knows the future.
pub(crate) struct Leak {
    /// Index into the specs.
    pub(crate) feature: usize,
    /// How well it alone tells, of a subject's first cutoff, whether the subject ever leaves.
    pub(crate) auc: f64,
}

/// Looks at every feature that is a column of the subjects' table.
///
/// `ever_leaves` says for a subject whether it is seen to leave at all. One row per subject, its first.
pub(crate) fn find(
    specs: &[Spec],
    snapshot: &Snapshot,
    ever_leaves: impl Fn(Row) -> bool,
    seed: u64,
) -> Vec<Leak> {
    let mut first: Vec<usize> = (0..snapshot.rows.len()).collect();
    first.dedup_by_key(|&mut row| snapshot.rows[row].subject);
    let dataset = Dataset {
        columns: Vec::new(),
        label: first.iter().map(|&row| ever_leaves(snapshot.rows[row])).collect(),
        cutoff: first.iter().map(|&row| snapshot.rows[row].cutoff).collect(),
        subject: first.iter().map(|&row| snapshot.rows[row].subject).collect(),
        weight: None,
    };
    let from_the_subjects_table = |spec: &Spec| matches!(spec.compute, Compute::Attribute { .. } | Compute::Age { .. });
    let mut leaks = Vec::new();
    for (feature, spec) in specs.iter().enumerate().filter(|(_, spec)| from_the_subjects_table(spec)) {
        let column = match &snapshot.columns[feature] {
            FeatureColumn::Number(values) => {
                Column::number(&spec.name, first.iter().map(|&row| values[row]).collect())
            }
            FeatureColumn::Category { codes, levels } => {
                Column::category(&spec.name, first.iter().map(|&row| codes[row]).collect(), levels.clone())
            }
        };
        if let Some(auc) = association(&column, &dataset, seed).filter(|&auc| auc >= SUSPICIOUS_AUC) {
            leaks.push(Leak { feature, auc });
        }
    }
    leaks
}
