//! The uplift curve where not everybody had the same chance of the action.
//!
//! With propensities `e` that differ, the treated and the control down to a place of the list are not alike, and the plain
//! curves mistake that for an effect. Each row weighs the inverse of the chance of the arm that it was given (Horvitz and
//! Thompson 1952, normalised as by Hajek 1971), and the gain a subject of the whole list is
//! `G(s) = s (sum w Y [treated] / sum w [treated] - sum w Y [control] / sum w [control])` down to share `s`. What is returned
//! is the area between `G` and the straight line to its end, in the unit of the outcome. With equal propensities it is the
//! plain uplift curve's area, divided by the number of rows.

use super::contrast::{Contrast, area, ratio};

/// Area between the corrected curve and chance. The contrast must know propensities, or else they count as equal.
pub fn corrected(contrast: &Contrast) -> Option<f64> {
    let places = contrast.cumulative();
    let end = places.last().copied()?;
    if end.treated <= 0.0 || end.control <= 0.0 {
        return None;
    }
    let points: Vec<(f64, f64)> = places
        .iter()
        .map(|sums| {
            let share = ratio(sums.all, end.all);
            (share, share * sums.uplift())
        })
        .collect();
    Some(area(&points) - end.uplift() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unequal_chances_are_no_effect() {
        // Outcomes depend on the group alone, and so do the chances: the action does nothing.
        let (mut score, mut is_treated, mut outcome, mut chance) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for row in 0..2000u32 {
            let group = row % 2;
            let given = (row / 2) % 10 < if group == 1 { 8 } else { 2 };
            score.push(f64::from(row % 4 / 2) + f64::from(group) / 10.0);
            is_treated.push(given);
            outcome.push(f64::from(u8::from((row / 20) % 10 < if group == 1 { 6 } else { 2 })));
            let treated = if group == 1 { 0.8 } else { 0.2 };
            chance.push(if given { treated } else { 1.0 - treated });
        }
        let weighted = Contrast::new(&score, &is_treated, &outcome, Some(&chance));
        let area = corrected(&weighted).expect("both sides");
        assert!(area.abs() < 0.01, "{area}");
        let end = |contrast: &Contrast| contrast.cumulative().last().expect("rows").uplift();
        let plain = Contrast::new(&score, &is_treated, &outcome, None);
        assert!(end(&weighted).abs() < 0.02 && end(&plain) > 0.2, "{} {}", end(&weighted), end(&plain));
    }
}
