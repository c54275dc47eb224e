//! How likely those whom staff look at leave when nothing is done, measured on the trial's control arm.
//!
//! A score is made at a cutoff, for everyone. Staff act days later and on those in whom they see trouble, so that the risk
//! of whoever gets an action is higher than the score says, by the same cause for every arm of a trial. Its controls show
//! by how much.
//!
//! **Estimand.** The shift `d` of the log-odds to leave, so that a subject of a case with score `p` leaves without action
//! with probability `sigmoid(logit p + d)`.
//!
//! **Formula.** `d ~ N(0, PRIOR_SD^2)`, and every control is a coin with that probability. The posterior is taken as normal
//! around its mode (Laplace); the log-posterior is concave, and Newton finds the mode. Effects are averaged over `d` by
//! Gauss-Hermite quadrature, so that few controls widen their intervals. Treated cases do not update `d`: a cut, as
//! effects of zero or more would pull it (Plummer 2015, Cuts in Bayesian graphical models, Statistics and Computing 25).
//!
//! **Assumptions.** One shift for all scores. Controls are counted by the arm they were given, whatever was done to them
//! afterwards (intention to treat).

use crate::chance::WeighedCase;

/// Prior standard deviation of the shift: odds seven times as high or low would surprise.
const PRIOR_SD: f64 = 1.0;
/// Newton's steps at most; five are usual.
const STEPS: usize = 50;

/// Gauss-Hermite nodes and weights for a standard normal distribution, exact for polynomials up to degree 9.
const NODES: [(f64, f64); 5] = [
    (-2.856_970_013_872_806, 0.011_257_411_327_720_7),
    (-1.355_626_179_974_266, 0.222_075_922_005_612_7),
    (0.0, 0.533_333_333_333_333_3),
    (1.355_626_179_974_266, 0.222_075_922_005_612_7),
    (2.856_970_013_872_806, 0.011_257_411_327_720_7),
];

/// What controls say of the risk without action.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Baseline {
    mean: f64,
    sd: f64,
}

impl Baseline {
    /// Nothing where there are no controls: then the score is taken at its word.
    pub(crate) fn of_controls(controls: &[WeighedCase]) -> Option<Self> {
        if controls.is_empty() {
            return None;
        }
        let precision = PRIOR_SD.powi(-2);
        let (mut mean, mut curvature) = (0.0, precision);
        for _ in 0..STEPS {
            let mut slope = -precision * mean;
            curvature = precision;
            for case in controls {
                let risk = shifted(case.risk, mean);
                let leaves = if case.stayed { 0.0 } else { 1.0 };
                slope += case.weight * (leaves - risk);
                curvature += case.weight * risk * (1.0 - risk);
            }
            // Far from the mode the curve is flat and a whole step would overshoot.
            let step = (slope / curvature).clamp(-1.0, 1.0);
            mean += step;
            if step.abs() < 1e-10 {
                break;
            }
        }
        Some(Self { mean, sd: curvature.powf(-0.5) })
    }

    /// Shifts to average over, with weights that sum to one.
    pub(crate) fn shifts(baseline: Option<&Self>) -> Vec<(f64, f64)> {
        match baseline {
            Some(Self { mean, sd }) => NODES.iter().map(|(node, weight)| (mean + sd * node, *weight)).collect(),
            None => vec![(0.0, 1.0)],
        }
    }
}

/// A risk whose log-odds are moved.
pub(crate) fn shifted(risk: f64, shift: f64) -> f64 {
    if shift == 0.0 {
        return risk;
    }
    // Of the odds, so that 0 and 1 stay what they are.
    let leaves = risk * shift.exp();
    leaves / (leaves + (1.0 - risk))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn controls(risk: f64, stayed: usize, left: usize) -> Vec<WeighedCase> {
        (0..stayed + left).map(|k| WeighedCase { risk, stayed: k < stayed, weight: 1.0 }).collect()
    }

    #[test]
    fn many_controls_set_the_risk_and_few_hardly_move_it() {
        let risk = |stayed, left| {
            let baseline = Baseline::of_controls(&controls(0.2, stayed, left)).expect("there are controls");
            (shifted(0.2, baseline.mean), baseline.sd)
        };
        let (many, sure) = risk(6_000, 4_000);
        assert!((many - 0.4).abs() < 0.001 && sure < 0.03, "{many} {sure}");
        let (few, unsure) = risk(1, 1);
        assert!((0.2..0.3).contains(&few) && unsure > 0.8, "{few} {unsure}");
        assert_eq!(Baseline::of_controls(&[]), None);
    }

    #[test]
    fn shifts_have_the_mean_and_spread_of_the_posterior() {
        let baseline = Baseline { mean: 0.7, sd: 0.2 };
        let shifts = Baseline::shifts(Some(&baseline));
        let mean: f64 = shifts.iter().map(|(shift, weight)| shift * weight).sum();
        let variance: f64 = shifts.iter().map(|(shift, weight)| weight * (shift - mean).powi(2)).sum();
        assert!((mean - 0.7).abs() < 1e-9 && (variance.sqrt() - 0.2).abs() < 1e-9);
        assert_eq!([shifted(0.0, 3.0), shifted(1.0, -3.0)], [0.0, 1.0]);
    }
}
