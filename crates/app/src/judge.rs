//! One cutoff, wholly: features, scores, reasons and decisions of everyone at risk.

use asof::{FeatureColumn, Snapshot, Spec};
use decide::{Case, Estimates, LoggedOutcome, Policy};
use domain::{Band, Cutoff, Day, Decision, Family, Money, Probability, Reason};
use learn::{Attributions, Column, Dataset, Model};
use narrate::{ActionWords, Labels, Narrator};
use warehouse::{Loaded, Sources};

use crate::Project;
use crate::error::Error;
use crate::matter::matter;
use crate::model::Trained;
use crate::progress::{Progress, Step};
use crate::reasons::Facts;

/// Attributions must add up to the score this closely, in log-odds.
const ADDITIVE_WITHIN: f64 = 1e-6;

/// Everyone at risk at a cutoff, and what to say about it.
pub struct Judged {
    /// The data, as it was known at the cutoff.
    pub loaded: Loaded,
    /// The features.
    pub snapshot: Snapshot,
    /// Log-odds of nobody in particular: what reasons are added to.
    pub base_log_odds: f64,
    /// One for each row of the snapshot.
    pub judgements: Vec<Judgement>,
    /// Writes in the contract's language.
    pub narrator: Narrator,
}

/// What is thought of one subject, and what to do.
pub struct Judgement {
    /// The subject's code.
    pub subject: u32,
    /// Calibrated probability to leave within the horizon.
    pub probability: Probability,
    /// How it is read.
    pub band: Band,
    /// Every family's part in the score; with the base they add up to its log-odds.
    pub reasons: Vec<Reason>,
    /// Those worth telling, strongest first, three at most.
    pub told: Vec<Reason>,
    /// What to do.
    pub decision: Decision,
}

/// Judges everyone at risk at a cutoff. Nothing later than it is read.
pub fn judge(project: &Project, trained: &Trained, as_of: Day, progress: &dyn Progress) -> Result<Judged, Error> {
    let contract = &project.contract;
    let trained_for = (trained.manifest.horizon_days, trained.manifest.gap_days);
    if trained_for != (contract.horizon.days, contract.horizon.gap_days) {
        return Err(Error::OtherHorizon { horizon_days: trained_for.0, gap_days: trained_for.1 });
    }
    let cutoff = Cutoff(as_of);
    progress.begin(Step::Read);
    let sources = Sources { contract_folder: &project.folder, data: project.data.as_deref() };
    let loaded = warehouse::load(contract, &sources, Some(as_of), Some(&trained.manifest.schema))?;
    let rows = loaded.scoring(contract, cutoff)?;
    progress.begin(Step::Features);
    let snapshot = loaded.snapshot(rows)?;

    progress.begin(Step::Score);
    let columns = columns(&loaded.specs, snapshot.columns.clone());
    let misfit = |problem| Error::Predict { model: project.model.clone(), problem };
    let attributions = trained.model.attribute(&columns).map_err(misfit)?;
    drop(columns);
    let off = attributions.max_error();
    if off > ADDITIVE_WITHIN {
        return Err(Error::NotAdditive(off));
    }

    progress.begin(Step::Explain);
    let labels = labels(project, &loaded);
    let tables: Vec<&asof::Events> = loaded.events.iter().collect();
    let facts = Facts::new(&loaded.subjects, &tables, &loaded.specs, &snapshot, cutoff, &labels);
    let positions = positions(&loaded.specs, &attributions);
    let scored = (0..snapshot.rows.len())
        .map(|row| {
            let probability = Probability::clamped(1.0 / (1.0 + (-attributions.log_odds[row]).exp()));
            let contributions = by_feature(&positions, attributions.row(row));
            let reasons = facts.reasons(row, &contributions).map_err(|e| warehouse::Error::Features(e.to_string()))?;
            let band = contract.bands.band(probability);
            let told = narrate::select(reasons.clone(), band);
            Ok((probability, band, reasons, told))
        })
        .collect::<Result<Vec<_>, Error>>()?;

    progress.begin(Step::Decide);
    let estimates = estimates(project, trained)?;
    let cases: Vec<Case> = scored
        .iter()
        .zip(&snapshot.rows)
        .map(|((probability, band, reasons, _), row)| Case {
            risk: *probability,
            band: *band,
            families: calling_families(reasons),
            value: loaded.kept_value[row.subject as usize],
        })
        // Nobody of low risk is contacted about nothing: the experts' chances are not about such subjects.
        .map(|case| match case.band == Band::Low && case.families.is_empty() {
            true => Case { value: Money::default(), ..case },
            false => case,
        })
        .collect();
    let decisions = decide::decide(&estimates, &cases);
    let judgements = scored
        .into_iter()
        .zip(decisions)
        .zip(&snapshot.rows)
        .map(|(((probability, band, reasons, told), decision), row)| Judgement {
            subject: row.subject,
            probability,
            band,
            reasons,
            told,
            decision,
        })
        .collect();
    let narrator = narrator(project)?;
    Ok(Judged { base_log_odds: attributions.base, snapshot, judgements, narrator, loaded })
}

impl Judged {
    /// Sum of what is expected to be lost if nothing is done: probability times value, over everyone.
    pub fn money_at_stake(&self) -> Money {
        let at_stake = |judgement: &Judgement| {
            Money::from_major(judgement.probability.get() * self.loaded.kept_value[judgement.subject as usize].major())
        };
        self.judgements.iter().map(at_stake).sum()
    }

    /// Judgements in the order in which they are worth acting on: by expected value, then risk, then key.
    pub fn by_worth(&self) -> Vec<&Judgement> {
        let mut order: Vec<&Judgement> = self.judgements.iter().collect();
        order.sort_by(|a, b| {
            let worth = |j: &Judgement| j.decision.choice().expected_value;
            worth(b)
                .cmp(&worth(a))
                .then(b.probability.get().total_cmp(&a.probability.get()))
                .then(a.subject.cmp(&b.subject))
        });
        order
    }

    /// The strongest reasons in words; where there is none, one sentence that says so.
    pub fn sentences(&self, judgement: &Judgement) -> Vec<String> {
        let sentences: Vec<String> = judgement.told.iter().filter_map(|reason| self.narrator.reason(reason)).collect();
        if sentences.is_empty() { vec![self.narrator.nothing_stands_out(judgement.band)] } else { sentences }
    }
}

/// Features as columns to learn from.
pub(crate) fn columns(specs: &[Spec], features: Vec<FeatureColumn>) -> Vec<Column> {
    specs
        .iter()
        .zip(features)
        .map(|(spec, feature)| match feature {
            FeatureColumn::Number(values) => Column::number(&spec.name, values),
            FeatureColumn::Category { codes, levels } => Column::category(&spec.name, codes, levels),
        })
        .collect()
}

/// The family that raises each row's score most, of those that call for action by their weight alone.
pub(crate) fn main_families(
    loaded: &Loaded,
    model: &Model,
    dataset: &Dataset,
    rows: &[u32],
) -> Result<Vec<Option<Family>>, Error> {
    let columns: Vec<Column> = dataset.columns.iter().map(|column| column.take(rows)).collect();
    let attributions =
        model.attribute(&columns).map_err(|problem| Error::Predict { model: std::path::PathBuf::new(), problem })?;
    let positions = positions(&loaded.specs, &attributions);
    let families = (0..rows.len()).map(|row| {
        let contributions = by_feature(&positions, attributions.row(row));
        let mut sums: Vec<(&Family, f64)> = Vec::new();
        for (spec, contribution) in loaded.specs.iter().zip(contributions) {
            match sums.iter_mut().find(|(family, _)| **family == spec.family) {
                Some((_, sum)) => *sum += contribution,
                None => sums.push((&spec.family, contribution)),
            }
        }
        sums.into_iter()
            .filter(|(family, sum)| !family.is_trait() && *sum > 0.0)
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(family, _)| family.clone())
    });
    Ok(families.collect())
}

/// What experts and logged outcomes say of the contract's actions.
fn estimates(project: &Project, trained: &Trained) -> Result<Estimates, Error> {
    let contract = &project.contract;
    let actions = contract.actions.iter().map(|planned| planned.action.clone()).collect();
    let policy = Policy::new(actions, contract.chance_no_action)?;
    let log: Vec<LoggedOutcome> = trained.manifest.outcomes.iter().map(crate::model::Outcome::logged).collect();
    Ok(Estimates::from_log(policy, &log))
}

/// Where each feature stands among the attributed columns; nowhere for features that the model does not use.
fn positions(specs: &[Spec], attributions: &Attributions) -> Vec<Option<usize>> {
    specs.iter().map(|spec| attributions.columns.iter().position(|name| *name == spec.name)).collect()
}

/// A row's contributions in the order of the specs.
fn by_feature(positions: &[Option<usize>], values: &[f64]) -> Vec<f64> {
    positions.iter().map(|position| position.map_or(0.0, |column| values[column])).collect()
}

fn calling_families(reasons: &[Reason]) -> Vec<Family> {
    let mut calling: Vec<&Reason> = reasons.iter().filter(|reason| reason.calls_for_action()).collect();
    calling.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
    calling.into_iter().map(|reason| reason.family.clone()).collect()
}

/// What the contract calls each feature's column, or its table where the feature is about rows.
pub(crate) fn labels(project: &Project, loaded: &Loaded) -> Vec<Option<String>> {
    let contract = &project.contract;
    let label = |spec: &Spec| {
        let matter = matter(&loaded.specs, &spec.compute);
        let (table, column) = (matter.table, matter.column);
        let table = table.map_or(Some(contract.subjects_table()), |name| contract.table(name))?;
        let column = column.and_then(|name| table.column(name));
        let labels = column.map(|column| &column.labels).into_iter().chain([&table.labels]);
        labels.filter_map(|labels| labels.get(contract.locale)).next().map(str::to_owned)
    };
    loaded.specs.iter().map(label).collect()
}

fn narrator(project: &Project) -> Result<Narrator, Error> {
    let contract = &project.contract;
    let actions = contract.actions.iter().map(|planned| {
        let label = planned.labels.get(contract.locale).map(str::to_owned);
        (planned.action.id.clone(), ActionWords { label, cost: planned.action.cost })
    });
    let families = contract
        .tables
        .iter()
        .filter_map(|table| Some((table.family.clone(), table.labels.get(contract.locale)?.to_owned())));
    let labels = Labels { actions: actions.collect(), families: families.collect() };
    Narrator::new(contract.locale, contract.currency, labels).map_err(|error| Error::Words(error.to_string()))
}
