//! The tables as CSV text: what the columns are, how values are written.

use std::fmt::{self, Write};

use domain::{Day, Moment};

/// Rows of one file, each ended by a line feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows(pub String);

/// Rows of every file; `students.csv` is `students`, and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is named after its file")]
pub struct Tables {
    pub students: Rows,
    pub groups: Rows,
    pub attendance: Rows,
    pub homework: Rows,
    pub invoices: Rows,
    pub progress: Rows,
    pub tests: Rows,
    pub messages: Rows,
    pub actions: Rows,
    pub truth: Rows,
}

/// Paths of the files, in the order of [`Tables::in_order`].
pub const FILES: [&str; 10] = [
    "students.csv",
    "groups.csv",
    "attendance.csv",
    "homework.csv",
    "invoices.csv",
    "progress.csv",
    "tests.csv",
    "messages.csv",
    "actions.csv",
    "truth/truth.csv",
];

const HEADERS: [&str; FILES.len()] = [
    "student_id,full_name,sex,born_on,city,phone,source,course,group_id,mentor_id,language,enrolled_at,started_on,\
     planned_end_on,monthly_price,discount_pct,status,left_on\n",
    "group_id,course,mentor_id,started_on,schedule\n",
    "attendance_id,student_id,lesson_at,status,entered_at\n",
    "homework_id,student_id,assigned_at,due_at,submitted_at,score,graded_at\n",
    "invoice_id,student_id,issued_at,due_at,amount,paid_at\n",
    "progress_id,student_id,at,planned_pct,done_pct\n",
    "test_id,student_id,taken_at,score,max_score\n",
    "message_id,student_id,at,direction,channel,answered_at\n",
    "action_id,student_id,at,action,randomised,propensity\n",
    "student_id,cutoff,hazard_30d,left_30d,cause,severity,strain,p_stay_none,p_stay_mentor_call,\
     p_stay_whatsapp_reminder,p_stay_payment_reminder,p_stay_extra_support,p_stay_meeting\n",
];

impl Tables {
    /// The header lines and nothing else.
    pub(super) fn headers() -> Self {
        let mut tables = Self::default();
        for (rows, header) in tables.in_order_mut().into_iter().zip(HEADERS) {
            rows.0.push_str(header);
        }
        tables
    }

    /// The tables in the order of [`FILES`].
    pub fn in_order(&self) -> [&Rows; FILES.len()] {
        let Self { students, groups, attendance, homework, invoices, progress, tests, messages, actions, truth } = self;
        [students, groups, attendance, homework, invoices, progress, tests, messages, actions, truth]
    }

    pub(super) fn in_order_mut(&mut self) -> [&mut Rows; FILES.len()] {
        let Self { students, groups, attendance, homework, invoices, progress, tests, messages, actions, truth } = self;
        [students, groups, attendance, homework, invoices, progress, tests, messages, actions, truth]
    }
}

impl Rows {
    /// Adds a row. Nothing that is written here needs quoting: words, numbers, times.
    pub(super) fn push(&mut self, row: fmt::Arguments<'_>) {
        let written = self.0.write_fmt(row);
        debug_assert!(written.is_ok(), "a string takes whatever is written to it");
        self.0.push('\n');
    }
}

/// A value, or nothing between two commas.
pub(super) struct Maybe<T>(pub(super) Option<T>);

impl<T: fmt::Display> fmt::Display for Maybe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |value| value.fmt(f))
    }
}

/// A moment to the second, `2026-11-05T18:00:00`.
pub(super) struct Stamp(pub(super) Moment);

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.0.day();
        let date = day.date();
        let second = (self.0.0 - day.start().0) / 1_000_000;
        let (year, month, day) = (date.year(), date.month(), date.day());
        write!(f, "{year}-{month:02}-{day:02}T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
    }
}

/// The moment at so many hours of a day.
pub(super) fn at(day: Day, hours: f64) -> Moment {
    later(day.start(), hours)
}

/// The moment so many hours later, to the second.
pub(super) fn later(moment: Moment, hours: f64) -> Moment {
    #[expect(clippy::cast_possible_truncation, reason = "hours of a simulation fit in seconds")]
    let seconds = (hours * 3600.0) as i64;
    Moment(moment.0 + seconds * 1_000_000)
}

pub(super) fn student_id(index: u32) -> String {
    format!("S{:07}", index + 1)
}

pub(super) fn group_id(index: u32) -> String {
    format!("G{:05}", index + 1)
}

pub(super) fn mentor_id(index: u32) -> String {
    format!("M{:04}", index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_to_the_second() {
        let day = Day(20_762);
        assert_eq!(Stamp(at(day, 18.5)).to_string(), format!("{day}T18:30:00"));
        assert_eq!(Stamp(later(at(day, 18.0), 24.0)).to_string(), format!("{}T18:00:00", day.plus(1)));
        assert_eq!(Maybe(Some(3)).to_string() + &Maybe::<i32>(None).to_string(), "3");
    }

    #[test]
    fn every_file_has_its_header() {
        for rows in Tables::headers().in_order() {
            assert!(rows.0.ends_with('\n') && rows.0.contains("_id,"));
        }
    }
}
