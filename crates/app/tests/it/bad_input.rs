//! What goes wrong, and what is said about it: file, row, column, what to do. Nothing half-written is left.

use std::fs;

use app::check::check;
use app::progress::Silent;
use app::{Error, Project};
use domain::Day;
use jiff::civil::Date;

use crate::support::{CONTRACT, House, Table, end};

/// Few students, so that training takes a moment.
fn tiny() -> House {
    House::academy(60, 11)
}

fn trained() -> House {
    let house = tiny();
    house.train().unwrap_or_else(|error| panic!("{error}"));
    house
}

/// What is said when `work` fails; it must leave everything as it was.
fn refusal<T>(house: &House, work: impl FnOnce(&House) -> Result<T, Error>) -> String {
    let before = house.entries();
    let error = work(house).err().expect("this cannot be done");
    assert_eq!(house.entries(), before, "something was left behind");
    error.to_string()
}

fn training_refused(change: impl FnOnce(&House)) -> String {
    let house = tiny();
    change(&house);
    refusal(&house, House::train)
}

fn scoring_refused(house: &House, as_of: Day, out: &str) -> String {
    refusal(house, |house| house.score(as_of, out))
}

/// What a check finds, one finding a line.
fn found(house: &House) -> String {
    let project = house.project(&house.data(), "model").unwrap_or_else(|error| panic!("{error}"));
    check(&project, None, &Silent).unwrap_or_else(|error| panic!("{error}")).to_string()
}

fn assert_says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "'{part}' is not said: {message}");
    }
}

/// Replaces every value of a column; rows are counted as a spreadsheet does, the header being row 1.
fn set(table: &mut Table, column: &str, value: impl Fn(usize, &str) -> String) {
    let column = table.column(column);
    for (number, row) in (2..).zip(&mut table.rows) {
        row[column] = value(number, &row[column]);
    }
}

#[test]
fn a_missing_contract_or_file_is_named() {
    let said = training_refused(|house| fs::remove_file(house.path(CONTRACT)).expect("removed"));
    assert_says(&said, &[CONTRACT]);
    let said = training_refused(|house| fs::remove_file(house.data().join("students.csv")).expect("removed"));
    assert_says(&said, &["students.csv", "put the file there, or name it in the contract: [tables.students] file"]);
}

#[test]
fn a_misnamed_file_of_events_is_told_with_the_name_it_may_have() {
    let house = tiny();
    fs::rename(house.data().join("attendance.csv"), house.data().join("attendence.csv")).expect("renamed");
    assert_says(&found(&house), &["warning: attendance", "attendence.csv", "[tables.attendance] file"]);
}

#[test]
fn a_wrongly_stated_delimiter_is_named() {
    let students = "file = \"students.csv\"";
    let stated = format!("{students}\ncsv = {{ delimiter = \";\" }}\n#");
    let said = training_refused(|house| house.change_contract(students, &stated));
    assert_says(&said, &["students.csv, row 1", "';'", "','", "remove csv.delimiter"]);
}

#[test]
fn windows_1251_with_semicolons_gives_the_same_model_and_scores() {
    let house = tiny();
    // The encoding has no letters that only Tajik has.
    house.change("students.csv", |table| {
        for cell in table.rows.iter_mut().flatten() {
            let has_letter = |letter: char| !encoding_rs::WINDOWS_1251.encode(letter.encode_utf8(&mut [0; 4])).2;
            *cell = cell.chars().map(|letter| if has_letter(letter) { letter } else { 'и' }).collect();
        }
    });
    house.train().unwrap_or_else(|error| panic!("{error}"));
    let expected = house.scores_of(&house.data(), "model", end());

    let other = house.rewritten("windows-1251", |_, _| ());
    let text = fs::read_to_string(house.data().join("students.csv")).expect("students");
    assert!(!text.contains([';', '"']), "the delimiter can be replaced as it stands");
    let text = text.replace(',', ";");
    let (bytes, _, is_lossy) = encoding_rs::WINDOWS_1251.encode(&text);
    assert!(!is_lossy && bytes.len() < text.len(), "there are Russian letters and no others");
    fs::write(other.join("students.csv"), bytes).expect("written");
    house.train_on(&other, "model of windows-1251").unwrap_or_else(|error| panic!("{error}"));
    let model = |name: &str| fs::read_to_string(house.path(name).join("model.json")).expect("a model");
    assert!(model("model") == model("model of windows-1251"), "the models differ");
    assert!(expected == house.scores_of(&other, "model of windows-1251", end()), "the scores differ");
}

#[test]
fn an_unknown_column_is_named_with_its_neighbour() {
    let said = training_refused(|house| house.change_contract("column = \"left_on\"", "column = \"left_no\""));
    assert_says(&said, &["students.csv, row 1, column left_no", "did you mean left_on", "outcome.column"]);
    let entered = "recorded_at = \"entered_at\"";
    let said = training_refused(|house| house.change_contract(entered, "recorded_at = \"entred_at\""));
    assert_says(&said, &["attendance.csv, row 1, column entred_at", "entered_at", "tables.attendance.recorded_at"]);
}

#[test]
fn dates_of_two_orders_name_both_rows() {
    let said = training_refused(|house| {
        house.change("students.csv", |table| {
            set(table, "started_on", |number, date| {
                let [year, month, day] = [&date[..4], &date[5..7], &date[8..]];
                if number % 2 == 0 { format!("{day}/{month}/{year}") } else { format!("{month}/{day}/{year}") }
            });
        });
    });
    assert_says(&said, &["students.csv, row ", "column started_on", "day first", "month first", "YYYY-MM-DD"]);
}

#[test]
fn a_student_who_stands_twice_is_named_with_the_rows() {
    let said = training_refused(|house| house.change("students.csv", |table| table.rows.push(table.rows[3].clone())));
    assert_says(&said, &["students.csv, row 62, column student_id", "in rows 5 and 62", "one row per subject"]);
}

#[test]
fn an_empty_table_stops_where_it_is_needed_and_is_told_elsewhere() {
    let said = training_refused(|house| house.change("students.csv", |table| table.rows.clear()));
    assert_says(&said, &["students.csv", "no rows", "export the table again"]);
    let said = training_refused(|house| fs::write(house.data().join("students.csv"), "").expect("written"));
    assert_says(&said, &["students.csv"]);
    let house = tiny();
    house.change("attendance.csv", |table| table.rows.clear());
    assert_says(&found(&house), &["warning: attendance.csv: the table has no rows", "check the export"]);
}

#[test]
fn an_outcome_of_one_class_names_its_column() {
    let stay = |house: &House| house.change("students.csv", |table| set(table, "left_on", |_, _| String::new()));
    let said = training_refused(stay);
    assert_says(&said, &["students.csv, column left_on", "'stays'", "check the outcome and the horizon"]);
}

#[test]
fn a_history_too_short_to_settle_an_outcome_is_told() {
    let house = tiny();
    let students = Table::read(&house.data().join("students.csv"));
    let start = students.rows.iter().map(|row| &row[students.column("started_on")]).min().expect("students");
    let start = Day::from_date(start.parse().expect("a date"));
    let first_days = house.rewritten("first days", |times, table| times.cut(table, start.plus(20)));
    let said = refusal(&house, |house| house.train_on(&first_days, "model"));
    assert_says(&said, &["nothing to learn from yet", "30 days after a cutoff", "add history"]);
}

#[test]
fn a_cell_of_a_million_characters_is_read_or_told_briefly() {
    let house = tiny();
    house.change("students.csv", |table| {
        let (name, start) = (table.column("full_name"), table.column("started_on"));
        table.rows[2][name] = "Ы".repeat(1_000_000);
        table.rows[3][start] = "9".repeat(1_000_000);
    });
    let said = found(&house);
    assert_says(&said, &["students.csv, row 5, column started_on", "not a date", "(1000000 characters)", "mend them"]);
    assert!(said.len() < 20_000, "{} bytes are said", said.len());
    assert!(!said.contains("ЫЫ"), "a name is told");
    let summary = house.train().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(summary.subjects, 59, "all but the student without a start");
}

#[test]
fn scores_that_cannot_be_made_or_written_leave_nothing() {
    let house = trained();
    let before_data = Day::from_date(Date::constant(2001, 1, 1));
    let said = scoring_refused(&house, before_data, "scores.csv");
    assert_says(&said, &["students.csv", "2001-01-01", "choose a later day"]);
    let said = scoring_refused(&house, end(), "scores.xlsx");
    assert_says(&said, &["scores.xlsx", "unknown ending", ".csv, .parquet or .jsonl"]);
    // A disk that takes no more says so in the same way; its half-written file is tested where files are written.
    for ending in ["csv", "jsonl", "parquet"] {
        let out = format!("{CONTRACT}/scores.{ending}");
        let said = scoring_refused(&house, end(), &out);
        assert_says(&said, &[&out, "could not be written, and nothing was changed"]);
    }
    fs::create_dir(house.path("folder.csv")).expect("a folder");
    let said = scoring_refused(&house, end(), "folder.csv");
    assert_says(&said, &["folder.csv", "could not be written, and nothing was changed"]);
}

#[test]
fn a_model_that_is_missing_or_broken_is_named() {
    let house = tiny();
    let said = scoring_refused(&house, end(), "scores.csv");
    assert_says(&said, &["model: there is no model here", "`holdfast train`", "--model"]);
    house.train().unwrap_or_else(|error| panic!("{error}"));
    for file in ["manifest.json", "model.json", "evaluation.json"] {
        let path = house.path("model").join(file);
        let whole = fs::read_to_string(&path).expect("a file of the model");
        for broken in ["", "{}", &whole[..whole.len() / 2]] {
            fs::write(&path, broken).expect("written");
            let said = scoring_refused(&house, end(), "scores.csv");
            assert_says(&said, &[file, "is not a whole model file", "train again"]);
        }
        fs::remove_file(&path).expect("removed");
        let said = scoring_refused(&house, end(), "scores.csv");
        assert_says(&said, &[file, "is missing from the model", "train again"]);
        fs::write(&path, whole).expect("written");
    }
    house.score(end(), "scores.csv").unwrap_or_else(|error| panic!("whole again: {error}"));
}

#[test]
fn a_model_has_no_place_where_other_files_are() {
    let house = tiny();
    fs::create_dir(house.path("mine")).expect("a folder");
    fs::write(house.path("mine/letter.txt"), "dear").expect("written");
    let said = refusal(&house, |house| house.train_on(&house.data(), "mine"));
    assert_says(&said, &["mine", "which is no part of a model", "name another"]);
    let said = refusal(&house, |house| house.train_on(&house.data(), "mine/letter.txt"));
    assert_says(&said, &["letter.txt", "is a file", "name the model's folder"]);
    let said = refusal(&house, |house| house.train_on(&house.data(), "mine/letter.txt/model"));
    assert_says(&said, &["letter.txt", "could not be written, and nothing was changed"]);
}

#[test]
fn a_missing_contract_says_how_to_start_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = Project::open(folder.path(), None, None).err().expect("there is none").to_string();
    assert_says(&said, &["holdfast.toml", "there is no contract here", "`holdfast new academy DIR`"]);
}

#[test]
fn a_model_of_other_data_is_told_to_be_trained_again() {
    let house = trained();
    fs::remove_file(house.data().join("homework.csv")).expect("removed");
    let said = scoring_refused(&house, end(), "scores.csv");
    assert_says(&said, &["model", "does not fit this data", "`homework` (feature homework.", "train it again"]);
}
