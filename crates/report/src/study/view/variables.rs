//! Each variable alone: the strongest as pictures, all of them as a table.

use super::{Span, chance, left_out, names, values};
use crate::chart::classes;
use crate::input::Estimate;
use crate::study::input::{Difference, Distribution, EffectKind, Missing, Test, Variable, VariableKind, Variables};
use crate::words::Words;

/// Variables that are shown as pictures. An AUC and a V cannot be held against each other, so that each kind has its places.
const NUMBER_PICTURES: usize = 8;
const CATEGORY_PICTURES: usize = 4;
/// Up to so many variables the table of all stands open.
const OPEN: usize = 40;
/// A variable that is missing in more rows than this comes after the others.
const MOSTLY_EMPTY: f64 = 0.5;
/// Columns left out that are named, of each reason, and variables of which only being missing differs.
const NAMES: usize = 30;

pub(super) struct View {
    pub(super) verdict: String,
    pub(super) tested: String,
    pub(super) left_out: Vec<String>,
    pub(super) pictures: Vec<Picture>,
    /// Variables of which only being missing differs.
    pub(super) missing_only: Option<String>,
    pub(super) rows: Vec<Row>,
    pub(super) is_open: bool,
    pub(super) all_label: String,
}

/// A variable's distribution by class, large enough to read.
pub(super) struct Picture {
    pub(super) name: String,
    pub(super) effect: String,
    /// What differs, and how much of the variable is there.
    pub(super) differs: String,
    pub(super) svg: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) note: Option<String>,
}

pub(super) struct Row {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) flags: Vec<String>,
    pub(super) distinct: String,
    pub(super) small: Option<String>,
    pub(super) missing: String,
    pub(super) missing_by_class: String,
    pub(super) missing_q: String,
    pub(super) differs: String,
    pub(super) leaving: String,
    pub(super) staying: String,
    pub(super) effect: Option<Effect>,
    pub(super) test: String,
    pub(super) p: String,
    pub(super) q: String,
    pub(super) is_sure: bool,
    pub(super) sort: Sort,
}

pub(super) struct Effect {
    pub(super) value: String,
    pub(super) range: String,
    pub(super) span: Span,
}

/// What the table is ordered by: bare numbers, empty where there is none.
pub(super) struct Sort {
    pub(super) missing: String,
    pub(super) missing_q: String,
    pub(super) distinct: usize,
    pub(super) effect: String,
    pub(super) p: String,
    pub(super) q: String,
}

impl View {
    pub(super) fn of(part: &Variables, words: &Words) -> Self {
        let base_rate = share(part.leaving_rows_tested, part.rows_tested);
        let mut order: Vec<_> = part.variables.iter().collect();
        // What surely differs first, what is mostly empty after it, and of these what differs by the most for sure.
        order.sort_by(|a, b| {
            let is_empty = |variable: &Variable| variable.missing.share > MOSTLY_EMPTY;
            let effect = |variable: &Variable| variable.difference.map_or(-1.0, |test| test.sure_effect());
            (is_sure(b.difference).cmp(&is_sure(a.difference)))
                .then(is_empty(a).cmp(&is_empty(b)))
                .then(effect(b).total_cmp(&effect(a)))
                .then(strength(b).total_cmp(&strength(a)))
                .then_with(|| a.name.cmp(&b.name))
        });
        let drawn = |is_category: bool, most| {
            let of_kind = order.iter().filter(move |variable| {
                (variable.kind == VariableKind::Category) == is_category && is_sure(variable.difference)
            });
            of_kind.filter_map(|variable| picture(variable, base_rate, words)).take(most)
        };
        let numbers = drawn(false, NUMBER_PICTURES);
        let pictures = numbers.chain(drawn(true, CATEGORY_PICTURES)).collect();
        Self {
            verdict: verdict(part, words),
            tested: tested(part, words),
            left_out: left_out::lines(&part.left_out, NAMES, words),
            pictures,
            missing_only: missing_only(&part.variables, words),
            is_open: part.variables.len() <= OPEN,
            all_label: words.say("variables-all", [("n", part.variables.len().into())]),
            rows: order.iter().map(|variable| row(variable, base_rate, words)).collect(),
        }
    }
}

/// How many variables tell the classes apart, in a sentence.
pub(super) fn verdict(part: &Variables, words: &Words) -> String {
    let all = words.count(part.variables.len() as u64);
    words.say("variables-verdict", [("n", part.differing.into()), ("all", all.into())])
}

fn tested(part: &Variables, words: &Words) -> String {
    let values = [
        ("rows", words.say("rows", [("n", part.rows_tested.into())]).into()),
        ("left", words.count(part.leaving_rows_tested as u64).into()),
        ("tests", words.count(part.tests as u64).into()),
    ];
    words.say(if part.one_row_a_subject { "variables-tested-last" } else { "variables-tested" }, values)
}

fn is_sure(difference: Option<Difference>) -> bool {
    difference.is_some_and(|test| test.is_sure())
}

/// Variables whose values do not surely differ, and whose being missing does, the strongest first.
fn missing_only(all: &[Variable], words: &Words) -> Option<String> {
    let mut found: Vec<_> =
        all.iter().filter(|one| !is_sure(one.difference) && is_sure(one.missing_difference)).collect();
    let effect = |variable: &Variable| variable.missing_difference.map_or(0.0, |test| test.sure_effect());
    found.sort_by(|a, b| effect(b).total_cmp(&effect(a)).then_with(|| a.name.cmp(&b.name)));
    let one = |variable: &&Variable| {
        let Missing { share_leaving, share_staying, .. } = variable.missing;
        format!("{} ({} / {})", variable.name, words.fine_share(share_leaving), words.fine_share(share_staying))
    };
    let list: Vec<String> = found.iter().map(one).collect();
    (!list.is_empty()).then(|| words.say("variables-missing-only", [("names", names(&list, NAMES, words).into())]))
}

/// What of a variable surely differs.
fn differs(variable: &Variable, words: &Words) -> String {
    match (is_sure(variable.difference), is_sure(variable.missing_difference)) {
        (true, true) => words.text("differs-both"),
        (true, false) => words.text("differs-values"),
        (false, true) => words.text("differs-missing"),
        (false, false) => "—".to_owned(),
    }
}

/// From 0 for no difference to 1 for a complete one, so that numbers and categories can stand in one order.
fn strength(variable: &Variable) -> f64 {
    variable.difference.map_or(-1.0, |test| match test.effect_kind {
        EffectKind::Auc => (2.0 * test.effect - 1.0).abs(),
        EffectKind::CramersV => test.effect,
    })
}

fn drawing(variable: &Variable, base_rate: f64) -> Option<String> {
    match &variable.distribution {
        Distribution::Number { bins, .. } => classes::histogram(bins),
        Distribution::Category { levels, .. } => classes::levels(levels, base_rate),
    }
}

fn picture(variable: &Variable, base_rate: f64, words: &Words) -> Option<Picture> {
    let test = variable.difference?;
    let svg = drawing(variable, base_rate)?;
    let (from, to, note) = match &variable.distribution {
        Distribution::Number { bins, .. } => {
            let end =
                |edge: Option<&f64>| edge.map_or_else(String::new, |edge| values::number(variable.kind, *edge, words));
            (end(bins.edges.first()), end(bins.edges.last()), None)
        }
        Distribution::Category { levels, other_levels, .. } => {
            let name = |level: Option<&str>| level.unwrap_or_default().to_owned();
            let shown = &levels[..levels.len().min(classes::MOST_LEVELS)];
            let shares = || shown.iter().map(|level| level.leaving.value);
            let range = words.fine_range(shares().fold(1.0, f64::min), shares().fold(0.0, f64::max));
            let hidden = levels.len() - shown.len() + other_levels;
            (
                name(shown.first().map(|level| level.name.as_str())),
                name(shown.last().map(|level| level.name.as_str())),
                Some(words.say("picture-category", [("n", hidden.into()), ("range", range.into())])),
            )
        }
    };
    let filled = words.fine_share(1.0 - variable.missing.share);
    let differs = words.say("picture-differs", [("what", differs(variable, words).into()), ("filled", filled.into())]);
    Some(Picture { name: variable.name.clone(), effect: effect_text(&test, words), differs, svg, from, to, note })
}

fn effect_text(test: &Difference, words: &Words) -> String {
    let name = effect_name(test.effect_kind, words);
    let value = words.number(test.effect, 2);
    let [low, high] = test.effect_interval;
    format!("{name} {value} ({})", words.number_range(low, high, 2))
}

fn effect_name(kind: EffectKind, words: &Words) -> String {
    words.text(match kind {
        EffectKind::Auc => "effect-auc",
        EffectKind::CramersV => "effect-v",
    })
}

fn row(variable: &Variable, base_rate: f64, words: &Words) -> Row {
    let dash = || "—".to_owned();
    let test = variable.difference;
    let (leaving, staying) = middles(variable, words);
    let missing = &variable.missing;
    let mut flags = Vec::new();
    if variable.is_constant {
        flags.push(words.text("flag-constant"));
    }
    if variable.is_key_like {
        flags.push(words.text("flag-key"));
    }
    let bare = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.3e}"));
    Row {
        name: variable.name.clone(),
        kind: words.text(match variable.kind {
            VariableKind::Number => "kind-number",
            VariableKind::Date => "kind-date",
            VariableKind::Category => "kind-category",
        }),
        flags,
        distinct: words.count(variable.distinct as u64),
        small: drawing(variable, base_rate),
        missing: words.fine_share(missing.share),
        missing_by_class: if missing.share > 0.0 {
            format!("{} / {}", words.fine_share(missing.share_leaving), words.fine_share(missing.share_staying))
        } else {
            String::new()
        },
        missing_q: variable.missing_difference.map_or_else(dash, |test| chance(test.q, words)),
        differs: differs(variable, words),
        leaving,
        staying,
        effect: test.map(|test| effect(&test, words)),
        test: test.map_or_else(dash, |test| {
            words.text(match test.test {
                Test::MannWhitney => "test-mann-whitney",
                Test::ChiSquare => "test-chi-square",
            })
        }),
        p: test.map_or_else(dash, |test| chance(test.p, words)),
        q: test.map_or_else(dash, |test| chance(test.q, words)),
        is_sure: is_sure(test),
        sort: Sort {
            missing: bare(Some(missing.share)),
            missing_q: bare(variable.missing_difference.map(|test| test.q)),
            distinct: variable.distinct,
            effect: bare(test.map(|_| strength(variable))),
            p: bare(test.map(|test| test.p)),
            q: bare(test.map(|test| test.q)),
        },
    }
}

fn effect(test: &Difference, words: &Words) -> Effect {
    let [low, high] = test.effect_interval;
    let estimate = Estimate { value: test.effect, low, high };
    // An AUC says nothing in the middle of its line, V at its left end.
    let (line, none) = match test.effect_kind {
        EffectKind::Auc => ((0.2, 0.8), 0.5),
        EffectKind::CramersV => ((0.0, 0.6), 0.0),
    };
    let text = effect_text(test, words);
    Effect {
        value: format!("{} {}", effect_name(test.effect_kind, words), words.number(test.effect, 3)),
        range: words.number_range(low, high, 3),
        span: Span::new(&estimate, line, text).with_base(none, line),
    }
}

/// The medians of leavers and of stayers; a category has none.
fn middles(variable: &Variable, words: &Words) -> (String, String) {
    match &variable.distribution {
        Distribution::Number { leaving, staying, .. } => {
            let median = |at: &Option<crate::study::input::Quantiles>| {
                at.map_or_else(|| "—".to_owned(), |quantiles| values::number(variable.kind, quantiles.p50, words))
            };
            (median(leaving), median(staying))
        }
        Distribution::Category { .. } => ("—".to_owned(), "—".to_owned()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn share(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}
