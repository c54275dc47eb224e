//! Values and parts of variables as the reader writes them.

use domain::Day;

use crate::study::input::{Shown, Slice, VariableKind};
use crate::words::Words;

/// A number of a variable, which is a day where the variable is a date.
pub(super) fn number(kind: VariableKind, value: f64, words: &Words) -> String {
    match kind {
        VariableKind::Date if value.is_finite() => day(whole_day(value), words),
        VariableKind::Date | VariableKind::Number | VariableKind::Category => words.short(value),
    }
}

/// A value of a row.
pub(super) fn shown(value: &Shown, words: &Words) -> String {
    match value {
        Shown::Number(number) => words.short(*number),
        Shown::Day(number) => day(*number, words),
        Shown::Level(level) => level.clone(),
        Shown::Missing => words.text("value-missing"),
    }
}

/// Which part of the rows.
pub(super) fn slice(slice: &Slice, words: &Words) -> String {
    match slice {
        Slice::Level { name } => name.clone(),
        Slice::Missing => words.text("value-missing"),
        Slice::Numbers { above, up_to } => {
            let end = |end: f64| words.short(end).into();
            match (*above, *up_to) {
                (Some(low), Some(high)) => words.say("slice-between", [("low", end(low)), ("high", end(high))]),
                (Some(low), None) => words.say("slice-above", [("low", end(low))]),
                (None, Some(high)) => words.say("slice-up-to", [("high", end(high))]),
                (None, None) => words.text("slice-all"),
            }
        }
        Slice::Days { after, until } => {
            let end = |end: i32| day(end, words).into();
            match (*after, *until) {
                (Some(first), Some(last)) => words.say("slice-days", [("first", end(first)), ("last", end(last))]),
                (Some(first), None) => words.say("slice-after", [("first", end(first))]),
                (None, Some(last)) => words.say("slice-until", [("last", end(last))]),
                (None, None) => words.text("slice-all"),
            }
        }
    }
}

fn day(day: i32, words: &Words) -> String {
    words.date(Day(day))
}

/// Quantiles and edges of bins lie between days.
#[expect(clippy::cast_possible_truncation, reason = "a day of the calendar")]
fn whole_day(value: f64) -> i32 {
    value.round() as i32
}

#[cfg(test)]
mod tests {
    use domain::Locale;

    use super::*;

    #[test]
    fn days_are_dates_and_ranges_are_words() {
        let words = Words::new(Locale::Ru);
        assert_eq!(number(VariableKind::Date, 20_777.4, &words), "20\u{a0}ноября 2026");
        assert_eq!(shown(&Shown::Day(20_777), &words), "20\u{a0}ноября 2026");
        let days = Slice::Days { after: Some(20_777), until: None };
        assert_eq!(slice(&days, &words), "после 20\u{a0}ноября 2026");
        let numbers = Slice::Numbers { above: Some(2.5), up_to: Some(7.0) };
        assert_eq!(slice(&numbers, &words), "больше 2,5, до 7 включительно");
    }
}
