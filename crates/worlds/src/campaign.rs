//! Rounds of decisions with known truth: who may leave, what each action would do, what experts said, what was logged.
//!
//! An academy's rounds, without its tables: each round brings other subjects with a score, a band, reasons and a value.
//! What a score does not see (`unseen trouble`) is part of the true risk, and staff see some of it; so who was acted on in the
//! past was worse off than scores say. Some of the past was drawn by chance, with the propensity logged.
//!
//! **Truth.** A subject with risk `r` leaves with probability `r (1 - e)` if an action of effect `e` is taken. The risk is
//! a draw of `Beta(s k, (1 - s) k)` around the score `s` with `k =` [`SCORE_CASES`], so that scores are calibrated and
//! imperfect. The effect is that of the action on the family and band, drawn once for a world, more or less by a trait of the
//! subject that no estimate here looks at, and for WhatsApp by who is annoyed by it. Some are below zero.
//! [`Subject::seen_chance`] is the chance to stay averaged over everything that score, family and band do not tell: what an
//! estimate can be held to.
//!
//! **Experts** state a chance for each action that is wrong in three ways: all of them overstate by a factor of the world, each
//! by one of its own, and they know averages only.

mod log;
mod truth;

use domain::{Action, ActionId, Band, Bands, Family, Money, Need, Probability};
use rand::Rng;
use rand_distr::{Beta, Distribution};

use crate::draw::{Stream, chance, generator, logistic, normal, pick};
pub use log::Logged;
use truth::Truth;

/// How many cases a score is worth: the fewer, the more of the risk is unseen.
pub const SCORE_CASES: f64 = 10.0;
/// The chance to stay that experts state actions' chances beside.
pub const CHANCE_NO_ACTION: f64 = 0.10;
/// No risk is below or above this.
const RISKS: [f64; 2] = [0.005, 0.97];
/// What a subject is worth is some multiple of a monthly price around this.
const USUAL_VALUE: f64 = 900.0;

/// A world to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Subjects at risk in each round.
    pub subjects: u32,
    /// The same seed gives the same world.
    pub seed: u64,
    /// The share of past cases that chance assigned.
    pub drawn_share: f64,
}

/// A world of rounds.
#[derive(Clone, Debug)]
pub struct World {
    /// What it was made of.
    pub settings: Settings,
    /// What staff can do, with what experts say of it. Capacities are for one round.
    pub actions: Vec<Action>,
    /// How scores are read.
    pub bands: Bands,
    /// What all actions of a round may cost together.
    pub budget: Money,
    truth: Truth,
}

/// Somebody in a round.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The calibrated score.
    pub score: Probability,
    /// Its band.
    pub band: Band,
    /// Reasons that call for action, the heaviest first.
    pub families: Vec<Family>,
    /// What keeping the subject is worth.
    pub value: Money,
    /// Truth: the probability to leave if left alone.
    pub risk: f64,
    /// Truth: the effect of each action on this subject.
    pub effects: Vec<f64>,
    /// Truth: the mean effect on those of this family and band.
    seen_effects: Vec<f64>,
}

/// An action as the world knows it: name, cost in major units, places for one subject in a round, needs.
struct Plan {
    id: &'static str,
    cost: f64,
    places: f64,
    needs: &'static [&'static str],
}

const PLANS: [Plan; 5] = [
    Plan { id: "mentor_call", cost: 15.0, places: 0.05, needs: &[] },
    Plan { id: "whatsapp_reminder", cost: 1.0, places: 0.13, needs: &[] },
    Plan { id: "payment_reminder", cost: 2.0, places: 0.067, needs: &["payment"] },
    Plan { id: "extra_support", cost: 60.0, places: 0.027, needs: &["homework", "tests", "progress"] },
    Plan { id: "meeting", cost: 40.0, places: 0.017, needs: &[] },
];
/// The position of the action that annoys some.
const WHATSAPP: usize = 1;
/// Costs of a round that are paid for: of a round in which all places are taken, so much.
const BUDGET_SHARE: f64 = 0.8;

/// Main reasons and how common they are.
const FAMILIES: [(usize, f64); 6] = [(0, 4.0), (1, 3.0), (2, 2.0), (3, 1.5), (4, 1.0), (5, 1.5)];
static FAMILY_NAMES: [Family; 6] = [
    Family::named("attendance"),
    Family::named("homework"),
    Family::named("payment"),
    Family::named("tests"),
    Family::named("progress"),
    Family::named("communication"),
];

impl World {
    /// Draws a world.
    pub fn new(settings: Settings) -> Self {
        let mut rng = generator(settings.seed, Stream::Campaign, 0);
        let truth = Truth::draw(&mut rng);
        let overstating = (0.25 + 0.3 * normal(&mut rng)).exp();
        let mut budget = Money::default();
        let mut actions = Vec::with_capacity(PLANS.len());
        for (k, plan) in PLANS.iter().enumerate() {
            let own = (0.25 * normal(&mut rng)).exp();
            let said = truth.mean_effect(k) * overstating * own + 0.05 * normal(&mut rng);
            let effect = said.clamp(0.03, 0.85);
            let capacity = (plan.places * f64::from(settings.subjects)).round().max(1.0);
            let cost = Money::from_major(plan.cost);
            budget = budget + Money::from_major(BUDGET_SHARE * plan.cost * capacity);
            actions.push(Action {
                id: ActionId(plan.id.to_owned()),
                cost,
                capacity: Some(capacity as u32),
                need: match plan.needs {
                    [] => Need::None,
                    needs => Need::Reason(needs.iter().map(|name| Family::named(name)).collect()),
                },
                prior_chance: Probability::clamped(CHANCE_NO_ACTION + (1.0 - CHANCE_NO_ACTION) * effect),
                prior_cases: 20.0,
            });
        }
        let bands = Bands::new(0.15, 0.40).expect("medium is below high");
        Self { settings, actions, bands, budget, truth }
    }

    /// The subjects of a round, the same for the same number.
    pub fn round(&self, round: u32) -> Vec<Subject> {
        let rng = &mut generator(self.settings.seed, Stream::Campaign, 1 + 2 * round);
        (0..self.settings.subjects).map(|_| self.subject(rng)).collect()
    }

    fn subject(&self, rng: &mut rand_chacha::ChaCha8Rng) -> Subject {
        let score = logistic(-1.7 + 1.2 * normal(rng)).clamp(RISKS[0], RISKS[1]);
        let around = Beta::new(score * SCORE_CASES, (1.0 - score) * SCORE_CASES).expect("a score is within 0 and 1");
        let risk = around.sample(rng).clamp(RISKS[0], RISKS[1]);
        let main = pick(rng, &FAMILIES);
        let mut families = vec![FAMILY_NAMES[main].clone()];
        for (k, other) in FAMILY_NAMES.iter().enumerate() {
            if k != main && chance(rng, 0.12) {
                families.push(other.clone());
            }
        }
        let probability = Probability::clamped(score);
        let band = self.bands.band(probability);
        let value = Money::from_major(USUAL_VALUE * (0.4 * normal(rng)).exp());
        // Between -1 and 1, and 0 on average.
        let openness = rng.random_range(-1.0..1.0);
        let is_annoyed = chance(rng, truth::ANNOYED_SHARE);
        let seen_effects: Vec<f64> = (0..PLANS.len()).map(|k| self.truth.effect(k, main, band)).collect();
        let effects = seen_effects
            .iter()
            .enumerate()
            .map(|(k, effect)| effect + self.truth.own_part(k, openness) + truth::annoyance(k, is_annoyed))
            .collect();
        Subject { score: probability, band, families, value, risk, effects, seen_effects }
    }
}

impl Subject {
    /// Truth: the probability to stay if an action is taken, or none.
    pub fn chance(&self, action: Option<usize>) -> f64 {
        1.0 - (self.risk * (1.0 - action.map_or(0.0, |k| self.effects[k]))).clamp(0.0, 1.0)
    }

    /// Truth: the same on average over all who look alike, by score, family and band.
    pub fn seen_chance(&self, action: usize) -> f64 {
        1.0 - (self.score.get() * (1.0 - self.seen_effects[action])).clamp(0.0, 1.0)
    }

    /// Truth: what an action brings, its cost taken off.
    pub fn worth(&self, action: usize, cost: Money) -> Money {
        Money::from_major((self.chance(Some(action)) - self.chance(None)) * self.value.major()) - cost
    }

    /// What an action brings on average to all who look alike, its cost taken off.
    pub fn seen_worth(&self, action: usize, cost: Money) -> Money {
        Money::from_major((self.seen_chance(action) - self.score.complement().get()) * self.value.major()) - cost
    }

    /// Whether the subject's reasons meet what an action needs.
    pub fn meets(&self, need: &Need) -> bool {
        match need {
            Need::None => true,
            Need::Reason(families) => families.iter().any(|family| self.families.contains(family)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(seed: u64) -> World {
        World::new(Settings { subjects: 4000, seed, drawn_share: 0.05 })
    }

    #[test]
    fn scores_are_calibrated_and_imperfect_and_the_seed_decides() {
        let subjects = world(3).round(0);
        assert_eq!(subjects, world(3).round(0));
        assert_ne!(subjects, world(3).round(1));
        let of = |band: Band| subjects.iter().filter(move |subject| subject.band == band);
        for band in Band::ALL {
            let many = of(band).count() as f64;
            let said = of(band).map(|subject| subject.score.get()).sum::<f64>() / many;
            let truly = of(band).map(|subject| subject.risk).sum::<f64>() / many;
            assert!((said - truly).abs() < 0.02, "{band:?}: {said} {truly}");
        }
        assert!(subjects.iter().any(|subject| (subject.score.get() - subject.risk).abs() > 0.2));
    }

    #[test]
    fn effects_differ_and_some_drive_away() {
        let mut harmful = 0;
        for seed in 0..20 {
            let subjects = world(seed).round(0);
            for k in 0..PLANS.len() {
                let mean = |of: &dyn Fn(&Subject) -> f64| subjects.iter().map(of).sum::<f64>() / 4000.0;
                let (seen, truly) = (mean(&|s| s.seen_chance(k)), mean(&|s| s.chance(Some(k))));
                assert!((seen - truly).abs() < 0.02, "seed {seed}, action {k}: {seen} {truly}");
                harmful += subjects.iter().filter(|subject| subject.effects[k] < 0.0).count();
            }
        }
        let share = harmful as f64 / (20.0 * 4000.0 * PLANS.len() as f64);
        assert!((0.02..0.3).contains(&share), "{share}");
    }
}
