//! One world: what each way to choose is worth after so many rounds, and how often intervals hold the truth.

use std::time::Instant;

use anyhow::{Result, ensure};
use decide::{Estimates, LoggedOutcome, Policy};
use domain::{Band, Probability};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use worlds::campaign::{CHANCE_NO_ACTION, Settings, Subject, World};

use crate::Size;
use crate::policies::{self, Choice};

/// After how many past rounds it is looked.
pub(crate) const ROUNDS: [u32; 4] = [0, 1, 4, 12];
/// The round in which decisions are made; no past round has this number.
const NOW: u32 = 1000;
/// Shares of what the one who knows everything gets.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    /// What the oracle's choice is worth.
    pub(crate) oracle: f64,
    /// What the best choice by true effects of family and band, but by the score alone, is worth.
    pub(crate) seen: f64,
    pub(crate) by_risk: f64,
    pub(crate) random: f64,
    pub(crate) always_call: f64,
    /// After so many rounds.
    pub(crate) after: Vec<After>,
}

#[derive(Clone, Debug)]
pub(crate) struct After {
    pub(crate) value: f64,
    pub(crate) cases: usize,
    pub(crate) drawn: usize,
    pub(crate) seconds: f64,
    /// By action.
    pub(crate) coverage: Vec<Coverage>,
}

/// How intervals of chances stand to the truth, summed over subjects whom the action fits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Coverage {
    pub(crate) subjects: f64,
    /// The truth of those who look alike is inside, below, above.
    pub(crate) inside: f64,
    pub(crate) below: f64,
    pub(crate) above: f64,
    /// The subject's own truth is inside.
    pub(crate) own_inside: f64,
    /// Sum of what was said less the truth, and of widths.
    pub(crate) error: f64,
    pub(crate) width: f64,
}

pub(crate) fn measure(size: Size, first_seed: u64, drawn_share: f64) -> Result<Vec<Measured>> {
    let seeds: Vec<u64> = (first_seed..first_seed + size.worlds).collect();
    seeds.into_par_iter().map(|seed| world(size.subjects, seed, drawn_share)).collect()
}

fn world(subjects: u32, seed: u64, drawn_share: f64) -> Result<Measured> {
    let world = World::new(Settings { subjects, seed, drawn_share });
    let now = world.round(NOW);
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let value = |name: &str, choice: Choice| -> Result<f64> {
        let is_broken = policies::breaks_limits(&world, &choice);
        ensure!(!is_broken, "world {seed}, {name}: more was done than there are places or money");
        Ok(policies::value(&world, &now, &choice))
    };
    let mut after = Vec::with_capacity(ROUNDS.len());
    let mut log: Vec<LoggedOutcome> = Vec::new();
    let mut round = 0;
    for rounds in ROUNDS {
        while round < rounds {
            log.extend(outcomes(&world, round));
            round += 1;
        }
        let policy = Policy::new(world.actions.clone(), Probability::clamped(CHANCE_NO_ACTION))?;
        let clock = Instant::now();
        let estimates = Estimates::from_log(policy, &log);
        let seconds = clock.elapsed().as_secs_f64();
        after.push(After {
            value: value("ours", policies::ours(&world, &estimates, &now))?,
            cases: log.len(),
            drawn: log.iter().filter(|case| case.randomised).count(),
            seconds,
            coverage: coverage(&world, &estimates, &now),
        });
    }
    Ok(Measured {
        oracle: value("the oracle", policies::best(&world, &now, Subject::worth))?,
        seen: value("what can be seen", policies::best(&world, &now, Subject::seen_worth))?,
        by_risk: value("by risk", policies::by_risk(&world, &now))?,
        random: value("random", policies::random(&world, &now, rng))?,
        always_call: value("always call", policies::always_call(&world, &now))?,
        after,
    })
}

/// A past round as the program reads it.
fn outcomes(world: &World, round: u32) -> Vec<LoggedOutcome> {
    let subjects = world.round(round);
    let outcome = |logged: worlds::campaign::Logged| {
        let subject = &subjects[logged.subject];
        LoggedOutcome {
            action: logged.action.map(|k| world.actions[k].id.clone()),
            family: subject.families.first().cloned(),
            band: subject.band,
            risk: subject.score,
            stayed: logged.stayed,
            randomised: logged.randomised,
            propensity: logged.propensity.and_then(Probability::new),
        }
    };
    world.past(round, &subjects).into_iter().map(outcome).collect()
}

fn coverage(world: &World, estimates: &Estimates, subjects: &[Subject]) -> Vec<Coverage> {
    let mut coverage = vec![Coverage::default(); world.actions.len()];
    for subject in subjects.iter().filter(|subject| subject.band != Band::Low) {
        let effects = estimates.effects(subject.families.first(), subject.band);
        for (k, action) in world.actions.iter().enumerate() {
            if !subject.meets(&action.need) {
                continue;
            }
            let said = effects[k].chance(subject.score);
            let (low, high) = (said.low.get(), said.high.get());
            let (alike, own) = (subject.seen_chance(k), subject.chance(Some(k)));
            let one = |is: bool| if is { 1.0 } else { 0.0 };
            let sums = &mut coverage[k];
            sums.subjects += 1.0;
            sums.inside += one((low..=high).contains(&alike));
            sums.below += one(alike < low);
            sums.above += one(alike > high);
            sums.own_inside += one((low..=high).contains(&own));
            sums.error += said.mean.get() - alike;
            sums.width += high - low;
        }
    }
    coverage
}
