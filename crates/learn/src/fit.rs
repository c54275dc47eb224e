//! From rows to a model that says how good it is.

use crate::boost::BoostSettings;
use crate::calibrate::{Calibration, Line, Map, VennAbers};
use crate::choose::{Choice, choose};
use crate::data::{Column, Dataset};
use crate::error::FitError;
use crate::evaluation::{Chosen, Evaluation, HeldOut, Importance, Recipe, evaluate};
use crate::folds;
use crate::linear::Linear;
use crate::logistic;
use crate::math::{falls_into, mix};
use crate::model::{Learner, Member, Model, TrainingSummary};
use crate::race::{Race, race};
use crate::settings::Settings;
use crate::table::{Table, View};

/// Rows whose attributions make up the importance of columns.
const IMPORTANCE_ROWS: usize = 4000;

/// A model and how well its kind did on rows it did not see.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Fitted on all rows.
    pub model: Model,
    /// Of the same recipe fitted on parts of them.
    pub evaluation: Evaluation,
}

/// How far a fit has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Steps done of this stage.
    pub done: usize,
    /// Steps of this stage.
    pub total: usize,
}

/// Parts of a fit, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Binning and encoding.
    Prepare,
    /// Trying prior and logistic models.
    Logistic,
    /// Trying boosted trees.
    Boosting,
    /// Fitting the chosen model on all rows.
    Refit,
    /// Measuring it.
    Evaluate,
}

/// Finds the best model by [`Evaluation::scheme`], fits it on all rows and calibrates it.
///
/// What is reported of it is how this same way of choosing, fitting and calibrating did where it could not look: each
/// forward block is scored by what the blocks settled before it would have chosen, each group of subjects by what the others
/// would.
///
/// Deterministic: the same data and settings give the same model to the last bit on any number of threads.
pub fn fit(dataset: &Dataset, settings: &Settings, progress: &(dyn Fn(Progress) + Sync)) -> Result<Fitted, FitError> {
    settings.check()?;
    dataset.check()?;
    let step = |stage, done| progress(Progress { stage, done, total: 1 });
    step(Stage::Prepare, 0);
    let (leavers, _) = dataset.leavers_and_stayers();
    let (scheme, folds) = folds::plan(dataset, settings.reach_days, settings.folds, settings.seed);
    let table = Table::new(dataset, settings.seed);
    step(Stage::Prepare, 1);
    let few = leavers < settings.few_leavers;
    let race = race(&table, &folds, few, settings, progress);
    let every: Vec<usize> = (0..folds.len()).collect();
    let choice = choose(dataset, &race, &every, folds.len() - 1, few, settings);
    step(Stage::Refit, 0);
    let rows: Vec<u32> = (0..dataset.rows() as u32).collect();
    let view = table.view(&rows);
    let members = refit(&view, &rows, choice.recipe(), race.boosted_rows, settings);
    let summary = summary(dataset, &rows, settings);
    let model = Model::new(view.fitted.encoder.clone(), members, choice.calibration.clone(), summary);
    step(Stage::Refit, 1);
    step(Stage::Evaluate, 0);
    let held_out = held_out(dataset, &race, &choice, few, settings);
    let importance = importance(&model, dataset);
    let chosen =
        Chosen { scheme, candidates: choice.candidates, index: choice.chosen, why: choice.why, maps: choice.maps };
    let draws = settings.bootstrap_draws;
    let evaluation = evaluate(dataset, &folds, held_out, chosen, importance, draws, mix(settings.seed, 3));
    step(Stage::Evaluate, 1);
    Ok(Fitted { model, evaluation })
}

/// Fits one recipe on some of the rows: nothing is chosen, calibrated or judged. For studies that compare fits of a recipe.
///
/// Boosted models grow exactly the recipe's rounds. The model's log-odds are its margins, its probabilities have no
/// intervals. Deterministic as [`fit`] is.
pub fn fit_recipe(dataset: &Dataset, rows: &[u32], recipe: &Recipe, settings: &Settings) -> Result<Model, FitError> {
    settings.check()?;
    dataset.check()?;
    let leaving = rows.iter().filter(|&&row| dataset.label[row as usize]).count();
    if leaving == 0 || leaving == rows.len() {
        return Err(FitError::OneClass { rows: rows.len(), leaving: leaving > 0 });
    }
    if *recipe == Recipe::Prior && settings.prior.is_none() {
        return Err(FitError::Setting {
            setting: "prior",
            problem: "must be given to fit the prior's recipe".to_owned(),
        });
    }
    let table = Table::new(dataset, settings.seed);
    let view = table.view(rows);
    let members = refit(&view, rows, recipe, rows.len() as f64, settings);
    let map = Map::Line(Line { slope: 1.0, intercept: 0.0 });
    let intervals = VennAbers { upto: vec![0.0], low: vec![0.0], high: vec![1.0] };
    let summary = summary(dataset, rows, settings);
    Ok(Model::new(view.fitted.encoder.clone(), members, Calibration { map, intervals }, summary))
}

/// Scores of each fold's tested rows by what its judges would have chosen.
///
/// The first forward blocks have none: the final choice scores them, and their rows are not judged.
fn held_out(dataset: &Dataset, race: &Race<'_>, choice: &Choice, few: bool, settings: &Settings) -> Vec<Vec<HeldOut>> {
    let of_fold = |fold: usize| {
        let judges = &race.folds[fold].judges;
        let judged = !judges.is_empty();
        let probability = match judged {
            true => choose(dataset, race, judges, fold, few, settings).probability(race, fold),
            false => choice.probability(race, fold),
        };
        let tested = race.folds[fold].test.iter().zip(probability);
        tested.map(|(&row, probability)| HeldOut { row, probability, judged }).collect()
    };
    (0..race.folds.len()).map(of_fold).collect()
}

/// Fits the chosen recipe on all rows.
fn refit(view: &View<'_>, rows: &[u32], recipe: &Recipe, raced_rows: f64, settings: &Settings) -> Vec<Member> {
    let whole = |learner| vec![Member { weight: 1.0, learner }];
    match recipe {
        Recipe::Prior => {
            let features = view.features();
            let prior = settings.prior.as_ref();
            let names = view.table.feature_names();
            let model = prior.and_then(|prior| prior.fit(view.table.dataset, &features, &names, rows));
            // The prior was a candidate, so its columns are there; an empty sum is what it would be without.
            whole(Learner::Linear(model.unwrap_or(Linear { intercept: 0.0, terms: Vec::new() })))
        }
        Recipe::Ridge { lambda } => whole(ridge(view, rows, *lambda, settings)),
        Recipe::Boosted { settings: size, rounds } => whole(trees(view, rows, size, *rounds, raced_rows, settings)),
        Recipe::Blend { lambda, settings: size, rounds } => vec![
            Member { weight: 0.5, learner: ridge(view, rows, *lambda, settings) },
            Member { weight: 0.5, learner: trees(view, rows, size, *rounds, raced_rows, settings) },
        ],
    }
}

fn ridge(view: &View<'_>, rows: &[u32], lambda: f64, settings: &Settings) -> Learner {
    let mut models = logistic::fit(view.table.dataset, &view.features(), rows, &[lambda], settings.seed);
    Learner::Linear(models.remove(0))
}

/// More rows carry more trees before they overfit: rounds grow with the cube root of the rows, by half at most.
fn trees(
    view: &View<'_>,
    rows: &[u32],
    size: &BoostSettings,
    rounds: usize,
    raced_rows: f64,
    settings: &Settings,
) -> Learner {
    let growth = (rows.len() as f64 / raced_rows.max(1.0)).cbrt().clamp(1.0, 1.5);
    let size = BoostSettings { max_trees: (rounds as f64 * growth).round() as usize, ..size.clone() };
    Learner::Trees(view.boost(rows, &size, None, settings.chains, settings).into_ensemble())
}

fn summary(dataset: &Dataset, rows: &[u32], settings: &Settings) -> TrainingSummary {
    let distinct = |mut values: Vec<i64>| {
        values.sort_unstable();
        values.dedup();
        values.len()
    };
    let subjects = |rows: &mut dyn Iterator<Item = u32>| {
        distinct(rows.map(|row| i64::from(dataset.subject[row as usize])).collect())
    };
    let leaves = |row: &u32| dataset.label[*row as usize];
    let days = || rows.iter().map(|&row| dataset.cutoff[row as usize].0.0);
    TrainingSummary {
        rows: rows.len(),
        leaving_rows: rows.iter().filter(|row| leaves(row)).count(),
        leavers: subjects(&mut rows.iter().copied().filter(|row| leaves(row) && dataset.weight(*row) > 0.0)),
        subjects: subjects(&mut rows.iter().copied()),
        cutoffs: distinct(days().map(i64::from).collect()),
        first_cutoff_day: days().min().unwrap_or_default(),
        last_cutoff_day: days().max().unwrap_or_default(),
        reach_days: settings.reach_days,
        seed: settings.seed,
    }
}

fn importance(model: &Model, dataset: &Dataset) -> Vec<Importance> {
    let share = IMPORTANCE_ROWS as f64 / dataset.rows() as f64;
    let every = 0..dataset.rows() as u32;
    let rows: Vec<u32> = every.filter(|&row| share >= 1.0 || falls_into(mix(0, u64::from(row)), share)).collect();
    let columns: Vec<Column> = dataset.columns.iter().map(|column| column.take(&rows)).collect();
    // The columns are those the model was just fitted on: they match.
    let means = model.attribute(&columns).map(|parts| parts.mean_absolute()).unwrap_or_default();
    let named = dataset.columns.iter().zip(means);
    let mut importance: Vec<Importance> =
        named.map(|(column, mean_absolute)| Importance { column: column.name.clone(), mean_absolute }).collect();
    importance.sort_by(|a, b| b.mean_absolute.total_cmp(&a.mean_absolute));
    importance
}
