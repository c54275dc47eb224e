//! How far the scores can be trusted: first in sentences, then in charts and tables.

use super::Range;
use crate::RenderError;
use crate::chart::{gains::gains, reliability::reliability};
use crate::input::{Estimate, Quality, TopShare};
use crate::words::Words;

/// With fewer leavers than this the page warns that every number is rough.
const FEW_LEAVERS: u64 = 100;

pub(crate) struct Trust {
    pub(crate) verdict: String,
    pub(crate) tested: String,
    pub(crate) sentences: Vec<String>,
    pub(crate) warning: Option<String>,
    pub(crate) reliability: Option<String>,
    pub(crate) gains: Option<String>,
    pub(crate) top: Vec<Top>,
    pub(crate) metrics: Vec<Metric>,
    pub(crate) level: String,
}

/// A row of the table of called shares.
pub(crate) struct Top {
    pub(crate) share: String,
    pub(crate) called: String,
    pub(crate) found: Range,
    pub(crate) right: Range,
    pub(crate) lift: Range,
}

/// A row of the specialist's table.
pub(crate) struct Metric {
    pub(crate) name: &'static str,
    pub(crate) value: Range,
    pub(crate) guess: String,
    pub(crate) meaning: String,
}

impl Trust {
    pub(crate) fn of(quality: &Quality, words: &Words) -> Result<Self, RenderError> {
        let reliability = match quality.reliability.as_slice() {
            [] | [_] => None,
            bins => Some(reliability(bins, words)?),
        };
        let gains = match quality.gains.as_slice() {
            [] | [_] => None,
            points => Some(gains(points, words)?),
        };
        Ok(Self {
            verdict: words.text(verdict(&quality.auc)),
            tested: tested(quality, words),
            sentences: sentences(quality, words),
            warning: (quality.leavers < FEW_LEAVERS).then(|| words.say("few-leavers", [("n", quality.leavers.into())])),
            reliability,
            gains,
            top: quality.top.iter().map(|top| top_row(top, words)).collect(),
            metrics: metrics(quality, words),
            level: words.say("intervals", [("level", words.share(f64::from(quality.level_percent) / 100.0).into())]),
        })
    }
}

/// The word for the whole, by the lower end of what the AUC may be, so that luck on few rows is not praised.
fn verdict(auc: &Estimate) -> &'static str {
    match auc.low {
        low if low >= 0.8 => "verdict-good",
        low if low >= 0.7 => "verdict-fair",
        low if low >= 0.55 => "verdict-weak",
        _ => "verdict-none",
    }
}

fn tested(quality: &Quality, words: &Words) -> String {
    let rows = words.say("looks", [("n", quality.rows.into())]);
    let left = words.say("leaver-cases", [("n", quality.leavers.into())]);
    match quality.cutoffs {
        Some((first, last)) => words.say(
            "tested-forward",
            [
                ("rows", rows.into()),
                ("left", left.into()),
                ("first", words.date(first).into()),
                ("last", words.date(last).into()),
            ],
        ),
        None => words.say("tested-folds", [("rows", rows.into()), ("left", left.into())]),
    }
}

fn sentences(quality: &Quality, words: &Words) -> Vec<String> {
    let in_hundred = |share: f64| format!("{:.0}", share * 100.0);
    let mut sentences = vec![words.say(
        "plain-auc",
        [
            ("n", in_hundred(quality.auc.value).into()),
            ("range", format!("{}–{}", in_hundred(quality.auc.low), in_hundred(quality.auc.high)).into()),
        ],
    )];
    // A tenth is what staff can picture; where it is not there, the share closest to it.
    let nearest = quality.top.iter().min_by(|a, b| (a.share - 0.1).abs().total_cmp(&(b.share - 0.1).abs()));
    if let Some(top) = nearest {
        sentences.push(words.say(
            "plain-top",
            [
                ("share", words.share(top.share).into()),
                ("found", words.share(top.recall.value).into()),
                ("range", words.percent_range(top.recall.low, top.recall.high).into()),
            ],
        ));
        sentences.push(words.say(
            "plain-precision",
            [
                ("right", in_hundred(top.precision.value).into()),
                ("wrong", in_hundred(1.0 - top.precision.value).into()),
            ],
        ));
    }
    sentences.push(words.say(
        "plain-ece",
        [
            ("points", words.number(quality.ece.value * 100.0, 1).into()),
            ("range", words.number_range(quality.ece.low * 100.0, quality.ece.high * 100.0, 1).into()),
        ],
    ));
    let saved = 1.0 - quality.log_loss.value / quality.base_log_loss;
    sentences.push(if saved > 0.0 {
        words.say(
            "plain-guess",
            [("saved", words.share(saved).into()), ("base", words.share(base_rate(quality)).into())],
        )
    } else {
        words.say("plain-guess-worse", [("base", words.share(base_rate(quality)).into())])
    });
    sentences
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn base_rate(quality: &Quality) -> f64 {
    quality.leavers as f64 / quality.rows.max(1) as f64
}

fn top_row(top: &TopShare, words: &Words) -> Top {
    let percent = |e: &Estimate| Range { value: words.share(e.value), range: words.percent_range(e.low, e.high) };
    Top {
        share: words.share(top.share),
        called: words.count(top.called),
        found: percent(&top.recall),
        right: percent(&top.precision),
        lift: Range {
            value: format!("×{}", words.number(top.lift.value, 1)),
            range: words.number_range(top.lift.low, top.lift.high, 1),
        },
    }
}

fn metrics(quality: &Quality, words: &Words) -> Vec<Metric> {
    let places = 3;
    let number = |value: f64| words.number(value, places);
    let rows = [
        ("AUC", quality.auc, number(0.5), "metric-auc"),
        ("PR-AUC", quality.pr_auc, number(base_rate(quality)), "metric-pr-auc"),
        ("Log-loss", quality.log_loss, number(quality.base_log_loss), "metric-log-loss"),
        ("Brier", quality.brier, number(quality.base_brier), "metric-brier"),
        ("ECE", quality.ece, "—".to_owned(), "metric-ece"),
    ];
    let rows = rows.into_iter().map(|(name, estimate, guess, id)| Metric {
        name,
        value: Range { value: number(estimate.value), range: words.number_range(estimate.low, estimate.high, places) },
        guess,
        meaning: words.text(id),
    });
    rows.collect()
}
