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

/// What moves a cell's probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Log-odds to leave, of everyone alike.
    Shift,
    /// The action's effect.
    Beta,
}

/// Values of the parts.
pub(crate) type Parts = [f64; 2];

/// Log-likelihood of a cell with its slopes and Fisher information in its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Terms {
    pub(crate) log_likelihood: f64,
    pub(crate) slope: Parts,
    pub(crate) information: [Parts; 2],
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
    /// With `q = sigmoid(l) exp(-beta)` and `l` the log-odds moved: `d ln q = (1 - sigmoid(l)) dl - dbeta`; a case that
    /// left adds `ln q`, one that stayed `ln(1 - q)`, either of them `q / (1 - q)` of information on `ln q`.
    pub(crate) fn terms(&self, [shift, beta]: Parts) -> Terms {
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
            let information = (bin.left + bin.stayed) * odds;
            let by = [1.0 - alone, -1.0];
            for i in 0..2 {
                terms.slope[i] += slope * by[i];
                for j in 0..=i {
                    terms.information[i][j] += information * by[i] * by[j];
                }
            }
        }
        terms.information[0][1] = terms.information[1][0];
        terms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_the_likelihood() {
        let arm = Arm { action: Some(0), family: 0, band: 2, is_chosen: false };
        let case = |k: usize| Case {
            risk: 0.15 + 0.02 * k as f64,
            stayed: !k.is_multiple_of(3),
            weight: 0.5 + 0.1 * k as f64,
        };
        let cell = &cells((0..30).map(|k| (arm, case(k))))[0];
        let (at, step) = ([0.3, 0.6], 1e-6);
        let terms = cell.terms(at);
        for part in 0..2 {
            let likelihood = |by: f64| {
                let mut moved = at;
                moved[part] += by;
                cell.terms(moved).log_likelihood
            };
            let slope = (likelihood(step) - likelihood(-step)) / (2.0 * step);
            assert!((terms.slope[part] - slope).abs() < 1e-5, "{part}: {terms:?} {slope}");
        }
        assert_eq!(terms.information[0][1], terms.information[1][0]);
        assert!(terms.information[0][0] * terms.information[1][1] > terms.information[0][1].powi(2));
    }

    #[test]
    fn a_bin_speaks_for_its_mean() {
        let arm = Arm { action: None, family: 0, band: 0, is_chosen: false };
        let cases = (0..1000).map(|k| Case { risk: 0.2 + 0.0005 * f64::from(k), stayed: k % 2 == 0, weight: 1.0 });
        let exact: f64 = cases.clone().map(|c| if c.stayed { (1.0 - c.risk).ln() } else { c.risk.ln() }).sum();
        let cell = &cells(cases.map(|case| (arm, case)))[0];
        assert!(cell.bins.len() < 50);
        assert!((cell.terms([0.0; 2]).log_likelihood - exact).abs() < 0.05);
    }
}
