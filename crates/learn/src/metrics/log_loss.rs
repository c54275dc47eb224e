//! Log-loss.

use super::Ranking;

/// `-mean(y ln p + (1 - y) ln(1 - p))`, with `p` kept `1e-15` away from 0 and 1 so that one certain error stays finite.
///
/// Nothing where no row has weight.
pub fn log_loss(ranking: &Ranking) -> Option<f64> {
    ranking.mean(|row| {
        let p = row.probability.clamp(1e-15, 1.0 - 1e-15);
        if row.label { -p.ln() } else { -(1.0 - p).ln() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certain_error_is_dear_but_finite() {
        let loss = log_loss(&Ranking::new(&[1.0], &[false], None)).expect("a row");
        assert!(loss > 30.0 && loss.is_finite());
        assert_eq!(log_loss(&Ranking::new(&[], &[], None)), None);
    }
}
