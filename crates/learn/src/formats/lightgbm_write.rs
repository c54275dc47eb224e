//! Writes LightGBM's text format, version 4.
//!
//! LightGBM keeps no base: it goes into the leaves of the first tree, where margins are summed in the same order. It counts
//! rows by whole numbers, of which its contributions are made: covers that are none are taken as large multiples, and a
//! node counts what its leaves do. Gains are not kept in our trees; what is written is the fall in the weighted variance
//! of values, which ranks splits alike.

use std::fmt::{Display, Write};

use super::legal_names;
use crate::boost::{Ensemble, Link, Tree};

/// Counts of the root where covers are no whole numbers: LightGBM has 31 bits for them.
const COUNTS: f64 = 1e9;

/// Bits of a decision type.
const CATEGORY: u8 = 1;
const DEFAULT_LEFT: u8 = 2;
const ZERO_IS_MISSING: u8 = 1 << 2;
const NAN_IS_MISSING: u8 = 2 << 2;

impl Ensemble {
    /// The same trees as LightGBM keeps them: written and read, they are equal to the last bit.
    #[must_use]
    pub fn into_kept(self) -> Self {
        let mut trees = self.trees;
        if trees.is_empty() {
            trees.push(Tree { leaf_value: vec![0.0], leaf_cover: vec![1.0], ..Tree::default() });
        }
        trees[0].leaf_value.iter_mut().for_each(|value| *value += self.base);
        trees.iter_mut().for_each(count_rows);
        Self { base: 0.0, link: self.link, trees }
    }

    /// The model as LightGBM's text. Names are made legal there: no spaces, none twice.
    pub fn to_lightgbm(&self, features: &[&str]) -> String {
        let kept = self.clone().into_kept();
        let trees: Vec<String> = kept.trees.iter().enumerate().map(|(index, tree)| tree_text(index, tree)).collect();
        let objective = match self.link {
            Link::Logit => "binary sigmoid:1",
            Link::Identity => "regression",
            Link::Log => "poisson",
        };
        let names = legal_names(features);
        let infos = (0..features.len() as u32).map(|feature| self.info(feature));
        let mut text = format!(
            "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx={}\n\
             objective={objective}\nfeature_names={}\nfeature_infos={}\ntree_sizes={}\n\n",
            features.len().saturating_sub(1),
            joined(names),
            joined(infos),
            joined(trees.iter().map(String::len)),
        );
        trees.iter().for_each(|tree| text.push_str(tree));
        text.push_str(
            "end of trees\n\nfeature_importances:\n\nparameters:\nend of parameters\n\npandas_categorical:null\n",
        );
        text
    }

    /// The range of thresholds or the levels that the trees ask for.
    fn info(&self, feature: u32) -> String {
        let mut levels = Vec::new();
        let mut range: Option<(f32, f32)> = None;
        for tree in &self.trees {
            for node in (0..tree.feature.len()).filter(|&node| tree.feature[node] == feature) {
                match tree.levels_left(node) {
                    Some(left) => levels.extend_from_slice(left),
                    None => {
                        let threshold = tree.threshold[node];
                        let (low, high) = range.unwrap_or((threshold, threshold));
                        range = Some((low.min(threshold), high.max(threshold)));
                    }
                }
            }
        }
        levels.sort_unstable();
        levels.dedup();
        match range {
            _ if !levels.is_empty() => levels.iter().map(u32::to_string).collect::<Vec<_>>().join(":"),
            Some((low, high)) => format!("[{low:?}:{high:?}]"),
            None => "none".to_owned(),
        }
    }
}

fn tree_text(index: usize, tree: &Tree) -> String {
    let nodes = 0..tree.feature.len();
    let count = |cover: f64| cover as i64;
    let values = node_values(tree);
    let value = |child: i32| if child >= 0 { values[child as usize] } else { tree.leaf_value[!child as usize] };
    let gain = |node: usize| -> f64 {
        let fall = |child: i32| tree.child_cover(child) * (value(child) - values[node]).powi(2);
        fall(tree.left[node]) + fall(tree.right[node])
    };
    let categories: Vec<&[u32]> = nodes.clone().filter_map(|node| tree.levels_left(node)).collect();
    let mut category = 0;
    let mut threshold = |node: usize| -> f64 {
        if tree.levels_left(node).is_some() {
            category += 1;
            return f64::from(category - 1);
        }
        // Above the largest number: only missing values go right.
        if tree.threshold[node] == f32::MAX { 1e300 } else { f64::from(tree.threshold[node]) }
    };
    let thresholds: Vec<f64> = nodes.clone().map(&mut threshold).collect();
    let mut text = String::new();
    let mut line = |key: &str, values: String| writeln!(text, "{key}={values}").expect("a string takes all");
    line("Tree", index.to_string());
    line("num_leaves", tree.leaf_value.len().to_string());
    line("num_cat", categories.len().to_string());
    line("split_feature", joined(&tree.feature));
    line("split_gain", numbers(nodes.clone().map(gain)));
    line("threshold", numbers(thresholds));
    line("decision_type", joined(nodes.map(|node| decision_type(tree, node))));
    line("left_child", joined(&tree.left));
    line("right_child", joined(&tree.right));
    line("leaf_value", numbers(tree.leaf_value.iter().copied()));
    line("leaf_weight", numbers(tree.leaf_cover.iter().copied()));
    line("leaf_count", joined(tree.leaf_cover.iter().map(|&cover| count(cover))));
    line("internal_value", numbers(values.iter().copied()));
    line("internal_weight", numbers(tree.cover.iter().copied()));
    line("internal_count", joined(tree.cover.iter().map(|&cover| count(cover))));
    if !categories.is_empty() {
        let sets: Vec<Vec<u32>> = categories.iter().map(|levels| bit_set(levels)).collect();
        let ends = sets.iter().scan(0, |end, set| {
            *end += set.len();
            Some(*end)
        });
        line("cat_boundaries", joined(std::iter::once(0).chain(ends)));
        line("cat_threshold", joined(sets.iter().flatten()));
    }
    line("is_linear", "0".to_owned());
    line("shrinkage", "1".to_owned());
    text.push_str("\n\n");
    text
}

/// Makes covers whole numbers that add up.
fn count_rows(tree: &mut Tree) {
    let whole =
        tree.cover.iter().chain(&tree.leaf_cover).all(|cover| cover.fract() == 0.0 && *cover <= f64::from(i32::MAX));
    let scale = if whole { 1.0 } else { COUNTS / tree.leaf_cover.iter().sum::<f64>() };
    tree.leaf_cover.iter_mut().for_each(|cover| *cover = (*cover * scale).round().max(1.0));
    // Children come after their parents.
    for node in (0..tree.feature.len()).rev() {
        tree.cover[node] = tree.child_cover(tree.left[node]) + tree.child_cover(tree.right[node]);
    }
    if tree.feature.is_empty() {
        // A tree of one leaf has no counts in the file.
        tree.leaf_cover = vec![1.0];
    }
}

fn decision_type(tree: &Tree, node: usize) -> u8 {
    if tree.levels_left(node).is_some() {
        return CATEGORY | NAN_IS_MISSING;
    }
    let missing = if tree.zero_missing.get(node) == Some(&true) { ZERO_IS_MISSING } else { NAN_IS_MISSING };
    missing | if tree.missing_left[node] { DEFAULT_LEFT } else { 0 }
}

/// Mean value of the leaves below each node.
fn node_values(tree: &Tree) -> Vec<f64> {
    let mut values = vec![0.0; tree.feature.len()];
    // Children come after their parents.
    for node in (0..tree.feature.len()).rev() {
        let part = |child: i32| {
            let value = if child >= 0 { values[child as usize] } else { tree.leaf_value[!child as usize] };
            tree.child_cover(child) * value
        };
        values[node] = (part(tree.left[node]) + part(tree.right[node])) / tree.cover[node];
    }
    values
}

/// Levels as bits, in words of 32.
fn bit_set(levels: &[u32]) -> Vec<u32> {
    let mut words = vec![0u32; levels.last().map_or(1, |&last| last as usize / 32 + 1)];
    levels.iter().for_each(|&level| words[level as usize / 32] |= 1 << (level % 32));
    words
}

fn joined<T: Display>(values: impl IntoIterator<Item = T>) -> String {
    values.into_iter().map(|value| value.to_string()).collect::<Vec<_>>().join(" ")
}

/// Numbers that read back the same.
fn numbers(values: impl IntoIterator<Item = f64>) -> String {
    values.into_iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(" ")
}
