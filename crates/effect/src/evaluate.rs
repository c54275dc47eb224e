//! What is measured of effects told to rows kept out: every metric, with intervals over redrawn subjects.

use learn::PredictError;

use crate::campaign::Campaign;
use crate::draw::mix;
use crate::error::CampaignError;
use crate::estimate::{Estimate, bootstrap};
use crate::metrics::{
    Contrast, CurvePoint, auuc, calibration, corrected, deciles, off_policy, qini, qini_curve, qini_normalised, rate,
};
use crate::race::best_arm;
use crate::report::{ActionQuality, PolicyKind, PolicyReport};
use crate::rules::Rules;
use crate::settings::Settings;
use crate::trial::Trial;

/// Points of a curve that is shown, beside its start.
const CURVE_POINTS: usize = 100;

/// Effects told to rows kept out, and what they are judged by.
pub(crate) struct Told<'a> {
    pub(crate) campaign: &'a Campaign,
    pub(crate) trial: &'a Trial<'a>,
    /// Doubly robust scores, by arm and row.
    pub(crate) scores: &'a [Vec<f64>],
    /// By action and row.
    pub(crate) effects: &'a [Vec<f64>],
    pub(crate) settings: &'a Settings,
}

/// Every metric of one action.
pub(crate) fn quality(told: &Told<'_>, action: usize) -> ActionQuality {
    let trial = told.trial;
    let rows: Vec<usize> =
        (0..trial.arm.len()).filter(|&row| [0, action].contains(&(trial.arm[row] as usize))).collect();
    let effects = &told.effects[action - 1];
    let of_rows: Vec<f64> = rows.iter().map(|&row| effects[row]).collect();
    let is_treated: Vec<bool> = rows.iter().map(|&row| trial.arm[row] as usize == action).collect();
    let outcome: Vec<f64> = rows.iter().map(|&row| f64::from(trial.outcome[row])).collect();
    let propensity: Vec<f64> = rows
        .iter()
        .map(|&row| {
            let given = trial.propensity[trial.arm[row] as usize][row];
            given / (trial.propensity[0][row] + trial.propensity[action][row])
        })
        .collect();
    let weighted = Contrast::new(&of_rows, &is_treated, &outcome, Some(&propensity));
    let plain = weighted.unweighted();
    let (draws, seed) = (told.settings.bootstrap_draws, mix(told.settings.seed, 40 + action as u64));
    let drawn = bootstrap(rows.len(), draws, seed, |times| {
        let (plain, weighted) = (plain.redrawn(times), weighted.redrawn(times));
        let metrics = [qini(&plain), qini_normalised(&plain), auuc(&plain), corrected(&weighted)];
        metrics.map(|metric| metric.unwrap_or(f64::NAN))
    });
    let [qini_of, normalised_of, auuc_of, corrected_of] =
        drawn.map(|estimate: Estimate| estimate.value.is_finite().then_some(estimate));
    let scores: Vec<f64> = (0..trial.arm.len()).map(|row| told.scores[action][row] - told.scores[0][row]).collect();
    ActionQuality {
        qini: qini_of,
        qini_normalised: normalised_of,
        auuc: auuc_of,
        corrected: corrected_of,
        rate: rate(effects, &scores, draws, mix(seed, 1)),
        deciles: deciles(&weighted),
        calibration: calibration(effects, &scores),
        curve: thinned(qini_curve(&plain)),
    }
}

fn thinned(curve: Vec<CurvePoint>) -> Vec<CurvePoint> {
    let last = curve.len().saturating_sub(1);
    if last <= CURVE_POINTS {
        return curve;
    }
    (0..=CURVE_POINTS).map(|point| curve[point * last / CURVE_POINTS]).collect()
}

/// What policies would have brought.
pub(crate) fn policies(told: &Told<'_>, rules: &Rules) -> Result<Vec<PolicyReport>, CampaignError> {
    let (trial, settings) = (told.trial, told.settings);
    let every: Vec<usize> = (0..trial.arm.len()).collect();
    let mut policies = Vec::new();
    for (arm, name) in told.campaign.arms.iter().enumerate() {
        let kind = PolicyKind::All { arm: name.clone() };
        policies.push(policy(told, kind, &every, &vec![arm as u32; every.len()]));
    }
    let model: Vec<u32> =
        every.iter().map(|&row| best_arm(|arm| told.effects[arm - 1][row], trial.arms, settings) as u32).collect();
    policies.push(policy(told, PolicyKind::Model, &every, &model));
    let tree = rules
        .policy_tree
        .arms(&told.campaign.columns)
        .map_err(|error: PredictError| CampaignError::Setting { setting: "columns", problem: error.to_string() })?;
    let measuring: Vec<usize> = rules.measuring.iter().map(|&row| row as usize).collect();
    policies.push(policy(told, PolicyKind::Tree, &measuring, &tree));
    Ok(policies)
}

/// On some rows; `arms` has one for each row of the table.
fn policy(told: &Told<'_>, policy: PolicyKind, rows: &[usize], arms: &[u32]) -> PolicyReport {
    let trial = told.trial;
    let of_rows = |values: &[f64]| -> Vec<f64> { rows.iter().map(|&row| values[row]).collect() };
    let chosen: Vec<u32> = rows.iter().map(|&row| arms[row]).collect();
    let given: Vec<u32> = rows.iter().map(|&row| trial.arm[row]).collect();
    let propensity: Vec<Vec<f64>> = trial.propensity.iter().map(|of_arm| of_rows(of_arm)).collect();
    let scores: Vec<Vec<f64>> = told.scores.iter().map(|of_arm| of_rows(of_arm)).collect();
    let outcome: Vec<f64> = rows.iter().map(|&row| f64::from(trial.outcome[row])).collect();
    let cost: Vec<f64> = (0..trial.arms).map(|arm| told.settings.cost(arm)).collect();
    let share = |arm: usize| chosen.iter().filter(|&&of| of as usize == arm).count() as f64 / rows.len().max(1) as f64;
    PolicyReport {
        policy,
        shares: (0..trial.arms).map(share).collect(),
        value: off_policy(&chosen, &given, &propensity, &outcome, &scores, &cost),
    }
}
