//! What more of something scarce would be worth: its shadow price.
//!
//! **Estimand.** The growth of the greatest total value if there were one more place for an action, some more of a
//! resource, or some more money, and all else as it is.
//!
//! Where the round's choice is proven to be the best, and the one with more is too, the price is the difference of the two:
//! to the minor unit. Where the best is only known within a gap, as in large rounds, a difference of two such totals would be
//! noise, and the price is the dual one, which is the growth per unit at the margin.

use domain::{ActionId, Money};

use crate::assign::assign;
use crate::knapsack::{BRIEF, NOTHING, Problem, Shared, solve, total};
use crate::means::Means;
use crate::policy::Policy;

/// Rounds of more cases times actions are not decided again for every price.
const MOST_AGAIN: usize = 100_000;
/// Pools of more than this many prices are priced by the dual.
const MOST_PRICES: usize = 24;

/// What more of something is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// Of what.
    pub scarce: Scarce,
    /// How much of it there is in one round, all taken: places, units, or minor units of money.
    pub capacity: u64,
    /// How much more is asked about.
    pub step: u64,
    /// Growth of the total expected value with so much more, costs taken off.
    pub worth: Money,
}

/// What there is too little of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scarce {
    /// Places for an action.
    Places(ActionId),
    /// A resource, by its place in the means, and one pool of it where each mentor has one.
    Resource {
        /// Its place in [`Means::resources`].
        at: usize,
        /// Whose it is.
        pool: Option<String>,
    },
    /// Money.
    Budget,
}

/// The prices of a round, in the order of its means: of that only of which more would be worth something.
///
/// `duals` are the prices of what is shared, in the order of [`Means::shared`]; nothing where all choices are exact.
pub(crate) fn prices(
    policy: &Policy,
    means: &Means,
    problem: &Problem<'_>,
    chosen: &[u16],
    bound: i64,
    duals: Option<&[Vec<f64>]>,
) -> Vec<Price> {
    let in_hand = total(problem, chosen);
    let count: usize = problem.resources.iter().map(|shared| shared.capacities.len()).sum();
    let is_proven = bound == in_hand && problem.worth.len() <= MOST_AGAIN && count <= MOST_PRICES;
    let mut prices = Vec::new();
    for (at, shared) in problem.resources.iter().enumerate() {
        let taken = taken(shared, chosen);
        for (pool, &capacity) in shared.capacities.iter().enumerate() {
            let step = step(policy, means, at, shared);
            // With so much left nobody waits for more.
            let most = shared.uses.iter().copied().max().unwrap_or_default();
            if capacity - taken[pool] >= most {
                continue;
            }
            let exact = match duals {
                None => Some(again_by_places(problem, at, pool, step)),
                Some(_) if is_proven => again(problem, at, pool, step, chosen),
                Some(_) => None,
            };
            let at_margin = || duals.map_or(0, |duals| whole(duals[at][pool] * whole_amount(step)));
            let worth = exact.map_or_else(at_margin, |total| total - in_hand);
            if worth > 0 {
                let scarce = scarce(policy, means, at, pool);
                prices.push(Price { scarce, capacity, step, worth: Money { minor_units: worth } });
            }
        }
    }
    prices
}

/// The greatest total with more in one pool, where it can be proven.
fn again(problem: &Problem<'_>, at: usize, pool: usize, step: u64, chosen: &[u16]) -> Option<i64> {
    let resources = with_more(problem, at, pool, step);
    let solution = solve(&Problem { resources: &resources, ..*problem }, Some(chosen), BRIEF);
    (solution.bound == solution.total).then_some(solution.total)
}

/// The same where only places of actions are scarce.
fn again_by_places(problem: &Problem<'_>, at: usize, pool: usize, step: u64) -> i64 {
    let resources = with_more(problem, at, pool, step);
    let mut places: Vec<Option<u32>> = vec![None; problem.actions];
    for shared in &resources {
        if let Some(action) = shared.uses.iter().position(|&uses| uses > 0) {
            places[action] = Some(u32::try_from(shared.capacities[0]).unwrap_or(u32::MAX));
        }
    }
    total(problem, &assign(problem.worth, &places))
}

fn with_more(problem: &Problem<'_>, at: usize, pool: usize, step: u64) -> Vec<Shared> {
    let mut resources = problem.resources.to_vec();
    let capacity = &mut resources[at].capacities[pool];
    *capacity = capacity.saturating_add(step);
    resources
}

/// How much more is asked about: one place, what the contract's unit makes sense of, or money for the cheapest action.
fn step(policy: &Policy, means: &Means, at: usize, shared: &Shared) -> u64 {
    let least = shared.uses.iter().copied().filter(|&uses| uses > 0).min().unwrap_or(1);
    match scarce(policy, means, at, 0) {
        Scarce::Places(_) => 1,
        Scarce::Resource { at, .. } => means.resources[at].step.max(least),
        Scarce::Budget => least.max(100),
    }
}

/// What stands at a place of [`Means::shared`].
fn scarce(policy: &Policy, means: &Means, at: usize, pool: usize) -> Scarce {
    if let Some(resource) = means.resources.get(at) {
        let pool = resource.pools.as_ref().and_then(|pools| pools.names.get(pool).cloned());
        return Scarce::Resource { at, pool };
    }
    let others = at - means.resources.len();
    let before = usize::from(means.budget.is_some());
    if others < before {
        return Scarce::Budget;
    }
    let mut with_places = policy.actions().iter().filter(|action| action.capacity.is_some());
    with_places.nth(others - before).map_or(Scarce::Budget, |action| Scarce::Places(action.id.clone()))
}

/// What a choice takes of each pool.
fn taken(shared: &Shared, chosen: &[u16]) -> Vec<u64> {
    let mut taken = vec![0; shared.capacities.len()];
    for (case, &action) in chosen.iter().enumerate().filter(|(_, action)| **action != NOTHING) {
        let pool = shared.pool_of.get(case).map_or(0, |&pool| pool as usize);
        taken[pool] += shared.uses[usize::from(action)];
    }
    taken
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, which is what a clamp would do")]
fn whole(amount: f64) -> i64 {
    amount.floor() as i64
}

#[expect(clippy::cast_precision_loss, reason = "amounts are far below 2^53")]
fn whole_amount(step: u64) -> f64 {
    step as f64
}

#[cfg(test)]
mod tests {
    use domain::{Action, Band, Need, Probability};

    use super::*;
    use crate::{Case, Estimates, Pools, Resource, round};

    fn action(id: &str, chance: f64, capacity: Option<u32>) -> Action {
        Action {
            id: ActionId(id.to_owned()),
            cost: Money::from_major(10.0),
            capacity,
            need: Need::None,
            prior_chance: Probability::clamped(chance),
            prior_cases: 20.0,
        }
    }

    fn round_of(calls: Option<u32>, meetings: Option<u32>, risks: &[f64], means: &Means) -> crate::Round {
        let actions = vec![action("call", 0.60, calls), action("meeting", 0.35, meetings)];
        let estimates = Estimates::from_log(Policy::new(actions, Probability::clamped(0.10)).expect("valid"), &[]);
        let case = |&risk: &f64| Case {
            risk: Probability::clamped(risk),
            band: Band::High,
            families: vec![],
            value: Money::from_major(900.0),
            has_cause: true,
        };
        round(&estimates, &risks.iter().map(case).collect::<Vec<_>>(), means).expect("fits")
    }

    fn prices_of(calls: u32, meetings: Option<u32>, risks: &[f64]) -> Vec<(String, f64)> {
        let round = round_of(Some(calls), meetings, risks, &Means::default());
        let price = |price: Price| match price.scarce {
            Scarce::Places(action) => (action.0, price.worth.major()),
            other => panic!("{other:?}"),
        };
        round.prices.into_iter().map(price).collect()
    }

    #[test]
    fn a_full_action_is_worth_what_the_next_one_waits_for() {
        // A call keeps 5/9 of 900 times the risk, a meeting 5/18 of it; both cost 10.
        assert_eq!(prices_of(1, Some(0), &[0.9, 0.8, 0.1]), [("call".into(), 390.0), ("meeting".into(), 190.0)]);
        // With meetings for all, one more call only lifts the second from a meeting's worth to a call's.
        assert_eq!(prices_of(1, None, &[0.9, 0.8, 0.1]), [("call".into(), 200.0)]);
    }

    #[test]
    fn a_place_nobody_needs_is_worth_nothing() {
        assert_eq!(prices_of(3, Some(5), &[0.9, 0.8]), []);
        // Full, but whoever is left is not worth the cost.
        assert_eq!(prices_of(1, Some(0), &[0.9, 0.001]), []);
        assert_eq!(prices_of(0, None, &[]), []);
    }

    fn minutes(capacity: u64, pools: Option<Pools>) -> Resource {
        Resource { name: "mentor_minutes".to_owned(), uses: vec![30, 0], capacity, pools, step: 60 }
    }

    #[test]
    fn one_more_hour_is_worth_the_calls_that_wait_for_it() {
        let means = Means { resources: vec![minutes(35, None)], ..Means::default() };
        let round = round_of(None, Some(0), &[0.9, 0.8, 0.7, 0.6], &means);
        // Of the second and third, less their costs: 5/9 of 900 is 500.
        let price = Price {
            scarce: Scarce::Resource { at: 0, pool: None },
            capacity: 35,
            step: 60,
            worth: Money::from_major(390.0 + 340.0),
        };
        assert_eq!(round.prices[0], price);
        assert_eq!((round.worth, round.bound), (Money::from_major(440.0), Money::from_major(440.0)));
    }

    #[test]
    fn each_mentor_has_time_of_their_own_and_whoever_has_no_mentor_is_not_called() {
        let of = vec![Some(0), Some(0), Some(1), None];
        let pools = Pools { names: vec!["Aziz".to_owned(), "Zarina".to_owned()], of };
        let means = Means { resources: vec![minutes(30, Some(pools))], ..Means::default() };
        let round = round_of(None, Some(0), &[0.9, 0.8, 0.3, 0.95], &means);
        assert_eq!(round.chosen, [0, NOTHING, 0, NOTHING]);
        let priced: Vec<_> = round.prices.iter().map(|price| (&price.scarce, price.worth.major())).collect();
        assert_eq!(priced[0], (&Scarce::Resource { at: 0, pool: Some("Aziz".to_owned()) }, 390.0));
        assert_eq!(priced.len(), 2, "{priced:?}");
    }

    #[test]
    fn a_budget_is_never_overspent_and_priced_by_what_waits() {
        for budget in [0.0, 9.99, 10.0, 25.0, 1000.0] {
            let means = Means { budget: Some(Money::from_major(budget)), ..Means::default() };
            let round = round_of(None, None, &[0.9, 0.8, 0.7], &means);
            let acted = round.chosen.iter().filter(|action| **action != NOTHING).count();
            assert!(acted as f64 * 10.0 <= budget && (acted == 3 || (acted + 1) as f64 * 10.0 > budget), "{budget}");
        }
        let means = Means { budget: Some(Money::from_major(10.0)), ..Means::default() };
        let prices = round_of(None, None, &[0.9, 0.8, 0.7], &means).prices;
        assert_eq!((&prices[0].scarce, prices[0].step, prices[0].worth.major()), (&Scarce::Budget, 1000, 390.0));
    }

    #[test]
    fn going_by_worth_is_never_worth_less_than_going_by_risk() {
        // The riskiest takes the call that helps the second more in money only where values differ; here it is scarce time.
        let means = Means { resources: vec![minutes(30, None)], ..Means::default() };
        let round = round_of(None, Some(1), &[0.9, 0.8, 0.7], &means);
        assert!(round.worth >= round.by_risk && round.by_risk > Money::default());
    }

    #[test]
    fn means_that_do_not_fit_are_refused() {
        let refused = |means: Means| {
            let actions = vec![action("call", 0.60, None)];
            let estimates = Estimates::from_log(Policy::new(actions, Probability::clamped(0.10)).expect("valid"), &[]);
            round(&estimates, &[], &means).expect_err("does not fit").to_string()
        };
        let budget = Some(Money::from_major(-1.0));
        assert_eq!(refused(Means { budget, ..Means::default() }), "the budget must not be below zero, got -1.00");
        let two = Means { resources: vec![minutes(3, None)], ..Means::default() };
        assert_eq!(refused(two), "resource `mentor_minutes`: uses of 2 actions for a policy of 1");
        let rules = Means { barred: vec![None], ..Means::default() };
        assert_eq!(refused(rules), "rules: 1 entries for 0 cases");
    }
}
