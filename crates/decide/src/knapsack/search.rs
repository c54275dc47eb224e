//! The last mile: among those whose choice the prices leave open, try what could still be worth more.
//!
//! Every choice differs from everyone's best one at the prices in some subjects, and loses there what the second best
//! brings less. Its worth is the dual's value less those losses, less what it leaves unused at its price. So a choice that
//! beats the one in hand loses less than the gap between the two, and only subjects with an option that loses so little
//! can differ at all (reduced-cost fixing). They are few, and combinations of them are tried depth first, those that lose
//! least first. Where the search ends by itself, no choice is worth more than what was found; where a limit stops it, the
//! dual's bound stands.

use super::dual::Prices;
use super::pools::{Pools, amount};
use super::primal::{amount_of, taken, total, worth};
use super::{NOTHING, Problem, as_choice};

/// A gap of this share of the bound is small: so many times fewer combinations are looked at for it.
const SMALL_GAP: f64 = 1e-4;
const FEWER: u32 = 20;
/// Of more options than this most are never looked at.
const MOST_OPTIONS: usize = 100_000;

/// Subjects that choose otherwise at once, at most: enough for every gap that is worth closing.
const MOST_DEPTH: u32 = 64;

/// Another choice for a subject than its best at the prices.
struct Other {
    loss: f64,
    subject: u32,
    action: u16,
}

struct Search<'a> {
    problem: &'a Problem<'a>,
    pools: &'a Pools,
    others: Vec<Other>,
    /// Everyone's choice at this point of the search.
    chosen: Vec<u16>,
    is_other: Vec<bool>,
    /// What it takes from each pool beyond what there is, zero or less where it fits.
    over: Vec<f64>,
    /// How many pools are overdrawn.
    overdrawn: usize,
    total: i64,
    bound: f64,
    best: i64,
    found: Option<Vec<u16>>,
    looks: u32,
    most_looks: u32,
    is_cut: bool,
}

/// Improves a choice; returns the least upper bound that is proven.
pub(super) fn improve(
    problem: &Problem<'_>,
    pools: &Pools,
    prices: &Prices,
    best: &mut Vec<u16>,
    most_looks: u32,
) -> i64 {
    let in_hand = total(problem, best);
    // Sums of floating-point numbers are good to far less than a minor unit in a million.
    let bound = prices.bound * (1.0 + 1e-12) + 1e-6;
    let proven = floor(bound);
    if proven <= in_hand || best.is_empty() {
        return in_hand;
    }
    let gap = bound - amount_of(in_hand) - 1.0;
    let (chosen, others) = options(problem, pools, &prices.of_pools, gap);
    let is_whole = others.len() <= MOST_OPTIONS;
    let mut over = taken(problem, pools, &chosen);
    over.iter_mut().zip(&pools.capacities).for_each(|(over, &held)| *over -= amount(held));
    let overdrawn = over.iter().filter(|over| **over > 0.0).count();
    let mut search = Search {
        problem,
        pools,
        others,
        total: total(problem, &chosen),
        is_other: vec![false; chosen.len()],
        chosen,
        over,
        overdrawn,
        bound,
        best: in_hand,
        found: None,
        looks: 0,
        most_looks: if gap < SMALL_GAP * bound { most_looks / FEWER } else { most_looks },
        is_cut: !is_whole,
    };
    search.others.truncate(MOST_OPTIONS);
    search.look(0, 0.0, 0);
    let is_done = !search.is_cut;
    let total = search.best;
    if let Some(found) = search.found {
        *best = found;
    }
    if is_done { total } else { proven }
}

/// Everyone's best choice at the prices, and the other options that lose less than the gap, the least first.
fn options(problem: &Problem<'_>, pools: &Pools, prices: &[f64], gap: f64) -> (Vec<u16>, Vec<Other>) {
    let charges = pools.charges(problem, prices);
    let subjects = problem.worth.len() / problem.actions;
    let mut chosen = Vec::with_capacity(subjects);
    let mut others = Vec::new();
    for subject in 0..subjects {
        let charges = &charges[pools.cell(subject) * problem.actions..][..problem.actions];
        let row = &problem.worth[subject * problem.actions..][..problem.actions];
        let reduced = |action: u16| match action {
            NOTHING => 0.0,
            action => amount_of(row[usize::from(action)]) - charges[usize::from(action)],
        };
        let mut best = NOTHING;
        let open = || (0..problem.actions).filter(|&action| row[action] > 0).map(as_choice);
        for action in open() {
            if reduced(action) > reduced(best) {
                best = action;
            }
        }
        for action in open().chain([NOTHING]).filter(|&action| action != best) {
            let loss = reduced(best) - reduced(action);
            if loss <= gap {
                others.push(Other { loss, subject: u32::try_from(subject).unwrap_or(u32::MAX), action });
            }
        }
        chosen.push(best);
    }
    others.sort_by(|a, b| a.loss.total_cmp(&b.loss).then((a.subject, a.action).cmp(&(b.subject, b.action))));
    (chosen, others)
}

impl Search<'_> {
    /// Looks at the choice at this point, and at those with one more subject from `first` on choosing otherwise.
    fn look(&mut self, first: usize, lost: f64, depth: u32) {
        self.looks += 1;
        if self.overdrawn == 0 && self.total > self.best {
            self.best = self.total;
            self.found = Some(self.chosen.clone());
        }
        for next in first..self.others.len() {
            let Other { loss, subject, action } = self.others[next];
            // What would not be worth a minor unit more than the best in hand.
            if lost + loss > self.bound - amount_of(self.best) - 1.0 {
                return;
            }
            if self.looks >= self.most_looks || depth >= MOST_DEPTH {
                self.is_cut = true;
                return;
            }
            let subject = subject as usize;
            if self.is_other[subject] {
                continue;
            }
            let had = self.chosen[subject];
            self.is_other[subject] = true;
            self.set(subject, action);
            self.look(next + 1, lost + loss, depth + 1);
            self.set(subject, had);
            self.is_other[subject] = false;
        }
    }

    fn set(&mut self, subject: usize, action: u16) {
        let had = std::mem::replace(&mut self.chosen[subject], action);
        self.total += worth(self.problem, subject, action) - worth(self.problem, subject, had);
        for (resource, &pool) in self.problem.resources.iter().zip(self.pools.of(subject)) {
            let takes = |action: u16| if action == NOTHING { 0 } else { resource.uses[usize::from(action)] };
            let over = &mut self.over[pool as usize];
            let was_over = *over > 0.0;
            *over += amount(takes(action)) - amount(takes(had));
            self.overdrawn = self.overdrawn + usize::from(*over > 0.0) - usize::from(was_over);
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and bounds are far below 2^53")]
fn floor(bound: f64) -> i64 {
    bound.floor() as i64
}
