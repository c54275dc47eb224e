//! From attributions to reasons: each family's part in a score, with the fact that shows it best.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use asof::{Compute, Events, FeatureColumn, NO_LEVEL, Notable, PlanError, Saying, Snapshot, Spec, Subjects, Unit};
use domain::{Cutoff, Fact, FactValue, Family, Leaning, Money, Reason, Sentence};
use rayon::prelude::*;

use crate::learned::LearnedColumns;
use crate::matter::matter;

/// Says that a column is empty, where that is worth saying.
const EMPTY: Sentence = Sentence::named("column-empty");

/// Share of the heaviest feature's weight from which another feature may speak for the family.
const NEARLY_AS_HEAVY: f64 = 0.3;
/// A change of a value that is worth telling, as a share of what it was.
const WORTH_A_CHANGE: f64 = 0.15;
/// The same of a share, in shares: from 3% to nothing is no fall to tell of.
const WORTH_A_CHANGE_OF_SHARE: f64 = 0.1;

/// Which values of a snapshot are worth telling as a risk.
pub(crate) struct Signs<'a> {
    specs: &'a [Spec],
    snapshot: &'a Snapshot,
    /// What is usual at each cutoff, per feature.
    typical: BTreeMap<Cutoff, Vec<Option<f32>>>,
    /// The feature that each is compared with, where its saying names one.
    before: Vec<Option<usize>>,
    /// Families in the order of their first feature, with their features.
    families: Vec<(Family, Vec<usize>)>,
}

/// What a family adds to one subject's score, and what shows it.
pub(crate) struct Weighed<'a> {
    /// The family.
    pub(crate) family: &'a Family,
    /// Log-odds added.
    pub(crate) contribution: f64,
    /// The feature to tell and how; nothing where the risk is not raised or nothing stands out.
    told: Option<(usize, &'a Saying)>,
}

/// Makes the facts of one cutoff, from the rows behind them.
pub(crate) struct Facts<'a> {
    /// What is worth telling.
    pub(crate) signs: Signs<'a>,
    subjects: &'a Subjects,
    tables: Vec<&'a Events>,
    /// What people call a feature's column or table, per feature.
    labels: &'a [Option<String>],
    /// The feature that says what is owed, for one that counts days overdue.
    debts: Vec<Option<usize>>,
}

impl Weighed<'_> {
    /// Whether staff can act on it.
    pub(crate) fn calls_for_action(&self) -> bool {
        self.family.calls_for_action(self.contribution, self.told.is_some())
    }
}

impl<'a> Signs<'a> {
    /// Looks at a snapshot's rows of these cutoffs. What is usual in a column that was `learned` is known already.
    pub(crate) fn new(
        specs: &'a [Spec],
        snapshot: &'a Snapshot,
        cutoffs: &BTreeSet<Cutoff>,
        learned: &LearnedColumns,
    ) -> Self {
        let typical_at = |&cutoff: &Cutoff| {
            let of = |feature: usize| match learned.get(&specs[feature].name) {
                Some(column) => column.typical,
                None => specs[feature].saying.as_ref().and_then(|_| snapshot.typical(feature, cutoff)),
            };
            (cutoff, (0..specs.len()).into_par_iter().map(of).collect())
        };
        let position = |name: &str| specs.iter().position(|spec| spec.name == name);
        Self {
            specs,
            snapshot,
            typical: cutoffs.iter().map(typical_at).collect(),
            before: specs.iter().map(|spec| spec.saying.as_ref()?.before.as_deref().and_then(position)).collect(),
            families: families(specs),
        }
    }

    /// Which families have a fact to show for a row, in the order of [`families`].
    pub(crate) fn shown(&self, row: usize) -> Vec<bool> {
        let is_shown = |features: &Vec<usize>| features.iter().any(|&feature| self.notable(row, feature).is_some());
        self.families.iter().map(|(_, features)| is_shown(features)).collect()
    }

    /// What each family adds to a row's score; all of it adds up to the score's distance from the base.
    pub(crate) fn weigh<'s>(&'s self, row: usize, contributions: &[f64]) -> Vec<Weighed<'s>> {
        let weigh = |(family, features): &'s (Family, Vec<usize>)| {
            let contribution = features.iter().map(|&feature| contributions[feature]).sum();
            let told = if contribution > 0.0 { self.clearest(row, features, contributions) } else { None };
            Weighed { family, contribution, told }
        };
        self.families.iter().map(weigh).collect()
    }

    /// The fact to show for a family: of the notable ones that weigh nearly as much as the heaviest, the first.
    ///
    /// Features of a family say the same thing in many ways and share its weight; a kit lists first what a reader sees
    /// most in, such as lessons missed in a row, with their days.
    fn clearest(&self, row: usize, features: &[usize], contributions: &[f64]) -> Option<(usize, &Saying)> {
        let notable: Vec<(usize, &Saying)> =
            features.iter().filter_map(|&feature| Some((feature, self.notable(row, feature)?))).collect();
        let heaviest = notable.iter().map(|&(feature, _)| contributions[feature]).max_by(f64::total_cmp)?;
        notable.into_iter().find(|&(feature, _)| contributions[feature] >= heaviest * NEARLY_AS_HEAVY)
    }

    /// How to say a feature's value, where it is one worth saying as a risk.
    fn notable(&self, row: usize, feature: usize) -> Option<&Saying> {
        let spec = &self.specs[feature];
        let saying = spec.saying.as_ref().filter(|_| !spec.is_trait)?;
        if saying.notable == Notable::Always {
            return Some(saying);
        }
        let value = match &self.snapshot.columns[feature] {
            FeatureColumn::Number(values) => f64::from(values[row]),
            // A level is notable by itself; whether it raises the risk is for the attribution to say.
            FeatureColumn::Category { codes, .. } => return (codes[row] != NO_LEVEL).then_some(saying),
        };
        if let Some(before) = self.before(row, feature).map(f64::from) {
            // "Fell" and "rose" are said of a change that is worth it, and only of one in the risky direction.
            if !has_changed(before, value, spec.leaning, saying.unit) {
                return None;
            }
        }
        let typical = self.typical(row, feature);
        // What is no worse than usual is no reason, however many it is.
        let no_worse = typical.is_some_and(|typical| match spec.leaning {
            Leaning::MoreIsRisk => value <= f64::from(typical),
            Leaning::LessIsRisk => value >= f64::from(typical),
            Leaning::Either => false,
        });
        if no_worse {
            return None;
        }
        let notable = match saying.notable {
            Notable::Always => true,
            Notable::AtLeast(from) => value >= from,
            Notable::AtMost(to) => value <= to,
            Notable::UnlikeTypical(share) => typical.is_some_and(|typical| {
                let (typical, by) = (f64::from(typical), f64::from(typical).abs() * share);
                match spec.leaning {
                    Leaning::MoreIsRisk => value > typical + by,
                    Leaning::LessIsRisk => value < typical - by,
                    Leaning::Either => (value - typical).abs() > by,
                }
            }),
        };
        notable.then_some(saying)
    }

    /// What is usual at the row's cutoff.
    fn typical(&self, row: usize, feature: usize) -> Option<f32> {
        self.typical.get(&self.snapshot.rows[row].cutoff)?[feature]
    }

    /// What a feature is compared with, where that is known.
    fn before(&self, row: usize, feature: usize) -> Option<f32> {
        self.number(row, self.before[feature]?)
    }

    /// The value of a numeric feature, where it is known.
    fn number(&self, row: usize, feature: usize) -> Option<f32> {
        match &self.snapshot.columns[feature] {
            FeatureColumn::Number(values) => Some(values[row]).filter(|value| !value.is_nan()),
            FeatureColumn::Category { .. } => None,
        }
    }
}

impl<'a> Facts<'a> {
    /// Facts of a snapshot of one cutoff.
    pub(crate) fn new(
        subjects: &'a Subjects,
        tables: &'a [Events],
        specs: &'a [Spec],
        snapshot: &'a Snapshot,
        labels: &'a [Option<String>],
        learned: &LearnedColumns,
    ) -> Self {
        let cutoffs = snapshot.rows.first().map(|row| row.cutoff).into_iter().collect();
        let signs = Signs::new(specs, snapshot, &cutoffs, learned);
        let debts = specs.iter().map(|spec| debt(specs, &spec.compute)).collect();
        Self { signs, subjects, tables: tables.iter().collect(), labels, debts }
    }

    /// A weighed family as a reason, with its fact and the rows behind it.
    pub(crate) fn reason(&self, row: usize, weighed: &Weighed<'_>) -> Result<Reason, PlanError> {
        let fact = weighed.told.map(|(feature, saying)| self.fact(row, feature, saying)).transpose()?;
        Ok(Reason { family: weighed.family.clone(), contribution: weighed.contribution, fact })
    }

    fn fact(&self, row: usize, feature: usize, saying: &Saying) -> Result<Fact, PlanError> {
        let (specs, snapshot) = (self.signs.specs, self.signs.snapshot);
        let spec = &specs[feature];
        let mut values: Vec<(Cow<'static, str>, FactValue)> = Vec::new();
        let mut add = |name, value| values.push((Cow::Borrowed(name), value));
        let mut sentence = saying.sentence.clone();
        match &snapshot.columns[feature] {
            FeatureColumn::Number(numbers) if numbers[row].is_nan() => sentence = EMPTY,
            FeatureColumn::Category { codes, .. } if codes[row] == NO_LEVEL => sentence = EMPTY,
            FeatureColumn::Number(numbers) => {
                add("value", in_unit(saying.unit, numbers[row]));
                // What is usual helps to read a share or a number that is told for being unlike it; of a count of misses
                // it is nearly always zero.
                let typical = self.signs.typical(row, feature).filter(|_| is_compared(saying));
                // The same is nothing to compare with.
                if let Some(typical) =
                    typical.filter(|&typical| saying.notable != Notable::Always || typical != numbers[row])
                {
                    add("typical", in_unit(saying.unit, typical));
                }
            }
            FeatureColumn::Category { codes, levels } => {
                add("text", FactValue::Text(levels[codes[row] as usize].clone()));
            }
        }
        if let Some(before) = self.signs.before(row, feature) {
            add("before", in_unit(saying.unit, before));
        }
        if let Some(days) = matter(specs, &spec.compute).window_days {
            add("window_days", FactValue::Count(i64::from(days)));
        }
        let debt = self.debts[feature].and_then(|debt| self.signs.number(row, debt));
        if let Some(debt) = debt.filter(|&debt| debt > 0.0) {
            add("amount", FactValue::Money(Money::from_major(f64::from(debt))));
        }
        if let Some(label) = &self.labels[feature] {
            add("label", FactValue::Text(label.clone()));
        }
        let rows = asof::evidence(self.subjects, &self.tables, specs, spec, snapshot.rows[row])?;
        if !rows.is_empty() {
            add("dates", FactValue::Days(rows.iter().map(|row| row.day).collect()));
        }
        Ok(Fact { sentence, values, rows })
    }
}

/// Families in the order of their first feature, with their features.
pub(crate) fn families(specs: &[Spec]) -> Vec<(Family, Vec<usize>)> {
    let mut families: Vec<(Family, Vec<usize>)> = Vec::new();
    for (feature, spec) in specs.iter().enumerate() {
        match families.iter_mut().find(|(family, _)| *family == spec.family) {
            Some((_, features)) => features.push(feature),
            None => families.push((spec.family.clone(), vec![feature])),
        }
    }
    families
}

/// The feature that says what is owed where another counts the days that it is overdue.
fn debt(specs: &[Spec], compute: &Compute) -> Option<usize> {
    let Compute::OverdueDays { table, due, done } = compute else { return None };
    specs.iter().position(
        |spec| matches!(&spec.compute, Compute::Debt { table: t, due: d, done: p, .. } if (t, d, p) == (table, due, done)),
    )
}

/// Whether a value has moved in the risky direction by as much as is worth telling.
fn has_changed(before: f64, value: f64, leaning: Leaning, unit: Unit) -> bool {
    let least = if unit == Unit::Share { WORTH_A_CHANGE_OF_SHARE } else { 0.0 };
    let by = (before.abs() * WORTH_A_CHANGE).max(least);
    match leaning {
        Leaning::MoreIsRisk => value > before + by,
        Leaning::LessIsRisk => value < before - by,
        Leaning::Either => (value - before).abs() > by,
    }
}

fn is_compared(saying: &Saying) -> bool {
    saying.unit == Unit::Share || matches!(saying.notable, Notable::UnlikeTypical(_) | Notable::Always)
}

#[expect(clippy::cast_possible_truncation, reason = "counts and days are far below 2^63, and the cast saturates")]
fn in_unit(unit: Unit, value: f32) -> FactValue {
    let value = f64::from(value);
    match unit {
        Unit::Count => FactValue::Count(value.round() as i64),
        Unit::Share => FactValue::Share(value),
        Unit::Number => FactValue::Number(value),
        Unit::Money => FactValue::Money(Money::from_major(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_share_has_no_fall_to_tell_of() {
        let fell = |before, value, unit| has_changed(before, value, Leaning::LessIsRisk, unit);
        assert!(!fell(0.03, 0.0, Unit::Share));
        assert!(fell(0.9, 0.5, Unit::Share));
        assert!(!fell(0.5, 0.9, Unit::Share), "a rise");
        assert!(fell(4.0, 3.0, Unit::Number));
    }
}
