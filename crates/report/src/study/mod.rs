//! The analyst's page: what a study of a table and its model found, for someone who works with data.
//!
//! The caller puts its study into a [`StudyReport`]; [`render_study`] returns the page. A section's numbers are the types of
//! `study`, which know no words; here each has one file of `view/`, one template, and its messages.
//! `cargo run --release -p report --example study -- FILE` writes a page of made-up numbers to look at.
//!
//! Read [`StudyReport`] first.

mod input;
mod view;

use askama::Template;

use crate::RenderError;
use crate::words::Words;

pub use crate::input::Estimate;
pub use input::*;

/// The whole page as one string. The same study gives the same page, to the byte.
///
/// # Errors
///
/// Only where markup or charts cannot be written, which is a defect of this crate rather than of the input.
pub fn render_study(report: &StudyReport) -> Result<String, RenderError> {
    let words = if report.is_leaving { Words::new(report.locale) } else { Words::of_positives(report.locale) };
    Ok(view::Page::of(report, &words)?.render()?)
}
