//! From batches in any order to rows by subject and time.

use arrow::array::{Array, ArrayRef};
use rayon::prelude::*;

use super::corrections::{self, Keys};
use super::order::{self, Content};
use super::{Events, Known, NO_SUBJECT, TableDef};
use crate::error::BuildError;
use crate::values::{Column, Gathering, Kind, NO_MOMENT, Values, extend_moments};

/// Rows that are grouped at a time: few enough that a column of them stays in the processor's cache.
const BLOCK_ROWS: usize = 1 << 18;

/// Rows that arrive in batches, in any order.
pub struct EventsBuilder {
    def: TableDef,
    reveals: Vec<Option<usize>>,
    subjects: usize,
    codes: Vec<u32>,
    at: Vec<i64>,
    recorded_at: Option<Vec<i64>>,
    keys: Option<Keys>,
    columns: Vec<Gathering>,
    /// How many rows lie in blocks that are grouped by part.
    grouped: usize,
}

/// Some rows of a table.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The subject of each row, [`NO_SUBJECT`] where it is not known: such a row is nobody's, but corrects others.
    pub subjects: &'a [u32],
    /// When each row happened: civil timestamps or dates.
    pub at: &'a ArrayRef,
    /// When each row was entered; null is when it happened.
    pub recorded_at: Option<&'a ArrayRef>,
    /// What tells rows apart. Of rows with the same key the one entered last stands; a null key is a key of its own.
    pub key: Option<&'a ArrayRef>,
    /// The columns of the table's definition, in its order.
    pub columns: &'a [ArrayRef],
}

impl EventsBuilder {
    /// A table about so many subjects.
    pub fn new(def: TableDef, subjects: usize) -> Result<Self, BuildError> {
        let mut reveals = Vec::with_capacity(def.columns.len());
        for (index, column) in def.columns.iter().enumerate() {
            if def.columns[..index].iter().any(|other| other.name == column.name) {
                return Err(BuildError::DuplicateColumn { table: def.name.clone(), column: column.name.clone() });
            }
            let Some(by) = &column.reveals else {
                reveals.push(None);
                continue;
            };
            let position = def.columns.iter().position(|other| &other.name == by && other.kind == Kind::Moment);
            let position = position.ok_or_else(|| BuildError::UnknownReveal {
                table: def.name.clone(),
                column: column.name.clone(),
                reveals: by.clone(),
            })?;
            reveals.push(Some(position));
        }
        let columns = def.columns.iter().map(|column| Gathering::new(column.kind)).collect();
        Ok(Self {
            def,
            reveals,
            subjects,
            codes: Vec::new(),
            at: Vec::new(),
            recorded_at: None,
            keys: None,
            columns,
            grouped: 0,
        })
    }

    /// Adds rows.
    pub fn push(&mut self, batch: &Batch<'_>) -> Result<(), BuildError> {
        self.check(batch)?;
        let first = self.codes.is_empty();
        self.codes.extend_from_slice(batch.subjects);
        extend_moments(&mut self.at, batch.at).map_err(|_| self.type_error("its time", batch.at, Kind::Moment))?;
        if first {
            self.recorded_at = batch.recorded_at.map(|_| Vec::new());
            self.keys = batch.key.map(|_| Keys::default());
        }
        if let (Some(moments), Some(array)) = (&mut self.recorded_at, batch.recorded_at) {
            let extended = extend_moments(moments, array);
            extended.map_err(|_| self.type_error("recorded_at", array, Kind::Moment))?;
        }
        if let (Some(keys), Some(array)) = (&mut self.keys, batch.key) {
            let extended = keys.extend(array);
            extended.map_err(|_| self.type_error("key", array, Kind::Category))?;
        }
        for (index, array) in batch.columns.iter().enumerate() {
            let column = &mut self.columns[index];
            let kind = column.kind();
            column.extend(array).map_err(|_| self.type_error(&self.def.columns[index].name, array, kind))?;
        }
        // Keys stay as they came, and so must their rows.
        while self.keys.is_none() && self.codes.len() - self.grouped >= BLOCK_ROWS {
            self.group_block();
        }
        Ok(())
    }

    /// Groups the rows by subject and orders them by time.
    pub fn finish(self) -> Result<Events, BuildError> {
        let Self { def, reveals, subjects, mut codes, at, recorded_at, keys, columns, .. } = self;
        if u32::try_from(codes.len()).is_err() {
            return Err(BuildError::TooManyRows { table: def.name });
        }
        let mut columns: Vec<Values> = columns.into_iter().map(Gathering::finish).collect();
        hide_never_revealed(&mut columns, &reveals);

        let mut rows_without_time = 0;
        for (code, _) in codes.iter_mut().zip(&at).filter(|(_, at)| **at == NO_MOMENT) {
            rows_without_time += usize::from(*code != NO_SUBJECT);
            *code = NO_SUBJECT;
        }
        let mut known = recorded_at.map(|recorded_at| stand(&codes, &at, recorded_at, keys, &columns, &reveals));
        if let Some(known) = &known {
            // A row that is corrected at the moment it becomes visible is never seen.
            for (code, _) in codes.iter_mut().zip(known.from.iter().zip(&known.until)).filter(|(_, (f, u))| u <= f) {
                *code = NO_SUBJECT;
            }
        }

        let from = known.as_ref().map_or(&at, |known| &known.from);
        let content = Content { at: &at, from, columns: &columns, reveals: &reveals };
        let (offsets, in_order, rows) = order::by_subject_and_time(&codes, subjects, &content);
        drop((codes, at));
        let at = in_order;
        known = known.map(|known| Known { from: pick(&rows, &known.from), until: pick(&rows, &known.until) });
        let known = known.filter(|known| !order::all_plain(&at, known));
        let columns = columns
            .into_iter()
            .zip(def.columns)
            .map(|(values, def)| Column { name: def.name, values: order::reordered(values, &rows) })
            .collect();
        // Moments are only ever compared with a cutoff, so one that reveals itself hides nothing more.
        let reveals = (0..).zip(reveals).map(|(column, reveal)| reveal.filter(|reveal| *reveal != column)).collect();
        Ok(Events { name: def.name, offsets, at, known, columns, reveals, rows_without_time })
    }

    /// Brings rows of neighbouring subjects together within the next block of rows, so that collecting a subject's rows
    /// later finds them in few places of memory rather than all over it.
    fn group_block(&mut self) {
        let block = self.grouped..self.grouped + BLOCK_ROWS;
        let rows = order::by_part(&self.codes[block.clone()], self.subjects);
        reorder(&mut self.codes[block.clone()], &rows);
        reorder(&mut self.at[block.clone()], &rows);
        if let Some(recorded_at) = &mut self.recorded_at {
            reorder(&mut recorded_at[block.clone()], &rows);
        }
        for column in &mut self.columns {
            match column.values_mut() {
                Values::Number(values) => reorder(&mut values[block.clone()], &rows),
                Values::Category { codes, .. } => reorder(&mut codes[block.clone()], &rows),
                Values::Moment(values) => reorder(&mut values[block.clone()], &rows),
                Values::Flag(values) => reorder(&mut values[block.clone()], &rows),
            }
        }
        self.grouped = block.end;
    }

    fn check(&self, batch: &Batch<'_>) -> Result<(), BuildError> {
        let shape = |what: &str, found: usize, expected: usize| BuildError::Shape {
            table: self.def.name.clone(),
            what: what.to_owned(),
            found,
            expected,
        };
        if batch.columns.len() != self.def.columns.len() {
            return Err(shape("columns", batch.columns.len(), self.def.columns.len()));
        }
        let rows = batch.subjects.len();
        let named = self.def.columns.iter().map(|column| column.name.as_str()).zip(batch.columns);
        let others = [("its time", Some(batch.at)), ("recorded_at", batch.recorded_at), ("key", batch.key)];
        let others = others.into_iter().filter_map(|(name, array)| Some((name, array?)));
        for (name, array) in named.chain(others) {
            if array.len() != rows {
                return Err(shape(&format!("rows of {name}"), array.len(), rows));
            }
        }
        if !self.codes.is_empty() {
            for (what, came, comes) in [
                ("recorded_at", self.recorded_at.is_some(), batch.recorded_at.is_some()),
                ("key", self.keys.is_some(), batch.key.is_some()),
            ] {
                if came != comes {
                    return Err(BuildError::Irregular { table: self.def.name.clone(), what });
                }
            }
        }
        let strange = batch.subjects.iter().find(|code| **code as usize >= self.subjects && **code != NO_SUBJECT);
        match strange {
            Some(code) => {
                Err(BuildError::Subject { table: self.def.name.clone(), code: *code, subjects: self.subjects })
            }
            None => Ok(()),
        }
    }

    fn type_error(&self, column: &str, array: &ArrayRef, expected: Kind) -> BuildError {
        BuildError::Type {
            table: self.def.name.clone(),
            column: column.to_owned(),
            found: array.data_type().to_string(),
            expected,
        }
    }
}

/// A value whose moment of reveal is null is never known, whatever the cutoff.
fn hide_never_revealed(columns: &mut [Values], reveals: &[Option<usize>]) {
    for (column, reveal) in reveals.iter().enumerate() {
        let Some(reveal) = *reveal else { continue };
        let Values::Moment(moments) = &columns[reveal] else { continue };
        let never: Vec<usize> = (0..moments.len()).filter(|row| moments[*row] == NO_MOMENT).collect();
        for row in never {
            columns[column].forget(row);
        }
    }
}

/// From when until when each row stands.
fn stand(
    codes: &[u32],
    at: &[i64],
    recorded_at: Vec<i64>,
    keys: Option<Keys>,
    columns: &[Values],
    reveals: &[Option<usize>],
) -> Known {
    let mut entered = recorded_at;
    for (entered, at) in entered.iter_mut().zip(at).filter(|(entered, _)| **entered == NO_MOMENT) {
        *entered = *at;
    }
    let from: Vec<i64> = entered.iter().zip(at).map(|(entered, at)| *entered.max(at)).collect();
    let until = match keys {
        Some(keys) => {
            corrections::superseded_at(codes, &entered, &keys, &Content { at, from: &from, columns, reveals })
        }
        None => vec![NO_MOMENT; at.len()],
    };
    Known { from, until }
}

fn reorder<T: Copy>(values: &mut [T], rows: &[u32]) {
    let before = values.to_vec();
    for (value, row) in values.iter_mut().zip(rows) {
        *value = before[*row as usize];
    }
}

/// The values at these positions.
pub(super) fn pick<T: Copy + Send + Sync>(rows: &[u32], values: &[T]) -> Vec<T> {
    rows.par_iter().with_min_len(1 << 14).map(|row| values[*row as usize]).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Date32Array, Float64Array};

    use super::*;
    use crate::events::ColumnDef;

    #[test]
    fn rows_of_many_blocks_come_out_in_the_same_order_however_they_came() {
        let many = 2 * i32::try_from(BLOCK_ROWS).expect("small") + 10;
        let forward = build(&(0..many).collect::<Vec<_>>());
        let backward = build(&(0..many).rev().collect::<Vec<_>>());
        assert_eq!(forward.len(), 2 * BLOCK_ROWS + 10);
        assert_eq!(forward.offsets, backward.offsets);
        assert_eq!(forward.at, backward.at);
        assert_eq!(forward.columns, backward.columns);
        let Values::Number(numbers) = &forward.columns[0].values else { panic!("a number stays one") };
        let of_subject: Vec<f64> = numbers[forward.rows(7)].to_vec();
        let expected: Vec<f64> = (0..many).filter(|n| n % 1000 == 7).map(f64::from).collect();
        assert_eq!(of_subject, expected);
    }

    /// Row `n` belongs to subject `n % 1000`, at day `n / 3000`, and holds `n`.
    fn build(numbers: &[i32]) -> Events {
        let columns = vec![ColumnDef { name: "n".to_owned(), kind: Kind::Number, reveals: None }];
        let mut builder = EventsBuilder::new(TableDef { name: "t".to_owned(), columns }, 1000).expect("sound");
        for part in numbers.chunks(100_000) {
            let subjects: Vec<u32> = part.iter().map(|n| n.unsigned_abs() % 1000).collect();
            let at: ArrayRef = Arc::new(Date32Array::from_iter_values(part.iter().map(|n| n / 3000)));
            let n: ArrayRef = Arc::new(Float64Array::from_iter_values(part.iter().map(|n| f64::from(*n))));
            let batch = Batch { subjects: &subjects, at: &at, recorded_at: None, key: None, columns: &[n] };
            builder.push(&batch).expect("sound");
        }
        builder.finish().expect("few rows")
    }
}
