//! Groups of subjects with their mean effects: a shallow regression tree over told effects (Breiman et al. 1984), honest.
//!
//! Told effects of all actions are cut together: a question is worth the fall of the sum over actions of squared distances
//! to the group's mean, and the group that gains most is cut next. Told effects come from models of the cutting half alone;
//! the mean effects of groups are doubly robust scores of the other half.

use learn::{Column, PredictError};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::cuts::{Cut, cuts};
use super::rule::{Rule, first_that_holds, simplified};
use crate::coarse::Coarse;
use crate::estimate::Estimate;

/// A group has at least this share of the rows.
const MIN_SHARE: f64 = 0.05;

/// And at least so many.
const MIN_ROWS: f64 = 50.0;

/// Questions from the root to a group, at most.
const DEPTH: usize = 3;

/// Groups of subjects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segments {
    /// Groups, those of the highest effect of any action first; each subject belongs to exactly one.
    pub groups: Vec<Segment>,
}

/// A group of subjects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Who belongs to it.
    pub rule: Rule,
    /// Its rows in the measuring half.
    pub rows: usize,
    /// Their share of it.
    pub share: f64,
    /// Mean outcome without action.
    pub base: Estimate,
    /// By action: the mean effect.
    pub effects: Vec<Estimate>,
}

/// A group while it may still be cut.
struct Open {
    rows: Vec<u32>,
    rule: Rule,
    /// What the best question gains, and which it is: column and cut.
    best: Option<(f64, usize, usize)>,
}

/// Cuts `cutting` rows by `told` effects (by action and row of the table) into at most `most` groups and measures them on
/// `measuring` rows by `scores` (by arm and row).
pub(crate) fn cut(
    columns: &[Column],
    cutting: &[u32],
    told: &[Vec<f64>],
    measuring: &[u32],
    scores: &[Vec<f64>],
    most: usize,
) -> Segments {
    let coarse = Coarse::all(columns, cutting);
    let asked: Vec<(&Coarse, Vec<Cut>)> =
        columns.iter().zip(&coarse).map(|(column, coarse)| (coarse, cuts(column, coarse))).collect();
    let least = (MIN_SHARE * cutting.len() as f64).max(MIN_ROWS);
    let open = |rows: Vec<u32>, rule: Rule, depth: usize| {
        let best = if depth < DEPTH { best_cut(&asked, told, &rows, least) } else { None };
        (Open { rows, rule, best }, depth)
    };
    let mut groups = vec![open(cutting.to_vec(), Vec::new(), 0)];
    while groups.len() < most {
        let gain = |(group, _): &(Open, usize)| group.best.map_or(0.0, |(gain, ..)| gain);
        let mut next = 0;
        for place in 1..groups.len() {
            if gain(&groups[place]) > gain(&groups[next]) {
                next = place;
            }
        }
        let Some((_, column, cut)) = groups[next].0.best else { break };
        let (group, depth) = groups.swap_remove(next);
        let (coarse, cuts) = &asked[column];
        let cut = &cuts[cut];
        let goes_left = |row: &u32| cut.left >> coarse.codes[*row as usize] & 1 == 1;
        let (left, right): (Vec<u32>, Vec<u32>) = group.rows.iter().partition(|&row| goes_left(row));
        for (rows, condition) in [(left, &cut.yes), (right, &cut.no)] {
            let rule = simplified(&[group.rule.as_slice(), std::slice::from_ref(condition)].concat());
            groups.push(open(rows, rule, depth + 1));
        }
    }
    let rules: Vec<Rule> = groups.into_iter().map(|(group, _)| group.rule).collect();
    measure(columns, rules, measuring, scores)
}

fn best_cut(asked: &[(&Coarse, Vec<Cut>)], told: &[Vec<f64>], rows: &[u32], least: f64) -> Option<(f64, usize, usize)> {
    let width = told.len() + 1;
    let of_column = |(coarse, cuts): &(&Coarse, Vec<Cut>)| {
        let mut bins = vec![vec![0.0; width]; coarse.codes_used()];
        for &row in rows {
            let bin = &mut bins[usize::from(coarse.codes[row as usize])];
            for (action, of_action) in told.iter().enumerate() {
                bin[action] += of_action[row as usize];
            }
            bin[width - 1] += 1.0;
        }
        let mut best: Option<(f64, usize)> = None;
        for (index, cut) in cuts.iter().enumerate() {
            let mut sides = [vec![0.0; width], vec![0.0; width]];
            for (bin, sums) in bins.iter().enumerate() {
                let side = &mut sides[usize::from(cut.left >> bin & 1 == 0)];
                side.iter_mut().zip(sums).for_each(|(sum, value)| *sum += value);
            }
            if sides.iter().any(|side| side[width - 1] < least) {
                continue;
            }
            let fit = |sums: &[f64]| sums[..width - 1].iter().map(|sum| sum * sum).sum::<f64>() / sums[width - 1];
            let whole: Vec<f64> = sides[0].iter().zip(&sides[1]).map(|(left, right)| left + right).collect();
            let gain = fit(&sides[0]) + fit(&sides[1]) - fit(&whole);
            // Groups that are told the same are one.
            if gain > 1e-9 * fit(&whole) && best.is_none_or(|(other, _)| gain > other) {
                best = Some((gain, index));
            }
        }
        best
    };
    let found: Vec<Option<(f64, usize)>> = asked.par_iter().map(of_column).collect();
    let mut best: Option<(f64, usize, usize)> = None;
    for (column, found) in found.into_iter().enumerate() {
        if let Some((gain, cut)) = found
            && best.is_none_or(|(other, ..)| gain > other)
        {
            best = Some((gain, column, cut));
        }
    }
    best
}

fn measure(columns: &[Column], rules: Vec<Rule>, measuring: &[u32], scores: &[Vec<f64>]) -> Segments {
    let of_rules: Vec<&Rule> = rules.iter().collect();
    let group_of = first_that_holds(&of_rules, columns).expect("rules are about the columns that they were cut from");
    let mut groups = Vec::new();
    for (group, rule) in rules.into_iter().enumerate() {
        let rows: Vec<usize> =
            measuring.iter().map(|&row| row as usize).filter(|&row| group_of[row] == group).collect();
        let effect = |action: usize| Estimate::mean(rows.iter().map(|&row| scores[action][row] - scores[0][row]));
        groups.push(Segment {
            rule,
            rows: rows.len(),
            share: rows.len() as f64 / measuring.len().max(1) as f64,
            base: Estimate::mean(rows.iter().map(|&row| scores[0][row])),
            effects: (1..scores.len()).map(effect).collect(),
        });
    }
    let highest = |group: &Segment| group.effects.iter().map(|effect| effect.value).fold(f64::MIN, f64::max);
    groups.sort_by(|a, b| highest(b).total_cmp(&highest(a)));
    Segments { groups }
}

impl Segments {
    /// The group of each subject, an index into `groups`.
    pub fn of(&self, columns: &[Column]) -> Result<Vec<usize>, PredictError> {
        let rules: Vec<&Rule> = self.groups.iter().map(|group| &group.rule).collect();
        first_that_holds(&rules, columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_one_effect_are_found_and_measured() {
        let x: Vec<f32> = (0..4000).map(|row| (row % 16) as f32).collect();
        let columns = [Column::number("x", x.clone()), Column::number("noise", vec![1.0; 4000])];
        let effect = |x: f32| {
            if x <= 4.0 {
                0.5
            } else if x <= 12.0 {
                0.1
            } else {
                -0.2
            }
        };
        let told = vec![x.iter().map(|&x| effect(x)).collect::<Vec<f64>>()];
        let noise = |row: usize| (learn::mix(9, row as u64) >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
        let with = (0..4000).map(|row| 0.3 + told[0][row] + noise(row)).collect();
        let scores = vec![vec![0.3; 4000], with];
        let (cutting, measuring): (Vec<u32>, Vec<u32>) = (0..4000u32).partition(|row| row % 40 < 20);
        let segments = cut(&columns, &cutting, &told, &measuring, &scores, 6);
        let found: Vec<f64> = segments.groups.iter().map(|group| group.effects[0].value).collect();
        assert_eq!(found.len(), 3, "{segments:?}");
        for (found, truth) in found.iter().zip([0.5, 0.1, -0.2]) {
            assert!((found - truth).abs() < 0.05, "{found} {truth}");
        }
        assert_eq!(segments.groups.iter().map(|group| group.rows).sum::<usize>(), 2000);
        assert_eq!(segments.of(&columns).expect("its own columns")[..6], [0, 0, 0, 0, 0, 1]);
        // Nobody is told apart where all are told the same.
        let same = cut(&columns, &cutting, &[vec![0.1; 4000]], &measuring, &scores, 6);
        assert_eq!((same.groups.len(), same.groups[0].rule.len()), (1, 0));
    }
}
