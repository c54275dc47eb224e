//! Cells: what a piece of text says, in the ways that people and programs write numbers, dates and yes or no.

use domain::{Day, Moment};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::schema::{DayOrder, Decimal};

/// Whether a cell of any kind says that there is nothing.
pub fn is_empty(cell: &str) -> bool {
    matches!(cell, "" | "NULL" | "null" | "\\N" | "NaN" | "nan" | "N/A" | "n/a" | "#N/A")
}

/// Whether a cell of a number, a date or a flag says that there is nothing; for text these may be values.
pub fn is_blank(cell: &str) -> bool {
    is_empty(cell) || matches!(cell, "NA" | "None" | "none" | "-" | "–" | "—" | "?" | "NaT" | "nil" | "нет данных")
}

/// A number: signs, thousands set apart by blanks or by the other separator, a per cent sign, a currency beside it.
pub fn number(cell: &str, decimal: Decimal) -> Option<f64> {
    let first = *cell.as_bytes().first()?;
    let is_plain = decimal == Decimal::Point && (first.is_ascii_digit() || first == b'-' || first == b'.');
    if is_plain && let Ok(value) = cell.parse::<f64>() {
        return value.is_finite().then_some(value);
    }
    number_as_written(cell, decimal)
}

/// Whether a cell is an infinite number, in words or by its size: no value to learn from, but no text either.
pub fn is_infinite(cell: &str) -> bool {
    let bare = cell.trim_start_matches(['-', '+', '\u{2212}']);
    if bare == "∞" || ["inf", "infinity"].iter().any(|word| bare.eq_ignore_ascii_case(word)) {
        return true;
    }
    bare.starts_with(|c: char| c.is_ascii_digit()) && bare.parse::<f64>().is_ok_and(f64::is_infinite)
}

/// The careful way: brings the cell to Rust's form, then parses it.
fn number_as_written(cell: &str, decimal: Decimal) -> Option<f64> {
    let bare = without_unit(cell);
    let (point, group) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let mut plain = String::with_capacity(bare.len());
    let mut digits_since_group: Option<usize> = None;
    let mut seen_point = false;
    for character in bare.chars() {
        match character {
            '0'..='9' => {
                plain.push(character);
                digits_since_group = digits_since_group.map(|digits| digits + 1);
            }
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' => {}
            '-' | '\u{2212}' if plain.is_empty() => plain.push('-'),
            '+' if plain.is_empty() => {}
            'e' | 'E' if bare.is_ascii() => plain.push('e'),
            '-' | '+' if plain.ends_with('e') => plain.push(character),
            c if c == point && !seen_point => {
                if digits_since_group.is_some_and(|digits| digits != 3) {
                    return None;
                }
                digits_since_group = None;
                seen_point = true;
                plain.push('.');
            }
            c if c == group && !seen_point => {
                if digits_since_group.is_some_and(|digits| digits != 3) {
                    return None;
                }
                digits_since_group = Some(0);
            }
            _ => return None,
        }
    }
    if digits_since_group.is_some_and(|digits| digits != 3) {
        return None;
    }
    plain.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// A number without a sign of per cent or a currency before or after it.
fn without_unit(cell: &str) -> &str {
    let is_unit = |c: char| c == '%' || c.is_whitespace() || "$€£₽₸¥".contains(c);
    let bare = cell.trim_matches(is_unit);
    for unit in ["TJS", "RUB", "USD", "EUR", "UZS", "KZT", "сомонӣ", "сомони", "сом.", "сом", "руб.", "руб", "р."]
    {
        if let Some(rest) = bare.strip_suffix(unit).or_else(|| bare.strip_prefix(unit)) {
            return rest.trim_matches(is_unit);
        }
    }
    bare
}

/// Yes or no, in English, Russian and Tajik.
pub fn flag(cell: &str) -> Option<bool> {
    match cell {
        "1" | "1.0" | "true" | "t" | "yes" | "y" | "+" => return Some(true),
        "0" | "0.0" | "false" | "f" | "no" | "n" => return Some(false),
        _ => {}
    }
    if cell.len() > 24 {
        return None;
    }
    match cell.to_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "on" | "да" | "д" | "истина" | "ҳа" | "бале" => Some(true),
        "false" | "f" | "no" | "n" | "off" | "нет" | "н" | "ложь" | "не" | "нест" => Some(false),
        _ => None,
    }
}

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateStyle {
    /// `2026-11-20`, also with dots or slashes.
    YearFirst,
    /// `20.11.2026`: dots and dashes are always day first.
    DayFirst,
    /// `20/11/2026`: the first part can only be a day.
    SlashDay,
    /// `11/20/2026`: the second part can only be a day.
    SlashMonth,
    /// `03/04/2026`: either.
    SlashEither,
}

/// A moment: a date, with a time or without, with an offset or without. Offsets are converted to `zone`.
pub fn moment(cell: &str, order: DayOrder, zone: &TimeZone) -> Option<Moment> {
    let (date, _, rest) = date(cell, order)?;
    let midnight = Day::from_date(date).start();
    let rest = rest.trim_start_matches([' ', 'T', 't', ',']);
    if rest.is_empty() {
        return Some(midnight);
    }
    let (micros, offset) = time(rest)?;
    let Some(offset_seconds) = offset else { return Some(Moment(midnight.0 + micros)) };
    let utc = midnight.0 + micros - i64::from(offset_seconds) * 1_000_000;
    let instant = jiff::Timestamp::from_microsecond(utc).ok()?;
    Some(Moment::from_datetime(zone.to_datetime(instant)))
}

/// The style of the date that a cell begins with; nothing where it is not a moment.
pub fn date_style(cell: &str) -> Option<DateStyle> {
    // Month first reads what day first cannot, so one of the two reads every date there is.
    let (_, style, rest) = date(cell, DayOrder::DayFirst).or_else(|| date(cell, DayOrder::MonthFirst))?;
    let rest = rest.trim_start_matches([' ', 'T', 't', ',']);
    (rest.is_empty() || time(rest).is_some()).then_some(style)
}

/// The date that a cell begins with, how it is written, and what follows it.
fn date(cell: &str, order: DayOrder) -> Option<(Date, DateStyle, &str)> {
    let (first, first_digits, rest) = digits(cell)?;
    let separator = rest.bytes().next().unwrap_or(b' ');
    if !matches!(separator, b'-' | b'/' | b'.') {
        return compact_date(first, first_digits, rest);
    }
    let (second, second_digits, rest) = digits(&rest[1..])?;
    if rest.bytes().next()? != separator || second_digits > 2 {
        return None;
    }
    let (third, third_digits, rest) = digits(&rest[1..])?;
    if first_digits == 4 {
        return (third_digits <= 2).then_some((civil(first, second, third)?, DateStyle::YearFirst, rest));
    }
    let year = match third_digits {
        4 => third,
        2 if third < 70 => 2000 + third,
        2 => 1900 + third,
        _ => return None,
    };
    if first_digits > 2 {
        return None;
    }
    if separator != b'/' {
        return Some((civil(year, second, first)?, DateStyle::DayFirst, rest));
    }
    let style = match (first > 12, second > 12) {
        (true, _) => DateStyle::SlashDay,
        (_, true) => DateStyle::SlashMonth,
        _ => DateStyle::SlashEither,
    };
    let date = match order {
        DayOrder::DayFirst => civil(year, second, first)?,
        DayOrder::MonthFirst => civil(year, first, second)?,
    };
    Some((date, style, rest))
}

/// `20261120`, alone or before a time; any other run of digits is a number.
fn compact_date(digits: u32, count: usize, rest: &str) -> Option<(Date, DateStyle, &str)> {
    if count != 8 || !(rest.is_empty() || rest.starts_with('T')) {
        return None;
    }
    let date = civil(digits / 10_000, digits / 100 % 100, digits % 100)?;
    (1900..2200).contains(&date.year()).then_some((date, DateStyle::YearFirst, rest))
}

fn civil(year: u32, month: u32, day: u32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Micros since midnight, and the offset from UTC in seconds if there is one: `18:00`, `18:00:05.25+05:00`, `6:00 PM`.
fn time(text: &str) -> Option<(i64, Option<i32>)> {
    let (hour, hour_digits, rest) = digits(text)?;
    let (minute, minute_digits, mut rest) = digits(rest.strip_prefix(':')?)?;
    if hour_digits > 2 || minute_digits != 2 || minute > 59 {
        return None;
    }
    let mut second = 0;
    let mut micros = 0;
    if let Some(after) = rest.strip_prefix(':') {
        let (value, count, after) = digits(after)?;
        if count != 2 || value > 60 {
            return None;
        }
        second = value.min(59);
        rest = after;
        if let Some(after) = rest.strip_prefix(['.', ',']) {
            let end = after.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(after.len());
            let kept = &after[..end.min(6)];
            micros = kept.parse::<i64>().ok()? * 10_i64.pow(6 - u32::try_from(kept.len()).ok()?);
            rest = &after[end..];
        }
    }
    let mut rest = rest.trim_start();
    let mut hour = hour;
    let lower: String = rest.chars().take(2).flat_map(char::to_lowercase).collect();
    if lower == "am" || lower == "pm" {
        if hour == 0 || hour > 12 {
            return None;
        }
        hour = hour % 12 + if lower == "pm" { 12 } else { 0 };
        rest = rest[2..].trim_start();
    }
    if hour > 23 {
        return None;
    }
    let since_midnight = i64::from(hour * 3600 + minute * 60 + second) * 1_000_000 + micros;
    if rest.is_empty() {
        return Some((since_midnight, None));
    }
    Some((since_midnight, Some(offset(rest)?)))
}

/// `Z`, `UTC`, `+05`, `+0500`, `+05:00`, in seconds.
fn offset(text: &str) -> Option<i32> {
    if matches!(text, "Z" | "z" | "UTC" | "GMT") {
        return Some(0);
    }
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (value, count, rest) = digits(&text[1..])?;
    let (hours, minutes) = match count {
        4 => (value / 100, value % 100),
        1 | 2 => match rest.strip_prefix(':') {
            Some(after) => {
                let (minutes, _, end) = digits(after)?;
                if !end.is_empty() {
                    return None;
                }
                (value, minutes)
            }
            None if rest.is_empty() => (value, 0),
            None => return None,
        },
        _ => return None,
    };
    (hours <= 15 && minutes < 60).then_some(sign * i32::try_from(hours * 3600 + minutes * 60).ok()?)
}

/// The number that a text begins with, how many digits it has, and the rest. Nine digits at most.
fn digits(text: &str) -> Option<(u32, usize, &str)> {
    let mut value = 0;
    let mut count = 0;
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            break;
        }
        value = value * 10 + u32::from(byte - b'0');
        count += 1;
        if count > 9 {
            return None;
        }
    }
    (count > 0).then_some((value, count, &text[count..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(cell: &str, order: DayOrder) -> Option<String> {
        let zone = TimeZone::fixed(jiff::tz::offset(5));
        moment(cell, order, &zone).map(|at| {
            let seconds = at.0.rem_euclid(86_400_000_000) / 1_000_000;
            format!("{} {:02}:{:02}:{:02}", at.day(), seconds / 3600, seconds / 60 % 60, seconds % 60)
        })
    }

    #[test]
    fn dates_are_read_in_the_usual_ways() {
        for cell in ["2026-11-05", "2026/11/05", "05.11.2026", "5.11.26", "05-11-2026", "05/11/2026", "20261105"] {
            assert_eq!(said(cell, DayOrder::DayFirst).as_deref(), Some("2026-11-05 00:00:00"), "{cell}");
        }
        assert_eq!(said("11/05/2026", DayOrder::MonthFirst).as_deref(), Some("2026-11-05 00:00:00"));
        for cell in ["2026-13-01", "32.01.2026", "soon", "2026", "45123", "2026-11-05x", "05.11", "2026-02-30"] {
            assert_eq!(said(cell, DayOrder::DayFirst), None, "{cell}");
        }
    }

    #[test]
    fn times_are_read_and_offsets_converted_to_the_zone() {
        for cell in ["2026-11-05T18:00:00", "05.11.2026 18:00", "2026-11-05 13:00:00Z", "2026-11-05T16:00:00.000+03:00"]
        {
            assert_eq!(said(cell, DayOrder::DayFirst).as_deref(), Some("2026-11-05 18:00:00"), "{cell}");
        }
        assert_eq!(said("11/5/2026 6:00 PM", DayOrder::MonthFirst).as_deref(), Some("2026-11-05 18:00:00"));
        assert_eq!(said("2026-11-05 22:00:00+00", DayOrder::DayFirst).as_deref(), Some("2026-11-06 03:00:00"));
    }

    #[test]
    fn slashes_say_what_they_can() {
        assert_eq!(date_style("13/05/2026"), Some(DateStyle::SlashDay));
        assert_eq!(date_style("05/13/2026"), Some(DateStyle::SlashMonth));
        assert_eq!(date_style("05/06/2026 10:00"), Some(DateStyle::SlashEither));
        assert_eq!(date_style("05.06.2026"), Some(DateStyle::DayFirst));
        assert_eq!(date_style("05/06/2026 noon"), None);
    }

    #[test]
    fn numbers_are_read_with_either_decimal_sign() {
        for (cell, value) in
            [("1234.5", 1234.5), ("1,234.5", 1234.5), ("-7", -7.0), ("12%", 12.0), ("1e3", 1000.0), ("$ 5", 5.0)]
        {
            assert_eq!(number(cell, Decimal::Point), Some(value), "{cell}");
        }
        for (cell, value) in
            [("1234,5", 1234.5), ("1.234,5", 1234.5), ("1 234,5", 1234.5), ("900,00 сом.", 900.0), ("7", 7.0)]
        {
            assert_eq!(number(cell, Decimal::Comma), Some(value), "{cell}");
        }
        for cell in ["12.34.56", "1,23", "abc", "inf", "5 штук", "", "2026-11-05"] {
            assert_eq!(number(cell, Decimal::Point), None, "{cell}");
        }
    }

    #[test]
    fn an_infinite_number_is_told_from_text() {
        for cell in ["inf", "-Inf", "Infinity", "∞", "1e999", "-1e400"] {
            assert!(is_infinite(cell) && number(cell, Decimal::Point).is_none(), "{cell}");
        }
        for cell in ["1e308", "info", "", "-", "12"] {
            assert!(!is_infinite(cell), "{cell}");
        }
    }

    #[test]
    fn flags_are_read_in_three_languages() {
        for (cell, value) in [("да", true), ("Нет", false), ("TRUE", true), ("0", false), ("ҳа", true), ("ЛОЖЬ", false)]
        {
            assert_eq!(flag(cell), Some(value), "{cell}");
        }
        assert_eq!(flag("maybe"), None);
    }
}
