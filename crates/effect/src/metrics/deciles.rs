//! Uplift by tenths of the list: what the action did to those of whom much was told, and to those of whom little was.
//!
//! In each tenth: mean outcome of the treated less that of the control, rows weighing the inverse of their chance (Hajek
//! 1971), with the error of a difference of two weighted means, `sqrt(sum w^2 (Y - mean)^2 / (sum w)^2)` a side.

use serde::Serialize;

use super::contrast::{Contrast, Scored, Sums};
use crate::estimate::Estimate;

/// A tenth of the list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Decile {
    /// Its rows of the action.
    pub treated: usize,
    /// Its rows of the control.
    pub control: usize,
    /// Mean effect told.
    pub told: f64,
    /// Mean outcome of the treated.
    pub outcome_treated: f64,
    /// Mean outcome of the control.
    pub outcome_control: f64,
    /// Their difference; nothing where a side has fewer than two rows.
    pub uplift: Option<Estimate>,
}

/// Tenths of the list, the highest effects first; rows of equal score are cut where the tenth ends.
pub fn deciles(contrast: &Contrast) -> Vec<Decile> {
    let rows = contrast.scored();
    let tenth = |index: usize| decile(&rows[index * rows.len() / 10..(index + 1) * rows.len() / 10]);
    (0..10).map(tenth).collect()
}

fn decile(rows: &[Scored]) -> Decile {
    let mut sums = Sums::default();
    rows.iter().for_each(|row| sums.add(row));
    let side = |is_treated: bool| {
        let mut of_side = Sums::default();
        let mut parts = Vec::new();
        for row in rows.iter().filter(|row| row.is_treated == is_treated) {
            let mut alone = Sums::default();
            alone.add(row);
            of_side.add(row);
            parts.push((alone.treated + alone.control, row.outcome));
        }
        let (weight, outcome) = (of_side.treated + of_side.control, of_side.outcome_treated + of_side.outcome_control);
        let mean = if weight > 0.0 { outcome / weight } else { 0.0 };
        let squares: f64 = parts.iter().map(|(weight, outcome)| (weight * (outcome - mean)).powi(2)).sum();
        (parts.len(), mean, if weight > 0.0 { squares / (weight * weight) } else { 0.0 })
    };
    let ((treated, outcome_treated, noise_treated), (control, outcome_control, noise_control)) =
        (side(true), side(false));
    let uplift = (treated > 1 && control > 1)
        .then(|| Estimate::normal(outcome_treated - outcome_control, (noise_treated + noise_control).sqrt()));
    let told = rows.iter().map(Scored::score).sum::<f64>() / rows.len().max(1) as f64;
    Decile { treated, control, told, outcome_treated, outcome_control, uplift }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_good_list_gains_most() {
        let score: Vec<f64> = (0..1000).map(|row| f64::from(1000 - row)).collect();
        let is_treated: Vec<bool> = (0..1000).map(|row| row % 2 == 0).collect();
        let helped = |row: u32| row < 100 && row.is_multiple_of(2);
        let outcome: Vec<f64> = (0..1000).map(|row| f64::from(u8::from(helped(row) || row % 10 < 2))).collect();
        let deciles = deciles(&Contrast::new(&score, &is_treated, &outcome, None));
        assert_eq!(deciles.len(), 10);
        let head = deciles[0];
        assert_eq!((head.treated, head.control, head.outcome_treated, head.outcome_control), (50, 50, 1.0, 0.2));
        let uplift = head.uplift.expect("both sides");
        // sqrt(0 + 0.2 * 0.8 / 50)
        assert!((uplift.value - 0.8).abs() < 1e-12 && (uplift.error - 0.0032f64.sqrt()).abs() < 1e-12, "{uplift:?}");
        assert!(deciles[1..].iter().all(|tenth| tenth.uplift.is_some_and(|uplift| uplift.value.abs() < 1e-12)));
    }
}
