//! From margins to probabilities: which map, fitted on margins of rows that the model did not see.
//!
//! A straight line on log-odds is what a map has to beat: it cannot overfit, and parts of a margin times its slope are
//! parts of the calibrated log-odds. A [beta](Beta) or [isotonic](Isotonic) map is taken where it is better by more than
//! one standard error on subjects that it was not fitted on. Venn-Abers (Vovk and Petej 2014) is no fourth candidate: its
//! middle is an isotonic map. It gives the interval.

mod beta;
mod isotonic;
mod line;
mod venn_abers;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::beta::Beta;
pub use self::isotonic::Isotonic;
pub use self::line::Line;
pub use self::venn_abers::VennAbers;
use crate::data::Dataset;
use crate::math::{margin_loss, mix, sigmoid};

/// How far the level of a model fitted on other rows of the same source is expected to be off, in log-odds.
pub(crate) const SHIFT_SD: f64 = 0.5;

/// Parts of the subjects for calibrating each row by others.
const PARTS: u64 = 5;

/// From a model's margin to a probability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Gives the probability.
    pub map: Map,
    /// Gives its interval.
    pub intervals: VennAbers,
}

/// From margins to log-odds, rising.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Map {
    /// A straight line.
    Line(Line),
    /// A line bent once.
    Beta(Beta),
    /// Steps.
    Isotonic(Isotonic),
}

/// A map that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapResult {
    /// Which.
    pub kind: MapKind,
    /// Log-loss on subjects that it was not fitted on.
    pub log_loss: f64,
    /// Standard error of its log-loss minus the line's, by subjects; 0 for the line.
    pub gap_error: f64,
}

/// A kind of map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MapKind {
    /// Platt's scaled logistic.
    Line,
    /// Beta calibration.
    Beta,
    /// Isotonic calibration.
    Isotonic,
}

/// Margins with what became of them.
pub(crate) struct Rows<'a> {
    margins: &'a [f64],
    labels: Vec<bool>,
    weights: Option<Vec<f64>>,
}

impl Calibration {
    /// Calibrated log-odds.
    pub fn log_odds(&self, margin: f64) -> f64 {
        self.map.log_odds(margin)
    }

    /// The ends of the probability's interval; they hold the probability itself.
    pub fn interval(&self, margin: f64) -> [f64; 2] {
        let [low, high] = self.intervals.interval(margin);
        let probability = sigmoid(self.log_odds(margin));
        [low.min(probability), high.max(probability)]
    }

    /// What does not fit together in one that was read from a file.
    pub(crate) fn is_sound(&self) -> bool {
        let map = match &self.map {
            Map::Line(line) => line.slope > 0.0 && line.slope.is_finite() && line.intercept.is_finite(),
            Map::Beta(beta) => beta.a >= 0.0 && beta.b >= 0.0 && [beta.a, beta.b, beta.c].iter().all(|x| x.is_finite()),
            Map::Isotonic(steps) => steps.is_sound(),
        };
        map && self.intervals.is_sound()
    }
}

impl Map {
    /// Which kind it is.
    pub fn kind(&self) -> MapKind {
        match self {
            Self::Line(_) => MapKind::Line,
            Self::Beta(_) => MapKind::Beta,
            Self::Isotonic(_) => MapKind::Isotonic,
        }
    }

    /// Calibrated log-odds.
    pub fn log_odds(&self, margin: f64) -> f64 {
        match self {
            Self::Line(line) => line.log_odds(margin),
            Self::Beta(beta) => beta.log_odds(margin),
            Self::Isotonic(steps) => steps.log_odds(margin),
        }
    }

    /// How much of a part of the margin is left in the log-odds: parts times this add up to the move from the base's
    /// log-odds to the margin's. A bent map stretches all parts of a row alike.
    pub(crate) fn stretch(&self, base: f64, margin: f64) -> f64 {
        const NEAR: f64 = 1e-12;
        let slope = |from: f64, to: f64| (self.log_odds(to) - self.log_odds(from)) / (to - from);
        match self {
            Self::Line(line) => line.slope,
            _ if (margin - base).abs() > NEAR => slope(base, margin),
            _ => slope(base - 1e-6, base + 1e-6),
        }
    }

    fn fit(kind: MapKind, rows: &Rows<'_>, repeats: f64) -> Self {
        let line = || Self::Line(Line::fit(rows, repeats, SHIFT_SD));
        match kind {
            MapKind::Line => line(),
            MapKind::Beta => Self::Beta(Beta::fit(rows, repeats)),
            MapKind::Isotonic => Isotonic::fit(rows).map_or_else(line, Self::Isotonic),
        }
    }
}

impl fmt::Display for MapKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Line => "line",
            Self::Beta => "beta",
            Self::Isotonic => "isotonic",
        })
    }
}

impl<'a> Rows<'a> {
    /// Rows of a dataset, with their margins in the same order.
    pub(crate) fn new(dataset: &Dataset, rows: &[u32], margins: &'a [f64]) -> Self {
        Self {
            margins,
            labels: rows.iter().map(|&row| dataset.label[row as usize]).collect(),
            weights: Some(rows.iter().map(|&row| f64::from(dataset.weight(row))).collect()),
        }
    }

    #[cfg(test)]
    fn plain(margins: &'a [f64], labels: &[bool]) -> Self {
        Self { margins, labels: labels.to_vec(), weights: None }
    }

    /// Margin, label and weight of each.
    fn iter(&self) -> impl Iterator<Item = (f64, bool, f64)> + '_ {
        let weight = |row| self.weights.as_ref().map_or(1.0, |weights| weights[row]);
        self.margins
            .iter()
            .zip(&self.labels)
            .enumerate()
            .map(move |(row, (&margin, &label))| (margin, label, weight(row)))
    }
}

/// The most probable line for margins of `rows`, given in the same order.
pub(crate) fn line(dataset: &Dataset, rows: &[u32], margins: &[f64], shift_sd: f64) -> Line {
    Line::fit(&Rows::new(dataset, rows, margins), rows_a_leaver(dataset, rows), shift_sd)
}

/// The map that is best for margins of `rows`, and what was tried. `by_line` are the rows' losses by lines that were fitted
/// on other subjects.
pub(crate) fn calibrate(
    dataset: &Dataset,
    rows: &[u32],
    margins: &[f64],
    by_line: &[f64],
    seed: u64,
) -> (Calibration, Vec<MapResult>) {
    let result = |kind, losses: &[f64]| MapResult {
        kind,
        log_loss: weighted_mean(dataset, rows, losses),
        gap_error: gap_error(dataset, rows, losses, by_line),
    };
    let bent = |kind| result(kind, &losses(dataset, rows, &by_others(dataset, rows, margins, seed, kind)));
    let results = vec![result(MapKind::Line, by_line), bent(MapKind::Beta), bent(MapKind::Isotonic)];
    let pays = |result: &&MapResult| result.log_loss + result.gap_error < results[0].log_loss;
    let best = results[1..].iter().filter(pays).min_by(|a, b| a.log_loss.total_cmp(&b.log_loss)).unwrap_or(&results[0]);
    let all = Rows::new(dataset, rows, margins);
    let map = Map::fit(best.kind, &all, rows_a_leaver(dataset, rows));
    let nothing = || VennAbers { upto: vec![0.0], low: vec![0.0], high: vec![1.0] };
    let intervals = VennAbers::fit(&all, rows_a_subject(dataset, rows)).unwrap_or_else(nothing);
    (Calibration { map, intervals }, results)
}

/// Log-odds of rows, each by a map fitted on the rows of other subjects.
pub(crate) fn by_others(dataset: &Dataset, rows: &[u32], margins: &[f64], seed: u64, kind: MapKind) -> Vec<f64> {
    let part = |row: u32| mix(mix(seed, 2), u64::from(dataset.subject[row as usize])) % PARTS;
    let mut log_odds = vec![0.0; rows.len()];
    for left_out in 0..PARTS {
        let others: Vec<usize> = (0..rows.len()).filter(|&index| part(rows[index]) != left_out).collect();
        let other_rows: Vec<u32> = others.iter().map(|&index| rows[index]).collect();
        let other_margins: Vec<f64> = others.iter().map(|&index| margins[index]).collect();
        let known = Rows::new(dataset, &other_rows, &other_margins);
        let map = Map::fit(kind, &known, rows_a_leaver(dataset, &other_rows));
        for (index, &row) in rows.iter().enumerate() {
            if part(row) == left_out {
                log_odds[index] = map.log_odds(margins[index]);
            }
        }
    }
    log_odds
}

/// Log-loss of each row.
pub(crate) fn losses(dataset: &Dataset, rows: &[u32], log_odds: &[f64]) -> Vec<f64> {
    rows.iter().zip(log_odds).map(|(&row, &log_odds)| margin_loss(log_odds, dataset.label[row as usize])).collect()
}

/// Standard error of the difference of two mean losses of the same rows, rows of a subject taken together.
pub(crate) fn gap_error(dataset: &Dataset, rows: &[u32], one: &[f64], other: &[f64]) -> f64 {
    let mut by_subject: BTreeMap<u32, f64> = BTreeMap::new();
    let mut total = 0.0;
    for ((&row, one), other) in rows.iter().zip(one).zip(other) {
        let weight = f64::from(dataset.weight(row));
        *by_subject.entry(dataset.subject[row as usize]).or_default() += weight * (one - other);
        total += weight;
    }
    let n = by_subject.len() as f64;
    if n < 2.0 {
        return 0.0;
    }
    let mean = by_subject.values().sum::<f64>() / n;
    let squares: f64 = by_subject.values().map(|gap| (gap - mean).powi(2)).sum();
    (squares * n / (n - 1.0)).sqrt() / total
}

/// Mean of a loss over rows by their weights.
pub(crate) fn weighted_mean(dataset: &Dataset, rows: &[u32], loss: &[f64]) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for (&row, loss) in rows.iter().zip(loss) {
        let weight = f64::from(dataset.weight(row));
        sum += weight * loss;
        total += weight;
    }
    sum / total
}

/// Mean weight of the leaving rows of a subject that leaves, at least 1.
fn rows_a_leaver(dataset: &Dataset, rows: &[u32]) -> f64 {
    mean_weight(dataset, rows, |row| dataset.label[row as usize])
}

/// Mean weight of the rows of a subject, at least 1.
fn rows_a_subject(dataset: &Dataset, rows: &[u32]) -> f64 {
    mean_weight(dataset, rows, |_| true)
}

fn mean_weight(dataset: &Dataset, rows: &[u32], counts: impl Fn(u32) -> bool) -> f64 {
    let counted = || rows.iter().filter(|&&row| counts(row) && dataset.weight(row) > 0.0);
    let weight: f64 = counted().map(|&row| f64::from(dataset.weight(row))).sum();
    let mut subjects: Vec<u32> = counted().map(|&row| dataset.subject[row as usize]).collect();
    subjects.sort_unstable();
    subjects.dedup();
    (weight / subjects.len().max(1) as f64).max(1.0)
}

#[cfg(test)]
pub(crate) mod tests {
    use domain::{Cutoff, Day};

    use super::*;

    /// Labels of rows whose true log-odds are `true_log_odds(margin)`, drawn by hash, and the margins.
    pub(crate) fn world(rows: usize, true_log_odds: impl Fn(f64) -> f64) -> (Vec<bool>, Vec<f64>) {
        let uniform = |seed, row| (mix(seed, row as u64) >> 11) as f64 / (1u64 << 53) as f64;
        let margins: Vec<f64> = (0..rows).map(|row| uniform(1, row) * 4.0 - 3.0).collect();
        let label = |(row, &margin): (usize, &f64)| uniform(2, row) < sigmoid(true_log_odds(margin));
        (margins.iter().enumerate().map(label).collect(), margins)
    }

    fn chosen(rows: usize, true_log_odds: impl Fn(f64) -> f64) -> Calibration {
        let (label, margins) = world(rows, true_log_odds);
        let ids: Vec<u32> = (0..rows as u32).collect();
        let cutoff = vec![Cutoff(Day(0)); rows];
        let data = Dataset { columns: Vec::new(), label, cutoff, subject: ids.clone(), weight: None };
        let by_line = losses(&data, &ids, &by_others(&data, &ids, &margins, 1, MapKind::Line));
        calibrate(&data, &ids, &margins, &by_line, 1).0
    }

    #[test]
    fn a_bent_map_is_taken_only_where_the_truth_is_bent() {
        assert!(matches!(chosen(20_000, |margin| 0.8 * margin - 0.2).map, Map::Line(_)));
        let steps = |margin: f64| if margin < -1.0 { -3.0 } else { 0.0 };
        assert!(matches!(chosen(20_000, steps).map, Map::Isotonic(_)));
        let bend = Beta { a: 0.3, b: 2.5, c: 0.0 };
        assert!(matches!(chosen(20_000, |margin| bend.log_odds(margin)).map, Map::Beta(_)));
        assert!(matches!(chosen(40, steps).map, Map::Line(_)));
    }
}
