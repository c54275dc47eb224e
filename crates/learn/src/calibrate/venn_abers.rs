//! Venn-Abers intervals of a single probability (Vovk and Petej 2014).
//!
//! A row's score is put among those of rows the model did not see, once as one who stays and once as one who leaves, and
//! the steps of [isotonic](super::isotonic) calibration are fitted both times. The two probabilities of the row are the
//! ends of its interval: one of them is calibrated, whatever the scores are like. The interval is wide where few rows were
//! seen and shrinks as they grow in number.
//!
//! Rows that stand close together are taken together first, so that an interval is looked up and the model stays small.

use serde::{Deserialize, Serialize};

use super::Rows;
use super::isotonic::{Step, pooled};

/// Groups of neighbouring scores, at most.
const GROUPS: usize = 200;

/// Probability intervals by margin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VennAbers {
    /// Largest margin of each group of neighbours, ascending.
    pub upto: Vec<f64>,
    /// Probability of a row in the group if it is counted as staying.
    pub low: Vec<f64>,
    /// Probability of a row in the group if it is counted as leaving.
    pub high: Vec<f64>,
}

impl VennAbers {
    /// The ends of the interval of a row with this margin.
    pub fn interval(&self, margin: f64) -> [f64; 2] {
        let group = self.upto.partition_point(|&upto| upto < margin).min(self.upto.len() - 1);
        [self.low[group], self.high[group]]
    }

    /// Nothing where there are no rows. `repeats` are the rows that each subject stands for: a subject's rows at
    /// neighbouring cutoffs are little more evidence than one.
    pub(crate) fn fit(rows: &Rows<'_>, repeats: f64) -> Option<Self> {
        let mut sorted: Vec<(f64, bool, f64)> = rows.iter().filter(|row| row.2 > 0.0).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = sorted.iter().map(|row| row.2).sum();
        let (mut upto, mut groups): (Vec<f64>, Vec<Step>) = (Vec::new(), Vec::new());
        for (margin, label, weight) in sorted {
            let weight = weight / repeats;
            let leaving = if label { weight } else { 0.0 };
            let full = |step: &Step| step.weight * GROUPS as f64 * repeats >= total;
            match (groups.last_mut(), upto.last_mut()) {
                (Some(step), Some(last)) if margin == *last || !full(step) => {
                    step.weight += weight;
                    step.leaving += leaving;
                    *last = margin;
                }
                _ => {
                    groups.push(Step { margin: 0.0, weight, leaving });
                    upto.push(margin);
                }
            }
        }
        if groups.is_empty() {
            return None;
        }
        let ends = |label: f64| (0..groups.len()).map(|group| with_one_more(&groups, group, label)).collect();
        let (low, high) = (ends(0.0), ends(1.0));
        Some(Self { upto, low, high })
    }

    /// What does not fit together in one that was read from a file.
    pub(crate) fn is_sound(&self) -> bool {
        let inside = |values: &[f64]| values.iter().all(|value| (0.0..=1.0).contains(value));
        let same = self.upto.len() == self.low.len() && self.upto.len() == self.high.len() && !self.upto.is_empty();
        same && inside(&self.low) && inside(&self.high) && self.upto.is_sorted()
    }
}

/// The group's step when a row with this label joins it.
fn with_one_more(groups: &[Step], joined: usize, label: f64) -> f64 {
    let steps = groups.iter().enumerate().map(|(index, step)| match index == joined {
        true => Step { margin: 0.0, weight: step.weight + 1.0, leaving: step.leaving + label },
        false => Step { margin: 0.0, ..*step },
    });
    // The joined group is found again by the weight before it.
    let before: f64 = groups[..joined].iter().map(|step| step.weight).sum();
    let mut reached = 0.0;
    for step in pooled(steps) {
        reached += step.weight;
        if reached > before + 0.5 * groups[joined].weight {
            return step.leaving / step.weight;
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::tests::world;
    use crate::math::sigmoid;

    #[test]
    fn intervals_hold_the_truth_and_shrink_with_rows() {
        let truth = |margin: f64| 0.8 * margin - 0.3;
        let width = |rows: usize| {
            let (labels, margins) = world(rows, truth);
            let found = VennAbers::fit(&Rows::plain(&margins, &labels), 1.0).expect("rows");
            assert!(found.is_sound());
            let points = [-2.0, -1.0, 0.0, 0.5];
            points
                .map(|margin| {
                    let [low, high] = found.interval(margin);
                    let p = sigmoid(truth(margin));
                    assert!(low <= high && low < p + 0.12 && high > p - 0.12, "{margin}: {low} {high} {p}");
                    high - low
                })
                .iter()
                .sum::<f64>()
        };
        assert!(width(40_000) < width(400) / 2.0);
    }

    #[test]
    fn one_row_says_next_to_nothing() {
        let found = VennAbers::fit(&Rows::plain(&[0.3], &[false]), 1.0).expect("a row");
        assert_eq!(found.interval(-5.0), [0.0, 0.5]);
        assert_eq!(VennAbers::fit(&Rows::plain(&[], &[]), 1.0), None);
    }
}
