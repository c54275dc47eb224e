//! The page as a reader gets it.

mod common;
mod markup;

use common::academy;
use domain::Locale;
use domain::Probability;
use markup::{asks_network, nesting_error, section};
use report::{Importance, Model, Report, Subject, Tier, render};

fn page(report: &Report) -> String {
    render(report).expect("a page")
}

fn nobody(locale: Locale) -> Report {
    let mut report = academy(locale, 0);
    report.quality = None;
    report.importance = Importance::default();
    report.findings.clear();
    report.model = Model {
        tier: Tier::Prior,
        candidates: Vec::new(),
        rows: 0,
        leavers: 0,
        subjects: 0,
        cutoffs: None,
        features: 84,
    };
    report
}

#[test]
fn tags_nest_in_every_language_with_people_and_without() {
    for locale in Locale::ALL {
        for report in [academy(locale, 60), nobody(locale)] {
            assert_eq!(nesting_error(&page(&report)), None, "{locale:?}");
        }
    }
}

#[test]
fn nothing_is_asked_of_the_network() {
    assert_eq!(asks_network(&page(&academy(Locale::Ru, 60))), None);
}

#[test]
fn text_from_data_stays_text() {
    let evil = "<img src=x onerror=alert(1)>\"'&";
    let mut report = academy(Locale::En, 20);
    report.organisation = evil.to_owned();
    report.notice = Some(evil.to_owned());
    for subject in &mut report.subjects {
        (subject.id, subject.name, subject.group) = (evil.to_owned(), Some(evil.to_owned()), Some(evil.to_owned()));
        subject.reasons = vec![evil.to_owned()];
        subject.crowded_out = Some(evil.to_owned());
        if let Some(action) = &mut subject.action {
            (action.label, action.why, action.classes) = (evil.to_owned(), evil.to_owned(), evil.to_owned());
        }
    }
    report.population.breakdowns[0].title = evil.to_owned();
    report.population.breakdowns[0].slices[0].label = evil.to_owned();
    report.importance.features[0].label = evil.to_owned();
    report.findings[0].text = evil.to_owned();
    let page = page(&report);
    assert!(!page.contains("<img"));
    assert!(page.contains("&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;"));
    assert_eq!(nesting_error(&page), None);
}

#[test]
fn calls_are_ordered_by_what_they_are_worth_and_the_list_by_risk() {
    let report = academy(Locale::Ru, 60);
    let page = page(&report);
    let mut called: Vec<_> = report.subjects.iter().filter(|subject| subject.action.is_some()).collect();
    called.sort_by_key(|subject| std::cmp::Reverse(subject.action.as_ref().map(|action| action.expected_value)));
    let mut risky: Vec<_> =
        report.subjects.iter().filter(|subject| subject.probability >= Probability::clamped(0.15)).collect();
    risky.sort_by(|a, b| b.probability.get().total_cmp(&a.probability.get()));
    for (id, people) in [("today", called), ("list", risky)] {
        let section = section(&page, id);
        let places: Vec<_> =
            people.iter().map(|subject| section.find(&subject.id).expect("everyone is there")).collect();
        assert!(places.len() > 5 && places.is_sorted(), "{id}: {places:?}");
    }
}

#[test]
fn the_order_of_the_input_changes_nothing() {
    let report = academy(Locale::Ru, 60);
    let mut turned = report.clone();
    turned.subjects.reverse();
    turned.population.breakdowns.iter_mut().for_each(|breakdown| breakdown.slices.reverse());
    turned.importance.features.reverse();
    turned.importance.families.reverse();
    assert_eq!(page(&report), page(&turned));
}

#[test]
fn a_long_list_is_cut_and_says_so() {
    let report = academy(Locale::Ru, 5_000);
    let page = page(&report);
    let list = section(&page, "list");
    let all = report.subjects.iter().filter(|subject| subject.probability >= Probability::clamped(0.15)).count();
    assert_eq!(list.matches("<tr data-band").count(), 500);
    assert!(list.contains(&format!("Показано 500 из {}.", domain::writing::fixed(Locale::Ru, all as f64, 0))), "{all}");
    assert!(page.len() < 1_000_000, "{}", page.len());
}

#[test]
fn doubts_and_the_worth_of_one_more_place_are_told() {
    let mut report = academy(Locale::Ru, 60);
    report.doubts = vec!["5 из 60 оценок — для срока, которого модель не видела".to_owned()];
    let page = page(&report);
    assert!(page.contains("<p class=\"notice doubt\">5 из 60 оценок — для срока, которого модель не видела.</p>"));
    assert!(section(&page, "today").contains("Все места на «звонок ментора» заняты (15): ещё одно принесло бы"));
}

#[test]
fn a_name_is_shown_only_when_given() {
    let mut report = academy(Locale::Ru, 30);
    let names: Vec<_> = report.subjects.iter().filter_map(|subject| subject.name.clone()).collect();
    report.subjects.iter_mut().for_each(|subject| subject.name = None);
    let page = page(&report);
    assert!(names.iter().all(|name| !page.contains(name.as_str())));
    assert!(page.contains(&report.subjects[0].id));
}

#[test]
fn with_nobody_at_risk_and_no_history_the_page_says_so() {
    let page = page(&nobody(Locale::Ru));
    for words in [
        "оценивать некого",
        "Сегодня никому звонить не нужно",
        "Никого в среднем и высоком риске",
        "Проверить пока не на чем",
        "Вклад признаков не посчитан",
        "Замечаний нет",
        "Истории пока нет, поэтому риск считается по весам",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn every_subject_with_an_action_shows_its_chance_against_nothing_and_where_it_comes_from() {
    let page = page(&academy(Locale::Ru, 60));
    let today = section(&page, "today");
    let calls = today.matches("<span class=\"rank\"").count();
    assert!(calls > 15);
    assert_eq!(today.matches("без действий").count(), 2 * calls, "once to read, once for a screen reader");
    assert_eq!(today.matches("Шанс уточнён по").count(), calls);
    assert!(today.contains("Шанс уточнён по 64 случаям, из них назначены случайно: 17."));
    assert!(today.contains("случайно назначенных среди них нет"));
}

#[test]
fn few_leavers_are_a_warning_and_a_poor_model_is_not_praised() {
    let mut report = academy(Locale::Ru, 30);
    let quality = report.quality.as_mut().expect("the sample has it");
    quality.leavers = 41;
    quality.auc.low = 0.52;
    quality.log_loss.value = quality.base_log_loss + 0.01;
    let page = page(&report);
    assert!(page.contains("Случаев ухода в проверке всего 41"));
    assert!(page.contains("Пока нет: не видно, что модель лучше догадки."));
    assert!(page.contains("модель пока ничего не добавляет"));
}

#[test]
fn a_comparison_is_claimed_only_where_there_was_one() {
    let mut report = academy(Locale::En, 30);
    assert!(page(&report).contains("err least on new people"));
    report.model.candidates.clear();
    let page = page(&report);
    assert!(!page.contains("err least") && page.contains("without comparing it with others"));
}

#[test]
fn someone_for_whom_no_place_was_left_is_told_apart_from_someone_not_worth_an_action() {
    let mut report = academy(Locale::En, 30);
    let lone = |id: &str, crowded_out: Option<&str>| Subject {
        id: id.to_owned(),
        name: None,
        group: None,
        probability: Probability::clamped(0.5),
        reasons: Vec::new(),
        action: None,
        crowded_out: crowded_out.map(str::to_owned),
    };
    report.subjects = vec![lone("a", Some("mentor call")), lone("b", None)];
    let page = page(&report);
    let list = section(&page, "list");
    assert!(list.contains("Would fit: mentor call. No places left today"));
    assert!(list.contains("No action would pay"));
    assert!(list.contains("Nothing stands out"));
    assert!(section(&page, "today").contains("Nobody needs a call today"));
}
