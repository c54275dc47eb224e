//! Shapley interaction values of trees.
//!
//! Estimand: `phi_ij`, half of Shapley's interaction index of features `i` and `j` (Grabisch and Roubens 1999; Lundberg et
//! al. 2020), for the game of `tree_paths`. For a leaf's product game it is, with the same integral,
//!
//! `phi_ij = value / 2 * (o_i - z_i) (o_j - z_j) * integral over t of prod_{k != i, j} (o_k t + z_k (1 - t)) dt`.
//!
//! The diagonal is what is left of a feature's contribution: `phi_ii = phi_i - sum_{j != i} phi_ij`.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::quadrature::quadrature;
use super::trees::check_sum;
use crate::boost::{Ensemble, Tree};
use crate::error::PredictError;
use crate::linear::Linear;
use crate::model::{Learner, Model};

/// Parts of each row's margin: those of features alone, and those of pairs of features.
#[derive(Clone, Debug, PartialEq)]
pub struct Interactions {
    /// The margin before anything is known of the row.
    pub base: f64,
    /// Number of features.
    pub features: usize,
    /// Pairs that some path of a tree asks about, the lesser one first; of no other pair there is anything to say.
    pub pairs: Vec<(usize, usize)>,
    values: Vec<f64>,
}

impl Interactions {
    /// What each feature adds to the row's margin alone, `phi_ii`, and then what each pair does, `phi_ij + phi_ji`.
    pub fn row(&self, row: usize) -> &[f64] {
        let width = self.features + self.pairs.len();
        &self.values[row * width..][..width]
    }
}

impl Ensemble {
    /// Shapley interaction values, as `shap_interaction_values` has them; there a pair's value stands in halves in two
    /// places. Their sums are checked against the margins.
    pub fn interactions(&self, features: &[&[f32]], rows: usize) -> Result<Interactions, PredictError> {
        let pairs = Pairs::of(&self.trees, features.len());
        let width = features.len() + pairs.list.len();
        let mut values = vec![0.0; rows * width];
        values.par_chunks_mut(width.max(1)).enumerate().for_each(|(row, values)| {
            let mut walk = Walk { features, row, pairs: &pairs, path: Vec::new(), values };
            for tree in &self.trees {
                walk.descend(tree, if tree.feature.is_empty() { !0 } else { 0 });
            }
        });
        let found = Interactions { base: self.expected(), features: features.len(), pairs: pairs.list, values };
        for (row, margin) in self.margins(features, rows).into_iter().enumerate() {
            check_sum(row, found.base + found.row(row).iter().sum::<f64>(), margin)?;
        }
        Ok(found)
    }
}

/// Interactions of a model's columns in its calibrated log-odds, given the rows' margins.
///
/// What a cross of categories adds is divided equally among them, and what two of them then have in common is a pair of them:
/// a column's own part and half of its pairs is what [`super::attribute`] gives it.
pub(crate) fn of_model(model: &Model, features: &[&[f32]], margins: &[f64]) -> Result<Interactions, PredictError> {
    let columns = model.encoder.members();
    let of_feature: Vec<&[usize]> =
        model.encoder.feature_columns().into_iter().map(|at| columns[at].as_slice()).collect();
    let members = &of_feature;
    let width = model.encoder.inputs().count();
    let mut of_members = Vec::new();
    let mut pairs = BTreeSet::new();
    let all = move |a: usize, b: usize| members[a].iter().flat_map(move |&i| members[b].iter().map(move |&j| (i, j)));
    let ordered = |(i, j): (usize, usize)| (i.min(j), i.max(j));
    for member in &model.members {
        let found = match &member.learner {
            Learner::Trees(ensemble) => ensemble.interactions(features, margins.len())?,
            Learner::Linear(linear) => of_linear(linear, features, margins.len()),
        };
        let alone = (0..features.len()).map(|feature| (feature, feature));
        let met = alone.chain(found.pairs.iter().copied()).flat_map(|(a, b)| all(a, b));
        pairs.extend(met.filter(|(i, j)| i != j).map(ordered));
        of_members.push((member.weight, found));
    }
    let pairs: Vec<(usize, usize)> = pairs.into_iter().collect();
    let slot = |i: usize, j: usize| if i == j { i } else { width + pairs.partition_point(|&p| p < ordered((i, j))) };
    let base: f64 = of_members.iter().map(|(weight, found)| weight * found.base).sum();
    let line = width + pairs.len();
    let mut values = vec![0.0; margins.len() * line];
    for (weight, found) in &of_members {
        // Where each part of a row goes, and in what shares.
        let alone = (0..features.len()).map(|feature| (feature, feature));
        let places = alone.chain(found.pairs.iter().copied()).map(|(a, b)| {
            let share = weight / (members[a].len() * members[b].len()) as f64;
            all(a, b).map(|(i, j)| (slot(i, j), share)).collect::<Vec<_>>()
        });
        let places: Vec<Vec<(usize, f64)>> = places.collect();
        for (row, values) in values.chunks_mut(line.max(1)).enumerate() {
            for (part, places) in found.row(row).iter().zip(&places) {
                places.iter().for_each(|&(slot, share)| values[slot] += share * part);
            }
        }
    }
    let map = &model.calibration.map;
    let mut found = Interactions { base: map.log_odds(base), features: width, pairs, values };
    for (row, &margin) in margins.iter().enumerate() {
        let stretch = map.stretch(base, margin);
        found.values[row * line..][..line].iter_mut().for_each(|part| *part *= stretch);
        check_sum(row, found.base + found.row(row).iter().sum::<f64>(), map.log_odds(margin))?;
    }
    Ok(found)
}

/// A linear member has no pairs.
fn of_linear(linear: &Linear, features: &[&[f32]], rows: usize) -> Interactions {
    let mut values = vec![0.0; rows * features.len()];
    for term in &linear.terms {
        let feature = term.feature as usize;
        for (values, &value) in values.chunks_mut(features.len()).zip(features[feature]) {
            values[feature] += term.value(value);
        }
    }
    Interactions { base: linear.intercept, features: features.len(), pairs: Vec::new(), values }
}

/// Pairs of features that meet on a path.
struct Pairs {
    list: Vec<(usize, usize)>,
    /// Where the pairs of each first feature begin in `list`.
    begins: Vec<usize>,
}

impl Pairs {
    fn of(trees: &[Tree], features: usize) -> Self {
        let mut found = BTreeSet::new();
        for tree in trees {
            let mut open = vec![(if tree.feature.is_empty() { !0 } else { 0 }, Vec::<usize>::new())];
            while let Some((child, mut path)) = open.pop() {
                if child < 0 {
                    continue;
                }
                let feature = tree.feature[child as usize] as usize;
                if !path.contains(&feature) {
                    found.extend(path.iter().map(|&other| (feature.min(other), feature.max(other))));
                    path.push(feature);
                }
                open.push((tree.left[child as usize], path.clone()));
                open.push((tree.right[child as usize], path));
            }
        }
        let list: Vec<(usize, usize)> = found.into_iter().collect();
        let begins = (0..=features).map(|first| list.partition_point(|pair| pair.0 < first)).collect();
        Self { list, begins }
    }

    fn place(&self, a: usize, b: usize) -> usize {
        let (first, second) = (a.min(b), a.max(b));
        let begin = self.begins[first];
        begin + self.list[begin..self.begins[first + 1]].partition_point(|pair| pair.1 < second)
    }
}

/// A feature on the way to a leaf.
#[derive(Clone, Copy)]
struct Step {
    feature: usize,
    /// 1 if the row follows the path at all its splits, else 0.
    follows: f64,
    /// Share of training rows that do.
    share: f64,
}

/// A row on its way through the trees.
struct Walk<'a> {
    features: &'a [&'a [f32]],
    row: usize,
    pairs: &'a Pairs,
    path: Vec<Step>,
    values: &'a mut [f64],
}

impl Walk<'_> {
    fn descend(&mut self, tree: &Tree, child: i32) {
        if child < 0 {
            self.add_leaf(tree.leaf_value[!child as usize]);
            return;
        }
        let node = child as usize;
        let feature = tree.feature[node] as usize;
        let found = self.path.iter().position(|step| step.feature == feature);
        let before = found.map_or(Step { feature, follows: 1.0, share: 1.0 }, |at| self.path[at]);
        let at = found.unwrap_or(self.path.len());
        if found.is_none() {
            self.path.push(before);
        }
        let goes_left = tree.goes_left(node, self.features[feature][self.row]);
        for (next, left) in [(tree.left[node], true), (tree.right[node], false)] {
            self.path[at].follows = if goes_left == left { before.follows } else { 0.0 };
            self.path[at].share = before.share * tree.child_cover(next) / tree.cover[node];
            self.descend(tree, next);
        }
        self.path[at] = before;
        if found.is_none() {
            self.path.pop();
        }
    }

    fn add_leaf(&mut self, value: f64) {
        for (t, weight) in quadrature(self.path.len().div_ceil(2)) {
            // Points lie inside 0..1 and shares above 0: no factor is 0.
            let factor = |step: &Step| step.follows * t + step.share * (1.0 - t);
            let product = value * weight * self.path.iter().map(factor).product::<f64>();
            for (index, a) in self.path.iter().enumerate() {
                let of_a = product / factor(a) * (a.follows - a.share);
                self.values[a.feature] += of_a;
                for b in &self.path[index + 1..] {
                    let half = of_a / factor(b) * (b.follows - b.share) / 2.0;
                    self.values[self.features.len() + self.pairs.place(a.feature, b.feature)] += 2.0 * half;
                    self.values[a.feature] -= half;
                    self.values[b.feature] -= half;
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
            let all = (0..m).flat_map(|i| (i + 1..m).map(move |j| (i, j)));
            let list: Vec<(usize, usize)> = all.collect();
            let begins = (0..=m).map(|first| list.partition_point(|pair| pair.0 < first)).collect();
            let pairs = Pairs { list, begins };
            for pattern in 0..1usize << m {
                let step = |k: usize| Step { feature: k, follows: (pattern >> k & 1) as f64, share: share[k] };
                let path: Vec<Step> = (0..m).map(step).collect();
                let features = vec![[0.0].as_slice(); m];
                let mut values = vec![0.0; m + pairs.list.len()];
                let mut walk =
                    Walk { features: &features, row: 0, pairs: &pairs, path: path.clone(), values: &mut values };
                walk.add_leaf(1.7);
                for (place, &(i, j)) in pairs.list.iter().enumerate() {
                    let expected = 2.0 * brute_force(1.7, &path, i, j);
                    assert!((values[m + place] - expected).abs() < 1e-13, "{m} {pattern} {i} {j}");
                }
            }
        }
    }
}
