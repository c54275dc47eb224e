//! Whether the data is fit to learn from: everything wrong that can be found by looking, said so that it can be mended.

mod columns;
mod enough;
mod filled_later;
mod leak;

use contract::{Contract, Role};
use domain::Day;

pub use enough::{EnoughData, Tier};
pub(crate) use leak::leaks;
use tables::{Finding, Place, Severity, Topic};

use crate::error::Error;
use crate::events::Keep;
use crate::load::{self, Loaded, Sources, TableSummary};

/// What a check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// What to know, worst first.
    pub findings: Vec<Finding>,
    /// Whether there is enough to learn from; nothing where the data could not be read.
    pub enough: Option<EnoughData>,
    /// What was read.
    pub tables: Vec<TableSummary>,
}

/// Reads everything by the end of `as_of`, or everything there is, and looks for what is wrong with it.
///
/// What would stop a load is an error among the findings; the other tables are looked at nevertheless.
pub fn check(contract: &Contract, sources: &Sources<'_>, as_of: Option<Day>) -> Checked {
    let mut contract = contract.clone();
    let mut findings = Vec::new();
    let mut broken: Vec<Role> = Vec::new();
    loop {
        match look(&contract, sources, as_of, &broken) {
            Ok(mut checked) => {
                checked.findings.extend(findings);
                sort(&mut checked.findings);
                return checked;
            }
            Err(error) => {
                let finding = finding_of(&error);
                let table = finding.place.table.clone();
                // Other tables are expected to call the key as the subjects' own does: one slip is told once.
                let slip = finding.place.column.clone().filter(|_| finding.topic == Topic::UnknownColumn);
                findings.push(finding);
                if table == contract.subjects_table().name {
                    let mut others = without_subjects(&contract, sources, as_of);
                    others.retain(|other| {
                        let is_slip = other.topic == Topic::UnknownColumn && other.place.column == slip;
                        slip.is_none() || !is_slip
                    });
                    findings.extend(others);
                }
                let at = contract.tables.iter().skip(1).position(|known| known.name == table);
                let Some(at) = at else {
                    sort(&mut findings);
                    return Checked { findings, enough: None, tables: Vec::new() };
                };
                broken.extend(contract.tables.remove(at + 1).role);
            }
        }
    }
}

/// What can be told of the other tables where the subjects' own cannot be read: everything but whom their rows are about.
fn without_subjects(contract: &Contract, sources: &Sources<'_>, as_of: Option<Day>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for table in contract.tables.iter().skip(1) {
        let looked = load::run(async {
            let mut findings = Vec::new();
            let error = load::look_at(contract, sources, table, as_of, &mut findings).await.err();
            Ok((findings, error))
        });
        match looked {
            Ok((found, error)) => {
                findings.extend(found);
                findings.extend(error.as_ref().map(finding_of));
            }
            Err(error) => findings.push(finding_of(&error)),
        }
    }
    findings
}

fn look(contract: &Contract, sources: &Sources<'_>, as_of: Option<Day>, broken: &[Role]) -> Result<Checked, Error> {
    let keep = Keep { duplicates: true, days: false, later: true };
    let (loaded, raw) = load::run(async {
        let loaded = load::load_all(contract, sources, as_of, None, keep).await?;
        let raw = columns::of_subjects(contract, sources, &loaded).await?;
        Ok((loaded, raw))
    })?;
    let Loaded { findings, tables, .. } = &loaded;
    let mut findings = findings.clone();
    findings.extend(columns::dull_columns(contract, &loaded, &raw));
    findings.extend(columns::moments_ahead(contract, &loaded));
    findings.extend(filled_later::filled_later(contract, &loaded));
    findings.extend(leak::unused_leaks(contract, &loaded, &raw));
    let enough = enough::enough(contract, &loaded, &findings, broken);
    findings.extend(enough::findings(contract, &enough));
    Ok(Checked { findings, enough: Some(enough), tables: tables.clone() })
}

fn sort(findings: &mut Vec<Finding>) {
    findings
        .sort_by(|a, b| (a.severity, a.topic, &a.place, &a.message).cmp(&(b.severity, b.topic, &b.place, &b.message)));
    findings.dedup();
}

fn finding_of(error: &Error) -> Finding {
    if let Some(finding) = error.finding() {
        return finding.clone();
    }
    let table = match error {
        Error::Postgres { table, .. } | Error::Engine { table, .. } => table.clone(),
        _ => String::new(),
    };
    Finding {
        severity: Severity::Error,
        topic: Topic::Unreadable,
        place: Place { table, ..Place::default() },
        message: error.to_string(),
        advice: "mend this first".to_owned(),
    }
}
