//! The top of the page: what is at stake, in one sentence and a strip of figures.

use domain::{Band, Money};

use super::{expected_count, on_scale};
use crate::input::{Report, Tier};
use crate::words::Words;

pub(crate) struct Head {
    pub(crate) title: String,
    pub(crate) as_of: String,
    pub(crate) lead: String,
    pub(crate) basis: String,
    pub(crate) bands: Vec<BandShare>,
    pub(crate) leavers: String,
    pub(crate) leavers_range: String,
    pub(crate) at_stake: String,
    pub(crate) can_keep: String,
    pub(crate) actions: String,
    /// How much of it going by risk alone would have missed.
    pub(crate) over_risk: Option<String>,
}

/// How many are in a band.
pub(crate) struct BandShare {
    pub(crate) key: &'static str,
    pub(crate) label: String,
    pub(crate) from: String,
    pub(crate) count: String,
    pub(crate) share: String,
    pub(crate) width: String,
}

impl Head {
    pub(crate) fn of(report: &Report, words: &Words) -> Self {
        let population = &report.population;
        let days = u64::from(report.horizon.days);
        let (mean, low, high) = expected_count(&population.scores);
        let range = words.number_range(low, high, 0);
        let actions = report.subjects.iter().filter_map(|subject| subject.action.as_ref());
        let can_keep: Money = actions.clone().map(|action| action.expected_value).sum();
        let bands = band_shares(report, words);
        let lead = if population.scores.is_empty() {
            words.text("lead-nobody")
        } else {
            words.say(
                "lead",
                [
                    ("all", words.say("people", [("n", population.scores.len().into())]).into()),
                    ("high", bands[0].count.clone().into()),
                    ("days", words.say("days", [("n", days.into())]).into()),
                    ("leavers", words.number(mean, 0).into()),
                    ("range", range.clone().into()),
                    ("money", words.money(population.money_at_stake, report.currency).into()),
                ],
            )
        };
        Self {
            title: words.say("title", [("days", words.say("days", [("n", days.into())]).into())]),
            as_of: words.say("as-of", [("date", words.date(report.as_of).into())]),
            lead,
            basis: basis(report, words),
            bands,
            leavers: words.number(mean, 0),
            leavers_range: words.say("range-probably", [("range", range.into())]),
            at_stake: words.money(population.money_at_stake, report.currency),
            can_keep: words.money(can_keep, report.currency),
            actions: words.say("actions-planned", [("n", actions.count().into())]),
            over_risk: (report.over_risk > Money::default())
                .then(|| words.say("over-risk", [("money", words.money(report.over_risk, report.currency).into())])),
        }
    }
}

fn band_shares(report: &Report, words: &Words) -> Vec<BandShare> {
    let scores = &report.population.scores;
    let shares = Band::ALL.into_iter().rev().map(|band| {
        let count = scores.iter().filter(|score| report.bands.band(**score) == band).count();
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let share = if scores.is_empty() { 0.0 } else { count as f64 / scores.len() as f64 };
        let from = report.bands.from(band);
        BandShare {
            key: band.as_str(),
            label: words.text(match band {
                Band::Low => "stat-low",
                Band::Medium => "stat-medium",
                Band::High => "stat-high",
            }),
            from: match band {
                Band::Low => words.say("band-below", [("p", words.percent(report.bands.from(Band::Medium)).into())]),
                Band::Medium | Band::High => words.say("band-from", [("p", words.percent(from).into())]),
            },
            count: words.count(count as u64),
            share: words.share(share),
            width: on_scale(share),
        }
    });
    shares.collect()
}

fn basis(report: &Report, words: &Words) -> String {
    let model = &report.model;
    match (model.tier, model.cutoffs) {
        (Tier::Prior, _) | (_, None) => words.text("basis-prior"),
        (_, Some((first, last))) => words.say(
            "basis",
            [
                ("subjects", words.say("of-people", [("n", model.subjects.into())]).into()),
                ("first", words.date(first).into()),
                ("last", words.date(last).into()),
            ],
        ),
    }
}
