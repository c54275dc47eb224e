//! Whether the effects told are those that came: by bins of the told effect, beside doubly robust scores of the same rows.
//!
//! In each of ten bins of equally many rows, mean told effect and mean of `psi_a - psi_0` with its normal interval. The
//! calibration error is the root of the mean squared difference over bins, less what noise alone would make of it (Xu and
//! Yadlowsky 2022): `sqrt(max(0, mean_b ((told_b - observed_b)^2 - error_b^2)))`. In the unit of the outcome.

use serde::Serialize;

use crate::estimate::Estimate;

/// Bins of the told effect, and how far off they are.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EffectCalibration {
    /// By rising effect.
    pub bins: Vec<CalibrationBin>,
    /// Typical distance between told and observed beyond noise.
    pub error: f64,
}

/// Rows of about the same told effect.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CalibrationBin {
    /// Its rows.
    pub rows: usize,
    /// Mean effect told.
    pub told: f64,
    /// Mean effect by scores.
    pub observed: Estimate,
}

/// Of told effects and doubly robust scores of the same rows. Rows told the same are never parted.
pub fn calibration(told: &[f64], scores: &[f64]) -> EffectCalibration {
    let mut order: Vec<u32> = (0..told.len() as u32).collect();
    order.sort_by(|&a, &b| told[a as usize].total_cmp(&told[b as usize]));
    let enough = told.len().div_ceil(10);
    let mut bins = Vec::new();
    let mut open: Vec<u32> = Vec::new();
    for tie in order.chunk_by(|&a, &b| told[a as usize] == told[b as usize]) {
        open.extend(tie);
        if open.len() >= enough {
            bins.push(bin(&open, told, scores));
            open.clear();
        }
    }
    if open.len() > 1 {
        bins.push(bin(&open, told, scores));
    }
    let beyond =
        |bin: &CalibrationBin| bin.rows as f64 * ((bin.told - bin.observed.value).powi(2) - bin.observed.error.powi(2));
    let rows: usize = bins.iter().map(|bin| bin.rows).sum();
    let error = (bins.iter().map(beyond).sum::<f64>() / rows.max(1) as f64).max(0.0).sqrt();
    EffectCalibration { bins, error }
}

fn bin(rows: &[u32], told: &[f64], scores: &[f64]) -> CalibrationBin {
    CalibrationBin {
        rows: rows.len(),
        told: rows.iter().map(|&row| told[row as usize]).sum::<f64>() / rows.len() as f64,
        observed: Estimate::mean(rows.iter().map(|&row| scores[row as usize])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_told_too_large_are_seen() {
        let truth: Vec<f64> = (0..5000).map(|row| f64::from(row % 100) / 100.0).collect();
        let noise = |row: usize| (learn::mix(3, row as u64) >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
        let scores: Vec<f64> = truth.iter().enumerate().map(|(row, effect)| effect + noise(row)).collect();
        let right = calibration(&truth, &scores);
        assert_eq!(right.bins.len(), 10);
        assert!(right.error < 0.02, "{right:?}");
        let doubled: Vec<f64> = truth.iter().map(|effect| 2.0 * effect).collect();
        // The root of the mean of x squared, x from 0 to 1.
        assert!((calibration(&doubled, &scores).error - 0.577).abs() < 0.02);
        assert_eq!(calibration(&[0.2; 5000], &scores).bins.len(), 1);
    }
}
