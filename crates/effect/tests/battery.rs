//! What every learner must pass, and what the whole must.

mod common;

use common::{Plan, Shape, World, world};
use effect::{Campaign, CampaignError, Effect, EffectModel, LearnerKind, Settings, Warning, fit, fit_model};
use learn::{Column, Values};

fn quick(learner: LearnerKind) -> Settings {
    Settings { learners: vec![learner], bags: 8, bootstrap_draws: 50, permutations: 99, ..Settings::default() }
}

fn means(effects: &[Vec<Effect>], action: usize) -> Vec<f64> {
    effects.iter().map(|of_row| of_row[action].mean).collect()
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut place = 0;
    for tie in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = place as f64 + (tie.len() as f64 - 1.0) / 2.0;
        tie.iter().for_each(|&row| ranks[row] = rank);
        place += tie.len();
    }
    ranks
}

/// Spearman's.
fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (ranks(a), ranks(b));
    let middle = (a.len() as f64 - 1.0) / 2.0;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - middle) * (b - middle)).sum::<f64>();
    product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt()
}

#[test]
fn learners_find_who_is_helped() {
    let World { campaign, truth } = world(&Plan::new(4000, Shape::Step, 0.3, 11));
    for learner in [LearnerKind::S, LearnerKind::T, LearnerKind::X, LearnerKind::Dr] {
        let model = fit_model(&campaign, &quick(learner), &|_| {}).expect("a sound campaign");
        assert_eq!(model.learner, learner);
        let effects = model.effects(&campaign.columns).expect("its own columns");
        let correlation = rank_correlation(&means(&effects, 0), &truth[0]);
        assert!(correlation > 0.7, "{learner:?}: {correlation}");
        let (ate, mean) = (model.shrinkage[0].ate, truth[0].iter().sum::<f64>() / 4000.0);
        assert!((ate.value - mean).abs() < 3.0 * ate.error, "{learner:?}: {ate:?} {mean}");
        let told = means(&effects, 0).iter().sum::<f64>() / 4000.0;
        assert!((told - ate.value).abs() < 0.01, "{learner:?}: {told} {ate:?}");
    }
}

#[test]
fn two_actions_are_told_apart() {
    let plan = Plan { actions: 2, ..Plan::new(6000, Shape::Step, 0.3, 12) };
    let World { campaign, truth } = world(&plan);
    for learner in [LearnerKind::S, LearnerKind::T, LearnerKind::X, LearnerKind::Dr] {
        let model = fit_model(&campaign, &quick(learner), &|_| {}).expect("a sound campaign");
        let effects = model.effects(&campaign.columns).expect("its own columns");
        for (action, truth) in truth.iter().enumerate() {
            let correlation = rank_correlation(&means(&effects, action), truth);
            assert!(correlation > 0.6, "{learner:?} {action}: {correlation}");
        }
    }
}

#[test]
fn confounding_is_undone() {
    let (mut off, mut off_as_is, mut covered) = (0.0, 0.0, 0);
    for seed in 0..6 {
        let plan = Plan { confounded: true, ..Plan::new(5000, Shape::Same, 0.2, 130 + seed) };
        let World { campaign, truth } = world(&plan);
        let model = fit_model(&campaign, &quick(LearnerKind::Constant), &|_| {}).expect("arms overlap");
        let truth = truth[0].iter().sum::<f64>() / 5000.0;
        let mean = |arm: u32| {
            let of_arm = campaign.arm.iter().zip(&campaign.outcome).filter(|(given, _)| **given == arm);
            let rows = of_arm.clone().count() as f64;
            of_arm.map(|(_, outcome)| f64::from(*outcome)).sum::<f64>() / rows
        };
        let ate = model.shrinkage[0].ate;
        covered += usize::from(ate.low <= truth && truth <= ate.high);
        off += (ate.value - truth) / 6.0;
        off_as_is += (mean(1) - mean(0) - truth) / 6.0;
    }
    // An average of six has an error of about 0.005; as they are, the arms differ by 0.028 too much.
    assert!(off_as_is > 0.02 && off.abs() < 0.01, "{off} {off_as_is}");
    assert!(covered >= 4, "{covered}");
}

#[test]
fn what_was_no_lottery_is_said_to_be_none() {
    let plan = Plan { confounded: true, ..Plan::new(1500, Shape::Same, 0.2, 13) };
    let fitted = fit(&world(&plan).campaign, &quick(LearnerKind::Dr), &|_| {}).expect("arms overlap");
    assert!(fitted.report.warnings.contains(&Warning::NotRandomised), "{:?}", fitted.report.propensity);
    let lottery = world(&Plan::new(1500, Shape::Same, 0.2, 13)).campaign;
    let fitted = fit(&lottery, &quick(LearnerKind::Dr), &|_| {}).expect("a sound campaign");
    assert_eq!(fitted.report.propensity.source, effect::PropensitySource::Shares);
    assert!(!fitted.report.warnings.contains(&Warning::NotRandomised));
}

#[test]
fn threads_and_the_form_of_a_file_change_nothing() {
    let plan = Plan { actions: 2, ..Plan::new(1200, Shape::Smooth, 0.4, 14) };
    let World { campaign, .. } = world(&plan);
    let settings = Settings { bags: 4, bootstrap_draws: 20, permutations: 49, ..Settings::default() };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| fit(&campaign, &settings, &|_| {}).expect("a sound campaign"))
    };
    let (one, many) = (on(1), on(4));
    assert_eq!(one, many);
    let file = serde_json::to_string(&one.model).expect("it is plain data");
    let read: EffectModel = serde_json::from_str(&file).expect("what was written");
    assert_eq!(read.effects(&campaign.columns), one.model.effects(&campaign.columns));
    assert_eq!(fit_model(&campaign, &settings, &|_| {}), Ok(one.model));
    let cut = file.replacen("\"told\":", "\"told\":1e999,\"old\":", 1);
    assert!(serde_json::from_str::<EffectModel>(&cut).is_err(), "an infinite effect is no number of JSON");
    let mut damaged = read;
    damaged.arms.truncate(1);
    assert!(damaged.effects(&campaign.columns).is_err());
}

#[test]
fn the_order_of_rows_hardly_matters() {
    let World { campaign, truth } = world(&Plan::new(4000, Shape::Step, 0.3, 15));
    let order: Vec<u32> = (0..4000u32).map(|row| (row * 1237 + 5) % 4000).collect();
    let permuted = Campaign {
        columns: campaign.columns.iter().map(|column| column.take(&order)).collect(),
        arm: order.iter().map(|&row| campaign.arm[row as usize]).collect(),
        outcome: order.iter().map(|&row| campaign.outcome[row as usize]).collect(),
        ..campaign.clone()
    };
    let of = |campaign: &Campaign| fit_model(campaign, &quick(LearnerKind::Dr), &|_| {}).expect("a sound campaign");
    let (one, other) = (of(&campaign), of(&permuted));
    let (a, b) = (one.shrinkage[0].ate, other.shrinkage[0].ate);
    assert!((a.value - b.value).abs() < a.error / 2.0, "{a:?} {b:?}");
    let tell = |model: &EffectModel| means(&model.effects(&campaign.columns).expect("its own columns"), 0);
    let distance = tell(&one).iter().zip(tell(&other)).map(|(a, b)| (a - b).abs()).sum::<f64>() / 4000.0;
    let spread = truth[0].iter().map(|effect| (effect - a.value).abs()).sum::<f64>() / 4000.0;
    assert!(distance < spread / 3.0, "{distance} {spread}");
}

#[test]
fn levels_are_known_by_name_and_columns_may_move() {
    let World { campaign, .. } = world(&Plan::new(1500, Shape::Smooth, 0.5, 16));
    let model = fit_model(&campaign, &quick(LearnerKind::T), &|_| {}).expect("a sound campaign");
    let mut moved = campaign.columns.clone();
    moved.reverse();
    for column in &mut moved {
        if let Values::Category { codes, levels } = &mut column.values {
            let last = levels.len() as u32 - 1;
            levels.reverse();
            codes.iter_mut().filter(|code| **code <= last).for_each(|code| *code = last - *code);
        }
    }
    assert_eq!(model.effects(&moved), model.effects(&campaign.columns));
    let unseen = |mut columns: Vec<Column>| {
        for column in &mut columns {
            if let Values::Category { codes, levels } = &mut column.values {
                levels.push("never seen".to_owned());
                codes.fill(levels.len() as u32 - 1);
            }
        }
        columns
    };
    let effects = model.effects(&unseen(campaign.columns.clone())).expect("an unseen level is no error");
    assert!(effects.iter().all(|of_row| of_row[0].mean.is_finite()));
    let error = model.effects(&campaign.columns[1..]).expect_err("a column is missing").to_string();
    assert!(error.contains("\"x0\" is missing"), "{error}");
    let mut other_kind = campaign.columns.clone();
    other_kind[6] = Column::number("zip", vec![1.0; 1500]);
    assert!(model.effects(&other_kind).expect_err("zip is a category").to_string().contains("category"));
}

#[test]
fn probabilities_stay_probabilities() {
    let World { campaign, .. } = world(&Plan::new(1500, Shape::Smooth, 0.6, 17));
    let model = fit_model(&campaign, &Settings { bags: 4, ..Settings::default() }, &|_| {}).expect("sound");
    for of_row in model.effects(&campaign.columns).expect("its own columns") {
        let Effect { mean, low, high, base } = of_row[0];
        assert!((0.0..=1.0).contains(&base) && (0.0..=1.0).contains(&(base + mean)), "{of_row:?}");
        assert!(low <= mean && mean <= high && base + high <= 1.0 + 1e-12 && base + low >= -1e-12, "{of_row:?}");
    }
}

#[test]
fn a_column_that_decides_the_treatment_is_named() {
    let World { mut campaign, .. } = world(&Plan::new(1000, Shape::Same, 0.2, 18));
    let decided = campaign.arm.iter().map(|&arm| arm as f32 * 3.0).collect();
    campaign.columns.push(Column::number("letter_sent_on", decided));
    let error = fit(&campaign, &quick(LearnerKind::Dr), &|_| {}).expect_err("nobody is left to compare with");
    assert!(matches!(&error, CampaignError::NoOverlap { columns, .. } if columns[0].starts_with("letter_sent_on")));
    assert!(error.to_string().contains("drop a column"), "{error}");
}

#[test]
fn what_is_wrong_with_the_arms_is_warned_of() {
    let World { mut campaign, .. } = world(&Plan::new(2000, Shape::Same, 0.2, 19));
    // Nearly decided: one in twenty against the column.
    let hint = campaign.arm.iter().enumerate().map(|(row, &arm)| if row % 20 == 0 { 1 - arm } else { arm } as f32);
    let hint = Column::number("hint", hint.collect());
    campaign.columns.push(hint);
    let fitted = fit(&campaign, &quick(LearnerKind::Dr), &|_| {}).expect("it can be compared, poorly");
    let poor = fitted.report.warnings.iter().any(
        |warning| matches!(warning, Warning::PoorOverlap { columns, auc, .. } if columns[0].starts_with("hint") && *auc > 0.9),
    );
    assert!(poor, "{:?}", fitted.report.warnings);
    // Constant columns tell nobody apart.
    let World { mut campaign, .. } = world(&Plan::new(600, Shape::Same, 0.2, 20));
    campaign.columns = vec![Column::number("same", vec![1.0; 600])];
    let fitted = fit(&campaign, &quick(LearnerKind::Dr), &|_| {}).expect("there is an average");
    assert!(fitted.report.warnings.contains(&Warning::ColumnsConstant));
    assert!(fitted.report.warnings.iter().any(|warning| matches!(warning, Warning::SameForAll { .. })));
    assert_eq!(fitted.report.segments.groups.len(), 1);
}

#[test]
fn known_propensities_are_taken_and_rare_ones_clipped() {
    let World { mut campaign, .. } = world(&Plan::new(1500, Shape::Same, 0.3, 21));
    let chance = |arm: u32| {
        campaign
            .arm
            .iter()
            .enumerate()
            .map(|(row, &given)| {
                let of_given = if row % 10 == 0 { 0.01 } else { 0.5 };
                if given == arm { of_given } else { 1.0 - of_given }
            })
            .collect::<Vec<f64>>()
    };
    campaign.propensity = Some(vec![chance(0), chance(1)]);
    let fitted = fit(&campaign, &quick(LearnerKind::Dr), &|_| {}).expect("sound");
    let propensity = &fitted.report.propensity;
    assert_eq!(propensity.source, effect::PropensitySource::Known);
    for arm in &propensity.arms {
        assert!((0.03..0.07).contains(&arm.clipped_share), "{arm:?}");
        assert!(arm.effective_rows < 400.0, "{arm:?}");
    }
}
