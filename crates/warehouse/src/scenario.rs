//! One subject as it could be: facts changed, features computed of them as of any others.
//!
//! A scenario holds the subject and those at risk who share its group, whom features relative to the group compare it
//! with, so that looking at it costs what a group costs and not what everyone does.

use asof::{Events, FeatureColumn, Row, Subjects, Values};
use contract::{Contract, Role};
use domain::{Cutoff, Family};

use crate::error::Error;
use crate::kits::Change;
use crate::kits::academy::changes;
use crate::load::Loaded;
use crate::people::GROUP;

/// A subject at a cutoff whose facts can be changed.
#[derive(Clone, Debug)]
pub struct Scenario<'a> {
    loaded: &'a Loaded,
    /// By table of events.
    roles: Vec<(Option<Role>, Family)>,
    subjects: Subjects,
    events: Vec<Events>,
    cutoff: Cutoff,
}

/// Something that the subject of a scenario could do.
#[derive(Clone, Debug, PartialEq)]
pub struct Possible {
    /// The family of reasons that it is about.
    pub family: Family,
    /// What it is.
    pub change: Change,
    table: usize,
}

impl Possible {
    /// Whether it is the same kind of thing: another homework, another lesson.
    pub fn is_like(&self, other: &Self) -> bool {
        self.table == other.table && std::mem::discriminant(&self.change) == std::mem::discriminant(&other.change)
    }
}

/// The subject stands first in a scenario.
const SUBJECT: u32 = 0;

impl Loaded {
    /// The scenario in which nothing is changed yet. `at_risk` are all who are at risk at the cutoff.
    pub fn scenario(&self, contract: &Contract, subject: u32, cutoff: Cutoff, at_risk: &[Row]) -> Scenario<'_> {
        let mut subjects = vec![subject];
        if let Some(Values::Category { codes, .. }) = self.subjects.attribute(GROUP).map(|column| &column.values) {
            let group = codes[subject as usize];
            let peers = at_risk.iter().filter(|row| row.cutoff == cutoff && row.subject != subject);
            subjects.extend(peers.map(|row| row.subject).filter(|&peer| codes[peer as usize] == group));
        }
        // Groups are made of sums in the order of subjects.
        subjects[1..].sort_unstable();
        let role = |events: &Events| {
            let table = contract.table(events.table());
            let family = table.map_or_else(|| Family(events.table().to_owned().into()), |table| table.family.clone());
            (table.and_then(|table| table.role), family)
        };
        Scenario {
            loaded: self,
            roles: self.events.iter().map(role).collect(),
            subjects: self.subjects.of(&subjects),
            events: self.events.iter().map(|events| events.of(&subjects)).collect(),
            cutoff,
        }
    }
}

impl Scenario<'_> {
    /// The subject's features, in the order of the specs.
    pub fn features(&self) -> Result<Vec<FeatureColumn>, Error> {
        let tables: Vec<&Events> = self.events.iter().collect();
        let rows = vec![Row { subject: SUBJECT, cutoff: self.cutoff }];
        let everyone = |cutoffs: &[Cutoff]| {
            let each = |subject| cutoffs.iter().map(move |&cutoff| Row { subject, cutoff });
            (0..).take(self.subjects.len()).flat_map(each).collect()
        };
        let snapshot = asof::snapshot(&self.subjects, &tables, &self.loaded.specs, rows, everyone);
        Ok(snapshot.map_err(|error| Error::Features(error.to_string()))?.columns)
    }

    /// What the subject could do next.
    pub fn possible(&self) -> Vec<Possible> {
        let mut all = Vec::new();
        for (table, (events, (role, family))) in self.events.iter().zip(&self.roles).enumerate() {
            let changes = changes::possible(*role, events, SUBJECT, self.cutoff);
            all.extend(changes.into_iter().map(|change| Possible { family: family.clone(), change, table }));
        }
        all
    }

    /// The scenario in which it has.
    #[must_use]
    pub fn with(&self, possible: &Possible) -> Self {
        let mut changed = self.clone();
        changes::make(possible.change, &mut changed.events[possible.table], SUBJECT, self.cutoff);
        changed
    }
}
