//! Fits of the chosen recipe on parts of the training rows, judged on the same kept rows.
//!
//! Kept rows are those of the last judged fold, training rows those of its training set, subjects drawn where there are very
//! many. The recipe is the one that was chosen, its settings fixed: nothing is searched again. Rounds of boosting follow the
//! cube root of the number of rows, as in the final fit, so that a small share is not made to overfit.

use std::borrow::Cow;

use learn::metrics::Ranking;
use learn::{Column, Dataset, Extras, Model, Recipe, fit_recipe};

use crate::draw::{mix, uniform};
use crate::estimate::Subjects;
use crate::split::Fold;
use crate::{Input, Settings, StudyError};

/// A table of training and kept rows.
pub(crate) struct Refits<'a> {
    pub(crate) data: Dataset,
    /// Rows of `data` to fit on: the first ones.
    pub(crate) train: Vec<u32>,
    pub(crate) kept: Kept,
    /// Fitted on all training rows.
    pub(crate) full: Model,
    recipe: &'a Recipe,
    settings: learn::Settings,
}

/// The rows that judge.
pub(crate) struct Kept {
    /// Rows of the study's table.
    pub(crate) rows: Vec<u32>,
    pub(crate) columns: Vec<Column>,
    pub(crate) label: Vec<bool>,
    pub(crate) weight: Vec<f64>,
    pub(crate) subject: Vec<u32>,
}

impl<'a> Refits<'a> {
    pub(crate) fn new(input: &Input<'a>, fold: &Fold, settings: &Settings) -> Result<Self, StudyError> {
        let dataset = input.dataset;
        let train_of = drawn(dataset, &fold.train, settings);
        let data = take(dataset, &train_of);
        let kept = Kept {
            columns: dataset.columns.iter().map(|column| column.take(&fold.test)).collect(),
            label: fold.test.iter().map(|&row| dataset.label[row as usize]).collect(),
            weight: fold.test.iter().map(|&row| f64::from(dataset.weight(row))).collect(),
            subject: fold.test.iter().map(|&row| dataset.subject[row as usize]).collect(),
            rows: fold.test.clone(),
        };
        let train: Vec<u32> = (0..data.rows() as u32).collect();
        let recipe = &input.evaluation.candidates[input.evaluation.chosen].recipe;
        let chains = settings.refit_chains.min(input.fit.chains);
        let fit = learn::Settings { chains, ..input.fit.clone() };
        let full = fit_recipe(&data, &train, recipe, &fit)?;
        Ok(Self { data, train, kept, full, recipe, settings: fit })
    }

    /// The recipe fitted on some of the rows of `data`.
    pub(crate) fn fit(&self, data: &Dataset, rows: &[u32]) -> Result<Model, StudyError> {
        let share = rows.len() as f64 / self.train.len().max(1) as f64;
        Ok(fit_recipe(data, rows, &grown_by(self.recipe, share), &self.settings)?)
    }

    /// The recipe's learner without its extras, fitted on some of the rows of `data`.
    pub(crate) fn fit_without_extras(&self, data: &Dataset, rows: &[u32]) -> Result<Model, StudyError> {
        let share = rows.len() as f64 / self.train.len().max(1) as f64;
        Ok(fit_recipe(data, rows, &grown_by(&without_extras(self.recipe), share), &self.settings)?)
    }

    /// Whether the recipe learns extras of columns, so that the fit without them is another one.
    pub(crate) fn has_extras(&self) -> bool {
        without_extras(self.recipe) != *self.recipe
    }
}

impl Kept {
    pub(crate) fn leaving(&self) -> usize {
        self.label.iter().filter(|&&label| label).count()
    }

    /// What a model says of the kept rows.
    pub(crate) fn probability(&self, model: &Model) -> Result<Vec<f64>, StudyError> {
        Ok(model.predict(&self.columns)?.into_iter().map(domain::Probability::get).collect())
    }

    pub(crate) fn ranking(&self, probability: &[f64]) -> Ranking {
        Ranking::new(probability, &self.label, Some(&self.weight))
    }

    pub(crate) fn subjects(&self, settings: &Settings, seed: u64) -> Subjects {
        Subjects::new(self.subject.iter().copied(), settings.draws, mix(settings.seed, seed))
    }
}

/// These rows as a table of their own.
pub(crate) fn take(dataset: &Dataset, rows: &[u32]) -> Dataset {
    let each = |row: &u32| *row as usize;
    Dataset {
        columns: dataset.columns.iter().map(|column| column.take(rows)).collect(),
        label: rows.iter().map(|row| dataset.label[each(row)]).collect(),
        cutoff: rows.iter().map(|row| dataset.cutoff[each(row)]).collect(),
        subject: rows.iter().map(|row| dataset.subject[each(row)]).collect(),
        weight: dataset.weight.as_ref().map(|weights| rows.iter().map(|row| weights[each(row)]).collect()),
    }
}

/// Rows of a share of the subjects where there are more rows than may be fitted on.
fn drawn<'r>(dataset: &Dataset, rows: &'r [u32], settings: &Settings) -> Cow<'r, [u32]> {
    let share = settings.refit_rows as f64 / rows.len().max(1) as f64;
    if share >= 1.0 {
        return Cow::Borrowed(rows);
    }
    let is_drawn = |row: &u32| uniform(mix(mix(settings.seed, 40), u64::from(dataset.subject[*row as usize]))) < share;
    Cow::Owned(rows.iter().copied().filter(is_drawn).collect())
}

fn without_extras(recipe: &Recipe) -> Recipe {
    match recipe {
        Recipe::Prior => Recipe::Prior,
        Recipe::Ridge { lambda, .. } => Recipe::Ridge { lambda: *lambda, extras: Extras::None },
        Recipe::Boosted { settings, rounds, .. } => {
            Recipe::Boosted { settings: settings.clone(), extras: Extras::None, rounds: *rounds }
        }
        Recipe::Mean(parts) => {
            Recipe::Mean(parts.iter().map(|(weight, part)| (*weight, without_extras(part))).collect())
        }
    }
}

fn grown_by(recipe: &Recipe, share: f64) -> Recipe {
    let scaled = |rounds: usize| ((rounds as f64 * share.min(1.0).cbrt()).round() as usize).max(1);
    match recipe {
        Recipe::Prior | Recipe::Ridge { .. } => recipe.clone(),
        Recipe::Boosted { settings, extras, rounds } => {
            Recipe::Boosted { settings: settings.clone(), extras: *extras, rounds: scaled(*rounds) }
        }
        Recipe::Mean(parts) => {
            Recipe::Mean(parts.iter().map(|(weight, part)| (*weight, grown_by(part, share))).collect())
        }
    }
}
