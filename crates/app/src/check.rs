//! Checking: is the data what the contract says, and is there enough of it.

use std::fmt;

use domain::Day;
use serde::Serialize;
use warehouse::Severity;

use crate::Project;
use crate::error::Error;
use crate::progress::{Progress, Step};

/// What a check found.
#[derive(Serialize)]
pub struct Checked {
    /// The tables that were read.
    pub tables: Vec<Table>,
    /// What is wrong or worth knowing, worst first.
    pub findings: Vec<Finding>,
    /// Whether there is enough to learn from; nothing where the data could not be read.
    pub enough: Option<Enough>,
}

/// A table that was read.
#[derive(Serialize)]
pub struct Table {
    /// Its name in the contract.
    pub name: String,
    /// The file or relation.
    pub source: String,
    /// Rows read.
    pub rows: u64,
    /// Day of the first row.
    pub first: Option<String>,
    /// Day of the last row.
    pub last: Option<String>,
}

/// One thing to know about the data.
#[derive(Serialize)]
pub struct Finding {
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    /// File, row and column.
    pub place: String,
    /// What was found.
    pub message: String,
    /// What to do.
    pub advice: String,
}

/// Whether there is enough to learn from.
#[derive(Serialize)]
pub struct Enough {
    /// Subjects; of a flat table, those with a label.
    pub subjects: u64,
    /// Subjects of a flat table without a label.
    pub unlabelled: u64,
    /// Subjects that left.
    pub leavers: u64,
    /// Cutoffs to learn from.
    pub cutoffs: u64,
    /// Months of history.
    pub months: f64,
    /// Whether the table has no time: one look at each subject.
    pub is_flat: bool,
    /// What so much data usually serves: `prior`, `logistic` or `boosted`. Training tries them and takes what does best.
    pub model: &'static str,
    /// What would make it better, and how.
    pub more: Vec<String>,
}

/// Reads the data as the contract says and tells what is wrong with it.
pub fn check(project: &Project, as_of: Option<Day>, progress: &dyn Progress) -> Result<Checked, Error> {
    progress.begin(Step::Read);
    let checked = warehouse::check(&project.contract, &project.sources(), as_of);
    Ok(Checked {
        tables: checked
            .tables
            .into_iter()
            .map(|table| Table {
                name: table.name,
                source: table.source,
                rows: table.rows,
                first: table.first.map(|day| day.to_string()),
                last: table.last.map(|day| day.to_string()),
            })
            .collect(),
        findings: checked.findings.iter().map(finding).collect(),
        enough: checked.enough.map(|enough| Enough {
            subjects: enough.subjects,
            unlabelled: enough.unlabelled,
            leavers: enough.leavers,
            cutoffs: enough.cutoffs,
            months: enough.months,
            is_flat: project.contract.target().is_some(),
            model: match enough.tier {
                warehouse::Tier::Prior => "prior",
                warehouse::Tier::Logistic => "logistic",
                warehouse::Tier::Boosted => "boosted",
            },
            more: enough.more,
        }),
    })
}

pub(crate) fn finding(finding: &warehouse::Finding) -> Finding {
    Finding {
        severity: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        },
        place: finding.place.to_string(),
        message: finding.message.clone(),
        advice: finding.advice.clone(),
    }
}

impl Checked {
    /// Whether anything keeps the data from being used.
    pub fn must_be_mended(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == "error")
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for table in &self.tables {
            let span = match (&table.first, &table.last) {
                (Some(first), Some(last)) => format!("  {first} to {last}"),
                _ => String::new(),
            };
            writeln!(f, "{:<14} {:>10} rows  {}{span}", table.name, table.rows, table.source)?;
        }
        if !self.findings.is_empty() {
            writeln!(f)?;
        }
        for finding in &self.findings {
            writeln!(f, "{}: {}: {}", finding.severity, finding.place, finding.message)?;
            if !finding.advice.is_empty() {
                writeln!(f, "    {}", finding.advice)?;
            }
        }
        if let Some(enough) = self.enough.as_ref().filter(|enough| enough.is_flat) {
            writeln!(
                f,
                "\n{} subjects with a label, {} of them leavers: such amounts usually serve the {} model; training takes what does best",
                enough.subjects, enough.leavers, enough.model
            )?;
        }
        if let Some(enough) = self.enough.as_ref().filter(|enough| !enough.is_flat) {
            writeln!(
                f,
                "\n{} subjects, {} leavers, {} cutoffs, {:.1} months of history: such amounts usually serve the {} model; training takes what does best",
                enough.subjects, enough.leavers, enough.cutoffs, enough.months, enough.model
            )?;
        }
        for more in self.enough.iter().flat_map(|enough| &enough.more) {
            writeln!(f, "  {more}")?;
        }
        let count = |severity| self.findings.iter().filter(|finding| finding.severity == severity).count();
        writeln!(f, "\n{} errors, {} warnings", count("error"), count("warning"))
    }
}
