//! Prices of what is scarce: the Lagrangian dual of the knapsack.
//!
//! **Formula.** With prices `x >= 0` for the pools, `b` what they hold, and `u` what actions take,
//!
//! ```text
//! D(x) = sum_k x[k] b[k] + sum_i max(0, max_j (v[i,j] - sum_k x[k] u[j,k]))
//! ```
//!
//! is at least the worth of every choice that keeps the capacities, for every `x` (weak duality; Geoffrion 1974,
//! Lagrangean relaxation for integer programming, Mathematical Programming Study 2). The prices that make it least are the
//! shadow prices. `D` is convex and has kinks, where subgradients crawl; so the inner maximum is smoothed,
//!
//! ```text
//! max(0, r_1, .., r_a)  ->  t log(1 + sum_j exp(r_j / t))
//! ```
//!
//! which is off by no more than `t log(a + 1)` a subject (Nesterov 2005, Smooth minimization of non-smooth functions,
//! Mathematical Programming 103), and the smooth function is minimised by Newton's method with `t` falling stage by stage,
//! each starting where the one before ended. Steps are kept where prices stay at zero or above (projection), and within
//! what the smoothing can see (a few `t` of worth). The bound that is reported is always of `D` itself.
//!
//! The Hessian is a sum over cells of small matrices (`pools`), so that Newton's system is solved by conjugate gradients
//! with as many pools as there are mentors.

use rayon::prelude::*;

use super::Problem;
use super::pools::{Pools, amount};
use super::primal::amount_of;

/// Each stage's smoothing is so many times less than the one's before.
const COOLING: f64 = 4.0;
/// Stages at most: the last one smooths over a billionth of an action's worth.
const MOST_STAGES: i32 = 16;
/// Newton's steps in a stage at most.
const MOST_STEPS: usize = 12;
/// Shorter steps tried at most.
const MOST_HALVINGS: usize = 12;
/// Smoothing that matters less than this share of the bound is enough.
const ENOUGH: f64 = 1e-7;
/// Beyond so many times the smoothing an option's weight is nothing.
const SEEN: f64 = 30.0;
/// Blocks of subjects that are summed apart: few enough that their sums fit in memory, and the same on any machine.
const MOST_BLOCKS: usize = 64;
const BLOCK_ROWS: usize = 4096;

/// Prices, and what they prove.
pub(super) struct Prices {
    /// By pool, in minor units for one more unit.
    pub(super) of_pools: Vec<f64>,
    /// `D` at these prices.
    pub(super) bound: f64,
}

/// The smoothed dual at some prices.
struct Look {
    smooth: f64,
    exact: f64,
    /// By pool: what it holds less what is taken.
    gradient: Vec<f64>,
    /// By cell, then by pair of resources.
    curvature: Vec<f64>,
}

/// Minimises the dual.
pub(super) fn prices(problem: &Problem<'_>, pools: &Pools) -> Prices {
    let positive = problem.worth.iter().filter(|worth| **worth > 0);
    let (count, sum) = positive.fold((0.0, 0.0), |(count, sum), &worth| (count + 1.0, sum + amount_of(worth)));
    let mut prices = vec![0.0; pools.count];
    let typical = if count > 0.0 { sum / count } else { 1.0 };
    let free = look(problem, pools, &prices, typical * ENOUGH);
    let mut best = Prices { of_pools: prices.clone(), bound: free.exact };
    if free.gradient.iter().all(|&left| left >= 0.0) {
        return best;
    }
    for stage in 1..=MOST_STAGES {
        let smoothing = typical * COOLING.powi(-stage);
        let mut here = look(problem, pools, &prices, smoothing);
        for _ in 0..MOST_STEPS {
            keep(&mut best, &prices, here.exact);
            let step = newton(problem, pools, &prices, &here, smoothing);
            let promised: f64 = -step.iter().zip(&here.gradient).map(|(step, slope)| step * slope).sum::<f64>();
            if promised <= 1e-9 * here.smooth.abs() {
                break;
            }
            let Some((next, there)) = walk(problem, pools, &prices, &here, &step, smoothing) else { break };
            (prices, here) = (next, there);
        }
        keep(&mut best, &prices, here.exact);
        if here.smooth - best.bound <= ENOUGH * best.bound.abs() {
            break;
        }
    }
    best
}

fn keep(best: &mut Prices, prices: &[f64], bound: f64) {
    if bound < best.bound {
        *best = Prices { of_pools: prices.to_vec(), bound };
    }
}

/// The first of ever shorter steps that brings what a straight line promises, or a part of it (Armijo's rule).
fn walk(
    problem: &Problem<'_>,
    pools: &Pools,
    prices: &[f64],
    here: &Look,
    step: &[f64],
    smoothing: f64,
) -> Option<(Vec<f64>, Look)> {
    let mut length = 1.0;
    for _ in 0..MOST_HALVINGS {
        let next: Vec<f64> =
            prices.iter().zip(step).map(|(price, step)| f64::max(0.0, price + length * step)).collect();
        let moved: f64 = next.iter().zip(prices).zip(&here.gradient).map(|((b, a), slope)| (b - a) * slope).sum();
        let there = look(problem, pools, &next, smoothing);
        if there.smooth <= here.smooth + 1e-4 * moved && there.smooth < here.smooth {
            return Some((next, there));
        }
        length /= 2.0;
    }
    None
}

/// Newton's step on the prices that may move, each kept within what the smoothing can see.
fn newton(problem: &Problem<'_>, pools: &Pools, prices: &[f64], here: &Look, smoothing: f64) -> Vec<f64> {
    let may_move: Vec<bool> =
        prices.iter().zip(&here.gradient).map(|(&price, &slope)| price > 0.0 || slope < 0.0).collect();
    let mut diagonal = vec![0.0; pools.count];
    let size = pools.resources;
    for cell in 0..pools.cells() {
        for (r, &pool) in pools.of_cell(cell).iter().enumerate() {
            diagonal[pool as usize] += here.curvature[(cell * size + r) * size + r];
        }
    }
    let largest = diagonal.iter().copied().fold(0.0, f64::max);
    let ridge = f64::max(largest * 1e-10, f64::MIN_POSITIVE);
    diagonal.iter_mut().for_each(|d| *d += ridge);
    let target: Vec<f64> =
        here.gradient.iter().zip(&may_move).map(|(slope, &moves)| if moves { -slope } else { 0.0 }).collect();
    let mut step = conjugate_gradients(pools, &here.curvature, ridge, &diagonal, &may_move, &target);

    let reach = reach(problem, pools, smoothing);
    step.iter_mut().zip(&reach).for_each(|(step, reach)| *step = step.clamp(-reach, *reach));
    let descent: f64 = step.iter().zip(&here.gradient).map(|(step, slope)| step * slope).sum();
    if descent < 0.0 {
        return step;
    }
    let along = |k: usize| (target[k] / diagonal[k]).clamp(-reach[k], reach[k]);
    (0..pools.count).map(along).collect()
}

/// How far a price may move at once: by a few times the smoothing for the action that takes most of it.
fn reach(problem: &Problem<'_>, pools: &Pools, smoothing: f64) -> Vec<f64> {
    let most = problem.resources.iter().map(|resource| resource.uses.iter().copied().max().unwrap_or(0));
    let reaches: Vec<Vec<f64>> = most
        .zip(problem.resources)
        .map(|(most, resource)| vec![8.0 * smoothing / amount(most.max(1)); resource.capacities.len()])
        .collect();
    debug_assert_eq!(reaches.iter().map(Vec::len).sum::<usize>(), pools.count);
    reaches.concat()
}

/// Solves `(H + ridge) step = target` on the prices that may move, preconditioned by the diagonal (Hestenes and Stiefel
/// 1952, Methods of conjugate gradients for solving linear systems).
fn conjugate_gradients(
    pools: &Pools,
    curvature: &[f64],
    ridge: f64,
    diagonal: &[f64],
    may_move: &[bool],
    target: &[f64],
) -> Vec<f64> {
    let size = pools.resources;
    let apply = |vector: &[f64]| {
        let mut product: Vec<f64> = vector.iter().map(|value| ridge * value).collect();
        for cell in 0..pools.cells() {
            let drawn = pools.of_cell(cell);
            for (r, &to) in drawn.iter().enumerate() {
                for (s, &from) in drawn.iter().enumerate() {
                    product[to as usize] += curvature[(cell * size + r) * size + s] * vector[from as usize];
                }
            }
        }
        product.iter_mut().zip(may_move).for_each(|(value, &moves)| *value = if moves { *value } else { 0.0 });
        product
    };
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut solution = vec![0.0; target.len()];
    let mut rest = target.to_vec();
    let scaled = |rest: &[f64]| rest.iter().zip(diagonal).map(|(rest, d)| rest / d).collect::<Vec<f64>>();
    let mut scaled_rest = scaled(&rest);
    let mut direction = scaled_rest.clone();
    let mut energy = dot(&rest, &scaled_rest);
    let enough = energy * 1e-16;
    for _ in 0..2 * target.len() + 10 {
        let image = apply(&direction);
        let bend = dot(&direction, &image);
        if energy <= enough || bend <= 0.0 || bend.is_nan() {
            break;
        }
        let length = energy / bend;
        for k in 0..solution.len() {
            solution[k] += length * direction[k];
            rest[k] -= length * image[k];
        }
        scaled_rest = scaled(&rest);
        let next = dot(&rest, &scaled_rest);
        for k in 0..direction.len() {
            direction[k] = scaled_rest[k] + next / energy * direction[k];
        }
        energy = next;
    }
    solution
}

/// Evaluates the dual.
fn look(problem: &Problem<'_>, pools: &Pools, prices: &[f64], smoothing: f64) -> Look {
    let charges = pools.charges(problem, prices);
    let subjects = problem.worth.len() / problem.actions;
    let rows = subjects.div_ceil(MOST_BLOCKS).max(BLOCK_ROWS);
    let blocks: Vec<Block> = (0..subjects.div_ceil(rows))
        .into_par_iter()
        .map(|block| {
            let rows = block * rows..subjects.min((block + 1) * rows);
            look_at_block(problem, pools, &charges, smoothing, rows)
        })
        .collect();

    let size = pools.resources;
    let held: f64 = prices.iter().zip(&pools.capacities).map(|(price, &held)| price * amount(held)).sum();
    let mut look = Look {
        smooth: held,
        exact: held,
        gradient: pools.capacities.iter().map(|&held| amount(held)).collect(),
        curvature: vec![0.0; pools.cells() * size * size],
    };
    for block in blocks {
        look.smooth += block.smooth;
        look.exact += block.exact;
        for cell in 0..pools.cells() {
            for (r, &pool) in pools.of_cell(cell).iter().enumerate() {
                look.gradient[pool as usize] -= block.taken[cell * size + r];
            }
        }
        look.curvature.iter_mut().zip(&block.curvature).for_each(|(sum, part)| *sum += part);
    }
    look.curvature.iter_mut().for_each(|value| *value /= smoothing);
    look
}

/// The parts of a [`Look`] that some subjects add.
struct Block {
    smooth: f64,
    exact: f64,
    /// By cell, then resource.
    taken: Vec<f64>,
    curvature: Vec<f64>,
}

fn look_at_block(
    problem: &Problem<'_>,
    pools: &Pools,
    charges: &[f64],
    smoothing: f64,
    rows: std::ops::Range<usize>,
) -> Block {
    let (actions, size) = (problem.actions, pools.resources);
    let uses: Vec<f64> = (0..actions)
        .flat_map(|action| problem.resources.iter().map(move |resource| amount(resource.uses[action])))
        .collect();
    let mut block = Block {
        smooth: 0.0,
        exact: 0.0,
        taken: vec![0.0; pools.cells() * size],
        curvature: vec![0.0; pools.cells() * size * size],
    };
    let mut reduced = vec![0.0; actions];
    let mut mean = vec![0.0; size];
    for subject in rows {
        let cell = pools.cell(subject);
        let row = &problem.worth[subject * actions..][..actions];
        let charges = &charges[cell * actions..][..actions];
        let (mut best, mut second, mut at) = (0.0, f64::NEG_INFINITY, None);
        for action in 0..actions {
            let value = if row[action] > 0 { amount_of(row[action]) - charges[action] } else { f64::NEG_INFINITY };
            reduced[action] = value;
            if value > best {
                (best, second, at) = (value, best, Some(action));
            } else {
                second = f64::max(second, value);
            }
        }
        block.exact += best;
        let taken = &mut block.taken[cell * size..][..size];
        if best - second > SEEN * smoothing {
            block.smooth += best;
            if let Some(action) = at {
                taken.iter_mut().zip(&uses[action * size..]).for_each(|(taken, uses)| *taken += uses);
            }
            continue;
        }
        let mut weights = (-best / smoothing).exp();
        for value in &mut reduced {
            *value = ((*value - best) / smoothing).exp();
            weights += *value;
        }
        block.smooth += best + smoothing * weights.ln();
        mean.fill(0.0);
        let curvature = &mut block.curvature[cell * size * size..][..size * size];
        for (action, value) in reduced.iter().enumerate().filter(|(_, value)| **value > 0.0) {
            let (chance, uses) = (value / weights, &uses[action * size..][..size]);
            for r in 0..size {
                mean[r] += chance * uses[r];
                for s in 0..size {
                    curvature[r * size + s] += chance * uses[r] * uses[s];
                }
            }
        }
        for r in 0..size {
            taken[r] += mean[r];
            for s in 0..size {
                curvature[r * size + s] -= mean[r] * mean[s];
            }
        }
    }
    block
}
