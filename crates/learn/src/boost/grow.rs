//! One tree, grown leaf by leaf on histograms of gradients.
//!
//! The leaf whose best split gains most is split next. Only the smaller child's histogram is counted, the larger one's is
//! the parent's minus it (Ke et al. 2017). Sums are of whole numbers (`histogram`) and ties between splits go to the
//! earlier feature and the lower edge, so that the tree does not depend on the number of threads.

use rayon::prelude::*;

use super::histogram::{Derivatives, DrawnTile, Histogram, Sums};
use super::partition::{Sides, partition};
use super::split::{LeftCodes, Split, Terms, Whole, best_split};
use super::tiles::Tiles;
use super::{BoostSettings, Tree};
use crate::bins::BinnedColumn;

/// Below this many additions, handing out tiles to threads costs more than it saves.
const PARALLEL_ADDITIONS: usize = 1 << 15;

/// What one tree may use.
pub(super) struct Ground<'a> {
    pub(super) columns: &'a [&'a BinnedColumn],
    pub(super) tiles: &'a Tiles,
    pub(super) drawn: &'a [DrawnTile],
    /// For each feature: `1` where the score may only rise with it, `-1` where it may only fall, else `0`.
    pub(super) directions: &'a [i8],
    pub(super) derivatives: &'a Derivatives,
    pub(super) weight: Option<&'a [f64]>,
    pub(super) settings: &'a BoostSettings,
}

/// Memory kept from tree to tree.
#[derive(Default)]
pub(super) struct Buffers {
    histograms: Vec<Histogram>,
    ordered: Vec<u64>,
    sides: Sides,
}

/// A tree and, for each node, the codes that go left, so that binned rows can walk it.
#[derive(Clone, Debug)]
pub(crate) struct Grown {
    pub(crate) tree: Tree,
    left_codes: Vec<LeftCodes>,
}

/// The rows of a leaf of a tree: a part of those it was grown on.
pub(super) struct LeafRows {
    pub(super) begin: usize,
    pub(super) end: usize,
    /// Values that monotone splits above allow.
    pub(super) bounds: (f64, f64),
}

struct Leaf {
    rows: LeafRows,
    depth: usize,
    sums: Sums,
    weight: f64,
    /// The node above and whether this is its left child.
    parent: Option<(usize, bool)>,
    histogram: Option<Histogram>,
    best: Option<Split>,
}

/// Grows a tree on `rows`, which are reordered so that those of a leaf lie together. Leaf values are left at 0.
pub(super) fn grow(ground: &Ground<'_>, rows: &mut [u32], buffers: &mut Buffers) -> (Grown, Vec<LeafRows>) {
    let mut tree = Tree::default();
    let mut left_codes = Vec::new();
    let mut leaves = vec![root(ground, rows, buffers)];
    while leaves.len() < ground.settings.leaves {
        let Some((index, split)) = best_leaf(&leaves) else { break };
        let leaf = &mut leaves[index];
        let Some((tile, lane)) = ground.tiles.place(split.feature) else { break };
        let of_leaf = &mut rows[leaf.rows.begin..leaf.rows.end];
        let left_rows = partition(of_leaf, ground.tiles.tile(tile), lane, split.left_codes, &mut buffers.sides);
        if left_rows == 0 || left_rows == of_leaf.len() {
            leaf.best = None; // All derivatives of one side were below a quantum.
            continue;
        }
        let node = push_node(&mut tree, ground, &split, leaf.weight, (index, leaves.len()));
        left_codes.push(split.left_codes);
        if let Some((parent, is_left)) = leaves[index].parent {
            let children = if is_left { &mut tree.left } else { &mut tree.right };
            children[parent] = node as i32;
        }
        let last = leaves.len() + 1 == ground.settings.leaves;
        let (left, right) = split_leaf(ground, rows, &mut leaves[index], &split, left_rows, node, last, buffers);
        leaves[index] = left;
        leaves.push(right);
    }
    let mut leaf_rows = Vec::with_capacity(leaves.len());
    for leaf in leaves {
        tree.leaf_value.push(0.0);
        tree.leaf_cover.push(leaf.weight);
        buffers.histograms.extend(leaf.histogram);
        leaf_rows.push(leaf.rows);
    }
    (Grown { tree, left_codes }, leaf_rows)
}

impl Grown {
    /// A tree that is one leaf of value 0.
    pub(super) fn constant(cover: f64) -> Self {
        let tree = Tree { leaf_value: vec![0.0], leaf_cover: vec![cover.max(f64::MIN_POSITIVE)], ..Tree::default() };
        Self { tree, left_codes: Vec::new() }
    }

    /// The value of the leaf that a binned row falls into.
    pub(super) fn value(&self, columns: &[&BinnedColumn], row: u32) -> f64 {
        self.walk(|node| columns[self.tree.feature[node] as usize].codes[row as usize])
    }

    /// Adds the tree to the margins of all rows of the tiles.
    pub(super) fn add(&self, tiles: &Tiles, margins: &mut [f64]) {
        const BLOCK: usize = 4096;
        let places: Vec<(usize, usize)> =
            self.tree.feature.iter().map(|&feature| tiles.place(feature).unwrap_or_default()).collect();
        margins.par_chunks_mut(BLOCK).enumerate().for_each(|(block, margins)| {
            for (index, margin) in margins.iter_mut().enumerate() {
                let row = block * BLOCK + index;
                *margin += self.walk(|node| tiles.tile(places[node].0)[row][places[node].1]);
            }
        });
    }

    fn walk(&self, code: impl Fn(usize) -> u8) -> f64 {
        let tree = &self.tree;
        let mut child = if tree.feature.is_empty() { !0 } else { 0 };
        while child >= 0 {
            let node = child as usize;
            let left = self.left_codes[node].contains(code(node));
            child = if left { tree.left[node] } else { tree.right[node] };
        }
        tree.leaf_value[!child as usize]
    }
}

/// Appends a node whose children are leaves.
fn push_node(tree: &mut Tree, ground: &Ground<'_>, split: &Split, weight: f64, leaves: (usize, usize)) -> usize {
    let node = tree.feature.len();
    let column = ground.columns[split.feature as usize];
    tree.feature.push(split.feature);
    if let Some(levels) = &column.levels {
        let chosen = levels.iter().enumerate().filter(|&(code, _)| split.left_codes.contains(code as u8));
        let mut chosen: Vec<u32> = chosen.map(|(_, &level)| level).collect();
        chosen.sort_unstable();
        tree.set_levels(node, chosen);
        tree.threshold.push(0.0);
    } else {
        // Where only missing values go right, every finite value goes left.
        tree.threshold.push(column.edges.get(usize::from(split.last_left)).copied().unwrap_or(f32::MAX));
    }
    tree.missing_left.push(split.missing_left);
    tree.left.push(!(leaves.0 as i32));
    tree.right.push(!(leaves.1 as i32));
    tree.cover.push(weight);
    node
}

fn root(ground: &Ground<'_>, rows: &[u32], buffers: &mut Buffers) -> Leaf {
    ground.derivatives.ordered(rows, &mut buffers.ordered);
    let mut leaf = Leaf {
        rows: LeafRows { begin: 0, end: rows.len(), bounds: (f64::NEG_INFINITY, f64::INFINITY) },
        depth: 0,
        sums: Derivatives::total(&buffers.ordered),
        weight: weight(ground, rows),
        parent: None,
        histogram: None,
        best: None,
    };
    if may_split(ground, &leaf) && ground.settings.leaves > 1 {
        let mut histogram = take_histogram(ground, buffers);
        let whole = leaf.whole();
        let search = |(tile, cells): (&DrawnTile, &mut Vec<Sums>)| {
            tile.count(ground.tiles, rows, &buffers.ordered, cells);
            best_of_tile(ground, tile, &whole, cells)
        };
        let found: Vec<Option<Split>> = ground.drawn.par_iter().zip(&mut histogram).map(search).collect();
        leaf.best = found.into_iter().fold(None, better);
        leaf.histogram = Some(histogram);
    }
    leaf
}

impl Leaf {
    fn whole(&self) -> Whole {
        Whole { sums: self.sums, weight: self.weight, bounds: self.rows.bounds }
    }
}

fn take_histogram(ground: &Ground<'_>, buffers: &mut Buffers) -> Histogram {
    let mut histogram = buffers.histograms.pop().unwrap_or_default();
    histogram.resize_with(ground.drawn.len(), Vec::new);
    histogram
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

/// The one that gains more; the first where they gain the same.
fn better(best: Option<Split>, other: Option<Split>) -> Option<Split> {
    match (best, other) {
        (Some(best), Some(other)) if other.gain > best.gain => Some(other),
        (best, other) => best.or(other),
    }
}

/// Both children of a leaf whose rows are already partitioned, with their best splits unless this was the last one.
#[allow(clippy::too_many_arguments)] // All of it is one split's state.
fn split_leaf(
    ground: &Ground<'_>,
    rows: &[u32],
    leaf: &mut Leaf,
    split: &Split,
    left_rows: usize,
    node: usize,
    last: bool,
    buffers: &mut Buffers,
) -> (Leaf, Leaf) {
    let middle = leaf.rows.begin + left_rows;
    let (left_bounds, right_bounds) = child_bounds(ground, leaf, split);
    let child = |begin: usize, end: usize, is_left: bool, sums: Sums, bounds: (f64, f64)| Leaf {
        rows: LeafRows { begin, end, bounds },
        depth: leaf.depth + 1,
        sums,
        weight: weight(ground, &rows[begin..end]),
        parent: Some((node, is_left)),
        histogram: None,
        best: None,
    };
    let mut left = child(leaf.rows.begin, middle, true, split.left, left_bounds);
    let mut right = child(middle, leaf.rows.end, false, leaf.sums - split.left, right_bounds);
    // The parent's histogram is there: it was searched for this split.
    let mut parent = leaf.histogram.take().unwrap_or_default();
    let may = [may_split(ground, &left), may_split(ground, &right)];
    if last || may == [false; 2] {
        buffers.histograms.push(parent);
        return (left, right);
    }
    let left_is_small = left_rows <= leaf.rows.end - middle;
    let (small, large) = if left_is_small { (&mut left, &mut right) } else { (&mut right, &mut left) };
    let (small_may, large_may) = if left_is_small { (may[0], may[1]) } else { (may[1], may[0]) };
    let small_rows = &rows[small.rows.begin..small.rows.end];
    ground.derivatives.ordered(small_rows, &mut buffers.ordered);
    let mut counted = take_histogram(ground, buffers);
    let (small_whole, large_whole) = (small.whole(), large.whole());
    let search = |((tile, counted), parent): ((&DrawnTile, &mut Vec<Sums>), &mut Vec<Sums>)| {
        tile.count(ground.tiles, small_rows, &buffers.ordered, counted);
        let small = small_may.then(|| best_of_tile(ground, tile, &small_whole, counted)).flatten();
        if !large_may {
            return (small, None);
        }
        for (cell, &taken) in parent.iter_mut().zip(&*counted) {
            *cell = *cell - taken;
        }
        (small, best_of_tile(ground, tile, &large_whole, parent))
    };
    let features: usize = ground.drawn.iter().map(|tile| tile.features.len()).sum();
    let additions = (small_rows.len() + 256) * features;
    let found: Vec<(Option<Split>, Option<Split>)> = if additions < PARALLEL_ADDITIONS {
        ground.drawn.iter().zip(&mut counted).zip(&mut parent).map(search).collect()
    } else {
        ground.drawn.par_iter().zip(&mut counted).zip(&mut parent).map(search).collect()
    };
    for (of_small, of_large) in found {
        small.best = better(small.best, of_small);
        large.best = better(large.best, of_large);
    }
    for (leaf, histogram) in [(small, counted), (large, parent)] {
        if leaf.best.is_some() {
            leaf.histogram = Some(histogram);
        } else {
            buffers.histograms.push(histogram);
        }
    }
    (left, right)
}

fn best_of_tile(ground: &Ground<'_>, tile: &DrawnTile, whole: &Whole, cells: &[Sums]) -> Option<Split> {
    let terms = terms(ground);
    let mut best: Option<Split> = None;
    for of_feature in &tile.features {
        let (feature, cells) = (of_feature.feature, &cells[of_feature.begin..of_feature.end]);
        let column = ground.columns[feature as usize];
        let least = best.map_or(ground.settings.min_gain, |split| split.gain);
        let found = best_split(&terms, whole, feature, column, ground.directions[feature as usize], cells, least);
        best = found.or(best);
    }
    best
}

fn terms<'a>(ground: &'a Ground<'_>) -> Terms<'a> {
    Terms {
        settings: ground.settings,
        gradient_quantum: ground.derivatives.gradient_quantum,
        hessian_quantum: ground.derivatives.hessian_quantum,
    }
}

/// Total weight, summed by parts of a fixed size so that the order of additions does not depend on the threads.
fn weight(ground: &Ground<'_>, rows: &[u32]) -> f64 {
    let Some(weights) = ground.weight else { return rows.len() as f64 };
    let part = |rows: &[u32]| rows.iter().map(|&row| weights[row as usize]).sum::<f64>();
    let parts: Vec<f64> = rows.par_chunks(1 << 14).map(part).collect();
    parts.iter().sum()
}

fn may_split(ground: &Ground<'_>, leaf: &Leaf) -> bool {
    let settings = ground.settings;
    leaf.depth < settings.depth
        && leaf.weight >= 2.0 * settings.min_leaf_rows
        && leaf.sums.hessian * ground.derivatives.hessian_quantum >= 2.0 * settings.min_leaf_hessian
        && leaf.rows.end - leaf.rows.begin > 1
}

/// What the children of a monotone split may say: both stay on their side of the middle between them.
fn child_bounds(ground: &Ground<'_>, leaf: &Leaf, split: &Split) -> ((f64, f64), (f64, f64)) {
    let direction = ground.directions[split.feature as usize];
    let bounds = leaf.rows.bounds;
    if direction == 0 || ground.columns[split.feature as usize].levels.is_some() {
        return (bounds, bounds);
    }
    let terms = terms(ground);
    let middle = (terms.value(split.left, bounds) + terms.value(leaf.sums - split.left, bounds)) / 2.0;
    let (low, high) = bounds;
    if direction > 0 { ((low, middle), (middle, high)) } else { ((middle, high), (low, middle)) }
}
