//! Scores and reasons beside the truth of simulated academies, which no file that is read holds.
//!
//! Judged is the last day of the data, as it is where the program is used. The truth of that day is each student's
//! probability to leave, so metrics are expected values: a student counts as leaving with the weight of the true hazard and
//! as staying with the rest, and who happens to leave adds no noise. `bench/worlds` measures the same over many worlds.

use std::collections::{BTreeMap, HashMap};

use app::judge::judge;
use app::model;
use app::progress::Silent;
use domain::{Band, Chance};
use learn::metrics::{Ranking, auc, calibration_error};

use crate::support::{House, Table, end};

/// A student on the last day of a world.
struct Case {
    probability: f64,
    is_high: bool,
    is_medium: bool,
    /// Family of the strongest reason told.
    family: Option<String>,
    /// The share of the last 30 days' lessons that were missed.
    missed: f64,
    /// Chance to stay by action, doing nothing under `none`.
    chances: BTreeMap<String, Chance>,
    truth: Truth,
}

/// What the simulator knows of a student.
#[derive(Clone)]
struct Truth {
    hazard: f64,
    cause: String,
    /// Probability to stay by action, and if nothing is done.
    stays: BTreeMap<String, f64>,
}

#[test]
fn scores_come_close_to_the_oracle_and_reasons_name_the_planted_causes() {
    // Enough to come within the bound with some room: at 5,000 students worlds lie on both sides of it.
    let cases = cases(10_000, 2_027);
    let (ours, oracle) = (auc_of(&cases, |case| case.probability), auc_of(&cases, |case| case.truth.hazard));
    let error = calibration_error(&expected(&cases, |case| case.probability)).expect("students");
    println!("AUC {ours:.4}, of the oracle {oracle:.4}; calibration error {error:.4}; {} students", cases.len());
    assert!(ours > oracle - 0.02, "AUC {ours} against {oracle} of the true hazard");
    assert!(error < 0.02, "calibration error {error}");

    let high: Vec<&Case> =
        cases.iter().filter(|case| case.is_high && case.family.is_some() && case.truth.cause != "none").collect();
    for cause in ["motivation", "money", "difficulty", "life_event", "silence"] {
        let of_cause: Vec<&&Case> = high.iter().filter(|case| case.truth.cause == cause).collect();
        let share =
            |cases: &[&&Case]| cases.iter().filter(|case| shows_first(cause, case)).count() as f64 / cases.len() as f64;
        let (agree, anyone) = (share(&of_cause), share(&high.iter().collect::<Vec<_>>()));
        println!("{cause}: {agree:.2} of {} are told of it first, {anyone:.2} of anyone at high risk", of_cause.len());
        // With next to no cases a share says nothing.
        assert!(of_cause.len() >= 5, "{cause}: {} at high risk", of_cause.len());
        assert!(agree > 0.5, "{cause}: {agree:.2} are told of it first");
        assert!(agree > anyone * 5.0 / 4.0, "{cause}: {agree:.2} are told of it first, and {anyone:.2} of anyone");
    }
    chances_come_close(&cases);
}

#[test]
fn three_hundred_students_give_scores_of_use() {
    let worlds = [31, 32, 33, 34, 35].map(|seed| cases(300, seed));
    let students = || worlds.iter().flatten();
    let (said, truly) =
        (students().map(|case| case.probability).sum::<f64>(), students().map(|case| case.truth.hazard).sum::<f64>());
    let mean_auc = |score: fn(&Case) -> f64| worlds.iter().map(|cases| auc_of(cases, score)).sum::<f64>() / 5.0;
    let (ours, rule) = (mean_auc(|case| case.probability), mean_auc(|case| case.missed));
    println!(
        "{said:.1} of {} said to leave, {truly:.1} truly; AUC {ours:.3}, of the rule {rule:.3}",
        students().count()
    );
    assert!(said > truly * 0.75 && said < truly * 1.33, "{said} said to leave, truly {truly}");
    assert!(ours > 0.75, "AUC {ours}");
    assert!(ours > rule, "AUC {ours}; who only counts missed lessons has {rule}");
}

/// Chances of actions beside what they would have done, on average over those they are meant for.
///
/// A guard only: experts' words of the contract are part of the chances, and the world does not know them.
fn chances_come_close(cases: &[Case]) {
    let looked_at: Vec<&Case> = cases.iter().filter(|case| case.is_high || case.is_medium).collect();
    let mean = |of: &dyn Fn(&Case) -> f64| looked_at.iter().map(|case| of(case)).sum::<f64>() / looked_at.len() as f64;
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

/// Everyone at risk on the last day of a world, scored with a model of its past.
fn cases(students: u32, seed: u64) -> Vec<Case> {
    let house = House::academy(students, seed);
    house.train().unwrap_or_else(|error| panic!("{error}"));
    let project = house.project(&house.data(), "model").unwrap_or_else(|error| panic!("{error}"));
    let model = model::open(&project.model).unwrap_or_else(|error| panic!("{error}"));
    let judged = judge(&project, &model, end(), &Silent).unwrap_or_else(|error| panic!("{error}"));
    let (truth, missed) = (truth(&house), missed_of_late(&house));
    let case = |judgement: &app::judge::Judgement| {
        let key = &judged.loaded.keys[judgement.subject as usize];
        let prospects = judgement.decision.prospects.iter();
        let chance = |prospect: &domain::Prospect| {
            (prospect.action.as_ref().map_or("none", |id| &id.0).to_owned(), prospect.chance)
        };
        Case {
            probability: judgement.probability.get(),
            is_high: judgement.band == Band::High,
            is_medium: judgement.band == Band::Medium,
            family: judgement.told.first().map(|reason| reason.family.0.to_string()),
            missed: missed.get(key).copied().unwrap_or_default(),
            chances: prospects.map(chance).collect(),
            truth: truth[key].clone(),
        }
    };
    judged.judgements.iter().map(case).collect()
}

/// The truth of the last day, by student.
fn truth(house: &House) -> HashMap<String, Truth> {
    let table = Table::read(&house.data().join("truth/truth.csv"));
    let [student, cutoff, hazard, cause] =
        ["student_id", "cutoff", "hazard_30d", "cause"].map(|name| table.column(name));
    let today = table.rows.iter().filter(|row| row[cutoff] == end().to_string());
    let truth = |row: &Vec<String>| {
        let hazard = row[hazard].parse().expect("a probability");
        let stays = table.header.iter().zip(row).filter_map(|(name, cell)| {
            Some((name.strip_prefix("p_stay_")?.to_owned(), cell.parse().expect("a probability")))
        });
        (row[student].clone(), Truth { hazard, cause: row[cause].clone(), stays: stays.collect() })
    };
    today.map(truth).collect()
}

/// What a mentor without a model may go by: the share of the last 30 days' lessons that a student missed.
fn missed_of_late(house: &House) -> HashMap<String, f64> {
    let table = Table::read(&house.data().join("attendance.csv"));
    let [lesson, student, at, status] =
        ["attendance_id", "student_id", "lesson_at", "status"].map(|name| table.column(name));
    let first = end().plus(-29).to_string();
    // A row that corrects another has its key and comes later.
    let mut lessons: HashMap<&str, (&str, &str)> = HashMap::new();
    for row in table.rows.iter().filter(|row| row[at][..10] >= *first && !row[status].is_empty()) {
        lessons.insert(&row[lesson], (&row[student], &row[status]));
    }
    let mut counts: HashMap<String, (f64, f64)> = HashMap::new();
    for (student, status) in lessons.into_values() {
        let (missed, held) = counts.entry(student.to_owned()).or_default();
        *missed += f64::from(u8::from(matches!(status, "absent" | "excused")));
        *held += 1.0;
    }
    counts.into_iter().map(|(student, (missed, held))| (student, missed / held)).collect()
}

/// Everyone twice: leaving with the weight of the hazard, staying with the rest.
fn expected(cases: &[Case], score: fn(&Case) -> f64) -> Ranking {
    let scores: Vec<f64> = cases.iter().chain(cases).map(score).collect();
    let leaving: Vec<bool> = (0..2 * cases.len()).map(|row| row < cases.len()).collect();
    let hazards = cases.iter().map(|case| case.truth.hazard);
    let weights: Vec<f64> = hazards.clone().chain(hazards.map(|hazard| 1.0 - hazard)).collect();
    Ranking::new(&scores, &leaving, Some(&weights))
}

fn auc_of(cases: &[Case], score: fn(&Case) -> f64) -> f64 {
    auc(&expected(cases, score)).expect("hazards between nought and one")
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
