//! Numbers, per cents and money as a reader of each language writes them: one rule for sentences, pages and terminals.

use crate::locale::Locale;
use crate::money::{Currency, Money};

/// A minus as wide as a plus.
pub const MINUS: char = '\u{2212}';
const NO_BREAK: char = '\u{a0}';
/// From so many units on, an amount is written without minor ones.
const WHOLE_FROM_UNITS: u64 = 10;

/// Between a whole number and its fraction.
pub fn decimal_separator(locale: Locale) -> char {
    match locale {
        Locale::Ru | Locale::Tg => ',',
        Locale::En => '.',
    }
}

/// Between groups of three digits.
pub fn group_separator(locale: Locale) -> char {
    match locale {
        Locale::Ru | Locale::Tg => NO_BREAK,
        Locale::En => ',',
    }
}

/// A number with the places worth reading: about three digits, whole above a hundred.
pub fn number(locale: Locale, value: f64) -> String {
    let value = rounded(value);
    trimmed(locale, value, places_of(value))
}

/// The value that [`number`] writes, so that plural forms follow what is read.
pub fn rounded(value: f64) -> f64 {
    let scale = 10f64.powi(i32::from(places_of(value)));
    (value * scale).round() / scale
}

/// A number with exactly so many places, for columns.
pub fn fixed(locale: Locale, value: f64, places: u8) -> String {
    let text = format!("{:.*}", usize::from(places), value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = grouped(locale, whole);
    if !fraction.is_empty() {
        out.push(decimal_separator(locale));
        out.push_str(fraction);
    }
    let is_zero = out.chars().all(|c| !c.is_ascii_digit() || c == '0');
    if value < 0.0 && !is_zero { format!("{MINUS}{out}") } else { out }
}

/// A share in per cent. Rounded to whole ones, but never to 0% or 100% what is neither.
pub fn percent(locale: Locale, share: f64) -> String {
    format!("{}{}", percent_number(locale, share), percent_sign(locale))
}

/// A share in per cent for those who compare close ones: with one place between 1% and 99%, elsewhere as [`percent`].
pub fn fine_percent(locale: Locale, share: f64) -> String {
    format!("{}{}", fine_percent_number(locale, share), percent_sign(locale))
}

/// The same for two shares with one sign, `6,2–8,3 %`.
pub fn fine_percent_range(locale: Locale, low: f64, high: f64) -> String {
    let (low, high) = (fine_percent_number(locale, low), fine_percent_number(locale, high));
    format!("{low}–{high}{}", percent_sign(locale))
}

/// Two shares in per cent with one sign, `62–83 %`.
pub fn percent_range(locale: Locale, low: f64, high: f64) -> String {
    let (low, high) = (percent_number(locale, low), percent_number(locale, high));
    format!("{low}–{high}{}", percent_sign(locale))
}

/// An amount with the name or sign of its currency; minor units only where there are any and the amount is small.
pub fn money(locale: Locale, currency: Currency, amount: Money) -> String {
    let sign = if amount.minor_units < 0 { MINUS.to_string() } else { String::new() };
    let mut minor = amount.minor_units.unsigned_abs();
    if minor >= WHOLE_FROM_UNITS * 100 {
        minor = (minor + 50) / 100 * 100;
    }
    let mut text = grouped(locale, &(minor / 100).to_string());
    if !minor.is_multiple_of(100) {
        text = format!("{text}{}{:02}", decimal_separator(locale), minor % 100);
    }
    let unit = currency_unit(locale, currency);
    match locale {
        Locale::En if unit.chars().count() == 1 => format!("{sign}{unit}{text}"),
        _ => format!("{sign}{text}{NO_BREAK}{unit}"),
    }
}

/// What stands beside an amount.
pub fn currency_unit(locale: Locale, currency: Currency) -> String {
    match currency.code() {
        "TJS" => match locale {
            Locale::Ru => "сомони",
            Locale::Tg => "сомонӣ",
            Locale::En => "somoni",
        },
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "RUB" => "₽",
        "KZT" => "₸",
        code => return code.to_owned(),
    }
    .to_owned()
}

fn percent_number(locale: Locale, share: f64) -> String {
    let value = share * 100.0;
    let size = value.abs();
    if size > 99.0 && size < 100.0 {
        trimmed(locale, (value * 10.0).trunc() / 10.0, 1)
    } else if size > 0.0 && size < 1.0 {
        number(locale, value)
    } else {
        trimmed(locale, value.round(), 0)
    }
}

fn fine_percent_number(locale: Locale, share: f64) -> String {
    if (0.01..=0.99).contains(&share) { fixed(locale, share * 100.0, 1) } else { percent_number(locale, share) }
}

/// Kept on the line of its number.
fn percent_sign(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru | Locale::Tg => "\u{a0}%",
        Locale::En => "%",
    }
}

fn places_of(value: f64) -> u8 {
    let size = value.abs();
    if size >= 100.0 || size == 0.0 || !size.is_finite() {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 0.1 {
        2
    } else {
        // Two digits that say something, down to a millionth.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what a u8 holds")]
        let leading_zeros = (-size.log10().floor()).clamp(0.0, 5.0) as u8;
        leading_zeros + 1
    }
}

/// With so many places at most, without trailing zeros.
fn trimmed(locale: Locale, value: f64, places: u8) -> String {
    let text = fixed(locale, value, places);
    let separator = decimal_separator(locale);
    if places == 0 {
        return text;
    }
    let text = text.trim_end_matches('0').trim_end_matches(separator);
    if matches!(text, "" | "0") { "0".to_owned() } else { text.to_owned() }
}

fn grouped(locale: Locale, digits: &str) -> String {
    let mut out = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            out.push(group_separator(locale));
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_the_places_worth_reading() {
        let ru = |value| number(Locale::Ru, value);
        assert_eq!([1_234_567.8, 123.4, 12.34, 2.5, 2.0].map(ru), ["1\u{a0}234\u{a0}568", "123", "12,3", "2,5", "2"]);
        assert_eq!([0.256, 0.0123, 0.0, -0.0, -3.25].map(ru), ["0,26", "0,012", "0", "0", "\u{2212}3,25"]);
        assert_eq!(number(Locale::En, 12_345.6), "12,346");
        assert_eq!(number(Locale::En, 1e-9), "0");
        assert_eq!(number(Locale::En, -1e-9), "0");
    }

    #[test]
    fn columns_keep_their_places() {
        assert_eq!(fixed(Locale::Ru, 1234.5, 2), "1\u{a0}234,50");
        assert_eq!([-0.001, -12.0].map(|value| fixed(Locale::En, value, 1)), ["0.0", "\u{2212}12.0"]);
        assert_eq!(fixed(Locale::En, 100.0, 0), "100");
    }

    #[test]
    fn per_cents_never_round_to_certainty() {
        let en = |share| percent(Locale::En, share);
        assert_eq!([0.0, 0.004, 0.452, 0.996, 0.9999, 1.0].map(en), ["0%", "0.4%", "45%", "99.6%", "99.9%", "100%"]);
        assert_eq!(percent(Locale::Ru, 0.45), "45\u{a0}%");
        assert_eq!(percent_range(Locale::Ru, 0.617, 0.834), "62–83\u{a0}%");
        assert_eq!(
            [0.0734, 0.2, 0.0031, 0.9991].map(|share| fine_percent(Locale::Ru, share)),
            ["7,3\u{a0}%", "20,0\u{a0}%", "0,31\u{a0}%", "99,9\u{a0}%",]
        );
        assert_eq!(fine_percent_range(Locale::En, 0.0617, 0.0834), "6.2–8.3%");
    }

    #[test]
    fn money_carries_its_currency_and_sign() {
        let write =
            |locale, code, amount| money(locale, Currency::parse(code).expect("a code"), Money::from_major(amount));
        assert_eq!(write(Locale::Ru, "TJS", 450.0), "450\u{a0}сомони");
        assert_eq!(write(Locale::Ru, "TJS", -2.5), "\u{2212}2,50\u{a0}сомони");
        assert_eq!(write(Locale::Ru, "TJS", -1250.5), "\u{2212}1\u{a0}251\u{a0}сомони");
        assert_eq!(write(Locale::En, "USD", 96.04), "$96");
        assert_eq!(write(Locale::En, "USD", 1250.0), "$1,250");
        assert_eq!(write(Locale::En, "UZS", 1250.0), "1,250\u{a0}UZS");
    }
}
