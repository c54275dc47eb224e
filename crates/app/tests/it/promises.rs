//! What is promised about single cases: no contact without a cause, nothing of the user's overwritten, doubts told.

use std::fs;

use app::explain::{Hindrance, explain};
use app::judge::{Judged, judge};
use app::progress::Silent;
use app::{Project, model, report};
use domain::{Band, Money};

use crate::support::{CONTRACT, House, end};

fn trained(students: u32, seed: u64) -> (House, Project) {
    let house = House::academy(students, seed);
    house.train().unwrap_or_else(|error| panic!("{error}"));
    let project = house.project(&house.data(), "model").unwrap_or_else(|error| panic!("{error}"));
    (house, project)
}

fn judged(project: &Project) -> Judged {
    let model = model::open(&project.model).unwrap_or_else(|error| panic!("{error}"));
    judge(project, &model, end(), &Silent).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn nobody_of_low_risk_is_contacted_about_nothing_and_it_is_said_so() {
    let (_house, project) = trained(300, 21);
    let judged = judged(&project);
    let left: Vec<_> = judged.judgements.iter().filter(|judgement| !judgement.decision.has_cause).collect();
    assert!(!left.is_empty());
    assert!(left.iter().all(|one| one.band == Band::Low && one.decision.choice().action.is_none()));
    let pays = |prospect: &domain::Prospect| prospect.expected_value > Money::default();
    let one = left.iter().find(|one| one.decision.prospects.iter().any(pays)).expect("an action would pay for itself");
    let key = &judged.loaded.keys[one.subject as usize];
    let explained = explain(&project, key, end(), &Silent).unwrap_or_else(|error| panic!("{error}"));
    let mut actions = explained.actions.iter().filter(|action| action.action != "none");
    assert!(actions.all(|action| action.hindrance == Some(Hindrance::NoCause)));
    assert!(explained.why.contains("Риск низкий, и связываться не о чем"), "{}", explained.why);
    let text = explained.text(&judged.narrator);
    assert!(
        text.contains("риск низкий, и связываться не о чем") && !text.contains("стоит больше, чем принесёт"),
        "{text}"
    );
}

#[test]
fn results_are_not_written_over_what_they_are_made_from() {
    let (house, project) = trained(60, 11);
    for own in ["data/students.csv", "data/../data/homework.csv", "model/scores.csv"] {
        let before = fs::read(house.path(own)).ok();
        let refused = house.score(end(), own).err().expect("refused").to_string();
        assert!(refused.contains("would overwrite") && refused.contains("--out"), "{refused}");
        assert_eq!(fs::read(house.path(own)).ok(), before);
    }
    let contract = house.path(CONTRACT);
    let refused = report::report(&project, end(), &contract, &Silent).expect_err("refused").to_string();
    assert_eq!(refused.matches(&contract.display().to_string()).count(), 2, "{refused}");
    house.score(end(), "data/scores.csv").unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn homework_that_is_due_does_not_hide_an_export_that_ended() {
    let (house, _) = trained(60, 11);
    let later = end().plus(20);
    house.change("homework.csv", |table| {
        let due = table.column("due_at");
        let last = table.rows.last_mut().expect("homework");
        last[due] = format!("{} 12:00:00", later.plus(1));
    });
    let scored = house.score(later, "scores.csv").unwrap_or_else(|error| panic!("{error}"));
    assert!(scored.warnings.iter().any(|warning| warning.contains("последняя строка от")), "{:?}", scored.warnings);
}

#[test]
fn a_model_that_knows_what_came_after_says_so() {
    let (house, _) = trained(60, 11);
    let knows = |as_of| {
        let scored = house.score(as_of, "scores.csv").unwrap_or_else(|error| panic!("{error}"));
        scored.warnings.iter().any(|warning| warning.contains("она знает, что случилось потом"))
    };
    assert!(knows(end().plus(-60)) && !knows(end()));
}

#[test]
fn who_leaves_in_the_gap_did_not_stay() {
    let stayed = |horizon: &str, gap: &str| -> Vec<bool> {
        let house = House::academy(300, 21);
        house.change_contract("horizon_days = 30", horizon);
        house.change_contract("gap_days = 0", gap);
        house.train().unwrap_or_else(|error| panic!("{error}"));
        let manifest = fs::read_to_string(house.path("model/manifest.json")).expect("a manifest");
        let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        let outcomes = manifest["outcomes"].as_array().expect("outcomes");
        outcomes.iter().map(|outcome| outcome["stayed"].as_bool().expect("yes or no")).collect()
    };
    let without_gap = stayed("horizon_days = 30", "gap_days = 0");
    assert!(without_gap.contains(&false));
    assert_eq!(stayed("horizon_days = 20", "gap_days = 10"), without_gap);
}

#[test]
fn who_is_not_at_risk_is_told_why() {
    let (_house, project) = trained(60, 11);
    let loaded = judged(&project).loaded;
    let why = |is_it: &dyn Fn(usize) -> bool| {
        let code = (0..loaded.keys.len()).find(|&code| is_it(code)).expect("such a student");
        explain(&project, &loaded.keys[code], end(), &Silent).err().expect("not at risk").to_string()
    };
    let left = why(&|code| loaded.subjects.left[code].is_some_and(|left| left <= end()));
    assert!(left.contains("left on 20"), "{left}");
    let is_over = |code: usize| loaded.subjects.until[code].is_some_and(|until| until <= end());
    let over = why(&|code| loaded.subjects.left[code].is_none() && is_over(code));
    assert!(over.contains("the planned end was 20"), "{over}");
}

#[test]
fn where_nobody_left_it_is_said_what_to_export() {
    let house = House::academy(60, 11);
    house.change("students.csv", |table| {
        let left_on = table.column("left_on");
        table.rows.iter_mut().for_each(|row| row[left_on].clear());
    });
    let refused = house.train().err().expect("nothing to learn").to_string();
    assert!(refused.contains("outcome.column") && refused.contains("export those who left too"), "{refused}");
}

#[test]
fn the_report_names_columns_that_know_the_future() {
    let (house, project) = trained(60, 11);
    let file = house.path("model/manifest.json");
    let manifest = fs::read_to_string(&file).expect("a manifest");
    assert_eq!(manifest.matches("\"leaks\": []").count(), 1);
    fs::write(&file, manifest.replace("\"leaks\": []", "\"leaks\": [\"status\"]")).expect("written");
    let page = house.path("report.html");
    report::report(&project, end(), &page, &Silent).unwrap_or_else(|error| panic!("{error}"));
    let page = fs::read_to_string(page).expect("a page");
    assert!(page.contains("столбец status не используется: он знает будущее"));
}
