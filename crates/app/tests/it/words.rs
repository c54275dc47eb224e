//! What staff read is in the contract's language, wholly.

use app::explain::{Hindrance, explain};
use app::progress::Silent;
use app::{Project, report};

use crate::support::{House, end};

/// Words that are the same in every language: names, and measures that only specialists read.
const NAMES: [&str; 3] = ["WhatsApp", "AUC", "ridge"];

#[test]
fn the_page_and_an_explanation_are_in_russian_and_one_more_place_has_its_price() {
    let house = House::academy(600, 12);
    let trained = house.train().unwrap_or_else(|error| panic!("{error}"));
    let project = house.project(&house.data(), "model").unwrap_or_else(|error| panic!("{error}"));
    let words = project.narrator().expect("words");
    assert_eq!(latin(&told_of(&trained.text(&words))), [""; 0]);

    // One call a day only: more would be worth something.
    house.change_contract("capacity = 15", "capacity = 1");
    let scored = house.score(end(), "scores.csv").unwrap_or_else(|error| panic!("{error}"));
    let price = scored.prices.iter().find(|price| price.name == "mentor_call").expect("calls are all taken");
    assert!(price.worth > 0.0 && scored.text(&words).contains(&price.sentence));
    assert!(price.sentence.contains("все места заняты (1), ещё одно принесло бы"), "{}", price.sentence);
    assert!(scored.outside_tenure > 0 && scored.warnings.iter().any(|warning| warning.contains("модель не видела")));
    assert_eq!(latin(&scored.text(&words)), [""; 0]);

    let page = house.path("report.html");
    let project = Project { model: house.path("model"), ..reopened(&house) };
    report::report(&project, end(), &page, &Silent).unwrap_or_else(|error| panic!("{error}"));
    let page = std::fs::read_to_string(page).expect("a page");
    let model = page.split("<section id=\"model\"").nth(1).and_then(|rest| rest.split("</section>").next());
    let labels: Vec<String> = without_tags(model.expect("the section"));
    assert!(labels.len() > 20);
    assert_eq!(latin(&labels.join(" ")), [""; 0]);
    assert!(page.contains("ещё одно принесло бы") && page.contains("модель не видела"));

    let scores = std::fs::read_to_string(house.path("scores.csv")).expect("scores");
    let rows: Vec<&str> = scores.lines().skip(1).collect();
    let first = rows[0].split(',').next().expect("a key");
    let explained = explain(&project, first, end(), &Silent).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(latin(&explained.text(&words).replace(first, "")), [""; 0]);
    let values: Vec<f64> = explained.actions.iter().map(|action| action.expected_value).collect();
    assert!(values.is_sorted_by(|a, b| a >= b), "{values:?}");
    assert_eq!(explained.actions.iter().filter(|action| action.chosen).count(), 1);
    // Somebody would be called, had the call of the day not gone to another.
    let crowded = rows.iter().take(60).any(|row| {
        let key = row.split(',').next().expect("a key");
        let explained = explain(&project, key, end(), &Silent).unwrap_or_else(|error| panic!("{error}"));
        let is_full = explained.actions.iter().any(|action| action.hindrance == Some(Hindrance::Full));
        is_full && explained.text(&words).contains("все места заняты теми, кому это нужнее")
    });
    assert!(crowded);
}

fn reopened(house: &House) -> Project {
    house.project(&house.data(), "model").unwrap_or_else(|error| panic!("{error}"))
}

/// Training tells measures by their names, and findings as `check` does.
fn told_of(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("внимание:"));
    lines.collect::<Vec<_>>().join(" ").replace("log-loss", "").replace("Brier", "")
}

fn without_tags(html: &str) -> Vec<String> {
    let texts = html.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text.trim().to_owned());
    texts.filter(|text| !text.is_empty()).collect()
}

/// Words with Latin letters.
fn latin(text: &str) -> Vec<String> {
    let is_latin = |word: &&str| word.chars().any(|letter| letter.is_ascii_alphabetic()) && !NAMES.contains(word);
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(is_latin).map(str::to_owned).collect()
}
