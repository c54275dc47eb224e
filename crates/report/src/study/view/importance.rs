//! What the model rests on.

use super::{Span, change, interval, spread};
use crate::input::Estimate;
use crate::study::input::{GroupImportance, Importance, VariableImportance};
use crate::view::Range;
use crate::words::Words;

/// A longer table is folded from here on.
const FIRST: usize = 20;

/// A longer group is folded from here on.
const NAMES: usize = 3;

pub(super) struct View {
    pub(super) verdict: String,
    pub(super) first: Vec<Row>,
    pub(super) others: Vec<Row>,
    pub(super) others_label: String,
    pub(super) groups: Vec<Row>,
    pub(super) rows_note: String,
}

pub(super) struct Row {
    pub(super) names: String,
    /// What is folded of a long group: how many, and which.
    pub(super) more: Option<(String, String)>,
    pub(super) attribution: Range,
    pub(super) span: Span,
    pub(super) share: Option<String>,
    pub(super) drop: Option<Range>,
    pub(super) drop_span: Option<Span>,
}

impl View {
    pub(super) fn of(part: &Importance, words: &Words) -> Self {
        let longest = |all: &mut dyn Iterator<Item = f64>| all.fold(1e-9, f64::max);
        let weight = longest(&mut part.variables.iter().map(|v| v.attribution.high));
        let weight = longest(&mut part.groups.iter().map(|g| g.attribution.high)).max(weight);
        let drops =
            || part.variables.iter().filter_map(|v| v.auc_drop).chain(part.groups.iter().filter_map(|g| g.auc_drop));
        let scale =
            Scale { weight, drop: (drops().map(|e| e.low).fold(0.0, f64::min), longest(&mut drops().map(|e| e.high))) };
        let mut rows = part.variables.iter().map(|variable| row(variable, &scale, words));
        let first: Vec<_> = rows.by_ref().take(FIRST).collect();
        let others: Vec<_> = rows.collect();
        Self {
            verdict: verdict(part, words),
            others_label: words.say("more-variables", [("n", others.len().into())]),
            first,
            others,
            groups: part.groups.iter().map(|group| group_row(group, &scale, words)).collect(),
            rows_note: words.say(
                "importance-rows",
                [
                    ("attributed", words.say("rows", [("n", part.attributed_rows.into())]).into()),
                    ("shuffled", words.say("rows", [("n", part.shuffled_rows.into())]).into()),
                    ("auc", words.number(part.auc, 3).into()),
                ],
            ),
        }
    }
}

struct Scale {
    weight: f64,
    drop: (f64, f64),
}

/// How many of the strongest variables carry half of the model.
fn verdict(part: &Importance, words: &Words) -> String {
    let mut sum = 0.0;
    let mut count = 0_usize;
    for variable in &part.variables {
        if sum >= 0.5 {
            break;
        }
        sum += variable.share;
        count += 1;
    }
    words.say(
        "importance-half",
        [
            ("n", count.into()),
            ("share", words.share(sum).into()),
            ("all", words.count(part.variables.len() as u64).into()),
        ],
    )
}

fn row(variable: &VariableImportance, scale: &Scale, words: &Words) -> Row {
    Row {
        share: Some(share(variable.share, words)),
        ..bare(std::slice::from_ref(&variable.name), &variable.attribution, variable.auc_drop, scale, words)
    }
}

fn group_row(group: &GroupImportance, scale: &Scale, words: &Words) -> Row {
    bare(&group.columns, &group.attribution, group.auc_drop, scale, words)
}

fn bare(names: &[String], attribution: &Estimate, drop: Option<Estimate>, scale: &Scale, words: &Words) -> Row {
    let cut = names.len().min(NAMES);
    Row {
        names: names[..cut].join(", "),
        more: (names.len() > cut)
            .then(|| (words.say("more-names", [("n", (names.len() - cut).into())]), names[cut..].join(", "))),
        attribution: weight(attribution, words),
        span: Span::new(attribution, (0.0, scale.weight), interval(attribution, 3, words)),
        share: None,
        drop: drop.map(|drop| change(&drop, 4, words)),
        drop_span: drop.map(|drop| Span::new(&drop, scale.drop, interval(&drop, 4, words)).with_base(0.0, scale.drop)),
    }
}

/// Three places; for the long tail as many as say something.
fn weight(attribution: &Estimate, words: &Words) -> Range {
    if attribution.value >= 0.0005 || attribution.value <= 0.0 {
        return spread(attribution, 3, words);
    }
    let range = format!("{}–{}", words.short(attribution.low), words.short(attribution.high));
    Range { value: words.short(attribution.value), range }
}

/// A share of the sum; so small a one as to be read as none is only said to be small.
fn share(share: f64, words: &Words) -> String {
    if share > 0.0 && share < 0.001 { format!("<\u{a0}{}", words.fine_share(0.001)) } else { words.fine_share(share) }
}
