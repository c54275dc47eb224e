//! One table's rows by subject and time.

mod build;
mod change;
mod corrections;
mod order;

use std::ops::Range;

pub use build::{Batch, EventsBuilder};
pub use change::Cell;

use crate::values::{Column, Kind};

/// The subject code of a row whose subject is not known; such rows are passed over.
pub const NO_SUBJECT: u32 = u32::MAX;

/// What a table holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDef {
    /// Its name in features and in evidence.
    pub name: String,
    /// Its columns, in the order that batches bring them.
    pub columns: Vec<ColumnDef>,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDef {
    /// Its name in features.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// A moment column of the same table, perhaps this one: the value is not known before that moment, and never where
    /// that moment is null.
    pub reveals: Option<String>,
}

/// A table's rows, grouped by subject and ordered by time inside one.
///
/// Rows at the same time are ordered by their content (when they became visible, then the columns in order), so that
/// the order of rows in a file changes nothing.
#[derive(Clone, Debug)]
pub struct Events {
    pub(crate) name: String,
    /// Where each subject's rows begin, and where the last one's end.
    pub(crate) offsets: Vec<u32>,
    pub(crate) at: Vec<i64>,
    /// Nothing where every row is known from its own day on, for good.
    pub(crate) known: Option<Known>,
    pub(crate) columns: Vec<Column>,
    /// For each column the moment column that reveals it, where that is another.
    pub(crate) reveals: Vec<Option<usize>>,
    pub(crate) rows_without_time: usize,
}

/// From when until when a row stands: it is entered at some moment, and may be corrected at a later one.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// The first moment at which the row is visible.
    pub(crate) from: Vec<i64>,
    /// The first moment at which another row stands in its place, [`crate::NO_MOMENT`] if none does.
    pub(crate) until: Vec<i64>,
}

impl Known {
    /// Whether a row stands at a moment.
    pub(crate) fn stands(&self, row: usize, now: i64) -> bool {
        self.from[row] <= now && self.until[row] > now
    }
}

impl Events {
    /// The table's name.
    pub fn table(&self) -> &str {
        &self.name
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// For how many subjects it was built.
    pub fn subjects(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Rows that came without a time and were passed over.
    pub fn rows_without_time(&self) -> usize {
        self.rows_without_time
    }

    /// The columns, in the order of the definition.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The positions of a subject's rows, oldest first.
    pub fn rows_of(&self, subject: u32) -> Range<usize> {
        self.rows(subject)
    }

    /// When each row happened, by position.
    pub fn times(&self) -> &[i64] {
        &self.at
    }

    /// The rows of a subject.
    pub(crate) fn rows(&self, subject: u32) -> Range<usize> {
        let subject = subject as usize;
        self.offsets[subject] as usize..self.offsets[subject + 1] as usize
    }
}
