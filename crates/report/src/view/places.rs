//! Where the risk is: the distribution of scores, and the population cut by group, course or whatever the caller gives.

use domain::{Band, Bands};

use super::{expected_count, on_scale};
use crate::RenderError;
use crate::chart::distribution::distribution;
use crate::input::{Breakdown, Report, Slice};
use crate::words::Words;

/// More slices than this are a list, not a picture.
const MOST_SLICES: usize = 12;

pub(crate) struct Places {
    pub(crate) distribution: Option<String>,
    pub(crate) cuts: Vec<Cut>,
}

pub(crate) struct Cut {
    pub(crate) title: String,
    pub(crate) rows: Vec<Place>,
    pub(crate) left_out: Option<String>,
}

pub(crate) struct Place {
    pub(crate) label: String,
    pub(crate) share: String,
    pub(crate) leavers: String,
    pub(crate) high: u64,
    pub(crate) at: String,
    pub(crate) from: String,
    pub(crate) width: String,
    pub(crate) title: String,
}

impl Places {
    pub(crate) fn of(report: &Report, words: &Words) -> Result<Self, RenderError> {
        let scores = &report.population.scores;
        let distribution = if scores.is_empty() { None } else { Some(distribution(scores, &report.bands, words)?) };
        let cuts = report.population.breakdowns.iter().filter(|breakdown| !breakdown.slices.is_empty());
        Ok(Self { distribution, cuts: cuts.map(|breakdown| cut(breakdown, &report.bands, words)).collect() })
    }
}

fn cut(breakdown: &Breakdown, bands: &Bands, words: &Words) -> Cut {
    let mut slices: Vec<_> = breakdown.slices.iter().filter(|slice| !slice.scores.is_empty()).collect();
    slices.sort_by(|a, b| mean(b).total_cmp(&mean(a)).then_with(|| a.label.cmp(&b.label)));
    let left_out = (slices.len() > MOST_SLICES)
        .then(|| words.say("slices-left-out", [("shown", MOST_SLICES.into()), ("all", slices.len().into())]));
    slices.truncate(MOST_SLICES);
    // One scale for the whole cut, so that a difference of a few per cent is still to be seen.
    let end = slices.iter().map(|slice| interval(slice).2).fold(0.05, f64::max);
    Cut {
        title: breakdown.title.clone(),
        rows: slices.iter().map(|slice| place(slice, bands, end, words)).collect(),
        left_out,
    }
}

fn place(slice: &Slice, bands: &Bands, end: f64, words: &Words) -> Place {
    let (share, low, high) = interval(slice);
    let (count, ..) = expected_count(&slice.scores);
    let range = words.percent_range(low, high);
    let in_high = slice.scores.iter().filter(|score| bands.band(**score) == Band::High).count() as u64;
    Place {
        label: slice.label.clone(),
        share: words.share(share),
        leavers: words.say(
            "leavers-of",
            [("leavers", words.number(count, u8::from(count < 9.95)).into()), ("all", slice.scores.len().into())],
        ),
        high: in_high,
        at: on_scale(share / end),
        from: on_scale(low / end),
        width: on_scale((high - low) / end),
        title: words.say("range-probably", [("range", range.into())]),
    }
}

/// Expected share of leavers with its 90% interval.
fn interval(slice: &Slice) -> (f64, f64, f64) {
    let (count, low, high) = expected_count(&slice.scores);
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let all = slice.scores.len().max(1) as f64;
    (count / all, low / all, high / all)
}

fn mean(slice: &Slice) -> f64 {
    interval(slice).0
}
