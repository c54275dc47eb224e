//! The population stability index of one variable, and of scores: see [the section](super).

use learn::{Column, MISSING, Values};
use std::collections::HashSet;

use super::VariableDrift;
use crate::VariableKind;
use crate::binning::Bins;

/// Quantile bins of a number.
const BINS: usize = 10;

/// Levels that have a bin of their own.
const LEVELS: usize = 50;

/// Rows added to every bin of both sides.
const SMOOTHING: f64 = 0.5;

/// New levels told by name.
const TOLD: usize = 10;

pub(super) fn variable(first: &Column, second: &Column, kind: VariableKind) -> VariableDrift {
    let rows: Vec<u32> = (0..first.rows() as u32).collect();
    let most = if first.kind() == "number" { BINS } else { LEVELS };
    let bins = Bins::learn(first, &rows, most).with_bins_beyond(first, &rows);
    let counts = |column: &Column| {
        let mut counts = vec![0.0; bins.count()];
        for bin in bins.bins(column, 0..column.rows() as u32) {
            counts[bin] += 1.0;
        }
        counts
    };
    let (a, b) = (counts(first), counts(second));
    let share = |counts: &[f64], bin: usize| counts[bin] / counts.iter().sum::<f64>().max(1.0);
    let new = (0..bins.count()).filter(|&bin| bins.is_unseen(bin)).map(|bin| share(&b, bin)).sum();
    let (psi, psi_by_chance) = psi(&a, &b);
    VariableDrift {
        name: first.name.clone(),
        kind,
        psi,
        psi_by_chance,
        missing_first: share(&a, bins.count() - 1),
        missing_second: share(&b, bins.count() - 1),
        new_levels: new_levels(first, second),
        new_level_share: new,
        median_first: median(first),
        median_second: median(second),
    }
}

/// PSI of scores in ten bins of about as many of the first, and one to either side of them.
pub(super) fn of_scores(first: &[f64], second: &[f64]) -> f64 {
    let column = |scores: &[f64]| Column::number("score", scores.iter().map(|&score| score as f32).collect());
    variable(&column(first), &column(second), VariableKind::Number).psi
}

/// PSI of counts in bins, and what chance alone gives on average. Bins that are empty on both sides do not count.
fn psi(first: &[f64], second: &[f64]) -> (f64, f64) {
    let used: Vec<(f64, f64)> =
        first.iter().copied().zip(second.iter().copied()).filter(|(a, b)| a + b > 0.0).collect();
    let smoothed = SMOOTHING * used.len() as f64;
    let (n, m) = used.iter().fold((0.0, 0.0), |sums, bin| (sums.0 + bin.0, sums.1 + bin.1));
    let mut psi = 0.0;
    for (a, b) in &used {
        let (a, b) = ((a + SMOOTHING) / (n + smoothed), (b + SMOOTHING) / (m + smoothed));
        psi += (b - a) * (b / a).ln();
    }
    (psi, (used.len().max(1) - 1) as f64 * (1.0 / f64::max(n, 1.0) + 1.0 / f64::max(m, 1.0)))
}

/// Levels of the second that no row of the first has, the most frequent first.
fn new_levels(first: &Column, second: &Column) -> Vec<String> {
    let (Values::Category { .. }, Values::Category { levels, .. }) = (&first.values, &second.values) else {
        return Vec::new();
    };
    let counts = |column: &Column| -> Vec<(String, usize)> {
        let Values::Category { codes, levels } = &column.values else { return Vec::new() };
        let mut counts = vec![0usize; levels.len()];
        codes.iter().filter(|&&code| code != MISSING).for_each(|&code| counts[code as usize] += 1);
        levels.iter().cloned().zip(counts).filter(|(_, count)| *count > 0).collect()
    };
    let known: HashSet<String> = counts(first).into_iter().map(|(level, _)| level).collect();
    let mut new: Vec<(String, usize)> = Vec::with_capacity(levels.len());
    new.extend(counts(second).into_iter().filter(|(level, _)| !known.contains(level)));
    new.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    new.into_iter().take(TOLD).map(|(level, _)| level).collect()
}

fn median(column: &Column) -> Option<f64> {
    let Values::Number(values) = &column.values else { return None };
    let mut there: Vec<f32> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    let middle = there.len() / 2;
    if there.is_empty() {
        return None;
    }
    let (_, median, _) = there.select_nth_unstable_by(middle, f32::total_cmp);
    Some(f64::from(*median))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn psi_is_its_formula() {
        // Shares of 0.5, 0.5 and 0.75, 0.25, of so many rows that half a row does not matter.
        let (found, by_chance) = psi(&[5e8, 5e8, 0.0], &[7.5e8, 2.5e8, 0.0]);
        let expected = 0.25 * 1.5f64.ln() - 0.25 * 0.5f64.ln();
        assert!((found - expected).abs() < 1e-8 && by_chance < 1e-8, "{found} {expected}");
        assert!(psi(&[10.0, 0.0], &[0.0, 10.0]).0.is_finite());
    }

    proptest! {
        #[test]
        fn psi_is_never_negative_and_the_same_both_ways(
            bins in proptest::collection::vec((0u32..50, 0u32..50), 2..20),
        ) {
            let first: Vec<f64> = bins.iter().map(|bin| f64::from(bin.0)).collect();
            let second: Vec<f64> = bins.iter().map(|bin| f64::from(bin.1)).collect();
            let (one, other) = (psi(&first, &second).0, psi(&second, &first).0);
            prop_assert!(one >= 0.0 && (one - other).abs() < 1e-9);
        }
    }

    #[test]
    fn what_is_the_same_has_about_what_chance_gives() {
        let column = |seed: u32| Column::number("x", (0..4000u32).map(|i| ((i * 7919 + seed) % 4001) as f32).collect());
        let same = variable(&column(1), &column(2), VariableKind::Number);
        assert!(same.psi < 3.0 * same.psi_by_chance + 1e-6, "{same:?}");
        let shifted =
            Column::number("x", (0..4000).map(|i| if i % 5 == 0 { f32::NAN } else { i as f32 / 2.0 }).collect());
        let shifted = variable(&column(1), &shifted, VariableKind::Number);
        assert!(shifted.psi > 0.25 && (shifted.missing_second - 0.2).abs() < 1e-9, "{shifted:?}");
    }

    #[test]
    fn numbers_beyond_those_of_the_first_set_are_drift() {
        let constant = |value: f32| Column::number("x", vec![value; 1000]);
        assert_eq!(variable(&constant(0.0), &constant(0.0), VariableKind::Number).psi, 0.0);
        for other in [5.0, -5.0] {
            let found = variable(&constant(0.0), &constant(other), VariableKind::Number);
            assert!(found.psi > 1.0 && found.psi_by_chance < 0.01, "{found:?}");
        }
        // Half of the first set is at its greatest value; in the second those are further up.
        let massed = |top: f32| Column::number("x", (0..1000).map(|i| if i < 500 { i as f32 } else { top }).collect());
        assert!(variable(&massed(600.0), &massed(600.0), VariableKind::Number).psi < 1e-9);
        let found = variable(&massed(600.0), &massed(900.0), VariableKind::Number);
        assert!(found.psi > 1.0, "{found:?}");
    }

    #[test]
    fn new_levels_are_told_by_name() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let first = Column::category("c", vec![0, 1, 1, 0], names(&["a", "b"]));
        let second = Column::category("c", vec![2, 0, 2, MISSING], names(&["b", "unused", "z"]));
        let found = variable(&first, &second, VariableKind::Number);
        assert_eq!((found.new_levels, found.new_level_share), (vec!["z".to_owned()], 0.5));
    }
}
