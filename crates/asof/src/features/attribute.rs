//! What is known of the subject itself: attributes, age, tenure, time to the planned end.

use domain::{Cutoff, Day, Moment};

use crate::output::Out;
use crate::subjects::Subjects;
use crate::values::{NO_LEVEL, NO_MOMENT, UNKNOWN, Values};

/// A feature of the subject's row, attributes by position.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OfSubject {
    Number { attribute: usize },
    Level { attribute: usize },
    Age { attribute: usize },
    Tenure,
    Remaining,
    Elapsed,
}

/// Writes the value of one subject at one cutoff.
pub(crate) fn of_subject(
    feature: OfSubject,
    subjects: &Subjects,
    subject: usize,
    cutoff: Cutoff,
    slot: usize,
    row: usize,
    out: &mut Out<'_>,
) {
    let days = |from: Day, to: Day| f64::from(to.0) - f64::from(from.0);
    let from = subjects.from[subject];
    let until = subjects.until[subject];
    let value = match feature {
        OfSubject::Level { attribute } => {
            if let Values::Category { codes, .. } = &subjects.attributes[attribute].values {
                out.level(slot, row, Some(codes[subject]).filter(|code| *code != NO_LEVEL));
            }
            return;
        }
        OfSubject::Number { attribute } => match &subjects.attributes[attribute].values {
            Values::Number(values) => values[subject],
            Values::Flag(values) if values[subject] != UNKNOWN => f64::from(values[subject]),
            _ => f64::NAN,
        },
        OfSubject::Age { attribute } => match &subjects.attributes[attribute].values {
            Values::Moment(moments) if moments[subject] != NO_MOMENT => {
                whole_years(Moment(moments[subject]).day(), cutoff.0)
            }
            _ => f64::NAN,
        },
        OfSubject::Tenure => from.map_or(f64::NAN, |from| days(from, cutoff.0)),
        OfSubject::Remaining => until.map_or(f64::NAN, |until| days(cutoff.0, until)),
        OfSubject::Elapsed => match (from, until) {
            (Some(from), Some(until)) if until > from => days(from, cutoff.0) / days(from, until),
            _ => f64::NAN,
        },
    };
    out.number(slot, row, value);
}

/// Birthdays passed; who is born on 29 February has them on 1 March where there is no such day.
fn whole_years(born: Day, now: Day) -> f64 {
    let (born, now) = (born.date(), now.date());
    let birthday_to_come = (now.month(), now.day()) < (born.month(), born.day());
    f64::from(now.year() - born.year() - i16::from(birthday_to_come))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_full_on_the_birthday() {
        // 2000-02-29 is day 11016; 2001-02-28 and 2001-03-01 are days 11381 and 11382.
        assert_eq!(whole_years(Day(11_016), Day(11_381)), 0.0);
        assert_eq!(whole_years(Day(11_016), Day(11_382)), 1.0);
        assert_eq!(whole_years(Day(11_016), Day(11_016)), 0.0);
    }
}
