//! Tables: which there are, what the kit knows of each, where its rows are and when they happen.

use std::collections::BTreeMap;

use domain::Family;

use super::columns::{Scope, columns};
use super::labels;
use crate::core::{Outcome, Source};
use crate::document::{KeyPath, Report};
use crate::kits::{Kit, Role, RoleSpec};
use crate::suggest::{did_you_mean, nearest, one_of};
use crate::table::{CsvOptions, FILE_ENDINGS, Table, TableSource, default_files};
use crate::wire::{CsvWire, DecimalWire, Reference, SubjectsWire, TableWire};

/// All tables by name and role, before their columns are looked at. The subjects' table comes first.
pub(super) struct Layout {
    pub(super) kit: Kit,
    pub(super) subjects: SubjectsWire,
    pub(super) tables: Vec<Draft>,
}

/// A table with its role.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) wire: TableWire,
    pub(super) spec: Option<&'static RoleSpec>,
}

impl Layout {
    /// The names of the subjects' table.
    pub(super) fn scope(&self) -> Scope<'_> {
        self.tables[0].scope()
    }

    /// The name under which other tables are expected to hold the subject's key.
    fn subject_column(&self) -> Option<&str> {
        match &self.subjects.key {
            Some(Reference::Column(name)) => Some(name),
            _ => self.kit.subjects().map(|spec| spec.key),
        }
    }
}

impl Draft {
    pub(super) fn scope(&self) -> Scope<'_> {
        Scope { listed: &self.wire.columns, spec: self.spec }
    }
}

/// Which tables there are: those of the file and, in a folder, those that the kit would look for by itself. Nothing
/// where there is no subjects' table.
pub(super) fn layout(
    kit: Kit,
    subjects: SubjectsWire,
    mut wires: BTreeMap<String, TableWire>,
    source: &Source,
    report: &mut Report<'_>,
) -> Option<Layout> {
    let names = report.document.keys(&KeyPath::of(["tables"]));
    let subjects_role = kit.subjects().map(|spec| spec.role);
    let has_subjects_role = |name: &&String| {
        let role = wires.get(*name).and_then(|wire| wire.role.as_deref());
        role.is_some() && role == subjects_role.map(Role::as_str)
    };
    let subjects_table = subjects.table.clone();
    let subjects_table = subjects_table.or_else(|| names.iter().find(has_subjects_role).cloned());
    let Some(subjects_table) = subjects_table.or_else(|| subjects_role.map(|role| role.to_string())) else {
        report.missing(&KeyPath::of(["subjects", "table"]), "the table with one row per subject");
        return None;
    };
    let is_assumed = subjects_role.is_some_and(|role| role.as_str() == subjects_table);
    if !names.contains(&subjects_table) && !is_assumed {
        let of_kit = subjects_role.map(Role::as_str).filter(|role| names.iter().all(|name| name != role));
        let known = || names.iter().map(String::as_str).chain(of_kit);
        let found = format!("found {subjects_table:?}, which is no table of this file");
        let expected = if known().next().is_none() { "a table in [tables]".to_owned() } else { one_of(known()) };
        report.suggest(&KeyPath::of(["subjects", "table"]), found, expected, did_you_mean(&subjects_table, known()));
        return None;
    }

    let mut tables = Vec::new();
    for name in names {
        let wire = wires.remove(&name).unwrap_or_default();
        let role = role(kit, &name, &wire, name == subjects_table, report);
        tables.push(Draft { spec: role.and_then(|role| kit.role(role)), name, wire });
    }
    for spec in kit.roles() {
        let name = spec.role.as_str();
        let is_taken = tables.iter().any(|table| table.name == name || table.spec.is_some_and(|s| s.role == spec.role));
        let is_needed = name == subjects_table;
        if !is_taken && (is_needed || matches!(source, Source::Folder { .. })) {
            tables.push(Draft { name: name.to_owned(), wire: TableWire::default(), spec: Some(spec) });
        }
    }
    // Stable, so that the file's order stands.
    tables.sort_by_key(|table| table.name != subjects_table);
    Some(Layout { kit, subjects, tables })
}

/// Every table with its columns; those that cannot be resolved are reported and left out.
pub(super) fn tables(
    layout: &Layout,
    outcome: Option<&Outcome>,
    source: &Source,
    csv: &CsvOptions,
    report: &mut Report<'_>,
) -> Vec<Table> {
    let mut tables = Vec::with_capacity(layout.tables.len());
    for (i, draft) in layout.tables.iter().enumerate() {
        let Some(mut table) = table(layout, draft, i == 0, outcome, source, report) else { continue };
        table.csv = table.csv.or(csv);
        tables.push(table);
    }
    tables
}

fn table(
    layout: &Layout,
    draft: &Draft,
    is_subjects: bool,
    outcome: Option<&Outcome>,
    source: &Source,
    report: &mut Report<'_>,
) -> Option<Table> {
    let Draft { name, wire, spec } = draft;
    let (scope, path) = (draft.scope(), KeyPath::of(["tables", name]));
    if !name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') || name.is_empty() {
        report.add(&path, format!("found the name {name:?}"), "letters, digits, `_` and `-`");
    }
    let subject = if is_subjects {
        scope.stated_or(layout.subjects.key.as_ref(), layout.subject_column())
    } else {
        scope.stated_or(wire.subject.as_ref(), layout.subject_column())
    };
    let subject_name = match (&wire.subject, layout.subject_column()) {
        (Some(Reference::Column(name)), _) => Some(name.as_str()),
        (Some(Reference::Expr(_)), _) => None,
        (None, assumed) => assumed,
    };
    let subject_key = match subject_name.filter(|name| wire.columns.contains_key(*name)) {
        Some(name) => format!("tables.{}.columns.{name}", draft.name),
        None => format!("tables.{}.subject", draft.name),
    };
    if subject.is_none() && !is_subjects {
        report.missing(&path.child("subject"), "the column with the subject's key");
    }
    let at = scope.stated_or(wire.at.as_ref(), spec.and_then(|spec| spec.at));
    if at.is_none() && !is_subjects {
        report.missing(&path.child("at"), "the column with the time of the row");
    }
    if let Some((key, _)) = [("at", &wire.at), ("subject", &wire.subject), ("recorded_at", &wire.recorded_at)]
        .into_iter()
        .find(|(_, reference)| is_subjects && reference.is_some())
    {
        report.add(&path.child(key), "found a key for tables of events", "`subjects.key` and `subjects.from` instead");
    }

    let names_of_keys = [&wire.subject, &wire.key].into_iter().filter_map(|reference| match reference {
        Some(Reference::Column(name)) => Some(name.as_str()),
        _ => None,
    });
    let kit_key = spec.and_then(|spec| spec.key);
    let keys: Vec<&str> = names_of_keys.chain(layout.subject_column()).chain(kit_key).collect();
    let has_own_columns = !wire.columns.is_empty();
    let is_activity = spec.is_some_and(|spec| spec.role == Role::Activity);
    let is_outcome = matches!(outcome, Some(Outcome::Inactivity { table, .. }) if table == name);
    let is_stated = wire.file.is_some() || wire.relation.is_some() || wire.query.is_some();
    let family = wire.family.clone().map(|family| Family(family.into()));
    Some(Table {
        name: name.clone(),
        role: spec.map(|spec| spec.role),
        family: family.or(spec.map(|spec| spec.family.clone())).unwrap_or_else(|| Family(name.clone().into())),
        labels: labels(wire.label.as_ref()),
        source: table_source(name, wire, source, &path, report),
        required: is_subjects || is_outcome || is_stated,
        columns: columns(scope, &keys, &path.child("columns"), report),
        subject: subject?,
        subject_key,
        at: at.filter(|_| !is_subjects),
        recorded_at: scope.stated_or(wire.recorded_at.as_ref(), spec.and_then(|spec| spec.recorded_at)),
        key: scope.stated_or(wire.key.as_ref(), kit_key),
        rows: wire.rows.clone(),
        takes_other_numbers: !is_subjects && (is_activity || spec.is_none()) && !has_own_columns,
        csv: wire.csv.as_ref().map(|csv| csv_options(csv, &path.child("csv"), report)).unwrap_or_default(),
    })
}

fn role(kit: Kit, name: &str, wire: &TableWire, is_subjects: bool, report: &mut Report<'_>) -> Option<Role> {
    let subjects_role = kit.subjects().map(|spec| spec.role);
    let known = kit.roles().iter().map(|spec| spec.role);
    let Some(word) = &wire.role else {
        let by_name = known.into_iter().find(|role| role.as_str() == name && Some(*role) != subjects_role);
        return if is_subjects { subjects_role } else { by_name };
    };
    let path = KeyPath::of(["tables", name, "role"]);
    let Some(role) = known.clone().find(|role| role.as_str() == word) else {
        let words: Vec<&str> = known.map(Role::as_str).collect();
        let expected = match kit {
            Kit::None => "no role, since the kit is `none`".to_owned(),
            Kit::Academy | Kit::Subscriber => one_of(words.iter().copied()),
        };
        let suggestion = did_you_mean(word, words.iter().copied());
        report.suggest(&path, format!("found {word:?}"), expected, suggestion);
        // What follows is checked as if the word had been right.
        return Role::ALL.into_iter().find(|role| nearest(word, words.iter().copied()) == Some(role.as_str()));
    };
    if is_subjects != (Some(role) == subjects_role) {
        let expected = if is_subjects { "no other role for the subjects' table" } else { "one table of subjects" };
        report.add(&path, format!("found {word:?}"), expected);
    }
    Some(role)
}

fn table_source(name: &str, wire: &TableWire, source: &Source, path: &KeyPath, report: &mut Report<'_>) -> TableSource {
    let stated = [("file", &wire.file), ("relation", &wire.relation), ("query", &wire.query)];
    let mut stated = stated.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?)));
    let first = stated.next();
    for (key, _) in stated {
        report.add(&path.child(key), format!("found a second source, `{key}`"), "one of `file`, `relation`, `query`");
    }
    let is_folder = matches!(source, Source::Folder { .. });
    if let Some((key @ ("relation" | "query"), _)) = first.filter(|_| is_folder) {
        let suggestion = "set `kind = \"postgres\"` and `url_env` in [source]".to_owned();
        report.suggest(&path.child(key), "found a database", "a file, since [source] is a folder", Some(suggestion));
    }
    match first {
        Some(("file", file)) => {
            if !FILE_ENDINGS.iter().any(|ending| file.ends_with(&format!(".{ending}"))) {
                let expected = format!("a file that ends in {}", one_of(FILE_ENDINGS));
                report.add(&path.child("file"), format!("found {file:?}"), expected);
            }
            TableSource::File { candidates: vec![file.clone()] }
        }
        Some(("query", query)) => TableSource::Query(query.clone()),
        Some((_, relation)) => TableSource::Relation(relation.clone()),
        None if is_folder => TableSource::File { candidates: default_files(name) },
        None => TableSource::Relation(name.to_owned()),
    }
}

/// What a file says of the format of texts.
pub(super) fn csv_options(wire: &CsvWire, path: &KeyPath, report: &mut Report<'_>) -> CsvOptions {
    if let Some(label) = wire.encoding.as_ref().filter(|l| encoding_rs::Encoding::for_label(l.as_bytes()).is_none()) {
        let expected = "an encoding such as `utf-8` or `windows-1251`";
        report.add(&path.child("encoding"), format!("found {label:?}"), expected);
    }
    let sample = jiff::civil::date(2001, 2, 3).at(4, 5, 6, 0);
    let is_date = |format: &str| {
        let written = jiff::fmt::strtime::format(format, sample);
        written.is_ok_and(|text| jiff::fmt::strtime::parse(format, text).is_ok_and(|time| time.to_date().is_ok()))
    };
    if let Some(format) = wire.date_format.as_ref().filter(|format| !is_date(format)) {
        let expected = "the parts of a date, such as `%d.%m.%Y`";
        report.add(&path.child("date_format"), format!("found {format:?}"), expected);
    }
    CsvOptions {
        delimiter: wire.delimiter.as_ref().and_then(|text| text.chars().next()),
        encoding: wire.encoding.clone(),
        decimal: wire.decimal.map(|decimal| match decimal {
            DecimalWire::Point => '.',
            DecimalWire::Comma => ',',
        }),
        date_format: wire.date_format.clone(),
    }
}
