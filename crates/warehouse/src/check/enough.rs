//! Whether there is enough to learn from, what can be learnt from so much, and what more would change.

use std::collections::BTreeSet;

use contract::{Contract, Role};
use tables::{Finding, Place, Topic};

use crate::load::Loaded;

/// Below this many leavers nothing can be learnt that a prior does not know.
const LEAST_FOR_LOGISTIC: u64 = 30;
/// Above this many leavers the interactions of features can be learnt.
const MOST_FOR_LOGISTIC: u64 = 300;
/// Below this many cutoffs a model cannot be tried on a later time than it was fitted on.
const LEAST_CUTOFFS: u64 = 6;
const DAYS_A_MONTH: f64 = 30.44;

/// How much there is to learn from.
#[derive(Clone, Debug, PartialEq)]
pub struct EnoughData {
    /// Subjects in the subjects' table; of a flat table, those with a label.
    pub subjects: u64,
    /// Subjects of a flat table without a label: nothing is learnt from them.
    pub unlabelled: u64,
    /// Subjects who left within the horizon of some cutoff.
    pub leavers: u64,
    /// Cutoffs whose outcomes are settled.
    pub cutoffs: u64,
    /// Rows to learn from: subjects at cutoffs.
    pub rows: u64,
    /// Length of the data.
    pub months: f64,
    /// What so much data usually serves; training tries all and takes what does best on later time.
    pub tier: Tier,
    /// What it would change to have more.
    pub more: Vec<String>,
}

/// A kind of model, by how much data it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// The kit's prior: an expert's guess.
    Prior,
    /// A regularised logistic regression.
    Logistic,
    /// Boosted trees.
    Boosted,
}

/// `broken` are the roles of tables that are there and were left out for what is wrong with them.
pub(crate) fn enough(contract: &Contract, loaded: &Loaded, findings: &[Finding], broken: &[Role]) -> EnoughData {
    let training = loaded.training(contract);
    let cutoffs: BTreeSet<_> = training.rows.iter().map(|row| row.cutoff).collect();
    let gone = training.rows.iter().zip(&training.leaves).filter(|(_, leaves)| **leaves);
    let leavers = gone.map(|(row, _)| row.subject).collect::<BTreeSet<_>>().len() as u64;
    let months = match (loaded.first_day, loaded.last_day) {
        (Some(first), Some(last)) if !loaded.is_flat() => f64::from((last.0 - first.0).max(0)) / DAYS_A_MONTH,
        _ => 0.0,
    };
    let tier = match leavers {
        0..LEAST_FOR_LOGISTIC => Tier::Prior,
        LEAST_FOR_LOGISTIC..=MOST_FOR_LOGISTIC => Tier::Logistic,
        _ => Tier::Boosted,
    };
    let mut more: Vec<String> = more_leavers(leavers, months, tier).into_iter().collect();
    more.extend(more_tables(contract, loaded, findings, broken));
    let subjects = if loaded.is_flat() { training.rows.len() } else { loaded.keys.len() } as u64;
    EnoughData {
        subjects,
        unlabelled: loaded.keys.len() as u64 - subjects,
        leavers,
        cutoffs: cutoffs.len() as u64,
        rows: training.rows.len() as u64,
        months,
        tier,
        more,
    }
}

fn more_leavers(leavers: u64, months: f64, tier: Tier) -> Option<String> {
    let next = match tier {
        Tier::Prior => Some((LEAST_FOR_LOGISTIC, "a model of your own instead of the kit's prior")),
        Tier::Logistic => Some((MOST_FOR_LOGISTIC + 1, "boosted trees, which also learn how reasons act together")),
        Tier::Boosted => None,
    };
    let (wanted, what) = next?;
    let missing = wanted.saturating_sub(leavers);
    let pace = if months > 0.0 { leavers as f64 / months } else { 0.0 };
    let when = if pace > 0.0 {
        format!(", {:.0} months of history more at the present pace", (missing as f64 / pace).ceil())
    } else {
        String::new()
    };
    Some(format!("{missing} more leavers would allow {what}{when}"))
}

fn more_tables(contract: &Contract, loaded: &Loaded, findings: &[Finding], broken: &[Role]) -> Vec<String> {
    let mut more = Vec::new();
    for role in
        [Role::Attendance, Role::Homework, Role::Invoices, Role::Progress, Role::Tests, Role::Messages, Role::Actions]
    {
        let is_there = contract.tables.iter().any(|table| {
            // A table that is there and cannot be used has been told of already.
            let is_told = |finding: &Finding| {
                finding.place.table == table.name && matches!(finding.topic, Topic::MissingFile | Topic::UnknownColumn)
            };
            let is_read = findings.iter().any(is_told)
                || loaded.events.iter().any(|events| events.table() == table.name)
                || (role == Role::Actions && !loaded.actions.is_empty());
            table.role == Some(role) && is_read
        });
        let is_there = is_there || broken.contains(&role);
        if let (false, Some(adds), contract::Kit::Academy) = (is_there, adds(role), contract.kit) {
            more.push(format!("a table of {role} would add {adds}"));
        }
    }
    more
}

/// What a role's table gives.
fn adds(role: Role) -> Option<&'static str> {
    Some(match role {
        Role::Attendance => "reasons about missed lessons, the earliest sign of leaving",
        Role::Homework => "reasons about open and late homework",
        Role::Invoices => "reasons about unpaid invoices, and the action of a payment reminder",
        Role::Progress => "reasons about falling behind the plan",
        Role::Tests => "reasons about test results",
        Role::Messages => "reasons about unanswered messages and silence",
        Role::Actions => "chances of actions that rest on your own cases instead of an expert's word",
        Role::Students | Role::Subscribers | Role::Activity => return None,
    })
}

/// What is so little that it must be said.
pub(crate) fn findings(contract: &Contract, enough: &EnoughData) -> Vec<Finding> {
    let place = || Place::table(&contract.subjects_table().name);
    let mut findings = Vec::new();
    if enough.rows == 0 {
        let message = "no row to learn from: at no cutoff is anyone at risk with a settled outcome";
        let advice = "give a longer history than the horizon, or check subjects.from, subjects.until and cutoffs in the contract";
        findings.push(Finding::error(Topic::EnoughData, place(), message, advice));
        return findings;
    }
    if enough.leavers == 0 {
        let advice = "check the outcome's column in the contract: without leavers there is nothing to learn from, and training refuses";
        findings.push(Finding::error(Topic::Outcome, place(), "nobody leaves within any horizon", advice));
        return findings;
    }
    let mut said = format!("{} leavers among {} subjects", enough.leavers, enough.subjects);
    if enough.unlabelled > 0 {
        said.push_str(&format!(" with a label; {} have none", enough.unlabelled));
    }
    if enough.months > 0.0 {
        said.push_str(&format!(" at {} cutoffs over {:.0} months", enough.cutoffs, enough.months));
    }
    findings.push(match enough.tier {
        Tier::Prior => Finding::warning(
            Topic::EnoughData,
            place(),
            said,
            "so few usually serve no more than the kit's prior; training tries what they allow and takes what does best",
        ),
        Tier::Logistic => {
            let advice = "so many usually serve a logistic regression; training tries all models and takes what does best";
            Finding::info(Topic::EnoughData, place(), said, advice)
        }
        Tier::Boosted => {
            let advice = "so many may serve boosted trees; training tries all models and takes what does best";
            Finding::info(Topic::EnoughData, place(), said, advice)
        }
    });
    if enough.cutoffs < LEAST_CUTOFFS && enough.months > 0.0 {
        let message = format!("{} cutoffs are few to try a model on a later time than it learnt from", enough.cutoffs);
        findings.push(Finding::warning(
            Topic::EnoughData,
            place(),
            message,
            "give a longer history, or smaller cutoffs.every_days",
        ));
    }
    findings
}
