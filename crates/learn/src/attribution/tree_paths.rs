//! Exact path-dependent TreeSHAP, leaf by leaf, for many rows at once.
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
//! The integrand is a polynomial of degree `m - 1`, for which Gauss-Legendre quadrature with `ceil(m / 2)` points is exact,
//! without the subtractions that make unwinding lose digits. At each point the product falls into parts of a few features,
//! which are tabled for all patterns of `o`; where many rows come, so are the leaf's values themselves (as in FastTreeSHAP
//! v2, Yang 2021). A block of rows walks the tree together and carries its patterns along.

use super::quadrature::quadrature;
use crate::boost::Tree;

/// Rows of a block.
pub(super) const ROWS: usize = 256;

/// Features of a part: 64 patterns.
const PART: usize = 6;

/// Features on a path up to which its values are tabled: 1024 patterns of 10 numbers.
const MAX_TABLED: usize = 10;

/// Values of one feature, or its part in them, for the rows of a block.
pub(super) type Lane = [f64; ROWS];

/// A tree, and for each leaf tables of what its path makes of every pattern.
pub(super) struct Paths<'a> {
    tree: &'a Tree,
    nodes: Vec<Node>,
    leaves: Vec<Leaf>,
    tables: Vec<f64>,
    parts: usize,
}

/// Where a node's answer goes in the pattern of its path.
#[derive(Clone, Copy, Default)]
struct Node {
    part: usize,
    bit: u8,
    /// Whether the path asked about this feature before.
    again: bool,
}

#[derive(Clone, Default)]
struct Leaf {
    /// The features on the path, in the order of their bits.
    features: Vec<usize>,
    /// Points of the quadrature.
    points: usize,
    /// Where the tables of the parts begin.
    parts: Vec<usize>,
    /// Where the table of values begins.
    values: Option<usize>,
}

/// A feature on the way to a leaf.
#[derive(Clone, Copy)]
struct Step {
    feature: u32,
    /// Share of training rows that follow the path at this feature's splits.
    share: f64,
}

impl<'a> Paths<'a> {
    /// Tables for about so many rows; leaf values are taken times `scale`.
    pub(super) fn new(tree: &'a Tree, scale: f64, rows: usize) -> Self {
        let nodes = vec![Node::default(); tree.feature.len()];
        let leaves = vec![Leaf::default(); tree.leaf_value.len()];
        let mut paths = Self { tree, nodes, leaves, tables: Vec::new(), parts: 0 };
        let root = if tree.feature.is_empty() { !0 } else { 0 };
        paths.prepare(root, &mut Vec::new(), scale, rows);
        paths
    }

    fn prepare(&mut self, child: i32, path: &mut Vec<Step>, scale: f64, rows: usize) {
        if child < 0 {
            let leaf = !child as usize;
            self.leaves[leaf] = self.table(path, scale * self.tree.leaf_value[leaf], rows);
            self.parts = self.parts.max(path.len().div_ceil(PART));
            return;
        }
        let (node, tree) = (child as usize, self.tree);
        let feature = tree.feature[node];
        let found = path.iter().position(|step| step.feature == feature);
        let at = found.unwrap_or(path.len());
        self.nodes[node] = Node { part: at / PART, bit: 1 << (at % PART), again: found.is_some() };
        let before = found.map_or(1.0, |at| path[at].share);
        if found.is_none() {
            path.push(Step { feature, share: 1.0 });
        }
        for next in [tree.left[node], tree.right[node]] {
            path[at].share = before * tree.child_cover(next) / tree.cover[node];
            self.prepare(next, path, scale, rows);
        }
        path[at].share = before;
        if found.is_none() {
            path.pop();
        }
    }

    /// For each part and pattern: at each point the part's product, then for each of its features the product of the
    /// others times `value * weight * (o - z)`.
    fn table(&mut self, path: &[Step], value: f64, rows: usize) -> Leaf {
        let rule = quadrature(path.len().div_ceil(2));
        let points = rule.len();
        let mut leaf =
            Leaf { features: path.iter().map(|step| step.feature as usize).collect(), points, ..Leaf::default() };
        for part in path.chunks(PART) {
            leaf.parts.push(self.tables.len());
            for pattern in 0..1usize << part.len() {
                let begin = self.tables.len();
                self.tables.resize(begin + (part.len() + 1) * points, 0.0);
                let table = &mut self.tables[begin..];
                for (point, &(t, weight)) in rule.iter().enumerate() {
                    let one = |index: usize| (pattern >> index & 1) as f64;
                    let factor = |index: usize| one(index) * t + part[index].share * (1.0 - t);
                    let mut product = 1.0;
                    for index in 0..part.len() {
                        table[(index + 1) * points + point] = product;
                        product *= factor(index);
                    }
                    table[point] = product;
                    let mut after = value * weight;
                    for index in (0..part.len()).rev() {
                        table[(index + 1) * points + point] *= after * (one(index) - part[index].share);
                        after *= factor(index);
                    }
                }
            }
        }
        if !path.is_empty() && path.len() <= MAX_TABLED && rows >> path.len() > 0 {
            let begin = self.tables.len();
            let mut values = vec![0.0; path.len() << path.len()];
            for (pattern, values) in values.chunks_mut(path.len()).enumerate() {
                let patterns = [(pattern % (1 << PART)) as u8, (pattern >> PART) as u8];
                self.combine(&leaf, &patterns, |index, value| values[index] = value);
            }
            self.tables.extend(values);
            leaf.values = Some(begin);
        }
        leaf
    }

    /// The leaf's value for each of its features, from the patterns of its parts.
    fn combine(&self, leaf: &Leaf, patterns: &[u8], mut put: impl FnMut(usize, f64)) {
        let points = leaf.points;
        let size = |part: usize| (leaf.features.len() - part * PART).min(PART);
        let of_part = |part: usize| {
            let width = (size(part) + 1) * points;
            &self.tables[leaf.parts[part] + usize::from(patterns[part]) * width..][..width]
        };
        for part in 0..leaf.parts.len() {
            let (_, features) = of_part(part).split_at(points);
            let others = (0..leaf.parts.len()).filter(|&other| other != part);
            for (index, feature) in features.chunks(points).enumerate() {
                let mut sum = 0.0;
                for (point, &own) in feature.iter().enumerate() {
                    sum += others.clone().fold(own, |product, other| product * of_part(other)[point]);
                }
                put(part * PART + index, sum);
            }
        }
    }

    /// Adds to `sums` what each feature adds for the rows from `first` on, a block at most.
    pub(super) fn add(&self, features: &[&[f32]], first: usize, sums: &mut [Lane], scratch: &mut Vec<[u8; ROWS]>) {
        if self.nodes.is_empty() {
            return; // One leaf says the same of all rows.
        }
        scratch.clear();
        scratch.resize(self.parts, [0; ROWS]);
        self.descend(0, features, first, sums, scratch);
    }

    fn descend(
        &self,
        child: i32,
        features: &[&[f32]],
        first: usize,
        sums: &mut [Lane],
        patterns: &mut Vec<[u8; ROWS]>,
    ) {
        if child < 0 {
            self.add_leaf(&self.leaves[!child as usize], sums, patterns);
            return;
        }
        let node = child as usize;
        let Node { part, bit, again } = self.nodes[node];
        let values = &features[self.tree.feature[node] as usize][first..];
        let before = patterns[part];
        // All ones where the row goes left.
        let mut left = [0u8; ROWS];
        self.tree.masks_left(node, &values[..values.len().min(ROWS)], &mut left);
        for (next, flip) in [(self.tree.left[node], 0), (self.tree.right[node], u8::MAX)] {
            for ((pattern, &before), &left) in patterns[part].iter_mut().zip(&before).zip(&left) {
                let follows = left ^ flip;
                *pattern = if again { before & (follows | !bit) } else { before | (follows & bit) };
            }
            self.descend(next, features, first, sums, patterns);
        }
        patterns[part] = before;
    }

    fn add_leaf(&self, leaf: &Leaf, sums: &mut [Lane], patterns: &[[u8; ROWS]]) {
        let Some(begin) = leaf.values else {
            let mut of_row = vec![0; leaf.parts.len()];
            for row in 0..ROWS {
                of_row.iter_mut().zip(patterns).for_each(|(one, rows)| *one = rows[row]);
                self.combine(leaf, &of_row, |index, value| sums[leaf.features[index]][row] += value);
            }
            return;
        };
        let mut places = [0u16; ROWS];
        for (place, &pattern) in places.iter_mut().zip(&patterns[0]) {
            *place = u16::from(pattern);
        }
        if leaf.parts.len() > 1 {
            for (place, &pattern) in places.iter_mut().zip(&patterns[1]) {
                *place |= u16::from(pattern) << PART;
            }
        }
        let table = &self.tables[begin..begin + (leaf.features.len() << leaf.features.len())];
        match leaf.features.len() {
            1 => add_tabled::<1>(leaf, table, &places, sums),
            2 => add_tabled::<2>(leaf, table, &places, sums),
            3 => add_tabled::<3>(leaf, table, &places, sums),
            4 => add_tabled::<4>(leaf, table, &places, sums),
            5 => add_tabled::<5>(leaf, table, &places, sums),
            6 => add_tabled::<6>(leaf, table, &places, sums),
            7 => add_tabled::<7>(leaf, table, &places, sums),
            8 => add_tabled::<8>(leaf, table, &places, sums),
            9 => add_tabled::<9>(leaf, table, &places, sums),
            _ => add_tabled::<MAX_TABLED>(leaf, table, &places, sums),
        }
    }
}

/// Adds the tabled values at each row's place. A path's features differ, so that their sums can be borrowed side by side.
fn add_tabled<const FEATURES: usize>(leaf: &Leaf, table: &[f64], places: &[u16; ROWS], sums: &mut [Lane]) {
    let features: [usize; FEATURES] = std::array::from_fn(|index| leaf.features[index]);
    let lanes = sums.get_disjoint_mut(features).expect("the features of a path differ");
    let table = table.as_chunks::<FEATURES>().0;
    for (row, &place) in places.iter().enumerate() {
        let values = &table[usize::from(place)];
        for index in 0..FEATURES {
            lanes[index][row] += values[index];
        }
    }
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
                let table: Vec<&[f32]> = row.iter().map(std::slice::from_ref).collect();
                for paths in [&tabled, &direct] {
                    let mut sums = vec![[0.0; ROWS]; row.len()];
                    paths.add(&table, 0, &mut sums, &mut Vec::new());
                    let sums: Vec<f64> = sums.iter().map(|lane| lane[0]).collect();
                    let gap = sums.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                    assert!(gap < 1e-12, "seed {seed}: {sums:?} {expected:?}");
                }
            }
        }
    }
}
