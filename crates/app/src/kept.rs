//! What acting brought, by the part of the log in which chance had a say.
//!
//! **Estimand.** The share who stay of those who were acted on as decided, less the share of the same kind of subjects who
//! would have stayed with nothing done.
//!
//! **Formula.** The first is the mean over cases with an action; the second the doubly robust value of doing nothing
//! ([`decide::off_policy`]), with the score as its model. Whether anything was done did not depend on the subject but by its
//! propensity, so that both speak of the same subjects. The interval is that of two independent means.

use decide::LoggedOutcome;
use decide::off_policy::{self, Logged};
use domain::Probability;
use narrate::{Message, Narrator};
use serde::Serialize;

/// Cases that either side takes: with fewer the interval would be wider than any effect.
const NEEDED: usize = 30;
/// Half the width of a 90% interval, in standard errors.
const HALF_WIDTH: f64 = 1.644_853_626_951_472_2;

/// What is known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kept {
    /// It was measured.
    Measured {
        /// Cases in which chance had a say.
        cases: usize,
        /// Of them with nothing done.
        controls: usize,
        /// Share who stayed with an action.
        with: f64,
        /// Share who would have stayed without.
        without: f64,
        /// The difference with its 90% interval.
        difference: [f64; 3],
    },
    /// There are too few cases.
    TooFew {
        /// With an action.
        acted: usize,
        /// Without.
        controls: usize,
        /// How many it takes of either.
        needed: usize,
    },
}

/// Measures it on a log; nothing where chance had no say in anything.
pub(crate) fn kept(log: &[LoggedOutcome]) -> Option<Kept> {
    let drawn: Vec<(&LoggedOutcome, f64)> = log
        .iter()
        .filter(|case| case.randomised)
        .filter_map(|case| Some((case, case.propensity.map(Probability::get).filter(|&chance| chance > 0.0)?)))
        .collect();
    if drawn.is_empty() {
        return None;
    }
    let stayed = |case: &LoggedOutcome| f64::from(u8::from(case.stayed));
    let acted: Vec<f64> =
        drawn.iter().filter(|(case, _)| case.action.is_some()).map(|(case, _)| stayed(case)).collect();
    let controls = drawn.len() - acted.len();
    if acted.len() < NEEDED || controls < NEEDED {
        return Some(Kept::TooFew { acted: acted.len(), controls, needed: NEEDED });
    }
    let as_nothing = |&(case, propensity): &(&LoggedOutcome, f64)| Logged {
        reward: stayed(case),
        propensity,
        policy: if case.action.is_none() { 1.0 } else { 0.0 },
        // Only what was not acted on is weighed by it.
        model: 1.0 - case.risk.get(),
        model_of_policy: 1.0 - case.risk.get(),
    };
    let nothing = off_policy::value(&drawn.iter().map(as_nothing).collect::<Vec<_>>())?.dr;
    let with = acted.iter().sum::<f64>() / acted.len() as f64;
    let error = (with * (1.0 - with) / acted.len() as f64).sqrt();
    let half = HALF_WIDTH * error.hypot((nothing.high - nothing.low) / (2.0 * HALF_WIDTH));
    let difference = with - nothing.value;
    Some(Kept::Measured {
        cases: drawn.len(),
        controls,
        with,
        without: nothing.value,
        difference: [difference, difference - half, difference + half],
    })
}

impl Kept {
    /// In a sentence.
    pub(crate) fn sentence(&self, words: &Narrator) -> String {
        match *self {
            Self::Measured { cases, controls, with, without, difference } => {
                let percent = |share: f64| words.percent(Probability::clamped(share));
                let [points, low, high] = difference.map(|share| words.number((1000.0 * share).round() / 10.0));
                let values = [
                    ("cases", cases.into()),
                    ("controls", controls.into()),
                    ("with", percent(with).into()),
                    ("without", percent(without).into()),
                    ("difference", points.into()),
                    ("low", low.into()),
                    ("high", high.into()),
                ];
                words.tell(Message::Kept, values)
            }
            Self::TooFew { acted, controls, needed } => {
                let values = [
                    ("cases", (acted + controls).into()),
                    ("controls", controls.into()),
                    ("acted", acted.into()),
                    ("needed", needed.into()),
                ];
                words.tell(Message::KeptUnknown, values)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{ActionId, Band};

    use super::*;

    fn cases(action: Option<&str>, propensity: f64, stayed: usize, left: usize) -> Vec<LoggedOutcome> {
        (0..stayed + left)
            .map(|k| LoggedOutcome {
                action: action.map(|id| ActionId(id.to_owned())),
                family: None,
                band: Band::High,
                risk: Probability::clamped(0.6),
                stayed: k < stayed,
                randomised: true,
                propensity: Probability::new(propensity),
            })
            .collect()
    }

    #[test]
    fn the_difference_is_that_of_the_two_shares() {
        let log = [cases(Some("call"), 0.9, 480, 420), cases(None, 0.1, 40, 60)].concat();
        let Some(Kept::Measured { cases, controls, with, without, difference }) = kept(&log) else {
            panic!("there are enough")
        };
        assert_eq!((cases, controls), (1000, 100));
        assert!((with - 480.0 / 900.0).abs() < 1e-12 && (without - 0.4).abs() < 1e-9, "{with} {without}");
        assert!(difference[1] < difference[0] && difference[0] < difference[2] && difference[1] > 0.0);
    }

    #[test]
    fn too_few_are_counted_and_none_say_nothing() {
        let few = kept(&[cases(Some("call"), 0.9, 50, 40), cases(None, 0.1, 4, 6)].concat());
        assert_eq!(few, Some(Kept::TooFew { acted: 90, controls: 10, needed: 30 }));
        let mut chosen = cases(Some("call"), 1.0, 5, 5);
        chosen.iter_mut().for_each(|case| case.randomised = false);
        assert_eq!(kept(&chosen), None);
    }
}
