//! Questions that may be asked of a column in bins: which of its bins go left, and how both answers are called.

use learn::{Column, Values};

use super::rule::Condition;
use crate::coarse::{Coarse, Kind};

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cut {
    /// Bit `b` is set where bin `b` goes left.
    pub(super) left: u32,
    pub(super) yes: Condition,
    pub(super) no: Condition,
}

/// Numbers are cut at edges, their missing values with either side; levels and missing values are asked for one by one.
pub(super) fn cuts(column: &Column, coarse: &Coarse) -> Vec<Cut> {
    let name = || column.name.clone();
    let missing = 1u32 << coarse.missing;
    let mut cuts = Vec::new();
    match (&coarse.kind, &column.values) {
        (Kind::Number { edges }, _) => {
            for (bin, &value) in edges.iter().enumerate() {
                let upto = (1u32 << (bin + 1)) - 1;
                let sides: &[bool] = if coarse.has_missing { &[true, false] } else { &[false] };
                for &missing_left in sides {
                    cuts.push(Cut {
                        left: if missing_left { upto | missing } else { upto },
                        yes: Condition::AtMost { column: name(), value, or_missing: missing_left },
                        no: Condition::Above { column: name(), value, or_missing: coarse.has_missing && !missing_left },
                    });
                }
            }
        }
        (Kind::Category { named }, Values::Category { levels, .. }) => {
            for (bin, &level) in named.iter().enumerate() {
                let level = &levels[level as usize];
                cuts.push(Cut {
                    left: 1 << bin,
                    yes: Condition::Is { column: name(), level: level.clone() },
                    no: Condition::IsNot { column: name(), level: level.clone() },
                });
            }
        }
        (Kind::Category { .. }, Values::Number(_)) => {}
    }
    if coarse.has_missing {
        cuts.push(Cut {
            left: missing,
            yes: Condition::Missing { column: name() },
            no: Condition::Present { column: name() },
        });
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_levels_and_missing_can_be_asked_for() {
        let of = |column: &Column| {
            let rows: Vec<u32> = (0..column.rows() as u32).collect();
            cuts(column, &Coarse::all(std::slice::from_ref(column), &rows)[0])
        };
        let lefts = |cuts: &[Cut]| cuts.iter().map(|cut| cut.left).collect::<Vec<_>>();
        assert_eq!(lefts(&of(&Column::number("x", vec![1.0, 2.0, 3.0]))), [0b1, 0b11]);
        assert_eq!(lefts(&of(&Column::number("x", vec![1.0, f32::NAN, 3.0]))), [0b101, 0b001, 0b100]);
        let levels = ["a", "b"].map(str::to_owned).to_vec();
        assert_eq!(lefts(&of(&Column::category("x", vec![0, 1, 1], levels))), [0b1, 0b10]);
        assert!(of(&Column::number("x", vec![1.0; 3])).is_empty());
    }
}
