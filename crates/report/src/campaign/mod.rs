//! The page of a campaign that is over: what each action changed, for whom, and whom to contact next time.

mod input;
mod view;

use askama::Template;

pub use input::{
    Action, Arm, CampaignReport, Classes, Condition, Policy, PolicyKind, Rule, Segment, Tenth, Test, Warning,
};

use crate::RenderError;
use crate::words::Words;

/// The whole page as one string. The same report gives the same page, to the byte.
///
/// # Errors
///
/// Only where markup or charts cannot be written, which is a defect of this crate rather than of the input.
pub fn render_campaign(report: &CampaignReport) -> Result<String, RenderError> {
    let words = Words::new(report.locale);
    Ok(view::Page::of(report, &words)?.render()?)
}
