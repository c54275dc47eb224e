//! Expected calibration error.

use super::{Ranking, reliability};

/// `ECE = sum over bins weight_b / weight * |mean score_b - share left_b|`, over ten bins of equal weight (Naeini et al.
/// 2015 with equal mass; rows of one score stay in one bin).
///
/// Nothing where no row has weight. Even a perfect model has some on a finite sample: about `0.8 sqrt(p(1-p) / bin size)`.
pub fn calibration_error(ranking: &Ranking) -> Option<f64> {
    let (total, _) = ranking.totals();
    let gap = |bin: &super::ReliabilityBin| bin.weight * (bin.said - bin.happened).abs();
    (total > 0.0).then(|| reliability(ranking, 10).iter().map(gap).sum::<f64>() / total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_of_each_bin_counts_by_its_weight() {
        // Two scores, hence two bins: 0.2 with 1 of 4, 0.9 with 1 of 2.
        let scores = [0.2, 0.2, 0.2, 0.2, 0.9, 0.9];
        let label = [true, false, false, false, true, false];
        let error = calibration_error(&Ranking::new(&scores, &label, None)).expect("rows");
        assert!((error - (4.0 * 0.05 + 2.0 * 0.4) / 6.0).abs() < 1e-12, "{error}");
    }
}
