//! Where the model was confident and wrong: the kept-apart rows of the largest log-loss, in both directions, each beside the
//! rows that are most like it and how those turned out.
//!
//! Likeness is Gower's distance (1971) over the most important variables: the mean over variables of `|a - b| / range` for
//! numbers (the range from the 1st to the 99th percentile, at most 1), and of 0 or 1 for categories; a value missing on one
//! side only counts 1, on both sides 0. Neighbours are rows of other subjects. If neighbours mostly turned out as the model said, the
//! case was bad luck; if they turned out as the case did, the model misses something.

use std::collections::{HashMap, HashSet};

use learn::{Column, Dataset, MISSING, Values};
use rayon::prelude::*;
use serde::Serialize;

use crate::draw::{mix, sample};
use crate::estimate::percentile;
use crate::split::HeldOut;
use crate::{Input, Settings, VariableKind};

/// Variables that likeness is measured by.
const VARIABLES: usize = 12;

/// Cases shown of each direction.
const CASES: usize = 8;

/// Neighbours shown, and counted.
const SHOWN: usize = 5;
const COUNTED: usize = 25;

/// Rows among which neighbours are looked for, at most.
const POOL: usize = 20_000;

/// The hardest rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hardest {
    /// Variables that likeness is measured by, and that are shown, the most important first.
    pub variables: Vec<String>,
    /// Rows among which neighbours were looked for.
    pub pool_rows: usize,
    /// Left although the model was sure that they stay, the worst first; one row a subject.
    pub missed: Vec<Case>,
    /// Stayed although the model was sure that they leave, the worst first; one row a subject.
    pub false_alarms: Vec<Case>,
}

/// A row that was judged wrongly.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// The subject's key.
    pub subject: String,
    /// Its cutoff, in days from 1970-01-01.
    pub cutoff_day: i32,
    /// What the model said without having seen it.
    pub probability: f64,
    /// Whether it left.
    pub left: bool,
    /// Its log-loss.
    pub loss: f64,
    /// Its values, in the order of the variables.
    pub values: Vec<Shown>,
    /// The most alike rows of other subjects, the nearest first; one a subject.
    pub neighbours: Vec<Neighbour>,
    /// How many of the most alike rows the next share is of: more than are shown.
    pub neighbours_counted: usize,
    /// Share of those that left.
    pub neighbours_leaving: f64,
}

/// A row much like another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Neighbour {
    /// The subject's key.
    pub subject: String,
    /// Its cutoff, in days from 1970-01-01.
    pub cutoff_day: i32,
    /// Gower's distance, 0 to 1.
    pub distance: f64,
    /// What the model said without having seen it; nothing where it was not judged.
    pub probability: Option<f64>,
    /// Whether it left.
    pub left: bool,
    /// Its values, in the order of the variables.
    pub values: Vec<Shown>,
}

/// A value to show.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Shown {
    /// Of a number.
    Number(f64),
    /// Of a date, in days from 1970-01-01.
    Day(i32),
    /// Of a category.
    Level(String),
    /// Missing; `null`.
    Missing,
}

/// Finds the hardest rows and what is like them. `order` is the most important column first.
pub(crate) fn hardest(input: &Input<'_>, held: &HeldOut, order: &[String], settings: &Settings) -> Hardest {
    let dataset = input.dataset;
    let by_name: HashMap<&str, &Column> = dataset.columns.iter().map(|column| (column.name.as_str(), column)).collect();
    let variables: Vec<&Column> =
        order.iter().filter_map(|name| by_name.get(name.as_str()).copied()).take(VARIABLES).collect();
    let pool = sample(&(0..dataset.rows() as u32).collect::<Vec<_>>(), POOL, mix(settings.seed, 81));
    let ranges = variables.iter().map(|column| range(column, &pool)).collect();
    let kinds = variables.iter().map(|column| input.kind(column)).collect();
    let likeness = Likeness { variables, kinds, ranges, pool };
    let said: HashMap<u32, f64> = held.rows.iter().copied().zip(held.probability.iter().copied()).collect();
    let cases = |left: bool| {
        let rows = worst(dataset, held, left);
        rows.into_par_iter().map(|(row, probability)| case(input, &likeness, &said, row, probability)).collect()
    };
    let (missed, false_alarms) = (cases(true), cases(false));
    Hardest {
        variables: likeness.variables.iter().map(|column| column.name.clone()).collect(),
        pool_rows: likeness.pool.len(),
        missed,
        false_alarms,
    }
}

/// The rows of one class on which the model was the most wrong, one a subject.
fn worst(dataset: &Dataset, held: &HeldOut, left: bool) -> Vec<(u32, f64)> {
    let of_class = held.rows.iter().zip(&held.probability).filter(|(row, _)| dataset.label[**row as usize] == left);
    let mut rows: Vec<(u32, f64)> = of_class.map(|(&row, &probability)| (row, probability)).collect();
    rows.sort_by(|a, b| if left { a.1.total_cmp(&b.1) } else { b.1.total_cmp(&a.1) }.then(a.0.cmp(&b.0)));
    let mut subjects = HashSet::new();
    rows.into_iter().filter(|&(row, _)| subjects.insert(dataset.subject[row as usize])).take(CASES).collect()
}

fn case(input: &Input<'_>, likeness: &Likeness<'_>, said: &HashMap<u32, f64>, row: u32, probability: f64) -> Case {
    let dataset = input.dataset;
    let at = row as usize;
    let left = dataset.label[at];
    let nearest = likeness.nearest(dataset, row);
    let leaving = nearest.iter().filter(|(_, other)| dataset.label[*other as usize]).count();
    let happened = if left { probability } else { 1.0 - probability };
    let neighbour = |&(distance, other): &(f64, u32)| Neighbour {
        subject: input.key(dataset.subject[other as usize]),
        cutoff_day: dataset.cutoff[other as usize].0.0,
        distance,
        probability: said.get(&other).copied(),
        left: dataset.label[other as usize],
        values: likeness.shown(other),
    };
    Case {
        subject: input.key(dataset.subject[at]),
        cutoff_day: dataset.cutoff[at].0.0,
        probability,
        left,
        loss: -happened.max(1e-15).ln(),
        values: likeness.shown(row),
        neighbours: nearest.iter().take(SHOWN).map(neighbour).collect(),
        neighbours_counted: nearest.len(),
        neighbours_leaving: leaving as f64 / nearest.len().max(1) as f64,
    }
}

/// Gower's distance over some columns, among some rows.
struct Likeness<'a> {
    variables: Vec<&'a Column>,
    kinds: Vec<VariableKind>,
    /// From the 1st to the 99th percentile; nothing for categories.
    ranges: Vec<Option<f64>>,
    pool: Vec<u32>,
}

impl Likeness<'_> {
    /// The most alike rows of other subjects with their distances, one a subject.
    fn nearest(&self, dataset: &Dataset, row: u32) -> Vec<(f64, u32)> {
        let own = dataset.subject[row as usize];
        let others = self.pool.iter().filter(|&&other| dataset.subject[other as usize] != own);
        let mut near: Vec<(f64, u32)> = others.map(|&other| (self.distance(row, other), other)).collect();
        near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut subjects = HashSet::new();
        near.into_iter().filter(|&(_, other)| subjects.insert(dataset.subject[other as usize])).take(COUNTED).collect()
    }

    fn distance(&self, row: u32, other: u32) -> f64 {
        let (row, other) = (row as usize, other as usize);
        let of_variable = |(column, range): (&&Column, &Option<f64>)| match (&column.values, range) {
            (Values::Number(values), range) => {
                let (a, b) = (f64::from(values[row]), f64::from(values[other]));
                match (a.is_nan(), b.is_nan()) {
                    (true, true) => 0.0,
                    (true, false) | (false, true) => 1.0,
                    _ if a == b => 0.0,
                    _ => range.map_or(1.0, |range| ((a - b).abs() / range).min(1.0)),
                }
            }
            (Values::Category { codes, .. }, _) => f64::from(u8::from(codes[row] != codes[other])),
        };
        let sum: f64 = self.variables.iter().zip(&self.ranges).map(of_variable).sum();
        sum / self.variables.len().max(1) as f64
    }

    fn shown(&self, row: u32) -> Vec<Shown> {
        let row = row as usize;
        let value = |(column, kind): (&&Column, &VariableKind)| match &column.values {
            Values::Number(values) if values[row].is_nan() => Shown::Missing,
            Values::Number(values) if *kind == VariableKind::Date => Shown::Day(values[row] as i32),
            Values::Number(values) => Shown::Number(f64::from(values[row])),
            Values::Category { codes, .. } if codes[row] == MISSING => Shown::Missing,
            Values::Category { codes, levels } => Shown::Level(levels[codes[row] as usize].clone()),
        };
        self.variables.iter().zip(&self.kinds).map(value).collect()
    }
}

/// Nothing for a category, or where there is no spread.
fn range(column: &Column, pool: &[u32]) -> Option<f64> {
    let Values::Number(values) = &column.values else { return None };
    let there = pool.iter().map(|&row| f64::from(values[row as usize].clamp(f32::MIN, f32::MAX)));
    let mut sorted: Vec<f64> = there.filter(|value| !value.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let range = percentile(&sorted, 0.99)? - percentile(&sorted, 0.01)?;
    (range > 0.0).then_some(range)
}
