//! What staff do about students: when, what, and what it changes.
//!
//! Once a week the mentor looks at what is visible: lessons missed in a row, open homework, overdue invoices, messages
//! without an answer, a failed test. The more of it, the likelier something is done, and what is done follows the sign
//! that was noticed. So those who are acted on are those in trouble, and a comparison of treated with untreated students
//! is confounded. A quarter of the cases go to a trial: one of the five actions or none is drawn, each with propensity
//! 1/6, and the draw is logged with it (`none` too: without its controls a trial says nothing).
//!
//! An action multiplies the student's daily hazard, and the chance that the trouble rises, by `1 - effect` for three
//! weeks, fading over three more, and makes it likelier that the trouble is resolved. The effect depends on the cause, and on the student: receptivity differs, and some are
//! only annoyed by WhatsApp.

use domain::{Day, Moment, NO_ACTION};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::life::Today;
use super::rows::{Maybe, Rows, Stamp};
use super::trouble::{Cause, Trouble};
use crate::draw::{chance, normal, pick};

/// Something staff do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    MentorCall,
    WhatsappReminder,
    PaymentReminder,
    ExtraSupport,
    Meeting,
}

/// How much of the hazard each action takes away from one student: by action, then by cause, calm last.
pub(super) struct Receptivity([[f64; CAUSES_AND_CALM]; Action::ALL.len()]);

/// An action that was taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) day: Day,
    pub(super) action: Action,
}

/// What a mentor sees when looking at a student.
pub(super) struct Visible {
    pub(super) missed_in_a_row: u32,
    pub(super) homework_open_in_a_row: usize,
    pub(super) overdue_days: i32,
    pub(super) unanswered_in_a_row: u32,
    pub(super) last_test: Option<f64>,
}

/// What was decided about a case; no action is the control arm of the trial.
pub(super) struct Choice {
    pub(super) action: Option<Action>,
    propensity: Option<f64>,
}

/// One student's log of actions.
#[derive(Default)]
pub(super) struct Log {
    logged: u32,
    last_day: Option<Day>,
    pub(super) taken: Vec<Taken>,
}

/// Causes, and after them calm.
pub(super) const CAUSES_AND_CALM: usize = Cause::COUNT + 1;

/// Mean effects: by action, then motivation, money, difficulty, life event, silence, calm.
const EFFECT: [[f64; CAUSES_AND_CALM]; Action::ALL.len()] = [
    [0.60, 0.20, 0.35, 0.30, 0.60, 0.15],
    [0.25, 0.12, 0.12, 0.15, 0.22, 0.05],
    [-0.05, 0.65, -0.03, 0.0, -0.03, -0.02],
    [0.15, 0.05, 0.70, 0.15, 0.10, 0.05],
    [0.45, 0.40, 0.45, 0.45, 0.35, 0.12],
];
const ANNOYED_BY_WHATSAPP: f64 = 0.18;
const ANNOYANCE: f64 = -0.25;
const FULL_DAYS: i32 = 21;
const FADED_DAYS: i32 = 42;
const DAYS_BETWEEN: i32 = 14;
const TRIAL_SHARE: f64 = 0.25;

impl Action {
    pub(super) const ALL: [Self; 5] =
        [Self::MentorCall, Self::WhatsappReminder, Self::PaymentReminder, Self::ExtraSupport, Self::Meeting];

    fn as_str(self) -> &'static str {
        match self {
            Self::MentorCall => "mentor_call",
            Self::WhatsappReminder => "whatsapp_reminder",
            Self::PaymentReminder => "payment_reminder",
            Self::ExtraSupport => "extra_support",
            Self::Meeting => "meeting",
        }
    }

    /// The channel on which the student is written to or called, where the action is a message.
    pub(super) fn channel(self) -> Option<&'static str> {
        match self {
            Self::MentorCall => Some("call"),
            Self::WhatsappReminder | Self::PaymentReminder => Some("whatsapp"),
            Self::ExtraSupport | Self::Meeting => None,
        }
    }
}

impl Receptivity {
    pub(super) fn draw(rng: &mut ChaCha8Rng) -> Self {
        let is_annoyed = chance(rng, ANNOYED_BY_WHATSAPP);
        let mut effects = EFFECT;
        for (action, effects) in Action::ALL.into_iter().zip(&mut effects) {
            let openness = f64::exp(0.3 * normal(rng) - 0.045);
            for effect in effects {
                *effect = (*effect * openness).min(0.85);
                if is_annoyed && action == Action::WhatsappReminder {
                    *effect = ANNOYANCE;
                }
            }
        }
        Self(effects)
    }
}

/// The factor on a student's hazard on `day` by everything that was done, were the student's trouble the one at `index`
/// (see [`cause_index`]): below 1 where it helped.
pub(super) fn relief(receptivity: &Receptivity, taken: &[Taken], index: usize, day: Day) -> f64 {
    let product: f64 = taken
        .iter()
        .map(|taken| 1.0 - receptivity.0[taken.action as usize][index] * strength(day.0 - taken.day.0))
        .product();
    product.clamp(0.15, 1.6)
}

/// Where a state's effects stand: those of its cause, or of calm.
pub(super) fn cause_index(trouble: Trouble) -> usize {
    if trouble.severity > 0 { trouble.cause.index() } else { Cause::COUNT }
}

/// The mentor's weekly look at a student; nothing where nothing is done.
pub(super) fn review(visible: &Visible, diligence: f64, rng: &mut ChaCha8Rng) -> Option<Choice> {
    let mut options = [0.0; Action::ALL.len()];
    let mut signs = 0;
    let mut notice = |is_seen: bool, fitting: [f64; Action::ALL.len()]| {
        if is_seen {
            signs += 1;
            options.iter_mut().zip(fitting).for_each(|(option, fits)| *option += fits);
        }
    };
    notice(visible.missed_in_a_row >= 3, [0.5, 0.35, 0.0, 0.0, 0.15]);
    notice(visible.homework_open_in_a_row >= 4, [0.3, 0.5, 0.0, 0.2, 0.0]);
    notice(visible.overdue_days >= 6, [0.0, 0.1, 0.8, 0.0, 0.1]);
    notice(visible.unanswered_in_a_row >= 3, [0.7, 0.0, 0.0, 0.0, 0.3]);
    notice(visible.last_test.is_some_and(|score| score < 50.0), [0.1, 0.0, 0.0, 0.7, 0.2]);
    if !chance(rng, diligence * 0.5 * f64::from(signs)) {
        return None;
    }
    if chance(rng, TRIAL_SHARE) {
        let arm = rng.random_range(0..=Action::ALL.len());
        #[expect(clippy::cast_precision_loss, reason = "a handful of arms")]
        let arms = (Action::ALL.len() + 1) as f64;
        return Some(Choice { action: Action::ALL.get(arm).copied(), propensity: Some(1.0 / arms) });
    }
    let weighted: Vec<_> = Action::ALL.into_iter().zip(options).collect();
    Some(Choice { action: Some(pick(rng, &weighted)), propensity: None })
}

impl Log {
    /// Whether the last case is long enough ago to look again.
    pub(super) fn is_free(&self, day: Day) -> bool {
        self.last_day.is_none_or(|last| day.0 - last.0 >= DAYS_BETWEEN)
    }

    /// Takes and writes down what was chosen.
    pub(super) fn note(&mut self, today: &Today<'_>, choice: &Choice, acted_at: Moment, rows: &mut Rows) {
        let Today { student, day, end, .. } = *today;
        self.logged += 1;
        self.last_day = Some(day);
        self.taken.retain(|taken| day.0 - taken.day.0 < FADED_DAYS);
        self.taken.extend(choice.action.map(|action| Taken { day, action }));
        if acted_at <= end {
            rows.push(format_args!(
                "{},{},{},{},{},{}",
                student.index * 1000 + self.logged,
                student.id,
                Stamp(acted_at),
                choice.action.map_or(NO_ACTION, Action::as_str),
                choice.propensity.is_some(),
                Maybe(choice.propensity.map(|propensity| format!("{propensity:.4}"))),
            ));
        }
    }
}

/// How much of an effect is in force so many days after the action: nothing on its own day, then all, then fading.
fn strength(days: i32) -> f64 {
    match days {
        ..=0 => 0.0,
        1..=FULL_DAYS => 1.0,
        _ => f64::from((FADED_DAYS - days).max(0)) / f64::from(FADED_DAYS - FULL_DAYS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Stream, generator};

    #[test]
    fn an_effect_lasts_three_weeks_and_fades_over_three() {
        assert_eq!([0, 1, 21, 42, 60].map(strength), [0.0, 1.0, 1.0, 0.0, 0.0]);
        assert!(strength(30) > 0.5 && strength(35) < 0.5);
    }

    #[test]
    fn nothing_visible_nothing_done_and_more_visible_more_done() {
        let mut rng = generator(1, Stream::Student, 0);
        let mut acted = |missed_in_a_row, overdue_days| {
            let visible = Visible {
                missed_in_a_row,
                homework_open_in_a_row: 0,
                overdue_days,
                unanswered_in_a_row: 0,
                last_test: Some(80.0),
            };
            (0..2000).filter(|_| review(&visible, 0.5, &mut rng).is_some()).count()
        };
        let (none, one, both) = (acted(0, 0), acted(3, 0), acted(3, 20));
        assert_eq!(none, 0);
        assert!(one > 400 && both > one + 300, "{one} {both}");
    }

    #[test]
    fn whatsapp_annoys_some() {
        let mut rng = generator(1, Stream::Student, 1);
        let whatsapp = [Taken { day: Day(0), action: Action::WhatsappReminder }];
        let factors: Vec<_> = (0..1000).map(|_| relief(&Receptivity::draw(&mut rng), &whatsapp, 0, Day(5))).collect();
        let annoyed = factors.iter().filter(|&&factor| factor > 1.0).count();
        assert!((120..250).contains(&annoyed), "{annoyed}");
        assert!(factors.iter().sum::<f64>() / 1000.0 < 0.95);
    }
}
