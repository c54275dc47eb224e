//! Scores and reasons beside the truth of a simulated academy, which no file that is read holds.
//!
//! The model learns from the files as they were on the first day that is judged; what came after is new to it.

use std::collections::{BTreeMap, HashMap};

use app::judge::judge;
use app::model;
use app::progress::Silent;
use domain::{Band, Chance, Day};
use learn::metrics::{Ranking, auc, calibration_error};

use crate::support::{House, end};

/// Days before the end of the data that are judged; the truth is told for each.
const JUDGED_DAYS: [i32; 2] = [-60, -30];

/// A student on a judged day.
struct Case {
    probability: f64,
    is_high: bool,
    is_medium: bool,
    /// Family of the strongest reason told.
    family: Option<String>,
    /// Chance to stay by action, doing nothing under `none`.
    chances: BTreeMap<String, Chance>,
    truth: Truth,
}

/// What the simulator knows of a student on a day.
#[derive(Clone)]
struct Truth {
    hazard: f64,
    left: bool,
    cause: String,
    /// Probability to stay by action, and if nothing is done.
    stays: BTreeMap<String, f64>,
}

#[test]
fn scores_come_close_to_the_oracle_and_reasons_name_the_planted_causes() {
    let cases = cases(5_000, 2_027);
    let (ours, oracle) = (auc_of(&cases, |case| case.probability), auc_of(&cases, |case| case.truth.hazard));
    let ece = calibration_error(&ranking(&cases, |case| case.probability)).expect("both classes");
    println!("AUC {ours:.4}, of the oracle {oracle:.4}; calibration error {ece:.4}; {} cases", cases.len());
    let high: Vec<&Case> =
        cases.iter().filter(|case| case.is_high && case.family.is_some() && case.truth.cause != "none").collect();
    let agrees = high.iter().filter(|case| shows_first(&case.truth.cause, case)).count();
    println!("the top reason of {agrees} of {} at high risk is where their cause shows first", high.len());
    for cause in ["motivation", "money", "difficulty", "life_event", "silence"] {
        let mut told: BTreeMap<&str, usize> = BTreeMap::new();
        for case in high.iter().filter(|case| case.truth.cause == cause) {
            *told.entry(case.family.as_deref().unwrap_or_default()).or_default() += 1;
        }
        println!("  {cause}: {told:?}");
    }
    // What the same reasons would reach if they were told of anyone.
    let by_chance = high.iter().flat_map(|other| high.iter().filter(|case| shows_first(&other.truth.cause, case)));
    let by_chance = by_chance.count() / high.len();
    // A guard against getting worse, not the aim: 0.025 to 0.040 below the oracle was seen at this size, where chance
    // alone moves the gap by about 0.01. The aim is 0.02 and is not reached yet.
    assert!(ours > oracle - 0.05, "AUC {ours} against {oracle} of the true hazard");
    assert!(ece < 0.02, "calibration error {ece}");
    assert!(agrees > by_chance * 5 / 4, "{agrees} of {} agree, {by_chance} by chance", high.len());
}

#[test]
fn three_hundred_students_give_scores_of_use() {
    let cases = cases(300, 31);
    let mean = |of: fn(&Case) -> f64| cases.iter().map(of).sum::<f64>() / cases.len() as f64;
    let (expected, actual) = (mean(|case| case.probability), mean(|case| case.truth.hazard));
    let left = mean(|case| f64::from(u8::from(case.truth.left)));
    let (ours, oracle) = (auc_of(&cases, |case| case.probability), auc_of(&cases, |case| case.truth.hazard));
    println!(
        "mean {expected:.4}, truly {actual:.4}, left {left:.4}; AUC {ours:.3}, of the oracle {oracle:.3}; {} cases",
        cases.len()
    );
    assert!(expected > actual / 2.0 && expected < actual * 2.0, "mean probability {expected}, truly {actual}");
    assert!(ours > 0.65, "AUC {ours}");
}

#[test]
fn chances_of_actions_come_close_to_what_they_would_have_done() {
    let cases = cases(5_000, 4_051);
    let looked_at: Vec<&Case> = cases.iter().filter(|case| case.is_high || case.is_medium).collect();
    let mean = |of: &dyn Fn(&Case) -> f64| looked_at.iter().map(|case| of(case)).sum::<f64>() / looked_at.len() as f64;
    println!("{} students in the medium and high bands", looked_at.len());
    for action in looked_at[0].chances.keys() {
        let truth = mean(&|case| case.truth.stays[action]);
        let [said, low, high] = [
            mean(&|case| case.chances[action].mean.get()),
            mean(&|case| case.chances[action].low.get()),
            mean(&|case| case.chances[action].high.get()),
        ];
        println!("{action:<18} truly {truth:.3}, said {said:.3} ({low:.3} to {high:.3})");
        assert!((said - truth).abs() < 0.12, "{action}: said {said}, truly {truth}");
    }
}

/// Everyone at risk on the judged days of a world.
fn cases(students: u32, seed: u64) -> Vec<Case> {
    let house = House::academy(students, seed);
    let truth = truth(&house);
    let first = end().plus(JUDGED_DAYS[0]);
    let past = house.rewritten("past", |times, table| times.cut(table, first));
    house.train_on(&past, "model").unwrap_or_else(|error| panic!("{error}"));
    let project = house.project(&house.data(), "model").unwrap_or_else(|error| panic!("{error}"));
    let model = model::open(&project.model).unwrap_or_else(|error| panic!("{error}"));
    let mut cases = Vec::new();
    for day in JUDGED_DAYS.map(|days| end().plus(days)) {
        let judged = judge(&project, &model, day, &Silent).unwrap_or_else(|error| panic!("{error}"));
        cases.extend(judged.judgements.iter().map(|judgement| {
            Case {
                probability: judgement.probability.get(),
                is_high: judgement.band == Band::High,
                is_medium: judgement.band == Band::Medium,
                chances: judgement
                    .decision
                    .prospects
                    .iter()
                    .map(|prospect| (prospect.action.as_ref().map_or("none", |id| &id.0).to_owned(), prospect.chance))
                    .collect(),
                family: judgement.told.first().map(|reason| reason.family.0.to_string()),
                truth: truth[&(judged.loaded.keys[judgement.subject as usize].clone(), day)].clone(),
            }
        }));
    }
    cases
}

fn truth(house: &House) -> HashMap<(String, Day), Truth> {
    let mut reader = csv::Reader::from_path(house.data().join("truth/truth.csv")).expect("the truth");
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|column| column == name).expect("a column of the truth");
    let [student, cutoff, hazard, left, cause] =
        ["student_id", "cutoff", "hazard_30d", "left_30d", "cause"].map(column);
    let rows = reader.records().map(|row| {
        let row = row.expect("a row");
        let day = Day::from_date(row[cutoff].parse().expect("a date"));
        let hazard = row[hazard].parse().expect("a probability");
        let stays = header.iter().zip(&row).filter_map(|(name, cell)| {
            Some((name.strip_prefix("p_stay_")?.to_owned(), cell.parse().expect("a probability")))
        });
        let truth = Truth { hazard, left: &row[left] == "1", cause: row[cause].to_owned(), stays: stays.collect() };
        ((row[student].to_owned(), day), truth)
    });
    rows.collect()
}

fn ranking(cases: &[Case], score: fn(&Case) -> f64) -> Ranking {
    let scores: Vec<f64> = cases.iter().map(score).collect();
    let left: Vec<bool> = cases.iter().map(|case| case.truth.left).collect();
    Ranking::new(&scores, &left, None)
}

fn auc_of(cases: &[Case], score: fn(&Case) -> f64) -> f64 {
    auc(&ranking(cases, score)).expect("some left and some stayed")
}

/// Whether the strongest reason is of a family in which a cause shows first.
fn shows_first(cause: &str, case: &Case) -> bool {
    let families: &[&str] = match cause {
        "motivation" | "life_event" => &["attendance", "homework"],
        "money" => &["payment"],
        "difficulty" => &["tests", "progress"],
        "silence" => &["communication"],
        other => panic!("unknown cause {other}"),
    };
    case.family.as_deref().is_some_and(|family| families.contains(&family))
}
