//! From attributions to reasons: each family's part in a score, with the fact that shows it best.

use std::borrow::Cow;

use asof::{Compute, Events, FeatureColumn, NO_LEVEL, Notable, PlanError, Saying, Snapshot, Spec, Subjects, Unit};
use domain::{Cutoff, Fact, FactValue, Family, Leaning, Money, Reason};

use crate::matter::matter;

/// Share of the heaviest feature's weight from which another feature may speak for the family.
const NEARLY_AS_HEAVY: f64 = 0.3;
/// A change of a value that is worth telling, as a share of what it was.
const WORTH_A_CHANGE: f64 = 0.15;

/// What the facts of one cutoff are read from.
pub(crate) struct Facts<'a> {
    subjects: &'a Subjects,
    tables: &'a [&'a Events],
    specs: &'a [Spec],
    snapshot: &'a Snapshot,
    /// What is usual at the cutoff, per feature.
    typical: Vec<Option<f32>>,
    /// What people call a feature's column or table, per feature.
    labels: &'a [Option<String>],
    /// Families in the order of their first feature, with their features.
    families: Vec<(Family, Vec<usize>)>,
}

impl<'a> Facts<'a> {
    /// Everything about a snapshot of one cutoff that its rows share.
    pub(crate) fn new(
        subjects: &'a Subjects,
        tables: &'a [&'a Events],
        specs: &'a [Spec],
        snapshot: &'a Snapshot,
        cutoff: Cutoff,
        labels: &'a [Option<String>],
    ) -> Self {
        let typical = (0..specs.len())
            .map(|feature| specs[feature].saying.as_ref().and_then(|_| snapshot.typical(feature, cutoff)))
            .collect();
        let mut families: Vec<(Family, Vec<usize>)> = Vec::new();
        for (feature, spec) in specs.iter().enumerate() {
            match families.iter_mut().find(|(family, _)| *family == spec.family) {
                Some((_, features)) => features.push(feature),
                None => families.push((spec.family.clone(), vec![feature])),
            }
        }
        Self { subjects, tables, specs, snapshot, typical, labels, families }
    }

    /// A reason for each family, in no particular order; contributions add up to the score's distance from the base.
    ///
    /// `contributions` are those of the row's features. The fact shown is one that moved the score, see
    /// [`Self::clearest`].
    pub(crate) fn reasons(&self, row: usize, contributions: &[f64]) -> Result<Vec<Reason>, PlanError> {
        let mut reasons = Vec::with_capacity(self.families.len());
        for (family, features) in &self.families {
            let contribution = features.iter().map(|&feature| contributions[feature]).sum();
            let said = if contribution > 0.0 { self.clearest(row, features, contributions) } else { None };
            let fact = match said {
                Some((feature, saying)) => Some(self.fact(row, feature, saying)?),
                None => None,
            };
            reasons.push(Reason { family: family.clone(), contribution, fact });
        }
        Ok(reasons)
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
        let value = match &self.snapshot.columns[feature] {
            FeatureColumn::Number(values) => f64::from(values[row]),
            // A level is notable by itself; whether it raises the risk is for the attribution to say.
            FeatureColumn::Category { codes, .. } => return (codes[row] != NO_LEVEL).then_some(saying),
        };
        if let Some(before) = self.before(row, saying) {
            // "Fell" and "rose" are said of a change that is worth it, and only of one in the risky direction.
            let by = before.abs() * WORTH_A_CHANGE;
            let changed = match spec.leaning {
                Leaning::MoreIsRisk => value > before + by,
                Leaning::LessIsRisk => value < before - by,
                Leaning::Either => (value - before).abs() > by,
            };
            if !changed {
                return None;
            }
        }
        // What is no worse than usual is no reason, however many it is.
        let no_worse = self.typical[feature].is_some_and(|typical| match spec.leaning {
            Leaning::MoreIsRisk => value <= f64::from(typical),
            Leaning::LessIsRisk => value >= f64::from(typical),
            Leaning::Either => false,
        });
        if no_worse {
            return None;
        }
        let notable = match saying.notable {
            Notable::AtLeast(from) => value >= from,
            Notable::AtMost(to) => value <= to,
            Notable::UnlikeTypical(share) => self.typical[feature].is_some_and(|typical| {
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

    fn fact(&self, row: usize, feature: usize, saying: &Saying) -> Result<Fact, PlanError> {
        let spec = &self.specs[feature];
        let mut values: Vec<(Cow<'static, str>, FactValue)> = Vec::new();
        let mut add = |name, value| values.push((Cow::Borrowed(name), value));
        match &self.snapshot.columns[feature] {
            FeatureColumn::Number(numbers) => {
                add("value", in_unit(saying.unit, numbers[row]));
                // What is usual helps to read a share or a number that is told for being unlike it; of a count of misses
                // it is nearly always zero.
                if let Some(typical) = self.typical[feature].filter(|_| is_compared(saying)) {
                    add("typical", in_unit(saying.unit, typical));
                }
            }
            FeatureColumn::Category { codes, levels } => {
                add("text", FactValue::Text(levels[codes[row] as usize].clone()));
            }
        }
        if let Some(before) = self.before(row, saying) {
            add("before", in_unit(saying.unit, before as f32));
        }
        if let Some(days) = matter(self.specs, &spec.compute).window_days {
            add("window_days", FactValue::Count(i64::from(days)));
        }
        if let Some(debt) = self.debt(row, &spec.compute) {
            add("amount", FactValue::Money(Money::from_major(f64::from(debt))));
        }
        if let Some(label) = &self.labels[feature] {
            add("label", FactValue::Text(label.clone()));
        }
        let rows = asof::evidence(self.subjects, self.tables, self.specs, spec, self.snapshot.rows[row])?;
        if !rows.is_empty() {
            add("dates", FactValue::Days(rows.iter().map(|row| row.day).collect()));
        }
        Ok(Fact { sentence: saying.sentence.clone(), values, rows })
    }

    /// What a feature is compared with, where that is known.
    fn before(&self, row: usize, saying: &Saying) -> Option<f64> {
        saying.before.as_deref().and_then(|name| self.number(row, name)).map(f64::from)
    }

    /// The value of a numeric feature, where it is known.
    fn number(&self, row: usize, name: &str) -> Option<f32> {
        let feature = self.specs.iter().position(|spec| spec.name == name)?;
        match &self.snapshot.columns[feature] {
            FeatureColumn::Number(values) => Some(values[row]).filter(|value| !value.is_nan()),
            FeatureColumn::Category { .. } => None,
        }
    }

    /// What is owed where a feature counts the days that something is overdue.
    fn debt(&self, row: usize, compute: &Compute) -> Option<f32> {
        let Compute::OverdueDays { table, due, done } = compute else { return None };
        let owed = self.specs.iter().find(
            |spec| matches!(&spec.compute, Compute::Debt { table: t, due: d, done: p, .. } if (t, d, p) == (table, due, done)),
        )?;
        self.number(row, &owed.name).filter(|&owed| owed > 0.0)
    }
}

fn is_compared(saying: &Saying) -> bool {
    saying.unit == Unit::Share || matches!(saying.notable, Notable::UnlikeTypical(_))
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
