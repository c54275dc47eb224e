//! Gradient boosting of histogram trees for the logistic loss.
//!
//! Model: `margin(x) = base + sum of trees(x)`, each tree a Newton step on the loss of those before it (Friedman 2001), on
//! a share of the *subjects* and columns (Friedman 2002). Subjects and not rows are drawn, because one subject's rows at
//! neighbouring cutoffs say nearly the same: dropping rows would drop no information.
//!
//! Several chains with different seeds are grown side by side and averaged, which is how variance is paid down; the number
//! of trees is read from the average's loss on rows kept apart.

mod grow;
mod tree;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub(crate) use self::grow::Grown;
use self::grow::{Buffers, Entry, Ground, grow};
pub use self::tree::Tree;
use crate::bins::BinnedColumn;
use crate::math::{falls_into, logit, margin_loss, mix, sigmoid};

/// How trees are grown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoostSettings {
    /// Trees of a chain, at most; the number kept is chosen on later rows.
    pub max_trees: usize,
    /// Part of each Newton step that is taken.
    pub learning_rate: f64,
    /// Leaves of a tree, at most.
    pub leaves: usize,
    /// Questions from the root to a leaf, at most.
    pub depth: usize,
    /// Added to the hessian of every leaf.
    pub l2: f64,
    /// Least total weight of a leaf's rows, as estimated from their hessians.
    pub min_leaf_rows: f64,
    /// Least sum of `p (1 - p)` in a leaf: about the number of leavers it must expect.
    pub min_leaf_hessian: f64,
    /// A split must gain more than this.
    pub min_gain: f64,
    /// Share of subjects that each tree sees.
    pub row_share: f64,
    /// Share of columns that each tree sees.
    pub column_share: f64,
    /// The share of subjects is lowered until a tree sees no more rows than this.
    pub max_rows_a_tree: usize,
}

/// Rows to grow on. Columns, labels, weights and subjects are those of the whole table.
pub(crate) struct Training<'a> {
    pub(crate) columns: &'a [&'a BinnedColumn],
    pub(crate) directions: &'a [i8],
    pub(crate) label: &'a [bool],
    pub(crate) weight: Option<&'a [f32]>,
    pub(crate) subject: &'a [u32],
    /// The rows to use.
    pub(crate) rows: &'a [u32],
    pub(crate) seed: u64,
    pub(crate) chains: usize,
}

/// Chains of trees, not yet put together.
pub(crate) struct Chains {
    base: f64,
    /// One tree of each chain a round.
    rounds: Vec<Vec<Grown>>,
    /// Loss of the watched rows after each round, from none.
    pub(crate) curve: Vec<f64>,
}

/// Rows kept apart to see how many trees are enough.
struct Watch<'a> {
    rows: &'a [u32],
    margins: Vec<f64>,
    /// Added to the margins before their loss is taken. The level of scores is calibrated afterwards; a level that moved
    /// between training and later rows must not look like overfitting.
    shift: f64,
}

/// A sum of trees over the encoder's features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ensemble {
    /// The margin before any tree.
    pub base: f64,
    /// The trees, averaging over chains already in their leaf values.
    pub trees: Vec<Tree>,
}

struct Chain {
    seed: u64,
    /// Margin of each training row.
    margins: Vec<f64>,
    entries: Vec<Entry>,
    buffers: Buffers,
}

impl Default for BoostSettings {
    fn default() -> Self {
        Self {
            max_trees: 600,
            learning_rate: 0.05,
            leaves: 16,
            depth: 6,
            l2: 5.0,
            min_leaf_rows: 20.0,
            min_leaf_hessian: 1.0,
            min_gain: 1e-6,
            row_share: 0.7,
            column_share: 0.5,
            max_rows_a_tree: 40_000,
        }
    }
}

/// Grows `max_trees` rounds; where rows are watched, fewer if their loss has not fallen for `3 / learning_rate` rounds,
/// but no fewer than `at_least`.
pub(crate) fn boost(
    training: &Training<'_>,
    settings: &BoostSettings,
    watched: Option<&[u32]>,
    at_least: usize,
) -> Chains {
    let rows: Vec<u32> = training.rows.iter().copied().filter(|&row| weight(training, row) > 0.0).collect();
    let base = base_margin(training, &rows);
    let new_chain = |chain| Chain {
        seed: mix(training.seed, chain as u64),
        margins: vec![base; rows.len()],
        entries: Vec::new(),
        buffers: Buffers::default(),
    };
    let mut chains: Vec<Chain> = (0..training.chains.max(1)).map(new_chain).collect();
    let mut watch = watched.map(|rows| Watch { rows, margins: vec![base; rows.len()], shift: 0.0 });
    let mut curve: Vec<f64> = watch.iter_mut().map(|watch| watched_loss(training, watch)).collect();
    let patience = (3.0 / settings.learning_rate).round() as usize;
    let mut rounds = Vec::new();
    let mut best = 0;
    for round in 1..=settings.max_trees {
        let grown: Vec<Grown> =
            chains.par_iter_mut().map(|chain| step(training, settings, &rows, chain, round)).collect();
        if let Some(watch) = &mut watch {
            add_round(&grown, training.columns, watch.rows, &mut watch.margins);
            curve.push(watched_loss(training, watch));
            if curve[round] < curve[best] {
                best = round;
            }
        }
        rounds.push(grown);
        if watch.is_some() && round >= at_least && round - best >= patience {
            break;
        }
    }
    Chains { base, rounds, curve }
}

impl Chains {
    /// Margins of binned rows after so many rounds.
    pub(crate) fn margins(&self, columns: &[&BinnedColumn], rows: &[u32], rounds: usize) -> Vec<f64> {
        let mut margins = vec![self.base; rows.len()];
        for round in self.rounds.iter().take(rounds) {
            add_round(round, columns, rows, &mut margins);
        }
        margins
    }

    /// The mean of the chains.
    pub(crate) fn into_ensemble(self) -> Ensemble {
        let mut trees = Vec::new();
        for round in self.rounds {
            let chains = round.len() as f64;
            for mut tree in round.into_iter().map(|grown| grown.tree) {
                // A tree that found no split still moves the base: it is kept as a leaf.
                tree.leaf_value.iter_mut().for_each(|value| *value /= chains);
                trees.push(tree);
            }
        }
        Ensemble { base: self.base, trees }
    }
}

impl Ensemble {
    /// Margins of all rows of a feature-major table.
    pub(crate) fn margins(&self, features: &[&[f32]], rows: usize) -> Vec<f64> {
        const BLOCK: usize = 512;
        let mut margins = vec![self.base; rows];
        margins.par_chunks_mut(BLOCK).enumerate().for_each(|(block, margins)| {
            for tree in &self.trees {
                for (index, margin) in margins.iter_mut().enumerate() {
                    let row = block * BLOCK + index;
                    *margin += tree.leaf_value[tree.leaf(|feature| features[feature as usize][row])];
                }
            }
        });
        margins
    }
}

fn weight(training: &Training<'_>, row: u32) -> f64 {
    training.weight.map_or(1.0, |weights| f64::from(weights[row as usize]))
}

fn base_margin(training: &Training<'_>, rows: &[u32]) -> f64 {
    let (mut leaving, mut total) = (0.0, 0.0);
    for &row in rows {
        let weight = weight(training, row);
        total += weight;
        leaving += if training.label[row as usize] { weight } else { 0.0 };
    }
    logit(leaving / f64::max(total, f64::MIN_POSITIVE))
}

/// Adds the mean of a round's trees to the margins.
fn add_round(round: &[Grown], columns: &[&BinnedColumn], rows: &[u32], margins: &mut [f64]) {
    let share = 1.0 / round.len() as f64;
    margins.par_iter_mut().zip(rows).with_min_len(2048).for_each(|(margin, &row)| {
        let sum: f64 = round.iter().map(|grown| grown.value(columns, row)).sum();
        *margin += sum * share;
    });
}

/// Total weighted log-loss at the present shift, which then takes one Newton step towards the rows' own level.
///
/// Summed in blocks of a fixed size, so that the order of additions does not depend on the threads.
fn watched_loss(training: &Training<'_>, watch: &mut Watch<'_>) -> f64 {
    const BLOCK: usize = 4096;
    let shift = watch.shift;
    let block = |(rows, margins): (&[u32], &[f64])| {
        let mut sums = [0.0; 3];
        for (&row, &margin) in rows.iter().zip(margins) {
            let (weight, label) = (weight(training, row), training.label[row as usize]);
            let p = sigmoid(margin + shift);
            sums[0] += weight * margin_loss(margin + shift, label);
            sums[1] += weight * (p - f64::from(u8::from(label)));
            sums[2] += weight * p * (1.0 - p);
        }
        sums
    };
    let blocks: Vec<[f64; 3]> = watch.rows.par_chunks(BLOCK).zip(watch.margins.par_chunks(BLOCK)).map(block).collect();
    let [loss, slope, curvature] = [0, 1, 2].map(|sum| blocks.iter().map(|block| block[sum]).sum::<f64>());
    // One leaver's worth of information keeps the level where it is, and the step finite.
    watch.shift -= slope / (curvature + 1.0);
    loss
}

/// Grows a chain by one tree.
fn step(training: &Training<'_>, settings: &BoostSettings, rows: &[u32], chain: &mut Chain, round: usize) -> Grown {
    let seed = mix(chain.seed, round as u64);
    let share = settings.row_share.min(settings.max_rows_a_tree as f64 / rows.len() as f64);
    chain.entries.clear();
    for (&row, &margin) in rows.iter().zip(&chain.margins) {
        if share < 1.0 && !falls_into(mix(seed, u64::from(training.subject[row as usize])), share) {
            continue;
        }
        let p = sigmoid(margin);
        let weight = weight(training, row);
        let target = if training.label[row as usize] { 1.0 } else { 0.0 };
        let gradient = (weight * (p - target)) as f32;
        let hessian = (weight * (p * (1.0 - p)).max(1e-16)) as f32;
        chain.entries.push(Entry { row, gradient, hessian });
    }
    let features = draw_features(training.columns, settings.column_share, mix(seed, u64::MAX));
    let ground = Ground {
        columns: training.columns,
        features: &features,
        directions: training.directions,
        weight: training.weight,
        settings,
    };
    if chain.entries.is_empty() {
        // No subject was drawn: the tree says nothing.
        return Grown::constant(training.weight.map_or(1.0, |weights| weights.iter().map(|&w| f64::from(w)).sum()));
    }
    let grown = grow(&ground, &mut chain.entries, &mut chain.buffers);
    chain.margins.par_iter_mut().zip(rows).with_min_len(2048).for_each(|(margin, &row)| {
        *margin += grown.value(training.columns, row);
    });
    grown
}

/// Columns that vary, thinned to the share by hash; at least one, ascending.
fn draw_features(columns: &[&BinnedColumn], share: f64, seed: u64) -> Vec<u32> {
    let every = 0..columns.len() as u32;
    let mut features: Vec<u32> = every.filter(|&feature| columns[feature as usize].varies).collect();
    let kept = (features.len() as f64 * share).round().max(1.0) as usize;
    if kept < features.len() {
        features.sort_unstable_by_key(|&feature| mix(seed, u64::from(feature)));
        features.truncate(kept);
        features.sort_unstable();
    }
    features
}
