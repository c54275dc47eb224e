//! The page of a learned campaign, and its warnings as findings.

use std::collections::BTreeMap;

use ::report::campaign as page;
use effect::{EffectReport, LearnerKind, OutcomeKind, PolicyKind, PropensitySource, Warning};
use tables::{Finding, Place, Topic};

use super::learn::LearnRequest;

/// What the page shows.
pub(super) fn report(
    request: &LearnRequest,
    from: &EffectReport,
    classes: &BTreeMap<&'static str, usize>,
) -> page::CampaignReport {
    let arm = |arm: &effect::ArmReport| page::Arm {
        name: arm.arm.clone(),
        rows: arm.rows,
        mean: estimate(&arm.mean_outcome),
    };
    let count = |class: &str| classes.get(class).copied().unwrap_or(0);
    page::CampaignReport {
        locale: request.locale,
        file: request.input.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        made_on: request.made_on,
        treatment: request.treatment.clone(),
        outcome: request.outcome.clone(),
        is_share: from.outcome == OutcomeKind::Binary,
        rows: from.rows,
        arms: from.arms.iter().map(arm).collect(),
        actions: from.actions.iter().map(|action| self::action(action, from)).collect(),
        learner: learner(from.chosen).to_owned(),
        is_randomised: matches!(from.propensity.source, PropensitySource::Known | PropensitySource::Shares),
        classes: page::Classes {
            persuadable: count("persuadable"),
            sure_thing: count("sure_thing"),
            lost_cause: count("lost_cause"),
            do_not_disturb: count("do_not_disturb"),
        },
        policies: from.policies.iter().map(policy).collect(),
        rules: from.policy_tree.leaves.iter().map(|leaf| rule(leaf, from)).collect(),
        segments: from.segments.groups.iter().map(segment).collect(),
        warnings: from.warnings.iter().map(warning).collect(),
    }
}

fn action(action: &effect::ActionReport, from: &EffectReport) -> page::Action {
    let same = from.warnings.iter().any(|warning| matches!(warning, Warning::SameForAll { arm } if *arm == action.arm));
    let told = if same { 0.0 } else { action.slope };
    page::Action {
        name: action.arm.clone(),
        average: estimate(&action.average),
        differs: differs(action, told),
        qini: action.quality.qini.as_ref().map(estimate),
        tenths: action
            .quality
            .deciles
            .iter()
            .map(|tenth| page::Tenth { told: tenth.told, observed: tenth.uplift.as_ref().map(estimate) })
            .collect(),
        curve: action.quality.curve.iter().map(|point| (point.share, point.gain)).collect(),
    }
}

fn policy(from: &effect::PolicyReport) -> page::Policy {
    page::Policy {
        kind: match &from.policy {
            PolicyKind::All { arm } => page::PolicyKind::All(arm.clone()),
            PolicyKind::Model => page::PolicyKind::Model,
            PolicyKind::Tree => page::PolicyKind::Rules,
        },
        contacted: 1.0 - from.shares.first().copied().unwrap_or(0.0),
        value: estimate(&from.value.dr),
    }
}

fn rule(leaf: &effect::PolicyLeaf, from: &EffectReport) -> page::Rule {
    page::Rule {
        conditions: leaf.rule.iter().map(condition).collect(),
        action: (leaf.arm > 0).then(|| from.arms[leaf.arm].arm.clone()),
        share: leaf.share,
        gain: estimate(&leaf.gain),
    }
}

fn segment(from: &effect::Segment) -> page::Segment {
    page::Segment {
        conditions: from.rule.iter().map(condition).collect(),
        share: from.share,
        base: estimate(&from.base),
        effects: from.effects.iter().map(estimate).collect(),
    }
}

fn condition(from: &effect::Condition) -> page::Condition {
    use effect::Condition;
    let column = from.column().to_owned();
    let test = match from {
        Condition::AtMost { value, or_missing, .. } => page::Test::AtMost(f64::from(*value), *or_missing),
        Condition::Above { value, or_missing, .. } => page::Test::Above(f64::from(*value), *or_missing),
        Condition::Is { level, .. } => page::Test::Is(level.clone()),
        Condition::IsNot { level, .. } => page::Test::IsNot(level.clone()),
        Condition::Missing { .. } => page::Test::Missing,
        Condition::Present { .. } => page::Test::Present,
    };
    page::Condition { column, test }
}

fn warning(from: &Warning) -> page::Warning {
    match from {
        Warning::PoorOverlap { arm, columns, .. } => {
            page::Warning::PoorOverlap { arm: arm.clone(), columns: columns.clone() }
        }
        Warning::NotRandomised => page::Warning::NotRandomised,
        Warning::ColumnsConstant => page::Warning::ColumnsConstant,
        Warning::SameForAll { arm } => page::Warning::SameForAll { arm: arm.clone() },
        Warning::PlaceboFound { arm, .. } => page::Warning::PlaceboFound { arm: arm.clone() },
        Warning::ControlsDiffer { .. } => page::Warning::ControlsDiffer,
        Warning::FewOutcomes { arm, rows } => page::Warning::FewOutcomes { arm: arm.clone(), rows: *rows },
    }
}

fn estimate(from: &effect::Estimate) -> ::report::Estimate {
    ::report::Estimate { value: from.value, low: from.low, high: from.high }
}

/// Whether differences between clients were found: some are told, and chance alone would hardly bear out as much.
pub(super) fn differs(action: &effect::ActionReport, told: f64) -> bool {
    const LEVEL: f64 = 0.05;
    told > 0.0 && action.differs_p_value < LEVEL
}

/// The learner's name.
pub(super) fn learner(kind: LearnerKind) -> &'static str {
    match kind {
        LearnerKind::Constant => "constant",
        LearnerKind::S => "S-learner",
        LearnerKind::T => "T-learner",
        LearnerKind::X => "X-learner",
        LearnerKind::Dr => "DR-learner",
    }
}

/// Warnings of the fit as findings.
pub(super) fn findings(warnings: &[Warning], place: &Place, treatment: &str) -> Vec<Finding> {
    warnings
        .iter()
        .map(|warning| {
            let (message, advice) = said(warning);
            Finding::warning(Topic::EnoughData, place.clone().in_column(treatment), message, advice)
        })
        .collect()
}

/// What a warning says, and what to do.
fn said(warning: &Warning) -> (String, &'static str) {
    match warning {
        Warning::PoorOverlap { arm, auc, columns, .. } => (
            format!(
                "who was given {arm:?} is well foretold by {} ({auc:.2} of pairs in the right order): comparisons rest on few rows",
                columns.join(", ")
            ),
            "leave out with --ignore what was filled in after the campaign; next time choose by lot",
        ),
        Warning::NotRandomised => (
            "treatments were not given by lot: effects are right only if the columns hold every reason for who was given what"
                .to_owned(),
            "add columns that decided it; next time keep a part by lot",
        ),
        Warning::ColumnsConstant => (
            "no column has two different values: there is one effect for all".to_owned(),
            "export what was known of the clients before the campaign",
        ),
        Warning::SameForAll { arm } => (
            format!("the effect of {arm:?} was not found to differ between clients: each is told the average"),
            "contact all or nobody with it, or learn again with more clients or columns",
        ),
        Warning::PlaceboFound { arm, p_value } => (
            format!("with treatments shuffled an effect of {arm:?} is still found (p {p_value:.3})"),
            "do not trust these effects; look for rows that stand in the file more than once",
        ),
        Warning::ControlsDiffer { p_value } => (
            format!("two random halves of the control differ (p {p_value:.3})"),
            "look how rows came into the file",
        ),
        Warning::FewOutcomes { arm, rows } => (
            format!("of {arm:?} only {rows} rows have the rarer outcome: effects are rough"),
            "wait for more outcomes, or choose one that happens more often",
        ),
    }
}
