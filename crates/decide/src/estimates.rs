//! Effects from the experts' words and the log of what was done: by action, reason family and band.
//!
//! A call about missed lessons may work better than one about money, and better at medium risk than at high. So every
//! (action, family, band) has an effect of its own, pulled towards its action's by as much as the cells of an action turn out
//! to be alike; the model stands in `hierarchy`. With no log the mean of every effect *is* the expert's
//! word, and its interval says how much experts are trusted. A cell without cases follows its action.
//!
//! [`Evidence`] counts the cases of the action, in all cells. One without cases says `prior`, though what happened after other
//! actions may have moved it: where all experts turn out to overstate, this one is believed less too.

use std::collections::BTreeMap;

use domain::{ActionId, Band, Evidence, Family, Probability};

use crate::chance::Effect;
use crate::hierarchy::{self, Arm, Case, Hierarchy, Word};
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
    /// By band, then by action, for families without cases.
    elsewhere: [Vec<Effect>; 3],
    /// By family and band, then by action.
    cells: BTreeMap<Option<Family>, [Vec<Effect>; 3]>,
}

impl LoggedOutcome {
    /// Whether staff chose, by what they saw and no score did: neither chance nor a stated rule, which would have left a
    /// propensity.
    pub fn is_chosen(&self) -> bool {
        !self.randomised && self.propensity.is_none()
    }
}

impl Estimates {
    /// Updates the experts' words by a log, in any order.
    ///
    /// Cases without an action count where chance left them without: they show what happens when nothing is done.
    /// Outcomes of actions that the policy does not list teach nothing about those it does.
    pub fn from_log(policy: Policy, log: &[LoggedOutcome]) -> Self {
        let log = in_order(log);
        let actions = policy.actions();
        let position = |id: &ActionId| actions.iter().position(|action| action.id == *id);
        let mut families: BTreeMap<Option<&Family>, usize> = BTreeMap::new();
        let mut cases: Vec<(Arm, Case)> = Vec::with_capacity(log.len());
        let mut evidence = Vec::with_capacity(actions.len());
        let mut add =
            |outcomes: &[&LoggedOutcome], action: Option<usize>, families: &BTreeMap<Option<&Family>, usize>| {
                for (outcome, weight) in outcomes.iter().zip(weights(outcomes)) {
                    // Nothing is told apart among those to whom nothing was done.
                    let (family, band) = match action {
                        Some(_) => (families[&outcome.family.as_ref()], outcome.band as usize),
                        None => (0, 0),
                    };
                    let arm = Arm { action, family, band, is_chosen: action.is_some() && outcome.is_chosen() };
                    cases.push((arm, Case { risk: outcome.risk.get(), stayed: outcome.stayed, weight }));
                }
            };
        let controls: Vec<&LoggedOutcome> =
            log.iter().copied().filter(|outcome| outcome.action.is_none() && outcome.randomised).collect();
        add(&controls, None, &families);
        for outcome in &log {
            if outcome.action.as_ref().is_some_and(|id| position(id).is_some()) {
                let next = families.len();
                families.entry(outcome.family.as_ref()).or_insert(next);
            }
        }
        for (k, action) in actions.iter().enumerate() {
            let outcomes: Vec<&LoggedOutcome> =
                log.iter().copied().filter(|outcome| outcome.action.as_ref() == Some(&action.id)).collect();
            add(&outcomes, Some(k), &families);
            evidence.push(evidence_of(&outcomes));
        }

        let word = |action: &domain::Action| Word { effect: policy.prior_effect(action), cases: action.prior_cases };
        let hierarchy = Hierarchy::fit(actions.iter().map(word).collect(), hierarchy::cells(cases));
        let effects = |family: Option<usize>| {
            Band::ALL.map(|band| {
                let of = |(k, evidence): (usize, &Evidence)| hierarchy.beta(k, family, band as usize).effect(*evidence);
                evidence.iter().enumerate().map(of).collect()
            })
        };
        let cells = families.iter().map(|(family, &at)| (family.cloned(), effects(Some(at)))).collect();
        Self { elsewhere: effects(None), cells, policy }
    }

    /// The policy whose actions these are.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Effects of the policy's actions, in its order, on a subject with this main reason and band.
    pub fn effects(&self, family: Option<&Family>, band: Band) -> &[Effect] {
        // The map's keys are owned options; cloning a kit's family copies a pointer. Bands count up from the lowest, as in
        // `Band::ALL`.
        let bands = self.cells.get(&family.cloned()).unwrap_or(&self.elsewhere);
        &bands[band as usize]
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
    use rand_distr::StandardNormal;

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
        assert!(own.high - own.low < 0.6 * (other.high - other.low), "{own:?} {other:?}");
        assert_eq!(other.evidence, Evidence::Cases { cases: 200, randomised: 200 });
        // The other action has no cases; that one expert overstated makes the other's word count for less.
        let [before, after] =
            [Estimates::from_log(policy(), &[]), estimates].map(|all| all.effects(Some(&PAYMENT), Band::High)[1]);
        assert_eq!(after.evidence, Evidence::Prior);
        assert!(after.mean < before.mean && after.mean > 0.5 * before.mean, "{after:?} {before:?}");
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
    fn an_action_that_drives_away_is_known_for_it() {
        // Scored 0.4, and 6 of 10 leave who are called; of those left alone 4 do.
        let called = (0..400).map(|k| outcome(&ATTENDANCE, 0.4, k % 10 >= 6));
        let alone = (0..400).map(|k| LoggedOutcome { action: None, ..outcome(&ATTENDANCE, 0.4, k % 10 >= 4) });
        let log: Vec<_> = called.chain(alone).collect();
        let effect = Estimates::from_log(policy(), &log).effects(Some(&ATTENDANCE), Band::High)[0];
        assert!(effect.high < 0.0 && effect.mean < -0.2 && effect.harms().get() > 0.95, "{effect:?}");
    }

    #[test]
    fn nine_intervals_in_ten_hold_the_truth() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let normal = |rng: &mut ChaCha8Rng| -> f64 { rng.sample(StandardNormal) };
        let x = -(1.0 - policy().prior_effect(&policy().actions()[0])).ln();
        let worlds = 600;
        let mut covered = 0;
        for _ in 0..worlds {
            // Experts who are wrong together and each alone, families and bands that differ, a score that is off.
            let beta: f64 = x + 0.15 + x * 0.35 * normal(&mut rng) + 0.35 * normal(&mut rng) + 0.35 * normal(&mut rng);
            let (truth, off) = (1.0 - (-beta).exp(), 0.3 * normal(&mut rng));
            let mut log = Vec::new();
            for k in 0..80 {
                let risk: f64 = rng.random_range(0.2..0.8);
                let alone = 1.0 / (1.0 + (1.0 / risk - 1.0) * f64::exp(-off));
                let leaves = alone * if k < 40 { 1.0 - truth } else { 1.0 };
                let case = outcome(&ATTENDANCE, risk, !rng.random_bool(leaves.min(1.0)));
                log.push(if k < 40 { case } else { LoggedOutcome { action: None, ..case } });
            }
            let effect = Estimates::from_log(policy(), &log).effects(Some(&ATTENDANCE), Band::High)[0];
            covered += usize::from((effect.low..=effect.high).contains(&truth));
        }
        // Three standard errors of a 90% share of 600 are 3.7%.
        let share = covered as f64 / worlds as f64;
        assert!((share - 0.9).abs() < 0.037, "{share}");
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
        assert!(alone.mean < 0.35, "{alone:?}");
        assert!((compared.mean - 0.5).abs() < 0.06 && compared.low < 0.5 && compared.high > 0.5, "{compared:?}");
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
