//! What encoders must never do, and what they must bear.

use domain::{Cutoff, Day};
use learn::{BoostSettings, Column, Dataset, Encoding, MISSING, Settings, Tier, fit};
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn flat(columns: Vec<Column>, label: Vec<bool>) -> Dataset {
    let rows = label.len();
    Dataset { columns, label, cutoff: vec![Cutoff(Day(0)); rows], subject: (0..rows as u32).collect(), weight: None }
}

fn levels(count: u32) -> Vec<String> {
    (0..count).map(|level| format!("c{level}")).collect()
}

fn quick() -> Settings {
    let size = BoostSettings { leaves: 8, depth: 5, max_trees: 60, ..BoostSettings::default() };
    Settings { boosted: vec![size], chains: 2, bootstrap_draws: 100, few_leavers: 0, ..Settings::flat_table() }
}

/// Labels that nothing here knows of, and columns with every chance to learn them by heart.
fn noise(rows: usize, seed: u64) -> (Vec<Column>, Vec<bool>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut label: Vec<bool> = (0..rows).map(|row| row % 6 == 0).collect();
    label.shuffle(&mut rng);
    let mut category = |name: &str, count: u32| {
        Column::category(name, (0..rows).map(|_| rng.random_range(0..count)).collect(), levels(count))
    };
    let mut columns = vec![category("a", 6), category("b", 40), category("c", 900), category("d", 3000)];
    let key = Column::category("key", (0..rows as u32).collect(), levels(rows as u32));
    let number = (0..rows).map(|_| f32::from(rng.random_range(0u8..30))).collect();
    columns.extend([key, Column::number("repeated", number)]);
    (columns, label)
}

/// Each row's level as the plain mean of the labels of its level, its own among them.
fn naive_mean(column: &Column, label: &[bool]) -> Column {
    let learn::Values::Category { codes, levels } = &column.values else { panic!("a category") };
    let mut sums = vec![(0.0f32, 0.0f32); levels.len()];
    for (&code, &label) in codes.iter().zip(label) {
        sums[code as usize].0 += f32::from(u8::from(label));
        sums[code as usize].1 += 1.0;
    }
    let mean = |&code: &u32| sums[code as usize].0 / sums[code as usize].1;
    Column::number(format!("mean of {}", column.name), codes.iter().map(mean).collect())
}

#[test]
fn shuffled_labels_cannot_be_told_and_a_naive_encoder_is_caught() {
    let rows = 6000;
    let mut mean_auc = 0.0;
    for seed in 1..=3 {
        let (columns, label) = noise(rows, seed);
        let fitted = fit(&flat(columns, label), &quick(), &|_| {}).expect("both classes");
        let auc = &fitted.evaluation.auc;
        // One AUC of 1,000 leavers among 6,000 rows has a standard error of 0.01.
        assert!((auc.value - 0.5).abs() < 0.035, "seed {seed}: {auc:?}");
        mean_auc += auc.value / 3.0;
    }
    assert!((mean_auc - 0.5).abs() < 0.02, "{mean_auc}");

    let (columns, label) = noise(rows, 1);
    let naive = columns[..4].iter().map(|column| naive_mean(column, &label)).collect();
    let fitted = fit(&flat(naive, label), &quick(), &|_| {}).expect("both classes");
    assert!(fitted.evaluation.auc.value > 0.7, "the naive encoder got away: {:?}", fitted.evaluation.auc);
}

#[test]
fn levels_that_tell_only_together_are_used_where_they_help_and_shared_among_their_columns() {
    let rows = 8000;
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let mut codes = || -> Vec<u32> { (0..rows).map(|_| rng.random_range(0..8)).collect() };
    let (a, b) = (codes(), codes());
    let label: Vec<bool> = (0..rows)
        .map(|row| {
            let chance = if (a[row] ^ b[row]).count_ones() % 2 == 0 { 0.3 } else { 0.1 };
            rng.random_bool(chance)
        })
        .collect();
    let noise = (0..rows).map(|_| rng.random_range(0.0..1.0)).collect();
    let columns =
        vec![Column::category("a", a, levels(8)), Column::number("n", noise), Column::category("b", b, levels(8))];
    let data = flat(columns, label);
    let fitted = fit(&data, &quick(), &|_| {}).expect("both classes");
    let crosses: Vec<&str> = fitted
        .model
        .encoder
        .columns
        .iter()
        .filter(|column| matches!(column.encoding, Encoding::Cross(_)))
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(crosses, ["a × b"]);
    assert!(fitted.evaluation.auc.value > 0.6, "{:?}", fitted.evaluation.auc);
    let parts = fitted.model.attribute(&data.columns).expect("schema");
    assert_eq!(parts.columns, ["a", "n", "b"]);
    assert!(parts.max_error() < 1e-9, "{}", parts.max_error());
    let pairs = fitted.model.interactions(&data.columns).expect("schema");
    let place = pairs.pairs.iter().position(|&pair| pair == (0, 2)).expect("the planted pair");
    for row in 0..50 {
        let (of_pairs, of_columns) = (pairs.row(row), parts.row(row));
        let mut sums = of_pairs[..3].to_vec();
        for (&(i, j), value) in pairs.pairs.iter().zip(&of_pairs[3..]) {
            sums[i] += value / 2.0;
            sums[j] += value / 2.0;
        }
        assert!(sums.iter().zip(of_columns).all(|(sum, part)| (sum - part).abs() < 1e-9), "{sums:?} {of_columns:?}");
    }
    assert!((0..50).any(|row| pairs.row(row)[3 + place].abs() > 0.1));
    let told = parts.mean_absolute();
    assert!(told[0] > 5.0 * told[1] && told[2] > 5.0 * told[1], "{told:?}");
}

#[test]
fn ten_thousand_columns_constants_duplicates_and_keys_are_borne() {
    let rows = 400;
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let signal: Vec<f32> = (0..rows).map(|_| rng.random_range(-1.0..1.0)).collect();
    let label: Vec<bool> = signal.iter().map(|&x| rng.random_bool(if x > 0.4 { 0.7 } else { 0.1 })).collect();
    let mut columns: Vec<Column> = (0..9_990)
        .map(|index| {
            let values =
                (0..rows).map(|row| if (row + index) % 3 == 0 { f32::NAN } else { rng.random_range(0.0..1.0) });
            Column::number(format!("noise {index}"), values.collect())
        })
        .collect();
    columns.push(Column::number("signal", signal.clone()));
    columns.push(Column::number("signal again", signal));
    columns.push(Column::number("constant", vec![1.0; rows]));
    columns.push(Column::number("nothing", vec![f32::NAN; rows]));
    columns.push(Column::number("huge", (0..rows).map(|row| if row == 7 { f32::INFINITY } else { 1e38 }).collect()));
    columns.push(Column::category("key", (0..rows as u32).collect(), levels(rows as u32)));
    columns.push(Column::category("one", vec![0; rows], levels(1)));
    columns.push(Column::category("empty", vec![MISSING; rows], Vec::new()));
    let data = flat(columns, label);
    let size = BoostSettings { leaves: 4, depth: 3, max_trees: 40, ..BoostSettings::default() };
    let settings = Settings { boosted: vec![size], chains: 1, bootstrap_draws: 50, ..Settings::flat_table() };
    let fitted = fit(&data, &settings, &|_| {}).expect("both classes");
    assert!(fitted.evaluation.tier != Tier::Prior);
    let scores = fitted.model.predict(&data.columns).expect("schema");
    assert!(scores.iter().all(|score| score.get().is_finite()));
    let first: Vec<&str> = fitted.evaluation.importance[..2].iter().map(|one| one.column.as_str()).collect();
    assert!(first.iter().all(|name| name.starts_with("signal")), "{first:?}");
}
