//! From columns to features: numbers stay, a category becomes two numbers learned from the training rows.
//!
//! A level with `n` rows of which a share `TM` leaves is encoded as the log-odds of its smoothed mean,
//! `(TM * n + prior * alpha) / (n + alpha)` (Micci-Barreca 2001), and as its share of all rows. `prior` is the share of
//! leaving rows overall; `alpha` is [`SMOOTHING_SUBJECTS`] times the rows a subject has, because rows of one subject at many
//! cutoffs are little more evidence than one. A level not seen in training gets the prior and a share of 0.
//!
//! **Cross-fitting.** A training row whose own label is in its mean would teach the model to trust the mean too much. So
//! subjects are dealt into [`PARTS`] parts by hash, and a training row gets the mean of the other parts. It is by subject,
//! not by row: the same subject's row two weeks earlier knows the answer as well.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{Column, Dataset, MISSING, Values};
use crate::error::PredictError;
use crate::math::{logit, mix};

/// Subjects' worth of prior in a level's mean.
pub const SMOOTHING_SUBJECTS: f64 = 10.0;

/// Parts that training subjects are dealt into.
pub const PARTS: usize = 5;

/// Levels of at least this many subjects have one value for all their training rows.
pub const CROSS_FITTED_BELOW: f64 = 100.0;

/// How each input column becomes features; also the model's schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Encoder {
    /// In the order of the columns that it was fitted on.
    pub columns: Vec<EncodedColumn>,
}

/// How one input column becomes features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EncodedColumn {
    /// The column's name.
    pub name: String,
    /// What becomes of it.
    pub encoding: Encoding,
}

/// What becomes of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Encoding {
    /// One feature: the number itself.
    Number,
    /// Two features: log-odds and share.
    Category {
        /// Levels seen in training, by name.
        levels: Vec<Level>,
        /// What stands for a missing value.
        missing: Code,
        /// What stands for a level not seen in training.
        unseen: Code,
    },
}

/// A level of a category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// What stands for it.
    pub code: Code,
}

/// The two numbers that stand for a level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Code {
    /// Log-odds of the smoothed share of leaving rows.
    pub log_odds: f32,
    /// Share of training rows with this level.
    pub share: f32,
}

/// Weight and leaving weight of a level's training rows, in each part of the subjects.
type Tally = [(f64, f64); PARTS];

/// An encoder fitted on some rows of a table, and what it makes of all of them: rows it was fitted on are cross-fitted.
pub(crate) struct Fitted {
    pub(crate) encoder: Encoder,
    /// Features of the categories only, in the encoder's order.
    pub(crate) derived: Vec<Vec<f32>>,
}

/// Fits on `rows` of the dataset.
pub(crate) fn fit(dataset: &Dataset, rows: &[u32], seed: u64) -> Fitted {
    let (prior, alpha) = prior_and_alpha(dataset, rows);
    let each = |column: &Column| match &column.values {
        Values::Number(_) => (Encoding::Number, Vec::new()),
        Values::Category { codes, levels } => {
            let tallies = tally(dataset, rows, codes, levels.len(), seed);
            fit_category(dataset, rows, codes, levels, &tallies, prior, alpha, seed)
        }
    };
    let fitted: Vec<(Encoding, Vec<Vec<f32>>)> = dataset.columns.par_iter().map(each).collect();
    let (mut columns, mut derived) = (Vec::new(), Vec::new());
    for (column, (encoding, features)) in dataset.columns.iter().zip(fitted) {
        columns.push(EncodedColumn { name: column.name.clone(), encoding });
        derived.extend(features);
    }
    Fitted { encoder: Encoder { columns }, derived }
}

impl Encoder {
    /// The input column that each feature comes from.
    pub fn feature_columns(&self) -> Vec<usize> {
        let features = |column: &EncodedColumn| if matches!(column.encoding, Encoding::Number) { 1 } else { 2 };
        self.columns.iter().enumerate().flat_map(|(index, c)| std::iter::repeat_n(index, features(c))).collect()
    }

    /// Features of new rows, feature-major. Columns are found by name; others are ignored.
    pub(crate) fn encode<'a>(&self, columns: &'a [Column]) -> Result<Vec<Cow<'a, [f32]>>, PredictError> {
        let by_name: HashMap<&str, &Column> = columns.iter().map(|column| (column.name.as_str(), column)).collect();
        let mut features = Vec::new();
        for EncodedColumn { name, encoding } in &self.columns {
            let column = by_name.get(name.as_str());
            let column = column.ok_or_else(|| PredictError::MissingColumn { column: name.clone() })?;
            match (encoding, &column.values) {
                (Encoding::Number, Values::Number(values)) => features.push(Cow::Borrowed(values.as_slice())),
                (Encoding::Category { levels, missing, unseen }, Values::Category { codes, levels: names }) => {
                    let known: HashMap<&str, Code> = levels.iter().map(|l| (l.name.as_str(), l.code)).collect();
                    let by_code: Vec<Code> = names.iter().map(|n| *known.get(n.as_str()).unwrap_or(unseen)).collect();
                    let code = |&code: &u32| if code == MISSING { *missing } else { by_code[code as usize] };
                    features.push(codes.iter().map(|c| code(c).log_odds).collect());
                    features.push(codes.iter().map(|c| code(c).share).collect());
                }
                (encoding, _) => {
                    let expected = if matches!(encoding, Encoding::Number) { "number" } else { "category" };
                    return Err(PredictError::Kind { column: name.clone(), expected, found: column.kind() });
                }
            }
        }
        Ok(features)
    }
}

impl Fitted {
    /// All features of the table that the encoder was fitted on, feature-major.
    pub(crate) fn features<'a>(&'a self, dataset: &'a Dataset) -> Vec<&'a [f32]> {
        let mut derived = self.derived.iter();
        let mut features: Vec<&[f32]> = Vec::new();
        for column in &dataset.columns {
            match &column.values {
                Values::Number(values) => features.push(values),
                Values::Category { .. } => features.extend(derived.by_ref().take(2).map(Vec::as_slice)),
            }
        }
        features
    }
}

fn prior_and_alpha(dataset: &Dataset, rows: &[u32]) -> (f64, f64) {
    let (mut total, mut leaving) = (0.0, 0.0);
    let mut subjects = HashSet::new();
    for &row in rows {
        let weight = f64::from(dataset.weight(row));
        total += weight;
        leaving += if dataset.label[row as usize] { weight } else { 0.0 };
        subjects.insert(dataset.subject[row as usize]);
    }
    (leaving / f64::max(total, f64::MIN_POSITIVE), SMOOTHING_SUBJECTS * total / subjects.len().max(1) as f64)
}

fn part(dataset: &Dataset, row: u32, seed: u64) -> usize {
    (mix(seed, u64::from(dataset.subject[row as usize])) % PARTS as u64) as usize
}

/// Where a code's tally is: missing comes after all levels.
fn slot(code: u32, levels: usize) -> usize {
    if code == MISSING { levels } else { code as usize }
}

fn tally(dataset: &Dataset, rows: &[u32], codes: &[u32], levels: usize, seed: u64) -> Vec<Tally> {
    let mut tallies = vec![[(0.0, 0.0); PARTS]; levels + 1];
    for &row in rows {
        let weight = f64::from(dataset.weight(row));
        let (n, leaving) = &mut tallies[slot(codes[row as usize], levels)][part(dataset, row, seed)];
        *n += weight;
        *leaving += if dataset.label[row as usize] { weight } else { 0.0 };
    }
    tallies
}

/// Log-odds of the smoothed mean, without one part where it is named.
fn smoothed(tally: &Tally, without: Option<usize>, prior: f64, alpha: f64) -> f32 {
    let (mut n, mut leaving) = (0.0, 0.0);
    for (part, counts) in tally.iter().enumerate() {
        if Some(part) != without {
            n += counts.0;
            leaving += counts.1;
        }
    }
    logit((leaving + prior * alpha) / (n + alpha)) as f32
}

#[allow(clippy::too_many_arguments)] // One column's counts and the constants shared by all columns.
fn fit_category(
    dataset: &Dataset,
    rows: &[u32],
    codes: &[u32],
    levels: &[String],
    tallies: &[Tally],
    prior: f64,
    alpha: f64,
    seed: u64,
) -> (Encoding, Vec<Vec<f32>>) {
    let weight_of = |tally: &Tally| tally.iter().map(|counts| counts.0).sum::<f64>();
    let total: f64 = tallies.iter().map(weight_of).sum();
    let by_slot: Vec<Code> = tallies
        .iter()
        .map(|tally| Code { log_odds: smoothed(tally, None, prior, alpha), share: (weight_of(tally) / total) as f32 })
        .collect();
    let code_of = |row: usize| by_slot[slot(codes[row], levels.len())];
    let mut log_odds: Vec<f32> = (0..codes.len()).map(|row| code_of(row).log_odds).collect();
    // `alpha` is `SMOOTHING_SUBJECTS` in rows.
    let cross_fitted_below = CROSS_FITTED_BELOW / SMOOTHING_SUBJECTS * alpha;
    for &row in rows {
        let tally = &tallies[slot(codes[row as usize], levels.len())];
        if weight_of(tally) < cross_fitted_below {
            log_odds[row as usize] = smoothed(tally, Some(part(dataset, row, seed)), prior, alpha);
        }
    }
    let share = (0..codes.len()).map(|row| code_of(row).share).collect();
    let unseen = Code { log_odds: logit(prior) as f32, share: 0.0 };
    let seen = levels.iter().zip(tallies).zip(&by_slot).filter(|((_, tally), _)| weight_of(tally) > 0.0);
    let levels_seen = seen.map(|((name, _), &code)| Level { name: name.clone(), code }).collect();
    let missing = by_slot[levels.len()];
    (Encoding::Category { levels: levels_seen, missing, unseen }, vec![log_odds, share])
}

#[cfg(test)]
mod tests {
    use domain::{Cutoff, Day};

    use super::*;

    fn dataset(codes: Vec<u32>, levels: &[&str], label: Vec<bool>, subject: Vec<u32>) -> Dataset {
        let levels = levels.iter().map(|&level| level.to_owned()).collect();
        let cutoff = vec![Cutoff(Day(0)); label.len()];
        Dataset { columns: vec![Column::category("c", codes, levels)], label, cutoff, subject, weight: None }
    }

    #[test]
    fn a_level_is_its_smoothed_mean_and_a_new_one_the_prior() {
        let data = dataset(vec![0, 0, 1, MISSING], &["a", "b"], vec![true, true, false, false], vec![0, 1, 2, 3]);
        let fitted = fit(&data, &[0, 1, 2, 3], 1);
        let new = [Column::category("c", vec![1, 0, MISSING], vec!["z".into(), "a".into()])];
        let features = fitted.encoder.encode(&new).expect("same schema");
        let expected = |leaving: f64, n: f64| logit((leaving + 0.5 * 10.0) / (n + 10.0)) as f32;
        // Code 1 is "a" here, code 0 is "z" that was never seen.
        assert_eq!(*features[0], [expected(2.0, 2.0), expected(0.0, 0.0), expected(0.0, 1.0)]);
        assert_eq!(*features[1], [0.5, 0.0, 0.25]);
        assert_eq!(fitted.encoder.feature_columns(), [0, 0]);
    }

    #[test]
    fn a_key_of_the_subject_says_nothing_of_its_own_rows() {
        // Each subject has its own level and ten rows that all say the same.
        let subject: Vec<u32> = (0..500).map(|row| row / 10).collect();
        let label: Vec<bool> = subject.iter().map(|subject| subject % 3 == 0).collect();
        let names: Vec<String> = (0..50).map(|level| level.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let data = dataset(subject.clone(), &names, label, subject);
        let fitted = fit(&data, &(0..500).collect::<Vec<_>>(), 3);
        let first = fitted.derived[0][0];
        assert!(fitted.derived[0].iter().all(|&value| value == first), "the mean knows its own subject");
    }

    #[test]
    fn a_level_of_many_subjects_has_one_value() {
        let label: Vec<bool> = (0..300).map(|row| row % 7 == 0).collect();
        let codes = (0..300).map(|row| u32::from(row >= 250)).collect();
        let data = dataset(codes, &["many", "few"], label, (0..300).collect());
        let fitted = fit(&data, &(0..300).collect::<Vec<_>>(), 1);
        let (many, few) = fitted.derived[0].split_at(250);
        assert!(many.iter().all(|&value| value == many[0]));
        assert!(few.iter().any(|&value| value != few[0]));
    }

    #[test]
    fn rows_outside_the_fold_do_not_move_it() {
        let codes: Vec<u32> = (0..40).map(|row| row % 2).collect();
        let label: Vec<bool> = (0..40).map(|row| row % 4 == 0).collect();
        let one = dataset(codes.clone(), &["a", "b"], label.clone(), (0..40).collect());
        let flipped = label.iter().enumerate().map(|(row, &l)| if row < 20 { l } else { !l }).collect();
        let other = dataset(codes, &["a", "b"], flipped, (0..40).collect());
        let rows: Vec<u32> = (0..20).collect();
        assert_eq!(fit(&one, &rows, 1).derived, fit(&other, &rows, 1).derived);
    }
}
