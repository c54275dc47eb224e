//! One tree, grown leaf by leaf on histograms of gradients.
//!
//! The leaf whose best split gains most is split next. With `G`, `H` the sums of first and second derivatives of the loss
//! in a leaf, its value is `v = -G / (H + l2)` and a split gains
//! `G_l^2 / (H_l + l2) + G_r^2 / (H_r + l2) - G^2 / (H + l2)` (Chen and Guestrin 2016). Only the smaller child's histogram
//! is counted, the larger one's is the parent's minus it (Ke et al. 2017). Rows missing a value are tried on both sides.
//!
//! Every histogram cell is summed by one thread in the order of the rows, and ties between splits go to the earlier
//! feature and the lower edge, so that the tree does not depend on the number of threads.

use rayon::prelude::*;

use super::{BoostSettings, Tree};
use crate::bins::BinnedColumn;

/// Codes are below this, see `bins`.
const CODES: usize = 128;

/// Below this many reads, handing out columns to threads costs more than it saves.
const PARALLEL_READS: usize = 1 << 18;

/// Gradient and hessian of the loss at a row of the table.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    pub(super) row: u32,
    pub(super) gradient: f32,
    pub(super) hessian: f32,
}

/// What one tree may use.
pub(super) struct Ground<'a> {
    pub(super) columns: &'a [&'a BinnedColumn],
    /// Features drawn for this tree, ascending.
    pub(super) features: &'a [u32],
    /// For each feature: `1` where the score may only rise with it, `-1` where it may only fall, else `0`.
    pub(super) directions: &'a [i8],
    pub(super) weight: Option<&'a [f32]>,
    pub(super) settings: &'a BoostSettings,
}

/// Memory kept from tree to tree.
#[derive(Default)]
pub(super) struct Buffers {
    histograms: Vec<Vec<Sums>>,
    right: Vec<Entry>,
}

/// A tree and, for each node, the last code that goes left, so that binned rows can walk it.
#[derive(Clone, Debug)]
pub(crate) struct Grown {
    pub(crate) tree: Tree,
    last_left: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    gradient: f64,
    hessian: f64,
}

struct Leaf {
    begin: usize,
    end: usize,
    depth: usize,
    sums: Sums,
    weight: f64,
    /// The node above and whether this is its left child.
    parent: Option<(usize, bool)>,
    /// Values allowed by monotone splits above.
    bounds: (f64, f64),
    histogram: Option<Vec<Sums>>,
    best: Option<Split>,
}

#[derive(Clone, Copy, Debug)]
struct Split {
    gain: f64,
    feature: u32,
    last_left: u8,
    missing_left: bool,
    left: Sums,
}

/// Grows a tree on `entries`, which are reordered. Leaf values are already shrunk by the learning rate.
pub(super) fn grow(ground: &Ground<'_>, entries: &mut [Entry], buffers: &mut Buffers) -> Grown {
    let mut tree = Tree::default();
    let mut last_lefts = Vec::new();
    let mut leaves = vec![root(ground, entries, buffers)];
    while leaves.len() < ground.settings.leaves {
        let Some((index, split)) = best_leaf(&leaves) else { break };
        let node = tree.feature.len();
        let leaf = &mut leaves[index];
        let column = ground.columns[split.feature as usize];
        let rows = &mut entries[leaf.begin..leaf.end];
        let left_rows = partition(rows, column, split.last_left, split.missing_left, &mut buffers.right);
        if left_rows == 0 || left_rows == rows.len() {
            leaf.best = None; // Its gain was a rounding error of the subtraction.
            continue;
        }
        tree.feature.push(split.feature);
        // Where only missing values go right, every finite value goes left.
        tree.threshold.push(column.edges.get(usize::from(split.last_left)).copied().unwrap_or(f32::MAX));
        tree.missing_left.push(split.missing_left);
        tree.left.push(!(index as i32));
        tree.right.push(!(leaves.len() as i32));
        tree.cover.push(leaves[index].weight);
        last_lefts.push(split.last_left);
        if let Some((parent, is_left)) = leaves[index].parent {
            let children = if is_left { &mut tree.left } else { &mut tree.right };
            children[parent] = node as i32;
        }
        let last = leaves.len() + 1 == ground.settings.leaves;
        let (left, right) = split_leaf(ground, entries, &mut leaves[index], &split, left_rows, node, last, buffers);
        leaves[index] = left;
        leaves.push(right);
    }
    for leaf in leaves {
        let value = leaf_value(leaf.sums, ground.settings.l2, leaf.bounds);
        tree.leaf_value.push(value * ground.settings.learning_rate);
        tree.leaf_cover.push(leaf.weight);
        buffers.histograms.extend(leaf.histogram);
    }
    Grown { tree, last_left: last_lefts }
}

impl Grown {
    /// A tree that is one leaf of value 0.
    pub(super) fn constant(cover: f64) -> Self {
        let tree = Tree { leaf_value: vec![0.0], leaf_cover: vec![cover.max(f64::MIN_POSITIVE)], ..Tree::default() };
        Self { tree, last_left: Vec::new() }
    }

    /// The value of the leaf that a binned row falls into.
    pub(super) fn value(&self, columns: &[&BinnedColumn], row: u32) -> f64 {
        let tree = &self.tree;
        let mut child = if tree.feature.is_empty() { !0 } else { 0 };
        while child >= 0 {
            let node = child as usize;
            let column = columns[tree.feature[node] as usize];
            let code = column.codes[row as usize];
            let left = if code == column.missing() { tree.missing_left[node] } else { code <= self.last_left[node] };
            child = if left { tree.left[node] } else { tree.right[node] };
        }
        tree.leaf_value[!child as usize]
    }
}

fn root(ground: &Ground<'_>, entries: &[Entry], buffers: &mut Buffers) -> Leaf {
    let mut leaf = Leaf {
        begin: 0,
        end: entries.len(),
        depth: 0,
        sums: total(entries),
        weight: weight(ground, entries),
        parent: None,
        bounds: (f64::NEG_INFINITY, f64::INFINITY),
        histogram: None,
        best: None,
    };
    if may_split(ground, &leaf) && ground.settings.leaves > 1 {
        let histogram = count(ground, entries, buffers);
        leaf.best = best_split(ground, &leaf, &histogram);
        leaf.histogram = Some(histogram);
    }
    leaf
}

fn best_leaf(leaves: &[Leaf]) -> Option<(usize, Split)> {
    let mut best: Option<(usize, Split)> = None;
    for (index, leaf) in leaves.iter().enumerate() {
        if let Some(split) = leaf.best
            && best.is_none_or(|(_, other)| split.gain > other.gain)
        {
            best = Some((index, split));
        }
    }
    best
}

/// Both children of a leaf whose rows are already partitioned, with their best splits unless this was the last one.
#[allow(clippy::too_many_arguments)] // All of it is one split's state.
fn split_leaf(
    ground: &Ground<'_>,
    entries: &[Entry],
    leaf: &mut Leaf,
    split: &Split,
    left_rows: usize,
    node: usize,
    last: bool,
    buffers: &mut Buffers,
) -> (Leaf, Leaf) {
    let middle = leaf.begin + left_rows;
    let (left_bounds, right_bounds) = child_bounds(ground, leaf, split);
    let child = |begin: usize, end: usize, is_left: bool, bounds: (f64, f64)| Leaf {
        begin,
        end,
        depth: leaf.depth + 1,
        sums: total(&entries[begin..end]),
        weight: weight(ground, &entries[begin..end]),
        parent: Some((node, is_left)),
        bounds,
        histogram: None,
        best: None,
    };
    let mut left = child(leaf.begin, middle, true, left_bounds);
    let mut right = child(middle, leaf.end, false, right_bounds);
    // The parent's histogram is there: it was searched for this split.
    let mut parent = leaf.histogram.take().unwrap_or_default();
    if last || !(may_split(ground, &left) || may_split(ground, &right)) {
        buffers.histograms.push(parent);
        return (left, right);
    }
    let left_is_small = left_rows <= leaf.end - middle;
    let (small, large) = if left_is_small { (&mut left, &mut right) } else { (&mut right, &mut left) };
    let histogram = count(ground, &entries[small.begin..small.end], buffers);
    for (cell, taken) in parent.iter_mut().zip(&histogram) {
        cell.gradient -= taken.gradient;
        cell.hessian -= taken.hessian;
    }
    for (leaf, histogram) in [(small, histogram), (large, parent)] {
        if may_split(ground, leaf) {
            leaf.best = best_split(ground, leaf, &histogram);
        }
        leaf.histogram = Some(histogram);
    }
    (left, right)
}

/// Moves entries that go left to the front, both sides in their order; returns how many go left.
fn partition(
    entries: &mut [Entry],
    column: &BinnedColumn,
    last_left: u8,
    missing_left: bool,
    right: &mut Vec<Entry>,
) -> usize {
    right.clear();
    let missing = column.missing();
    let mut left = 0;
    for index in 0..entries.len() {
        let entry = entries[index];
        let code = column.codes[entry.row as usize];
        if if code == missing { missing_left } else { code <= last_left } {
            entries[left] = entry;
            left += 1;
        } else {
            right.push(entry);
        }
    }
    entries[left..].copy_from_slice(right);
    left
}

fn total(entries: &[Entry]) -> Sums {
    let mut sums = Sums::default();
    for entry in entries {
        sums.gradient += f64::from(entry.gradient);
        sums.hessian += f64::from(entry.hessian);
    }
    sums
}

fn weight(ground: &Ground<'_>, entries: &[Entry]) -> f64 {
    match ground.weight {
        Some(weights) => entries.iter().map(|entry| f64::from(weights[entry.row as usize])).sum(),
        None => entries.len() as f64,
    }
}

fn may_split(ground: &Ground<'_>, leaf: &Leaf) -> bool {
    let settings = ground.settings;
    leaf.depth < settings.depth
        && leaf.weight >= 2.0 * settings.min_leaf_rows
        && leaf.sums.hessian >= 2.0 * settings.min_leaf_hessian
        && leaf.end - leaf.begin > 1
}

/// Cells a feature takes up in a histogram: the same for all of this tree's features.
fn stride(ground: &Ground<'_>) -> usize {
    ground.features.iter().map(|&feature| ground.columns[feature as usize].codes_used()).max().unwrap_or(1)
}

/// Sums of gradients by feature and code.
fn count(ground: &Ground<'_>, entries: &[Entry], buffers: &mut Buffers) -> Vec<Sums> {
    let stride = stride(ground);
    let mut histogram = buffers.histograms.pop().unwrap_or_default();
    histogram.resize(stride * ground.features.len(), Sums::default());
    let column = |(&feature, cells): (&u32, &mut [Sums])| {
        let codes = &ground.columns[feature as usize].codes;
        let mut sums = [Sums::default(); CODES];
        for entry in entries {
            // The mask changes no code; it tells the compiler that they are all in range.
            let cell = &mut sums[usize::from(codes[entry.row as usize]) & (CODES - 1)];
            cell.gradient += f64::from(entry.gradient);
            cell.hessian += f64::from(entry.hessian);
        }
        cells.copy_from_slice(&sums[..cells.len()]);
    };
    if entries.len() * ground.features.len() < PARALLEL_READS {
        ground.features.iter().zip(histogram.chunks_mut(stride)).for_each(column);
    } else {
        ground.features.par_iter().zip(histogram.par_chunks_mut(stride)).for_each(column);
    }
    histogram
}

fn best_split(ground: &Ground<'_>, leaf: &Leaf, histogram: &[Sums]) -> Option<Split> {
    let mut best: Option<Split> = None;
    for (&feature, cells) in ground.features.iter().zip(histogram.chunks(stride(ground))) {
        search_feature(ground, leaf, feature, cells, &mut best);
    }
    best
}

/// Puts the feature's best split into `best` where it gains more.
fn search_feature(ground: &Ground<'_>, leaf: &Leaf, feature: u32, cells: &[Sums], best: &mut Option<Split>) {
    let settings = ground.settings;
    let finite = usize::from(ground.columns[feature as usize].missing());
    let missing = cells[finite];
    // What the subtraction leaves of no rows at all is below this.
    let any_missing = missing.hessian > 1e-10 * leaf.sums.hessian;
    let rows_per_hessian = leaf.weight / leaf.sums.hessian;
    let min_hessian = settings.min_leaf_hessian.max(settings.min_leaf_rows / rows_per_hessian).max(1e-12);
    let direction = ground.directions[feature as usize];
    let unsplit = gain(leaf.sums, settings.l2, leaf.bounds);
    let mut least = best.map_or(settings.min_gain, |split| split.gain);
    let mut consider = |left: Sums, code: usize, missing_left: bool| {
        let right = Sums { gradient: leaf.sums.gradient - left.gradient, hessian: leaf.sums.hessian - left.hessian };
        if left.hessian < min_hessian || right.hessian < min_hessian {
            return;
        }
        let gained = gain(left, settings.l2, leaf.bounds) + gain(right, settings.l2, leaf.bounds) - unsplit;
        if gained <= least {
            return;
        }
        let rise = leaf_value(right, settings.l2, leaf.bounds) - leaf_value(left, settings.l2, leaf.bounds);
        if f64::from(direction) * rise < 0.0 {
            return;
        }
        least = gained;
        *best = Some(Split { gain: gained, feature, last_left: code as u8, missing_left, left });
    };
    let mut left = Sums::default();
    for (code, cell) in cells[..finite].iter().enumerate() {
        left.gradient += cell.gradient;
        left.hessian += cell.hessian;
        let last = code + 1 == finite;
        if !any_missing {
            // A value missing only later goes with the majority.
            if !last {
                consider(left, code, left.hessian >= leaf.sums.hessian - left.hessian);
            }
            continue;
        }
        consider(left, code, false);
        if !last {
            let with_missing =
                Sums { gradient: left.gradient + missing.gradient, hessian: left.hessian + missing.hessian };
            consider(with_missing, code, true);
        }
    }
}

fn leaf_value(sums: Sums, l2: f64, bounds: (f64, f64)) -> f64 {
    (-sums.gradient / (sums.hessian + l2)).clamp(bounds.0, bounds.1)
}

/// Twice the fall in loss that the leaf's value brings; `G^2 / (H + l2)` where the value is free.
fn gain(sums: Sums, l2: f64, bounds: (f64, f64)) -> f64 {
    let value = leaf_value(sums, l2, bounds);
    -(2.0 * sums.gradient + (sums.hessian + l2) * value) * value
}

/// What the children of a monotone split may say: both stay on their side of the middle between them.
fn child_bounds(ground: &Ground<'_>, leaf: &Leaf, split: &Split) -> ((f64, f64), (f64, f64)) {
    let direction = ground.directions[split.feature as usize];
    if direction == 0 {
        return (leaf.bounds, leaf.bounds);
    }
    let l2 = ground.settings.l2;
    let right =
        Sums { gradient: leaf.sums.gradient - split.left.gradient, hessian: leaf.sums.hessian - split.left.hessian };
    let middle = (leaf_value(split.left, l2, leaf.bounds) + leaf_value(right, l2, leaf.bounds)) / 2.0;
    let (low, high) = leaf.bounds;
    if direction > 0 { ((low, middle), (middle, high)) } else { ((middle, high), (low, middle)) }
}
