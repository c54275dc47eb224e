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
//! [`Evidence`] counts all cases of the action, since all of them moved the mean. How much a case weighs is the subject of
//! `weights`, and how likely it was to leave without the action that of `baseline`.

use std::collections::BTreeMap;

use domain::{ActionId, Band, Evidence, Family, Probability};

use crate::baseline::{Baseline, shifted};
use crate::chance::{Effect, Likelihood, Posterior, Prior, WeighedCase};
use crate::policy::Policy;
use crate::weights::weights;

/// One thing that was done, and how it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedOutcome {
    /// What was done; nothing for whom a trial gave to its control arm.
    pub action: Option<ActionId>,
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
    /// The probability with which it was assigned, where that is known.
    pub propensity: Option<Probability>,
}

/// What each action of a policy does, as far as anyone knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimates {
    policy: Policy,
    /// By action, for cells that have no cases.
    elsewhere: Vec<Effect>,
    /// By family and band, then by action.
    cells: BTreeMap<Option<Family>, [Vec<Effect>; 3]>,
}

/// The cases of one action by cell, with likelihoods for each shift that the risk without action may have.
struct Cells<'a> {
    shifts: &'a [(f64, f64)],
    /// By shift.
    whole: Vec<Likelihood>,
    /// By cell, then by shift.
    own: BTreeMap<(Option<&'a Family>, Band), Vec<Likelihood>>,
}

impl Estimates {
    /// Updates the experts' priors by a log, in any order.
    ///
    /// Cases without an action count where chance left them without: they show what happens when nothing is done.
    /// Outcomes of actions that the policy does not list teach nothing about those it does.
    pub fn from_log(policy: Policy, log: &[LoggedOutcome]) -> Self {
        let log = in_order(log);
        let controls: Vec<&LoggedOutcome> =
            log.iter().copied().filter(|outcome| outcome.action.is_none() && outcome.randomised).collect();
        let shifts = Baseline::shifts(Baseline::of_controls(&weighed(&controls, 0.0)).as_ref());
        let empty = || Band::ALL.map(|_| Vec::with_capacity(policy.actions().len()));
        let mut cells: BTreeMap<Option<Family>, [Vec<Effect>; 3]> = log
            .iter()
            .filter(|outcome| outcome.action.is_some())
            .map(|outcome| (outcome.family.clone(), empty()))
            .collect();
        let mut elsewhere = Vec::with_capacity(policy.actions().len());

        for action in policy.actions() {
            let outcomes: Vec<&LoggedOutcome> =
                log.iter().copied().filter(|outcome| outcome.action.as_ref() == Some(&action.id)).collect();
            let expert = Prior { mean: policy.prior_effect(action), weight: action.prior_cases };
            let evidence = evidence_of(&outcomes);
            let of_action = Cells::of(&outcomes, &shifts, expert);
            let fallback = of_action.effect(expert, None, evidence);
            for (family, bands) in &mut cells {
                for (band, effects) in Band::ALL.into_iter().zip(bands) {
                    let own = of_action.own.get(&(family.as_ref(), band));
                    effects.push(own.map_or(fallback, |own| of_action.effect(expert, Some(own), evidence)));
                }
            }
            elsewhere.push(fallback);
        }
        Self { policy, elsewhere, cells }
    }

    /// The policy whose actions these are.
    pub fn policy(&self) -> &Policy {
        &self.policy
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

impl<'a> Cells<'a> {
    fn of(outcomes: &[&'a LoggedOutcome], shifts: &'a [(f64, f64)], expert: Prior) -> Self {
        let mut cases: BTreeMap<(Option<&Family>, Band), Vec<WeighedCase>> = BTreeMap::new();
        for (outcome, case) in outcomes.iter().zip(weighed(outcomes, expert.weight)) {
            cases.entry((outcome.family.as_ref(), outcome.band)).or_default().push(case);
        }
        let of_shift = |cases: &[WeighedCase], shift| {
            let moved = cases.iter().map(|case| WeighedCase { risk: shifted(case.risk, shift), ..*case });
            Likelihood::of_cases(moved.collect())
        };
        let own: BTreeMap<_, Vec<Likelihood>> = cases
            .into_iter()
            .map(|(cell, cases)| (cell, shifts.iter().map(|&(shift, _)| of_shift(&cases, shift)).collect()))
            .collect();
        let mut whole = vec![Likelihood::flat(); shifts.len()];
        for likelihoods in own.values() {
            whole.iter_mut().zip(likelihoods).for_each(|(whole, own)| whole.add(own));
        }
        Self { shifts, whole, own }
    }

    /// Steps 1 to 3 of the module's documentation, for a cell with cases of its own or for one without.
    fn effect(&self, expert: Prior, own: Option<&Vec<Likelihood>>, evidence: Evidence) -> Effect {
        if evidence == Evidence::Prior {
            return expert.effect();
        }
        let posterior_at = |(at, &(_, weight)): (usize, &(f64, f64))| {
            let mut others = self.whole[at].clone();
            if let Some(own) = own {
                others.subtract(&own[at]);
            }
            let prior = Prior { mean: others.posterior(expert).mean(), weight: expert.weight };
            let flat = Likelihood::flat();
            (weight, own.map_or(&flat, |own| &own[at]).posterior(prior))
        };
        Posterior::mixture(self.shifts.iter().enumerate().map(posterior_at)).effect(evidence)
    }
}

/// Sorted, so that the order of the log does not reach the last digit of a sum.
fn in_order(log: &[LoggedOutcome]) -> Vec<&LoggedOutcome> {
    let mut log: Vec<&LoggedOutcome> = log.iter().collect();
    log.sort_by(|a, b| {
        let propensity = |outcome: &LoggedOutcome| outcome.propensity.map_or(-1.0, Probability::get);
        (&a.action, &a.family, a.band, a.stayed, a.randomised)
            .cmp(&(&b.action, &b.family, b.band, b.stayed, b.randomised))
            .then(a.risk.get().total_cmp(&b.risk.get()))
            .then(propensity(a).total_cmp(&propensity(b)))
    });
    log
}

/// Logged outcomes of one arm as cases with their weights.
fn weighed(outcomes: &[&LoggedOutcome], expert_cases: f64) -> Vec<WeighedCase> {
    let weights = weights(outcomes, expert_cases);
    let case = |(outcome, weight): (&&LoggedOutcome, f64)| WeighedCase {
        risk: outcome.risk.get(),
        stayed: outcome.stayed,
        weight,
    };
    outcomes.iter().zip(weights).map(case).collect()
}

fn evidence_of(outcomes: &[&LoggedOutcome]) -> Evidence {
    if outcomes.is_empty() {
        return Evidence::Prior;
    }
    let count = |cases: usize| u32::try_from(cases).unwrap_or(u32::MAX);
    let randomised = outcomes.iter().filter(|outcome| outcome.randomised).count();
    Evidence::Cases { cases: count(outcomes.len()), randomised: count(randomised) }
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
            action: Some(ActionId("call".to_owned())),
            family: Some(family.clone()),
            band: Band::High,
            risk: Probability::clamped(risk),
            stayed,
            randomised: true,
            propensity: None,
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
        assert_eq!(other.evidence, Evidence::Cases { cases: 200, randomised: 200 });
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
    fn the_order_of_the_log_does_not_matter_and_strangers_teach_nothing() {
        let mut log = [outcomes(&ATTENDANCE, 7, 3), outcomes(&PAYMENT, 2, 8)].concat();
        for (k, case) in log.iter_mut().enumerate() {
            case.propensity = Some(Probability::clamped(0.1 + 0.03 * k as f64));
        }
        let controls: Vec<_> = log
            .iter()
            .enumerate()
            .map(|(k, case)| LoggedOutcome {
                action: None,
                risk: Probability::clamped(0.04 * k as f64),
                ..case.clone()
            })
            .collect();
        log.extend(controls);
        let estimates = Estimates::from_log(policy(), &log);
        log.push(LoggedOutcome { action: Some(ActionId("gone".to_owned())), ..log[0].clone() });
        log.reverse();
        assert_eq!(estimates, Estimates::from_log(policy(), &log));
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

    #[test]
    fn controls_say_what_the_score_could_not() {
        // Scored 0.3, but those whom staff look at leave in 6 of 10 cases if left alone. The call keeps half of them.
        let case = |call: bool, stayed: bool| LoggedOutcome {
            action: call.then(|| ActionId("call".to_owned())),
            ..outcome(&ATTENDANCE, 0.3, stayed)
        };
        let called: Vec<_> = (0..500).map(|k| case(true, k % 10 >= 3)).collect();
        let controls = (0..500).map(|k| case(false, k % 10 >= 6));
        let mean = |log: &[LoggedOutcome]| Estimates::from_log(policy(), log).effects(Some(&ATTENDANCE), Band::High)[0];
        let (alone, compared) = (mean(&called), mean(&called.iter().cloned().chain(controls).collect::<Vec<_>>()));
        assert!(alone.high < 0.3, "{alone:?}");
        assert!((compared.mean - 0.5).abs() < 0.05 && compared.low < 0.5 && compared.high > 0.5, "{compared:?}");
        assert_eq!(compared.evidence, Evidence::Cases { cases: 500, randomised: 500 });
        // Nobody drew those whom nothing was done to: they are no control arm.
        let passed_over = called
            .iter()
            .cloned()
            .chain((0..500).map(|k| LoggedOutcome { randomised: false, ..case(false, k % 10 >= 6) }));
        assert_eq!(mean(&passed_over.collect::<Vec<_>>()), alone);
    }

    #[test]
    fn a_log_without_chance_in_it_moves_the_expert_less() {
        let log = outcomes(&ATTENDANCE, 20, 180);
        let not_drawn: Vec<_> = log.iter().map(|case| LoggedOutcome { randomised: false, ..case.clone() }).collect();
        let effect =
            |log: &[LoggedOutcome]| Estimates::from_log(policy(), log).effects(Some(&ATTENDANCE), Band::High)[0];
        let (expert, trial, observed) = (effect(&[]), effect(&log), effect(&not_drawn));
        assert!(trial.mean < observed.mean && observed.mean < expert.mean, "{trial:?} {observed:?} {expert:?}");
        assert!(trial.high - trial.low < observed.high - observed.low);
    }
}
