//! What the head of the list holds.

use super::{Figure, share_spread};
use crate::RenderError;
use crate::chart::gains::gains;
use crate::input::{Estimate, GainPoint};
use crate::study::input::{TopShare, TopTable};
use crate::view::Range;
use crate::words::Words;

pub(super) struct View {
    pub(super) verdict: String,
    pub(super) figure: Option<Figure>,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) share: String,
    pub(super) rows: String,
    pub(super) precision: Range,
    pub(super) recall: Range,
    pub(super) lift: Range,
}

impl View {
    pub(super) fn of(part: &TopTable, words: &Words) -> Result<Self, RenderError> {
        Ok(Self {
            verdict: verdict(part, words).unwrap_or_default(),
            figure: if part.shares.len() > 1 { Some(figure(part, words)?) } else { None },
            rows: part.shares.iter().map(|share| row(share, words)).collect(),
        })
    }
}

/// What the first tenth holds, in a sentence; nothing where the table has no tenth.
pub(super) fn verdict(part: &TopTable, words: &Words) -> Option<String> {
    let tenth = part.shares.iter().find(|top| (top.share - 0.1).abs() < 1e-9)?;
    Some(words.say(
        "top-verdict",
        [
            ("share", words.share(tenth.share).into()),
            ("found", words.share(tenth.recall.value).into()),
            ("foundrange", words.percent_range(tenth.recall.low, tenth.recall.high).into()),
            ("lift", words.number(tenth.lift.value, 1).into()),
            ("liftrange", words.number_range(tenth.lift.low, tenth.lift.high, 1).into()),
        ],
    ))
}

fn figure(part: &TopTable, words: &Words) -> Result<Figure, RenderError> {
    let nobody = GainPoint { called: 0.0, found: Estimate { value: 0.0, low: 0.0, high: 0.0 } };
    let mut points = vec![nobody];
    points.extend(part.shares.iter().map(|top| GainPoint { called: top.share, found: top.recall }));
    Ok(Figure {
        title: words.text("gains-title"),
        note: words.text("band-note"),
        up: words.text("unit-found"),
        across: words.text("unit-contacted"),
        svg: gains(&points, words)?,
    })
}

fn row(top: &TopShare, words: &Words) -> Row {
    Row {
        share: words.share(top.share),
        rows: words.count(top.rows as u64),
        precision: share_spread(&top.precision, words),
        recall: share_spread(&top.recall, words),
        lift: Range {
            value: format!("×{}", words.number(top.lift.value, 1)),
            range: words.number_range(top.lift.low, top.lift.high, 1),
        },
    }
}
