//! What a fit claims, against worlds whose truth is known: intervals, tests that must find nothing, policies.

mod common;

use common::{Plan, Shape, World, world};
use effect::{LearnerKind, PolicyKind, Settings, fit, fit_model};
use rayon::prelude::*;

/// Twelve small worlds of four shapes. `examples/coverage.rs` measures more and larger ones; here a mistake of a factor in
/// an error must show.
#[test]
fn intervals_hold_the_truth() {
    let shapes = [Shape::Same, Shape::Step, Shape::Smooth, Shape::Crossed];
    let of_world = |seed: u64| {
        let plan = Plan::new(2000, shapes[seed as usize % 4], 0.25, 100 + seed);
        let World { campaign, truth } = world(&plan);
        let settings = Settings { seed, bags: 10, ..Settings::default() };
        let model = fit_model(&campaign, &settings, &|_| {}).expect("a sound campaign");
        let effects = model.effects(&campaign.columns).expect("its own columns");
        let inside = effects
            .iter()
            .zip(&truth[0])
            .filter(|(of_row, truth)| of_row[0].low <= **truth && **truth <= of_row[0].high);
        let width = effects.iter().map(|of_row| of_row[0].high - of_row[0].low).sum::<f64>() / 2000.0;
        (inside.count() as f64 / 2000.0, width)
    };
    let worlds: Vec<(f64, f64)> = (0..12u64).into_par_iter().map(of_world).collect();
    let covered = worlds.iter().map(|world| world.0).sum::<f64>() / 12.0;
    let width = worlds.iter().map(|world| world.1).sum::<f64>() / 12.0;
    assert!((0.8..0.99).contains(&covered), "{covered} {worlds:?}");
    // Wide enough to hold anything would be no answer: all effects lie within 0.33 of each other.
    assert!(width < 0.33, "{width}");
}

#[test]
fn where_nothing_is_to_be_found_p_values_are_even() {
    let of_world = |seed: u64| {
        let World { campaign, .. } = world(&Plan::new(900, Shape::Step, 0.3, 200 + seed));
        let settings = Settings {
            seed,
            learners: vec![LearnerKind::Dr],
            bags: 2,
            race_bags: 2,
            bootstrap_draws: 2,
            permutations: 99,
            ..Settings::default()
        };
        let report = fit(&campaign, &settings, &|_| {}).expect("a sound campaign").report;
        let of = |found: &effect::NothingToFind| [found.actions[0].average_p_value, found.actions[0].differs_p_value];
        [of(&report.placebo), of(&report.a_a)].concat()
    };
    let drawn: Vec<Vec<f64>> = (0..30u64).into_par_iter().map(of_world).collect();
    for (test, name) in ["placebo average", "placebo differs", "a/a average", "a/a differs"].iter().enumerate() {
        let mut p: Vec<f64> = drawn.iter().map(|values| values[test]).collect();
        p.sort_by(f64::total_cmp);
        let distance = p
            .iter()
            .enumerate()
            .map(|(place, p)| (p - place as f64 / 30.0).abs().max((p - (place + 1) as f64 / 30.0).abs()))
            .fold(0.0, f64::max);
        // Kolmogorov's statistic of 30 even numbers exceeds 0.29 once in a hundred times.
        assert!(distance < 0.29, "{name}: {distance} {p:?}");
    }
}

#[test]
fn a_good_policy_is_found_told_and_judged() {
    let World { campaign, truth } = world(&Plan::new(6000, Shape::Step, 0.4, 31));
    let settings = Settings { costs: vec![0.0, 0.02], ..Settings::default() };
    let fitted = fit(&campaign, &settings, &|_| {}).expect("a sound campaign");
    let report = &fitted.report;
    // The truth asks whether x2 is above 0.6.
    let tree = &report.policy_tree;
    assert!(tree.leaves.iter().any(|leaf| leaf.rule.iter().any(|condition| condition.column() == "x2")), "{tree:?}");
    let arms = tree.arms(&campaign.columns).expect("its own columns");
    let gain = |arms: &[u32]| {
        arms.iter().zip(&truth[0]).map(|(&arm, effect)| f64::from(arm) * (effect - 0.02)).sum::<f64>() / 6000.0
    };
    let best: Vec<u32> = truth[0].iter().map(|&effect| u32::from(effect > 0.02)).collect();
    assert!(gain(&arms) > 0.85 * gain(&best), "{} {}", gain(&arms), gain(&best));
    // What is said of its gain is near the truth.
    assert!((tree.gain.value - gain(&arms)).abs() < 3.0 * tree.gain.error, "{:?} {}", tree.gain, gain(&arms));
    let value = |kind: &PolicyKind| {
        let found = report.policies.iter().find(|policy| policy.policy == *kind).expect("it is in the report");
        found.value.dr.value
    };
    let nobody = value(&PolicyKind::All { arm: "none".to_owned() });
    let everybody = value(&PolicyKind::All { arm: "action 1".to_owned() });
    assert!(value(&PolicyKind::Model) > everybody.max(nobody), "{:?}", report.policies);
    let quality = &report.actions[0].quality;
    assert!(quality.qini.is_some_and(|qini| qini.low > 0.0), "{:?}", quality.qini);
    assert!(quality.rate.autoc.low > 0.0 && quality.calibration.error < 0.1, "{quality:?}");
    let (head, tail) = (quality.deciles[0].uplift, quality.deciles[9].uplift);
    assert!(head.is_some_and(|head| head.low > 0.1) && tail.is_some_and(|tail| tail.high < 0.1), "{quality:?}");
    // Groups differ as told, and their intervals are of rows that did not cut them.
    let groups = &report.segments.groups;
    assert!(groups.len() > 1 && groups[0].effects[0].low > groups[groups.len() - 1].effects[0].high, "{groups:?}");
    assert!(report.actions[0].differs_p_value < 1e-6);
}

#[test]
fn where_all_are_alike_all_are_told_the_same() {
    let of_world = |seed: u64| {
        let World { campaign, .. } = world(&Plan::new(3000, Shape::Same, 0.2, 300 + seed));
        let settings = Settings { seed, bags: 4, ..Settings::default() };
        let model = fit_model(&campaign, &settings, &|_| {}).expect("a sound campaign");
        let effects = model.effects(&campaign.columns).expect("its own columns");
        let mean = effects.iter().map(|of_row| of_row[0].mean).sum::<f64>() / 3000.0;
        (effects.iter().map(|of_row| (of_row[0].mean - mean).powi(2)).sum::<f64>() / 3000.0).sqrt()
    };
    let spreads: Vec<f64> = (0..4u64).into_par_iter().map(of_world).collect();
    // A learner's raw differences are ten times as much; the average effect is 0.1.
    assert!(spreads.iter().sum::<f64>() / 4.0 < 0.03, "{spreads:?}");
}
