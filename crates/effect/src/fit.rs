//! From a campaign to a model of effects, and to what must be known of it.

use std::sync::atomic::{AtomicUsize, Ordering};

use learn::{Column, Values};

use crate::campaign::Campaign;
use crate::checks;
use crate::covariates::{Covariates, grow_halves, outcome_size};
use crate::draw::mix;
use crate::error::{CampaignError, Warning};
use crate::estimate::Estimate;
use crate::evaluate::{self, Told};
use crate::learners::{LearnerKind, fit_bags};
use crate::model::{EffectModel, FORMAT, InputColumn, spread};
use crate::nuisance::Nuisance;
use crate::propensity::{self, PropensityReport};
use crate::race::{self, LearnerScore, Said};
use crate::report::{ActionReport, ArmReport, EffectReport};
use crate::rules;
use crate::settings::Settings;
use crate::shrinkage::Shrinkage;
use crate::trial::Trial;
use crate::warnings;

/// A model of effects and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Fitted on all rows.
    pub model: EffectModel,
    /// What was found on rows kept out.
    pub report: EffectReport,
}

/// How far a fit has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Steps done of this stage.
    pub done: usize,
    /// Steps of this stage.
    pub total: usize,
}

/// Parts of a fit, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Binning columns, finding propensities.
    Prepare,
    /// What would be expected of each subject in each arm.
    Expect,
    /// Comparing learners.
    Race,
    /// Fitting the chosen learner on all rows.
    Refit,
    /// Measuring what was told to rows kept out.
    Evaluate,
    /// Cutting policy and segments.
    Rules,
    /// Looking where nothing can be found.
    Check,
}

/// Steps of a stage, reported as they are done, from any thread.
pub(crate) struct Steps<'p> {
    progress: &'p (dyn Fn(Progress) + Sync),
    stage: Stage,
    done: AtomicUsize,
    total: usize,
}

impl<'p> Steps<'p> {
    pub(crate) fn new(progress: &'p (dyn Fn(Progress) + Sync), stage: Stage, total: usize) -> Self {
        progress(Progress { stage, done: 0, total });
        Self { progress, stage, done: AtomicUsize::new(0), total }
    }

    pub(crate) fn tick(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        (self.progress)(Progress { stage: self.stage, done, total: self.total });
    }
}

/// Learns the effect of each action on each subject, and how far that can be trusted.
///
/// Deterministic: the same campaign and settings give the same model to the last bit on any number of threads.
pub fn fit(
    campaign: &Campaign,
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Fitted, CampaignError> {
    let covariates = check(campaign, settings)?;
    let learned = learn_effects(campaign, &covariates, settings, progress)?;
    let Learned { trial, propensity, race, scores, model, mut warnings } = learned;
    warnings.extend(warnings::look_over(campaign, &model));
    let kind = model.learner;
    let effects = race::shrunk(&trial, &race.said, &scores);
    let told = Told { campaign, trial: &trial, scores: &scores, effects: &effects, settings };
    let evaluate = Steps::new(progress, Stage::Evaluate, 1);
    let actions = actions(&told, &model);
    evaluate.tick();
    let rules_stage = Steps::new(progress, Stage::Rules, 1);
    let rules = rules::cut(&told, kind)?;
    rules_stage.tick();
    let policies = evaluate::policies(&told, &rules)?;
    let check = Steps::new(progress, Stage::Check, 2);
    let placebo = checks::placebo(&trial, kind, settings)?;
    check.tick();
    let a_a = checks::a_a(&trial, kind, settings)?;
    check.tick();
    warnings.extend(warnings::suspicions(campaign, &placebo, &a_a));
    let report = EffectReport {
        rows: campaign.rows(),
        outcome: trial.kind,
        arms: arms(campaign, &trial, &scores),
        propensity,
        learners: race.tried,
        chosen: kind,
        actions,
        policies,
        policy_tree: rules.policy_tree,
        segments: rules.segments,
        placebo,
        a_a,
        warnings,
    };
    Ok(Fitted { model, report })
}

/// The model of [`fit`] alone, to the last bit, without measuring and checking it.
pub fn fit_model(
    campaign: &Campaign,
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<EffectModel, CampaignError> {
    let covariates = check(campaign, settings)?;
    Ok(learn_effects(campaign, &covariates, settings, progress)?.model)
}

fn check<'a>(campaign: &'a Campaign, settings: &Settings) -> Result<Covariates<'a>, CampaignError> {
    campaign.check()?;
    settings.check(campaign.arms.len())?;
    Ok(Covariates::new(&campaign.columns)?)
}

/// A model, and what it was learned from.
struct Learned<'a> {
    trial: Trial<'a>,
    propensity: PropensityReport,
    race: Race,
    /// Doubly robust scores, by arm and row.
    scores: Vec<Vec<f64>>,
    model: EffectModel,
    warnings: Vec<Warning>,
}

fn learn_effects<'a>(
    campaign: &'a Campaign,
    covariates: &'a Covariates<'a>,
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Learned<'a>, CampaignError> {
    let prepare = Steps::new(progress, Stage::Prepare, 1);
    let mut trial = Trial::whole(campaign, covariates, settings.folds, settings.seed);
    let found = propensity::find(campaign, &trial, settings)?;
    trial.propensity = found.propensity.into();
    trial.propensity_varies = found.varies;
    prepare.tick();
    let expect = Steps::new(progress, Stage::Expect, Nuisance::steps(settings.folds, trial.arms));
    let nuisance = Nuisance::fit(&trial, &|| expect.tick())?;
    let scores = race::scores(&trial, &nuisance);
    let race = compare(&trial, &nuisance, &scores, settings, progress)?;
    let model = refit(campaign, &trial, &nuisance, &race, &scores, settings, progress)?;
    Ok(Learned { trial, propensity: found.report, race, scores, model, warnings: found.warnings })
}

/// What came of comparing learners.
struct Race {
    tried: Vec<LearnerScore>,
    chosen: usize,
    /// Of the chosen one.
    said: Said,
    /// By action: the variance of true effects that some learner gave a hint of.
    differences: Vec<f64>,
}

/// Every learner on every fold.
fn compare(
    trial: &Trial<'_>,
    nuisance: &Nuisance,
    scores: &[Vec<f64>],
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Race, CampaignError> {
    let mut kinds = settings.learners.clone();
    kinds.push(LearnerKind::Constant);
    kinds.sort_unstable();
    kinds.dedup();
    let steps = Steps::new(progress, Stage::Race, kinds.len() * settings.folds * settings.race_bags);
    let (mut said_by, mut tried) = (Vec::new(), Vec::new());
    let mut constant = Vec::new();
    for &kind in &kinds {
        let said = race::cross_fit(trial, nuisance, kind, settings.race_bags, &|| steps.tick())?;
        if kind == LearnerKind::Constant {
            constant = race::shrunk(trial, &said, scores);
        }
        tried.push(race::judge(trial, kind, &said, &constant, scores, settings));
        said_by.push(said);
    }
    let chosen = race::choose(&tried);
    let hinted = |action: usize| {
        let hint = |said: &Said| {
            race::shrinkage(&said.by_action[action], &scores[action + 1], &scores[0], &trial.rows).differences
        };
        said_by.iter().map(hint).fold(0.0, f64::max)
    };
    let differences = (0..trial.arms - 1).map(hinted).collect();
    Ok(Race { tried, chosen, said: said_by.swap_remove(chosen), differences })
}

fn refit(
    campaign: &Campaign,
    trial: &Trial<'_>,
    nuisance: &Nuisance,
    race: &Race,
    scores: &[Vec<f64>],
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<EffectModel, CampaignError> {
    let steps = Steps::new(progress, Stage::Refit, settings.bags + 1);
    let learner = race.tried[race.chosen].learner;
    let sight = nuisance.sight(trial, None);
    let bags = fit_bags(learner, &sight, &trial.rows, settings.bags, mix(trial.seed, 800_000), &|| steps.tick())?;
    let control = trial.given(&trial.rows, 0);
    let (table, seed) = (&trial.covariates.table, mix(trial.seed, 900_000));
    let base = grow_halves(table, trial.outcome, &control, trial.loss(), &outcome_size(), seed)?;
    let (means, variances) = spread(&bags, trial.arms - 1, &trial.covariates.slices(), &trial.rows);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let shrink = |index: usize| {
        let fitted = race::shrinkage(&race.said.by_action[index], &scores[index + 1], &scores[0], &trial.rows);
        // The average over subjects stays the ATE, whatever level the model on all rows has.
        let (centre, sampling) = (mean(&means[index]), mean(&variances[index]));
        Shrinkage { centre, differences: race.differences[index], sampling, ..fitted }
    };
    let shrinkage = (0..trial.arms - 1).map(shrink).collect();
    steps.tick();
    Ok(EffectModel {
        format: FORMAT,
        arms: campaign.arms.clone(),
        columns: campaign.columns.iter().map(input_column).collect(),
        outcome: trial.kind,
        learner,
        shrinkage,
        bags,
        base,
    })
}

fn input_column(column: &Column) -> InputColumn {
    let levels = match &column.values {
        Values::Number(_) => None,
        Values::Category { levels, .. } => Some(levels.clone()),
    };
    InputColumn { name: column.name.clone(), levels }
}

fn arms(campaign: &Campaign, trial: &Trial<'_>, scores: &[Vec<f64>]) -> Vec<ArmReport> {
    let arm = |(arm, name): (usize, &String)| {
        let given = trial.given(&trial.rows, arm);
        ArmReport {
            arm: name.clone(),
            rows: given.len(),
            mean_outcome: Estimate::mean(given.iter().map(|&row| trial.outcome_of(row))),
            value: Estimate::mean(scores[arm].iter().copied()),
        }
    };
    campaign.arms.iter().enumerate().map(arm).collect()
}

fn actions(told: &Told<'_>, model: &EffectModel) -> Vec<ActionReport> {
    let action = |(index, shrinkage): (usize, &Shrinkage)| {
        let effects = &told.effects[index];
        let mean = effects.iter().sum::<f64>() / effects.len() as f64;
        let squares: f64 = effects.iter().map(|effect| (effect - mean).powi(2)).sum();
        ActionReport {
            arm: told.campaign.arms[index + 1].clone(),
            average: shrinkage.ate,
            slope: shrinkage.slope,
            slope_error: shrinkage.slope_error,
            differs_p_value: shrinkage.p_value(),
            spread: (squares / effects.len() as f64).sqrt(),
            quality: evaluate::quality(told, index + 1),
        }
    };
    model.shrinkage.iter().enumerate().map(action).collect()
}
