//! What an analyst's page is made of. Plain values: the caller has computed them, the page only shows them.
//!
//! Shares and probabilities lie in 0 to 1; intervals are of [`About::confidence`]; AUC is the area under the ROC curve;
//! log-loss is in nats a row; attributions are in log-odds. A section that is `None` was not computed, and the page says so.

mod card;
mod drift;
mod model;
mod scores;
mod variables;

use domain::{Day, Locale};

pub use card::{Card, CardData, CardModel, CardQuality, Limit, ModelKind, NotIntended, Scheme, Subgroup, Use};
pub use drift::{Domain, Drift, DriftSide, GivesAway, Sides, VariableDrift};
pub use model::{
    Balance, Baseline, BaselineKind, Baselines, CurvePoint, Gains, GroupImportance, Importance, LearningCurve,
    ProbabilityQuality, Selection, SelectionPoint, Treatment, TreatmentKind, VariableImportance, Verdict,
};
pub use scores::{
    Assumptions, Bin, Calibration, Case, Chances, EconomicPoint, Economics, Hardest, MapKind, MapTried, Neighbour,
    Shown, StatedBy, TopShare, TopTable,
};
pub use variables::{
    Association, ClassBins, Difference, Distribution, EffectKind, Group, Groups, LevelShare, Measure, Missing,
    Quantiles, Test, Variable, VariableKind, Variables,
};

/// Everything one page for an analyst shows.
#[derive(Clone, Debug)]
pub struct StudyReport {
    /// Language, number and date style.
    pub locale: Locale,
    /// Who the page is for, `Orange`.
    pub organisation: String,
    /// A line at the very top, such as that the data are made up.
    pub notice: Option<String>,
    /// What was studied: a file's name or the contract's table.
    pub source: String,
    /// What counts as leaving: the column or event that says so, `churn`.
    pub target: String,
    /// The file that drift was measured against, if one was given.
    pub compared_with: Option<String>,
    /// The day the page is made; nothing leaves it out.
    pub made_on: Option<Day>,
    /// What all sections rest on.
    pub about: About,
    /// Each variable alone.
    pub variables: Option<Variables>,
    /// Variables that say the same.
    pub groups: Option<Groups>,
    /// The model beside simple ones.
    pub baselines: Option<Baselines>,
    /// What more rows would bring.
    pub learning_curve: Option<LearningCurve>,
    /// What class weights and undersampling do.
    pub balance: Option<Balance>,
    /// How few variables would do.
    pub selection: Option<Selection>,
    /// What the model rests on.
    pub importance: Option<Importance>,
    /// Whether its probabilities are probabilities.
    pub calibration: Option<Calibration>,
    /// What the head of the list holds.
    pub top: Option<TopTable>,
    /// What contacting the head of the list is worth.
    pub economics: Option<Economics>,
    /// Where it was confident and wrong.
    pub hardest: Option<Hardest>,
    /// How another file, or later cutoffs, differ.
    pub drift: Option<Drift>,
    /// What the model is for, and what not.
    pub card: Option<Card>,
}

/// What all sections rest on.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// Rows of the table: a subject at a cutoff each.
    pub rows: usize,
    /// Distinct subjects.
    pub subjects: usize,
    /// Rows that leave.
    pub leaving_rows: usize,
    /// Columns of the table.
    pub columns: usize,
    /// Rows whose score comes from a model that did not see them.
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
