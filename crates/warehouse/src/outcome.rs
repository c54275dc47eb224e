//! Who left, when it was known, and from which rows a model may learn it.
//!
//! A subject counts as gone by inactivity on the last of the silent days, the first day on which the silence is known to
//! be long enough; who comes back is at risk again. Rows to learn from are taken every few days: back from the last cutoff
//! whose whole horizon lies within the data, or on from each subject's start.

use std::collections::BTreeSet;

use asof::{Row, Subjects};
use contract::{Anchor, Contract, Outcome};
use domain::{Cutoff, Day, Horizon};
use tables::{Finding, Place, Topic};

use crate::error::Error;
use crate::events;
use crate::load::Loaded;
use crate::people::People;

/// What is known of leaving.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcomes {
    /// The day in [`asof::Subjects::left`].
    Dates,
    /// By subject, the spells of activity, oldest first.
    Spells(Vec<Vec<Spell>>),
    /// By subject, whether they left; nothing where it is not known. There is no time.
    Labels(Vec<Option<bool>>),
}

/// A time of activity without a silence that counts as leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// Day of its first row.
    pub began: Day,
    /// Day on which the silence after it was long enough, if it was by the end of the data.
    pub gone: Option<Day>,
}

/// Rows to learn from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Training {
    /// Ascending by subject, then cutoff.
    pub rows: Vec<Row>,
    /// Whether each leaves within the horizon.
    pub leaves: Vec<bool>,
}

pub(crate) fn settle(
    contract: &Contract,
    people: &mut People,
    tables: &[events::Read],
    last_day: Option<Day>,
) -> Outcomes {
    match &contract.outcome {
        Outcome::Date { .. } => Outcomes::Dates,
        Outcome::Label { .. } => Outcomes::Labels(people.labels.take().unwrap_or_default()),
        Outcome::Inactivity { table, days } => {
            let mut active = vec![Vec::new(); people.keys.len()];
            for (code, day) in tables.iter().filter(|read| read.summary.name == *table).flat_map(|read| &read.days) {
                active[*code as usize].push(*day);
            }
            let spells = active.into_iter().map(|days_of_one| spells(days_of_one, i32::from(*days), last_day));
            Outcomes::Spells(spells.collect())
        }
    }
}

fn spells(mut active: Vec<Day>, silent_days: i32, last_day: Option<Day>) -> Vec<Spell> {
    active.sort_unstable();
    active.dedup();
    let mut spells: Vec<Spell> = Vec::new();
    for (index, &day) in active.iter().enumerate() {
        let begins = spells.last().is_none_or(|spell| spell.gone.is_some());
        if begins {
            spells.push(Spell { began: day, gone: None });
        }
        let gone = day.plus(silent_days);
        let is_gone = match active.get(index + 1) {
            Some(next) => *next > gone,
            None => last_day.is_some_and(|last| gone <= last),
        };
        if let (true, Some(spell)) = (is_gone, spells.last_mut()) {
            spell.gone = Some(gone);
        }
    }
    spells
}

impl Outcomes {
    /// Subjects who ever left.
    pub(crate) fn leavers(&self, subjects: &Subjects) -> Vec<bool> {
        match self {
            Self::Dates => subjects.left.iter().map(Option::is_some).collect(),
            Self::Spells(spells) => {
                spells.iter().map(|spells| spells.iter().any(|spell| spell.gone.is_some())).collect()
            }
            Self::Labels(labels) => labels.iter().map(|label| *label == Some(true)).collect(),
        }
    }
}

impl Loaded {
    /// Whether the outcome is a label without a time: one cutoff, validated by stratified folds.
    pub fn is_flat(&self) -> bool {
        matches!(self.outcome, Outcomes::Labels(_))
    }

    /// The cutoffs to learn from, oldest first; none where no horizon is settled yet.
    pub fn training_cutoffs(&self, contract: &Contract) -> Vec<Cutoff> {
        if self.is_flat() {
            return vec![self.flat_cutoff()];
        }
        let Some((first, last)) = self.training_days(contract) else { return Vec::new() };
        let step = i32::from(contract.cutoffs.every_days.max(1));
        let mut cutoffs = BTreeSet::new();
        match contract.cutoffs.from {
            Anchor::Calendar => {
                let steps = (0..).map(|step_number: i32| last.plus(-step * step_number));
                cutoffs.extend(steps.take_while(|day| *day >= first).map(Cutoff));
            }
            Anchor::Start => cutoffs.extend(self.since_each_start(contract).into_iter().map(|row| row.cutoff)),
        }
        cutoffs.into_iter().collect()
    }

    /// The days between which a cutoff can be learnt from.
    fn training_days(&self, contract: &Contract) -> Option<(Day, Day)> {
        let settled = self.last_day?.plus(-contract.horizon.reach_days());
        let last = contract.cutoffs.last.map_or(settled, |last| last.min(settled));
        let earliest = self.first_day?.plus(i32::from(contract.cutoffs.min_tenure_days));
        Some((contract.cutoffs.first.map_or(earliest, |stated| stated.max(earliest)), last))
    }

    /// The rows to learn from: at risk, of the tenure that the contract asks for, with a settled outcome.
    pub fn training(&self, contract: &Contract) -> Training {
        let rows = match contract.cutoffs.from {
            Anchor::Start if !self.is_flat() => self.since_each_start(contract),
            Anchor::Start | Anchor::Calendar => self.subjects.at_risk(&self.training_cutoffs(contract)),
        };
        let mut training = Training::default();
        for row in self.who_may_leave(rows) {
            if !self.is_flat() && !self.is_of_tenure(contract, row) {
                continue;
            }
            if let Some(leaves) = self.leaves(row, contract.horizon) {
                training.rows.push(row);
                training.leaves.push(leaves);
            }
        }
        training
    }

    /// Everyone at risk at a cutoff.
    ///
    /// # Errors
    ///
    /// The cutoff is before all data.
    pub fn scoring(&self, contract: &Contract, cutoff: Cutoff) -> Result<Vec<Row>, Error> {
        if let Some(first) = self.first_day.filter(|first| cutoff.0 < *first && !self.is_flat()) {
            let place = Place::table(&contract.subjects_table().name);
            let message = format!("the cutoff {} is before all data, which begins on {first}", cutoff.0);
            return Err(
                Finding::error(Topic::BeforeData, place, message, format!("choose a day from {first} on")).into()
            );
        }
        Ok(self.who_may_leave(self.subjects.at_risk(&[cutoff])))
    }

    /// Whether a row's subject leaves within the horizon; nothing where the data ends before that is settled.
    pub fn leaves(&self, row: Row, horizon: Horizon) -> Option<bool> {
        let subject = row.subject as usize;
        if let Outcomes::Labels(labels) = &self.outcome {
            return labels[subject];
        }
        if self.last_day? < row.cutoff.0.plus(horizon.reach_days()) {
            return None;
        }
        let left = match &self.outcome {
            Outcomes::Dates => self.subjects.left[subject],
            Outcomes::Spells(spells) => spell_at(&spells[subject], row.cutoff).and_then(|spell| spell.gone),
            Outcomes::Labels(_) => None,
        };
        Some(left.is_some_and(|left| horizon.holds(row.cutoff, left)))
    }

    /// Subjects who ever left.
    pub fn leavers(&self) -> Vec<bool> {
        self.outcome.leavers(&self.subjects)
    }

    /// Every subject at risk at the same ages, counted from its own start.
    fn since_each_start(&self, contract: &Contract) -> Vec<Row> {
        let Some((first, last)) = self.training_days(contract) else { return Vec::new() };
        let stated = &contract.cutoffs;
        let mut rows = Vec::new();
        for (subject, from) in (0..).zip(&self.subjects.from) {
            let Some(from) = *from else { continue };
            let mut day = from.plus(i32::from(stated.min_tenure_days));
            while day <= last {
                let row = Row { subject, cutoff: Cutoff(day) };
                if day >= first && self.subjects.is_at_risk(row) {
                    rows.push(row);
                }
                day = day.plus(i32::from(stated.every_days.max(1)));
            }
        }
        rows
    }

    /// Of the subjects at risk by their days, those whom the contract lets leave and who have not fallen silent.
    pub(crate) fn who_may_leave(&self, mut rows: Vec<Row>) -> Vec<Row> {
        rows.retain(|row| {
            let subject = row.subject as usize;
            let is_active = match &self.outcome {
                Outcomes::Spells(spells) => spell_at(&spells[subject], row.cutoff).is_some(),
                Outcomes::Dates | Outcomes::Labels(_) => true,
            };
            self.may_leave[subject] && is_active
        });
        rows
    }

    fn is_of_tenure(&self, contract: &Contract, row: Row) -> bool {
        let Some(from) = self.subjects.from[row.subject as usize] else { return false };
        let tenure = row.cutoff.0.0 - from.0;
        let longest = contract.cutoffs.max_tenure_days.map_or(i32::MAX, i32::from);
        let shortest = i32::from(contract.cutoffs.min_tenure_days);
        tenure >= shortest && tenure <= longest
    }

    /// Where there is no time, everything is seen from the end of the data, or from the first day there is.
    fn flat_cutoff(&self) -> Cutoff {
        Cutoff(self.last_day.or(self.first_day).unwrap_or(Day(0)))
    }
}

/// The spell that a cutoff lies in.
fn spell_at(spells: &[Spell], cutoff: Cutoff) -> Option<Spell> {
    let spell = spells.iter().rev().find(|spell| spell.began <= cutoff.0)?;
    spell.gone.is_none_or(|gone| gone > cutoff.0).then_some(*spell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_silence_ends_a_spell_on_its_last_day() {
        let days = |days: &[i32]| days.iter().map(|&day| Day(day)).collect::<Vec<_>>();
        let found = spells(days(&[5, 1, 9, 40]), 10, Some(Day(49)));
        assert_eq!(found, [Spell { began: Day(1), gone: Some(Day(19)) }, Spell { began: Day(40), gone: None }]);
        let found = spells(days(&[40]), 10, Some(Day(50)));
        assert_eq!(found, [Spell { began: Day(40), gone: Some(Day(50)) }]);
        // Ten days on is the tenth silent day at the latest: a row on it ends the silence in time.
        assert_eq!(spells(days(&[1, 11]), 10, Some(Day(12))).len(), 1);
    }

    #[test]
    fn a_subject_is_at_risk_within_a_spell_only() {
        let spells = [Spell { began: Day(1), gone: Some(Day(19)) }, Spell { began: Day(40), gone: None }];
        assert!(spell_at(&spells, Cutoff(Day(0))).is_none());
        assert!(spell_at(&spells, Cutoff(Day(18))).is_some());
        assert!(spell_at(&spells, Cutoff(Day(19))).is_none());
        assert!(spell_at(&spells, Cutoff(Day(60))).is_some());
    }
}
