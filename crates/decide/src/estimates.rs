//! Effects from the log of what was done: per action, and per reason family and band within it.
//!
//! A call about missed lessons may work better than one about money, and better at medium risk than at high. So every
//! (action, family, band) is a cell with a posterior of its own, shrunk to its action:
//!
//! 1. the action's mean without the cell: the expert's prior, updated by the action's cases in all *other* cells;
//! 2. the cell's prior: a Beta with that mean and the expert's weight, `prior_cases`;
//! 3. the cell's posterior: that prior, updated by the cell's own cases.
//!
//! Leaving the cell out in step 1 counts no case twice. The weight in step 2 says that cells of one action are as alike
//! as the expert is sure: a cell without cases of its own follows the others in its mean, but stays as wide as the
//! prior. With no log at all every cell *is* the expert's prior.
//!
//! [`Evidence`] counts all cases of the action, since all of them moved the mean.

use std::collections::BTreeMap;

use domain::{ActionId, Band, Evidence, Family, Probability};

use crate::chance::{Effect, Likelihood, Prior};
use crate::policy::Policy;

/// One thing that was done, and how it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedOutcome {
    /// What was done.
    pub action: ActionId,
    /// The subject's main reason at that time.
    pub family: Option<Family>,
    /// The subject's band at that time.
    pub band: Band,
    /// The score at that time: the probability to leave if left alone.
    pub risk: Probability,
    /// Whether the subject was still there at the end of the horizon.
    pub stayed: bool,
    /// Whether chance assigned the action.
    pub randomised: bool,
}

/// What each action of a policy does, as far as anyone knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimates {
    policy: Policy,
    /// By action, for cells that have no cases.
    elsewhere: Vec<Effect>,
    /// By family and band, then by action.
    cells: BTreeMap<Option<Family>, [Vec<Effect>; 3]>,
    skipped: usize,
}

/// The cases of one cell.
#[derive(Default)]
struct Cases {
    risks_of_stayed: Vec<f64>,
    left: usize,
}

impl Estimates {
    /// Updates the experts' priors by a log, in any order.
    ///
    /// Outcomes of actions that the policy does not list teach nothing about those it does; they are counted in
    /// [`Self::skipped`].
    pub fn from_log(policy: Policy, log: &[LoggedOutcome]) -> Self {
        let empty = || Band::ALL.map(|_| Vec::with_capacity(policy.actions().len()));
        let mut cells: BTreeMap<Option<Family>, [Vec<Effect>; 3]> =
            log.iter().map(|outcome| (outcome.family.clone(), empty())).collect();
        let mut elsewhere = Vec::with_capacity(policy.actions().len());
        let mut used = 0;

        for action in policy.actions() {
            let outcomes: Vec<&LoggedOutcome> = log.iter().filter(|outcome| outcome.action == action.id).collect();
            used += outcomes.len();
            let expert = Prior { mean: policy.prior_effect(action), weight: action.prior_cases };
            let evidence = evidence_of(&outcomes);
            let likelihoods = likelihoods(&outcomes);
            let mut whole = Likelihood::flat();
            for likelihood in likelihoods.values() {
                whole.add(likelihood);
            }

            let fallback = cell_effect(expert, &whole, None, evidence);
            for (family, bands) in &mut cells {
                for (band, effects) in Band::ALL.into_iter().zip(bands) {
                    let own = likelihoods.get(&(family.as_ref(), band));
                    effects.push(own.map_or(fallback, |own| cell_effect(expert, &whole, Some(own), evidence)));
                }
            }
            elsewhere.push(fallback);
        }
        Self { policy, elsewhere, cells, skipped: log.len() - used }
    }

    /// The policy whose actions these are.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Logged outcomes of actions that the policy does not list.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// Effects of the policy's actions, in its order, on a subject with this main reason and band.
    pub fn effects(&self, family: Option<&Family>, band: Band) -> &[Effect] {
        // The map's keys are owned options; cloning a kit's family copies a pointer.
        match self.cells.get(&family.cloned()) {
            // Bands count up from the lowest, as in `Band::ALL`.
            Some(bands) => &bands[band as usize],
            None => &self.elsewhere,
        }
    }
}

fn evidence_of(outcomes: &[&LoggedOutcome]) -> Evidence {
    if outcomes.is_empty() {
        return Evidence::Prior;
    }
    let count = |cases: usize| u32::try_from(cases).unwrap_or(u32::MAX);
    let randomised = outcomes.iter().filter(|outcome| outcome.randomised).count();
    Evidence::Cases { cases: count(outcomes.len()), randomised: count(randomised) }
}

fn likelihoods<'a>(outcomes: &[&'a LoggedOutcome]) -> BTreeMap<(Option<&'a Family>, Band), Likelihood> {
    let mut cells: BTreeMap<(Option<&Family>, Band), Cases> = BTreeMap::new();
    for outcome in outcomes {
        let cases = cells.entry((outcome.family.as_ref(), outcome.band)).or_default();
        if outcome.stayed {
            cases.risks_of_stayed.push(outcome.risk.get());
        } else {
            cases.left += 1;
        }
    }
    let likelihood = |mut cases: Cases| {
        // Sorted, so that the order of the log does not reach the last digit.
        cases.risks_of_stayed.sort_by(f64::total_cmp);
        Likelihood::of_cases(&cases.risks_of_stayed, cases.left)
    };
    cells.into_iter().map(|(cell, cases)| (cell, likelihood(cases))).collect()
}

/// Steps 1 to 3 of the module's documentation, for a cell with cases of its own or for one without.
fn cell_effect(expert: Prior, whole: &Likelihood, own: Option<&Likelihood>, evidence: Evidence) -> Effect {
    if evidence == Evidence::Prior {
        return expert.effect();
    }
    let mut others = whole.clone();
    if let Some(own) = own {
        others.subtract(own);
    }
    let action_mean = others.posterior(expert, evidence).mean;
    let prior = Prior { mean: action_mean, weight: expert.weight };
    match own {
        Some(own) => own.posterior(prior, evidence),
        None => Effect { evidence, ..prior.effect() },
    }
}

#[cfg(test)]
mod tests {
    use domain::{Action, Money, Need};
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Beta, Distribution};

    use super::*;

    static ATTENDANCE: Family = Family::named("attendance");
    static PAYMENT: Family = Family::named("payment");

    fn policy() -> Policy {
        let action = |id: &str, chance: f64| Action {
            id: ActionId(id.to_owned()),
            cost: Money::from_major(10.0),
            capacity: None,
            need: Need::None,
            prior_chance: Probability::clamped(chance),
            prior_cases: 20.0,
        };
        Policy::new(vec![action("call", 0.65), action("whatsapp", 0.30)], Probability::clamped(0.10)).expect("valid")
    }

    fn outcome(family: &Family, risk: f64, stayed: bool) -> LoggedOutcome {
        LoggedOutcome {
            action: ActionId("call".to_owned()),
            family: Some(family.clone()),
            band: Band::High,
            risk: Probability::clamped(risk),
            stayed,
            randomised: false,
        }
    }

    fn outcomes(family: &Family, stayed: usize, left: usize) -> Vec<LoggedOutcome> {
        (0..stayed + left).map(|k| outcome(family, 0.9, k < stayed)).collect()
    }

    #[test]
    fn without_a_log_a_would_be_leaver_gets_the_experts_chances() {
        let estimates = Estimates::from_log(policy(), &[]);
        let effects = estimates.effects(Some(&ATTENDANCE), Band::High);
        let chance = |k: usize| effects[k].chance(Probability::clamped(0.9));
        assert!((chance(0).mean.get() - 0.65).abs() < 1e-12);
        assert!((chance(1).mean.get() - 0.30).abs() < 1e-12);
        assert_eq!(chance(0).evidence, Evidence::Prior);
    }

    #[test]
    fn a_cell_without_cases_follows_the_others_in_mean_but_not_in_width() {
        let prior = Estimates::from_log(policy(), &[]).effects(None, Band::High)[0];
        let log = outcomes(&ATTENDANCE, 20, 180);
        let estimates = Estimates::from_log(policy(), &log);
        let own = estimates.effects(Some(&ATTENDANCE), Band::High)[0];
        let other = estimates.effects(Some(&PAYMENT), Band::High)[0];
        assert!(other.mean < prior.mean && own.mean < other.mean + 0.05);
        assert!(own.high - own.low < 0.5 * (other.high - other.low));
        assert_eq!(other.evidence, Evidence::Cases { cases: 200, randomised: 0 });
        // The other action has no cases and keeps the expert's word.
        assert_eq!(estimates.effects(Some(&PAYMENT), Band::High)[1].evidence, Evidence::Prior);
    }

    #[test]
    fn a_cell_differs_from_its_action_where_its_cases_say_so() {
        let log = [outcomes(&ATTENDANCE, 95, 5), outcomes(&PAYMENT, 15, 85)].concat();
        let estimates = Estimates::from_log(policy(), &log);
        let mean = |family| estimates.effects(Some(family), Band::High)[0].mean;
        // A hundred cases of one's own stand against the twenty that the prior weighs.
        assert!(mean(&ATTENDANCE) > 0.75 && mean(&PAYMENT) < 0.3, "{} {}", mean(&ATTENDANCE), mean(&PAYMENT));
    }

    #[test]
    fn the_order_of_the_log_does_not_matter_and_strangers_are_counted() {
        let mut log = [outcomes(&ATTENDANCE, 7, 3), outcomes(&PAYMENT, 2, 8)].concat();
        log.push(LoggedOutcome { action: ActionId("gone".to_owned()), ..log[0].clone() });
        let estimates = Estimates::from_log(policy(), &log);
        log.reverse();
        assert_eq!(estimates, Estimates::from_log(policy(), &log));
        assert_eq!(estimates.skipped(), 1);
    }

    #[test]
    fn four_times_the_same_evidence_is_narrower() {
        let width = |times: usize| {
            let log = vec![outcomes(&ATTENDANCE, 6, 4); times].concat();
            let effect = Estimates::from_log(policy(), &log).effects(Some(&ATTENDANCE), Band::High)[0];
            effect.high - effect.low
        };
        let widths = [0, 1, 4, 16, 64].map(width);
        assert!(widths.is_sorted_by(|wide, narrow| wide > narrow), "{widths:?}");
    }

    #[test]
    fn nine_intervals_in_ten_hold_the_truth() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let expert = Prior { mean: policy().prior_effect(&policy().actions()[0]), weight: 20.0 };
        let truths = Beta::new(expert.mean * expert.weight, (1.0 - expert.mean) * expert.weight).expect("positive");
        let worlds = 2000;
        let mut covered = 0;
        for _ in 0..worlds {
            let truth = truths.sample(&mut rng);
            let mut log = Vec::new();
            for _ in 0..40 {
                let risk = rng.random_range(0.2..1.0);
                log.push(outcome(&ATTENDANCE, risk, rng.random_bool(1.0 - risk * (1.0 - truth))));
            }
            let effect = Estimates::from_log(policy(), &log).effects(Some(&ATTENDANCE), Band::High)[0];
            covered += usize::from((effect.low..=effect.high).contains(&truth));
        }
        // Three standard errors of a 90% share of 2000 are 2%.
        let share = covered as f64 / worlds as f64;
        assert!((share - 0.9).abs() < 0.02, "{share}");
    }
}
