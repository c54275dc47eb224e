//! What the days of its purchases say of a client: how often it came back, when last, and for how long it has been watched.

use std::cmp::Ordering;

use domain::Day;

use crate::FitError;

/// The sufficient statistics of BG/NBD, in the caller's unit of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct History {
    /// Purchases after the first, `x`.
    pub repeats: u32,
    /// From the first purchase to the last, `t_x`; 0 where there is one.
    pub recency: f64,
    /// From the first purchase to the end of observation, `T`.
    pub age: f64,
}

/// Histories of many clients, identical ones grouped.
#[derive(Clone, Debug)]
pub struct Histories {
    /// Distinct histories, by repeats, recency and age, with how many clients have them.
    pub groups: Vec<(History, u64)>,
    /// The group of each client, in the order they were given.
    pub group_of: Vec<u32>,
}

impl History {
    /// Of the distinct days on which a client bought, in order, seen to the end of the day `until`. A unit of time is
    /// `unit_days` long. Nothing where no day is seen.
    pub fn of(days: &[Day], until: Day, unit_days: f64) -> Option<Self> {
        let seen = &days[..days.partition_point(|&day| day <= until)];
        let (first, last) = (seen.first()?, seen.last()?);
        let between = |from: &Day, to: Day| (f64::from(to.0) - f64::from(from.0)) / unit_days;
        Some(Self { repeats: (seen.len() - 1) as u32, recency: between(first, *last), age: between(first, until) })
    }

    fn order(&self, other: &Self) -> Ordering {
        let times = |history: &Self| (history.recency, history.age);
        let (a, b) = (times(self), times(other));
        self.repeats.cmp(&other.repeats).then(a.0.total_cmp(&b.0)).then(a.1.total_cmp(&b.1))
    }

    fn check(&self) -> Result<(), &'static str> {
        let are_finite = self.recency.is_finite() && self.age.is_finite();
        if !are_finite || self.recency < 0.0 || self.age < self.recency {
            return Err("times must be finite, from 0 up, and the last purchase not after the end");
        }
        if (self.repeats == 0) != (self.recency == 0.0) {
            return Err("the time from the first to the last purchase must be 0 where there is one, else above 0");
        }
        Ok(())
    }
}

impl Histories {
    /// Groups identical histories.
    ///
    /// # Errors
    ///
    /// A history that no client can have.
    pub fn group(histories: &[History]) -> Result<Self, FitError> {
        for (index, history) in histories.iter().enumerate() {
            history.check().map_err(|problem| FitError::Impossible { index, problem })?;
        }
        let mut order: Vec<u32> = (0..histories.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| histories[a as usize].order(&histories[b as usize]).then(a.cmp(&b)));
        let mut groups: Vec<(History, u64)> = Vec::new();
        let mut group_of = vec![0; histories.len()];
        for client in order {
            let history = histories[client as usize];
            match groups.last_mut() {
                Some((same, count)) if *same == history => *count += 1,
                _ => groups.push((history, 1)),
            }
            group_of[client as usize] = (groups.len() - 1) as u32;
        }
        Ok(Self { groups, group_of })
    }

    /// Clients.
    pub fn clients(&self) -> u64 {
        self.group_of.len() as u64
    }

    /// Clients who came back.
    pub fn repeaters(&self) -> u64 {
        self.groups.iter().filter(|(history, _)| history.repeats > 0).map(|(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_weeks_and_what_comes_after_the_end_is_not_seen() {
        let days = [Day(100), Day(107), Day(121), Day(300)];
        let history = History::of(&days, Day(135), 7.0).expect("three are seen");
        assert_eq!(history, History { repeats: 2, recency: 3.0, age: 5.0 });
        assert_eq!(History::of(&days, Day(99), 7.0), None);
        assert_eq!(History::of(&days, Day(100), 7.0), Some(History { repeats: 0, recency: 0.0, age: 0.0 }));
    }

    #[test]
    fn identical_histories_are_one_group_and_impossible_ones_are_refused() {
        let a = History { repeats: 1, recency: 2.0, age: 5.0 };
        let b = History { repeats: 0, recency: 0.0, age: 5.0 };
        let grouped = Histories::group(&[a, b, a]).expect("possible");
        assert_eq!(grouped.groups, [(b, 1), (a, 2)]);
        assert_eq!((grouped.group_of, grouped.groups.len()), (vec![1, 0, 1], 2));
        let late = History { repeats: 1, recency: 6.0, age: 5.0 };
        assert!(matches!(Histories::group(&[a, late]), Err(FitError::Impossible { index: 1, .. })));
    }
}
