//! A subject's rows of one table as they stand at a cutoff, and which cutoffs see them all alike.

use std::ops::Range;

use domain::Cutoff;

use crate::cuts::in_32_bits;
use crate::events::Events;
use crate::values::{Column, NO_MOMENT, Values};

/// Rows of one subject, ascending by time, that features are computed from.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) at: &'a [i64],
    columns: &'a [Column],
    start: usize,
}

impl<'a> View<'a> {
    /// All rows of a subject. A cutoff for which nothing is pending or gone, see [`Settled`], sees a beginning of them.
    pub(crate) fn whole(events: &'a Events, subject: u32) -> Self {
        let rows = events.rows(subject);
        Self { at: &events.at[rows.clone()], columns: &events.columns, start: rows.start }
    }

    fn range(&self) -> Range<usize> {
        self.start..self.start + self.at.len()
    }

    /// The values of a number column.
    pub(crate) fn numbers(&self, column: usize) -> &'a [f64] {
        match &self.columns[column].values {
            Values::Number(values) => &values[self.range()],
            _ => &[],
        }
    }

    /// The codes of a category column.
    pub(crate) fn codes(&self, column: usize) -> &'a [u32] {
        match &self.columns[column].values {
            Values::Category { codes, .. } => &codes[self.range()],
            _ => &[],
        }
    }

    /// The moments of a moment column.
    pub(crate) fn moments(&self, column: usize) -> &'a [i64] {
        match &self.columns[column].values {
            Values::Moment(values) => &values[self.range()],
            _ => &[],
        }
    }

    /// The flags of a flag column.
    pub(crate) fn flags(&self, column: usize) -> &'a [u8] {
        match &self.columns[column].values {
            Values::Flag(values) => &values[self.range()],
            _ => &[],
        }
    }
}

/// Buffers for a subject's rows as they stood at some cutoff.
pub(crate) struct AsOf {
    kept: Vec<u32>,
    at: Vec<i64>,
    columns: Vec<Column>,
}

impl AsOf {
    /// Buffers for the rows of a table.
    pub(crate) fn new(events: &Events) -> Self {
        let columns = events.columns.iter().map(|column| Column::new("", column.values.emptied())).collect();
        Self { kept: Vec::new(), at: Vec::new(), columns }
    }

    /// The rows that a cutoff sees, without the values that are not revealed to it. Of the columns only those `used`
    /// are filled.
    pub(crate) fn seen(&mut self, events: &Events, subject: u32, cutoff: Cutoff, used: &[usize]) -> View<'_> {
        let now = cutoff.moment().0;
        self.fill(events, subject, used, |row| {
            events.at[row] <= now && events.known.as_ref().is_none_or(|known| known.stands(row, now))
        });
        for column in used.iter().copied().filter(|column| events.reveals[*column].is_some()) {
            let kept = self.kept.iter().zip(0..);
            for (_, position) in kept.filter(|(row, _)| events.revealed_at(column, **row as usize) > now) {
                self.columns[column].values.forget(position);
            }
        }
        self.view()
    }

    /// The rows that nothing has replaced by a cutoff, however late they happen. For each cutoff from then on that
    /// misses no further row, what it sees is a beginning of them.
    pub(crate) fn standing(&mut self, events: &Events, subject: u32, cutoff: Cutoff, used: &[usize]) -> View<'_> {
        let now = cutoff.moment().0;
        self.fill(events, subject, used, |row| events.known.as_ref().is_none_or(|known| known.until[row] > now));
        self.view()
    }

    fn fill(&mut self, events: &Events, subject: u32, used: &[usize], keep: impl Fn(usize) -> bool) {
        self.kept.clear();
        self.kept.extend(events.rows(subject).filter(|row| keep(*row)).map(in_32_bits));
        self.at.clear();
        self.at.extend(self.kept.iter().map(|row| events.at[*row as usize]));
        for column in used {
            self.columns[*column].values.copy_rows(&events.columns[*column].values, &self.kept);
        }
    }

    fn view(&self) -> View<'_> {
        View { at: &self.at, columns: &self.columns, start: 0 }
    }
}

/// Which cutoffs see a beginning of the same rows.
#[derive(Default)]
pub(crate) struct Settled {
    /// By cutoff: rows or values have happened that are not known yet.
    pub(crate) pending: Vec<bool>,
    /// By cutoff: how many rows no longer stand. Never falls.
    pub(crate) gone: Vec<u32>,
}

impl Settled {
    /// Looks at a subject's rows from cutoffs (ascending), for features that use these `hidden` columns, each of which
    /// another column reveals.
    pub(crate) fn look(&mut self, events: &Events, subject: u32, cutoffs: &[Cutoff], hidden: &[usize]) {
        self.pending.clear();
        self.pending.resize(cutoffs.len(), false);
        self.gone.clear();
        self.gone.resize(cutoffs.len(), 0);
        if events.known.is_none() && hidden.is_empty() {
            return;
        }
        let mut first = 0;
        for row in events.rows(subject) {
            let at = events.at[row];
            while first < cutoffs.len() && cutoffs[first].moment().0 < at {
                first += 1;
            }
            if first == cutoffs.len() {
                break;
            }
            let mut known_at = at;
            if let Some(known) = &events.known {
                known_at = known_at.max(known.from[row]);
                if known.until[row] != NO_MOMENT {
                    let gone = first + cutoffs[first..].partition_point(|cutoff| cutoff.moment().0 < known.until[row]);
                    if let Some(gone) = self.gone.get_mut(gone) {
                        *gone += 1;
                    }
                }
            }
            for column in hidden.iter().filter(|column| events.columns[**column].values.is_known(row)) {
                known_at = known_at.max(events.revealed_at(*column, row));
            }
            for (cutoff, pending) in cutoffs[first..].iter().zip(&mut self.pending[first..]) {
                if cutoff.moment().0 >= known_at {
                    break;
                }
                *pending = true;
            }
        }
        for cut in 1..cutoffs.len() {
            self.gone[cut] += self.gone[cut - 1];
        }
    }
}

impl Events {
    /// The moment from which a value is known, if its row is.
    fn revealed_at(&self, column: usize, row: usize) -> i64 {
        match self.reveals[column].map(|by| &self.columns[by].values) {
            Some(Values::Moment(moments)) => moments[row],
            _ => i64::MIN,
        }
    }
}

impl Values {
    fn emptied(&self) -> Self {
        match self {
            Self::Number(_) => Self::Number(Vec::new()),
            Self::Category { .. } => Self::Category { codes: Vec::new(), levels: Vec::new() },
            Self::Moment(_) => Self::Moment(Vec::new()),
            Self::Flag(_) => Self::Flag(Vec::new()),
        }
    }

    /// Becomes these rows of another column of the same kind.
    fn copy_rows(&mut self, other: &Self, rows: &[u32]) {
        match (self, other) {
            (Self::Number(values), Self::Number(others)) => copy_rows(values, others, rows),
            (Self::Category { codes, .. }, Self::Category { codes: others, .. }) => copy_rows(codes, others, rows),
            (Self::Moment(values), Self::Moment(others)) => copy_rows(values, others, rows),
            (Self::Flag(values), Self::Flag(others)) => copy_rows(values, others, rows),
            _ => {}
        }
    }
}

fn copy_rows<T: Copy>(values: &mut Vec<T>, others: &[T], rows: &[u32]) {
    values.clear();
    values.extend(rows.iter().map(|row| others[*row as usize]));
}
