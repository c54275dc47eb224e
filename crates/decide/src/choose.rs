//! The decision: what every action is worth for every subject, and who gets which.
//!
//! An action is worth `p e value - cost` to a subject (see the crate's documentation), and doing nothing is worth zero.
//! Decisions maximise the sum of worth over all subjects within what there is to act with. Where every action has places of
//! its own and shares nothing, `assign` finds the greatest sum exactly, by a method that needs no prices; where actions
//! share time or money, `knapsack` finds one and says how far it may be from the greatest. An action that a rule keeps
//! from a subject, or that is worth nothing after its cost, is never chosen. Capacity is for one round of scoring.
//!
//! Ties, to the minor unit: an earlier action of the contract is preferred to a later one, and an earlier case keeps a
//! place against a later one. Hand cases over in an order that means something, such as by subject.

use domain::{Action, Band, Barred, Chance, Decision, Evidence, Family, Money, Need, Probability, Prospect};

use crate::assign::assign;
use crate::classes::{classes, left_alone};
use crate::estimates::Estimates;
use crate::knapsack::{NOTHING, Problem, THOROUGH, in_order, solve, total};
use crate::means::{Means, MeansError};
use crate::price::{Price, prices};

/// One subject to decide about.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The calibrated probability to leave if left alone.
    pub risk: Probability,
    /// The band it falls in.
    pub band: Band,
    /// Families whose reasons call for action, the heaviest first: the first picks the estimate, all count as needs met.
    pub families: Vec<Family>,
    /// What keeping the subject is worth.
    pub value: Money,
    /// Whether there is a cause to contact the subject at all. Where there is none no action fits, whatever it would bring.
    pub has_cause: bool,
}

/// What was chosen in one round, by columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// The action of each case by its place in the policy; [`NOTHING`] for none.
    pub chosen: Vec<u16>,
    /// What the chosen actions are worth together.
    pub worth: Money,
    /// No choice within the same means is worth more than this.
    pub bound: Money,
    /// What it would be worth to go by risk alone: the riskiest first, each with the action worth most to them of what is
    /// left.
    pub by_risk: Money,
    /// Of what more would be worth something.
    pub prices: Vec<Price>,
}

/// Decides about all cases of a round.
///
/// # Errors
///
/// The means do not fit the policy or the cases.
pub fn round(estimates: &Estimates, cases: &[Case], means: &Means) -> Result<Round, MeansError> {
    let policy = estimates.policy();
    means.check(policy, cases.len())?;
    let actions = policy.actions().len();
    if actions == 0 {
        let nothing = Money::default();
        let chosen = vec![NOTHING; cases.len()];
        return Ok(Round { chosen, worth: nothing, bound: nothing, by_risk: nothing, prices: Vec::new() });
    }
    let worth = worth(estimates, cases, means);
    let shared = means.shared(policy);
    let problem = Problem { worth: &worth, actions, resources: &shared };
    let by_risk = in_order(&problem, &riskiest_first(cases));
    let (chosen, bound, duals) = if means.is_places_only() {
        let capacities: Vec<Option<u32>> = policy.actions().iter().map(|action| action.capacity).collect();
        let chosen = assign(&worth, &capacities);
        let total = total(&problem, &chosen);
        (chosen, total, None)
    } else {
        let solution = solve(&problem, Some(&by_risk), THOROUGH);
        (solution.chosen, solution.bound, Some(solution.prices))
    };
    let money = |minor_units| Money { minor_units };
    Ok(Round {
        worth: money(total(&problem, &chosen)),
        bound: money(bound),
        by_risk: money(total(&problem, &by_risk)),
        prices: prices(policy, means, &problem, &chosen, bound, duals.as_deref()),
        chosen,
    })
}

impl Round {
    /// How much better a choice could be at most, as a share of the bound.
    pub fn gap(&self) -> f64 {
        if self.bound <= self.worth { 0.0 } else { (self.bound - self.worth).major() / self.bound.major() }
    }

    /// The decision of each case with its alternatives, for the same cases and means.
    pub fn decisions(&self, estimates: &Estimates, cases: &[Case], means: &Means) -> Vec<Decision> {
        let decision = |(at, case): (usize, &Case)| {
            let prospects = prospects(estimates, case, at, means);
            let nothing = prospects.len() - 1;
            let chosen = if self.chosen[at] == NOTHING { nothing } else { usize::from(self.chosen[at]) };
            let best = best(&prospects);
            let crowded_out = (prospects[best].expected_value > prospects[chosen].expected_value).then_some(best);
            Decision { chosen, prospects, crowded_out, has_cause: case.has_cause }
        };
        cases.iter().enumerate().map(decision).collect()
    }
}

/// What each action is worth to each case in minor units, row by row; nothing where it is barred.
pub(crate) fn worth(estimates: &Estimates, cases: &[Case], means: &Means) -> Vec<i64> {
    let actions = estimates.policy().actions();
    let mut worth = Vec::with_capacity(cases.len() * actions.len());
    for (at, case) in cases.iter().enumerate() {
        let effects = estimates.effects(case.families.first(), case.band);
        for (k, (action, effect)) in actions.iter().zip(effects).enumerate() {
            let is_barred = barred(action, k, case, at, means, actions.len()).is_some();
            worth.push(if is_barred { 0 } else { expected_value(case, effect.mean, action).minor_units });
        }
    }
    worth
}

fn expected_value(case: &Case, effect: f64, action: &Action) -> Money {
    Money::from_major(case.risk.get() * effect * case.value.major()) - action.cost
}

/// Cases by risk, the earlier of equals first.
pub(crate) fn riskiest_first(cases: &[Case]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..).take(cases.len()).collect();
    let risk = |case: u32| cases[case as usize].risk.get();
    order.sort_by(|&a, &b| risk(b).total_cmp(&risk(a)).then(a.cmp(&b)));
    order
}

/// Every action for one subject, doing nothing last.
fn prospects(estimates: &Estimates, case: &Case, at: usize, means: &Means) -> Vec<Prospect> {
    let actions = estimates.policy().actions();
    let effects = estimates.effects(case.families.first(), case.band);
    let mut prospects = Vec::with_capacity(actions.len() + 1);
    for (k, (action, effect)) in actions.iter().zip(effects).enumerate() {
        prospects.push(Prospect {
            action: Some(action.id.clone()),
            chance: effect.chance(case.risk),
            expected_value: expected_value(case, effect.mean, action),
            barred: barred(action, k, case, at, means, actions.len()),
            classes: classes(case.risk, effect),
        });
    }
    let stay = case.risk.complement();
    prospects.push(Prospect {
        action: None,
        // The score comes without an interval of its own.
        chance: Chance { mean: stay, low: stay, high: stay, evidence: Evidence::Model },
        expected_value: Money::default(),
        barred: None,
        classes: left_alone(case.risk),
    });
    prospects
}

/// The first rule that keeps an action from a case: what the subject asked for, then the contract's rules, then causes.
fn barred(action: &Action, k: usize, case: &Case, at: usize, means: &Means, actions: usize) -> Option<Barred> {
    let is_met = match &action.need {
        Need::None => true,
        Need::Reason(families) => families.iter().any(|family| case.families.contains(family)),
    };
    let of_means = means.barred(at, k, actions);
    let of_cause = || (!case.has_cause).then_some(Barred::NoCause);
    of_means.or_else(of_cause).or_else(|| (!is_met).then_some(Barred::NoReason))
}

/// The prospect that fits and is worth most: doing nothing unless an action is worth more, the earliest of equals.
fn best(prospects: &[Prospect]) -> usize {
    let nothing = prospects.len() - 1;
    let mut best = nothing;
    for (k, prospect) in prospects[..nothing].iter().enumerate() {
        if prospect.fits() && prospect.expected_value > prospects[best].expected_value {
            best = k;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use domain::ActionId;
    use proptest::prelude::*;
    use rand::seq::SliceRandom;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::policy::Policy;

    static PAYMENT: Family = Family::named("payment");
    static ATTENDANCE: Family = Family::named("attendance");

    /// A decision for each case, where only the actions' own places are scarce.
    fn decide(estimates: &Estimates, cases: &[Case]) -> Vec<Decision> {
        let means = Means::default();
        round(estimates, cases, &means).expect("no means, no mistakes").decisions(estimates, cases, &means)
    }

    fn action(id: &str, chance: f64, cost: f64, capacity: Option<u32>) -> Action {
        Action {
            id: ActionId(id.to_owned()),
            cost: Money::from_major(cost),
            capacity,
            need: Need::None,
            prior_chance: Probability::clamped(chance),
            prior_cases: 20.0,
        }
    }

    fn estimates(actions: Vec<Action>) -> Estimates {
        Estimates::from_log(Policy::new(actions, Probability::clamped(0.10)).expect("valid"), &[])
    }

    fn academy(calls: u32) -> Estimates {
        let needs_debt = Need::Reason(vec![PAYMENT.clone()]);
        estimates(vec![
            action("mentor_call", 0.65, 15.0, Some(calls)),
            action("whatsapp", 0.30, 1.0, None),
            Action { need: needs_debt, ..action("payment_reminder", 0.40, 0.5, Some(2)) },
        ])
    }

    fn case(risk: f64, families: &[&Family], value: f64) -> Case {
        let risk = Probability::clamped(risk);
        Case {
            risk,
            band: Band::High,
            families: families.iter().copied().cloned().collect(),
            value: Money::from_major(value),
            has_cause: true,
        }
    }

    fn chosen_id(decision: &Decision) -> Option<&str> {
        decision.choice().action.as_ref().map(|ActionId(id)| id.as_str())
    }

    #[test]
    fn the_chances_of_the_contract_come_out_for_the_student_it_had_in_mind() {
        let decision = &decide(&academy(1), &[case(0.9, &[&ATTENDANCE], 900.0)])[0];
        let chances: Vec<f64> = decision.prospects.iter().map(|p| p.chance.mean.get()).collect();
        for (chance, expected) in chances.iter().zip([0.65, 0.30, 0.40, 0.10]) {
            assert!((chance - expected).abs() < 1e-12, "{chances:?}");
        }
        assert_eq!(chosen_id(decision), Some("mentor_call"));
        // 0.55 of 900 less the cost of 15.
        assert_eq!(decision.choice().expected_value, Money::from_major(480.0));
        assert_eq!(decision.no_action().chance.evidence, Evidence::Model);
    }

    #[test]
    fn an_action_fits_only_where_its_reason_is() {
        let decisions =
            decide(&academy(0), &[case(0.9, &[&ATTENDANCE], 900.0), case(0.9, &[&ATTENDANCE, &PAYMENT], 900.0)]);
        assert_eq!(decisions.iter().map(chosen_id).collect::<Vec<_>>(), [Some("whatsapp"), Some("payment_reminder")]);
        assert!(!decisions[0].prospects[2].fits());
    }

    #[test]
    fn without_a_cause_no_action_fits_and_what_each_would_bring_is_told_all_the_same() {
        let with = case(0.3, &[&PAYMENT], 900.0);
        let [acted, left] =
            [with.clone(), Case { has_cause: false, ..with }].map(|case| decide(&academy(1), &[case]).remove(0));
        assert!(acted.has_cause && acted.choice().action.is_some());
        assert!(!left.has_cause && left.choice().action.is_none() && left.crowded_out.is_none());
        for (acted, left) in acted.prospects.iter().zip(&left.prospects) {
            assert_eq!(left.fits(), left.action.is_none());
            assert_eq!(left.expected_value, acted.expected_value);
        }
    }

    #[test]
    fn doing_nothing_is_best_where_acting_costs_more_than_it_brings() {
        let decision = &decide(&academy(5), &[case(0.004, &[], 900.0)])[0];
        assert_eq!(decision.chosen, 3);
        assert_eq!(decision.crowded_out, None);
        assert_eq!(decide(&estimates(vec![]), &[case(0.9, &[], 900.0)])[0].chosen, 0);
    }

    #[test]
    fn a_full_capacity_names_what_it_crowded_out() {
        let decisions = decide(&academy(1), &[case(0.5, &[], 900.0), case(0.9, &[], 900.0), case(0.5, &[], 900.0)]);
        assert_eq!(
            decisions.iter().map(|d| (d.chosen, d.crowded_out)).collect::<Vec<_>>(),
            [(1, Some(0)), (0, None), (1, Some(0))]
        );
    }

    #[test]
    fn a_hundred_thousand_subjects_share_the_places() {
        let mut actions: Vec<Action> = (0..4)
            .map(|k| action(&format!("a{k}"), 0.3 + 0.1 * f64::from(k), 2.0 * f64::from(k), Some(5_000)))
            .collect();
        actions.push(action("whatsapp", 0.2, 0.5, None));
        let estimates = estimates(actions);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let cases: Vec<Case> =
            (0..100_000).map(|_| case(rng.random(), &[&ATTENDANCE], rng.random_range(100.0..2000.0))).collect();
        let decisions = decide(&estimates, &cases);
        assert_eq!(decisions.iter().filter(|d| d.chosen == 3).count(), 5_000);
    }

    #[test]
    fn the_order_of_subjects_does_not_matter_where_no_two_are_alike() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let mut cases: Vec<(usize, Case)> =
            (0..500).map(|k| (k, case(rng.random(), &[&PAYMENT], rng.random_range(1e4..1e6)))).collect();
        let decide_by_subject = |cases: &[(usize, Case)]| {
            let plain: Vec<Case> = cases.iter().map(|(_, case)| case.clone()).collect();
            let mut chosen: Vec<_> = cases.iter().map(|c| c.0).zip(decide(&academy(50), &plain)).collect();
            chosen.sort_by_key(|(subject, _)| *subject);
            chosen
        };
        let decided = decide_by_subject(&cases);
        for _ in 0..10 {
            cases.shuffle(&mut rng);
            assert_eq!(decide_by_subject(&cases), decided);
        }
    }

    proptest! {
        #[test]
        fn capacity_holds_and_nothing_worth_less_than_nothing_is_chosen(
            cases in prop::collection::vec((0.0..=1.0f64, -10.0..1000.0f64, any::<bool>()), 0..40),
            calls in 0u32..5,
        ) {
            let cases: Vec<Case> = cases
                .into_iter()
                .map(|(risk, value, owes)| case(risk, &[if owes { &PAYMENT } else { &ATTENDANCE }], value))
                .collect();
            let decisions = decide(&academy(calls), &cases);
            let count = |k: usize| decisions.iter().filter(|decision| decision.chosen == k).count();
            prop_assert_eq!(decisions.len(), cases.len());
            prop_assert!(count(0) <= calls as usize && count(2) <= 2);
            for decision in &decisions {
                let choice = decision.choice();
                prop_assert!(choice.fits());
                prop_assert!(choice.action.is_none() || choice.expected_value > Money::default());
                if let Some(k) = decision.crowded_out {
                    prop_assert!(decision.prospects[k].expected_value > choice.expected_value);
                    prop_assert_eq!(count(k), if k == 0 { calls as usize } else { 2 });
                }
                for prospect in &decision.prospects {
                    let chance = prospect.chance;
                    prop_assert!(chance.low <= chance.mean && chance.mean <= chance.high);
                    prop_assert!(chance.mean >= decision.no_action().chance.mean);
                }
            }
        }
    }
}
