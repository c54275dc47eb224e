//! What became of decisions: the log of actions with what was done, and with how likely chance was to decide so.
//!
//! `holdfast score --decisions FILE` writes what was decided. Staff note what they did, and [`record`] puts both together into
//! the table of actions that the contract reads; who left is in the data anyway. A subject who was held out counts as such
//! whatever was done afterwards (intention to treat); an action that was not the decided one is staff's own choice and has no
//! propensity. Where anything is wrong nothing is written.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use contract::{ColumnRef, Contract, Origin as Place, Role};
use decide::explore::Origin;
use domain::{Day, NO_ACTION};
use jiff::civil::DateTime;
use serde::Serialize;

use crate::Project;
use crate::judge::Judged;
use crate::means::contact_from;
use crate::output::Values;
use crate::sheet::{Sheet, SheetError};

/// Columns of the file of decisions.
const DECISIONS: [&str; 6] = ["action_id", "subject", "at", "action", "randomised", "propensity"];
/// When a day's work begins where the contract has no quiet hours.
const WORK_BEGINS: &str = "09:00";

/// Why outcomes could not be recorded.
#[derive(Debug, thiserror::Error)]
pub enum OutcomesError {
    /// A file is wrong.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// The log could not be written; it is as it was.
    #[error(transparent)]
    Write(#[from] whole::WriteError),
    /// The contract's log is no file with columns of its own.
    #[error(
        "tables.actions: column {0:?} is an expression, so that no row can be written for it; name a column of the file"
    )]
    Expression(String),
}

/// What was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// Actions that were done as decided.
    pub as_decided: usize,
    /// Actions that staff chose otherwise.
    pub chosen_by_staff: usize,
    /// Subjects who were held out.
    pub held_out: usize,
    /// Decisions that nothing was noted about.
    pub open: usize,
}

/// The word for how a decision came about, in files.
pub(crate) fn decided_by(origin: Origin) -> &'static str {
    match origin {
        Origin::Rule => "worth",
        Origin::Drawn => "chance",
        Origin::HeldOut => "held_out",
    }
}

/// The decisions of a round: what is to be done, and who is held out.
pub(crate) fn decisions(project: &Project, judged: &Judged, as_of: Day) -> Vec<(&'static str, Values)> {
    let at = contact_from(&project.contract, as_of).unwrap_or_else(|| format!("{} {WORK_BEGINS}", as_of.plus(1)));
    let is_decided = |origin, action: Option<_>| origin == Origin::HeldOut || action.is_some();
    let rows: Vec<_> = judged
        .judgements
        .iter()
        .filter(|judgement| is_decided(judgement.origin, judgement.decision.choice().action.as_ref()))
        .map(|judgement| (&judged.loaded.keys[judgement.subject as usize], judgement))
        .collect();
    let text = |say: &dyn Fn(usize) -> String| Values::Text((0..rows.len()).map(say).collect());
    let [id, subject, when, action, randomised, propensity] = DECISIONS;
    vec![
        (id, text(&|row| format!("{}-{as_of}", rows[row].0))),
        (subject, text(&|row| rows[row].0.clone())),
        (when, text(&|_| at.clone())),
        (action, text(&|row| rows[row].1.decision.choice().action.as_ref().map_or(NO_ACTION, |id| &id.0).to_owned())),
        (randomised, text(&|row| (rows[row].1.propensity < 1.0).to_string())),
        (propensity, Values::Number(rows.iter().map(|row| row.1.propensity).collect(), 6)),
    ]
}

/// A decision as its file has it.
struct Decision {
    id: String,
    at: DateTime,
    at_text: String,
    action: String,
    randomised: String,
    propensity: String,
}

/// A row of the log to be: its cells by [`DECISIONS`].
type Row = [String; 6];

/// Puts what was done (`input`: subject, action, at) and the decisions behind it into the log.
///
/// # Errors
///
/// The first thing that is wrong, with file, row and column; the log is then as it was.
pub fn record(contract: &Contract, decisions: &Path, input: &Path, log: &Path) -> Result<Recorded, OutcomesError> {
    let decided = read_decisions(contract, decisions)?;
    let names = names(contract)?;
    let before = if log.exists() { Some(Sheet::read_or_empty(log)?) } else { None };
    let mut known = BTreeSet::new();
    if let Some(before) = &before {
        names.iter().try_for_each(|name| before.column(name).map(drop))?;
        let id = before.column(&names[0])?;
        known.extend(before.rows.iter().map(|(_, cells)| cells[id].clone()));
    }
    let (mut rows, mut recorded) = (Vec::new(), Recorded::default());
    let done = Sheet::read(input)?;
    let [subject, action, at] = [done.column("subject")?, done.column("action")?, done.column("at")?];
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    for (row, cells) in &done.rows {
        let name = cells[subject].as_str();
        if name.is_empty() {
            return Err(done.wrong(*row, subject, "no subject".to_owned(), "fill it in or take the row out").into());
        }
        if let Some(first) = seen.insert(name, *row) {
            let problem = format!("it stands in row {first} already");
            return Err(done.wrong(*row, subject, problem, "keep one row for each subject of a round").into());
        }
        check_action(contract, &done, *row, action, &cells[action])?;
        let when = moment(&done, *row, at, &cells[at])?;
        let decision = decided.get(name);
        if let Some(decision) = decision.filter(|decision| when.date() < decision.at.date()) {
            let problem = format!("{} is before the decision of {}", cells[at], decision.at_text);
            let advice = "an outcome comes after its decision; correct the time, or name the file of an earlier round";
            return Err(done.wrong(*row, at, problem, advice).into());
        }
        if cells[action] == NO_ACTION {
            continue;
        }
        let own = |id: String| {
            [id, name.to_owned(), cells[at].clone(), cells[action].clone(), "false".to_owned(), String::new()]
        };
        let new = match decision {
            Some(decision) if decision.action == cells[action] => {
                recorded.as_decided += 1;
                let Decision { id, randomised, propensity, .. } = decision;
                [
                    id.clone(),
                    name.to_owned(),
                    cells[at].clone(),
                    cells[action].clone(),
                    randomised.clone(),
                    propensity.clone(),
                ]
            }
            _ => {
                recorded.chosen_by_staff += 1;
                own(format!("{name}-{}-staff", when.date()))
            }
        };
        if known.contains(&new[0]) {
            let problem = format!("the log has an action {:?} already", new[0]);
            let advice = "this outcome was recorded before; take the row out";
            return Err(done.wrong(*row, subject, problem, advice).into());
        }
        rows.push(new);
    }
    for (name, decision) in &decided {
        if decision.action == NO_ACTION {
            // Of an earlier file of the same round they are there already.
            if !known.contains(&decision.id) {
                recorded.held_out += 1;
                let Decision { id, at_text, action, randomised, propensity, .. } = decision;
                let cells = [id, name, at_text, action, randomised, propensity];
                rows.push(cells.map(Clone::clone));
            }
        } else if !seen.contains_key(name.as_str()) {
            recorded.open += 1;
        }
    }
    append(log, before.as_ref(), &names, &rows)?;
    Ok(recorded)
}

fn read_decisions(contract: &Contract, file: &Path) -> Result<BTreeMap<String, Decision>, OutcomesError> {
    let sheet = Sheet::read(file)?;
    let mut columns = [0; 6];
    for (column, name) in columns.iter_mut().zip(DECISIONS) {
        *column = sheet.column(name)?;
    }
    let [id, subject, at, action, randomised, propensity] = columns;
    let mut decided = BTreeMap::new();
    for (row, cells) in &sheet.rows {
        check_action(contract, &sheet, *row, action, &cells[action])?;
        let chance: Option<f64> = cells[propensity].parse().ok();
        if !chance.is_some_and(|chance| chance > 0.0 && chance <= 1.0) {
            let problem = format!("{:?} is no probability above 0", cells[propensity]);
            return Err(sheet.wrong(*row, propensity, problem, "take the file as `holdfast score` wrote it").into());
        }
        let decision = Decision {
            id: cells[id].clone(),
            at: moment(&sheet, *row, at, &cells[at])?,
            at_text: cells[at].clone(),
            action: cells[action].clone(),
            randomised: cells[randomised].clone(),
            propensity: cells[propensity].clone(),
        };
        if decided.insert(cells[subject].clone(), decision).is_some() {
            let problem = "the same subject is decided about twice".to_owned();
            return Err(sheet.wrong(*row, subject, problem, "take the file of one round as it was written").into());
        }
    }
    Ok(decided)
}

fn check_action(contract: &Contract, sheet: &Sheet, row: u64, column: usize, action: &str) -> Result<(), SheetError> {
    let known = || contract.actions.iter().map(|planned| planned.action.id.0.as_str()).chain([NO_ACTION]);
    if known().any(|known| known == action) {
        return Ok(());
    }
    let problem = format!("the contract has no action {action:?}");
    let names: Vec<&str> = known().collect();
    Err(sheet.wrong(row, column, problem, format!("write one of {}, or add [actions.NAME]", names.join(", "))))
}

fn moment(sheet: &Sheet, row: u64, column: usize, text: &str) -> Result<DateTime, SheetError> {
    text.parse().map_err(|_| {
        let problem = format!("{text:?} is no time");
        sheet.wrong(row, column, problem, "write a date or a time such as 2026-11-21 or 2026-11-21 09:30")
    })
}

/// What the contract's log calls the columns of [`DECISIONS`].
fn names(contract: &Contract) -> Result<[String; 6], OutcomesError> {
    let mut names = DECISIONS.map(str::to_owned);
    let Some(table) = contract.tables.iter().find(|table| table.role == Some(Role::Actions)) else { return Ok(names) };
    let column = |name: &str| table.column(name).map(|column| &column.origin);
    let of = |reference: &Option<ColumnRef>| reference.as_ref().map(|reference| reference.origin.clone());
    let origins = [
        of(&table.key),
        Some(table.subject.origin.clone()),
        of(&table.at),
        column("action").cloned(),
        column("randomised").cloned(),
        column("propensity").cloned(),
    ];
    for (name, origin) in names.iter_mut().zip(origins) {
        match origin {
            Some(Place::Column(column)) => *name = column,
            Some(_) => return Err(OutcomesError::Expression(name.clone())),
            None => {}
        }
    }
    Ok(names)
}

/// The log with rows at its end, whole or not at all. What stood there stays as it was, to the byte.
fn append(log: &Path, before: Option<&Sheet>, names: &[String; 6], rows: &[Row]) -> Result<(), OutcomesError> {
    let unreadable = |source| SheetError::Read { file: PathBuf::from(log), source };
    let text = if before.is_some() { std::fs::read(log).map_err(unreadable)? } else { Vec::new() };
    let header: Vec<String> = before.map_or_else(|| names.to_vec(), |sheet| sheet.header().to_vec());
    let delimiter = before.map_or(b',', |sheet| sheet.delimiter);
    Ok(whole::write_file(log, |file| {
        file.write_all(&text)?;
        if !text.is_empty() && !text.ends_with(b"\n") {
            file.write_all(b"\n")?;
        }
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(file);
        if before.is_none() {
            writer.write_record(&header)?;
        }
        for row in rows {
            let cell = |column: &String| names.iter().position(|name| name == column).map_or("", |at| row[at].as_str());
            writer.write_record(header.iter().map(cell))?;
        }
        writer.flush()
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTRACT: &str = "version = 1\nkit = \"academy\"\nname = \"A\"\nlocale = \"en\"\ntime_zone = \"Asia/Dushanbe\"\ncurrency = \"TJS\"\n[outcome]\nkind = \"date\"\nhorizon_days = 30\n[value]\nper_subject = 900.0\n[actions.call]\ncost = 1.0\nchance = 0.5\n";
    const DECIDED: &str = "action_id,subject,at,action,randomised,propensity\n7-d,7,2026-11-21 09:00,call,true,0.926250\n8-d,8,2026-11-21 09:00,none,true,0.050000\n9-d,9,2026-11-21 09:00,call,false,1.000000\n";

    struct Files(tempfile::TempDir);

    impl Files {
        fn new() -> Self {
            let files = Self(tempfile::tempdir().expect("a folder"));
            files.write("holdfast.toml", CONTRACT);
            files.write("decisions.csv", DECIDED);
            files
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn write(&self, name: &str, text: &str) {
            std::fs::write(self.path(name), text).expect("written");
        }

        fn record(&self, done: &str) -> Result<Recorded, OutcomesError> {
            self.write("done.csv", done);
            let contract = contract::load(self.0.path()).expect("a contract");
            record(&contract, &self.path("decisions.csv"), &self.path("done.csv"), &self.path("actions.csv"))
        }

        fn log(&self) -> String {
            std::fs::read_to_string(self.path("actions.csv")).expect("a log")
        }
    }

    #[test]
    fn what_was_done_goes_to_the_log_with_its_propensity_and_the_held_out_as_controls() {
        let files = Files::new();
        files.write("actions.csv", "action_id,student_id,at,action,randomised,propensity\n1,5,2026-01-01,call,false,");
        let recorded = files.record("subject,action,at\n7,call,2026-11-22\n").expect("recorded");
        assert_eq!(recorded, Recorded { as_decided: 1, chosen_by_staff: 0, held_out: 1, open: 1 });
        let log = files.log();
        assert!(log.starts_with("action_id,student_id,at,action,randomised,propensity\n1,5,2026-01-01,call,false,\n"));
        assert!(log.contains("\n7-d,7,2026-11-22,call,true,0.926250\n"), "{log}");
        assert!(log.contains("\n8-d,8,2026-11-21 09:00,none,true,0.050000\n"), "{log}");
        // The rest of the round later: the held out are there already.
        let later = files.record("subject;action;at\n9;none;2026-11-23\n6;call;2026-11-23\n").expect("recorded");
        assert_eq!(later, Recorded { as_decided: 0, chosen_by_staff: 1, held_out: 0, open: 1 });
        assert!(files.log().ends_with("6-2026-11-23-staff,6,2026-11-23,call,false,\n"), "{}", files.log());
    }

    #[test]
    fn what_is_wrong_is_told_with_file_row_and_column_and_the_log_stays_as_it_was() {
        let files = Files::new();
        let header = "action_id,student_id,at,action,randomised,propensity\n7-d,7,2026-11-22,call,true,0.9\n";
        files.write("actions.csv", header);
        let error = |done: &str| files.record(done).expect_err("refused").to_string();
        let said = [
            (
                error("subject,action,at\n9,dance,2026-11-22\n"),
                "row 2, column \"action\": the contract has no action \"dance\"; write one of call, none",
            ),
            (
                error("subject,action,at\n9,call,2026-11-22\n9,call,2026-11-23\n"),
                "row 3, column \"subject\": it stands in row 2 already",
            ),
            (
                error("subject,action,at\n9,call,2026-11-20\n"),
                "row 2, column \"at\": 2026-11-20 is before the decision of 2026-11-21 09:00",
            ),
            (error("subject,action,at\n"), "there are no rows"),
            (error("subject,action,at\n9,call,soon\n"), "\"soon\" is no time"),
            (error("subject,action\n9,call\n"), "there is no column \"at\""),
            (error("subject,action,at\n7,call,2026-11-22\n"), "the log has an action \"7-d\" already"),
        ];
        for (said, expected) in said {
            assert!(said.contains("done.csv") && said.contains(expected), "{said}");
        }
        assert_eq!(files.log(), header);
    }
}
