//! From a study to text: each section of the analyst's page as strings that its template only has to place.
//!
//! A new section is a file here, a file in `templates/study/`, and its messages in `locales/study/` in every language.

mod balance;
mod baselines;
mod calibration;
mod card;
mod cautions;
mod drift;
mod economics;
mod groups;
mod hardest;
mod importance;
mod learning_curve;
mod left_out;
mod method;
mod selection;
mod summary;
mod top;
mod values;
mod variables;

use askama::Template;

use super::input::StudyReport;
use crate::RenderError;
use crate::input::Estimate;
use crate::view::{Range, on_scale};
use crate::words::Words;

/// The page. Its templates call `w.text` for words without values; everything else is ready here.
#[derive(Template)]
#[template(path = "study/page.html")]
pub(crate) struct Page<'a> {
    w: &'a Words,
    style: &'static str,
    script: &'static str,
    language: &'static str,
    organisation: &'a str,
    notice: Option<&'a str>,
    summary: summary::Summary,
    variables: variables::View,
    groups: groups::View,
    baselines: baselines::View,
    learning_curve: learning_curve::View,
    balance: balance::View,
    selection: selection::View,
    importance: importance::View,
    calibration: calibration::View,
    top: top::View,
    economics: Option<economics::View>,
    hardest: hardest::View,
    drift: Option<drift::View>,
    card: card::View,
    method: method::View,
}

impl<'a> Page<'a> {
    pub(crate) fn of(report: &'a StudyReport, words: &'a Words) -> Result<Self, RenderError> {
        Ok(Self {
            w: words,
            style: concat!(
                include_str!("../../../templates/style.css"),
                include_str!("../../../templates/study/style.css")
            ),
            script: concat!(
                include_str!("../../../templates/base.js"),
                include_str!("../../../templates/study/script.js")
            ),
            language: words.locale.code(),
            organisation: &report.organisation,
            notice: report.notice.as_deref(),
            summary: summary::Summary::of(report, words),
            variables: variables::View::of(&report.variables, words),
            groups: groups::View::of(&report.groups, words),
            baselines: baselines::View::of(&report.baselines, words),
            learning_curve: learning_curve::View::of(&report.learning_curve, words)?,
            balance: balance::View::of(&report.balance, words),
            selection: selection::View::of(&report.selection, words)?,
            importance: importance::View::of(&report.importance, words),
            calibration: calibration::View::of(&report.calibration, words)?,
            top: top::View::of(&report.top, words)?,
            economics: report.economics.as_ref().map(|part| economics::View::of(part, words)).transpose()?,
            hardest: hardest::View::of(&report.hardest, words),
            drift: report.drift.as_ref().map(|part| drift::View::of(part, report.compared_with.as_deref(), words)),
            card: card::View::of(&report.card, &report.variables.left_out, words),
            method: method::View::of(report, words),
        })
    }
}

/// A chart with its words: what the axes are, and in what unit.
struct Figure {
    title: String,
    note: String,
    /// The upright axis.
    up: String,
    /// The level axis.
    across: String,
    svg: String,
}

/// An interval on a line, as a bar with a dot.
struct Span {
    at: String,
    from: String,
    width: String,
    title: String,
    /// Where there would be no difference, if that is on the line.
    base: Option<String>,
}

impl Span {
    /// On a line from one value to another.
    fn new(estimate: &Estimate, (start, end): (f64, f64), title: String) -> Self {
        let place = |value: f64| if end > start { (value - start) / (end - start) } else { 0.0 };
        let (low, high) = (place(estimate.low).clamp(0.0, 1.0), place(estimate.high).clamp(0.0, 1.0));
        Self {
            at: on_scale(place(estimate.value)),
            from: on_scale(low),
            width: on_scale(high - low),
            title,
            base: None,
        }
    }

    /// With a mark at a value of the same line.
    fn with_base(self, base: f64, (start, end): (f64, f64)) -> Self {
        let base = (base > start && base < end).then(|| on_scale((base - start) / (end - start)));
        Self { base, ..self }
    }
}

/// A number and its interval with so many places.
fn spread(estimate: &Estimate, places: u8, words: &Words) -> Range {
    Range { value: words.number(estimate.value, places), range: interval(estimate, places, words) }
}

/// A share and its interval in per cent.
fn share_spread(estimate: &Estimate, words: &Words) -> Range {
    Range { value: words.fine_share(estimate.value), range: words.fine_range(estimate.low, estimate.high) }
}

/// A signed difference and its interval.
fn change(estimate: &Estimate, places: u8, words: &Words) -> Range {
    Range {
        value: words.change(estimate.value, places),
        range: format!("{}…{}", words.change(estimate.low, places), words.change(estimate.high, places)),
    }
}

/// `0,81–0,85`; with three dots where a minus would make a dash hard to read.
fn interval(estimate: &Estimate, places: u8, words: &Words) -> String {
    if estimate.low < 0.0 {
        format!("{}…{}", words.number(estimate.low, places), words.number(estimate.high, places))
    } else {
        words.number_range(estimate.low, estimate.high, places)
    }
}

/// A p or q: three places, and never 0.
fn chance(p: f64, words: &Words) -> String {
    if p < 0.001 { format!("<\u{a0}{}", words.number(0.001, 3)) } else { words.number(p, 3) }
}

/// Places that tell the five or so labels of an axis apart.
fn places_for(low: f64, high: f64) -> u8 {
    match high - low {
        range if range >= 4.0 => 0,
        range if range >= 0.4 => 1,
        range if range >= 0.04 => 2,
        range if range >= 0.004 => 3,
        _ => 4,
    }
}

/// Whether an interval holds zero, so that there may be no difference.
fn may_be_zero(estimate: &Estimate) -> bool {
    estimate.low <= 0.0 && estimate.high >= 0.0
}

/// Names in a sentence: the first few, and how many more there are.
fn names(all: &[String], most: usize, words: &Words) -> String {
    let shown = all.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(", ");
    if all.len() <= most {
        return shown;
    }
    words.say("and-more", [("names", shown.into()), ("n", (all.len() - most).into())])
}

#[cfg(test)]
mod tests {
    use domain::Locale;

    use super::*;

    #[test]
    fn a_p_is_never_nothing_and_a_minus_never_a_dash() {
        let words = Words::new(Locale::Ru);
        assert_eq!((chance(1e-30, &words), chance(0.0449, &words)), ("<\u{a0}0,001".to_owned(), "0,045".to_owned()));
        let gain = Estimate { value: 0.01, low: -0.002, high: 0.022 };
        assert_eq!(change(&gain, 3, &words).range, "\u{2212}0,002…+0,022");
        assert_eq!(interval(&gain, 3, &words), "\u{2212}0,002…0,022");
        assert!(may_be_zero(&gain));
    }
}
