//! One cutoff, wholly: features, scores, reasons and decisions of everyone at risk.

use std::collections::HashSet;

use asof::{FeatureColumn, Snapshot, Spec};
use contract::Kit;
use decide::explore::{Chances, Explored, Origin, explore};
use decide::{Case, Estimates, LoggedOutcome, Policy, Price, Round};
use domain::{Band, Bands, Cutoff, Day, Decision, Family, Money, Probability, Reason};
use learn::{Attributions, Column, Values};
use narrate::{Message, Narrator};
use rayon::prelude::*;
use warehouse::Loaded;

use crate::Project;
use crate::error::Error;
use crate::experiment::key;
use crate::kept::{Kept, kept};
use crate::learned::{self, LearnedColumns};
use crate::matter::matter;
use crate::means::means;
use crate::model::{Manifest, TenureDays, Trained};
use crate::progress::{Progress, Step};
use crate::reasons::{Facts, Weighed};

/// Attributions must add up to the score this closely, in log-odds.
const ADDITIVE_WITHIN: f64 = 1e-6;

/// Everyone at risk at a cutoff, and what to say about it.
pub struct Judged {
    /// The data, as it was known at the cutoff.
    pub loaded: Loaded,
    /// One for each subject at risk, ascending by subject.
    pub judgements: Vec<Judgement>,
    /// Of what more would be worth something.
    pub prices: Vec<Price>,
    /// What the decisions are worth together.
    pub worth: Money,
    /// How much more the same decisions were worth before a part of them was left to chance.
    pub cost_of_chance: Money,
    /// What acting brought so far, where chance had a say.
    pub kept: Option<Kept>,
    /// How much more another choice within the same means could be worth at most, before anything is left to chance.
    pub missed_at_most: Money,
    /// What going by risk alone would be worth, with the same staff and money and nothing left to chance.
    pub by_risk: Money,
    /// How many of the judged are of a tenure that the model never saw.
    pub outside_tenure: usize,
    /// The last day of which it knows who had left: the end of the last horizon that it learned from.
    pub learned_until: Day,
    /// The tenures that it saw.
    pub learned_tenure: TenureDays,
    /// Writes in the contract's language.
    pub narrator: Narrator,
    /// The label that the model learned, where the outcome is one.
    pub target: Option<String>,
    /// How scores are read.
    pub bands: Bands,
    /// What makes the scores of a flat table doubtful, in the contract's language.
    pub column_doubts: Vec<String>,
    learned: LearnedColumns,
    snapshot: Snapshot,
    attributions: Attributions,
    labels: Vec<Option<String>>,
}

/// What is thought of one subject, and what to do.
pub struct Judgement {
    /// The subject's code.
    pub subject: u32,
    /// Calibrated probability to leave within the horizon.
    pub probability: Probability,
    /// How it is read.
    pub band: Band,
    /// Reasons worth telling, strongest first, three at most.
    pub told: Vec<Reason>,
    /// What to do.
    pub decision: Decision,
    /// Whether chance had a hand in it.
    pub origin: Origin,
    /// The probability with which it was going to be this; 1 where chance had no say.
    pub propensity: f64,
}

/// Judges everyone at risk at a cutoff. Nothing later than it is read.
pub fn judge(project: &Project, trained: &Trained, as_of: Day, progress: &dyn Progress) -> Result<Judged, Error> {
    judge_telling(project, trained, as_of, true, progress)
}

/// The same with no reasons told: [`Judged::reasons`] has them for a few.
pub fn judge_silently(
    project: &Project,
    trained: &Trained,
    as_of: Day,
    progress: &dyn Progress,
) -> Result<Judged, Error> {
    judge_telling(project, trained, as_of, false, progress)
}

fn judge_telling(
    project: &Project,
    trained: &Trained,
    as_of: Day,
    tells: bool,
    progress: &dyn Progress,
) -> Result<Judged, Error> {
    let contract = &trained.contract(project)?;
    let trained_for = (trained.manifest.horizon_days, trained.manifest.gap_days);
    if trained_for != (contract.horizon.days, contract.horizon.gap_days) {
        return Err(Error::OtherHorizon { horizon_days: trained_for.0, gap_days: trained_for.1 });
    }
    let cutoff = Cutoff(as_of);
    progress.begin(Step::Read);
    let loaded = warehouse::load(contract, &project.sources(), Some(as_of), Some(&trained.manifest.schema))?;
    refuse_missing(project, trained, &loaded)?;
    let rows = loaded.scoring(contract, cutoff)?;
    progress.begin(Step::Features);
    let mut snapshot = loaded.snapshot(rows)?;

    progress.begin(Step::Score);
    // The features are lent to the model and given back, not copied.
    let columns = columns(&loaded.specs, std::mem::take(&mut snapshot.columns));
    let misfit = |problem| Error::Predict { model: project.model.clone(), problem };
    let attributions = trained.model.attribute(&columns).map_err(misfit)?;
    snapshot.columns = features(columns);
    let off = attributions.max_error();
    if off > ADDITIVE_WITHIN {
        return Err(Error::NotAdditive(off));
    }

    progress.begin(Step::Explain);
    let labels = labels(project, &loaded);
    let learned = &trained.manifest.columns;
    let facts = Facts::new(&loaded.subjects, &loaded.events, &loaded.specs, &snapshot, &labels, learned);
    let contributions = Contributions::new(&loaded.specs, &attributions);
    let scored = (0..snapshot.rows.len())
        .into_par_iter()
        .map(|row| {
            let probability = Probability::clamped(1.0 / (1.0 + (-attributions.log_odds[row]).exp()));
            let band = contract.bands.band(probability);
            let weighed = facts.signs.weigh(row, &contributions.of_row(row));
            let calling: Vec<&Weighed<'_>> = weighed.iter().filter(|weighed| weighed.calls_for_action()).collect();
            let told = if tells { told(&facts, row, &calling, band)? } else { Vec::new() };
            let by_weight = calling.iter().map(|weighed| (weighed.family, weighed.contribution)).collect();
            Ok((probability, band, in_order_of_weight(by_weight).into_iter().cloned().collect(), told))
        })
        .collect::<Result<Vec<(Probability, Band, Vec<Family>, Vec<Reason>)>, Error>>()?;

    progress.begin(Step::Decide);
    let log: Vec<LoggedOutcome> = trained.manifest.outcomes.iter().map(crate::model::Outcome::logged).collect();
    let estimates = estimates(project, &log)?;
    let cases: Vec<Case> = scored
        .iter()
        .zip(&snapshot.rows)
        .map(|((probability, band, families, _), row)| Case {
            risk: *probability,
            band: *band,
            families: families.clone(),
            value: loaded.kept_value[row.subject as usize],
            // Nobody of low risk is contacted about nothing: the experts' chances are not about such subjects.
            has_cause: *band != Band::Low || !families.is_empty(),
        })
        .collect();
    let subjects: Vec<u32> = snapshot.rows.iter().map(|row| row.subject).collect();
    let means = means(contract, &loaded, &subjects, as_of);
    let keys: Vec<u64> = subjects.iter().map(|&subject| key(&loaded.keys[subject as usize])).collect();
    let limits = &contract.limits;
    // The same day draws the same, however often it is scored; whom the holdout leaves alone, it does for a horizon.
    let period = as_of.0.div_euclid(contract.horizon.reach_days().max(1));
    let chances = Chances {
        explore: limits.explore,
        holdout: limits.holdout,
        seed: as_of.0.unsigned_abs().into(),
        period: period.unsigned_abs().into(),
    };
    let Explored { round, origin, propensity, cost } = explore(&estimates, &cases, &means, &keys, chances)?;
    let mut decisions = round.decisions(&estimates, &cases, &means);
    for (decision, origin) in decisions.iter_mut().zip(&origin) {
        if *origin != Origin::Rule {
            // Chance kept it from what is worth most, and no lack of places.
            decision.crowded_out = None;
        }
    }
    let Round { worth, bound, by_risk, prices, .. } = round;
    let narrator = project.narrator()?;
    let used: HashSet<&str> = trained.features().collect();
    let column_doubts = learned::doubts(learned, &used, &loaded.specs, &snapshot, &narrator);
    let outside_tenure = outside_tenure(&trained.manifest, &loaded, &snapshot);
    let judgements = scored
        .into_iter()
        .zip(decisions)
        .zip(origin.into_iter().zip(propensity))
        .zip(&snapshot.rows)
        .map(|((((probability, band, _, told), decision), (origin, propensity)), row)| Judgement {
            subject: row.subject,
            probability,
            band,
            told,
            decision,
            origin,
            propensity,
        })
        .collect();
    Ok(Judged {
        judgements,
        prices,
        worth,
        cost_of_chance: cost,
        kept: kept(&log),
        missed_at_most: bound - (worth + cost),
        by_risk,
        outside_tenure,
        learned_until: Day(trained.model.training.last_cutoff_day).plus(contract.horizon.reach_days()),
        learned_tenure: trained.manifest.tenure_days,
        narrator,
        target: trained.manifest.target.clone(),
        bands: contract.bands,
        column_doubts,
        learned: learned.clone(),
        snapshot,
        attributions,
        labels,
        loaded,
    })
}

/// A flat table without a column that the model looks at: its score would be of somebody else.
fn refuse_missing(project: &Project, trained: &Trained, loaded: &Loaded) -> Result<(), Error> {
    if !loaded.is_flat() {
        return Ok(());
    }
    let there: HashSet<&str> = loaded.specs.iter().map(|spec| spec.name.as_str()).collect();
    let missing = trained.features().filter(|feature| !there.contains(feature));
    let columns: Vec<String> =
        missing.map(|feature| feature.split_once('.').map_or(feature, |(_, column)| column).to_owned()).collect();
    if columns.is_empty() {
        return Ok(());
    }
    let source_name = loaded.tables.first().map(|table| table.source.clone()).unwrap_or_default();
    Err(Error::MissingColumns { source_name, model: project.model.clone(), columns })
}

/// How many rows are of a tenure that the contract kept from the model when it learned.
fn outside_tenure(manifest: &Manifest, loaded: &Loaded, snapshot: &Snapshot) -> usize {
    let is_outside = |row: &&asof::Row| {
        let from = loaded.subjects.from[row.subject as usize];
        from.is_some_and(|from| !manifest.tenure_days.holds(row.cutoff.0.0 - from.0))
    };
    snapshot.rows.iter().filter(is_outside).count()
}

/// Facts are made for those reasons only that are told.
fn told(facts: &Facts<'_>, row: usize, calling: &[&Weighed<'_>], band: Band) -> Result<Vec<Reason>, Error> {
    let weights: Vec<(&Family, f64)> = calling.iter().map(|weighed| (weighed.family, weighed.contribution)).collect();
    let told = narrate::worth_saying(&weights, band).into_iter();
    Ok(told.map(|at| facts.reason(row, calling[at])).collect::<Result<_, _>>()?)
}

impl Judged {
    /// Log-odds of nobody in particular: what reasons are added to.
    pub fn base_log_odds(&self) -> f64 {
        self.attributions.base
    }

    /// The interval of a subject's probability. `at` is the position of its judgement.
    pub fn interval(&self, at: usize) -> [f64; 2] {
        self.attributions.intervals[at]
    }

    /// Why a decision is what it is, for a subject whose heaviest reason is of `main_family`.
    pub fn why(&self, judgement: &Judgement, main_family: Option<&Family>) -> String {
        let (words, decision) = (&self.narrator, &judgement.decision);
        let choice = decision.choice();
        let without = || words.percent(decision.no_action().chance.mean);
        match judgement.origin {
            Origin::Rule => words.why(decision, main_family),
            Origin::HeldOut => words.tell(Message::HeldOut, [("without", without().into())]),
            Origin::Drawn => words.tell(
                Message::Drawn,
                [
                    ("action", words.action(choice.action.as_ref()).into()),
                    ("chance", words.percent(choice.chance.mean).into()),
                    ("low", words.percent(choice.chance.low).into()),
                    ("high", words.percent(choice.chance.high).into()),
                    ("without", without().into()),
                ],
            ),
        }
    }

    /// Every family's part in a subject's score, with its fact where there is one to show; with the base they add up to
    /// the score's log-odds. `at` is the position of its judgement.
    pub fn reasons(&self, at: usize) -> Result<Vec<Reason>, Error> {
        let (loaded, snapshot) = (&self.loaded, &self.snapshot);
        let facts = Facts::new(&loaded.subjects, &loaded.events, &loaded.specs, snapshot, &self.labels, &self.learned);
        let contributions = Contributions::new(&loaded.specs, &self.attributions).of_row(at);
        let weighed = facts.signs.weigh(at, &contributions);
        Ok(weighed.iter().map(|weighed| facts.reason(at, weighed)).collect::<Result<_, _>>()?)
    }

    /// What a subject could do, and what its features would then be. `at` is the position of its judgement.
    pub(crate) fn scenario(&self, contract: &contract::Contract, at: usize) -> warehouse::Scenario<'_> {
        let row = self.snapshot.rows[at];
        self.loaded.scenario(contract, row.subject, row.cutoff, &self.snapshot.rows)
    }

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

/// The features back from columns.
fn features(columns: Vec<Column>) -> Vec<FeatureColumn> {
    let feature = |column: Column| match column.values {
        Values::Number(values) => FeatureColumn::Number(values),
        Values::Category { codes, levels } => FeatureColumn::Category { codes, levels },
    };
    columns.into_iter().map(feature).collect()
}

/// What experts and logged outcomes say of the contract's actions.
fn estimates(project: &Project, log: &[LoggedOutcome]) -> Result<Estimates, Error> {
    let contract = &project.contract;
    let actions = contract.actions.iter().map(|planned| planned.action.clone()).collect();
    let policy = Policy::new(actions, contract.chance_no_action)?;
    Ok(Estimates::from_log(policy, log))
}

/// Attributions in the order of the specs.
pub(crate) struct Contributions<'a> {
    attributions: &'a Attributions,
    /// Where each feature stands among the attributed columns; nowhere for features that the model does not use.
    positions: Vec<Option<usize>>,
}

impl<'a> Contributions<'a> {
    pub(crate) fn new(specs: &[Spec], attributions: &'a Attributions) -> Self {
        let position = |spec: &Spec| attributions.columns.iter().position(|name| *name == spec.name);
        Self { attributions, positions: specs.iter().map(position).collect() }
    }

    /// What each feature adds to a row's log-odds.
    pub(crate) fn of_row(&self, row: usize) -> Vec<f64> {
        let values = self.attributions.row(row);
        self.positions.iter().map(|position| position.map_or(0.0, |column| values[column])).collect()
    }
}

/// Families that call for action, the heaviest first: the first picks the estimate of an action's effect.
pub(crate) fn in_order_of_weight(mut calling: Vec<(&Family, f64)>) -> Vec<&Family> {
    calling.sort_by(|a, b| b.1.total_cmp(&a.1));
    calling.into_iter().map(|(family, _)| family).collect()
}

/// What the contract calls each feature's column, or its table where the feature is about rows.
pub(crate) fn labels(project: &Project, loaded: &Loaded) -> Vec<Option<String>> {
    let contract = &project.contract;
    let label = |spec: &Spec| {
        let matter = matter(&loaded.specs, &spec.compute);
        let (table, column) = (matter.table, matter.column);
        let table = table.map_or(Some(contract.subjects_table()), |name| contract.table(name))?;
        let own = column.and_then(|name| table.column(name)).and_then(|column| column.labels.get(contract.locale));
        // A column that describes the subject is known by its name before its table's.
        let name = column.filter(|_| matter.table.is_none() && contract.kit != Kit::Academy);
        own.or(name).or_else(|| table.labels.get(contract.locale)).map(str::to_owned)
    };
    loaded.specs.iter().map(label).collect()
}
