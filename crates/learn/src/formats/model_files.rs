//! The files of a model: `model.json`, and for each member of trees a file in LightGBM's text format.
//!
//! `model.json` has the encoder, the linear members, the calibration, and says which file holds which member and what its
//! features are called. Python reads the trees as they are:
//!
//! ```python
//! booster = lightgbm.Booster(model_file="trees_1.txt")
//! margins = booster.predict(features, raw_score=True)
//! ```
//!
//! with `features` as `holdfast trees features` writes them. `log-odds = calibration(sum of weight * margin)`.

use serde::{Deserialize, Serialize};

use crate::boost::Ensemble;
use crate::calibrate::Calibration;
use crate::encode::Encoder;
use crate::error::ModelFileError;
use crate::linear::Linear;
use crate::model::{Learner, Member, Model, TrainingSummary};

/// Version of the model file that this program writes and reads.
const FORMAT: u32 = 3;

/// For who opens the file to see what it is.
const ABOUT: &str = "A model of holdfast. Trees are in LightGBM's format: in Python, lightgbm.Booster(model_file='trees_1.txt')\
    .predict(features, raw_score=True) gives the member's margin; `holdfast trees features` writes the features.";

/// What is written of a model.
pub struct ModelFiles {
    /// `model.json`.
    pub json: String,
    /// The other files: name and text.
    pub trees: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct File {
    format: u32,
    about: String,
    features: Vec<String>,
    encoder: Encoder,
    members: Vec<FileMember>,
    calibration: Calibration,
    training: TrainingSummary,
}

#[derive(Serialize, Deserialize)]
struct FileMember {
    weight: f64,
    #[serde(flatten)]
    learner: FileLearner,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FileLearner {
    Linear(Linear),
    /// The name of the file.
    Trees(String),
}

#[derive(Deserialize)]
struct Header {
    format: u32,
}

impl Model {
    /// The model as files; read back, it scores and explains the same to the last bit.
    pub fn to_files(&self) -> Result<ModelFiles, ModelFileError> {
        let features = self.feature_names();
        let names: Vec<&str> = features.iter().map(String::as_str).collect();
        let (mut members, mut trees) = (Vec::new(), Vec::new());
        for Member { weight, learner } in &self.members {
            let learner = match learner {
                Learner::Linear(linear) => FileLearner::Linear(linear.clone()),
                Learner::Trees(ensemble) => {
                    let name = file_name(trees.len());
                    trees.push((name.clone(), ensemble.to_lightgbm(&names)));
                    FileLearner::Trees(name)
                }
            };
            members.push(FileMember { weight: *weight, learner });
        }
        let file = File {
            format: FORMAT,
            about: ABOUT.to_owned(),
            encoder: self.encoder.clone(),
            calibration: self.calibration.clone(),
            training: self.training.clone(),
            features,
            members,
        };
        Ok(ModelFiles { json: serde_json::to_string(&file)?, trees })
    }

    /// Reads what [`Model::to_files`] wrote; `read` gives the text of a file of trees.
    pub fn from_files<E: From<ModelFileError>>(
        json: &str,
        mut read: impl FnMut(&str) -> Result<String, E>,
    ) -> Result<Self, E> {
        let file = parse(json)?;
        let mut members = Vec::with_capacity(file.members.len());
        let mut count = 0;
        for FileMember { weight, learner } in file.members {
            let learner = match learner {
                FileLearner::Linear(linear) => Learner::Linear(linear),
                FileLearner::Trees(name) if name == file_name(count) => {
                    count += 1;
                    Learner::Trees(trees(&name, &read(&name)?, &file.features)?)
                }
                FileLearner::Trees(name) => {
                    return Err(ModelFileError::Damaged(format!("a file of trees is called {name:?}")).into());
                }
            };
            members.push(Member { weight, learner });
        }
        let model = Self { encoder: file.encoder, members, calibration: file.calibration, training: file.training };
        match model.damage() {
            Some(problem) => Err(ModelFileError::Damaged(problem.to_owned()).into()),
            None => Ok(model),
        }
    }
}

fn file_name(nth: usize) -> String {
    format!("trees_{}.txt", nth + 1)
}

fn parse(json: &str) -> Result<File, ModelFileError> {
    // The version first: a file of another one may not have this shape at all.
    let found = serde_json::from_str::<Header>(json)?.format;
    if found != FORMAT {
        return Err(ModelFileError::Version { found, expected: FORMAT });
    }
    Ok(serde_json::from_str(json)?)
}

fn trees(name: &str, text: &str, features: &[String]) -> Result<Ensemble, ModelFileError> {
    let read =
        Ensemble::from_lightgbm(text).map_err(|problem| ModelFileError::Trees { file: name.to_owned(), problem })?;
    if read.features != features {
        let problem = format!("{name} has other features than model.json");
        return Err(ModelFileError::Damaged(problem));
    }
    Ok(read.ensemble)
}
