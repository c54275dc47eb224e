//! What valid contracts mean: the template, the examples, and what the kit fills in.

use contract::{
    Attributes, ColumnRef, Contract, KeptValue, Kind, Kit, Origin, Outcome, Role, Table, TableSource, load, parse,
};
use domain::{Family, Locale, Money, Need};

const SMALLEST: &str = r#"
version = 1
kit = "academy"
name = "Test"
locale = "ru"
time_zone = "Asia/Dushanbe"
currency = "TJS"
[outcome]
kind = "date"
horizon_days = 30
[value]
per_subject = 900
"#;

fn valid(text: &str) -> Contract {
    parse("holdfast.toml", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn with(more: &str) -> Contract {
    valid(&format!("{SMALLEST}{more}"))
}

fn table<'a>(contract: &'a Contract, name: &str) -> &'a Table {
    contract.table(name).unwrap_or_else(|| panic!("no table {name}"))
}

fn column(name: &str, assumed: bool) -> ColumnRef {
    ColumnRef { origin: Origin::Column(name.to_owned()), assumed }
}

#[test]
fn the_template_is_valid_and_weighs_five_actions() {
    let contract = valid(Kit::Academy.template().expect("the academy has one"));
    let ids: Vec<&str> = contract.actions.iter().map(|planned| planned.action.id.0.as_str()).collect();
    assert_eq!(ids, ["mentor_call", "whatsapp_reminder", "payment_reminder", "extra_support", "meeting"]);
    for planned in &contract.actions {
        assert_eq!(
            planned.labels.by_locale.len(),
            Locale::ALL.len(),
            "{} has a label in each language",
            planned.action.id
        );
    }
    let payment = &contract.actions[2].action;
    assert_eq!(payment.need, Need::Reason(vec![Family::named("payment")]));
    assert_eq!((payment.cost, payment.prior_cases), (Money::from_major(2.0), 20.0));
    assert!(contract.subjects.ignore.starts_with(&["phone".to_owned()]));
    assert!(matches!(contract.value, KeptValue::PerColumn { times: 3.0, .. }));
    assert_eq!(contract.schedule.map(|schedule| schedule.cron).as_deref(), Some("0 7 * * *"));
}

/// Every line that is switched off in the template is right once it is switched on.
#[test]
fn what_the_template_shows_in_comments_is_valid_too() {
    let template = Kit::Academy.template().expect("the academy has one");
    let on = |text: String, line: &str| {
        assert!(text.contains(&format!("# {line}")), "the template does not show {line:?}");
        text.replacen(&format!("# {line}"), line, 1)
    };
    let mut text = template.to_owned();
    for line in [
        "at_risk =",
        "max_tenure_days =",
        "first =",
        "last =",
        "rows =",
        "[tables.platform]",
        "role =",
        "at =",
        "csv =",
        "[tables.platform.columns]",
        "minutes =",
    ] {
        text = on(text, line);
    }
    assert_eq!(table(&valid(&text), "platform").csv.date_format.as_deref(), Some("%d.%m.%Y"));

    let mut text = template.to_owned();
    for line in [
        "budget =",
        "contact_every_days =",
        "quiet_hours =",
        "opt_out =",
        "changeable =",
        "[resources.mentor_minutes]",
        "label = { ru = \"время ментора\"",
        "capacity = 75",
        "unit =",
        "per =",
        "uses =",
        "channel =",
    ] {
        text = on(text, line);
    }
    let contract = valid(&text);
    assert_eq!(contract.limits.budget, Some(Money::from_major(5000.0)));
    assert_eq!(contract.limits.resources[0].per, Some(column("mentor_id", false)));
    assert_eq!(contract.actions.iter().map(|action| action.uses[0]).collect::<Vec<_>>(), [15, 0, 0, 0, 0]);
    let channels: Vec<_> = contract.limits.opt_outs.iter().map(|opt_out| opt_out.channel.as_deref()).collect();
    assert_eq!(channels, [None, Some("whatsapp")]);
    assert_eq!(contract.limits.quiet_hours.map(|hours| hours.first_welcome().to_string()).as_deref(), Some("09:00:00"));

    let columns: Vec<&str> = template.lines().filter_map(|line| line.strip_prefix("#     ")).collect();
    let contract = valid(&format!("{template}{}\n", columns.join("\n")));
    let attendance = table(&contract, "attendance");
    assert_eq!(attendance.at, Some(column("Дата занятия", false)));
    assert_eq!(attendance.column("no_camera").and_then(|column| column.kind), Some(Kind::Flag));

    let mut text = template.replacen("kind = \"date\"", "", 1).replacen("column = \"left_on\"", "", 1);
    for line in ["kind = \"inactivity\"", "table = \"attendance\"", "days = 30"] {
        text = on(text, line);
    }
    assert!(matches!(valid(&text).outcome, Outcome::Inactivity { days: 30, .. }));

    let mut text = template.replacen("kind = \"folder\"", "", 1).replacen("path = \"data\"", "", 1);
    for line in ["kind = \"postgres\"", "url_env ="] {
        text = on(text, line);
    }
    assert_eq!(table(&valid(&text), "tests").source, TableSource::Relation("tests".to_owned()));
}

#[test]
fn the_example_of_a_distance_university_is_valid() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/oulad");
    let contract = load(folder.as_ref()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(contract.horizon.days, 28);
    assert_eq!(contract.subjects.from, Some(column("starts_on", false)));
    assert_eq!(contract.subjects.attributes, Attributes::Auto);
    assert!(!contract.subjects.ignore.iter().any(|name| name == "final_result"), "the leak check is to find it");
    let homework = table(&contract, "homework");
    assert_eq!(homework.subject, column("enrolment_id", true));
    let expr = Origin::Expr("least(due_at, submitted_at)".to_owned());
    assert_eq!(homework.at, Some(ColumnRef { origin: expr, assumed: false }));
    assert_eq!(homework.column("score").map(|score| &score.reveals), Some(&vec![column("submitted_at", false)]));
    let activity: Vec<&str> = table(&contract, "activity").columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(activity, ["at", "clicks", "active_days"]);
    assert!(!table(&contract, "activity").takes_other_numbers);
}

#[test]
fn the_kit_assumes_every_table_of_a_folder_and_needs_only_the_subjects() {
    let contract = with("");
    let names: Vec<&str> = contract.tables.iter().map(|table| table.name.as_str()).collect();
    let roles: Vec<&str> = Kit::Academy.roles().iter().map(|spec| spec.role.as_str()).collect();
    assert_eq!(names, roles);
    let required: Vec<&str> = contract.tables.iter().filter(|t| t.required).map(|t| t.name.as_str()).collect();
    assert_eq!(required, ["students"]);
    let attendance = table(&contract, "attendance");
    assert_eq!(attendance.at, Some(column("lesson_at", true)));
    assert_eq!(attendance.recorded_at, Some(column("entered_at", true)));
    assert_eq!(attendance.key, Some(column("attendance_id", true)));
    assert_eq!(attendance.file_candidates()[..2], ["attendance.csv", "attendance.csv.gz"]);
    let missed = attendance.column("missed").expect("the kit knows it");
    let absent = Origin::OneOf { column: "status".to_owned(), levels: vec!["absent".to_owned()] };
    assert_eq!((&missed.origin, missed.kind), (&absent, Some(Kind::Flag)));
    assert!(table(&contract, "activity").takes_other_numbers);
    assert_eq!(contract.subjects.ignore, ["full_name", "phone", "status"]);
}

#[test]
fn a_mapped_name_is_followed_wherever_the_kit_uses_it() {
    let contract = with(
        r#"
[tables.students.columns]
student_id = "ID"
started_on = "Начало"
phone = "Телефон"
[tables.attendance.columns]
student_id = "Ученик"
lesson_at = { column = "Дата" }
mood = { type = "category", label = "настроение" }
[tables.homework.columns]
graded_at = "Проверено"
"#,
    );
    assert_eq!(contract.subjects.key, column("ID", false));
    assert_eq!(contract.subjects.from, Some(column("Начало", false)));
    assert_eq!(contract.subjects.until, Some(column("planned_end_on", true)));
    assert!(contract.subjects.ignore.contains(&"Телефон".to_owned()));
    let attendance = table(&contract, "attendance");
    assert_eq!(attendance.subject, column("Ученик", false));
    assert_eq!(attendance.at, Some(column("Дата", false)));
    let names: Vec<&str> = attendance.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["lesson_at", "entered_at", "status", "missed", "late", "present", "mood"]);
    let score = table(&contract, "homework").column("score").expect("the kit knows it");
    assert_eq!(score.reveals, [column("Проверено", false), column("submitted_at", true)]);
}

#[test]
fn stated_spellings_replace_the_kits_and_are_taken_from_other_levels() {
    let contract = with("[tables.attendance.columns]\nstatus = { values = { late = [\"1\", true], absent = 2 } }\n");
    let status = table(&contract, "attendance").column("status").expect("the kit knows it");
    let meaning = |text: &str| status.levels.iter().find(|level| level.spells(text)).map(|level| level.name.as_str());
    assert_eq!(meaning("1"), Some("late"), "the kit reads it as present");
    assert_eq!(meaning("TRUE"), Some("late"));
    assert_eq!(meaning(" 2 "), Some("absent"));
    assert_eq!(meaning("нет"), None, "the file says how this source spells absence");
    assert_eq!(meaning("Был"), Some("present"));
}

#[test]
fn attributes_that_are_listed_are_not_ignored() {
    let contract = with("[subjects]\nattributes = [\"course\", \"status\"]\n");
    assert_eq!(contract.subjects.ignore, ["full_name", "phone"]);
}

#[test]
fn a_database_gives_only_the_tables_that_are_named() {
    let contract = with("[source]\nkind = \"postgres\"\nurl_env = \"CRM\"\n[tables.tests]\nrelation = \"lms.tests\"\n");
    let names: Vec<&str> = contract.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["students", "tests"]);
    assert!(table(&contract, "tests").required);
    assert_eq!(table(&contract, "tests").file_candidates()[0], "tests.csv");
}

#[test]
fn the_order_of_the_file_is_kept() {
    let contract = with(
        "[tables.zoo]\nat = \"t\"\n[tables.students]\n[tables.ants]\nat = \"t\"\n\
        [actions.z]\ncost = 1\nchance = 0.5\n[actions.a]\ncost = 1\nchance = 0.5\n",
    );
    let names: Vec<&str> = contract.tables.iter().take(3).map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["students", "zoo", "ants"]);
    assert_eq!(table(&contract, "zoo").family, Family::named("zoo"));
    let ids: Vec<&str> = contract.actions.iter().map(|planned| planned.action.id.0.as_str()).collect();
    assert_eq!(ids, ["z", "a"]);
}

/// A level that two spellings could mean would be decided by their order.
#[test]
fn no_spelling_of_the_kit_has_two_meanings() {
    for table in &with("").tables {
        for column in &table.columns {
            let spellings = column.levels.iter().flat_map(|level| &level.spellings);
            for spelling in spellings {
                let meanings = column.levels.iter().filter(|level| level.spells(spelling)).count();
                assert_eq!(meanings, 1, "{}.{} {spelling:?}", table.name, column.name);
            }
        }
    }
}

#[test]
fn the_format_of_all_files_is_overridden_key_by_key() {
    let contract = with(
        "[csv]\nencoding = \"windows-1251\"\ndelimiter = \";\"\ndecimal = \",\"\n\
         [tables.attendance]\ncsv = { encoding = \"utf-8\" }\n",
    );
    let students = &table(&contract, "students").csv;
    assert_eq!(students.encoding.as_deref(), Some("windows-1251"));
    let attendance = &table(&contract, "attendance").csv;
    assert_eq!(attendance.encoding.as_deref(), Some("utf-8"));
    assert_eq!((attendance.delimiter, attendance.decimal), (Some(';'), Some(',')));
}

const FLAT: &str = r#"
version = 1
kit = "subscriber"
name = "Test"
locale = "en"
time_zone = "Asia/Dushanbe"
currency = "TJS"
[subjects]
key = "row_id"
"#;

#[test]
fn a_label_needs_neither_horizon_nor_value_nor_actions() {
    let contract = valid(&format!("{FLAT}[outcome]\nkind = \"label\"\ncolumn = \"churn\"\npositive = 1\n"));
    assert_eq!((contract.kit, contract.horizon.days), (Kit::Subscriber, 0));
    assert_eq!(contract.value, KeptValue::PerSubject(Money::default()));
    assert!(!contract.bands_are_stated);
    assert_eq!(contract.subjects_table().name, "subscribers");
    assert_eq!(contract.target().map(|target| target.name.as_str()), Some("churn"));
    let stated = valid(&format!(
        "{FLAT}[outcome]\nkind = \"label\"\ncolumn = {{ expr = \"left_on is not null\" }}\npositive = true\nhorizon_days = 90\n[bands]\nhigh = 0.3\n"
    ));
    assert_eq!((stated.horizon.days, stated.bands_are_stated), (90, true));
    assert_eq!(stated.target().map(|target| target.name.as_str()), Some("label"));
}

#[test]
fn of_several_targets_the_first_is_learned_unless_another_is_chosen() {
    let mut contract = valid(&format!(
        "{FLAT}[outcome]\nkind = \"label\"\ncolumns = [\"churn\", \"appetency\", \"upselling\"]\npositive = 1\n"
    ));
    assert_eq!(contract.target().map(|target| target.name.clone()).as_deref(), Some("churn"));
    contract.choose_target("upselling").expect("it is there");
    assert_eq!(contract.target().map(|target| target.column.clone()), Some(column("upselling", false)));
    let said = contract.choose_target("chrun").expect_err("misspelt").to_string();
    assert_eq!(
        said,
        "no target is called \"chrun\": the contract has `churn`, `appetency` or `upselling`; did you mean `churn`?"
    );
    let said = with("").choose_target("churn").expect_err("no label").to_string();
    assert!(said.contains("there is one outcome and no target to choose"), "{said}");
}

#[test]
fn labels_mean_leaving_unless_the_contract_lists_those_that_do() {
    let outcome = "[outcome]\nkind = \"label\"\ncolumns = [\"churn\", \"appetency\"]\npositive = 1\n";
    let mut contract = valid(&format!("{FLAT}{outcome}"));
    contract.choose_target("appetency").expect("it is there");
    assert!(contract.learns_leaving());
    let mut contract = valid(&format!("{FLAT}{outcome}leaving = [\"churn\"]\n"));
    assert!(contract.learns_leaving());
    contract.choose_target("appetency").expect("it is there");
    assert!(!contract.learns_leaving());
    assert!(with("").learns_leaving(), "an outcome that is no label");
}

#[test]
fn subscribers_may_have_dates_and_tables_of_events() {
    let contract = valid(&format!(
        "{FLAT}[outcome]\nkind = \"date\"\nhorizon_days = 30\n[value]\nper_subject = 100\n[tables.usage]\nrole = \"activity\"\n[tables.calls]\nat = \"called_at\"\n"
    ));
    assert_eq!(contract.subjects.from, Some(column("started_on", true)));
    assert_eq!(contract.outcome, Outcome::Date { column: column("left_on", true) });
    assert_eq!(table(&contract, "usage").role, Some(Role::Activity));
    assert_eq!(table(&contract, "calls").role, None);
    assert_eq!(contract.subjects.group, None);
}

#[test]
fn the_template_of_subscribers_is_valid_as_it_is_and_with_actions() {
    let template = Kit::Subscriber.template().expect("the kit has one");
    let contract = valid(template);
    assert_eq!(contract.table("subscribers").map(|table| table.columns.len()), Some(9));
    let mut text = template.to_owned();
    for line in [
        "horizon_days =",
        "[bands]",
        "medium =",
        "high =",
        "[value]",
        "column =",
        "times =",
        "[actions.",
        "label =",
        "cost =",
        "capacity =",
        "chance =",
    ] {
        // The first commented `column` belongs to the outcome.
        let from = if line == "column =" { text.find("# [value]").or_else(|| text.find("[value]")) } else { Some(0) };
        let at = from.unwrap_or_default();
        assert!(text[at..].contains(&format!("# {line}")), "the template does not show {line:?}");
        text = format!("{}{}", &text[..at], text[at..].replacen(&format!("# {line}"), line, 1));
    }
    let contract = valid(&text);
    assert_eq!(contract.actions.len(), 1);
    assert!(matches!(contract.value, KeptValue::PerColumn { times: 12.0, .. }));
}

#[test]
fn a_contract_for_a_table_of_ones_own_is_valid_whatever_its_names() {
    let text = contract::kits::subscriber::contract_for(&contract::kits::subscriber::OwnTable {
        name: "ООО \"Связь\"".to_owned(),
        folder: "C:\\data \u{1}".into(),
        file: "клиенты 2026.csv.gz".to_owned(),
        key: "№ \"id\"".to_owned(),
        label: "churn".to_owned(),
        positive: "да".to_owned(),
        seen: "3 of 40 rows".to_owned(),
        locale: Locale::Tg,
        time_zone: "Europe/Warsaw".to_owned(),
        currency: "PLN".to_owned(),
    });
    let contract = valid(&text);
    assert_eq!((contract.name.as_str(), contract.kit), ("ООО \"Связь\"", Kit::Subscriber));
    assert_eq!((contract.locale, contract.currency.code()), (Locale::Tg, "PLN"));
    assert_eq!(contract.subjects.key, column("№ \"id\"", false));
    let file = TableSource::File { candidates: vec!["клиенты 2026.csv.gz".to_owned()] };
    assert_eq!(contract.subjects_table().source, file);
    assert!(matches!(contract.source, contract::Source::Folder { path } if path.to_str() == Some("C:\\data \u{1}")));
    assert!(matches!(contract.outcome, Outcome::Label { positive, .. } if positive == "да"));
}
