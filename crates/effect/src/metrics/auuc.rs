//! Area under the uplift curve (Jaskowski and Jaroszewicz 2012; Gutierrez and Gerardy 2017).
//!
//! Down to a place of the list with `n` rows the gain is `(Y_t / n_t - Y_c / n_c) n`. The area between it and the straight
//! line to its end is divided by that of the perfect list: `0` is chance, `1` perfect. The perfect list puts treated rows of
//! outcome 1 and control rows of outcome 0 first and orders the rest by the rarer of the two faults. That is scikit-uplift's
//! `uplift_auc_score`; for outcomes of 0 and 1 only.

use super::contrast::{Contrast, Sums, normalised};

/// As a part of what the perfect list would have.
pub fn auuc(contrast: &Contrast) -> Option<f64> {
    if !contrast.is_binary() {
        return None;
    }
    let places = contrast.cumulative();
    let end = places.last().copied()?;
    // Control rows of outcome 1 against treated rows of outcome 0.
    let by_outcome = end.outcome_control > end.treated - end.outcome_treated;
    let perfect = contrast.cumulative_by(|row| {
        let (treated, one) = (row.is_treated, row.outcome > 0.5);
        2 * i32::from(treated == one) + i32::from(if by_outcome { one } else { treated })
    });
    let points = |places: &[Sums]| -> Vec<(f64, f64)> {
        places.iter().map(|sums| (sums.all, sums.uplift() * sums.all)).collect()
    };
    normalised(&points(&places), &points(&perfect))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::contrast::reference;

    #[test]
    fn it_is_that_of_scikit_uplift() {
        let ours = auuc(&reference::sample()).expect("both sides are there");
        assert!((ours - UPLIFT_AUC_SCORE).abs() < 1e-12, "{ours}");
    }

    const UPLIFT_AUC_SCORE: f64 = 0.173_644_639_864_637_32;
}
