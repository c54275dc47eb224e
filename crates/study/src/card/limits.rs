//! Facts that limit what a model may be used for, each with the threshold from which it counts.

use learn::{Scheme, WhyGrouped};

use super::Limit;
use crate::baselines::BaselineKind;
use crate::drift::SHIFTED;
use crate::learning_curve::Verdict;
use crate::{Parts, Subgroup, VariableKind};

/// Leavers below which everything is uncertain.
const FEW_LEAVERS: usize = 300;
/// AUC that is hardly an order.
const WEAK_AUC: f64 = 0.6;
/// AUC that people rarely reach honestly.
const TOO_GOOD_AUC: f64 = 0.95;
/// Share of all attributions that is too much for one variable.
const ONE_VARIABLE: f64 = 0.5;
/// Calibration error against that of a perfect model.
const MISCALIBRATED: f64 = 2.0;
/// Share of a variable's values that are missing.
const MUCH_MISSING: f64 = 0.5;
/// Names told.
const TOLD: usize = 10;

/// The gravest first: what may make the numbers wrong, then what makes them weak, then what to know.
pub(super) fn limits(parts: &Parts<'_>, subgroups: &[Subgroup], leavers: usize) -> Vec<Limit> {
    let final_model = parts.baselines.models.iter().find(|model| model.kind == BaselineKind::Final);
    let auc = final_model.map(|model| model.auc);
    let heaviest = parts.importance.variables.first();
    let mut limits = Vec::new();
    if let (Some(auc), Some(heaviest)) = (auc.filter(|auc| auc.value > TOO_GOOD_AUC), heaviest) {
        limits.push(Limit::TooGood { auc, variable: heaviest.name.clone() });
    }
    limits.extend(auc.filter(|auc| auc.low < WEAK_AUC).map(|auc| Limit::WeakOrder { auc }));
    if let Some(drift) = parts.drift {
        if !drift.missing_columns.is_empty() {
            limits.push(Limit::LostColumns { variables: drift.missing_columns.clone() });
        }
        if !drift.emptied_columns.is_empty() {
            limits.push(Limit::EmptiedColumns { variables: drift.emptied_columns.clone() });
        }
    }
    let calibration = parts.calibration;
    if calibration.error.value > MISCALIBRATED * calibration.error_if_perfect {
        let (error, error_if_perfect) = (calibration.error.value, calibration.error_if_perfect);
        limits.push(Limit::Miscalibrated { error, error_if_perfect });
    }
    if leavers < FEW_LEAVERS {
        limits.push(Limit::FewLeavers { leavers });
    }
    limits.extend(parts.drift.filter(|drift| drift.shifted > 0).map(|drift| Limit::Drift {
        variables: drift.variables.iter().take(TOLD).filter(|v| v.psi > SHIFTED).map(|v| v.name.clone()).collect(),
        domain_auc: drift.domain.auc,
    }));
    match parts.input.evaluation.scheme {
        Scheme::Forward => {}
        Scheme::Grouped(WhyGrouped::OneCutoff) => limits.push(Limit::NoTime),
        Scheme::Grouped(_) => limits.push(Limit::NotTestedForward),
    }
    if let Some(auc) = auc {
        // A third of a number that scores rest on is ordered worse by its making; a level is a group that people know.
        let is_category = |name: &str| {
            let variable = parts.variables.variables.iter().find(|variable| variable.name == name);
            variable.is_some_and(|variable| variable.kind == VariableKind::Category)
        };
        let weak = subgroups.iter().filter(|group| is_category(&group.variable) && group.auc.high < auc.low).take(TOLD);
        limits.extend(weak.map(|group| Limit::WeakSubgroup {
            variable: group.variable.clone(),
            slice: group.slice.clone(),
            auc: group.auc,
            auc_of_all: auc.value,
        }));
    }
    let logistic = parts.baselines.models.iter().find(|model| model.kind == BaselineKind::Logistic);
    // A logistic model beside a logistic model says nothing.
    let is_logistic = parts.input.evaluation.tier == learn::Tier::Logistic;
    let logistic = logistic.filter(|_| !is_logistic);
    let log_loss_gain = logistic.and_then(|model| model.gains).map(|gains| gains.log_loss);
    limits.extend(
        log_loss_gain
            .filter(|gain| gain.high >= 0.0)
            .map(|log_loss_gain| Limit::NoBetterThanLogistic { log_loss_gain }),
    );
    limits.extend(
        heaviest
            .filter(|heaviest| heaviest.share > ONE_VARIABLE)
            .map(|heaviest| Limit::OneVariable { variable: heaviest.name.clone(), share: heaviest.share }),
    );
    let variables = &parts.variables.variables;
    let mostly_missing = variables.iter().filter(|variable| variable.missing.share > MUCH_MISSING).count();
    if mostly_missing > 0 {
        limits.push(Limit::MuchMissing { variables: mostly_missing, of: variables.len() });
    }
    let key_like: Vec<String> =
        variables.iter().filter(|variable| variable.is_key_like).map(|variable| variable.name.clone()).collect();
    if !key_like.is_empty() {
        limits.push(Limit::KeyLike { variables: key_like });
    }
    if let (Verdict::Rising, Some(auc_gain)) =
        (parts.learning_curve.verdict, parts.learning_curve.auc_gain_from_40_percent)
    {
        limits.push(Limit::MoreRowsHelp { auc_gain });
    }
    limits
}
