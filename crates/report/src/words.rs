//! The crate's own words, and numbers, dates and amounts as the reader's language writes them.

use std::borrow::Cow;

use domain::{Band, Currency, Day, Money, Probability};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use domain::Locale;

/// Between the digits of a large number, where a line must not break.
const THIN_SPACE: char = '\u{202f}';
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
        // A message that does not parse is left out by Fluent and shows as its id; a test keeps that from happening.
        let resource = match FluentResource::try_new(source(locale).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        let language: LanguageIdentifier = locale.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![language]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match locale {
            Locale::En => |value, _| grouped_value(value, ','),
            Locale::Ru | Locale::Tg => |value, _| grouped_value(value, THIN_SPACE),
        }));
        bundle.add_resource_overriding(resource);
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
    pub(crate) fn count(&self, count: u64) -> String {
        grouped(&count.to_string(), self.separator())
    }

    /// A number with so many decimal places; a dash where there is none.
    pub(crate) fn number(&self, value: f64, places: usize) -> String {
        if !value.is_finite() {
            return "—".to_owned();
        }
        let text = format!("{value:.places$}");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let whole = grouped(whole, self.separator());
        match (fraction.is_empty(), self.locale) {
            (true, _) => whole,
            (false, Locale::En) => format!("{whole}.{fraction}"),
            (false, Locale::Ru | Locale::Tg) => format!("{whole},{fraction}"),
        }
    }

    /// A probability in whole per cent; never 0% or 100% of what is merely unlikely or likely.
    pub(crate) fn percent(&self, probability: Probability) -> String {
        let percent = probability.get() * 100.0;
        if percent > 0.0 && percent < 1.0 {
            "<1%".to_owned()
        } else if percent > 99.0 && percent < 100.0 {
            ">99%".to_owned()
        } else {
            format!("{percent:.0}%")
        }
    }

    /// A share in whole per cent; a dash where there is none.
    pub(crate) fn share(&self, share: f64) -> String {
        if !share.is_finite() {
            return "—".to_owned();
        }
        self.percent(Probability::clamped(share))
    }

    /// `62–83%`.
    pub(crate) fn percent_range(&self, low: f64, high: f64) -> String {
        let whole = |share: f64| (share.clamp(0.0, 1.0) * 100.0).round();
        format!("{:.0}–{:.0}%", whole(low), whole(high))
    }

    /// `0,812–0,846`.
    pub(crate) fn number_range(&self, low: f64, high: f64, places: usize) -> String {
        format!("{}–{}", self.number(low, places), self.number(high, places))
    }

    /// An amount in whole units without its currency, with a true minus sign.
    pub(crate) fn amount(&self, money: Money) -> String {
        let units = money.major().round();
        let digits = grouped(&format!("{:.0}", units.abs()), self.separator());
        if units < 0.0 { format!("−{digits}") } else { digits }
    }

    /// The currency's name where the reader's language has a short one, its code otherwise.
    pub(crate) fn currency(&self, currency: Currency) -> String {
        self.say("currency", [("code", Value::Text(Cow::Owned(currency.code().to_owned())))])
    }

    /// An amount with its currency on the same line.
    pub(crate) fn money(&self, money: Money, currency: Currency) -> String {
        format!("{}{NO_BREAK_SPACE}{}", self.amount(money), self.currency(currency))
    }

    /// `20 ноября 2026`.
    pub(crate) fn date(&self, day: Day) -> String {
        let date = day.date();
        let month = self.text(MONTHS[usize::from(date.month().unsigned_abs()) - 1]);
        format!("{}{NO_BREAK_SPACE}{month} {}", date.day(), date.year())
    }

    fn separator(&self) -> char {
        match self.locale {
            Locale::En => ',',
            Locale::Ru | Locale::Tg => THIN_SPACE,
        }
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

fn source(locale: Locale) -> &'static str {
    match locale {
        Locale::En => include_str!("../locales/en.ftl"),
        Locale::Ru => include_str!("../locales/ru.ftl"),
        Locale::Tg => include_str!("../locales/tg.ftl"),
    }
}

fn grouped_value(value: &FluentValue<'_>, separator: char) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(grouped(&format!("{:.0}", number.value), separator)),
        _ => None,
    }
}

/// Four digits stay together, as both typographies want; from five on they are grouped by three.
fn grouped(digits: &str, separator: char) -> String {
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    if unsigned.len() < 5 {
        return digits.to_owned();
    }
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    if unsigned.len() < digits.len() {
        text.push('-');
    }
    for (at, digit) in unsigned.chars().enumerate() {
        if at > 0 && (unsigned.len() - at).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_language() {
        let (en, ru) = (Words::new(Locale::En), Words::new(Locale::Ru));
        assert_eq!(en.number(1_234_567.891, 2), "1,234,567.89");
        assert_eq!(ru.number(1_234_567.891, 2), "1\u{202f}234\u{202f}567,89");
        assert_eq!(ru.count(9_999), "9999");
        assert_eq!(ru.amount(Money::from_major(-12_345.6)), "−12\u{202f}346");
        assert_eq!(ru.date(Day(20_777)), "20\u{a0}ноября 2026");
    }

    #[test]
    fn what_is_merely_unlikely_is_not_zero() {
        let words = Words::new(Locale::Ru);
        assert_eq!(words.share(0.004), "<1%");
        assert_eq!(words.share(0.9999), ">99%");
        assert_eq!(words.share(0.0), "0%");
        assert_eq!((words.share(f64::NAN), words.number(f64::INFINITY, 1)), ("—".to_owned(), "—".to_owned()));
        assert_eq!(words.percent_range(0.617, 0.834), "62–83%");
    }

    #[test]
    fn russian_counts_agree_with_their_noun() {
        let words = Words::new(Locale::Ru);
        let people = |n: u64| words.say("people", [("n", n.into())]);
        assert_eq!([people(1), people(3), people(5)], ["1 человек", "3 человека", "5 человек"]);
        assert_eq!(people(21_003), "21\u{202f}003 человека");
    }
}
