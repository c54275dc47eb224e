//! Rows that are due at some moment and may be done: which cutoffs of a pass see each of them due, and until when open.

use crate::cuts::{Cuts, in_32_bits};
use crate::values::NO_MOMENT;
use crate::view::View;

/// A row that is due by some cutoff of the pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Due {
    pub(super) row: u32,
    pub(super) due: i64,
    /// The first cutoff that sees the row, with its due moment passed.
    pub(super) first: u32,
    /// The first cutoff that sees it done.
    pub(super) done: u32,
}

/// The due rows of a view, in the order of rows, made once for all features of the same two columns.
#[derive(Default)]
pub(super) struct Dues {
    made_of: Option<[usize; 2]>,
    pub(super) rows: Vec<Due>,
    /// A count for each cutoff, for features to use.
    pub(super) counts: Vec<[i64; 2]>,
}

impl Dues {
    pub(super) fn forget(&mut self) {
        self.made_of = None;
    }

    /// Makes the list for columns `[due, done]`.
    pub(super) fn make(&mut self, view: &View<'_>, cuts: &Cuts, columns: [usize; 2]) {
        if self.made_of == Some(columns) {
            return;
        }
        self.made_of = Some(columns);
        self.rows.clear();
        let (dues, dones) = (view.moments(columns[0]), view.moments(columns[1]));
        for (row, at) in view.at.iter().enumerate().filter(|(row, _)| dues[*row] != NO_MOMENT) {
            let first = cuts.first_to_see(dues[row].max(*at));
            if first == cuts.len() {
                continue;
            }
            let done = if dones[row] == NO_MOMENT { cuts.len() } else { cuts.first_to_see(dones[row]) };
            self.rows.push(Due {
                row: in_32_bits(row),
                due: dues[row],
                first: in_32_bits(first),
                done: in_32_bits(done),
            });
        }
    }

    /// For each cutoff how many rows of a window are due, and how many of those are open.
    pub(super) fn count(&mut self, cuts: &Cuts, window: usize) -> &[[i64; 2]] {
        self.counts.clear();
        self.counts.resize(cuts.len() + 1, [0, 0]);
        for due in &self.rows {
            let forgotten = in_32_bits(cuts.first_to_forget(window, due.due));
            if due.first < forgotten {
                self.counts[due.first as usize][0] += 1;
                self.counts[forgotten as usize][0] -= 1;
            }
            if due.first < forgotten.min(due.done) {
                self.counts[due.first as usize][1] += 1;
                self.counts[forgotten.min(due.done) as usize][1] -= 1;
            }
        }
        for cut in 1..self.counts.len() {
            let before = self.counts[cut - 1];
            self.counts[cut][0] += before[0];
            self.counts[cut][1] += before[1];
        }
        &self.counts[..cuts.len()]
    }
}
