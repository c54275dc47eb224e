//! The analyst's study of a table and of the model that was learned from it: every number of the report, no words.
//!
//! It takes what `learn` takes and gives, a [`learn::Dataset`], the fitted [`learn::Model`] and its
//! [`learn::Evaluation`] with the scores of kept-apart rows, and returns a [`Study`]: plain values with their units, which
//! a page or a JSON file can show. It reads no file, knows no clock and writes no sentence. Read [`Study`] first, then
//! [`Input`] and [`Settings`]; each section is one file that opens with what it estimates, how, and by whom.
//!
//! **Adding a section**: a file with its types and one function, a field of [`Study`], a step of [`Section`].
//!
//! Everything is drawn by seeds and summed in a fixed order: the same input gives the same study on any number of threads.

mod balance;
mod baselines;
mod binning;
mod calibration;
mod card;
mod chances;
mod draw;
mod drift;
mod economics;
mod estimate;
mod groups;
mod hardest;
mod importance;
mod learning_curve;
mod platt;
mod refit;
mod selection;
mod settings;
mod split;
mod statistics;
mod study;
mod top;
mod variables;

use serde::Serialize;

pub use balance::{Balance, ProbabilityQuality, Treatment, TreatmentKind};
pub use baselines::{Baseline, BaselineKind, Baselines, Gains};
pub use calibration::{Bin, Calibration, MapKind, MapTried};
pub use card::{
    Card, CardData, CardModel, CardQuality, Limit, ModelKind, ModelRecipe, NotIntended, RecipeExtras, Slice, Subgroup,
    Tested, Use,
};
pub use chances::{ChancePoint, Chances, PrecisionPoint, Spread, Stated};
pub use drift::{Domain, Drift, DriftSide, GivesAway, Sides, VariableDrift};
pub use economics::{Assumptions, EconomicPoint, Economics, StatedBy};
pub use estimate::Estimate;
pub use groups::{Association, Group, Groups, Measure};
pub use hardest::{Case, Hardest, Neighbour, Shown};
pub use importance::{GroupImportance, Importance, VariableImportance};
pub use learning_curve::{CurvePoint, LearningCurve, Verdict};
pub use selection::{Selection, SelectionPoint};
pub use settings::Settings;
pub(crate) use study::Parts;
pub use study::{Input, Section, StudyError, study};
pub use top::{TopShare, TopTable};
pub use variables::{
    ClassBins, Difference, Distribution, EffectKind, LeftOut, LevelShare, Missing, Quantiles, Test, Variable,
    VariableKind, Variables, WhyLeftOut,
};

/// Everything that the analyst's report says of a table and its model. Shares and probabilities lie in 0 to 1; intervals are
/// of 95%; AUC is the area under the ROC curve; log-loss is in nats a row; attributions are in log-odds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Study {
    /// What all sections rest on.
    pub about: About,
    /// 1. Each variable alone.
    pub variables: Variables,
    /// 2. Variables that say the same.
    pub groups: Groups,
    /// 3. The model beside simple ones.
    pub baselines: Baselines,
    /// 4. What more rows would bring.
    pub learning_curve: LearningCurve,
    /// 5. What class weights and undersampling do.
    pub balance: Balance,
    /// 6. How few variables would do.
    pub selection: Selection,
    /// 7. What the model rests on.
    pub importance: Importance,
    /// 8. Where it was confident and wrong.
    pub hardest: Hardest,
    /// 9. What the head of the list holds.
    pub top: TopTable,
    /// 10. Whether its probabilities are probabilities.
    pub calibration: Calibration,
    /// 11. What contacting the head of the list is worth.
    pub economics: Economics,
    /// 12. How another file, or later cutoffs, differ; nothing where there is neither.
    pub drift: Option<Drift>,
    /// 13. What the model is for, and what not.
    pub card: Card,
}

/// What all sections rest on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct About {
    /// Rows of the table: a subject at a cutoff each.
    pub rows: usize,
    /// Distinct subjects.
    pub subjects: usize,
    /// Rows that leave.
    pub leaving_rows: usize,
    /// Columns of the table.
    pub columns: usize,
    /// Rows whose score comes from a model that did not see them: sections 3, 9, 10 and 11 are of these.
    pub held_out_rows: usize,
    /// Those of them that leave.
    pub held_out_leaving_rows: usize,
    /// Confidence of all intervals, 0.95.
    pub confidence: f64,
    /// Redrawn sets of subjects behind bootstrap intervals.
    pub draws: usize,
    /// The seed of all draws.
    pub seed: u64,
}
