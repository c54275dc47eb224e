//! The analyst's report: the table that a model was trained on and the model itself, studied and written down.
//!
//! The table is read again as it was at training: the same day, the same types. Scores of kept-apart rows lie in the model's
//! folder; they are used only if the table is the one that they are of.

mod page;

use std::io::Write;
use std::path::{Path, PathBuf};

pub use ::study::Stated;
use ::study::{Assumptions, Input, LeftOut, Settings, StatedBy, Study, WhyLeftOut};
use contract::{Contract, Outcome};
use domain::{Cutoff, Day};
use learn::{Column, Encoding};
use warehouse::{Loaded, Schema, Sources, Topic};

use crate::Project;
use crate::error::Error;
use crate::judge;
use crate::model;
use crate::progress::{Progress, Step};
use crate::train;

/// What to study and where to write it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// A file in place of the subjects' table, to look for drift in.
    pub against: Option<PathBuf>,
    /// A file for the page.
    pub out: Option<PathBuf>,
    /// A file for all numbers, as JSON.
    pub json: Option<PathBuf>,
    /// The day to write on the page.
    pub made_on: Option<Day>,
    /// What a kept subject is worth, in major units; otherwise what the contract says.
    pub value_of_kept: Option<Stated>,
    /// What a contact costs and the share of contacted leavers who stay because of it; otherwise those of the contract's best
    /// action.
    pub contact: Option<Contact>,
    /// Subjects that the distribution of profit is told for; nothing for 1000.
    pub clients: Option<u64>,
}

/// A contact as the reader states it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contact {
    /// What it costs, in major units.
    pub cost: Stated,
    /// Share of contacted leavers who stay because of it.
    pub success: Stated,
}

/// Studies the project's model on the table that it was trained on, and writes what was asked for.
pub fn study(project: &Project, request: &Request, progress: &dyn Progress) -> Result<Study, Error> {
    let outs: Vec<&Path> = request.out.iter().chain(&request.json).map(PathBuf::as_path).collect();
    project.refuse_own_or_same(&outs, request.against.as_deref())?;
    let mut trained = model::open(&project.model)?;
    let contract = &trained.contract(project)?;
    let held_out = model::held_out(&project.model)?;
    let as_of = trained.manifest.as_of_day.map(Day);
    let schema = &trained.manifest.schema;
    progress.begin(Step::Read);
    let loaded = warehouse::load(contract, &project.sources(), as_of, Some(schema))?;
    if request.against.is_some() && !loaded.events.is_empty() {
        return Err(Error::AgainstEvents);
    }
    let training = loaded.training(contract);
    progress.begin(Step::Features);
    let snapshot = loaded.snapshot(training.rows)?;
    let mut dataset = train::dataset(&loaded, snapshot, training.leaves);
    let held_out = held_out.of(train::fingerprint(&loaded, &dataset));
    let held_out = held_out.ok_or(::study::StudyError::OtherTable)?;
    let evaluation = learn::Evaluation { held_out, ..trained.evaluation };
    let mut other = request.against.as_deref().map(|file| other(project, contract, file, as_of, schema)).transpose()?;
    if contract.target().is_some() {
        let columns = dataset.columns.iter_mut().chain(other.iter_mut().flatten()).map(|column| &mut column.name);
        let encoder = trained.model.encoder.columns.iter_mut().flat_map(|column| match &mut column.encoding {
            Encoding::Cross(cross) => cross.columns.iter_mut().collect(),
            Encoding::Number | Encoding::Repeated(_) | Encoding::Category { .. } => vec![&mut column.name],
        });
        in_plain_names(&contract.subjects.table, columns.chain(encoder));
    }

    let seed = trained.model.training.seed;
    let plain = |column: &String| plain_name(contract, column);
    let dates = loaded.dates.iter().map(plain).collect();
    let left_out = left_out(contract, &loaded);
    let input = Input {
        dataset: &dataset,
        keys: &loaded.keys,
        model: &trained.model,
        evaluation: &evaluation,
        fit: &train::settings(contract, &loaded, seed),
        other: other.as_deref(),
        dates: &dates,
        left_out: &left_out,
    };
    let assumptions = assumptions(contract, &loaded, request, evaluation.base_rate);
    let settings = Settings { seed, assumptions, ..Settings::default() };
    let study = ::study::study(&input, &settings, &|section| progress.begin(Step::Study(section)))?;
    progress.begin(Step::Write);
    if let Some(path) = &request.out {
        let html = ::report::render_study(&page::report(contract, request, source(contract, &loaded), &study))?;
        whole::write_file(path, |file| file.write_all(html.as_bytes()))?;
    }
    if let Some(path) = &request.json {
        whole::write_file(path, |file| {
            serde_json::to_writer_pretty(&mut *file, &study)?;
            file.write_all(b"\n")
        })?;
    }
    Ok(study)
}

/// A column of the subjects' table as the study calls it: features of the only table there is go without its name.
fn plain_name(contract: &Contract, column: &str) -> String {
    if contract.target().is_some() { column.to_owned() } else { format!("{}.{column}", contract.subjects.table) }
}

/// Columns of the subjects' table that the model did not learn from, each once, in the order of the reasons.
fn left_out(contract: &Contract, loaded: &Loaded) -> Vec<LeftOut> {
    let table = &contract.subjects.table;
    let is_there = |name: &str| loaded.schema.tables.get(table).is_some_and(|columns| columns.contains_key(name));
    let leaks = loaded.schema.leaks.iter().map(|name| (name.clone(), WhyLeftOut::Leak));
    let keys =
        loaded.findings.iter().filter(|finding| finding.topic == Topic::Identifier && finding.place.table == *table);
    let keys = keys.filter_map(|finding| Some((finding.place.column.clone()?, WhyLeftOut::Key)));
    let labels = match &contract.outcome {
        Outcome::Label { targets, chosen, .. } => {
            targets.iter().enumerate().filter(|(at, _)| at != chosen).map(|(_, target)| target.name.clone()).collect()
        }
        Outcome::Date { .. } | Outcome::Inactivity { .. } => Vec::new(),
    };
    let labels = labels.into_iter().filter(|name| is_there(name)).map(|name| (name, WhyLeftOut::Label));
    let ignored = contract.subjects.ignore.iter().filter(|name| is_there(name));
    let ignored = ignored.map(|name| (name.clone(), WhyLeftOut::Ignored));
    let mut all: Vec<LeftOut> = Vec::new();
    for (name, why) in leaks.chain(keys).chain(labels).chain(ignored) {
        if !all.iter().any(|known| known.name == name) {
            all.push(LeftOut { name, why });
        }
    }
    all
}

/// Columns of the only table there is are told without its name.
fn in_plain_names<'n>(table: &str, names: impl Iterator<Item = &'n mut String>) {
    let prefix = format!("{table}.");
    for name in names {
        if let Some(plain) = name.strip_prefix(&prefix) {
            *name = plain.to_owned();
        }
    }
}

/// Where the subjects' table was read from.
fn source(contract: &Contract, loaded: &Loaded) -> String {
    let name = &contract.subjects.table;
    let table = loaded.tables.iter().find(|table| table.name == *name);
    table.map_or_else(|| name.clone(), |table| table.source.clone())
}

/// Features of everyone in another file that stands in for the subjects' table, typed as at training.
fn other(
    project: &Project,
    contract: &Contract,
    file: &Path,
    as_of: Option<Day>,
    schema: &Schema,
) -> Result<Vec<Column>, Error> {
    if !file.is_file() {
        return Err(Error::NoFile(file.to_owned()));
    }
    let sources = Sources { input: Some(file), ..project.sources() };
    let loaded = warehouse::load(contract, &sources, as_of, Some(schema))?;
    let cutoff = as_of.or(loaded.last_day).unwrap_or(Day(0));
    let rows = loaded.scoring(contract, Cutoff(cutoff))?;
    let snapshot = loaded.snapshot(rows)?;
    Ok(judge::columns(&loaded.specs, snapshot.columns))
}

/// What a contact costs and brings, by the reader, the contract, or nobody.
fn assumptions(contract: &Contract, loaded: &Loaded, request: &Request, base_rate: f64) -> Assumptions {
    let mut assumptions = Assumptions { currency: Some(contract.currency.code().to_owned()), ..Assumptions::default() };
    let stated: f64 =
        loaded.kept_value.iter().map(|value| value.major()).sum::<f64>() / loaded.keys.len().max(1) as f64;
    if stated > 0.0 {
        (assumptions.value_of_kept, assumptions.value_stated_by) = (stated, StatedBy::Contract);
    }
    if let Some(value) = request.value_of_kept {
        (assumptions.value_of_kept, assumptions.value_range) = (value.value, value.range);
        assumptions.value_stated_by = StatedBy::Reader;
    }
    // A placeholder follows the value, so that it says as much of a value in other units.
    assumptions.contact_cost = assumptions.value_of_kept / 20.0;
    if let Some((cost, success, name)) = best_action(contract, assumptions.value_of_kept, base_rate) {
        assumptions.contact_cost = cost;
        (assumptions.success_share, assumptions.success_range) = (success.value, success.range);
        assumptions.contact_stated_by = StatedBy::Contract;
        assumptions.action = Some(name);
    }
    if let Some(contact) = request.contact {
        (assumptions.contact_cost, assumptions.contact_cost_range) = (contact.cost.value, contact.cost.range);
        (assumptions.success_share, assumptions.success_range) = (contact.success.value, contact.success.range);
        assumptions.contact_stated_by = StatedBy::Reader;
        assumptions.action = None;
    }
    if let Some(clients) = request.clients {
        assumptions.clients = clients;
    }
    assumptions
}

/// The action that is worth most for a subject three times as likely to leave as the average: its cost, the share of leavers
/// that it keeps, and its name. An expert's chance `c` where doing nothing has the chance `c0` keeps `(c - c0) / (1 - c0)`.
fn best_action(contract: &Contract, value: f64, base_rate: f64) -> Option<(f64, Stated, String)> {
    let nothing = contract.chance_no_action.get();
    let of_action = |planned: &contract::PlannedAction| {
        let success = Stated::by_expert(planned.action.prior_chance.get(), planned.action.prior_cases, nothing);
        let name = planned.labels.get(contract.locale).map_or_else(|| planned.action.id.0.clone(), str::to_owned);
        (planned.action.cost.major(), success, name)
    };
    let worth = |action: &(f64, Stated, String)| (3.0 * base_rate).min(1.0) * action.1.value * value - action.0;
    let actions = contract.actions.iter().map(of_action).filter(|action| action.1.value > 0.0);
    actions.max_by(|a, b| worth(a).total_cmp(&worth(b)))
}
