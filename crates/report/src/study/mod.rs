//! The analyst's page: what a study of a table and its model found, for someone who works with data.
//!
//! Read [`StudyReport`] first.

mod input;

pub use input::{
    About, Association, Assumptions, Balance, Baseline, BaselineKind, Baselines, Bin, Calibration, Card, CardData,
    CardModel, CardQuality, Case, ClassBins, CurvePoint, Difference, Distribution, Domain, Drift, DriftSide,
    EconomicPoint, Economics, EffectKind, Gains, GivesAway, Group, GroupImportance, Groups, Hardest, Importance,
    LearningCurve, LevelShare, Limit, MapKind, MapTried, Measure, Missing, ModelKind, Neighbour, NotIntended,
    ProbabilityQuality, Quantiles, Scheme, Selection, SelectionPoint, Shown, Sides, StatedBy, StudyReport, Subgroup,
    Test, TopShare, TopTable, Treatment, TreatmentKind, Use, Variable, VariableDrift, VariableImportance, VariableKind,
    Variables, Verdict,
};
