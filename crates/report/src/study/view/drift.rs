//! How another file, or later cutoffs, differ.

use domain::Day;

use super::{Span, interval, names, spread, values};
use crate::study::input::{Drift, DriftSide, Sides, VariableDrift};
use crate::view::{Range, on_scale};
use crate::words::Words;

/// A longer table is folded from here on.
const FIRST: usize = 15;
/// By custom (Siddiqi 2006): from here on a variable is no longer stable, and from here on it has shifted.
const UNSTABLE: f64 = 0.1;
const SHIFTED: f64 = 0.25;

/// Columns that a sentence names.
const NAMED: usize = 5;

pub(super) struct View {
    pub(super) verdict: String,
    pub(super) sides: Vec<Side>,
    pub(super) domain: Range,
    pub(super) domain_span: Span,
    pub(super) domain_verdict: String,
    pub(super) scores: String,
    pub(super) gives_away: Vec<Bar>,
    pub(super) first: Vec<Row>,
    pub(super) others: Vec<Row>,
    pub(super) others_label: String,
    pub(super) missing_columns: Option<String>,
    pub(super) extra_columns: Option<String>,
}

pub(super) struct Side {
    pub(super) name: String,
    pub(super) rows: String,
    pub(super) period: String,
    pub(super) mean_score: String,
}

pub(super) struct Bar {
    pub(super) name: String,
    pub(super) share: String,
    pub(super) width: String,
}

pub(super) struct Row {
    pub(super) name: String,
    pub(super) psi: String,
    pub(super) width: String,
    /// `high`, `medium` or `low`.
    pub(super) band: &'static str,
    pub(super) judgement: String,
    pub(super) by_chance: String,
    pub(super) missing: [String; 2],
    pub(super) medians: [String; 2],
    pub(super) new_levels: Option<String>,
}

impl View {
    pub(super) fn of(part: &Drift, file: Option<&str>, words: &Words) -> Self {
        let most = part.variables.iter().map(|variable| variable.psi).fold(2.0 * SHIFTED, f64::max);
        let mut rows = part.variables.iter().map(|variable| row(variable, most, words));
        let first: Vec<_> = rows.by_ref().take(FIRST).collect();
        let others: Vec<_> = rows.collect();
        let auc = &part.domain.auc;
        let strongest = part.domain.gives_away.first().map_or(1.0, |variable| variable.share);
        let missing = (!part.missing_columns.is_empty()).then_some(&part.missing_columns);
        let extra = (!part.extra_columns.is_empty()).then_some(&part.extra_columns);
        Self {
            verdict: verdict(part, words),
            sides: sides(part, file, words),
            domain: spread(auc, 3, words),
            domain_span: Span::new(auc, (0.5, 1.0), interval(auc, 3, words)),
            domain_verdict: words.text(match auc.low {
                low if low <= 0.5 => "domain-same",
                low if low <= 0.6 => "domain-near",
                _ => "domain-apart",
            }),
            scores: match part.score_psi {
                Some(psi) => words.say("drift-scores", [("psi", words.number(psi, 3).into())]),
                None => words.text("drift-no-scores"),
            },
            gives_away: part
                .domain
                .gives_away
                .iter()
                .map(|variable| Bar {
                    name: variable.name.clone(),
                    share: words.share(variable.share),
                    width: on_scale(variable.share / strongest),
                })
                .collect(),
            others_label: words.say("more-variables", [("n", others.len().into())]),
            first,
            others,
            missing_columns: missing.map(|all| words.say("drift-missing", [("names", names(all, 10, words).into())])),
            extra_columns: extra.map(|all| words.say("drift-extra", [("names", names(all, 10, words).into())])),
        }
    }
}

/// Whether the sets differ: columns that are gone or empty first, which matter more than any that shifted.
pub(super) fn verdict(part: &Drift, words: &Words) -> String {
    let mut said = Vec::new();
    for (id, columns) in [("drift-lost", &part.missing_columns), ("drift-emptied", &part.emptied_columns)] {
        if !columns.is_empty() {
            let all = names(columns, NAMED, words);
            said.push(words.say(id, [("n", columns.len().into()), ("names", all.into())]));
        }
    }
    let all = words.count(part.variables.len() as u64);
    let auc = words.number(part.domain.auc.value, 2);
    said.push(if part.shifted > 0 {
        words.say("drift-shifted", [("n", part.shifted.into()), ("all", all.into()), ("auc", auc.into())])
    } else {
        words.say("drift-none", [("all", all.into()), ("auc", auc.into())])
    });
    said.join(" ")
}

fn sides(part: &Drift, file: Option<&str>, words: &Words) -> Vec<Side> {
    let side = |name: String, side: &DriftSide| Side {
        name,
        rows: words.count(side.rows as u64),
        period: match (side.first_day, side.last_day) {
            (Some(first), Some(last)) => format!("{} – {}", words.date(Day(first)), words.date(Day(last))),
            _ => "—".to_owned(),
        },
        mean_score: side.mean_score.map_or_else(|| "—".to_owned(), |score| words.fine_share(score)),
    };
    let (first, second) = match part.sides {
        Sides::Files => (
            words.text("side-table"),
            file.map_or_else(|| words.text("side-other"), |file| words.say("side-file", [("file", file.into())])),
        ),
        Sides::Cutoffs => (words.text("side-earlier"), words.text("side-later")),
    };
    vec![side(first, &part.first), side(second, &part.second)]
}

fn row(variable: &VariableDrift, most: f64, words: &Words) -> Row {
    let (band, id) = match variable.psi {
        psi if psi > SHIFTED => ("high", "psi-shifted"),
        psi if psi > UNSTABLE => ("medium", "psi-unstable"),
        _ => ("low", "psi-stable"),
    };
    let median = |median: Option<f64>| {
        median.map_or_else(|| "—".to_owned(), |median| values::number(variable.kind, median, words))
    };
    Row {
        name: variable.name.clone(),
        psi: words.number(variable.psi, 3),
        width: on_scale(variable.psi / most),
        band,
        judgement: words.text(id),
        by_chance: words.number(variable.psi_by_chance, 4),
        missing: [words.fine_share(variable.missing_first), words.fine_share(variable.missing_second)],
        medians: [median(variable.median_first), median(variable.median_second)],
        new_levels: (!variable.new_levels.is_empty()).then(|| {
            words.say(
                "new-levels",
                [
                    ("names", names(&variable.new_levels, 3, words).into()),
                    ("share", words.fine_share(variable.new_level_share).into()),
                ],
            )
        }),
    }
}
