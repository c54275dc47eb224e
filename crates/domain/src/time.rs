//! Civil time. Everything inside is local to the contract's time zone: sources convert once, at the edge.

use std::fmt;

use jiff::civil::{Date, DateTime};

const MICROS_A_DAY: i64 = 86_400_000_000;
/// More days than between any two calendar dates are no span of days.
const MOST_DAYS: i32 = 7_304_484;

/// A civil day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// A civil moment in microseconds since 1970-01-01T00:00:00, in the contract's time zone.
///
/// A date without a time is its first microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

/// The moment we look from: the end of a civil day. What happened on that day is known, the next day is the future.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cutoff(pub Day);

/// How far ahead leaving counts: days `gap + 1 ..= gap + days` after the cutoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Horizon {
    /// Length of the horizon, in days.
    pub days: u16,
    /// Days between the cutoff and the horizon, for staff to act in.
    pub gap_days: u16,
}

impl Day {
    /// The day of a calendar date.
    pub fn from_date(date: Date) -> Self {
        let epoch = Date::constant(1970, 1, 1);
        let days = (date - epoch).get_days();
        Self(days)
    }

    /// The calendar date, the nearest where it lies beyond the years that a calendar date can hold.
    pub fn date(self) -> Date {
        let epoch = Date::constant(1970, 1, 1);
        epoch.saturating_add(jiff::Span::new().days(self.0.clamp(-MOST_DAYS, MOST_DAYS)))
    }

    /// Midnight at which the day begins.
    pub fn start(self) -> Moment {
        Moment(i64::from(self.0) * MICROS_A_DAY)
    }

    /// The day `days` later.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

impl fmt::Display for Day {
    /// ISO 8601, `2026-11-20`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date())
    }
}

impl Moment {
    /// The moment of a civil date and time.
    pub fn from_datetime(at: DateTime) -> Self {
        let day = Day::from_date(at.date());
        let time = at.time();
        let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
        Self(day.start().0 + seconds * 1_000_000 + i64::from(time.subsec_nanosecond() / 1000))
    }

    /// The civil day that holds the moment.
    pub fn day(self) -> Day {
        Day(i32::try_from(self.0.div_euclid(MICROS_A_DAY)).unwrap_or(i32::MAX))
    }
}

impl Cutoff {
    /// The last microsecond that is known.
    pub fn moment(self) -> Moment {
        Moment(self.0.plus(1).start().0 - 1)
    }

    /// Whether something that became known at `at` is known at this cutoff.
    pub fn sees(self, at: Moment) -> bool {
        at <= self.moment()
    }
}

impl Horizon {
    /// Whether leaving on `day` counts for a subject looked at from `cutoff`.
    pub fn holds(self, cutoff: Cutoff, day: Day) -> bool {
        let ahead = i64::from(day.0) - i64::from(cutoff.0.0);
        ahead > i64::from(self.gap_days) && ahead <= i64::from(self.gap_days) + i64::from(self.days)
    }

    /// The gap and what comes after it as one horizon.
    #[must_use]
    pub fn with_gap(self) -> Self {
        Self { days: self.days.saturating_add(self.gap_days), gap_days: 0 }
    }

    /// Days after the cutoff by which the outcome is settled; also what is purged between training and validation.
    pub fn reach_days(self) -> i32 {
        i32::from(self.days) + i32::from(self.gap_days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cutoff_sees_its_own_day_and_not_the_next() {
        let day = Day::from_date(Date::constant(2013, 11, 26));
        let cutoff = Cutoff(day);
        assert!(cutoff.sees(Moment::from_datetime(day.date().at(23, 59, 59, 0))));
        assert!(!cutoff.sees(day.plus(1).start()));
        assert_eq!(day.start().day(), day);
        assert_eq!(cutoff.moment().day(), day);
        assert_eq!(day.to_string(), "2013-11-26");
    }

    #[test]
    fn the_horizon_starts_after_the_gap() {
        let cutoff = Cutoff(Day(100));
        let horizon = Horizon { days: 30, gap_days: 3 };
        assert!(!horizon.holds(cutoff, Day(103)));
        assert!(horizon.holds(cutoff, Day(104)));
        assert!(horizon.holds(cutoff, Day(133)));
        assert!(!horizon.holds(cutoff, Day(134)));
        assert_eq!(horizon.reach_days(), 33);
        assert!(horizon.with_gap().holds(cutoff, Day(101)) && !horizon.with_gap().holds(cutoff, Day(134)));
    }

    #[test]
    fn the_first_and_the_last_date_are_themselves() {
        for date in [Date::MIN, Date::MAX] {
            assert_eq!(Day::from_date(date).date(), date);
        }
        assert_eq!([Day(i32::MIN).date(), Day(i32::MAX).date()], [Date::MIN, Date::MAX]);
    }

    #[test]
    fn days_before_the_epoch_keep_their_order() {
        assert_eq!(Moment(-1).day(), Day(-1));
        assert_eq!(Day(-1).date(), Date::constant(1969, 12, 31));
    }
}
