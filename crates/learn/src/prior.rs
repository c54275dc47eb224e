//! A kit's prior model: what experience says before an organisation has many leavers of its own.

use serde::{Deserialize, Serialize};

use crate::calibrate::calibrate;
use crate::data::Dataset;
use crate::linear::{Linear, Shape, Term};

/// A logistic model stated by hand, by column name and in the columns' own units.
///
/// `margin = intercept + sum weight * (x - mean of x)`: the intercept is the log-odds of an average subject. Columns that
/// the data lacks or that are categories are passed over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriorModel {
    /// Log-odds of an average subject.
    pub intercept: f64,
    /// Log-odds for one more of a column: one more lesson missed in a row, one more day overdue.
    pub weights: Vec<(String, f64)>,
}

impl PriorModel {
    /// The model on this data: means and clipping from its rows; level and overall strength follow its labels as far as
    /// these are many enough to tell. Nothing where none of the columns is there.
    ///
    /// `features` are feature-major, `names` say the input column of each feature and nothing for parts of categories.
    pub(crate) fn fit(
        &self,
        dataset: &Dataset,
        features: &[&[f32]],
        names: &[Option<&str>],
        rows: &[u32],
    ) -> Option<Linear> {
        let mut terms = Vec::new();
        for (feature, name) in names.iter().enumerate() {
            let Some((_, weight)) = self.weights.iter().find(|(column, _)| Some(column.as_str()) == *name) else {
                continue;
            };
            let values = rows.iter().map(|&row| (features[feature][row as usize], f64::from(dataset.weight(row))));
            let Some(shape) = Shape::fit(values) else { continue };
            let shape = in_own_units(shape, features[feature], dataset, rows);
            terms.push(Term { feature: feature as u32, shape, weight: *weight, missing_weight: 0.0 });
        }
        if terms.is_empty() {
            return None;
        }
        let mut model = Linear { intercept: self.intercept, terms };
        let all = model.margins(features, dataset.rows());
        let margins: Vec<f64> = rows.iter().map(|&row| all[row as usize]).collect();
        let calibration = calibrate(dataset, rows, &margins);
        model.intercept = calibration.slope * model.intercept + calibration.intercept;
        for term in &mut model.terms {
            term.weight *= calibration.slope;
        }
        Some(model)
    }
}

/// The shape with clipping only: no logarithm, scale 1.
fn in_own_units(shape: Shape, values: &[f32], dataset: &Dataset, rows: &[u32]) -> Shape {
    let mut plain = Shape { log: false, mean: 0.0, scale: 1.0, ..shape };
    let (mut sum, mut total) = (0.0, 0.0);
    for &row in rows {
        let (value, weight) = (values[row as usize], f64::from(dataset.weight(row)));
        if !value.is_nan() {
            sum += weight * plain.straighten(value);
            total += weight;
        }
    }
    plain.mean = sum / f64::max(total, f64::MIN_POSITIVE);
    plain
}
