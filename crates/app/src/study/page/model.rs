//! What the model is compared with, what it rests on, and what would change it.

use ::report::study as page;

use super::estimate;

pub(super) fn baselines(from: &study::Baselines) -> page::Baselines {
    page::Baselines {
        rows: from.rows,
        leaving_rows: from.leaving_rows,
        models: from.models.iter().map(baseline).collect(),
    }
}

fn baseline(from: &study::Baseline) -> page::Baseline {
    page::Baseline {
        kind: match from.kind {
            study::BaselineKind::BaseRate => page::BaselineKind::BaseRate,
            study::BaselineKind::BestVariable => page::BaselineKind::BestVariable,
            study::BaselineKind::Logistic => page::BaselineKind::Logistic,
            study::BaselineKind::Final => page::BaselineKind::Final,
        },
        variable: from.variable.clone(),
        auc: estimate(from.auc),
        average_precision: estimate(from.average_precision),
        log_loss: estimate(from.log_loss),
        brier: estimate(from.brier),
        gains: from.gains.map(|gains| page::Gains {
            auc: estimate(gains.auc),
            average_precision: estimate(gains.average_precision),
            log_loss: estimate(gains.log_loss),
            brier: estimate(gains.brier),
        }),
    }
}

pub(super) fn learning_curve(from: &study::LearningCurve) -> page::LearningCurve {
    let point = |point: &study::CurvePoint| page::CurvePoint {
        share: point.share,
        subjects: point.subjects,
        rows: point.rows,
        leaving_rows: point.leaving_rows,
        auc: estimate(point.auc),
        log_loss: estimate(point.log_loss),
    };
    page::LearningCurve {
        kept_rows: from.kept_rows,
        kept_leaving_rows: from.kept_leaving_rows,
        points: from.points.iter().map(point).collect(),
        auc_gain_from_40_percent: from.auc_gain_from_40_percent.map(estimate),
        log_loss_gain_from_40_percent: from.log_loss_gain_from_40_percent.map(estimate),
        verdict: match from.verdict {
            study::Verdict::Rising => page::Verdict::Rising,
            study::Verdict::Flat => page::Verdict::Flat,
            study::Verdict::Unclear => page::Verdict::Unclear,
        },
    }
}

pub(super) fn balance(from: &study::Balance) -> page::Balance {
    page::Balance {
        kept_rows: from.kept_rows,
        kept_leaving_rows: from.kept_leaving_rows,
        treatments: from.treatments.iter().map(treatment).collect(),
    }
}

fn treatment(from: &study::Treatment) -> page::Treatment {
    page::Treatment {
        kind: match from.kind {
            study::TreatmentKind::Plain => page::TreatmentKind::Plain,
            study::TreatmentKind::ClassWeights => page::TreatmentKind::ClassWeights,
            study::TreatmentKind::Undersampling => page::TreatmentKind::Undersampling,
        },
        train_rows: from.train_rows,
        train_leaving_rows: from.train_leaving_rows,
        leaving_weight: from.leaving_weight,
        auc: estimate(from.auc),
        auc_gain: from.auc_gain.map(estimate),
        before: probability_quality(from.before),
        after: probability_quality(from.after),
        log_loss_gain: from.log_loss_gain.map(estimate),
    }
}

fn probability_quality(from: study::ProbabilityQuality) -> page::ProbabilityQuality {
    page::ProbabilityQuality {
        log_loss: estimate(from.log_loss),
        calibration_error: estimate(from.calibration_error),
        mean_said: from.mean_said,
        mean_happened: from.mean_happened,
    }
}

pub(super) fn selection(from: &study::Selection) -> page::Selection {
    let point = |point: &study::SelectionPoint| page::SelectionPoint {
        variables: point.variables,
        auc: estimate(point.auc),
        log_loss: estimate(point.log_loss),
        gap: point.gap,
        gap_error: point.gap_error,
    };
    page::Selection {
        kept_rows: from.kept_rows,
        points: from.points.iter().map(point).collect(),
        smallest: from.smallest,
        order: from.order.clone(),
    }
}

pub(super) fn importance(from: &study::Importance) -> page::Importance {
    let variable = |variable: &study::VariableImportance| page::VariableImportance {
        name: variable.name.clone(),
        attribution: estimate(variable.attribution),
        share: variable.share,
        auc_drop: variable.auc_drop.map(estimate),
    };
    let group = |group: &study::GroupImportance| page::GroupImportance {
        columns: group.columns.clone(),
        attribution: estimate(group.attribution),
        auc_drop: group.auc_drop.map(estimate),
    };
    page::Importance {
        attributed_rows: from.attributed_rows,
        shuffled_rows: from.shuffled_rows,
        auc: from.auc,
        variables: from.variables.iter().map(variable).collect(),
        groups: from.groups.iter().map(group).collect(),
    }
}
