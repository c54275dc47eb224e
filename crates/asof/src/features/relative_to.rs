//! Another feature's value less its mean over the subjects at risk at the same cutoff in the same group.

use domain::Cutoff;
use rustc_hash::FxHashMap;

use crate::output::narrow;
use crate::subjects::Row;
use crate::values::NO_LEVEL;

/// The sums of a feature's known values by cutoff and group.
///
/// They are taken in the order of rows, so that they come out the same on any number of threads.
#[derive(Default)]
pub(crate) struct GroupMeans(FxHashMap<(Cutoff, u32), (f64, u32)>);

impl GroupMeans {
    /// Adds the values of those who are at risk at some cutoffs; all of a cutoff's rows come at once.
    pub(crate) fn add(&mut self, rows: &[Row], values: &[f32], groups: &[u32]) {
        for (row, value) in rows.iter().zip(values).filter(|(_, value)| !value.is_nan()) {
            let Some(group) = group_of(row, groups) else { continue };
            let (sum, known) = self.0.entry((row.cutoff, group)).or_default();
            *sum += f64::from(*value);
            *known += 1;
        }
    }

    /// For each row the value less its group's mean; null where the value or the group is not known.
    pub(crate) fn relative(&self, rows: &[Row], values: &[f32], groups: &[u32]) -> Vec<f32> {
        let relative = |(row, value): (&Row, &f32)| {
            let mean = group_of(row, groups).and_then(|group| self.0.get(&(row.cutoff, group)));
            mean.map_or(f32::NAN, |(sum, known)| narrow(f64::from(*value) - sum / f64::from(*known)))
        };
        rows.iter().zip(values).map(relative).collect()
    }
}

fn group_of(row: &Row, groups: &[u32]) -> Option<u32> {
    Some(groups[row.subject as usize]).filter(|group| *group != NO_LEVEL)
}

#[cfg(test)]
mod tests {
    use domain::Day;

    use super::*;

    #[test]
    fn a_group_is_compared_with_itself_at_the_same_cutoff() {
        let row = |subject, day| Row { subject, cutoff: Cutoff(Day(day)) };
        let rows = [row(0, 1), row(0, 2), row(1, 1), row(2, 1), row(3, 1), row(4, 1)];
        let (values, groups) = ([1.0, 9.0, 3.0, f32::NAN, 7.0, 5.0], [0, 0, 0, 1, NO_LEVEL]);
        let mut means = GroupMeans::default();
        means.add(&rows, &values, &groups);
        let relative = means.relative(&rows, &values, &groups);
        assert_eq!(&relative[..3], [-1.0, 0.0, 1.0]);
        assert!(relative[3].is_nan());
        assert_eq!(relative[4], 0.0);
        assert!(relative[5].is_nan());
    }
}
