//! The study as a whole: its input, its sections in their order, and what can be wrong.

use std::collections::BTreeSet;

use learn::metrics::Ranking;
use learn::{Column, Dataset, Evaluation, FitError, Model, PredictError, Values};
use thiserror::Error;

use crate::draw::mix;
use crate::estimate::Subjects;
use crate::refit::Refits;
use crate::{
    About, Baselines, Calibration, Drift, Groups, Importance, LearningCurve, LeftOut, Settings, Study, TopTable,
    VariableKind, Variables, WhyLeftOut, balance, baselines, calibration, card, drift, economics, groups, hardest,
    importance, learning_curve, selection, split, top, variables,
};

/// What is studied.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The table that the model was learned from, its rows in the same order.
    pub dataset: &'a Dataset,
    /// Keys of subjects by their number in the table, for the reader to find them; a number without a key is shown itself.
    pub keys: &'a [String],
    /// The model, fitted on all rows.
    pub model: &'a Model,
    /// How well its kind did, with the scores of kept-apart rows.
    pub evaluation: &'a Evaluation,
    /// What it was fitted by.
    pub fit: &'a learn::Settings,
    /// Rows of another file to look for drift in; columns are matched by name.
    pub other: Option<&'a [Column]>,
    /// Columns whose numbers are dates, in days from 1970-01-01.
    pub dates: &'a BTreeSet<String>,
    /// Columns of the source that were not learned from; constants and copies are found here.
    pub left_out: &'a [LeftOut],
}

/// A step of a study, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Describing and testing variables.
    Variables,
    /// Comparing variables with each other.
    Groups,
    /// Fitting and judging baselines.
    Baselines,
    /// Fitting on shares of the subjects.
    LearningCurve,
    /// Weighting and undersampling.
    Balance,
    /// Fitting on few variables.
    Selection,
    /// Attributing and shuffling.
    Importance,
    /// Looking for neighbours of hard rows.
    Hardest,
    /// Counting along the list: its head, calibration, economics.
    List,
    /// Comparing two sets of rows.
    Drift,
    /// Collecting the card.
    Card,
}

/// Why there is no study.
#[derive(Debug, Error)]
pub enum StudyError {
    /// Rows or scores are of another table than the one given.
    #[error("the scores of kept-apart rows are not of this table: the data changed since training; train again")]
    OtherTable,
    /// A model could not be fitted anew.
    #[error("a model could not be fitted for the study: {0}")]
    Fit(#[from] FitError),
    /// The model does not fit the table.
    #[error("the model does not fit this table: {0}")]
    Predict(#[from] PredictError),
    /// Two sets of rows have no column in common.
    #[error("the file to compare with has no rows, or no column of the same name and type")]
    NothingShared,
    /// A setting is out of its range.
    #[error("{setting}: {problem}")]
    Setting {
        /// Which.
        setting: &'static str,
        /// What was expected.
        problem: &'static str,
    },
}

/// Sections that the card draws on.
pub(crate) struct Parts<'a> {
    pub(crate) input: &'a Input<'a>,
    pub(crate) variables: &'a Variables,
    pub(crate) baselines: &'a Baselines,
    pub(crate) learning_curve: &'a LearningCurve,
    pub(crate) importance: &'a Importance,
    pub(crate) top: &'a TopTable,
    pub(crate) calibration: &'a Calibration,
    pub(crate) drift: Option<&'a Drift>,
}

impl Input<'_> {
    /// The key of a subject.
    pub(crate) fn key(&self, subject: u32) -> String {
        self.keys.get(subject as usize).cloned().unwrap_or_else(|| subject.to_string())
    }

    /// What a column holds.
    pub(crate) fn kind(&self, column: &Column) -> VariableKind {
        match &column.values {
            Values::Category { .. } => VariableKind::Category,
            Values::Number(_) if self.dates.contains(&column.name) => VariableKind::Date,
            Values::Number(_) => VariableKind::Number,
        }
    }
}

/// What the caller left out, and columns that are there and say nothing of their own.
fn left_out(input: &Input<'_>, groups: &Groups) -> Vec<LeftOut> {
    let mut all = input.left_out.to_vec();
    all.extend(groups.constants.iter().map(|name| LeftOut { name: name.clone(), why: WhyLeftOut::Constant }));
    for same in &groups.duplicates {
        let why = WhyLeftOut::Copy { of: same[0].clone() };
        all.extend(same[1..].iter().map(|name| LeftOut { name: name.clone(), why: why.clone() }));
    }
    all
}

/// Studies a table and its model; `progress` is told of each section as it begins.
///
/// Deterministic: the same input and settings give the same study on any number of threads.
pub fn study(input: &Input<'_>, settings: &Settings, progress: &dyn Fn(Section)) -> Result<Study, StudyError> {
    settings.assumptions.check()?;
    let (dataset, evaluation) = (input.dataset, input.evaluation);
    let held = split::held_out(dataset, evaluation, input.fit.reach_days)?;
    let order: Vec<String> = evaluation.importance.iter().map(|weight| weight.column.clone()).collect();

    progress(Section::Variables);
    let mut variables = variables::variables(dataset, &|column| input.kind(column), settings.seed);
    progress(Section::Groups);
    let groups = groups::groups(dataset, &order, settings.seed);
    variables.left_out = left_out(input, &groups);
    progress(Section::Baselines);
    let baselines = baselines::baselines(input, &held, settings)?;
    progress(Section::LearningCurve);
    let last = held.folds.last().ok_or(StudyError::OtherTable)?;
    let refits = Refits::new(input, last, settings)?;
    let learning_curve = learning_curve::learning_curve(&refits, settings)?;
    progress(Section::Balance);
    let balance = balance::balance(&refits, settings)?;
    progress(Section::Selection);
    let selection = selection::selection(&refits, settings)?;
    progress(Section::Importance);
    let importance = importance::importance(input, &refits, &groups, settings)?;
    drop(refits);
    progress(Section::Hardest);
    let hardest = hardest::hardest(input, &held, &order, settings);

    progress(Section::List);
    let label: Vec<bool> = held.rows.iter().map(|&row| dataset.label[row as usize]).collect();
    let weight: Vec<f64> = held.rows.iter().map(|&row| f64::from(dataset.weight(row))).collect();
    let subject: Vec<u32> = held.rows.iter().map(|&row| dataset.subject[row as usize]).collect();
    let ranking = Ranking::new(&held.probability, &label, Some(&weight));
    let subjects = Subjects::new(subject.iter().copied(), settings.draws, mix(settings.seed, 90));
    let top = top::top_table(&ranking, &subjects);
    let calibration = calibration::calibration(input, &ranking, &subject, &subjects, settings);
    let economics = economics::economics(&ranking, &subjects, &settings.assumptions, mix(settings.seed, 92));

    progress(Section::Drift);
    let drift = drift::drift(input, settings)?;
    progress(Section::Card);
    let parts = Parts {
        input,
        variables: &variables,
        baselines: &baselines,
        learning_curve: &learning_curve,
        importance: &importance,
        top: &top,
        calibration: &calibration,
        drift: drift.as_ref(),
    };
    let card = card::card(&parts, &held, &order, settings);
    let about = About {
        rows: dataset.rows(),
        subjects: card.data.subjects,
        leaving_rows: card.data.leaving_rows,
        columns: dataset.columns.len(),
        held_out_rows: held.rows.len(),
        held_out_leaving_rows: top.leaving_rows,
        confidence: 0.95,
        draws: settings.draws,
        seed: settings.seed,
    };
    Ok(Study {
        about,
        variables,
        groups,
        baselines,
        learning_curve,
        balance,
        selection,
        importance,
        hardest,
        top,
        calibration,
        economics,
        drift,
        card,
    })
}
