//! A model of effects: what a learner says of subjects, shrunk to what was borne out.

use std::borrow::Cow;
use std::collections::HashMap;

use learn::{Column, Ensemble, MISSING, PredictError, Values};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::campaign::OutcomeKind;
use crate::covariates::{feature, mean_of_halves};
use crate::estimate::Z;
use crate::learners::{Bag, LearnerKind};
use crate::shrinkage::Shrinkage;

/// Version of the model's form.
pub const FORMAT: u32 = 1;

/// Effects of actions, ready to be told of new subjects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EffectModel {
    /// [`FORMAT`] of the program that fitted it.
    pub format: u32,
    /// Names of the arms, the control first.
    pub arms: Vec<String>,
    /// The columns that it was fitted on, in their order.
    pub columns: Vec<InputColumn>,
    /// What outcomes were.
    pub outcome: OutcomeKind,
    /// The learner that was chosen.
    pub learner: LearnerKind,
    /// By action: how what the learner says becomes an effect.
    pub shrinkage: Vec<Shrinkage>,
    pub(crate) bags: Vec<Bag>,
    /// The outcome without action.
    pub(crate) base: [Ensemble; 2],
}

/// A column that a model was fitted on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputColumn {
    /// Its name.
    pub name: String,
    /// Names of the levels of a category; nothing for a number.
    pub levels: Option<Vec<String>>,
}

/// The effect of an action on a subject, in the unit of the outcome; for outcomes of 0 and 1 a difference of probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// Expected outcome with the action less that without.
    pub mean: f64,
    /// Lower end of the 90% interval.
    pub low: f64,
    /// Upper end of the 90% interval.
    pub high: f64,
    /// Expected outcome without action.
    pub base: f64,
}

/// Why effects could not be told.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum EffectError {
    /// The columns do not fit the model.
    #[error(transparent)]
    Columns(#[from] PredictError),
    /// A model of another version of the program.
    #[error("the model has format {found}, this program reads {FORMAT}: learn the campaign again")]
    Format {
        /// Of the model.
        found: u32,
    },
    /// The parts of the model do not fit together: its file was cut or changed by hand.
    #[error("the model is damaged: {0}")]
    Damaged(&'static str),
}

impl EffectModel {
    /// The effect of each action on each subject: by row of `columns`, then by action (arm 1 first).
    pub fn effects(&self, columns: &[Column]) -> Result<Vec<Vec<Effect>>, EffectError> {
        self.check()?;
        let features = self.features(columns)?;
        let count = columns.first().map_or(0, Column::rows);
        let features: Vec<&[f32]> = features.iter().map(AsRef::as_ref).collect();
        let rows: Vec<u32> = (0..count as u32).collect();
        let (means, variances) = spread(&self.bags, self.shrinkage.len(), &features, &rows);
        let base = mean_of_halves(&self.base, &features, &rows);
        let terms: Vec<[f64; 3]> = self.shrinkage.iter().map(Shrinkage::terms).collect();
        let of_row = |row: usize| {
            let of_action = |action: usize| {
                let (shrinkage, [constant, by_square, by_spread]) = (&self.shrinkage[action], terms[action]);
                let said = means[action][row];
                let square = (said - shrinkage.centre).powi(2);
                let error = (constant + by_square * square + by_spread * variances[action][row]).sqrt();
                self.bounded(shrinkage.effect(said), error, base[row])
            };
            (0..self.shrinkage.len()).map(of_action).collect()
        };
        Ok((0..count).map(of_row).collect())
    }

    /// Probabilities stay between 0 and 1.
    fn bounded(&self, effect: f64, error: f64, base: f64) -> Effect {
        let (lowest, highest) = match self.outcome {
            OutcomeKind::Binary => (-base, 1.0 - base),
            OutcomeKind::Amount => (f64::MIN, f64::MAX),
        };
        let within = |value: f64| value.clamp(lowest, highest);
        Effect { mean: within(effect), low: within(effect - Z * error), high: within(effect + Z * error), base }
    }

    /// Features in the order of fitting, with the levels' numbers of fitting.
    fn features<'c>(&self, columns: &'c [Column]) -> Result<Vec<Cow<'c, [f32]>>, PredictError> {
        let expected = columns.first().map_or(0, Column::rows);
        let by_name: HashMap<&str, &Column> = columns.iter().map(|column| (column.name.as_str(), column)).collect();
        let find = |input: &InputColumn| {
            let Some(&column) = by_name.get(input.name.as_str()) else {
                return Err(PredictError::MissingColumn { column: input.name.clone() });
            };
            if column.rows() != expected {
                let (column, found) = (column.name.clone(), column.rows());
                return Err(PredictError::Length { column, expected, found });
            }
            match (&column.values, &input.levels) {
                (Values::Number(_), None) => Ok(feature(column)),
                (Values::Category { codes, levels }, Some(known)) => renumbered(column, codes, levels, known),
                (_, levels) => Err(PredictError::Kind {
                    column: column.name.clone(),
                    expected: if levels.is_some() { "category" } else { "number" },
                    found: column.kind(),
                }),
            }
        };
        self.columns.iter().map(find).collect()
    }

    /// Whether the parts of a model that was read fit together.
    pub fn check(&self) -> Result<(), EffectError> {
        if self.format != FORMAT {
            return Err(EffectError::Format { found: self.format });
        }
        let (features, actions) = (self.columns.len(), self.arms.len().saturating_sub(1));
        if actions == 0 || self.shrinkage.len() != actions || self.bags.is_empty() {
            return Err(EffectError::Damaged("arms and effects differ in number"));
        }
        let sound = |s: &Shrinkage| [s.ate.value, s.ate.error, s.told, s.centre].iter().all(|value| value.is_finite());
        if !self.shrinkage.iter().all(sound) {
            return Err(EffectError::Damaged("an effect is not a number"));
        }
        let of_bags = self.bags.iter().find_map(|bag| bag.damage(features, actions));
        match of_bags.or_else(|| self.base.iter().find_map(|trees| trees.damage(features))) {
            Some(problem) => Err(EffectError::Damaged(problem)),
            None => Ok(()),
        }
    }
}

/// Mean and variance over bags of what they say, each by action and row.
pub(crate) fn spread(
    bags: &[Bag],
    actions: usize,
    features: &[&[f32]],
    rows: &[u32],
) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
    let mut means = vec![vec![0.0; rows.len()]; actions];
    let mut squares = means.clone();
    for (count, bag) in bags.iter().enumerate() {
        for (action, said) in bag.effects(features, rows).into_iter().enumerate() {
            let each = means[action].iter_mut().zip(&mut squares[action]).zip(said);
            for ((mean, square), said) in each {
                // Welford's update.
                let before = said - *mean;
                *mean += before / (count + 1) as f64;
                *square += before * (said - *mean);
            }
        }
    }
    squares.iter_mut().flatten().for_each(|square| *square /= bags.len() as f64);
    (means, squares)
}

/// Codes as the levels were numbered at fitting; a level not seen then gets a number of its own, which no tree asks for.
fn renumbered<'c>(
    column: &Column,
    codes: &[u32],
    levels: &[String],
    known: &[String],
) -> Result<Cow<'c, [f32]>, PredictError> {
    let number: HashMap<&str, usize> = known.iter().enumerate().map(|(code, name)| (name.as_str(), code)).collect();
    let number: Vec<f32> =
        levels.iter().map(|level| number.get(level.as_str()).copied().unwrap_or(known.len()) as f32).collect();
    let mut values = Vec::with_capacity(codes.len());
    for (row, &code) in codes.iter().enumerate() {
        let value = match number.get(code as usize) {
            _ if code == MISSING => f32::NAN,
            Some(&value) => value,
            None => {
                let (column, levels) = (column.name.clone(), levels.len());
                return Err(PredictError::CodeOutOfRange { column, row, code, levels });
            }
        };
        values.push(value);
    }
    Ok(Cow::Owned(values))
}
