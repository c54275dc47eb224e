//! What actions do, learned from few cases: a hierarchical Bayes model of effects by action, reason family and band.
//!
//! **Model.** A case with score `p`, arm `a`, family `f` and band `b` leaves with probability
//!
//! ```text
//! q    = sigmoid(logit p + d) exp(-beta)       where chance or a stated rule chose
//! q    = p exp(c - beta)                       where staff did
//! beta = x_a + k_a + x_a g + own_a + u_af + v_ab + w_afb         (0 for controls)
//! ```
//!
//! `beta` is minus the logarithm of a relative risk, so that the effect of the crate's documentation is
//! `e = 1 - exp(-beta)`: below 1, above 0 where the action helps and **below 0 where it drives away**. All letters but
//! `x_a`, `k_a` are unknown, normal around 0 and independent:
//!
//! | letter | what it is | standard deviation |
//! |---|---|---|
//! | `x_a` | the expert's word as a logarithm: `-ln(1 - e_a)` | known |
//! | `k_a` | keeps the prior mean of `e`, not of its logarithm, at the expert's word | known |
//! | `g` | how much all experts overstate (below 0) or understate, learned from every action's outcomes | `EXPERTS_SD` |
//! | `own_a` | what is wrong with this expert's word: that of `Beta(e w, (1 - e) w)` with `w = prior_cases`, carried to `beta` by the delta method, and a doubt in proportion to it | `sqrt(e / ((1 - e)(w + 1)) + (OWN_DOUBT x_a)^2)` |
//! | `u`, `v`, `w` | how families, bands and cells of one action differ | half-normal, of the scales in [`SPREADS`] times the action's size, `x_a + LEAST_SIZE` |
//! | `d` | how much likelier those in the log leave than their score says; controls of a trial tell | `BASELINE_SD` |
//! | `c` | how much likelier those leave whom staff chose by what the score does not see, as the logarithm of a ratio. A common part, with a mean above 0, and parts of the band, the action and the cell | `CHOICE_SD`, `CHOICE_BAND_SD`, `CHOICE_OWN_SD`, `CHOICE_PART_SD` |
//!
//! `c` is a bias parameter (Greenland 2005, Multiple-bias modelling, JRSS A 168): cases that nobody drew say something
//! of an effect, and never more than the doubt about how they were chosen lets them. Randomised cases tell `c` apart. It
//! stands on the scale of `beta`, so that within a cell nothing else does: were it, or `d`, a shift of log-odds there, the curve of
//! the logistic function would, and no data could show whether that curve is right.
//!
//! **Inference.** As in INLA (Rue, Martino and Chopin 2009, JRSS B 71): for each point of a grid over the three spreads, the
//! mode of all unknowns by Fisher scoring, a normal approximation there, and by it the evidence of the point; answers are
//! mixtures over the grid. Half-normal priors of spreads: Gelman 2006, Prior distributions for variance parameters,
//! Bayesian Analysis 1. Nothing is drawn, so that the same log gives the same answer.
//!
//! **Assumptions.** Given score, family and band, an arm that chance or a stated rule assigned is independent of how the
//! subject would end. Within a cell an action's relative effect does not depend on the score. `q` is capped at
//! [`MOST`]: where an action harms those who leave almost surely, there is nothing left to learn.

mod cells;
mod matrix;
mod mode;

use statrs::distribution::{ContinuousCDF, Normal};

use crate::chance::Mixture;
pub(crate) use cells::{Arm, Case, Cell, cells};
use mode::{Mode, Problem};

/// Doubt about all experts together: a word that is half or one and a half of the truth would surprise little.
const EXPERTS_SD: f64 = 0.35;
/// Doubt about one expert beside the others, as a share of the word.
const OWN_DOUBT: f64 = 0.2;
/// Odds a third higher or lower than scored would surprise little.
const BASELINE_SD: f64 = 0.3;
/// Staff act where they see trouble: a risk a fifth above the score would be usual, none and a half more not rare.
const CHOICE_MEAN: f64 = 0.2;
const CHOICE_SD: f64 = 0.3;
/// How much that differs by band (of a low score only the worst off are chosen), by action, and by what is left: an action's
/// bands and cells.
const CHOICE_BAND_SD: f64 = 0.3;
const CHOICE_OWN_SD: f64 = 0.2;
const CHOICE_PART_SD: f64 = 0.15;
/// Probabilities to leave end here.
pub(crate) const MOST: f64 = 0.98;
/// Scales of the half-normal priors of the spreads of families, bands and cells, as shares of the action's size, and points
/// of the grid along each.
const SPREADS: [(f64, usize); 3] = [(0.4, 4), (0.25, 2), (0.2, 2)];
/// The size of an action of which nothing is expected.
const LEAST_SIZE: f64 = 0.2;
/// Grid points of less weight add nothing that is seen.
const LEAST_WEIGHT: f64 = 1e-4;

/// An expert's word about one action.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Word {
    /// The share of would-be leavers that it is to keep, in (0, 1).
    pub(crate) effect: f64,
    /// How many cases it weighs.
    pub(crate) cases: f64,
}

/// The fitted model.
pub(crate) struct Hierarchy {
    words: Vec<Word>,
    lifts: Vec<f64>,
    problem: Problem,
    /// Points of the grid with their weights, the most likely ones.
    points: Vec<(f64, [f64; 3], Mode)>,
}

impl Word {
    fn log(self) -> f64 {
        -(-self.effect).ln_1p()
    }

    /// What spreads are shares of: an action of which little is expected cannot differ much.
    fn size(self) -> f64 {
        self.log() + LEAST_SIZE
    }

    fn own_sd(self) -> f64 {
        let of_beta = self.effect / ((1.0 - self.effect) * (self.cases + 1.0));
        (of_beta + (OWN_DOUBT * self.log()).powi(2)).sqrt()
    }

    /// Variance of `beta` before any case.
    fn variance(self, spreads: [f64; 3]) -> f64 {
        (EXPERTS_SD * self.log()).powi(2)
            + self.own_sd().powi(2)
            + spreads.iter().map(|spread| (spread * self.size()).powi(2)).sum::<f64>()
    }
}

impl Hierarchy {
    /// Fits the model to cells of cases.
    pub(crate) fn fit(words: Vec<Word>, cells: Vec<Cell>) -> Self {
        let grid = grid();
        let lift = |word: &Word| {
            let mean: f64 = grid.iter().map(|&spreads| (0.5 * word.variance(spreads)).exp()).sum();
            (mean / grid.len() as f64).ln()
        };
        let lifts: Vec<f64> = words.iter().map(lift).collect();
        let starts: Vec<f64> = words.iter().zip(&lifts).map(|(word, lift)| word.log() + lift).collect();
        let problem = Problem::new(&words, &starts, cells);
        let mut points: Vec<(f64, [f64; 3], Mode)> = Vec::with_capacity(grid.len());
        for spreads in grid {
            // Neighbours on the grid have nearly the same mode.
            let from = points.last().map(|(_, _, mode)| mode.at.as_slice());
            let mode = problem.mode(spreads, from);
            points.push((mode.log_evidence, spreads, mode));
        }
        let most = points.iter().map(|point| point.0).fold(f64::NEG_INFINITY, f64::max);
        points.iter_mut().for_each(|point| point.0 = (point.0 - most).exp());
        let sum: f64 = points.iter().map(|point| point.0).sum();
        points.retain(|point| point.0 > LEAST_WEIGHT * sum);
        let kept: f64 = points.iter().map(|point| point.0).sum();
        points.iter_mut().for_each(|point| point.0 /= kept);
        Self { words, lifts, problem, points }
    }

    /// The posterior of `beta` for an action on a family of the log (by its position there, or one that is not there)
    /// and a band.
    pub(crate) fn beta(&self, action: usize, family: Option<usize>, band: usize) -> Mixture {
        let start = self.words[action].log() + self.lifts[action];
        let (row, unseen) = self.problem.row(action, family, band);
        let size = self.words[action].size();
        let part = |(weight, spreads, mode): &(f64, [f64; 3], Mode)| {
            let mean = start + row.iter().map(|&(at, by)| by * mode.at[at]).sum::<f64>();
            let mut variance = mode.spread.variance(&row);
            for (is_unseen, spread) in unseen.iter().zip(spreads) {
                variance += if *is_unseen { (spread * size).powi(2) } else { 0.0 };
            }
            (*weight, mean, variance.sqrt())
        };
        Mixture(self.points.iter().map(part).collect())
    }
}

/// Spreads of families, bands and cells: midpoints of equal shares of their priors, so that all points weigh the same.
fn grid() -> Vec<[f64; 3]> {
    let along = |(scale, points): (f64, usize)| -> Vec<f64> {
        let share = |k: usize| (k as f64 + 0.5) / points as f64;
        (0..points).map(|k| scale * Normal::standard().inverse_cdf(0.5 + 0.5 * share(k))).collect()
    };
    let [families, bands, cells] = SPREADS.map(along);
    let mut grid = Vec::with_capacity(families.len() * bands.len() * cells.len());
    for &family in &families {
        for &band in &bands {
            grid.extend(cells.iter().map(|&cell| [family, band, cell]));
        }
    }
    grid
}
