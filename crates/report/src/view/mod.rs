//! From input to text: each section of the page as strings that its template only has to place.

mod head;
mod model;
mod people;
mod places;
mod trust;

use askama::Template;
use domain::Probability;

use crate::RenderError;
use crate::input::{Report, Severity};
use crate::words::{Words, sentence};

/// The page. Its templates call `w.text` for words without values; everything else is ready here.
#[derive(Template)]
#[template(path = "page.html")]
pub(crate) struct Page<'a> {
    w: &'a Words,
    style: &'static str,
    script: &'static str,
    language: &'static str,
    organisation: &'a str,
    notice: Option<&'a str>,
    doubts: Vec<String>,
    head: head::Head,
    today: people::Today,
    list: people::List,
    places: places::Places,
    trust: Option<trust::Trust>,
    model: model::Model,
    findings: Vec<Finding<'a>>,
}

struct Finding<'a> {
    key: &'static str,
    severity: String,
    place: &'a str,
    text: &'a str,
    advice: &'a str,
}

impl<'a> Page<'a> {
    pub(crate) fn of(report: &'a Report, words: &'a Words) -> Result<Self, RenderError> {
        Ok(Self {
            w: words,
            style: include_str!("../../templates/style.css"),
            script: concat!(include_str!("../../templates/base.js"), include_str!("../../templates/list.js")),
            language: words.locale.code(),
            organisation: &report.organisation,
            notice: report.notice.as_deref(),
            doubts: report.doubts.iter().map(|doubt| sentence(doubt)).collect(),
            head: head::Head::of(report, words),
            today: people::Today::of(report, words),
            list: people::List::of(report, words),
            places: places::Places::of(report, words)?,
            trust: report.quality.as_ref().map(|quality| trust::Trust::of(quality, words)).transpose()?,
            model: model::Model::of(report, words),
            findings: findings(report, words),
        })
    }
}

fn findings<'a>(report: &'a Report, words: &Words) -> Vec<Finding<'a>> {
    let mut findings: Vec<_> = report.findings.iter().collect();
    findings.sort_by_key(|finding| finding.severity);
    let shown = findings.into_iter().map(|finding| {
        let (key, id) = match finding.severity {
            Severity::Error => ("error", "severity-error"),
            Severity::Warning => ("warning", "severity-warning"),
            Severity::Note => ("note", "severity-note"),
        };
        Finding { key, severity: words.text(id), place: &finding.place, text: &finding.text, advice: &finding.advice }
    });
    shown.collect()
}

/// A number as it is read, and the ends of its interval.
pub(crate) struct Range {
    pub(crate) value: String,
    pub(crate) range: String,
}

/// A length or a place on a scale from 0 to 100, for a style or an SVG attribute.
pub(crate) fn on_scale(share: f64) -> String {
    format!("{:.1}", share.clamp(0.0, 1.0) * 100.0)
}

/// Sum of independent chances and its 90% interval: the mean and spread of a Poisson-binomial count, taken as normal
/// and kept within what is possible. It says how chance alone would vary, given that the probabilities are right.
fn expected_count(scores: &[Probability]) -> (f64, f64, f64) {
    let (mut mean, mut variance) = (0.0, 0.0);
    for score in scores {
        mean += score.get();
        variance += score.get() * score.complement().get();
    }
    let reach = 1.645 * f64::sqrt(variance);
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let all = scores.len() as f64;
    (mean, (mean - reach).max(0.0), (mean + reach).min(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expected_count_stays_within_what_is_possible() {
        let (mean, low, high) = expected_count(&[0.5; 100].map(Probability::clamped));
        assert!((mean - 50.0).abs() < 1e-9 && (low - 41.775).abs() < 1e-9 && (high - 58.225).abs() < 1e-9);
        let (_, low, high) = expected_count(&[0.01, 0.99].map(Probability::clamped));
        assert!(low >= 0.0 && high <= 2.0);
        assert_eq!(expected_count(&[]), (0.0, 0.0, 0.0));
    }
}
