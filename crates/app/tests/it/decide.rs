//! Rounds within what there is to act with: shared time and money, rest after a contact, opt-outs, and what would lower a
//! risk, from the contract to the files that people read.

use std::collections::BTreeMap;

use app::explain::{Hindrance, explain};
use app::progress::Silent;

use crate::support::{House, Table, end};

const MINUTES: u64 = 60;
const BUDGET: f64 = 200.0;

/// An academy whose mentors have an hour each, with a small budget, and whose first students asked not to be contacted.
fn limited() -> House {
    let house = House::academy(600, 12);
    house.change("students.csv", |table| {
        table.header.push("no_contact".to_owned());
        table.header.push("no_whatsapp".to_owned());
        for (at, row) in table.rows.iter_mut().enumerate() {
            row.push(if at % 10 == 0 { "yes" } else { "no" }.to_owned());
            row.push(if at % 3 == 0 { "yes" } else { "" }.to_owned());
        }
    });
    house.change_contract(
        "chance_no_action = 0.10 ",
        "opt_out = { all = \"no_contact\", whatsapp = \"no_whatsapp\" }\nbudget = 200\ncontact_every_days = 7\n\
         quiet_hours = \"21:00-09:00\"\nchance_no_action = 0.10 ",
    );
    house.change_contract(
        "[actions.mentor_call]\n",
        "[resources.mentor_minutes]\nlabel = { ru = \"время ментора\" }\ncapacity = 60\nunit = \"minute\"\n\
         per = \"mentor_id\"\n\n[actions.mentor_call]\nuses = { mentor_minutes = 30 }\n",
    );
    house.change_contract("tg = \"ёдрас дар WhatsApp\" }\n", "tg = \"ёдрас дар WhatsApp\" }\nchannel = \"whatsapp\"\n");
    house
}

/// Rows of a table by its first column.
fn by_key(path: &std::path::Path) -> (Table, BTreeMap<String, Vec<String>>) {
    let table = Table::read(path);
    let rows = table.rows.iter().map(|row| (row[0].clone(), row.clone())).collect();
    (table, rows)
}

#[test]
fn a_round_keeps_to_mentors_money_rest_and_opt_outs_and_says_so() {
    let house = limited();
    house.train().unwrap_or_else(|error| panic!("{error}"));
    let scored = house.score(end(), "scores.csv").unwrap_or_else(|error| panic!("{error}"));
    let (scores, _) = by_key(&house.path("scores.csv"));
    let (students, of_student) = by_key(&house.data().join("students.csv"));
    let (action, barred, from) = (scores.column("action"), scores.column("barred"), scores.column("contact_from"));
    let (asked, channel) = (students.column("no_contact"), students.column("no_whatsapp"));
    let costs = [("mentor_call", 15.0), ("whatsapp_reminder", 1.0), ("payment_reminder", 2.0)];
    let costs: BTreeMap<&str, f64> = costs.into_iter().chain([("extra_support", 60.0), ("meeting", 40.0)]).collect();

    let contacted = lately_contacted(&house);
    let (mut spent, mut minutes): (f64, BTreeMap<&str, u64>) = (0.0, BTreeMap::new());
    let (mut opted, mut rested, mut acted) = (0, 0, 0);
    for row in &scores.rows {
        let student = &of_student[&row[0]];
        let is_acted = row[action] != "none";
        assert_eq!(row[from], if is_acted { "2026-11-21 09:00" } else { "" });
        spent += costs.get(row[action].as_str()).copied().unwrap_or_default();
        acted += u32::from(is_acted);
        if row[action] == "mentor_call" {
            *minutes.entry(student[students.column("mentor_id")].as_str()).or_default() += 30;
        }
        if student[asked] == "yes" {
            assert_eq!((row[action].as_str(), row[barred].as_str()), ("none", "opted_out"));
            opted += 1;
        } else if contacted.contains(&row[0]) {
            assert!(!is_acted && row[barred].contains("contacted_lately"), "{row:?}");
            rested += 1;
        } else if student[channel] == "yes" {
            assert!(row[action] != "whatsapp_reminder" && row[barred].contains("opted_out"), "{row:?}");
        }
        let classes: f64 = ["persuadable", "sure_thing", "lost_cause", "do_not_disturb"]
            .map(|class| row[scores.column(class)].parse::<f64>().expect("a probability"))
            .iter()
            .sum();
        assert!((classes - 1.0).abs() < 2e-4, "{row:?}");
    }
    assert!(opted > 5 && rested > 0 && acted > 5, "{opted} {rested} {acted}");
    assert!(spent <= BUDGET && minutes.values().all(|&taken| taken <= MINUTES), "{spent} {minutes:?}");
    let before_chance = scored.expected_value + scored.cost_of_chance;
    assert!(before_chance >= scored.expected_value_by_risk && scored.expected_value_by_risk > 0.0);
    assert_eq!(scored.contact_from.as_deref(), Some("2026-11-21 09:00"));
    // So small a budget holds a dozen actions, and the bound counts parts of one.
    assert!(scored.missed_at_most <= 0.05 * before_chance, "{} of {before_chance}", scored.missed_at_most);
    let project = house.project(&house.data(), "model").unwrap_or_else(|error| panic!("{error}"));
    let said = scored.text(&project.narrator().expect("words"));
    for part in ["если идти только по риску", "бюджет исчерпан (200", "не связывайтесь раньше 2026-11-21 09:00"]
    {
        assert!(said.contains(part), "'{part}' is not said: {said}");
    }

    let opted_out = scores.rows.iter().find(|row| row[barred] == "opted_out").expect("somebody");
    let explained = explain(&project, &opted_out[0], end(), &Silent).unwrap_or_else(|error| panic!("{error}"));
    let actions = explained.actions.iter().filter(|action| action.action != "none");
    assert!(actions.clone().count() > 0);
    for action in actions {
        assert_eq!(action.hindrance, Some(Hindrance::OptedOut));
    }
    assert!(explained.text(&project.narrator().expect("words")).contains("просил так с ним не связываться"));
}

/// Who had an action on one of the six days up to the end.
fn lately_contacted(house: &House) -> Vec<String> {
    let log = Table::read(&house.data().join("actions.csv"));
    let (at, student, action) = (log.column("at"), log.column("student_id"), log.column("action"));
    let lately =
        |row: &&Vec<String>| row[action] != "none" && row[at][..10] > *"2026-11-14" && row[at][..10] <= *"2026-11-20";
    log.rows.iter().filter(lately).map(|row| row[student].clone()).collect()
}

#[test]
fn without_money_or_anyone_who_may_be_reached_nobody_is_acted_on() {
    let house = limited();
    house.train().unwrap_or_else(|error| panic!("{error}"));
    house.change_contract("budget = 200\n", "budget = 0\n");
    let scored = house.score(end(), "scores.csv").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((scored.to_act_on, scored.expected_value), (0, 0.0));
    assert!(scored.prices.iter().any(|price| price.of == "budget" && price.worth > 0.0));

    house.change_contract("budget = 0\n", "");
    house.change("students.csv", |table| {
        let asked = table.column("no_contact");
        table.rows.iter_mut().for_each(|row| row[asked] = "yes".to_owned());
    });
    let scored = house.score(end(), "scores.csv").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((scored.to_act_on, scored.prices.len()), (0, 0));
}

#[test]
fn an_opt_out_that_no_column_holds_is_told_with_its_key() {
    let house = limited();
    house.change_contract("\nopt_out = { all = \"no_contact\"", "\nopt_out = { all = \"no_contacts\"");
    let error = house.train().err().expect("there is no such column").to_string();
    assert!(error.contains("decision.opt_out.all") && error.contains("no_contacts"), "{error}");
}

#[test]
fn what_would_lower_a_risk_lowers_it_step_by_step_and_is_called_an_association() {
    let house = House::academy(600, 12);
    house.train().unwrap_or_else(|error| panic!("{error}"));
    house.score(end(), "scores.csv").unwrap_or_else(|error| panic!("{error}"));
    let scores = Table::read(&house.path("scores.csv"));
    let (band, probability) = (scores.column("band"), scores.column("probability"));
    let project = house.project(&house.data(), "model").unwrap_or_else(|error| panic!("{error}"));
    let (mut told, mut leaving) = (0, 0);
    for row in scores.rows.iter().filter(|row| row[band] != "low").take(10) {
        let explained = explain(&project, &row[0], end(), &Silent).unwrap_or_else(|error| panic!("{error}"));
        let Some(lower) = &explained.lower else { continue };
        assert!((explained.probability - row[probability].parse::<f64>().expect("a number")).abs() < 1e-5);
        let risks: Vec<f64> =
            std::iter::once(explained.probability).chain(lower.steps.iter().map(|step| step.probability)).collect();
        assert!(lower.steps.len() <= 4 && risks.is_sorted_by(|a, b| a > b), "{risks:?}");
        let reached = lower.steps.last().map_or(row[band].as_str(), |step| step.band);
        assert_eq!(lower.leaves_band, reached != row[band], "{}", row[0]);
        if !lower.steps.is_empty() {
            assert!(lower.notes.iter().any(|note| note.contains("связь, а не обещание")));
            told += 1;
        }
        leaving += u32::from(lower.leaves_band);
    }
    assert!(told >= 3 && leaving >= 1, "{told} {leaving}");

    // Only what the contract lets be changed is proposed.
    house.change_contract("# changeable = [\"homework\", \"payment\", \"attendance\"]", "changeable = [\"homework\"]");
    let project = house.project(&house.data(), "model").unwrap_or_else(|error| panic!("{error}"));
    let mut families = Vec::new();
    for row in scores.rows.iter().filter(|row| row[band] != "low").take(5) {
        let explained = explain(&project, &row[0], end(), &Silent).unwrap_or_else(|error| panic!("{error}"));
        families.extend(explained.lower.into_iter().flat_map(|lower| lower.steps).map(|step| step.family));
    }
    assert!(!families.is_empty() && families.iter().all(|family| family == "homework"), "{families:?}");
}
