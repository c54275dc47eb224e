//! Rows that correct earlier ones: the same key, entered later.

use std::hash::Hasher;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use arrow::error::ArrowError;
use rayon::prelude::*;
use rustc_hash::FxHasher;

use super::order::Content;
use crate::values::NO_MOMENT;

/// Keys of rows, as they came.
#[derive(Default)]
pub(super) struct Keys {
    arrays: Vec<ArrayRef>,
    /// The first row of each array.
    starts: Vec<usize>,
    rows: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Number(i64),
    Word(&'a str),
}

impl Keys {
    pub(super) fn extend(&mut self, array: &ArrayRef) -> Result<(), ArrowError> {
        let array = match array.data_type() {
            DataType::Utf8 => array.clone(),
            whole if whole.is_integer() && *whole != DataType::UInt64 => cast(array, &DataType::Int64)?,
            DataType::LargeUtf8 | DataType::Utf8View | DataType::UInt64 | DataType::Dictionary(..) => {
                cast(array, &DataType::Utf8)?
            }
            _ => return Err(ArrowError::CastError(String::new())),
        };
        self.starts.push(self.rows);
        self.rows += array.len();
        self.arrays.push(array);
        Ok(())
    }

    fn get(&self, row: usize) -> Option<Key<'_>> {
        let part = self.starts.partition_point(|start| *start <= row) - 1;
        let (array, row) = (&self.arrays[part], row - self.starts[part]);
        if array.is_null(row) {
            return None;
        }
        Some(match array.data_type() {
            DataType::Int64 => Key::Number(array.as_primitive::<Int64Type>().value(row)),
            _ => Key::Word(array.as_string::<i32>().value(row)),
        })
    }

    /// A hash of each row's key with its row, for rows that have both a key and a time.
    fn hashed(&self, at: &[i64]) -> Vec<(u64, u32)> {
        let mut hashed = Vec::with_capacity(self.rows);
        for (row, at) in (0u32..).zip(at) {
            let Some(key) = self.get(row as usize).filter(|_| *at != NO_MOMENT) else { continue };
            let mut hasher = FxHasher::default();
            match key {
                Key::Number(number) => hasher.write_i64(number),
                Key::Word(word) => hasher.write(word.as_bytes()),
            }
            hashed.push((hasher.finish(), row));
        }
        hashed
    }
}

/// For each row the first moment at which another row of its key stands in its place.
///
/// Of the versions visible at a moment the one that became visible last stands; of several that became visible at once
/// the one entered last; of several entered at once the greater one by time, subject and content. A correction may move
/// a row to another subject, also to one that is not known: then the row is nobody's.
pub(super) fn superseded_at(codes: &[u32], entered: &[i64], keys: &Keys, content: &Content<'_>) -> Vec<i64> {
    let mut until = vec![NO_MOMENT; codes.len()];
    let mut hashed = keys.hashed(content.at);
    hashed.par_sort_unstable();
    for same_hash in hashed.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        let mut versions: Vec<(Option<Key<'_>>, usize)> =
            same_hash.iter().map(|(_, row)| (keys.get(*row as usize), *row as usize)).collect();
        versions.sort_by(|(key_a, a), (key_b, b)| {
            key_a
                .cmp(key_b)
                .then_with(|| (content.from[*a], entered[*a]).cmp(&(content.from[*b], entered[*b])))
                .then_with(|| (content.at[*a], codes[*a]).cmp(&(content.at[*b], codes[*b])))
                .then_with(|| content.compare(*a, *b))
        });
        for pair in versions.windows(2) {
            let ((key, row), (next_key, next)) = (pair[0], pair[1]);
            if key == next_key {
                until[row] = content.from[next];
            }
        }
    }
    until
}
