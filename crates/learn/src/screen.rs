//! What a single column says of the label: the leak check asks this of each.

use crate::bins::BinnedColumn;
use crate::data::{Column, Dataset, MISSING, Values};
use crate::encode::cross_fitted_means;
use crate::metrics::{Ranking, auc};

/// AUC of the best that can be said of the label from this column alone, without looking at a subject's own label.
///
/// A category's levels, or a number's bins (missing is one of them), are scored by their cross-fitted share of leaving
/// rows, so that neither a missing value nor a value in the middle can hide a leak, and a key of the subject does not look
/// like one. About 0.5 where there is nothing; nothing where one class is missing. `dataset` gives labels, subjects and
/// weights; the column need not be part of it.
pub fn association(column: &Column, dataset: &Dataset, seed: u64) -> Option<f64> {
    let means = match &column.values {
        Values::Number(values) => {
            let rows: Vec<u32> = (0..values.len() as u32).collect();
            let binned = BinnedColumn::new(values, &rows);
            let missing = binned.missing();
            let code = |&code: &u8| if code == missing { MISSING } else { u32::from(code) };
            let codes: Vec<u32> = binned.codes.iter().map(code).collect();
            cross_fitted_means(dataset, &codes, usize::from(missing), seed)
        }
        Values::Category { codes, levels } => cross_fitted_means(dataset, codes, levels.len(), seed),
    };
    let scores: Vec<f64> = means.iter().map(|&mean| f64::from(mean)).collect();
    let weights: Option<Vec<f64>> =
        dataset.weight.as_ref().map(|weights| weights.iter().map(|&weight| f64::from(weight)).collect());
    auc(&Ranking::new(&scores, &dataset.label, weights.as_deref()))
}

#[cfg(test)]
mod tests {
    use domain::{Cutoff, Day};

    use super::*;
    use crate::math::mix;

    fn dataset(rows: usize) -> Dataset {
        Dataset {
            columns: Vec::new(),
            label: (0..rows).map(|row| mix(77, row as u64 / 3).is_multiple_of(5)).collect(),
            cutoff: vec![Cutoff(Day(0)); rows],
            subject: (0..rows as u32).map(|row| row / 3).collect(),
            weight: None,
        }
    }

    #[test]
    fn noise_and_keys_say_nothing() {
        let data = dataset(6000);
        let noise = Column::number("noise", (0..6000).map(|row| (mix(2, row) % 1000) as f32).collect());
        let found = association(&noise, &data, 1).expect("both classes");
        assert!((0.46..0.54).contains(&found), "{found}");
        let levels = (0..2000).map(|level| level.to_string()).collect();
        let key = Column::category("key", data.subject.clone(), levels);
        let found = association(&key, &data, 1).expect("both classes");
        assert!((0.46..0.54).contains(&found), "{found}");
    }

    #[test]
    fn a_leak_is_seen_in_a_level_in_missingness_and_in_the_middle() {
        let data = dataset(6000);
        let codes = data.label.iter().map(|&label| u32::from(label)).collect();
        let level = Column::category("result", codes, vec!["pass".into(), "withdrawn".into()]);
        let missing = data.label.iter().map(|&label| if label { 7.0 } else { f32::NAN }).collect();
        let middle =
            data.label.iter().enumerate().map(|(row, &label)| if label { 0.0 } else { [1.0, -1.0][row % 2] }).collect();
        for column in [level, Column::number("left_on", missing), Column::number("balance", middle)] {
            let found = association(&column, &data, 1).expect("both classes");
            assert!(found > 0.99, "{} {found}", column.name);
        }
    }
}
