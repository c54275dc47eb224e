//! Which rows test which: forward in time where history allows it, by groups of subjects where it does not.
//!
//! **Forward.** The later cutoffs are cut into blocks with about as many leaving rows each. Each block is scored by a model
//! fitted on rows whose outcome was settled before the block began: `cutoff + reach <= first cutoff of the block`, where
//! the reach is gap and horizon. It is what will happen when the model is used. A subject may be on both sides, as it will
//! be then. What is fitted on a block's training rows is chosen and calibrated on those earlier blocks whose outcomes were
//! settled, too, before the block began; the first blocks have none and only choose.
//!
//! **Grouped.** Subjects are dealt into folds, leavers and others apart, so that no subject is on both sides. It says
//! nothing of how the model ages, and is used only where there is too little history.

use std::fmt;

use domain::{Cutoff, Day};
use serde::{Deserialize, Serialize};

use crate::data::Dataset;
use crate::math::mix;

/// Leavers that a first forward training set must hold.
const MIN_TRAINING_LEAVERS: usize = 40;

/// Leavers that the forward blocks must hold together.
const MIN_TESTED_LEAVERS: usize = 40;

/// Share of leaving rows that a first forward training set should hold.
const FIRST_SHARE: f64 = 0.25;

/// Rows to fit on and rows to test on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fold {
    pub(crate) train: Vec<u32>,
    pub(crate) test: Vec<u32>,
    /// The folds that may choose and calibrate what scores this one. None: it is not judged.
    pub(crate) judges: Vec<usize>,
}

/// How rows were kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scheme {
    /// Later cutoffs test models fitted on earlier ones.
    Forward,
    /// Groups of subjects test models fitted on the other subjects.
    Grouped(WhyGrouped),
}

/// Why there was no forward validation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhyGrouped {
    /// All rows have the same cutoff, as in a table without time.
    OneCutoff,
    /// Before no cutoff are there enough leavers whose outcome was settled by then.
    TooLittleHistory,
    /// The later cutoffs have too few leavers to tell models apart.
    TooFewLeavers,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Forward => "later cutoffs test models fitted on earlier ones",
            Self::Grouped(WhyGrouped::OneCutoff) => "other subjects test the model: all rows have one cutoff",
            Self::Grouped(WhyGrouped::TooLittleHistory) => "other subjects test the model: the history is too short",
            Self::Grouped(WhyGrouped::TooFewLeavers) => {
                "other subjects test the model: too few leavers at the later cutoffs"
            }
        })
    }
}

/// At most `folds` folds.
pub(crate) fn plan(dataset: &Dataset, reach_days: i32, folds: usize, seed: u64) -> (Scheme, Vec<Fold>) {
    match forward(dataset, reach_days, folds) {
        Ok(folds) => (Scheme::Forward, folds),
        Err(why) => (Scheme::Grouped(why), grouped(dataset, folds, seed)),
    }
}

fn forward(dataset: &Dataset, reach_days: i32, folds: usize) -> Result<Vec<Fold>, WhyGrouped> {
    let mut days: Vec<Day> = dataset.cutoff.iter().map(|cutoff| cutoff.0).collect();
    days.sort_unstable();
    days.dedup();
    if days.len() < 2 {
        return Err(WhyGrouped::OneCutoff);
    }
    let settled = |first: Day, cutoff: Cutoff| cutoff.0.plus(reach_days) <= first;
    let leaving = |rows: &[u32]| -> f64 {
        let leaving = rows.iter().filter(|&&row| dataset.label[row as usize]);
        leaving.map(|&row| f64::from(dataset.weight(row))).sum()
    };
    let all = leaving(&rows_where(dataset, |_| true));
    let enough_before = |first: Day| {
        let rows = rows_where(dataset, |cutoff| settled(first, cutoff));
        let (leavers, stayers) = sides(dataset, &rows);
        leavers >= MIN_TRAINING_LEAVERS && stayers > 0 && leaving(&rows) >= FIRST_SHARE * all
    };
    // Later cutoffs only add rows, so the first that is enough is found by halving.
    let start = days.partition_point(|&day| !enough_before(day));
    if start == days.len() {
        return Err(WhyGrouped::TooLittleHistory);
    }
    let (leavers, stayers) = sides(dataset, &rows_where(dataset, |cutoff| cutoff.0 >= days[start]));
    if leavers < MIN_TESTED_LEAVERS || stayers == 0 {
        return Err(WhyGrouped::TooFewLeavers);
    }
    let mut plan: Vec<Fold> = Vec::new();
    for (first, end) in blocks(dataset, &days[start..], folds) {
        let train = rows_where(dataset, |cutoff| settled(first, cutoff));
        let test = rows_where(dataset, |cutoff| cutoff.0 >= first && end.is_none_or(|end| cutoff.0 < end));
        let is_settled = |fold: &Fold| fold.test.iter().all(|&row| settled(first, dataset.cutoff[row as usize]));
        let judges: Vec<usize> = (0..plan.len()).filter(|&earlier| is_settled(&plan[earlier])).collect();
        // Who has seen one side only can choose nothing.
        let rows: Vec<u32> = judges.iter().flat_map(|&judge| plan[judge].test.iter().copied()).collect();
        let judges = if has_both_sides(dataset, &rows) { judges } else { Vec::new() };
        plan.push(Fold { train, test, judges });
    }
    let judged = plan.iter().filter(|fold| !fold.judges.is_empty());
    let judged: Vec<u32> = judged.flat_map(|fold| fold.test.iter().copied()).collect();
    match has_both_sides(dataset, &judged) {
        true => Ok(plan),
        false if judged.is_empty() => Err(WhyGrouped::TooLittleHistory),
        false => Err(WhyGrouped::TooFewLeavers),
    }
}

fn has_both_sides(dataset: &Dataset, rows: &[u32]) -> bool {
    let (leavers, stayers) = sides(dataset, rows);
    leavers > 0 && stayers > 0
}

/// Consecutive cutoffs as blocks of about as many leaving rows: the first day of each and of the next.
fn blocks(dataset: &Dataset, days: &[Day], folds: usize) -> Vec<(Day, Option<Day>)> {
    let mut leaving: Vec<f64> = vec![0.0; days.len()];
    for (row, (cutoff, &label)) in dataset.cutoff.iter().zip(&dataset.label).enumerate() {
        if let (true, Ok(index)) = (label, days.binary_search(&cutoff.0)) {
            leaving[index] += f64::from(dataset.weight(row as u32));
        }
    }
    let total: f64 = leaving.iter().sum();
    let mut starts = vec![days[0]];
    let mut before = 0.0;
    for (&day, count) in days.iter().zip(&leaving) {
        // A block begins at the day that leaves as much before it as is due, half a day's worth aside.
        let due = total * starts.len() as f64 / folds as f64;
        if before + count / 2.0 > due && before > 0.0 && starts.len() < folds {
            starts.push(day);
        }
        before += count;
    }
    let ends = starts.iter().skip(1).map(|&day| Some(day)).chain([None]);
    starts.iter().copied().zip(ends).collect()
}

fn grouped(dataset: &Dataset, folds: usize, seed: u64) -> Vec<Fold> {
    let subjects = dataset.subject.iter().max().map_or(0, |&last| last as usize + 1);
    let mut leaves = vec![false; subjects];
    for (&subject, &label) in dataset.subject.iter().zip(&dataset.label) {
        leaves[subject as usize] |= label;
    }
    let (leavers, _) = dataset.leavers_and_stayers();
    let folds = folds.min(leavers).max(2);
    let mut fold_of = vec![0; subjects];
    for side in [true, false] {
        let mut ids: Vec<usize> = (0..subjects).filter(|&subject| leaves[subject] == side).collect();
        ids.sort_unstable_by_key(|&subject| mix(seed, subject as u64));
        for (index, subject) in ids.into_iter().enumerate() {
            fold_of[subject] = index % folds;
        }
    }
    let rows = 0..dataset.rows() as u32;
    let fold = |fold: usize| {
        let (test, train) = rows.clone().partition(|&row| fold_of[dataset.subject[row as usize] as usize] == fold);
        Fold { train, test, judges: (0..folds).filter(|&other| other != fold).collect() }
    };
    (0..folds).map(fold).collect()
}

fn rows_where(dataset: &Dataset, keep: impl Fn(Cutoff) -> bool) -> Vec<u32> {
    (0..dataset.rows() as u32).filter(|&row| keep(dataset.cutoff[row as usize])).collect()
}

/// Distinct subjects that leave, and rows that do not; rows without weight do not count.
fn sides(dataset: &Dataset, rows: &[u32]) -> (usize, usize) {
    let counted = rows.iter().filter(|&&row| dataset.weight(row) > 0.0);
    let (leaving, staying): (Vec<u32>, Vec<u32>) = counted.partition(|&&row| dataset.label[row as usize]);
    let mut leavers: Vec<u32> = leaving.iter().map(|&row| dataset.subject[row as usize]).collect();
    let stayers = staying.len();
    leavers.sort_unstable();
    leavers.dedup();
    (leavers.len(), stayers)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `subjects` seen every 10 days, every fourth leaving at some cutoff.
    fn history(subjects: u32, cutoffs: i32) -> Dataset {
        let rows: Vec<(u32, i32)> = (0..subjects).flat_map(|s| (0..cutoffs).map(move |c| (s, c * 10))).collect();
        Dataset {
            columns: Vec::new(),
            label: rows.iter().map(|&(s, day)| s % 4 == 0 && (s / 4) as i32 % cutoffs == day / 10).collect(),
            cutoff: rows.iter().map(|&(_, day)| Cutoff(Day(day))).collect(),
            subject: rows.iter().map(|&(s, _)| s).collect(),
            weight: None,
        }
    }

    #[test]
    fn training_outcomes_are_settled_before_the_first_tested_cutoff() {
        let data = history(800, 20);
        let (scheme, folds) = plan(&data, 30, 4, 1);
        assert_eq!(scheme, Scheme::Forward);
        assert_eq!(folds.len(), 4);
        let mut tested = 0;
        assert!(folds[0].judges.is_empty() && !folds[3].judges.is_empty());
        for fold in &folds {
            let first = fold.test.iter().map(|&row| data.cutoff[row as usize].0.0).min().expect("rows");
            let last = fold.train.iter().map(|&row| data.cutoff[row as usize].0.0).max().expect("rows");
            assert!(last + 30 <= first, "{last} {first}");
            for judge in fold.judges.iter().flat_map(|&judge| &folds[judge].test) {
                assert!(data.cutoff[*judge as usize].0.0 + 30 <= first, "a judge's outcome was not settled");
            }
            assert!(fold.test.iter().any(|&row| data.label[row as usize]));
            tested += fold.test.len();
        }
        let first = folds[0].test.iter().map(|&row| data.cutoff[row as usize].0).min().expect("rows");
        assert_eq!(tested, data.cutoff.iter().filter(|cutoff| cutoff.0 >= first).count());
    }

    #[test]
    fn without_history_subjects_are_dealt_and_leavers_spread() {
        for (data, why) in [
            (history(100, 1), WhyGrouped::OneCutoff),
            (history(100, 2), WhyGrouped::TooLittleHistory),
            (history(280, 8), WhyGrouped::TooFewLeavers),
        ] {
            let (scheme, folds) = plan(&data, 30, 5, 1);
            assert_eq!(scheme, Scheme::Grouped(why));
            for fold in &folds {
                let subject = |row: &u32| data.subject[*row as usize];
                assert!(fold.train.iter().all(|row| fold.test.iter().all(|other| subject(row) != subject(other))));
                assert!(fold.test.iter().any(|&row| data.label[row as usize]));
                assert_eq!(fold.train.len() + fold.test.len(), data.rows());
            }
        }
    }
}
