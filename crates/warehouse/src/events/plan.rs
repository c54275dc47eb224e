//! What is asked of a table of events: its times, its keys and its columns, each with the moment that reveals it.

use std::collections::{BTreeMap, BTreeSet};

use asof::ColumnDef;
use contract::{Column, ColumnRef, Kind as Meaning, Origin, Table};
use datafusion::logical_expr::Expr;
use tables::{Finding, Kind, Topic};

use crate::error::Error;
use crate::kits;
use crate::table::{Output, TypedTable};

/// A column of the answer.
pub(super) struct Asked {
    pub def: ColumnDef,
    pub at: usize,
    /// Whether it holds amounts of money.
    pub is_money: bool,
}

/// The outputs of a table's query, and where each part of a row is among them.
pub(super) struct Plan {
    pub outputs: Vec<Output>,
    pub subject: usize,
    pub at: usize,
    pub recorded_at: Option<usize>,
    pub key: Option<usize>,
    pub columns: Vec<Asked>,
}

/// The kind of a column's meaning.
pub(crate) fn kind_of(meaning: Meaning) -> Kind {
    match meaning {
        Meaning::Number | Meaning::Money => Kind::Number,
        Meaning::Category => Kind::Text,
        Meaning::Moment => Kind::Moment,
        Meaning::Flag => Kind::Flag,
    }
}

/// Adds the kinds that a table's columns state for columns of its source.
pub(crate) fn state_columns(table: &Table, stated: &mut BTreeMap<String, Kind>) {
    let mut state = |reference: &ColumnRef, kind: Kind| {
        if let Origin::Column(name) = &reference.origin {
            stated.entry(name.clone()).or_insert(kind);
        }
    };
    state(&table.subject, Kind::Text);
    table.key.iter().for_each(|key| state(key, Kind::Text));
    table.at.iter().chain(&table.recorded_at).for_each(|at| state(at, Kind::Moment));
    for reveal in table.columns.iter().flat_map(|column| &column.reveals) {
        state(reveal, Kind::Moment);
    }
    for column in &table.columns {
        let kind = if column.levels.is_empty() { column.kind.map(kind_of) } else { Some(Kind::Text) };
        if let (Origin::Column(name), Some(kind)) = (&column.origin, kind) {
            stated.entry(name.clone()).or_insert(kind);
        }
    }
}

/// Plans the reading of a table.
pub(super) fn plan(table: &TypedTable<'_>, findings: &mut Vec<Finding>) -> Result<Plan, Error> {
    let name = &table.table.name;
    let mut outputs = Vec::new();
    let mut add = |expr: Expr, kind: Kind| {
        outputs.push(Output { expr, kind });
        outputs.len() - 1
    };
    let subject = add(table.expr(&table.table.subject.origin, &table.table.subject_key)?, Kind::Text);
    let Some(at_reference) = &table.table.at else {
        let advice = format!("state the column with the rows' time: [tables.{name}] at = \"...\"");
        return Err(
            Finding::error(Topic::NoTime, table.place(), "the contract says no time for its rows", advice).into()
        );
    };
    let at_expr = table.expr(&at_reference.origin, &format!("tables.{name}.at"))?;
    let at = add(at_expr.clone(), Kind::Moment);
    let present = |reference: &Option<ColumnRef>| reference.clone().filter(|r| !r.assumed || table.has(&r.origin));
    let recorded_at = match present(&table.table.recorded_at) {
        Some(r) => Some(add(table.expr(&r.origin, &format!("tables.{name}.recorded_at"))?, Kind::Moment)),
        None => None,
    };
    let key = match present(&table.table.key) {
        Some(r) => Some(add(table.expr(&r.origin, &format!("tables.{name}.key"))?, Kind::Text)),
        None => None,
    };
    let mut columns: Vec<Asked> = Vec::new();
    let keys: Vec<&Origin> =
        [&table.table.subject].into_iter().chain(&table.table.key).map(|key| &key.origin).collect();
    for column in &table.table.columns {
        // A key tells rows apart and nothing else: to learn from it is to learn the training data by heart.
        if keys.contains(&&column.origin) {
            continue;
        }
        let Some((expr, kind)) = column_expr(table, column)? else { continue };
        let reveals = match reveal_of(table, column) {
            Reveal::Never => {
                let place = table.place().in_column(&column.name);
                let message = "it is not known when its values become known, so it is left out";
                let advice = format!("state it: tables.{name}.columns.{} = {{ reveals = \"...\" }}", column.name);
                findings.push(Finding::info(Topic::UnknownColumn, place, message, advice));
                continue;
            }
            Reveal::WithRow => None,
            Reveal::At(reference) => Some(reference),
        };
        let reveals = match reveals {
            None => None,
            Some(reference) => Some(revealing_column(table, reference, &mut columns, &mut add)?),
        };
        let at = add(expr, kind);
        let known = columns.iter_mut().find(|asked| asked.def.name == column.name);
        match known {
            // It was added as the one that reveals another.
            Some(known) => known.def.reveals = reveals,
            None => {
                let def = ColumnDef { name: column.name.clone(), kind: asof_kind(kind), reveals };
                columns.push(Asked { def, at, is_money: column.kind == Some(Meaning::Money) });
            }
        }
    }
    if table.table.takes_other_numbers {
        for source in other_numbers(table) {
            let at = add(table.expr(&Origin::Column(source.clone()), "")?, Kind::Number);
            columns.push(Asked {
                def: ColumnDef { name: source, kind: asof::Kind::Number, reveals: None },
                at,
                is_money: false,
            });
        }
    }
    let known: Vec<(String, Kind, Option<String>, usize)> = columns
        .iter()
        .map(|asked| (asked.def.name.clone(), warehouse_kind(asked.def.kind), asked.def.reveals.clone(), asked.at))
        .collect();
    let exprs: BTreeMap<String, kits::KnownColumn> = known
        .into_iter()
        .map(|(name, kind, reveals, at)| (name, kits::KnownColumn { expr: outputs[at].expr.clone(), kind, reveals }))
        .collect();
    for derived in kits::derived(table.table.role, &exprs, &at_expr) {
        outputs.push(Output { expr: derived.expr, kind: derived.kind });
        let def = ColumnDef { name: derived.name, kind: asof_kind(derived.kind), reveals: derived.reveals };
        columns.push(Asked { def, at: outputs.len() - 1, is_money: false });
    }
    Ok(Plan { outputs, subject, at, recorded_at, key, columns })
}

/// The plan and kind of a column; nothing where the kit assumes it and the source lacks it.
fn column_expr(table: &TypedTable<'_>, column: &Column) -> Result<Option<(Expr, Kind)>, Error> {
    if column.assumed && !table.has(&column.origin) {
        return Ok(None);
    }
    let key = format!("tables.{}.columns.{}", table.table.name, column.name);
    let by_source = match &column.origin {
        Origin::Column(name) => table.formats.get(name).map(|format| format.kind),
        Origin::OneOf { .. } => Some(Kind::Flag),
        Origin::Expr(_) => None,
    };
    let kind = column.kind.map(kind_of).or(by_source).unwrap_or(Kind::Number);
    if kind == Kind::Text {
        return Ok(Some((table.category(&column.origin, &column.levels, &column.name)?, kind)));
    }
    Ok(Some((table.expr(&column.origin, &key)?, kind)))
}

enum Reveal<'a> {
    WithRow,
    At(&'a ColumnRef),
    Never,
}

fn reveal_of<'a>(table: &TypedTable<'_>, column: &'a Column) -> Reveal<'a> {
    if column.reveals.is_empty() {
        return Reveal::WithRow;
    }
    // A stated one that is absent is an error where it is planned.
    match column.reveals.iter().find(|reveal| !reveal.assumed || table.has(&reveal.origin)) {
        Some(reference) => Reveal::At(reference),
        None => Reveal::Never,
    }
}

/// The name of the moment column that reveals another, added if it is not there yet.
fn revealing_column(
    table: &TypedTable<'_>,
    reference: &ColumnRef,
    columns: &mut Vec<Asked>,
    add: &mut impl FnMut(Expr, Kind) -> usize,
) -> Result<String, Error> {
    let same = table.table.columns.iter().find(|column| column.origin == reference.origin);
    let name = match (same, &reference.origin) {
        (Some(column), _) => column.name.clone(),
        (None, Origin::Column(source)) => source.clone(),
        (None, Origin::Expr(sql)) => sql.clone(),
        (None, Origin::OneOf { column, .. }) => column.clone(),
    };
    if !columns.iter().any(|asked| asked.def.name == name) {
        let expr = table.expr(&reference.origin, &format!("tables.{}.columns: reveals", table.table.name))?;
        let at = add(expr, Kind::Moment);
        columns.push(Asked {
            def: ColumnDef { name: name.clone(), kind: asof::Kind::Moment, reveals: Some(name.clone()) },
            at,
            is_money: false,
        });
    }
    Ok(name)
}

/// Numbers of the source that nothing else uses.
fn other_numbers(table: &TypedTable<'_>) -> Vec<String> {
    let spec = table.table;
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let references = [Some(&spec.subject), spec.at.as_ref(), spec.recorded_at.as_ref(), spec.key.as_ref()];
    let origins = references.into_iter().flatten().map(|reference| &reference.origin);
    for origin in origins.chain(spec.columns.iter().map(|column| &column.origin)) {
        if let Origin::Column(name) = origin {
            used.insert(name);
        }
    }
    table
        .source_columns()
        .filter(|name| !used.contains(name) && !name.is_empty() && spec.column(name).is_none())
        .filter(|name| table.formats.get(*name).is_some_and(|f| f.kind == Kind::Number && !f.is_identifier))
        .map(str::to_owned)
        .collect()
}

fn asof_kind(kind: Kind) -> asof::Kind {
    match kind {
        Kind::Number => asof::Kind::Number,
        Kind::Text => asof::Kind::Category,
        Kind::Moment => asof::Kind::Moment,
        Kind::Flag => asof::Kind::Flag,
    }
}

fn warehouse_kind(kind: asof::Kind) -> Kind {
    match kind {
        asof::Kind::Number => Kind::Number,
        asof::Kind::Category => Kind::Text,
        asof::Kind::Moment => Kind::Moment,
        asof::Kind::Flag => Kind::Flag,
    }
}
