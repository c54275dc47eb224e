//! Learning from tables who will leave: from rows about subjects at cutoffs to a calibrated, explained, checked model.
//!
//! It is not a data frame (columns come ready), not a clock (time is in the rows) and not a store (a model is data; the
//! caller keeps it). Read [`Dataset`] first, then [`fit()`], then [`Model`]; [`Evaluation`] is what a reader judges it by.
//!
//! ```
//! use domain::{Cutoff, Day};
//! use learn::{Column, Dataset, Settings, fit};
//!
//! let missed: Vec<f32> = (0..400).map(|row| (row % 10) as f32).collect();
//! let dataset = Dataset {
//!     label: (0..400).map(|row| row % 10 > 7 || row % 37 == 0).collect(),
//!     cutoff: (0..400).map(|row| Cutoff(Day(row / 20))).collect(),
//!     subject: (0..400).collect(),
//!     columns: vec![Column::number("missed_in_a_row", missed)],
//!     weight: None,
//! };
//! let fitted = fit(&dataset, &Settings { reach_days: 2, ..Settings::default() }, &|_| {})?;
//! let scores = fitted.model.predict(&[Column::number("missed_in_a_row", vec![9.0, 0.0])])?;
//! assert!(scores[0] > scores[1]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Adding a learner**: give it a file with `fit` and a margin, a variant in [`Learner`] with its margins and exact
//! attributions, a variant in [`Recipe`], and a trial in `race`; `tests/battery.rs` then tests it with the others.
//! **Adding a metric**: a file in [`metrics`] with the formula and a reference number.

mod attribution;
mod bins;
mod boost;
mod calibrate;
mod choose;
mod data;
mod effort;
mod encode;
mod error;
mod evaluation;
mod fit;
mod folds;
mod formats;
mod linear;
mod logistic;
mod math;
pub mod metrics;
mod model;
mod prior;
mod race;
mod settings;
mod table;

pub use attribution::{Attributions, Contributions, Interactions};
pub use boost::{BoostSettings, Ensemble, Link, Loss, Tree, TreeData, TreeFit, TreeTable, fit_trees};
pub use calibrate::{Beta, Calibration, Isotonic, Line, Map, MapKind, MapResult, VennAbers};
pub use data::{Column, Dataset, MISSING, Values};
pub use encode::{
    CROSS_FITTED_BELOW, Code, Cross, EncodedColumn, Encoder, Encoding, Extras, Level, PARTS, Repeated,
    SMOOTHING_SUBJECTS,
};
pub use error::{FitError, ModelFileError, PredictError};
pub use evaluation::{Candidate, CandidateResult, Evaluation, FoldSummary, HeldOut, Importance, Recipe, Tier, Why};
pub use fit::{Fitted, Progress, Stage, fit, fit_recipe};
pub use folds::{Scheme, WhyGrouped};
pub use formats::{ModelFiles, ReadTrees, TreeFileError};
pub use linear::{Linear, Shape, Term};
pub use math::mix;
pub use model::{Learner, Member, Model, TrainingSummary};
pub use prior::PriorModel;
pub use settings::{Direction, Settings};
