//! Metrics against what scikit-learn says of the same scores (bench/learn/make_fixtures.py).

use learn::metrics::{Ranking, auc, average_precision, brier, log_loss, reliability};
use serde_json::Value;

fn expected() -> Value {
    serde_json::from_str(include_str!("fixtures/scikit_learn.expected.json")).expect("JSON")
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("an array").iter().map(|value| value.as_f64().expect("a number")).collect()
}

fn assert_near(what: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{what}: {a} {b}");
    }
}

#[test]
fn metrics_are_those_of_scikit_learn() {
    let all = expected();
    let label: Vec<bool> = numbers(&all["label"]).into_iter().map(|label| label > 0.5).collect();
    let weight = numbers(&all["weight"]);
    for (scores, weight, metrics) in [("apart", None, "metrics"), ("tied", Some(&*weight), "weighted_metrics")] {
        let ranking = Ranking::new(&numbers(&all[scores]), &label, weight);
        let found = [auc(&ranking), average_precision(&ranking), log_loss(&ranking), brier(&ranking)];
        assert_near(metrics, &found.map(|value| value.expect("both classes")), &numbers(&all[metrics]));
    }
}

#[test]
fn the_reliability_curve_is_that_of_scikit_learn() {
    let all = expected();
    let label: Vec<bool> = numbers(&all["label"]).into_iter().map(|label| label > 0.5).collect();
    let curve = reliability(&Ranking::new(&numbers(&all["apart"]), &label, None), 10);
    let (said, happened): (Vec<f64>, Vec<f64>) = curve.iter().map(|bin| (bin.said, bin.happened)).unzip();
    assert_near("said", &said, &numbers(&all["curve_said"]));
    assert_near("happened", &happened, &numbers(&all["curve_happened"]));
}
