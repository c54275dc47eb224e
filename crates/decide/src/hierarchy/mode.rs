//! The mode of all unknowns for given spreads, and the normal approximation around it.

use std::collections::BTreeMap;

use super::cells::Cell;
use super::matrix::Square;
use super::{BASELINE_SD, CHOICE_OWN_SD, CHOICE_SD, EXPERTS_SD, Word};

/// Fisher scoring's steps at most; six are usual.
const STEPS: usize = 60;
/// Halvings of a step that would lead downhill.
const HALVINGS: usize = 12;
/// Steps below this change nothing that is seen.
const STILL: f64 = 1e-7;

const EXPERTS: usize = 0;
const BASELINE: usize = 1;
const CHOICE: usize = 2;
/// Where unknowns of actions begin: what is wrong with each expert's word, then how staff choose each action.
const ACTIONS: usize = 3;

/// A linear form of the unknowns: positions and factors.
type Row = Vec<(usize, f64)>;

/// Which unknowns a cell's shift and `beta` are made of.
struct Rows {
    cell: Cell,
    shift: Row,
    beta: Row,
    start: f64,
}

/// What an unknown's standard deviation is.
#[derive(Clone, Copy)]
enum Sd {
    Known(f64),
    /// One of the three spreads.
    Spread(usize),
}

/// Cells with the unknowns behind them.
pub(crate) struct Problem {
    words: Vec<Word>,
    rows: Vec<Rows>,
    sds: Vec<Sd>,
    /// Positions of `u`, `v` and `w` by action and family, action and band, all three. Only of those with cases.
    families: BTreeMap<(usize, usize), usize>,
    bands: BTreeMap<(usize, usize), usize>,
    cells: BTreeMap<(usize, usize, usize), usize>,
}

/// The unknowns at their likeliest.
pub(crate) struct Mode {
    pub(crate) at: Vec<f64>,
    pub(crate) covariance: Square,
    /// Logarithm of the probability of the log given the spreads, up to a constant.
    pub(crate) log_evidence: f64,
}

impl Problem {
    /// `starts` are the prior means of each action's `beta`.
    pub(crate) fn new(words: &[Word], starts: Vec<f64>, cells: Vec<Cell>) -> Self {
        let mut sds = vec![Sd::Known(EXPERTS_SD), Sd::Known(BASELINE_SD), Sd::Known(CHOICE_SD)];
        sds.extend(words.iter().map(|word| Sd::Known(word.own_sd())));
        sds.extend(words.iter().map(|_| Sd::Known(CHOICE_OWN_SD)));
        let mut problem = Self {
            words: words.to_vec(),
            rows: Vec::with_capacity(cells.len()),
            sds,
            families: BTreeMap::new(),
            bands: BTreeMap::new(),
            cells: BTreeMap::new(),
        };
        for cell in cells {
            let arm = cell.arm;
            let mut shift = vec![(BASELINE, 1.0)];
            let Some(action) = arm.action else {
                problem.rows.push(Rows { cell, shift, beta: Row::new(), start: 0.0 });
                continue;
            };
            if arm.is_chosen {
                shift.extend([(CHOICE, 1.0), (ACTIONS + words.len() + action, 1.0)]);
            }
            problem.see(action, arm.family, arm.band);
            let (beta, _) = problem.row(action, Some(arm.family), arm.band);
            problem.rows.push(Rows { cell, shift, beta, start: starts[action] });
        }
        problem
    }

    /// Makes room for what is unknown of a cell.
    fn see(&mut self, action: usize, family: usize, band: usize) {
        let sds = &mut self.sds;
        let mut unknown = |spread| {
            sds.push(Sd::Spread(spread));
            sds.len() - 1
        };
        self.families.entry((action, family)).or_insert_with(|| unknown(0));
        self.bands.entry((action, band)).or_insert_with(|| unknown(1));
        self.cells.entry((action, family, band)).or_insert_with(|| unknown(2));
    }

    /// What `beta` of a cell is made of beside its start, and which of the three spreads no case tells about.
    pub(crate) fn row(&self, action: usize, family: Option<usize>, band: usize) -> (Row, [bool; 3]) {
        let mut row = vec![(EXPERTS, self.words[action].log()), (ACTIONS + action, 1.0)];
        let seen = [
            family.and_then(|family| self.families.get(&(action, family))),
            self.bands.get(&(action, band)),
            family.and_then(|family| self.cells.get(&(action, family, band))),
        ];
        row.extend(seen.iter().flatten().map(|&&at| (at, 1.0)));
        (row, seen.map(|at| at.is_none()))
    }

    /// Climbs from `from`, or from the prior's mode.
    pub(crate) fn mode(&self, spreads: [f64; 3], from: Option<&[f64]>) -> Mode {
        let sd = |sd: &Sd| match sd {
            Sd::Known(sd) => *sd,
            Sd::Spread(which) => spreads[*which],
        };
        let sds: Vec<f64> = self.sds.iter().map(sd).collect();
        let precisions: Vec<f64> = sds.iter().map(|sd| sd.powi(-2)).collect();
        let mut at = from.map_or_else(|| vec![0.0; sds.len()], <[f64]>::to_vec);
        let mut height = self.log_posterior(&at, &precisions);
        for _ in 0..STEPS {
            let (slope, information) = self.slopes(&at, &precisions);
            let step = information.cholesky().solve(&slope);
            let mut share = 1.0;
            let mut moved = None;
            for _ in 0..HALVINGS {
                let next: Vec<f64> = at.iter().zip(&step).map(|(at, step)| at + share * step).collect();
                let next_height = self.log_posterior(&next, &precisions);
                if next_height >= height {
                    moved = Some((next, next_height));
                    break;
                }
                share /= 2.0;
            }
            let Some((next, next_height)) = moved else { break };
            (at, height) = (next, next_height);
            if step.iter().all(|step| (share * step).abs() < STILL) {
                break;
            }
        }
        let factor = self.slopes(&at, &precisions).1.cholesky();
        let log_sds: f64 = sds.iter().map(|sd| sd.ln()).sum();
        let log_evidence = height - log_sds - 0.5 * factor.log_determinant();
        Mode { at, covariance: factor.inverse(), log_evidence }
    }

    fn log_posterior(&self, at: &[f64], precisions: &[f64]) -> f64 {
        let prior: f64 = at.iter().zip(precisions).map(|(x, precision)| -0.5 * precision * x * x).sum();
        let likelihood: f64 = self.rows.iter().map(|rows| rows.terms(at).log_likelihood).sum();
        prior + likelihood
    }

    /// Slopes and information of the log-posterior.
    fn slopes(&self, at: &[f64], precisions: &[f64]) -> (Vec<f64>, Square) {
        let mut slope: Vec<f64> = at.iter().zip(precisions).map(|(x, precision)| -precision * x).collect();
        let mut information = Square::diagonal(precisions);
        for rows in &self.rows {
            let terms = rows.terms(at);
            let [of_shift, of_both, of_beta] = terms.information;
            for &(i, by) in &rows.shift {
                slope[i] += by * terms.slope[0];
                rows.shift.iter().for_each(|&(j, by_j)| information.add(i, j, by * by_j * of_shift));
            }
            for &(i, by) in &rows.beta {
                slope[i] += by * terms.slope[1];
                rows.beta.iter().for_each(|&(j, by_j)| information.add(i, j, by * by_j * of_beta));
                for &(j, by_j) in &rows.shift {
                    information.add(i, j, by * by_j * of_both);
                    information.add(j, i, by * by_j * of_both);
                }
            }
        }
        (slope, information)
    }
}

impl Rows {
    fn terms(&self, at: &[f64]) -> super::cells::Terms {
        let value = |row: &Row| -> f64 { row.iter().map(|&(k, by)| by * at[k]).sum() };
        self.cell.terms(value(&self.shift), self.start + value(&self.beta))
    }
}
