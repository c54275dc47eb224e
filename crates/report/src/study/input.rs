//! What an analyst's page is made of: the sections of a study, which it only shows, and what stands around them.
//!
//! Shares and probabilities lie in 0 to 1; intervals are of [`About::confidence`]; AUC is the area under the ROC curve;
//! log-loss is in nats a row; attributions are in log-odds.

mod scores;

use domain::{Day, Locale};

pub use ::study::{
    About, Association, Balance, Baseline, BaselineKind, Baselines, Bin, Calibration, Card, CardData, CardModel,
    CardQuality, Case, ClassBins, CurvePoint, Difference, Distribution, Domain, Drift, DriftSide, EffectKind, Gains,
    GivesAway, Group, GroupImportance, Groups, Hardest, Importance, LearningCurve, LeftOut, LevelShare, Limit, MapKind,
    MapTried, Measure, Missing, ModelKind, ModelRecipe, Neighbour, NotIntended, ProbabilityQuality, Quantiles,
    RecipeExtras, Selection, SelectionPoint, Shown, Sides, Slice, Subgroup, Test, Tested, TopShare, TopTable,
    Treatment, TreatmentKind, Use, Variable, VariableDrift, VariableImportance, VariableKind, Variables, Verdict,
    WhyLeftOut,
};
pub use scores::{Assumptions, Chances, EconomicPoint, Economics, StatedBy};

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
    /// Whether that is leaving; where it is something else, such as buying, the page speaks of positives and others.
    pub is_leaving: bool,
    /// The file that drift was measured against, if one was given.
    pub compared_with: Option<String>,
    /// The day the page is made; nothing leaves it out.
    pub made_on: Option<Day>,
    /// What all sections rest on.
    pub about: About,
    /// Each variable alone.
    pub variables: Variables,
    /// Variables that say the same.
    pub groups: Groups,
    /// The model beside simple ones.
    pub baselines: Baselines,
    /// What more rows would bring.
    pub learning_curve: LearningCurve,
    /// What class weights and undersampling do.
    pub balance: Balance,
    /// How few variables would do.
    pub selection: Selection,
    /// What the model rests on.
    pub importance: Importance,
    /// Whether its probabilities are probabilities.
    pub calibration: Calibration,
    /// What the head of the list holds.
    pub top: TopTable,
    /// What contacting the head of the list is worth.
    pub economics: Option<Economics>,
    /// Where it was confident and wrong.
    pub hardest: Hardest,
    /// How another file, or later cutoffs, differ; nothing where there is neither.
    pub drift: Option<Drift>,
    /// What the model is for, and what not.
    pub card: Card,
}
