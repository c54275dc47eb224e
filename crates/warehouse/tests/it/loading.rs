//! What is read is the same from every dialect and source, in every order, and as of a day.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::support::{ACADEMY, House, STUDENTS, day};
use arrow::array::{ArrayRef, StringArray, TimestampMicrosecondArray};
use arrow::record_batch::RecordBatch;
use asof::{FeatureColumn, Snapshot};
use domain::Cutoff;
use parquet::arrow::ArrowWriter;
use warehouse::{Loaded, Topic};

const ATTENDANCE: &str = "attendance_id,student_id,lesson_at,status,entered_at\n\
                          a1,s1,2026-02-02T18:00:00,absent,2026-02-02T20:00:00\n\
                          a2,s1,2026-02-09T18:00:00,absent,2026-02-09T20:00:00\n\
                          a3,s2,2026-02-02T18:00:00,present,2026-02-02T20:00:00\n\
                          a2,s1,2026-02-09T18:00:00,present,2026-02-12T20:00:00\n\
                          a4,s3,2026-04-02T18:00:00,late,2026-04-02T20:00:00\n";
const HOMEWORK: &str = "homework_id,student_id,assigned_at,due_at,submitted_at,score,graded_at\n\
                        h1,s1,2026-02-02,2026-02-09,2026-02-08,80,2026-02-20\n\
                        h2,s1,2026-02-09,2026-02-16,2026-02-19,60,2026-02-21\n\
                        h3,s2,2026-02-09,2026-02-16,,,\n";

fn academy() -> House {
    let files: [(&str, &[u8]); 3] = [
        ("students.csv", STUDENTS.as_bytes()),
        ("attendance.csv", ATTENDANCE.as_bytes()),
        ("homework.csv", HOMEWORK.as_bytes()),
    ];
    House::new(ACADEMY, &files)
}

fn loaded(house: &House) -> Loaded {
    house.load().unwrap_or_else(|error| panic!("{error}"))
}

fn snapshot(house: &House, loaded: &Loaded, cutoff: Cutoff) -> Snapshot {
    let rows = loaded.scoring(&house.contract, cutoff).unwrap_or_else(|error| panic!("{error}"));
    loaded.snapshot(rows).unwrap_or_else(|error| panic!("{error}"))
}

/// A snapshot as text, which compares nulls and levels by what they say.
fn written(loaded: &Loaded, snapshot: &Snapshot) -> Vec<String> {
    let mut lines = Vec::new();
    for (spec, column) in loaded.specs.iter().zip(&snapshot.columns) {
        for (index, row) in snapshot.rows.iter().enumerate() {
            let value = match column {
                FeatureColumn::Number(numbers) => numbers[index].to_string(),
                FeatureColumn::Category { codes, levels } => {
                    levels.get(codes[index] as usize).cloned().unwrap_or_else(|| "null".to_owned())
                }
            };
            lines.push(format!("{} {} = {value}", loaded.keys[row.subject as usize], spec.name));
        }
    }
    lines
}

fn value(loaded: &Loaded, snapshot: &Snapshot, key: &str, feature: &str) -> f32 {
    let code = loaded.code(key).unwrap_or_else(|| panic!("no subject {key}"));
    let row =
        snapshot.rows.iter().position(|row| row.subject == code).unwrap_or_else(|| panic!("{key} is not at risk"));
    let at =
        loaded.specs.iter().position(|spec| spec.name == feature).unwrap_or_else(|| panic!("no feature {feature}"));
    match &snapshot.columns[at] {
        FeatureColumn::Number(numbers) => numbers[row],
        FeatureColumn::Category { .. } => panic!("{feature} is a category"),
    }
}

#[test]
fn an_academy_becomes_subjects_events_and_features() {
    let house = academy();
    let loaded = loaded(&house);
    assert_eq!(loaded.keys, ["s1", "s2", "s3"]);
    assert_eq!(loaded.subjects.left[0], Some(day(2026, 3, 1)));
    assert_eq!(loaded.last_day, Some(day(2026, 4, 2)));
    let tables: Vec<&str> = loaded.events.iter().map(asof::Events::table).collect();
    assert_eq!(tables, ["attendance", "homework"]);

    let early = snapshot(&house, &loaded, Cutoff(day(2026, 2, 10)));
    assert_eq!(value(&loaded, &early, "s1", "attendance.missed_28d"), 2.0);
    let late = snapshot(&house, &loaded, Cutoff(day(2026, 2, 20)));
    assert_eq!(value(&loaded, &late, "s1", "attendance.missed_28d"), 1.0, "the correction of the 12th stands");
    assert_eq!(value(&loaded, &late, "s1", "homework.score_last"), 80.0);
    assert_eq!(value(&loaded, &late, "s1", "homework.days_late_max_all"), 3.0);
    assert_eq!(value(&loaded, &late, "s2", "homework.open_streak"), 1.0);
}

#[test]
fn features_have_names_of_their_own_and_are_compared_to_known_ones() {
    let loaded = loaded(&academy());
    let names: BTreeSet<&str> = loaded.specs.iter().map(|spec| spec.name.as_str()).collect();
    assert_eq!(names.len(), loaded.specs.len());
    for saying in loaded.specs.iter().filter_map(|spec| spec.saying.as_ref()) {
        assert!(
            saying.before.as_deref().is_none_or(|before| names.contains(before)),
            "{:?} is not a feature",
            saying.before
        );
    }
}

#[test]
fn a_full_academy_has_the_features_of_the_prior_and_some_hundred_more() {
    let house = academy();
    let tables = [
        (
            "invoices.csv",
            "invoice_id,student_id,issued_at,due_at,amount,paid_at\ni1,s1,2026-02-01,2026-02-10,900,2026-02-15\ni2,s2,2026-02-01,2026-02-10,\"1 200\",\n",
        ),
        ("progress.csv", "progress_id,student_id,at,planned_pct,done_pct\np1,s1,2026-02-15,20,12.5\n"),
        ("tests.csv", "test_id,student_id,taken_at,score,max_score\nt1,s1,2026-02-14,15,20\n"),
        (
            "messages.csv",
            "message_id,student_id,at,direction,channel,answered_at\nm1,s1,2026-02-10T10:00:00,out,sms,2026-02-12T10:00:00\nm2,s1,2026-02-14T10:00:00,out,sms,\n",
        ),
        (
            "actions.csv",
            "action_id,student_id,at,action,randomised,propensity\nx1,s1,2026-02-11T10:00:00,mentor_call,true,0.5\n",
        ),
    ];
    for (name, text) in tables {
        house.put(name, text.as_bytes());
    }
    let loaded = loaded(&house);
    let names: BTreeSet<&str> = loaded.specs.iter().map(|spec| spec.name.as_str()).collect();
    for weight in warehouse::kits::academy::prior::WEIGHTS {
        assert!(names.contains(weight.feature), "{} is not a feature", weight.feature);
    }
    assert!(names.len() > 100, "{} features", names.len());
    assert_eq!(loaded.actions.len(), 1);
    assert_eq!((loaded.actions[0].randomised, loaded.actions[0].propensity), (true, Some(0.5)));

    let at = snapshot(&house, &loaded, Cutoff(day(2026, 2, 20)));
    for (key, feature, expected) in [
        ("s1", "invoices.days_late_last", 5.0),
        ("s2", "invoices.overdue_days", 10.0),
        ("s2", "invoices.debt", 1200.0),
        ("s1", "progress.ahead_of_plan", -7.5),
        ("s1", "tests.score_last", 0.75),
        ("s1", "messages.unanswered_streak", 1.0),
        ("s1", "messages.days_to_answer_28d", 2.0),
    ] {
        assert_eq!(value(&loaded, &at, key, feature), expected, "{key} {feature}");
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let house = academy();
    let before = loaded(&house);
    for (name, text) in [("students.csv", STUDENTS), ("attendance.csv", ATTENDANCE), ("homework.csv", HOMEWORK)] {
        let (header, rows) = text.split_once('\n').expect("a header");
        let backwards: Vec<&str> = rows.lines().rev().collect();
        house.put(name, format!("{header}\n{}\n", backwards.join("\n")).as_bytes());
    }
    let after = loaded(&house);
    let cutoff = Cutoff(day(2026, 2, 20));
    assert_eq!(
        written(&before, &snapshot(&house, &before, cutoff)),
        written(&after, &snapshot(&house, &after, cutoff))
    );
}

#[test]
fn whole_files_as_of_a_day_equal_files_cut_at_it() {
    let house = academy();
    let schema = loaded(&house).schema;
    let day = day(2026, 2, 20);
    let whole = house.load_as_of(day, &schema).unwrap_or_else(|error| panic!("{error}"));
    let from_whole = written(&whole, &snapshot(&house, &whole, Cutoff(day)));
    let everything = loaded(&house);
    let in_passing = written(&everything, &snapshot(&house, &everything, Cutoff(day)));
    assert_eq!(from_whole, in_passing, "what comes later changes nothing");

    house.put("students.csv", STUDENTS.replace("2026-03-01", "").as_bytes());
    house.put("attendance.csv", ATTENDANCE.lines().take(5).collect::<Vec<_>>().join("\n").as_bytes());
    house.put("homework.csv", HOMEWORK.replace("60,2026-02-21", ",").as_bytes());
    let cut = house.load_as_of(day, &schema).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(from_whole, written(&cut, &snapshot(&house, &cut, Cutoff(day))));
}

#[test]
fn dialects_and_parquet_say_the_same() {
    let house = academy();
    let plain = loaded(&house);
    let cutoff = Cutoff(day(2026, 2, 20));
    let expected = written(&plain, &snapshot(&house, &plain, cutoff));

    let dialect = HOMEWORK.replace(',', ";").replace("2026-02-", "02.2026-").replace("80", "80,0");
    let days = |text: &str| {
        let mut said = text.to_owned();
        for number in 1..=28 {
            said = said.replace(&format!("02.2026-{number:02}"), &format!("{number:02}.02.2026"));
        }
        said
    };
    house.put("homework.csv", format!("\u{feff}{}", days(&dialect)).as_bytes());
    let utf_16: Vec<u8> = ATTENDANCE.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes).collect();
    house.put("attendance.csv", &[&[0xff, 0xfe], utf_16.as_slice()].concat());
    let other = loaded(&house);
    assert_eq!(expected, written(&other, &snapshot(&house, &other, cutoff)));

    std::fs::remove_file(house.data().join("students.csv")).expect("removing a file of the test");
    house.put("students.parquet", &students_as_parquet());
    let parquet = loaded(&house);
    assert_eq!(expected, written(&parquet, &snapshot(&house, &parquet, cutoff)));
}

/// The students, with starts as instants of UTC: midnight in Dushanbe is 19:00 of the day before.
fn students_as_parquet() -> Vec<u8> {
    let instants = |days: [Option<domain::Day>; 3]| -> ArrayRef {
        let micros = days.map(|day| day.map(|day| day.start().0 - 5 * 3_600_000_000));
        Arc::new(TimestampMicrosecondArray::from(micros.to_vec()).with_timezone("UTC"))
    };
    let text = |cells: [Option<&str>; 3]| -> ArrayRef { Arc::new(StringArray::from(cells.to_vec())) };
    let end = Some(day(2026, 12, 1));
    let columns = [
        ("student_id", text([Some("s3"), Some("s1"), Some("s2")])),
        ("started_on", instants([Some(day(2026, 2, 1)), Some(day(2026, 1, 5)), Some(day(2026, 1, 10))])),
        ("planned_end_on", instants([end, end, end])),
        ("course", text([Some("rust"), Some("rust"), Some("design")])),
        ("left_on", text([None, Some("01.03.2026"), Some("")])),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).expect("a writer to memory");
    writer.write(&batch).expect("writing to memory");
    writer.into_inner().expect("closing the file")
}

#[test]
fn expressions_know_civil_days() {
    let contract = format!(
        "{ACADEMY}\n[subjects]\nuntil = {{ expr = \"started_on + weeks * 7\" }}\ngroup = {{ expr = \"course || ' ' || city\" }}\n"
    );
    let students =
        "student_id,started_on,left_on,weeks,course,city\ns1,2026-01-05,,4,rust,Куляб\ns2,2026-01-05,,8,rust,Куляб\n";
    let house = House::new(&contract, &[("students.csv", students.as_bytes())]);
    let loaded = loaded(&house);
    assert_eq!(loaded.subjects.until, [Some(day(2026, 2, 2)), Some(day(2026, 3, 2))]);
    assert_eq!(loaded.groups, Some(vec![Some("rust Куляб".to_owned()); 2]));
}

#[test]
fn inactivity_is_known_on_the_last_silent_day() {
    let contract = ACADEMY.replace("kind = \"date\"", "kind = \"inactivity\"\ntable = \"attendance\"\ndays = 20");
    let students = "student_id,started_on\ns1,2026-01-01\ns2,2026-01-01\n";
    let mut lessons = "student_id,lesson_at,status\ns1,2026-01-10,present\ns1,2026-02-10,present\n".to_owned();
    for week in 0..20 {
        lessons.push_str(&format!("s2,{},present\n", day(2026, 1, 2).plus(7 * week)));
    }
    let house = House::new(&contract, &[("students.csv", students.as_bytes()), ("attendance.csv", lessons.as_bytes())]);
    let loaded = loaded(&house);
    let at_risk = |year, month, of| {
        let rows =
            loaded.scoring(&house.contract, Cutoff(day(year, month, of))).unwrap_or_else(|error| panic!("{error}"));
        rows.iter().map(|row| loaded.keys[row.subject as usize].clone()).collect::<Vec<_>>()
    };
    assert_eq!(at_risk(2026, 1, 29), ["s1", "s2"]);
    assert_eq!(at_risk(2026, 1, 30), ["s2"], "twenty silent days are over");
    assert_eq!(at_risk(2026, 2, 11), ["s1", "s2"], "who comes back is at risk again");
    let row = asof::Row { subject: 0, cutoff: Cutoff(day(2026, 1, 15)) };
    assert_eq!(loaded.leaves(row, house.contract.horizon), Some(true));
}

#[test]
fn a_label_has_no_time() {
    let contract = ACADEMY
        .replace("kind = \"date\"", "kind = \"label\"\ncolumn = \"churn\"\npositive = \"1\"")
        .replace("\"academy\"", "\"none\"");
    let contract = format!("{contract}\n[subjects]\ntable = \"clients\"\nkey = \"row_id\"\n[tables.clients]\n");
    let clients = "row_id,spent,plan,churn\n1,10.5,a,1\n2,,b,-1\n3,7,a,\n";
    let parsed = contract::parse("holdfast.toml", contract.as_bytes());
    let Ok(_) = parsed else { panic!("{}", parsed.err().map(|problems| problems.to_string()).unwrap_or_default()) };
    let house = House::new(&contract, &[("clients.csv", clients.as_bytes())]);
    let loaded = loaded(&house);
    assert!(loaded.is_flat());
    let training = loaded.training(&house.contract);
    assert_eq!(training.leaves, [true, false]);
    let names: Vec<&str> = loaded.specs.iter().map(|spec| spec.name.as_str()).collect();
    assert_eq!(names, ["clients.spent", "clients.plan"]);
}

#[test]
fn a_column_that_knows_the_outcome_is_left_out_and_reported() {
    let mut students = "student_id,started_on,left_on,city,final\n".to_owned();
    for number in 0..120 {
        let gone = number * 7 % 5 == 0;
        let (left, result) = if gone { ("2026-03-01", "withdrawn") } else { ("", "pass") };
        students.push_str(&format!("s{number:03},2026-01-05,{left},c{},{result}\n", number % 7));
    }
    let house = House::new(ACADEMY, &[("students.csv", students.as_bytes())]);
    let loaded = loaded(&house);
    let leaks: Vec<&warehouse::Finding> =
        loaded.findings.iter().filter(|finding| finding.topic == Topic::Leak).collect();
    assert_eq!(leaks.len(), 1);
    assert_eq!(leaks[0].place.column.as_deref(), Some("final"));
    assert!(loaded.specs.iter().all(|spec| spec.name != "students.final"));
    let later = house.load_as_of(day(2026, 2, 1), &loaded.schema).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(later.specs, loaded.specs, "scoring keeps to what training found");
}
