//! Brier score and its skill.

use super::Ranking;

/// `mean((p - y)^2)` (Brier 1950). Nothing where no row has weight.
pub fn brier(ranking: &Ranking) -> Option<f64> {
    ranking.mean(|row| (row.probability - f64::from(u8::from(row.label))).powi(2))
}

/// `1 - brier / brier of the base rate`: 0 says no more than the base rate, 1 knows everything.
///
/// Nothing where one class is missing.
pub fn brier_skill(ranking: &Ranking) -> Option<f64> {
    let (total, leaving) = ranking.totals();
    let rate = leaving / total;
    let reference = rate * (1.0 - rate);
    if reference > 0.0 { Some(1.0 - brier(ranking)? / reference) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_rate_has_no_skill() {
        let label = [true, false, false, false];
        assert_eq!(brier_skill(&Ranking::new(&[0.25; 4], &label, None)), Some(0.0));
        assert_eq!(brier_skill(&Ranking::new(&[1.0, 0.0, 0.0, 0.0], &label, None)), Some(1.0));
        assert_eq!(brier_skill(&Ranking::new(&[0.25], &[false], None)), None);
    }
}
