//! What contacting the head of the list is worth.

use ::report::study as page;
use domain::Currency;

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
        profit: from.profit,
    }
}
