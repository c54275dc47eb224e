//! A choice that keeps every capacity, from the prices of what is scarce.
//!
//! At the right prices nearly everyone's best action, its worth less the price of what it takes, is what the best choice
//! gives them; only the few who are nearly indifferent contend for what is left. So subjects choose by how much they
//! would lose by another choice, and each takes the best that still fits. Then what is left over goes to whoever gains by
//! it, until nobody does.

use super::pools::{Pools, amount};
use super::{NOTHING, Problem, as_choice};

/// Rounds of filling up: the first does nearly all of it.
const MOST_ROUNDS: usize = 8;

/// Sum of worth, in minor units.
pub(super) fn total(problem: &Problem<'_>, chosen: &[u16]) -> i64 {
    let of = |(subject, &action): (usize, &u16)| worth(problem, subject, action);
    chosen.iter().enumerate().map(of).sum()
}

/// What an action, or nothing, is worth to a subject.
pub(super) fn worth(problem: &Problem<'_>, subject: usize, action: u16) -> i64 {
    if action == NOTHING { 0 } else { problem.worth[subject * problem.actions + usize::from(action)] }
}

/// The choice at these prices, repaired and filled up.
pub(super) fn fill(problem: &Problem<'_>, pools: &Pools, prices: &[f64]) -> Vec<u16> {
    let charges = pools.charges(problem, prices);
    let subjects = problem.worth.len() / problem.actions;
    let mut order: Vec<(f64, u32)> = Vec::with_capacity(subjects);
    for subject in 0..subjects {
        if let Some(margin) = margin(problem, &charges, pools.cell(subject), subject) {
            order.push((margin, u32::try_from(subject).expect("subjects are numbered with 32 bits")));
        }
    }
    // The surest first; of equally sure ones the earlier.
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));

    let mut choice = Choice { problem, pools, left: pools.capacities.clone(), chosen: vec![NOTHING; subjects] };
    for &(_, subject) in &order {
        let subject = subject as usize;
        let charges = &charges[pools.cell(subject) * problem.actions..][..problem.actions];
        choice.take_best(subject, |action, worth| amount_of(worth) - charges[action]);
    }
    choice.fill_up(&order.iter().map(|&(_, subject)| subject as usize));
    choice.chosen
}

/// The choice of those who go in a given order, each taking the action worth most to them that still fits.
pub(super) fn in_order(problem: &Problem<'_>, pools: &Pools, order: &[u32]) -> Vec<u16> {
    let chosen = vec![NOTHING; order.len()];
    let mut choice = Choice { problem, pools, left: pools.capacities.clone(), chosen };
    for &subject in order {
        choice.take_best(subject as usize, |_, worth| amount_of(worth));
    }
    choice.chosen
}

/// A choice that keeps the capacities, filled up.
pub(super) fn improved(problem: &Problem<'_>, pools: &Pools, prices: &[f64], chosen: &[u16]) -> Vec<u16> {
    let mut choice = Choice { problem, pools, left: pools.capacities.clone(), chosen: vec![NOTHING; chosen.len()] };
    for (subject, &action) in chosen.iter().enumerate() {
        if action != NOTHING && choice.fits(subject, usize::from(action)) {
            choice.give(subject, action);
        }
    }
    let charges = pools.charges(problem, prices);
    let mut order: Vec<(f64, usize)> = (0..chosen.len())
        .filter_map(|subject| Some((margin(problem, &charges, pools.cell(subject), subject)?, subject)))
        .collect();
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    choice.fill_up(&order.iter().map(|&(_, subject)| subject));
    choice.chosen
}

/// By how much a subject's best choice at these prices beats its second best, doing nothing being one; nothing for whom
/// no action is worth anything.
fn margin(problem: &Problem<'_>, charges: &[f64], cell: usize, subject: usize) -> Option<f64> {
    let row = &problem.worth[subject * problem.actions..][..problem.actions];
    let charges = &charges[cell * problem.actions..][..problem.actions];
    let (mut best, mut second, mut is_worth_it) = (0.0, f64::NEG_INFINITY, false);
    for (&worth, charge) in row.iter().zip(charges) {
        if worth <= 0 {
            continue;
        }
        is_worth_it = true;
        let reduced = amount_of(worth) - charge;
        if reduced > best {
            (best, second) = (reduced, best);
        } else {
            second = f64::max(second, reduced);
        }
    }
    // Whose best is to do nothing comes last, the nearest to an action first.
    is_worth_it.then(|| if best > 0.0 { best - second } else { second.min(0.0) })
}

#[expect(clippy::cast_precision_loss, reason = "amounts are far below 2^53 minor units")]
pub(super) fn amount_of(worth: i64) -> f64 {
    worth as f64
}

/// A choice that is being made, with what it leaves in the pools.
struct Choice<'a> {
    problem: &'a Problem<'a>,
    pools: &'a Pools,
    left: Vec<u64>,
    chosen: Vec<u16>,
}

impl Choice<'_> {
    /// Gives a subject the action that it gains most by and that fits; the earliest of equals.
    fn take_best(&mut self, subject: usize, gain: impl Fn(usize, i64) -> f64) {
        let mut best = (0.0, NOTHING);
        for action in 0..self.problem.actions {
            let worth = self.problem.worth[subject * self.problem.actions + action];
            let gain = gain(action, worth);
            if worth > 0 && gain > best.0 && self.fits(subject, action) {
                best = (gain, as_choice(action));
            }
        }
        if best.1 != NOTHING {
            self.give(subject, best.1);
        }
    }

    /// Moves subjects to actions worth more to them while anything that fits is left.
    fn fill_up(&mut self, order: &(impl Iterator<Item = usize> + Clone)) {
        for _ in 0..MOST_ROUNDS {
            if self.left.iter().all(|&left| left == 0) && !self.left.is_empty() {
                return;
            }
            let mut has_changed = false;
            for subject in order.clone() {
                let had = self.chosen[subject];
                let now = worth(self.problem, subject, had);
                self.take_back(subject);
                let mut best = (now, had);
                for action in 0..self.problem.actions {
                    let worth = self.problem.worth[subject * self.problem.actions + action];
                    if worth > best.0 && self.fits(subject, action) {
                        best = (worth, as_choice(action));
                    }
                }
                has_changed |= best.1 != had;
                if best.1 != NOTHING {
                    self.give(subject, best.1);
                }
            }
            if !has_changed {
                return;
            }
        }
    }

    fn fits(&self, subject: usize, action: usize) -> bool {
        let mut drawn = self.problem.resources.iter().zip(self.pools.of(subject));
        drawn.all(|(resource, &pool)| resource.uses[action] <= self.left[pool as usize])
    }

    fn give(&mut self, subject: usize, action: u16) {
        self.chosen[subject] = action;
        for (resource, &pool) in self.problem.resources.iter().zip(self.pools.of(subject)) {
            self.left[pool as usize] -= resource.uses[usize::from(action)];
        }
    }

    fn take_back(&mut self, subject: usize) {
        let action = std::mem::replace(&mut self.chosen[subject], NOTHING);
        if action == NOTHING {
            return;
        }
        for (resource, &pool) in self.problem.resources.iter().zip(self.pools.of(subject)) {
            self.left[pool as usize] += resource.uses[usize::from(action)];
        }
    }
}

/// What all subjects' choices take from each pool.
pub(super) fn taken(problem: &Problem<'_>, pools: &Pools, chosen: &[u16]) -> Vec<f64> {
    let mut taken = vec![0.0; pools.count];
    for (subject, &action) in chosen.iter().enumerate().filter(|(_, action)| **action != NOTHING) {
        for (resource, &pool) in problem.resources.iter().zip(pools.of(subject)) {
            taken[pool as usize] += amount(resource.uses[usize::from(action)]);
        }
    }
    taken
}
