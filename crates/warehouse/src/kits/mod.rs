//! What to compute of a table, by its role: lists of features, one file per role.
//!
//! A file has `specs`, which lists the role's features for the columns that are there, and may have `derived`, which adds
//! columns that the source implies: the days that a homework was late. To add a feature: a line in its role's file. To
//! add a role: a file, and its lines in `specs` and `derived`.

pub mod academy;
mod columns;
mod generic;
mod view;

use std::collections::BTreeMap;

use asof::{Events, Spec, Subjects};
use contract::{Contract, Kit, Role};
use datafusion::logical_expr::Expr;
use tables::Kind;

pub use academy::changes::Change;

use crate::people::GROUP;
pub(crate) use view::TableView;

/// A column that is there, for columns derived from it.
#[derive(Clone, Debug)]
pub(crate) struct KnownColumn {
    /// Its plan.
    pub expr: Expr,
    /// What it holds.
    pub kind: Kind,
    /// The moment that reveals it.
    pub reveals: Option<String>,
}

/// A column that follows from others.
#[derive(Clone, Debug)]
pub(crate) struct Derived {
    /// Its name.
    pub name: String,
    /// Its plan.
    pub expr: Expr,
    /// What it holds.
    pub kind: Kind,
    /// The moment that reveals it.
    pub reveals: Option<String>,
}

/// Columns that the role's features need besides the source's own.
pub(crate) fn derived(role: Option<Role>, known: &BTreeMap<String, KnownColumn>, at: &Expr) -> Vec<Derived> {
    match role {
        Some(Role::Attendance) => academy::attendance::derived(known),
        Some(Role::Homework) => academy::homework::derived(known),
        Some(Role::Invoices) => academy::payment::derived(known),
        Some(Role::Progress) => academy::progress::derived(known),
        Some(Role::Tests) => academy::tests::derived(known),
        Some(Role::Messages) => academy::communication::derived(known, at),
        Some(Role::Activity) => academy::activity::derived(known),
        Some(Role::Students | Role::Subscribers | Role::Actions) | None => Vec::new(),
    }
}

/// The features of all tables that were read.
pub(crate) fn specs(contract: &Contract, subjects: &Subjects, events: &[Events]) -> Vec<Spec> {
    let has_groups = subjects.attribute(GROUP).is_some();
    let mut specs = Vec::new();
    for read in events {
        let Some(table) = contract.table(read.table()) else { continue };
        let view = TableView::new(table, read, has_groups);
        let mut of_table = match table.role {
            Some(Role::Attendance) => academy::attendance::specs(&view),
            Some(Role::Homework) => academy::homework::specs(&view),
            Some(Role::Invoices) => academy::payment::specs(&view),
            Some(Role::Progress) => academy::progress::specs(&view),
            Some(Role::Tests) => academy::tests::specs(&view),
            Some(Role::Messages) => academy::communication::specs(&view),
            Some(Role::Activity) => academy::activity::specs(&view),
            Some(Role::Students | Role::Subscribers | Role::Actions) => Vec::new(),
            None => generic::table(&view),
        };
        of_table.extend(generic::own_columns(&view, &of_table));
        specs.extend(of_table);
    }
    specs.extend(match contract.kit {
        Kit::Academy => academy::profile::specs(contract, subjects),
        Kit::Subscriber | Kit::None => columns::specs(contract, subjects),
    });
    if !matches!(contract.outcome, contract::Outcome::Label { .. }) {
        specs.extend(academy::tenure::specs(subjects));
    }
    specs
}
