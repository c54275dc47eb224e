//! Isotonic calibration: the rising steps that are nearest to the labels (Zadrozny and Elkan 2002), by pooling adjacent
//! violators (Ayer et al. 1955), drawn as a broken line through the middles of the steps.
//!
//! A step of few rows is not believed to be as sure as it looks: its share is `(leavers + base) / (rows + 1)`, where `base`
//! is the share of all. Beyond the first and last middle the margin's own slope goes on, so that the order of scores stays.

use serde::{Deserialize, Serialize};

use super::Rows;
use crate::math::logit;

/// The line's slope where the steps are level, so that no two scores become one.
const LEAST_SLOPE: f64 = 1e-3;

/// A rising broken line from margins to log-odds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Isotonic {
    /// Margins of the corners, ascending.
    pub margin: Vec<f64>,
    /// Log-odds at them, ascending.
    pub log_odds: Vec<f64>,
}

impl Isotonic {
    /// Calibrated log-odds.
    pub fn log_odds(&self, margin: f64) -> f64 {
        let after = self.margin.partition_point(|&corner| corner <= margin);
        let (first, last) = (0, self.margin.len() - 1);
        if after == 0 {
            return self.log_odds[first] + (margin - self.margin[first]);
        }
        if after > last {
            return self.log_odds[last] + (margin - self.margin[last]);
        }
        let part = (margin - self.margin[after - 1]) / (self.margin[after] - self.margin[after - 1]);
        self.log_odds[after - 1] + part * (self.log_odds[after] - self.log_odds[after - 1])
    }

    /// Nothing where there are no rows.
    pub(crate) fn fit(rows: &Rows<'_>) -> Option<Self> {
        let (mut leaving, mut total) = (0.0, 0.0);
        for (_, label, weight) in rows.iter() {
            total += weight;
            leaving += if label { weight } else { 0.0 };
        }
        let base = leaving / total;
        let mut corners = Self { margin: Vec::new(), log_odds: Vec::new() };
        for step in steps(rows) {
            let share = (step.leaving + base) / (step.weight + 1.0);
            let (margin, mut log_odds) = (step.margin / step.weight, logit(share));
            if let (Some(&before), Some(&reached)) = (corners.margin.last(), corners.log_odds.last()) {
                if margin <= before {
                    continue;
                }
                log_odds = log_odds.max(reached + LEAST_SLOPE * (margin - before));
            }
            corners.margin.push(margin);
            corners.log_odds.push(log_odds);
        }
        (!corners.margin.is_empty()).then_some(corners)
    }

    /// What does not fit together in one that was read from a file.
    pub(crate) fn is_sound(&self) -> bool {
        let rising = |values: &[f64]| values.windows(2).all(|pair| pair[0] < pair[1]);
        let finite = self.margin.iter().chain(&self.log_odds).all(|value| value.is_finite());
        finite
            && !self.margin.is_empty()
            && self.margin.len() == self.log_odds.len()
            && rising(&self.margin)
            && rising(&self.log_odds)
    }
}

/// Rows that are taken to have the same chance.
#[derive(Clone, Copy)]
pub(super) struct Step {
    /// Sum of the rows' margins.
    pub(super) margin: f64,
    pub(super) weight: f64,
    pub(super) leaving: f64,
}

/// Pools adjacent violators.
fn steps(rows: &Rows<'_>) -> Vec<Step> {
    let mut sorted: Vec<(f64, bool, f64)> = rows.iter().filter(|row| row.2 > 0.0).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut ties: Vec<Step> = Vec::new();
    let mut last = f64::NAN;
    for (margin, label, weight) in sorted {
        let leaving = if label { weight } else { 0.0 };
        match ties.last_mut() {
            Some(step) if margin == last => {
                *step = Step {
                    margin: step.margin + weight * margin,
                    weight: step.weight + weight,
                    leaving: step.leaving + leaving,
                };
            }
            _ => ties.push(Step { margin: weight * margin, weight, leaving }),
        }
        last = margin;
    }
    pooled(ties.into_iter())
}

/// Joins neighbours until shares rise.
pub(super) fn pooled(steps: impl Iterator<Item = Step>) -> Vec<Step> {
    let mut stack: Vec<Step> = Vec::new();
    for mut step in steps {
        while let Some(before) = stack.last() {
            if before.leaving * step.weight < step.leaving * before.weight {
                break;
            }
            step = Step {
                margin: before.margin + step.margin,
                weight: before.weight + step.weight,
                leaving: before.leaving + step.leaving,
            };
            stack.pop();
        }
        stack.push(step);
    }
    stack
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::calibrate::tests::world;
    use crate::math::sigmoid;

    #[test]
    fn steps_are_those_of_scikit_learn() {
        let all = include_str!("../../tests/fixtures/scikit_learn.expected.json");
        let all: HashMap<String, Vec<f64>> = serde_json::from_str(all).expect("numbers");
        let labels = all["label"].iter().map(|label| *label > 0.5).collect();
        let rows = Rows { margins: &all["tied"], labels, weights: Some(all["weight"].clone()) };
        let steps = steps(&rows);
        let mut rows: Vec<(f64, f64, f64)> =
            (0..400).map(|row| (all["tied"][row], all["weight"][row], all["isotonic"][row])).collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut rows = rows.into_iter();
        for step in steps {
            let mut weight = step.weight;
            while weight > 1e-9 {
                let (_, of_row, theirs) = rows.next().expect("all rows are in steps");
                assert!((step.leaving / step.weight - theirs).abs() < 1e-12, "{theirs}");
                weight -= of_row;
            }
        }
        assert!(rows.next().is_none());
    }

    #[test]
    fn a_curve_that_no_line_has_is_found() {
        let truth = |margin: f64| if margin < -1.0 { -3.0 } else { 0.0 };
        let (labels, margins) = world(100_000, truth);
        let found = Isotonic::fit(&Rows::plain(&margins, &labels)).expect("rows");
        for margin in [-2.5, -1.5, -0.5, 0.5] {
            let (p, q) = (sigmoid(found.log_odds(margin)), sigmoid(truth(margin)));
            assert!((p - q).abs() < 0.03, "{margin}: {p} {q}");
        }
        assert!(found.is_sound());
    }

    #[test]
    fn violators_are_pooled() {
        // Labels 0 1 0 1 1: the second and third share a step.
        let labels = [false, true, false, true, true];
        let margins = [0.0, 1.0, 2.0, 3.0, 4.0];
        let shares: Vec<f64> =
            steps(&Rows::plain(&margins, &labels)).iter().map(|step| step.leaving / step.weight).collect();
        assert_eq!(shares, [0.0, 0.5, 1.0]);
    }
}
