//! Who was kept apart from whom: the judged folds of the evaluation, found again from what it says of them.

use learn::{Dataset, Evaluation, Scheme};

use crate::StudyError;

/// Rows to fit on and rows to judge.
pub(crate) struct Fold {
    pub(crate) train: Vec<u32>,
    pub(crate) test: Vec<u32>,
}

/// The rows that are judged, and what the model said of each without having seen it.
pub(crate) struct HeldOut {
    pub(crate) folds: Vec<Fold>,
    /// Of all folds, in their order.
    pub(crate) rows: Vec<u32>,
    pub(crate) probability: Vec<f64>,
}

/// The judged folds. `reach_days` is how far ahead an outcome is settled.
pub(crate) fn held_out(dataset: &Dataset, evaluation: &Evaluation, reach_days: i32) -> Result<HeldOut, StudyError> {
    let judged = || evaluation.held_out.iter().filter(|row| row.judged);
    let rows: Vec<u32> = judged().map(|row| row.row).collect();
    let tested: usize = evaluation.folds.iter().map(|fold| fold.test_rows).sum();
    if rows.is_empty() || rows.len() != tested || rows.iter().any(|&row| row as usize >= dataset.rows()) {
        return Err(StudyError::OtherTable);
    }
    let mut folds = Vec::new();
    let mut rest = rows.as_slice();
    for summary in &evaluation.folds {
        let (test, later) = rest.split_at(summary.test_rows);
        rest = later;
        let fold = Fold { train: training_rows(dataset, evaluation.scheme, test, reach_days), test: test.to_vec() };
        let leaving = |rows: &[u32]| rows.iter().filter(|&&row| dataset.label[row as usize]).count();
        let found = [fold.train.len(), leaving(&fold.train), leaving(&fold.test)];
        if found != [summary.train_rows, summary.train_leaving_rows, summary.test_leaving_rows] {
            return Err(StudyError::OtherTable);
        }
        folds.push(fold);
    }
    Ok(HeldOut { folds, rows, probability: judged().map(|row| row.probability).collect() })
}

/// What may teach a model that these rows judge: see [`Scheme`].
fn training_rows(dataset: &Dataset, scheme: Scheme, test: &[u32], reach_days: i32) -> Vec<u32> {
    let all = 0..dataset.rows() as u32;
    match scheme {
        Scheme::Forward => {
            let first = test.iter().map(|&row| dataset.cutoff[row as usize].0).min();
            let is_settled =
                |row: &u32| first.is_some_and(|day| dataset.cutoff[*row as usize].0.plus(reach_days) <= day);
            all.filter(is_settled).collect()
        }
        Scheme::Grouped(_) => {
            let mut tested: Vec<u32> = test.iter().map(|&row| dataset.subject[row as usize]).collect();
            tested.sort_unstable();
            all.filter(|&row| tested.binary_search(&dataset.subject[row as usize]).is_err()).collect()
        }
    }
}
