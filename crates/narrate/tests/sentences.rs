//! Every sentence in every language, for review as snapshots, and the properties that all of them share.

use std::borrow::Cow;
use std::collections::BTreeSet;

use domain::{
    ActionId, Band, Barred, Chance, Classes, Currency, Day, Decision, Evidence, Fact, FactValue, Family, Money,
    Probability, Prospect, Reason, Sentence,
};
use jiff::civil::date;
use narrate::{ActionWords, FactError, Ground, Labels, Locale, Narrator, SENTENCES};
use proptest::prelude::*;

/// Each has a plural form of its own in some language, or is where one would go wrong.
const BOUNDARIES: [i64; 8] = [1, 2, 4, 5, 11, 21, 22, 101];

fn narrator(locale: Locale) -> Narrator {
    let action = |id: &str, cost: f64| {
        (
            ActionId(id.to_owned()),
            ActionWords { label: None, cost: Money::from_major(cost), shares_means: id == "meeting" },
        )
    };
    let actions = [action("mentor_call", 15.0), action("whatsapp_reminder", 1.0), action("meeting", 60.5)].into();
    let labels = Labels { actions, ..Labels::default() };
    Narrator::new(locale, Currency::parse("TJS").expect("a code"), labels).expect("messages are whole")
}

fn fact(sentence: &'static str, values: &[(&'static str, FactValue)]) -> Fact {
    let values = values.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
    Fact { sentence: Sentence::named(sentence), values, rows: vec![] }
}

fn november(days: &[i8]) -> FactValue {
    FactValue::Days(days.iter().map(|&day| Day::from_date(date(2026, 11, day))).collect())
}

fn clicks() -> (&'static str, FactValue) {
    ("label", FactValue::Text("Rust 101".to_owned()))
}

/// Facts as the kit makes them, one or more for each sentence, with `n` wherever something is counted.
fn samples(n: i64) -> Vec<Fact> {
    use FactValue::{Count, Money as Amount, Number, Share, Text};
    let n_days = Count(n);
    let value = |value| ("value", value);
    let window = ("window_days", Count(28));
    let number = Number(n as f64 + 0.25);
    vec![
        fact("missed-in-a-row", &[value(Count(n)), ("dates", november(&[5, 7, 12, 14]))]),
        fact("missed-in-window", &[value(Count(n)), window.clone()]),
        fact("attendance-low", &[value(Share(0.45)), window.clone(), ("typical", Share(0.85))]),
        fact("attendance-falling", &[value(Share(0.4)), ("before", Share(0.855))]),
        fact("late-often", &[value(Count(n)), ("window_days", Count(n))]),
        fact("homework-open-in-a-row", &[value(Count(n))]),
        fact("homework-open", &[value(Count(n)), window.clone()]),
        fact("homework-share-low", &[value(Share(0.4)), window.clone()]),
        fact("homework-late", &[value(number.clone())]),
        fact("homework-score-low", &[value(Number(45.26)), ("typical", Number(78.0))]),
        fact("homework-score-falling", &[value(Number(45.0)), ("before", Number(80.5))]),
        fact("payment-overdue", &[value(n_days.clone()), ("amount", Amount(Money::from_major(450.0)))]),
        fact("payment-overdue", &[value(n_days.clone())]),
        fact("payments-late", &[value(n_days.clone())]),
        fact("progress-behind", &[value(Number(-(n as f64)))]),
        fact("progress-falling", &[value(Share(0.12)), ("before", Share(0.3))]),
        fact("tests-low", &[value(Share(0.45)), ("typical", Share(0.7))]),
        fact("tests-falling", &[value(Share(0.45)), ("before", Share(0.7))]),
        fact("tests-none", &[("window_days", Count(60))]),
        fact("messages-unanswered", &[value(Count(n))]),
        fact("silent-for", &[value(n_days.clone())]),
        fact("contact-none", std::slice::from_ref(&window)),
        fact("activity-none-for", &[clicks(), value(n_days.clone())]),
        fact("activity-low", &[clicks(), value(Count(1234)), ("typical", Count(4321)), window.clone()]),
        fact("activity-falling", &[clicks(), value(Number(0.4))]),
        fact("number-high", &[clicks(), value(number.clone()), ("typical", Number(0.5)), window.clone()]),
        fact("number-low", &[clicks(), value(Number(-3.5)), ("typical", Number(2.0))]),
        fact("number-falling", &[clicks(), value(Number(12.0)), ("before", Number(45.0))]),
        fact("number-rising", &[clicks(), value(Number(45.0)), ("before", Number(12.0))]),
        fact("count-high", &[clicks(), value(Count(n)), window.clone(), ("typical", Number(0.5))]),
        fact("count-low", &[clicks(), value(Count(n)), window, ("typical", Count(150))]),
        fact("none-for", &[clicks(), value(n_days)]),
        fact("category-is", &[clicks(), ("text", Text("вечер".to_owned()))]),
        fact("column-is", &[clicks(), value(number), ("typical", Number(24.0))]),
        fact("column-empty", &[clicks()]),
        fact("nothing-stands-out", &[]),
    ]
}

fn reason(family: &'static str, contribution: f64, fact: Fact) -> Reason {
    Reason { family: Family::named(family), contribution, fact: Some(fact) }
}

#[test]
fn every_sentence_in_three_languages() {
    for locale in Locale::ALL {
        let narrator = narrator(locale);
        let lines: Vec<String> = samples(4)
            .iter()
            .map(|fact| format!("{}: {}", fact.sentence.0, narrator.fact(fact).expect("a whole fact")))
            .collect();
        insta::assert_snapshot!(format!("sentences_{}", locale.code()), lines.join("\n"));
    }
}

#[test]
fn plural_forms() {
    for locale in Locale::ALL {
        let narrator = narrator(locale);
        let counted: Vec<usize> = (0..samples(1).len()).filter(|&k| samples(1)[k] != samples(2)[k]).collect();
        let mut lines = Vec::new();
        for k in counted {
            lines.push(format!("{}:", samples(1)[k].sentence.0));
            for n in BOUNDARIES {
                let mut fact = samples(n).swap_remove(k);
                fact.values.retain(|(name, _)| name != "dates");
                lines.push(format!("  {}", narrator.fact(&fact).expect("a whole fact")));
            }
        }
        insta::assert_snapshot!(format!("plurals_{}", locale.code()), lines.join("\n"));
    }
}

#[test]
fn every_sentence_has_a_sample_and_reads_as_a_fragment() {
    let sampled: BTreeSet<String> = samples(1).iter().map(|fact| fact.sentence.0.to_string()).collect();
    assert_eq!(sampled, SENTENCES.iter().map(|shape| shape.id.to_owned()).collect());
    for locale in Locale::ALL {
        let narrator = narrator(locale);
        for n in BOUNDARIES {
            for fact in samples(n) {
                let sentence = narrator.fact(&fact).expect("a whole fact");
                assert!(!sentence.contains(['{', '}', '$', '\u{2068}', '\u{2069}', '\n']), "{sentence}");
                assert_eq!(sentence, sentence.trim(), "{sentence}");
                assert!(!sentence.contains("  ") && !sentence.contains(" ,"), "{sentence}");
                assert!(!sentence.ends_with('.') && !sentence.is_empty(), "{sentence}");
            }
        }
    }
}

#[test]
fn the_example_that_started_it() {
    let reasons = [
        reason("homework", 0.9, fact("homework-open", &[("value", FactValue::Count(2))])),
        reason(
            "attendance",
            2.0,
            fact("missed-in-a-row", &[("value", FactValue::Count(4)), ("dates", november(&[5, 7, 12, 14]))]),
        ),
        reason("payment", 0.5, fact("payment-overdue", &[("value", FactValue::Count(10))])),
        reason("tenure", 3.0, fact("nothing-stands-out", &[])),
    ];
    assert_eq!(
        narrator(Locale::Ru).summary(Band::High, Probability::clamped(0.62), &reasons),
        "Риск высокий: 4 пропуска подряд (5, 7, 12, 14 ноября), не сданы 2 домашних задания, \
         оплата задержана на 10 дней."
    );
    let mut lines = Vec::new();
    for locale in [Locale::Ru, Locale::En, Locale::Tg] {
        let narrator = narrator(locale);
        for band in Band::ALL {
            lines.push(narrator.summary(band, Probability::clamped(0.62), &reasons));
            lines.push(narrator.summary(band, Probability::clamped(0.004), &[]));
            lines.push(narrator.nothing_stands_out(band));
        }
        let owes = [("value", FactValue::Count(10)), ("amount", FactValue::Money(Money::from_major(450.0)))];
        let reasons = [reasons[0].clone(), reason("payment", 0.5, fact("payment-overdue", &owes))];
        lines.push(narrator.summary(Band::High, Probability::clamped(0.62), &reasons));
    }
    insta::assert_snapshot!("summaries", lines.join("\n"));
}

#[test]
fn days_are_listed_honestly() {
    let said = |count: i64, dates: FactValue| {
        let fact = fact("missed-in-a-row", &[("value", FactValue::Count(count)), ("dates", dates)]);
        narrator(Locale::Ru).fact(&fact).expect("a whole fact")
    };
    let six = || november(&[3, 5, 7, 12, 14, 19]);
    assert_eq!(said(6, six()), "6 пропусков подряд (с 3 по 19 ноября)");
    assert_eq!(said(9, six()), "9 пропусков подряд (последние: 5, 7, 12, 14, 19 ноября)");
    assert_eq!(said(9, november(&[12, 14])), "9 пропусков подряд (последние: 12, 14 ноября)");
    assert_eq!(said(2, november(&[])), "2 пропуска подряд");
    let over_new_year = (-5..5).map(|k| Day::from_date(date(2026, 1, 1)).plus(k)).collect();
    assert_eq!(said(10, FactValue::Days(over_new_year)), "10 пропусков подряд (с 27 декабря 2025 по 5 января 2026)");
}

#[test]
fn a_fact_that_cannot_be_said_names_what_is_missing() {
    let narrator = narrator(Locale::En);
    let missing = FactError::MissingValue { sentence: "homework-open", value: "value" };
    assert_eq!(narrator.fact(&fact("homework-open", &[])), Err(missing.clone()));
    let not_a_number = fact("homework-open", &[("value", FactValue::Number(f64::NAN))]);
    assert_eq!(narrator.fact(&not_a_number), Err(missing));
    assert_eq!(narrator.fact(&fact("no-such", &[])), Err(FactError::UnknownSentence("no-such".to_owned())));
    assert_eq!(narrator.reason(&Reason { fact: None, ..reason("tests", 1.0, fact("tests-none", &[])) }), None);
}

fn prospect(action: Option<&str>, chance: f64, worth: f64, evidence: Evidence) -> Prospect {
    let p = Probability::clamped;
    let spread = if action.is_some() { 0.15 } else { 0.0 };
    Prospect {
        action: action.map(|id| ActionId(id.to_owned())),
        chance: Chance { mean: p(chance), low: p(chance - spread), high: p(chance + spread), evidence },
        expected_value: Money::from_major(worth),
        barred: None,
        classes: Classes::default(),
    }
}

/// One decision for every way that a "why" can go.
fn decisions() -> Vec<(&'static str, Decision)> {
    let cases = Evidence::Cases { cases: 12, randomised: 3 };
    let nothing = || prospect(None, 0.1, 0.0, Evidence::Model);
    let decision = |chosen, crowded_out, prospects| Decision { chosen, prospects, crowded_out, has_cause: true };
    let usual = || {
        vec![
            prospect(Some("mentor_call"), 0.65, 480.0, Evidence::Prior),
            prospect(Some("whatsapp_reminder"), 0.3, 179.0, cases),
            nothing(),
        ]
    };
    let dear = || vec![prospect(Some("meeting"), 0.12, -42.5, cases), nothing()];
    let unfit = Prospect { barred: Some(Barred::NoReason), ..prospect(Some("meeting"), 0.65, 400.0, cases) };
    let outbid = || vec![prospect(Some("meeting"), 0.7, 520.0, cases), nothing()];
    vec![
        ("best", decision(0, None, usual())),
        ("crowded out", decision(1, Some(0), usual())),
        ("others cost more", decision(0, None, vec![usual().swap_remove(0), dear().swap_remove(0), nothing()])),
        ("only one", decision(0, None, vec![prospect(Some("mentor_call"), 0.65, 480.0, cases), nothing()])),
        ("nothing is best", decision(1, None, dear())),
        ("nothing is left", decision(1, Some(0), vec![usual().swap_remove(0), nothing()])),
        ("outbid", decision(1, Some(0), outbid())),
        ("nothing has a place", decision(2, Some(0), usual())),
        ("nothing fits", decision(1, None, vec![unfit.clone(), nothing()])),
        ("no cause", Decision { has_cause: false, ..decision(1, None, vec![unfit.clone(), nothing()]) }),
        ("no actions", decision(0, None, vec![nothing()])),
    ]
}

#[test]
fn why_in_three_languages() {
    for locale in Locale::ALL {
        let narrator = narrator(locale);
        let attendance = Family::named("attendance");
        let mut lines = Vec::new();
        for (name, decision) in decisions() {
            let family = (name == "best").then_some(&attendance);
            let why = narrator.why(&decision, family);
            assert_eq!(narrator.check(&why, &narrator.ground_of(&decision)), Ok(()), "{why}");
            lines.push(format!("{name}: {why}"));
        }
        for randomised in [0, 1, 2, 5, 21] {
            lines.push(narrator.evidence(Evidence::Cases { cases: 21, randomised }));
        }
        lines.push(narrator.evidence(Evidence::Model));
        insta::assert_snapshot!(format!("why_{}", locale.code()), lines.join("\n"));
    }
}

#[test]
fn labels_come_from_the_contract_then_from_us_then_from_the_id() {
    let words = ActionWords {
        label: Some("звонок куратора".to_owned()), cost: Money::default(), shares_means: false
    };
    let labels = Labels {
        actions: [(ActionId("mentor_call".to_owned()), words)].into(),
        families: [(Family::named("clicks"), "клики".to_owned())].into(),
    };
    let narrator = Narrator::new(Locale::Ru, Currency::parse("USD").expect("a code"), labels).expect("whole");
    let action = |id: &str| narrator.action(Some(&ActionId(id.to_owned())));
    assert_eq!(action("mentor_call"), "звонок куратора");
    assert_eq!(action("meeting"), "встреча");
    assert_eq!(action("free_month"), "free month");
    assert_eq!(narrator.action(None), "ничего не делать");
    assert_eq!(narrator.family(&Family::named("clicks")), "клики");
    assert_eq!(narrator.family(&Family::named("payment")), "оплата");
    assert_eq!(narrator.family(&Family::named("site_visits")), "site visits");
}

#[test]
fn the_check_tells_a_day_from_a_count_and_a_share() {
    let narrator = narrator(Locale::Ru);
    let values = [("value", FactValue::Count(4)), ("dates", november(&[5, 7, 12, 14]))];
    let ground = Ground::default()
        .fact(&fact("missed-in-a-row", &values))
        .value(FactValue::Share(0.45))
        .value(FactValue::Money(Money::from_major(-1450.0)));
    let check = |sentence: &str| narrator.check(sentence, &ground).map_err(|unsupported| unsupported.0);
    assert_eq!(check("Пропущены 4 занятия: 5, 7 и 14 ноября 2026 года, посещаемость 45\u{a0}%"), Ok(()));
    assert_eq!(check("4 пропуска подряд (с 5 по 14 ноября)"), Ok(()));
    assert_eq!(check("убыток: \u{2212}1\u{a0}450\u{a0}сомони"), Ok(()));
    assert_eq!(check("прибыль: 1\u{a0}450\u{a0}сомони"), Err("1450 сомони".to_owned()));
    assert_eq!(check("4 сомони"), Err("4 сомони".to_owned()));
    assert_eq!(check("посещаемость 4%"), Err("4%".to_owned()));
    assert_eq!(check("45 пропусков"), Err("45".to_owned()));
    assert_eq!(check("6 ноября"), Err("6 ноября".to_owned()));
    assert_eq!(check("5 декабря"), Err("5 декабря".to_owned()));
    assert_eq!(check("5 ноября 2025"), Err("2025".to_owned()));
    assert_eq!(check("5 пропусков"), Err("5".to_owned()));
    assert_eq!(check("\u{2212}4 пропуска"), Err("-4".to_owned()));
    assert_eq!(check("четыре пропуска"), Err("четыре".to_owned()));
}

proptest! {
    #[test]
    fn every_template_passes_the_check_and_a_changed_digit_fails(
        n in 1_000i64..20_000,
        (which, locale) in (0usize..34, 0usize..3),
        (position, shift) in (0usize..40, 1u8..10),
    ) {
        let fact = samples(n).swap_remove(which);
        let narrator = narrator(Locale::ALL[locale]);
        let ground = Ground::default().fact(&fact);
        let sentence = narrator.fact(&fact).expect("a whole fact");
        prop_assert_eq!(narrator.check(&sentence, &ground), Ok(()), "{}", sentence);

        // One digit, outside the label, becomes another one.
        let start = sentence.find("Rust 101").map_or(0, |at| at + "Rust 101".len());
        let digits: Vec<usize> =
            sentence.char_indices().filter(|(at, c)| *at >= start && c.is_ascii_digit()).map(|(at, _)| at).collect();
        if digits.is_empty() {
            return Ok(());
        }
        let at = digits[position % digits.len()];
        let old = sentence.as_bytes()[at];
        let new = char::from(b'0' + (old - b'0' + shift) % 10);
        let changed = format!("{}{new}{}", &sentence[..at], &sentence[at + 1..]);
        // Where the digit makes another number of the same sentence, as 5 and 7 November do, it is no lie.
        prop_assume!(!numbers(&changed).is_subset(&numbers(&sentence)));
        prop_assert!(narrator.check(&changed, &ground).is_err(), "{} {}", sentence, changed);
    }
}

/// The digits of every number of a text, without what stands between them.
fn numbers(text: &str) -> BTreeSet<String> {
    let is_outside = |c: char| !c.is_ascii_digit() && !matches!(c, '\u{a0}' | ',' | '.');
    let digits = |number: &str| number.chars().filter(char::is_ascii_digit).collect::<String>();
    text.split(is_outside).map(digits).filter(|digits| !digits.is_empty()).collect()
}
