//! What was done in past rounds and how it ended: a little by chance, most by staff who saw more than the score.

use domain::Band;
use rand::Rng;

use super::{PLANS, Subject, World};
use crate::draw::{Stream, chance, generator, normal, pick};

/// How much of the unseen trouble staff see.
const SEEN_BY_STAFF: f64 = 0.7;
/// How unsure their look is, in log-odds.
const LOOK_NOISE: f64 = 0.5;
/// Which actions staff like, in the order of the plans; what does not fit is never taken.
const LIKED: [f64; PLANS.len()] = [4.0, 4.0, 5.0, 3.0, 1.0];

/// Something that was done to a subject of a round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logged {
    /// Position of the subject in its round.
    pub subject: usize,
    /// Position of the action; nothing for a control.
    pub action: Option<usize>,
    /// Whether the subject stayed.
    pub stayed: bool,
    /// Whether chance assigned it.
    pub randomised: bool,
    /// With what probability, where chance did.
    pub propensity: Option<f64>,
}

impl World {
    /// What was done in a past round.
    ///
    /// Of those at medium or high risk a share is drawn: an action that fits, or none, each with the same probability. Staff
    /// go through the others by what they see, those in most trouble first, until no places are left. Those whom nobody acted
    /// on are not in a log.
    pub fn past(&self, round: u32, subjects: &[Subject]) -> Vec<Logged> {
        let rng = &mut generator(self.settings.seed, Stream::Campaign, 2 + 2 * round);
        let mut logged = Vec::new();
        let mut seen: Vec<(f64, usize)> = Vec::new();
        let mut log = |rng: &mut rand_chacha::ChaCha8Rng, subject: usize, action, propensity: Option<f64>| {
            let stayed = chance(rng, subjects[subject].chance(action));
            logged.push(Logged { subject, action, stayed, randomised: propensity.is_some(), propensity });
        };
        for (at, subject) in subjects.iter().enumerate() {
            if subject.band == Band::Low {
                continue;
            }
            if chance(rng, self.settings.drawn_share) {
                let fitting: Vec<usize> = self.fitting(subject).collect();
                let arm = rng.random_range(0..=fitting.len());
                log(rng, at, fitting.get(arm).copied(), Some(1.0 / (fitting.len() + 1) as f64));
                continue;
            }
            let log_odds = |risk: f64| (risk / (1.0 - risk)).ln();
            let (scored, truly) = (log_odds(subject.score.get()), log_odds(subject.risk));
            seen.push((scored + SEEN_BY_STAFF * (truly - scored) + LOOK_NOISE * normal(rng), at));
        }
        seen.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut left: Vec<u32> = self.actions.iter().map(|action| action.capacity.unwrap_or(u32::MAX)).collect();
        for (_, at) in seen {
            let options: Vec<(usize, f64)> =
                self.fitting(&subjects[at]).filter(|&k| left[k] > 0).map(|k| (k, LIKED[k])).collect();
            if options.is_empty() {
                continue;
            }
            let action = pick(rng, &options);
            left[action] -= 1;
            log(rng, at, Some(action), None);
        }
        logged
    }

    fn fitting<'a>(&'a self, subject: &'a Subject) -> impl Iterator<Item = usize> + 'a {
        (0..self.actions.len()).filter(|&k| subject.meets(&self.actions[k].need))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;

    #[test]
    fn staff_act_on_those_worse_off_than_their_score_and_chance_does_not() {
        let world = World::new(Settings { subjects: 20_000, seed: 11, drawn_share: 0.1 });
        let subjects = world.round(0);
        let log = world.past(0, &subjects);
        let unseen = |of: &dyn Fn(&Logged) -> bool| {
            let cases: Vec<&Logged> = log.iter().filter(|case| of(case)).collect();
            let sum: f64 = cases.iter().map(|c| subjects[c.subject].risk - subjects[c.subject].score.get()).sum();
            (sum / cases.len() as f64, cases.len())
        };
        let ((drawn, many), (chosen, _)) = (unseen(&|case| case.randomised), unseen(&|case| !case.randomised));
        assert!(many > 300 && drawn.abs() < 0.02 && chosen > 0.03, "{many} {drawn} {chosen}");
        for (k, action) in world.actions.iter().enumerate() {
            let taken = log.iter().filter(|case| case.action == Some(k) && !case.randomised).count();
            assert!(taken <= action.capacity.expect("every action has places") as usize);
        }
        assert!(log.iter().all(|case| subjects[case.subject].band != Band::Low));
    }
}
