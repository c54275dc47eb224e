//! Precision, recall and lift among the highest scores.

use serde::{Deserialize, Serialize};

use super::Ranking;

/// What the first `share` of the list holds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Top {
    /// Share of all weight, from the highest score down.
    pub share: f64,
    /// Share of it that left.
    pub precision: f64,
    /// Share of all leaving rows that it holds.
    pub recall: f64,
    /// Precision against the share that left overall: how many times better than a random list.
    pub lift: f64,
}

/// Counts the first `share` of the ranking, `0 < share <= 1`.
///
/// Where the border falls into rows of one score, these count in proportion: the mean over all orders among them. Nothing
/// where nobody leaves.
pub fn top(ranking: &Ranking, share: f64) -> Option<Top> {
    let (total, leaving_total) = ranking.totals();
    if leaving_total <= 0.0 {
        return None;
    }
    let mut open = total * share;
    let mut found = 0.0;
    for tie in ranking.ties() {
        let weight: f64 = tie.iter().map(|row| row.weight).sum();
        let leaving: f64 = tie.iter().filter(|row| row.label).map(|row| row.weight).sum();
        if weight >= open {
            found += leaving * open / weight.max(f64::MIN_POSITIVE);
            break;
        }
        found += leaving;
        open -= weight;
    }
    let precision = found / (total * share);
    Some(Top { share, precision, recall: found / leaving_total, lift: precision / (leaving_total / total) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_border_inside_a_tie_counts_in_proportion() {
        let scores = [0.9, 0.5, 0.5, 0.5, 0.1];
        let label = [true, true, false, false, false];
        let first = top(&Ranking::new(&scores, &label, None), 0.4).expect("leavers");
        assert!((first.precision - (1.0 + 1.0 / 3.0) / 2.0).abs() < 1e-12);
        assert!((first.recall - (1.0 + 1.0 / 3.0) / 2.0).abs() < 1e-12);
        assert!((first.lift - first.precision / 0.4).abs() < 1e-12);
        let all = top(&Ranking::new(&scores, &label, None), 1.0).expect("leavers");
        assert!((all.recall - 1.0).abs() < 1e-12 && (all.lift - 1.0).abs() < 1e-12);
    }
}
