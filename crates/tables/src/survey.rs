//! One look over every cell of a file: what each column holds and how it is written.

use std::io::Read;
use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use crate::cell::{self, DateStyle};
use crate::error::Error;
use crate::finding::{Finding, Place, Topic, shown};
use crate::rows::{self, Layout};
use crate::schema::{ColumnFormat, DayOrder, Decimal, Kind};

/// A column is a number (a date) if so many of its cells are; the rest are bad cells.
const SHARE_OF_A_KIND: f64 = 0.98;
/// Distinct values are counted up to here.
const MOST_DISTINCT: usize = 50_000;
/// Columns with fewer distinct values are never taken for identifiers.
const LEAST_DISTINCT: usize = 100;
/// Text of which so many filled cells are distinct only tells rows apart. With fewer a level comes back often enough to
/// learn from, however many levels there are.
const SHARE_OF_A_KEY: f64 = 0.95;
/// The same of whole numbers that are named as keys are.
const SHARE_OF_A_NUMBERED_KEY: f64 = 0.5;
/// From this share of numbers on, a column of text is told to be a mixture.
const SHARE_OF_A_MIXTURE: f64 = 0.5;

/// What was seen in a column.
#[derive(Clone, Debug, Default)]
pub struct ColumnSurvey {
    /// Cells with something in them.
    pub filled: u64,
    /// Numbers without a separator, or with a point that can only be decimal, or grouped by blanks.
    plain_numbers: u64,
    /// Of the numbers, those that only a decimal comma explains.
    comma_numbers: u64,
    /// Numbers such as `1,234` that either sign explains.
    unclear_numbers: u64,
    /// Of the numbers, those with a fraction by a point.
    point_numbers: u64,
    is_whole: bool,
    /// Dates by style: year first, day first, slashes by day, by month, by either.
    dates: [u64; 5],
    /// The first cell that is neither number nor date, with its row.
    first_text: Option<(u64, String)>,
    /// The first row of each style and its cell.
    first_of_style: [Option<(u64, String)>; 5],
    distinct: FxHashSet<u64>,
    /// Filled cells when counting distinct values stopped.
    filled_when_full: Option<u64>,
}

/// Looks over every cell.
///
/// # Errors
///
/// A row with too few or too many fields, or text that cannot be read.
pub fn survey(text: Box<dyn Read + Send>, layout: &Layout) -> Result<Vec<ColumnSurvey>, Error> {
    let mut columns = vec![ColumnSurvey { is_whole: true, ..ColumnSurvey::default() }; layout.header.len()];
    rows::for_each_record(text, layout, |row, record| {
        for (column, bytes) in columns.iter_mut().zip(record) {
            // Cells that are not UTF-8 are counted where the table is read.
            if let Ok(text) = std::str::from_utf8(bytes) {
                column.see(row, text.trim());
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok(columns)
}

impl ColumnSurvey {
    fn see(&mut self, row: u64, text: &str) {
        if cell::is_blank(text) {
            return;
        }
        self.filled += 1;
        self.count_distinct(text);
        let Some(first) = text.chars().next() else { return };
        let may_be_number = first.is_ascii_digit() || "-+.,$€£₽₸\u{2212}".contains(first);
        if !may_be_number && !cell::is_infinite(text) {
            return self.see_text(row, text);
        }
        if let Some(style) = cell::date_style(text) {
            self.dates[style as usize] += 1;
            let known = &mut self.first_of_style[style as usize];
            if known.is_none() {
                *known = Some((row, text.to_owned()));
            }
            // Eight digits may be a number as well.
            if style != DateStyle::YearFirst || !text.bytes().all(|byte| byte.is_ascii_digit()) {
                return;
            }
        }
        // Where it cannot be read it is a bad cell of a column of numbers, not a sign that it holds none.
        if cell::is_infinite(text) {
            self.plain_numbers += 1;
            return;
        }
        let before = self.numbers();
        self.see_number(text);
        if self.numbers() == before && cell::date_style(text).is_none() {
            self.see_text(row, text);
        }
    }

    fn see_text(&mut self, row: u64, text: &str) {
        if self.first_text.is_none() {
            self.first_text = Some((row, text.to_owned()));
        }
    }

    fn numbers(&self) -> u64 {
        self.plain_numbers + self.unclear_numbers
    }

    fn see_number(&mut self, text: &str) {
        let by_point = cell::number(text, Decimal::Point);
        if !text.contains(',') {
            let Some(value) = by_point.or_else(|| cell::number(text, Decimal::Comma)) else { return };
            self.plain_numbers += 1;
            self.is_whole &= value.fract() == 0.0;
            // `1.234.567` is grouped by points.
            self.comma_numbers += u64::from(by_point.is_none());
            self.point_numbers += u64::from(by_point.is_some() && text.contains('.'));
            return;
        }
        match (by_point, cell::number(text, Decimal::Comma)) {
            (Some(_), Some(_)) => self.unclear_numbers += 1,
            (Some(_), None) => {
                self.plain_numbers += 1;
                self.point_numbers += 1;
            }
            (None, Some(value)) => {
                self.plain_numbers += 1;
                self.comma_numbers += 1;
                self.is_whole &= value.fract() == 0.0;
            }
            (None, None) => {}
        }
    }

    fn count_distinct(&mut self, text: &str) {
        if self.filled_when_full.is_some() {
            return;
        }
        self.distinct.insert(hash(text));
        if self.distinct.len() >= MOST_DISTINCT {
            self.filled_when_full = Some(self.filled);
        }
    }

    /// The column's format: of the stated kind, or of the kind that its cells show.
    pub fn format(&self, name: &str, stated: Option<Kind>, decimal: Option<Decimal>) -> ColumnFormat {
        let kind = stated.unwrap_or_else(|| self.kind());
        let decimal = decimal.unwrap_or(match (self.comma_numbers, self.point_numbers) {
            (0, 0) if self.unclear_numbers > 0 => Decimal::Comma,
            (comma, point) if comma > point => Decimal::Comma,
            _ => Decimal::Point,
        });
        let by_month = self.dates[DateStyle::SlashMonth as usize] > self.dates[DateStyle::SlashDay as usize];
        let order = if by_month { DayOrder::MonthFirst } else { DayOrder::DayFirst };
        ColumnFormat { kind, decimal, order, is_identifier: self.is_identifier(name, kind) }
    }

    /// The decimal sign that the numbers show. `1,234` counts for a comma, unless commas also part the cells: then it is
    /// written with care, as thousands.
    pub fn evident_decimal(&self, delimiter: u8) -> Option<Decimal> {
        let comma = self.comma_numbers + if delimiter == b',' { 0 } else { self.unclear_numbers };
        match comma.cmp(&self.point_numbers) {
            std::cmp::Ordering::Greater => Some(Decimal::Comma),
            std::cmp::Ordering::Less => Some(Decimal::Point),
            std::cmp::Ordering::Equal => None,
        }
    }

    fn kind(&self) -> Kind {
        let least = SHARE_OF_A_KIND * self.filled as f64;
        let dates: u64 = self.dates.iter().sum();
        if self.filled == 0 {
            return Kind::Text;
        }
        // Eight digits count as both; a column of them is of numbers unless other dates stand among them.
        if self.numbers() as f64 >= least {
            return Kind::Number;
        }
        if dates as f64 >= least { Kind::Moment } else { Kind::Text }
    }

    /// Whether nearly every cell is another and the column cannot be read as a measure.
    fn is_identifier(&self, name: &str, kind: Kind) -> bool {
        let filled = self.filled_when_full.unwrap_or(self.filled);
        if self.distinct.len() < LEAST_DISTINCT {
            return false;
        }
        let share = self.distinct.len() as f64 / filled as f64;
        match kind {
            Kind::Text => share >= SHARE_OF_A_KEY,
            Kind::Number => share >= SHARE_OF_A_NUMBERED_KEY && self.is_whole && is_named_as_identifier(name),
            Kind::Moment | Kind::Flag => false,
        }
    }

    /// A column that is read as text though most of its cells are numbers.
    pub fn mixture_finding(&self, place: &Place, name: &str) -> Option<Finding> {
        let (row, cell) = self.first_text.as_ref()?;
        if (self.numbers() as f64) < SHARE_OF_A_MIXTURE * self.filled as f64 {
            return None;
        }
        let message = format!(
            "{} of {} cells are numbers and the others are not, such as {}: the column is read as text",
            self.numbers(),
            self.filled,
            shown(cell)
        );
        let advice = "mend those cells, or state the type of the column in the contract: { type = \"number\" } counts them as empty";
        Some(Finding::warning(Topic::BadCell, place.clone().at_row(*row).in_column(name), message, advice))
    }

    /// Dates of more than one style, or of a style that can be read in two ways.
    pub fn date_findings(&self, place: &Place, name: &str) -> Vec<Finding> {
        let place = place.clone().in_column(name);
        let count = |style: DateStyle| self.dates[style as usize];
        let example = |style: DateStyle| self.first_of_style[style as usize].clone().unwrap_or_default();
        let said = |style: DateStyle| {
            let (row, cell) = example(style);
            format!("row {row} {}", shown(&cell))
        };
        if count(DateStyle::SlashDay) > 0 && count(DateStyle::SlashMonth) > 0 {
            let message = format!(
                "some dates are day first ({}) and some month first ({}): dates such as 03/04 could be either",
                said(DateStyle::SlashDay),
                said(DateStyle::SlashMonth)
            );
            let row = example(DateStyle::SlashDay).0.max(example(DateStyle::SlashMonth).0);
            let advice = "export the column again with dates as YYYY-MM-DD";
            return vec![Finding::error(Topic::MixedDates, place.at_row(row), message, advice)];
        }
        let slashes = [DateStyle::SlashDay, DateStyle::SlashMonth, DateStyle::SlashEither];
        let mut styles: Vec<DateStyle> =
            [DateStyle::YearFirst, DateStyle::DayFirst].into_iter().filter(|&style| count(style) > 0).collect();
        styles.extend(slashes.into_iter().find(|&style| count(style) > 0));
        let mut findings = Vec::new();
        if styles.len() > 1 {
            let rarest = styles.iter().copied().min_by_key(|&style| count(style)).unwrap_or(DateStyle::YearFirst);
            let examples: Vec<String> = styles.iter().map(|&style| said(style)).collect();
            let message = format!(
                "dates are written in {} ways ({}); each is read in its own",
                styles.len(),
                examples.join(", ")
            );
            let advice = "check that both mean what they seem to, better export the column with one format";
            let place = place.clone().at_row(example(rarest).0);
            findings.push(Finding::warning(Topic::MixedDates, place, message, advice));
        }
        let is_settled = count(DateStyle::SlashDay) + count(DateStyle::SlashMonth) > 0;
        if count(DateStyle::SlashEither) > 0 && !is_settled {
            let (row, cell) = example(DateStyle::SlashEither);
            let message =
                format!("dates such as {} are read day first: no date of the column says otherwise", shown(&cell));
            let advice = "state csv.date_format in the contract, \"%d/%m/%Y\" or \"%m/%d/%Y\"";
            findings.push(Finding::warning(Topic::MixedDates, place.at_row(row), message, advice));
        }
        findings
    }
}

/// Whether a column is called as keys and phone numbers are.
fn is_named_as_identifier(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    words.iter().any(|word| {
        matches!(*word, "id" | "key" | "code" | "uuid" | "phone" | "tel" | "inn" | "номер" | "телефон" | "инн" | "код")
    })
}

fn hash(text: &str) -> u64 {
    use std::hash::{BuildHasher, BuildHasherDefault};
    BuildHasherDefault::<rustc_hash::FxHasher>::default().hash_one(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surveyed(cells: &[&str]) -> ColumnSurvey {
        let mut column = ColumnSurvey { is_whole: true, ..ColumnSurvey::default() };
        for (row, cell) in cells.iter().enumerate() {
            column.see(row as u64 + 2, cell);
        }
        column
    }

    #[test]
    fn kinds_follow_from_the_whole_column() {
        let kind = |cells: &[&str]| surveyed(cells).format("x", None, None).kind;
        assert_eq!(kind(&["1", "", "2.5", "NA"]), Kind::Number);
        assert_eq!(kind(&["1", "2", "b3"]), Kind::Text);
        assert_eq!(kind(&["2026-01-01", "05.11.2026 10:00"]), Kind::Moment);
        assert_eq!(kind(&["", ""]), Kind::Text);
        assert_eq!(kind(&["20261105", "20261106"]), Kind::Number);
        assert_eq!(kind(&["20261105", "2026-11-06"]), Kind::Moment);
    }

    #[test]
    fn strings_among_numbers_are_told_and_infinities_are_numbers() {
        let place = Place::file("t", "t.csv");
        let mixed = surveyed(&["1", "2", "abc", "3"]);
        assert_eq!(mixed.format("x", None, None).kind, Kind::Text);
        let said = mixed.mixture_finding(&place, "x").expect("a mixture").to_string();
        assert!(said.contains("t.csv, row 4, column x: 3 of 4 cells are numbers") && said.contains("'abc'"), "{said}");
        assert!(surveyed(&["a", "b", "1"]).mixture_finding(&place, "x").is_none());
        assert!(surveyed(&["1", "2026-11-05"]).mixture_finding(&place, "x").is_none());
        assert_eq!(surveyed(&["1", "inf", "-Infinity", "1e999"]).format("x", None, None).kind, Kind::Number);
    }

    #[test]
    fn a_decimal_comma_is_told_from_thousands() {
        let decimal = |cells: &[&str]| surveyed(cells).format("x", None, None).decimal;
        assert_eq!(decimal(&["12,5", "1,234"]), Decimal::Comma);
        assert_eq!(decimal(&["1,234.5", "1,234"]), Decimal::Point);
        assert_eq!(decimal(&["1.234,50"]), Decimal::Comma);
        assert_eq!(decimal(&["12.5"]), Decimal::Point);
    }

    #[test]
    fn mixed_dates_are_found_with_their_rows() {
        let place = Place::file("t", "t.csv");
        let clash = surveyed(&["13/05/2026", "05/13/2026"]).date_findings(&place, "at");
        assert_eq!((clash[0].severity, clash[0].place.row), (crate::Severity::Error, Some(3)));
        let mixed = surveyed(&["2026-05-13", "2026-05-14", "13.05.2026"]).date_findings(&place, "at");
        assert_eq!((mixed[0].severity, mixed[0].place.row), (crate::Severity::Warning, Some(4)));
        assert!(surveyed(&["2026-05-13"]).date_findings(&place, "at").is_empty());
        assert_eq!(surveyed(&["03/04/2026"]).date_findings(&place, "at").len(), 1);
    }

    #[test]
    fn an_identifier_is_text_that_is_never_the_same_or_a_number_named_so() {
        let numbers: Vec<String> = (0..200).map(|i| (1000 + i).to_string()).collect();
        let cells: Vec<&str> = numbers.iter().map(String::as_str).collect();
        assert!(surveyed(&cells).format("id_student", None, None).is_identifier);
        assert!(!surveyed(&cells).format("balance", None, None).is_identifier);
        let emails: Vec<String> = numbers.iter().map(|number| format!("s{number}@mail.tj")).collect();
        let cells: Vec<&str> = emails.iter().map(String::as_str).collect();
        assert!(surveyed(&cells).format("email", None, None).is_identifier);
        // Three rows in ten come back: thousands of levels, but something to learn from.
        let levels: Vec<&str> = cells.iter().take(140).chain(cells.iter().take(60)).copied().collect();
        assert!(!surveyed(&levels).format("cell_tower", None, None).is_identifier);
    }
}
