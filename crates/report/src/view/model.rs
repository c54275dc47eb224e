//! What the scores rest on, and which learner was chosen and why.

use super::on_scale;
use crate::input::{Direction, Report, Tier, Weight};
use crate::words::Words;

/// A longer tail of features says nothing to anyone.
const MOST_FEATURES: usize = 20;

pub(crate) struct Model {
    pub(crate) families: Vec<Bar>,
    pub(crate) features: Vec<Bar>,
    pub(crate) features_note: String,
    pub(crate) why: String,
    pub(crate) candidates: Vec<Compared>,
    pub(crate) size: Option<String>,
}

pub(crate) struct Bar {
    pub(crate) label: String,
    pub(crate) family: Option<String>,
    pub(crate) share: String,
    pub(crate) width: String,
    pub(crate) direction: &'static str,
    pub(crate) direction_label: String,
}

pub(crate) struct Compared {
    pub(crate) name: String,
    pub(crate) log_loss: String,
    pub(crate) chosen: bool,
}

impl Model {
    pub(crate) fn of(report: &Report, words: &Words) -> Self {
        let model = &report.model;
        let features = bars(&report.importance.features, MOST_FEATURES, words);
        let size = (model.rows > 0).then(|| {
            words.say(
                "model-size",
                [
                    ("rows", words.say("looks", [("n", model.rows.into())]).into()),
                    ("features", words.say("features", [("n", u64::from(model.features).into())]).into()),
                ],
            )
        });
        Self {
            families: bars(&report.importance.families, usize::MAX, words),
            features_note: words.say(
                "features-note",
                [
                    ("shown", features.len().into()),
                    ("all", report.importance.features.len().max(features.len()).into()),
                ],
            ),
            features,
            why: why(model.tier, model.leavers, !model.candidates.is_empty(), words),
            candidates: candidates(report, words),
            size,
        }
    }
}

fn why(tier: Tier, leavers: u64, was_compared: bool, words: &Words) -> String {
    match (tier, was_compared) {
        (Tier::Prior, false) => words.text("why-prior-alone"),
        (Tier::Prior, true) => words.say("why-prior", [("n", leavers.into())]),
        (Tier::Logistic | Tier::Boosted, false) => words.say("why-alone", [("n", leavers.into())]),
        (Tier::Logistic, true) => words.say("why-logistic", [("n", leavers.into())]),
        (Tier::Boosted, true) => words.say("why-boosted", [("n", leavers.into())]),
    }
}

fn candidates(report: &Report, words: &Words) -> Vec<Compared> {
    let mut candidates = report.model.candidates.clone();
    candidates.sort_by(|a, b| a.log_loss.total_cmp(&b.log_loss).then(a.tier.cmp(&b.tier)));
    let compared = candidates.into_iter().map(|candidate| Compared {
        name: words.text(match candidate.tier {
            Tier::Prior => "tier-prior",
            Tier::Logistic => "tier-logistic",
            Tier::Boosted => "tier-boosted",
        }),
        log_loss: words.number(candidate.log_loss, 4),
        chosen: candidate.tier == report.model.tier,
    });
    compared.collect()
}

/// Strongest first, each as a share of the sum of all, drawn against the strongest.
fn bars(weights: &[Weight], most: usize, words: &Words) -> Vec<Bar> {
    let sum: f64 = weights.iter().map(|weight| weight.weight).sum();
    let mut sorted: Vec<_> = weights.iter().filter(|weight| weight.weight > 0.0).collect();
    sorted.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.label.cmp(&b.label)));
    let strongest = sorted.first().map_or(1.0, |weight| weight.weight);
    let bars = sorted.into_iter().take(most).map(|weight| {
        let (direction, id) = match weight.direction {
            Direction::Raises => ("raises", "direction-raises"),
            Direction::Lowers => ("lowers", "direction-lowers"),
            Direction::Mixed => ("mixed", "direction-mixed"),
        };
        Bar {
            label: weight.label.clone(),
            family: weight.family.clone(),
            share: words.share(weight.weight / sum),
            width: on_scale(weight.weight / strongest),
            direction,
            direction_label: words.text(id),
        }
    });
    bars.collect()
}
