//! Whether probabilities are probabilities: what was said against what happened on kept-apart rows.
//!
//! Bins are of equal weight. The calibration error is `sum of weight * |said - happened|` over ten of them (Naeini et al.
//! 2015); even a perfect model has some on a finite sample, which [`Calibration::error_if_perfect`] simulates by drawing what
//! happens from what was said. Slope and intercept are those of a logistic regression of what happened on the log-odds said
//! (Cox 1958): 1 and 0 for a calibrated model; a slope below 1 means that it is too sure of itself.

use learn::metrics::{Ranking, brier, brier_skill, calibration_error, reliability};
use serde::Serialize;

use crate::draw::{mix, uniform};
use crate::estimate::{Estimate, Subjects};
use crate::platt::{Line, logit};
use crate::{Input, Settings};

/// Bins of the reliability curve.
const BINS: usize = 10;

/// Worlds in which every probability is right.
const PERFECT_WORLDS: u64 = 40;

/// What was said against what happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Rows judged.
    pub rows: usize,
    /// Lowest scores first.
    pub bins: Vec<Bin>,
    /// Expected calibration error.
    pub error: Estimate,
    /// What it would be on average if every probability were right.
    pub error_if_perfect: f64,
    /// Brier score.
    pub brier: Estimate,
    /// 1 minus Brier score against that of the base rate.
    pub brier_skill: Estimate,
    /// Slope of what happened on log-odds said.
    pub slope: Estimate,
    /// Intercept of the same.
    pub intercept: Estimate,
    /// Mean probability said.
    pub mean_said: f64,
    /// Share that left.
    pub mean_happened: f64,
    /// Maps from scores to probabilities that were tried.
    pub maps: Vec<MapTried>,
}

/// Rows of neighbouring scores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Rows.
    pub rows: usize,
    /// Mean probability said.
    pub said: f64,
    /// Share that left, with Wilson's interval, which takes rows for independent.
    pub happened: Estimate,
}

/// A map that was tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MapTried {
    /// Which.
    pub kind: MapKind,
    /// Log-loss on subjects that it was not fitted on.
    pub log_loss: f64,
    /// Standard error of its log-loss minus the line's; 0 for the line.
    pub gap_error: f64,
    /// Whether the model uses it.
    pub is_taken: bool,
}

/// A map from scores to probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MapKind {
    /// Straight on log-odds.
    Line,
    /// Bent once.
    Beta,
    /// Steps.
    Isotonic,
}

impl From<learn::MapKind> for MapKind {
    fn from(kind: learn::MapKind) -> Self {
        match kind {
            learn::MapKind::Line => Self::Line,
            learn::MapKind::Beta => Self::Beta,
            learn::MapKind::Isotonic => Self::Isotonic,
        }
    }
}

/// Holds what was said against what happened. `subject` is that of each row of the ranking.
pub(crate) fn calibration(
    input: &Input<'_>,
    ranking: &Ranking,
    subject: &[u32],
    subjects: &Subjects,
    settings: &Settings,
) -> Calibration {
    let redrawn = subjects.redraw(|times| {
        let redrawn = ranking.reweighted(|index| times[index as usize]);
        [calibration_error, brier, brier_skill].map(|metric| metric(&redrawn).unwrap_or(f64::NAN)).to_vec()
    });
    let (slope, intercept) = line(ranking, subject);
    let (total, leaving) = ranking.totals();
    let said: f64 = ranking.rows().iter().map(|row| row.weight * row.probability).sum();
    let bins = reliability(ranking, BINS);
    let taken = input.model.calibration.map.kind();
    let map = |tried: &learn::MapResult| MapTried {
        kind: tried.kind.into(),
        log_loss: tried.log_loss,
        gap_error: tried.gap_error,
        is_taken: tried.kind == taken,
    };
    Calibration {
        rows: ranking.rows().len(),
        bins: bins
            .iter()
            .map(|bin| Bin {
                rows: bin.weight.round() as usize,
                said: bin.said,
                happened: Estimate { value: bin.happened, low: bin.interval_95[0], high: bin.interval_95[1] },
            })
            .collect(),
        error: redrawn.estimate(0),
        error_if_perfect: error_if_perfect(ranking, subject, mix(settings.seed, 91)),
        brier: redrawn.estimate(1),
        brier_skill: redrawn.estimate(2),
        slope,
        intercept,
        mean_said: said / total,
        mean_happened: leaving / total,
        maps: input.evaluation.maps.iter().map(map).collect(),
    }
}

/// Slope and intercept; 1 and 0 without width where there is no likeliest line.
fn line(ranking: &Ranking, subject: &[u32]) -> (Estimate, Estimate) {
    let rows: Vec<(f64, bool, f64)> =
        ranking.rows().iter().map(|row| (logit(row.probability), row.label, row.weight)).collect();
    let Some(line) = Line::fit(&rows) else { return (Estimate::exact(1.0), Estimate::exact(0.0)) };
    let with_subject =
        ranking.rows().iter().map(|row| (subject[row.index as usize], logit(row.probability), row.label, row.weight));
    let mut by_subject: Vec<(u32, f64, bool, f64)> = with_subject.collect();
    by_subject.sort_by_key(|row| row.0);
    let [slope, intercept] = line.errors(&by_subject);
    let anywhere = [f64::NEG_INFINITY, f64::INFINITY];
    (Estimate::normal(line.slope, slope, anywhere), Estimate::normal(line.intercept, intercept, anywhere))
}

/// The mean calibration error of worlds in which rows leave as likely as was said. One draw a subject: rows of a subject
/// leave together as far as they were said to.
fn error_if_perfect(ranking: &Ranking, subject: &[u32], seed: u64) -> f64 {
    let rows = ranking.rows();
    let probability: Vec<f64> = rows.iter().map(|row| row.probability).collect();
    let weight: Vec<f64> = rows.iter().map(|row| row.weight).collect();
    let world = |world: u64| {
        let seed = mix(seed, world);
        let leaves =
            rows.iter().map(|row| uniform(mix(seed, u64::from(subject[row.index as usize]))) < row.probability);
        let label: Vec<bool> = leaves.collect();
        calibration_error(&Ranking::new(&probability, &label, Some(&weight))).unwrap_or(0.0)
    };
    (0..PERFECT_WORLDS).map(world).sum::<f64>() / PERFECT_WORLDS as f64
}
