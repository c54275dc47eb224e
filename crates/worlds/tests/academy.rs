//! The academy from outside: what its files hold, and that the truth is true of them.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::sync::LazyLock;

use worlds::academy::{self, FILES, Rows, Settings, Tables};

const STUDENTS: u32 = 3_000;

static ACADEMY: LazyLock<Tables> = LazyLock::new(|| simulate(STUDENTS, 7));

fn simulate(students: u32, seed: u64) -> Tables {
    academy::tables(&Settings::new(students, seed)).expect("valid settings")
}

/// Rows as maps from column to text.
fn records(rows: &Rows) -> Vec<HashMap<String, String>> {
    csv::Reader::from_reader(rows.0.as_bytes()).deserialize().map(|row| row.expect("well-formed")).collect()
}

/// One column as numbers; empty is NaN.
fn numbers(records: &[HashMap<String, String>], column: &str) -> Vec<f64> {
    records.iter().map(|row| row[column].parse().unwrap_or(f64::NAN)).collect()
}

fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, count) = values.into_iter().fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

/// Area under the ROC curve by ranks; ties are rare enough among probabilities of six places.
fn auc(scores: &[f64], left: &[f64]) -> f64 {
    let mut order: Vec<_> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let (mut stayers, mut below) = (0.0, 0.0);
    for &row in &order {
        if left[row] == 1.0 {
            below += stayers;
        } else {
            stayers += 1.0;
        }
    }
    below / (stayers * (scores.len() as f64 - stayers))
}

#[test]
fn a_seed_is_a_world() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str, seed| {
        let out = folder.path().join(name);
        let mut done = Vec::new();
        let settings = Settings::new(300, seed);
        let summary = academy::write(&settings, &out, &mut |students, _| done.push(students)).unwrap();
        assert_eq!((summary.students, done.last()), (300, Some(&300)));
        let files = FILES.map(|file| fs::read_to_string(out.join(file)).unwrap());
        assert_eq!(summary.bytes, files.iter().map(|text| text.len() as u64).sum::<u64>());
        files
    };
    let first = read("a", 1);
    assert_eq!(first, read("b", 1));
    assert_ne!(first, read("c", 2));
    assert_eq!(first.each_ref(), simulate(300, 1).in_order().map(|rows| &rows.0));
}

#[test]
fn threads_change_nothing() {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| simulate(2_000, 3))
    };
    assert!(on(1) == on(2));
}

#[test]
fn rates_are_those_of_an_academy() {
    let academy = &*ACADEMY;
    let attendance = records(&academy.attendance);
    let came = mean(attendance.iter().map(|row| f64::from(matches!(row["status"].as_str(), "present" | "late"))));
    assert!((0.80..0.90).contains(&came), "attendance {came}");
    let homework = records(&academy.homework);
    let due = homework.iter().filter(|row| row["due_at"].as_str() < "2026-11-10");
    let done = mean(due.map(|row| f64::from(!row["submitted_at"].is_empty())));
    assert!((0.70..0.82).contains(&done), "homework {done}");
    let truth = records(&academy.truth);
    let cutoffs: HashSet<_> = truth.iter().map(|row| row["cutoff"].clone()).collect();
    assert!(cutoffs.len() == 14 && cutoffs.contains("2026-11-20") && cutoffs.contains("2026-10-21"));
    for cutoff in cutoffs {
        let at_cutoff: Vec<_> = truth.iter().filter(|row| row["cutoff"] == cutoff).cloned().collect();
        let left = mean(numbers(&at_cutoff, "left_30d"));
        assert!((0.02..0.09).contains(&left), "{cutoff}: {left}");
    }
    let left = mean(numbers(&truth, "left_30d"));
    assert!((0.04..0.07).contains(&left), "left {left}");
    let starts = records(&academy.students);
    let starts_in = |month: &str| starts.iter().filter(|row| &row["started_on"][..7] == month).count();
    assert!(starts_in("2026-09") > 2 * starts_in("2026-07"));
}

#[test]
fn the_truth_ranks_and_is_calibrated() {
    let truth = records(&ACADEMY.truth);
    let (hazard, left) = (numbers(&truth, "hazard_30d"), numbers(&truth, "left_30d"));
    let area = auc(&hazard, &left);
    assert!((0.82..0.90).contains(&area), "oracle AUC {area}");
    assert!((mean(hazard.iter().copied()) / mean(left.iter().copied()) - 1.0).abs() < 0.08);
    for (low, high) in [(0.0, 0.02), (0.02, 0.1), (0.1, 0.3), (0.3, 1.0)] {
        let rows = || hazard.iter().zip(&left).filter(|&(&hazard, _)| hazard >= low && hazard < high);
        let (expected, seen) = (mean(rows().map(|row| *row.0)), mean(rows().map(|row| *row.1)));
        let error = 3.5 * (expected * (1.0 - expected) / rows().count() as f64).sqrt();
        assert!((expected - seen).abs() < error + 0.003, "{low}: {expected} {seen}");
    }
}

#[test]
fn each_action_helps_most_where_it_fits_and_not_everyone() {
    let truth = records(&ACADEMY.truth);
    let alone = numbers(&truth, "p_stay_none");
    let gains = |action: &str| -> Vec<f64> {
        let stays = numbers(&truth, &format!("p_stay_{action}"));
        stays.iter().zip(&alone).map(|(stays, alone)| stays - alone).collect()
    };
    let all = ["mentor_call", "whatsapp_reminder", "payment_reminder", "extra_support", "meeting"].map(gains);
    for gain in &all {
        assert!(mean(gain.iter().copied()) > 0.0);
    }
    let for_cause = |cause: &str, action: usize| {
        mean(truth.iter().zip(&all[action]).filter(|(row, _)| row["cause"] == cause).map(|(_, gain)| *gain))
    };
    for (cause, best) in [("motivation", 0), ("silence", 0), ("money", 2), ("difficulty", 3), ("life_event", 4)] {
        let best_gain = for_cause(cause, best);
        assert!((0..5).all(|action| action == best || for_cause(cause, action) < best_gain), "{cause}");
    }
    let harmed = mean(all[1].iter().map(|&gain| f64::from(gain < 0.0)));
    assert!((0.1..0.3).contains(&harmed), "harmed by WhatsApp: {harmed}");
}

#[test]
fn treated_students_leave_more_although_treatment_helps() {
    let academy = &*ACADEMY;
    let actions = records(&academy.actions);
    let randomised = actions.iter().filter(|row| row["randomised"] == "true");
    assert!(randomised.clone().all(|row| row["propensity"] == "0.1667"));
    assert!(randomised.clone().any(|row| row["action"] == "none"));
    assert!(actions.iter().all(|row| row["randomised"] == "true" || row["propensity"].is_empty()));
    let day = |text: &str| text[..10].parse::<jiff::civil::Date>().expect("a date");
    let mut acted_on: HashMap<&str, Vec<_>> = HashMap::new();
    for row in actions.iter().filter(|row| row["action"] != "none") {
        acted_on.entry(&row["student_id"]).or_default().push(day(&row["at"]));
    }
    let was_treated = |row: &HashMap<String, String>| {
        let days_since = |acted: &jiff::civil::Date| (day(&row["cutoff"]) - *acted).get_days();
        acted_on
            .get(row["student_id"].as_str())
            .is_some_and(|days| days.iter().any(|d| (0..14).contains(&days_since(d))))
    };
    let (treated, untreated): (Vec<_>, Vec<_>) = records(&academy.truth).into_iter().partition(was_treated);
    let (treated, untreated) = (mean(numbers(&treated, "left_30d")), mean(numbers(&untreated, "left_30d")));
    assert!(treated > 2.0 * untreated, "{treated} {untreated}");
}

#[test]
fn the_export_knows_nothing_of_the_future_and_little_of_tidiness() {
    let academy = &*ACADEMY;
    for rows in academy.in_order().into_iter().take(FILES.len() - 1) {
        for row in records(rows) {
            let moments = row.iter().filter(|(column, _)| column.ends_with("_at") && *column != "due_at");
            assert!(moments.clone().all(|(_, moment)| moment.as_str() < "2026-11-21"), "{row:?}");
        }
    }
    let students = records(&academy.students);
    assert_eq!(students.len(), STUDENTS as usize);
    let left_on: HashMap<_, _> = students.iter().map(|row| (&row["student_id"], &row["left_on"])).collect();
    let attendance = records(&academy.attendance);
    let after = attendance.iter().filter(|row| {
        let left_on = left_on[&row["student_id"]];
        !left_on.is_empty() && row["lesson_at"].as_str() >= left_on.as_str()
    });
    assert_eq!(after.count(), 0);
    assert!(students.iter().all(|row| row["left_on"].is_empty() == (row["status"] != "left")));
    let ids: HashSet<_> = attendance.iter().map(|row| &row["attendance_id"]).collect();
    let corrected = 1.0 - ids.len() as f64 / attendance.len() as f64;
    let unknown = mean(attendance.iter().map(|row| f64::from(row["status"].is_empty())));
    let late = mean(attendance.iter().map(|row| f64::from(row["entered_at"][..10] != row["lesson_at"][..10])));
    assert!((0.005..0.05).contains(&corrected) && (0.001..0.01).contains(&unknown), "{corrected} {unknown}");
    assert!((0.06..0.2).contains(&late), "entered late: {late}");
    assert!(students.iter().all(|row| row["phone"].is_empty() || row["phone"].starts_with("+992 000 ")));
}

#[test]
fn settings_out_of_range_say_what_is_expected() {
    let with = |change: fn(&mut Settings)| {
        let mut settings = Settings::new(300, 1);
        change(&mut settings);
        academy::tables(&settings).expect_err("refused").to_string()
    };
    assert_eq!(with(|settings| settings.students = 0), "students is 0: expected 1 to 4000000");
    assert_eq!(with(|settings| settings.history_days = 5), "history_days is 5: expected 60 to 3650");
    assert!(with(|settings| settings.cutoffs.reverse()).ends_with("expected days in order"));
    assert_eq!(
        with(|settings| settings.cutoffs = vec![settings.end.plus(1)]),
        "cutoffs is 2026-11-21: expected days up to 2026-11-20"
    );
}
