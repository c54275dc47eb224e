//! Columns that were filled in after the campaign: they know what came of it, and an effect that is told by them is told too
//! late. Nothing in a table says when a column was filled in, so that they are known by three marks.

use std::collections::HashMap;

use effect::{Campaign, OutcomeKind};
use learn::metrics::{Ranking, auc};
use learn::{Column, Values};

/// From this area under the ROC curve on, or from as far below a half, one column alone knows the outcome.
const LEAK_AUC: f64 = 0.95;
/// Rows in common that are no accident.
const LEAST_ROWS: usize = 20;
/// A share that counts as all: a cell may be wrong.
const ALL: f64 = 0.995;
/// Standard errors between an action and the control that chance does not bring about.
const FAR: f64 = 4.5;

/// Columns that were filled in afterwards, by their place.
///
/// 1. Where the column is not as usual, something always came of it: `spend` beside the outcome `visit`.
/// 2. Where something came of it the column is never as usual, and how often it is differs between the arms: `visit` beside
///    the outcome `conversion`. Without the difference it may say who could take part at all, which was known before.
/// 3. Its order alone tells the outcome.
pub(super) fn afterwards(campaign: &Campaign) -> Vec<usize> {
    let outcome = unusual(campaign.outcome.iter().map(|&value| key(value)));
    let is_late = |column: &Column| {
        let differs = match &column.values {
            Values::Number(values) => unusual(values.iter().map(|&value| key(value))),
            Values::Category { codes, .. } => unusual(codes.iter().copied()),
        };
        let both = differs.iter().zip(&outcome).filter(|(differs, came)| **differs && **came).count();
        let [of_column, of_outcome] = [&differs, &outcome].map(|rows| rows.iter().filter(|is| **is).count());
        let is_all = |of: usize| both >= LEAST_ROWS && both as f64 >= ALL * of as f64;
        let is_rare = 2 * of_column <= differs.len();
        is_all(of_column)
            || (is_rare && is_all(of_outcome) && differs_by_arm(campaign, &differs))
            || tells(campaign, column)
    };
    (0..campaign.columns.len()).filter(|&at| is_late(&campaign.columns[at])).collect()
}

/// Equal values have equal keys, and missing ones too.
fn key(value: f32) -> u32 {
    if value.is_nan() { u32::MAX } else { (value + 0.0).to_bits() }
}

/// Where a value is not the commonest one.
fn unusual(values: impl Iterator<Item = u32> + Clone) -> Vec<bool> {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    values.clone().for_each(|value| *counts.entry(value).or_default() += 1);
    let usual = counts.into_iter().max_by_key(|&(value, count)| (count, std::cmp::Reverse(value)));
    values.map(|value| usual.is_none_or(|(usual, _)| value != usual)).collect()
}

/// Whether the share of rows differs from the control's in any arm, by a test of two proportions.
fn differs_by_arm(campaign: &Campaign, is_in: &[bool]) -> bool {
    let mut counts = vec![(0.0, 0.0); campaign.arms.len()];
    for (&arm, &is_in) in campaign.arm.iter().zip(is_in) {
        let (rows, with) = &mut counts[arm as usize];
        *rows += 1.0;
        *with += f64::from(u8::from(is_in));
    }
    let (rows, with): (f64, f64) = counts[0];
    counts[1..].iter().any(|&(others, others_with)| {
        let share = (with + others_with) / (rows + others);
        let error = (share * (1.0 - share) * (1.0 / rows + 1.0 / others)).sqrt();
        error > 0.0 && (with / rows - others_with / others).abs() > FAR * error
    })
}

fn tells(campaign: &Campaign, column: &Column) -> bool {
    let Values::Number(values) = &column.values else { return false };
    if campaign.outcome_kind() != OutcomeKind::Binary {
        return false;
    }
    let label: Vec<bool> = campaign.outcome.iter().map(|&outcome| outcome > 0.5).collect();
    let score = |&value: &f32| if value.is_nan() { f64::NEG_INFINITY } else { f64::from(value) };
    let found = auc(&Ranking::new(&values.iter().map(score).collect::<Vec<_>>(), &label, None));
    found.is_some_and(|found| found.max(1.0 - found) > LEAK_AUC)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every fourth of the treated and every eighth of the others visits, a third of the visitors buys.
    fn campaign(outcome: &str) -> Campaign {
        let rows = 4000u32;
        let treated = |row: u32| row % 2 == 1;
        let visits = |row: u32| (row / 2).is_multiple_of(if treated(row) { 4 } else { 8 });
        let buys = |row: u32| visits(row) && (row / 16).is_multiple_of(3);
        let column = |name: &str, value: &dyn Fn(u32) -> f32| Column::number(name, (0..rows).map(value).collect());
        let number = |is: bool| f32::from(u8::from(is));
        let columns = [
            column("age", &|row| (row / 5 % 60) as f32),
            // Only members are ever invited to visit: known before, and alike in both arms.
            column("member", &|row| number((row / 2).is_multiple_of(2))),
            column("visit", &|row| number(visits(row))),
            column("spend", &|row| if buys(row) { 10.0 + (row % 7) as f32 } else { 0.0 }),
        ];
        let of_outcome = columns.iter().find(|column| column.name == outcome).expect("a column").clone();
        let Values::Number(outcome_values) = of_outcome.values else { unreachable!("all are numbers") };
        Campaign {
            columns: columns.into_iter().filter(|column| column.name != outcome).collect(),
            arms: vec!["none".to_owned(), "letter".to_owned()],
            arm: (0..rows).map(|row| row % 2).collect(),
            outcome: outcome_values,
            propensity: None,
        }
    }

    fn late(outcome: &str) -> Vec<String> {
        let campaign = campaign(outcome);
        afterwards(&campaign).into_iter().map(|at| campaign.columns[at].name.clone()).collect()
    }

    #[test]
    fn what_came_of_a_campaign_is_told_from_what_was_known_before() {
        assert_eq!(late("visit"), ["spend"]);
        assert_eq!(late("spend"), ["visit"]);
    }
}
