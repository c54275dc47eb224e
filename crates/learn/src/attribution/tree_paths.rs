//! Exact path-dependent TreeSHAP, leaf by leaf.
//!
//! Estimand: the Shapley values of `v(S) = E[tree | features in S]`, where a split on an unknown feature sends a row both
//! ways in proportion to the training rows that went there (Lundberg, Erion and Lee 2018). A tree is a sum of leaves, and a
//! leaf's game is a product: for the features `j` on its path, `v(S) = value * prod_{j in S} o_j * prod_{j not in S} z_j`,
//! where `o_j` is 1 if the row follows the path at all splits on `j` and else 0, and `z_j` is the share of rows that do.
//!
//! For a product, Shapley's weights are an integral (Owen 1972): `weight(s) = integral of t^s (1-t)^(m-1-s) dt` over 0..1, so
//!
//! `phi_i = value * (o_i - z_i) * integral over t of prod_{j != i} (o_j t + z_j (1 - t)) dt`.
//!
//! The integrand is a polynomial of degree `m - 1`, for which Gauss-Legendre quadrature with `ceil(m / 2)` points is exact:
//! `O(m^2)` a leaf, without the subtractions that make unwinding lose digits. As `o` is one of `2^m` patterns, a leaf's
//! values are tabled once for all rows where that pays (as in FastTreeSHAP v2, Yang 2021).

use crate::boost::Tree;

/// Features on a path up to which its values are tabled: 1024 patterns of 10 numbers.
const MAX_TABLED: usize = 10;

/// Rows that a pattern must serve on average for its table to pay.
const ROWS_A_PATTERN: usize = 2;

/// The leaves of a tree with what their paths ask for.
pub(super) struct Paths {
    leaves: Vec<Leaf>,
    questions: Vec<Question>,
    tables: Vec<f64>,
}

struct Leaf {
    value: f64,
    /// Where its questions begin, one for each feature on the path.
    first: usize,
    count: usize,
    /// Where its table begins.
    table: Option<usize>,
}

/// What a path asks of one feature: all its splits on it together.
#[derive(Clone, Copy)]
struct Question {
    feature: u32,
    /// Followed by values above `low` and up to `high`.
    low: f32,
    high: f32,
    /// Followed by a missing value.
    missing: bool,
    /// Share of training rows that follow.
    share: f64,
}

impl Paths {
    /// Reads a tree, its leaf values times `scale`.
    pub(super) fn new(tree: &Tree, scale: f64, rows: usize) -> Self {
        let mut paths = Self { leaves: Vec::new(), questions: Vec::new(), tables: Vec::new() };
        let root = if tree.feature.is_empty() { !0 } else { 0 };
        paths.collect(tree, scale, root, &[]);
        paths.fill_tables(rows);
        paths
    }

    /// Adds the row's values, one a feature, to `sums`. Finite or missing values only.
    pub(super) fn add(&self, row: &[f32], sums: &mut [f64], scratch: &mut Vec<f64>) {
        for leaf in &self.leaves {
            let questions = &self.questions[leaf.first..leaf.first + leaf.count];
            if let Some(table) = leaf.table {
                let mut pattern = 0;
                for (index, question) in questions.iter().enumerate() {
                    pattern |= usize::from(question.follows(row)) << index;
                }
                let values = &self.tables[table + pattern * leaf.count..][..leaf.count];
                for (question, value) in questions.iter().zip(values) {
                    sums[question.feature as usize] += value;
                }
            } else {
                scratch.clear();
                scratch.resize(leaf.count, 0.0);
                shapley(questions, |index| questions[index].follows(row), leaf.value, scratch);
                for (question, value) in questions.iter().zip(&*scratch) {
                    sums[question.feature as usize] += value;
                }
            }
        }
    }

    fn collect(&mut self, tree: &Tree, scale: f64, child: i32, path: &[Question]) {
        if child < 0 {
            let value = scale * tree.leaf_value[!child as usize];
            self.leaves.push(Leaf { value, first: self.questions.len(), count: path.len(), table: None });
            self.questions.extend_from_slice(path);
            return;
        }
        let node = child as usize;
        for (next, left) in [(tree.left[node], true), (tree.right[node], false)] {
            let cover = if next >= 0 { tree.cover[next as usize] } else { tree.leaf_cover[!next as usize] };
            let mut path = path.to_vec();
            let at = path.iter().position(|question| question.feature == tree.feature[node]);
            let at = at.unwrap_or_else(|| {
                path.push(Question::open(tree.feature[node]));
                path.len() - 1
            });
            let question = &mut path[at];
            let threshold = tree.threshold[node];
            if left {
                question.high = question.high.min(threshold);
            } else {
                question.low = question.low.max(threshold);
            }
            question.missing &= tree.missing_left[node] == left;
            question.share *= cover / tree.cover[node];
            self.collect(tree, scale, next, &path);
        }
    }

    fn fill_tables(&mut self, rows: usize) {
        for leaf in &mut self.leaves {
            if leaf.count == 0 || leaf.count > MAX_TABLED || ROWS_A_PATTERN << leaf.count > rows {
                continue;
            }
            let questions = &self.questions[leaf.first..leaf.first + leaf.count];
            leaf.table = Some(self.tables.len());
            for pattern in 0..1usize << leaf.count {
                let begin = self.tables.len();
                self.tables.resize(begin + leaf.count, 0.0);
                let follows = |index: usize| pattern >> index & 1 == 1;
                shapley(questions, follows, leaf.value, &mut self.tables[begin..]);
            }
        }
    }
}

impl Question {
    fn open(feature: u32) -> Self {
        Self { feature, low: f32::NEG_INFINITY, high: f32::INFINITY, missing: true, share: 1.0 }
    }

    fn follows(&self, row: &[f32]) -> bool {
        let value = row[self.feature as usize];
        // Without branches: a comparison with a missing value is false.
        (value > self.low) & (value <= self.high) | (value.is_nan() & self.missing)
    }
}

/// Shapley values of one leaf's product game, into zeroed `values`.
fn shapley(questions: &[Question], follows: impl Fn(usize) -> bool, leaf_value: f64, values: &mut [f64]) {
    let one = |index: usize| if follows(index) { 1.0 } else { 0.0 };
    for &(t, weight) in quadrature(questions.len().div_ceil(2)) {
        let factor = |index: usize| one(index) * t + questions[index].share * (1.0 - t);
        let product: f64 = (0..questions.len()).map(factor).product();
        for (index, value) in values.iter_mut().enumerate() {
            *value += weight * product / factor(index);
        }
    }
    for (index, value) in values.iter_mut().enumerate() {
        *value *= leaf_value * (one(index) - questions[index].share);
    }
}

/// Points and weights of Gauss-Legendre quadrature on 0..1.
fn quadrature(points: usize) -> &'static [(f64, f64)] {
    const MOST: usize = 64;
    static RULES: std::sync::LazyLock<Vec<Vec<(f64, f64)>>> =
        std::sync::LazyLock::new(|| (0..=MOST).map(gauss_legendre).collect());
    &RULES[points.min(MOST)]
}

/// Roots of Legendre's polynomial by Newton's method from Chebyshev's points.
fn gauss_legendre(points: usize) -> Vec<(f64, f64)> {
    let n = points as f64;
    let rule = |index: usize| {
        let mut x = (std::f64::consts::PI * (index as f64 + 0.75) / (n + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..100 {
            let (mut last, mut value) = (1.0, x);
            for k in 2..=points {
                let k = k as f64;
                (last, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * last) / k);
            }
            slope = n * (x * value - last) / (x * x - 1.0);
            let step = value / slope;
            x -= step;
            if step.abs() < 1e-16 {
                break;
            }
        }
        ((x + 1.0) / 2.0, 1.0 / ((1.0 - x * x) * slope * slope))
    };
    (0..points).map(rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::mix;

    /// A tree of random shape over few features, so that features repeat on paths.
    fn random_tree(seed: u64, nodes: usize, features: u64) -> Tree {
        let mut tree = Tree { leaf_value: vec![0.0], leaf_cover: vec![1000.0], ..Tree::default() };
        let mut parents: Vec<Option<(usize, bool)>> = vec![None];
        for node in 0..nodes {
            let draw = |what: u64| mix(seed, node as u64 * 10 + what);
            let leaf = (draw(0) % tree.leaf_value.len() as u64) as usize;
            let right = tree.leaf_value.len();
            match parents[leaf] {
                Some((parent, true)) => tree.left[parent] = node as i32,
                Some((parent, false)) => tree.right[parent] = node as i32,
                None => {}
            }
            tree.feature.push((draw(1) % features) as u32);
            tree.threshold.push((draw(2) % 10) as f32);
            tree.missing_left.push(draw(3).is_multiple_of(2));
            tree.left.push(!(leaf as i32));
            tree.right.push(!(right as i32));
            tree.cover.push(tree.leaf_cover[leaf]);
            let share = 0.05 + 0.9 * (draw(4) % 100) as f64 / 100.0;
            tree.leaf_cover.push(tree.leaf_cover[leaf] * (1.0 - share));
            tree.leaf_cover[leaf] *= share;
            tree.leaf_value[leaf] = (draw(5) % 100) as f64 / 50.0 - 1.0;
            tree.leaf_value.push((draw(6) % 100) as f64 / 50.0 - 1.0);
            parents[leaf] = Some((node, true));
            parents.push(Some((node, false)));
        }
        tree
    }

    /// `E[tree | features in known]` by walking both ways at unknown features.
    fn expectation(tree: &Tree, row: &[f32], known: u32, child: i32) -> f64 {
        if child < 0 {
            return tree.leaf_value[!child as usize];
        }
        let node = child as usize;
        let feature = tree.feature[node];
        if known >> feature & 1 == 1 {
            let left = tree.goes_left(node, row[feature as usize]);
            return expectation(tree, row, known, if left { tree.left[node] } else { tree.right[node] });
        }
        let side = |child: i32| {
            let cover = if child >= 0 { tree.cover[child as usize] } else { tree.leaf_cover[!child as usize] };
            cover / tree.cover[node] * expectation(tree, row, known, child)
        };
        side(tree.left[node]) + side(tree.right[node])
    }

    /// Shapley values by their definition, over all subsets.
    fn brute_force(tree: &Tree, row: &[f32]) -> Vec<f64> {
        let features = row.len() as u32;
        let factorial = |n: u32| (1..=n).map(f64::from).product::<f64>();
        let value = |feature: u32| {
            let others = (0..1u32 << features).filter(|subset| subset >> feature & 1 == 0);
            let gain = |subset: u32| {
                let size = subset.count_ones();
                let weight = factorial(size) * factorial(features - size - 1) / factorial(features);
                weight * (expectation(tree, row, subset | 1 << feature, 0) - expectation(tree, row, subset, 0))
            };
            others.map(gain).sum()
        };
        (0..features).map(value).collect()
    }

    #[test]
    fn equals_shapley_values_over_all_subsets() {
        for seed in 0..30 {
            let features = 3 + seed % 6;
            let tree = random_tree(seed, 12, features);
            assert_eq!(tree.damage(features as usize), None);
            let (tabled, direct) = (Paths::new(&tree, 1.0, 1 << 20), Paths::new(&tree, 1.0, 1));
            for case in 0..10 {
                let draw = |feature| mix(seed + 100, case * 10 + feature) % 12;
                let value = |feature| if draw(feature) == 11 { f32::NAN } else { draw(feature) as f32 };
                let row: Vec<f32> = (0..features).map(value).collect();
                let expected = brute_force(&tree, &row);
                for paths in [&tabled, &direct] {
                    let mut sums = vec![0.0; row.len()];
                    paths.add(&row, &mut sums, &mut Vec::new());
                    let gap = sums.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                    assert!(gap < 1e-12, "seed {seed}: {sums:?} {expected:?}");
                }
            }
        }
    }

    #[test]
    fn quadrature_is_exact_for_the_degree_it_is_used_for() {
        for points in 1..=8 {
            for degree in 0..2 * points {
                let integral: f64 = quadrature(points).iter().map(|&(t, weight)| weight * t.powi(degree as i32)).sum();
                assert!((integral - 1.0 / (degree as f64 + 1.0)).abs() < 1e-14, "{points} {degree}");
            }
        }
    }
}
