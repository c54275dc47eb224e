//! The analyst's page: what a study of a table and its model found, for someone who works with data.
//!
//! The caller converts its study into a [`StudyReport`]; [`render_study`] returns the page. A section that was not computed
//! says so. Every section is types in `input/`, one file of `view/`, one template, and its messages.
//! `cargo run --release -p report --example study -- FILE` writes a page of made-up numbers to look at.
//!
//! Read [`StudyReport`] first.

mod input;
mod view;

use askama::Template;

use crate::RenderError;
use crate::words::Words;

pub use crate::input::Estimate;
pub use input::{
    About, Association, Assumptions, Balance, Baseline, BaselineKind, Baselines, Bin, Calibration, Card, CardData,
    CardModel, CardQuality, Case, Chances, ClassBins, CurvePoint, Difference, Distribution, Domain, Drift, DriftSide,
    EconomicPoint, Economics, EffectKind, Gains, GivesAway, Group, GroupImportance, Groups, Hardest, Importance,
    LearningCurve, LevelShare, Limit, MapKind, MapTried, Measure, Missing, ModelKind, Neighbour, NotIntended,
    ProbabilityQuality, Quantiles, Scheme, Selection, SelectionPoint, Shown, Sides, StatedBy, StudyReport, Subgroup,
    Test, TopShare, TopTable, Treatment, TreatmentKind, Use, Variable, VariableDrift, VariableImportance, VariableKind,
    Variables, Verdict,
};

/// The whole page as one string. The same study gives the same page, to the byte.
///
/// # Errors
///
/// Only where markup or charts cannot be written, which is a defect of this crate rather than of the input.
pub fn render_study(report: &StudyReport) -> Result<String, RenderError> {
    let words = Words::new(report.locale);
    Ok(view::Page::of(report, &words)?.render()?)
}
