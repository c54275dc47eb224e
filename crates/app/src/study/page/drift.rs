//! How two sets of rows differ.

use ::report::study as page;

use super::{day, estimate};

pub(super) fn drift(from: &study::Drift) -> page::Drift {
    let gives_away = |away: &study::GivesAway| page::GivesAway {
        name: away.name.clone(),
        attribution: away.attribution,
        share: away.share,
    };
    page::Drift {
        sides: match from.sides {
            study::Sides::Files => page::Sides::Files,
            study::Sides::Cutoffs => page::Sides::Cutoffs,
        },
        first: side(&from.first),
        second: side(&from.second),
        variables: from.variables.iter().map(variable).collect(),
        shifted: from.shifted,
        score_psi: from.score_psi,
        domain: page::Domain {
            rows: from.domain.rows,
            auc: estimate(from.domain.auc),
            gives_away: from.domain.gives_away.iter().map(gives_away).collect(),
        },
        missing_columns: from.missing_columns.clone(),
        extra_columns: from.extra_columns.clone(),
    }
}

fn side(from: &study::DriftSide) -> page::DriftSide {
    page::DriftSide {
        rows: from.rows,
        first_day: from.first_day.map(day),
        last_day: from.last_day.map(day),
        mean_score: from.mean_score,
    }
}

fn variable(from: &study::VariableDrift) -> page::VariableDrift {
    page::VariableDrift {
        name: from.name.clone(),
        psi: from.psi,
        psi_by_chance: from.psi_by_chance,
        missing_first: from.missing_first,
        missing_second: from.missing_second,
        new_levels: from.new_levels.clone(),
        new_level_share: from.new_level_share,
        median_first: from.median_first,
        median_second: from.median_second,
    }
}
