//! An IT academy: what its CRM would export, and what really went on.
//!
//! Students come in groups to courses of four to nine months. Each has traits (motivation, ability, money, fit with the
//! group) and at most one trouble at a time, with a cause and a severity that nobody sees (`trouble`). Trouble takes
//! away what studying needs, and that shows: lessons are missed, homework stays open, invoices unpaid, messages
//! unanswered, scores fall. It also drives the daily hazard of leaving (`leaving`). Staff look once a week and act on
//! what they see (`actions`). `life` is the order in which all this happens, `truth` what is known for certain.
//!
//! Each mechanism is a file. To add one, add the file, call it from `life`, and give what it writes a field in
//! [`rows::Tables`].
//!
//! Memory is bounded: groups are simulated a batch at a time, in parallel, and written in their order.

mod actions;
mod assessments;
mod calendar;
mod dirt;
mod groups;
mod homework;
mod invoices;
mod leaving;
mod lessons;
mod life;
mod messages;
mod names;
mod progress;
mod rows;
mod students;
mod trouble;
mod truth;

use std::path::Path;

use domain::Day;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::folder::{Draft, WorldError};
use calendar::Calendar;
use groups::Roster;
pub use rows::{FILES, Rows, Tables};
pub use trouble::Cause;

/// What to simulate. The same settings give the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How many students there ever were: 1 to 4,000,000.
    pub students: u32,
    /// Chooses the world.
    pub seed: u64,
    /// The day of the export: nothing later is known.
    pub end: Day,
    /// Days of history until `end`, 60 to 3,650. Groups start all through it.
    pub history_days: u16,
    /// Days at whose end the truth is told for every active student, in order.
    pub cutoffs: Vec<Day>,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Students.
    pub students: u64,
    /// Rows of all tables, without the truth.
    pub rows: u64,
    /// Rows of the truth.
    pub truth_rows: u64,
    /// Bytes of all files.
    pub bytes: u64,
}

/// Groups simulated at a time: enough to keep many cores busy, few enough to be some tens of megabytes.
const GROUPS_AT_A_TIME: u32 = 128;
const MAX_STUDENTS: u32 = 4_000_000;

/// Everything that is shared by all students.
struct World {
    settings: Settings,
    calendar: Calendar,
    roster: Roster,
}

impl World {
    fn new(settings: &Settings) -> Self {
        let calendar = Calendar::new(settings.first_day(), settings.end.plus(truth::HORIZON_DAYS));
        Self { settings: settings.clone(), calendar, roster: Roster::new(settings) }
    }
}

impl Settings {
    /// Eighteen months of history until 2026-11-20, the truth every 30 days of the last thirteen months.
    pub fn new(students: u32, seed: u64) -> Self {
        let end = Day::from_date(Date::constant(2026, 11, 20));
        let cutoffs = (0..=13).rev().map(|months| end.plus(-30 * months)).collect();
        Self { students, seed, end, history_days: 540, cutoffs }
    }

    fn first_day(&self) -> Day {
        self.end.plus(-i32::from(self.history_days))
    }

    fn check(&self) -> Result<(), WorldError> {
        let wrong = |setting, value: String, expected: String| Err(WorldError::Setting { setting, value, expected });
        if !(1..=MAX_STUDENTS).contains(&self.students) {
            return wrong("students", self.students.to_string(), format!("1 to {MAX_STUDENTS}"));
        }
        if !(60..=3650).contains(&self.history_days) {
            return wrong("history_days", self.history_days.to_string(), "60 to 3650".to_owned());
        }
        if !self.cutoffs.is_sorted() {
            return wrong("cutoffs", format!("{:?}", self.cutoffs), "days in order".to_owned());
        }
        if let Some(late) = self.cutoffs.last().filter(|&&cutoff| cutoff > self.end) {
            return wrong("cutoffs", late.to_string(), format!("days up to {}", self.end));
        }
        Ok(())
    }
}

/// Simulates an academy and writes its tables into the folder `out`, the truth below it in `truth/`.
///
/// `progress` is told how many students are done, and of how many. The folder appears whole or not at all; one that an
/// earlier simulation wrote is replaced, any other that is not empty is refused.
///
/// # Errors
/// A setting out of range, a place that is taken, or what the file system says.
pub fn write(settings: &Settings, out: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Summary, WorldError> {
    settings.check()?;
    let mut draft = Draft::open(out, &FILES)?;
    let mut summary = Summary::default();
    each_batch(settings, &mut |students, tables| {
        for (file, rows) in tables.in_order().into_iter().enumerate() {
            draft.append(file, &rows.0)?;
            summary.bytes += rows.0.len() as u64;
            let lines = rows.0.bytes().filter(|&byte| byte == b'\n').count() as u64;
            if file + 1 == FILES.len() { summary.truth_rows += lines } else { summary.rows += lines }
        }
        summary.students += u64::from(students);
        progress(summary.students, u64::from(settings.students));
        Ok(())
    })?;
    draft.publish()?;
    summary.truth_rows -= 1;
    summary.rows -= FILES.len() as u64 - 1;
    Ok(summary)
}

/// The same files as text in memory, for tests.
///
/// # Errors
/// A setting out of range.
pub fn tables(settings: &Settings) -> Result<Tables, WorldError> {
    settings.check()?;
    let mut all = Tables::default();
    each_batch(settings, &mut |_, tables| {
        for (all, rows) in all.in_order_mut().into_iter().zip(tables.in_order()) {
            all.0.push_str(&rows.0);
        }
        Ok(())
    })?;
    Ok(all)
}

/// Hands on the header lines, then the rows of batch after batch with its number of students.
fn each_batch(
    settings: &Settings,
    take: &mut dyn FnMut(u32, &Tables) -> Result<(), WorldError>,
) -> Result<(), WorldError> {
    let world = World::new(settings);
    take(0, &Tables::headers())?;
    for first in (0..world.roster.len()).step_by(GROUPS_AT_A_TIME as usize) {
        let last = world.roster.len().min(first + GROUPS_AT_A_TIME);
        let groups: Vec<_> = (first..last).into_par_iter().map(|index| simulate_group(&world, index)).collect();
        for (students, tables) in &groups {
            take(*students, tables)?;
        }
    }
    Ok(())
}

fn simulate_group(world: &World, index: u32) -> (u32, Tables) {
    let group = world.roster.group(&world.settings, index);
    let mut tables = Tables::default();
    group.write(&mut tables.groups);
    for student in group.first_student..group.first_student + group.size {
        life::live(world, &group, student, &mut tables);
    }
    (group.size, tables)
}
