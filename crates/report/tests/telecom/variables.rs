use report::study::{
    Association, ClassBins, Difference, Distribution, EffectKind, Group, Groups, LeftOut, LevelShare, Measure, Missing,
    Quantiles, Test, Variable, VariableKind, Variables, WhyLeftOut,
};

use super::{LEAVING, ROWS, Random, about};

pub(crate) fn variables(columns: usize, random: &mut Random) -> Variables {
    let variables: Vec<_> = (0..columns).map(|at| variable(at, random)).collect();
    let sure = |variable: &&Variable| variable.difference.is_some_and(|test| test.q < 0.05);
    Variables {
        rows_tested: ROWS,
        leaving_rows_tested: LEAVING,
        one_row_a_subject: false,
        tests: variables.len() * 2,
        differing: variables.iter().filter(sure).count(),
        variables,
        left_out: vec![
            LeftOut { name: "closed_on".to_owned(), why: WhyLeftOut::Leak },
            LeftOut { name: "phone".to_owned(), why: WhyLeftOut::Key },
            LeftOut { name: "note".to_owned(), why: WhyLeftOut::Copy { of: "remark".to_owned() } },
        ],
    }
}

fn variable(at: usize, random: &mut Random) -> Variable {
    let is_number = at % 6 != 5;
    let is_constant = at % 29 == 28;
    // Most variables say next to nothing, a few a lot.
    let strength = 0.16 * random.share().powi(4);
    let share = if random.share() < 0.4 { 0.97 - 0.02 * random.share() } else { 0.3 * random.share() };
    let p = if strength > 0.01 { 10f64.powf(-strength * 300.0) } else { random.share() };
    let test = |effect_kind, effect, interval| Difference {
        test: if effect_kind == EffectKind::Auc { Test::MannWhitney } else { Test::ChiSquare },
        statistic: 81_234_567.0,
        degrees: (effect_kind == EffectKind::CramersV).then_some(7),
        p,
        q: (p * 2.0).min(1.0),
        effect_kind,
        effect,
        effect_interval: interval,
        leaving_rows: LEAVING,
        staying_rows: ROWS - LEAVING,
    };
    let effect = 0.5 + if random.share() < 0.5 { strength } else { -strength };
    let (distribution, difference) = if is_number {
        let scale = 10f64.powi(random.below(7) as i32 - 1);
        (number(effect - 0.5, scale, random), test(EffectKind::Auc, effect, [effect - 0.011, effect + 0.011]))
    } else {
        (
            category(strength, random),
            test(EffectKind::CramersV, strength, [(strength - 0.01).max(0.0), strength + 0.012]),
        )
    };
    Variable {
        name: format!("Var{}", at + 1),
        kind: if is_number { VariableKind::Number } else { VariableKind::Category },
        missing: Missing {
            share,
            share_leaving: share * 0.98,
            share_staying: share * 1.002,
            leaving_if_missing: Some(about(0.07, 0.004)),
        },
        distinct: if is_constant { 1 } else { 2 + random.below(15_000) },
        is_constant,
        is_key_like: at % 98 == 95,
        distribution,
        difference: (!is_constant).then_some(difference),
        missing_difference: Some(test(EffectKind::CramersV, 0.012, [0.0, 0.021])),
    }
}

fn number(shift: f64, scale: f64, random: &mut Random) -> Distribution {
    let count = 20;
    let middle = 4.0 + 10.0 * random.share();
    let rows = |total: f64, shift: f64| -> Vec<usize> {
        let weights: Vec<f64> =
            (0..count).map(|bin| (-(bin as f64 - middle - shift * 30.0).powi(2) / 18.0).exp() + 0.02).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter().map(|weight| (total * weight / sum) as usize).collect()
    };
    let quantiles = |rows, shift: f64| {
        let p50 = (middle + shift * 30.0) * scale;
        let [min, p05, p25, p75, p95, max] = [0.0, 0.3, 0.7, 1.4, 2.1, 9.0].map(|by| by * p50);
        Some(Quantiles { rows, mean: p50 * 1.1, standard_deviation: p50 * 0.4, min, p05, p25, p50, p75, p95, max })
    };
    Distribution::Number {
        all: quantiles(ROWS, 0.0),
        leaving: quantiles(LEAVING, shift),
        staying: quantiles(ROWS - LEAVING, 0.0),
        bins: ClassBins {
            edges: (0..=count).map(|edge| f64::from(edge) * scale).collect(),
            leaving: rows(LEAVING as f64, shift),
            staying: rows((ROWS - LEAVING) as f64, 0.0),
        },
    }
}

fn category(strength: f64, random: &mut Random) -> Distribution {
    let mut left = ROWS;
    let mut levels = Vec::new();
    for at in 0..9 {
        let rows = left / 3;
        left -= rows;
        let value = (0.073 + (random.share() - 0.5) * strength * 2.0).max(0.0);
        let half = 1.96 * (value * (1.0 - value) / rows as f64).sqrt();
        levels.push(LevelShare {
            name: format!("{}{:x}aQ", ["R", "oslk", "zH", "mj"][at % 4], 7919 * (at + 3)),
            rows,
            leaving_rows: (rows as f64 * value) as usize,
            leaving: about(value, half),
        });
    }
    let others = LevelShare { name: String::new(), rows: left, leaving_rows: left / 14, leaving: about(0.07, 0.01) };
    Distribution::Category { levels, others: Some(others), other_levels: random.below(4_000) }
}

pub(crate) fn groups(names: &[String]) -> Groups {
    let some = |range: std::ops::Range<usize>| names.get(range).map(<[String]>::to_vec).unwrap_or_default();
    let group = |columns: Vec<String>, weakest_link| Group {
        representative: columns.first().cloned().unwrap_or_default(),
        columns,
        weakest_link,
    };
    let groups = [(0..14, 0.91), (20..24, 0.97), (30..32, 1.0)].map(|(range, weakest)| group(some(range), weakest));
    let pairs = names.windows(2).take(30).enumerate().map(|(at, pair)| Association {
        first: pair[0].clone(),
        second: pair[1].clone(),
        measure: [Measure::Spearman, Measure::CramersV, Measure::CorrelationRatio][at % 3],
        value: if at % 6 == 3 { -0.98 } else { 1.0 - at as f64 * 0.003 },
        rows: 12_345 + at,
    });
    Groups {
        rows: 20_000,
        threshold: 0.9,
        groups: groups.into_iter().filter(|group| group.columns.len() > 1).collect(),
        duplicates: Some(some(30..32)).filter(|same| !same.is_empty()).into_iter().collect(),
        constants: names.iter().skip(28).step_by(29).cloned().collect(),
        strongest: pairs.collect(),
    }
}
