//! The analyst's study: what it is written of, what it refuses, and what it leaves alone.

use std::fs;
use std::path::PathBuf;

use app::progress::Silent;
use app::study::{Contact, Request, Stated, study};
use app::{Error, Project, train};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::House;

const CONTRACT: &str = r#"
version = 1
kit = "none"
name = "Tele Pamir"
locale = "en"
time_zone = "Asia/Dushanbe"
currency = "TJS"

[subjects]
table = "clients"
key = "id"

[outcome]
kind = "label"
column = "churn"
positive = "1"
horizon_days = 30

[bands]
medium = 0.2
high = 0.4

[value]
per_subject = 250.0

[tables.clients]
"#;

/// Clients who leave the less they use and the more on the old tariff. `moved` adds to what everybody uses.
fn clients(rows: u32, moved: f64, flipped: bool) -> String {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let mut text = "id,used,paid,tariff,joined,ticket,churn\n".to_owned();
    for id in 0..rows {
        let used: f64 = rng.random_range(0.0..10.0);
        let tariff = if rng.random_bool(0.3) { "old" } else { "new" };
        let leaves = rng.random_bool(0.45 - used / 25.0 + if tariff == "old" { 0.25 } else { 0.0 });
        let paid = if rng.random_bool(0.1) { String::new() } else { rng.random_range(0..100).to_string() };
        let (used, left) = (used + moved, i32::from(leaves != (flipped && id < 9)));
        let (month, day) = (1 + id % 12, 1 + id % 28);
        text += &format!("c{id:05},{used:.1},{paid},{tariff},2025-{month:02}-{day:02},ticket {id},{left}\n");
    }
    text
}

struct Flat(TempDir);

impl Flat {
    fn new() -> Self {
        let flat = Self(tempfile::tempdir().expect("a folder for the test"));
        fs::write(flat.path("holdfast.toml"), CONTRACT).expect("written");
        fs::write(flat.path("clients.csv"), clients(1500, 0.0, false)).expect("written");
        flat
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn project(&self) -> Project {
        Project::open(self.0.path(), Some(self.0.path()), None).unwrap_or_else(|error| panic!("{error}"))
    }

    fn study(&self, request: &Request) -> Result<Value, Error> {
        let numbers = self.path("numbers.json");
        study(&self.project(), &Request { json: Some(numbers.clone()), ..request.clone() }, &Silent)?;
        Ok(serde_json::from_str(&fs::read_to_string(numbers).expect("numbers")).expect("JSON"))
    }
}

#[test]
fn a_flat_table_is_studied_and_held_against_another_file() {
    let flat = Flat::new();
    train::train(&flat.project(), &train::Options { seed: 3, ..train::Options::default() }, &Silent)
        .unwrap_or_else(|error| panic!("{error}"));
    fs::write(flat.path("later.csv"), clients(800, 6.0, false)).expect("written");
    let page = flat.path("page.html");
    let request = Request {
        out: Some(page.clone()),
        against: Some(flat.path("later.csv")),
        contact: Some(Contact { cost: Stated::number(12.0), success: Stated::share_between(0.2, 0.4) }),
        ..Request::default()
    };
    let found = flat.study(&request).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((&found["about"]["rows"], &found["about"]["held_out_rows"]), (&1500.into(), &1500.into()));
    assert_eq!((&found["drift"]["sides"], &found["drift"]["second"]["rows"]), (&"files".into(), &800.into()));
    assert_eq!(found["drift"]["variables"][0]["name"], "used");
    let assumptions = &found["economics"]["assumptions"];
    assert_eq!((&assumptions["value_of_kept"], &assumptions["value_stated_by"]), (&250.0.into(), &"contract".into()));
    assert_eq!((&assumptions["contact_cost"], &assumptions["contact_stated_by"]), (&12.0.into(), &"reader".into()));
    let variables = found["variables"]["variables"].as_array().expect("variables");
    let kind = |name: &str| variables.iter().find(|variable| variable["name"] == name).map(|found| &found["kind"]);
    assert_eq!((kind("joined"), kind("used"), kind("ticket")), (Some(&"date".into()), Some(&"number".into()), None));
    assert_eq!(found["variables"]["left_out"], serde_json::json!([{ "name": "ticket", "why": "key" }]));
    let subject = found["hardest"]["missed"][0]["subject"].as_str().expect("a key");
    assert!(subject.starts_with('c'), "{subject}");
    let limits = found["card"]["limits"].as_array().expect("limits");
    assert!(
        limits.iter().any(|limit| limit["kind"] == "no-time") && limits.iter().any(|limit| limit["kind"] == "drift")
    );
    let page = fs::read_to_string(page).expect("a page");
    assert!(
        page.contains("Tele Pamir")
            && page.contains("later.csv")
            && page.contains("\u{a0}June 2025")
            && page.trim_end().ends_with("</html>"),
        "{}",
        page.len()
    );

    // The same again, to the byte.
    let first = fs::read(flat.path("numbers.json")).expect("numbers");
    flat.study(&request).unwrap_or_else(|error| panic!("{error}"));
    assert!(first == fs::read(flat.path("numbers.json")).expect("numbers"), "the study differs");
}

#[test]
fn columns_that_are_gone_or_empty_head_the_drift() {
    let flat = Flat::new();
    train::train(&flat.project(), &train::Options { seed: 3, ..train::Options::default() }, &Silent)
        .unwrap_or_else(|error| panic!("{error}"));
    // Without the column `used`, and with nothing in `tariff`.
    let mut later = "id,paid,tariff,joined\n".to_owned();
    for row in clients(400, 0.0, false).lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        later += &format!("{},{},,{}\n", cells[0], cells[2], cells[4]);
    }
    fs::write(flat.path("later.csv"), later).expect("written");
    let request = Request { against: Some(flat.path("later.csv")), ..Request::default() };
    let drift = &flat.study(&request).unwrap_or_else(|error| panic!("{error}"))["drift"];
    assert_eq!(drift["missing_columns"], serde_json::json!(["used"]));
    assert_eq!(drift["emptied_columns"], serde_json::json!(["tariff"]));
}

#[test]
fn what_cannot_be_studied_says_why() {
    let flat = Flat::new();
    let refused = |request: &Request| flat.study(request).expect_err("this cannot be studied").to_string();
    let said = refused(&Request::default());
    assert!(said.contains("there is no model here; run `holdfast train` first"), "{said}");
    train::train(&flat.project(), &train::Options { seed: 3, ..train::Options::default() }, &Silent)
        .unwrap_or_else(|error| panic!("{error}"));
    let said = refused(&Request { against: Some(flat.path("nowhere.csv")), ..Request::default() });
    assert!(said.contains("nowhere.csv: there is no such file"), "{said}");
    let said = refused(&Request { value_of_kept: Some(Stated::number(0.0)), ..Request::default() });
    assert!(said.contains("value of a kept subject: must be a number above 0"), "{said}");
    let said = refused(&Request { out: Some(flat.path("clients.csv")), ..Request::default() });
    assert!(said.contains("would overwrite"), "{said}");
    fs::write(flat.path("clients.csv"), clients(1500, 0.0, true)).expect("written");
    let said = refused(&Request::default());
    assert!(said.contains("the data changed since training; train again"), "{said}");
    fs::remove_file(flat.path("model/held_out.json")).expect("removed");
    let said = refused(&Request::default());
    assert!(said.contains("held_out.json: is missing from the model") && said.contains("train again"), "{said}");
}

#[test]
fn an_academy_is_studied_by_its_cutoffs_and_not_against_a_file() {
    let house = House::academy(250, 3);
    house.train().unwrap_or_else(|error| panic!("{error}"));
    let project = house.project(&house.data(), "model").unwrap_or_else(|error| panic!("{error}"));
    let found = study(&project, &Request::default(), &Silent).unwrap_or_else(|error| panic!("{error}"));
    assert!(found.variables.one_row_a_subject && found.card.data.has_time);
    assert!(found.economics.assumptions.action.is_some(), "the contract has actions");
    assert!(found.drift.is_some());
    let against = Request { against: Some(house.data().join("students.csv")), ..Request::default() };
    let said = study(&project, &against, &Silent).expect_err("refused").to_string();
    assert!(said.contains("--against compares one file with another"), "{said}");
}
