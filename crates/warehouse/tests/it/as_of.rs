//! What a day may rest on: rows that are visible by its end, and everyone who is at risk on it.

use asof::{FeatureColumn, Row, Snapshot};
use domain::{Cutoff, Day};
use warehouse::{Loaded, Severity, Topic};

use crate::support::{ACADEMY, House, day};

const GROUPED: &str = "\n[subjects]\ngroup = \"course\"\n[cutoffs]\nevery_days = 7\nmin_tenure_days = 20\nmax_tenure_days = 70\n[tables.visits]\nat = \"visited_at\"\ncolumns = { minutes = { type = \"number\" } }\n";

/// Forty students of two courses who begin on many days, some of whom leave, and their visits.
fn academy(contract: &str) -> House {
    let mut students = "student_id,started_on,course,left_on\n".to_owned();
    let mut visits = "student_id,visited_at,minutes\n".to_owned();
    for number in 0..40 {
        let from = day(2026, 1, 1).plus(number * 2);
        let left = if number % 5 == 0 { from.plus(40 + number).to_string() } else { String::new() };
        students.push_str(&format!("s{number:02},{from},c{},{left}\n", number % 2));
        for visit in 0..15 {
            visits.push_str(&format!("s{number:02},{},{}\n", from.plus(visit * 6), 10 + number * visit % 50));
        }
    }
    House::new(contract, &[("students.csv", students.as_bytes()), ("visits.csv", visits.as_bytes())])
}

fn loaded(house: &House) -> Loaded {
    house.load().unwrap_or_else(|error| panic!("{error}"))
}

fn bits(snapshot: &Snapshot, row: Row) -> Vec<String> {
    let at = snapshot.rows.binary_search(&row).unwrap_or_else(|_| panic!("{row:?} is not there"));
    let cell = |column: &FeatureColumn| match column {
        FeatureColumn::Number(numbers) => numbers[at].to_bits().to_string(),
        FeatureColumn::Category { codes, levels } => format!("{:?}", levels.get(codes[at] as usize)),
    };
    snapshot.columns.iter().map(cell).collect()
}

#[test]
fn rows_to_learn_from_have_the_features_that_scoring_gives_them() {
    for from in ["calendar", "start"] {
        let contract = format!("{ACADEMY}{GROUPED}").replace("every_days", &format!("from = \"{from}\"\nevery_days"));
        let house = academy(&contract);
        let loaded = loaded(&house);
        assert!(loaded.specs.iter().any(|spec| spec.name == "visits.rows_28d_vs_group"));
        let training = loaded.training(&house.contract).rows;
        let cutoffs: std::collections::BTreeSet<Cutoff> = training.iter().map(|row| row.cutoff).collect();
        assert!(cutoffs.len() > 5, "{} cutoffs", cutoffs.len());
        let learnt = loaded.snapshot(training.clone()).unwrap_or_else(|error| panic!("{error}"));
        let mut is_some_left_out = false;
        for cutoff in cutoffs {
            let then = house.load_as_of(cutoff.0, &loaded.schema).unwrap_or_else(|error| panic!("{error}"));
            let rows = then.scoring(&house.contract, cutoff).unwrap_or_else(|error| panic!("{error}"));
            let scored = then.snapshot(rows.clone()).unwrap_or_else(|error| panic!("{error}"));
            for row in training.iter().filter(|row| row.cutoff == cutoff) {
                // Subjects who begin later are not there yet, so codes differ; keys do not.
                let key = &loaded.keys[row.subject as usize];
                let subject = then.code(key).unwrap_or_else(|| panic!("{key} is at risk"));
                assert_eq!(bits(&learnt, *row), bits(&scored, Row { subject, ..*row }), "{from}: {key} at {cutoff:?}");
            }
            is_some_left_out |= training.iter().filter(|row| row.cutoff == cutoff).count() < rows.len();
        }
        assert!(is_some_left_out, "the limits of tenure leave someone out");
    }
}

fn scored(house: &House, loaded: &Loaded, day: Day) -> (Vec<String>, Vec<Vec<String>>) {
    let rows = loaded.scoring(&house.contract, Cutoff(day)).unwrap_or_else(|error| panic!("{error}"));
    let snapshot = loaded.snapshot(rows).unwrap_or_else(|error| panic!("{error}"));
    let findings = loaded.findings.iter().map(|finding| format!("{:?} {finding}", finding.severity)).collect();
    (findings, snapshot.rows.iter().map(|row| bits(&snapshot, *row)).collect())
}

#[test]
fn garbage_of_later_days_changes_neither_scores_nor_findings() {
    let contract = format!("{ACADEMY}{GROUPED}[tables.attendance]\n[tables.actions]\n");
    let house = academy(&contract);
    let lessons = "attendance_id,student_id,lesson_at,status,entered_at\n\
                   a1,s01,2026-02-01,present,\na2,s09,2026-02-02,жив,\na3,x1,2026-02-03,absent,\na4,s02,2026-02-04,absent,2026-02-05\n\
                   a5,,2026-02-05,absent,\na6,s03,2026-02-06,present,soon\n";
    let lessons = format!(
        "{lessons}{}",
        (10..60)
            .map(|n| format!("b{n},s{:02},2026-02-0{},present,2026-02-10\n", n % 40, 1 + n % 9))
            .collect::<String>()
    );
    let actions = "action_id,student_id,at,action,randomised,propensity\nx1,s01,2026-02-01,mentor_call,true,0.5\n";
    house.put("attendance.csv", lessons.as_bytes());
    house.put("actions.csv", actions.as_bytes());
    let schema = loaded(&house).schema;
    let today = day(2026, 3, 1);
    let load = || house.load_as_of(today, &schema).unwrap_or_else(|error| panic!("{error}"));
    let before = load();
    let expected = scored(&house, &before, today);
    assert!(expected.0.iter().any(|said| said.contains("'x1'")), "{:?}", expected.0);

    let mut students = std::fs::read_to_string(house.data().join("students.csv")).expect("written above");
    let mut visits = std::fs::read_to_string(house.data().join("visits.csv")).expect("written above");
    let (mut lessons, mut actions) = (lessons, actions.to_owned());
    for number in 0..500 {
        students.push_str(&format!("t{:03},2026-04-01,c9,whenever\n", number % 7));
        students.push_str(",2026-04-02,c9,\n");
        visits.push_str(&format!("nobody{number},2026-04-0{},many\n", 1 + number % 9));
        lessons.push_str(&format!(
            "a1,nobody,2026-03-02,dead{number},whenever\n,,2026-03-05,x,\na2,s09,2026-02-02,dead,2026-03-02\n"
        ));
        actions.push_str("x1,nobody,2026-05-01,,perhaps,much\n,s01,2026-05-01,,,\n");
    }
    for (name, text) in
        [("students.csv", students), ("visits.csv", visits), ("attendance.csv", lessons), ("actions.csv", actions)]
    {
        house.put(name, text.as_bytes());
    }
    let after = load();
    assert_eq!(scored(&house, &after, today), expected);
    assert_eq!(after.tables, before.tables);
    assert_eq!((after.last_day, &after.actions), (before.last_day, &before.actions));
}

#[test]
fn logged_actions_keep_to_their_entry_and_are_never_dropped_in_silence() {
    let house = academy(&format!("{ACADEMY}{GROUPED}[tables.actions]\nrecorded_at = \"entered_at\"\n"));
    let log = "action_id,student_id,at,action,entered_at\n\
               x1,s01,2026-02-01,mentor_call,\n\
               x2,s02,2026-02-01,mentor_call,\n\
               x2,nobody,2026-02-01,mentor_call,2026-02-10\n\
               x3,s03,2026-02-01,mentor_call,2026-02-20\n\
               x4,,2026-02-01,mentor_call,\n\
               x5,s05,,mentor_call,\n\
               x6,s06,2026-02-01,,\n\
               x7,s06,2026-02-01,horoscope,\n\
               x8,s07,2026-02-01,none,\n";
    house.put("actions.csv", log.as_bytes());
    let everything = loaded(&house);
    let keys = |loaded: &Loaded| {
        loaded.actions.iter().map(|action| loaded.keys[action.subject as usize].clone()).collect::<Vec<_>>()
    };
    assert_eq!(keys(&everything), ["s01", "s03", "s07"]);
    let said = [
        (Topic::Orphans, 4),
        (Topic::EmptyKey, 6),
        (Topic::NoTime, 7),
        (Topic::EmptyKey, 8),
        (Topic::UnknownAction, 9),
    ];
    for (topic, row) in said {
        let is_said = |finding: &&warehouse::Finding| {
            finding.topic == topic && finding.place.table == "actions" && finding.place.row == Some(row)
        };
        assert!(everything.findings.iter().any(|finding| is_said(&finding)), "{topic:?} in row {row}");
    }
    let as_of =
        |of: i8| house.load_as_of(day(2026, 2, of), &everything.schema).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(keys(&as_of(9)), ["s01", "s02", "s07"], "neither the correction nor the late entry is known yet");
    assert_eq!(keys(&as_of(19)), ["s01", "s07"]);
}

#[test]
fn a_correction_that_moves_a_row_to_nobody_takes_it_away() {
    let house = academy(&format!("{ACADEMY}{GROUPED}"));
    let lessons = "attendance_id,student_id,lesson_at,status,entered_at\n\
                   a1,s01,2026-02-01,absent,2026-02-01\na2,s01,2026-02-02,absent,2026-02-02\n\
                   a2,nobody,2026-02-02,absent,2026-02-10\na3,s01,2026-02-03,absent,2026-02-03\n";
    house.put("attendance.csv", lessons.as_bytes());
    let loaded = loaded(&house);
    let missed = |of: i8| {
        let row = Row { subject: loaded.code("s01").expect("a student"), cutoff: Cutoff(day(2026, 2, of)) };
        let at = loaded.specs.iter().position(|spec| spec.name == "attendance.missed_28d").expect("a feature");
        let snapshot = loaded.snapshot(vec![row]).unwrap_or_else(|error| panic!("{error}"));
        let FeatureColumn::Number(numbers) = &snapshot.columns[at] else { panic!("a number") };
        numbers[0]
    };
    assert_eq!((missed(9), missed(10)), (3.0, 2.0));
}

#[test]
fn an_empty_value_is_said_before_it_counts_as_nothing() {
    let contract = ACADEMY.replace("per_subject = 900", "column = \"fee\"\ntimes = 2");
    let students = "student_id,started_on,left_on,fee\ns1,2026-01-05,,100\ns2,2026-01-05,,\n";
    let house = House::new(&contract, &[("students.csv", students.as_bytes())]);
    let loaded = loaded(&house);
    let said = loaded.findings.iter().find(|finding| finding.topic == Topic::NoValue).expect("a finding");
    assert_eq!(
        (said.severity, said.place.row, said.place.column.as_deref()),
        (Severity::Warning, Some(3), Some("fee"))
    );
}
