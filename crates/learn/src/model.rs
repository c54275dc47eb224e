//! A fitted model: data that scores and explains.

use domain::Probability;
use serde::{Deserialize, Serialize};

use crate::attribution::{Attributions, attribute};
use crate::boost::Ensemble;
use crate::calibrate::Calibration;
use crate::data::{Column, check_columns};
use crate::encode::Encoder;
use crate::error::{ModelFileError, PredictError};
use crate::linear::Linear;
use crate::math::sigmoid;

/// Version of the model file that this program writes and reads.
const FORMAT: u32 = 2;

/// `log-odds = calibration(sum of weight * margin over members)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Version of the file's format.
    pub format: u32,
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Its part in the margin; weights sum to 1.
    pub weight: f64,
    /// What it is.
    pub learner: Learner,
}

/// Anything that gives a margin and exact attributions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
        Self { format: FORMAT, encoder, members, calibration, training }
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
        let rows = check_columns(columns)?;
        let features = self.encoder.encode(columns)?;
        let features: Vec<&[f32]> = features.iter().map(AsRef::as_ref).collect();
        attribute(self, &features, &self.margins(&features, rows))
    }

    /// The model as JSON; read back, it scores the same to the last bit.
    pub fn to_json(&self) -> Result<String, ModelFileError> {
        Ok(serde_json::to_string(self)?)
    }

    /// Reads what [`Model::to_json`] wrote.
    pub fn from_json(text: &str) -> Result<Self, ModelFileError> {
        #[derive(Deserialize)]
        struct Header {
            format: u32,
        }
        // The version first: a file of another one may not have this shape at all.
        let found = serde_json::from_str::<Header>(text)?.format;
        if found != FORMAT {
            return Err(ModelFileError::Version { found, expected: FORMAT });
        }
        let model: Self = serde_json::from_str(text)?;
        match model.damage() {
            Some(problem) => Err(ModelFileError::Damaged(problem.to_owned())),
            None => Ok(model),
        }
    }

    fn damage(&self) -> Option<&'static str> {
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

impl Learner {
    pub(crate) fn margins(&self, features: &[&[f32]], rows: usize) -> Vec<f64> {
        match self {
            Self::Linear(linear) => linear.margins(features, rows),
            Self::Trees(trees) => trees.margins(features, rows),
        }
    }
}
