//! From a study to the values that the analyst's page shows: the page knows neither learners nor studies.

mod card;
mod drift;
mod model;
mod scores;
mod variables;

use ::report::{self as html, study as page};
use ::study::{Estimate, Study};
use contract::Contract;
use domain::Day;

use super::Request;

/// Everything the page shows of a study.
pub(super) fn report(contract: &Contract, request: &Request, source: String, study: &Study) -> page::StudyReport {
    let about = &study.about;
    let file = |path: &std::path::PathBuf| {
        path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
    };
    page::StudyReport {
        locale: contract.locale,
        organisation: contract.name.clone(),
        notice: None,
        source,
        target: target(contract),
        compared_with: request.against.as_ref().map(file),
        made_on: request.made_on,
        about: page::About {
            rows: about.rows,
            subjects: about.subjects,
            leaving_rows: about.leaving_rows,
            columns: about.columns,
            held_out_rows: about.held_out_rows,
            held_out_leaving_rows: about.held_out_leaving_rows,
            confidence: about.confidence,
            draws: about.draws,
            seed: about.seed,
        },
        variables: Some(variables::variables(&study.variables)),
        groups: Some(variables::groups(&study.groups)),
        baselines: Some(model::baselines(&study.baselines)),
        learning_curve: Some(model::learning_curve(&study.learning_curve)),
        balance: Some(model::balance(&study.balance)),
        selection: Some(model::selection(&study.selection)),
        importance: Some(model::importance(&study.importance)),
        calibration: Some(scores::calibration(&study.calibration)),
        top: Some(scores::top(&study.top)),
        economics: Some(scores::economics(&study.economics)),
        hardest: Some(scores::hardest(&study.hardest)),
        drift: study.drift.as_ref().map(drift::drift),
        card: Some(card::card(&study.card)),
    }
}

/// The column or table that says who left.
fn target(contract: &Contract) -> String {
    match &contract.outcome {
        contract::Outcome::Date { column } => match &column.origin {
            contract::Origin::Column(column) => column.clone(),
            contract::Origin::Expr(_) | contract::Origin::OneOf { .. } => "outcome.column".to_owned(),
        },
        contract::Outcome::Label { .. } => contract.target().map_or_else(String::new, |target| target.name.clone()),
        contract::Outcome::Inactivity { table, .. } => table.clone(),
    }
}

fn estimate(estimate: Estimate) -> html::Estimate {
    html::Estimate { value: estimate.value, low: estimate.low, high: estimate.high }
}

fn day(day: i32) -> Day {
    Day(day)
}
