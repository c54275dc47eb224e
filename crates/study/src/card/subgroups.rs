//! How the model does on parts of the kept-apart rows: levels of a category, thirds of a number, rows without a value.
//!
//! Parts are made by the most important variables. A part needs 30 leaving and 30 staying rows; its AUC is within the part, so
//! that it may be lower than that of all rows where the part itself says much of the score.

use std::collections::HashMap;

use learn::Column;
use learn::metrics::{Ranking, auc};

use super::{Slice, Subgroup};
use crate::binning::Bins;
use crate::draw::mix;
use crate::estimate::{Estimate, Subjects};
use crate::split::HeldOut;
use crate::{Input, Settings, VariableKind};

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
            let Some(slice) = slice(&bins, bin, input.kind(column)) else { continue };
            let rows: Vec<usize> = (0..held.rows.len()).filter(|&index| of_row[index] == bin).collect();
            found.extend(subgroup(input, held, column, slice, &rows, settings));
        }
    }
    // Parts of one variable that are as weak as each other stay in the order of its values.
    found.sort_by(|a, b| a.auc.value.total_cmp(&b.auc.value).then_with(|| a.variable.cmp(&b.variable)));
    found
}

fn subgroup(
    input: &Input<'_>,
    held: &HeldOut,
    column: &Column,
    slice: Slice,
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
        slice,
        rows: label.len(),
        leaving_rows,
        auc: redrawn.estimate(0),
        mean_said: said.iter().zip(&weight).map(|(said, weight)| said * weight).sum::<f64>() / total,
        happened: Estimate::share(leaving_rows as f64, label.len() as f64),
    })
}

/// Which part a bin is; nothing for levels without a bin of their own.
fn slice(bins: &Bins, bin: usize, kind: VariableKind) -> Option<Slice> {
    if bin + 1 == bins.count() {
        return Some(Slice::Missing);
    }
    match bins {
        Bins::Number(edges) => {
            let low = bin.checked_sub(1).map(|below| edges[below]);
            let high = edges.get(bin).copied();
            if low.is_none() && high.is_none() {
                return None;
            }
            Some(match kind {
                VariableKind::Date => {
                    Slice::Days { after: low.map(|day| day as i32), until: high.map(|day| day as i32) }
                }
                _ => Slice::Numbers { above: low.map(f64::from), up_to: high.map(f64::from) },
            })
        }
        Bins::Category { of_level, named } if bin < *named => {
            of_level.iter().find(|(_, of)| **of == bin).map(|(level, _)| Slice::Level { name: level.clone() })
        }
        Bins::Category { .. } => None,
    }
}
