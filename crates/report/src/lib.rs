//! The reports: HTML files, each of which holds everything and asks the network for nothing.
//!
//! The page for staff: the caller fills a [`Report`] with what it has computed, sentences about subjects already in the
//! reader's language; [`render`] returns the page. The page for analysts: a [`StudyReport`] and [`render_study`], in
//! [`study`]. The page of a campaign: a [`CampaignReport`] and [`render_campaign`], in [`campaign`]. This crate computes no score and no metric: it counts, sorts, formats and draws.
//! Its own words are in `locales/`, its markup, style and script in `templates/`, its charts in `chart/`; what both pages
//! share stands at the top of those folders, what is the analyst's in their `study/`.
//!
//! Read [`Report`], [`Subject`] and [`Quality`] first. A new section of a page is a file in `view/` or `study/view/` that
//! turns input into text, a file in `templates/`, and its messages in every locale.

pub mod campaign;
mod chart;
mod input;
pub mod study;
mod view;
mod words;

use askama::Template;

pub use self::study::{StudyReport, render_study};
pub use campaign::{CampaignReport, render_campaign};
pub use input::{
    Alternative, Breakdown, Candidate, Direction, Estimate, Finding, GainPoint, Importance, Model, Population, Quality,
    Recommendation, ReliabilityBin, Report, Severity, Slice, Subject, Tier, TopShare, Weight,
};

/// Why a page could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The markup could not be written.
    #[error("the page could not be written")]
    Page(#[from] askama::Error),
    /// A chart could not be drawn.
    #[error("the chart {chart} could not be drawn: {reason}")]
    Chart {
        /// Which chart.
        chart: &'static str,
        /// What the drawing library said.
        reason: String,
    },
}

/// The whole page as one string. The same report gives the same page, to the byte.
///
/// # Errors
///
/// Only where markup or charts cannot be written, which is a defect of this crate rather than of the input.
pub fn render(report: &Report) -> Result<String, RenderError> {
    let words = words::Words::new(report.locale);
    Ok(view::Page::of(report, &words)?.render()?)
}
