//! What `check` tells besides what stops a load.

use warehouse::{Finding, Severity, Topic};

use crate::support::{ACADEMY, House, STUDENTS, day};

const COLUMNS: &str =
    "[tables.attendance]\ncolumns = { note = { type = \"category\" }, points = { type = \"number\" } }\n";

/// Three hundred students with weekly lessons for half a year, a third of whom leave; `note` and `points` of a lesson by
/// student, lesson, whether its student leaves within a month of it, and whether it is of the last month.
fn attended(cells: impl Fn(i32, i32, bool, bool) -> (String, String)) -> House {
    let mut students = "student_id,started_on,left_on\n".to_owned();
    let mut lessons = "student_id,lesson_at,status,note,points\n".to_owned();
    let (begin, end) = (day(2026, 1, 1), day(2026, 8, 1));
    for number in 0..300 {
        let from = begin.plus(number % 30);
        let left = (number % 3 == 0).then(|| from.plus(60 + number * 7 % 90));
        let said = left.map(|left| left.to_string()).unwrap_or_default();
        students.push_str(&format!("s{number:03},{from},{said}\n"));
        for lesson in 0..40 {
            let at = from.plus(lesson * 6);
            if at >= left.unwrap_or(end) {
                break;
            }
            let (note, points) = cells(number, lesson, left.is_some_and(|left| at.plus(30) >= left), at.plus(30) > end);
            lessons.push_str(&format!("s{number:03},{at},present,{note},{points}\n"));
        }
    }
    let files: [(&str, &[u8]); 2] = [("students.csv", students.as_bytes()), ("attendance.csv", lessons.as_bytes())];
    House::new(&format!("{ACADEMY}{COLUMNS}"), &files)
}

fn leaks(house: &House) -> Vec<Finding> {
    let of_lessons = |finding: &Finding| finding.topic == Topic::Leak && finding.place.table == "attendance";
    house.check().findings.into_iter().filter(of_lessons).collect()
}

#[test]
fn a_column_of_events_that_is_filled_in_when_someone_leaves_is_named_with_the_line_to_add() {
    let house = attended(|number, lesson, leaves, _| {
        let note = if leaves { "closed" } else { "" };
        (note.to_owned(), (number * 7 % 11 + lesson * 5 % 7).to_string())
    });
    let leaks = leaks(&house);
    assert_eq!(leaks.len(), 1, "{leaks:?}");
    assert_eq!((leaks[0].severity, leaks[0].place.column.as_deref()), (Severity::Warning, Some("note")));
    assert!(leaks[0].advice.contains("tables.attendance.columns.note = { reveals = "), "{}", leaks[0]);
}

#[test]
fn a_column_that_the_freshest_rows_lack_is_named() {
    let house = attended(|number, lesson, _, is_fresh| {
        let points = if is_fresh { String::new() } else { (number * 7 % 11 + lesson * 5 % 7).to_string() };
        (["a", "b", "c"][(number + lesson) as usize % 3].to_owned(), points)
    });
    let leaks = leaks(&house);
    assert_eq!(leaks.len(), 1, "{leaks:?}");
    assert_eq!(leaks[0].place.column.as_deref(), Some("points"));
    assert!(leaks[0].message.contains("of the cells of the last 30 days"), "{}", leaks[0]);
}

#[test]
fn honest_columns_of_events_are_left_in_peace() {
    let house = attended(|number, lesson, leaves, _| {
        // It tells something, as honest columns do.
        let sulks = leaves && (number + lesson) % 3 == 0 || (number + lesson) % 7 == 0;
        let note = if sulks { "sulks" } else { ["", "a", "b"][(number * 5 + lesson) as usize % 3] };
        (note.to_owned(), if lesson % 4 == 0 { String::new() } else { (number * 7 % 11 + lesson * 5 % 7).to_string() })
    });
    assert_eq!(leaks(&house), []);
}

#[test]
fn the_other_tables_are_looked_at_where_the_subjects_cannot_be_read() {
    let lessons = "student_id,lesson_at,status\ns1,soon,present\ns2,2026-02-03,present\n";
    let broken = STUDENTS.replace("left_on", "gone_on");
    let files: [(&str, &[u8]); 2] = [("students.csv", broken.as_bytes()), ("attendance.csv", lessons.as_bytes())];
    let findings = House::new(ACADEMY, &files).check().findings;
    let told = |table: &str, topic: Topic| findings.iter().any(|f| f.place.table == table && f.topic == topic);
    assert!(told("students", Topic::UnknownColumn) && told("attendance", Topic::BadCell), "{findings:?}");
}

#[test]
fn the_log_of_actions_is_among_the_tables() {
    let log = "action_id,student_id,at,action\nx1,s1,2026-02-01,mentor_call\nx2,s2,2026-02-03,mentor_call\n";
    let files: [(&str, &[u8]); 2] = [("students.csv", STUDENTS.as_bytes()), ("actions.csv", log.as_bytes())];
    let checked = House::new(ACADEMY, &files).check();
    let actions = checked.tables.iter().find(|table| table.name == "actions").expect("it was read");
    assert_eq!((actions.rows, actions.last), (2, Some(day(2026, 2, 3))));
}

#[test]
fn a_header_in_the_wrong_letters_makes_the_encoding_a_suspect() {
    let students = "student_id,РЅР°С‡Р°Р»Рѕ,left_on\ns1,2026-01-05,\n";
    let error = House::new(ACADEMY, &[("students.csv", students.as_bytes())]).load().expect_err("no start");
    let said = error.to_string();
    assert!(said.contains("encoding = ") && said.contains("[csv]"), "{said}");
    let ascii = "student_id,beginning,left_on\ns1,2026-01-05,\n";
    let error = House::new(ACADEMY, &[("students.csv", ascii.as_bytes())]).load().expect_err("no start");
    assert!(!error.to_string().contains("encoding"), "{error}");
}
