//! Effects of actions, learned from a campaign that is over: how much each action changes the outcome of each subject, how
//! sure that is, and whom to act on.
//!
//! It is not a risk model (that is `learn`, on which it stands), not a planner under capacity (that is `decide`) and reads
//! no file and no clock. Read [`Campaign`] first, then [`fit()`], then [`EffectModel`]; [`EffectReport`] is what a reader
//! judges it by.
//!
//! ```
//! use effect::{Campaign, Settings, fit};
//! use learn::Column;
//!
//! let rows = 600u32;
//! let campaign = Campaign {
//!     columns: vec![Column::number("visits", (0..rows).map(|row| (row % 7) as f32).collect())],
//!     arms: vec!["nothing".to_owned(), "letter".to_owned()],
//!     arm: (0..rows).map(|row| row / 7 % 2).collect(),
//!     outcome: (0..rows).map(|row| ((row / 7 % 2 == 1 && row % 3 > 0) || row % 5 == 0) as u8 as f32).collect(),
//!     propensity: Some(vec![vec![0.5; rows as usize]; 2]),
//! };
//! let fitted = fit(&campaign, &Settings { bags: 4, ..Settings::default() }, &|_| {})?;
//! let effects = fitted.model.effects(&[Column::number("visits", vec![3.0])])?;
//! assert!(effects[0][0].low > 0.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Adding a learner**: see `learners`. **Adding a metric**: a file in [`metrics`] with formula, source and a reference number.

mod campaign;
mod checks;
mod coarse;
mod covariates;
mod draw;
mod error;
mod estimate;
mod evaluate;
mod fit;
mod folds;
mod learners;
pub mod metrics;
mod model;
mod nuisance;
mod propensity;
mod race;
mod report;
mod rules;
mod settings;
mod shrinkage;
mod tree;
mod trial;
mod warnings;

pub use campaign::{Campaign, MIN_ARM_ROWS, OutcomeKind};
pub use checks::{FoundNothing, NothingToFind};
pub use error::{CampaignError, Warning};
pub use estimate::Estimate;
pub use fit::{Fitted, Progress, Stage, fit, fit_model};
pub use learners::LearnerKind;
pub use model::{Effect, EffectError, EffectModel, FORMAT, InputColumn};
pub use propensity::{ArmOverlap, PropensityReport, PropensitySource};
pub use race::LearnerScore;
pub use report::{ActionQuality, ActionReport, ArmReport, EffectReport, PolicyKind, PolicyReport};
pub use settings::Settings;
pub use shrinkage::{MOST_TOLD, Shrinkage};
pub use tree::{Condition, PolicyLeaf, PolicyTree, Rule, Segment, Segments};
