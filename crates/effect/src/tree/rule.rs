//! Conditions on columns, and rules of several of them.

use std::collections::HashMap;

use learn::{Column, MISSING, PredictError, Values};
use serde::{Deserialize, Serialize};

/// All of its conditions hold; an empty rule holds for everybody.
pub type Rule = Vec<Condition>;

/// What must hold of a subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
pub enum Condition {
    /// A number up to a value.
    AtMost {
        /// The column.
        column: String,
        /// The value.
        value: f32,
        /// Whether a missing number counts, too.
        or_missing: bool,
    },
    /// A number above a value.
    Above {
        /// The column.
        column: String,
        /// The value.
        value: f32,
        /// Whether a missing number counts, too.
        or_missing: bool,
    },
    /// A category of this level.
    Is {
        /// The column.
        column: String,
        /// The level.
        level: String,
    },
    /// A category of another level, or none.
    IsNot {
        /// The column.
        column: String,
        /// The level.
        level: String,
    },
    /// No value.
    Missing {
        /// The column.
        column: String,
    },
    /// Any value.
    Present {
        /// The column.
        column: String,
    },
}

impl Condition {
    /// The column that it is about.
    pub fn column(&self) -> &str {
        match self {
            Self::AtMost { column, .. }
            | Self::Above { column, .. }
            | Self::Is { column, .. }
            | Self::IsNot { column, .. }
            | Self::Missing { column }
            | Self::Present { column } => column,
        }
    }

    fn holds(&self, column: &Column, row: usize) -> bool {
        let (number, level) = match &column.values {
            Values::Number(values) => (values[row], None),
            Values::Category { codes, levels } => {
                let code = codes[row];
                (if code == MISSING { f32::NAN } else { 0.0 }, levels.get(code as usize))
            }
        };
        match self {
            Self::AtMost { value, or_missing, .. } => {
                if number.is_nan() {
                    *or_missing
                } else {
                    number <= *value
                }
            }
            Self::Above { value, or_missing, .. } => {
                if number.is_nan() {
                    *or_missing
                } else {
                    number > *value
                }
            }
            Self::Is { level: wanted, .. } => level == Some(wanted),
            Self::IsNot { level: wanted, .. } => level != Some(wanted),
            Self::Missing { .. } => number.is_nan(),
            Self::Present { .. } => !number.is_nan(),
        }
    }

    /// Whether a subject for whom `self` holds always meets `other`, both being about one column.
    fn implies(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::AtMost { column, value, or_missing },
                Self::AtMost { column: of, value: upto, or_missing: missing },
            ) => column == of && value <= upto && (*missing || !or_missing),
            (
                Self::Above { column, value, or_missing },
                Self::Above { column: of, value: from, or_missing: missing },
            ) => column == of && value >= from && (*missing || !or_missing),
            (Self::Is { column, level }, Self::IsNot { column: of, level: other }) => column == of && level != other,
            _ => self == other,
        }
    }
}

/// A rule without the conditions that others of it imply.
pub(super) fn simplified(rule: &[Condition]) -> Rule {
    let mut kept: Rule = Vec::new();
    for (place, condition) in rule.iter().enumerate() {
        let is_implied = rule
            .iter()
            .enumerate()
            .any(|(other, by)| other != place && by.implies(condition) && (by != condition || other < place));
        if !is_implied {
            kept.push(condition.clone());
        }
    }
    kept
}

/// The first rule that holds for each row; rules of a tree exclude each other and leave nobody out.
pub(super) fn first_that_holds(rules: &[&Rule], columns: &[Column]) -> Result<Vec<usize>, PredictError> {
    let by_name: HashMap<&str, &Column> = columns.iter().map(|column| (column.name.as_str(), column)).collect();
    for condition in rules.iter().flat_map(|rule| rule.iter()) {
        let Some(column) = by_name.get(condition.column()) else {
            return Err(PredictError::MissingColumn { column: condition.column().to_owned() });
        };
        let expected = match condition {
            Condition::AtMost { .. } | Condition::Above { .. } => "number",
            Condition::Is { .. } | Condition::IsNot { .. } => "category",
            Condition::Missing { .. } | Condition::Present { .. } => column.kind(),
        };
        if column.kind() != expected {
            let (column, found) = (column.name.clone(), column.kind());
            return Err(PredictError::Kind { column, expected, found });
        }
    }
    let rows = columns.first().map_or(0, Column::rows);
    let holds =
        |rule: &Rule, row: usize| rule.iter().all(|condition| condition.holds(by_name[condition.column()], row));
    Ok((0..rows).map(|row| rules.iter().position(|rule| holds(rule, row)).unwrap_or(0)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_most(value: f32) -> Condition {
        Condition::AtMost { column: "x".to_owned(), value, or_missing: false }
    }

    #[test]
    fn what_is_implied_is_not_said() {
        let above = Condition::Above { column: "x".to_owned(), value: 1.0, or_missing: false };
        assert_eq!(simplified(&[at_most(7.0), above.clone(), at_most(3.0), at_most(3.0)]), [above, at_most(3.0)]);
        let is = Condition::Is { column: "zip".to_owned(), level: "Rural".to_owned() };
        let is_not = Condition::IsNot { column: "zip".to_owned(), level: "Urban".to_owned() };
        assert_eq!(simplified(&[is_not, is.clone()]), [is]);
    }

    #[test]
    fn rules_find_their_rows() {
        let columns = [
            Column::number("x", vec![1.0, 5.0, f32::NAN]),
            Column::category("zip", vec![0, MISSING, 0], vec!["Rural".to_owned()]),
        ];
        let rules = [
            vec![at_most(2.0), Condition::Is { column: "zip".to_owned(), level: "Rural".to_owned() }],
            vec![Condition::Missing { column: "zip".to_owned() }],
            vec![Condition::Above { column: "x".to_owned(), value: 2.0, or_missing: true }],
        ];
        let rules: Vec<&Rule> = rules.iter().collect();
        assert_eq!(first_that_holds(&rules, &columns), Ok(vec![0, 1, 2]));
        assert!(first_that_holds(&rules, &columns[1..]).is_err());
        let other_kind = [Column::category("x", vec![0], vec!["a".to_owned()]), Column::number("zip", vec![0.0])];
        assert!(first_that_holds(&rules, &other_kind).is_err());
    }
}
