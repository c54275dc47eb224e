//! What if: the rows of a few subjects, with facts that are not so.
//!
//! Features are then computed of them as of any others, so that one changed fact moves all that follow from it: a
//! homework handed in ends a streak, lowers a count and raises a share at once.

use domain::Cutoff;

use super::{Events, Known};
use crate::cuts::in_32_bits;
use crate::values::{Column, NO_MOMENT, UNKNOWN, Values};

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// A number.
    Number(f64),
    /// A level, by its name.
    Level(&'a str),
    /// Civil microseconds since 1970.
    Moment(i64),
    /// Yes or no.
    Flag(bool),
}

impl Events {
    /// The same table about some of its subjects, who are numbered anew in the order given.
    #[must_use]
    pub fn of(&self, subjects: &[u32]) -> Self {
        let mut offsets = vec![0];
        let mut rows: Vec<usize> = Vec::new();
        for &subject in subjects {
            rows.extend(self.rows(subject));
            offsets.push(in_32_bits(rows.len()));
        }
        let pick = |moments: &[i64]| rows.iter().map(|&row| moments[row]).collect();
        Self {
            name: self.name.clone(),
            offsets,
            at: pick(&self.at),
            known: self.known.as_ref().map(|known| Known { from: pick(&known.from), until: pick(&known.until) }),
            columns: self
                .columns
                .iter()
                .map(|column| Column::new(column.name.clone(), column.values.picked(&rows)))
                .collect(),
            reveals: self.reveals.clone(),
            rows_without_time: 0,
        }
    }

    /// Whether a cutoff sees a row, by its position.
    pub fn is_seen(&self, row: usize, cutoff: Cutoff) -> bool {
        let now = cutoff.moment().0;
        self.at[row] <= now && self.known.as_ref().is_none_or(|known| known.stands(row, now))
    }

    /// A moment of a row, by its position; nothing where it is unknown or the table has no such column.
    pub fn moment(&self, row: usize, column: &str) -> Option<i64> {
        match &self.columns.iter().find(|known| known.name == column)?.values {
            Values::Moment(moments) => Some(moments[row]).filter(|&moment| moment != NO_MOMENT),
            _ => None,
        }
    }

    /// A number of a row, likewise.
    pub fn number(&self, row: usize, column: &str) -> Option<f64> {
        match &self.columns.iter().find(|known| known.name == column)?.values {
            Values::Number(numbers) => Some(numbers[row]).filter(|number| !number.is_nan()),
            _ => None,
        }
    }

    /// Changes a value of a row. A column that the table does not have, or has of another kind, stays as it is, and a level
    /// that nobody has becomes unknown.
    pub fn put(&mut self, row: usize, column: &str, cell: Cell<'_>) {
        let Some(column) = self.columns.iter_mut().find(|known| known.name == column) else { return };
        match (&mut column.values, cell) {
            (Values::Number(numbers), Cell::Number(number)) => numbers[row] = number,
            (Values::Moment(moments), Cell::Moment(moment)) => moments[row] = moment,
            (Values::Flag(flags), Cell::Flag(flag)) => flags[row] = u8::from(flag),
            (Values::Category { codes, levels }, Cell::Level(level)) => {
                let code = levels.binary_search_by(|known| known.as_str().cmp(level)).ok();
                codes[row] = code.map_or(crate::values::NO_LEVEL, in_32_bits);
            }
            _ => {}
        }
    }

    /// Adds a row to a subject, known from when it happens, with nothing known in it; returns its position. The positions
    /// of rows behind it move by one.
    pub fn insert(&mut self, subject: u32, at: i64) -> usize {
        let rows = self.rows(subject);
        let row = rows.start + self.at[rows].partition_point(|&known| known <= at);
        self.at.insert(row, at);
        if let Some(known) = &mut self.known {
            known.from.insert(row, at);
            known.until.insert(row, NO_MOMENT);
        }
        for column in &mut self.columns {
            match &mut column.values {
                Values::Number(values) => values.insert(row, f64::NAN),
                Values::Category { codes, .. } => codes.insert(row, crate::values::NO_LEVEL),
                Values::Moment(values) => values.insert(row, NO_MOMENT),
                Values::Flag(values) => values.insert(row, UNKNOWN),
            }
        }
        for offset in &mut self.offsets[subject as usize + 1..] {
            *offset += 1;
        }
        row
    }
}

impl Values {
    fn picked(&self, rows: &[usize]) -> Self {
        match self {
            Self::Number(values) => Self::Number(rows.iter().map(|&row| values[row]).collect()),
            Self::Moment(values) => Self::Moment(rows.iter().map(|&row| values[row]).collect()),
            Self::Flag(values) => Self::Flag(rows.iter().map(|&row| values[row]).collect()),
            Self::Category { codes, levels } => {
                Self::Category { codes: rows.iter().map(|&row| codes[row]).collect(), levels: levels.clone() }
            }
        }
    }
}

impl crate::Subjects {
    /// Some of the subjects, numbered anew in the order given.
    #[must_use]
    pub fn of(&self, subjects: &[u32]) -> Self {
        let rows: Vec<usize> = subjects.iter().map(|&subject| subject as usize).collect();
        let pick = |days: &[Option<domain::Day>]| rows.iter().map(|&row| days[row]).collect();
        Self {
            from: pick(&self.from),
            until: pick(&self.until),
            left: pick(&self.left),
            attributes: self
                .attributes
                .iter()
                .map(|column| Column::new(column.name.clone(), column.values.picked(&rows)))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, BooleanArray, TimestampMicrosecondArray};
    use domain::Day;

    use super::*;
    use crate::{Batch, ColumnDef, EventsBuilder, Kind, TableDef};

    fn lessons() -> Events {
        let columns = vec![ColumnDef { name: "missed".to_owned(), kind: Kind::Flag, reveals: None }];
        let mut builder = EventsBuilder::new(TableDef { name: "lessons".to_owned(), columns }, 3).expect("a table");
        let at: ArrayRef = Arc::new(TimestampMicrosecondArray::from(vec![10, 30, 20, 40]));
        let missed: ArrayRef = Arc::new(BooleanArray::from(vec![true, false, true, true]));
        let batch = Batch { subjects: &[0, 2, 2, 1], at: &at, recorded_at: None, key: None, columns: &[missed] };
        builder.push(&batch).expect("rows");
        builder.finish().expect("events")
    }

    #[test]
    fn a_few_subjects_keep_their_rows_in_a_new_order() {
        let of = lessons().of(&[2, 0]);
        assert_eq!((of.times(), of.rows_of(0), of.rows_of(1)), (&[20, 30, 10][..], 0..2, 2..3));
        assert_eq!(of.columns()[0].values, Values::Flag(vec![1, 0, 1]));
        assert!(of.is_seen(0, Cutoff(Day(0))) && of.moment(0, "missed").is_none());
    }

    #[test]
    fn a_new_row_stands_in_time_and_moves_those_behind_it() {
        let mut events = lessons();
        let row = events.insert(1, 35);
        assert_eq!(events.times(), [10, 35, 40, 20, 30]);
        events.put(row, "missed", Cell::Flag(false));
        events.put(row, "no_such_column", Cell::Flag(true));
        events.put(row, "missed", Cell::Number(3.0));
        assert_eq!((events.rows_of(0), events.rows_of(1), events.rows_of(2)), (0..1, 1..3, 3..5));
        assert_eq!(events.columns()[0].values, Values::Flag(vec![1, 0, 1, 1, 0]));
    }
}
