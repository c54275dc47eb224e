//! What goes wrong with exports, and what is said about it: file, row, column, what to do.

use crate::support::{ACADEMY, House, STUDENTS, day};
use warehouse::{Severity, Topic};

/// The error of loading these files.
fn refused(contract: &str, files: &[(&str, &[u8])]) -> (Topic, String) {
    let error = House::new(contract, files).load().expect_err("the files are wrong");
    (error.topic().unwrap_or_else(|| panic!("not an input error: {error}")), error.to_string())
}

/// The findings of a topic after loading these files.
fn found(contract: &str, files: &[(&str, &[u8])], topic: Topic) -> Vec<String> {
    let loaded = House::new(contract, files).load().unwrap_or_else(|error| panic!("{error}"));
    loaded.findings.iter().filter(|finding| finding.topic == topic).map(ToString::to_string).collect()
}

fn assert_says(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "'{part}' is not said: {message}");
    }
}

#[test]
fn a_missing_file_names_the_files_that_look_like_it() {
    let (topic, said) = refused(ACADEMY, &[("studnets.csv", STUDENTS.as_bytes()), ("other.txt", b"")]);
    assert_eq!(topic, Topic::MissingFile);
    assert_says(&said, &["students.csv", "did you mean studnets.csv", "[tables.students] file"]);
}

#[test]
fn a_wrongly_stated_delimiter_is_named() {
    let contract = format!("{ACADEMY}\n[tables.students]\ncsv = {{ delimiter = \";\" }}\n");
    let (topic, said) = refused(&contract, &[("students.csv", STUDENTS.as_bytes())]);
    assert_eq!(topic, Topic::Structure);
    assert_says(&said, &["students.csv, row 1", "';'", "','", "remove csv.delimiter"]);
}

#[test]
fn a_row_with_a_delimiter_too_many_is_named() {
    let students = "student_id,started_on,left_on\ns1,2026-01-05,\ns2,2026-01-05,2026-02-01,oops\n";
    let (topic, said) = refused(ACADEMY, &[("students.csv", students.as_bytes())]);
    assert_eq!(topic, Topic::Structure);
    assert_says(&said, &["students.csv, row 3", "4 fields where the header has 3"]);
}

#[test]
fn windows_1251_and_semicolons_are_read_as_they_are() {
    let text = "student_id;started_on;left_on;city\nс1;05.01.2026;;Душанбе\nс2;05.01.2026;01.03.2026;Худжанд\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
    let loaded = House::new(ACADEMY, &[("students.csv", &bytes)]).load().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.keys, ["с1", "с2"]);
    assert_eq!(loaded.subjects.left[1], Some(day(2026, 3, 1)));
}

#[test]
fn a_wrongly_stated_encoding_is_found_in_the_cells() {
    let contract = format!("{ACADEMY}\n[tables.students]\ncsv = {{ encoding = \"utf-8\" }}\n");
    let text = "student_id,started_on,left_on,city\ns1,2026-01-05,,Душанбе\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
    let (topic, said) = refused(&contract, &[("students.csv", &bytes)]);
    assert_eq!(topic, Topic::Encoding);
    assert_says(
        &said,
        &["students.csv", "the contract states utf-8, the bytes are not", "remove or change `encoding`"],
    );
    let contract = format!("{ACADEMY}\n[tables.students]\ncsv = {{ encoding = \"utf-16le\" }}\n");
    let (topic, _) = refused(&contract, &[("students.csv", &[0x00, 0xd8, 0x0a, 0x00, 0x31, 0x00])]);
    assert_eq!(topic, Topic::Encoding);
}

#[test]
fn russian_cells_under_a_latin_header_are_read_as_windows_1251() {
    let lessons = "attendance_id;student_id;lesson_at;status\na1;s1;2026-02-01;был\na2;s2;2026-02-01;не был\n\
                   a3;s2;2026-02-02;опоздал\n";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(lessons);
    let files: [(&str, &[u8]); 2] = [("students.csv", STUDENTS.as_bytes()), ("attendance.csv", &bytes)];
    let loaded = House::new(ACADEMY, &files).load().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.schema.texts["attendance"].encoding, "windows-1251");
    assert!(loaded.findings.iter().all(|finding| finding.topic != Topic::BadCell), "{:?}", loaded.findings);
}

#[test]
fn a_column_whose_cells_mostly_spell_no_level_stops_the_run() {
    let garbled = "attendance_id,student_id,lesson_at,status\na1,s1,2026-02-01,с√ы\na2,s2,2026-02-01,с√ы\n\
                   a3,s2,2026-02-02,absent\n";
    let students: (&str, &[u8]) = ("students.csv", STUDENTS.as_bytes());
    let (topic, said) = refused(ACADEMY, &[students, ("attendance.csv", garbled.as_bytes())]);
    assert_eq!(topic, Topic::BadCell);
    assert_says(&said, &["attendance.csv, column status", "2 of 3 cells spell no level: 'с√ы'", "csv.encoding"]);
    let checked = House::new(ACADEMY, &[students, ("attendance.csv", garbled.as_bytes())]).check();
    let more = checked.enough.map(|enough| enough.more).unwrap_or_default().join("\n");
    assert!(!more.contains("attendance") && more.contains("homework"), "{more}");
}

#[test]
fn a_workbook_is_called_one() {
    let (topic, said) = refused(ACADEMY, &[("students.csv", b"PK\x03\x04\0\0\x08\0students")]);
    assert_eq!(topic, Topic::Unreadable);
    assert_says(&said, &["students.csv", "Excel workbook", "save it as CSV"]);
}

#[test]
fn negative_amounts_and_impossible_years_are_findings() {
    let contract = ACADEMY.replace("per_subject = 900", "column = \"price\"");
    let students = "student_id,started_on,left_on,price\ns1,2026-01-05,,100\ns2,2026-01-05,,-5\n";
    let invoices = "invoice_id,student_id,issued_at,due_at,paid_at,amount\n\
                    i1,s1,2026-02-01,2026-02-08,,100\ni2,s2,2026-02-01,2026-02-08,,-40\n\
                    i3,s2,1899-12-30,2026-02-08,,10\n";
    let files: [(&str, &[u8]); 2] = [("students.csv", students.as_bytes()), ("invoices.csv", invoices.as_bytes())];
    let said = found(&contract, &files, Topic::BadCell).join("\n");
    assert_says(&said, &["students.csv, row 3, column price", "1 row with a negative value"]);
    assert_says(&said, &["invoices.csv, row 3, column amount", "1 of 3 amounts are negative: '-40'"]);
    assert_says(&said, &["invoices.csv, row 4:", "1 of 3 rows are of before 1990 or after 2100: '1899-12-30'"]);
}

#[test]
fn a_chance_outside_0_to_1_is_left_unknown() {
    let actions = "student_id,at,action,randomised,propensity\ns1,2026-02-01,mentor_call,yes,0.5\n\
                   s2,2026-02-02,mentor_call,yes,50\n";
    let files: [(&str, &[u8]); 2] = [("students.csv", STUDENTS.as_bytes()), ("actions.csv", actions.as_bytes())];
    let loaded = House::new(ACADEMY, &files).load().unwrap_or_else(|error| panic!("{error}"));
    let said: Vec<String> = loaded.findings.iter().map(ToString::to_string).collect();
    assert_says(&said.join("\n"), &["actions.csv, row 3, column propensity", "1 of 2 propensities", "'50'"]);
    let chances: Vec<Option<f64>> = loaded.actions.iter().map(|action| action.propensity).collect();
    assert_eq!(chances, [Some(0.5), None]);
}

#[test]
fn a_slip_in_the_key_of_subjects_is_told_once_and_columns_that_are_not_there_never() {
    let lessons = "attendance_id,student_id,lesson_at\na1,s1,2026-02-01\na2,s2,2026-02-01\n";
    let files: [(&str, &[u8]); 2] = [("students.csv", STUDENTS.as_bytes()), ("attendance.csv", lessons.as_bytes())];
    let contract = format!("{ACADEMY}\n[subjects]\nkey = \"studnet_id\"\n");
    let checked = House::new(&contract, &files).check();
    let slips: Vec<String> = checked.findings.iter().map(ToString::to_string).collect();
    let slips: Vec<&String> = slips.iter().filter(|said| said.contains("studnet_id")).collect();
    assert!(slips.len() == 1 && slips[0].starts_with("students.csv"), "{slips:?}");
    let checked = House::new(ACADEMY, &files).check();
    let of_attendance = checked.findings.iter().filter(|finding| finding.place.table == "attendance");
    let empty: Vec<_> = of_attendance.filter(|finding| finding.topic == Topic::EmptyColumn).collect();
    assert!(empty.is_empty(), "{empty:?}");
}

#[test]
fn a_mapped_subject_column_is_told_where_the_contract_maps_it() {
    let lessons = "attendance_id,student_id,lesson_at,status\na1,s1,2026-02-01,absent\n";
    let contract = format!("{ACADEMY}\n[tables.attendance.columns]\nstudent_id = \"studnet_id\"\n");
    let files: [(&str, &[u8]); 2] = [("students.csv", STUDENTS.as_bytes()), ("attendance.csv", lessons.as_bytes())];
    let (topic, said) = refused(&contract, &files);
    assert_eq!(topic, Topic::UnknownColumn);
    assert_says(&said, &["did you mean student_id", "tables.attendance.columns.student_id"]);
}

#[test]
fn a_table_named_nearly_as_a_role_is_told_the_role() {
    let contract = format!("{ACADEMY}\n[tables.invoces]\nat = \"issued_at\"\n");
    let invoices = "invoice_id,student_id,issued_at,due_at,paid_at,amount\ni1,s1,2026-02-01,2026-02-08,,100\n";
    let files: [(&str, &[u8]); 2] = [("students.csv", STUDENTS.as_bytes()), ("invoces.csv", invoices.as_bytes())];
    let loaded = House::new(&contract, &files).load().unwrap_or_else(|error| panic!("{error}"));
    let said: Vec<String> = loaded.findings.iter().map(ToString::to_string).collect();
    assert_says(&said.join("\n"), &["invoces", "did you mean invoices?", "role = \"invoices\""]);
}

#[test]
fn a_bad_byte_of_a_later_row_does_not_change_the_reading_of_the_others() {
    let lessons = "attendance_id,student_id,lesson_at,status\na1,s1,2026-02-01,был\na2,s2,2026-02-01,был\n\
                   a3,s1,2026-02-02,был\na4,s2,2026-02-02,был\n";
    let students: (&str, &[u8]) = ("students.csv", STUDENTS.as_bytes());
    let house = House::new(ACADEMY, &[students, ("attendance.csv", lessons.as_bytes())]);
    let loaded = house.load().unwrap_or_else(|error| panic!("{error}"));
    let mut later = lessons.replace("был", "ё").into_bytes();
    later.extend(b"a5,s2,2026-05-01,\xe1\xfb\xeb\n");
    let contract = format!("{ACADEMY}\n[tables.attendance.columns.status]\nvalues = {{ present = [\"ё\"] }}\n");
    let house = House::new(&contract, &[students, ("attendance.csv", &later)]);
    let scored = house.load_as_of(day(2026, 2, 28), &loaded.schema).unwrap_or_else(|error| panic!("{error}"));
    assert!(scored.findings.iter().all(|finding| finding.topic != Topic::BadCell), "{:?}", scored.findings);
    assert_eq!(scored.schema.texts["attendance"].encoding, "UTF-8");
}

#[test]
fn an_unknown_column_names_its_neighbours() {
    let contract = ACADEMY.replace("kind = \"date\"", "kind = \"date\"\ncolumn = \"left_no\"");
    let (topic, said) = refused(&contract, &[("students.csv", STUDENTS.as_bytes())]);
    assert_eq!(topic, Topic::UnknownColumn);
    assert_says(&said, &["students.csv", "column left_no", "did you mean left_on", "outcome.column"]);
}

#[test]
fn an_expression_over_an_unknown_column_says_where_it_stands() {
    let contract = format!("{ACADEMY}\n[subjects]\nuntil = {{ expr = \"started_no + 30\" }}\n");
    let (_, said) = refused(&contract, &[("students.csv", STUDENTS.as_bytes())]);
    assert_says(&said, &["students.csv", "started_no", "subjects.until", "started_on"]);
}

#[test]
fn dates_of_two_styles_are_a_finding_and_clashing_ones_an_error() {
    let mixed = "student_id,started_on,left_on\ns1,2026-01-05,\ns2,13.01.2026,\n";
    let said = found(ACADEMY, &[("students.csv", mixed.as_bytes())], Topic::MixedDates);
    assert_says(&said.join("\n"), &["students.csv, row", "column started_on", "2 ways"]);
    let clash = "student_id,started_on,left_on\ns1,13/01/2026,\ns2,01/14/2026,\n";
    let (topic, said) = refused(ACADEMY, &[("students.csv", clash.as_bytes())]);
    assert_eq!(topic, Topic::MixedDates);
    assert_says(&said, &["students.csv, row 3, column started_on", "day first", "month first"]);
}

#[test]
fn a_needed_column_of_bad_cells_stops_the_run() {
    let students = "student_id,started_on,left_on\ns1,soon,\ns2,2026-01-05,\n";
    let (topic, said) = refused(ACADEMY, &[("students.csv", students.as_bytes())]);
    assert_eq!(topic, Topic::BadCell);
    assert_says(&said, &["students.csv, row 2, column started_on", "1 of 2", "'soon'", "date"]);
}

#[test]
fn some_bad_cells_are_findings() {
    let mut students = "student_id,started_on,left_on,discount_pct\n".to_owned();
    for number in 0..40 {
        let discount = if number == 7 { "ten" } else { "10" };
        students.push_str(&format!("s{number:02},2026-01-05,,{discount}\n"));
    }
    let said = found(ACADEMY, &[("students.csv", students.as_bytes())], Topic::BadCell);
    assert_says(
        &said.join("\n"),
        &["students.csv, row 9, column discount_pct", "1 of 40 cells are not a number: 'ten'"],
    );
}

#[test]
fn duplicate_keys_of_subjects_name_their_rows() {
    let students = format!("{STUDENTS}s1,2026-01-05,2026-12-01,rust,\n");
    let (topic, said) = refused(ACADEMY, &[("students.csv", students.as_bytes())]);
    assert_eq!(topic, Topic::DuplicateKey);
    assert_says(
        &said,
        &["students.csv, row 5, column student_id", "a key stands in more than one row: 's1' in rows 3 and 5"],
    );
}

#[test]
fn rows_without_a_key_are_left_out_with_a_finding() {
    let students = format!("{STUDENTS},2026-01-05,2026-12-01,rust,\n");
    let said = found(ACADEMY, &[("students.csv", students.as_bytes())], Topic::EmptyKey);
    assert_says(&said.join("\n"), &["students.csv, row 5", "1 row without a key"]);
}

#[test]
fn empty_tables_are_errors_for_subjects_and_findings_for_events() {
    let (topic, said) = refused(ACADEMY, &[("students.csv", b"student_id,started_on,left_on\n")]);
    assert_eq!(topic, Topic::EmptyTable);
    assert_says(&said, &["students.csv", "no rows"]);
    let (topic, _) = refused(ACADEMY, &[("students.csv", b"")]);
    assert_eq!(topic, Topic::EmptyTable);
    let attendance: &[u8] = b"attendance_id,student_id,lesson_at,status,entered_at\n";
    let said =
        found(ACADEMY, &[("students.csv", STUDENTS.as_bytes()), ("attendance.csv", attendance)], Topic::EmptyTable);
    assert_says(&said.join("\n"), &["attendance.csv", "no rows"]);
}

#[test]
fn orphans_rows_without_time_and_unknown_spellings_are_findings() {
    let attendance = "attendance_id,student_id,lesson_at,status\n\
                      a1,s1,2026-02-01,absent\na2,s9,2026-02-01,absent\na3,s2,2026-02-01,жив\na4,s2,2026-02-02,был\n\
                      a5,s2,2026-02-03,был\na6,s2,,был\n";
    let house =
        House::new(ACADEMY, &[("students.csv", STUDENTS.as_bytes()), ("attendance.csv", attendance.as_bytes())]);
    let loaded = house.load().unwrap_or_else(|error| panic!("{error}"));
    let said = |topic: Topic| {
        let of_topic = loaded.findings.iter().filter(|finding| finding.topic == topic);
        of_topic.map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert_says(&said(Topic::Orphans), &["attendance.csv, row 3", "1 of 6 rows", "'s9'"]);
    assert_says(&said(Topic::NoTime), &["attendance.csv, row 7", "1 of 6 rows have no time"]);
    assert_says(&said(Topic::BadCell), &["attendance.csv, column status", "'жив'", "values"]);
    assert_eq!(loaded.events[0].len(), 4);
}

#[test]
fn a_cutoff_before_all_data_is_refused() {
    let house = House::new(ACADEMY, &[("students.csv", STUDENTS.as_bytes())]);
    let loaded = house.load().unwrap_or_else(|error| panic!("{error}"));
    let error = loaded.scoring(&house.contract, domain::Cutoff(day(2020, 1, 1))).expect_err("before the first student");
    assert_eq!(error.topic(), Some(Topic::BeforeData));
    assert_says(&error.to_string(), &["2020-01-01", "2026-01-05"]);
    let error = house.load_as_of(day(2020, 1, 1), &loaded.schema).expect_err("before the first student");
    assert_eq!(error.topic(), Some(Topic::BeforeData));
}

#[test]
fn a_cell_of_a_million_letters_is_taken_or_named() {
    let long = "ы".repeat(1_000_000);
    let students =
        format!("student_id,started_on,left_on,city,discount_pct\ns1,2026-01-05,,{long},1\ns2,2026-01-05,,Куляб,2\n");
    let loaded =
        House::new(ACADEMY, &[("students.csv", students.as_bytes())]).load().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.keys.len(), 2);
    let students = format!("student_id,started_on,left_on\ns1,{long},\n");
    let (topic, said) = refused(ACADEMY, &[("students.csv", students.as_bytes())]);
    assert_eq!(topic, Topic::BadCell);
    assert!(said.len() < 1000, "the cell is cut: {}", said.len());
    assert_says(&said, &["row 2, column started_on", "1000000 characters"]);
}

#[test]
fn a_file_that_is_no_parquet_is_named() {
    let contract = format!("{ACADEMY}\n[tables.students]\nfile = \"students.parquet\"\n");
    let error = House::new(&contract, &[("students.parquet", b"student_id,started_on\n")]).load().expect_err("text");
    assert_says(&error.to_string(), &["students.parquet", "not a whole Parquet file"]);
}

#[test]
fn nobody_leaving_is_said_by_the_check() {
    let students = "student_id,started_on,left_on\ns1,2025-01-05,\ns2,2025-01-10,\n";
    let lessons = "attendance_id,student_id,lesson_at,status\na1,s1,2025-02-01,absent\na2,s2,2025-06-01,был\n";
    let checked =
        House::new(ACADEMY, &[("students.csv", students.as_bytes()), ("attendance.csv", lessons.as_bytes())]).check();
    let outcome = checked.findings.iter().find(|finding| finding.topic == Topic::Outcome);
    assert_eq!(outcome.map(|finding| finding.severity), Some(Severity::Error));
}

#[test]
fn the_check_goes_on_past_a_broken_table() {
    let files: [(&str, &[u8]); 3] = [
        ("students.csv", STUDENTS.as_bytes()),
        ("attendance.csv", b"attendance_id,student_id,lesson_at,status\na1,s1\n"),
        ("homework.csv", b"homework_id,student_id,assigned_at,due_at,submitted_at\nh1,s7,2026-02-01,2026-02-03,\nh2,s1,2026-02-01,2026-02-03,\n"),
    ];
    let checked = House::new(ACADEMY, &files).check();
    let topics: Vec<Topic> = checked.findings.iter().map(|finding| finding.topic).collect();
    assert!(topics.contains(&Topic::Structure) && topics.contains(&Topic::Orphans), "{:?}", checked.findings);
}
