//! The analyst's page as a reader gets it.

mod markup;
mod telecom;

use domain::Locale;
use markup::{asks_network, nesting_error, section};
use report::render_study;
use report::study::{Distribution, Limit, Shown, Slice, StatedBy, StudyReport, VariableKind, Verdict};
use telecom::telecom;

fn page(report: &StudyReport) -> String {
    render_study(report).expect("a page")
}

/// Without another file, cutoffs, or anything else that may be left out.
fn alone(locale: Locale) -> StudyReport {
    StudyReport { notice: None, compared_with: None, made_on: None, drift: None, ..telecom(locale, 12) }
}

const SECTIONS: [&str; 13] = [
    "variables",
    "groups",
    "baselines",
    "learning",
    "balance",
    "selection",
    "importance",
    "calibration",
    "top",
    "economics",
    "hardest",
    "drift",
    "card",
];

#[test]
fn tags_nest_in_every_language_with_sections_and_without() {
    for locale in Locale::ALL {
        for report in [telecom(locale, 60), telecom(locale, 0), alone(locale)] {
            assert_eq!(nesting_error(&page(&report)), None, "{locale:?}");
        }
    }
}

#[test]
fn nothing_is_asked_of_the_network() {
    assert_eq!(asks_network(&page(&telecom(Locale::Ru, 60))), None);
}

#[test]
fn sections_stand_in_the_order_an_analyst_reads() {
    let page = page(&telecom(Locale::Ru, 60));
    let places: Vec<_> =
        SECTIONS.iter().map(|id| page.find(&format!("<section id=\"{id}\"")).expect("every section")).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.find("<section id=\"method\"").expect("the method") > places[12]);
    for id in SECTIONS {
        assert!(!section(&page, id).contains("class=\"empty\""), "{id}");
    }
}

#[test]
fn with_nothing_to_compare_drift_says_so_and_shows_no_table() {
    let page = page(&alone(Locale::Ru));
    let section = section(&page, "drift");
    assert!(section.contains("class=\"empty\"") && !section.contains("<table"));
    assert!(section.contains("Сравнивать не с чем"));
}

#[test]
fn numbers_follow_the_language() {
    let ru = page(&telecom(Locale::Ru, 60));
    assert!(section(&ru, "baselines").contains("<b>0,734</b> <span class=\"muted\">0,726–0,742</span>"));
    assert!(ru.contains("<b>50\u{a0}000</b>") && ru.contains("7,3\u{a0}%") && !ru.contains("0.2352"));
    assert!(section(&ru, "balance").contains("\u{2212}0,002 <span class=\"muted\">\u{2212}0,007…+0,003</span>"));
    let en = page(&telecom(Locale::En, 60));
    assert!(section(&en, "baselines").contains("<b>0.734</b> <span class=\"muted\">0.726–0.742</span>"));
    assert!(en.contains("<b>50,000</b>") && en.contains("7.3%"));
}

#[test]
fn the_summary_holds_the_key_numbers_and_cautions() {
    let mut report = telecom(Locale::Ru, 230);
    let head = |report: &StudyReport| {
        let page = page(report);
        page[..page.find("<section id=\"variables\"").expect("the first section")].to_owned()
    };
    // Nobody has said what a contact costs: no money heads the page.
    assert!(!head(&report).contains("Выгоднее всего связаться"));
    report.economics.as_mut().expect("the sample has it").assumptions.contact_stated_by = StatedBy::Reader;
    let head = head(&report);
    for words in [
        "50\u{a0}000 строк и 230 столбцов",
        "<b>0,734</b><small>0,726–0,742</small>",
        "<b>0,2352</b><small>одна доля на всех: 0,2626</small>",
        "в 73 случаях из 100",
        "Выгоднее всего связаться с 6\u{a0}% списка",
        "Новые данные помогут",
        "В данных нет времени",
        "Остальные — в карточке модели",
    ] {
        assert!(head.contains(words), "{words}");
    }
}

#[test]
fn text_from_data_stays_text() {
    let evil = "<script>alert(1)</script>\"'&{{x}}";
    let mut report = telecom(Locale::En, 30);
    for text in [&mut report.organisation, &mut report.source, &mut report.target] {
        *text = evil.to_owned();
    }
    report.compared_with = Some(evil.to_owned());
    report.notice = Some(evil.to_owned());
    let variables = &mut report.variables;
    for variable in &mut variables.variables {
        variable.name = evil.to_owned();
        if let Distribution::Category { levels, .. } = &mut variable.distribution {
            levels.iter_mut().for_each(|level| level.name = evil.to_owned());
        }
    }
    let groups = &mut report.groups;
    groups.constants = vec![evil.to_owned()];
    groups.duplicates = vec![vec![evil.to_owned(); 2]];
    groups.groups[0].representative = evil.to_owned();
    groups.groups[0].columns = vec![evil.to_owned(); 9];
    groups.strongest[0].first = evil.to_owned();
    report.baselines.models[1].variable = Some(evil.to_owned());
    report.selection.order = vec![evil.to_owned(); 30];
    report.importance.variables[0].name = evil.to_owned();
    report.economics.as_mut().expect("the sample has it").assumptions.action = Some(evil.to_owned());
    let hardest = &mut report.hardest;
    hardest.variables[0] = evil.to_owned();
    hardest.missed[0].subject = evil.to_owned();
    hardest.missed[0].values[1] = Shown::Level(evil.to_owned());
    let drift = report.drift.as_mut().expect("the sample has it");
    drift.variables[0].new_levels = vec![evil.to_owned()];
    drift.extra_columns = vec![evil.to_owned()];
    drift.domain.gives_away[0].name = evil.to_owned();
    let card = &mut report.card;
    report.variables.left_out[0].name = evil.to_owned();
    card.subgroups[0].slice = Slice::Level { name: evil.to_owned() };
    card.limits.push(Limit::OneVariable { variable: evil.to_owned(), share: 0.6 });
    let page = page(&report);
    assert_eq!(page.matches("<script").count(), 1, "the page's own");
    assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#38;{{x}}"));
    assert_eq!(nesting_error(&page), None);
}

#[test]
fn a_wide_table_makes_a_small_page() {
    let page = page(&telecom(Locale::Ru, 230));
    let table = section(&page, "variables");
    assert_eq!(table.matches("<tr data-name").count(), 230);
    assert!(table.contains("<details class=\"block\"><summary>Таблица: все 230 переменных"), "folded");
    assert!(page.len() < 1_500_000, "{}", page.len());
    assert!(section(&self::page(&telecom(Locale::Ru, 30)), "variables").contains("<details class=\"block\" open>"));
}

#[test]
fn variables_that_surely_differ_come_first() {
    let report = telecom(Locale::En, 60);
    let page = page(&report);
    let table = section(&page, "variables");
    let sure = |name: &str| {
        let all = &report.variables.variables;
        all.iter().any(|variable| variable.name == name && variable.difference.is_some_and(|test| test.q < 0.05))
    };
    let names = table.split("<tr data-name=\"").skip(1).map(|row| row.split('"').next().expect("a name"));
    let order: Vec<_> = names.map(sure).collect();
    assert!(order.contains(&true) && order.contains(&false));
    assert!(order.is_sorted_by_key(|sure| !sure), "{order:?}");
}

#[test]
fn mostly_empty_variables_are_drawn_last_and_say_what_differs() {
    let mut report = telecom(Locale::En, 60);
    // All differ for sure and by as much; every other one is mostly empty, and the last only by being missing.
    for (at, variable) in report.variables.variables.iter_mut().enumerate() {
        let test = variable.difference.as_mut().or(variable.missing_difference.as_mut()).expect("a test");
        (test.q, test.effect, test.effect_interval) = (0.001, 0.7, [0.65, 0.75]);
        variable.missing.share = if at % 2 == 0 { 0.97 } else { 0.01 };
    }
    let last = report.variables.variables.last_mut().expect("variables");
    last.difference.as_mut().expect("a test").q = 0.4;
    last.missing_difference.as_mut().expect("a test").q = 0.001;
    let last = last.name.clone();
    let page = page(&report);
    let section = section(&page, "variables");
    let filled: Vec<bool> = section.split("filled: ").skip(1).map(|text| text.starts_with("99.0%")).collect();
    assert!(filled.len() >= 8 && filled[..8].iter().all(|filled| *filled), "{filled:?}");
    let sentence = section.split("being missing does (left / stayed): ").nth(1).expect("a sentence");
    assert!(sentence.split("</p>").next().is_some_and(|names| names.contains(&format!("{last} ("))), "{sentence:.200}");
    assert!(section.contains("what differs: values; "));
}

#[test]
fn dates_ranges_and_recipes_are_in_the_readers_language() {
    let mut report = telecom(Locale::Ru, 30);
    let date = &mut report.variables.variables[0];
    date.kind = VariableKind::Date;
    let Distribution::Number { leaving: Some(leaving), .. } = &mut date.distribution else { panic!("a number") };
    leaving.p50 = 20_777.0;
    report.hardest.missed[0].values[0] = Shown::Day(20_777);
    report.card.subgroups[0].slice = Slice::Days { after: Some(20_777), until: None };
    report.drift.as_mut().expect("a file").variables[0].kind = VariableKind::Date;
    report.drift.as_mut().expect("a file").variables[0].median_first = Some(20_777.0);
    let page = page(&report);
    for id in ["variables", "hardest", "card", "drift"] {
        assert!(section(&page, id).contains("20\u{a0}ноября 2026"), "{id}");
    }
    let card = section(&page, "card");
    assert!(
        card.contains("среднее: 70\u{a0}% (ансамбль деревьев, листьев 16, шагов 368, значения и пары как уровни) + 30")
    );
    assert!(card.contains("больше 0, до 14,5 включительно"));
}

#[test]
fn lost_and_emptied_columns_are_told_of_first() {
    let mut report = telecom(Locale::En, 30);
    let drift = report.drift.as_ref().expect("a file");
    assert_eq!(
        (drift.missing_columns.as_slice(), drift.emptied_columns.as_slice()),
        (&["Var1".to_owned()][..], &["Var2".to_owned()][..])
    );
    report.card.limits.insert(0, Limit::LostColumns { variables: drift.missing_columns.clone() });
    report.card.limits.insert(1, Limit::EmptiedColumns { variables: drift.emptied_columns.clone() });
    let page = page(&report);
    let told = "A column is gone: Var1. A column has become empty: Var2. ";
    assert!(section(&page, "drift").contains(&format!("<p class=\"verdict\">{told}")));
    let head = &page[..page.find("<section id=\"variables\"").expect("the first section")];
    assert!(
        head.contains(told) && head.contains("It cannot be scored as it is") && head.contains("Nearly all empty in")
    );
}

#[test]
fn columns_left_out_are_named_with_why() {
    let page = page(&telecom(Locale::En, 30));
    for id in ["variables", "card"] {
        let section = section(&page, id);
        for text in ["left out: closed_on", "left out: phone", "nothing new: note = remark"] {
            assert!(section.contains(text), "{id}: {text}");
        }
    }
}

#[test]
fn a_label_that_is_not_leaving_has_positives_and_no_leavers() {
    let words: [(Locale, &[&str]); 3] = [
        (Locale::En, &["leaver", "leaving", " leave ", "to leave", "stayed", "stayer", "churn"]),
        (Locale::Ru, &["ушл", "ушед", "ушёл", "уход", "уйд", "осталс", "остались", "оставш", "удерж", "отток"]),
        (Locale::Tg, &["рафт", "равад", "раванд", "монданд", "мондагон", "нигоҳ дошт"]),
    ];
    for (locale, of_leaving) in words {
        let mut report = StudyReport { is_leaving: false, target: "appetency".to_owned(), ..telecom(locale, 60) };
        report.card.limits.push(Limit::FewLeavers { leavers: 72 });
        let page = page(&report);
        let text = page[page.find("<main").expect("the page's text")..].to_lowercase();
        for word in of_leaving {
            let at = text.find(word).map(|at| text[..at].chars().rev().take(60).collect::<Vec<_>>());
            assert_eq!(at.map(|before| before.into_iter().rev().collect::<String>()), None, "{locale:?}: {word}");
        }
        assert_eq!(nesting_error(&page), None, "{locale:?}");
    }
    assert!(page(&telecom(Locale::En, 60)).contains("leavers differ from stayers"));
}

#[test]
fn every_chart_says_its_units_and_shows_its_uncertainty() {
    let page = page(&telecom(Locale::Ru, 60));
    let charts = page.matches("<svg class=\"chart\"").count();
    assert_eq!(charts, 8, "two of learning, two of selection, reliability, gains, profit, profit with every doubt");
    assert_eq!(page.matches("<p class=\"axis\">↑ ").count(), charts);
    assert_eq!(page.matches("<p class=\"axis across\">").count(), charts);
    for chart in page.split("<svg class=\"chart\"").skip(1) {
        let chart = &chart[..chart.find("</svg>").expect("its end")];
        assert!(chart.contains("<polygon"), "a band of what the curve may be");
        assert!(!chart.contains("NaN") && !chart.contains("inf"));
    }
    assert!(section(&page, "economics").contains("лучше всего 6\u{a0}%"), "the best share is marked");
}

#[test]
fn verdicts_follow_the_numbers() {
    let mut report = telecom(Locale::En, 30);
    let models = &mut report.baselines.models;
    let gains = models[2].gains.as_mut().expect("a baseline has gains");
    gains.log_loss.high = 0.0004;
    report.learning_curve.verdict = Verdict::Flat;
    let economics = report.economics.as_mut().expect("the sample has it");
    economics.best.share = 0.0;
    economics.assumptions.contact_stated_by = StatedBy::Reader;
    economics.threshold = 1.4;
    let calibration = &mut report.calibration;
    (calibration.slope.value, calibration.slope.high) = (0.8, 0.9);
    let selection = &mut report.selection;
    selection.smallest = 30;
    report.card.limits.clear();
    let page = page(&report);
    for (id, words) in [
        ("baselines", "It is not shown that the model is better"),
        ("learning", "More data would hardly help"),
        ("economics", "there is nobody to contact"),
        ("economics", "A contact pays at no probability"),
        ("calibration", "too sure of itself"),
        ("selection", "with fewer of them the model is worse than with all 30"),
        ("card", "Nothing calls for special caution"),
    ] {
        assert!(section(&page, id).contains(words), "{id}: {words}");
    }
    assert!(!section(&page, "economics").contains("placeholders"));
    assert!(section(&self::page(&telecom(Locale::En, 30)), "economics").contains("placeholders"));
}

#[test]
fn what_is_no_number_is_a_dash_and_breaks_no_chart() {
    let mut report = telecom(Locale::En, 30);
    let point = &mut report.learning_curve.points[0];
    (point.auc.value, point.auc.low, point.auc.high) = (f64::NAN, f64::NAN, f64::NAN);
    report.calibration.slope.value = f64::NAN;
    let page = page(&report);
    assert!(!page.contains("NaN"));
    assert_eq!(nesting_error(&page), None);
}

#[test]
fn the_same_study_gives_the_same_page() {
    assert_eq!(page(&telecom(Locale::Tg, 60)), page(&telecom(Locale::Tg, 60)));
}
