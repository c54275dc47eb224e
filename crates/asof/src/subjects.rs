//! Whoever may leave: when each is at risk, and what is known of them from the start.

use domain::{Cutoff, Day};

use crate::values::Column;

/// Subjects by dense code: the position in every vector here, which are all as long.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subjects {
    /// First day at risk; a subject without one is never at risk.
    pub from: Vec<Option<Day>>,
    /// Planned end: from that day on, leaving is the plan.
    pub until: Vec<Option<Day>>,
    /// Day of leaving.
    pub left: Vec<Option<Day>>,
    /// Columns known from the start.
    pub attributes: Vec<Column>,
}

/// A row of a snapshot: a subject looked at from a cutoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// The subject's code.
    pub subject: u32,
    /// The cutoff.
    pub cutoff: Cutoff,
}

impl Subjects {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.from.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.from.is_empty()
    }

    /// The attribute called `name`.
    pub fn attribute(&self, name: &str) -> Option<&Column> {
        self.attributes.iter().find(|column| column.name == name)
    }

    /// Who is at risk at which cutoff, ascending by subject, then cutoff.
    pub fn at_risk(&self, cutoffs: &[Cutoff]) -> Vec<Row> {
        let mut cutoffs = cutoffs.to_vec();
        cutoffs.sort_unstable();
        cutoffs.dedup();
        let mut rows = Vec::new();
        for subject in 0..self.len() as u32 {
            let each = cutoffs.iter().map(|&cutoff| Row { subject, cutoff });
            rows.extend(each.filter(|&row| self.is_at_risk(row)));
        }
        rows
    }

    /// Whether the subject is at risk at the cutoff: begun by it, not past the planned end, not gone.
    pub fn is_at_risk(&self, row: Row) -> bool {
        let (subject, day) = (row.subject as usize, row.cutoff.0);
        self.from[subject].is_some_and(|from| from <= day)
            && self.until[subject].is_none_or(|until| until > day)
            && self.left[subject].is_none_or(|left| left > day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_risk_from_the_first_day_until_leaving_or_the_planned_end() {
        let subjects = Subjects {
            from: vec![Some(Day(10)), Some(Day(0)), None],
            until: vec![Some(Day(30)), None, None],
            left: vec![None, Some(Day(20)), None],
            attributes: vec![],
        };
        let at_risk = subjects.at_risk(&[Cutoff(Day(29)), Cutoff(Day(30)), Cutoff(Day(10)), Cutoff(Day(9))]);
        let days: Vec<_> = at_risk.iter().map(|row| (row.subject, row.cutoff.0.0)).collect();
        assert_eq!(days, [(0, 10), (0, 29), (1, 9), (1, 10)]);
    }
}
