//! What only a simulator knows: the true probability to leave, and what each action would have done.
//!
//! **Estimand.** For a student who studies at the end of cutoff day `D` in hidden state `s`, the probability still to be
//! there at the end of day `min(D + 30, planned end - 1)`, given the state, the traits and everything done until `D`:
//!
//! - `p_stay_none`: if staff do nothing in these days; `p_stay_<action>`: if they take that one action on day `D`.
//! - `hazard_30d`: the probability to leave while staff go on as they usually do.
//!
//! **Formula.** Trouble is a Markov chain of 21 states, strain a linear function of its path
//! ([`trouble`](super::trouble)). Going forward day by day, three numbers are kept for every state: the probability to be
//! there, in it, and the first two moments of the strain of those who are. Each day they are reduced by the hazard, moved
//! along the chain, and the strain moves towards the depth of the new state. The hazard of a state is a mean over the
//! strains in it, taken as normal:
//!
//! ```text
//! mean of exp(k * strain) = exp(k * m + k^2 * v / 2),   m, v: mean and variance of the strain in the state
//! ```
//!
//! That is the one approximation in `p_stay_*`; living a life 20,000 times over agrees with it (see the test). In
//! `hazard_30d` there is a second: what staff will do depends on what they will see, which is more than the state. The
//! hazard is scaled by its expected relief, a function of severity and days ahead that was fitted once to simulated
//! students (`USUAL_RELIEF`).
//!
//! The columns `cause` (the planted one), `severity` (0 to 4) and `strain` (0 to 1) are the hidden state at the cutoff.

use domain::Day;

use super::World;
use super::actions::{Action, Taken, relief};
use super::groups::Group;
use super::leaving::{STEEPNESS, before_state};
use super::rows::Rows;
use super::students::Student;
use super::trouble::{Cause, DEPTH, STRAIN_DAYS, Trouble, WORST, moves, onsets};

/// Days ahead that the truth speaks of.
pub(super) const HORIZON_DAYS: i32 = 30;

/// How much the usual work of staff takes away from the hazard once it is under way, by severity.
const USUAL_RELIEF: [f64; WORST + 1] = [0.05, 0.10, 0.20, 0.22, 0.22];
/// Days until it is.
const USUAL_DELAY_DAYS: f64 = 12.0;

/// The truth about one student at one cutoff; whether the student left is known later.
pub(super) struct Truth {
    cutoff: Day,
    trouble: Trouble,
    leaves: f64,
    stays_if_left_alone: f64,
    stays_by_action: [f64; Action::ALL.len()],
}

/// Whether staff do anything after the cutoff.
#[derive(Clone, Copy)]
enum Staff {
    DoNothing,
    GoOnAsUsual,
}

/// Looks at a student at the end of `cutoff`.
pub(super) fn observe(
    world: &World,
    group: &Group,
    student: &Student,
    cutoff: Day,
    trouble: Trouble,
    taken: &[Taken],
) -> Truth {
    let stays = |taken: &[Taken], staff| stay(world, group, student, cutoff, trouble, taken, staff);
    let stays_by_action = Action::ALL.map(|action| {
        let with: Vec<_> = taken.iter().copied().chain([Taken { day: cutoff, action }]).collect();
        stays(&with, Staff::DoNothing)
    });
    Truth {
        cutoff,
        trouble,
        leaves: 1.0 - stays(taken, Staff::GoOnAsUsual),
        stays_if_left_alone: stays(taken, Staff::DoNothing),
        stays_by_action,
    }
}

/// Writes the rows of one student.
pub(super) fn write(student: &Student, truths: &[Truth], left_on: Option<Day>, rows: &mut Rows) {
    for truth in truths {
        let ahead = left_on.map(|left| left.0 - truth.cutoff.0);
        let left = ahead.is_some_and(|days| (1..=HORIZON_DAYS).contains(&days));
        let [call, whatsapp, payment, support, meeting] = truth.stays_by_action;
        rows.push(format_args!(
            "{},{},{:.6},{},{},{},{:.4},{:.6},{call:.6},{whatsapp:.6},{payment:.6},{support:.6},{meeting:.6}",
            student.id,
            truth.cutoff,
            truth.leaves,
            u8::from(left),
            truth.trouble.cause().map_or("none", Cause::as_str),
            truth.trouble.severity,
            truth.trouble.strain,
            truth.stays_if_left_alone,
        ));
    }
}

/// Those who are in one state of the chain.
#[derive(Clone, Copy, Default)]
struct Share {
    /// Probability to be there, in this state.
    here: f64,
    /// The same, times strain.
    strain: f64,
    /// The same, times squared strain.
    squared: f64,
}

impl Share {
    /// Mean of `exp(STEEPNESS * strain)` over them.
    fn strain_factor(self) -> f64 {
        let mean = self.strain / self.here;
        let variance = (self.squared / self.here - mean * mean).max(0.0);
        f64::exp(STEEPNESS * mean + 0.5 * STEEPNESS * STEEPNESS * variance)
    }

    fn times(self, factor: f64) -> Self {
        Self { here: self.here * factor, strain: self.strain * factor, squared: self.squared * factor }
    }

    fn add(&mut self, other: Self) {
        self.here += other.here;
        self.strain += other.strain;
        self.squared += other.squared;
    }

    /// After strain has moved towards `depth` for a day.
    fn strained(self, depth: f64) -> Self {
        let (keeps, gains) = (1.0 - 1.0 / STRAIN_DAYS, depth / STRAIN_DAYS);
        Self {
            here: self.here,
            strain: keeps * self.strain + gains * self.here,
            squared: keeps * keeps * self.squared + 2.0 * keeps * gains * self.strain + gains * gains * self.here,
        }
    }
}

fn stay(
    world: &World,
    group: &Group,
    student: &Student,
    cutoff: Day,
    trouble: Trouble,
    taken: &[Taken],
    staff: Staff,
) -> f64 {
    let start = Share { here: 1.0, strain: trouble.strain, squared: trouble.strain * trouble.strain };
    let mut calm = Share::default();
    // By cause and severity; severity 0 is `calm`, whatever the cause.
    let mut troubled = [[Share::default(); WORST + 1]; Cause::COUNT];
    *(if trouble.severity == 0 { &mut calm } else { &mut troubled[trouble.cause.index()][trouble.severity] }) = start;
    let last = cutoff.plus(HORIZON_DAYS).min(group.planned_end_on.plus(-1));
    for day in (cutoff.0 + 1..=last.0).map(Day) {
        let season = world.calendar.season(day);
        let before = before_state(student, group, season, day);
        let under_way = match staff {
            Staff::DoNothing => 0.0,
            Staff::GoOnAsUsual => 1.0 - f64::exp(-f64::from(day.0 - cutoff.0 - 1) / USUAL_DELAY_DAYS),
        };
        let survivors = |share: Share, relief: f64| share.times(1.0 - before * share.strain_factor() * relief);
        let mut next_calm = Share::default();
        let mut next = [[Share::default(); WORST + 1]; Cause::COUNT];
        if calm.here > 0.0 {
            let usual = 1.0 - USUAL_RELIEF[0] * under_way;
            let stays = survivors(calm, usual * relief(&student.receptivity, taken, Cause::COUNT, day));
            let onsets = onsets(&student.proneness, season);
            for (next, onset) in next.iter_mut().zip(onsets) {
                next[1] = stays.times(onset);
            }
            next_calm = stays.times(1.0 - onsets.iter().sum::<f64>());
        }
        for cause in 0..Cause::COUNT {
            let relief = relief(&student.receptivity, taken, cause, day);
            for severity in (1..=WORST).filter(|&severity| troubled[cause][severity].here > 0.0) {
                let relief = relief * (1.0 - USUAL_RELIEF[severity] * under_way);
                let stays = survivors(troubled[cause][severity], relief);
                let moves = moves(severity, relief);
                next_calm.add(stays.times(moves.resolves));
                next[cause][(severity + 1).min(WORST)].add(stays.times(moves.rises));
                next[cause][severity].add(stays.times(1.0 - moves.resolves - moves.rises));
            }
        }
        calm = next_calm.strained(DEPTH[0]);
        troubled = next;
        for shares in &mut troubled {
            for (share, depth) in shares.iter_mut().zip(DEPTH) {
                *share = share.strained(depth);
            }
        }
    }
    calm.here + troubled.iter().flatten().map(|share| share.here).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::academy::actions::cause_index;
    use crate::academy::{Settings, leaving::chance_to_leave, students, trouble::step};
    use crate::draw::{Stream, chance, generator};

    #[test]
    fn backward_induction_agrees_with_living_it_many_times() {
        let world = World::new(&Settings::new(300, 5));
        let group = world.roster.group(&world.settings, 0);
        let mut rng = generator(5, Stream::Student, 0);
        let student = students::draw(0, &group, &mut rng);
        let cutoff = group.started_on.plus(20);
        for (cause, severity, strain) in [(Cause::Money, 3, 0.6), (Cause::Difficulty, 1, 0.2), (Cause::Silence, 0, 0.8)]
        {
            let trouble = Trouble { cause, severity, strain };
            let taken = [Taken { day: cutoff.plus(-10), action: Action::ExtraSupport }];
            let mut lives = || {
                let mut now = trouble;
                (1..=HORIZON_DAYS).all(|ahead| {
                    let day = cutoff.plus(ahead);
                    let season = world.calendar.season(day);
                    let relief = relief(&student.receptivity, &taken, cause_index(now), day);
                    let leaves = chance_to_leave(&student, &group, season, day, now.strain, relief);
                    let stays = !chance(&mut rng, leaves);
                    now = step(now, &student.proneness, season, relief, &mut rng);
                    stays
                })
            };
            let lived = f64::from((0..20_000).map(|_| u32::from(lives())).sum::<u32>()) / 20_000.0;
            let expected = stay(&world, &group, &student, cutoff, trouble, &taken, Staff::DoNothing);
            assert!((lived - expected).abs() < 0.012, "{cause:?}: {lived} {expected}");
        }
    }
}
