//! The mode of all unknowns for given spreads, and the normal approximation around it.

use std::collections::BTreeMap;

use super::cells::{Cell, Part, Parts};
use super::matrix::{Spread, Square};
use super::{BASELINE_SD, CHOICE_BAND_SD, CHOICE_MEAN, CHOICE_OWN_SD, CHOICE_PART_SD, CHOICE_SD, EXPERTS_SD, Word};

/// Fisher scoring's steps at most; six are usual.
const STEPS: usize = 60;
/// Halvings of a step that would lead downhill.
const HALVINGS: usize = 12;
/// Steps below this change nothing that is seen.
const STILL: f64 = 1e-6;

const EXPERTS: usize = 0;
const BASELINE: usize = 1;
const CHOICE: usize = 2;
/// How staff choose in each band.
const BANDS: usize = 3;
/// Where unknowns of actions begin: what is wrong with each expert's word, then how staff choose for each action.
const ACTIONS: usize = 6;

/// A linear form of the unknowns: positions and factors.
type Row = Vec<(usize, f64)>;

/// What an unknown's standard deviation is.
#[derive(Clone, Copy)]
enum Sd {
    Known(f64),
    /// One of the three spreads, times the size of the action.
    Spread(usize, f64),
}

/// A cell with the unknowns behind it: which part each moves, and by how much.
struct Known {
    cell: Cell,
    unknowns: Vec<(usize, Part, f64)>,
    start: Parts,
}

/// Cells with the unknowns behind them.
pub(crate) struct Problem {
    words: Vec<Word>,
    known: Vec<Known>,
    sds: Vec<Sd>,
    /// Positions of `u`, `v` and `w` by action and family, action and band, all three. Only of those with cases.
    families: BTreeMap<(usize, usize), usize>,
    bands: BTreeMap<(usize, usize), usize>,
    cells: BTreeMap<(usize, usize, usize), usize>,
}

/// The unknowns at their likeliest.
pub(crate) struct Mode {
    pub(crate) at: Vec<f64>,
    pub(crate) spread: Spread,
    /// Logarithm of the probability of the log given the spreads, up to a constant.
    pub(crate) log_evidence: f64,
}

/// The log-posterior at a point, with its slopes and information.
struct Look {
    at: Vec<f64>,
    height: f64,
    slope: Vec<f64>,
    information: Square,
}

impl Problem {
    /// `starts` are the prior means of each action's `beta`.
    pub(crate) fn new(words: &[Word], starts: &[f64], cells: Vec<Cell>) -> Self {
        let bands = [CHOICE_BAND_SD; 3];
        let mut sds: Vec<Sd> = [EXPERTS_SD, BASELINE_SD, CHOICE_SD].into_iter().chain(bands).map(Sd::Known).collect();
        sds.extend(words.iter().map(|word| Sd::Known(word.own_sd())));
        sds.extend(words.iter().map(|_| Sd::Known(CHOICE_OWN_SD)));
        let mut problem = Self {
            words: words.to_vec(),
            known: Vec::with_capacity(cells.len()),
            sds,
            families: BTreeMap::new(),
            bands: BTreeMap::new(),
            cells: BTreeMap::new(),
        };
        let mut chosen_bands: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for cell in cells {
            let arm = cell.arm;
            let mut unknowns = vec![(BASELINE, Part::Shift, 1.0)];
            let Some(action) = arm.action else {
                problem.known.push(Known { cell, unknowns, start: Parts::default() });
                continue;
            };
            let mut start = [0.0, starts[action]];
            if arm.is_chosen {
                // Their `c` speaks of the baseline too.
                unknowns.clear();
                start[1] -= CHOICE_MEAN;
                let sds = &mut problem.sds;
                let of_band = *chosen_bands.entry((action, arm.band)).or_insert_with(|| add(sds, CHOICE_PART_SD));
                let of_cell = add(sds, CHOICE_PART_SD);
                let of_action = ACTIONS + words.len() + action;
                unknowns
                    .extend([CHOICE, BANDS + arm.band, of_action, of_band, of_cell].map(|at| (at, Part::Beta, -1.0)));
            }
            problem.see(action, arm.family, arm.band);
            let (beta, _) = problem.row(action, Some(arm.family), arm.band);
            unknowns.extend(beta.into_iter().map(|(at, by)| (at, Part::Beta, by)));
            // In order, so that the lower triangle is all below one's own.
            unknowns.sort_by_key(|unknown| unknown.0);
            problem.known.push(Known { cell, unknowns, start });
        }
        problem
    }

    /// Makes room for what is unknown of a cell.
    fn see(&mut self, action: usize, family: usize, band: usize) {
        let (sds, size) = (&mut self.sds, self.words[action].size());
        let mut unknown = |spread| {
            sds.push(Sd::Spread(spread, size));
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
            Sd::Spread(which, size) => spreads[*which] * size,
        };
        let sds: Vec<f64> = self.sds.iter().map(sd).collect();
        let precisions: Vec<f64> = sds.iter().map(|sd| sd.powi(-2)).collect();
        let mut here = self.look(from.map_or_else(|| vec![0.0; sds.len()], <[f64]>::to_vec), &precisions);
        for _ in 0..STEPS {
            let step = here.information.cholesky().solve(&here.slope);
            let Some((next, share)) = self.uphill(&here, &step, &precisions) else { break };
            here = next;
            if step.iter().all(|step| (share * step).abs() < STILL) {
                break;
            }
        }
        let factor = here.information.cholesky();
        let log_sds: f64 = sds.iter().map(|sd| sd.ln()).sum();
        let log_evidence = here.height - log_sds - 0.5 * factor.log_determinant();
        Mode { at: here.at, spread: factor.spread(), log_evidence }
    }

    /// The step, or the first half of it, or of that, that does not lead downhill.
    fn uphill(&self, here: &Look, step: &[f64], precisions: &[f64]) -> Option<(Look, f64)> {
        let mut share = 1.0;
        for _ in 0..HALVINGS {
            let at = here.at.iter().zip(step).map(|(at, step)| at + share * step).collect();
            let next = self.look(at, precisions);
            if next.height >= here.height {
                return Some((next, share));
            }
            share /= 2.0;
        }
        None
    }

    fn look(&self, at: Vec<f64>, precisions: &[f64]) -> Look {
        let mut height: f64 = at.iter().zip(precisions).map(|(x, precision)| -0.5 * precision * x * x).sum();
        let mut slope: Vec<f64> = at.iter().zip(precisions).map(|(x, precision)| -precision * x).collect();
        let mut information = Square::diagonal(precisions);
        for known in &self.known {
            let mut parts = known.start;
            known.unknowns.iter().for_each(|&(i, part, by)| parts[part as usize] += by * at[i]);
            let terms = known.cell.terms(parts);
            height += terms.log_likelihood;
            for &(i, of_i, by_i) in &known.unknowns {
                slope[i] += by_i * terms.slope[of_i as usize];
                for &(j, of_j, by_j) in known.unknowns.iter().take_while(|unknown| unknown.0 <= i) {
                    information.add(i, j, by_i * by_j * terms.information[of_i as usize][of_j as usize]);
                }
            }
        }
        Look { at, height, slope, information }
    }
}

/// Adds an unknown.
fn add(sds: &mut Vec<Sd>, sd: f64) -> usize {
    sds.push(Sd::Known(sd));
    sds.len() - 1
}
