//! Numbers as at most 128 bins of about equal weight, one byte a value: what trees are grown on.
//!
//! Trees only ask which side of an edge a value lies on, so that with enough bins nothing is lost, and a pass over a
//! column reads one byte a row.

use crate::math::mix;

/// Bins of finite values; one more code stands for missing.
const MAX_BINS: usize = 127;

/// Rows looked at for the edges; more would not move quantiles by anything a tree notices.
const MAX_SAMPLE: usize = 100_000;

/// A column as codes. Code `b` holds values above `edges[b - 1]` and up to `edges[b]`; the last code is missing.
#[derive(Clone, Debug)]
pub(crate) struct BinnedColumn {
    pub(crate) codes: Vec<u8>,
    /// Upper edges of all bins but the last finite one, ascending.
    pub(crate) edges: Vec<f32>,
    /// Whether two rows differ.
    pub(crate) varies: bool,
}

impl BinnedColumn {
    /// Bins all values by edges read from those at `rows`.
    pub(crate) fn new(values: &[f32], rows: &[u32]) -> Self {
        let edges = quantile_edges(sample(values, rows));
        let codes: Vec<u8> = values.iter().map(|&value| code(&edges, value)).collect();
        let varies = codes.iter().any(|&code| code != codes[0]);
        Self { codes, edges, varies }
    }

    /// The code of missing values; finite values have smaller ones.
    pub(crate) fn missing(&self) -> u8 {
        (self.edges.len() + 1) as u8
    }

    /// Number of codes, missing included.
    pub(crate) fn codes_used(&self) -> usize {
        self.edges.len() + 2
    }
}

fn sample(values: &[f32], rows: &[u32]) -> Vec<f32> {
    // Picked by hash, not by stride: rows may come in an order that a stride would resonate with.
    let share = (MAX_SAMPLE as f64 / rows.len().max(1) as f64).min(1.0);
    let kept = rows.iter().filter(|&&row| share >= 1.0 || crate::math::falls_into(mix(0, u64::from(row)), share));
    kept.map(|&row| values[row as usize]).filter(|value| !value.is_nan()).collect()
}

fn code(edges: &[f32], value: f32) -> u8 {
    if value.is_nan() { (edges.len() + 1) as u8 } else { edges.partition_point(|&edge| edge < value) as u8 }
}

/// Edges between bins of about equal counts; a value that fills a bin alone gets it alone.
fn quantile_edges(mut values: Vec<f32>) -> Vec<f32> {
    values.sort_unstable_by(f32::total_cmp);
    let mut runs: Vec<(f32, usize)> = Vec::new();
    for value in values.iter().map(|value| value.clamp(f32::MIN, f32::MAX)) {
        match runs.last_mut() {
            Some((last, count)) if *last == value => *count += 1,
            _ => runs.push((value, 1)),
        }
    }
    let mut edges = Vec::new();
    let (mut in_bin, mut left) = (0, values.len());
    for pair in runs.windows(2) {
        let ((value, count), (next, next_count)) = (pair[0], pair[1]);
        in_bin += count;
        let target = left as f64 / (MAX_BINS - edges.len()) as f64;
        let fits_all = runs.len() <= MAX_BINS;
        // The bin also ends where the next value would overfill it by more than it is short now.
        let overfills = (in_bin + next_count) as f64 - target > target - in_bin as f64;
        if fits_all || (edges.len() + 1 < MAX_BINS && (in_bin as f64 >= target || overfills)) {
            edges.push(between(value, next));
            left -= in_bin;
            in_bin = 0;
        }
    }
    edges
}

/// A number from `low` up to, but not including, `high`, near the middle.
fn between(low: f32, high: f32) -> f32 {
    let middle = ((f64::from(low) + f64::from(high)) / 2.0) as f32;
    if middle < high { middle.max(low) } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(values: &[f32]) -> BinnedColumn {
        BinnedColumn::new(values, &(0..values.len() as u32).collect::<Vec<_>>())
    }

    #[test]
    fn few_values_get_a_bin_each_and_missing_its_own() {
        let column = all(&[3.0, f32::NAN, 1.0, 3.0, f32::INFINITY]);
        assert_eq!(column.codes, [1, 3, 0, 1, 2]);
        assert_eq!(column.missing(), 3);
        assert_eq!(column.edges[0], 2.0);
    }

    #[test]
    fn many_values_fill_bins_evenly() {
        let values: Vec<f32> = (0..100_000).map(|i| (i as f32).sqrt()).collect();
        let column = all(&values);
        let mut counts = vec![0usize; column.codes_used()];
        column.codes.iter().for_each(|&code| counts[usize::from(code)] += 1);
        let finite = &counts[..counts.len() - 1];
        assert_eq!(finite.len(), MAX_BINS);
        assert!(finite.iter().all(|&count| (700..900).contains(&count)), "{finite:?}");
    }

    #[test]
    fn a_heavy_value_does_not_eat_the_bins_of_others() {
        let values: Vec<f32> = (0..10_000).map(|i| if i < 9_000 { 0.0 } else { i as f32 }).collect();
        let column = all(&values);
        assert!(column.edges.len() > 100, "{}", column.edges.len());
        assert!(column.codes[..9_000].iter().all(|&code| code == 0));
    }

    #[test]
    fn neighbouring_floats_are_kept_apart() {
        let next = f32::from_bits(1.0f32.to_bits() + 1);
        assert_eq!(all(&[1.0, next]).codes, [0, 1]);
    }
}
