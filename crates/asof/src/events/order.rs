//! The order of rows: by subject, then time, then content.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::build::pick;
use super::{Known, NO_SUBJECT};
use crate::values::{NO_MOMENT, Values};

/// A row by its time: the time, and where the row came from.
#[derive(Clone, Copy, Debug, Default)]
struct ByTime {
    at: i64,
    row: u32,
}

/// Groups of neighbouring subjects.
const PARTS: usize = 512;

/// The positions of rows in the order of the part of the subjects that they belong to, otherwise as they are.
pub(super) fn by_part(codes: &[u32], subjects: usize) -> Vec<u32> {
    let part = |code: u32| (code as usize).min(subjects) * PARTS / (subjects + 1);
    let mut next = [0u32; PARTS + 1];
    for code in codes {
        next[part(*code) + 1] += 1;
    }
    for part in 0..PARTS {
        next[part + 1] += next[part];
    }
    let mut rows = vec![0; codes.len()];
    for (row, code) in (0..).zip(codes) {
        let place = &mut next[part(*code)];
        rows[*place as usize] = row;
        *place += 1;
    }
    rows
}

/// Where each subject's rows begin, their times, and where each row came from.
///
/// A counting sort by subject, then each subject's rows by time and content on all threads.
pub(super) fn by_subject_and_time(
    codes: &[u32],
    subjects: usize,
    content: &Content<'_>,
) -> (Vec<u32>, Vec<i64>, Vec<u32>) {
    let mut offsets = vec![0u32; subjects + 1];
    for code in codes.iter().filter(|code| **code != NO_SUBJECT) {
        offsets[*code as usize + 1] += 1;
    }
    for subject in 0..subjects {
        offsets[subject + 1] += offsets[subject];
    }
    let mut next = offsets.clone();
    let mut rows = vec![ByTime::default(); offsets[subjects] as usize];
    for (row, (code, at)) in (0..).zip(codes.iter().zip(content.at)).filter(|(_, (code, _))| **code != NO_SUBJECT) {
        let place = &mut next[*code as usize];
        rows[*place as usize] = ByTime { at: *at, row };
        *place += 1;
    }
    drop(next);
    each_subject(&offsets, &mut rows).into_par_iter().with_min_len(64).for_each(|rows| {
        // Files are mostly in the order of time, and the stable sort makes use of that.
        rows.sort_by_key(|row| row.at);
        for same_time in rows.chunk_by_mut(|a, b| a.at == b.at).filter(|same_time| same_time.len() > 1) {
            same_time.sort_by(|a, b| content.compare(a.row as usize, b.row as usize));
        }
    });
    let at = rows.par_iter().with_min_len(1 << 14).map(|row| row.at).collect();
    let from = rows.par_iter().with_min_len(1 << 14).map(|row| row.row).collect();
    (offsets, at, from)
}

/// What rows hold, to compare them by.
pub(super) struct Content<'a> {
    pub(super) at: &'a [i64],
    /// From when each row is visible.
    pub(super) from: &'a [i64],
    pub(super) columns: &'a [Values],
    /// For each column the moment column that reveals it, perhaps itself.
    pub(super) reveals: &'a [Option<usize>],
}

impl Content<'_> {
    /// Orders two rows of the same time by when they became visible, then by the columns known from then on, then by
    /// what was revealed later, in the order in which it was.
    ///
    /// At any cutoff the known part of that sequence decides, or both rows look alike: nothing that is revealed later
    /// changes the order of rows that can be told apart.
    pub(super) fn compare(&self, a: usize, b: usize) -> Ordering {
        let visible = self.from[a].cmp(&self.from[b]);
        visible
            .then_with(|| {
                let open = (0..self.columns.len()).filter(|column| self.reveals[*column].is_none());
                open.map(|column| self.columns[column].compare(a, b)).find(|order| order.is_ne()).unwrap_or(visible)
            })
            .then_with(|| {
                let (later_a, later_b) = (self.revealed_later(a), self.revealed_later(b));
                for ((moment_a, column_a), (moment_b, column_b)) in later_a.iter().zip(&later_b) {
                    let order = (moment_a, column_a).cmp(&(moment_b, column_b));
                    let order = order.then_with(|| self.columns[*column_a].compare(a, b));
                    if order.is_ne() {
                        return order;
                    }
                }
                // The row that has less to come is the later one, as if the rest were revealed at the end of time.
                later_b.len().cmp(&later_a.len())
            })
    }

    /// The known values that have a moment of reveal, by that moment.
    fn revealed_later(&self, row: usize) -> Vec<(i64, usize)> {
        let mut later: Vec<(i64, usize)> = Vec::new();
        for (column, reveal) in self.reveals.iter().enumerate() {
            let Some(Values::Moment(moments)) = reveal.map(|reveal| &self.columns[reveal]) else { continue };
            if self.columns[column].is_known(row) {
                later.push((moments[row].max(self.from[row]), column));
            }
        }
        later.sort_unstable();
        later
    }
}

/// Whether every row is visible from its own day on, for good.
pub(super) fn all_plain(at: &[i64], known: &Known) -> bool {
    let day = |moment: i64| domain::Moment(moment).day();
    at.iter().zip(&known.from).all(|(at, from)| day(*at) == day(*from))
        && known.until.iter().all(|until| *until == NO_MOMENT)
}

/// The column with its rows in another order.
pub(super) fn reordered(values: Values, rows: &[u32]) -> Values {
    match values {
        Values::Number(values) => Values::Number(pick(rows, &values)),
        Values::Category { codes, levels } => Values::Category { codes: pick(rows, &codes), levels },
        Values::Moment(values) => Values::Moment(pick(rows, &values)),
        Values::Flag(values) => Values::Flag(pick(rows, &values)),
    }
}

fn each_subject<'a>(offsets: &[u32], rows: &'a mut [ByTime]) -> Vec<&'a mut [ByTime]> {
    let mut parts = Vec::with_capacity(offsets.len() - 1);
    let mut rest = rows;
    for bounds in offsets.windows(2) {
        let (part, after) = rest.split_at_mut((bounds[1] - bounds[0]) as usize);
        parts.push(part);
        rest = after;
    }
    parts
}
