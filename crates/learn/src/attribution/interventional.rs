//! Interventional TreeSHAP: what features add against chosen background rows.
//!
//! Estimand: the mean over background rows `b` of the Shapley values of `v(S) = tree(x on S, b elsewhere)` (Janzing et al.
//! 2020; Lundberg et al. 2020). Of a leaf's path, let `A` be the features at which only `x` follows and `B` those at which
//! only `b` does; where some feature is followed by neither, the leaf plays no part. Otherwise `v(S)` is the leaf's value if
//! `S` has all of `A` and none of `B`, and each of `A` gets `(|A|-1)! |B|! / (|A|+|B|)!` of it, each of `B` loses
//! `|A|! (|B|-1)! / (|A|+|B|)!`. Background rows of the same pattern on a path are taken together.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::boost::{Ensemble, Tree};

/// Rows explained by one thread at a time.
const ROWS: usize = 64;

/// Which features of a path a row follows, a bit each, in words of 64.
type Pattern = Vec<u64>;

/// Base and values, row after row.
pub(super) fn contributions(
    ensemble: &Ensemble,
    features: &[&[f32]],
    rows: usize,
    background: &[&[f32]],
    background_rows: usize,
) -> (f64, Vec<f64>) {
    let width = features.len();
    let mut values = vec![0.0; rows * width];
    for tree in &ensemble.trees {
        let leaves = leaves(tree, background, background_rows);
        values.par_chunks_mut((ROWS * width).max(1)).enumerate().for_each(|(block, values)| {
            for (index, sums) in values.chunks_mut(width).enumerate() {
                let row = block * ROWS + index;
                for leaf in &leaves {
                    leaf.add(tree, |feature| features[feature][row], sums, background_rows as f64);
                }
            }
        });
    }
    let margins = ensemble.margins(background, background_rows);
    (margins.iter().sum::<f64>() / background_rows as f64, values)
}

struct Leaf {
    value: f64,
    features: Vec<usize>,
    /// For each split on the way: its node, its feature's place in `features`, and whether the path goes left there.
    splits: Vec<(usize, usize, bool)>,
    /// How many background rows have each pattern.
    background: Vec<(Pattern, f64)>,
}

fn leaves(tree: &Tree, background: &[&[f32]], background_rows: usize) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    let root = if tree.feature.is_empty() { !0 } else { 0 };
    let mut open = vec![(root, Vec::<(usize, bool)>::new())];
    while let Some((child, path)) = open.pop() {
        if child >= 0 {
            let node = child as usize;
            for (next, left) in [(tree.left[node], true), (tree.right[node], false)] {
                open.push((next, [path.as_slice(), &[(node, left)]].concat()));
            }
            continue;
        }
        let mut leaf = Leaf {
            value: tree.leaf_value[!child as usize],
            features: Vec::new(),
            splits: Vec::new(),
            background: Vec::new(),
        };
        for (node, left) in path {
            let feature = tree.feature[node] as usize;
            let place = leaf.features.iter().position(|&other| other == feature).unwrap_or(leaf.features.len());
            if place == leaf.features.len() {
                leaf.features.push(feature);
            }
            leaf.splits.push((node, place, left));
        }
        let mut counts: BTreeMap<Pattern, f64> = BTreeMap::new();
        let patterns = (0..background_rows).map(|row| leaf.pattern(tree, |feature| background[feature][row]));
        for pattern in patterns {
            *counts.entry(pattern).or_default() += 1.0;
        }
        leaf.background = counts.into_iter().collect();
        leaves.push(leaf);
    }
    leaves
}

impl Leaf {
    fn pattern(&self, tree: &Tree, value: impl Fn(usize) -> f32) -> Pattern {
        let mut pattern: Pattern = vec![0; self.features.len().div_ceil(64)];
        (0..self.features.len()).for_each(|place| pattern[place / 64] |= 1 << (place % 64));
        for &(node, place, left) in &self.splits {
            if tree.goes_left(node, value(self.features[place])) != left {
                pattern[place / 64] &= !(1 << (place % 64));
            }
        }
        pattern
    }

    fn add(&self, tree: &Tree, value: impl Fn(usize) -> f32, sums: &mut [f64], background_rows: f64) {
        let own = self.pattern(tree, value);
        let follows = |pattern: &Pattern, place: usize| pattern[place / 64] >> (place % 64) & 1 == 1;
        for (other, count) in &self.background {
            let places = 0..self.features.len();
            if places.clone().any(|place| !follows(&own, place) && !follows(other, place)) {
                continue;
            }
            let only = |a: &Pattern, b: &Pattern| places.clone().filter(|&p| follows(a, p) && !follows(b, p)).count();
            let (a, b) = (only(&own, other), only(other, &own));
            let share = self.value * count / background_rows;
            for place in places.clone() {
                let sum = &mut sums[self.features[place]];
                match (follows(&own, place), follows(other, place)) {
                    (true, false) => *sum += share * weight(a - 1, b),
                    (false, true) => *sum -= share * weight(b - 1, a),
                    _ => {}
                }
            }
        }
    }
}

/// `n! m! / (n + m + 1)!`.
fn weight(n: usize, m: usize) -> f64 {
    (1..=m).map(|k| k as f64 / (n + k) as f64).product::<f64>() / (n + m + 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_ratios_of_factorials() {
        let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
        for n in 0..8 {
            for m in 0..8 {
                let expected = factorial(n) * factorial(m) / factorial(n + m + 1);
                assert!((weight(n, m) / expected - 1.0).abs() < 1e-14, "{n} {m}");
            }
        }
    }
}
