//! One way to put small files behind a contract and load them.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "shared by test binaries, none of which uses all of it")]

use std::path::Path;

use contract::Contract;
use domain::Day;
use jiff::civil::Date;
use tempfile::TempDir;
use warehouse::{Checked, Error, Loaded, Schema, Sources, check, load};

/// The shortest contract of an academy; tables are added to it.
pub const ACADEMY: &str = r#"
version = 1
kit = "academy"
name = "Test"
locale = "ru"
time_zone = "Asia/Dushanbe"
currency = "TJS"
[source]
kind = "folder"
path = "data"
[outcome]
kind = "date"
horizon_days = 30
[value]
per_subject = 900
[actions.mentor_call]
cost = 10
chance = 0.5
"#;

/// Three students, one of whom left.
pub const STUDENTS: &str = "student_id,started_on,planned_end_on,course,left_on\n\
                            s2,2026-01-10,2026-12-01,design,\n\
                            s1,2026-01-05,2026-12-01,rust,2026-03-01\n\
                            s3,2026-02-01,2026-12-01,rust,\n";

pub struct House {
    folder: TempDir,
    pub contract: Contract,
}

impl House {
    /// A contract and its files.
    pub fn new(contract: &str, files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        std::fs::create_dir(folder.path().join("data")).expect("a folder for the data");
        let contract =
            contract::parse("holdfast.toml", contract.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"));
        let house = Self { folder, contract };
        for (name, bytes) in files {
            house.put(name, bytes);
        }
        house
    }

    pub fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.data().join(name), bytes).expect("writing a file of the test");
    }

    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    pub fn sources(&self) -> Sources<'_> {
        Sources { contract_folder: self.folder.path(), data: None, input: None }
    }

    pub fn load(&self) -> Result<Loaded, Error> {
        load(&self.contract, &self.sources(), None, None)
    }

    pub fn load_as_of(&self, day: Day, schema: &Schema) -> Result<Loaded, Error> {
        load(&self.contract, &self.sources(), Some(day), Some(schema))
    }

    pub fn check(&self) -> Checked {
        check(&self.contract, &self.sources(), None)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

pub fn day(year: i16, month: i8, day: i8) -> Day {
    Day::from_date(Date::constant(year, month, day))
}
