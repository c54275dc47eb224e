//! What an author is told about a contract that is wrong: one helper, one message per mistake.

use contract::{Kit, parse};

const HEAD: &str = r#"
version = 1
kit = "academy"
name = "Test"
locale = "en"
time_zone = "Asia/Dushanbe"
currency = "TJS"
"#;
const SECTIONS: &str = r#"
[outcome]
kind = "date"
horizon_days = 30
[value]
per_subject = 900
"#;

/// The messages for these bytes; `valid` if there are none.
fn told(bytes: &[u8]) -> String {
    parse("holdfast.toml", bytes).map_or_else(|problems| problems.to_string(), |_| "valid".to_owned())
}

/// The messages for a valid contract with `more` below.
fn told_with(more: &str) -> String {
    told(format!("{HEAD}{SECTIONS}{more}").as_bytes())
}

/// The messages for the template with one text in place of another.
fn told_instead(from: &str, to: &str) -> String {
    let template = Kit::Academy.template().expect("the academy has one");
    assert!(template.contains(from), "the template has no {from:?}");
    told(template.replacen(from, to, 1).as_bytes())
}

#[test]
fn the_smallest_contract_is_valid() {
    assert_eq!(told_with(""), "valid");
}

#[test]
fn an_empty_file_is_told_all_it_needs() {
    insta::assert_snapshot!(told(b""));
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let text = r#"
version = 2
kit = "acadamy"
name = ""
local = "ru"
time_zone = "Asia/Dushambe"
currency = "tjs"

[outcome]
kind = "date"
horizon_days = 0
gap_days = 1.5
days = 30

[bands]
medium = 0.5
high = 0.4

[value]
per_subject = -1

[actions.mentor_call]
cost = -15
chance = 65
capacity = "many"
prior_cases = nan
needs = "payment"

[actions."Звонок"]
cost = 1

[cutoffs]
first = 2024-13-01x
"#;
    insta::assert_snapshot!("syntax_alone", told(text.as_bytes()));
    let text = text.replace("2024-13-01x", "\"soon\"").replace("acadamy", "academy");
    insta::assert_snapshot!("everything_else", told(text.as_bytes()));
}

#[test]
fn unknown_keys_and_sections_get_the_nearest_known_one() {
    let keys = "[cutofs]\nevery_days = 7\n[tables.homework]\ncolums = {}\nfile = \"h.csv\"\n[decision]\nfoo = 1\n";
    insta::assert_snapshot!(told_with(keys));
    insta::assert_snapshot!("misspelt_required_key", told_instead("horizon_days", "horzon_days"));
}

#[test]
fn a_key_that_is_there_twice_does_not_hide_other_mistakes() {
    insta::assert_snapshot!(told_with("[bands]\nhigh = 0.3\nhigh = 0.4\n[tables]\n[tables.tests]\nrole = \"test\"\n"));
}

#[test]
fn wrong_types_are_told_what_may_stand_there() {
    insta::assert_snapshot!(told_with(
        r#"
[subjects]
key = 3
attributes = "all"
ignore = ["phone", 4]
[tables.tests]
at = { sql = "taken" }
columns.score = 7
columns.max_score = { type = "integer" }
[tables.homework]
csv = { delimiter = "tab", decimal = "." }
[actions.call]
cost = inf
chance = true
label = ["call"]
"#
    ));
}

#[test]
fn subjects_must_be_a_table_of_the_file() {
    insta::assert_snapshot!("misspelt", told_with("[subjects]\ntable = \"student\"\n[tables.students]\n"));
    let nothing_assumed = HEAD.replace("academy", "none") + SECTIONS;
    insta::assert_snapshot!("kit_none", told(nothing_assumed.as_bytes()));
    let bare = format!("{nothing_assumed}[subjects]\ntable = \"clients\"\n[tables.clients]\n[tables.visits]\n");
    insta::assert_snapshot!("kit_none_bare_tables", told(bare.as_bytes()));
}

#[test]
fn each_kind_of_outcome_has_keys_of_its_own() {
    let outcome =
        |keys: &str| told(format!("{HEAD}[value]\nper_subject = 1\n[outcome]\nhorizon_days = 30\n{keys}").as_bytes());
    insta::assert_snapshot!(
        "inactivity",
        outcome("kind = \"inactivity\"\ntable = \"attendence\"\ncolumn = \"left_on\"")
    );
    insta::assert_snapshot!("label", outcome("kind = \"label\"\ndays = 3"));
    assert_eq!(outcome("kind = \"inactivity\"\ntable = \"attendance\"\ndays = 30"), "valid");
    assert_eq!(outcome("kind = \"label\"\ncolumn = \"churn\"\npositive = 1"), "valid");
    insta::assert_snapshot!("targets", outcome("kind = \"label\"\ncolumn = \"churn\"\ncolumns = []\npositive = 1"));
    insta::assert_snapshot!(
        "targets_twice",
        outcome("kind = \"label\"\ncolumns = [\"a\", \"b\", \"a\"]\npositive = 1")
    );
    assert_eq!(
        outcome(
            "kind = \"label\"\ncolumns = [\"churn\", \"upsell\"]\nleaving = [\"chrun\", \"upsell\", \"upsell\"]\npositive = 1"
        ),
        "holdfast.toml:14:12 outcome.leaving[0]: found \"chrun\", expected `churn` or `upsell`; did you mean `churn`?\n\
         holdfast.toml:14:31 outcome.leaving[2]: found \"upsell\" a second time, expected each label once"
    );
    assert_eq!(
        outcome("kind = \"inactivity\"\ntable = \"attendance\"\ndays = 30\nleaving = [\"churn\"]"),
        "holdfast.toml:15:1 outcome.leaving: found `leaving`, expected only `table` or `days` where `kind` is `inactivity`"
    );
}

#[test]
fn columns_of_a_role_keep_to_what_the_kit_knows() {
    insta::assert_snapshot!(told_with(
        r#"
[subjects]
table = "students"
[tables.attendance.columns]
status = { column = "S", values = { presnt = "да", late = ["опоздал", "+"], absent = ["нет", " Опоздал "] } }
lesson_at = { column = "D", type = "number" }
missed = { column = "m", expr = "status = 'absent'" }
stress = { type = "number", values = { high = 1 } }
[tables.tests]
role = "tets"
[tables.pupils]
role = "students"
[tables.students]
role = "homework"
at = "started_on"
[tables."my table"]
at = "day"
"#
    ));
}

#[test]
fn a_table_has_one_source_and_a_readable_format() {
    insta::assert_snapshot!(told_with(
        r#"
[tables.attendance]
file = "attendance.xlsx"
relation = "public.attendance"
[tables.tests]
query = "select 1"
[tables.homework]
csv = { encoding = "cp-1251-x", date_format = "dd.mm.yyyy" }
[tables.visits]
subject = "student_id"
"#
    ));
    assert_eq!(told_with("[tables.tests]\ncsv = { date_format = \"%d.%m.%Y %H:%M\", encoding = \"cp1251\" }"), "valid");
}

#[test]
fn a_connection_string_is_never_repeated() {
    let told = told_with("[source]\nkind = \"postgres\"\nurl_env = \"postgres://crm:secret@db/crm\"\npath = \"data\"");
    assert!(!told.contains("secret"));
    insta::assert_snapshot!(told);
}

#[test]
fn actions_need_families_that_exist_and_chances_that_help() {
    let more = "[actions.call]\ncost = 1\nchance = 0.05\nneeds = [\"payments\", \"profile\", \"visits\"]\n\
                [tables.visits]\nat = \"day\"\n";
    insta::assert_snapshot!(told_with(more));
}

#[test]
fn money_cutoffs_and_schedule_make_sense_together() {
    let more = "[cutoffs]\nfirst = 2025-01-01\nlast = \"2024-01-01\"\nmin_tenure_days = 90\nmax_tenure_days = 30\n\
                [schedule]\ncron = \"0 25 * * *\"\n";
    insta::assert_snapshot!(told_with(more));
    assert_ne!(told_with("[schedule]\ncron = \"0 0 7 * * *\""), "valid");
    insta::assert_snapshot!("value_of_both_kinds", told_instead("times = 3", "per_subject = 900.0"));
    insta::assert_snapshot!("value_of_no_kind", told_instead("column = \"monthly_price\"", ""));
}

#[test]
fn what_is_not_a_number_is_told_what_may_stand_there() {
    for value in ["1.2.3", "2024-1-1", "12abc", "0x1g", "1_", "+-3"] {
        let said = told(format!("version = {value}\n").as_bytes());
        assert!(!said.contains("nothing"), "{value}: {said}");
        assert!(said.contains("holdfast.toml:1:"), "{value}: {said}");
    }
    let said = told(b"version = 1.2.3\n");
    assert!(said.contains("expected a number such as 12 or 0.5, or text in quotes"), "{said}");
}

#[test]
fn the_bytes_of_a_file_may_come_from_any_editor() {
    let text = format!("{HEAD}{SECTIONS}");
    let with_crlf = text.replace('\n', "\r\n");
    assert_eq!(told(format!("\u{feff}{with_crlf}").as_bytes()), "valid");
    let misspelt = with_crlf.replace("horizon_days", "horzon_days");
    insta::assert_snapshot!("crlf", told(misspelt.as_bytes()));
    let mut cp1251 = text.into_bytes();
    cp1251.extend(b"# \xe4\xe0\xed\xed\xfb\xe5");
    insta::assert_snapshot!("cp1251", told(&cp1251));
}

#[test]
fn doing_nothing_is_no_name_for_an_action() {
    insta::assert_snapshot!(told_with("[actions.none]\ncost = 1\nchance = 0.5\n"));
}

/// Whatever is lost from a valid file, the answer is a contract or a reason, never neither.
#[test]
fn no_line_of_the_template_can_be_lost_silently() {
    let template = Kit::Academy.template().expect("the academy has one");
    let lines: Vec<&str> = template.lines().collect();
    for lost in 0..lines.len() {
        let kept: Vec<&str> = lines.iter().enumerate().filter(|(i, _)| *i != lost).map(|(_, line)| *line).collect();
        if let Err(problems) = parse("holdfast.toml", kept.join("\n").as_bytes()) {
            assert!(!problems.0.is_empty(), "nothing is said about the loss of {:?}", lines[lost]);
        }
    }
}

const CALL: &str = "[actions.call]\ncost = 1\nchance = 0.5\n";

#[test]
fn what_actions_share_is_checked_with_names_and_numbers() {
    let good = format!(
        "{CALL}uses = {{ mentor_minutes = 30 }}\nchannel = \"phone\"\n[resources.mentor_minutes]\ncapacity = 450\n\
         unit = \"minute\"\nper = \"mentor_id\"\n[decision]\nbudget = 0\ncontact_every_days = 7\n\
         quiet_hours = \"21:00-09:00\"\nopt_out = {{ all = \"no_contact\", phone = \"no_calls\" }}\nchangeable = [\"homework\"]\n"
    );
    assert_eq!(told_with(&good), "valid");
    let bad = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        told_with(&good.replacen(from, to, 1))
    };
    insta::assert_snapshot!(bad("mentor_minutes = 30", "mentor_minuts = 30"));
    insta::assert_snapshot!(bad("mentor_minutes = 30", "mentor_minutes = 0"));
    insta::assert_snapshot!(bad("capacity = 450", "capacity = -1"));
    insta::assert_snapshot!(bad("capacity = 450", "capacity = 7.5"));
    insta::assert_snapshot!(bad("budget = 0", "budget = -5"));
    insta::assert_snapshot!(bad("budget = 0", "budget = nan"));
    insta::assert_snapshot!(bad("cost = 1", "cost = nan"));
    insta::assert_snapshot!(bad("21:00-09:00", "21-9"));
    insta::assert_snapshot!(bad("phone = \"no_calls\"", "fone = \"no_calls\""));
    insta::assert_snapshot!(bad("\"minute\"", "\"minutes\""));
    insta::assert_snapshot!(bad("\"homework\"", "\"tests\""));
    insta::assert_snapshot!(bad("uses = { mentor_minutes = 30 }", ""));
}
