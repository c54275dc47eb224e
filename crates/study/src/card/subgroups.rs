//! How the model does on parts of the kept-apart rows: levels of a category, thirds of a number, rows without a value.
//!
//! Parts are made by the most important variables. A part needs 30 leaving and 30 staying rows; its AUC is within the part, so
//! that it may be lower than that of all rows where the part itself says much of the score.

use std::collections::HashMap;

use learn::Column;
use learn::metrics::{Ranking, auc};

use super::Subgroup;
use crate::binning::Bins;
use crate::draw::mix;
use crate::estimate::{Estimate, Subjects};
use crate::split::HeldOut;
use crate::{Input, Settings};

/// Variables that make parts.
const VARIABLES: usize = 8;
/// Levels of a category, at most.
const LEVELS: usize = 8;
/// Parts of a number.
const THIRDS: usize = 3;
/// Rows of each class in a part, at least.
const FEWEST: usize = 30;
/// Redrawn sets of subjects, at most: there are many parts.
const DRAWS: usize = 200;

/// The weakest first.
pub(super) fn subgroups(input: &Input<'_>, held: &HeldOut, order: &[String], settings: &Settings) -> Vec<Subgroup> {
    let dataset = input.dataset;
    let by_name: HashMap<&str, &Column> = dataset.columns.iter().map(|column| (column.name.as_str(), column)).collect();
    let mut found = Vec::new();
    for column in order.iter().filter_map(|name| by_name.get(name.as_str())).take(VARIABLES) {
        let most = if column.kind() == "number" { THIRDS } else { LEVELS };
        let bins = Bins::learn(column, &held.rows, most);
        let of_row = bins.bins(column, held.rows.iter().copied());
        for bin in 0..bins.count() {
            // Rare levels taken together are no part that anybody knows.
            let Some(level) = name(&bins, bin) else { continue };
            let rows: Vec<usize> = (0..held.rows.len()).filter(|&index| of_row[index] == bin).collect();
            found.extend(subgroup(input, held, column, level, &rows, settings));
        }
    }
    found.sort_by(|a, b| {
        a.auc.value.total_cmp(&b.auc.value).then_with(|| (&a.variable, &a.level).cmp(&(&b.variable, &b.level)))
    });
    found
}

fn subgroup(
    input: &Input<'_>,
    held: &HeldOut,
    column: &Column,
    level: Option<String>,
    rows: &[usize],
    settings: &Settings,
) -> Option<Subgroup> {
    let dataset = input.dataset;
    let of_table = || rows.iter().map(|&index| held.rows[index]);
    let label: Vec<bool> = of_table().map(|row| dataset.label[row as usize]).collect();
    let leaving_rows = label.iter().filter(|&&label| label).count();
    if leaving_rows < FEWEST || label.len() - leaving_rows < FEWEST || label.len() == held.rows.len() {
        return None;
    }
    let said: Vec<f64> = rows.iter().map(|&index| held.probability[index]).collect();
    let weight: Vec<f64> = of_table().map(|row| f64::from(dataset.weight(row))).collect();
    let ranking = Ranking::new(&said, &label, Some(&weight));
    let subjects = of_table().map(|row| dataset.subject[row as usize]);
    let subjects = Subjects::new(subjects, settings.draws.min(DRAWS), mix(settings.seed, 111));
    let redrawn =
        subjects.redraw(|times| vec![auc(&ranking.reweighted(|index| times[index as usize])).unwrap_or(f64::NAN)]);
    let total: f64 = weight.iter().sum();
    Some(Subgroup {
        variable: column.name.clone(),
        level,
        rows: label.len(),
        leaving_rows,
        auc: redrawn.estimate(0),
        mean_said: said.iter().zip(&weight).map(|(said, weight)| said * weight).sum::<f64>() / total,
        happened: Estimate::share(leaving_rows as f64, label.len() as f64),
    })
}

/// What a part is called, if it has a value; nothing for levels without a bin of their own.
fn name(bins: &Bins, bin: usize) -> Option<Option<String>> {
    if bin + 1 == bins.count() {
        return Some(None);
    }
    match bins {
        Bins::Number(edges) => {
            let low = bin.checked_sub(1).map(|below| edges[below]);
            Some(Some(match (low, edges.get(bin)) {
                (None, Some(high)) => format!("<= {high}"),
                (Some(low), Some(high)) => format!("> {low}, <= {high}"),
                (Some(low), None) => format!("> {low}"),
                (None, None) => return None,
            }))
        }
        Bins::Category { of_level, named } if bin < *named => {
            of_level.iter().find(|(_, of)| **of == bin).map(|(level, _)| Some(level.clone()))
        }
        Bins::Category { .. } => None,
    }
}
