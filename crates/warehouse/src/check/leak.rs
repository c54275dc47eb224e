//! Columns that know how it ended.
//!
//! A column of the subjects' table is filled in once, at the time of the export: one that tells who left nearly without
//! error was filled in afterwards. Two statistics find it:
//!
//! - the area under the ROC curve of the leaving rates of the column's levels, each estimated without the fifth of the
//!   subjects that it is applied to. Numbers and moments are cut into twenty levels by their quantiles, and "not known"
//!   is a level: a reason for leaving is known of leavers only. No honest column comes near 0.9.
//! - a level that decides the outcome: at least thirty subjects have it and nearly all of them left, while most others
//!   stayed. It finds what is filled in for some leavers only.
//!
//! The statistics ask whether a subject ever left, with no cutoff: what is known before leaving cannot decide that.

use asof::{Subjects, Values};
use contract::{Contract, Origin, Outcome};
use tables::finding::shown;
use tables::{Finding, Topic};

use crate::check::columns::{RawColumn, place};
use crate::load::Loaded;
use crate::people::GROUP;

const MOST_AUC: f64 = 0.9;
const FOLDS: usize = 5;
const BINS: usize = 20;
/// A level's rate is drawn to the whole's as if so many more subjects of the whole had it.
const SMOOTHING: f64 = 5.0;
/// Fewer leavers or stayers say nothing.
const LEAST_OF_A_CLASS: usize = 20;
const LEAST_OF_A_LEVEL: f64 = 30.0;
const DECIDING_RATE: f64 = 0.98;
/// Where more than this share left, a level may be full of leavers by chance.
const MOST_LEAVERS: f64 = 0.6;

/// What a column knows of the outcome.
struct Knowledge {
    auc: f64,
    /// The level that decides it, and how many subjects have it.
    deciding: Option<(usize, u64)>,
}

/// Attributes that know who ever left, with what gives them away.
pub(crate) fn leaks(subjects: &Subjects, left: &[bool]) -> Vec<(String, String)> {
    if !can_tell(left) {
        return Vec::new();
    }
    let mut leaks = Vec::new();
    for column in subjects.attributes.iter().filter(|column| column.name != GROUP) {
        // A moment enters by its lead before the start, which is a number of its own.
        if matches!(column.values, Values::Moment(_)) {
            continue;
        }
        leaks.extend(leak(&column.values, left).map(|said| (column.name.clone(), said)));
    }
    leaks
}

/// Columns of the source that know the outcome and are not features: well that they are not.
pub(crate) fn unused_leaks(contract: &Contract, loaded: &Loaded, raw: &[RawColumn]) -> Vec<Finding> {
    let left = loaded.leavers();
    if !can_tell(&left) {
        return Vec::new();
    }
    let outcomes: Vec<&Origin> = match &contract.outcome {
        Outcome::Date { column } => vec![&column.origin],
        Outcome::Label { targets, .. } => targets.iter().map(|target| &target.column.origin).collect(),
        Outcome::Inactivity { .. } => Vec::new(),
    };
    let table = contract.subjects_table();
    let is_used = |raw: &RawColumn| {
        let names = table.columns.iter().filter(|column| column.origin == Origin::Column(raw.name.clone()));
        names.map(|column| column.name.as_str()).chain([raw.name.as_str()]).any(|name| {
            // What was left out as a leak was reported as one.
            let is_feature =
                loaded.subjects.attribute(name).is_some_and(|column| !matches!(column.values, Values::Moment(_)));
            is_feature || loaded.schema.leaks.contains(name)
        })
    };
    let mut findings = Vec::new();
    for column in raw.iter().filter(|column| !column.is_identifier && !is_used(column)) {
        if outcomes.contains(&&Origin::Column(column.name.clone())) {
            continue;
        }
        if let Some(said) = leak(&column.values, &left) {
            let place = place(loaded, &table.name).in_column(&column.name);
            let advice = "it knows the future and is no feature as it is read: leave it so";
            findings.push(Finding::info(Topic::Leak, place, said, advice));
        }
    }
    findings
}

/// Whether there are enough of both kinds.
pub(crate) fn can_tell(left: &[bool]) -> bool {
    let leavers = left.iter().filter(|left| **left).count();
    leavers >= LEAST_OF_A_CLASS && left.len() - leavers >= LEAST_OF_A_CLASS
}

fn leak(values: &Values, left: &[bool]) -> Option<String> {
    let subjects: Vec<usize> = (0..left.len()).collect();
    leak_over(values, left, &subjects)
}

/// The same over rows of which several may be of one subject: a level's rate is taken over other subjects' rows.
pub(crate) fn leak_over(values: &Values, left: &[bool], subjects: &[usize]) -> Option<String> {
    let (levels, count) = levels(values);
    let known = knowledge(&levels, count, left, subjects);
    if known.auc < MOST_AUC && known.deciding.is_none() {
        return None;
    }
    let mut said = format!("it tells who left (area under the curve {:.2})", known.auc);
    if let Some((level, subjects)) = known.deciding {
        let name = match values {
            Values::Category { levels, .. } if level < levels.len() => shown(&levels[level]),
            _ if level + 1 == count => "'not known'".to_owned(),
            _ => "some of its values".to_owned(),
        };
        said.push_str(&format!(": nearly all of {subjects} with {name} left"));
    }
    Some(said)
}

/// Levels by subject, the last of them for what is not known, and how many there are.
fn levels(values: &Values) -> (Vec<usize>, usize) {
    match values {
        Values::Category { codes, levels } => {
            let unknown = levels.len();
            (
                codes.iter().map(|&code| if code == asof::NO_LEVEL { unknown } else { code as usize }).collect(),
                unknown + 1,
            )
        }
        Values::Number(numbers) => binned(numbers),
        Values::Moment(moments) => {
            let numbers: Vec<f64> =
                moments.iter().map(|&at| if at == asof::NO_MOMENT { f64::NAN } else { at as f64 }).collect();
            binned(&numbers)
        }
        Values::Flag(flags) => (flags.iter().map(|&flag| usize::from(flag)).collect(), 3),
    }
}

fn binned(numbers: &[f64]) -> (Vec<usize>, usize) {
    let mut known: Vec<f64> = numbers.iter().copied().filter(|number| !number.is_nan()).collect();
    known.sort_by(f64::total_cmp);
    let mut edges: Vec<f64> = (1..BINS).filter_map(|bin| known.get(bin * known.len() / BINS)).copied().collect();
    edges.dedup();
    let unknown = edges.len() + 1;
    let bin = |number: &f64| if number.is_nan() { unknown } else { edges.partition_point(|edge| edge <= number) };
    (numbers.iter().map(bin).collect(), unknown + 1)
}

fn knowledge(levels: &[usize], count: usize, left: &[bool], subjects: &[usize]) -> Knowledge {
    let mut all = vec![[0.0_f64; 2]; count];
    let mut by_fold = vec![[0.0_f64; 2]; count * FOLDS];
    for (row, (&level, &left)) in levels.iter().zip(left).enumerate() {
        for cell in [&mut all[level], &mut by_fold[level * FOLDS + subjects[row] % FOLDS]] {
            cell[0] += 1.0;
            cell[1] += f64::from(left);
        }
    }
    let leavers: f64 = all.iter().map(|cell| cell[1]).sum();
    let rate = leavers / levels.len() as f64;
    let scored = |(row, &level): (usize, &usize)| {
        let (whole, own) = (all[level], by_fold[level * FOLDS + subjects[row] % FOLDS]);
        (whole[1] - own[1] + SMOOTHING * rate) / (whole[0] - own[0] + SMOOTHING)
    };
    let scores: Vec<f64> = levels.iter().enumerate().map(scored).collect();
    let deciding = (0..count)
        .filter(|_| rate <= MOST_LEAVERS)
        .filter(|&level| all[level][0] >= LEAST_OF_A_LEVEL && all[level][1] >= DECIDING_RATE * all[level][0])
        .max_by(|&a, &b| all[a][0].total_cmp(&all[b][0]))
        .map(|level| (level, all[level][0] as u64));
    Knowledge { auc: auc(&scores, left), deciding }
}

/// The probability that a leaver's score is above a stayer's, ties counting half.
fn auc(scores: &[f64], left: &[bool]) -> f64 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let (mut stayers_below, mut pairs) = (0.0, 0.0);
    let mut start = 0;
    while start < order.len() {
        let mut end = start;
        let (mut leavers, mut stayers) = (0.0, 0.0);
        while end < order.len() && scores[order[end]] == scores[order[start]] {
            let class = if left[order[end]] { &mut leavers } else { &mut stayers };
            *class += 1.0;
            end += 1;
        }
        pairs += leavers * (stayers_below + stayers / 2.0);
        stayers_below += stayers;
        start = end;
    }
    let leavers = left.iter().filter(|left| **left).count() as f64;
    if leavers == 0.0 || stayers_below == 0.0 { 0.5 } else { pairs / (leavers * stayers_below) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Left is a third of the subjects, in no order that the folds could follow.
    fn left(count: usize) -> Vec<bool> {
        (0..count).map(|row| row * 2_654_435_761 % 1009 % 3 == 0).collect()
    }

    #[test]
    fn a_status_is_found_and_an_honest_category_is_not() {
        let left = left(600);
        let levels = vec!["active".to_owned(), "left".to_owned()];
        let status =
            Values::Category { codes: left.iter().map(|left| u32::from(*left)).collect(), levels: levels.clone() };
        assert!(leak(&status, &left).is_some_and(|said| said.contains("'left'")));
        let honest = Values::Category { codes: (0..600).map(|row| row * 7 % 11 % 2).collect(), levels };
        assert!(leak(&honest, &left).is_none());
    }

    #[test]
    fn a_reason_filled_in_for_some_leavers_is_found() {
        let left = left(900);
        let reason = |(row, left): (usize, &bool)| if *left && row % 2 == 0 { 0 } else { asof::NO_LEVEL };
        let codes = left.iter().enumerate().map(reason).collect();
        let said = leak(&Values::Category { codes, levels: vec!["moved away".to_owned()] }, &left);
        assert!(said.is_some_and(|said| said.contains("'moved away'")));
    }

    #[test]
    fn a_moment_known_of_leavers_only_is_found() {
        let left = left(600);
        let moments =
            left.iter().enumerate().map(|(row, left)| if *left { row as i64 } else { asof::NO_MOMENT }).collect();
        assert!(leak(&Values::Moment(moments), &left).is_some());
    }

    #[test]
    fn noise_of_many_levels_is_no_leak() {
        let left = left(600);
        let codes = (0..600).collect();
        let levels = (0..600).map(|level| level.to_string()).collect();
        assert!(leak(&Values::Category { codes, levels }, &left).is_none());
        let numbers = (0..600).map(|row| f64::from(row * 7919 % 601)).collect();
        assert!(leak(&Values::Number(numbers), &left).is_none());
    }
}
