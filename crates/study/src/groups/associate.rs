//! How strongly every two columns go together.
//!
//! Numbers are ranked once and centred; the correlation of these ranks over rows where both are there is six sums of products,
//! which run over blocks of columns that fit the cache. Where a value is missing in either, ranks among the common rows differ
//! a little: pairs that come near the list or the threshold are ranked anew and are exact.

use learn::{Column, MISSING, Values};
use rayon::prelude::*;

use super::Measure;
use crate::statistics::{Table, cramers_v, mid_ranks};

/// Rows that a pair must have in common.
const MIN_ROWS: f64 = 30.0;

/// Levels of a category that are told apart, the most frequent; the others count as one.
const LEVELS: usize = 50;

/// Strength below the threshold from which a pair with missing values is ranked anew.
const NEAR: f64 = 0.15;

/// Columns compared with as many others at a time.
const BLOCK: usize = 32;

/// Two columns, by their places, and how they go together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) first: usize,
    pub(super) second: usize,
    pub(super) measure: Measure,
    pub(super) value: f64,
    pub(super) rows: usize,
}

/// What was found.
pub(super) struct Found {
    /// Pairs at or above the threshold with their strength.
    pub(super) strong: Vec<(usize, usize, f64)>,
    /// The strongest pairs.
    pub(super) listed: Vec<Pair>,
}

/// A column made ready to be compared.
enum Ready {
    Ranks(Ranks),
    Levels(Vec<u32>),
}

/// Centred ranks between -1 and 1, and what sums of products need; 0 where a value is missing.
struct Ranks {
    rank: Vec<f32>,
    square: Vec<f32>,
    present: Vec<f32>,
    is_whole: bool,
    /// Sum of squares.
    squares: f64,
}

pub(super) fn associations(columns: &[Column], threshold: f64, listed: usize) -> Found {
    let ready: Vec<Ready> = columns.par_iter().map(ready).collect();
    let blocks = columns.len().div_ceil(BLOCK);
    let tasks: Vec<(usize, usize)> = (0..blocks).flat_map(|a| (a..blocks).map(move |b| (a, b))).collect();
    let of_block = |&(a, b): &(usize, usize)| {
        let block = |block: usize| block * BLOCK..((block + 1) * BLOCK).min(columns.len());
        let pairs = block(a).flat_map(|first| block(b).filter(move |&second| second > first).map(move |s| (first, s)));
        let all = pairs.filter_map(|(first, second)| compare(&ready, columns, first, second, threshold));
        strongest(all.collect(), threshold, listed)
    };
    let mut found = Found { strong: Vec::new(), listed: Vec::new() };
    let by_block: Vec<Found> = tasks.par_iter().map(of_block).collect();
    for block in by_block {
        found.strong.extend(block.strong);
        found.listed.extend(block.listed);
    }
    found.listed = strongest(found.listed, threshold, listed).listed;
    found
}

/// What is strong, and the head of the list.
fn strongest(mut pairs: Vec<Pair>, threshold: f64, listed: usize) -> Found {
    let is_strong = |pair: &&Pair| pair.value.abs() >= threshold;
    let strong = pairs.iter().filter(is_strong).map(|pair| (pair.first, pair.second, pair.value.abs())).collect();
    pairs.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()).then((a.first, a.second).cmp(&(b.first, b.second))));
    pairs.truncate(listed);
    Found { strong, listed: pairs }
}

fn compare(ready: &[Ready], columns: &[Column], first: usize, second: usize, threshold: f64) -> Option<Pair> {
    let (measure, value, rows) = match (&ready[first], &ready[second]) {
        (Ready::Ranks(a), Ready::Ranks(b)) => {
            let (mut value, rows) = correlation(a, b)?;
            if !(a.is_whole && b.is_whole) && value.abs() >= threshold - NEAR {
                value = ranked_anew(&columns[first], &columns[second])?;
            }
            (Measure::Spearman, value, rows)
        }
        (Ready::Levels(a), Ready::Levels(b)) => {
            let (value, rows) = association(a, b)?;
            (Measure::CramersV, value, rows)
        }
        (Ready::Ranks(ranks), Ready::Levels(levels)) | (Ready::Levels(levels), Ready::Ranks(ranks)) => {
            let (value, rows) = correlation_ratio(ranks, levels)?;
            (Measure::CorrelationRatio, value, rows)
        }
    };
    Some(Pair { first, second, measure, value, rows })
}

fn ready(column: &Column) -> Ready {
    match &column.values {
        Values::Number(values) => Ready::Ranks(ranks(values)),
        Values::Category { codes, .. } => Ready::Levels(frequent(codes)),
    }
}

fn ranks(values: &[f32]) -> Ranks {
    let there: Vec<usize> = (0..values.len()).filter(|&row| !values[row].is_nan()).collect();
    let ranked = mid_ranks(&there.iter().map(|&row| values[row]).collect::<Vec<_>>());
    let half = (there.len().max(2) - 1) as f32 / 2.0;
    let mut ranks = Ranks {
        rank: vec![0.0; values.len()],
        square: vec![0.0; values.len()],
        present: vec![0.0; values.len()],
        is_whole: there.len() == values.len(),
        squares: 0.0,
    };
    for (&row, rank) in there.iter().zip(ranked) {
        let centred = (rank - half) / half;
        ranks.rank[row] = centred;
        ranks.square[row] = centred * centred;
        ranks.present[row] = 1.0;
    }
    ranks.squares = dot(&ranks.rank, &ranks.rank);
    ranks
}

/// Codes of the most frequent levels from 0, all others as the next one.
fn frequent(codes: &[u32]) -> Vec<u32> {
    let levels = codes.iter().filter(|&&code| code != MISSING).max().map_or(0, |&last| last as usize + 1);
    let mut counts = vec![0usize; levels];
    for &code in codes.iter().filter(|&&code| code != MISSING) {
        counts[code as usize] += 1;
    }
    let mut order: Vec<usize> = (0..levels).filter(|&level| counts[level] > 0).collect();
    order.sort_by_key(|&level| (std::cmp::Reverse(counts[level]), level));
    let mut number = vec![LEVELS as u32 - 1; levels];
    for (place, &level) in order.iter().enumerate().take(LEVELS - 1) {
        number[level] = place as u32;
    }
    codes.iter().map(|&code| number.get(code as usize).copied().unwrap_or(MISSING)).collect()
}

/// The correlation of ranks over common rows, and how many those are.
fn correlation(a: &Ranks, b: &Ranks) -> Option<(f64, usize)> {
    if a.is_whole && b.is_whole {
        // Centred ranks sum to nought.
        let (n, product) = (a.rank.len(), a.squares * b.squares);
        let correlation = || (dot(&a.rank, &b.rank) / product.sqrt()).clamp(-1.0, 1.0);
        return (n as f64 >= MIN_ROWS && product > 0.0).then(|| (correlation(), n));
    }
    let n = dot(&a.present, &b.present);
    let (sum_a, sum_b) = (dot(&a.rank, &b.present), dot(&a.present, &b.rank));
    let spread_a = n * dot(&a.square, &b.present) - sum_a * sum_a;
    let spread_b = n * dot(&a.present, &b.square) - sum_b * sum_b;
    let product = spread_a * spread_b;
    let shared = n * dot(&a.rank, &b.rank) - sum_a * sum_b;
    (n >= MIN_ROWS && product > 0.0).then(|| ((shared / product.sqrt()).clamp(-1.0, 1.0), n as usize))
}

/// Spearman's correlation, exactly.
fn ranked_anew(one: &Column, other: &Column) -> Option<f64> {
    let (Values::Number(a), Values::Number(b)) = (&one.values, &other.values) else { return None };
    let common = || a.iter().zip(b).filter(|(a, b)| !a.is_nan() && !b.is_nan());
    let a = ranks(&common().map(|(a, _)| *a).collect::<Vec<_>>());
    let b = ranks(&common().map(|(_, b)| *b).collect::<Vec<_>>());
    Some(correlation(&a, &b)?.0)
}

fn association(a: &[u32], b: &[u32]) -> Option<(f64, usize)> {
    let mut table = Table { counts: vec![0.0; LEVELS * LEVELS], columns: LEVELS };
    let mut rows = 0;
    for (&a, &b) in a.iter().zip(b) {
        if a != MISSING && b != MISSING {
            table.counts[a as usize * LEVELS + b as usize] += 1.0;
            rows += 1;
        }
    }
    (rows as f64 >= MIN_ROWS).then(|| Some((cramers_v(&table)?, rows)))?
}

/// `sqrt(1 - (1 - eta^2) (n - 1) / (n - k))` of ranks by level.
fn correlation_ratio(ranks: &Ranks, levels: &[u32]) -> Option<(f64, usize)> {
    let (mut counts, mut sums) = ([0.0; LEVELS], [0.0; LEVELS]);
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for ((&rank, &present), &level) in ranks.rank.iter().zip(&ranks.present).zip(levels) {
        if present > 0.0 && level != MISSING {
            let rank = f64::from(rank);
            counts[level as usize] += 1.0;
            sums[level as usize] += rank;
            n += 1.0;
            sum += rank;
            squares += rank * rank;
        }
    }
    let used = counts.iter().filter(|&&count| count > 0.0).count() as f64;
    let whole = squares - sum * sum / n;
    if n < MIN_ROWS || used < 2.0 || n <= used || whole.is_nan() || whole <= 0.0 {
        return None;
    }
    let between: f64 = counts.iter().zip(sums).filter(|(n, _)| **n > 0.0).map(|(n, s)| s * s / n).sum();
    let explained = (between - sum * sum / n) / whole;
    let adjusted = 1.0 - (1.0 - explained) * (n - 1.0) / (n - used);
    Some((adjusted.clamp(0.0, 1.0).sqrt(), n as usize))
}

/// Eight sums side by side: the compiler makes vector instructions of them, and the order is always the same.
fn dot(a: &[f32], b: &[f32]) -> f64 {
    let mut sums = [0.0f32; 8];
    let (a_blocks, a_rest) = a.as_chunks::<8>();
    let (b_blocks, b_rest) = b.as_chunks::<8>();
    for (a, b) in a_blocks.iter().zip(b_blocks) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().map(|&sum| f64::from(sum)).sum::<f64>() + f64::from(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spearman_with_ties_and_gaps_is_that_of_scipy() {
        // scipy.stats.spearmanr(a, b, nan_policy="omit")
        let value = |row: u32, step: u32| match row * row * step % 23 {
            code if (row + step).is_multiple_of(6) && code.is_multiple_of(2) => f32::NAN,
            code => code as f32,
        };
        let column = |step| Column::number("c", (0..80).map(|row| value(row, step) + row as f32 / 4.0).collect());
        let found = associations(&[column(3), column(7)], 0.0, 1);
        let pair = found.listed[0];
        assert_eq!(pair.rows, COMMON);
        assert!((pair.value - SPEARMAN).abs() < 1e-6, "{pair:?}");
    }

    #[test]
    fn a_number_cut_into_levels_goes_with_them() {
        let values: Vec<f32> = (0..600).map(|row| (row * 7 % 600) as f32).collect();
        let thirds = values.iter().map(|value| (value / 200.0) as u32).collect();
        let other = (0..600).map(|row| row % 3).collect();
        let levels = || ["a", "b", "c"].map(str::to_owned).to_vec();
        let columns = [
            Column::number("x", values),
            Column::category("thirds", thirds, levels()),
            Column::category("other", other, levels()),
        ];
        let found = associations(&columns, 0.9, 9);
        assert_eq!(found.strong.iter().map(|pair| (pair.0, pair.1)).collect::<Vec<_>>(), [(0, 1)]);
        // Between the thirds lies 8/9 of the variance of an even spread.
        assert!((found.strong[0].2 - (8.0f64 / 9.0).sqrt()).abs() < 1e-3, "{:?}", found.strong);
    }

    const COMMON: usize = 64;
    const SPEARMAN: f64 = 0.6228156562764811;
}
