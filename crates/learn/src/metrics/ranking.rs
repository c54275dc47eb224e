//! Scored rows in order of their score.

/// Rows sorted by probability, highest first, with the weight of each.
#[derive(Clone, Debug)]
pub struct Ranking {
    rows: Vec<Ranked>,
}

/// A scored row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// The score.
    pub probability: f64,
    /// What happened.
    pub label: bool,
    /// How much the row counts.
    pub weight: f64,
    /// Its place among the rows that the ranking was made of.
    pub index: u32,
}

impl Ranking {
    /// Sorts rows; without weights each counts 1. Equal scores keep their order, which no metric depends on.
    ///
    /// # Panics
    /// Where the slices differ in length.
    pub fn new(probability: &[f64], label: &[bool], weight: Option<&[f64]>) -> Self {
        assert!(probability.len() == label.len() && weight.is_none_or(|weight| weight.len() == label.len()));
        let row = |index: usize| Ranked {
            probability: probability[index],
            label: label[index],
            weight: weight.map_or(1.0, |weight| weight[index]),
            index: index as u32,
        };
        let mut rows: Vec<Ranked> = (0..label.len()).map(row).collect();
        rows.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        Self { rows }
    }

    /// The rows, highest score first.
    pub fn rows(&self) -> &[Ranked] {
        &self.rows
    }

    /// The same rows, each weighing `weight(index)` times as much.
    #[must_use]
    pub fn reweighted(&self, weight: impl Fn(u32) -> f64) -> Self {
        let reweight = |row: &Ranked| Ranked { weight: row.weight * weight(row.index), ..*row };
        Self { rows: self.rows.iter().map(reweight).collect() }
    }

    /// Runs of rows with the same score, highest first.
    pub(super) fn ties(&self) -> impl Iterator<Item = &[Ranked]> {
        self.rows.chunk_by(|a, b| a.probability == b.probability)
    }

    /// Total weight, and that of leaving rows.
    pub fn totals(&self) -> (f64, f64) {
        let mut totals = (0.0, 0.0);
        for row in &self.rows {
            totals.0 += row.weight;
            totals.1 += if row.label { row.weight } else { 0.0 };
        }
        totals
    }

    /// Mean of `value` over rows; nothing where no row has weight.
    pub(super) fn mean(&self, value: impl Fn(&Ranked) -> f64) -> Option<f64> {
        let (mut sum, mut total) = (0.0, 0.0);
        for row in &self.rows {
            sum += row.weight * value(row);
            total += row.weight;
        }
        (total > 0.0).then(|| sum / total)
    }
}
