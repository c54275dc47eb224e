//! A table as a kit sees it, and the short ways in which kits write features.

use asof::{Compute, Events, Kind, Spec, Window};
use contract::{Kit, Table};
use domain::{Family, Leaning};

use crate::people::GROUP;

/// A table of events: its name, family and columns.
pub(crate) struct TableView<'a> {
    /// Name in the contract.
    pub name: &'a str,
    /// The family of its features.
    pub family: Family,
    /// Columns by name, in the table's order.
    pub columns: Vec<(&'a str, Kind)>,
    /// Columns that the contract adds to what the kit knows.
    pub own: Vec<&'a str>,
    /// Whether subjects have groups to be compared with.
    pub has_groups: bool,
}

impl<'a> TableView<'a> {
    pub(crate) fn new(table: &'a Table, events: &'a Events, has_groups: bool) -> Self {
        let columns: Vec<(&str, Kind)> =
            events.columns().iter().map(|column| (column.name.as_str(), column.kind())).collect();
        let own = columns.iter().map(|(name, _)| *name).filter(|name| is_own(table, name)).collect();
        Self { name: &table.name, family: table.family.clone(), columns, own, has_groups }
    }

    /// Whether all these columns are there.
    pub(crate) fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.columns.iter().any(|(known, _)| known == name))
    }

    /// Names of the columns of a kind.
    pub(crate) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &'a str> {
        self.columns.iter().filter(move |(_, known)| *known == kind).map(|(name, _)| *name)
    }

    /// A feature of this table.
    pub(crate) fn spec(&self, name: &str, leaning: Leaning, compute: Compute) -> Spec {
        Spec::new(format!("{}.{name}", self.name), self.family.clone(), leaning, compute)
    }

    pub(crate) fn count(&self, flag: Option<&str>, window: Window) -> Compute {
        Compute::Count { table: self.name.to_owned(), flag: flag.map(str::to_owned), window }
    }

    pub(crate) fn share(&self, flag: &str, window: Window) -> Compute {
        Compute::Share { table: self.name.to_owned(), flag: flag.to_owned(), window }
    }

    pub(crate) fn sum(&self, column: &str, window: Window) -> Compute {
        Compute::Sum { table: self.name.to_owned(), column: column.to_owned(), window }
    }

    pub(crate) fn mean(&self, column: &str, window: Window) -> Compute {
        Compute::Mean { table: self.name.to_owned(), column: column.to_owned(), window }
    }

    pub(crate) fn min(&self, column: &str, window: Window) -> Compute {
        Compute::Min { table: self.name.to_owned(), column: column.to_owned(), window }
    }

    pub(crate) fn max(&self, column: &str, window: Window) -> Compute {
        Compute::Max { table: self.name.to_owned(), column: column.to_owned(), window }
    }

    pub(crate) fn deviation(&self, column: &str, window: Window) -> Compute {
        Compute::Deviation { table: self.name.to_owned(), column: column.to_owned(), window }
    }

    pub(crate) fn distinct(&self, column: &str, window: Window) -> Compute {
        Compute::Distinct { table: self.name.to_owned(), column: column.to_owned(), window }
    }

    pub(crate) fn last(&self, column: &str) -> Compute {
        Compute::Last { table: self.name.to_owned(), column: column.to_owned() }
    }

    pub(crate) fn recency(&self, flag: Option<&str>) -> Compute {
        Compute::Recency { table: self.name.to_owned(), flag: flag.map(str::to_owned) }
    }

    pub(crate) fn streak(&self, flag: &str) -> Compute {
        Compute::Streak { table: self.name.to_owned(), flag: flag.to_owned() }
    }

    pub(crate) fn gap(&self, window: Window) -> Compute {
        Compute::Gap { table: self.name.to_owned(), window }
    }

    pub(crate) fn trend(&self, column: &str, window: Window) -> Compute {
        Compute::Trend { table: self.name.to_owned(), column: column.to_owned(), window }
    }

    pub(crate) fn rate_ratio(&self, column: Option<&str>, short_days: u16, long_days: u16) -> Compute {
        Compute::RateRatio { table: self.name.to_owned(), column: column.map(str::to_owned), short_days, long_days }
    }

    pub(crate) fn share_done(&self, due: &str, done: &str, window: Window) -> Compute {
        Compute::ShareDone { table: self.name.to_owned(), due: due.to_owned(), done: done.to_owned(), window }
    }

    pub(crate) fn open(&self, due: &str, done: &str, window: Window) -> Compute {
        Compute::Open { table: self.name.to_owned(), due: due.to_owned(), done: done.to_owned(), window }
    }

    pub(crate) fn open_streak(&self, due: &str, done: &str) -> Compute {
        Compute::OpenStreak { table: self.name.to_owned(), due: due.to_owned(), done: done.to_owned() }
    }

    pub(crate) fn overdue_days(&self, due: &str, done: &str) -> Compute {
        Compute::OverdueDays { table: self.name.to_owned(), due: due.to_owned(), done: done.to_owned() }
    }

    pub(crate) fn debt(&self, due: &str, done: &str, amount: &str) -> Compute {
        let (due, done, amount) = (due.to_owned(), done.to_owned(), amount.to_owned());
        Compute::Debt { table: self.name.to_owned(), due, done, amount }
    }

    pub(crate) fn lateness(&self, due: &str, done: &str, window: Window) -> Compute {
        Compute::Lateness { table: self.name.to_owned(), due: due.to_owned(), done: done.to_owned(), window }
    }

    pub(crate) fn progress(&self, planned: &str, done: &str) -> Compute {
        Compute::Progress { table: self.name.to_owned(), planned: planned.to_owned(), done: done.to_owned() }
    }

    /// The features that are named, once more as the difference from the subject's group.
    pub(crate) fn relative_to_group(&self, specs: &[Spec], names: &[&str]) -> Vec<Spec> {
        if !self.has_groups {
            return Vec::new();
        }
        let is_named = |spec: &&Spec| {
            let own = spec.name.strip_prefix(self.name).and_then(|rest| rest.strip_prefix('.'));
            own.is_some_and(|own| names.contains(&own))
        };
        let relative = |spec: &Spec| {
            let compute = Compute::RelativeTo { feature: spec.name.clone(), group: GROUP.to_owned() };
            Spec::new(format!("{}_vs_group", spec.name), spec.family.clone(), spec.leaning, compute)
        };
        specs.iter().filter(is_named).map(relative).collect()
    }
}

/// How a window is written in a feature's name.
pub(crate) fn suffix(window: Window) -> String {
    match window {
        Window::Days(days) => format!("{days}d"),
        Window::All => "all".to_owned(),
    }
}

/// Whether a column is the contract's own: neither the kit's nor derived.
fn is_own(table: &Table, name: &str) -> bool {
    let Some(role) = table.role.and_then(|role| Kit::ALL.into_iter().find_map(|kit| kit.role(role))) else {
        return true;
    };
    let is_known = role.column(name).is_some() || role.flags.iter().any(|flag| flag.name == name);
    table.column(name).is_some() && !is_known
}
