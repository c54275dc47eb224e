//! Columns as a few bins: quantiles of a number, levels of a category, and one for missing.

use learn::{Column, MISSING, Values};
use rustc_hash::FxHashMap;

/// How values become bins, learned from some rows. Missing is the last bin, a level that was not seen the one before it.
pub(crate) enum Bins {
    /// Upper edges of all bins but the last.
    Number(Vec<f32>),
    /// Bins by level; levels too rare for one share the bin after these.
    Category { of_level: FxHashMap<String, usize>, named: usize },
}

impl Bins {
    /// At most `most` bins of about as many of these rows, or the most frequent levels and one for all others.
    pub(crate) fn learn(column: &Column, rows: &[u32], most: usize) -> Self {
        match &column.values {
            Values::Number(values) => {
                let there = rows.iter().map(|&row| values[row as usize]).filter(|value| !value.is_nan());
                let mut sorted: Vec<f32> = there.collect();
                sorted.sort_unstable_by(f32::total_cmp);
                Self::Number(edges(&sorted, most))
            }
            Values::Category { codes, levels } => {
                let mut counts = vec![0usize; levels.len()];
                for &row in rows {
                    if let Some(count) = counts.get_mut(codes[row as usize] as usize) {
                        *count += 1;
                    }
                }
                let mut order: Vec<usize> = (0..levels.len()).filter(|&level| counts[level] > 0).collect();
                order.sort_by(|&a, &b| counts[b].cmp(&counts[a]).then(levels[a].cmp(&levels[b])));
                let named = order.len().min(most);
                let bin = |(place, &level): (usize, &usize)| (levels[level].clone(), place.min(named));
                Self::Category { of_level: order.iter().enumerate().map(bin).collect(), named }
            }
        }
    }

    /// With a bin for numbers below the least of these rows and one for those above the greatest, where no row of these is.
    /// Quantiles alone cannot tell such numbers from the outer ones, and a column of one number has no quantiles at all.
    pub(crate) fn with_bins_beyond(mut self, column: &Column, rows: &[u32]) -> Self {
        if let (Self::Number(edges), Values::Number(values)) = (&mut self, &column.values) {
            let there = || rows.iter().map(|&row| values[row as usize]).filter(|value| !value.is_nan());
            if let (Some(least), Some(greatest)) = (there().min_by(f32::total_cmp), there().max_by(f32::total_cmp)) {
                edges.insert(0, least.next_down());
                edges.push(greatest);
            }
        }
        self
    }

    /// Number of bins.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Number(edges) => edges.len() + 2,
            Self::Category { named, .. } => named + 3,
        }
    }

    /// Whether a bin holds levels that were not seen.
    pub(crate) fn is_unseen(&self, bin: usize) -> bool {
        matches!(self, Self::Category { named, .. } if bin == named + 1)
    }

    /// The bin of each row of a column of the same kind.
    pub(crate) fn bins(&self, column: &Column, rows: impl Iterator<Item = u32>) -> Vec<usize> {
        match (self, &column.values) {
            (Self::Number(edges), Values::Number(values)) => rows
                .map(|row| match values[row as usize] {
                    value if value.is_nan() => edges.len() + 1,
                    value => edges.partition_point(|&edge| edge < value),
                })
                .collect(),
            (Self::Category { of_level, named }, Values::Category { codes, levels }) => {
                let by_code: Vec<usize> =
                    levels.iter().map(|level| of_level.get(level).copied().unwrap_or(named + 1)).collect();
                rows.map(|row| match codes[row as usize] {
                    MISSING => named + 2,
                    code => by_code[code as usize],
                })
                .collect()
            }
            // Columns of another kind hold nothing that these bins know.
            _ => rows.map(|_| self.count() - 1).collect(),
        }
    }
}

fn edges(sorted: &[f32], most: usize) -> Vec<f32> {
    let Some(&last) = sorted.last() else { return Vec::new() };
    let at = |bin: usize| sorted[(bin * sorted.len() / most).saturating_sub(1)];
    let mut edges: Vec<f32> = (1..most).map(at).filter(|&edge| edge < last).collect();
    edges.dedup();
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fill_bins_evenly_and_levels_are_known_by_name() {
        let column = Column::number("x", (0..100).map(|i| if i == 7 { f32::NAN } else { i as f32 }).collect());
        let rows: Vec<u32> = (0..100).collect();
        let bins = Bins::learn(&column, &rows, 10);
        let found = bins.bins(&column, 0..100);
        let in_bin = |bin| found.iter().filter(|&&found| found == bin).count();
        assert_eq!((bins.count(), found[7], in_bin(10)), (11, 10, 1));
        assert!((0..10).all(|bin| (9..=11).contains(&in_bin(bin))), "{found:?}");

        let names = |names: [&str; 3]| names.map(str::to_owned).to_vec();
        let first = Column::category("c", vec![0, 0, 0, 1, 1, 2], names(["a", "b", "c"]));
        let other = Column::category("c", vec![0, 1, 2, MISSING], names(["b", "z", "c"]));
        let bins = Bins::learn(&first, &[0, 1, 2, 3, 4, 5], 2);
        assert_eq!(bins.bins(&other, 0..4), [1, 3, 2, 4]);
        assert!(bins.is_unseen(3) && !bins.is_unseen(2) && bins.count() == 5);
    }

    #[test]
    fn numbers_beyond_the_learned_ones_have_bins_of_their_own() {
        let first = Column::number("x", vec![0.0, 1.0, 1.0, 1.0, f32::NAN]);
        let rows = [0, 1, 2, 3, 4];
        let bins = Bins::learn(&first, &rows, 2).with_bins_beyond(&first, &rows);
        let second = Column::number("x", vec![-0.1, 0.0, 1.0, 1.1, f32::NAN]);
        assert_eq!(bins.bins(&first, 0..5), [1, 1, 1, 1, 3]);
        assert_eq!((bins.bins(&second, 0..5), bins.count()), (vec![0, 1, 1, 2, 3], 4));

        let nothing = Column::number("x", vec![f32::NAN]);
        let bins = Bins::learn(&nothing, &[0], 2).with_bins_beyond(&nothing, &[0]);
        assert_eq!((bins.bins(&second, 0..5), bins.count()), (vec![0, 0, 0, 0, 1], 2));
    }
}
