//! Categories that say more together than each alone: a pair or triple of levels as one level.
//!
//! **Which.** For each pair of the categories that tell most alone, a logistic model of the two cross-fitted means is fitted
//! with and without the cross-fitted mean of the pair. A pair is kept where that lowers the total log-loss of the training
//! rows by more than [`MIN_GAIN`] nats, the best [`MOST_PAIRS`] of them; a kept pair is tried with each third category
//! the same way. Means know no label of their own part, so that the gain is what the pair would bring elsewhere. Whether
//! a model with what is kept is better than one without is decided by rows apart, as for any candidate.

use std::collections::HashMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::means::{Learned, Training};
use crate::data::{Column, MISSING, Values};
use crate::error::PredictError;
use crate::math::{falls_into, margin_loss, mix, sigmoid};

/// Subjects that a set of levels needs to be one; the others share one.
const MIN_SUBJECTS: f64 = 10.0;

/// Categories that are looked at, those that tell most.
const MOST_CATEGORIES: usize = 12;

/// Fall in the training rows' total log-loss, in nats: a likelihood ratio that chance gives one of a thousand pairs.
const MIN_GAIN: f64 = 6.0;

/// Kept pairs, at most, and triples.
const MOST_PAIRS: usize = 6;
const MOST_TRIPLES: usize = 3;

/// Training rows that gains are estimated on, about.
const GAIN_ROWS: f64 = 30_000.0;

/// What sets of levels stand for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cross {
    /// The categories.
    pub columns: Vec<String>,
    /// Sets of levels that are frequent, one of each category, with the log-odds of their smoothed means; nothing stands for
    /// a missing value.
    pub levels: Vec<(Vec<Option<String>>, f32)>,
    /// What stands for any other set.
    pub rest: f32,
}

/// A category of the table.
struct Category<'a> {
    name: &'a str,
    codes: &'a [u32],
    levels: &'a [String],
    /// Its cross-fitted log-odds at the rows that gains are estimated on.
    alone: Vec<f64>,
}

/// Sets of levels of some categories, as codes of the table's rows.
struct Sets {
    codes: Vec<u32>,
    /// Codes of the categories of each set.
    members: Vec<Vec<u32>>,
}

/// Training rows with labels, to see what features are worth.
struct Screen<'a> {
    training: Training<'a>,
    rows: Vec<u32>,
    label: Vec<bool>,
}

/// Crosses worth trying, each with its feature; the strongest first.
pub(super) fn fit(training: &Training<'_>) -> Vec<(Cross, Learned)> {
    let screen = Screen::new(training);
    let categories = screen.categories();
    let pairs: Vec<Vec<usize>> =
        (0..categories.len()).flat_map(|a| (a + 1..categories.len()).map(move |b| vec![a, b])).collect();
    let kept = screen.strongest(&categories, pairs, MOST_PAIRS);
    let mut triples: Vec<Vec<usize>> = Vec::new();
    for pair in &kept {
        for third in (0..categories.len()).filter(|third| !pair.contains(third)) {
            let mut triple = [pair.as_slice(), &[third]].concat();
            triple.sort_unstable();
            if !triples.contains(&triple) {
                triples.push(triple);
            }
        }
    }
    let triples = screen.strongest(&categories, triples, MOST_TRIPLES);
    kept.iter().chain(&triples).map(|members| cross(training, &categories, members)).collect()
}

impl Cross {
    /// What stands for each row of new columns, in the order of [`Cross::columns`].
    pub(super) fn log_odds(&self, columns: &[&Column]) -> Result<Vec<f32>, PredictError> {
        let mut codes_and_levels = Vec::new();
        for column in columns {
            let Values::Category { codes, levels } = &column.values else {
                let (column, found) = (column.name.clone(), column.kind());
                return Err(PredictError::Kind { column, expected: "category", found });
            };
            codes_and_levels.push((codes, levels));
        }
        let known: HashMap<Vec<Option<&str>>, f32> = self
            .levels
            .iter()
            .map(|(levels, log_odds)| (levels.iter().map(Option::as_deref).collect(), *log_odds))
            .collect();
        let of_row = |row: usize| {
            let mut set: Vec<Option<&str>> = Vec::with_capacity(codes_and_levels.len());
            for &(codes, levels) in &codes_and_levels {
                set.push((codes[row] != MISSING).then(|| levels[codes[row] as usize].as_str()));
            }
            known.get(&set).copied().unwrap_or(self.rest)
        };
        Ok((0..columns[0].rows()).into_par_iter().map(of_row).collect())
    }
}

impl<'a> Screen<'a> {
    fn new(training: &Training<'a>) -> Self {
        let share = GAIN_ROWS / training.rows.len().max(1) as f64;
        let is_drawn = |row: u32| share >= 1.0 || falls_into(mix(training.seeds[0], u64::from(row)), share);
        let rows: Vec<u32> = training.rows.iter().copied().filter(|&row| is_drawn(row)).collect();
        let label = rows.iter().map(|&row| training.dataset.label[row as usize]).collect();
        Self { training: training.once(), rows, label }
    }

    /// By how much one more feature lowers the log-loss of all training rows, in nats.
    fn gain(&self, before: &[&[f64]], more: &[f64]) -> f64 {
        let after: Vec<&[f64]> = before.iter().copied().chain([more]).collect();
        let scale = self.training.rows.len() as f64 / self.rows.len().max(1) as f64;
        scale * (logistic_loss(before, &self.label) - logistic_loss(&after, &self.label))
    }

    /// Cross-fitted log-odds of the rows.
    fn log_odds(&self, codes: &[u32], levels: usize) -> Vec<f64> {
        let learned = self.training.means(codes, levels).by_row;
        self.rows.iter().map(|&row| f64::from(learned.values[row as usize])).collect()
    }

    /// The categories that tell most alone, in the table's order.
    fn categories(&self) -> Vec<Category<'a>> {
        let each = |(index, column): (usize, &'a Column)| {
            let Values::Category { codes, levels } = &column.values else { return None };
            let alone = self.log_odds(codes, levels.len());
            let gain = self.gain(&[], &alone);
            (gain > 0.0).then_some((gain, index, Category { name: &column.name, codes, levels, alone }))
        };
        let mut found: Vec<(f64, usize, Category<'a>)> =
            self.training.dataset.columns.par_iter().enumerate().filter_map(each).collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(MOST_CATEGORIES);
        found.sort_by_key(|&(_, index, _)| index);
        found.into_iter().map(|(_, _, category)| category).collect()
    }

    /// Those of the candidates that gain most over their categories alone.
    fn strongest(&self, categories: &[Category<'_>], candidates: Vec<Vec<usize>>, most: usize) -> Vec<Vec<usize>> {
        let of_candidate = |members: Vec<usize>| {
            let sets = sets(&self.training, categories, &members);
            let together = self.log_odds(&sets.codes, sets.members.len() + 1);
            let alone: Vec<&[f64]> = members.iter().map(|&member| categories[member].alone.as_slice()).collect();
            (self.gain(&alone, &together), members)
        };
        let mut gains: Vec<(f64, Vec<usize>)> = candidates.into_par_iter().map(of_candidate).collect();
        gains.retain(|(gain, _)| *gain > MIN_GAIN);
        gains.sort_by(|a, b| b.0.total_cmp(&a.0));
        gains.truncate(most);
        gains.into_iter().map(|(_, members)| members).collect()
    }
}

fn sets(training: &Training<'_>, categories: &[Category<'_>], members: &[usize]) -> Sets {
    let key = |row: u32| -> Vec<u32> { members.iter().map(|&member| categories[member].codes[row as usize]).collect() };
    let mut counts: HashMap<Vec<u32>, f64> = HashMap::new();
    for &row in training.rows {
        *counts.entry(key(row)).or_default() += 1.0;
    }
    let least = training.rows_of(MIN_SUBJECTS);
    let mut frequent: Vec<Vec<u32>> =
        counts.into_iter().filter(|(_, count)| *count >= least).map(|(set, _)| set).collect();
    frequent.sort_unstable();
    let place: HashMap<&[u32], u32> =
        frequent.iter().enumerate().map(|(index, set)| (set.as_slice(), index as u32)).collect();
    let rows = 0..categories[members[0]].codes.len() as u32;
    let codes = rows.map(|row| place.get(key(row).as_slice()).copied().unwrap_or(frequent.len() as u32)).collect();
    Sets { codes, members: frequent }
}

fn cross(training: &Training<'_>, categories: &[Category<'_>], members: &[usize]) -> (Cross, Learned) {
    let sets = sets(training, categories, members);
    let means = training.means(&sets.codes, sets.members.len() + 1);
    let name =
        |(&member, &code): (&usize, &u32)| (code != MISSING).then(|| categories[member].levels[code as usize].clone());
    let levels = sets.members.iter().zip(&means.log_odds);
    let cross = Cross {
        columns: members.iter().map(|&member| categories[member].name.to_owned()).collect(),
        levels: levels.map(|(set, &log_odds)| (members.iter().zip(set).map(name).collect(), log_odds)).collect(),
        rest: means.log_odds[sets.members.len()],
    };
    (cross, means.by_row)
}

/// The least total log-loss of a logistic model of a few features, by Newton's method with halved steps.
fn logistic_loss(features: &[&[f64]], label: &[bool]) -> f64 {
    let width = features.len() + 1;
    let value = |row: usize, index: usize| if index == 0 { 1.0 } else { features[index - 1][row] };
    let margin = |weights: &[f64], row: usize| -> f64 {
        weights.iter().enumerate().map(|(index, weight)| weight * value(row, index)).sum()
    };
    let loss_of = |weights: &[f64]| -> f64 {
        label.iter().enumerate().map(|(row, &label)| margin_loss(margin(weights, row), label)).sum()
    };
    let mut weights = vec![0.0; width];
    let mut loss = loss_of(&weights);
    for _ in 0..25 {
        let (mut gradient, mut hessian) = (vec![0.0; width], vec![0.0; width * width]);
        for (row, &label) in label.iter().enumerate() {
            let p = sigmoid(margin(&weights, row));
            for i in 0..width {
                gradient[i] += (p - f64::from(u8::from(label))) * value(row, i);
                for j in 0..=i {
                    hessian[i * width + j] += p * (1.0 - p) * value(row, i) * value(row, j);
                }
            }
        }
        // A thousandth of a row of ridge keeps features that say the same apart.
        (0..width).for_each(|i| hessian[i * width + i] += 1e-3);
        let step = solve(&mut hessian, gradient);
        let mut length = 1.0;
        let better = loop {
            let tried: Vec<f64> = weights.iter().zip(&step).map(|(weight, step)| weight - length * step).collect();
            let now = loss_of(&tried);
            if now < loss - 1e-6 {
                break Some((tried, now));
            }
            length /= 2.0;
            if length < 1e-3 {
                break None;
            }
        };
        let Some((tried, now)) = better else { break };
        (weights, loss) = (tried, now);
    }
    loss
}

/// Solves `A x = b` for a symmetric positive `A`, of which the lower half is given, by Cholesky's decomposition.
fn solve(a: &mut [f64], mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| a[i * n + k] * a[j * n + k]).sum();
            let left = a[i * n + j] - dot;
            a[i * n + j] = if i == j { left.max(f64::MIN_POSITIVE).sqrt() } else { left / a[j * n + j] };
        }
        let dot: f64 = (0..i).map(|k| a[i * n + k] * b[k]).sum();
        b[i] = (b[i] - dot) / a[i * n + i];
    }
    for i in (0..n).rev() {
        let dot: f64 = (i + 1..n).map(|k| a[k * n + i] * b[k]).sum();
        b[i] = (b[i] - dot) / a[i * n + i];
    }
    b
}

#[cfg(test)]
mod tests {
    use domain::{Cutoff, Day};

    use super::*;
    use crate::data::Dataset;

    /// Two coins of which only both together tell, one that says nothing, and the label.
    fn coins(rows: u32, is_planted: bool) -> Dataset {
        let coin = |index: u64| (0..rows).map(move |row| (mix(index, u64::from(row)) % 4) as u32).collect::<Vec<_>>();
        let (a, b, c) = (coin(1), coin(2), coin(3));
        let chance = |row: usize| if is_planted && (a[row] + b[row]) % 2 == 0 { 0.5 } else { 0.25 };
        let label: Vec<bool> = (0..rows as usize).map(|row| falls_into(mix(9, row as u64), chance(row))).collect();
        let names = || ["p", "q", "r", "s"].map(str::to_owned).to_vec();
        let columns = [("a", a), ("b", b), ("c", c)].map(|(name, codes)| Column::category(name, codes, names()));
        let cutoff = vec![Cutoff(Day(0)); rows as usize];
        Dataset { columns: columns.into(), label, cutoff, subject: (0..rows).collect(), weight: None }
    }

    #[test]
    fn what_tells_only_together_is_found_and_nothing_else() {
        let data = coins(4000, true);
        let rows: Vec<u32> = (0..4000).collect();
        let found = fit(&Training::new(&data, &rows, 2, 1));
        assert_eq!(found[0].0.columns, ["a", "b"]);
        assert_eq!(found[0].0.levels.len(), 16);
        assert_eq!(found[0].1.dealt.len(), 1);
        let noise = coins(4000, false);
        assert!(fit(&Training::new(&noise, &rows, 1, 1)).is_empty());
    }

    #[test]
    fn a_cross_knows_levels_by_name_and_the_rest_as_one() {
        let data = coins(4000, true);
        let rows: Vec<u32> = (0..4000).collect();
        let (cross, _) = fit(&Training::new(&data, &rows, 1, 1)).remove(0);
        let reversed = || ["s", "r", "q", "p", "new"].map(str::to_owned).to_vec();
        let a = Column::category("a", vec![3, 4, MISSING], reversed());
        let b = Column::category("b", vec![2, 2, 2], reversed());
        let found = cross.log_odds(&[&a, &b]).expect("categories");
        let p_q = vec![Some("p".to_owned()), Some("q".to_owned())];
        let expected = cross.levels.iter().find(|(levels, _)| *levels == p_q).expect("frequent").1;
        assert_eq!(found, [expected, cross.rest, cross.rest]);
    }
}
