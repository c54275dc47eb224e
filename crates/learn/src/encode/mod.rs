//! From columns to features: numbers learned from the training rows stand for what is no number.
//!
//! - A **category** becomes two features: the log-odds of its level's smoothed mean ([`means`]) and the level's share of all
//!   rows. A level not seen in training gets the prior and a share of 0.
//! - A **number** stays. Where its values repeat, what each of them says of leaving is a feature too ([`repeated`]).
//! - **Categories that say more together** than each alone become a column of their own, with one feature ([`cross`]).
//!
//! Training rows see means of other subjects only. To add an encoding: a file here, a variant of [`Encoding`].

mod cross;
mod means;
mod repeated;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use self::cross::Cross;
pub(crate) use self::means::Learned;
use self::means::Training;
pub use self::means::{CROSS_FITTED_BELOW, PARTS, SMOOTHING_SUBJECTS};
pub use self::repeated::Repeated;
use crate::data::{Column, Dataset, MISSING, Values};
use crate::error::PredictError;

/// How each input column becomes features; also the model's schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Encoder {
    /// In the order of the columns that it was fitted on, then crosses of categories.
    pub columns: Vec<EncodedColumn>,
}

/// How one input column becomes features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EncodedColumn {
    /// The column's name; that of a cross is made of the names of its categories.
    pub name: String,
    /// What becomes of it.
    pub encoding: Encoding,
}

/// What becomes of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Encoding {
    /// One feature: the number itself.
    Number,
    /// Three features: the number itself, log-odds and share of its value.
    Repeated(Repeated),
    /// Two features: log-odds and share.
    Category {
        /// Levels seen in training, by name.
        levels: Vec<Level>,
        /// What stands for a missing value.
        missing: Code,
        /// What stands for a level not seen in training.
        unseen: Code,
    },
    /// One feature of several columns: the log-odds of their levels together.
    Cross(Cross),
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

/// What is learned of columns beyond one mean a level: each holds what those before it hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Extras {
    /// Nothing.
    None,
    /// Values of numbers that repeat are levels, too.
    Repeated,
    /// So are levels of several categories together.
    Crossed,
}

impl Extras {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Repeated, Self::Crossed];
}

impl fmt::Display for Extras {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "",
            Self::Repeated => ", values as levels",
            Self::Crossed => ", values and pairs as levels",
        })
    }
}

/// An encoder fitted on some rows of a table, and what it makes of all of them: rows it was fitted on are cross-fitted.
pub(crate) struct Fitted {
    pub(crate) encoder: Encoder,
    /// Features that are not numbers of the table itself, in the encoder's order.
    pub(crate) derived: Vec<Learned>,
}

/// Fits on `rows` of the dataset.
///
/// A column of `directed` must rise or fall with its number: its values are never levels.
pub(crate) fn fit(
    dataset: &Dataset,
    rows: &[u32],
    extras: Extras,
    directed: &[&str],
    dealings: usize,
    seed: u64,
) -> Fitted {
    let training = Training::new(dataset, rows, dealings, seed);
    let each = |column: &Column| match &column.values {
        Values::Number(numbers) if extras >= Extras::Repeated && !directed.contains(&column.name.as_str()) => {
            match Repeated::fit(&training, numbers) {
                Some((repeated, learned)) => (Encoding::Repeated(repeated), Vec::from(learned)),
                None => (Encoding::Number, Vec::new()),
            }
        }
        Values::Number(_) => (Encoding::Number, Vec::new()),
        Values::Category { codes, levels } => category(&training, codes, levels),
    };
    let fitted: Vec<(Encoding, Vec<Learned>)> = dataset.columns.par_iter().map(each).collect();
    let (mut columns, mut derived) = (Vec::new(), Vec::new());
    for (column, (encoding, features)) in dataset.columns.iter().zip(fitted) {
        columns.push(EncodedColumn { name: column.name.clone(), encoding });
        derived.extend(features);
    }
    if extras >= Extras::Crossed {
        for (cross, feature) in cross::fit(&training) {
            columns.push(EncodedColumn { name: cross.columns.join(" × "), encoding: Encoding::Cross(cross) });
            derived.push(feature);
        }
    }
    Fitted { encoder: Encoder { columns }, derived }
}

fn category(training: &Training<'_>, codes: &[u32], levels: &[String]) -> (Encoding, Vec<Learned>) {
    let means = training.means(codes, levels.len());
    let share = means.share_by_row(codes);
    let seen = levels.iter().enumerate().filter(|&(slot, _)| means.share[slot] > 0.0);
    let known = seen.map(|(slot, name)| Level { name: name.clone(), code: means.code(slot) }).collect();
    let unseen = Code { log_odds: training.unseen(), share: 0.0 };
    let encoding = Encoding::Category { levels: known, missing: means.code(levels.len()), unseen };
    (encoding, vec![means.by_row, share])
}

impl Encoding {
    /// Whether the first feature is the column itself.
    fn keeps_number(&self) -> bool {
        matches!(self, Self::Number | Self::Repeated(_))
    }

    /// Features besides the column itself.
    fn derived(&self) -> usize {
        match self {
            Self::Number => 0,
            Self::Cross(_) => 1,
            Self::Repeated(_) | Self::Category { .. } => 2,
        }
    }
}

impl EncodedColumn {
    /// Whether the table's column holds numbers.
    pub fn is_number(&self) -> bool {
        self.encoding.keeps_number()
    }
}

impl Encoder {
    /// The table's own columns, without crosses.
    pub fn inputs(&self) -> impl Iterator<Item = &EncodedColumn> {
        self.columns.iter().filter(|column| !matches!(column.encoding, Encoding::Cross(_)))
    }

    /// For each of [`Encoder::columns`], the places of the inputs it stands for: its own, or those of a cross's categories.
    pub(crate) fn members(&self) -> Vec<Vec<usize>> {
        let place = |name: &String| self.inputs().position(|input| input.name == *name);
        let of_column = |(index, column): (usize, &EncodedColumn)| match &column.encoding {
            Encoding::Cross(cross) => cross.columns.iter().filter_map(place).collect(),
            Encoding::Number | Encoding::Repeated(_) | Encoding::Category { .. } => vec![index],
        };
        self.columns.iter().enumerate().map(of_column).collect()
    }

    /// The column that each feature comes from.
    pub fn feature_columns(&self) -> Vec<usize> {
        let features = |encoding: &Encoding| usize::from(encoding.keeps_number()) + encoding.derived();
        let columns = self.columns.iter().enumerate();
        columns.flat_map(|(index, column)| std::iter::repeat_n(index, features(&column.encoding))).collect()
    }

    /// The name of the number column that each feature is; nothing for what was learned from one.
    pub(crate) fn number_names(&self) -> Vec<Option<&str>> {
        self.lay_out(|column| Some(column.name.as_str()), |_| None)
    }

    /// One item a feature: `number` for a column itself, `learned` for what was learned from one.
    pub(crate) fn lay_out<'a, T>(
        &'a self,
        mut number: impl FnMut(&'a EncodedColumn) -> T,
        mut learned: impl FnMut(&'a EncodedColumn) -> T,
    ) -> Vec<T> {
        let mut items = Vec::new();
        for column in &self.columns {
            if column.encoding.keeps_number() {
                items.push(number(column));
            }
            for _ in 0..column.encoding.derived() {
                items.push(learned(column));
            }
        }
        items
    }

    /// Which features a learner with these extras may use.
    pub(crate) fn usable(&self, extras: Extras) -> Vec<bool> {
        let learned = |column: &EncodedColumn| match column.encoding {
            Encoding::Number | Encoding::Category { .. } => true,
            Encoding::Repeated(_) => extras >= Extras::Repeated,
            Encoding::Cross(_) => extras >= Extras::Crossed,
        };
        self.lay_out(|_| true, learned)
    }

    /// Features of new rows, feature-major. Columns are found by name; others are ignored.
    pub(crate) fn encode<'a>(&self, columns: &'a [Column]) -> Result<Vec<Cow<'a, [f32]>>, PredictError> {
        let by_name: HashMap<&str, &Column> = columns.iter().map(|column| (column.name.as_str(), column)).collect();
        let named = |name: &String| -> Result<&'a Column, PredictError> {
            let column = by_name.get(name.as_str()).copied();
            column.ok_or_else(|| PredictError::MissingColumn { column: name.clone() })
        };
        let mut features = Vec::new();
        for EncodedColumn { name, encoding } in &self.columns {
            if let Encoding::Cross(cross) = encoding {
                let columns = cross.columns.iter().map(named).collect::<Result<Vec<_>, _>>()?;
                features.push(Cow::Owned(cross.log_odds(&columns)?));
                continue;
            }
            let column = named(name)?;
            match (encoding, &column.values) {
                (Encoding::Number, Values::Number(values)) => features.push(Cow::Borrowed(values.as_slice())),
                (Encoding::Repeated(repeated), Values::Number(values)) => {
                    features.push(Cow::Borrowed(values.as_slice()));
                    let codes: Vec<Code> = values.iter().map(|&value| repeated.code(value)).collect();
                    features.push(codes.iter().map(|code| code.log_odds).collect());
                    features.push(codes.iter().map(|code| code.share).collect());
                }
                (Encoding::Category { levels, missing, unseen }, Values::Category { codes, levels: names }) => {
                    let known: HashMap<&str, Code> = levels.iter().map(|l| (l.name.as_str(), l.code)).collect();
                    let by_code: Vec<Code> = names.iter().map(|n| *known.get(n.as_str()).unwrap_or(unseen)).collect();
                    let code = |&code: &u32| if code == MISSING { *missing } else { by_code[code as usize] };
                    features.push(codes.iter().map(|c| code(c).log_odds).collect());
                    features.push(codes.iter().map(|c| code(c).share).collect());
                }
                (encoding, _) => {
                    let expected = if encoding.keeps_number() { "number" } else { "category" };
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
        let mut derived = self.derived.iter().map(|learned| learned.values.as_slice());
        let mut numbers = dataset.columns.iter().filter_map(|column| match &column.values {
            Values::Number(values) => Some(values.as_slice()),
            Values::Category { .. } => None,
        });
        let missing = "the encoder was fitted on this table";
        self.encoder.lay_out(|_| numbers.next().expect(missing), |_| derived.next().expect(missing))
    }
}

#[cfg(test)]
mod tests {
    use domain::{Cutoff, Day};

    use super::*;
    use crate::math::logit;

    fn dataset(codes: Vec<u32>, levels: &[&str], label: Vec<bool>, subject: Vec<u32>) -> Dataset {
        let levels = levels.iter().map(|&level| level.to_owned()).collect();
        let cutoff = vec![Cutoff(Day(0)); label.len()];
        Dataset { columns: vec![Column::category("c", codes, levels)], label, cutoff, subject, weight: None }
    }

    #[test]
    fn a_level_is_its_smoothed_mean_and_a_new_one_the_prior() {
        let data = dataset(vec![0, 0, 1, MISSING], &["a", "b"], vec![true, true, false, false], vec![0, 1, 2, 3]);
        let fitted = fit(&data, &[0, 1, 2, 3], Extras::None, &[], 1, 1);
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
        let fitted = fit(&data, &(0..500).collect::<Vec<_>>(), Extras::None, &[], 1, 3);
        let means = &fitted.derived[0].values;
        let first = means[0];
        assert!(means.iter().all(|&value| value == first), "the mean knows its own subject");
    }

    #[test]
    fn a_level_of_many_subjects_has_one_value() {
        let label: Vec<bool> = (0..3000).map(|row| row % 7 == 0).collect();
        let codes = (0..3000).map(|row| u32::from(row >= 2500)).collect();
        let data = dataset(codes, &["many", "few"], label, (0..3000).collect());
        let fitted = fit(&data, &(0..3000).collect::<Vec<_>>(), Extras::None, &[], 1, 1);
        let (many, few) = fitted.derived[0].values.split_at(2500);
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
        let means = |data| fit(data, &rows, Extras::None, &[], 1, 1).derived.remove(0).values;
        assert_eq!(means(&one), means(&other));
    }
}
