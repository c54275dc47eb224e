//! Boosted trees alone: any loss, any numbers, without encoders, validation and calibration of a whole [`fit`](crate::fit()).

use rayon::prelude::*;

use super::{BoostSettings, Ensemble, Loss, Task, Watched, run};
use crate::bins::{BinnedColumn, MOST_BINS};
use crate::data::{Column, Values};
use crate::error::FitError;

/// What to learn from. Categories are split by sets of levels; the feature of a category is the number of its level.
#[derive(Clone, Copy, Debug)]
pub struct TreeData<'a> {
    /// The features.
    pub columns: &'a [Column],
    /// What to predict, by row.
    pub target: &'a [f32],
    /// Importance of each row, from 0.
    pub weight: Option<&'a [f32]>,
    /// Rows of the same number are drawn together.
    pub subject: Option<&'a [u32]>,
}

/// How to fit.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeFit {
    /// What is minimised.
    pub loss: Loss,
    /// How trees are grown.
    pub boost: BoostSettings,
    /// For each column: 1 where the margin may only rise with it, -1 where it may only fall, else 0. Empty for none.
    pub directions: Vec<i8>,
    /// Bins of a column, at most 255.
    pub bins: usize,
    /// Decides every draw.
    pub seed: u64,
    /// Models of different seeds that are averaged.
    pub chains: usize,
}

impl Default for TreeFit {
    fn default() -> Self {
        Self {
            loss: Loss::Logistic,
            boost: BoostSettings::default(),
            directions: Vec::new(),
            bins: MOST_BINS,
            seed: 1,
            chains: 1,
        }
    }
}

/// Columns binned once, to fit trees to many targets on many sets of their rows. Edges of bins are read from all rows.
pub struct TreeTable {
    columns: Vec<BinnedColumn>,
    rows: usize,
}

impl TreeTable {
    /// Bins columns into at most `bins` bins, up to 255.
    pub fn new(columns: &[Column], bins: usize) -> Result<Self, FitError> {
        let rows = columns.first().map_or(0, Column::rows);
        check_columns(columns, rows)?;
        let every: Vec<u32> = (0..rows as u32).collect();
        Ok(Self { columns: bin(columns, &every, bins), rows })
    }

    /// Fits trees to a target, of the whole table's length, on `rows`; with `watched` rows, as many trees as have the least
    /// loss on those. Settings' `bins` and `directions` are not looked at.
    pub fn fit(
        &self,
        target: &[f32],
        rows: &[u32],
        watched: Option<&[u32]>,
        settings: &TreeFit,
    ) -> Result<Ensemble, FitError> {
        if target.len() != self.rows {
            return Err(FitError::Length { column: "target".to_owned(), expected: self.rows, found: target.len() });
        }
        if rows.is_empty() {
            return Err(FitError::NoRows);
        }
        let looked_at = rows.iter().chain(watched.unwrap_or_default());
        if let Some(&row) = looked_at.clone().find(|&&row| row as usize >= self.rows) {
            return Err(FitError::Setting { setting: "rows", problem: format!("row {row} is not in the table") });
        }
        if let Some(row) = looked_at.map(|&row| row as usize).find(|&row| !settings.loss.allows(target[row])) {
            return Err(FitError::Target { row, target: target[row], loss: settings.loss });
        }
        let columns: Vec<&BinnedColumn> = self.columns.iter().collect();
        let task = Task {
            loss: settings.loss,
            columns: &columns,
            usable: None,
            directions: &vec![0; columns.len()],
            target,
            weight: None,
            subject: None,
            rows,
            seed: settings.seed,
            chains: settings.chains,
        };
        Ok(best(&task, settings, watched))
    }
}

/// Fits trees on the rows outside `watched`; with it, as many as have the least loss on the watched rows.
pub fn fit_trees(data: &TreeData<'_>, settings: &TreeFit, watched: Option<&[u32]>) -> Result<Ensemble, FitError> {
    check(data, settings)?;
    let mut is_watched = vec![false; data.target.len()];
    for &row in watched.unwrap_or_default() {
        let Some(one) = is_watched.get_mut(row as usize) else {
            return Err(FitError::Setting { setting: "watched", problem: format!("row {row} is not in the table") });
        };
        *one = true;
    }
    let rows: Vec<u32> = (0..data.target.len() as u32).filter(|&row| !is_watched[row as usize]).collect();
    if rows.is_empty() {
        return Err(FitError::NoRows);
    }
    let columns = bin(data.columns, &rows, settings.bins);
    let columns: Vec<&BinnedColumn> = columns.iter().collect();
    let mut directions = settings.directions.clone();
    directions.resize(columns.len(), 0);
    let task = Task {
        loss: settings.loss,
        columns: &columns,
        usable: None,
        directions: &directions,
        target: data.target,
        weight: data.weight,
        subject: data.subject,
        rows: &rows,
        seed: settings.seed,
        chains: settings.chains,
    };
    Ok(best(&task, settings, watched))
}

/// As many rounds as have the least loss on the watched rows; all where none are watched.
fn best(task: &Task<'_>, settings: &TreeFit, watched: Option<&[u32]>) -> Ensemble {
    let mut chains = run(task, &settings.boost, watched.map(|rows| Watched { rows, at_least: 0 }));
    if let Some(best) = (0..chains.curve.len()).min_by(|&a, &b| chains.curve[a].total_cmp(&chains.curve[b])) {
        chains.rounds.truncate(best);
    }
    chains.into_ensemble()
}

fn bin(columns: &[Column], rows: &[u32], bins: usize) -> Vec<BinnedColumn> {
    let bin = |column: &Column| match &column.values {
        Values::Number(values) => BinnedColumn::with_bins(values, rows, bins),
        Values::Category { codes, .. } => BinnedColumn::category(codes, rows),
    };
    columns.par_iter().map(bin).collect()
}

fn check(data: &TreeData<'_>, settings: &TreeFit) -> Result<(), FitError> {
    let expected = data.target.len();
    let sides = [data.weight.map(|weight| ("weight", weight.len())), data.subject.map(|s| ("subject", s.len()))];
    for (column, found) in sides.into_iter().flatten() {
        if found != expected {
            return Err(FitError::Length { column: column.to_owned(), expected, found });
        }
    }
    check_columns(data.columns, expected)?;
    if let Some(weights) = data.weight
        && let Some(row) = weights.iter().position(|weight| !weight.is_finite() || *weight < 0.0)
    {
        return Err(FitError::Weight { row, weight: weights[row] });
    }
    if let Some(row) = data.target.iter().position(|&target| !settings.loss.allows(target)) {
        return Err(FitError::Target { row, target: data.target[row], loss: settings.loss });
    }
    if let Loss::Quantile(share) = settings.loss
        && !(share > 0.0 && share < 1.0)
    {
        return Err(FitError::Setting { setting: "loss", problem: "a quantile must lie between 0 and 1".into() });
    }
    if settings.directions.len() > data.columns.len() {
        return Err(FitError::Setting { setting: "directions", problem: "there are more than columns".into() });
    }
    Ok(())
}

fn check_columns(columns: &[Column], expected: usize) -> Result<(), FitError> {
    for column in columns {
        if column.rows() != expected {
            return Err(FitError::Length { column: column.name.clone(), expected, found: column.rows() });
        }
        if let Some((row, code, levels)) = column.bad_code() {
            return Err(FitError::CodeOutOfRange { column: column.name.clone(), row, code, levels });
        }
    }
    Ok(())
}
