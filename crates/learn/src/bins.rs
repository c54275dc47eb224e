//! Numbers as at most 255 bins of about equal weight, one byte a value: what trees are grown on.
//!
//! Trees only ask which side of an edge a value lies on, so that with enough bins nothing is lost, and a pass over a
//! column reads one byte a row. Levels of a category are bins as they are; the rare ones share one.

use rayon::prelude::*;

use crate::data::MISSING;
use crate::math::mix;

/// Bins of finite values where nothing else is asked for; one more code stands for missing.
const USUAL_BINS: usize = 255;

/// Bins of finite values, at most: with missing, 256 codes.
pub(crate) const MOST_BINS: usize = 255;

/// Rows below which a level does not get a bin of its own.
const MIN_LEVEL_ROWS: usize = 5;

/// Rows looked at for the edges; more would not move quantiles by anything a tree notices.
const MAX_SAMPLE: usize = 100_000;

/// A column as codes. Code `b` holds values above `edges[b - 1]` and up to `edges[b]`; the last code is missing.
#[derive(Clone, Debug)]
pub(crate) struct BinnedColumn {
    pub(crate) codes: Vec<u8>,
    /// Upper edges of all bins but the last finite one, ascending.
    pub(crate) edges: Vec<f32>,
    /// For categories: the level of each code but the last two, which are all rare levels and missing.
    pub(crate) levels: Option<Vec<u32>>,
    /// Whether two rows differ.
    pub(crate) varies: bool,
    /// Codes for further models of an average, where training rows differ from one to the next.
    dealt: Vec<Vec<u8>>,
}

impl BinnedColumn {
    /// Bins all values by edges read from those at `rows`.
    pub(crate) fn new(values: &[f32], rows: &[u32]) -> Self {
        Self::with_bins(values, rows, USUAL_BINS)
    }

    /// The same with another number of bins, up to [`MOST_BINS`].
    pub(crate) fn with_bins(values: &[f32], rows: &[u32], bins: usize) -> Self {
        let edges = quantile_edges(sample(values, rows), bins.clamp(2, MOST_BINS));
        let codes = Coder::new(&edges).codes(values);
        let varies = codes.iter().any(|&code| code != codes[0]);
        Self { codes, edges, levels: None, varies, dealt: Vec::new() }
    }

    /// Levels as bins, those of the most rows first; a level with few rows shares the bin of the rare ones.
    pub(crate) fn category(levels: &[u32], rows: &[u32]) -> Self {
        let mut counts =
            vec![0usize; levels.iter().filter(|&&level| level != MISSING).max().map_or(0, |&l| l as usize + 1)];
        for &row in rows {
            if let Some(count) = counts.get_mut(levels[row as usize] as usize) {
                *count += 1;
            }
        }
        let mut named: Vec<u32> =
            (0..counts.len() as u32).filter(|&level| counts[level as usize] >= MIN_LEVEL_ROWS).collect();
        named.sort_by_key(|&level| std::cmp::Reverse(counts[level as usize]));
        named.truncate(MOST_BINS - 1);
        let (rare, missing) = (named.len() as u8, named.len() as u8 + 1);
        let mut code_of = vec![rare; counts.len()];
        for (code, &level) in named.iter().enumerate() {
            code_of[level as usize] = code as u8;
        }
        // A missing level is past the end.
        let code = |&level: &u32| code_of.get(level as usize).copied().unwrap_or(missing);
        let codes: Vec<u8> = levels.iter().map(code).collect();
        let varies = codes.iter().any(|&code| code != codes[0]);
        Self { codes, edges: Vec::new(), levels: Some(named), varies, dealt: Vec::new() }
    }

    /// Keeps values for further models as well, in the same bins.
    pub(crate) fn deal(&mut self, values: &[Vec<f32>]) {
        let coder = Coder::new(&self.edges);
        self.dealt = values.par_iter().map(|values| coder.codes(values)).collect();
    }

    /// The codes that a model of an average learns from.
    pub(crate) fn codes_of(&self, model: usize) -> &[u8] {
        match model % (self.dealt.len() + 1) {
            0 => &self.codes,
            further => &self.dealt[further - 1],
        }
    }

    /// Whether models of an average learn from different codes.
    pub(crate) fn is_dealt(&self) -> bool {
        !self.dealt.is_empty()
    }

    /// The code of missing values; finite values have smaller ones.
    pub(crate) fn missing(&self) -> u8 {
        (self.codes_used() - 1) as u8
    }

    /// Number of levels that have a bin of their own: the first codes.
    pub(crate) fn named_levels(&self) -> usize {
        self.levels.as_ref().map_or(0, Vec::len)
    }

    /// Number of codes, missing included.
    pub(crate) fn codes_used(&self) -> usize {
        self.levels.as_ref().map_or(self.edges.len(), Vec::len) + 2
    }
}

/// Finds the code of a value: a table leads to the few edges that come into question.
struct Coder<'a> {
    edges: &'a [f32],
    low: f32,
    cells_per_unit: f32,
    /// For each cell between the lowest and highest edge: the first edge that is not certainly below it.
    first: Vec<u8>,
}

impl<'a> Coder<'a> {
    const CELLS: usize = 1024;

    fn new(edges: &'a [f32]) -> Self {
        let (low, high) = (edges.first().copied().unwrap_or(0.0), edges.last().copied().unwrap_or(0.0));
        let width = high - low;
        let cells_per_unit = if width > 0.0 && width.is_finite() { Self::CELLS as f32 / width } else { 0.0 };
        let mut coder = Self { edges, low, cells_per_unit, first: vec![0; Self::CELLS + 1] };
        // The cell of a value never falls as the value grows, so that edges of earlier cells are below the value.
        let mut below = vec![0u8; Self::CELLS + 2];
        edges.iter().for_each(|&edge| below[coder.cell(edge) + 1] += 1);
        let mut sum = 0;
        for (first, count) in coder.first.iter_mut().zip(below) {
            sum += count;
            *first = sum;
        }
        coder
    }

    fn cell(&self, value: f32) -> usize {
        // Below the lowest edge this is negative and becomes 0; infinities become the first or last cell.
        (((value - self.low) * self.cells_per_unit) as usize).min(Self::CELLS)
    }

    fn codes(&self, values: &[f32]) -> Vec<u8> {
        values.iter().map(|&value| self.code(value)).collect()
    }

    fn code(&self, value: f32) -> u8 {
        if value.is_nan() {
            return (self.edges.len() + 1) as u8;
        }
        let mut code = usize::from(self.first[self.cell(value)]);
        let mut steps = 0;
        while code < self.edges.len() && self.edges[code] < value {
            code += 1;
            steps += 1;
            if steps == 8 {
                return self.edges.partition_point(|&edge| edge < value) as u8;
            }
        }
        code as u8
    }
}

fn sample(values: &[f32], rows: &[u32]) -> Vec<f32> {
    // Picked by hash, not by stride: rows may come in an order that a stride would resonate with.
    let share = (MAX_SAMPLE as f64 / rows.len().max(1) as f64).min(1.0);
    let kept = rows.iter().filter(|&&row| share >= 1.0 || crate::math::falls_into(mix(0, u64::from(row)), share));
    kept.map(|&row| values[row as usize]).filter(|value| !value.is_nan()).collect()
}

/// Edges between bins of about equal counts; a value that fills a bin alone gets it alone.
fn quantile_edges(mut values: Vec<f32>, bins: usize) -> Vec<f32> {
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
        let target = left as f64 / (bins - edges.len()) as f64;
        let fits_all = runs.len() <= bins;
        // The bin also ends where the next value would overfill it by more than it is short now.
        let overfills = (in_bin + next_count) as f64 - target > target - in_bin as f64;
        if fits_all || (edges.len() + 1 < bins && (in_bin as f64 >= target || overfills)) {
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
        assert_eq!(finite.len(), USUAL_BINS);
        assert!(finite.iter().all(|&count| (350..450).contains(&count)), "{finite:?}");
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

    #[test]
    fn codes_are_those_of_a_search_over_all_edges() {
        let spread = |i: u64| (mix(3, i) % 1_000_003) as f32;
        let scales: [fn(f32) -> f32; 5] = [|x| x, |x| -x, |x| (x / 4e4).exp(), |x| 1e9 + x / 100.0, |x| x.powi(6)];
        for (seed, scale) in scales.into_iter().enumerate() {
            let mut values: Vec<f32> = (0..20_000).map(|i| scale(spread(seed as u64 * 100_000 + i))).collect();
            values.extend([f32::NEG_INFINITY, f32::INFINITY, f32::MIN, f32::MAX, -0.0]);
            let rows: Vec<u32> = (0..values.len() as u32).collect();
            let column = BinnedColumn::with_bins(&values, &rows, MOST_BINS);
            values.extend(column.edges.clone());
            let codes = Coder::new(&column.edges).codes(&values);
            for (&value, code) in values.iter().zip(codes) {
                assert_eq!(usize::from(code), column.edges.partition_point(|&edge| edge < value), "{value}");
            }
        }
    }

    #[test]
    fn rare_levels_share_a_bin_and_missing_has_its_own() {
        let levels = [[3; 20].as_slice(), &[1; 30], &[0; 2], &[MISSING; 2]].concat();
        let column = BinnedColumn::category(&levels, &(0..54).collect::<Vec<_>>());
        assert_eq!(column.levels.as_deref(), Some([1, 3].as_slice()));
        assert_eq!([column.codes[0], column.codes[20], column.codes[50], column.codes[53]], [1, 0, 2, 3]);
        assert_eq!((column.codes_used(), column.missing()), (4, 3));
    }
}
