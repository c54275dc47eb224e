//! What scores of kept-apart rows hold, what they are worth, and where they are wrong.

use ::report::study as page;
use domain::Currency;

use super::{day, estimate};

pub(super) fn calibration(from: &study::Calibration) -> page::Calibration {
    let bin = |bin: &study::Bin| page::Bin { rows: bin.rows, said: bin.said, happened: estimate(bin.happened) };
    let map = |tried: &study::MapTried| page::MapTried {
        kind: map_kind(tried.kind),
        log_loss: tried.log_loss,
        gap_error: tried.gap_error,
        is_taken: tried.is_taken,
    };
    page::Calibration {
        rows: from.rows,
        bins: from.bins.iter().map(bin).collect(),
        error: estimate(from.error),
        error_if_perfect: from.error_if_perfect,
        brier: estimate(from.brier),
        brier_skill: estimate(from.brier_skill),
        slope: estimate(from.slope),
        intercept: estimate(from.intercept),
        mean_said: from.mean_said,
        mean_happened: from.mean_happened,
        maps: from.maps.iter().map(map).collect(),
    }
}

pub(super) fn map_kind(from: study::MapKind) -> page::MapKind {
    match from {
        study::MapKind::Line => page::MapKind::Line,
        study::MapKind::Beta => page::MapKind::Beta,
        study::MapKind::Isotonic => page::MapKind::Isotonic,
    }
}

pub(super) fn top(from: &study::TopTable) -> page::TopTable {
    let share = |top: &study::TopShare| page::TopShare {
        share: top.share,
        rows: top.rows,
        precision: estimate(top.precision),
        recall: estimate(top.recall),
        lift: estimate(top.lift),
    };
    page::TopTable { rows: from.rows, leaving_rows: from.leaving_rows, shares: from.shares.iter().map(share).collect() }
}

pub(super) fn economics(from: &study::Economics) -> page::Economics {
    page::Economics {
        assumptions: assumptions(&from.assumptions),
        curve: from.curve.iter().copied().map(point).collect(),
        best: point(from.best),
        everybody: point(from.everybody),
        profit_by_chance: from.profit_by_chance,
        by_threshold: point(from.by_threshold),
        threshold: from.threshold,
        chances: chances(&from.chances),
    }
}

fn chances(from: &study::Chances) -> page::Chances {
    page::Chances {
        clients: from.clients,
        draws: from.draws,
        curve: from.curve.iter().map(|point| (point.share, spread(point.profit))).collect(),
        best_share: from.best.share,
        best_share_range: from.best_share,
        profit: spread(from.best.profit),
        flattery: from.flattery,
        probability_of_loss: from.best.probability_of_loss,
        break_even_cost: spread(from.break_even_cost),
        precision_point: from.precision_point.iter().map(|point| (point.clients, spread(point.worth))).collect(),
    }
}

fn spread(from: study::Spread) -> page::Estimate {
    page::Estimate { value: from.mean, low: from.low, high: from.high }
}

fn assumptions(from: &study::Assumptions) -> page::Assumptions {
    page::Assumptions {
        currency: from.currency.as_deref().and_then(Currency::parse),
        value_of_kept: from.value_of_kept,
        value_range: from.value_range,
        value_stated_by: stated_by(from.value_stated_by),
        contact_cost: from.contact_cost,
        contact_cost_range: from.contact_cost_range,
        success_share: from.success_share,
        success_range: from.success_range,
        contact_stated_by: stated_by(from.contact_stated_by),
        action: from.action.clone(),
    }
}

fn stated_by(from: study::StatedBy) -> page::StatedBy {
    match from {
        study::StatedBy::Contract => page::StatedBy::Contract,
        study::StatedBy::Reader => page::StatedBy::Reader,
        study::StatedBy::Default => page::StatedBy::Default,
    }
}

fn point(from: study::EconomicPoint) -> page::EconomicPoint {
    page::EconomicPoint {
        share: from.share,
        contacted: from.contacted,
        leavers_contacted: from.leavers_contacted,
        kept: from.kept,
        benefit: from.benefit,
        cost: from.cost,
        profit: estimate(from.profit),
    }
}

pub(super) fn hardest(from: &study::Hardest) -> page::Hardest {
    page::Hardest {
        variables: from.variables.clone(),
        pool_rows: from.pool_rows,
        missed: from.missed.iter().map(case).collect(),
        false_alarms: from.false_alarms.iter().map(case).collect(),
    }
}

fn case(from: &study::Case) -> page::Case {
    let neighbour = |near: &study::Neighbour| page::Neighbour {
        subject: near.subject.clone(),
        cutoff_day: day(near.cutoff_day),
        distance: near.distance,
        probability: near.probability,
        left: near.left,
        values: near.values.iter().map(shown).collect(),
    };
    page::Case {
        subject: from.subject.clone(),
        cutoff_day: day(from.cutoff_day),
        probability: from.probability,
        left: from.left,
        loss: from.loss,
        values: from.values.iter().map(shown).collect(),
        neighbours: from.neighbours.iter().map(neighbour).collect(),
        neighbours_leaving: from.neighbours_leaving,
    }
}

fn shown(from: &study::Shown) -> page::Shown {
    match from {
        study::Shown::Number(value) => page::Shown::Number(*value),
        study::Shown::Level(level) => page::Shown::Level(level.clone()),
        study::Shown::Missing => page::Shown::Missing,
    }
}
