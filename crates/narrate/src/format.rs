//! Numbers, per cents, money and days as a reader of each language writes them.

use domain::{Currency, Day, Locale, Money, Probability};

use crate::locale;

/// A minus as wide as a plus.
pub(crate) const MINUS: char = '\u{2212}';
const NO_BREAK: char = '\u{a0}';

/// A number with the places worth reading: about three digits, whole above a hundred.
pub(crate) fn number(locale: Locale, value: f64) -> String {
    let value = rounded(value);
    write(locale, value, places_of(value))
}

/// The value that [`number`] writes, so that plural forms follow what is read.
pub(crate) fn rounded(value: f64) -> f64 {
    let scale = 10f64.powi(places_of(value));
    (value * scale).round() / scale
}

/// A share in per cent. Rounded to whole ones, but never to 0% or 100% what is neither.
pub(crate) fn percent(locale: Locale, share: f64) -> String {
    let value = share * 100.0;
    let size = value.abs();
    let text = if size > 99.0 && size < 100.0 {
        write(locale, (value * 10.0).trunc() / 10.0, 1)
    } else if size > 0.0 && size < 1.0 {
        number(locale, value)
    } else {
        write(locale, value.round(), 0)
    };
    format!("{text}{}%", locale::before_percent(locale))
}

/// An amount with the name or sign of its currency; minor units only where there are any.
pub(crate) fn money(locale: Locale, currency: Currency, somoni: &str, amount: Money) -> String {
    let sign = if amount.minor_units < 0 { MINUS.to_string() } else { String::new() };
    let minor = amount.minor_units.unsigned_abs();
    let mut text = grouped(locale, &(minor / 100).to_string());
    if !minor.is_multiple_of(100) {
        text = format!("{text}{}{:02}", locale::decimal_separator(locale), minor % 100);
    }
    let unit = currency_unit(currency, somoni);
    match locale {
        Locale::En if unit.chars().count() == 1 => format!("{sign}{unit}{text}"),
        _ => format!("{sign}{text}{NO_BREAK}{unit}"),
    }
}

/// What stands beside an amount.
pub(crate) fn currency_unit(currency: Currency, somoni: &str) -> String {
    match currency.code() {
        "TJS" => somoni,
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "RUB" => "₽",
        "KZT" => "₸",
        code => return code.to_owned(),
    }
    .to_owned()
}

/// Days, oldest first, the month said once for neighbours that share it, the year only where not all share one.
pub(crate) fn days(months: &[String], days: &[Day]) -> String {
    let dates: Vec<_> = days.iter().map(|day| day.date()).collect();
    let one_year = dates.iter().all(|date| date.year() == dates[0].year());
    let mut text = String::new();
    for (k, date) in dates.iter().enumerate() {
        if k > 0 {
            text.push_str(", ");
        }
        text.push_str(&date.day().to_string());
        let next = dates.get(k + 1);
        let same_year = next.is_some_and(|next| next.year() == date.year());
        if !(same_year && next.is_some_and(|next| next.month() == date.month())) {
            text.push(' ');
            text.push_str(&months[usize::from(date.month().unsigned_abs()) - 1]);
            if !one_year && !same_year {
                text.push_str(&format!(" {}", date.year()));
            }
        }
    }
    text
}

/// The first and the last of two days; the first without its month where they share it.
pub(crate) fn span(months: &[String], first: Day, last: Day) -> (String, String) {
    let (from, to) = (first.date(), last.date());
    if (from.year(), from.month()) == (to.year(), to.month()) {
        return (from.day().to_string(), days(months, &[last]));
    }
    let both = days(months, &[first, last]);
    match both.split_once(", ") {
        Some((first, last)) => (first.to_owned(), last.to_owned()),
        None => (both.clone(), both),
    }
}

/// A probability in per cent.
pub(crate) fn probability(locale: Locale, probability: Probability) -> String {
    percent(locale, probability.get())
}

fn places_of(value: f64) -> i32 {
    let size = value.abs();
    if size >= 100.0 || size == 0.0 || !size.is_finite() {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 0.1 {
        2
    } else {
        // Two digits that say something, down to a millionth.
        #[expect(clippy::cast_possible_truncation, reason = "a logarithm is small")]
        let leading_zeros = -size.log10().floor() as i32;
        (leading_zeros + 1).min(6)
    }
}

/// With so many places at most, without trailing zeros.
fn write(locale: Locale, value: f64, places: i32) -> String {
    let text = format!("{:.*}", places.unsigned_abs() as usize, value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let mut out = grouped(locale, whole);
    if !fraction.is_empty() {
        out.push(locale::decimal_separator(locale));
        out.push_str(fraction);
    }
    let is_zero = out == "0";
    if value < 0.0 && !is_zero { format!("{MINUS}{out}") } else { out }
}

fn grouped(locale: Locale, digits: &str) -> String {
    let mut out = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            out.push(locale::group_separator(locale));
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn months() -> Vec<String> {
        [
            "января",
            "февраля",
            "марта",
            "апреля",
            "мая",
            "июня",
            "июля",
            "августа",
            "сентября",
            "октября",
            "ноября",
            "декабря",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn written(list: &[(i16, i8, i8)]) -> String {
        let list: Vec<Day> = list.iter().map(|&(y, m, d)| Day::from_date(date(y, m, d))).collect();
        days(&months(), &list)
    }

    #[test]
    fn numbers_keep_the_places_worth_reading() {
        let ru = |value| number(Locale::Ru, value);
        assert_eq!([1_234_567.8, 123.4, 12.34, 2.5, 2.0].map(ru), ["1\u{a0}234\u{a0}568", "123", "12,3", "2,5", "2"]);
        assert_eq!([0.256, 0.0123, 0.0, -0.0, -3.25].map(ru), ["0,26", "0,012", "0", "0", "\u{2212}3,25"]);
        assert_eq!(number(Locale::En, 12_345.6), "12,346");
        assert_eq!(number(Locale::En, 1e-9), "0");
    }

    #[test]
    fn per_cents_never_round_to_certainty() {
        let en = |share| percent(Locale::En, share);
        assert_eq!([0.0, 0.004, 0.452, 0.996, 0.9999, 1.0].map(en), ["0%", "0.4%", "45%", "99.6%", "99.9%", "100%"]);
        assert_eq!(percent(Locale::Ru, 0.45), "45\u{a0}%");
    }

    #[test]
    fn money_carries_its_currency_and_sign() {
        let write = |locale, code, amount| {
            money(locale, Currency::parse(code).expect("a code"), "сомони", Money::from_major(amount))
        };
        assert_eq!(write(Locale::Ru, "TJS", 450.0), "450\u{a0}сомони");
        assert_eq!(write(Locale::Ru, "TJS", -1250.5), "\u{2212}1\u{a0}250,50\u{a0}сомони");
        assert_eq!(write(Locale::En, "USD", 1250.0), "$1,250");
        assert_eq!(write(Locale::En, "UZS", 1250.0), "1,250\u{a0}UZS");
    }

    #[test]
    fn days_share_months_and_name_years_that_differ() {
        assert_eq!(written(&[(2026, 11, 5), (2026, 11, 7), (2026, 11, 14)]), "5, 7, 14 ноября");
        assert_eq!(written(&[(2026, 10, 28), (2026, 10, 30), (2026, 11, 4)]), "28, 30 октября, 4 ноября");
        assert_eq!(written(&[(2025, 12, 28), (2026, 1, 2), (2026, 1, 5)]), "28 декабря 2025, 2, 5 января 2026");
        assert_eq!(written(&[(2025, 11, 28), (2026, 11, 2)]), "28 ноября 2025, 2 ноября 2026");
        assert_eq!(written(&[]), "");
    }
}
