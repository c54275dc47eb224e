//! Area under the receiver operating characteristic.

use super::Ranking;

/// The chance that a leaving row scores above a staying one, ties counting half:
/// `AUC = sum over pairs w_i w_j ([s_i > s_j] + [s_i = s_j] / 2) / (W_leave W_stay)` (Mann and Whitney 1947).
///
/// `O(n)` on a sorted ranking. Nothing where one side has no weight.
pub fn auc(ranking: &Ranking) -> Option<f64> {
    let (mut leaving_above, mut leaving_total, mut staying_total) = (0.0, 0.0, 0.0);
    for tie in ranking.ties() {
        let (mut leaving, mut staying) = (0.0, 0.0);
        for row in tie {
            *if row.label { &mut leaving } else { &mut staying } += row.weight;
        }
        leaving_above += staying * (leaving_total + leaving / 2.0);
        leaving_total += leaving;
        staying_total += staying;
    }
    let pairs = leaving_total * staying_total;
    (pairs > 0.0).then(|| leaving_above / pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_alone_counts() {
        let label = [true, true, false, false];
        let of = |scores: [f64; 4]| auc(&Ranking::new(&scores, &label, None));
        assert_eq!(of([0.9, 0.8, 0.2, 0.1]), Some(1.0));
        assert_eq!(of([0.1, 0.2, 0.8, 0.9]), Some(0.0));
        assert_eq!(of([0.5; 4]), Some(0.5));
        assert_eq!(auc(&Ranking::new(&[0.5], &[true], None)), None);
    }
}
