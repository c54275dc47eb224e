//! A policy as a tree of depth two: the arm for each of at most four groups of subjects (Athey and Wager 2021; Zhou, Athey
//! and Wager 2023).
//!
//! Among all trees of that depth over binned columns, the one of the highest `sum_i (psi_{pi(x_i)} - cost_{pi(x_i)})` on the
//! cutting half, found exactly: for each pair of columns one pass over the rows sums scores by pairs of bins, and every
//! question at the root then has its best questions below. Where that would take too long only the columns that cut best
//! alone are searched, and the report says how many.

use learn::{Column, PredictError};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::cuts::{Cut, cuts};
use super::rule::{Rule, first_that_holds, simplified};
use crate::coarse::Coarse;
use crate::estimate::Estimate;

/// Additions that a search may take, about; a second or two.
const MOST_ADDITIONS: f64 = 2e9;

/// A leaf has at least this share of the rows.
const MIN_SHARE: f64 = 0.02;

/// And at least so many.
const MIN_ROWS: f64 = 20.0;

/// Whom to give which arm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyTree {
    /// Groups; each subject belongs to exactly one.
    pub leaves: Vec<PolicyLeaf>,
    /// Columns that were searched, of those of the campaign.
    pub columns_searched: usize,
    /// Mean outcome less cost under the policy, on the half that did not cut it.
    pub value: Estimate,
    /// The same beyond doing nothing to anybody.
    pub gain: Estimate,
}

/// A group and its arm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyLeaf {
    /// Who belongs to it.
    pub rule: Rule,
    /// The arm to give, an index into the campaign's.
    pub arm: usize,
    /// Its rows in the measuring half.
    pub rows: usize,
    /// Their share of it.
    pub share: f64,
    /// Mean outcome less cost with that arm.
    pub value: Estimate,
    /// The same beyond doing nothing to them.
    pub gain: Estimate,
}

/// Sums of a group: net scores by arm, then the number of rows.
type Group = Vec<f64>;

/// A column that may be asked about.
struct Asked<'a> {
    coarse: &'a Coarse,
    cuts: Vec<Cut>,
}

/// A part of a tree: an arm for all, or a question first.
#[derive(Clone)]
struct Best {
    value: f64,
    /// The column and the cut of it.
    question: Option<(usize, usize)>,
}

/// Cuts on `cutting` rows by `scores`, measures on `measuring` rows by `measured`; both by arm and row of the table.
pub(crate) fn search(
    columns: &[Column],
    cutting: &[u32],
    scores: &[Vec<f64>],
    measuring: &[u32],
    measured: &[Vec<f64>],
    cost: &[f64],
) -> PolicyTree {
    let coarse = Coarse::all(columns, cutting);
    let mut asked: Vec<Asked<'_>> =
        columns.iter().zip(&coarse).map(|(column, coarse)| Asked { coarse, cuts: cuts(column, coarse) }).collect();
    asked.retain(|column| !column.cuts.is_empty());
    let ground = Ground { rows: cutting, scores, cost, least: (MIN_SHARE * cutting.len() as f64).max(MIN_ROWS) };
    ground.keep_best(&mut asked);
    let (root, below) = ground.best_tree(&asked);
    let mut leaves: Vec<Rule> = Vec::new();
    let cut = |(column, cut): (usize, usize)| &asked[column].cuts[cut];
    match root {
        None => leaves.push(Vec::new()),
        Some(root) => {
            let root = cut(root);
            for (side, first) in below.iter().zip([&root.yes, &root.no]) {
                match side.question.map(cut) {
                    None => leaves.push(vec![first.clone()]),
                    Some(then) => {
                        leaves.push(simplified(&[first.clone(), then.yes.clone()]));
                        leaves.push(simplified(&[first.clone(), then.no.clone()]));
                    }
                }
            }
        }
    }
    ground.measure(columns, &leaves, asked.len(), measuring, measured)
}

struct Ground<'a> {
    rows: &'a [u32],
    scores: &'a [Vec<f64>],
    cost: &'a [f64],
    least: f64,
}

impl Ground<'_> {
    fn arms(&self) -> usize {
        self.scores.len()
    }

    fn add(&self, group: &mut [f64], row: u32) {
        for (arm, sum) in group[..self.arms()].iter_mut().enumerate() {
            *sum += self.scores[arm][row as usize] - self.cost[arm];
        }
        group[self.arms()] += 1.0;
    }

    /// The best arm's sum and the arm; the first of equals.
    fn best_arm(&self, group: &[f64]) -> (f64, usize) {
        let mut best = (group[0], 0);
        for (arm, &sum) in group[..self.arms()].iter().enumerate() {
            if sum > best.0 {
                best = (sum, arm);
            }
        }
        best
    }

    /// Leaves as many columns as can be searched in pairs.
    fn keep_best(&self, asked: &mut Vec<Asked<'_>>) {
        let most = (MOST_ADDITIONS / (self.rows.len() * (self.arms() + 1)).max(1) as f64).sqrt().max(2.0) as usize;
        if asked.len() <= most {
            return;
        }
        let alone = |column: &Asked<'_>| self.best_cut(&self.by_bin(column), column).map_or(f64::MIN, |best| best.0);
        let mut order: Vec<(f64, usize)> =
            asked.par_iter().map(alone).collect::<Vec<_>>().into_iter().enumerate().map(|(i, v)| (v, i)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        order.truncate(most);
        let mut place = 0..asked.len();
        asked.retain(|_| place.next().is_some_and(|place| order.iter().any(|&(_, kept)| kept == place)));
    }

    /// Sums by bin of one column.
    fn by_bin(&self, column: &Asked<'_>) -> Vec<Group> {
        let mut bins = vec![vec![0.0; self.arms() + 1]; column.coarse.codes_used()];
        for &row in self.rows {
            self.add(&mut bins[usize::from(column.coarse.codes[row as usize])], row);
        }
        bins
    }

    /// The best question about a column of a group whose sums by bin are given.
    fn best_cut(&self, bins: &[Group], column: &Asked<'_>) -> Option<(f64, usize)> {
        let width = self.arms() + 1;
        let mut best: Option<(f64, usize)> = None;
        for (index, cut) in column.cuts.iter().enumerate() {
            let (mut left, mut right) = (vec![0.0; width], vec![0.0; width]);
            for (bin, sums) in bins.iter().enumerate() {
                let side = if cut.left >> bin & 1 == 1 { &mut left } else { &mut right };
                side.iter_mut().zip(sums).for_each(|(sum, value)| *sum += value);
            }
            if left[width - 1] < self.least || right[width - 1] < self.least {
                continue;
            }
            let value = self.best_arm(&left).0 + self.best_arm(&right).0;
            if best.is_none_or(|(other, _)| value > other) {
                best = Some((value, index));
            }
        }
        best
    }

    /// The root's question, if one is worth it, and what is best on both sides of it.
    fn best_tree(&self, asked: &[Asked<'_>]) -> (Option<(usize, usize)>, [Best; 2]) {
        let whole = self.rows.iter().fold(vec![0.0; self.arms() + 1], |mut sums, &row| {
            self.add(&mut sums, row);
            sums
        });
        let nothing = Best { value: self.best_arm(&whole).0, question: None };
        let of_root = |root: usize| self.best_below(asked, root);
        let found: Vec<Option<(f64, usize, [Best; 2])>> = (0..asked.len()).into_par_iter().map(of_root).collect();
        let mut best = (None, [nothing.clone(), nothing.clone()]);
        let mut value = nothing.value;
        for (root, found) in found.into_iter().enumerate() {
            if let Some((of_root, cut, sides)) = found
                // What only rounding gains is no gain.
                && of_root > value + 1e-9 * value.abs()
            {
                value = of_root;
                best = (Some((root, cut)), sides);
            }
        }
        best
    }

    /// The best question about a column at the root, with the best below it.
    fn best_below(&self, asked: &[Asked<'_>], root: usize) -> Option<(f64, usize, [Best; 2])> {
        let (width, column) = (self.arms() + 1, &asked[root]);
        let root_bins = self.by_bin(column);
        let mut sides: Vec<Option<[Best; 2]>> = column
            .cuts
            .iter()
            .map(|cut| {
                let mut groups = [vec![0.0; width], vec![0.0; width]];
                for (bin, sums) in root_bins.iter().enumerate() {
                    let side = usize::from(cut.left >> bin & 1 == 0);
                    groups[side].iter_mut().zip(sums).for_each(|(sum, value)| *sum += value);
                }
                let is_enough = groups.iter().all(|group| group[width - 1] >= self.least);
                is_enough.then(|| groups.map(|group| Best { value: self.best_arm(&group).0, question: None }))
            })
            .collect();
        for (below, other) in asked.iter().enumerate() {
            let (root_codes, codes) = (&column.coarse.codes, &other.coarse.codes);
            let used = other.coarse.codes_used();
            let mut pairs = vec![vec![0.0; width]; column.coarse.codes_used() * used];
            for &row in self.rows {
                let (bin, other_bin) = (root_codes[row as usize], codes[row as usize]);
                self.add(&mut pairs[usize::from(bin) * used + usize::from(other_bin)], row);
            }
            for (cut, sides) in column.cuts.iter().zip(&mut sides) {
                let Some(sides) = sides else { continue };
                let mut bins = [vec![vec![0.0; width]; used], vec![vec![0.0; width]; used]];
                for (place, sums) in pairs.iter().enumerate() {
                    let side = usize::from(cut.left >> (place / used) & 1 == 0);
                    bins[side][place % used].iter_mut().zip(sums).for_each(|(sum, value)| *sum += value);
                }
                for (side, bins) in sides.iter_mut().zip(bins) {
                    if let Some((value, cut)) = self.best_cut(&bins, other)
                        && value > side.value + 1e-9 * side.value.abs()
                    {
                        *side = Best { value, question: Some((below, cut)) };
                    }
                }
            }
        }
        let mut best: Option<(f64, usize, [Best; 2])> = None;
        for (cut, sides) in sides.into_iter().enumerate() {
            let Some(sides) = sides else { continue };
            let value = sides[0].value + sides[1].value;
            if best.as_ref().is_none_or(|(other, ..)| value > *other) {
                best = Some((value, cut, sides));
            }
        }
        best
    }

    /// Gives each leaf its arm by the cutting rows and its value by the others.
    fn measure(
        &self,
        columns: &[Column],
        rules: &[Rule],
        columns_searched: usize,
        measuring: &[u32],
        measured: &[Vec<f64>],
    ) -> PolicyTree {
        let rules_of: Vec<&Rule> = rules.iter().collect();
        let leaf_of =
            first_that_holds(&rules_of, columns).expect("rules are about the columns that they were cut from");
        let mut groups = vec![vec![0.0; self.arms() + 1]; rules.len()];
        for &row in self.rows {
            self.add(&mut groups[leaf_of[row as usize]], row);
        }
        let arm_of: Vec<usize> = groups.iter().map(|group| self.best_arm(group).1).collect();
        let net = |row: u32, arm: usize| measured[arm][row as usize] - self.cost[arm];
        let value = |row: u32| net(row, arm_of[leaf_of[row as usize]]);
        let leaf = |(leaf, rule): (usize, &Rule)| {
            let rows: Vec<u32> = measuring.iter().copied().filter(|&row| leaf_of[row as usize] == leaf).collect();
            PolicyLeaf {
                rule: rule.clone(),
                arm: arm_of[leaf],
                rows: rows.len(),
                share: rows.len() as f64 / measuring.len().max(1) as f64,
                value: Estimate::mean(rows.iter().map(|&row| value(row))),
                gain: Estimate::mean(rows.iter().map(|&row| value(row) - net(row, 0))),
            }
        };
        PolicyTree {
            leaves: rules.iter().enumerate().map(leaf).collect(),
            columns_searched,
            value: Estimate::mean(measuring.iter().map(|&row| value(row))),
            gain: Estimate::mean(measuring.iter().map(|&row| value(row) - net(row, 0))),
        }
    }
}

impl PolicyTree {
    /// The arm that each subject should be given.
    pub fn arms(&self, columns: &[Column]) -> Result<Vec<u32>, PredictError> {
        let rules: Vec<&Rule> = self.leaves.iter().map(|leaf| &leaf.rule).collect();
        let leaves = first_that_holds(&rules, columns)?;
        Ok(leaves.into_iter().map(|leaf| self.leaves[leaf].arm as u32).collect())
    }
}

#[cfg(test)]
mod tests {
    use learn::MISSING;

    use super::*;

    /// Arm 1 helps where x is above 5 and the zip is Rural, arm 2 where x is missing; elsewhere both hurt.
    fn scores(columns: &[Column]) -> Vec<Vec<f64>> {
        let rows = columns[0].rows();
        let (x, zip) = (crate::covariates::feature(&columns[0]), crate::covariates::feature(&columns[1]));
        let one = |row: usize| if x[row] > 5.0 && zip[row] == 0.0 { 1.0 } else { -1.0 };
        let two = |row: usize| if x[row].is_nan() { 2.0 } else { -1.0 };
        vec![vec![0.0; rows], (0..rows).map(one).collect(), (0..rows).map(two).collect()]
    }

    fn columns() -> Vec<Column> {
        let x = (0..2000).map(|row| if row % 10 == 9 { f32::NAN } else { (row % 10) as f32 }).collect();
        let zip = (0..2000).map(|row| if row % 7 == 0 { MISSING } else { row / 10 % 3 }).collect();
        let noise = (0..2000).map(|row| (row * 7919 % 100) as f32).collect();
        let levels = ["Rural", "Surburban", "Urban"].map(str::to_owned).to_vec();
        vec![Column::number("x", x), Column::category("zip", zip, levels), Column::number("noise", noise)]
    }

    #[test]
    fn the_best_tree_is_found_with_levels_and_missing_values() {
        let columns = columns();
        let scores = scores(&columns);
        let (cutting, measuring): (Vec<u32>, Vec<u32>) = (0..2000u32).partition(|row| row % 20 < 10);
        let tree = search(&columns, &cutting, &scores, &measuring, &scores, &[0.0, 0.2, 0.2]);
        let arms = tree.arms(&columns).expect("its own columns");
        let mean_of = |policy: &dyn Fn(usize) -> usize| {
            let net = |&row: &u32| {
                let arm = policy(row as usize);
                scores[arm][row as usize] - if arm > 0 { 0.2 } else { 0.0 }
            };
            measuring.iter().map(net).sum::<f64>() / 1000.0
        };
        let value = mean_of(&|row| arms[row] as usize);
        assert!((value - tree.value.value).abs() < 1e-9, "{value} {tree:?}");
        // Of depth two: missing x first, or x above 5 and then Rural; no tree has all three questions.
        let best = mean_of(&|row| (0..3).max_by(|&a, &b| scores[a][row].total_cmp(&scores[b][row])).unwrap_or(0));
        assert!(value > 0.6 * best && value <= best, "{value} {best} {tree:?}");
        assert!(tree.leaves.iter().all(|leaf| !leaf.rule.is_empty()));
        assert_eq!(tree.leaves.iter().map(|leaf| leaf.rows).sum::<usize>(), 1000);
    }

    #[test]
    fn it_is_as_good_as_the_best_of_all_trees_tried_one_by_one() {
        let columns = vec![columns().swap_remove(0), columns().swap_remove(2)];
        let noise = |row: u32, arm: u64| (learn::mix(arm, u64::from(row)) >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
        let scores: Vec<Vec<f64>> = (0..2).map(|arm| (0..2000).map(|row| noise(row, arm)).collect()).collect();
        let rows: Vec<u32> = (0..2000).collect();
        let tree = search(&columns, &rows, &scores, &rows, &scores, &[0.0; 2]);
        let coarse = Coarse::all(&columns, &rows);
        let all: Vec<(usize, Cut)> = columns
            .iter()
            .zip(&coarse)
            .enumerate()
            .flat_map(|(place, (column, coarse))| cuts(column, coarse).into_iter().map(move |cut| (place, cut)))
            .collect();
        let goes = |(place, cut): &(usize, Cut), row: u32| cut.left >> coarse[*place].codes[row as usize] & 1 == 1;
        let group =
            |rows: &[u32]| [0, 1].map(|arm: usize| rows.iter().map(|&row| scores[arm][row as usize]).sum::<f64>());
        let best_of = |rows: &[u32]| group(rows).into_iter().fold(f64::MIN, f64::max);
        let least = 40;
        let mut best = best_of(&rows);
        for root in &all {
            let (left, right): (Vec<u32>, Vec<u32>) = rows.iter().partition(|&&row| goes(root, row));
            if left.len() < least || right.len() < least {
                continue;
            }
            let below = |side: &[u32]| {
                let mut most = best_of(side);
                for cut in &all {
                    let (left, right): (Vec<u32>, Vec<u32>) = side.iter().partition(|&&row| goes(cut, row));
                    if left.len() >= least && right.len() >= least {
                        most = most.max(best_of(&left) + best_of(&right));
                    }
                }
                most
            };
            best = best.max(below(&left) + below(&right));
        }
        assert!((tree.value.value * 2000.0 - best).abs() < 1e-6, "{} {best}", tree.value.value * 2000.0);
    }
}
