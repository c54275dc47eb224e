//! What contacting the head of the list is worth.

use domain::{Currency, Locale, Money};

use super::Figure;
use crate::RenderError;
use crate::chart::curve::{Curve, curve};
use crate::study::input::{Assumptions, EconomicPoint, Economics, StatedBy};
use crate::view::Range;
use crate::words::Words;

pub(super) struct View {
    pub(super) verdict: String,
    pub(super) warning: Option<String>,
    pub(super) threshold: String,
    pub(super) figure: Option<Figure>,
    pub(super) assumptions: Vec<Assumption>,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Assumption {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) stated_by: String,
}

/// A way to choose whom to contact.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) share: String,
    pub(super) contacted: String,
    pub(super) leavers: String,
    pub(super) kept: String,
    pub(super) cost: String,
    pub(super) profit: Range,
    pub(super) is_best: bool,
}

impl View {
    pub(super) fn of(part: &Economics, words: &Words) -> Result<Self, RenderError> {
        let given = &part.assumptions;
        let row = |id, point| row(words.text(id), point, given.currency, words);
        Ok(Self {
            verdict: verdict(part, words),
            warning: is_placeholder(part).then(|| words.text("economics-placeholder")),
            threshold: if part.threshold < 1.0 {
                words.say("economics-threshold", [("p", words.fine_share(part.threshold).into())])
            } else {
                words.text("economics-no-threshold")
            },
            figure: if part.curve.len() > 1 { Some(figure(part, words)?) } else { None },
            assumptions: assumptions(given, words),
            rows: vec![
                Row { is_best: true, ..row("contact-best", &part.best) },
                row("contact-threshold", &part.by_threshold),
                row("contact-everybody", &part.everybody),
                by_chance(part, words),
            ],
        })
    }
}

/// Which share pays best, and how much, in a sentence.
/// Whether money rests on numbers that nobody stated.
pub(super) fn is_placeholder(part: &Economics) -> bool {
    let given = &part.assumptions;
    [given.value_stated_by, given.contact_stated_by].contains(&StatedBy::Default)
}

pub(super) fn verdict(part: &Economics, words: &Words) -> String {
    let best = &part.best;
    if best.share <= 0.0 {
        return words.text("economics-nobody");
    }
    let currency = part.assumptions.currency;
    words.say(
        "economics-verdict",
        [
            ("share", words.share(best.share).into()),
            ("profit", money(best.profit.value, currency, words).into()),
            ("range", money_range(&best.profit, currency, words).into()),
            ("chance", money(part.profit_by_chance, currency, words).into()),
        ],
    )
}

/// Profit at the best share.
pub(super) fn profit(part: &Economics, words: &Words) -> String {
    money(part.best.profit.value, part.assumptions.currency, words)
}

fn row(name: String, point: &EconomicPoint, currency: Option<Currency>, words: &Words) -> Row {
    Row {
        name,
        share: words.share(point.share),
        contacted: words.number(point.contacted, 0),
        leavers: words.number(point.leavers_contacted, 1),
        kept: words.number(point.kept, 1),
        cost: money(point.cost, currency, words),
        profit: Range {
            value: money(point.profit.value, currency, words),
            range: money_range(&point.profit, currency, words),
        },
        is_best: false,
    }
}

fn by_chance(part: &Economics, words: &Words) -> Row {
    let currency = part.assumptions.currency;
    Row {
        name: words.text("contact-chance"),
        share: words.share(part.best.share),
        contacted: words.number(part.best.contacted, 0),
        leavers: "—".to_owned(),
        kept: "—".to_owned(),
        cost: money(part.best.cost, currency, words),
        profit: Range { value: money(part.profit_by_chance, currency, words), range: String::new() },
        is_best: false,
    }
}

fn figure(part: &Economics, words: &Words) -> Result<Figure, RenderError> {
    let points: Vec<_> = part.curve.iter().map(|point| (point.share, point.profit)).collect();
    let title = words.text("economics-figure");
    let svg = curve(&Curve {
        name: "economics",
        title: &title,
        points: &points,
        across: &|x| words.share((x * 100.0).round() / 100.0),
        up: &|y| words.number(y, 0),
        level: Some((0.0, words.text("economics-zero"))),
        mark: (part.best.share > 0.0)
            .then(|| (part.best.share, words.say("economics-mark", [("share", words.share(part.best.share).into())]))),
        has_dots: false,
    })?;
    let unit = part
        .assumptions
        .currency
        .map_or_else(|| words.text("no-currency"), |currency| domain::writing::currency_unit(words.locale, currency));
    Ok(Figure {
        title,
        note: words.text("band-note"),
        up: words.say("unit-profit", [("unit", unit.into())]),
        across: words.text("unit-contacted"),
        svg,
    })
}

fn assumptions(given: &Assumptions, words: &Words) -> Vec<Assumption> {
    let assumption = |id, value, stated_by| Assumption {
        name: words.text(id),
        value,
        stated_by: words.text(match stated_by {
            StatedBy::Contract => "stated-contract",
            StatedBy::Reader => "stated-reader",
            StatedBy::Default => "stated-default",
        }),
    };
    let mut all = vec![
        assumption("assume-value", money(given.value_of_kept, given.currency, words), given.value_stated_by),
        assumption("assume-cost", money(given.contact_cost, given.currency, words), given.contact_stated_by),
        assumption("assume-success", words.share(given.success_share), given.contact_stated_by),
    ];
    if let Some(action) = &given.action {
        all.push(assumption("assume-action", action.clone(), given.contact_stated_by));
    }
    all
}

/// An amount; a bare number where nobody said in what currency.
fn money(amount: f64, currency: Option<Currency>, words: &Words) -> String {
    match currency {
        Some(currency) => words.money(Money::from_major(amount), currency),
        None => words.number(amount, 0),
    }
}

fn money_range(profit: &crate::input::Estimate, currency: Option<Currency>, words: &Words) -> String {
    // Three dots where a minus would make a dash hard to read.
    let between = if profit.low < 0.0 { "…" } else { "–" };
    // A unit that stands before its number cannot be left out of the first one.
    let low = match words.locale {
        Locale::En => money(profit.low, currency, words),
        Locale::Ru | Locale::Tg => words.number(profit.low, 0),
    };
    format!("{low}{between}{}", money(profit.high, currency, words))
}
