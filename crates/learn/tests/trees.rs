//! Trees alone: every loss through one battery, and models of others against what their own programs say of them.

use std::path::PathBuf;

use learn::{
    BoostSettings, Column, Ensemble, FitError, Link, Loss, MISSING, ReadTrees, TreeData, TreeFileError, TreeFit,
    Values, fit_trees,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

const LOSSES: [Loss; 4] = [Loss::Logistic, Loss::Squared, Loss::Poisson, Loss::Quantile(0.8)];

struct World {
    columns: Vec<Column>,
    target: Vec<f32>,
}

/// Rises with `a`, bends with `b`, has gaps in `c`, and levels of `group` that have no order.
fn world(loss: Loss, rows: usize, seed: u64) -> World {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mut a, mut b, mut c, mut group, mut target) = (vec![], vec![], vec![], vec![], vec![]);
    for _ in 0..rows {
        let (x, y, z) = (rng.random_range(-1.0..1.0f32), rng.random_range(-2.0..2.0f32), rng.random_range(0.0..3.0f32));
        let level = rng.random_range(0..20u32);
        let gap = rng.random_bool(0.3);
        let effect = [0.8, -0.6, 0.1][(level % 3) as usize];
        let margin = 1.2 * x + y.abs() - 1.0 + effect + if gap { 0.7 } else { 0.3 * z };
        let noise = rng.random_range(-1.0..1.0f32);
        target.push(match loss {
            Loss::Logistic => f32::from(u8::from(rng.random_bool(f64::from(1.0 / (1.0 + (-2.0 * margin).exp()))))),
            Loss::Poisson => {
                (0..8).filter(|_| rng.random_bool(f64::from((margin / 2.0).exp() / 8.0).min(1.0))).count() as f32
            }
            Loss::Squared | Loss::Quantile(_) => margin + noise,
        });
        a.push(x);
        b.push(y);
        c.push(if gap { f32::NAN } else { z });
        group.push(if rng.random_bool(0.05) { MISSING } else { level });
    }
    let levels = (0..20).map(|level| level.to_string()).collect();
    let columns = vec![
        Column::number("a", a),
        Column::number("b", b),
        Column::number("c", c),
        Column::category("group", group, levels),
    ];
    World { columns, target }
}

impl World {
    fn data(&self) -> TreeData<'_> {
        TreeData { columns: &self.columns, target: &self.target, weight: None, subject: None }
    }

    /// As the trees see them.
    fn features(&self) -> Vec<Vec<f32>> {
        let number = |&code: &u32| if code == MISSING { f32::NAN } else { code as f32 };
        let feature = |column: &Column| match &column.values {
            Values::Number(values) => values.clone(),
            Values::Category { codes, .. } => codes.iter().map(number).collect(),
        };
        self.columns.iter().map(feature).collect()
    }
}

fn slices(features: &[Vec<f32>]) -> Vec<&[f32]> {
    features.iter().map(Vec::as_slice).collect()
}

fn settings(loss: Loss) -> TreeFit {
    let boost = BoostSettings { learning_rate: 0.15, leaves: 12, max_trees: 80, l2: 1.0, ..BoostSettings::default() };
    TreeFit { loss, boost, ..TreeFit::default() }
}

fn mean_loss(loss: Loss, margins: &[f64], target: &[f32]) -> f64 {
    let of_row = |(&m, &y): (&f64, &f32)| {
        let y = f64::from(y);
        match loss {
            Loss::Logistic => m.exp().ln_1p() - y * m,
            Loss::Squared => (m - y).powi(2) / 2.0,
            Loss::Poisson => m.exp() - y * m,
            Loss::Quantile(share) => f64::max(share * (y - m), (share - 1.0) * (y - m)),
        }
    };
    margins.iter().zip(target).map(of_row).sum::<f64>() / target.len() as f64
}

#[test]
fn every_loss_learns_and_adds_up() {
    for loss in LOSSES {
        let (train, new) = (world(loss, 6000, 1), world(loss, 3000, 2));
        let model = fit_trees(&train.data(), &settings(loss), None).expect("a world to learn from");
        let features = new.features();
        let margins = model.margins(&slices(&features), 3000);
        let constant = vec![model.base; 3000];
        let (learned, plain) = (mean_loss(loss, &margins, &new.target), mean_loss(loss, &constant, &new.target));
        assert!(learned < 0.8 * plain, "{loss:?} {learned} {plain}");
        assert_eq!(model.link, loss.link());
        if let Loss::Quantile(share) = loss {
            let below = margins.iter().zip(&new.target).filter(|&(&m, &y)| f64::from(y) <= m).count() as f64 / 3000.0;
            assert!((below - share).abs() < 0.04, "{below}");
        } else if loss != Loss::Logistic {
            let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / 3000.0;
            let said = mean(&mut margins.iter().map(|&m| model.link.mean(m)));
            let truth = mean(&mut new.target.iter().map(|&y| f64::from(y)));
            assert!((said / truth - 1.0).abs() < 0.15 || (said - truth).abs() < 0.05, "{loss:?} {said} {truth}");
        }
        let asks_for_levels = model.trees.iter().flat_map(|tree| &tree.levels).flatten().any(|levels| levels.len() > 2);
        assert!(asks_for_levels, "{loss:?}");
        let parts = model.contributions(&slices(&features), 3000).expect("they add up");
        for (row, margin) in margins.iter().enumerate() {
            let gap = parts.base + parts.row(row).iter().sum::<f64>() - margin;
            assert!(gap.abs() < 1e-9, "{loss:?} {gap}");
        }
    }
}

#[test]
fn threads_change_no_bit() {
    // More rows than a thread takes at a time, so that work is really shared out.
    for (loss, categories) in LOSSES.into_iter().zip([true, false, true, false]) {
        let mut world = world(loss, 70_000, 3);
        world.columns.truncate(if categories { 4 } else { 3 });
        let mut fit = settings(loss);
        fit.boost.max_trees = 8;
        fit.boost.max_rows_a_tree = usize::MAX;
        fit.boost.row_share = if categories { 1.0 } else { 0.8 };
        let weight: Vec<f32> = (0..70_000).map(|row| 0.5 + (row % 7) as f32 / 3.0).collect();
        let data = TreeData { weight: Some(&weight), ..world.data() };
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("pool");
            pool.install(|| {
                let model = fit_trees(&data, &fit, None).expect("a world to learn from");
                let features = world.features();
                let parts = model.contributions(&slices(&features), 70_000).expect("they add up");
                (model, parts)
            })
        };
        let (one, two) = (on(1), on(2));
        assert!(one == two, "{loss:?}");
        assert!(one == on(5), "{loss:?}");
    }
}

#[test]
fn watched_rows_stop_the_growth_and_are_not_learned_from() {
    let loss = Loss::Squared;
    let mut world = world(loss, 2000, 4);
    let watched: Vec<u32> = (0..2000).step_by(4).collect();
    let mut fit = settings(loss);
    fit.boost.max_trees = 1000;
    let stopped = fit_trees(&world.data(), &fit, Some(&watched)).expect("a world to learn from");
    assert!((10..900).contains(&stopped.trees.len()), "{}", stopped.trees.len());
    watched.iter().for_each(|&row| world.target[row as usize] = 1e6);
    let blind = fit_trees(&world.data(), &fit, Some(&watched)).expect("a world to learn from");
    assert_eq!(blind.base, stopped.base);
    let common = blind.trees.len().min(stopped.trees.len());
    assert!(blind.trees[..common] == stopped.trees[..common]);
}

#[test]
fn every_loss_keeps_to_stated_directions() {
    for loss in LOSSES {
        let world = world(loss, 4000, 5);
        for direction in [1, -1] {
            let fit = TreeFit { directions: vec![direction, 0, direction], ..settings(loss) };
            let model = fit_trees(&world.data(), &fit, None).expect("a world to learn from");
            let mut rng = ChaCha8Rng::seed_from_u64(6);
            for _ in 0..60 {
                let asked = [0, 2][rng.random_range(0..2usize)];
                let point =
                    [0.0, rng.random_range(-2.0..2.0), rng.random_range(0.0..3.0), rng.random_range(0..20) as f32];
                let mut features: Vec<Vec<f32>> = point.iter().map(|&value| vec![value; 60]).collect();
                features[asked] = (0..60).map(|step| -1.5 + step as f32 * 0.08).collect();
                let margins = model.margins(&slices(&features), 60);
                let kept = margins.windows(2).all(|pair| f64::from(direction) * (pair[1] - pair[0]) >= 0.0);
                assert!(kept, "{loss:?} {direction} {asked}: {margins:?}");
            }
        }
    }
}

#[test]
fn targets_that_a_loss_cannot_have_are_refused() {
    for (loss, target) in [(Loss::Logistic, 0.5), (Loss::Poisson, -1.0), (Loss::Squared, f32::NAN)] {
        let mut world = world(loss, 100, 7);
        world.target[3] = target;
        let error = fit_trees(&world.data(), &settings(loss), None).expect_err("it is broken");
        assert!(matches!(error, FitError::Target { row: 3, .. }), "{error}");
    }
    let fit = settings(Loss::Quantile(1.0));
    assert!(matches!(fit_trees(&world(Loss::Squared, 100, 7).data(), &fit, None), Err(FitError::Setting { .. })));
}

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(fixture(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What another program says of a model.
struct Expected {
    features: Vec<Vec<f32>>,
    rest: Value,
}

impl Expected {
    fn read(name: &str) -> Self {
        let rest: Value = serde_json::from_str(&text(&format!("{name}.expected.json"))).expect("JSON");
        Self { features: table(&rest["features"]), rest }
    }

    fn rows(&self) -> usize {
        self.features[0].len()
    }

    fn numbers(&self, key: &str) -> Vec<f64> {
        numbers(&self.rest[key])
    }
}

fn table(columns: &Value) -> Vec<Vec<f32>> {
    let value = |value: &Value| value.as_f64().map_or(f32::NAN, |value| value as f32);
    let column = |column: &Value| column.as_array().expect("a column").iter().map(value).collect();
    columns.as_array().expect("columns").iter().map(column).collect()
}

/// All numbers of nested arrays, in their order.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        other => vec![other.as_f64().expect("a number")],
    }
}

/// LightGBM and ours are of double precision.
const DOUBLE: f64 = 1e-9;
/// XGBoost's and shap's values are of single precision.
const SINGLE: f64 = 1e-6;

fn assert_near(what: &str, found: &[f64], expected: &[f64], gap: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    for (index, (a, b)) in found.iter().zip(expected).enumerate() {
        // Parts near nought are differences of larger numbers.
        assert!((a - b).abs() <= gap * b.abs().max(largest), "{what}, number {index}: {a} {b}");
    }
}

/// Margins and contributions are those that the model's own program gives.
fn assert_agrees(name: &str, model: &Ensemble, features: usize, gap: f64) {
    let expected = Expected::read(name);
    assert_eq!(expected.features.len(), features, "{name}");
    let (rows, columns) = (expected.rows(), slices(&expected.features));
    assert_near(name, &model.margins(&columns, rows), &expected.numbers("margins"), gap);
    let parts = model.contributions(&columns, rows).expect("they add up");
    let found: Vec<f64> = (0..rows).flat_map(|row| [parts.row(row), &[parts.base]].concat()).collect();
    assert_near(&format!("{name} contributions"), &found, &expected.numbers("contributions"), gap);
}

#[test]
fn lightgbm_models_say_here_what_they_say_there() {
    for (name, link) in [
        ("lightgbm", Link::Logit),
        ("lightgbm_zero", Link::Log),
        ("lightgbm_full", Link::Identity),
        ("ours", Link::Logit),
    ] {
        let ReadTrees { ensemble, features, .. } = Ensemble::from_lightgbm(&text(&format!("{name}.txt"))).expect(name);
        assert_eq!((ensemble.link, features.len()), (link, if name == "ours" { 4 } else { 5 }), "{name}");
        assert_agrees(name, &ensemble, features.len(), DOUBLE);
        // What is written of it is read as the same trees.
        let names: Vec<&str> = features.iter().map(String::as_str).collect();
        let again = Ensemble::from_lightgbm(&ensemble.to_lightgbm(&names)).expect(name);
        assert_eq!((again.ensemble, again.features), (ensemble, features), "{name}");
    }
}

#[test]
fn xgboost_models_say_here_what_they_say_there() {
    for (name, link) in [("xgboost", Link::Logit), ("xgboost_numbers", Link::Log)] {
        let ReadTrees { ensemble, features, .. } =
            Ensemble::from_xgboost_json(&text(&format!("{name}.json"))).expect(name);
        assert_eq!(ensemble.link, link);
        assert_eq!(features[..4], ["a", "b", "c", "d"]);
        assert_agrees(name, &ensemble, features.len(), SINGLE);
    }
}

#[test]
fn levels_of_a_data_frame_have_their_names() {
    let towns = ["Sea Point", "Rosebank", "Durbanville", "Bo-Kaap"].map(str::to_owned).to_vec();
    for (name, gap) in [("lightgbm_frame", DOUBLE), ("xgboost_frame", SINGLE)] {
        let read = match gap {
            DOUBLE => Ensemble::from_lightgbm(&text(&format!("{name}.txt"))),
            _ => Ensemble::from_xgboost_json(&text(&format!("{name}.json"))),
        };
        let ReadTrees { ensemble, features, levels } = read.expect(name);
        assert_eq!((features[1].as_str(), levels), ("town", vec![None, Some(towns.clone())]), "{name}");
        assert!(ensemble.trees.iter().any(|tree| tree.levels.iter().any(Option::is_some)), "{name}");
        assert_agrees(name, &ensemble, 2, gap);
    }
    let whole = text("lightgbm_frame.txt");
    let more = whole.replace("pandas_categorical:[[", "pandas_categorical:[[\"x\"], [\"y\"], [");
    assert!(matches!(Ensemble::from_lightgbm(&more), Err(TreeFileError::Unsupported(_))));
}

#[test]
fn pairs_and_backgrounds_agree_with_shap() {
    let ReadTrees { ensemble, .. } = Ensemble::from_xgboost_json(&text("xgboost_numbers.json")).expect("a model");
    let expected = Expected::read("xgboost_numbers");
    let columns = slices(&expected.features);
    let found = ensemble.interactions(&columns, 10).expect("they add up");
    let parts = ensemble.contributions(&columns, 10).expect("they add up");
    let mut matrices = Vec::new();
    for row in 0..10 {
        let (alone, together) = found.row(row).split_at(4);
        let mut matrix = [[0.0; 4]; 4];
        (0..4).for_each(|feature| matrix[feature][feature] = alone[feature]);
        for (&(i, j), value) in found.pairs.iter().zip(together) {
            (matrix[i][j], matrix[j][i]) = (value / 2.0, value / 2.0);
        }
        let sums: Vec<f64> = matrix.iter().map(|line| line.iter().sum()).collect();
        assert_near("sums of pairs", &sums, parts.row(row), DOUBLE);
        matrices.extend(matrix.concat());
    }
    assert_near("interactions", &matrices, &expected.numbers("interactions"), SINGLE);
    let mut background = table(&expected.rest["background"]);
    background.iter_mut().flatten().filter(|value| **value < -1e8).for_each(|value| *value = f32::NAN);
    let rows = expected.rows();
    let parts = ensemble.interventional(&columns, rows, &slices(&background), 30).expect("they add up");
    assert_near("interventional", &parts.values, &expected.numbers("interventional"), SINGLE);
}

/// `ours.txt` is a file of ours, `ours.expected.json` what LightGBM makes of it, contributions of uneven weights too.
#[test]
fn what_we_write_is_what_we_have() {
    let world = world(Loss::Logistic, 3000, 8);
    let mut fit = settings(Loss::Logistic);
    (fit.boost.max_trees, fit.boost.leaves, fit.chains) = (6, 8, 2);
    let weight: Vec<f32> = (0..3000).map(|row| 0.5 + (row % 5) as f32 / 3.0).collect();
    let model = fit_trees(&TreeData { weight: Some(&weight), ..world.data() }, &fit, None).expect("a world");
    let names = ["a", "b", "c", "group"];
    let text_now = model.to_lightgbm(&names);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(fixture("ours.txt"), &text_now).expect("the folder is there");
        return;
    }
    let written = Ensemble::from_lightgbm(&text_now).expect("what was written");
    assert_eq!(written.features, names);
    let features = world.features();
    assert!(written.ensemble.margins(&slices(&features), 3000) == model.margins(&slices(&features), 3000));
    let kept = model.clone().into_kept();
    assert!(written.ensemble == kept && kept.clone().into_kept() == kept);
    let parts = |model: &Ensemble| model.contributions(&slices(&features), 3000).expect("they add up");
    assert_near("contributions", &parts(&kept).values, &parts(&model).values, 1e-7);
}

#[test]
fn files_that_are_no_models_say_why() {
    let whole = text("lightgbm.txt");
    let of = |text: &str| Ensemble::from_lightgbm(text).expect_err("it is broken");
    assert!(matches!(of("hello"), TreeFileError::Missing { key: "end of trees", .. }));
    assert!(matches!(
        of(&whole.replace("left_child=", "left_child=x ")),
        TreeFileError::Number { key: "left_child", .. }
    ));
    assert!(matches!(of(&whole.replace("left_child=1", "left_child=0")), TreeFileError::Damaged(_)));
    assert!(matches!(of(&whole.replace("binary sigmoid:1", "multiclass num_class:3")), TreeFileError::Unsupported(_)));
    let whole = text("xgboost.json");
    let of = |text: &str| Ensemble::from_xgboost_json(text).expect_err("it is broken");
    assert!(matches!(of(&whole[..whole.len() / 2]), TreeFileError::Json(_)));
    assert!(matches!(of(&whole.replace("binary:logistic", "multi:softmax")), TreeFileError::Unsupported(_)));
    assert!(matches!(of(&whole.replace("\"gbtree\"", "\"gblinear\"")), TreeFileError::Unsupported(_)));
    let boastful = whole.replace("\"num_feature\":\"", "\"num_feature\":\"99999999");
    assert_ne!(boastful, whole);
    assert!(matches!(of(&boastful), TreeFileError::Unsupported(_)));
}
