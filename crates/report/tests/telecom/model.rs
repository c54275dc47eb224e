use report::study::{
    Balance, Baseline, BaselineKind, Baselines, Card, CardData, CardModel, CardQuality, CurvePoint, Gains,
    GroupImportance, Importance, LearningCurve, Limit, MapKind, ModelKind, ModelRecipe, NotIntended,
    ProbabilityQuality, RecipeExtras, Selection, SelectionPoint, Slice, Subgroup, Tested, Treatment, TreatmentKind,
    Use, VariableImportance, Verdict,
};

use super::{LEAVING, ROWS, about};

pub(crate) fn baselines(names: &[String]) -> Baselines {
    let baseline = |kind, auc: f64, log_loss: f64, average_precision: f64, brier: f64| Baseline {
        kind,
        variable: (kind == BaselineKind::BestVariable).then(|| names.last().cloned()).flatten(),
        auc: about(auc, if kind == BaselineKind::BaseRate { 0.0 } else { 0.008 }),
        average_precision: about(average_precision, 0.006),
        log_loss: about(log_loss, 0.0041),
        brier: about(brier, 0.0015),
        gains: (kind != BaselineKind::Final).then(|| Gains {
            auc: about(0.7342 - auc, 0.006),
            average_precision: about(0.189 - average_precision, 0.005),
            log_loss: about(0.2352 - log_loss, 0.0012),
            brier: about(0.0638 - brier, 0.0004),
        }),
    };
    Baselines {
        rows: ROWS,
        leaving_rows: LEAVING,
        models: vec![
            baseline(BaselineKind::BaseRate, 0.5, 0.2626, 0.0734, 0.0680),
            baseline(BaselineKind::BestVariable, 0.6312, 0.2540, 0.1203, 0.0668),
            baseline(BaselineKind::Logistic, 0.6954, 0.2440, 0.1588, 0.0652),
            baseline(BaselineKind::Final, 0.7342, 0.2352, 0.1890, 0.0638),
        ],
    }
}

pub(crate) fn learning_curve() -> LearningCurve {
    let point = |share: f64, auc, log_loss| CurvePoint {
        share,
        subjects: (40_000.0 * share) as usize,
        rows: (40_000.0 * share) as usize,
        leaving_rows: (2_938.0 * share) as usize,
        auc: about(auc, 0.016),
        log_loss: about(log_loss, 0.0072),
    };
    LearningCurve {
        kept_rows: 10_000,
        kept_leaving_rows: 734,
        points: vec![
            point(0.1, 0.6843, 0.2449),
            point(0.2, 0.7021, 0.2418),
            point(0.4, 0.7178, 0.2390),
            point(0.7, 0.7281, 0.2367),
            point(1.0, 0.7335, 0.2354),
        ],
        auc_gain_from_40_percent: Some(about(0.0157, 0.0071)),
        log_loss_gain_from_40_percent: Some(about(-0.0036, 0.0015)),
        verdict: Verdict::Rising,
    }
}

pub(crate) fn balance() -> Balance {
    let quality = |log_loss, error, mean_said| ProbabilityQuality {
        log_loss: about(log_loss, 0.0072),
        calibration_error: about(error, 0.002),
        mean_said,
        mean_happened: 0.0734,
    };
    let treatment = |kind, rows, weight, auc, before| Treatment {
        kind,
        train_rows: rows,
        train_leaving_rows: 2_938,
        leaving_weight: weight,
        auc: about(auc, 0.016),
        auc_gain: (kind != TreatmentKind::Plain).then(|| about(auc - 0.7335, 0.0052)),
        before,
        after: quality(0.2354 + (0.7335 - auc) / 10.0, 0.0041, 0.0735),
        log_loss_gain: (kind != TreatmentKind::Plain).then(|| about((0.7335 - auc) / 10.0, 0.0012)),
    };
    Balance {
        kept_rows: 10_000,
        kept_leaving_rows: 734,
        treatments: vec![
            treatment(TreatmentKind::Plain, 40_000, 1.0, 0.7335, quality(0.2358, 0.0052, 0.0741)),
            treatment(TreatmentKind::ClassWeights, 40_000, 12.6, 0.7318, quality(0.5214, 0.3321, 0.4053)),
            treatment(TreatmentKind::Undersampling, 5_876, 1.0, 0.7192, quality(0.6023, 0.3865, 0.4597)),
        ],
    }
}

pub(crate) fn selection(names: &[String]) -> Selection {
    let all = names.len();
    let sizes = [(5, 0.7012), (10, 0.7155), (20, 0.7284), (40, 0.7331), (all, 0.7335)];
    let point = |(variables, auc): (usize, f64)| SelectionPoint {
        variables,
        auc: about(auc, 0.016),
        log_loss: about(0.2354 + (0.7335 - auc) / 5.0, 0.0072),
        gap: (0.7335 - auc) / 5.0,
        gap_error: if variables == all { 0.0 } else { 0.0008 },
    };
    Selection {
        kept_rows: 10_000,
        points: sizes.into_iter().filter(|(size, _)| *size <= all).map(point).collect(),
        smallest: 40.min(all),
        order: names.iter().rev().cloned().collect(),
    }
}

pub(crate) fn importance(names: &[String]) -> Importance {
    let weight = |at: usize| 0.31 * 0.93f64.powi(i32::try_from(at).expect("small"));
    let sum: f64 = (0..names.len()).map(weight).sum();
    let variables = names.iter().rev().enumerate().map(|(at, name)| VariableImportance {
        name: name.clone(),
        attribution: about(weight(at), weight(at) * 0.06),
        share: weight(at) / sum,
        auc_drop: (at < 40).then(|| about(weight(at) / 12.0 - 0.0008, 0.0016)),
    });
    let groups = [0..14, 20..24].into_iter().filter_map(|range| names.get(range)).map(|columns| GroupImportance {
        columns: columns.to_vec(),
        attribution: about(0.22, 0.012),
        auc_drop: Some(about(0.0142, 0.0024)),
    });
    Importance {
        attributed_rows: 5_000,
        shuffled_rows: 10_000,
        auc: 0.7335,
        variables: variables.collect(),
        groups: groups.collect(),
    }
}

pub(crate) fn card(columns: usize, names: &[String]) -> Card {
    let name = |at: usize| names.get(at).cloned().unwrap_or_default();
    let subgroup = |at, slice: Slice, rows: usize, auc| Subgroup {
        variable: name(at),
        slice,
        rows,
        leaving_rows: rows / 11,
        auc: about(auc, 90.0 / rows as f64),
        mean_said: 0.081,
        happened: about(0.0909, 9.0 / rows as f64),
    };
    Card {
        data: CardData {
            rows: ROWS,
            subjects: ROWS,
            leaving_rows: LEAVING,
            leavers: LEAVING,
            base_rate: 0.0734,
            numbers: columns - columns / 6,
            categories: columns / 6,
            missing_share: 0.6966,
            cutoffs: 1,
            first_day: 0,
            last_day: 0,
            has_time: false,
            reach_days: 0,
        },
        model: CardModel {
            tier: ModelKind::Blend,
            recipe: ModelRecipe::Mean {
                parts: vec![
                    (0.7, ModelRecipe::Boosted { leaves: 16, rounds: 368, extras: RecipeExtras::Pairs }),
                    (0.3, ModelRecipe::Logistic { ridge: 30.0, extras: RecipeExtras::None }),
                ],
            },
            trees: 1_840,
            columns_used: columns - columns / 9,
            map: MapKind::Line,
            tried: 27,
            seed: 1,
        },
        quality: CardQuality {
            scheme: Tested::Grouped,
            rows: ROWS,
            auc: Some(about(0.7342, 0.008)),
            average_precision: Some(about(0.189, 0.006)),
            log_loss: Some(about(0.2352, 0.0041)),
            base_log_loss: 0.2626,
            brier: Some(about(0.0638, 0.0015)),
            calibration_error: about(0.0031, 0.0011),
            lift_at_10_percent: Some(about(3.31, 0.14)),
        },
        limits: vec![
            Limit::NoTime,
            Limit::Drift { variables: vec![name(3), name(7)], domain_auc: about(0.71, 0.01) },
            Limit::MuchMissing { variables: columns * 2 / 5, of: columns },
            Limit::WeakSubgroup {
                variable: name(7),
                slice: Slice::Missing,
                auc: about(0.612, 0.04),
                auc_of_all: 0.7342,
            },
            Limit::KeyLike { variables: vec![name(3)] },
            Limit::MoreRowsHelp { auc_gain: about(0.0157, 0.0071) },
        ],
        subgroups: vec![
            subgroup(7, Slice::Missing, 1_903, 0.612),
            subgroup(5, Slice::Level { name: "oslk5cdaQ".to_owned() }, 4_120, 0.671),
            subgroup(3, Slice::Numbers { above: Some(0.0), up_to: Some(14.5) }, 12_480, 0.718),
        ],
        intended: vec![Use::RankForContact, Use::ExpectNumbers, Use::SeeWhatGoesWithLeaving],
        not_intended: vec![
            NotIntended::DecideAlone,
            NotIntended::CausesOfLeaving,
            NotIntended::EffectOfContact,
            NotIntended::OtherPopulation,
            NotIntended::WorsenService,
        ],
    }
}
