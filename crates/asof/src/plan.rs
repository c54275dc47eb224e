//! From specs to work: names resolved to positions, features that differ in their window only put together.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::PlanError;
use crate::events::Events;
use crate::features::{OfRows, OfSubject, Target};
use crate::spec::{Compute, Spec, Window};
use crate::subjects::Subjects;
use crate::values::{Column, Kind};

/// What is to be computed, slots being positions in the list of specs.
pub(crate) struct Plan {
    pub(crate) of_tables: Vec<OfTable>,
    pub(crate) of_subjects: Vec<(usize, OfSubject)>,
    pub(crate) relative: Vec<Relative>,
}

/// What is to be computed from one table.
pub(crate) struct OfTable {
    /// The table, by position.
    pub(crate) table: usize,
    /// The windows that its features look back over.
    pub(crate) windows: Vec<Window>,
    /// Features by the hidden columns that they use: what is unsettled for one is unsettled for all of a part.
    pub(crate) parts: Vec<Part>,
}

/// Features of a table that use the same hidden columns.
pub(crate) struct Part {
    /// The columns used that another column reveals.
    pub(crate) hidden: Vec<usize>,
    /// All columns used.
    pub(crate) used: Vec<usize>,
    pub(crate) groups: Vec<(OfRows, Vec<Target>)>,
}

/// A feature that compares another with its group.
pub(crate) struct Relative {
    pub(crate) slot: usize,
    /// The slot of the other.
    pub(crate) feature: usize,
    /// The attribute that says the group, by position.
    pub(crate) group: usize,
}

/// Where a spec's value comes from.
pub(crate) enum Resolved {
    Rows { table: usize, feature: OfRows, windows: [Window; 2] },
    Subject(OfSubject),
    Relative { feature: usize, group: usize },
}

/// Checks names, kinds and windows of a plan, as [`crate::snapshot()`] does first.
pub fn check(subjects: &Subjects, tables: &[&Events], specs: &[Spec]) -> Result<(), PlanError> {
    Plan::new(subjects, tables, specs).map(|_| ())
}

impl Plan {
    pub(crate) fn new(subjects: &Subjects, tables: &[&Events], specs: &[Spec]) -> Result<Self, PlanError> {
        check_tables(subjects, tables)?;
        let mut names = FxHashSet::default();
        for spec in specs {
            if !names.insert(spec.name.as_str()) {
                return Err(PlanError::DuplicateName { spec: spec.name.clone() });
            }
        }
        let mut plan = Self { of_tables: Vec::new(), of_subjects: Vec::new(), relative: Vec::new() };
        for (slot, spec) in specs.iter().enumerate() {
            match resolve(&subjects.attributes, tables, specs, spec)? {
                Resolved::Rows { table, feature, windows } => {
                    plan.of_table(table).add(tables[table], feature, slot, windows);
                }
                Resolved::Subject(feature) => plan.of_subjects.push((slot, feature)),
                Resolved::Relative { feature, group } => plan.relative.push(Relative { slot, feature, group }),
            }
        }
        Ok(plan)
    }

    fn of_table(&mut self, table: usize) -> &mut OfTable {
        let position = self.of_tables.iter().position(|of_table| of_table.table == table);
        let position = position.unwrap_or_else(|| {
            self.of_tables.push(OfTable { table, windows: Vec::new(), parts: Vec::new() });
            self.of_tables.len() - 1
        });
        &mut self.of_tables[position]
    }
}

impl OfTable {
    fn add(&mut self, events: &Events, feature: OfRows, slot: usize, windows: [Window; 2]) {
        let [window, base] = windows.map(|window| {
            let position = self.windows.iter().position(|other| *other == window);
            position.unwrap_or_else(|| {
                self.windows.push(window);
                self.windows.len() - 1
            })
        });
        let target = Target { slot, window, base };
        let columns = feature.columns();
        let mut hidden: Vec<usize> =
            columns.iter().copied().filter(|column| events.reveals[*column].is_some()).collect();
        hidden.sort_unstable();
        hidden.dedup();
        let position = self.parts.iter().position(|part| part.hidden == hidden).unwrap_or_else(|| {
            self.parts.push(Part { hidden, used: Vec::new(), groups: Vec::new() });
            self.parts.len() - 1
        });
        let part = &mut self.parts[position];
        for column in columns {
            if !part.used.contains(&column) {
                part.used.push(column);
            }
        }
        match part.groups.iter_mut().find(|(other, _)| *other == feature) {
            Some((_, targets)) => targets.push(target),
            None => part.groups.push((feature, vec![target])),
        }
    }
}

fn check_tables(subjects: &Subjects, tables: &[&Events]) -> Result<(), PlanError> {
    let mut names = FxHashMap::default();
    for events in tables {
        if names.insert(events.table(), ()).is_some() {
            return Err(PlanError::DuplicateTable { table: events.table().to_owned() });
        }
        if events.subjects() != subjects.len() {
            return Err(PlanError::SubjectCount {
                table: events.table().to_owned(),
                found: events.subjects(),
                expected: subjects.len(),
            });
        }
    }
    Ok(())
}

/// Finds out where a spec's value comes from.
pub(crate) fn resolve(
    attributes: &[Column],
    tables: &[&Events],
    specs: &[Spec],
    spec: &Spec,
) -> Result<Resolved, PlanError> {
    let names = Names { attributes, tables, spec };
    let all = Window::All;
    let rows = |table: &str, window: Window, feature: &dyn Fn(&Events) -> Result<OfRows, PlanError>| {
        if window == Window::Days(0) {
            return Err(names.window("a window needs at least one day"));
        }
        let table = names.table(table)?;
        Ok(Resolved::Rows { table, feature: feature(tables[table])?, windows: [window, window] })
    };
    match &spec.compute {
        Compute::Count { table, flag, window } => rows(table, *window, &|events| {
            Ok(OfRows::Count { flag: flag.as_ref().map(|flag| names.flag(events, flag)).transpose()? })
        }),
        Compute::Share { table, flag, window } => {
            rows(table, *window, &|events| Ok(OfRows::Share { flag: names.flag(events, flag)? }))
        }
        Compute::Sum { table, column, window } => {
            rows(table, *window, &|events| Ok(OfRows::Sum { column: names.number(events, column)? }))
        }
        Compute::Mean { table, column, window } => {
            rows(table, *window, &|events| Ok(OfRows::Mean { column: names.number(events, column)? }))
        }
        Compute::Min { table, column, window } => {
            rows(table, *window, &|events| Ok(OfRows::Min { column: names.number(events, column)? }))
        }
        Compute::Max { table, column, window } => {
            rows(table, *window, &|events| Ok(OfRows::Max { column: names.number(events, column)? }))
        }
        Compute::Deviation { table, column, window } => {
            rows(table, *window, &|events| Ok(OfRows::Deviation { column: names.number(events, column)? }))
        }
        Compute::Distinct { table, column, window } => rows(table, *window, &|events| {
            let (column, kind) = names.number_or_category(events, column)?;
            Ok(if kind == Kind::Number {
                OfRows::DistinctNumbers { column }
            } else {
                OfRows::DistinctLevels { column }
            })
        }),
        Compute::Last { table, column } => rows(table, all, &|events| {
            let (column, kind) = names.number_or_category(events, column)?;
            Ok(if kind == Kind::Number { OfRows::LastNumber { column } } else { OfRows::LastLevel { column } })
        }),
        Compute::Recency { table, flag } => rows(table, all, &|events| {
            Ok(OfRows::Recency { flag: flag.as_ref().map(|flag| names.flag(events, flag)).transpose()? })
        }),
        Compute::Streak { table, flag } => {
            rows(table, all, &|events| Ok(OfRows::Streak { flag: names.flag(events, flag)? }))
        }
        Compute::Gap { table, window } => rows(table, *window, &|_| Ok(OfRows::Gap)),
        Compute::Trend { table, column, window } => {
            rows(table, *window, &|events| Ok(OfRows::Trend { column: names.number(events, column)? }))
        }
        Compute::RateRatio { table, column, short_days, long_days } => {
            if *short_days == 0 || short_days >= long_days {
                return Err(names.window("the short window needs at least one day and fewer than the long one"));
            }
            let table = names.table(table)?;
            let column = column.as_ref().map(|column| names.number(tables[table], column)).transpose()?;
            Ok(Resolved::Rows {
                table,
                feature: OfRows::RateRatio { column, short_days: *short_days, long_days: *long_days },
                windows: [Window::Days(*short_days), Window::Days(*long_days)],
            })
        }
        Compute::ShareDone { table, due, done, window } => rows(table, *window, &|events| {
            Ok(OfRows::ShareDone { due: names.moment(events, due)?, done: names.moment(events, done)? })
        }),
        Compute::Open { table, due, done, window } => rows(table, *window, &|events| {
            Ok(OfRows::Open { due: names.moment(events, due)?, done: names.moment(events, done)? })
        }),
        Compute::OpenStreak { table, due, done } => rows(table, all, &|events| {
            Ok(OfRows::OpenStreak { due: names.moment(events, due)?, done: names.moment(events, done)? })
        }),
        Compute::OverdueDays { table, due, done } => rows(table, all, &|events| {
            Ok(OfRows::OverdueDays { due: names.moment(events, due)?, done: names.moment(events, done)? })
        }),
        Compute::Debt { table, due, done, amount } => rows(table, all, &|events| {
            Ok(OfRows::Debt {
                due: names.moment(events, due)?,
                done: names.moment(events, done)?,
                amount: names.number(events, amount)?,
            })
        }),
        Compute::Lateness { table, due, done, window } => rows(table, *window, &|events| {
            Ok(OfRows::Lateness { due: names.moment(events, due)?, done: names.moment(events, done)? })
        }),
        Compute::Progress { table, planned, done } => rows(table, all, &|events| {
            Ok(OfRows::Progress { planned: names.number(events, planned)?, done: names.number(events, done)? })
        }),
        Compute::Attribute { column } => {
            let attribute = names.attribute(column, &[Kind::Number, Kind::Category, Kind::Flag])?;
            Ok(Resolved::Subject(match attributes[attribute].kind() {
                Kind::Category => OfSubject::Level { attribute },
                _ => OfSubject::Number { attribute },
            }))
        }
        Compute::Age { column } => {
            Ok(Resolved::Subject(OfSubject::Age { attribute: names.attribute(column, &[Kind::Moment])? }))
        }
        Compute::Tenure => Ok(Resolved::Subject(OfSubject::Tenure)),
        Compute::Remaining => Ok(Resolved::Subject(OfSubject::Remaining)),
        Compute::Elapsed => Ok(Resolved::Subject(OfSubject::Elapsed)),
        Compute::RelativeTo { feature, group } => {
            let group = names.attribute(group, &[Kind::Category])?;
            let unknown = || PlanError::UnknownFeature { spec: spec.name.clone(), feature: feature.clone() };
            let other = specs.iter().position(|other| &other.name == feature).ok_or_else(unknown)?;
            if matches!(specs[other].compute, Compute::RelativeTo { .. }) {
                return Err(unknown());
            }
            match resolve(attributes, tables, specs, &specs[other])? {
                Resolved::Rows { feature: OfRows::LastLevel { .. }, .. }
                | Resolved::Subject(OfSubject::Level { .. }) => Err(unknown()),
                _ => Ok(Resolved::Relative { feature: other, group }),
            }
        }
    }
}

/// Looks up the names that a spec uses.
struct Names<'a> {
    attributes: &'a [Column],
    tables: &'a [&'a Events],
    spec: &'a Spec,
}

impl Names<'_> {
    fn table(&self, table: &str) -> Result<usize, PlanError> {
        let position = self.tables.iter().position(|events| events.table() == table);
        position.ok_or_else(|| PlanError::UnknownTable { spec: self.spec.name.clone(), table: table.to_owned() })
    }

    fn number(&self, events: &Events, column: &str) -> Result<usize, PlanError> {
        self.column(events, column, &[Kind::Number], "number").map(|(column, _)| column)
    }

    fn number_or_category(&self, events: &Events, column: &str) -> Result<(usize, Kind), PlanError> {
        self.column(events, column, &[Kind::Number, Kind::Category], "number or category")
    }

    fn moment(&self, events: &Events, column: &str) -> Result<usize, PlanError> {
        self.column(events, column, &[Kind::Moment], "moment").map(|(column, _)| column)
    }

    fn flag(&self, events: &Events, column: &str) -> Result<usize, PlanError> {
        self.column(events, column, &[Kind::Flag], "flag").map(|(column, _)| column)
    }

    fn column(
        &self,
        events: &Events,
        column: &str,
        kinds: &[Kind],
        expected: &'static str,
    ) -> Result<(usize, Kind), PlanError> {
        let (spec, table) = (self.spec.name.clone(), events.table().to_owned());
        let Some(position) = events.columns().iter().position(|other| other.name == column) else {
            return Err(PlanError::UnknownColumn { spec, table, column: column.to_owned() });
        };
        let found = events.columns()[position].kind();
        if !kinds.contains(&found) {
            return Err(PlanError::WrongKind { spec, table, column: column.to_owned(), found, expected });
        }
        Ok((position, found))
    }

    fn attribute(&self, column: &str, kinds: &[Kind]) -> Result<usize, PlanError> {
        let position = self.attributes.iter().position(|other| other.name == column);
        let fits = position.filter(|position| kinds.contains(&self.attributes[*position].kind()));
        fits.ok_or_else(|| PlanError::UnknownAttribute { spec: self.spec.name.clone(), column: column.to_owned() })
    }

    fn window(&self, message: &'static str) -> PlanError {
        PlanError::Window { spec: self.spec.name.clone(), message }
    }
}
