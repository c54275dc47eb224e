//! What contacting the head of the list is worth.

use domain::{Currency, Locale, Money};

use super::Figure;
use crate::RenderError;
use crate::chart::curve::{Curve, curve};
use crate::study::input::{self, Assumptions, EconomicPoint, Economics, StatedBy};
use crate::view::Range;
use crate::words::Words;

pub(super) struct View {
    pub(super) verdict: String,
    pub(super) warning: Option<String>,
    pub(super) threshold: String,
    pub(super) figure: Option<Figure>,
    pub(super) assumptions: Vec<Assumption>,
    pub(super) rows: Vec<Row>,
    pub(super) chances: Chances,
}

/// The same as a distribution.
pub(super) struct Chances {
    pub(super) verdict: String,
    pub(super) note: String,
    pub(super) figure: Option<Figure>,
    pub(super) rows: Vec<Told>,
}

/// A number with its range.
pub(super) struct Told {
    pub(super) name: String,
    pub(super) value: Range,
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
            chances: chances(&part.chances, given.currency, words)?,
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

fn chances(part: &input::Chances, currency: Option<Currency>, words: &Words) -> Result<Chances, RenderError> {
    let profit = &part.profit;
    let verdict = if part.best_share > 0.0 {
        words.say(
            "economics-chances-verdict",
            [
                ("clients", words.count(part.clients).into()),
                ("share", words.share(part.best_share).into()),
                ("profit", money(profit.value, currency, words).into()),
                ("range", money_range(profit, currency, words).into()),
                ("loss", words.share(part.probability_of_loss).into()),
            ],
        )
    } else {
        words.text("economics-chances-nobody")
    };
    let points: Vec<_> = part.curve.clone();
    let title = words.text("economics-chances-figure");
    let svg = curve(&Curve {
        name: "chances",
        title: &title,
        points: &points,
        across: &|x| words.share((x * 100.0).round() / 100.0),
        up: &|y| words.number(y, 0),
        level: Some((0.0, words.text("economics-zero"))),
        mark: (part.best_share > 0.0)
            .then(|| (part.best_share, words.say("economics-mark", [("share", words.share(part.best_share).into())]))),
        has_dots: false,
    });
    let up = words
        .say("unit-profit-of", [("unit", unit(currency, words).into()), ("clients", words.count(part.clients).into())]);
    let figure = |svg| Figure {
        title: title.clone(),
        note: words.text("economics-chances-band"),
        up,
        across: words.text("unit-contacted"),
        svg,
    };
    let told = |name: String, estimate: &crate::input::Estimate| Told {
        name,
        value: Range { value: money(estimate.value, currency, words), range: money_range(estimate, currency, words) },
    };
    let plain = |id, value| Told { name: words.text(id), value: Range { value, range: String::new() } };
    let [low, high] = part.best_share_range;
    let mut rows = vec![
        told(words.text("chance-profit"), profit),
        plain("chance-loss", words.share(part.probability_of_loss)),
        plain("chance-best-share", words.percent_range(low, high)),
        told(words.text("chance-break-even"), &part.break_even_cost),
    ];
    for (clients, worth) in &part.precision_point {
        rows.push(told(words.say("chance-precision", [("clients", words.count(*clients).into())]), worth));
    }
    Ok(Chances {
        verdict,
        note: words.say(
            "economics-chances-note",
            [
                ("draws", words.count(part.draws as u64).into()),
                ("flattery", money(part.flattery, currency, words).into()),
            ],
        ),
        figure: if points.len() > 1 { Some(figure(svg?)) } else { None },
        rows,
    })
}

fn unit(currency: Option<Currency>, words: &Words) -> String {
    currency
        .map_or_else(|| words.text("no-currency"), |currency| domain::writing::currency_unit(words.locale, currency))
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
    let unit = unit(part.assumptions.currency, words);
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
    let amount = |value: f64, range: Option<[f64; 2]>| match range {
        Some([low, high]) => {
            let range = crate::input::Estimate { value, low, high };
            format!("{} ({})", money(value, given.currency, words), money_range(&range, given.currency, words))
        }
        None => money(value, given.currency, words),
    };
    let success = match given.success_range {
        Some([low, high]) => format!("{} ({})", words.share(given.success_share), words.percent_range(low, high)),
        None => words.share(given.success_share),
    };
    let mut all = vec![
        assumption("assume-value", amount(given.value_of_kept, given.value_range), given.value_stated_by),
        assumption("assume-cost", amount(given.contact_cost, given.contact_cost_range), given.contact_stated_by),
        assumption("assume-success", success, given.contact_stated_by),
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
