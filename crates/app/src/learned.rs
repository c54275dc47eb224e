//! What a model of a flat table knows of each column: what is usual in it, and which levels it has seen.
//!
//! Rows to score come in files of any size, so that what is usual is that of the rows learned from. A level never seen
//! is scored as if nothing were known of it, which is right now and then and doubtful in many rows. How many to expect
//! follows from the levels that stood in one row only (Good and Turing): their share of the rows is about the chance that
//! the next row brings a new one.

use std::collections::{BTreeMap, HashSet};

use asof::{FeatureColumn, NO_LEVEL, Snapshot, Spec};
use domain::{Probability, writing};
use narrate::{Message, Narrator};
use serde::{Deserialize, Serialize};

/// Rows with new levels that are no cause for a warning, beyond those to expect.
const MOST_UNSEEN: f64 = 0.05;
/// A column that is empty in so many rows, and was not in half of those learned from, is told of.
const EMPTIED: f64 = 0.95;
/// Fewer rows say nothing about shares.
const LEAST_ROWS: usize = 20;
/// Values so many times as large as those learned from, or as small, are in another unit or were read with the wrong sign.
const OTHER_SCALE: f32 = 30.0;
/// Levels that a warning names.
const MOST_NAMED: usize = 3;

/// What is known of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearnedColumn {
    /// The median of a number.
    pub typical: Option<f32>,
    /// The median size of a number that is not zero.
    pub scale: Option<f32>,
    /// Share of the rows where it is empty.
    pub empty: f64,
    /// Levels of a category, ascending.
    pub levels: Vec<String>,
    /// Share of the rows whose level no other row has.
    pub seen_once: f64,
}

/// What is known of every feature of a flat table, by its name.
pub type LearnedColumns = BTreeMap<String, LearnedColumn>;

/// Looks at the rows that a model learns from, which are of one cutoff.
pub(crate) fn learned(specs: &[Spec], snapshot: &Snapshot) -> LearnedColumns {
    let rows = snapshot.rows.len().max(1) as f64;
    let cutoff = snapshot.rows.first().map(|row| row.cutoff);
    let of = |(index, column): (usize, &FeatureColumn)| match column {
        FeatureColumn::Number(values) => LearnedColumn {
            typical: cutoff.and_then(|cutoff| snapshot.typical(index, cutoff)),
            scale: scale(values),
            empty: values.iter().filter(|value| value.is_nan()).count() as f64 / rows,
            levels: Vec::new(),
            seen_once: 0.0,
        },
        FeatureColumn::Category { codes, levels } => {
            let counts = counts(codes, levels.len());
            let known: usize = counts.iter().sum();
            LearnedColumn {
                typical: None,
                scale: None,
                empty: 1.0 - known as f64 / rows,
                levels: levels.iter().zip(&counts).filter(|&(_, &count)| count > 0).map(|(l, _)| l.clone()).collect(),
                seen_once: counts.iter().filter(|&&count| count == 1).count() as f64 / rows,
            }
        }
    };
    let names = specs.iter().map(|spec| spec.name.clone());
    names.zip(snapshot.columns.iter().enumerate().map(of)).collect()
}

/// The median size of what is neither zero nor missing; nothing of too few values.
fn scale(values: &[f32]) -> Option<f32> {
    let mut sizes: Vec<f32> = values.iter().map(|value| value.abs()).filter(|size| *size > 0.0).collect();
    if sizes.len() < LEAST_ROWS {
        return None;
    }
    let middle = sizes.len() / 2;
    Some(*sizes.select_nth_unstable_by(middle, f32::total_cmp).1)
}

fn counts(codes: &[u32], levels: usize) -> Vec<usize> {
    let mut counts = vec![0; levels];
    for &code in codes.iter().filter(|&&code| code != NO_LEVEL) {
        counts[code as usize] += 1;
    }
    counts
}

/// What makes scores doubtful, of the columns that the model uses.
pub(crate) fn doubts(
    known: &LearnedColumns,
    used: &HashSet<&str>,
    specs: &[Spec],
    snapshot: &Snapshot,
    words: &Narrator,
) -> Vec<String> {
    let rows = snapshot.rows.len();
    let mut told: Vec<String> = unknown_rows(known, used, specs, snapshot, words).into_iter().collect();
    if rows < LEAST_ROWS {
        return told;
    }
    for (spec, column) in specs.iter().zip(&snapshot.columns).filter(|(spec, _)| used.contains(spec.name.as_str())) {
        let Some(learned) = known.get(&spec.name) else { continue };
        let name = spec.name.split_once('.').map_or(spec.name.as_str(), |(_, column)| column);
        let share = |count: usize| writing::percent(words.locale(), count as f64 / rows as f64);
        let empty = match column {
            FeatureColumn::Number(values) => values.iter().filter(|value| value.is_nan()).count(),
            FeatureColumn::Category { codes, .. } => codes.iter().filter(|&&code| code == NO_LEVEL).count(),
        };
        if empty as f64 >= EMPTIED * rows as f64 && learned.empty < 0.5 {
            let before = words.percent(Probability::clamped(learned.empty));
            let values = [("column", name.into()), ("share", share(empty).into()), ("before", before.into())];
            told.push(words.tell(Message::Emptied, values));
        }
        let (codes, levels) = match column {
            FeatureColumn::Number(values) => {
                told.extend(other_scale(name, learned.scale, scale(values), words));
                continue;
            }
            FeatureColumn::Category { codes, levels } => (codes, levels),
        };
        let is_new = |level: &str| learned.levels.binary_search_by(|known| known.as_str().cmp(level)).is_err();
        let counts = counts(codes, levels.len());
        let new: Vec<(&str, usize)> = levels
            .iter()
            .zip(counts)
            .filter(|(level, count)| *count > 0 && is_new(level))
            .map(|(l, c)| (l.as_str(), c))
            .collect();
        let unseen: usize = new.iter().map(|(_, count)| count).sum();
        if unseen as f64 / rows as f64 > MOST_UNSEEN + learned.seen_once {
            let examples: Vec<String> = new.iter().take(MOST_NAMED).map(|(level, _)| shortened(level)).collect();
            told.push(words.tell(
                Message::Unseen,
                [
                    ("column", name.into()),
                    ("count", unseen.into()),
                    ("share", share(unseen).into()),
                    ("examples", examples.join(", ").into()),
                ],
            ));
        }
    }
    told
}

/// What is said of a number in another unit than the one learned from, such as `1,234` read as a fraction.
fn other_scale(column: &str, before: Option<f32>, now: Option<f32>, words: &Narrator) -> Option<String> {
    let (before, now) = (before?, now?);
    let times = now / before;
    (times >= OTHER_SCALE || times <= 1.0 / OTHER_SCALE).then(|| {
        let number = |value: f32| words.number(f64::from(value));
        let values = [("column", column.into()), ("now", number(now).into()), ("before", number(before).into())];
        words.tell(Message::OtherScale, values)
    })
}

/// What is said of rows in which nothing stands that the model knows: their scores are about nobody. Of a few rows any is told,
/// of many more than those to expect: the rows are no more than those that are unknown in any one column.
fn unknown_rows(
    known: &LearnedColumns,
    used: &HashSet<&str>,
    specs: &[Spec],
    snapshot: &Snapshot,
    words: &Narrator,
) -> Option<String> {
    let rows = snapshot.rows.len();
    let mut is_unknown = vec![true; rows];
    let mut expected: Option<f64> = None;
    for (spec, column) in specs.iter().zip(&snapshot.columns).filter(|(spec, _)| used.contains(spec.name.as_str())) {
        // Of an older model nothing is known.
        let learned = known.get(&spec.name)?;
        let share = learned.empty + learned.seen_once;
        expected = Some(expected.map_or(share, |least| least.min(share)));
        match column {
            FeatureColumn::Number(values) => {
                is_unknown.iter_mut().zip(values).for_each(|(unknown, value)| *unknown &= value.is_nan());
            }
            FeatureColumn::Category { codes, levels } => {
                let is_new = |level: &String| learned.levels.binary_search(level).is_err();
                let new: Vec<bool> = levels.iter().map(is_new).collect();
                let says_nothing = |code: u32| code == NO_LEVEL || new[code as usize];
                is_unknown.iter_mut().zip(codes).for_each(|(unknown, &code)| *unknown &= says_nothing(code));
            }
        }
    }
    let count = is_unknown.iter().filter(|unknown| **unknown).count();
    let borne = if rows < LEAST_ROWS { 0.0 } else { (MOST_UNSEEN + expected?) * rows as f64 };
    (expected.is_some() && count as f64 > borne)
        .then(|| words.tell(Message::UnknownRows, [("count", count.into()), ("rows", rows.into())]))
}

fn shortened(level: &str) -> String {
    const MOST: usize = 40;
    if level.chars().count() <= MOST {
        level.to_owned()
    } else {
        level.chars().take(MOST).chain("...".chars()).collect()
    }
}
