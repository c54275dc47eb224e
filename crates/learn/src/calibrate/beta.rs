//! Beta calibration: `log-odds = a ln(s) - b ln(1 - s) + c` of the score `s = sigmoid(margin)` (Kull et al. 2017).
//!
//! With `a = b` it is the [line](super::line); apart, one end of the scale may be bent and the other not. Fitted by
//! Newton's method, `a` and `b` shrunk towards those of no change by `N(1, 0.25^2)` and kept from falling below nought,
//! so that the order of scores stays.

use serde::{Deserialize, Serialize};

use super::Rows;
use crate::math::sigmoid;

const BEND_SD: f64 = 0.25;

/// A bent line on log-odds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beta {
    /// Of the logarithm of the score.
    pub a: f64,
    /// Of the logarithm of one minus the score.
    pub b: f64,
    /// Added after.
    pub c: f64,
}

impl Beta {
    /// Calibrated log-odds.
    pub fn log_odds(&self, margin: f64) -> f64 {
        let [x, y] = parts(margin);
        self.a * x + self.b * y + self.c
    }

    /// The most probable bend. `repeats` are the rows that each leaver stands for.
    pub(crate) fn fit(rows: &Rows<'_>, repeats: f64) -> Self {
        let precision = repeats / BEND_SD.powi(2);
        let mut at = [1.0, 1.0, 0.0];
        for _ in 0..100 {
            let mut gradient = [precision * (at[0] - 1.0), precision * (at[1] - 1.0), 0.0];
            // A thousandth of a leaver keeps the level's step finite.
            let mut hessian = [[precision, 0.0, 0.0], [0.0, precision, 0.0], [0.0, 0.0, 1e-3]];
            for (margin, label, weight) in rows.iter() {
                let [x, y] = parts(margin);
                let features = [x, y, 1.0];
                let p = sigmoid(at[0] * x + at[1] * y + at[2]);
                let (error, curvature) = (weight * (p - f64::from(u8::from(label))), weight * p * (1.0 - p));
                for i in 0..3 {
                    gradient[i] += error * features[i];
                    for j in 0..3 {
                        hessian[i][j] += curvature * features[i] * features[j];
                    }
                }
            }
            let step = solve(hessian, gradient);
            let longest = step.iter().fold(0.0f64, |longest, part| longest.max(part.abs()));
            let length = if longest > 1.0 { 1.0 / longest } else { 1.0 };
            for (value, part) in at.iter_mut().zip(step) {
                *value -= length * part;
            }
            at[0] = at[0].max(0.0);
            at[1] = at[1].max(0.0);
            if longest < 1e-10 {
                break;
            }
        }
        Self { a: at[0], b: at[1], c: at[2] }
    }
}

/// `ln(s)` and `-ln(1 - s)`: both rise with the margin, and their sum is the margin.
fn parts(margin: f64) -> [f64; 2] {
    let ln_1p_exp = |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p();
    [-ln_1p_exp(-margin), ln_1p_exp(margin)]
}

/// Solves a positive definite system of three by elimination.
fn solve(mut matrix: [[f64; 3]; 3], mut right: [f64; 3]) -> [f64; 3] {
    for pivot in 0..3 {
        for row in pivot + 1..3 {
            let above = matrix[pivot];
            let factor = matrix[row][pivot] / above[pivot];
            for (value, above) in matrix[row].iter_mut().zip(above) {
                *value -= factor * above;
            }
            right[row] -= factor * right[pivot];
        }
    }
    let mut solution = [0.0; 3];
    for row in (0..3).rev() {
        let known: f64 = (row + 1..3).map(|column| matrix[row][column] * solution[column]).sum();
        solution[row] = (right[row] - known) / matrix[row][row];
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::tests::world;

    #[test]
    fn a_bend_is_found_again() {
        let truth = Beta { a: 0.7, b: 1.4, c: 0.2 };
        let (labels, margins) = world(200_000, |margin| truth.log_odds(margin));
        let found = Beta::fit(&Rows::plain(&margins, &labels), 1.0);
        for margin in [-3.0, -1.0, 0.0, 0.9] {
            assert!((found.log_odds(margin) - truth.log_odds(margin)).abs() < 0.05, "{margin} {found:?}");
        }
    }

    #[test]
    fn equal_parts_are_the_margin_itself() {
        let same = Beta { a: 1.0, b: 1.0, c: 0.0 };
        for margin in [-700.0, -2.0, 0.0, 5.0, 700.0] {
            assert!((same.log_odds(margin) - margin).abs() < 1e-12, "{margin}");
        }
    }
}
