//! What a reader must be told before trusting a fit.

use learn::{Column, Values};

use crate::campaign::{Campaign, OutcomeKind};
use crate::checks::NothingToFind;
use crate::error::Warning;
use crate::model::EffectModel;

/// Below this many rows of the rarer outcome an arm says little.
const FEW_OUTCOMES: usize = 30;

/// Below this p-value something was found where there is nothing to be found.
const SUSPICIOUS: f64 = 0.01;

/// Of the campaign and of what was borne out.
pub(crate) fn look_over(campaign: &Campaign, model: &EffectModel) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if campaign.columns.iter().all(is_constant) {
        warnings.push(Warning::ColumnsConstant);
    }
    if campaign.outcome_kind() == OutcomeKind::Binary {
        for (arm, name) in campaign.arms.iter().enumerate() {
            let of_arm = campaign.arm.iter().zip(&campaign.outcome).filter(|(given, _)| **given as usize == arm);
            let ones = of_arm.clone().filter(|(_, outcome)| **outcome > 0.5).count();
            let rows = ones.min(of_arm.count() - ones);
            if rows < FEW_OUTCOMES {
                warnings.push(Warning::FewOutcomes { arm: name.clone(), rows });
            }
        }
    }
    for (index, shrinkage) in model.shrinkage.iter().enumerate() {
        if shrinkage.told <= 0.0 {
            warnings.push(Warning::SameForAll { arm: campaign.arms[index + 1].clone() });
        }
    }
    warnings
}

fn is_constant(column: &Column) -> bool {
    match &column.values {
        Values::Number(values) => values.iter().all(|value| value.to_bits() == values[0].to_bits()),
        Values::Category { codes, .. } => codes.iter().all(|code| *code == codes[0]),
    }
}

/// Of the checks. Two tests of an arm are told by the lower p-value, doubled (Bonferroni).
pub(crate) fn suspicions(campaign: &Campaign, placebo: &NothingToFind, a_a: &NothingToFind) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (index, found) in placebo.actions.iter().enumerate() {
        let p_value = (2.0 * found.average_p_value.min(found.differs_p_value)).min(1.0);
        if p_value < SUSPICIOUS {
            warnings.push(Warning::PlaceboFound { arm: campaign.arms[index + 1].clone(), p_value });
        }
    }
    let p_value = a_a.lowest_p_value();
    if p_value < SUSPICIOUS {
        warnings.push(Warning::ControlsDiffer { p_value });
    }
    warnings
}
