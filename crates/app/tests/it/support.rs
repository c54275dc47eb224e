//! One way to put an academy's files behind a contract, to train and score on them, and to rewrite them.

use std::fs;
use std::path::{Path, PathBuf};

use app::progress::Silent;
use app::start::{Academy, simulate_academy};
use app::{Error, Project, score, train};
use contract::Kit;
use domain::Day;
use jiff::civil::Date;
use tempfile::TempDir;

/// The contract's file.
pub(crate) const CONTRACT: &str = "holdfast.toml";

const TRAINING_SEED: u64 = 5;

/// The last day of every simulated academy.
pub(crate) fn end() -> Day {
    Day::from_date(Date::constant(2026, 11, 20))
}

/// A folder with a contract, and its tables in `data`.
pub(crate) struct House {
    folder: TempDir,
}

impl House {
    /// A simulated academy behind the kit's own contract.
    pub(crate) fn academy(students: u32, seed: u64) -> Self {
        let house = Self { folder: tempfile::tempdir().expect("a folder for the test") };
        simulate_academy(&Academy { students, seed, end: end() }, &house.data(), &Silent).expect("simulated");
        fs::write(house.path(CONTRACT), Kit::Academy.template().expect("the kit has a contract")).expect("written");
        house
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The project with the tables of `data` and the model of `model`.
    pub(crate) fn project(&self, data: &Path, model: &str) -> Result<Project, Error> {
        Project::open(self.folder.path(), Some(data), Some(&self.path(model)))
    }

    /// Trains on the house's own tables.
    pub(crate) fn train(&self) -> Result<train::Summary, Error> {
        self.train_on(&self.data(), "model")
    }

    pub(crate) fn train_on(&self, data: &Path, model: &str) -> Result<train::Summary, Error> {
        train::train(
            &self.project(data, model)?,
            &train::Options { seed: TRAINING_SEED, ..train::Options::default() },
            &Silent,
        )
    }

    /// Scores the house's own tables with its own model and keeps the scores in a file of the house.
    pub(crate) fn score(&self, as_of: Day, out: &str) -> Result<score::Summary, Error> {
        score::score(&self.project(&self.data(), "model")?, as_of, &self.path(out), &Silent)
    }

    /// The bytes of the scores of other tables.
    pub(crate) fn scores_of(&self, data: &Path, model: &str, as_of: Day) -> String {
        let project = self.project(data, model).unwrap_or_else(|error| panic!("{error}"));
        let out = self.path("scores-of-other-tables.csv");
        score::score(&project, as_of, &out, &Silent).unwrap_or_else(|error| panic!("{error}"));
        fs::read_to_string(out).expect("the scores")
    }

    /// Everything in the house, hidden files too.
    pub(crate) fn entries(&self) -> Vec<PathBuf> {
        let mut entries = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("listed") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path.clone());
                }
                entries.push(path);
            }
        }
        entries.sort();
        entries
    }

    /// Changes a table of the house.
    pub(crate) fn change(&self, file: &str, change: impl FnOnce(&mut Table)) {
        let path = self.data().join(file);
        let mut table = Table::read(&path);
        change(&mut table);
        table.write(&path);
    }

    /// Replaces the one place of the contract where `from` stands.
    pub(crate) fn change_contract(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(CONTRACT)).expect("the contract");
        assert_eq!(text.matches(from).count(), 1, "'{from}' does not stand in the contract once");
        fs::write(self.path(CONTRACT), text.replace(from, to)).expect("written");
    }

    /// A new folder of the house with all its tables, each changed.
    pub(crate) fn rewritten(&self, name: &str, mut change: impl FnMut(&Times, &mut Table)) -> PathBuf {
        let folder = self.path(name);
        fs::create_dir(&folder).expect("a new folder");
        for times in &TIMES {
            let mut table = Table::read(&self.data().join(times.file));
            change(times, &mut table);
            table.write(&folder.join(times.file));
        }
        folder
    }
}

/// A table as text.
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn read(path: &Path) -> Self {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).expect("a table");
        let mut rows = reader.deserialize().map(|row| row.expect("a row"));
        Self { header: rows.next().expect("a header"), rows: rows.collect() }
    }

    fn write(&self, path: &Path) {
        let mut writer = csv::Writer::from_path(path).expect("a file");
        for row in std::iter::once(&self.header).chain(&self.rows) {
            writer.write_record(row).expect("written");
        }
        writer.flush().expect("written");
    }

    /// Where a column stands.
    pub(crate) fn column(&self, name: &str) -> usize {
        self.header.iter().position(|column| column == name).unwrap_or_else(|| panic!("no column {name}"))
    }
}

/// When the rows of a file and their cells become known.
pub(crate) struct Times {
    pub(crate) file: &'static str,
    /// A row is known when all of these have come.
    pub(crate) row: &'static [&'static str],
    /// Cells that become known later, and the column that says when.
    pub(crate) cells: &'static [(&'static str, &'static str)],
}

/// The times of an academy's tables.
pub(crate) const TIMES: [Times; 8] = [
    Times { file: "students.csv", row: &["enrolled_at"], cells: &[("left_on", "left_on")] },
    Times { file: "attendance.csv", row: &["lesson_at", "entered_at"], cells: &[] },
    Times {
        file: "homework.csv",
        row: &["assigned_at"],
        cells: &[("submitted_at", "submitted_at"), ("score", "graded_at"), ("graded_at", "graded_at")],
    },
    Times { file: "invoices.csv", row: &["issued_at"], cells: &[("paid_at", "paid_at")] },
    Times { file: "progress.csv", row: &["at"], cells: &[] },
    Times { file: "tests.csv", row: &["taken_at"], cells: &[] },
    Times { file: "messages.csv", row: &["at"], cells: &[("answered_at", "answered_at")] },
    Times { file: "actions.csv", row: &["at"], cells: &[] },
];

impl Times {
    /// Whether a row was there at the end of `day`.
    pub(crate) fn is_known(&self, table: &Table, row: &[String], day: Day) -> bool {
        self.row.iter().all(|column| !is_later(&row[table.column(column)], day))
    }

    /// Makes of a table what it was at the end of `day`.
    pub(crate) fn cut(&self, table: &mut Table, day: Day) {
        let mut rows = std::mem::take(&mut table.rows);
        rows.retain(|row| self.is_known(table, row, day));
        for (cell, known_at) in self.cells {
            let (cell, known_at) = (table.column(cell), table.column(known_at));
            for row in rows.iter_mut().filter(|row| is_later(&row[known_at], day)) {
                row[cell].clear();
            }
        }
        if self.file == "students.csv" {
            let [status, left_on, end] = ["status", "left_on", "planned_end_on"].map(|name| table.column(name));
            for row in &mut rows {
                let is_over = !is_later(&row[end], day);
                row[status] = if !row[left_on].is_empty() {
                    "left"
                } else if is_over {
                    "finished"
                } else {
                    "active"
                }
                .into();
            }
        }
        table.rows = rows;
    }
}

/// Whether an ISO date or time lies after a day; an empty cell does not.
pub(crate) fn is_later(cell: &str, day: Day) -> bool {
    cell.get(..10).is_some_and(|date| *date > *day.to_string())
}
