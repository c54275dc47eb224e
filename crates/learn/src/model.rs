//! A fitted model: data that scores and explains.

use std::borrow::Cow;

use domain::Probability;
use serde::{Deserialize, Serialize};

use crate::attribution::{Attributions, Background, Interactions, attribute, interactions};
use crate::boost::Ensemble;
use crate::calibrate::Calibration;
use crate::data::{Column, check_columns};
use crate::encode::Encoder;
use crate::error::PredictError;
use crate::formats::legal_names;
use crate::linear::Linear;
use crate::math::sigmoid;

/// `log-odds = calibration(sum of weight * margin over members)`.
///
/// Its trees are as LightGBM keeps trees (see [`ModelFiles`](crate::ModelFiles)), so that Python's are the same to the last bit.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The schema, and how columns become features.
    pub encoder: Encoder,
    /// What is averaged.
    pub members: Vec<Member>,
    /// From the members' mean to a probability.
    pub calibration: Calibration,
    /// What it was fitted on.
    pub training: TrainingSummary,
}

/// A part of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its part in the margin; weights sum to 1.
    pub weight: f64,
    /// What it is.
    pub learner: Learner,
}

/// Anything that gives a margin and exact attributions.
#[derive(Clone, Debug, PartialEq)]
pub enum Learner {
    /// A sum of contributions of single features.
    Linear(Linear),
    /// Boosted trees.
    Trees(Ensemble),
}

/// The rows that a model was fitted on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingSummary {
    /// Rows.
    pub rows: usize,
    /// Rows that say "leaves".
    pub leaving_rows: usize,
    /// Distinct subjects with such a row.
    pub leavers: usize,
    /// Distinct subjects.
    pub subjects: usize,
    /// Distinct cutoffs.
    pub cutoffs: usize,
    /// Day of the first cutoff, counted from 1970-01-01.
    pub first_cutoff_day: i32,
    /// Day of the last cutoff, counted from 1970-01-01.
    pub last_cutoff_day: i32,
    /// Days after a cutoff by which an outcome was settled.
    pub reach_days: i32,
    /// The seed of all draws.
    pub seed: u64,
}

impl Model {
    pub(crate) fn new(
        encoder: Encoder,
        members: Vec<Member>,
        calibration: Calibration,
        training: TrainingSummary,
    ) -> Self {
        let members = members.into_iter().map(Member::into_kept).collect();
        Self { encoder, members, calibration, training }
    }

    /// The chance to leave, for each row. Columns are found by name: their order does not matter, others are ignored.
    pub fn predict(&self, columns: &[Column]) -> Result<Vec<Probability>, PredictError> {
        let log_odds = self.log_odds(columns)?;
        Ok(log_odds.into_iter().map(|log_odds| Probability::clamped(sigmoid(log_odds))).collect())
    }

    /// Calibrated log-odds of each row.
    pub fn log_odds(&self, columns: &[Column]) -> Result<Vec<f64>, PredictError> {
        let rows = check_columns(columns)?;
        let features = self.encoder.encode(columns)?;
        let features: Vec<&[f32]> = features.iter().map(AsRef::as_ref).collect();
        let margins = self.margins(&features, rows);
        Ok(margins.into_iter().map(|margin| self.calibration.log_odds(margin)).collect())
    }

    /// The members' mean margin of each row.
    fn margins(&self, features: &[&[f32]], rows: usize) -> Vec<f64> {
        let mut margins = vec![0.0; rows];
        for member in &self.members {
            for (sum, margin) in margins.iter_mut().zip(member.learner.margins(features, rows)) {
                *sum += member.weight * margin;
            }
        }
        margins
    }

    /// What each input column adds to each row's calibrated log-odds: exact, so that rows add up.
    pub fn attribute(&self, columns: &[Column]) -> Result<Attributions, PredictError> {
        self.with_margins(columns, |features, margins| attribute(self, features, margins, None))
    }

    /// The same against chosen rows, at least one: what tells a row from them, on average.
    pub fn attribute_against(&self, columns: &[Column], background: &[Column]) -> Result<Attributions, PredictError> {
        let rows = check_columns(background)?;
        let others = self.encoder.encode(background)?;
        let others: Vec<&[f32]> = others.iter().map(AsRef::as_ref).collect();
        let others = Background { features: &others, rows };
        self.with_margins(columns, |features, margins| attribute(self, features, margins, Some(&others)))
    }

    /// What columns add to each row's calibrated log-odds alone, and what they add in pairs.
    pub fn interactions(&self, columns: &[Column]) -> Result<Interactions, PredictError> {
        self.with_margins(columns, |features, margins| interactions::of_model(self, features, margins))
    }

    fn with_margins<T>(
        &self,
        columns: &[Column],
        then: impl FnOnce(&[&[f32]], &[f64]) -> Result<T, PredictError>,
    ) -> Result<T, PredictError> {
        let rows = check_columns(columns)?;
        let features = self.encoder.encode(columns)?;
        let features: Vec<&[f32]> = features.iter().map(AsRef::as_ref).collect();
        then(&features, &self.margins(&features, rows))
    }

    /// Features of rows, as the trees and linear members see them: feature-major, in the order of
    /// [`Model::feature_names`].
    pub fn features<'a>(&self, columns: &'a [Column]) -> Result<Vec<Cow<'a, [f32]>>, PredictError> {
        check_columns(columns)?;
        self.encoder.encode(columns)
    }

    /// What the features are called in the files of trees.
    ///
    /// A column that became one feature gives it its name; one that became several numbers them.
    pub fn feature_names(&self) -> Vec<String> {
        let columns = self.encoder.feature_columns();
        let mut names = Vec::with_capacity(columns.len());
        for (feature, &column) in columns.iter().enumerate() {
            let first = columns.partition_point(|&other| other < column);
            let alone = columns.get(first + 1) != Some(&column);
            let name = &self.encoder.columns[column].name;
            names.push(if alone { name.clone() } else { format!("{name}_{}", feature - first + 1) });
        }
        legal_names(&names)
    }

    pub(crate) fn damage(&self) -> Option<&'static str> {
        let features = self.encoder.feature_columns().len();
        let sound = |number: f64| number.is_finite();
        if !self.calibration.is_sound() {
            return Some("the calibration is out of range");
        }
        if self.members.is_empty() || !self.members.iter().all(|member| sound(member.weight)) {
            return Some("there are no members, or one has no weight");
        }
        self.members.iter().find_map(|member| match &member.learner {
            Learner::Linear(linear) => linear.damage(features),
            Learner::Trees(trees) => trees.damage(features),
        })
    }
}

impl Member {
    /// The member as its file keeps it.
    fn into_kept(self) -> Self {
        let learner = match self.learner {
            Learner::Trees(ensemble) => Learner::Trees(ensemble.into_kept()),
            linear @ Learner::Linear(_) => linear,
        };
        Self { learner, ..self }
    }
}

impl Learner {
    pub(crate) fn margins(&self, features: &[&[f32]], rows: usize) -> Vec<f64> {
        match self {
            Self::Linear(linear) => linear.margins(features, rows),
            Self::Trees(trees) => trees.margins(features, rows),
        }
    }
}
