//! Who gets what when actions share what is scarce: a multiple-choice knapsack with several capacities.
//!
//! Every subject gets at most one action. An action takes an amount of some resources: minutes of mentors, messages,
//! places, money. A resource is there in one pool for all or in one pool per mentor or group, and a subject draws on its
//! own. The sum of worth is to be greatest with no pool overdrawn:
//!
//! ```text
//! max  sum_i v[i, a(i)]      subject to   sum_{i in pool k} u[a(i), k] <= b[k]   for every pool k
//! ```
//!
//! That is NP-hard, so that three steps share the work (Kellerer, Pferschy and Pisinger 2004, Knapsack problems, ch. 9
//! and 11):
//!
//! 1. `dual`: prices of the pools by Lagrangian relaxation. Whatever the prices are, the relaxed problem's value is an
//!    upper bound of the greatest sum, so that the gap which is reported is never too small.
//! 2. `primal`: subjects take their best action at those prices, the surest first, and what is left over is filled up.
//! 3. `search`: of the few whose choice the prices leave open, the combinations that could still be worth more are tried.
//!    Where all of them were, the choice is the best there is and the gap is nothing.
//!
//! Worth is in whole minor units and amounts are whole numbers, so that no pool is overdrawn by rounding. Ties go to the
//! earlier subject and the earlier action. The answer is the same on any number of threads: sums are taken over blocks of
//! subjects, and blocks in order.
//!
//! Memory is by column: the worth of every action for every subject (8 bytes each), a few bytes a subject for its pools
//! and its choice, and no object per subject.

mod dual;
mod pools;
mod primal;
mod search;

use pools::Pools;

/// Combinations that are looked at to close the gap of a round: up to a second.
pub const THOROUGH: u32 = 1_000_000;
/// Combinations for a question on the side.
pub const BRIEF: u32 = 50_000;

/// No action.
pub const NOTHING: u16 = u16::MAX;

/// What is to be shared out.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// What each action is worth to each subject, in minor units, row by row. What is not above zero is never chosen.
    pub worth: &'a [i64],
    /// How many actions there are.
    pub actions: usize,
    /// What they share.
    pub resources: &'a [Shared],
}

/// A resource that actions share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// How much of it each action takes, by action.
    pub uses: Vec<u64>,
    /// How much there is, by pool.
    pub capacities: Vec<u64>,
    /// The pool of each subject; empty where there is one pool for all.
    pub pool_of: Vec<u32>,
}

/// What was chosen, and how good that is.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// The action of each subject, [`NOTHING`] where there is none.
    pub chosen: Vec<u16>,
    /// Sum of worth, in minor units.
    pub total: i64,
    /// No choice is worth more than this.
    pub bound: i64,
    /// What one more unit of each resource's pools adds, in minor units, by resource and pool: the dual prices.
    pub prices: Vec<Vec<f64>>,
}

impl Solution {
    /// How much better a choice could be at most, as a share of the bound.
    #[expect(clippy::cast_precision_loss, reason = "amounts are far below 2^53 minor units")]
    pub fn gap(&self) -> f64 {
        if self.bound <= self.total { 0.0 } else { (self.bound - self.total) as f64 / self.bound as f64 }
    }
}

/// Sum of worth of a choice, in minor units.
pub fn total(problem: &Problem<'_>, chosen: &[u16]) -> i64 {
    primal::total(problem, chosen)
}

/// The choice of those who go in a given order, each taking the action worth most to them that still fits.
pub fn in_order(problem: &Problem<'_>, order: &[u32]) -> Vec<u16> {
    let pools = Pools::new(problem, problem.worth.len() / problem.actions.max(1));
    primal::in_order(problem, &pools, order)
}

/// An action's number as a choice.
pub(crate) fn as_choice(action: usize) -> u16 {
    // `solve` has checked that they fit.
    u16::try_from(action).unwrap_or(NOTHING)
}

/// Chooses an action for each subject, or nothing.
///
/// `hint` may hold a choice that keeps the capacities; the result is worth at least as much. `most_looks` bounds the work
/// that closes the gap, [`THOROUGH`] or [`BRIEF`].
///
/// # Panics
///
/// Where the lengths of the problem's columns do not fit, or there are more than 65,534 actions.
pub fn solve(problem: &Problem<'_>, hint: Option<&[u16]>, most_looks: u32) -> Solution {
    assert!(problem.actions < usize::from(NOTHING), "too many actions for a choice of 16 bits");
    let subjects = problem.worth.len().checked_div(problem.actions).unwrap_or_default();
    assert_eq!(subjects * problem.actions, problem.worth.len(), "worth holds whole rows");
    if subjects == 0 {
        let prices = problem.resources.iter().map(|resource| vec![0.0; resource.capacities.len()]).collect();
        return Solution { chosen: Vec::new(), total: 0, bound: 0, prices };
    }
    let pools = Pools::new(problem, subjects);
    let prices = dual::prices(problem, &pools);
    let mut best = primal::fill(problem, &pools, &prices.of_pools);
    if let Some(hint) = hint {
        let hinted = primal::improved(problem, &pools, &prices.of_pools, hint);
        if total(problem, &hinted) > total(problem, &best) {
            best = hinted;
        }
    }
    let bound = search::improve(problem, &pools, &prices, &mut best, most_looks);
    let total = total(problem, &best);
    Solution { chosen: best, total, bound: bound.max(total), prices: pools.by_resource(&prices.of_pools) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// The greatest total by trying everything.
    fn best_total(problem: &Problem<'_>, subject: usize, left: &mut Vec<Vec<u64>>) -> i64 {
        if subject * problem.actions == problem.worth.len() {
            return 0;
        }
        let mut best = best_total(problem, subject + 1, left);
        for action in 0..problem.actions {
            let pool = |shared: &Shared| shared.pool_of.get(subject).map_or(0, |&pool| pool as usize);
            let fits = problem.resources.iter().zip(left.iter()).all(|(r, left)| r.uses[action] <= left[pool(r)]);
            if fits {
                for (r, left) in problem.resources.iter().zip(left.iter_mut()) {
                    left[pool(r)] -= r.uses[action];
                }
                let worth = problem.worth[subject * problem.actions + action];
                best = best.max(worth + best_total(problem, subject + 1, left));
                for (r, left) in problem.resources.iter().zip(left.iter_mut()) {
                    left[pool(r)] += r.uses[action];
                }
            }
        }
        best
    }

    fn check_capacities(problem: &Problem<'_>, chosen: &[u16]) {
        for resource in problem.resources {
            let mut used = vec![0u64; resource.capacities.len()];
            for (subject, &action) in chosen.iter().enumerate().filter(|(_, action)| **action != NOTHING) {
                used[resource.pool_of.get(subject).map_or(0, |&pool| pool as usize)] += resource.uses[action as usize];
            }
            assert!(used.iter().zip(&resource.capacities).all(|(used, capacity)| used <= capacity), "{used:?}");
        }
    }

    fn random(seed: u64, subjects: usize, pools: u32) -> (Vec<i64>, Vec<Shared>) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let uses = [[30, 0, 10, 60], [1, 1, 1, 0], [1500, 100, 200, 4000]];
        let worth = (0..subjects)
            .flat_map(|_| {
                let (risk, value): (f64, f64) = (rng.random(), rng.random_range(2e4..2e5));
                [0.5, 0.2, 0.3, 0.6]
                    .iter()
                    .zip(uses[2])
                    .map(|(e, cost)| (risk * value * e) as i64 - cost as i64)
                    .collect::<Vec<_>>()
            })
            .collect();
        let n = subjects as u64;
        let minutes = Shared {
            uses: uses[0].to_vec(),
            capacities: (0..pools).map(|pool| (4 + u64::from(pool)) * n / u64::from(pools) / 2).collect(),
            pool_of: if pools > 1 { (0..subjects).map(|_| rng.random_range(0..pools)).collect() } else { vec![] },
        };
        let contacts = Shared { uses: uses[1].to_vec(), capacities: vec![n / 3], pool_of: vec![] };
        let money = Shared { uses: uses[2].to_vec(), capacities: vec![n * 300], pool_of: vec![] };
        (worth, vec![minutes, contacts, money])
    }

    #[test]
    fn large_rounds_come_within_a_thousandth_of_the_bound_and_small_ones_within_a_hundredth() {
        for (subjects, pools, most) in
            [(150, 1, 0.01), (150, 3, 0.01), (500, 5, 0.01), (5_000, 1, 0.001), (20_000, 40, 0.002)]
        {
            for seed in 0..4 {
                let (worth, resources) = random(seed, subjects, pools);
                let problem = Problem { worth: &worth, actions: 4, resources: &resources };
                let solution = solve(&problem, None, THOROUGH);
                check_capacities(&problem, &solution.chosen);
                assert!(solution.total > 0 && solution.gap() < most, "{subjects} {pools} {seed}: {}", solution.gap());
            }
        }
    }

    #[test]
    fn any_number_of_threads_chooses_the_same() {
        let (worth, resources) = random(9, 30_000, 3);
        let problem = Problem { worth: &worth, actions: 4, resources: &resources };
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| solve(&problem, None, THOROUGH))
        };
        assert_eq!(on(1), on(5));
    }

    #[test]
    fn equal_subjects_are_served_in_their_order_and_equal_actions_in_theirs() {
        let one = Shared { uses: vec![30, 30], capacities: vec![70], pool_of: vec![] };
        let problem = Problem { worth: &[500, 500, 500, 500, 500, 500], actions: 2, resources: &[one] };
        assert_eq!(solve(&problem, None, THOROUGH).chosen, [0, 0, NOTHING]);
        let nothing = Shared { uses: vec![30, 30], capacities: vec![0], pool_of: vec![] };
        let none = solve(&Problem { resources: &[nothing], ..problem }, None, THOROUGH);
        assert_eq!((none.chosen, none.total, none.bound), (vec![NOTHING; 3], 0, 0));
    }

    #[test]
    fn nobody_and_nothing_to_do_are_decided_too() {
        let empty = Problem { worth: &[], actions: 0, resources: &[] };
        assert_eq!(solve(&empty, None, THOROUGH).chosen, []);
        let worthless = Problem { worth: &[0, -5], actions: 2, resources: &[] };
        assert_eq!(solve(&worthless, None, THOROUGH).chosen, [NOTHING]);
    }

    #[test]
    fn a_price_is_what_one_more_unit_adds_where_many_share() {
        let (worth, mut resources) = random(3, 20_000, 1);
        let before = solve(&Problem { worth: &worth, actions: 4, resources: &resources }, None, THOROUGH);
        let step = 600;
        resources[0].capacities[0] += step;
        let after = solve(&Problem { worth: &worth, actions: 4, resources: &resources }, None, THOROUGH);
        let added = (after.total - before.total) as f64;
        let said = before.prices[0][0] * step as f64;
        assert!(said > 0.0 && (added - said).abs() < 0.1 * said, "{added} {said}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn small_rounds_are_the_best_there_are(
            worth in prop::collection::vec(-20i64..200, 0..7 * 3),
            uses in prop::collection::vec(prop::collection::vec(0u64..8, 3), 0..4),
            capacities in prop::collection::vec(0u64..20, 4 * 2),
            pools in prop::collection::vec(0u32..2, 7),
            is_pooled in prop::collection::vec(any::<bool>(), 4),
        ) {
            let worth = &worth[..worth.len() / 3 * 3];
            let resources: Vec<Shared> = uses
                .into_iter()
                .enumerate()
                .map(|(r, uses)| Shared {
                    uses,
                    capacities: capacities[2 * r..][..if is_pooled[r] { 2 } else { 1 }].to_vec(),
                    pool_of: if is_pooled[r] { pools[..worth.len() / 3].to_vec() } else { vec![] },
                })
                .collect();
            let problem = Problem { worth, actions: 3, resources: &resources };
            let solution = solve(&problem, None, THOROUGH);
            check_capacities(&problem, &solution.chosen);
            let mut left: Vec<Vec<u64>> = resources.iter().map(|r| r.capacities.clone()).collect();
            let best = best_total(&problem, 0, &mut left);
            prop_assert!(solution.bound >= best, "bound {} best {}", solution.bound, best);
            prop_assert_eq!(solution.total, best);
            prop_assert_eq!(solution.gap(), 0.0);
        }
    }
}
