//! What the head of the list holds: precision, recall and lift among the highest scores of kept-apart rows.
//!
//! `precision = left among the first k% / rows among them`, `recall = left among them / all that left`,
//! `lift = precision / base rate`. Rows of one score at the border count in proportion. Intervals redraw subjects.

use learn::metrics::{Ranking, top};
use serde::Serialize;

use crate::estimate::{Estimate, Subjects};

const SHARES: [f64; 12] = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0];

/// The head of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TopTable {
    /// Rows in the list.
    pub rows: usize,
    /// Those that left.
    pub leaving_rows: usize,
    /// By rising share: 1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 75 and 100 percent.
    pub shares: Vec<TopShare>,
}

/// The first share of the list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TopShare {
    /// Share of the list, 0.1 for a tenth.
    pub share: f64,
    /// Rows in it.
    pub rows: usize,
    /// Share of them that left.
    pub precision: Estimate,
    /// Share of all that left that it holds.
    pub recall: Estimate,
    /// How many times as many leave as in a random list.
    pub lift: Estimate,
}

/// Looks at the head of the ranking of kept-apart rows.
pub(crate) fn top_table(ranking: &Ranking, subjects: &Subjects) -> TopTable {
    let redrawn = subjects.redraw(|times| {
        let redrawn = ranking.reweighted(|index| times[index as usize]);
        let three =
            |&share: &f64| top(&redrawn, share).map_or([f64::NAN; 3], |top| [top.precision, top.recall, top.lift]);
        SHARES.iter().flat_map(three).collect()
    });
    let rows = ranking.rows().len();
    let share = |(index, share): (usize, f64)| TopShare {
        share,
        rows: (rows as f64 * share).round() as usize,
        precision: redrawn.estimate(index * 3),
        recall: redrawn.estimate(index * 3 + 1),
        lift: redrawn.estimate(index * 3 + 2),
    };
    TopTable {
        rows,
        leaving_rows: ranking.rows().iter().filter(|row| row.label).count(),
        shares: SHARES.into_iter().enumerate().map(share).collect(),
    }
}
