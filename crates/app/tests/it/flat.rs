//! Flat tables with a label: what an analyst gets, and what is said of tables that are not as they should be.

use std::fs;
use std::path::{Path, PathBuf};

use app::check::check;
use app::progress::Silent;
use app::start::{Home, Question, new_for_table, new_project};
use app::study::{Request, study};
use app::trees::{Ask, ask};
use app::{Error, Project, model, report, score, train};
use domain::{Day, Locale};
use learn::Encoding;
use tempfile::TempDir;

const CONTRACT: &str = r#"
version = 1
kit = "subscriber"
name = "Test"
locale = "en"
time_zone = "Asia/Dushanbe"
currency = "TJS"
[subjects]
key = "id"
[outcome]
kind = "label"
columns = ["churn", "upselling"]
positive = 1
[tables.subscribers]
file = "clients.csv"
"#;

/// A day on which scores are asked for; nothing depends on it.
fn today() -> Day {
    Day(20_000)
}

fn home() -> Home {
    Home { locale: Locale::En, time_zone: "Asia/Dushanbe".to_owned(), currency: "TJS".to_owned() }
}

/// A folder with a contract and its table.
struct Firm {
    folder: TempDir,
}

/// A row of the table by its number: a number that decides, one that is often empty, a word, a word of many levels, and
/// two labels.
struct Client {
    id: String,
    calls: String,
    bonus: String,
    town: String,
    cell: String,
    churn: String,
    upselling: String,
}

const HEADER: &str = "id,calls,bonus,town,cell,churn,upselling\n";

fn mixed(row: u64) -> u64 {
    row.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33
}

fn client(row: u64) -> Client {
    let draw = mixed(row + 1);
    let calls = draw % 30;
    let leaves = (mixed(row + 1_000_000) % 100) < if calls < 6 { 60 } else { 8 };
    Client {
        id: format!("c{row}"),
        calls: calls.to_string(),
        bonus: if draw.is_multiple_of(3) { (draw / 7 % 50).to_string() } else { String::new() },
        town: ["north", "south", "east"][(draw / 11 % 3) as usize].to_owned(),
        cell: format!("cell{}", draw / 13 % 200),
        churn: if leaves { "1" } else { "-1" }.to_owned(),
        upselling: if (draw / 17).is_multiple_of(6) { "1" } else { "-1" }.to_owned(),
    }
}

fn table(rows: std::ops::Range<u64>, change: impl Fn(u64, &mut Client)) -> String {
    let mut text = HEADER.to_owned();
    for row in rows {
        let mut client = client(row);
        change(row, &mut client);
        let Client { id, calls, bonus, town, cell, churn, upselling } = client;
        text += &format!("{id},{calls},{bonus},{town},{cell},{churn},{upselling}\n");
    }
    text
}

impl Firm {
    fn of(table: &str) -> Self {
        let firm = Self { folder: tempfile::tempdir().expect("a folder for the test") };
        firm.write("holdfast.toml", CONTRACT);
        firm.write("clients.csv", table);
        firm
    }

    /// A firm with a model of the first 600 clients.
    fn trained() -> Self {
        let firm = Self::of(&table(0..600, |_, _| ()));
        firm.train(None).unwrap_or_else(|error| panic!("{error}"));
        firm
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.path(name), text).expect("written");
        self.path(name)
    }

    fn project(&self, target: Option<&str>, input: Option<&Path>) -> Result<Project, Error> {
        Project::open(self.folder.path(), None, None)?.choose(target, input)
    }

    fn train(&self, target: Option<&str>) -> Result<train::Summary, Error> {
        train::train(
            &self.project(target, None)?,
            &train::Options { as_of: Some(today()), ..train::Options::default() },
            &Silent,
        )
    }

    fn score(&self, target: Option<&str>, input: &Path) -> Result<score::Summary, Error> {
        score::score(&self.project(target, Some(input))?, today(), &self.path("scores.csv"), &Silent)
    }

    /// The scores of a table by subject, as they stand in the file.
    fn scores_of(&self, table: &str) -> Vec<String> {
        let input = self.write("input.csv", table);
        self.score(None, &input).unwrap_or_else(|error| panic!("{error}"));
        let text = fs::read_to_string(self.path("scores.csv")).expect("scores");
        let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
        assert_eq!(rows.remove(0), "subject,probability,band,reason_1,reason_2,reason_3");
        rows.sort();
        rows
    }

    /// What the model's folder answers about a table: names of columns, and a row for each row.
    fn asked(&self, what: &Ask, input: &Path) -> (Vec<String>, Vec<Vec<f64>>) {
        let out = self.path("answer.csv");
        ask(what, &self.path("model"), input, &out, &Silent).unwrap_or_else(|error| panic!("{error}"));
        let text = fs::read_to_string(&out).expect("an answer");
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let names = lines.next().expect("a header");
        let number = |cell: &String| if cell.is_empty() { f64::NAN } else { cell.parse().expect("a number") };
        (names, lines.map(|line| line.iter().map(number).collect()).collect())
    }

    /// Holds what the folder predicts of a table, whose subjects stand in order of their numbers, against its scores.
    fn assert_predicts_as_it_scores(&self, table: &str) {
        let rows = self.scores_of(table);
        let mut scored: Vec<(u64, f64)> = Vec::new();
        for row in &rows {
            let cells: Vec<&str> = row.split(',').collect();
            scored.push((cells[0][1..].parse().expect("c and a number"), cells[1].parse().expect("a probability")));
        }
        scored.sort_by_key(|(subject, _)| *subject);
        let (names, predicted) = self.asked(&Ask::Predict, &self.path("input.csv"));
        assert_eq!(names, ["margin", "prediction"]);
        assert_eq!(predicted.len(), scored.len());
        for (row, (subject, probability)) in predicted.iter().zip(&scored) {
            assert!((row[1] - probability).abs() < 1e-3, "c{subject}: {} and {probability}", row[1]);
        }
    }

    fn names(&self) -> Vec<std::ffi::OsString> {
        let mut names: Vec<_> = fs::read_dir(self.folder.path())
            .expect("listed")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        names.sort();
        names
    }

    /// What is said when `work` fails, which must leave nothing behind.
    fn refused<T>(&self, work: impl FnOnce() -> Result<T, Error>) -> String {
        let before = self.names();
        let said = work().err().expect("this cannot be done").to_string();
        assert_eq!(self.names(), before, "something was left behind");
        said
    }

    fn found(&self) -> String {
        let project = self.project(None, None).unwrap_or_else(|error| panic!("{error}"));
        check(&project, Some(today()), &Silent).unwrap_or_else(|error| panic!("{error}")).to_string()
    }
}

fn training_refused(table: &str) -> String {
    let firm = Firm::of(table);
    firm.refused(|| firm.train(None))
}

fn assert_says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "'{part}' is not said: {message}");
    }
}

#[test]
fn scores_are_six_columns_whatever_the_order_of_columns_and_without_labels() {
    let firm = Firm::trained();
    let rows = || table(600..700, |_, _| ());
    let expected = firm.scores_of(&rows());
    assert_eq!(expected.len(), 100);
    assert!(expected.iter().any(|row| row.contains("calls is ")), "{:?}", &expected[..5]);
    // Columns in another order, separated in another way, without labels, and with two that are new.
    let mut turned = String::new();
    for line in rows().lines() {
        let cells: Vec<&str> = line.split(',').collect();
        turned += &format!("{};{};{};{};new;{};x\n", cells[4], cells[3], cells[2], cells[0], cells[1]);
    }
    let turned = turned.replacen(";new;", ";tariff;", 1).replacen(";x\n", ";device\n", 1);
    assert_eq!(firm.scores_of(&turned), expected);
    let input = firm.path("input.csv");
    let told = firm.score(None, &input).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((told.target.as_deref(), told.notes.len()), (Some("churn"), 1), "{:?}", told.notes);
    assert_says(&told.notes[0], &["input.csv", "2 in all: tariff, device"]);
    // The same subject is told the same, whoever stands beside it.
    let alone = firm.scores_of(&table(600..601, |_, _| ()));
    assert!(expected.contains(&alone[0]), "{alone:?}");
}

#[test]
fn a_model_keeps_its_target() {
    let firm = Firm::of(&table(0..600, |_, _| ()));
    let trained = firm.train(Some("upselling")).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((trained.target.as_deref(), trained.features), (Some("upselling"), 4));
    let input = firm.write("input.csv", &table(600..650, |_, _| ()));
    let told = firm.score(None, &input).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(told.target.as_deref(), Some("upselling"));
    fs::remove_file(firm.path("scores.csv")).expect("removed");
    let said = firm.refused(|| firm.score(Some("churn"), &input));
    assert_says(
        &said,
        &["learned \"upselling\", not \"churn\"", "leave --target out", "holdfast train --target churn"],
    );
    let said = firm.refused(|| firm.train(Some("chrun")));
    assert_says(&said, &["`churn` or `upselling`", "did you mean `churn`?"]);
}

#[test]
fn bands_follow_how_many_leave_unless_they_are_stated() {
    let firm = Firm::trained();
    let kept = |firm: &Firm| {
        let text = fs::read_to_string(firm.path("model/manifest.json")).expect("a manifest");
        let manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        manifest["bands"].clone()
    };
    let medium = kept(&firm)[0].as_f64().expect("a number");
    assert!((0.2..0.5).contains(&medium), "{medium}");
    firm.write("holdfast.toml", &format!("{CONTRACT}[bands]\nmedium = 0.1\nhigh = 0.11\n"));
    firm.train(None).unwrap_or_else(|error| panic!("{error}"));
    assert!(kept(&firm).is_null());
    let rows = firm.scores_of(&table(600..700, |_, _| ()));
    assert!(rows.iter().all(|row| !row.contains(",medium,") || row.contains(",0.10")), "{rows:?}");
}

#[test]
fn a_label_that_is_none_is_named_with_its_values() {
    let three = table(0..300, |row, client| {
        if row == 41 {
            client.churn = "2".to_owned();
        }
    });
    let said = training_refused(&three);
    assert_says(&said, &["clients.csv, row 43, column churn", "3 values", "'2' (1 cell,", "outcome.column"]);
    let said = training_refused(&table(0..300, |_, client| client.churn.clear()));
    assert_says(&said, &["clients.csv, column churn", "every cell of the label is empty"]);
    let said = training_refused(&table(0..300, |_, client| client.churn = "1".to_owned()));
    assert_says(&said, &["column churn", "every cell of the label is '1'", "export those who stayed too"]);
    let said = training_refused(&table(0..300, |_, client| client.churn = "-1".to_owned()));
    assert_says(&said, &["no cell of the label is '1'", "'-1' (300 cells", "outcome.positive"]);
    let unlabelled = table(0..600, |row, client| {
        if row % 10 == 0 {
            client.churn.clear();
        }
    });
    let firm = Firm::of(&unlabelled);
    assert_eq!(firm.train(None).unwrap_or_else(|error| panic!("{error}")).rows, 540);
}

#[test]
fn numbers_that_are_none_are_told_and_count_as_what_is_said() {
    let firm = Firm::of(&table(0..600, |row, client| match row {
        10 => client.calls = "inf".to_owned(),
        11 => client.calls = "-Infinity".to_owned(),
        12 => client.calls = "1e308".to_owned(),
        13 => client.calls = "many".to_owned(),
        _ => {}
    }));
    let told = firm.train(None).unwrap_or_else(|error| panic!("{error}")).warnings.join("\n");
    assert_says(&told, &["clients.csv, row 12, column calls: 3 of 600 cells are not a number: 'inf'", "rows 13, 15"]);
    assert_says(&told, &["row 14, column calls: 1 cell is beyond 3.4e38", "1e308"]);
    let probability = |calls: &str| {
        let rows = firm.scores_of(&table(600..604, |row, client| {
            if row == 600 {
                client.calls = calls.to_owned();
            }
        }));
        rows[0].split(',').nth(1).map(|cell| cell.parse::<f64>().expect("a number")).expect("a probability")
    };
    assert!(probability("1e308").is_finite());
    assert_eq!(probability("1e308"), probability("1e300"));
    assert_eq!(probability("inf"), probability(""), "an infinite number counts as empty");
}

#[test]
fn many_strings_among_numbers_are_told_and_refused_when_they_come_later() {
    let strings = |row: u64, client: &mut Client| {
        if row.is_multiple_of(4) {
            client.calls = "unknown".to_owned();
        }
    };
    let firm = Firm::of(&table(0..600, strings));
    let told = firm.train(None).unwrap_or_else(|error| panic!("{error}")).warnings.join("\n");
    assert_says(&told, &["row 2, column calls: 450 of 600 cells are numbers", "'unknown'", "type = \"number\""]);

    let firm = Firm::trained();
    let some = firm.write("input.csv", &table(600..700, strings));
    let told = firm.score(None, &some).unwrap_or_else(|error| panic!("{error}")).warnings.join("\n");
    assert_says(&told, &["input.csv, row 2, column calls: 25 of 100 cells are not a number: 'unknown'"]);
    fs::remove_file(firm.path("scores.csv")).expect("removed");
    let most = firm.write("input.csv", &table(600..700, |_, client| client.calls = "few".to_owned()));
    let said = firm.refused(|| firm.score(None, &most));
    assert_says(&said, &["input.csv, row 2, column calls: 100 of 100 cells are not a number: 'few'", "train again"]);
}

#[test]
fn a_column_that_the_model_needs_must_be_there() {
    let firm = Firm::trained();
    let without: String = table(600..700, |_, _| ())
        .lines()
        .map(|line| {
            line.split(',')
                .enumerate()
                .filter(|(at, _)| ![1, 3].contains(at))
                .map(|(_, c)| c)
                .collect::<Vec<_>>()
                .join(",")
                + "\n"
        })
        .collect();
    let input = firm.write("input.csv", &without);
    let said = firm.refused(|| firm.score(None, &input));
    assert_says(&said, &["input.csv", "learned from columns that are not there", "calls, town", "train again"]);
    let input = firm.write("input.csv", "");
    assert_says(&firm.refused(|| firm.score(None, &input)), &["input.csv", "the file is empty"]);
    let said = firm.refused(|| firm.score(None, &firm.path("nowhere.csv")));
    assert_says(&said, &["nowhere.csv", "could not be read"]);
    let twice = table(600..700, |row, client| client.id = format!("c{}", row % 99));
    let input = firm.write("input.csv", &twice);
    assert_says(&firm.refused(|| firm.score(None, &input)), &["input.csv, row ", "column id", "in rows "]);
}

#[test]
fn values_that_the_model_never_saw_are_counted_and_an_emptied_column_is_told() {
    let firm = Firm::trained();
    let input = firm.write(
        "input.csv",
        &table(600..700, |row, client| {
            if row % 5 == 0 {
                client.town = "west".to_owned();
            }
            client.calls.clear();
        }),
    );
    let told = firm.score(None, &input).unwrap_or_else(|error| panic!("{error}")).warnings.join("\n");
    assert_says(&told, &["column town: in 20 rows (20%)", "west", "column calls is empty in 100% of the rows"]);
    let few = firm.write(
        "input.csv",
        &table(600..700, |row, client| {
            if row == 650 {
                client.town = "west".to_owned();
            }
        }),
    );
    let told = firm.score(None, &few).unwrap_or_else(|error| panic!("{error}")).warnings;
    assert_eq!(told, [""; 0]);
}

#[test]
fn results_are_written_neither_over_each_other_nor_over_what_they_are_made_of() {
    let firm = Firm::trained();
    let project = firm.project(None, None).unwrap_or_else(|error| panic!("{error}"));
    let other = firm.write("other.csv", &table(600..700, |_, _| ()));
    let over = Request { against: Some(other.clone()), out: Some(other.clone()), ..Request::default() };
    let said = study(&project, &over, &Silent).expect_err("over the file compared with").to_string();
    assert_says(&said, &["other.csv"]);
    let page = firm.path("page.html");
    let twice = Request { out: Some(page.clone()), json: Some(page.clone()), ..Request::default() };
    let said = study(&project, &twice, &Silent).expect_err("two results in one place").to_string();
    assert_says(&said, &["page.html", "two results"]);
    assert!(!page.exists() && fs::read_to_string(other).expect("kept").starts_with("id,"));
}

#[test]
fn a_column_of_another_scale_is_told() {
    let firm = Firm::trained();
    let scored = |change: &dyn Fn(&mut Client)| {
        let input = firm.write("input.csv", &table(600..700, |_, client| change(client)));
        firm.score(None, &input).unwrap_or_else(|error| panic!("{error}")).warnings.join("\n")
    };
    // 14,000 written with a comma where 14 stood: a thousand times as much.
    let grown = scored(&|client| client.calls = format!("{}000", client.calls));
    assert_says(&grown, &["values of column calls are mostly about", "000", "csv.decimal"]);
    let shrunk = scored(&|client| client.calls = format!("0.0{:0>2}", client.calls));
    assert_says(&shrunk, &["values of column calls are mostly about 0.0"]);
    assert_eq!(scored(&|_| ()), "");
}

#[test]
fn a_key_is_left_out_and_a_column_of_many_levels_is_not() {
    let firm = Firm::of(&table(0..600, |row, client| {
        client.cell = format!("session {}", mixed(row));
        client.bonus.clear();
    }));
    let trained = firm.train(None).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((trained.key_like, trained.empty), (vec!["cell".to_owned()], vec!["bonus".to_owned()]));
    assert_eq!(trained.features, 2);
    assert_says(
        &firm.found(),
        &["column cell: nearly every subject has another value", "column bonus: every cell is empty"],
    );
    // Three levels to four rows: most stand in one row only, and still something comes back.
    let firm = Firm::of(&table(0..600, |row, client| client.cell = format!("cell{}", row % 450)));
    assert_eq!(firm.train(None).unwrap_or_else(|error| panic!("{error}")).features, 4);
}

#[test]
fn a_table_of_five_rows_is_refused_or_learned_from_but_never_half_written() {
    let firm = Firm::of(&table(0..5, |row, client| client.churn = if row < 1 { "1" } else { "-1" }.to_owned()));
    let said = firm.refused(|| firm.train(None));
    assert_says(&said, &["clients.csv, column churn", "only 1 subjects leave"]);
    let firm = Firm::of(&table(0..5, |row, client| client.churn = if row < 2 { "1" } else { "-1" }.to_owned()));
    let trained = firm.train(None).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(trained.rows, 5);
    assert_eq!(firm.scores_of(&table(5..8, |_, _| ())).len(), 3);
}

#[test]
fn columns_that_the_label_is_computed_from_are_no_features() {
    let status = |row: u64, client: &mut Client| {
        let gone = if row.is_multiple_of(2) { "gone" } else { "left" };
        client.churn = if client.churn == "1" { gone } else { "here" }.to_owned();
    };
    let firm = Firm::of(&table(0..600, status));
    let label = "column = { expr = \"churn in ('left', 'gone')\" }\npositive = true\n";
    let contract = CONTRACT.replace("columns = [\"churn\", \"upselling\"]\npositive = 1\n", label);
    let computed = "[tables.subscribers.columns]\nis_gone = { expr = \"churn = 'gone'\", type = \"flag\" }\n";
    for contract in [contract.clone(), contract.clone() + computed] {
        firm.write("holdfast.toml", &contract);
        let trained = firm.train(None).unwrap_or_else(|error| panic!("{error}"));
        // Calls, bonus, town, cell and upselling, which is no label here.
        assert_eq!(trained.features, 5);
        assert!(trained.auc.value < 0.95, "{}", trained.auc.value);
        let kept = model::open(&firm.path("model")).unwrap_or_else(|error| panic!("{error}"));
        assert!(kept.features().all(|name| !name.contains("churn") && !name.contains("gone")));
        assert_eq!(firm.scores_of(&table(600..610, status)).len(), 10);
    }
    // Who is scored may have no label yet.
    firm.write("holdfast.toml", &contract);
    firm.train(None).unwrap_or_else(|error| panic!("{error}"));
    let mut without = String::new();
    for line in table(600..610, |_, _| ()).lines() {
        let cells: Vec<&str> = line.split(',').collect();
        without += &format!("{},{}\n", cells[..5].join(","), cells[6]);
    }
    assert_eq!(firm.scores_of(&without).len(), 10);
}

#[test]
fn levels_that_tell_together_and_values_that_repeat_go_all_the_way() {
    let planted = |row: u64, client: &mut Client| {
        let (a, b, value) = (mixed(row + 1) % 8, mixed(row + 2_000_000) % 8, mixed(row + 3_000_000) % 24);
        let is_odd = !(a ^ b).count_ones().is_multiple_of(2);
        let is_telling = mixed(value + 9).is_multiple_of(3);
        let chance = if is_odd { 45 } else { 5 } + if is_telling { 30 } else { 0 };
        (client.town, client.cell) = (format!("a{a}"), format!("b{b}"));
        client.calls = (value * 10).to_string();
        client.churn = if mixed(row + 4_000_000) % 100 < chance { "1" } else { "-1" }.to_owned();
    };
    let firm = Firm::of(&table(0..4000, planted));
    let trained = firm.train(None).unwrap_or_else(|error| panic!("{error}"));
    assert!(trained.auc.value > 0.7, "{}", trained.auc.value);
    let kept = model::open(&firm.path("model")).unwrap_or_else(|error| panic!("{error}"));
    let columns = &kept.model.encoder.columns;
    let crosses: Vec<&str> = columns
        .iter()
        .filter(|column| matches!(column.encoding, Encoding::Cross(_)))
        .map(|column| column.name.as_str())
        .collect();
    assert!(crosses.iter().any(|name| name.contains("town") && name.contains("cell")), "{crosses:?}");
    let repeated = columns.iter().find(|column| column.name.ends_with("calls")).expect("calls");
    assert!(matches!(repeated.encoding, Encoding::Repeated(_)), "{:?}", repeated.encoding);

    firm.assert_predicts_as_it_scores(&table(4000..4300, planted));
    let input = firm.path("input.csv");
    let (names, features) = firm.asked(&Ask::Features, &input);
    assert_eq!((names, features.len()), (kept.model.feature_names(), 300));
    for what in [Ask::Explain, Ask::Interactions, Ask::Against { file: input.clone(), rows: 20 }] {
        let (names, rows) = firm.asked(&what, &input);
        assert_eq!((rows.len(), names.last().map(String::as_str)), (300, Some("margin")));
        for row in &rows {
            let (margin, parts) = row.split_last().expect("a margin");
            assert!((parts.iter().sum::<f64>() - margin).abs() < 1e-6, "{row:?}");
        }
    }
    let project = firm.project(None, None).unwrap_or_else(|error| panic!("{error}"));
    let page = firm.path("report.html");
    report::report(&project, today(), &page, &Silent).unwrap_or_else(|error| panic!("{error}"));
    assert!(fs::read_to_string(&page).expect("a page").trim_end().ends_with("</html>"));
    let request = Request { out: Some(firm.path("study.html")), ..Request::default() };
    study(&project, &request, &Silent).unwrap_or_else(|error| panic!("{error}"));
    let page = fs::read_to_string(firm.path("study.html")).expect("a page");
    assert!(page.contains("town") && page.trim_end().ends_with("</html>"));
}

#[test]
fn a_models_folder_reads_cells_as_scoring_does() {
    let written = |rows: std::ops::Range<u64>, first: &str| {
        let start = rows.start;
        let text = table(rows, |row, client| {
            let half = if row.is_multiple_of(2) { "|5" } else { "|0" };
            client.calls =
                if row == start && !first.is_empty() { first.to_owned() } else { client.calls.clone() + half };
            client.bonus = ["да", "нет", ""][(mixed(row) % 3) as usize].to_owned();
        });
        text.replace(',', ";").replace('|', ",")
    };
    let firm = Firm::of(&written(0..600, ""));
    firm.train(None).unwrap_or_else(|error| panic!("{error}"));
    firm.assert_predicts_as_it_scores(&written(600..700, ""));
    firm.assert_predicts_as_it_scores(&written(600..700, "1e308"));
    let input = firm.write("input.csv", &written(600..700, "many"));
    let refused = ask(&Ask::Predict, &firm.path("model"), &input, &firm.path("answer.csv"), &Silent);
    let said = refused.err().expect("a word is no number").to_string();
    assert_says(&said, &["input.csv: row 2, column", "calls", "'many' is not a number as in the column"]);
}

#[test]
fn of_a_few_rows_those_that_say_nothing_are_told() {
    let firm = Firm::trained();
    let emptied = |row: u64, client: &mut Client| {
        if row == 601 {
            (client.town, client.cell) = ("west".to_owned(), "nowhere".to_owned());
            client.calls.clear();
            client.bonus.clear();
        }
    };
    let input = firm.write("input.csv", &table(600..603, emptied));
    let told = firm.score(None, &input).unwrap_or_else(|error| panic!("{error}")).warnings;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_says(&told[0], &["nothing stands that the model knows, of 3: 1"]);
    let input = firm.write("input.csv", &table(600..601, emptied));
    assert_eq!(firm.score(None, &input).unwrap_or_else(|error| panic!("{error}")).warnings, [""; 0]);
}

#[test]
fn results_never_overwrite_what_they_are_made_from() {
    let firm = Firm::trained();
    let input = firm.write("input.csv", &table(600..610, |_, _| ()));
    let project = firm.project(None, Some(&input)).unwrap_or_else(|error| panic!("{error}"));
    let said = firm.refused(|| score::score(&project, today(), &input, &Silent));
    assert_says(&said, &["input.csv", "would overwrite"]);
}

#[test]
fn a_contract_is_written_for_a_table_of_ones_own_and_for_a_sample() {
    let firm = Firm::of(&table(0..600, |_, _| ()));
    let (folder, file) = (firm.path("mine"), firm.path("clients.csv"));
    let question = Question { file: &file, label: "churn", positive: None, key: None };
    let (_, look) = new_for_table(&folder, &question, home()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((look.key.as_str(), look.positive.as_str(), look.rows), ("id", "1", 600));
    let project = Project::open(&folder, None, None).unwrap_or_else(|error| panic!("{error}"));
    let trained =
        train::train(&project, &train::Options { as_of: Some(today()), ..train::Options::default() }, &Silent)
            .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(trained.target.as_deref(), Some("churn"));
    assert!(new_for_table(&folder, &question, home()).is_err(), "what is there is not overwritten");

    let sample = firm.path("sample");
    new_project("subscriber", &sample).unwrap_or_else(|error| panic!("{error}"));
    let project = Project::open(&sample, None, None).unwrap_or_else(|error| panic!("{error}"));
    let trained =
        train::train(&project, &train::Options { as_of: Some(today()), ..train::Options::default() }, &Silent)
            .unwrap_or_else(|error| panic!("{error}"));
    assert!(trained.auc.value > 0.65, "{}", trained.auc.value);
    let told = trained.text(&project.narrator().expect("words"));
    assert!(told.contains("обучение на «churn»") && !told.contains("1970"), "{told}");
    let out = firm.path("sample.csv");
    score::score(&project, today(), &out, &Silent).unwrap_or_else(|error| panic!("{error}"));
    let scores = fs::read_to_string(out).expect("scores");
    assert!(scores.contains("плата за месяц: ") && scores.contains("(обычно "), "{}", &scores[..1000]);
}

#[test]
fn subscribers_with_dates_and_events_are_looked_at_from_days_of_the_past() {
    let contract = CONTRACT.replace("key = \"id\"\n", "").replace(
        "kind = \"label\"\ncolumns = [\"churn\", \"upselling\"]\npositive = 1\n",
        "kind = \"date\"\nhorizon_days = 30\n",
    ) + "[value]\nper_subject = 100\n[actions.call]\ncost = 2\nchance = 0.4\n[tables.usage]\nrole = \"activity\"\nat = \"day\"\n[tables.usage.columns]\nmegabytes = { type = \"number\", label = \"megabytes\" }\n";
    let firm = Firm::of("");
    firm.write("holdfast.toml", &contract);
    let first = Day::from_date("2024-01-01".parse().expect("a date"));
    let mut clients = "subscriber_id,started_on,left_on,tariff,churn\n".to_owned();
    let mut usage = "subscriber_id,day,megabytes\n".to_owned();
    for row in 0..300 {
        let draw = mixed(row) as i32 & 0xffff;
        let start = first.plus(draw % 60);
        let left = (row % 4 == 0).then(|| start.plus(80 + draw % 200));
        let until = left.unwrap_or(first.plus(365));
        let tariff = if draw % 2 == 0 { "start" } else { "family" };
        let left_on = left.map(|day| day.to_string()).unwrap_or_default();
        clients += &format!("s{row},{start},{left_on},{tariff},{}\n", u8::from(left.is_some()));
        let mut day = start;
        while day < until {
            // Who is about to leave uses less and less.
            let fades = left.is_some() && until.0 - day.0 < 35;
            let megabytes = if fades { 20 } else { 300 + mixed(row * 1000 + day.0 as u64) % 100 };
            usage += &format!("s{row},{day},{megabytes}\n");
            day = day.plus(7);
        }
    }
    firm.write("clients.csv", &clients);
    firm.write("usage.csv", &usage);
    let today = first.plus(365);
    let project = firm.project(None, None).unwrap_or_else(|error| panic!("{error}"));
    let trained = train::train(&project, &train::Options { as_of: Some(today), ..train::Options::default() }, &Silent)
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(trained.auc.value > 0.8 && trained.target.is_none(), "{}", trained.auc.value);
    // `churn` was filled in after they left.
    assert_says(&trained.leaks.join("\n"), &["clients.csv, column churn", "it tells who left"]);
    let day = first.plus(200);
    score::score(&project, day, &firm.path("scores.csv"), &Silent).unwrap_or_else(|error| panic!("{error}"));
    let scores = fs::read_to_string(firm.path("scores.csv")).expect("scores");
    assert!(
        scores.starts_with("subject,cutoff,probability,band,reason_1,reason_2,reason_3,action,"),
        "{}",
        &scores[..200]
    );
    assert!(scores.lines().nth(1).is_some_and(|row| row.contains("megabytes") && row.contains(",call,")), "{scores}");
    let said = firm.project(Some("churn"), None).err().expect("no label").to_string();
    assert_says(&said, &["outcome.kind is not \"label\""]);

    // The day computed from a column of text: the column is no feature, nor is it found to be a leak.
    let day = "cast(nullif(replace(gone, 'on ', ''), 'no') as timestamp)";
    let computed =
        contract.replace("kind = \"date\"\n", &format!("kind = \"date\"\ncolumn = {{ expr = \"{day}\" }}\n"));
    firm.write("holdfast.toml", &computed);
    let mut told_in_words = "subscriber_id,started_on,gone,tariff\n".to_owned();
    for line in clients.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let gone = if cells[2].is_empty() { "no".to_owned() } else { format!("on {}", cells[2]) };
        told_in_words += &format!("{},{},{gone},{}\n", cells[0], cells[1], cells[3]);
    }
    firm.write("clients.csv", &told_in_words);
    let project = firm.project(None, None).unwrap_or_else(|error| panic!("{error}"));
    let trained = train::train(&project, &train::Options { as_of: Some(today), ..train::Options::default() }, &Silent)
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(!trained.leaks.join("\n").contains("gone"), "{:?}", trained.leaks);
    let kept = model::open(&firm.path("model")).unwrap_or_else(|error| panic!("{error}"));
    assert!(kept.features().all(|name| !name.contains("gone")), "{:?}", kept.features().collect::<Vec<_>>());
}
