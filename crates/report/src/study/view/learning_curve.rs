//! What more rows would bring.

use super::{Figure, change, places_for, spread};
use crate::RenderError;
use crate::chart::curve::{Curve, curve};
use crate::input::Estimate;
use crate::study::input::{LearningCurve, Verdict};
use crate::view::Range;
use crate::words::Words;

pub(super) struct View {
    pub(super) verdict: String,
    pub(super) gain: Option<String>,
    pub(super) figures: Vec<Figure>,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) share: String,
    pub(super) subjects: String,
    pub(super) rows: String,
    pub(super) leaving: String,
    pub(super) auc: Range,
    pub(super) log_loss: Range,
}

impl View {
    pub(super) fn of(part: &LearningCurve, words: &Words) -> Result<Self, RenderError> {
        let auc: Vec<_> = part.points.iter().map(|point| (rows(point.rows), point.auc)).collect();
        let loss: Vec<_> = part.points.iter().map(|point| (rows(point.rows), point.log_loss)).collect();
        let mut figures = Vec::new();
        if part.points.len() > 1 {
            figures.push(figure("learning-auc", &words.text("learning-auc-title"), "AUC".to_owned(), &auc, words)?);
            let up = words.text("unit-log-loss");
            figures.push(figure("learning-loss", &words.text("learning-loss-title"), up, &loss, words)?);
        }
        Ok(Self {
            verdict: verdict(part, words),
            gain: part.auc_gain_from_40_percent.map(|gain| {
                let gain = change(&gain, 3, words);
                words.say("learning-gain", [("gain", gain.value.into()), ("range", gain.range.into())])
            }),
            figures,
            rows: part
                .points
                .iter()
                .map(|point| Row {
                    share: words.share(point.share),
                    subjects: words.count(point.subjects as u64),
                    rows: words.count(point.rows as u64),
                    leaving: words.count(point.leaving_rows as u64),
                    auc: spread(&point.auc, 3, words),
                    log_loss: spread(&point.log_loss, 4, words),
                })
                .collect(),
        })
    }
}

/// Whether more rows would help, in a sentence.
pub(super) fn verdict(part: &LearningCurve, words: &Words) -> String {
    words.text(match part.verdict {
        Verdict::Rising => "learning-rising",
        Verdict::Flat => "learning-flat",
        Verdict::Unclear => "learning-unclear",
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn rows(count: usize) -> f64 {
    count as f64
}

fn figure(
    name: &'static str,
    title: &str,
    up: String,
    points: &[(f64, Estimate)],
    words: &Words,
) -> Result<Figure, RenderError> {
    let low = points.iter().map(|(_, e)| e.low).fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|(_, e)| e.high).fold(f64::NEG_INFINITY, f64::max);
    let places = places_for(low, high);
    let svg = curve(&Curve {
        name,
        title,
        points,
        across: &|x| words.number(x, 0),
        up: &|y| words.number(y, places),
        level: None,
        mark: None,
        has_dots: true,
    })?;
    let across = words.text("unit-training-rows");
    Ok(Figure { title: title.to_owned(), note: String::new(), up, across, svg })
}
