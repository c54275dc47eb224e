//! How two sets of rows differ: variable by variable, and as a whole.
//!
//! *PSI*, the population stability index, is `sum over bins (b - a) ln(b / a)` for the shares `a` and `b` of the first and second set
//! in each bin: ten quantile bins of the first set's values, one for values below all of those and one for values above (levels for
//! categories, the 50 most frequent, the rest pooled, levels that the first set does not have in a bin of their own) and one for
//! missing. Half a row is added to every bin of both sides, so
//! that an empty bin does not make it infinite. By custom below 0.1 is stable, above 0.25 a shift (Siddiqi 2006); with few
//! rows chance alone gives about `(bins - 1)(1/n + 1/m)`, told as `psi_by_chance` (Yurdakul 2018).
//!
//! The *domain classifier* learns to tell the sets apart by boosted trees, cross-validated by subjects: an AUC of 0.5 means that it cannot
//! (Lopez-Paz and Oquab 2017).

mod psi;
mod tell_apart;

use learn::{Column, Dataset};
use rayon::prelude::*;
use serde::Serialize;

use crate::estimate::Estimate;
use crate::refit::take;
use crate::{Input, Settings, StudyError, VariableKind};

/// PSI above which a variable has shifted.
pub(crate) const SHIFTED: f64 = 0.25;

/// A column that is empty in so many rows, and was not in half of the others, has become empty.
const EMPTIED: f64 = 0.95;
const HALF: f64 = 0.5;
/// Fewer rows say nothing about shares.
const LEAST_ROWS: usize = 20;

/// A set of rows to compare.
struct Side<'a> {
    columns: &'a [Column],
    rows: usize,
    /// Rows of one subject are kept together by the domain classifier; each row is its own where they are not known.
    subject: Option<&'a [u32]>,
}

/// Differences between two sets of rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// What is compared.
    pub sides: Sides,
    /// The first set.
    pub first: DriftSide,
    /// The second set.
    pub second: DriftSide,
    /// Variables by falling PSI.
    pub variables: Vec<VariableDrift>,
    /// Variables with a PSI above 0.25.
    pub shifted: usize,
    /// PSI of the model's scores, ten bins; nothing where the second set lacks columns of the model.
    pub score_psi: Option<f64>,
    /// Telling the sets apart.
    pub domain: Domain,
    /// Columns of the first set that the second has not, or has as another type.
    pub missing_columns: Vec<String>,
    /// Columns of both that are nearly all empty in the second set and were not in the first.
    pub emptied_columns: Vec<String>,
    /// Columns of the second set that the first has not.
    pub extra_columns: Vec<String>,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sides {
    /// The table with another file.
    Files,
    /// Its earlier cutoffs with its later ones.
    Cutoffs,
}

/// A set of rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DriftSide {
    /// Rows.
    pub rows: usize,
    /// First cutoff, in days from 1970-01-01; nothing for another file.
    pub first_day: Option<i32>,
    /// Last cutoff.
    pub last_day: Option<i32>,
    /// The model's mean probability; nothing where columns are missing.
    pub mean_score: Option<f64>,
}

/// How a variable differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VariableDrift {
    /// Its column.
    pub name: String,
    /// What it holds.
    pub kind: VariableKind,
    /// Population stability index.
    pub psi: f64,
    /// What chance alone would give on average.
    pub psi_by_chance: f64,
    /// Share missing in the first set.
    pub missing_first: f64,
    /// Share missing in the second set.
    pub missing_second: f64,
    /// Levels of the second set that the first has not, the most frequent first, 10 at most.
    pub new_levels: Vec<String>,
    /// Share of rows of the second set with such a level.
    pub new_level_share: f64,
    /// Median in the first set; nothing for categories.
    pub median_first: Option<f64>,
    /// Median in the second set.
    pub median_second: Option<f64>,
}

/// Whether the sets can be told apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Domain {
    /// Rows of each side that it learned from, at most.
    pub rows: usize,
    /// Cross-validated AUC.
    pub auc: Estimate,
    /// Variables that give it away, the strongest first, 10 at most.
    pub gives_away: Vec<GivesAway>,
}

/// A variable that tells the sets apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GivesAway {
    /// Its column.
    pub name: String,
    /// Mean absolute log-odds that it adds.
    pub attribution: f64,
    /// Its share in the sum over all variables.
    pub share: f64,
}

/// Compares the table with another file, or its earlier with its later cutoffs; nothing where there is neither.
pub(crate) fn drift(input: &Input<'_>, settings: &Settings) -> Result<Option<Drift>, StudyError> {
    let dataset = input.dataset;
    if let Some(other) = input.other {
        let first = Side { columns: &dataset.columns, rows: dataset.rows(), subject: None };
        let rows = other.first().map_or(0, Column::rows);
        let second = Side { columns: other, rows, subject: None };
        return compare(input, &first, &second, Sides::Files, [None, None], settings).map(Some);
    }
    let Some((early, late)) = halves(dataset) else { return Ok(None) };
    let (early, late) = (take(dataset, &early), take(dataset, &late));
    let days = [&early, &late].map(|half| {
        let days = || half.cutoff.iter().map(|cutoff| cutoff.0.0);
        days().min().zip(days().max())
    });
    let side = |half: &'_ Dataset| (half.rows(), half.subject.clone());
    let ((early_rows, early_subjects), (late_rows, late_subjects)) = (side(&early), side(&late));
    let first = Side { columns: &early.columns, rows: early_rows, subject: Some(&early_subjects) };
    let second = Side { columns: &late.columns, rows: late_rows, subject: Some(&late_subjects) };
    compare(input, &first, &second, Sides::Cutoffs, days, settings).map(Some)
}

/// Rows of earlier and of later cutoffs, about as many each; nothing where all have one cutoff.
fn halves(dataset: &Dataset) -> Option<(Vec<u32>, Vec<u32>)> {
    let mut days: Vec<i32> = dataset.cutoff.iter().map(|cutoff| cutoff.0.0).collect();
    days.sort_unstable();
    let (first, last, middle) = (*days.first()?, *days.last()?, days[days.len() / 2]);
    if first == last {
        return None;
    }
    // Later rows are those from the middle day on, or past the first day where that is the middle one.
    let later_from = if middle > first { middle } else { first + 1 };
    let rows = 0..dataset.rows() as u32;
    let (late, early) = rows.partition(|&row| dataset.cutoff[row as usize].0.0 >= later_from);
    Some((early, late))
}

fn compare(
    input: &Input<'_>,
    first: &Side<'_>,
    second: &Side<'_>,
    sides: Sides,
    days: [Option<(i32, i32)>; 2],
    settings: &Settings,
) -> Result<Drift, StudyError> {
    let other = |column: &&Column| {
        let of_name = second.columns.iter().find(|other| other.name == column.name);
        of_name.filter(|other| other.kind() == column.kind())
    };
    let (shared, missing): (Vec<&Column>, Vec<&Column>) =
        first.columns.iter().partition(|column| other(column).is_some());
    let pairs: Vec<(&Column, &Column)> = shared.iter().filter_map(|&column| Some((column, other(&column)?))).collect();
    if pairs.is_empty() || second.rows == 0 {
        return Err(StudyError::NothingShared);
    }
    let mut variables: Vec<VariableDrift> = pairs.par_iter().map(|(a, b)| psi::variable(a, b, input.kind(a))).collect();
    variables.sort_by(|a, b| b.psi.total_cmp(&a.psi).then_with(|| a.name.cmp(&b.name)));
    let is_emptied = |variable: &&VariableDrift| {
        second.rows >= LEAST_ROWS && variable.missing_second >= EMPTIED && variable.missing_first < HALF
    };
    let emptied_columns = variables.iter().filter(is_emptied).map(|variable| variable.name.clone()).collect();
    // Scores are there where the second set has all that the model asks for.
    let scores = match (input.model.predict(first.columns), input.model.predict(second.columns)) {
        (Ok(a), Ok(b)) => Some([a, b].map(|scores| scores.into_iter().map(domain::Probability::get).collect())),
        _ => None,
    };
    let mean = |scores: &Vec<f64>| scores.iter().sum::<f64>() / scores.len().max(1) as f64;
    let side = |index: usize, rows: usize| DriftSide {
        rows,
        first_day: days[index].map(|days| days.0),
        last_day: days[index].map(|days| days.1),
        mean_score: scores.as_ref().map(|scores: &[Vec<f64>; 2]| mean(&scores[index])),
    };
    let names = |columns: Vec<&Column>| columns.into_iter().map(|column| column.name.clone()).collect();
    let extra = second.columns.iter().filter(|column| !first.columns.iter().any(|first| first.name == column.name));
    Ok(Drift {
        sides,
        first: side(0, first.rows),
        second: side(1, second.rows),
        shifted: variables.iter().filter(|variable| variable.psi > SHIFTED).count(),
        variables,
        score_psi: scores.as_ref().map(|[a, b]| psi::of_scores(a, b)),
        domain: tell_apart::tell_apart(&pairs, first, second, settings)?,
        missing_columns: names(missing),
        emptied_columns,
        extra_columns: names(extra.collect()),
    })
}

#[cfg(test)]
mod tests {
    use domain::{Cutoff, Day};

    use super::*;

    #[test]
    fn the_middle_day_begins_the_later_half() {
        let of_days = |days: &[i32]| {
            let cutoff: Vec<Cutoff> = days.iter().map(|&day| Cutoff(Day(day))).collect();
            let (label, subject) = (vec![false; days.len()], vec![0; days.len()]);
            halves(&Dataset { columns: Vec::new(), label, cutoff, subject, weight: None })
        };
        assert_eq!(of_days(&[1, 1, 2, 3]), Some((vec![0, 1], vec![2, 3])));
        assert_eq!(of_days(&[1, 1, 1, 5]), Some((vec![0, 1, 2], vec![3])));
        assert_eq!(of_days(&[4, 4]), None);
    }
}
