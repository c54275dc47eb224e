//! A study from outside: worlds with known truth, and what it has to find in them.

use std::collections::BTreeSet;

use domain::{Cutoff, Day};
use learn::{BoostSettings, Column, Dataset, Fitted, MISSING, Values, fit};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use study::{
    BaselineKind, Input, LeftOut, Limit, Settings, Sides, Study, StudyError, TreatmentKind, WhyLeftOut, study,
};

/// Subjects who leave by `strong` most of all, then by `kind`, then by `weak`; `copy` and `twin` repeat `strong`, `noise`
/// and `key` say nothing. Later days have more of `strong` where `drifts`.
fn world(subjects: u32, days: i32, drifts: bool, seed: u64) -> Dataset {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mut strong, mut twin, mut weak, mut noise) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut kind, mut key, mut label, mut cutoff, mut subject) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for id in 0..subjects {
        let of_kind = rng.random_range(0..4u32);
        for day in 0..days {
            let shift = if drifts { 2.0 * day as f64 / days as f64 } else { 0.0 };
            let s: f64 = rng.random_range(-2.0..2.0) + shift;
            let w: f64 = rng.random_range(-2.0..2.0);
            let margin = -2.6 + 1.2 * s + 0.4 * w + if of_kind == 3 { 1.2 } else { 0.0 };
            label.push(rng.random_bool(1.0 / (1.0 + (-margin).exp())));
            strong.push(s as f32);
            twin.push((s + rng.random_range(-0.1..0.1)) as f32);
            weak.push(if rng.random_bool(0.1) { f32::NAN } else { w as f32 });
            noise.push(rng.random_range(0.0..1.0f32));
            kind.push(if rng.random_bool(0.05) { MISSING } else { of_kind });
            key.push(id);
            cutoff.push(Cutoff(Day(day * 30)));
            subject.push(id);
        }
    }
    let named = |count: u32, prefix: &str| (0..count).map(|level| format!("{prefix}{level}")).collect::<Vec<_>>();
    let columns = vec![
        Column::number("noise", noise),
        Column::number("strong", strong.clone()),
        Column::number("copy", strong),
        Column::number("twin", twin),
        Column::number("weak", weak),
        Column::number("still", vec![1.0; label.len()]),
        Column::category("kind", kind, named(4, "k")),
        Column::category("key", key, named(subjects, "id")),
    ];
    Dataset { columns, label, cutoff, subject, weight: None }
}

fn settings() -> learn::Settings {
    let trees = BoostSettings { leaves: 6, learning_rate: 0.1, max_trees: 80, ..BoostSettings::default() };
    learn::Settings {
        reach_days: 30,
        chains: 2,
        bootstrap_draws: 50,
        boosted: vec![trees],
        ridges: vec![1e9],
        ..learn::Settings::default()
    }
}

fn fitted(dataset: &Dataset) -> Fitted {
    fit(dataset, &settings(), &|_| {}).expect("a world to learn from")
}

fn studied(dataset: &Dataset, fitted: &Fitted, other: Option<&[Column]>) -> Result<Study, StudyError> {
    let fit = settings();
    let keys: Vec<String> = (0..50).map(|code| format!("subject {code}")).collect();
    let (dates, left_out) = (BTreeSet::new(), [LeftOut { name: "phone".to_owned(), why: WhyLeftOut::Key }]);
    let input = Input {
        dataset,
        keys: &keys,
        model: &fitted.model,
        evaluation: &fitted.evaluation,
        fit: &fit,
        other,
        dates: &dates,
        left_out: &left_out,
    };
    study(&input, &Settings { draws: 100, ..Settings::default() }, &|_| {})
}

#[test]
fn a_flat_table_is_studied_wholly() {
    let data = world(4000, 1, false, 1);
    let fitted = fitted(&data);
    let found = studied(&data, &fitted, None).expect("a study");

    assert_eq!((found.about.rows, found.about.subjects, found.about.held_out_rows), (4000, 4000, 4000));
    let variable = |name: &str| found.variables.variables.iter().find(|v| v.name == name).expect("a variable");
    assert!(variable("strong").difference.is_some_and(|d| d.q < 1e-6 && d.effect > 0.7));
    assert!(variable("noise").difference.is_some_and(|d| d.q > 0.01 && (d.effect - 0.5).abs() < 0.05));
    assert!(variable("key").is_key_like && variable("still").is_constant);
    assert_eq!(found.groups.duplicates, [["strong", "copy"]]);
    assert_eq!(found.groups.constants, ["still"]);
    let left_out: Vec<_> = found.variables.left_out.iter().map(|left| (left.name.as_str(), left.why.clone())).collect();
    let copy = WhyLeftOut::Copy { of: "strong".to_owned() };
    assert_eq!(left_out, [("phone", WhyLeftOut::Key), ("still", WhyLeftOut::Constant), ("copy", copy)]);
    assert!(found.groups.groups[0].columns.iter().all(|name| ["strong", "copy", "twin"].contains(&name.as_str())));
    assert_eq!(found.groups.groups[0].columns.len(), 3);

    let models = &found.baselines.models;
    assert_eq!(
        models.iter().map(|model| model.kind).collect::<Vec<_>>(),
        [BaselineKind::BaseRate, BaselineKind::BestVariable, BaselineKind::Logistic, BaselineKind::Final,]
    );
    assert_eq!(models[0].auc.value, 0.5);
    assert!(["strong", "copy", "twin"].contains(&models[1].variable.as_deref().expect("a variable")));
    assert!(models[1].auc.value > 0.7 && models[3].auc.value > models[1].auc.value);
    let gains = models[1].gains.expect("a baseline");
    assert!(gains.auc.low > 0.0 && gains.log_loss.high < 0.0, "{gains:?}");
    // The held-out scores are those of the evaluation, so that its numbers come out again.
    assert!((models[3].auc.value - fitted.evaluation.auc.value).abs() < 1e-12);
    assert!((found.calibration.error.value - fitted.evaluation.calibration_error.value).abs() < 1e-12);

    let points = &found.learning_curve.points;
    assert_eq!(points.len(), 5);
    assert!(points.windows(2).all(|pair| pair[0].subjects < pair[1].subjects));
    assert!(points[4].auc.value > points[0].auc.value - 0.02);

    let [plain, weights, under] = &found.balance.treatments[..] else { panic!("three treatments") };
    assert_eq!(under.kind, TreatmentKind::Undersampling);
    assert_eq!(under.train_rows, 2 * under.train_leaving_rows);
    for treated in [weights, under] {
        assert!(treated.before.mean_said > 1.3 * plain.before.mean_said, "{treated:?} {plain:?}");
        assert!(treated.before.calibration_error.value > 3.0 * treated.after.calibration_error.value, "{treated:?}");
        assert!((treated.after.mean_said - treated.after.mean_happened).abs() < 0.01);
        assert!(treated.auc_gain.is_some_and(|gain| gain.value.abs() < 0.03));
    }

    let last = found.selection.points.last().expect("points");
    assert_eq!(last.variables, 8);
    assert!(found.selection.smallest <= 8 && found.selection.points.iter().any(|point| point.gap == 0.0));
    let weight = |name: &str| found.importance.variables.iter().find(|v| v.name == name).expect("a variable");
    assert!(weight("kind").auc_drop.is_some_and(|drop| drop.low > 0.0));
    assert!(weight("noise").auc_drop.is_some_and(|drop| drop.value.abs() < 0.02));
    let group = &found.importance.groups[0];
    let alone = weight("strong").auc_drop.expect("shuffled").value;
    assert!(group.auc_drop.is_some_and(|drop| drop.value > alone && drop.low > 0.1), "copies cover for each other");

    assert!(found.hardest.missed.iter().all(|case| case.left && case.probability < 0.3));
    assert!(found.hardest.false_alarms.iter().all(|case| !case.left && case.probability > 0.3));
    for case in found.hardest.missed.iter().chain(&found.hardest.false_alarms) {
        assert!(case.neighbours.iter().all(|near| near.subject != case.subject));
        assert!(case.neighbours.windows(2).all(|pair| pair[0].distance <= pair[1].distance));
        assert_eq!((case.neighbours.len(), case.values.len()), (5, found.hardest.variables.len()));
    }
    let all = found.top.shares.last().expect("shares");
    assert!((all.recall.value - 1.0).abs() < 1e-9 && (all.lift.value - 1.0).abs() < 1e-9);
    assert!(found.top.shares[3].lift.low > 1.5, "{:?}", found.top.shares[3]);
    assert!((found.calibration.slope.value - 1.0).abs() < 0.2, "{:?}", found.calibration.slope);
    assert!(found.economics.best.profit.value >= found.economics.everybody.profit.value.max(0.0));
    assert!(found.drift.is_none(), "there is one cutoff and no other file");
    assert!(found.card.limits.contains(&Limit::NoTime));
    assert!(
        found.card.limits.iter().any(|limit| matches!(limit, Limit::KeyLike { variables } if variables == &["key"]))
    );

    let json = serde_json::to_string(&found).expect("JSON");
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let again = one_thread.install(|| studied(&data, &fitted, None).expect("a study"));
    assert!(json == serde_json::to_string(&again).expect("JSON"), "threads change the study");
}

#[test]
fn cutoffs_and_files_drift_where_the_world_does() {
    let steady = world(500, 8, false, 2);
    let moving = world(500, 8, true, 2);
    let (steady_fit, moving_fit) = (fitted(&steady), fitted(&moving));
    let still = studied(&steady, &steady_fit, None).expect("a study").drift.expect("cutoffs");
    let found = studied(&moving, &moving_fit, None).expect("a study");
    let drift = found.drift.as_ref().expect("cutoffs");
    assert_eq!((drift.sides, drift.first.first_day, drift.second.last_day), (Sides::Cutoffs, Some(0), Some(210)));
    assert_eq!(drift.first.rows + drift.second.rows, 4000);
    let psi = |drift: &study::Drift, name: &str| drift.variables.iter().find(|v| v.name == name).expect("it").psi;
    assert!(psi(drift, "strong") > 0.25 && psi(drift, "noise") < 0.05);
    assert!(psi(&still, "strong") < 0.05, "{}", psi(&still, "strong"));
    assert!(drift.domain.auc.low > 0.65 && still.domain.auc.low < 0.55, "{:?} {:?}", drift.domain, still.domain);
    assert!(["strong", "copy", "twin"].contains(&drift.domain.gives_away[0].name.as_str()));
    assert!(found.card.limits.iter().any(|limit| matches!(limit, Limit::Drift { .. })));
    assert!(found.variables.one_row_a_subject && found.variables.rows_tested == 500);

    let file = world(300, 1, false, 9);
    let mut columns: Vec<Column> = file.columns.into_iter().filter(|column| column.name != "noise").collect();
    columns.push(Column::number("new", vec![0.0; 300]));
    if let Some(Values::Number(values)) = columns.iter_mut().find(|c| c.name == "weak").map(|c| &mut c.values) {
        values.iter_mut().for_each(|value| *value += 3.0);
    }
    if let Some(Values::Category { codes, .. }) = columns.iter_mut().find(|c| c.name == "kind").map(|c| &mut c.values) {
        codes.fill(MISSING);
    }
    let found = studied(&steady, &steady_fit, Some(&columns)).expect("a study");
    let noise = || vec!["noise".to_owned()];
    let kind = || vec!["kind".to_owned()];
    assert!(found.card.limits.contains(&Limit::LostColumns { variables: noise() }), "{:?}", found.card.limits);
    assert!(found.card.limits.contains(&Limit::EmptiedColumns { variables: kind() }), "{:?}", found.card.limits);
    let drift = found.drift.expect("a file");
    assert_eq!(drift.emptied_columns, kind());
    assert!(["weak", "kind"].contains(&drift.variables[0].name.as_str()));
    assert_eq!((drift.missing_columns, drift.extra_columns), (noise(), vec!["new".to_owned()]));
    assert_eq!(drift.score_psi, None, "a column of the model is missing");
    assert!(drift.domain.auc.low > 0.9);
}

#[test]
fn another_table_than_the_scores_are_of_is_refused() {
    let data = world(1500, 1, false, 3);
    let fitted = fitted(&data);
    let mut flipped = data.clone();
    flipped.label.iter_mut().take(40).for_each(|label| *label = !*label);
    let refused = studied(&flipped, &fitted, None).expect_err("refused");
    assert!(matches!(refused, StudyError::OtherTable), "{refused}");
    let nothing = [Column::number("unknown", vec![1.0, 2.0])];
    let refused = studied(&data, &fitted, Some(&nothing)).expect_err("refused");
    assert!(matches!(refused, StudyError::NothingShared), "{refused}");
}
