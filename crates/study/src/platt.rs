//! Platt's line on log-odds (Platt 1999): `p = sigmoid(slope * x + intercept)`, the likeliest, by Newton's method.

use crate::draw::mix;
use crate::refit::Kept;

/// Parts of the subjects: each row is recalibrated by a line fitted on the others.
const PARTS: u64 = 5;

/// A line from log-odds to log-odds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) slope: f64,
    pub(crate) intercept: f64,
}

impl Line {
    /// The likeliest line; nothing where all log-odds are the same or one class is missing. The slope is held by a ridge of a
    /// thousandth of a row, so that separated classes end somewhere.
    pub(crate) fn fit(rows: &[(f64, bool, f64)]) -> Option<Self> {
        const RIDGE: f64 = 1e-3;
        let mut sums = [0.0; 4];
        for &(x, label, weight) in rows {
            let leaving = if label { weight } else { 0.0 };
            for (sum, part) in sums.iter_mut().zip([weight, leaving, weight * x, weight * x * x]) {
                *sum += part;
            }
        }
        let [total, leaving, first, second] = sums;
        let centre = first / total;
        let scale = (second / total - centre * centre).max(0.0).sqrt();
        if leaving <= 0.0 || leaving >= total || scale.is_nan() || scale <= 0.0 {
            return None;
        }
        // In standard deviations from the mean, from the base rate: there the curvature is never lost to rounding.
        let mut line = Self { slope: 0.0, intercept: logit(leaving / total) };
        for _ in 0..100 {
            let mut gradient = [RIDGE * line.slope, 0.0];
            let mut hessian = [RIDGE, 0.0, 0.0];
            for &(x, label, weight) in rows {
                let x = (x - centre) / scale;
                let p = sigmoid(line.log_odds(x));
                let error = weight * (p - f64::from(u8::from(label)));
                let curvature = weight * p * (1.0 - p);
                gradient[0] += error * x;
                gradient[1] += error;
                hessian[0] += curvature * x * x;
                hessian[1] += curvature * x;
                hessian[2] += curvature;
            }
            let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
            if determinant.is_nan() || determinant <= 0.0 {
                return None;
            }
            // Steps are bounded, so that a start far away does not overshoot.
            let bounded = |step: f64| step.clamp(-2.0, 2.0);
            let slope = bounded((hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant);
            let intercept = bounded((hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant);
            line.slope -= slope;
            line.intercept -= intercept;
            if slope.abs().max(intercept.abs()) < 1e-10 {
                break;
            }
        }
        let slope = line.slope / scale;
        Some(Self { slope, intercept: line.intercept - slope * centre })
    }

    /// Standard errors of slope and intercept, rows of a subject taken together: the sandwich `H^-1 (sum g g') H^-1` over the
    /// gradients of subjects (Liang and Zeger 1986). Rows come with their subjects, those of a subject next to each other.
    pub(crate) fn errors(self, rows: &[(u32, f64, bool, f64)]) -> [f64; 2] {
        let mut hessian = [0.0; 3];
        let mut spread = [0.0; 3];
        for subject in rows.chunk_by(|a, b| a.0 == b.0) {
            let mut gradient = [0.0; 2];
            for &(_, x, label, weight) in subject {
                let p = sigmoid(self.log_odds(x));
                let error = weight * (p - f64::from(u8::from(label)));
                let curvature = weight * p * (1.0 - p);
                gradient[0] += error * x;
                gradient[1] += error;
                hessian[0] += curvature * x * x;
                hessian[1] += curvature * x;
                hessian[2] += curvature;
            }
            spread[0] += gradient[0] * gradient[0];
            spread[1] += gradient[0] * gradient[1];
            spread[2] += gradient[1] * gradient[1];
        }
        let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
        let slope = [hessian[2] / determinant, -hessian[1] / determinant];
        let intercept = [-hessian[1] / determinant, hessian[0] / determinant];
        [slope, intercept].map(|[a, b]| (a * a * spread[0] + 2.0 * a * b * spread[1] + b * b * spread[2]).sqrt())
    }

    pub(crate) fn log_odds(self, x: f64) -> f64 {
        self.slope * x + self.intercept
    }
}

/// Probabilities of kept rows, each by a line fitted on kept rows of other subjects; as they are where those have one class.
pub(crate) fn recalibrated(kept: &Kept, probability: &[f64], seed: u64) -> Vec<f64> {
    let part = |row: usize| mix(seed, u64::from(kept.subject[row])) % PARTS;
    let mut after = probability.to_vec();
    for left_out in 0..PARTS {
        let others = (0..probability.len()).filter(|&row| part(row) != left_out);
        let others: Vec<(f64, bool, f64)> =
            others.map(|row| (logit(probability[row]), kept.label[row], kept.weight[row])).collect();
        let Some(line) = Line::fit(&others) else { continue };
        for row in (0..probability.len()).filter(|&row| part(row) == left_out) {
            after[row] = sigmoid(line.log_odds(logit(probability[row])));
        }
    }
    after
}

/// Log-odds of a probability kept away from 0 and 1.
pub(crate) fn logit(probability: f64) -> f64 {
    let p = probability.clamp(1e-12, 1.0 - 1e-12);
    (p / (1.0 - p)).ln()
}

pub(crate) fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_that_of_scikit_learn() {
        // LogisticRegression(C=1e12, tol=1e-12).fit(x, y)
        let rows = (0..200).map(|i| (f64::from(i % 40) / 8.0 - 3.0, (i * i + i / 3) % 11 < i % 7, 1.0));
        let line = Line::fit(&rows.collect::<Vec<_>>()).expect("both classes");
        assert!((line.slope - SLOPE).abs() < 1e-3 && (line.intercept - INTERCEPT).abs() < 1e-3, "{line:?}");
    }

    const SLOPE: f64 = 0.12091246174401597;
    const INTERCEPT: f64 = -0.7144544589971745;
}
