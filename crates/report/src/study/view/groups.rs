//! Variables that say the same.

use crate::study::input::{Association, Groups, Measure};
use crate::words::Words;

/// Longer lists of names are folded from here on.
const FIRST: usize = 6;

pub(super) struct View {
    pub(super) verdict: String,
    pub(super) groups: Vec<Row>,
    pub(super) duplicates: Vec<String>,
    pub(super) constants: Vec<String>,
    pub(super) constants_label: String,
    pub(super) pairs: Vec<Pair>,
    pub(super) rows_note: String,
}

pub(super) struct Row {
    pub(super) representative: String,
    pub(super) first: String,
    pub(super) others: Option<(String, String)>,
    pub(super) count: String,
    pub(super) weakest: String,
}

pub(super) struct Pair {
    pub(super) first: String,
    pub(super) second: String,
    pub(super) value: String,
    pub(super) measure: String,
    pub(super) rows: String,
}

impl View {
    pub(super) fn of(part: &Groups, words: &Words) -> Self {
        let threshold = words.number(part.threshold, 2);
        let grouped: usize = part.groups.iter().map(|group| group.columns.len()).sum();
        let verdict = if part.groups.is_empty() {
            words.say("groups-none", [("threshold", threshold.into())])
        } else {
            words.say(
                "groups-verdict",
                [
                    ("n", part.groups.len().into()),
                    ("columns", words.count(grouped as u64).into()),
                    ("threshold", threshold.into()),
                ],
            )
        };
        let groups = part.groups.iter().map(|group| {
            let rest: Vec<_> =
                group.columns.iter().filter(|name| **name != group.representative).map(String::as_str).collect();
            let cut = rest.len().min(FIRST);
            let others = (rest.len() > FIRST)
                .then(|| (words.say("more-names", [("n", (rest.len() - cut).into())]), rest[cut..].join(", ")));
            Row {
                representative: group.representative.clone(),
                first: rest[..cut].join(", "),
                others,
                count: words.count(group.columns.len() as u64),
                weakest: words.number(group.weakest_link, 2),
            }
        });
        Self {
            verdict,
            groups: groups.collect(),
            duplicates: part.duplicates.iter().map(|same| same.join(" = ")).collect(),
            constants_label: words.say("groups-constants", [("n", part.constants.len().into())]),
            constants: part.constants.clone(),
            pairs: part.strongest.iter().map(|pair| self::pair(pair, words)).collect(),
            rows_note: words.say("groups-rows", [("rows", words.say("rows", [("n", part.rows.into())]).into())]),
        }
    }
}

fn pair(pair: &Association, words: &Words) -> Pair {
    Pair {
        first: pair.first.clone(),
        second: pair.second.clone(),
        value: words.number(pair.value, 2),
        measure: words.text(match pair.measure {
            Measure::Spearman => "measure-spearman",
            Measure::CramersV => "measure-cramer",
            Measure::CorrelationRatio => "measure-ratio",
        }),
        rows: words.count(pair.rows as u64),
    }
}
