//! A study as the analyst's page shows it.

mod scores;

use ::report::study::StudyReport;
use ::study::Study;
use contract::Contract;

use super::Request;

/// Everything the page shows of a study.
pub(super) fn report(contract: &Contract, request: &Request, source: String, study: &Study) -> StudyReport {
    let file = |path: &std::path::PathBuf| {
        path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
    };
    StudyReport {
        locale: contract.locale,
        organisation: contract.name.clone(),
        notice: None,
        source,
        target: target(contract),
        is_leaving: contract.learns_leaving(),
        compared_with: request.against.as_ref().map(file),
        made_on: request.made_on,
        about: study.about.clone(),
        variables: study.variables.clone(),
        groups: study.groups.clone(),
        baselines: study.baselines.clone(),
        learning_curve: study.learning_curve.clone(),
        balance: study.balance.clone(),
        selection: study.selection.clone(),
        importance: study.importance.clone(),
        calibration: study.calibration.clone(),
        top: study.top.clone(),
        economics: Some(scores::economics(&study.economics)),
        hardest: study.hardest.clone(),
        drift: study.drift.clone(),
        card: study.card.clone(),
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
