//! What one more place for an action would be worth: its shadow price.
//!
//! **Estimand.** The growth of the greatest total value if an action's capacity were one higher and the others as they
//! are. Decisions are exact, so that the difference of two of them is too; it is zero where a place is left.

use domain::{ActionId, Decision, Money};

use crate::assign::assign;
use crate::choose::{values, worth};
use crate::policy::Policy;

/// What one more place is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// The action whose places are all taken.
    pub action: ActionId,
    /// What they are in one round.
    pub capacity: u32,
    /// Growth of the total expected value with one place more, costs taken off.
    pub one_more: Money,
}

/// The prices of a policy's actions, in its order: of those only of which more would be worth something.
pub fn prices(policy: &Policy, decisions: &[Decision]) -> Vec<Price> {
    let actions = policy.actions();
    let capacities: Vec<Option<u32>> = actions.iter().map(|action| action.capacity).collect();
    let values = values(decisions.iter().map(|decision| decision.prospects.as_slice()), actions.len());
    let total: i64 = decisions.iter().map(|decision| worth(decision.choice())).sum();
    let price = |(at, capacity): (usize, &Option<u32>)| {
        let capacity = (*capacity)?;
        let taken = decisions.iter().filter(|decision| decision.chosen == at).count();
        if taken < capacity as usize {
            return None;
        }
        let mut more = capacities.clone();
        more[at] = Some(capacity.saturating_add(1));
        let chosen = assign(&values, &more).into_iter().enumerate();
        let total_with_more: i64 =
            chosen.filter_map(|(case, action)| action.map(|action| values[case * actions.len() + action])).sum();
        let one_more = Money { minor_units: total_with_more - total };
        (one_more > Money::default()).then(|| Price { action: actions[at].id.clone(), capacity, one_more })
    };
    capacities.iter().enumerate().filter_map(price).collect()
}

#[cfg(test)]
mod tests {
    use domain::{Action, Band, Need, Probability};

    use super::*;
    use crate::{Case, Estimates, decide};

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

    fn prices_of(calls: u32, meetings: Option<u32>, risks: &[f64]) -> Vec<(String, f64)> {
        let actions = vec![action("call", 0.60, Some(calls)), action("meeting", 0.35, meetings)];
        let estimates = Estimates::from_log(Policy::new(actions, Probability::clamped(0.10)).expect("valid"), &[]);
        let case = |&risk: &f64| Case {
            risk: Probability::clamped(risk),
            band: Band::High,
            families: vec![],
            value: Money::from_major(900.0),
            has_cause: true,
        };
        let decisions = decide(&estimates, &risks.iter().map(case).collect::<Vec<_>>());
        let prices = prices(estimates.policy(), &decisions);
        prices.into_iter().map(|price| (price.action.0, price.one_more.major())).collect()
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
}
