//! The model card (Mitchell et al. 2019): what the model is for and what it is not for.

use domain::Day;

use super::calibration::map_name;
use super::cautions::caution;
use super::{Span, interval, left_out, share_spread, spread, values};
use crate::input::Estimate;
use crate::study::input::{Card, LeftOut, ModelKind, ModelRecipe, NotIntended, RecipeExtras, Subgroup, Tested, Use};
use crate::view::Range;
use crate::words::Words;

/// Columns left out that are named here, of each reason; the section on variables names more.
const NAMES: usize = 5;

pub(super) struct View {
    pub(super) facts: Vec<(String, String)>,
    pub(super) recipe: String,
    pub(super) left_out: Vec<String>,
    pub(super) limits: Vec<String>,
    pub(super) subgroups: Vec<Row>,
    pub(super) intended: Vec<String>,
    pub(super) not_intended: Vec<String>,
}

pub(super) struct Row {
    pub(super) name: String,
    pub(super) level: String,
    pub(super) rows: String,
    pub(super) leaving: String,
    pub(super) auc: Range,
    pub(super) span: Span,
    pub(super) said: String,
    pub(super) happened: Range,
}

impl View {
    pub(super) fn of(card: &Card, left_out: &[LeftOut], words: &Words) -> Self {
        Self {
            facts: facts(card, words),
            recipe: recipe(&card.model.recipe, words),
            left_out: left_out::lines(left_out, NAMES, words),
            limits: card.limits.iter().map(|limit| caution(limit, words)).collect(),
            subgroups: card.subgroups.iter().map(|part| row(part, words)).collect(),
            intended: card.intended.iter().map(|&purpose| words.text(use_id(purpose))).collect(),
            not_intended: card.not_intended.iter().map(|&purpose| words.text(not_intended_id(purpose))).collect(),
        }
    }
}

fn facts(card: &Card, words: &Words) -> Vec<(String, String)> {
    let (data, model, quality) = (&card.data, &card.model, &card.quality);
    let mut facts = vec![
        (
            "card-data",
            words.say(
                "card-rows",
                [
                    ("rows", words.say("rows", [("n", data.rows.into())]).into()),
                    ("subjects", words.count(data.subjects as u64).into()),
                    ("left", words.count(data.leavers as u64).into()),
                    ("share", words.fine_share(data.base_rate).into()),
                ],
            ),
        ),
        (
            "card-columns",
            words.say(
                "card-kinds",
                [
                    ("numbers", words.count(data.numbers as u64).into()),
                    ("categories", words.count(data.categories as u64).into()),
                    ("missing", words.fine_share(data.missing_share).into()),
                ],
            ),
        ),
    ];
    if data.has_time {
        let (first, last) = (words.date(Day(data.first_day)), words.date(Day(data.last_day)));
        facts.push(("card-period", format!("{first} – {last}")));
        facts.push(("card-reach", words.say("days", [("n", u64::from(data.reach_days.unsigned_abs()).into())])));
    }
    facts.extend([
        ("card-model", words.text(kind_id(model.tier))),
        (
            "card-size",
            words.say(
                "card-trees",
                [("n", model.trees.into()), ("columns", words.count(model.columns_used as u64).into())],
            ),
        ),
        ("card-map", map_name(model.map, words)),
        ("card-tried", words.count(model.tried as u64)),
        (
            "card-tested",
            words.text(match quality.scheme {
                Tested::Forward => "scheme-forward",
                Tested::Grouped => "scheme-grouped",
            }),
        ),
        ("card-auc", known(quality.auc, 3, words)),
        (
            "card-loss",
            words.say(
                "card-loss-value",
                [
                    ("loss", known(quality.log_loss, 4, words).into()),
                    ("base", words.number(quality.base_log_loss, 4).into()),
                ],
            ),
        ),
        (
            "card-lift",
            quality.lift_at_10_percent.map_or_else(nothing, |lift| format!("×{}", known(Some(lift), 1, words))),
        ),
        ("card-seed", model.seed.to_string()),
    ]);
    facts.into_iter().map(|(id, value)| (words.text(id), value)).collect()
}

/// A number with its range, or a dash where it is not there.
fn known(estimate: Option<Estimate>, places: u8, words: &Words) -> String {
    estimate.map_or_else(nothing, |estimate| {
        let Range { value, range, .. } = spread(&estimate, places, words);
        format!("{value} ({range})")
    })
}

fn nothing() -> String {
    "—".to_owned()
}

pub(super) fn kind_id(kind: ModelKind) -> &'static str {
    match kind {
        ModelKind::Prior => "model-prior",
        ModelKind::Logistic => "model-logistic",
        ModelKind::Boosted => "model-boosted",
        ModelKind::Blend => "model-blend",
    }
}

/// What the model is made of.
fn recipe(recipe: &ModelRecipe, words: &Words) -> String {
    match recipe {
        ModelRecipe::Prior => words.text("model-prior"),
        ModelRecipe::Logistic { ridge, extras } => words
            .say("recipe-logistic", [("ridge", words.short(*ridge).into()), ("extras", extras_word(*extras).into())]),
        ModelRecipe::Boosted { leaves, rounds, extras } => words.say(
            "recipe-boosted",
            [
                ("leaves", words.count(*leaves as u64).into()),
                ("rounds", (*rounds).into()),
                ("extras", extras_word(*extras).into()),
            ],
        ),
        ModelRecipe::Mean { parts } => {
            let part = |(weight, part): &(f64, ModelRecipe)| {
                format!("{} ({})", words.share(*weight), self::recipe(part, words))
            };
            let parts: Vec<String> = parts.iter().map(part).collect();
            words.say("recipe-mean", [("parts", parts.join(" + ").into())])
        }
    }
}

/// What chooses a message's words.
fn extras_word(extras: RecipeExtras) -> &'static str {
    match extras {
        RecipeExtras::None => "none",
        RecipeExtras::Values => "values",
        RecipeExtras::Pairs => "pairs",
    }
}

fn use_id(purpose: Use) -> &'static str {
    match purpose {
        Use::RankForContact => "use-rank",
        Use::ExpectNumbers => "use-expect",
        Use::SeeWhatGoesWithLeaving => "use-see",
    }
}

fn not_intended_id(purpose: NotIntended) -> &'static str {
    match purpose {
        NotIntended::DecideAlone => "not-alone",
        NotIntended::CausesOfLeaving => "not-causes",
        NotIntended::EffectOfContact => "not-effect",
        NotIntended::OtherPopulation => "not-others",
        NotIntended::WorsenService => "not-worsen",
    }
}

fn row(part: &Subgroup, words: &Words) -> Row {
    Row {
        name: part.variable.clone(),
        level: values::slice(&part.slice, words),
        rows: words.count(part.rows as u64),
        leaving: words.count(part.leaving_rows as u64),
        auc: spread(&part.auc, 3, words),
        span: Span::new(&part.auc, (0.5, 1.0), interval(&part.auc, 3, words)),
        said: words.fine_share(part.mean_said),
        happened: share_spread(&part.happened, words),
    }
}
