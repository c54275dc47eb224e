//! A subject's rows of one table as they stand at a cutoff, and which cutoffs see them all alike.

use std::ops::Range;

use domain::Cutoff;

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
    /// All rows of a subject. Right for cutoffs that [`Settled`] leaves: what they see is a beginning of these rows.
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

/// A subject's rows as they stand at one cutoff: the visible ones, what is not revealed taken out.
#[derive(Default)]
pub(crate) struct AsOf {
    at: Vec<i64>,
    columns: Vec<Column>,
}

impl AsOf {
    /// Buffers for the rows of a table, of which only these columns are filled.
    pub(crate) fn new(events: &Events) -> Self {
        let columns = events.columns.iter().map(|column| Column::new("", column.values.emptied())).collect();
        Self { at: Vec::new(), columns }
    }

    /// The rows of a subject at a cutoff; columns that are not `used` are left empty.
    pub(crate) fn view(&mut self, events: &Events, subject: u32, cutoff: Cutoff, used: &[usize]) -> View<'_> {
        let end = cutoff.moment().0;
        self.at.clear();
        for column in used {
            self.columns[*column].values.clear();
        }
        for row in events.rows(subject) {
            if events.at[row] > end {
                break;
            }
            if events.known.as_ref().is_some_and(|known| known.from[row] > end || known.until[row] <= end) {
                continue;
            }
            self.at.push(events.at[row]);
            for column in used {
                let values = &mut self.columns[*column].values;
                values.push_from(&events.columns[*column].values, row);
                if events.revealed_at(*column, row) > end {
                    values.forget(values.len() - 1);
                }
            }
        }
        View { at: &self.at, columns: &self.columns, start: 0 }
    }
}

/// Marks the cutoffs (ascending) at which rows or values of a subject that have happened are not known yet, or no
/// longer stand, for features that use these `hidden` columns, each of which another column reveals.
pub(crate) fn mark_unsettled(
    events: &Events,
    subject: u32,
    cutoffs: &[Cutoff],
    hidden: &[usize],
    unsettled: &mut Vec<bool>,
) {
    unsettled.clear();
    unsettled.resize(cutoffs.len(), false);
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
            return;
        }
        let mut known_at = at;
        if let Some(known) = &events.known {
            known_at = known_at.max(known.from[row]);
            if known.until[row] != NO_MOMENT {
                let gone = first + cutoffs[first..].partition_point(|cutoff| cutoff.moment().0 < known.until[row]);
                unsettled[gone..].fill(true);
            }
        }
        for column in hidden.iter().filter(|column| events.columns[**column].values.is_known(row)) {
            known_at = known_at.max(events.revealed_at(*column, row));
        }
        for (cutoff, unsettled) in cutoffs[first..].iter().zip(&mut unsettled[first..]) {
            if cutoff.moment().0 >= known_at {
                break;
            }
            *unsettled = true;
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

    fn clear(&mut self) {
        match self {
            Self::Number(values) => values.clear(),
            Self::Category { codes, .. } => codes.clear(),
            Self::Moment(values) => values.clear(),
            Self::Flag(values) => values.clear(),
        }
    }

    fn push_from(&mut self, other: &Self, row: usize) {
        match (self, other) {
            (Self::Number(values), Self::Number(others)) => values.push(others[row]),
            (Self::Category { codes, .. }, Self::Category { codes: others, .. }) => codes.push(others[row]),
            (Self::Moment(values), Self::Moment(others)) => values.push(others[row]),
            (Self::Flag(values), Self::Flag(others)) => values.push(others[row]),
            _ => {}
        }
    }
}
