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
    }
}

fn assumptions(from: &study::Assumptions) -> page::Assumptions {
    page::Assumptions {
        currency: from.currency.as_deref().and_then(Currency::parse),
        value_of_kept: from.value_of_kept,
        value_stated_by: stated_by(from.value_stated_by),
        contact_cost: from.contact_cost,
        success_share: from.success_share,
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
