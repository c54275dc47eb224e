//! Shapley interaction values of trees.
//!
//! Estimand: `phi_ij`, half of Shapley's interaction index of features `i` and `j` (Grabisch and Roubens 1999; Lundberg et
//! al. 2020), for the game of `tree_paths`. For a leaf's product game it is, with the same integral,
//!
//! `phi_ij = value / 2 * (o_i - z_i) (o_j - z_j) * integral over t of prod_{k != i, j} (o_k t + z_k (1 - t)) dt`.
//!
//! The diagonal is what is left of a feature's contribution: `phi_ii = phi_i - sum_{j != i} phi_ij`.

use rayon::prelude::*;

use super::quadrature::quadrature;
use crate::boost::Tree;

/// Trees added up by one thread; fixed, so that no sum depends on the number of threads.
const TREES: usize = 16;

/// A feature on the way to a leaf.
#[derive(Clone, Copy)]
struct Step {
    feature: usize,
    /// 1 if the row follows the path at all its splits, else 0.
    follows: f64,
    /// Share of training rows that do.
    share: f64,
}

/// Feature by feature.
pub(super) fn interactions(trees: &[Tree], features: &[&[f32]], row: usize) -> Vec<f64> {
    let of_trees = |trees: &[Tree]| {
        let mut matrix = vec![0.0; features.len() * features.len()];
        for tree in trees {
            let root = if tree.feature.is_empty() { !0 } else { 0 };
            descend(tree, root, features, row, &mut Vec::new(), &mut matrix);
        }
        matrix
    };
    let parts: Vec<Vec<f64>> = trees.par_chunks(TREES).map(of_trees).collect();
    let mut matrix = vec![0.0; features.len() * features.len()];
    for part in parts {
        matrix.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
    }
    matrix
}

fn descend(tree: &Tree, child: i32, features: &[&[f32]], row: usize, path: &mut Vec<Step>, matrix: &mut [f64]) {
    if child < 0 {
        add_leaf(tree.leaf_value[!child as usize], path, features.len(), matrix);
        return;
    }
    let node = child as usize;
    let feature = tree.feature[node] as usize;
    let found = path.iter().position(|step| step.feature == feature);
    let before = found.map_or(Step { feature, follows: 1.0, share: 1.0 }, |at| path[at]);
    let at = found.unwrap_or(path.len());
    if found.is_none() {
        path.push(before);
    }
    let goes_left = tree.goes_left(node, features[feature][row]);
    for (next, left) in [(tree.left[node], true), (tree.right[node], false)] {
        path[at].follows = if goes_left == left { before.follows } else { 0.0 };
        path[at].share = before.share * tree.child_cover(next) / tree.cover[node];
        descend(tree, next, features, row, path, matrix);
    }
    path[at] = before;
    if found.is_none() {
        path.pop();
    }
}

fn add_leaf(value: f64, path: &[Step], features: usize, matrix: &mut [f64]) {
    for (t, weight) in quadrature(path.len().div_ceil(2)) {
        // Points lie inside 0..1 and shares above 0: no factor is 0.
        let factor = |step: &Step| step.follows * t + step.share * (1.0 - t);
        let product = value * weight * path.iter().map(factor).product::<f64>();
        for (index, a) in path.iter().enumerate() {
            let of_a = product / factor(a) * (a.follows - a.share);
            matrix[a.feature * features + a.feature] += of_a;
            for b in &path[index + 1..] {
                let half = of_a / factor(b) * (b.follows - b.share) / 2.0;
                for (i, j) in [(a.feature, b.feature), (b.feature, a.feature)] {
                    matrix[i * features + j] += half;
                    matrix[i * features + i] -= half;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A leaf's game over all subsets of its path.
    fn brute_force(value: f64, path: &[Step], i: usize, j: usize) -> f64 {
        let m = path.len();
        let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
        let game = |subset: usize| {
            let factor = |k: usize| if subset >> k & 1 == 1 { path[k].follows } else { path[k].share };
            value * (0..m).map(factor).product::<f64>()
        };
        let others = (0..1usize << m).filter(|subset| subset >> i & 1 == 0 && subset >> j & 1 == 0);
        let of_subset = |subset: usize| {
            let size = subset.count_ones() as usize;
            let weight = factorial(size) * factorial(m - size - 2) / (2.0 * factorial(m - 1));
            let (a, b) = (1 << i, 1 << j);
            weight * (game(subset | a | b) - game(subset | a) - game(subset | b) + game(subset))
        };
        others.map(of_subset).sum()
    }

    #[test]
    fn pairs_are_those_over_all_subsets() {
        let share = [0.3, 0.9, 0.5, 0.05, 0.6];
        for m in 2..=5 {
            for pattern in 0..1usize << m {
                let step = |k: usize| Step { feature: k, follows: (pattern >> k & 1) as f64, share: share[k] };
                let path: Vec<Step> = (0..m).map(step).collect();
                let mut matrix = vec![0.0; m * m];
                add_leaf(1.7, &path, m, &mut matrix);
                for i in 0..m {
                    for j in (0..m).filter(|&j| j != i) {
                        let expected = brute_force(1.7, &path, i, j);
                        assert!((matrix[i * m + j] - expected).abs() < 1e-13, "{m} {pattern} {i} {j}");
                    }
                }
            }
        }
    }
}
