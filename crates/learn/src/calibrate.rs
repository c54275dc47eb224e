//! Calibration by a scaled logistic: `p = sigmoid(slope * margin + intercept)` (Platt 1999).
//!
//! Fitted on margins of rows that the model did not see. Only a straight line on log-odds is used, so that attributions
//! times the slope still add up to the calibrated log-odds.
//!
//! A few leavers say little about slope and level. Both are shrunk towards "leave it alone" by normal priors,
//! `slope ~ N(1, 0.25^2)` and `shift ~ N(0, shift_sd^2)`, where the shift is the move of an average row. The priors count for
//! more where leavers repeat over cutoffs, since such rows are not independent.

use serde::{Deserialize, Serialize};

use crate::data::Dataset;
use crate::math::sigmoid;

const SLOPE_SD: f64 = 0.25;

/// How far the level of a model fitted on other rows of the same source is expected to be off, in log-odds.
pub(crate) const SHIFT_SD: f64 = 0.5;

/// Below this slope the order of scores would drown in rounding.
const MIN_SLOPE: f64 = 0.05;

/// The straight line on log-odds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Below 1: the model was too sure of itself. Always above 0.
    pub slope: f64,
    /// Added after scaling.
    pub intercept: f64,
}

impl Calibration {
    /// Calibrated log-odds.
    pub fn log_odds(&self, margin: f64) -> f64 {
        self.slope * margin + self.intercept
    }
}

/// The most probable line for margins of `rows`, given in the same order.
pub(crate) fn calibrate(dataset: &Dataset, rows: &[u32], margins: &[f64], shift_sd: f64) -> Calibration {
    let repeats = rows_a_leaver(dataset, rows);
    let (slope_precision, shift_precision) = (repeats / SLOPE_SD.powi(2), repeats / shift_sd.powi(2));
    let centre = informative_mean(dataset, rows, margins);
    // p = sigmoid(slope * (m - centre) + centre + shift)
    let (mut slope, mut shift) = (1.0, 0.0);
    for _ in 0..100 {
        let mut gradient = [slope_precision * (slope - 1.0), shift_precision * shift];
        let mut hessian = [slope_precision, 0.0, shift_precision];
        for (&row, &margin) in rows.iter().zip(margins) {
            let (x, weight) = (margin - centre, f64::from(dataset.weight(row)));
            let p = sigmoid(slope * x + centre + shift);
            let error = weight * (p - f64::from(u8::from(dataset.label[row as usize])));
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
    Calibration { slope, intercept: centre - slope * centre + shift }
}

/// Mean weight of the leaving rows of a subject that leaves, at least 1.
fn rows_a_leaver(dataset: &Dataset, rows: &[u32]) -> f64 {
    let leaving = || rows.iter().filter(|&&row| dataset.label[row as usize] && dataset.weight(row) > 0.0);
    let weight: f64 = leaving().map(|&row| f64::from(dataset.weight(row))).sum();
    let mut subjects: Vec<u32> = leaving().map(|&row| dataset.subject[row as usize]).collect();
    subjects.sort_unstable();
    subjects.dedup();
    (weight / subjects.len().max(1) as f64).max(1.0)
}

/// Mean margin, rows counting by their information `p (1 - p)`: around it slope and shift hardly disturb each other.
fn informative_mean(dataset: &Dataset, rows: &[u32], margins: &[f64]) -> f64 {
    let (mut sum, mut total) = (0.0, 1e-12);
    for (&row, &margin) in rows.iter().zip(margins) {
        let p = sigmoid(margin);
        let information = f64::from(dataset.weight(row)) * p * (1.0 - p);
        sum += information * margin;
        total += information;
    }
    sum / total
}

#[cfg(test)]
mod tests {
    use domain::{Cutoff, Day};

    use super::*;
    use crate::math::mix;

    /// Rows whose true log-odds are `true_log_odds(margin)`, labels drawn by hash.
    fn world(rows: usize, true_log_odds: impl Fn(f64) -> f64) -> (Dataset, Vec<u32>, Vec<f64>) {
        let uniform = |seed, row| (mix(seed, row as u64) >> 11) as f64 / (1u64 << 53) as f64;
        let margins: Vec<f64> = (0..rows).map(|row| uniform(1, row) * 4.0 - 3.0).collect();
        let label = margins.iter().enumerate().map(|(row, &m)| uniform(2, row) < sigmoid(true_log_odds(m))).collect();
        let ids: Vec<u32> = (0..rows as u32).collect();
        let cutoff = vec![Cutoff(Day(0)); rows];
        (Dataset { columns: Vec::new(), label, cutoff, subject: ids.clone(), weight: None }, ids, margins)
    }

    #[test]
    fn a_line_is_found_again_when_rows_are_many() {
        let (data, rows, margins) = world(200_000, |margin| 0.6 * margin - 0.4);
        let line = calibrate(&data, &rows, &margins, SHIFT_SD);
        assert!((line.slope - 0.6).abs() < 0.02, "{line:?}");
        assert!((line.intercept + 0.4).abs() < 0.03, "{line:?}");
    }

    #[test]
    fn few_rows_move_little() {
        let (data, rows, margins) = world(30, |margin| 5.0 * margin);
        let line = calibrate(&data, &rows, &margins, SHIFT_SD);
        assert!(line.slope > 1.0 && line.slope < 1.8, "{line:?}");
        assert_eq!(calibrate(&data, &[], &[], SHIFT_SD), Calibration { slope: 1.0, intercept: 0.0 });
    }
}
