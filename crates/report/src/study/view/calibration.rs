//! Whether probabilities are probabilities.

use super::{Figure, interval, share_spread, spread};
use crate::RenderError;
use crate::chart::reliability::reliability;
use crate::input::{Estimate, ReliabilityBin};
use crate::study::input::{Calibration, MapKind};
use crate::view::Range;
use crate::words::Words;

pub(super) struct View {
    pub(super) verdict: String,
    pub(super) slope: String,
    pub(super) figure: Option<Figure>,
    pub(super) measures: Vec<Measure>,
    pub(super) bins: Vec<Row>,
    pub(super) maps: Vec<Map>,
}

/// A number with what it means.
pub(super) struct Measure {
    pub(super) name: String,
    pub(super) value: Range,
    pub(super) ideal: String,
    pub(super) meaning: String,
}

pub(super) struct Row {
    pub(super) said: String,
    pub(super) happened: Range,
    pub(super) rows: String,
}

pub(super) struct Map {
    pub(super) name: String,
    pub(super) log_loss: String,
    pub(super) gap_error: String,
    pub(super) is_taken: bool,
}

impl View {
    pub(super) fn of(part: &Calibration, words: &Words) -> Result<Self, RenderError> {
        let points = |share: f64| words.number(share * 100.0, 2);
        let verdict = words.say(
            "calibration-verdict",
            [
                ("error", points(part.error.value).into()),
                ("range", words.number_range(part.error.low * 100.0, part.error.high * 100.0, 2).into()),
                ("perfect", points(part.error_if_perfect).into()),
                ("said", words.fine_share(part.mean_said).into()),
                ("happened", words.fine_share(part.mean_happened).into()),
            ],
        );
        Ok(Self {
            verdict,
            slope: slope(&part.slope, words),
            figure: if part.bins.len() > 1 { Some(figure(part, words)?) } else { None },
            measures: measures(part, words),
            bins: part
                .bins
                .iter()
                .map(|bin| Row {
                    said: words.fine_share(bin.said),
                    happened: share_spread(&bin.happened, words),
                    rows: words.count(bin.rows as u64),
                })
                .collect(),
            maps: part
                .maps
                .iter()
                .map(|map| Map {
                    name: map_name(map.kind, words),
                    log_loss: words.number(map.log_loss, 5),
                    gap_error: words.number(map.gap_error, 5),
                    is_taken: map.is_taken,
                })
                .collect(),
        })
    }
}

pub(super) fn map_name(kind: MapKind, words: &Words) -> String {
    words.text(match kind {
        MapKind::Line => "map-line",
        MapKind::Beta => "map-beta",
        MapKind::Isotonic => "map-isotonic",
    })
}

fn slope(slope: &Estimate, words: &Words) -> String {
    let id = if slope.high < 1.0 {
        "slope-too-sure"
    } else if slope.low > 1.0 {
        "slope-too-timid"
    } else {
        "slope-right"
    };
    let value = spread(slope, 2, words);
    words.say(id, [("slope", value.value.into()), ("range", value.range.into())])
}

fn figure(part: &Calibration, words: &Words) -> Result<Figure, RenderError> {
    let bin = |bin: &crate::study::input::Bin| ReliabilityBin {
        predicted: bin.said,
        observed: bin.happened,
        rows: bin.rows as u64,
    };
    let bins: Vec<_> = part.bins.iter().map(bin).collect();
    Ok(Figure {
        title: words.text("reliability-title"),
        note: words.text("calibration-note"),
        up: words.text("unit-happened"),
        across: words.text("unit-said"),
        svg: reliability(&bins, words)?,
    })
}

fn measures(part: &Calibration, words: &Words) -> Vec<Measure> {
    let measure = |name: String, estimate: &Estimate, places, ideal: String, id| Measure {
        name,
        value: Range { value: words.number(estimate.value, places), range: interval(estimate, places, words) },
        ideal,
        meaning: words.text(id),
    };
    let number = |value, places| words.number(value, places);
    vec![
        measure("ECE".to_owned(), &part.error, 4, number(part.error_if_perfect, 4), "meaning-ece"),
        measure("Brier".to_owned(), &part.brier, 4, "—".to_owned(), "metric-brier"),
        measure(words.text("measure-skill"), &part.brier_skill, 3, number(1.0, 0), "meaning-skill"),
        measure(words.text("measure-slope"), &part.slope, 2, number(1.0, 0), "meaning-slope"),
        measure(words.text("measure-intercept"), &part.intercept, 2, number(0.0, 0), "meaning-intercept"),
    ]
}
