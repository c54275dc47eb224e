//! What every learner must pass, whichever is chosen: one battery, run for each.

use domain::{Cutoff, Day};
use learn::{
    BoostSettings, Column, Dataset, Direction, Encoding, FitError, Fitted, Learner, MISSING, Model, ModelFileError,
    PredictError, PriorModel, Recipe, Scheme, Settings, Tier, Values, fit, fit_recipe, metrics,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// `subjects` seen at `cutoffs`, leaving more the more they miss, the older their debt and in some groups.
fn world(subjects: u32, cutoffs: i32, seed: u64) -> Dataset {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mut missed, mut debt, mut noise, mut group) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut label, mut cutoff, mut subject) = (Vec::new(), Vec::new(), Vec::new());
    for id in 0..subjects {
        let of_group = rng.random_range(0..6u32);
        for day in 0..cutoffs {
            let m = rng.random_range(0..8);
            let d = if rng.random_bool(0.3) { f64::NAN } else { rng.random_range(0.0..30.0f64) };
            let owed = if d.is_nan() { 0.0 } else { d / 15.0 };
            let margin = -3.6 + 0.35 * f64::from(m) + owed + f64::from(of_group % 3) * 0.4;
            label.push(rng.random_bool(1.0 / (1.0 + (-margin).exp())));
            missed.push(m as f32);
            debt.push(d as f32);
            noise.push(rng.random_range(0.0..1.0f32));
            group.push(if rng.random_bool(0.05) { MISSING } else { of_group });
            cutoff.push(Cutoff(Day(day * 14)));
            subject.push(id);
        }
    }
    let levels = (0..6).map(|level| format!("group {level}")).collect();
    let columns = vec![
        Column::number("missed", missed),
        Column::number("debt_days", debt),
        Column::number("noise", noise),
        Column::category("group", group, levels),
    ];
    Dataset { columns, label, cutoff, subject, weight: None }
}

fn prior() -> PriorModel {
    PriorModel { intercept: -2.0, weights: vec![("missed".into(), 0.3), ("not_here".into(), 9.0)] }
}

/// Settings under which only one kind of model can be chosen, and that kind.
fn learners() -> Vec<(Tier, Settings)> {
    let trees = BoostSettings {
        leaves: 6,
        learning_rate: 0.1,
        max_trees: 60,
        max_rows_a_tree: usize::MAX,
        ..BoostSettings::default()
    };
    let base = Settings { reach_days: 28, chains: 2, bootstrap_draws: 50, ..Settings::default() };
    // A ridge without bound says the base rate of everybody: boosted trees win against it, alone or in the blend.
    let boosted = Settings { ridges: vec![1e9], boosted: vec![trees.clone()], ..base.clone() };
    let ridge = Settings { boosted: Vec::new(), ..base.clone() };
    let prior_only = Settings { prior: Some(prior()), ridges: vec![1e9], boosted: Vec::new(), ..base };
    vec![(Tier::Boosted, boosted), (Tier::Logistic, ridge), (Tier::Prior, prior_only)]
}

fn fitted(dataset: &Dataset, settings: &Settings) -> Fitted {
    fit(dataset, settings, &|_| {}).expect("a world to learn from")
}

fn scores(model: &Model, columns: &[Column]) -> Vec<f64> {
    model.predict(columns).expect("the schema of the fit").iter().map(|p| p.get()).collect()
}

#[test]
fn each_learner_is_chosen_finds_the_signal_and_adds_up() {
    let (data, new) = (world(500, 12, 1), world(300, 4, 2));
    for (tier, settings) in learners() {
        let Fitted { model, evaluation } = fitted(&data, &settings);
        assert_eq!(evaluation.tier, tier);
        assert_eq!(evaluation.scheme, Scheme::Forward);
        let scores = scores(&model, &new.columns);
        assert!(scores.iter().all(|p| (0.0..=1.0).contains(p)), "{tier:?}");
        let found = metrics::auc(&metrics::Ranking::new(&scores, &new.label, None)).expect("both classes");
        assert!(found > 0.65, "{tier:?} {found}");
        let [low, high] = evaluation.auc.interval_95;
        assert!(
            low < evaluation.auc.value && evaluation.auc.value < high && low > 0.6,
            "{tier:?} {:?}",
            evaluation.auc
        );
        assert!(evaluation.log_loss.value < evaluation.base_log_loss, "{tier:?}");
        assert!(evaluation.calibration_error.value < 0.04, "{tier:?} {:?}", evaluation.calibration_error);
        assert_eq!(evaluation.importance[0].column, "missed", "{tier:?}");
        let parts = model.attribute(&new.columns).expect("the schema of the fit");
        assert!(parts.max_error() < 1e-10, "{tier:?} {}", parts.max_error());
        assert_eq!(parts.columns, ["missed", "debt_days", "noise", "group"]);
    }
}

#[test]
fn threads_change_nothing() {
    let data = world(200, 10, 3);
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("pool");
    for (tier, settings) in learners() {
        let one = pool(1).install(|| fitted(&data, &settings));
        let five = pool(5).install(|| fitted(&data, &settings));
        assert!(one == five, "{tier:?}");
        let parts = |threads: usize| pool(threads).install(|| one.model.attribute(&data.columns).expect("schema"));
        assert!(parts(1) == parts(5), "{tier:?}");
    }
}

#[test]
fn a_model_read_back_scores_the_same_to_the_bit() {
    let data = world(200, 10, 4);
    for (tier, settings) in learners() {
        let model = fitted(&data, &settings).model;
        let text = model.to_json().expect("numbers only");
        let back = Model::from_json(&text).expect("what was written");
        assert!(back == model, "{tier:?}");
        assert!(scores(&back, &data.columns) == scores(&model, &data.columns), "{tier:?}");
        assert!(matches!(Model::from_json(&text[..text.len() / 2]), Err(ModelFileError::Format(_))));
        let future = text.replacen("\"format\":2", "\"format\":9", 1);
        assert!(matches!(Model::from_json(&future), Err(ModelFileError::Version { found: 9, .. })));
    }
    let mut broken = fitted(&data, &learners()[0].1).model;
    for member in &mut broken.members {
        if let Learner::Trees(ensemble) = &mut member.learner {
            ensemble.trees[0].left[0] = 0;
        }
    }
    let text = broken.to_json().expect("numbers only");
    assert!(matches!(Model::from_json(&text), Err(ModelFileError::Damaged(_))));
}

#[test]
fn constant_and_empty_columns_change_no_score() {
    let data = world(200, 10, 5);
    let mut padded = data.clone();
    padded.columns.push(Column::number("constant", vec![3.0; data.rows()]));
    padded.columns.push(Column::number("empty", vec![f32::NAN; data.rows()]));
    padded.columns.push(Column::category("one", vec![0; data.rows()], vec!["only".into()]));
    for (tier, settings) in learners() {
        let (plain, with) = (fitted(&data, &settings).model, fitted(&padded, &settings).model);
        assert!(scores(&plain, &data.columns) == scores(&with, &padded.columns), "{tier:?}");
        let parts = with.attribute(&padded.columns).expect("schema");
        assert!((0..data.rows()).all(|row| parts.row(row)[4..] == [0.0; 3]), "{tier:?}");
    }
}

#[test]
fn columns_are_found_by_name() {
    let data = world(150, 10, 6);
    for (tier, settings) in learners() {
        let model = fitted(&data, &settings).model;
        let mut other = data.columns.clone();
        other.reverse();
        other.push(Column::number("unknown", vec![1.0; data.rows()]));
        assert!(scores(&model, &other) == scores(&model, &data.columns), "{tier:?}");
        let missing = PredictError::MissingColumn { column: "noise".into() };
        let without: Vec<Column> = data.columns.iter().filter(|column| column.name != "noise").cloned().collect();
        assert_eq!(model.predict(&without), Err(missing), "{tier:?}");
        let mut text = data.columns.clone();
        text[0] = Column::category("missed", vec![MISSING; data.rows()], Vec::new());
        let kind = PredictError::Kind { column: "missed".into(), expected: "number", found: "category" };
        assert_eq!(model.predict(&text), Err(kind), "{tier:?}");
    }
}

#[test]
fn levels_are_found_by_name_and_a_new_one_is_average() {
    let data = world(300, 10, 7);
    let model = fitted(&data, &learners()[1].1).model;
    let row = |codes: Vec<u32>, levels: Vec<String>| {
        let rows = codes.len();
        let mut columns: Vec<Column> =
            data.columns[..3].iter().map(|c| Column::number(c.name.clone(), vec![1.0; rows])).collect();
        columns.push(Column::category("group", codes, levels));
        scores(&model, &columns)
    };
    let names = |numbers: [u32; 3]| numbers.iter().map(|number| format!("group {number}")).collect();
    assert_eq!(row(vec![0, 1, 2], names([0, 1, 2])), row(vec![2, 1, 0], names([2, 1, 0])));
    let [safe, risky, new] = row(vec![0, 1, 2], names([0, 2, 99]))[..] else { panic!("three rows") };
    assert!(safe < new && new < risky, "{safe} {new} {risky}");
    let Encoding::Category { levels, .. } = &model.encoder.columns[3].encoding else { panic!("a category") };
    assert_eq!(levels.len(), 6);
}

#[test]
fn missing_and_infinite_values_score() {
    let data = world(300, 10, 8);
    for (tier, settings) in learners() {
        let model = fitted(&data, &settings).model;
        let values = vec![f32::NAN, f32::INFINITY, f32::MAX, f32::NEG_INFINITY, f32::MIN];
        let mut columns: Vec<Column> =
            data.columns[..3].iter().map(|c| Column::number(c.name.clone(), values.clone())).collect();
        columns.push(Column::category("group", vec![MISSING; 5], Vec::new()));
        let scores = scores(&model, &columns);
        assert!(scores.iter().all(|p| p.is_finite()), "{tier:?}");
        assert_eq!((scores[1], scores[3]), (scores[2], scores[4]), "{tier:?}");
        assert!(model.attribute(&columns).expect("schema").max_error() < 1e-10, "{tier:?}");
    }
}

/// For learners that draw no rows, and columns of few values, whose bins are the same either way.
#[test]
fn a_weight_of_two_is_the_row_twice() {
    let mut data = world(120, 10, 9);
    for column in &mut data.columns {
        if let Values::Number(values) = &mut column.values {
            values.iter_mut().for_each(|value| *value = (*value * 2.0).round() / 2.0);
        }
    }
    let weight: Vec<f32> = (0..data.rows()).map(|row| if row % 3 == 0 { 2.0 } else { 1.0 }).collect();
    let twice: Vec<usize> = (0..data.rows()).flat_map(|row| vec![row; weight[row] as usize]).collect();
    let take = |column: &Column| match &column.values {
        Values::Number(v) => Column::number(column.name.clone(), twice.iter().map(|&row| v[row]).collect()),
        Values::Category { codes, levels } => {
            Column::category(column.name.clone(), twice.iter().map(|&row| codes[row]).collect(), levels.clone())
        }
    };
    let doubled = Dataset {
        columns: data.columns.iter().map(take).collect(),
        label: twice.iter().map(|&row| data.label[row]).collect(),
        cutoff: twice.iter().map(|&row| data.cutoff[row]).collect(),
        subject: twice.iter().map(|&row| data.subject[row]).collect(),
        weight: None,
    };
    data.weight = Some(weight);
    for (tier, mut settings) in learners() {
        for trees in &mut settings.boosted {
            (trees.row_share, trees.column_share) = (1.0, 1.0);
        }
        let (weighted, doubled) = (fitted(&data, &settings), fitted(&doubled, &settings));
        let gap = weighted.evaluation.auc.value - doubled.evaluation.auc.value;
        assert!(gap.abs() < 1e-4, "{tier:?} {gap}");
        let pairs = scores(&weighted.model, &data.columns).into_iter().zip(scores(&doubled.model, &data.columns));
        let gap = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(gap < 1e-4, "{tier:?} {gap}");
    }
}

#[test]
fn a_monotone_score_moves_one_way_only() {
    let data = world(300, 10, 10);
    let (_, mut settings) = learners().swap_remove(0);
    let ladders = |model: &Model| -> Vec<Vec<f64>> {
        let ladder = |debt: f32| {
            let mut columns = vec![Column::number("missed", (0..8).map(|m| m as f32).collect())];
            columns.push(Column::number("debt_days", vec![debt; 8]));
            columns.push(Column::number("noise", vec![0.4; 8]));
            columns.push(Column::category("group", vec![0; 8], vec!["group 1".into()]));
            scores(model, &columns)
        };
        [f32::NAN, 3.0, 20.0].map(ladder).to_vec()
    };
    settings.monotone = vec![("missed".into(), Direction::Rising)];
    let rising = ladders(&fitted(&data, &settings).model);
    assert!(rising.iter().all(|ladder| ladder.is_sorted()), "{rising:?}");
    assert!(rising.iter().all(|ladder| ladder[0] < ladder[7]), "{rising:?}");
    settings.monotone = vec![("missed".into(), Direction::Falling)];
    let falling = ladders(&fitted(&data, &settings).model);
    assert!(falling.iter().all(|ladder| ladder.iter().rev().is_sorted()), "{falling:?}");
}

#[test]
fn labels_without_a_pattern_are_not_believed() {
    let mut data = world(400, 10, 11);
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    data.label = (0..data.rows()).map(|_| rng.random_bool(0.1)).collect();
    for (tier, settings) in learners() {
        let Fitted { model, evaluation } = fitted(&data, &settings);
        let [low, high] = evaluation.auc.interval_95;
        assert!(low < 0.53 && high > 0.47, "{tier:?} {:?}", evaluation.auc);
        let scores = scores(&model, &data.columns);
        let spread = scores.iter().copied().fold(0.0, f64::max) - scores.iter().copied().fold(1.0, f64::min);
        assert!(spread < 0.15, "{tier:?} {spread}");
    }
}

#[test]
fn what_is_not_settled_has_no_say_in_what_scores_a_block() {
    let data = world(600, 12, 14);
    let first_day = |fitted: &Fitted| fitted.evaluation.folds.last().expect("blocks").first_test_day;
    let last_block = |fitted: &Fitted| {
        let of_block = |row: u32| data.cutoff[row as usize].0.0 >= first_day(fitted);
        let held_out = fitted.evaluation.held_out.iter();
        held_out.filter(|held| of_block(held.row)).map(|held| (held.row, held.probability)).collect::<Vec<_>>()
    };
    let [(_, boosted), ..] = &learners()[..] else { panic!("learners") };
    let any = Settings { ridges: Settings::default().ridges, ..boosted.clone() };
    let sizes = [4, 6, 8].map(|leaves| BoostSettings { leaves, ..boosted.boosted[0].clone() }).to_vec();
    let racing = Settings { race_above_values: 0, boosted: sizes, ..any.clone() };
    for (tier, settings) in learners().into_iter().chain([(Tier::Blend, any), (Tier::Blend, racing)]) {
        let one = fitted(&data, &settings);
        assert_eq!(one.evaluation.scheme, Scheme::Forward);
        let scored = last_block(&one);
        // Labels that were not settled when the block began, dealt anew among the rows of their day: as many leave, but
        // others do.
        let mut other = data.clone();
        for day in (0..12).map(|day| day * 14).filter(|day| day + settings.reach_days > first_day(&one)) {
            let rows: Vec<usize> = (0..data.rows()).filter(|&row| data.cutoff[row].0.0 == day).collect();
            for (&row, &mirrored) in rows.iter().zip(rows.iter().rev()).take(rows.len() / 2) {
                other.label.swap(row, mirrored);
            }
        }
        let other = fitted(&other, &settings);
        assert!(last_block(&other) == scored, "{tier:?}");
        assert_ne!(other.evaluation.auc.value, one.evaluation.auc.value, "{tier:?}");
    }
}

#[test]
fn the_first_blocks_choose_and_are_not_judged() {
    let data = world(500, 12, 1);
    let evaluation = fitted(&data, &learners()[0].1).evaluation;
    assert_eq!(evaluation.folds.len(), 3, "two of five blocks were not settled in time");
    let first = evaluation.held_out.iter().take_while(|held| !held.judged).count();
    assert!(first > 0 && evaluation.held_out[first..].iter().all(|held| held.judged));
    assert_eq!(evaluation.folds.iter().map(|fold| fold.test_rows).sum::<usize>(), evaluation.held_out.len() - first);
}

#[test]
fn few_leavers_get_a_simple_model_and_the_report_says_so() {
    let data = world(120, 2, 12);
    let settings = Settings { reach_days: 28, prior: Some(prior()), bootstrap_draws: 50, ..Settings::default() };
    let evaluation = fitted(&data, &settings).evaluation;
    assert!(evaluation.leavers < 100);
    assert!(matches!(evaluation.scheme, Scheme::Grouped(_)), "{:?}", evaluation.scheme);
    assert!(matches!(evaluation.tier, Tier::Prior | Tier::Logistic), "{:?}", evaluation.tier);
    let large = |recipe: &Recipe| matches!(recipe, Recipe::Boosted { settings, .. } if settings.leaves > 8);
    assert!(!evaluation.candidates.iter().any(|candidate| large(&candidate.recipe)));
    assert_eq!(evaluation.held_out.len(), data.rows());
    let chosen = evaluation.candidates[evaluation.chosen].result.expect("it was tested");
    let tested = evaluation.candidates.iter().filter_map(|candidate| candidate.result);
    let lowest = tested.map(|result| result.log_loss).fold(f64::INFINITY, f64::min);
    assert!(chosen.log_loss - lowest <= chosen.gap_error);
}

#[test]
fn what_cannot_be_learned_is_said() {
    let data = world(50, 4, 13);
    let broken = |change: &dyn Fn(&mut Dataset)| {
        let mut data = data.clone();
        change(&mut data);
        fit(&data, &Settings::default(), &|_| {}).expect_err("it is broken")
    };
    let rows = data.rows();
    assert_eq!(broken(&|d| d.label = vec![false; rows]), FitError::OneClass { rows, leaving: false });
    assert_eq!(broken(&|d| d.label = vec![true; rows]), FitError::OneClass { rows, leaving: true });
    assert_eq!(broken(&|d| d.columns.clear()), FitError::NoColumns);
    assert_eq!(broken(&|d| d.columns.truncate(0)), FitError::NoColumns);
    let one = broken(&|d| d.label = d.subject.iter().map(|&subject| subject == 0).collect());
    assert_eq!(one, FitError::TooFewSubjects { leavers: 1, stayers: 49 });
    let constant = broken(&|d| d.columns = vec![Column::number("c", vec![1.0; rows])]);
    assert_eq!(constant, FitError::AllConstant { columns: 1 });
    let short = broken(&|d| d.columns[2] = Column::number("noise", vec![0.0; 3]));
    assert_eq!(short, FitError::Length { column: "noise".into(), expected: rows, found: 3 });
    assert!(matches!(broken(&|d| d.columns[1].name = "missed".into()), FitError::DuplicateColumn { .. }));
    assert!(matches!(broken(&|d| d.weight = Some(vec![f32::NAN; rows])), FitError::Weight { row: 0, .. }));
    let code = broken(&|d| d.columns[3] = Column::category("group", vec![7; rows], vec!["a".into()]));
    assert_eq!(code, FitError::CodeOutOfRange { column: "group".into(), row: 0, code: 7, levels: 1 });
    let empty = Dataset { columns: vec![], label: vec![], cutoff: vec![], subject: vec![], weight: None };
    assert_eq!(fit(&empty, &Settings::default(), &|_| {}), Err(FitError::NoRows));
    let wrong = Settings { ridges: vec![-1.0], ..Settings::default() };
    assert!(matches!(fit(&data, &wrong, &|_| {}), Err(FitError::Setting { setting: "ridges", .. })));
}

#[test]
fn a_recipe_alone_is_fitted_as_the_chosen_one_was() {
    let dataset = world(600, 6, 11);
    let rows: Vec<u32> = (0..dataset.rows() as u32).collect();
    for (tier, settings) in learners().into_iter().filter(|(tier, _)| *tier != Tier::Blend) {
        let whole = fitted(&dataset, &settings);
        let recipe = &whole.evaluation.candidates[whole.evaluation.chosen].recipe;
        let alone = fit_recipe(&dataset, &rows, recipe, &settings).expect("both classes");
        assert_eq!(alone.training, whole.model.training);
        if tier == Tier::Logistic {
            assert_eq!(alone.members, whole.model.members);
        }
        let order = scores(&alone, &dataset.columns);
        let auc = metrics::auc(&metrics::Ranking::new(&order, &dataset.label, None));
        assert!(auc.expect("both classes") > 0.6, "{tier:?} {auc:?}");
    }
    let one_class: Vec<u32> = rows.iter().copied().filter(|&row| dataset.label[row as usize]).collect();
    let refused = fit_recipe(&dataset, &one_class, &Recipe::Ridge { lambda: 1.0 }, &Settings::default());
    assert!(matches!(refused, Err(FitError::OneClass { leaving: true, .. })));
    let refused = fit_recipe(&dataset, &rows, &Recipe::Prior, &Settings::default());
    assert!(matches!(refused, Err(FitError::Setting { setting: "prior", .. })));
}
