//! What is asked of the subjects' table: keys, times, the outcome, and the columns that describe a subject.

use std::collections::{BTreeMap, BTreeSet};

use contract::{Attributes, ColumnRef, Contract, KeptValue, Origin, Outcome};
use datafusion::logical_expr::Expr;
use tables::{Finding, Kind, Place, Topic};

use crate::error::Error;
use crate::events;
use crate::table::{Output, TypedTable};

/// What a column of the subjects' table is asked for, by its place among the outputs.
#[derive(Default)]
pub(super) struct Asked {
    pub outputs: Vec<Output>,
    pub key: usize,
    pub from: Option<usize>,
    pub until: Option<usize>,
    pub group: Option<usize>,
    pub name: Option<usize>,
    pub outcome: Option<usize>,
    pub value: Option<usize>,
    pub may_leave: Option<usize>,
    pub attributes: Vec<Attribute>,
    /// Of each opt-out of the contract.
    pub opt_outs: Vec<usize>,
    /// Of each resource of the contract that says whose it is.
    pub pools: Vec<Option<usize>>,
}

/// A column that describes subjects.
pub(super) struct Attribute {
    pub name: String,
    pub at: usize,
    pub kind: Kind,
    /// The moment that it is known from.
    pub reveals: Option<usize>,
}

/// The kinds that the contract states for columns of the subjects' table.
pub(crate) fn stated_kinds(contract: &Contract) -> BTreeMap<String, Kind> {
    let subjects = &contract.subjects;
    let mut stated = BTreeMap::new();
    let mut state = |reference: &ColumnRef, kind: Kind| {
        if let Origin::Column(name) = &reference.origin {
            stated.entry(name.clone()).or_insert(kind);
        }
    };
    state(&subjects.key, Kind::Text);
    subjects.from.iter().for_each(|from| state(from, Kind::Moment));
    subjects.until.iter().for_each(|until| state(until, Kind::Moment));
    subjects.group.iter().for_each(|group| state(group, Kind::Text));
    subjects.name.iter().for_each(|name| state(name, Kind::Text));
    match &contract.outcome {
        Outcome::Date { column } => state(column, Kind::Moment),
        Outcome::Label { targets, .. } => targets.iter().for_each(|target| state(&target.column, Kind::Text)),
        Outcome::Inactivity { .. } => {}
    }
    if let KeptValue::PerColumn { column, .. } = &contract.value {
        state(column, Kind::Number);
    }
    contract.limits.opt_outs.iter().for_each(|opt_out| state(&opt_out.column, Kind::Flag));
    contract.limits.resources.iter().filter_map(|r| r.per.as_ref()).for_each(|per| state(per, Kind::Text));
    events::state_columns(contract.subjects_table(), &mut stated);
    stated
}

/// Plans the reading of the subjects' table.
pub(super) fn ask(contract: &Contract, table: &TypedTable<'_>, findings: &mut Vec<Finding>) -> Result<Asked, Error> {
    let subjects = &contract.subjects;
    let mut asked = Asked::default();
    let mut used: BTreeSet<String> = BTreeSet::new();
    let add = |asked: &mut Asked, origin: &Origin, key: &str, kind: Kind| -> Result<usize, Error> {
        let expr = match (origin, kind) {
            (Origin::Column(name), Kind::Text) if table.has(origin) => {
                table.category(&Origin::Column(name.clone()), &[], name)?
            }
            _ => table.expr(origin, key)?,
        };
        asked.outputs.push(Output { expr, kind });
        Ok(asked.outputs.len() - 1)
    };
    let optional = |reference: &Option<ColumnRef>| reference.clone().filter(|r| !r.assumed || table.has(&r.origin));
    asked.key = add(&mut asked, &subjects.key.origin, "subjects.key", Kind::Text)?;
    let is_flat = matches!(contract.outcome, Outcome::Label { .. });
    // Without time a start that the kit only assumes may be missing.
    if let Some(from) = subjects.from.as_ref().filter(|from| !is_flat || !from.assumed || table.has(&from.origin)) {
        asked.from = Some(add(&mut asked, &from.origin, "subjects.from", Kind::Moment)?);
        used.extend(column_name(from));
    }
    if let Some(until) = optional(&subjects.until) {
        let at = add(&mut asked, &until.origin, "subjects.until", Kind::Moment)?;
        asked.until = Some(at);
        used.extend(columns_of(&asked.outputs[at].expr));
    }
    if let Some(group) = optional(&subjects.group) {
        asked.group = Some(add(&mut asked, &group.origin, "subjects.group", Kind::Text)?);
        used.extend(column_name(&group));
    }
    if let Some(name) = optional(&subjects.name) {
        asked.name = Some(add(&mut asked, &name.origin, "subjects.name", Kind::Text)?);
        used.extend(column_name(&name));
    }
    // Columns that the outcome is made of would tell it.
    let mut telling: BTreeSet<String> = BTreeSet::new();
    match &contract.outcome {
        Outcome::Date { column } => {
            let at = add(&mut asked, &column.origin, "outcome.column", Kind::Moment)?;
            asked.outcome = Some(at);
            telling.extend(columns_of(&asked.outputs[at].expr));
        }
        Outcome::Label { targets, .. } => {
            asked.outcome = label(contract, table, |origin, key| add(&mut asked, origin, key, Kind::Text))?;
            for target in targets {
                telling.extend(column_name(&target.column));
                telling.extend(columns_of_target(table, &target.column.origin)?);
            }
        }
        Outcome::Inactivity { .. } => {}
    }
    used.extend(telling.iter().cloned());
    if let KeptValue::PerColumn { column, .. } = &contract.value {
        asked.value = Some(add(&mut asked, &column.origin, "value.column", Kind::Number)?);
    }
    if let Some(condition) = &subjects.at_risk {
        let expr = table.sql(condition, "subjects.at_risk")?;
        asked.outputs.push(Output { expr, kind: Kind::Flag });
        asked.may_leave = Some(asked.outputs.len() - 1);
    }
    for opt_out in &contract.limits.opt_outs {
        let key = format!("decision.opt_out.{}", opt_out.channel.as_deref().unwrap_or("all"));
        let at = add(&mut asked, &opt_out.column.origin, &key, Kind::Flag)?;
        asked.opt_outs.push(at);
        // It says whom staff may reach today, and would teach the model whom they could not.
        used.extend(columns_of(&asked.outputs[at].expr));
    }
    for resource in &contract.limits.resources {
        let key = format!("resources.{}.per", resource.name);
        let at = resource.per.as_ref().map(|per| add(&mut asked, &per.origin, &key, Kind::Text)).transpose()?;
        asked.pools.push(at);
    }
    used.extend(column_name(&subjects.key));
    used.extend(column_name(&table.table.subject));
    used.extend(subjects.ignore.iter().cloned());
    ask_attributes(contract, table, &used, &telling, &mut asked, findings)?;
    Ok(asked)
}

/// Columns of the source that a plan reads.
fn columns_of(expr: &Expr) -> BTreeSet<String> {
    expr.column_refs().into_iter().map(|column| column.name.clone()).collect()
}

/// Columns of the source that a label is made of. Where a model scores, an expression over columns that are not there is
/// none to worry about: no column is a feature that was not one in training.
fn columns_of_target(table: &TypedTable<'_>, origin: &Origin) -> Result<BTreeSet<String>, Error> {
    if matches!(origin, Origin::Column(_)) {
        return Ok(BTreeSet::new());
    }
    match table.expr(origin, "outcome.column") {
        Err(_) if table.learned.is_some() => Ok(BTreeSet::new()),
        planned => planned.map(|expr| columns_of(&expr)),
    }
}

/// Asks for the label to learn. Who is scored has none yet, and need not have the column.
fn label(
    contract: &Contract,
    table: &TypedTable<'_>,
    mut add: impl FnMut(&Origin, &str) -> Result<usize, Error>,
) -> Result<Option<usize>, Error> {
    let Some(target) = contract.target() else { return Ok(None) };
    let Origin::Column(name) = &target.column.origin else {
        // An expression cannot be planned without its columns: it is tried, and done without where a model scores.
        return match add(&target.column.origin, "outcome.column") {
            Err(_) if table.learned.is_some() => Ok(None),
            asked => asked.map(Some),
        };
    };
    if table.learned.is_some() && !table.formats.contains_key(name) {
        return Ok(None);
    }
    let is_one_of_several = matches!(&contract.outcome, Outcome::Label { targets, .. } if targets.len() > 1);
    add(&target.column.origin, if is_one_of_several { "outcome.columns" } else { "outcome.column" }).map(Some)
}

fn ask_attributes(
    contract: &Contract,
    table: &TypedTable<'_>,
    used: &BTreeSet<String>,
    telling: &BTreeSet<String>,
    asked: &mut Asked,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    let listed = match &contract.subjects.attributes {
        Attributes::Listed(names) => Some(names),
        Attributes::Auto => None,
    };
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for column in &table.table.columns {
        let source = match &column.origin {
            Origin::Column(name) => Some(name),
            _ => None,
        };
        let is_wanted = match listed {
            Some(names) => names.contains(&column.name) || source.is_some_and(|source| names.contains(source)),
            None => source.is_none_or(|source| !used.contains(source)) && !used.contains(&column.name),
        };
        if !is_wanted || (column.assumed && !table.has(&column.origin)) {
            continue;
        }
        let key = format!("tables.{}.columns.{}", table.table.name, column.name);
        let shown_kind = source.and_then(|source| table.formats.get(source)).map_or(Kind::Text, |format| format.kind);
        let kind = column.kind.map_or(shown_kind, events::kind_of);
        let expr = if kind == Kind::Text {
            table.category(&column.origin, &column.levels, &column.name)?
        } else {
            table.expr(&column.origin, &key)?
        };
        // What is computed from the outcome tells it too, unless it says from when on it is known, or is asked for by name.
        let is_told = column.reveals.is_empty() && !columns_of(&expr).is_disjoint(telling);
        if is_told && listed.is_none() {
            taken.insert(column.name.clone());
            continue;
        }
        let mut reveals = None;
        if let Some(reveal) = column.reveals.iter().find(|reveal| table.has(&reveal.origin)) {
            let expr = table.expr(&reveal.origin, &format!("{key}.reveals"))?;
            asked.outputs.push(Output { expr, kind: Kind::Moment });
            reveals = Some(asked.outputs.len() - 1);
        }
        asked.outputs.push(Output { expr, kind });
        asked.attributes.push(Attribute { name: column.name.clone(), at: asked.outputs.len() - 1, kind, reveals });
        taken.extend(source.cloned());
        taken.insert(column.name.clone());
    }
    if let Some(names) = listed {
        for name in names.iter().filter(|name| !taken.contains(*name)) {
            if !table.formats.contains_key(name) {
                return Err(table.unknown_column(name, "subjects.attributes").into());
            }
            add_source_column(table, name, asked)?;
        }
        return Ok(());
    }
    let others: Vec<String> = table
        .source_columns()
        .filter(|name| !name.is_empty() && !used.contains(*name) && !taken.contains(*name))
        .map(str::to_owned)
        .collect();
    let mut new: Vec<&str> = Vec::new();
    for name in &others {
        let place = table.place().in_column(name);
        if table.learned.as_ref().is_some_and(|learned| !learned.contains(name)) {
            new.push(name);
        } else if table.formats[name].is_identifier {
            findings.push(key_like(place));
        } else if table.is_empty(name) && matches!(contract.outcome, Outcome::Label { .. }) {
            findings.push(Finding::info(Topic::EmptyColumn, place, EMPTY, FILL_OR_IGNORE));
        } else {
            add_source_column(table, name, asked)?;
            findings.extend(table.mixture(name).filter(|_| table.formats[name].kind == Kind::Text));
        }
    }
    findings.extend(not_learned(table, &new));
    Ok(())
}

/// What is said of an empty column.
pub(crate) const EMPTY: &str = "every cell is empty";
/// What to do about it.
pub(crate) const FILL_OR_IGNORE: &str = "nothing to learn from it: fill it in the source, or add it to what is ignored";

/// What is said of a column that only tells subjects apart.
pub(crate) fn key_like(place: Place) -> Finding {
    let message = "nearly every subject has another value, so it is left out";
    let advice = "add it to subjects.ignore, or to subjects.attributes if it is a measure";
    Finding::info(Topic::Identifier, place, message, advice)
}

/// Columns that came after the model learned.
fn not_learned(table: &TypedTable<'_>, new: &[&str]) -> Option<Finding> {
    const MOST_NAMED: usize = 10;
    if new.is_empty() {
        return None;
    }
    let named = new[..new.len().min(MOST_NAMED)].join(", ");
    let more = if new.len() > MOST_NAMED { " and more" } else { "" };
    let message = format!("columns that the model did not learn from, {} in all: {named}{more}", new.len());
    let advice = "scores are made without them; train again to learn from them too";
    Some(Finding::info(Topic::NewColumn, table.place(), message, advice))
}

fn add_source_column(table: &TypedTable<'_>, name: &str, asked: &mut Asked) -> Result<(), Error> {
    let kind = table.formats[name].kind;
    let expr = table.expr(&Origin::Column(name.to_owned()), "subjects.attributes")?;
    asked.outputs.push(Output { expr, kind });
    asked.attributes.push(Attribute { name: name.to_owned(), at: asked.outputs.len() - 1, kind, reveals: None });
    Ok(())
}

fn column_name(reference: &ColumnRef) -> Option<String> {
    match &reference.origin {
        Origin::Column(name) => Some(name.clone()),
        _ => None,
    }
}
