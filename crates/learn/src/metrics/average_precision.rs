//! Area under the precision-recall curve, as average precision.

use super::Ranking;

/// `AP = sum over thresholds (R_k - R_{k-1}) P_k`: precision at each distinct score, weighed by the recall gained there.
///
/// Rows of one score enter together. A list in random order gets the share of leaving rows. Nothing where nobody leaves.
pub fn average_precision(ranking: &Ranking) -> Option<f64> {
    let (mut leaving_total, mut total, mut area) = (0.0, 0.0, 0.0);
    for tie in ranking.ties() {
        let leaving: f64 = tie.iter().filter(|row| row.label).map(|row| row.weight).sum();
        total += tie.iter().map(|row| row.weight).sum::<f64>();
        leaving_total += leaving;
        if total > 0.0 {
            area += leaving * leaving_total / total;
        }
    }
    (leaving_total > 0.0).then(|| area / leaving_total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_score_for_all_is_worth_the_base_rate() {
        let ranking = Ranking::new(&[0.3; 4], &[true, false, false, false], None);
        assert_eq!(average_precision(&ranking), Some(0.25));
        assert_eq!(average_precision(&Ranking::new(&[0.3], &[false], None)), None);
    }
}
