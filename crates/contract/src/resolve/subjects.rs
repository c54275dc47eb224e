//! Subjects, the outcome and what a kept subject is worth: all that refers to the subjects' table.

use domain::Money;

use super::tables::Layout;
use crate::core::{Attributes, KeptValue, Outcome, Subjects, Target};
use crate::document::{KeyPath, Report};
use crate::kits::Usage;
use crate::suggest::{did_you_mean, one_of};
use crate::table::{ColumnRef, Origin};
use crate::wire::{AttributesWire, OutcomeKind, OutcomeWire, Reference, ValueWire};

/// What a label is called that is no column but an expression.
const NAME_OF_EXPRESSION: &str = "label";

pub(super) fn subjects(layout: &Layout, outcome: Option<&Outcome>, report: &mut Report<'_>) -> Option<Subjects> {
    let (wire, scope, kit) = (&layout.subjects, layout.scope(), layout.kit.subjects());
    let path = KeyPath::of(["subjects"]);
    let key = scope.stated_or(wire.key.as_ref(), kit.map(|kit| kit.key));
    if key.is_none() {
        report.missing(&path.child("key"), "the column that tells subjects apart");
    }
    let from = scope.stated_or(wire.from.as_ref(), kit.map(|kit| kit.from));
    let needs_time = outcome.is_some_and(|outcome| !matches!(outcome, Outcome::Label { .. }));
    if from.is_none() && needs_time {
        report.missing(&path.child("from"), "the column with the first day on which a subject can leave");
    }
    let attributes = match &wire.attributes {
        Some(AttributesWire::Listed(names)) => Attributes::Listed(names.clone()),
        Some(AttributesWire::Auto(_)) | None => Attributes::Auto,
    };
    Some(Subjects {
        table: layout.tables[0].name.clone(),
        key: key?,
        from,
        until: scope.stated_or(wire.until.as_ref(), kit.and_then(|kit| kit.until)),
        group: scope.stated_or(wire.group.as_ref(), kit.and_then(|kit| kit.group)),
        name: scope.stated_or(wire.name.as_ref(), kit.map(|kit| kit.name)),
        at_risk: wire.at_risk.clone(),
        ignore: ignored(layout, &attributes),
        attributes,
    })
}

pub(super) fn outcome(wire: OutcomeWire, layout: &Layout, report: &mut Report<'_>) -> Option<Outcome> {
    let path = KeyPath::of(["outcome"]);
    let OutcomeWire { kind, column, columns, leaving, table, days, positive, .. } = wire;
    let (word, own): (&str, &[&str]) = match kind {
        OutcomeKind::Date => ("date", &["column"]),
        OutcomeKind::Inactivity => ("inactivity", &["table", "days"]),
        OutcomeKind::Label => ("label", &["column", "columns", "leaving", "positive"]),
    };
    let stated = [
        ("column", column.is_some()),
        ("columns", columns.is_some()),
        ("leaving", leaving.is_some()),
        ("table", table.is_some()),
        ("days", days.is_some()),
        ("positive", positive.is_some()),
    ];
    for (key, _) in stated.into_iter().filter(|(key, is_stated)| *is_stated && !own.contains(key)) {
        let expected = format!("only {} where `kind` is `{word}`", one_of(own.iter().copied()));
        report.add(&path.child(key), format!("found `{key}`"), expected);
    }

    let scope = layout.scope();
    let kit_column = layout.kit.subjects().map(|kit| kit.left).filter(|_| kind == OutcomeKind::Date);
    match kind {
        OutcomeKind::Date => {
            let column = scope.stated_or(column.as_ref(), kit_column);
            if column.is_none() {
                report.missing(&path.child("column"), "the column of the subjects' table that says who left");
            }
            Some(Outcome::Date { column: column? })
        }
        OutcomeKind::Label => {
            let mut targets = targets(layout, column.as_ref(), columns, &path, report);
            if let (Some(targets), Some(leaving)) = (&mut targets, leaving) {
                set_leaving(targets, &leaving, &path.child("leaving"), report);
            }
            if positive.is_none() {
                report.missing(&path.child("positive"), "the value that means \"left\"");
            }
            Some(Outcome::Label { targets: targets?, chosen: 0, positive: positive?.to_text() })
        }
        OutcomeKind::Inactivity => {
            let mut missing = |key: &str, expected: &str| report.missing(&path.child(key), expected);
            if days.is_none() {
                missing("days", "how many days without a row mean that the subject has left");
            }
            let Some(table) = table else {
                missing("table", "the table whose rows show that the subject is still there");
                return None;
            };
            let known: Vec<&str> = layout.tables[1..].iter().map(|draft| draft.name.as_str()).collect();
            if !known.contains(&table.as_str()) {
                let suggestion = did_you_mean(&table, known.iter().copied());
                report.suggest(&path.child("table"), format!("found {table:?}"), one_of(known), suggestion);
            }
            Some(Outcome::Inactivity { table, days: days? })
        }
    }
}

/// The labels that can be learned, by `column` or `columns`.
fn targets(
    layout: &Layout,
    column: Option<&Reference>,
    columns: Option<Vec<String>>,
    path: &KeyPath,
    report: &mut Report<'_>,
) -> Option<Vec<Target>> {
    let scope = layout.scope();
    let named =
        |name: String| Target { column: scope.stated(&Reference::Column(name.clone())), name, is_leaving: true };
    match (column, columns) {
        (Some(_), Some(_)) => {
            report.add(&path.child("columns"), "found `column` and `columns`", "one of them");
            None
        }
        (Some(Reference::Column(name)), None) => Some(vec![named(name.clone())]),
        (Some(expr), None) => {
            let name = NAME_OF_EXPRESSION.to_owned();
            Some(vec![Target { name, column: scope.stated(expr), is_leaving: true }])
        }
        (None, Some(names)) => {
            let path = path.child("columns");
            if names.is_empty() {
                report.add(&path, "found an empty list", "the names of columns, at least one");
                return None;
            }
            for (i, name) in names.iter().enumerate().filter(|(i, name)| names[..*i].contains(name)) {
                report.add(&path.item(i), format!("found {name:?} a second time"), "each column once");
            }
            Some(names.into_iter().map(named).collect())
        }
        (None, None) => {
            report.missing(&path.child("column"), "the column of the subjects' table that says who left");
            None
        }
    }
}

/// Tells labels that mean leaving from those that do not.
fn set_leaving(targets: &mut [Target], leaving: &[String], path: &KeyPath, report: &mut Report<'_>) {
    let known: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
    for (i, name) in leaving.iter().enumerate() {
        let path = path.item(i);
        if !known.contains(&name.as_str()) {
            let suggestion = did_you_mean(name, known.iter().copied());
            report.suggest(&path, format!("found {name:?}"), one_of(known.iter().copied()), suggestion);
        } else if leaving[..i].contains(name) {
            report.add(&path, format!("found {name:?} a second time"), "each label once");
        }
    }
    for target in targets {
        target.is_leaving = leaving.contains(&target.name);
    }
}

pub(super) fn value(wire: &ValueWire, layout: &Layout, report: &mut Report<'_>) -> Option<KeptValue> {
    let path = KeyPath::of(["value"]);
    if wire.times.is_some() && wire.column.is_none() {
        report.add(&path.child("times"), "found `times` without `column`", "`column` beside it");
    }
    match (wire.per_subject, &wire.column) {
        (Some(amount), None) => Some(KeptValue::PerSubject(Money::from_major(amount))),
        (None, Some(column)) => {
            let column: ColumnRef = layout.scope().stated(column);
            Some(KeptValue::PerColumn { column, times: wire.times.unwrap_or(1.0) })
        }
        (Some(_), Some(_)) => {
            report.add(&path.child("column"), "found `per_subject` and `column`", "one of them");
            None
        }
        (None, None) => {
            // A key that is there and does not fit has been reported.
            let keys = report.document.keys(&path);
            if !keys.iter().any(|key| key == "per_subject" || key == "column") {
                report.add(&path, "found neither `per_subject` nor `column`", "one of them");
            }
            None
        }
    }
}

/// What the file ignores and what the kit knows to be no attribute, unless the file lists it as one. A column is
/// named as the source calls it and, where that differs, as the contract does.
fn ignored(layout: &Layout, attributes: &Attributes) -> Vec<String> {
    let scope = layout.scope();
    let mut ignored: Vec<String> = Vec::new();
    let mut ignore = |name: &str| {
        let origin = scope.assumed(name).origin;
        for name in [Some(name), if let Origin::Column(source) = &origin { Some(source) } else { None }] {
            if let Some(name) = name.filter(|name| !ignored.iter().any(|known| known == name)) {
                ignored.push(name.to_owned());
            }
        }
    };
    layout.subjects.ignore.iter().for_each(|name| ignore(name));
    let known = scope.spec.map_or(&[][..], |spec| spec.columns);
    for column in known.iter().filter(|column| matches!(column.usage, Usage::Personal | Usage::State)) {
        let is_listed = matches!(attributes, Attributes::Listed(names) if names.iter().any(|name| name == column.name));
        if !is_listed {
            ignore(column.name);
        }
    }
    ignored
}
