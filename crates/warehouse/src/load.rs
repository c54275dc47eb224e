//! From a contract and its sources to what the as-of engine needs, in one run of one session.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use asof::{Events, Row, Snapshot, Spec, Subjects};
use contract::{Contract, Outcome, Role, Source, Table};
use datafusion::prelude::SessionContext;
use domain::{Cutoff, Day, Money, RowRef};
use futures::future::try_join_all;
use tables::{Finding, Kind, Place, Schema, Topic};

use crate::actions::{self, LoggedAction};
use crate::check;
use crate::error::Error;
use crate::events::{self, Keep};
use crate::kits;
use crate::outcome::{self, Outcomes};
use crate::people::{self, People};
use crate::source::postgres::Database;
use crate::source::{self, Folders};
use crate::table::{self, TypedTable};

/// Where a contract's tables are.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The folder of the contract, which its paths are relative to.
    pub contract_folder: &'a Path,
    /// A folder of files that takes the place of the contract's source.
    pub data: Option<&'a Path>,
    /// A file that takes the place of the subjects' table.
    pub input: Option<&'a Path>,
}

/// Everything read: subjects by dense code, their events, and the features that can be computed of them.
#[derive(Debug)]
pub struct Loaded {
    /// Keys by code, ascending.
    pub keys: Vec<String>,
    /// What staff call each subject. Personal.
    pub names: Vec<Option<String>>,
    /// The group of each subject, where the contract has groups.
    pub groups: Option<Vec<Option<String>>>,
    /// What keeping each subject is worth.
    pub kept_value: Vec<Money>,
    /// For each opt-out of the contract, which subjects asked.
    pub opted_out: Vec<Vec<bool>>,
    /// For each resource of the contract, whose it is for each subject; empty where it is one for all.
    pub pools: Vec<Vec<Option<String>>>,
    /// From when to when, and what is known from the start.
    pub subjects: Subjects,
    /// Tables of events that were found, in the contract's order; the table of actions is not among them.
    pub events: Vec<Events>,
    /// The features of what was found: the same contract, schema and columns give the same list.
    pub specs: Vec<Spec>,
    /// Features that are dates, in days from 1970-01-01: moments of a table in which nobody has a start to count from.
    pub dates: BTreeSet<String>,
    /// What the columns hold; kept with a model.
    pub schema: Schema,
    /// Who left, and when it was known.
    pub outcome: Outcomes,
    /// Whether the contract's condition lets a subject leave at all.
    pub may_leave: Vec<bool>,
    /// What staff did, by subject, time and action.
    pub actions: Vec<LoggedAction>,
    /// What was read.
    pub tables: Vec<TableSummary>,
    /// First day of the data.
    pub first_day: Option<Day>,
    /// Last day of the data: outcomes after it are not settled.
    pub last_day: Option<Day>,
    /// What is wrong with the data, worst first.
    pub findings: Vec<Finding>,
}

/// A table that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSummary {
    /// Its name in the contract.
    pub name: String,
    /// The file or relation.
    pub source: String,
    /// Rows that fit its condition.
    pub rows: u64,
    /// Its columns, as features name them.
    pub columns: Vec<String>,
    /// Day of the first row.
    pub first: Option<Day>,
    /// Day of the last row.
    pub last: Option<Day>,
}

/// Reads everything known by the end of `as_of`, or everything there is.
///
/// With the `schema` of an earlier run columns are read as they were then: scoring on whole files equals scoring on
/// files cut at the day.
///
/// # Errors
///
/// A source that is missing or cannot be read, a column that is not there, data that breaks a rule; each says where it
/// is and what to do.
pub fn load(
    contract: &Contract,
    sources: &Sources<'_>,
    as_of: Option<Day>,
    schema: Option<&Schema>,
) -> Result<Loaded, Error> {
    run(load_all(contract, sources, as_of, schema, Keep::default()))
}

/// Runs a future to its end on a runtime of its own, also where the caller stands in one.
pub(crate) fn run<T: Send>(future: impl Future<Output = Result<T, Error>> + Send) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::Features(format!("the query engine cannot start: {error}")))?;
    std::thread::scope(|scope| match scope.spawn(|| runtime.block_on(future)).join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

pub(crate) async fn load_all(
    contract: &Contract,
    sources: &Sources<'_>,
    as_of: Option<Day>,
    schema: Option<&Schema>,
    keep: Keep,
) -> Result<Loaded, Error> {
    let session = crate::session::new();
    let folders = Folders::new(contract, sources);
    let database = connect(contract, &folders).await?;
    let mut findings = Vec::new();
    let opener = Opener { contract, session: &session, folders: &folders, database: database.as_ref(), schema };

    findings.extend(contract.tables.iter().filter_map(|table| misnamed_role(contract, table)));
    let subjects_table = contract.subjects_table();
    let Some(typed) = opener.open(subjects_table, &people::stated_kinds(contract)).await? else {
        return Err(absent(subjects_table));
    };
    let mut people = people::read(contract, &typed, as_of, &mut findings).await?;
    people::add_leads(&mut people.subjects);
    let mut schema_read = Schema::default();
    schema_read.tables.insert(subjects_table.name.clone(), typed.formats.clone());
    schema_read.texts.extend(typed.text_format().map(|text| (subjects_table.name.clone(), text)));
    let mut tables = vec![people::summary(&typed, &people)];

    let inactivity = match &contract.outcome {
        Outcome::Inactivity { table, .. } => Some(table.as_str()),
        _ => None,
    };
    let readings = contract.tables.iter().skip(1).map(|table| {
        let (opener, people) = (&opener, &people);
        let keep = Keep { days: inactivity == Some(table.name.as_str()), ..keep };
        async move { opener.read(table, people, as_of, keep).await }
    });
    let mut read_tables = Vec::new();
    let mut logged = Vec::new();
    let mut of_actions = Vec::new();
    for reading in try_join_all(readings).await? {
        findings.extend(reading.findings);
        if let Some((name, formats)) = reading.formats {
            schema_read.texts.extend(reading.text.map(|text| (name.clone(), text)));
            schema_read.tables.insert(name, formats);
        }
        logged.extend(reading.actions);
        of_actions.extend(reading.summary);
        read_tables.extend(reading.events);
    }

    let newest = read_tables.iter().filter_map(|table| table.newest).max();
    let left = people.subjects.left.iter().flatten().max().copied();
    let data_end = newest.max(left);
    let last_day = match (data_end, as_of) {
        (Some(end), Some(as_of)) => Some(end.min(as_of)),
        (end, as_of) => end.or(as_of),
    };
    let first_day = people.subjects.from.iter().flatten().min().copied();
    let outcome = outcome::settle(contract, &mut people, &read_tables, last_day);
    let mut events = Vec::with_capacity(read_tables.len());
    for table in read_tables {
        tables.push(table.summary);
        events.push(table.events);
    }
    tables.extend(of_actions);
    schema_read.leaks = match schema {
        Some(known) => known.leaks.clone(),
        None => find_leaks(&people, &outcome, &tables[0], &mut findings),
    };
    people.subjects.attributes.retain(|column| !schema_read.leaks.contains(&column.name));
    let specs = kits::specs(contract, &people.subjects, &events);
    asof::check(&people.subjects, &events.iter().collect::<Vec<_>>(), &specs)
        .map_err(|error| Error::Features(error.to_string()))?;
    findings
        .sort_by(|a, b| (a.severity, a.topic, &a.place, &a.message).cmp(&(b.severity, b.topic, &b.place, &b.message)));
    Ok(Loaded {
        keys: people.keys,
        names: people.names,
        groups: people.groups,
        kept_value: people.kept_value,
        opted_out: people.opted_out,
        pools: people.pools,
        subjects: people.subjects,
        events,
        specs,
        dates: people.dates,
        schema: schema_read,
        outcome,
        may_leave: people.may_leave,
        actions: logged,
        tables,
        first_day,
        last_day,
        findings,
    })
}

/// A table without a role that is named nearly as one: the kit takes no features of it.
fn misnamed_role(contract: &Contract, table: &Table) -> Option<Finding> {
    if table.role.is_some() {
        return None;
    }
    let roles = contract.kit.roles();
    let near = *tables::finding::nearest(&table.name, roles.iter().map(|spec| spec.role.as_str())).first()?;
    let message = format!("the kit knows no table of this name; did you mean {near}?");
    let advice = format!("call it so in the contract, or state [tables.{}] role = \"{near}\"", table.name);
    Some(Finding::warning(Topic::UnknownColumn, Place::table(&table.name), message, advice))
}

/// Attributes that know the outcome, which are left out with a finding.
fn find_leaks(
    people: &People,
    outcome: &Outcomes,
    table: &TableSummary,
    findings: &mut Vec<Finding>,
) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (name, said) in check::leaks(&people.subjects, &outcome.leavers(&people.subjects)) {
        let place = Place::file(&table.name, &table.source).in_column(&name);
        let advice =
            format!("it knows the future and is left out; add \"{name}\" to subjects.ignore to say so yourself");
        findings.push(Finding::warning(Topic::Leak, place, said, advice));
        names.insert(name);
    }
    names
}

impl Loaded {
    /// The code of a key.
    pub fn code(&self, key: &str) -> Option<u32> {
        let at = self.keys.binary_search_by(|known| known.as_str().cmp(key)).ok()?;
        u32::try_from(at).ok()
    }

    /// The features of rows, ascending by subject and cutoff. Groups are compared over everyone at risk at a cutoff, as
    /// [`Self::scoring`] lists them, whichever rows are asked for.
    pub fn snapshot(&self, rows: Vec<Row>) -> Result<Snapshot, Error> {
        let at_risk = |cutoffs: &[Cutoff]| self.who_may_leave(self.subjects.at_risk(cutoffs));
        asof::snapshot(&self.subjects, &self.tables_of_events(), &self.specs, rows, at_risk)
            .map_err(|error| Error::Features(error.to_string()))
    }

    /// The rows of the sources behind a feature's value, oldest first.
    pub fn evidence(&self, spec: &Spec, row: Row) -> Result<Vec<RowRef>, Error> {
        asof::evidence(&self.subjects, &self.tables_of_events(), &self.specs, spec, row)
            .map_err(|error| Error::Features(error.to_string()))
    }

    fn tables_of_events(&self) -> Vec<&Events> {
        self.events.iter().collect()
    }
}

/// Opens tables, all in the same way.
pub(crate) struct Opener<'a> {
    pub contract: &'a Contract,
    pub session: &'a SessionContext,
    pub folders: &'a Folders,
    pub database: Option<&'a Database>,
    pub schema: Option<&'a Schema>,
}

/// What one table gave.
#[derive(Default)]
struct TableRead {
    events: Option<events::Read>,
    actions: Vec<LoggedAction>,
    /// Of the table of actions; a table of events has its own.
    summary: Option<TableSummary>,
    formats: Option<(String, BTreeMap<String, tables::ColumnFormat>)>,
    text: Option<tables::TextFormat>,
    findings: Vec<Finding>,
}

impl<'a> Opener<'a> {
    /// Opens a table and settles what its columns hold; nothing where an optional one is not there.
    pub(crate) async fn open(
        &self,
        table: &'a Table,
        stated: &BTreeMap<String, Kind>,
    ) -> Result<Option<TypedTable<'a>>, Error> {
        let wanted: Vec<&str> = stated.keys().map(String::as_str).collect();
        // A file that is named anew may be written in another way.
        let kept = self.schema.and_then(|schema| schema.texts.get(&table.name));
        let is_named_anew = self.folders.input_of(table).is_some();
        let kept = kept.filter(|_| !is_named_anew);
        let Some(opened) = source::open(self.contract, table, self.folders, self.database, &wanted, kept).await? else {
            return Ok(None);
        };
        table::typed(self.contract, table, self.session, self.database, opened, stated, self.schema, is_named_anew)
            .map(Some)
    }

    async fn read(
        &self,
        table: &'a Table,
        people: &People,
        as_of: Option<Day>,
        keep: Keep,
    ) -> Result<TableRead, Error> {
        let mut read = TableRead::default();
        let mut stated = BTreeMap::new();
        events::state_columns(table, &mut stated);
        let Some(typed) = self.open(table, &stated).await? else {
            read.findings.extend(source::misnamed(table, self.folders));
            return Ok(read);
        };
        read.formats = Some((table.name.clone(), typed.formats.clone()));
        read.text = typed.text_format();
        if !events::is_usable(&typed, &mut read.findings) {
            return Ok(read);
        }
        if table.role == Some(Role::Actions) {
            let (actions, summary) =
                actions::read(&typed, &self.contract.actions, people, as_of, &mut read.findings).await?;
            read.actions = actions;
            read.summary = Some(summary);
        } else {
            read.events = Some(events::read(&typed, people, as_of, keep, &mut read.findings).await?);
        }
        Ok(read)
    }
}

/// Reads a table of events for what is wrong with it, without knowing the subjects.
pub(crate) async fn look_at(
    contract: &Contract,
    sources: &Sources<'_>,
    table: &Table,
    as_of: Option<Day>,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    let session = crate::session::new();
    let folders = Folders::new(contract, sources);
    let database = connect(contract, &folders).await?;
    let opener = Opener { contract, session: &session, folders: &folders, database: database.as_ref(), schema: None };
    let mut stated = BTreeMap::new();
    events::state_columns(table, &mut stated);
    let Some(typed) = opener.open(table, &stated).await? else {
        findings.extend(source::misnamed(table, &folders));
        return Ok(());
    };
    if events::is_usable(&typed, findings) {
        events::look_at(&typed, as_of, findings).await?;
    }
    Ok(())
}

/// Connects where tables are in a database and no folder takes its place.
pub(crate) async fn connect(contract: &Contract, folders: &Folders) -> Result<Option<Database>, Error> {
    let (Source::Postgres { url_env }, None) = (&contract.source, &folders.data) else { return Ok(None) };
    let url = std::env::var(url_env).map_err(|_| Error::Postgres {
        table: String::new(),
        message: format!("the environment variable {url_env}, which the contract names, holds no connection string"),
    })?;
    Database::connect(&url, &contract.time_zone).await.map(Some)
}

pub(crate) fn absent(table: &Table) -> Error {
    let advice = format!("state its file in the contract: [tables.{}] file = \"...\"", table.name);
    Finding::error(Topic::MissingFile, Place::table(&table.name), "the subjects' table is not there", advice).into()
}
