//! The reliability curve: what was said against what happened.

use serde::{Deserialize, Serialize};

use super::Ranking;
use super::ranking::Ranked;

/// Rows of neighbouring scores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityBin {
    /// Total weight.
    pub weight: f64,
    /// Mean score.
    pub said: f64,
    /// Share that left.
    pub happened: f64,
    /// Wilson's 95% interval of that share, taking rows for independent.
    pub interval_95: [f64; 2],
}

/// Cuts the ranking into bins of equal weight, lowest scores first; rows of one score stay together.
///
/// Equal weight and not equal width: where few leave, nearly all scores fall into the first tenth of the unit interval.
pub fn reliability(ranking: &Ranking, bins: usize) -> Vec<ReliabilityBin> {
    let (total, _) = ranking.totals();
    let mut curve: Vec<ReliabilityBin> = Vec::new();
    let mut open = Sums::default();
    let mut done = 0.0;
    let ties: Vec<&[Ranked]> = ranking.ties().collect();
    for tie in ties.into_iter().rev() {
        for row in tie {
            open.add(row);
        }
        let full = total * (curve.len() + 1) as f64 / bins as f64;
        if open.weight > 0.0 && done + open.weight >= full - 1e-9 * total {
            done += open.weight;
            curve.push(open.bin());
            open = Sums::default();
        }
    }
    if open.weight > 0.0 {
        curve.push(open.bin());
    }
    curve
}

#[derive(Default)]
struct Sums {
    weight: f64,
    said: f64,
    left: f64,
}

impl Sums {
    fn add(&mut self, row: &Ranked) {
        self.weight += row.weight;
        self.said += row.weight * row.probability;
        self.left += if row.label { row.weight } else { 0.0 };
    }

    fn bin(&self) -> ReliabilityBin {
        let happened = self.left / self.weight;
        ReliabilityBin {
            weight: self.weight,
            said: self.said / self.weight,
            happened,
            interval_95: wilson(happened, self.weight),
        }
    }
}

/// Wilson (1927): `(p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)`.
fn wilson(share: f64, n: f64) -> [f64; 2] {
    const Z: f64 = 1.959_963_984_540_054;
    let centre = share + Z * Z / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let norm = 1.0 + Z * Z / n;
    [((centre - half) / norm).max(0.0), ((centre + half) / norm).min(1.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_equal_weight_and_ties_stay_together() {
        let scores: Vec<f64> = (0..100).map(|row| f64::from(row) / 100.0).collect();
        let label: Vec<bool> = (0..100).map(|row| row % 2 == 0).collect();
        let curve = reliability(&Ranking::new(&scores, &label, None), 10);
        assert_eq!(curve.len(), 10);
        assert!(curve.iter().all(|bin| bin.weight == 10.0 && bin.happened == 0.5));
        assert!((curve[0].said - 0.045).abs() < 1e-12);
        assert_eq!(reliability(&Ranking::new(&[0.2; 5], &[false; 5], None), 10).len(), 1);
    }

    #[test]
    fn wilson_solves_its_equation() {
        // The borders are the shares q for which 3 of 20 lies 1.96 standard errors of q away.
        for border in wilson(0.15, 20.0) {
            let errors = (0.15 - border).abs() / (border * (1.0 - border) / 20.0).sqrt();
            assert!((errors - 1.959_963_984_540_054).abs() < 1e-12, "{border} {errors}");
        }
    }
}
