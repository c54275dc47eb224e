//! Persuadable, sure thing, lost cause, do-not-disturb: what a subject does with an action and without it.
//!
//! **Estimand.** With `Y0` and `Y1` whether a subject stays without the action and with it, the probabilities of the four
//! pairs: persuadable `(0, 1)`, sure thing `(1, 1)`, lost cause `(0, 0)`, do-not-disturb `(1, 0)`.
//!
//! **Formula.** Data only tell the margins `P(Y0 = 0) = p` and `P(Y1 = 0) = p (1 - e)`, not the pairs. Of all pairs that
//! have these margins we state those with the fewest who change: an action moves whoever it moves in one direction
//! (monotone coupling; Pearl 1999, Probabilities of causation; Tian and Pearl 2000, bounds are met with equality). Given
//! `e` that is
//!
//! ```text
//! persuadable    = p e+          e+ = max(e, 0)
//! do-not-disturb = p e-          e- = max(-e, 0), at most 1 - p in all
//! lost cause     = p (1 - e+)
//! sure thing     = 1 - p - do-not-disturb
//! ```
//!
//! and what is told is its mean over what is known of `e`: a normal distribution with the effect's mean and the width of
//! its 90% interval where that reaches below zero, so that there is a chance that the action harms; where it does not,
//! `e+ = e`.
//!
//! **Assumptions.** Within one subject no action both persuades and drives away: with both, there would be more of either,
//! by the same number, and no experiment could tell. Persuadable and do-not-disturb are therefore the least they can be.

use domain::{Classes, Probability};

use crate::chance::Effect;

/// Half the width of a 90% interval of a normal distribution, in standard deviations.
const HALF_WIDTH: f64 = 1.644_853_626_951_472_2;

/// The classes of a subject that would leave with probability `risk`, for an action with this effect.
pub fn classes(risk: Probability, effect: &Effect) -> Classes {
    let risk = risk.get();
    let (helps, harms) = split(effect);
    let persuadable = risk * helps.min(1.0);
    let do_not_disturb = (risk * harms).min(1.0 - risk);
    Classes { persuadable, sure_thing: 1.0 - risk - do_not_disturb, lost_cause: risk - persuadable, do_not_disturb }
}

/// The classes of a subject whom nobody does anything about.
pub(crate) fn left_alone(risk: Probability) -> Classes {
    Classes { sure_thing: 1.0 - risk.get(), lost_cause: risk.get(), ..Classes::default() }
}

/// The means of `e+` and `e-`.
fn split(effect: &Effect) -> (f64, f64) {
    let (mean, sd) = (effect.mean, (effect.high - effect.low) / (2.0 * HALF_WIDTH));
    if effect.low >= 0.0 || sd <= 0.0 {
        return (mean.max(0.0), (-mean).max(0.0));
    }
    let z = mean / sd;
    let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let helps = (mean * normal_below(z) + sd * density).max(0.0);
    (helps, (helps - mean).max(0.0))
}

/// The standard normal distribution function, by the error function's expansion 7.1.26 of Abramowitz and Stegun (1964),
/// off by less than 1e-7: shares of subjects are told in per cent.
fn normal_below(z: f64) -> f64 {
    let x = z.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let series =
        t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    let tail = 0.5 * series * (-x * x).exp();
    if z >= 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests {
    use domain::{Class, Evidence};
    use proptest::prelude::*;

    use super::*;

    fn effect(mean: f64, low: f64, high: f64) -> Effect {
        Effect { mean, low, high, evidence: Evidence::Prior }
    }

    #[test]
    fn an_action_that_cannot_harm_persuades_its_share_of_leavers() {
        let of = classes(Probability::clamped(0.4), &effect(0.5, 0.2, 0.8));
        assert_eq!(of, Classes { persuadable: 0.2, sure_thing: 0.6, lost_cause: 0.2, do_not_disturb: 0.0 });
        assert_eq!(of.likeliest(), Class::SureThing);
    }

    #[test]
    fn an_action_that_may_harm_drives_some_away() {
        // Half of a normal distribution lies on either side of its mean, at a distance of sd / sqrt(2 pi) in the mean.
        let of = classes(Probability::clamped(0.5), &effect(0.0, -HALF_WIDTH * 0.2, HALF_WIDTH * 0.2));
        assert!((of.do_not_disturb - 0.5 * 0.2 * 0.398_942_28).abs() < 1e-6, "{of:?}");
        assert!((of.persuadable - of.do_not_disturb).abs() < 1e-6);
        let harmful = classes(Probability::clamped(0.5), &effect(-0.4, -0.45, -0.35));
        assert!((harmful.do_not_disturb - 0.2).abs() < 1e-6 && harmful.persuadable < 1e-6);
    }

    proptest! {
        #[test]
        fn the_four_are_probabilities_with_the_right_margins(
            risk in 0.0..=1.0f64, mean in -1.0..1.0f64, below in 0.0..1.0f64, above in 0.0..1.0f64,
        ) {
            let of = classes(Probability::clamped(risk), &effect(mean, mean - below, mean + above));
            prop_assert!(of.all().iter().all(|(_, p)| (-1e-9..=1.0 + 1e-9).contains(p)), "{:?}", of);
            prop_assert!((of.all().iter().map(|(_, p)| p).sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!((of.persuadable + of.lost_cause - risk).abs() < 1e-9);
            // Who leaves with the action: `p (1 - e)` where that is a probability.
            let leaves = of.lost_cause + of.do_not_disturb;
            prop_assert!((leaves - risk * (1.0 - mean)).abs() < 1e-6 || of.sure_thing < 1e-9 || of.lost_cause < 1e-9);
        }
    }
}
