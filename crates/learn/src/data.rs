//! What is learned from: columns, and for every row who it is about, when it was seen and what came of it.

use std::collections::HashSet;

use domain::Cutoff;

use crate::error::{FitError, PredictError};

/// The code of a category's missing value.
pub const MISSING: u32 = u32::MAX;

/// Rows to learn from. A row is a subject at a cutoff; all vectors are as long as `label`.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// What was known at the cutoff.
    pub columns: Vec<Column>,
    /// Whether the subject left within the horizon.
    pub label: Vec<bool>,
    /// When the row was seen.
    pub cutoff: Vec<Cutoff>,
    /// Who it is about: rows of one subject are never taken for independent ones.
    pub subject: Vec<u32>,
    /// How much a row counts; nothing: each counts 1.
    pub weight: Option<Vec<f32>>,
}

/// A named column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Columns are matched by name when a model scores new rows.
    pub name: String,
    /// One value a row.
    pub values: Values,
}

/// Values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Numbers; NaN is missing, an infinity counts as the largest number of its sign.
    Number(Vec<f32>),
    /// Categories.
    Category {
        /// Index into `levels`, or [`MISSING`].
        codes: Vec<u32>,
        /// Names, in any order: a model knows levels by name.
        levels: Vec<String>,
    },
}

impl Column {
    /// A column of numbers.
    pub fn number(name: impl Into<String>, values: Vec<f32>) -> Self {
        Self { name: name.into(), values: Values::Number(values) }
    }

    /// A column of categories.
    pub fn category(name: impl Into<String>, codes: Vec<u32>, levels: Vec<String>) -> Self {
        Self { name: name.into(), values: Values::Category { codes, levels } }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        match &self.values {
            Values::Number(values) => values.len(),
            Values::Category { codes, .. } => codes.len(),
        }
    }

    /// The column of these rows only.
    #[must_use]
    pub fn take(&self, rows: &[u32]) -> Self {
        let values = match &self.values {
            Values::Number(values) => Values::Number(rows.iter().map(|&row| values[row as usize]).collect()),
            Values::Category { codes, levels } => Values::Category {
                codes: rows.iter().map(|&row| codes[row as usize]).collect(),
                levels: levels.clone(),
            },
        };
        Self { name: self.name.clone(), values }
    }

    /// `number` or `category`.
    pub fn kind(&self) -> &'static str {
        match self.values {
            Values::Number(_) => "number",
            Values::Category { .. } => "category",
        }
    }

    fn varies(&self) -> bool {
        match &self.values {
            Values::Number(values) => {
                let mut keys = values.iter().map(|v| if v.is_nan() { None } else { Some(*v) });
                let first = keys.next();
                first.is_some_and(|first| keys.any(|key| key != first))
            }
            Values::Category { codes, .. } => codes.windows(2).any(|pair| pair[0] != pair[1]),
        }
    }

    /// The first row whose code has no level.
    pub(crate) fn bad_code(&self) -> Option<(usize, u32, usize)> {
        let Values::Category { codes, levels } = &self.values else { return None };
        let row = codes.iter().position(|&code| code != MISSING && code as usize >= levels.len())?;
        Some((row, codes[row], levels.len()))
    }
}

impl Dataset {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.label.len()
    }

    /// The weight of a row.
    pub fn weight(&self, row: u32) -> f32 {
        self.weight.as_ref().map_or(1.0, |weights| weights[row as usize])
    }

    /// Subjects with at least one leaving row, and subjects with at least one other row.
    pub fn leavers_and_stayers(&self) -> (usize, usize) {
        let subjects_with = |label: bool| {
            let rows = self.label.iter().zip(&self.subject).enumerate();
            let mut subjects: Vec<u32> = rows
                .filter(|&(row, (&l, _))| l == label && self.weight(row as u32) > 0.0)
                .map(|(_, (_, &subject))| subject)
                .collect();
            subjects.sort_unstable();
            subjects.dedup();
            subjects.len()
        };
        (subjects_with(true), subjects_with(false))
    }

    /// Whether anything can be learned from it.
    pub(crate) fn check(&self) -> Result<(), FitError> {
        let rows = self.rows();
        if rows == 0 {
            return Err(FitError::NoRows);
        }
        if self.columns.is_empty() {
            return Err(FitError::NoColumns);
        }
        let sides = [("cutoff", self.cutoff.len()), ("subject", self.subject.len())];
        let weight = self.weight.as_ref().map(|weights| ("weight", weights.len()));
        let columns = self.columns.iter().map(|column| (column.name.as_str(), column.rows()));
        for (column, found) in sides.into_iter().chain(weight).chain(columns) {
            if found != rows {
                return Err(FitError::Length { column: column.to_owned(), expected: rows, found });
            }
        }
        let mut names = HashSet::new();
        for column in &self.columns {
            if !names.insert(column.name.as_str()) {
                return Err(FitError::DuplicateColumn { column: column.name.clone() });
            }
            if let Some((row, code, levels)) = column.bad_code() {
                return Err(FitError::CodeOutOfRange { column: column.name.clone(), row, code, levels });
            }
        }
        if let Some(row) = self.weight.iter().flatten().position(|w| !w.is_finite() || *w < 0.0) {
            return Err(FitError::Weight { row, weight: self.weight(row as u32) });
        }
        if !self.columns.iter().any(Column::varies) {
            return Err(FitError::AllConstant { columns: self.columns.len() });
        }
        let (leavers, stayers) = self.leavers_and_stayers();
        if leavers == 0 || stayers == 0 {
            return Err(FitError::OneClass { rows, leaving: stayers == 0 });
        }
        if leavers < 2 || stayers < 2 {
            return Err(FitError::TooFewSubjects { leavers, stayers });
        }
        Ok(())
    }
}

/// The number of rows of a table to score, when its columns agree on it.
pub(crate) fn check_columns(columns: &[Column]) -> Result<usize, PredictError> {
    let expected = columns.first().map_or(0, Column::rows);
    for column in columns {
        let found = column.rows();
        if found != expected {
            return Err(PredictError::Length { column: column.name.clone(), expected, found });
        }
        if let Some((row, code, levels)) = column.bad_code() {
            return Err(PredictError::CodeOutOfRange { column: column.name.clone(), row, code, levels });
        }
    }
    Ok(expected)
}
