//! The crate's own words, and numbers, dates and amounts as the reader's language writes them.

use std::borrow::Cow;

use domain::{Band, Currency, Day, Locale, Money, Probability, writing};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

const NO_BREAK_SPACE: char = '\u{a0}';

pub(crate) struct Words {
    pub(crate) locale: Locale,
    bundle: FluentBundle<FluentResource>,
}

/// A value in a message: a count, which chooses the plural and is grouped by thousands, or text that is ready.
pub(crate) enum Value<'a> {
    Count(u64),
    Text(Cow<'a, str>),
}

impl Words {
    pub(crate) fn new(locale: Locale) -> Self {
        Self::of(locale, &sources(locale))
    }

    /// Those of a page about a label that is not leaving: some messages are said otherwise.
    pub(crate) fn of_positives(locale: Locale) -> Self {
        let [staff, study, campaign] = sources(locale);
        Self::of(locale, &[staff, study, campaign, positives(locale)])
    }

    /// What comes later overrides.
    fn of(locale: Locale, sources: &[&str]) -> Self {
        let language: LanguageIdentifier = locale.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![language]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match locale {
            Locale::En => |value, _| whole_value(Locale::En, value),
            Locale::Ru => |value, _| whole_value(Locale::Ru, value),
            Locale::Tg => |value, _| whole_value(Locale::Tg, value),
        }));
        for &source in sources {
            // A message that does not parse is left out by Fluent and shows as its id; a test keeps that from happening.
            let resource = match FluentResource::try_new(source.to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { locale, bundle }
    }

    /// A message without values.
    pub(crate) fn text(&self, id: &str) -> String {
        self.say(id, [])
    }

    /// A message with its values; the id itself where there is no such message.
    pub(crate) fn say<'a, const N: usize>(&self, id: &str, values: [(&'static str, Value<'a>); N]) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let mut args = FluentArgs::with_capacity(N);
        for (name, value) in values {
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
            let value = match value {
                Value::Count(count) => FluentValue::from(count as f64),
                Value::Text(text) => FluentValue::String(text),
            };
            args.set(name, value);
        }
        self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }

    /// `high` as the reader says it.
    pub(crate) fn band(&self, band: Band) -> String {
        self.text(match band {
            Band::Low => "band-low",
            Band::Medium => "band-medium",
            Band::High => "band-high",
        })
    }

    /// A whole number, grouped by thousands.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub(crate) fn count(&self, count: u64) -> String {
        writing::fixed(self.locale, count as f64, 0)
    }

    /// A number with so many decimal places; a dash where there is none.
    pub(crate) fn number(&self, value: f64, places: u8) -> String {
        if value.is_finite() { writing::fixed(self.locale, value, places) } else { "—".to_owned() }
    }

    /// A probability in per cent.
    pub(crate) fn percent(&self, probability: Probability) -> String {
        writing::percent(self.locale, probability.get())
    }

    /// A share in per cent; a dash where there is none.
    pub(crate) fn share(&self, share: f64) -> String {
        if !share.is_finite() {
            return "—".to_owned();
        }
        self.percent(Probability::clamped(share))
    }

    /// A share with a place after the point, for those who compare close ones; a dash where there is none.
    pub(crate) fn fine_share(&self, share: f64) -> String {
        if share.is_finite() { writing::fine_percent(self.locale, share.clamp(0.0, 1.0)) } else { "—".to_owned() }
    }

    /// `6,2–8,3 %`.
    pub(crate) fn fine_range(&self, low: f64, high: f64) -> String {
        writing::fine_percent_range(self.locale, low.clamp(0.0, 1.0), high.clamp(0.0, 1.0))
    }

    /// `62–83 %`.
    pub(crate) fn percent_range(&self, low: f64, high: f64) -> String {
        writing::percent_range(self.locale, low.clamp(0.0, 1.0), high.clamp(0.0, 1.0))
    }

    /// `0,812–0,846`.
    pub(crate) fn number_range(&self, low: f64, high: f64, places: u8) -> String {
        format!("{}–{}", self.number(low, places), self.number(high, places))
    }

    /// A signed change, `+0,012`.
    pub(crate) fn change(&self, value: f64, places: u8) -> String {
        let text = self.number(value, places);
        let is_zero = text.chars().all(|c| !c.is_ascii_digit() || c == '0');
        if value > 0.0 && !is_zero { format!("+{text}") } else { text }
    }

    /// A number with about three digits that say something, outside of columns.
    pub(crate) fn short(&self, value: f64) -> String {
        if value.is_finite() { writing::number(self.locale, value) } else { "—".to_owned() }
    }

    /// An amount with its currency on the same line.
    pub(crate) fn money(&self, money: Money, currency: Currency) -> String {
        writing::money(self.locale, currency, money)
    }

    /// `20 ноября 2026`.
    pub(crate) fn date(&self, day: Day) -> String {
        let date = day.date();
        let month = self.text(MONTHS[usize::from(date.month().unsigned_abs()) - 1]);
        format!("{}{NO_BREAK_SPACE}{month} {}", date.day(), date.year())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<u64> for Value<'_> {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<usize> for Value<'_> {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8", "month-9", "month-10",
    "month-11", "month-12",
];

/// The words of the staff's page, some of which both pages use, and those of the analyst's and of a campaign's.
fn sources(locale: Locale) -> [&'static str; 3] {
    match locale {
        Locale::En => [
            include_str!("../locales/en.ftl"),
            include_str!("../locales/study/en.ftl"),
            include_str!("../locales/campaign/en.ftl"),
        ],
        Locale::Ru => [
            include_str!("../locales/ru.ftl"),
            include_str!("../locales/study/ru.ftl"),
            include_str!("../locales/campaign/ru.ftl"),
        ],
        Locale::Tg => [
            include_str!("../locales/tg.ftl"),
            include_str!("../locales/study/tg.ftl"),
            include_str!("../locales/campaign/tg.ftl"),
        ],
    }
}

/// Messages that override those about leaving.
fn positives(locale: Locale) -> &'static str {
    match locale {
        Locale::En => include_str!("../locales/study/positive/en.ftl"),
        Locale::Ru => include_str!("../locales/study/positive/ru.ftl"),
        Locale::Tg => include_str!("../locales/study/positive/tg.ftl"),
    }
}

/// A line that stands alone, with a capital and a full stop.
pub(crate) fn sentence(line: &str) -> String {
    let mut letters = line.chars();
    let capital: String = letters.next().map(char::to_uppercase).into_iter().flatten().collect();
    format!("{capital}{}.", letters.as_str())
}

fn whole_value(locale: Locale, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(writing::fixed(locale, number.value, 0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_a_dash() {
        let words = Words::new(Locale::Ru);
        assert_eq!((words.share(f64::NAN), words.number(f64::INFINITY, 1)), ("—".to_owned(), "—".to_owned()));
        assert_eq!(words.date(Day(20_777)), "20\u{a0}ноября 2026");
    }

    #[test]
    fn russian_counts_agree_with_their_noun() {
        let words = Words::new(Locale::Ru);
        let people = |n: u64| words.say("people", [("n", n.into())]);
        assert_eq!([people(1), people(3), people(5)], ["1 человек", "3 человека", "5 человек"]);
        assert_eq!(people(21_003), "21\u{a0}003 человека");
    }
}
