//! The hidden state: at any time a student is calm or in one trouble, with a cause and a severity from 1 to 4, and under
//! a strain that builds up while trouble lasts.
//!
//! Trouble is a Markov chain in days. From calm, a trouble of a cause begins at severity 1, with a chance that depends on
//! the student's traits and the season. It then rises one step at a time, about a step in three weeks, until it is
//! resolved. What staff did recently slows the rise and makes a solution likelier.
//!
//! Strain follows trouble with a delay: `strain' = strain + (depth - strain) / 40`, where the depth of a trouble grows
//! from 0 (calm) to 1 with its severity. Nobody leaves on the first bad day, nor is all well on the first good one: it
//! is strain that drives the hazard of leaving ([`leaving`](super::leaving)), and the last weeks show it well.
//!
//! A trouble takes away from what a student needs in order to study: motivation, money, understanding, time, contact
//! with people. Everything observed depends on these losses, never on the cause itself.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::calendar::Season;

/// Why a student is in trouble: the planted cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Interest is lost: lessons and homework are dropped.
    Motivation,
    /// There is no money: invoices stay open.
    Money,
    /// The course is too hard: low scores, falling behind.
    Difficulty,
    /// A job, exams, an illness, a move: no time, absences with an excuse.
    LifeEvent,
    /// Drifting away from the group and the mentor: messages stay unanswered.
    Silence,
}

/// Where a student is. `severity` 0 is calm, and then `cause` is that of the latest trouble.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Trouble {
    pub(super) cause: Cause,
    pub(super) severity: usize,
    /// From 0 to 1.
    pub(super) strain: f64,
}

/// Chances of one day for someone in trouble.
pub(super) struct Moves {
    /// To the next severity.
    pub(super) rises: f64,
    /// To calm.
    pub(super) resolves: f64,
}

/// What is taken from a student, each from 0 (nothing) to 1 (all of it).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Loss {
    pub(super) motivation: f64,
    pub(super) money: f64,
    pub(super) understanding: f64,
    pub(super) time: f64,
    pub(super) contact: f64,
}

/// The largest severity.
pub(super) const WORST: usize = 4;

/// How much of its full loss a trouble takes, by severity.
pub(super) const DEPTH: [f64; WORST + 1] = [0.0, 0.31, 0.55, 0.78, 1.0];

/// Days in which strain goes most of the way to the depth of the trouble.
pub(super) const STRAIN_DAYS: f64 = 40.0;

/// Strain from which on a trouble that is over still counts as the cause.
const FELT: f64 = 0.15;

/// Daily chance of a trouble that nothing is done about to rise, and to be resolved.
const RISES: f64 = 0.05;
const RESOLVES: f64 = 0.009;

impl Cause {
    /// All causes.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Motivation, Self::Money, Self::Difficulty, Self::LifeEvent, Self::Silence];
    /// How many there are.
    pub const COUNT: usize = 5;

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Motivation => "motivation",
            Self::Money => "money",
            Self::Difficulty => "difficulty",
            Self::LifeEvent => "life_event",
            Self::Silence => "silence",
        }
    }

    pub(super) fn index(self) -> usize {
        self as usize
    }

    /// The loss at the worst severity.
    fn full_loss(self) -> Loss {
        let (motivation, money, understanding, time, contact) = match self {
            Self::Motivation => (1.0, 0.0, 0.1, 0.0, 0.35),
            Self::Money => (0.34, 1.0, 0.0, 0.0, 0.1),
            Self::Difficulty => (0.35, 0.0, 1.0, 0.0, 0.1),
            Self::LifeEvent => (0.25, 0.05, 0.1, 1.0, 0.1),
            Self::Silence => (0.38, 0.0, 0.0, 0.0, 1.0),
        };
        Loss { motivation, money, understanding, time, contact }
    }
}

impl Trouble {
    pub(super) const CALM: Self = Self { cause: Cause::Motivation, severity: 0, strain: 0.0 };

    /// The cause of the trouble, or of the strain that it left; nothing where there is neither.
    pub(super) fn cause(self) -> Option<Cause> {
        (self.severity > 0 || self.strain > FELT).then_some(self.cause)
    }

    pub(super) fn loss(self) -> Loss {
        let (full, depth) = (self.cause.full_loss(), DEPTH[self.severity]);
        Loss {
            motivation: full.motivation * depth,
            money: full.money * depth,
            understanding: full.understanding * depth,
            time: full.time * depth,
            contact: full.contact * depth,
        }
    }
}

/// Where a trouble goes in a day. `relief` is the factor on the hazard by what staff did: below 1 it helps.
pub(super) fn moves(severity: usize, relief: f64) -> Moves {
    let helped = (1.0 + 2.0 * (1.0 - relief)).max(0.3);
    Moves { rises: if severity < WORST { RISES * relief } else { 0.0 }, resolves: RESOLVES * helped * helped }
}

/// Chance of one day that a trouble of each cause begins in a calm student.
pub(super) fn onsets(proneness: &[f64; Cause::COUNT], season: &Season) -> [f64; Cause::COUNT] {
    std::array::from_fn(|cause| proneness[cause] * season.onset[cause])
}

/// The state on the next day.
pub(super) fn step(
    now: Trouble,
    proneness: &[f64; Cause::COUNT],
    season: &Season,
    relief: f64,
    rng: &mut ChaCha8Rng,
) -> Trouble {
    let (cause, severity) = next_severity(now, proneness, season, relief, rng.random());
    Trouble { cause, severity, strain: now.strain + (DEPTH[severity] - now.strain) / STRAIN_DAYS }
}

fn next_severity(
    now: Trouble,
    proneness: &[f64; Cause::COUNT],
    season: &Season,
    relief: f64,
    mut drawn: f64,
) -> (Cause, usize) {
    if now.severity == 0 {
        for (cause, chance) in Cause::ALL.into_iter().zip(onsets(proneness, season)) {
            drawn -= chance;
            if drawn < 0.0 {
                return (cause, 1);
            }
        }
        return (now.cause, 0);
    }
    let moves = moves(now.severity, relief);
    if drawn < moves.resolves {
        (now.cause, 0)
    } else if drawn < moves.resolves + moves.rises {
        (now.cause, now.severity + 1)
    } else {
        (now.cause, now.severity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_takes_most_of_its_own() {
        let own = |cause| {
            let loss = Trouble { severity: WORST, cause, ..Trouble::CALM }.loss();
            [loss.motivation, loss.money, loss.understanding, loss.time, loss.contact]
        };
        for cause in Cause::ALL {
            let losses = own(cause);
            assert_eq!(losses[cause.index()], 1.0);
            assert!(losses.iter().sum::<f64>() < 2.0);
        }
        assert_eq!(Trouble::CALM.loss().motivation, 0.0);
    }

    #[test]
    fn help_turns_the_chain_towards_calm() {
        for severity in 1..=WORST {
            let (alone, helped) = (moves(severity, 1.0), moves(severity, 0.15));
            assert!(helped.rises <= alone.rises && helped.resolves > alone.resolves);
            assert!(helped.resolves + alone.rises < 0.5);
        }
    }
}
