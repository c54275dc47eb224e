//! The model card.

use ::report::study as page;

use super::scores::map_kind;
use super::{day, estimate};

pub(super) fn card(from: &study::Card) -> page::Card {
    let (data, quality) = (&from.data, &from.quality);
    page::Card {
        data: page::CardData {
            rows: data.rows,
            subjects: data.subjects,
            leaving_rows: data.leaving_rows,
            leavers: data.leavers,
            base_rate: data.base_rate,
            numbers: data.numbers,
            categories: data.categories,
            missing_share: data.missing_share,
            cutoffs: data.cutoffs,
            period: data.has_time.then(|| (day(data.first_day), day(data.last_day))),
            reach_days: data.reach_days,
        },
        model: model(&from.model),
        quality: page::CardQuality {
            scheme: match quality.scheme {
                study::Tested::Forward => page::Scheme::Forward,
                study::Tested::Grouped => page::Scheme::Grouped,
            },
            rows: quality.rows,
            auc: quality.auc.map(estimate),
            average_precision: quality.average_precision.map(estimate),
            log_loss: quality.log_loss.map(estimate),
            base_log_loss: quality.base_log_loss,
            brier: quality.brier.map(estimate),
            calibration_error: estimate(quality.calibration_error),
            lift_at_10_percent: quality.lift_at_10_percent.map(estimate),
        },
        limits: from.limits.iter().map(limit).collect(),
        subgroups: from.subgroups.iter().map(subgroup).collect(),
        intended: from.intended.iter().copied().map(intended).collect(),
        not_intended: from.not_intended.iter().copied().map(not_intended).collect(),
    }
}

fn model(from: &study::CardModel) -> page::CardModel {
    page::CardModel {
        kind: match from.tier {
            study::ModelKind::Prior => page::ModelKind::Prior,
            study::ModelKind::Logistic => page::ModelKind::Logistic,
            study::ModelKind::Boosted => page::ModelKind::Boosted,
            study::ModelKind::Blend => page::ModelKind::Blend,
        },
        recipe: from.recipe.clone(),
        trees: from.trees,
        columns_used: from.columns_used,
        map: map_kind(from.map),
        tried: from.tried,
        seed: from.seed,
    }
}

fn limit(from: &study::Limit) -> page::Limit {
    use study::Limit;
    match from {
        Limit::FewLeavers { leavers } => page::Limit::FewLeavers { leavers: *leavers },
        Limit::WeakOrder { auc } => page::Limit::WeakOrder { auc: estimate(*auc) },
        Limit::TooGood { auc, variable } => page::Limit::TooGood { auc: estimate(*auc), variable: variable.clone() },
        Limit::NoBetterThanLogistic { log_loss_gain } => {
            page::Limit::NoBetterThanLogistic { log_loss_gain: estimate(*log_loss_gain) }
        }
        Limit::OneVariable { variable, share } => {
            page::Limit::OneVariable { variable: variable.clone(), share: *share }
        }
        Limit::Miscalibrated { error, error_if_perfect } => {
            page::Limit::Miscalibrated { error: *error, error_if_perfect: *error_if_perfect }
        }
        Limit::MuchMissing { variables, of } => page::Limit::MuchMissing { variables: *variables, of: *of },
        Limit::KeyLike { variables } => page::Limit::KeyLike { variables: variables.clone() },
        Limit::NoTime => page::Limit::NoTime,
        Limit::NotTestedForward => page::Limit::NotTestedForward,
        Limit::Drift { variables, domain_auc } => {
            page::Limit::Drift { variables: variables.clone(), domain_auc: estimate(*domain_auc) }
        }
        Limit::WeakSubgroup { variable, level, auc, auc_of_all } => page::Limit::WeakSubgroup {
            variable: variable.clone(),
            level: level.clone(),
            auc: estimate(*auc),
            auc_of_all: *auc_of_all,
        },
        Limit::MoreRowsHelp { auc_gain } => page::Limit::MoreRowsHelp { auc_gain: estimate(*auc_gain) },
    }
}

fn subgroup(from: &study::Subgroup) -> page::Subgroup {
    page::Subgroup {
        variable: from.variable.clone(),
        level: from.level.clone(),
        rows: from.rows,
        leaving_rows: from.leaving_rows,
        auc: estimate(from.auc),
        mean_said: from.mean_said,
        happened: estimate(from.happened),
    }
}

fn intended(from: study::Use) -> page::Use {
    match from {
        study::Use::RankForContact => page::Use::RankForContact,
        study::Use::ExpectNumbers => page::Use::ExpectNumbers,
        study::Use::SeeWhatGoesWithLeaving => page::Use::SeeWhatGoesWithLeaving,
    }
}

fn not_intended(from: study::NotIntended) -> page::NotIntended {
    match from {
        study::NotIntended::DecideAlone => page::NotIntended::DecideAlone,
        study::NotIntended::CausesOfLeaving => page::NotIntended::CausesOfLeaving,
        study::NotIntended::EffectOfContact => page::NotIntended::EffectOfContact,
        study::NotIntended::OtherPopulation => page::NotIntended::OtherPopulation,
        study::NotIntended::WorsenService => page::NotIntended::WorsenService,
    }
}
