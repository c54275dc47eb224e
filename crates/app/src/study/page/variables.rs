//! Variables and their groups.

use ::report::study as page;

use super::estimate;

pub(super) fn variables(from: &study::Variables) -> page::Variables {
    page::Variables {
        rows_tested: from.rows_tested,
        leaving_rows_tested: from.leaving_rows_tested,
        one_row_a_subject: from.one_row_a_subject,
        tests: from.tests,
        differing: from.differing,
        variables: from.variables.iter().map(variable).collect(),
    }
}

fn variable(from: &study::Variable) -> page::Variable {
    page::Variable {
        name: from.name.clone(),
        kind: match from.kind {
            study::VariableKind::Number => page::VariableKind::Number,
            study::VariableKind::Category => page::VariableKind::Category,
        },
        missing: page::Missing {
            share: from.missing.share,
            share_leaving: from.missing.share_leaving,
            share_staying: from.missing.share_staying,
            leaving_if_missing: from.missing.leaving_if_missing.map(estimate),
        },
        distinct: from.distinct,
        is_constant: from.is_constant,
        is_key_like: from.is_key_like,
        distribution: distribution(&from.distribution),
        difference: from.difference.map(difference),
        missing_difference: from.missing_difference.map(difference),
    }
}

fn distribution(from: &study::Distribution) -> page::Distribution {
    match from {
        study::Distribution::Number { all, leaving, staying, bins } => page::Distribution::Number {
            all: all.map(quantiles),
            leaving: leaving.map(quantiles),
            staying: staying.map(quantiles),
            bins: page::ClassBins {
                edges: bins.edges.clone(),
                leaving: bins.leaving.clone(),
                staying: bins.staying.clone(),
            },
        },
        study::Distribution::Category { levels, others, other_levels } => page::Distribution::Category {
            levels: levels.iter().map(level).collect(),
            others: others.as_ref().map(level),
            other_levels: *other_levels,
        },
    }
}

fn quantiles(from: study::Quantiles) -> page::Quantiles {
    page::Quantiles {
        rows: from.rows,
        mean: from.mean,
        standard_deviation: from.standard_deviation,
        min: from.min,
        p05: from.p05,
        p25: from.p25,
        p50: from.p50,
        p75: from.p75,
        p95: from.p95,
        max: from.max,
    }
}

fn level(from: &study::LevelShare) -> page::LevelShare {
    page::LevelShare {
        name: from.name.clone(),
        rows: from.rows,
        leaving_rows: from.leaving_rows,
        leaving: estimate(from.leaving),
    }
}

fn difference(from: study::Difference) -> page::Difference {
    page::Difference {
        test: match from.test {
            study::Test::MannWhitney => page::Test::MannWhitney,
            study::Test::ChiSquare => page::Test::ChiSquare,
        },
        statistic: from.statistic,
        degrees: from.degrees,
        p: from.p,
        q: from.q,
        effect_kind: match from.effect_kind {
            study::EffectKind::Auc => page::EffectKind::Auc,
            study::EffectKind::CramersV => page::EffectKind::CramersV,
        },
        effect: from.effect,
        effect_interval: from.effect_interval,
        leaving_rows: from.leaving_rows,
        staying_rows: from.staying_rows,
    }
}

pub(super) fn groups(from: &study::Groups) -> page::Groups {
    let group = |group: &study::Group| page::Group {
        representative: group.representative.clone(),
        columns: group.columns.clone(),
        weakest_link: group.weakest_link,
    };
    page::Groups {
        rows: from.rows,
        threshold: from.threshold,
        groups: from.groups.iter().map(group).collect(),
        duplicates: from.duplicates.clone(),
        constants: from.constants.clone(),
        strongest: from.strongest.iter().map(association).collect(),
    }
}

fn association(from: &study::Association) -> page::Association {
    page::Association {
        first: from.first.clone(),
        second: from.second.clone(),
        measure: match from.measure {
            study::Measure::Spearman => page::Measure::Spearman,
            study::Measure::CramersV => page::Measure::CramersV,
            study::Measure::CorrelationRatio => page::Measure::CorrelationRatio,
        },
        value: from.value,
        rows: from.rows,
    }
}
