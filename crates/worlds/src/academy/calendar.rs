//! The year of an academy: when there are no lessons, when students miss more, when trouble starts more often.

use domain::Day;
use jiff::civil::Date;

use super::trouble::Cause;

/// What a day of the year does to everyone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Season {
    /// Whether lessons are held on this day of the year.
    pub(super) has_lessons: bool,
    /// Multiplies the daily chance to leave.
    pub(super) hazard: f64,
    /// Added to the log-odds of missing a lesson.
    pub(super) missing: f64,
    /// Multiplies the daily chance that a trouble of each cause begins.
    pub(super) onset: [f64; Cause::COUNT],
}

/// Seasons of every day that is simulated.
pub(super) struct Calendar {
    first: Day,
    seasons: Vec<Season>,
}

impl Calendar {
    /// The days `first ..= last`.
    pub(super) fn new(first: Day, last: Day) -> Self {
        let seasons = (first.0..=last.0).map(|day| season(Day(day))).collect();
        Self { first, seasons }
    }

    /// The season of a day inside the calendar.
    pub(super) fn season(&self, day: Day) -> &Season {
        &self.seasons[usize::try_from(day.0 - self.first.0).unwrap_or(0)]
    }
}

/// Relative number of groups that start in each month: September first of all, then the months after the New Year.
const INTAKE: [f64; 12] = [1.1, 1.3, 0.9, 0.9, 0.8, 0.7, 0.6, 0.8, 2.4, 1.3, 1.0, 0.5];

/// How many groups start on this day, relative to other days.
pub(super) fn intake(day: Day) -> f64 {
    if weekday(day) == 6 { 0.0 } else { INTAKE[month_index(day.date())] }
}

/// 0 is Monday.
pub(super) fn weekday(day: Day) -> i32 {
    (day.0 + 3).rem_euclid(7)
}

fn season(day: Day) -> Season {
    let date = day.date();
    let (month, day_of_month) = (date.month(), date.day());
    let mut season = Season { has_lessons: true, hazard: 1.0, missing: 0.0, onset: [1.0; Cause::COUNT] };
    let mut more = |cause: Cause, times: f64| season.onset[cause.index()] *= times;
    if (month, day_of_month) >= (6, 15) && month <= 8 {
        more(Cause::Motivation, 1.4);
        more(Cause::LifeEvent, 1.2);
        season.hazard *= 1.2;
        season.missing += 0.25;
    }
    if matches!((month, day_of_month), (12, 24..) | (1, ..=8)) {
        season.onset[Cause::Motivation.index()] *= 1.3;
        season.onset[Cause::Money.index()] *= 1.3;
        season.hazard *= 1.15;
        season.missing += 0.6;
    }
    // Sessions at universities, and the exams after school.
    if matches!((month, day_of_month), (5, 20..) | (6, ..=25) | (1, 5..=25)) {
        season.onset[Cause::LifeEvent.index()] *= 2.0;
    }
    if month == 9 {
        season.hazard *= 0.85;
    }
    if day_of_ramadan(day) < 30 {
        season.hazard *= 1.05;
        season.missing += 0.5;
    }
    season.has_lessons = !is_holiday(day, date);
    season
}

/// New Year, Nowruz, and the three days after Ramadan.
fn is_holiday(day: Day, date: Date) -> bool {
    matches!((date.month(), date.day()), (12, 31) | (1, 1..=3) | (3, 21..=24))
        || (30..33).contains(&day_of_ramadan(day))
}

/// Days since the latest Ramadan began, by twelve mean lunar months a year from that of 2025: within two days of the
/// announced dates for decades around it.
fn day_of_ramadan(day: Day) -> i32 {
    const LUNAR_YEAR_DAYS: f64 = 354.367;
    let since = f64::from(day.0 - Day::from_date(Date::constant(2025, 3, 1)).0);
    #[expect(clippy::cast_possible_truncation, reason = "below 355")]
    let days = since.rem_euclid(LUNAR_YEAR_DAYS) as i32;
    days
}

fn month_index(date: Date) -> usize {
    usize::from(date.month().unsigned_abs()) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i16, month: i8, day: i8) -> Day {
        Day::from_date(Date::constant(year, month, day))
    }

    #[test]
    fn ramadan_moves_through_the_year() {
        assert_eq!(day_of_ramadan(day(2025, 3, 1)), 0);
        assert!(day_of_ramadan(day(2026, 2, 19)) <= 1);
        assert!(day_of_ramadan(day(2027, 2, 9)) <= 1);
        assert!(day_of_ramadan(day(2024, 3, 13)) <= 2);
    }

    #[test]
    fn summer_and_new_year_are_harder_than_autumn() {
        let (summer, autumn, new_year) = (season(day(2026, 7, 10)), season(day(2026, 10, 12)), season(day(2026, 1, 2)));
        assert!(summer.hazard > autumn.hazard && summer.missing > autumn.missing);
        assert!(!new_year.has_lessons && autumn.has_lessons);
        assert!(intake(day(2026, 9, 7)) > 2.0 * intake(day(2026, 7, 6)));
    }

    #[test]
    fn weeks_begin_on_monday() {
        assert_eq!(weekday(day(2026, 11, 16)), 0);
        assert_eq!(weekday(day(2026, 11, 22)), 6);
        assert_eq!(intake(day(2026, 11, 22)), 0.0);
    }
}
