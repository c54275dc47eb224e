//! Calibration by a scaled logistic: `p = sigmoid(slope * margin + intercept)` (Platt 1999).
//!
//! A few leavers say little about slope and level. Both are shrunk towards "leave it alone" by normal priors,
//! `slope ~ N(1, 0.25^2)` and `shift ~ N(0, shift_sd^2)`, where the shift is the move of an average row. The priors count for
//! more where leavers repeat over cutoffs, since such rows are not independent.

use serde::{Deserialize, Serialize};

use super::Rows;
use crate::math::sigmoid;

const SLOPE_SD: f64 = 0.25;

/// Below this slope the order of scores would drown in rounding.
const MIN_SLOPE: f64 = 0.05;

/// The straight line on log-odds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Below 1: the model was too sure of itself. Always above 0.
    pub slope: f64,
    /// Added after scaling.
    pub intercept: f64,
}

impl Line {
    /// Calibrated log-odds.
    pub fn log_odds(&self, margin: f64) -> f64 {
        self.slope * margin + self.intercept
    }

    /// The most probable line. `repeats` are the rows that each leaver stands for.
    pub(crate) fn fit(rows: &Rows<'_>, repeats: f64, shift_sd: f64) -> Self {
        let (slope_precision, shift_precision) = (repeats / SLOPE_SD.powi(2), repeats / shift_sd.powi(2));
        let centre = informative_mean(rows);
        // p = sigmoid(slope * (m - centre) + centre + shift)
        let (mut slope, mut shift) = (1.0, 0.0);
        for _ in 0..100 {
            let mut gradient = [slope_precision * (slope - 1.0), shift_precision * shift];
            let mut hessian = [slope_precision, 0.0, shift_precision];
            for (margin, label, weight) in rows.iter() {
                let x = margin - centre;
                let p = sigmoid(slope * x + centre + shift);
                let error = weight * (p - f64::from(u8::from(label)));
                let curvature = weight * p * (1.0 - p);
                gradient[0] += error * x;
                gradient[1] += error;
                hessian[0] += curvature * x * x;
                hessian[1] += curvature * x;
                hessian[2] += curvature;
            }
            let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
            let mut step = [
                -(hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant,
                -(hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant,
            ];
            // Far from the solution a full step may overshoot; near it steps are short anyway.
            let longest = step[0].abs().max(step[1].abs());
            if longest > 1.0 {
                step.iter_mut().for_each(|part| *part /= longest);
            }
            slope += step[0];
            shift += step[1];
            if longest < 1e-10 {
                break;
            }
        }
        let slope = slope.max(MIN_SLOPE);
        Self { slope, intercept: centre - slope * centre + shift }
    }
}

/// Mean margin, rows counting by their information `p (1 - p)`: around it slope and shift hardly disturb each other.
fn informative_mean(rows: &Rows<'_>) -> f64 {
    let (mut sum, mut total) = (0.0, 1e-12);
    for (margin, _, weight) in rows.iter() {
        let p = sigmoid(margin);
        let information = weight * p * (1.0 - p);
        sum += information * margin;
        total += information;
    }
    sum / total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::SHIFT_SD;
    use crate::calibrate::tests::world;

    #[test]
    fn a_line_is_found_again_when_rows_are_many() {
        let (labels, margins) = world(200_000, |margin| 0.6 * margin - 0.4);
        let line = Line::fit(&Rows::plain(&margins, &labels), 1.0, SHIFT_SD);
        assert!((line.slope - 0.6).abs() < 0.02, "{line:?}");
        assert!((line.intercept + 0.4).abs() < 0.03, "{line:?}");
    }

    #[test]
    fn few_rows_move_little() {
        let (labels, margins) = world(30, |margin| 5.0 * margin);
        let line = Line::fit(&Rows::plain(&margins, &labels), 1.0, SHIFT_SD);
        assert!(line.slope > 1.0 && line.slope < 1.8, "{line:?}");
        assert_eq!(Line::fit(&Rows::plain(&[], &[]), 1.0, SHIFT_SD), Line { slope: 1.0, intercept: 0.0 });
    }
}
