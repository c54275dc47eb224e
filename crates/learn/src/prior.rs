//! A kit's prior model: what experience says before an organisation has many leavers of its own.

use serde::{Deserialize, Serialize};

use crate::calibrate::line;
use crate::data::Dataset;
use crate::linear::{Linear, Shape, Term};

/// How far an organisation's level may lie from the kit's, in log-odds: seven times more or fewer leavers are no surprise.
const LEVEL_SD: f64 = 2.0;

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
        let line = line(dataset, rows, &margins, LEVEL_SD);
        model.intercept = line.log_odds(model.intercept);
        for term in &mut model.terms {
            term.weight *= line.slope;
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

#[cfg(test)]
mod tests {
    use domain::{Cutoff, Day};

    use super::*;
    use crate::math::sigmoid;

    #[test]
    fn the_level_is_the_data_s_and_the_order_the_kit_s() {
        // 40 of 1000 leave, while the kit says about 40 percent.
        let rows: Vec<u32> = (0..1000).collect();
        let missed: Vec<f32> = rows.iter().map(|row| (row % 10) as f32).collect();
        let dataset = Dataset {
            columns: Vec::new(),
            label: rows.iter().map(|row| row % 25 == 8).collect(),
            cutoff: vec![Cutoff(Day(0)); 1000],
            subject: rows.clone(),
            weight: None,
        };
        let prior = PriorModel { intercept: -0.5, weights: vec![("missed".into(), 0.2), ("unknown".into(), 1.0)] };
        let model = prior.fit(&dataset, &[&missed], &[Some("missed")], &rows).expect("one column is there");
        let margins = model.margins(&[&missed], 1000);
        let mean = margins.iter().map(|&margin| sigmoid(margin)).sum::<f64>() / 1000.0;
        assert!((0.035..0.05).contains(&mean), "{mean}");
        assert!(margins[..10].is_sorted());
        assert_eq!(prior.fit(&dataset, &[&missed], &[Some("other")], &rows), None);
    }
}
