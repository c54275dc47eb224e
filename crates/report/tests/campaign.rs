//! The page of a campaign, from plain values to HTML.

use domain::{Day, Locale};
use report::Estimate;
use report::campaign::{
    Action, Arm, CampaignReport, Classes, Condition, Policy, PolicyKind, Rule, Segment, Tenth, Test, Warning,
    render_campaign,
};

fn about(value: f64, half: f64) -> Estimate {
    Estimate { value, low: value - half, high: value + half }
}

fn condition(column: &str, test: Test) -> Condition {
    Condition { column: column.to_owned(), test }
}

/// A letter that helps and a call of which nothing is sure.
fn sample(locale: Locale) -> CampaignReport {
    let action = |name: &str, average: Estimate, differs| Action {
        name: name.to_owned(),
        average,
        differs,
        qini: Some(about(0.006, 0.004)),
        tenths: (0..10)
            .map(|tenth| Tenth {
                told: 0.09 - 0.01 * f64::from(tenth),
                observed: Some(about(0.08 - 0.01 * f64::from(tenth), 0.03)),
            })
            .collect(),
        curve: (0..=20).map(|step| (f64::from(step) / 20.0, 0.05 * (f64::from(step) / 20.0).sqrt())).collect(),
    };
    CampaignReport {
        locale,
        file: "march.csv".to_owned(),
        made_on: Some(Day(20_777)),
        treatment: "segment".to_owned(),
        outcome: "visit".to_owned(),
        is_share: true,
        rows: 31_803,
        arms: ["nothing", "letter", "call"]
            .map(|name| Arm { name: name.to_owned(), rows: 10_601, mean: about(0.12, 0.005) })
            .to_vec(),
        actions: vec![action("letter", about(0.05, 0.01), true), action("call", about(0.004, 0.01), false)],
        learner: "DR-learner".to_owned(),
        is_randomised: true,
        classes: Classes { persuadable: 20_000, sure_thing: 6000, lost_cause: 5000, do_not_disturb: 803 },
        policies: vec![
            Policy { kind: PolicyKind::All("letter".to_owned()), contacted: 1.0, value: about(0.16, 0.01) },
            Policy { kind: PolicyKind::Model, contacted: 0.8, value: about(0.165, 0.01) },
            Policy { kind: PolicyKind::Rules, contacted: 0.7, value: about(0.163, 0.01) },
        ],
        rules: vec![
            Rule {
                conditions: vec![
                    condition("recency", Test::AtMost(6.0, true)),
                    condition("zip", Test::IsNot("Rural".to_owned())),
                ],
                action: Some("letter".to_owned()),
                share: 0.7,
                gain: about(0.05, 0.01),
            },
            Rule {
                conditions: vec![condition("recency", Test::Missing)],
                action: None,
                share: 0.3,
                gain: about(0.0, 0.0),
            },
        ],
        segments: vec![Segment {
            conditions: Vec::new(),
            share: 1.0,
            base: about(0.1, 0.01),
            effects: vec![about(0.05, 0.01), about(0.004, 0.01)],
        }],
        warnings: vec![
            Warning::SameForAll { arm: "call".to_owned() },
            Warning::NotRandomised,
            Warning::FewOutcomes { arm: "call".to_owned(), rows: 12 },
        ],
    }
}

#[test]
fn every_language_says_everything() {
    for locale in Locale::ALL {
        let page = render_campaign(&sample(locale)).expect("a page");
        assert!(page.trim_end().ends_with("</html>") && page.contains("march.csv"));
        assert!(!page.contains("campaign-") && !page.contains("class-p"), "a message is missing in {locale}");
        assert_eq!(page.matches("<svg class=\"chart\"").count(), 2);
        if let Ok(folder) = std::env::var("HOLDFAST_PAGES") {
            std::fs::write(format!("{folder}/campaign-{locale}.html"), &page).expect("written");
        }
    }
    let page = render_campaign(&sample(Locale::En)).expect("a page");
    for said in [
        "letter works: +5.0 (+4.0 … +6.0) percentage points on average. It does not work alike on all.",
        "Whether call works is not certain",
        "recency ≤ 6 or empty, zip ≠ Rural",
        "recency is empty",
        "leave alone",
        "everybody",
        "20,000",
    ] {
        assert!(page.contains(said), "{said}");
    }
}

#[test]
fn names_from_a_file_are_text_and_nothing_else() {
    let evil = "<script>alert(1)</script>";
    let mut report = sample(Locale::En);
    report.file = evil.to_owned();
    report.arms[1].name = evil.to_owned();
    report.actions[0].name = evil.to_owned();
    report.rules[0].conditions[0].column = evil.to_owned();
    report.warnings.push(Warning::PoorOverlap { arm: evil.to_owned(), columns: vec![evil.to_owned()] });
    let page = render_campaign(&report).expect("a page");
    assert!(!page.contains(evil));
}
