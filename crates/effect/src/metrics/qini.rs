//! Qini curve and coefficient (Radcliffe 2007).
//!
//! Down to a place of the list with `n` rows, `n_t` of them treated and `n_c` of the control, the gain is
//! `Q = Y_t - Y_c n_t / n_c`: outcomes of the treated beyond those that as many of the control would have had. Ties are taken
//! together. Two numbers are made of it:
//!
//! - [`qini`]: area between `Q(n) / N_t` over the share `n / N` and the straight line to its end, in the unit of the outcome:
//!   0 for a list by chance;
//! - [`qini_normalised`]: area between `Q(n)` and the line, divided by that of the perfect list, which has treated rows of
//!   outcome 1 first, then all of outcome 0, then control rows of outcome 1. That is scikit-uplift's `qini_auc_score` with
//!   `negative_effect=True`; for outcomes of 0 and 1 only.

use super::contrast::{Contrast, CurvePoint, Sums, area, normalised, ratio};

/// Area between the curve and chance, in the unit of the outcome.
pub fn qini(contrast: &Contrast) -> Option<f64> {
    let curve: Vec<(f64, f64)> = qini_curve(contrast).iter().map(|point| (point.share, point.gain)).collect();
    let &(_, end) = curve.last()?;
    let both_sides =
        contrast.scored().iter().any(|row| row.is_treated) && contrast.scored().iter().any(|row| !row.is_treated);
    both_sides.then(|| area(&curve) - end / 2.0)
}

/// Gain a treated subject, `Q / N_t`, over the share of the list.
pub fn qini_curve(contrast: &Contrast) -> Vec<CurvePoint> {
    let places = contrast.cumulative();
    let Some(end) = places.last().copied() else { return Vec::new() };
    let point = |sums: &Sums| CurvePoint { share: ratio(sums.all, end.all), gain: ratio(gain(sums), end.treated) };
    places.iter().map(point).collect()
}

/// As a part of what the perfect list would have; 1 is perfect, 0 is chance.
pub fn qini_normalised(contrast: &Contrast) -> Option<f64> {
    if !contrast.is_binary() {
        return None;
    }
    let perfect = contrast.cumulative_by(|row| match (row.is_treated, row.outcome > 0.5) {
        (true, true) => 1,
        (false, true) => -1,
        (_, false) => 0,
    });
    let points = |places: &[Sums]| -> Vec<(f64, f64)> { places.iter().map(|sums| (sums.all, gain(sums))).collect() };
    normalised(&points(&contrast.cumulative()), &points(&perfect))
}

fn gain(sums: &Sums) -> f64 {
    sums.outcome_treated - sums.outcome_control * ratio(sums.treated, sums.control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::contrast::reference;

    #[test]
    fn it_is_that_of_scikit_uplift() {
        let ours = qini_normalised(&reference::sample()).expect("both sides are there");
        assert!((ours - QINI_AUC_SCORE).abs() < 1e-12, "{ours}");
    }

    #[test]
    fn chance_gains_nothing_and_order_does() {
        let is_treated: Vec<bool> = (0..8).map(|row| row % 2 == 0).collect();
        // The first four rows are those whom the action helps.
        let outcome: Vec<f64> = (0..8).map(|row| f64::from(u8::from(row < 4 && row % 2 == 0))).collect();
        let of = |score: [f64; 8]| qini(&Contrast::new(&score, &is_treated, &outcome, None)).expect("both sides");
        assert_eq!(of([1.0; 8]), 0.0);
        // The curve rises to 1/2 at half of the list and stays: 3/8 below it less 1/4.
        assert!((of([1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]) - 0.125).abs() < 1e-12);
        assert!((of([0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]) + 0.125).abs() < 1e-12);
        let amounts = Contrast::new(&[1.0, 0.0], &[true, false], &[7.5, 2.0], None);
        assert_eq!(qini_normalised(&amounts), None);
        assert_eq!(qini(&Contrast::new(&[1.0], &[true], &[1.0], None)), None);
    }

    const QINI_AUC_SCORE: f64 = 0.058_127_136_595_072_17;
}
