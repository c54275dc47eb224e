//! Columns: what the file maps, what the kit assumes, and what names refer to.

use std::collections::BTreeMap;

use super::labels;
use crate::document::{KeyPath, Report};
use crate::kits::{ColumnSpec, RoleSpec, Usage};
use crate::labels::Labels;
use crate::suggest::{did_you_mean, one_of};
use crate::table::{Column, ColumnRef, Kind, Level, Origin};
use crate::wire::{ColumnWire, KindWire, Reference, Scalar, Spellings};

/// The names that one table knows.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// Columns that the file lists.
    pub(super) listed: &'a BTreeMap<String, ColumnWire>,
    /// What the kit knows of the table.
    pub(super) spec: Option<&'static RoleSpec>,
}

impl Scope<'_> {
    /// What the file refers to: a name that it maps, or a column of the source.
    pub(super) fn stated(self, reference: &Reference) -> ColumnRef {
        match reference {
            Reference::Column(name) => ColumnRef { origin: self.origin(name), assumed: false },
            Reference::Expr(expr) => ColumnRef { origin: Origin::Expr(expr.expr.clone()), assumed: false },
        }
    }

    /// What the kit refers to: certain only if the file maps the name.
    pub(super) fn assumed(self, name: &str) -> ColumnRef {
        ColumnRef { origin: self.origin(name), assumed: !self.listed.contains_key(name) }
    }

    /// What the file refers to, else what the kit does.
    pub(super) fn stated_or(self, reference: Option<&Reference>, kit: Option<&str>) -> Option<ColumnRef> {
        reference.map(|reference| self.stated(reference)).or_else(|| kit.map(|name| self.assumed(name)))
    }

    fn origin(self, name: &str) -> Origin {
        match self.listed.get(name) {
            None => Origin::Column(name.to_owned()),
            Some(ColumnWire::Name(column)) => Origin::Column(column.clone()),
            Some(ColumnWire::Described(wire)) => match (&wire.expr, &wire.column) {
                (Some(expr), _) => Origin::Expr(expr.clone()),
                (None, column) => Origin::Column(column.clone().unwrap_or_else(|| name.to_owned())),
            },
        }
    }
}

/// All columns of a table: the kit's, then those of the file in its order, but for names in `keys`, which only tell
/// subjects and rows apart.
pub(super) fn columns(scope: Scope<'_>, keys: &[&str], path: &KeyPath, report: &mut Report<'_>) -> Vec<Column> {
    let mut columns = Vec::new();
    for spec in scope.spec.map_or(&[][..], |spec| spec.columns) {
        columns.push(match scope.listed.get(spec.name) {
            Some(wire) => listed(scope, spec.name, wire, Some(spec), &path.child(spec.name), report),
            None => Column {
                name: spec.name.to_owned(),
                origin: Origin::Column(spec.name.to_owned()),
                kind: Some(spec.kind),
                reveals: spec.reveals.iter().map(|name| scope.assumed(name)).collect(),
                levels: spec.levels.iter().map(|(name, spellings)| level(name, spellings)).collect(),
                labels: Labels::default(),
                assumed: true,
                needed: spec.usage == Usage::Needed,
            },
        });
    }
    for flag in scope.spec.map_or(&[][..], |spec| spec.flags) {
        if !scope.listed.contains_key(flag.name) {
            let levels = flag.levels.iter().map(|&level| level.to_owned()).collect();
            columns.push(Column {
                name: flag.name.to_owned(),
                origin: Origin::OneOf { column: flag.column.to_owned(), levels },
                kind: Some(Kind::Flag),
                reveals: Vec::new(),
                levels: Vec::new(),
                labels: Labels::default(),
                assumed: true,
                needed: false,
            });
        }
    }
    for name in report.document.keys(path) {
        let is_known = columns.iter().any(|column| column.name == name) || keys.contains(&name.as_str());
        if let Some(wire) = scope.listed.get(&name).filter(|_| !is_known) {
            columns.push(listed(scope, &name, wire, None, &path.child(&name), report));
        }
    }
    columns
}

fn listed(
    scope: Scope<'_>,
    name: &str,
    wire: &ColumnWire,
    spec: Option<&ColumnSpec>,
    path: &KeyPath,
    report: &mut Report<'_>,
) -> Column {
    let mut column = Column {
        name: name.to_owned(),
        origin: scope.origin(name),
        kind: spec.map(|spec| spec.kind),
        reveals: spec.map_or(&[][..], |spec| spec.reveals).iter().map(|name| scope.assumed(name)).collect(),
        levels: spec.map_or(&[][..], |spec| spec.levels).iter().map(|(name, words)| level(name, words)).collect(),
        labels: Labels::default(),
        assumed: false,
        needed: spec.is_some_and(|spec| spec.usage == Usage::Needed),
    };
    let ColumnWire::Described(wire) = wire else { return column };
    if wire.column.is_some() && wire.expr.is_some() {
        report.add(&path.child("expr"), "found an expression beside a column", "either `column` or `expr`");
    }
    if let Some(stated) = wire.kind.map(kind) {
        let are_numbers = |a, b| matches!((a, b), (Kind::Number | Kind::Money, Kind::Number | Kind::Money));
        if let Some(known) = column.kind.filter(|&known| known != stated && !are_numbers(known, stated)) {
            let expected = format!("{:?}, as the kit knows `{name}`", known.as_str());
            report.add(&path.child("type"), format!("found {:?}", stated.as_str()), expected);
        }
        column.kind = Some(stated);
    }
    if let Some(reveals) = &wire.reveals {
        column.reveals = vec![scope.stated(&Reference::Column(reveals.clone()))];
    }
    if let Some(values) = &wire.values {
        let kind = *column.kind.get_or_insert(Kind::Category);
        if kind != Kind::Category {
            let expected = format!("no `values` for a {}", kind.as_str());
            report.add(&path.child("values"), "found values", expected);
        }
        column.levels = merged(column.levels, values, &path.child("values"), report);
    }
    column.labels = labels(wire.label.as_ref());
    column
}

/// The kit's levels with the file's spellings in place of its own; the file's levels where the kit has none.
fn merged(
    known: Vec<Level>,
    values: &BTreeMap<String, Spellings>,
    path: &KeyPath,
    report: &mut Report<'_>,
) -> Vec<Level> {
    let is_open = known.is_empty();
    let mut stated: Vec<Level> = Vec::new();
    for name in report.document.keys(path) {
        let Some(spellings) = values.get(&name) else { continue };
        let words = || known.iter().map(|level| level.name.as_str());
        if !is_open && !words().any(|word| word == name) {
            let path = path.child(&name);
            report.suggest(&path, format!("unknown level `{name}`"), one_of(words()), did_you_mean(&name, words()));
            continue;
        }
        let spellings: Vec<String> = match spellings {
            Spellings::One(one) => vec![one.to_text()],
            Spellings::Several(several) => several.iter().map(Scalar::to_text).collect(),
        };
        for spelling in &spellings {
            if let Some(other) = stated.iter().find(|level| level.spells(spelling)) {
                let found = format!("found {spelling:?}, which also means `{}`", other.name);
                report.add(&path.child(&name), found, "each spelling in one level");
            }
        }
        stated.push(level(&name, &spellings));
    }
    if is_open {
        return stated;
    }
    let is_taken = |spelling: &String| stated.iter().any(|level| level.spells(spelling));
    let kept = known.into_iter().map(|level| match stated.iter().find(|stated| stated.name == level.name) {
        Some(stated) => stated.clone(),
        None => Level { spellings: level.spellings.into_iter().filter(|s| !is_taken(s)).collect(), ..level },
    });
    kept.collect()
}

fn level(name: &str, spellings: &[impl AsRef<str>]) -> Level {
    let mut all = vec![name.to_owned()];
    for spelling in spellings {
        if !all.iter().any(|known| known == spelling.as_ref()) {
            all.push(spelling.as_ref().to_owned());
        }
    }
    Level { name: name.to_owned(), spellings: all }
}

fn kind(wire: KindWire) -> Kind {
    match wire {
        KindWire::Number => Kind::Number,
        KindWire::Category => Kind::Category,
        KindWire::Moment => Kind::Moment,
        KindWire::Flag => Kind::Flag,
        KindWire::Money => Kind::Money,
    }
}
