//! Decisions that earn their evidence: a little is left to chance, where little is lost by it, with known propensities.
//!
//! 1. **Holdout** ([`is_held_out`]): of subjects for whom the round would do something, a share gets nothing, the same ones
//!    for a period. Those who get a free place for that were not in the draw, and teach nothing of doing nothing.
//! 2. **The rule's choice**: the round is decided without the holdout, as ever.
//! 3. **Near-equal actions**: with the chosen one all that are allowed, worth more than nothing, and either at least
//!    `1 - NEAR` of its worth, or the best with a probability of at least `OVERLAP` by what is known of the effects.
//! 4. **Thompson sampling** (Thompson 1933; Russo et al. 2018, A tutorial on Thompson sampling): a share of the subjects
//!    who have near-equal actions gets one of them with the probability that it is the best, from `LOOKS` draws of all
//!    effects. Those draws make the probabilities with which the action is then drawn, so that these are known exactly.
//! 5. What is scarce is first taken by those who were drawn, in an order of chance; whom nothing is left for goes back to the
//!    rule. The rest is decided anew within what is left, so that no capacity or budget is broken.
//!
//! **Propensity.** With `h` the holdout's share, `s` the share that is drawn, `t_a` Thompson's probability:
//!
//! ```text
//! P(nothing) = h        P(a) = (1 - h) (s t_a + (1 - s) 1[a is the rule's choice])
//! ```
//!
//! without the first term where there are no near-equal actions. That those who were drawn leave others a place more or
//! less is not in it: a matter of a few places of many.

use domain::Money;

use crate::choose::{Case, Round, round, worth};
use crate::draws::{normal, uniform};
use crate::estimates::Estimates;
use crate::holdout::is_held_out;
use crate::knapsack::{NOTHING, Problem, Shared, THOROUGH, solve, total};
use crate::means::{Means, MeansError};

/// What is left to chance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Chances {
    /// Share of decisions among near-equal actions that is drawn.
    pub explore: f64,
    /// Share of those for whom something would be done who get nothing.
    pub holdout: f64,
    /// The same seed gives the same draws.
    pub seed: u64,
    /// The holdout is the same throughout a period.
    pub period: u64,
}

/// How a decision came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is worth most.
    Rule,
    /// It was drawn among actions worth nearly the same.
    Drawn,
    /// Nothing is done, by chance.
    HeldOut,
}

/// A round, part of it left to chance.
#[derive(Clone, Debug, PartialEq)]
pub struct Explored {
    /// What was chosen.
    pub round: Round,
    /// How, by case.
    pub origin: Vec<Origin>,
    /// The probability with which each case got what it got; 1 where chance had no say.
    pub propensity: Vec<f64>,
    /// What leaving it to chance is expected to cost.
    pub cost: Money,
}

/// No more than this is ever left to chance.
pub const MOST_SHARE: f64 = 0.5;
/// Actions worth so much less than the chosen one are near-equal, as a share of its worth.
const NEAR: f64 = 0.1;
/// So are those that are the best with this probability.
const OVERLAP: f64 = 0.1;
/// Draws of all effects.
const LOOKS: u64 = 400;
/// What draws are for: who is drawn, for what, and in which order; looks.
const WHO: u64 = 1;
const WHAT: u64 = 2;
const ORDER: u64 = 3;
const LOOK: u64 = 4;

/// Near-equal actions of a case with Thompson's probabilities, the rule's choice among them.
type Near = Vec<(usize, f64)>;

/// Decides about all cases of a round, leaving a part to chance. `keys` tell cases apart, the same in every round.
///
/// # Errors
///
/// The means do not fit the policy or the cases.
pub fn explore(
    estimates: &Estimates,
    cases: &[Case],
    means: &Means,
    keys: &[u64],
    chances: Chances,
) -> Result<Explored, MeansError> {
    let whole = round(estimates, cases, means)?;
    let actions = estimates.policy().actions().len();
    let [explore, holdout] = [chances.explore, chances.holdout].map(|share| share.clamp(0.0, MOST_SHARE));
    let mut worth = worth(estimates, cases, means);
    let row = |worth: &[i64], at: usize| worth[at * actions..][..actions].to_vec();
    let is_eligible: Vec<bool> = whole.chosen.iter().map(|&action| action != NOTHING).collect();
    let in_holdout = |(&is_eligible, &key): (&bool, &u64)| is_eligible && is_held_out(key, holdout, chances.period);
    let is_held: Vec<bool> = is_eligible.iter().zip(keys).map(in_holdout).collect();
    let stays_in = |at: usize| if is_eligible[at] { 1.0 - holdout } else { 1.0 };

    let mut decided = Explored {
        origin: vec![Origin::Rule; cases.len()],
        propensity: (0..cases.len()).map(stays_in).collect(),
        cost: Money::default(),
        round: whole,
    };
    let without: Vec<Case> = cases
        .iter()
        .zip(&is_held)
        .map(|(case, &is_held)| Case { has_cause: case.has_cause && !is_held, ..case.clone() })
        .collect();
    let any_held = is_held.contains(&true);
    let rule = if any_held { round(estimates, &without, means)?.chosen } else { decided.round.chosen.clone() };
    // All cases are looked at by the same draws: which of two actions is better for one is no news about another.
    let look = |at: u64| normal(chances.seed, at, LOOK);
    let looks: Vec<f64> = (0..LOOKS * actions as u64).map(look).collect();
    let mut shared = means.shared(estimates.policy());
    let mut chosen = rule.clone();
    let mut nears: Vec<Near> = vec![Near::new(); cases.len()];
    let mut order: Vec<(f64, u64, usize)> = Vec::new();
    for at in 0..cases.len() {
        if rule[at] == NOTHING || !is_eligible[at] || explore == 0.0 {
            continue;
        }
        nears[at] = near_equal(estimates, &cases[at], &row(&worth, at), usize::from(rule[at]), &looks);
        if nears[at].len() > 1 && uniform(chances.seed, keys[at], WHO) < explore {
            order.push((uniform(chances.seed, keys[at], ORDER), keys[at], at));
        }
    }
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut settled: Vec<(usize, u16)> = Vec::new();
    for (_, _, at) in order {
        let action = pick(&nears[at], uniform(chances.seed, keys[at], WHAT));
        if take(&mut shared, at, action) {
            decided.origin[at] = Origin::Drawn;
            settled.push((at, u16::try_from(action).unwrap_or(NOTHING)));
        }
    }
    if !settled.is_empty() {
        // Worth nothing, so that the rest is shared out without them.
        let all = worth.clone();
        let fixed = settled.iter().map(|&(at, _)| at).chain((0..cases.len()).filter(|&at| is_held[at]));
        fixed.for_each(|at| worth[at * actions..][..actions].fill(0));
        chosen = solve(&Problem { worth: &worth, actions, resources: &shared }, None, THOROUGH).chosen;
        settled.iter().for_each(|&(at, action)| chosen[at] = action);
        worth = all;
    }
    for at in 0..cases.len() {
        if is_held[at] {
            decided.origin[at] = Origin::HeldOut;
            decided.propensity[at] = 1.0 - stays_in(at);
        } else if chosen[at] == NOTHING && rule[at] == NOTHING {
            // Nothing came of the rule; the holdout would have given the same.
            decided.propensity[at] = 1.0;
        } else if chosen[at] != rule[at] && decided.origin[at] == Origin::Rule {
            // Others who were drawn moved it: with which probability is not known, and it counts as not randomised.
            decided.propensity[at] = 1.0;
        } else if nears[at].len() > 1 {
            let action = usize::from(chosen[at]);
            let of_chance = nears[at].iter().find(|near| near.0 == action).map_or(0.0, |near| near.1);
            let of_rule = if chosen[at] == rule[at] { 1.0 } else { 0.0 };
            decided.propensity[at] *= explore * of_chance + (1.0 - explore) * of_rule;
        }
    }
    let problem = Problem { worth: &worth, actions, resources: &[] };
    let after = if actions == 0 { 0 } else { total(&problem, &chosen) };
    decided.cost = decided.round.worth - Money { minor_units: after };
    decided.round.worth = Money { minor_units: after };
    decided.round.chosen = chosen;
    Ok(decided)
}

/// Actions as good as the chosen one, as far as anyone knows, with the probability that each is the best of them.
fn near_equal(estimates: &Estimates, case: &Case, worth: &[i64], chosen: usize, looks: &[f64]) -> Near {
    let effects = estimates.effects(case.families.first(), case.band);
    let actions = estimates.policy().actions();
    let best_of = |options: &[usize]| -> Vec<f64> {
        let mut wins = vec![0.0; options.len()];
        for look in looks.chunks(actions.len()) {
            let mut best = (f64::NEG_INFINITY, 0);
            for (place, &k) in options.iter().enumerate() {
                let effect = effects[k].draw(look[k]);
                let value = case.risk.get() * effect * case.value.major() - actions[k].cost.major();
                if value > best.0 {
                    best = (value, place);
                }
            }
            wins[best.1] += 1.0;
        }
        wins.iter().map(|wins| wins / LOOKS as f64).collect()
    };
    let allowed: Vec<usize> = (0..worth.len()).filter(|&k| worth[k] > 0 || k == chosen).collect();
    if allowed.len() < 2 {
        return vec![(chosen, 1.0)];
    }
    let is_near = |(place, &k): (usize, &usize), best: &[f64]| {
        k == chosen || worth[k] as f64 >= (1.0 - NEAR) * worth[chosen] as f64 || best[place] >= OVERLAP
    };
    let best = best_of(&allowed);
    let near: Vec<usize> = allowed.iter().enumerate().filter(|&of| is_near(of, &best)).map(|(_, &k)| k).collect();
    let best = best_of(&near);
    // Half a win for each, so that none is impossible.
    let smooth = |wins: f64| (wins * LOOKS as f64 + 0.5) / (LOOKS as f64 + 0.5 * near.len() as f64);
    near.iter().zip(best).map(|(&k, wins)| (k, smooth(wins))).collect()
}

fn pick(near: &Near, uniform: f64) -> usize {
    let mut left = uniform;
    for &(action, probability) in near {
        left -= probability;
        if left < 0.0 {
            return action;
        }
    }
    near[near.len() - 1].0
}

/// Takes what an action needs; nothing, where there is too little of anything.
fn take(shared: &mut [Shared], case: usize, action: usize) -> bool {
    let pool = |shared: &Shared| if shared.pool_of.is_empty() { 0 } else { shared.pool_of[case] as usize };
    if shared.iter().any(|shared| shared.capacities[pool(shared)] < shared.uses[action]) {
        return false;
    }
    for shared in shared {
        let pool = pool(shared);
        shared.capacities[pool] -= shared.uses[action];
    }
    true
}

#[cfg(test)]
mod tests {
    use domain::{Action, ActionId, Band, Barred, Need, Probability};

    use super::*;
    use crate::policy::Policy;

    fn estimates(calls: u32) -> Estimates {
        let action = |id: &str, chance: f64, capacity| Action {
            id: ActionId(id.to_owned()),
            cost: Money::from_major(10.0),
            capacity,
            need: Need::None,
            prior_chance: Probability::clamped(chance),
            prior_cases: 20.0,
        };
        let actions =
            vec![action("call", 0.60, Some(calls)), action("meeting", 0.58, None), action("note", 0.12, None)];
        Estimates::from_log(Policy::new(actions, Probability::clamped(0.10)).expect("valid"), &[])
    }

    fn cases(count: usize) -> (Vec<Case>, Vec<u64>) {
        let case = |k: usize| Case {
            risk: Probability::clamped(0.2 + 0.7 * (k % 97) as f64 / 97.0),
            band: if k.is_multiple_of(2) { Band::High } else { Band::Medium },
            families: vec![],
            value: Money::from_major(900.0),
            has_cause: !k.is_multiple_of(10),
        };
        ((0..count).map(case).collect(), (0..count as u64).collect())
    }

    fn chances(explore: f64, holdout: f64, seed: u64) -> Chances {
        Chances { explore, holdout, seed, period: seed }
    }

    #[test]
    fn without_chance_the_rule_stands() {
        let (cases, keys) = cases(300);
        let (estimates, means) = (estimates(40), Means::default());
        let decided = explore(&estimates, &cases, &means, &keys, chances(0.0, 0.0, 1)).expect("fits");
        assert_eq!(decided.round, round(&estimates, &cases, &means).expect("fits"));
        assert!(decided.propensity.iter().all(|&propensity| propensity == 1.0));
        assert_eq!(decided.cost, Money::default());
    }

    #[test]
    fn places_hold_and_whoever_may_not_be_contacted_is_never_drawn() {
        let (cases, keys) = cases(2000);
        let budget = Some(Money::from_major(9_000.0));
        let mut means = Means { budget, barred: vec![None; 2000 * 3], ..Means::default() };
        (0..2000).step_by(7).for_each(|at| means.barred[at * 3..][..3].fill(Some(Barred::OptedOut)));
        for seed in 0..5 {
            let decided = explore(&estimates(100), &cases, &means, &keys, chances(0.2, 0.1, seed)).expect("fits");
            let chosen = &decided.round.chosen;
            assert!(chosen.iter().filter(|&&k| k == 0).count() <= 100);
            assert!(chosen.iter().filter(|&&k| k != NOTHING).count() <= 900);
            for (at, &action) in chosen.iter().enumerate() {
                let is_out = at % 7 == 0 || at % 10 == 0;
                assert!(!is_out || (decided.origin[at] == Origin::Rule && action == NOTHING), "{at}");
                // A note is worth far less and hardly ever best.
                assert!(action != 2 || decided.origin[at] == Origin::Rule);
                assert!(decided.propensity[at] > 0.0 && decided.propensity[at] <= 1.0);
            }
            // Who would have got nothing anyway is no control, and whoever would have got something is one by its own draw.
            let whole = round(&estimates(100), &cases, &means).expect("fits");
            for (at, &origin) in decided.origin.iter().enumerate() {
                let is_held = whole.chosen[at] != NOTHING && is_held_out(keys[at], 0.1, seed);
                assert_eq!(origin == Origin::HeldOut, is_held);
                assert!(!is_held || (decided.propensity[at] - 0.1).abs() < 1e-12);
                assert!(whole.chosen[at] != NOTHING || decided.propensity[at] == 1.0);
            }
            assert!(decided.cost > Money::default() && decided.cost.major() < 0.25 * decided.round.worth.major());
        }
    }

    #[test]
    fn each_action_comes_as_often_as_its_propensity_says() {
        let (cases, keys) = cases(60);
        let estimates = estimates(1000);
        let (mut times, mut said) = ([[0.0; 2]; 60], [[0.0; 2]; 60]);
        let runs = 600;
        for seed in 0..runs {
            let all = chances(0.5, 0.1, seed);
            let decided = explore(&estimates, &cases, &Means::default(), &keys, all).expect("fits");
            for at in 0..60 {
                if decided.round.chosen[at] < 2 {
                    let k = usize::from(decided.round.chosen[at]);
                    times[at][k] += 1.0;
                    said[at][k] = decided.propensity[at];
                }
            }
        }
        for at in (0..60).filter(|at| at % 10 > 0) {
            for k in 0..2 {
                // Four standard errors of a half are 0.08; the probabilities of a look differ a little by seed.
                assert!((times[at][k] / runs as f64 - said[at][k]).abs() < 0.1, "{at} {k}: {times:?} {said:?}");
            }
        }
    }
}
