//! Cases by arm, family and band: within a cell one unknown effect, so that its cases enter as a few sums.

use std::collections::BTreeMap;

use super::MOST;

/// Scores are told apart to this width, in log-odds; each bin speaks for its mean.
const BIN_WIDTH: f64 = 0.05;
/// No score is surer than this.
const SUREST: f64 = 1e-4;

/// Who was acted on, and how that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arm {
    /// Index of the action; nothing for the controls of a trial.
    pub(crate) action: Option<usize>,
    /// Position of the family among those of the log.
    pub(crate) family: usize,
    /// Index of the band.
    pub(crate) band: usize,
    /// Whether staff chose, by what the score does not see.
    pub(crate) is_chosen: bool,
}

/// A logged case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Case {
    /// The score.
    pub(crate) risk: f64,
    /// Whether the subject stayed.
    pub(crate) stayed: bool,
    /// How many cases it counts as.
    pub(crate) weight: f64,
}

/// All cases of one arm, family and band.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(crate) arm: Arm,
    bins: Vec<Bin>,
}

/// Cases of nearly one score.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Bin {
    log_odds: f64,
    left: f64,
    stayed: f64,
}

/// Log-likelihood of a cell with its slopes and expected curvatures in the shift `s` of log-odds and in `beta`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Terms {
    pub(crate) log_likelihood: f64,
    pub(crate) slope: [f64; 2],
    /// Fisher information: of `s`, of both, of `beta`.
    pub(crate) information: [f64; 3],
}

/// Cases by arm. Whoever calls it sorts the cases, so that sums do not depend on the order of the log.
pub(crate) fn cells(cases: impl IntoIterator<Item = (Arm, Case)>) -> Vec<Cell> {
    let mut by_arm: BTreeMap<Arm, BTreeMap<i64, Bin>> = BTreeMap::new();
    for (arm, case) in cases {
        let risk = case.risk.clamp(SUREST, 1.0 - SUREST);
        let log_odds = (risk / (1.0 - risk)).ln();
        let bin = by_arm.entry(arm).or_default().entry((log_odds / BIN_WIDTH).floor() as i64).or_default();
        bin.log_odds += case.weight * log_odds;
        *(if case.stayed { &mut bin.stayed } else { &mut bin.left }) += case.weight;
    }
    let mean = |bin: Bin| Bin { log_odds: bin.log_odds / (bin.left + bin.stayed), ..bin };
    by_arm.into_iter().map(|(arm, bins)| Cell { arm, bins: bins.into_values().map(mean).collect() }).collect()
}

impl Cell {
    /// With `q = sigmoid(l) exp(-beta)` and `l` the log-odds shifted: `d ln q = (1 - sigmoid(l)) ds - dbeta`; a case that
    /// left adds `ln q`, one that stayed `ln(1 - q)`, either of them `q / (1 - q)` of information on `ln q`.
    pub(crate) fn terms(&self, shift: f64, beta: f64) -> Terms {
        let mut terms = Terms::default();
        let ratio = (-beta).exp();
        for bin in &self.bins {
            let alone = 1.0 / (1.0 + (-bin.log_odds - shift).exp());
            let leaves = alone * ratio;
            if leaves >= MOST {
                terms.log_likelihood += bin.left * MOST.ln() + bin.stayed * (-MOST).ln_1p();
                continue;
            }
            terms.log_likelihood += bin.left * leaves.ln() + bin.stayed * (-leaves).ln_1p();
            let odds = leaves / (1.0 - leaves);
            let slope = bin.left - bin.stayed * odds;
            let by_shift = 1.0 - alone;
            terms.slope[0] += slope * by_shift;
            terms.slope[1] -= slope;
            let information = (bin.left + bin.stayed) * odds;
            terms.information[0] += information * by_shift * by_shift;
            terms.information[1] -= information * by_shift;
            terms.information[2] += information;
        }
        terms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_the_likelihood() {
        let arm = Arm { action: Some(0), family: 0, band: 2, is_chosen: false };
        let case = |k: usize| Case { risk: 0.15 + 0.02 * k as f64, stayed: k % 3 > 0, weight: 0.5 + 0.1 * k as f64 };
        let cell = &cells((0..30).map(|k| (arm, case(k))))[0];
        let likelihood = |shift, beta| cell.terms(shift, beta).log_likelihood;
        let (at, step) = ((0.3, 0.6), 1e-6);
        let terms = cell.terms(at.0, at.1);
        let by_shift = (likelihood(at.0 + step, at.1) - likelihood(at.0 - step, at.1)) / (2.0 * step);
        let by_beta = (likelihood(at.0, at.1 + step) - likelihood(at.0, at.1 - step)) / (2.0 * step);
        assert!((terms.slope[0] - by_shift).abs() < 1e-5, "{terms:?} {by_shift}");
        assert!((terms.slope[1] - by_beta).abs() < 1e-5, "{terms:?} {by_beta}");
        assert!(terms.information[0] * terms.information[2] > terms.information[1].powi(2));
    }

    #[test]
    fn a_bin_speaks_for_its_mean() {
        let arm = Arm { action: None, family: 0, band: 0, is_chosen: false };
        let cases = (0..1000).map(|k| Case { risk: 0.2 + 0.0005 * f64::from(k), stayed: k % 2 == 0, weight: 1.0 });
        let exact: f64 = cases.clone().map(|c| if c.stayed { (1.0 - c.risk).ln() } else { c.risk.ln() }).sum();
        let cell = &cells(cases.map(|case| (arm, case)))[0];
        assert!(cell.bins.len() < 50);
        assert!((cell.terms(0.0, 0.0).log_likelihood - exact).abs() < 0.05);
    }
}
