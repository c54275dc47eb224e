//! What only a simulator knows: the true probability to leave, and what each action would have done.
//!
//! **Estimand.** For a student who studies at the end of cutoff day `D` in hidden state `s`, the probability still to be
//! there at the end of day `min(D + 30, planned end - 1)`, given the state, the traits and everything done until `D`:
//!
//! - `p_stay_none`: if staff do nothing in these days; `p_stay_<action>`: if they take that one action on day `D`.
//! - `hazard_30d`: the probability to leave while staff go on as they usually do.
//!
//! **Formula.** The hidden state is a Markov chain of 41 states ([`trouble`](super::trouble)), so future noise is
//! integrated out exactly, by backward induction over the days `t = 30 .. 1`:
//!
//! ```text
//! stay(30, s) = 1
//! stay(t - 1, s) = (1 - hazard(D + t, s)) * sum over s' of P(s -> s' on day D + t) * stay(t, s')
//! ```
//!
//! which is what the simulation draws, day by day. Exact but for one thing: what staff will do in these days depends on
//! what they will see, which is not a function of the state alone. `hazard_30d` therefore scales the hazard by its
//! expected relief, a function of severity and days ahead fitted once to simulated students (`USUAL_RELIEF`); over
//! 20,000 students mean `hazard_30d` then agrees with the share who left, within each severity and overall.

use domain::Day;

use super::World;
use super::actions::{Action, CAUSES_AND_CALM, Taken, relief};
use super::groups::Group;
use super::leaving::{before_state, by_state};
use super::rows::Rows;
use super::students::Student;
use super::trouble::{Cause, Trouble, WORST, moves, onsets};

/// Days ahead that the truth speaks of.
pub(super) const HORIZON_DAYS: i32 = 30;

/// How much the usual work of staff takes away from the hazard once it is under way, by severity.
const USUAL_RELIEF: [f64; WORST + 1] = [0.03, 0.06, 0.10, 0.15, 0.20, 0.22, 0.22, 0.22, 0.22];
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
            "{},{},{:.6},{},{},{},{:.6},{call:.6},{whatsapp:.6},{payment:.6},{support:.6},{meeting:.6}",
            student.id,
            truth.cutoff,
            truth.leaves,
            u8::from(left),
            truth.trouble.cause().map_or("none", Cause::as_str),
            truth.trouble.severity,
            truth.stays_if_left_alone,
        ));
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
    // Probability to be there at the horizon, by severity and cause. Severity 0 is calm, the same for every cause.
    let mut stay = [[1.0; Cause::COUNT]; WORST + 1];
    let last = cutoff.plus(HORIZON_DAYS).min(group.planned_end_on.plus(-1));
    for day in (cutoff.0 + 1..=last.0).rev().map(Day) {
        let season = world.calendar.season(day);
        let before = before_state(student, group, season, day);
        let relief: [f64; CAUSES_AND_CALM] =
            std::array::from_fn(|index| relief(&student.receptivity, taken, index, day));
        let under_way = match staff {
            Staff::DoNothing => 0.0,
            Staff::GoOnAsUsual => 1.0 - f64::exp(-f64::from(day.0 - cutoff.0 - 1) / USUAL_DELAY_DAYS),
        };
        let usual = USUAL_RELIEF.map(|relief| 1.0 - relief * under_way);
        let onsets = onsets(&student.proneness, season);
        let falls: f64 = onsets.iter().zip(&stay[1]).map(|(chance, stay)| chance * stay).sum();
        let stays_calm = 1.0 - onsets.iter().sum::<f64>();
        let remains = 1.0 - before * by_state(0, relief[Cause::COUNT] * usual[0]);
        let calm = remains * (stays_calm * stay[0][0] + falls);
        let mut next = [[calm; Cause::COUNT]; WORST + 1];
        for severity in 1..=WORST {
            for cause in 0..Cause::COUNT {
                let relief = relief[cause] * usual[severity];
                let moves = moves(severity, relief);
                let (up, here) = (stay[(severity + 1).min(WORST)][cause], stay[severity][cause]);
                let moved = here + moves.rises * (up - here) + moves.resolves * (stay[0][0] - here);
                next[severity][cause] = (1.0 - before * by_state(severity, relief)) * moved;
            }
        }
        stay = next;
    }
    stay[trouble.severity][trouble.cause.index()]
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
        for (cause, severity) in [(Cause::Money, 6), (Cause::Difficulty, 7)] {
            let trouble = Trouble { cause, severity };
            let taken = [Taken { day: cutoff.plus(-10), action: Action::ExtraSupport }];
            let mut lives = || {
                let mut now = trouble;
                (1..=HORIZON_DAYS).all(|ahead| {
                    let day = cutoff.plus(ahead);
                    let season = world.calendar.season(day);
                    let relief = relief(&student.receptivity, &taken, cause_index(now), day);
                    let leaves = chance_to_leave(&student, &group, season, day, now.severity, relief);
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
