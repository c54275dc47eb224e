//! What the head of the list holds: precision, recall and lift among the highest scores of kept-apart rows.
//!
//! `precision = left among the first k% / rows among them`, `recall = left among them / all that left`,
//! `lift = precision / base rate`. Rows of one score at the border count in proportion. Intervals redraw subjects. A handful of
//! leavers, or of others, are too few to redraw: with none of them every draw says 0. There the interval is at least
//! Wilson's (1927), which takes rows for independent.

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
    let leaving_rows = ranking.rows().iter().filter(|row| row.label).count();
    let (total, leaving) = ranking.totals();
    let base_rate = leaving / total;
    let share = |(index, share): (usize, f64)| {
        head(share, rows, leaving_rows, base_rate, [0, 1, 2].map(|metric| redrawn.estimate(index * 3 + metric)))
    };
    TopTable { rows, leaving_rows, shares: SHARES.into_iter().enumerate().map(share).collect() }
}

/// The first share of the list, by its redrawn precision, recall and lift.
fn head(
    share: f64,
    rows: usize,
    leaving_rows: usize,
    base_rate: f64,
    [precision, recall, lift]: [Estimate; 3],
) -> TopShare {
    let in_head = (rows as f64 * share).round();
    let wide = precision.widened(in_head);
    let lift = if wide == precision || base_rate <= 0.0 {
        lift
    } else {
        let [low, high] = [wide.low, wide.high].map(|end| end / base_rate);
        Estimate { low: lift.low.min(low), high: lift.high.max(high), ..lift }
    };
    TopShare {
        share,
        rows: in_head as usize,
        precision: wide,
        // The whole list holds all who left, whatever is drawn.
        recall: if share < 1.0 { recall.widened(leaving_rows as f64) } else { recall },
        lift,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_share_of_the_list_is_known_to_a_point() {
        // 100 rows of which three leave, none of them high in the list.
        let probability: Vec<f64> = (0..100).map(|row| 1.0 - f64::from(row) / 100.0).collect();
        let label: Vec<bool> = (0..100).map(|row| [50, 70, 90].contains(&row)).collect();
        let table = top_table(&Ranking::new(&probability, &label, None), &Subjects::new(0..100, 200, 1));
        for head in table.shares.iter().filter(|head| head.share < 1.0) {
            for share in [head.precision, head.recall, head.lift] {
                assert!(share.high - share.low > 0.01 && share.low <= share.value, "{head:?}");
            }
        }
        let tenth = table.shares[3];
        // Wilson: 0 of 10 and 0 of 3.
        assert!((tenth.precision.high - 0.2775).abs() < 1e-3 && (tenth.recall.high - 0.5615).abs() < 1e-3, "{tenth:?}");
        assert!((tenth.lift.high - tenth.precision.high / 0.03).abs() < 1e-9, "{tenth:?}");
        let all = table.shares[11];
        assert_eq!((all.recall.low, all.recall.high), (1.0, 1.0));
    }

    #[test]
    fn many_leavers_keep_the_intervals_of_their_draws() {
        let drawn = Estimate { value: 0.4, low: 0.39, high: 0.41 };
        assert_eq!(drawn.widened(1000.0), drawn);
        assert!(drawn.widened(20.0).low < 0.3);
    }
}
