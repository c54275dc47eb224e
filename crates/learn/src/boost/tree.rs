//! A decision tree as data.

use serde::{Deserialize, Serialize};

/// A binary tree over feature values, in parallel arrays; node 0 is the root, a tree without nodes is one leaf.
///
/// A child `>= 0` is a node, a child `< 0` is the leaf `!child`. The layout is that of LightGBM's model files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// The feature each node asks about.
    pub feature: Vec<u32>,
    /// Values up to this go left.
    pub threshold: Vec<f32>,
    /// Whether a missing value goes left.
    pub missing_left: Vec<bool>,
    /// Left child of each node.
    pub left: Vec<i32>,
    /// Right child of each node.
    pub right: Vec<i32>,
    /// Total weight of the rows that each node was grown on.
    pub cover: Vec<f64>,
    /// Levels that go left, ascending, at nodes that ask about a category: all others go right. Nodes past the end ask
    /// about numbers.
    pub levels: Vec<Option<Vec<u32>>>,
    /// Nodes where 0 counts as missing; not so past the end.
    pub zero_missing: Vec<bool>,
    /// What each leaf adds to the margin.
    pub leaf_value: Vec<f64>,
    /// Total weight of the rows that each leaf was grown on.
    pub leaf_cover: Vec<f64>,
}

/// Below this a value is 0 where 0 counts as missing, as LightGBM has it.
const ZERO: f32 = 1e-35;

impl Tree {
    /// Whether a value goes left at a node. Infinities count as the largest number of their sign.
    pub(crate) fn goes_left(&self, node: usize, value: f32) -> bool {
        if value.is_nan() || (value.abs() < ZERO && self.zero_missing.get(node) == Some(&true)) {
            return self.missing_left[node];
        }
        match self.levels_left(node) {
            // A level is a whole number: fractions are cut off, and what lies below 0 is none.
            Some(levels) => value > -1.0 && levels.binary_search(&(value as u32)).is_ok(),
            None => value.min(f32::MAX) <= self.threshold[node],
        }
    }

    /// Sets all bits of the rows whose value goes left.
    pub(crate) fn masks_left(&self, node: usize, values: &[f32], masks: &mut [u8]) {
        let mask = |goes: bool| if goes { u8::MAX } else { 0 };
        if self.levels_left(node).is_some() || self.zero_missing.get(node) == Some(&true) {
            for (mask_of, &value) in masks.iter_mut().zip(values) {
                *mask_of = mask(self.goes_left(node, value));
            }
            return;
        }
        // Infinity counts as the largest number.
        let threshold = if self.threshold[node] == f32::MAX { f32::INFINITY } else { self.threshold[node] };
        let missing_left = self.missing_left[node];
        for (mask_of, &value) in masks.iter_mut().zip(values) {
            // Without branches: a comparison with a missing value is false.
            *mask_of = mask((value <= threshold) | (value.is_nan() & missing_left));
        }
    }

    /// Total weight of the rows behind a child.
    pub(crate) fn child_cover(&self, child: i32) -> f64 {
        if child >= 0 { self.cover[child as usize] } else { self.leaf_cover[!child as usize] }
    }

    /// The levels that go left at a node that asks about a category.
    pub(crate) fn levels_left(&self, node: usize) -> Option<&[u32]> {
        self.levels.get(node)?.as_deref()
    }

    /// Makes the last node, or the one about to be pushed, one about a category.
    pub(crate) fn set_levels(&mut self, node: usize, levels: Vec<u32>) {
        self.levels.resize(node, None);
        self.levels.push(Some(levels));
    }

    /// The leaf that a row falls into, given its value of each feature.
    pub(crate) fn leaf(&self, value: impl Fn(u32) -> f32) -> usize {
        let mut child = if self.feature.is_empty() { !0 } else { 0 };
        while child >= 0 {
            let node = child as usize;
            let left = self.goes_left(node, value(self.feature[node]));
            child = if left { self.left[node] } else { self.right[node] };
        }
        !child as usize
    }

    /// Mean leaf value over the rows that the tree was grown on: what it says of a row of which nothing is known.
    pub(crate) fn expected(&self) -> f64 {
        let total: f64 = self.leaf_cover.iter().sum();
        self.leaf_value.iter().zip(&self.leaf_cover).map(|(value, cover)| value * cover).sum::<f64>() / total
    }

    /// What does not fit together in a tree that was read from a file.
    pub(crate) fn damage(&self, features: usize) -> Option<&'static str> {
        let (nodes, leaves) = (self.feature.len(), self.leaf_value.len());
        let optional = [self.levels.len(), self.zero_missing.len()];
        if optional.iter().any(|&length| length > nodes) {
            return Some("a tree's arrays differ in length");
        }
        let lengths =
            [self.threshold.len(), self.missing_left.len(), self.left.len(), self.right.len(), self.cover.len()];
        if lengths.iter().any(|&length| length != nodes) || leaves != nodes + 1 || self.leaf_cover.len() != leaves {
            return Some("a tree's arrays differ in length");
        }
        if self.feature.iter().any(|&feature| feature as usize >= features) {
            return Some("a tree asks about a feature that is not there");
        }
        // A child comes after its parent, so that a walk always ends; each child has one parent.
        let mut seen = vec![false; nodes + leaves];
        for (node, &child) in self.left.iter().enumerate().chain(self.right.iter().enumerate()) {
            let slot = if child >= 0 { child as usize } else { nodes + !child as usize };
            if slot >= nodes + leaves || (child >= 0 && slot <= node) || std::mem::replace(&mut seen[slot], true) {
                return Some("a tree's children do not form a tree");
            }
        }
        let finite = self.leaf_value.iter().all(|value| value.is_finite());
        let covered = self.cover.iter().chain(&self.leaf_cover).all(|cover| *cover > 0.0 && cover.is_finite());
        (!finite || !covered).then_some("a tree has leaves without a value or rows")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stump() -> Tree {
        Tree {
            feature: vec![0],
            threshold: vec![1.0],
            missing_left: vec![false],
            left: vec![!0],
            right: vec![!1],
            cover: vec![4.0],
            leaf_value: vec![-1.0, 3.0],
            leaf_cover: vec![3.0, 1.0],
            ..Tree::default()
        }
    }

    #[test]
    fn levels_and_zeros_find_their_leaf() {
        let levels = Tree { levels: vec![Some(vec![2, 5])], ..stump() };
        let leaf = |value| levels.leaf(|_| value);
        assert_eq!([leaf(2.0), leaf(5.9), leaf(3.0), leaf(-1.0), leaf(f32::NAN), leaf(1e30)], [0, 0, 1, 1, 1, 1]);
        let zero = Tree { zero_missing: vec![true], ..stump() };
        assert_eq!([zero.leaf(|_| 0.0), zero.leaf(|_| 0.5), zero.leaf(|_| f32::NAN)], [1, 0, 1]);
    }

    #[test]
    fn values_missing_and_infinite_find_their_leaf() {
        let leaf = |value| stump().leaf(|_| value);
        assert_eq!(
            [leaf(1.0), leaf(1.5), leaf(f32::NAN), leaf(f32::NEG_INFINITY), leaf(f32::INFINITY)],
            [0, 1, 1, 0, 1]
        );
        assert_eq!(stump().expected(), 0.0);
        let whole = Tree { threshold: vec![f32::MAX], ..stump() };
        assert_eq!(whole.leaf(|_| f32::INFINITY), 0);
    }

    #[test]
    fn a_tree_that_would_loop_is_found() {
        assert_eq!(stump().damage(1), None);
        assert!(stump().damage(0).is_some());
        assert!(Tree { left: vec![0], ..stump() }.damage(1).is_some());
        assert!(Tree { left: vec![!1], ..stump() }.damage(1).is_some());
        assert!(Tree { leaf_cover: vec![0.0, 1.0], ..stump() }.damage(1).is_some());
    }
}
