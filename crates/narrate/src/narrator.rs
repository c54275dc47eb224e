//! Reasons and summaries in words.

use std::collections::BTreeMap;

use domain::{
    ActionId, Band, Currency, Day, Evidence, Fact, FactValue, Family, Locale, Money, Probability, Reason, writing,
};
use fluent_bundle::FluentValue;

use crate::bundle::{Bundle, NarratorError};
use crate::format;
use crate::select::select;
use crate::sentences::{Said, Shape};

/// More days than this are told by the first and the last.
const MOST_DAYS: usize = 5;

/// The contract's own words, in the reader's language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels {
    /// Actions.
    pub actions: BTreeMap<ActionId, ActionWords>,
    /// Families; those of the kits have words here already.
    pub families: BTreeMap<Family, String>,
}

/// What the contract says of an action.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionWords {
    /// Its label; where there is none, our own word for a kit's action, or its id.
    pub label: Option<String>,
    /// What doing it once costs.
    pub cost: Money,
    /// Whether it takes time or money that other actions take too, and not only places of its own.
    pub shares_means: bool,
}

/// Says facts in one language. Make one and keep it: making it reads and checks all messages.
pub struct Narrator {
    pub(crate) locale: Locale,
    pub(crate) currency: Currency,
    pub(crate) labels: Labels,
    pub(crate) bundle: Bundle,
    pub(crate) months: Vec<String>,
}

/// Why a fact cannot be said: whoever made it and [`SENTENCES`](crate::SENTENCES) disagree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactError {
    /// There is no such sentence.
    #[error("no sentence is called `{0}`")]
    UnknownSentence(String),
    /// A value that the sentence needs is missing, or is not a number.
    #[error("sentence `{sentence}` needs the value `{value}`")]
    MissingValue {
        /// The sentence.
        sentence: &'static str,
        /// The value.
        value: &'static str,
    },
}

impl Narrator {
    /// Reads and checks the locale's messages.
    ///
    /// # Errors
    ///
    /// A message is missing or uses a value that nobody gives it.
    pub fn new(locale: Locale, currency: Currency, labels: Labels) -> Result<Self, NarratorError> {
        let bundle = Bundle::load(locale)?;
        let months: Vec<String> = bundle.say("months", &[]).split_whitespace().map(str::to_owned).collect();
        if months.len() != 12 {
            return Err(NarratorError::Months { locale: locale.code() });
        }
        Ok(Self { locale, currency, labels, bundle, months })
    }

    /// A reason as a fragment, "4 пропуска подряд (5, 7, 12, 14 ноября)"; nothing where it has no fact that can be said.
    pub fn reason(&self, reason: &Reason) -> Option<String> {
        self.fact(reason.fact.as_ref()?).ok()
    }

    /// A fact as a fragment.
    ///
    /// # Errors
    ///
    /// There is no such sentence, or a value that it needs is missing.
    pub fn fact(&self, fact: &Fact) -> Result<String, FactError> {
        let shape =
            Shape::of(&fact.sentence.0).ok_or_else(|| FactError::UnknownSentence(fact.sentence.0.to_string()))?;
        let mut variables = vec![("window_days", FluentValue::from(0)), ("band", FluentValue::from("unknown"))];
        if let Some(FactValue::Count(days)) = fact.value("window_days") {
            variables[0].1 = FluentValue::from(*days);
        }
        for &name in shape.needs {
            let missing = FactError::MissingValue { sentence: shape.id, value: name };
            variables.push((name, fact.value(name).and_then(|value| self.variable(shape, value)).ok_or(missing)?));
        }
        let mut sentence = self.bundle.say(shape.id, &variables);

        let asides: Vec<String> =
            [self.comparison(fact, "typical"), self.comparison(fact, "before"), self.dates(shape, fact)]
                .into_iter()
                .flatten()
                .collect();
        if !asides.is_empty() {
            let parts = [("sentence", FluentValue::from(sentence)), ("aside", FluentValue::from(asides.join("; ")))];
            sentence = self.bundle.say("aside", &parts);
        }
        if let Some(FactValue::Money(debt)) = fact.value("amount").filter(|_| shape.id == "payment-overdue") {
            let parts = [("sentence", FluentValue::from(sentence)), ("amount", FluentValue::from(self.money(*debt)))];
            sentence = self.bundle.say("with-debt", &parts);
        }
        Ok(sentence)
    }

    /// What to say in a reason's place where none stands out, as a fragment.
    pub fn nothing_stands_out(&self, band: Band) -> String {
        let variables = [("window_days", FluentValue::from(0)), ("band", FluentValue::from(band.as_str()))];
        self.bundle.say("nothing-stands-out", &variables)
    }

    /// A subject's risk and its main reasons in one sentence. Which reasons are said is decided by [`select`].
    pub fn summary(&self, band: Band, probability: Probability, reasons: &[Reason]) -> String {
        let selected = select(reasons.to_vec(), band);
        let fragments: Vec<String> = selected.iter().filter_map(|reason| self.reason(reason)).collect();
        let mut variables = vec![("window_days", FluentValue::from(0)), ("band", FluentValue::from(band.as_str()))];
        if fragments.is_empty() {
            variables.push(("probability", FluentValue::from(self.percent(probability))));
            return self.bundle.say("summary-nothing", &variables);
        }
        variables.push(("reasons", FluentValue::from(join(&fragments))));
        self.bundle.say("summary", &variables)
    }

    /// A band, "высокий".
    pub fn band(&self, band: Band) -> String {
        self.bundle.say("band", &[("band", FluentValue::from(band.as_str()))])
    }

    /// A family: the contract's label, our own word, or its id; of a column that is a family of its own, its name.
    pub fn family(&self, family: &Family) -> String {
        let label = self.labels.families.get(family).cloned();
        let own_word = || self.bundle.find(&format!("family-{family}"));
        // The name of a table has no dot.
        let of_column = || family.0.split_once('.').map(|(_, column)| column.to_owned());
        label.or_else(own_word).or_else(of_column).unwrap_or_else(|| spaced(&family.0))
    }

    /// An action, or doing nothing: the contract's label, our own word, or its id.
    pub fn action(&self, action: Option<&ActionId>) -> String {
        let Some(id) = action else { return self.bundle.say("action-nothing", &[]) };
        let label = self.labels.actions.get(id).and_then(|words| words.label.clone());
        label.or_else(|| self.bundle.find(&format!("action-{id}"))).unwrap_or_else(|| spaced(&id.0))
    }

    /// Where a chance comes from, "оценка эксперта, данных пока нет".
    pub fn evidence(&self, evidence: Evidence) -> String {
        match evidence {
            Evidence::Model => self.bundle.say("evidence-model", &[]),
            Evidence::Prior => self.bundle.say("evidence-prior", &[]),
            Evidence::Cases { cases, randomised } => {
                let counts = [("cases", FluentValue::from(cases)), ("randomised", FluentValue::from(randomised))];
                self.bundle.say("evidence-cases", &counts)
            }
        }
    }

    /// An amount, "450 сомони".
    pub fn money(&self, amount: Money) -> String {
        writing::money(self.locale, self.currency, amount)
    }

    /// A probability in per cent, "45 %".
    pub fn percent(&self, probability: Probability) -> String {
        writing::percent(self.locale, probability.get())
    }

    /// Two probabilities in per cent, "52–77 %".
    pub fn percent_range(&self, low: Probability, high: Probability) -> String {
        writing::percent_range(self.locale, low.get(), high.get())
    }

    /// The language.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// A plain number, "1 234,5".
    pub fn number(&self, value: f64) -> String {
        writing::number(self.locale, value)
    }

    /// Days, "5, 7, 12, 14 ноября".
    pub fn days(&self, days: &[Day]) -> String {
        format::days(&self.months, days)
    }

    /// A value as its message takes it; nothing where it cannot be said.
    fn variable(&self, shape: &Shape, value: &FactValue) -> Option<FluentValue<'static>> {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let plain = match value {
            FactValue::Count(count) => *count as f64,
            FactValue::Share(share) => *share,
            FactValue::Number(number) => *number,
            other => return Some(FluentValue::from(self.write(other))),
        };
        if !plain.is_finite() {
            return None;
        }
        Some(match (shape.said, value) {
            (Said::AsPercent, _) => FluentValue::from(writing::percent(self.locale, plain)),
            (Said::AsSize, FactValue::Share(share)) => FluentValue::from(writing::rounded(share.abs() * 100.0)),
            (Said::AsSize, _) => FluentValue::from(writing::rounded(plain.abs())),
            (Said::Plainly, FactValue::Share(share)) => FluentValue::from(writing::percent(self.locale, *share)),
            (Said::Plainly, _) => FluentValue::from(writing::rounded(plain)),
        })
    }

    /// A value as text.
    pub(crate) fn write(&self, value: &FactValue) -> String {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        match value {
            FactValue::Count(count) => writing::number(self.locale, *count as f64),
            FactValue::Share(share) => writing::percent(self.locale, *share),
            FactValue::Number(number) => writing::number(self.locale, *number),
            FactValue::Money(amount) => self.money(*amount),
            FactValue::Days(days) => self.days(days),
            FactValue::Text(text) => text.clone(),
        }
    }

    fn comparison(&self, fact: &Fact, name: &'static str) -> Option<String> {
        let value = fact.value(name).filter(|value| is_finite(value))?;
        Some(self.bundle.say(name, &[(name, FluentValue::from(self.write(value)))]))
    }

    /// The days of what is counted. All of a few; of many the first and the last; where fewer came than are counted,
    /// they are called the latest.
    fn dates(&self, shape: &Shape, fact: &Fact) -> Option<String> {
        let Some(FactValue::Days(days)) = fact.value("dates").filter(|_| shape.lists_dates) else { return None };
        let (first, last) = (*days.first()?, *days.last()?);
        let are_all = match fact.value("value") {
            Some(FactValue::Count(count)) => usize::try_from(*count).is_ok_and(|count| count <= days.len()),
            _ => false,
        };
        if !are_all {
            let latest = &days[days.len().saturating_sub(MOST_DAYS)..];
            return Some(self.bundle.say("dates-latest", &[("dates", FluentValue::from(self.days(latest)))]));
        }
        if days.len() <= MOST_DAYS {
            return Some(self.days(days));
        }
        let (first, last) = format::span(&self.months, first, last);
        let ends = [("first", FluentValue::from(first)), ("last", FluentValue::from(last))];
        Some(self.bundle.say("dates-between", &ends))
    }
}

/// Fragments in a row, kept apart by semicolons where one has a comma of its own outside brackets.
fn join(fragments: &[String]) -> String {
    let has_comma = |fragment: &String| {
        let mut depth = 0;
        fragment.chars().any(|c| {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            depth == 0 && matches!(c, ',' | ':' | ';')
        })
    };
    fragments.join(if fragments.iter().any(has_comma) { "; " } else { ", " })
}

fn is_finite(value: &FactValue) -> bool {
    match value {
        FactValue::Share(number) | FactValue::Number(number) => number.is_finite(),
        _ => true,
    }
}

fn spaced(id: &str) -> String {
    id.replace('_', " ")
}
