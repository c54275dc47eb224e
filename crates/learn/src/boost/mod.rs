//! Gradient boosting of histogram trees.
//!
//! Model: `margin(x) = base + sum of trees(x)`, each tree a Newton step on the loss of those before it (Friedman 2001), on
//! a share of the *subjects* and columns (Friedman 2002). Subjects and not rows are drawn, because one subject's rows at
//! neighbouring cutoffs say nearly the same: dropping rows would drop no information.
//!
//! Several chains with different seeds are grown side by side and averaged, which is how variance is paid down; the number
//! of trees is read from the average's loss on rows kept apart.

mod ensemble;
mod fit_trees;
mod grow;
mod histogram;
mod loss;
mod partition;
mod split;
mod tiles;
mod tree;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use self::ensemble::Ensemble;
pub use self::fit_trees::{TreeData, TreeFit, TreeTable, fit_trees};
pub(crate) use self::grow::Grown;
use self::grow::{Buffers, Ground, LeafRows, grow};
use self::histogram::{Derivatives, drawn_tiles};
pub use self::loss::{Link, Loss};
use self::tiles::Tiles;
pub use self::tree::Tree;
use crate::bins::BinnedColumn;
use crate::math::{falls_into, mix};

/// Rows summed or derived by one thread at a time; fixed, so that no sum depends on the number of threads.
const BLOCK: usize = 4096;

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

/// Rows with labels to grow on by the logistic loss. Columns, labels, weights and subjects are those of the whole table.
pub(crate) struct Training<'a> {
    pub(crate) columns: &'a [&'a BinnedColumn],
    /// Which of them trees may ask.
    pub(crate) usable: &'a [bool],
    pub(crate) directions: &'a [i8],
    pub(crate) label: &'a [bool],
    pub(crate) weight: Option<&'a [f32]>,
    pub(crate) subject: &'a [u32],
    /// The rows to use.
    pub(crate) rows: &'a [u32],
    pub(crate) seed: u64,
    pub(crate) chains: usize,
}

/// The same for any loss.
struct Task<'a> {
    loss: Loss,
    columns: &'a [&'a BinnedColumn],
    /// Nothing where all of them may be asked.
    usable: Option<&'a [bool]>,
    directions: &'a [i8],
    target: &'a [f32],
    weight: Option<&'a [f32]>,
    /// What is drawn together; nothing where every row is drawn for itself.
    subject: Option<&'a [u32]>,
    rows: &'a [u32],
    seed: u64,
    chains: usize,
}

/// The task's rows, renumbered from 0.
struct Grid {
    /// One for each chain.
    tiles: Vec<Tiles>,
    target: Vec<f32>,
    weight: Option<Vec<f64>>,
    /// Hashed to draw rows by.
    subject: Vec<u32>,
}

/// Chains of trees, not yet put together.
pub(crate) struct Chains {
    base: f64,
    loss: Loss,
    /// One tree of each chain a round.
    rounds: Vec<Vec<Grown>>,
    /// Loss of the watched rows after each round, from none.
    pub(crate) curve: Vec<f64>,
}

/// Rows to see by how many trees are enough.
pub(crate) struct Watched<'a> {
    pub(crate) rows: &'a [u32],
    /// Rounds to grow whatever these rows say.
    pub(crate) at_least: usize,
}

/// Watched rows as trees are grown.
struct Watch<'a> {
    rows: &'a [u32],
    margins: Vec<f64>,
    /// Added to log-odds before their loss is taken. The level of scores is calibrated afterwards; a level that moved
    /// between training and later rows must not look like overfitting.
    shift: f64,
}

struct Chain {
    index: usize,
    seed: u64,
    /// Margin of each training row.
    margins: Vec<f64>,
    derivatives: Derivatives,
    rows: Vec<u32>,
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
/// but no fewer than they ask for at least.
pub(crate) fn boost(training: &Training<'_>, settings: &BoostSettings, watched: Option<Watched<'_>>) -> Chains {
    let target: Vec<f32> = training.label.iter().map(|&label| f32::from(u8::from(label))).collect();
    let task = Task {
        loss: Loss::Logistic,
        columns: training.columns,
        usable: Some(training.usable),
        directions: training.directions,
        target: &target,
        weight: training.weight,
        subject: Some(training.subject),
        rows: training.rows,
        seed: training.seed,
        chains: training.chains,
    };
    run(&task, settings, watched)
}

fn run(task: &Task<'_>, settings: &BoostSettings, watched: Option<Watched<'_>>) -> Chains {
    let rows: Vec<u32> = task.rows.iter().copied().filter(|&row| weight(task, row) > 0.0).collect();
    let grid = Grid::new(task, &rows);
    let base_rows: Vec<(f32, f64)> = rows.iter().map(|&row| (task.target[row as usize], weight(task, row))).collect();
    let base = task.loss.base(&base_rows);
    drop(base_rows);
    let new_chain = |index| Chain {
        index,
        seed: mix(task.seed, index as u64),
        margins: vec![base; rows.len()],
        derivatives: Derivatives::default(),
        rows: Vec::new(),
        buffers: Buffers::default(),
    };
    let mut chains: Vec<Chain> = (0..task.chains.max(1)).map(new_chain).collect();
    let at_least = watched.as_ref().map_or(0, |watched| watched.at_least);
    let mut watch = watched.map(|Watched { rows, .. }| Watch { rows, margins: vec![base; rows.len()], shift: 0.0 });
    let mut curve: Vec<f64> = watch.iter_mut().map(|watch| watched_loss(task, watch)).collect();
    let patience = (3.0 / settings.learning_rate).round() as usize;
    let mut rounds = Vec::new();
    let mut best = 0;
    for round in 1..=settings.max_trees {
        let grow_one = |chain: &mut Chain| step(task, &grid, settings, chain, round);
        let grown: Vec<Grown> = match chains.as_mut_slice() {
            [chain] => vec![grow_one(chain)],
            chains => chains.par_iter_mut().map(grow_one).collect(),
        };
        if let Some(watch) = &mut watch {
            add_round(&grown, task.columns, watch.rows, &mut watch.margins);
            curve.push(watched_loss(task, watch));
            if curve[round] < curve[best] {
                best = round;
            }
        }
        rounds.push(grown);
        if watch.is_some() && round >= at_least && round - best >= patience {
            break;
        }
    }
    Chains { base, loss: task.loss, rounds, curve }
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
        Ensemble { base: self.base, link: self.loss.link(), trees }
    }
}

impl Grid {
    fn new(task: &Task<'_>, rows: &[u32]) -> Self {
        Self {
            tiles: Tiles::of_chains(task.columns, task.usable, rows, task.chains),
            target: rows.iter().map(|&row| task.target[row as usize]).collect(),
            weight: task.weight.map(|weights| rows.iter().map(|&row| f64::from(weights[row as usize])).collect()),
            subject: rows.iter().map(|&row| task.subject.map_or(row, |subject| subject[row as usize])).collect(),
        }
    }
}

fn weight(task: &Task<'_>, row: u32) -> f64 {
    task.weight.map_or(1.0, |weights| f64::from(weights[row as usize]))
}

/// Adds the mean of a round's trees to the margins.
fn add_round(round: &[Grown], columns: &[&BinnedColumn], rows: &[u32], margins: &mut [f64]) {
    let share = 1.0 / round.len() as f64;
    margins.par_iter_mut().zip(rows).with_min_len(2048).for_each(|(margin, &row)| {
        let sum: f64 = round.iter().map(|grown| grown.value(columns, row)).sum();
        *margin += sum * share;
    });
}

/// Total weighted loss. Log-odds are looked at with the present shift, which then takes one Newton step towards the rows'
/// own level.
///
/// Summed in blocks of a fixed size, so that the order of additions does not depend on the threads.
fn watched_loss(task: &Task<'_>, watch: &mut Watch<'_>) -> f64 {
    let shift = watch.shift;
    let block = |(rows, margins): (&[u32], &[f64])| {
        let mut sums = [0.0; 3];
        for (&row, &margin) in rows.iter().zip(margins) {
            let of_row = task.loss.at(margin + shift, task.target[row as usize]);
            for (sum, value) in sums.iter_mut().zip(of_row) {
                *sum += weight(task, row) * value;
            }
        }
        sums
    };
    let blocks: Vec<[f64; 3]> = watch.rows.par_chunks(BLOCK).zip(watch.margins.par_chunks(BLOCK)).map(block).collect();
    let [loss, slope, curvature] = [0, 1, 2].map(|sum| blocks.iter().map(|block| block[sum]).sum::<f64>());
    if task.loss == Loss::Logistic {
        // One leaver's worth of information keeps the level where it is, and the step finite.
        watch.shift -= slope / (curvature + 1.0);
    }
    loss
}

/// Grows a chain by one tree.
fn step(task: &Task<'_>, grid: &Grid, settings: &BoostSettings, chain: &mut Chain, round: usize) -> Grown {
    let seed = mix(chain.seed, round as u64);
    let rows = grid.target.len();
    let share = settings.row_share.min(settings.max_rows_a_tree as f64 / rows as f64);
    let drawn = |row: u32| share >= 1.0 || falls_into(mix(seed, u64::from(grid.subject[row as usize])), share);
    chain.rows.clear();
    chain.rows.extend((0..rows as u32).filter(|&row| drawn(row)));
    if chain.rows.is_empty() {
        // No subject was drawn: the tree says nothing.
        return Grown::constant(grid.weight.as_ref().map_or(rows as f64, |weights| weights.iter().sum()));
    }
    derive(task.loss, grid, &chain.margins, drawn, &mut chain.derivatives);
    chain.derivatives.pack(seed);
    let tiles = &grid.tiles[chain.index];
    let features = draw_features(tiles, settings.column_share, mix(seed, u64::MAX));
    let drawn = drawn_tiles(tiles, &features, |feature| task.columns[feature as usize].codes_used());
    let ground = Ground {
        columns: task.columns,
        tiles,
        drawn: &drawn,
        directions: task.directions,
        derivatives: &chain.derivatives,
        weight: grid.weight.as_deref(),
        settings,
    };
    let (mut grown, leaves) = grow(&ground, &mut chain.rows, &mut chain.buffers);
    let value = |leaf: &LeafRows| leaf_value(task.loss, grid, settings, chain, leaf);
    grown.tree.leaf_value = leaves.par_iter().map(value).collect();
    if share >= 1.0 {
        // Every row is in a leaf already.
        for (leaf, &value) in leaves.iter().zip(&grown.tree.leaf_value) {
            chain.rows[leaf.begin..leaf.end].iter().for_each(|&row| chain.margins[row as usize] += value);
        }
    } else {
        grown.add(tiles, &mut chain.margins);
    }
    grown
}

/// Derivatives at the margins of the drawn rows, 0 at the others.
fn derive(loss: Loss, grid: &Grid, margins: &[f64], drawn: impl Fn(u32) -> bool + Sync, into: &mut Derivatives) {
    into.gradient.resize(margins.len(), 0.0);
    into.hessian.resize(margins.len(), 0.0);
    let blocks = into.gradient.par_chunks_mut(BLOCK).zip(into.hessian.par_chunks_mut(BLOCK)).enumerate();
    blocks.for_each(|(block, (gradients, hessians))| {
        for (index, (gradient, hessian)) in gradients.iter_mut().zip(hessians).enumerate() {
            let row = block * BLOCK + index;
            (*gradient, *hessian) = (0.0, 0.0);
            if drawn(row as u32) {
                let weight = grid.weight.as_ref().map_or(1.0, |weights| weights[row]);
                let (g, h) = loss.derivatives(margins[row], grid.target[row]);
                (*gradient, *hessian) = ((weight * g) as f32, (weight * h) as f32);
            }
        }
    });
}

/// The value of a leaf, shrunk by the learning rate, from its rows' derivatives as they are.
fn leaf_value(loss: Loss, grid: &Grid, settings: &BoostSettings, chain: &Chain, leaf: &LeafRows) -> f64 {
    let rows = &chain.rows[leaf.begin..leaf.end];
    let (low, high) = leaf.bounds;
    let value = if let Loss::Quantile(share) = loss {
        let weight = |row: usize| grid.weight.as_ref().map_or(1.0, |weights| weights[row]);
        let residual = |&row: &u32| {
            let row = row as usize;
            (f64::from(grid.target[row]) - chain.margins[row], weight(row))
        };
        loss::quantile(&mut rows.iter().map(residual).collect::<Vec<_>>(), share)
    } else {
        let (mut gradient, mut hessian) = (0.0, 0.0);
        for &row in rows {
            gradient += f64::from(chain.derivatives.gradient[row as usize]);
            hessian += f64::from(chain.derivatives.hessian[row as usize]);
        }
        -gradient / (hessian + settings.l2).max(f64::MIN_POSITIVE)
    };
    value.clamp(low, high) * settings.learning_rate
}

/// Features thinned to the share by hash; at least one, in the order of their places.
fn draw_features(tiles: &Tiles, share: f64, seed: u64) -> Vec<u32> {
    let mut features = tiles.features().to_vec();
    let kept = (features.len() as f64 * share).round().max(1.0) as usize;
    if kept < features.len() {
        features.sort_unstable_by_key(|&feature| mix(seed, u64::from(feature)));
        features.truncate(kept);
        features.sort_unstable_by_key(|&feature| tiles.place(feature));
    }
    features
}
