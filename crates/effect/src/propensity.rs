//! The chance that a subject had of each arm, `e_a(x) = P(A = a | X = x)`.
//!
//! Where it is known it is taken as it is. Where it is not, three answers are tried on folds kept out: the same shares for
//! all, a ridge logistic regression for each arm and boosted trees for each arm, scaled to sum to 1. Shares stay unless the
//! best of the others lowers the log-loss by more than two standard errors: that is how a lottery looks. Propensities below
//! `clip` count as `clip`, since a weight of `1 / e` would let a handful of rows decide; the share of rows clipped and the
//! effective number of rows, `(sum w)^2 / sum w^2` with `w = 1 / e` (Kish 1965), say what that costs.

use domain::{Cutoff, Day};
use learn::metrics::{Ranking, auc};
use learn::{Dataset, Extras, FitError, Loss, Recipe, fit_recipe};
use rayon::prelude::*;
use serde::Serialize;

use crate::campaign::Campaign;
use crate::coarse::Coarse;
use crate::covariates::{grow_halves, mean_of_halves, outcome_size};
use crate::draw::mix;
use crate::error::{CampaignError, Warning};
use crate::estimate::Estimate;
use crate::settings::Settings;
use crate::trial::Trial;

/// From this area under the ROC curve on nothing can be compared.
const DECIDED_AUC: f64 = 0.99;

/// From these on comparisons rest on few rows.
const POOR_AUC: f64 = 0.9;
const POOR_CLIPPED: f64 = 0.1;

/// Strength of the ridge.
const RIDGE: f64 = 10.0;

/// Columns named where arms do not overlap.
const NAMED: usize = 3;

/// Where propensities are from, and how well arms overlap.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PropensityReport {
    /// Where they are from.
    pub source: PropensitySource,
    /// What was tried, with the mean log-loss of the arms given, on folds kept out; empty where they are known.
    pub tried: Vec<(PropensitySource, f64)>,
    /// Propensities below this count as this.
    pub clip: f64,
    /// By arm, the control first.
    pub arms: Vec<ArmOverlap>,
}

/// Where propensities are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PropensitySource {
    /// They were given.
    Known,
    /// Shares of the arms: the columns do not foretell the arm.
    Shares,
    /// Estimated by logistic regression.
    Logistic,
    /// Estimated by boosted trees.
    Trees,
}

/// How well an arm can be compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ArmOverlap {
    /// The arm.
    pub arm: String,
    /// Share of pairs of a row of this arm and one of another that the propensity has in the right order; 0.5 for a lottery.
    pub auc: f64,
    /// Share of all rows whose propensity of this arm was clipped.
    pub clipped_share: f64,
    /// Rows of equal weight that the arm's rows are worth.
    pub effective_rows: f64,
}

/// Propensities, by arm and row, and what to say of them.
pub(crate) struct Found {
    pub(crate) propensity: Vec<Vec<f64>>,
    pub(crate) varies: bool,
    pub(crate) report: PropensityReport,
    pub(crate) warnings: Vec<Warning>,
}

/// Takes or estimates propensities of all rows, cross-fitted on the trial's folds.
pub(crate) fn find(campaign: &Campaign, trial: &Trial<'_>, settings: &Settings) -> Result<Found, CampaignError> {
    let (source, tried, mut propensity) = match &campaign.propensity {
        Some(known) => (PropensitySource::Known, Vec::new(), known.clone()),
        None => estimate(trial)?,
    };
    let mut arms = Vec::new();
    let mut warnings = Vec::new();
    for (arm, of_arm) in propensity.iter_mut().enumerate() {
        let given: Vec<bool> = trial.arm.iter().map(|&given| given as usize == arm).collect();
        let auc = auc(&Ranking::new(of_arm, &given, None)).unwrap_or(0.5);
        let clipped = of_arm.iter().filter(|propensity| **propensity < settings.clip).count();
        of_arm.iter_mut().for_each(|propensity| *propensity = propensity.max(settings.clip));
        let clipped_share = clipped as f64 / of_arm.len() as f64;
        let name = &campaign.arms[arm];
        if source != PropensitySource::Known && auc >= DECIDED_AUC {
            let columns = telling(campaign, arm);
            return Err(CampaignError::NoOverlap { arm: name.clone(), auc, columns });
        }
        if auc >= POOR_AUC || clipped_share > POOR_CLIPPED {
            let columns = telling(campaign, arm);
            warnings.push(Warning::PoorOverlap { arm: name.clone(), auc, clipped_share, columns });
        }
        let weights = of_arm.iter().zip(&given).filter(|(_, given)| **given).map(|(propensity, _)| 1.0 / propensity);
        arms.push(ArmOverlap { arm: name.clone(), auc, clipped_share, effective_rows: effective_rows(weights) });
    }
    let varies = propensity.iter().any(|of_arm| of_arm.iter().any(|&other| (other - of_arm[0]).abs() > 1e-9));
    if source != PropensitySource::Known && varies {
        warnings.push(Warning::NotRandomised);
    }
    let report = PropensityReport { source, tried, clip: settings.clip, arms };
    Ok(Found { propensity, varies, report, warnings })
}

/// How many rows of equal weight say as much, `(sum w)^2 / sum w^2` (Kish 1965).
pub(crate) fn effective_rows(weights: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut squares) = (0.0, 0.0);
    for weight in weights {
        sum += weight;
        squares += weight * weight;
    }
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

type Tried = (PropensitySource, Vec<(PropensitySource, f64)>, Vec<Vec<f64>>);

fn estimate(trial: &Trial<'_>) -> Result<Tried, CampaignError> {
    let (rows, table_rows) = (trial.rows.len() as f64, trial.arm.len());
    let share = |arm: usize| trial.given(&trial.rows, arm).len() as f64 / rows;
    let shares: Vec<Vec<f64>> = (0..trial.arms).map(|arm| vec![share(arm); table_rows]).collect();
    let mut candidates = vec![(PropensitySource::Shares, shares)];
    if let Some(logistic) = by_model(trial, &logistic)? {
        candidates.push((PropensitySource::Logistic, logistic));
    }
    if let Some(trees) = by_model(trial, &trees)? {
        candidates.push((PropensitySource::Trees, trees));
    }
    let losses: Vec<Vec<f64>> = candidates.iter().map(|(_, propensity)| losses(trial, propensity)).collect();
    let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
    let tried: Vec<_> = candidates.iter().zip(&losses).map(|((source, _), losses)| (*source, mean(losses))).collect();
    let best = (0..tried.len()).min_by(|&a, &b| tried[a].1.total_cmp(&tried[b].1)).unwrap_or(0);
    let gain = Estimate::mean(losses[0].iter().zip(&losses[best]).map(|(shares, best)| shares - best));
    let chosen = if gain.value > 2.0 * gain.error { best } else { 0 };
    let (source, propensity) = candidates.swap_remove(chosen);
    Ok((source, tried, propensity))
}

fn losses(trial: &Trial<'_>, propensity: &[Vec<f64>]) -> Vec<f64> {
    let loss = |&row: &u32| -propensity[trial.arm_of(row) as usize][row as usize].max(1e-6).ln();
    trial.rows.iter().map(loss).collect()
}

/// The chance of being given an arm, of the rows of a fold, from the others.
type Model<'m> = &'m (dyn Fn(&Trial<'_>, usize, usize) -> Result<Option<Vec<f64>>, FitError> + Sync);

/// One model an arm, scaled to sum to 1; nothing where the model cannot be fitted. Of two arms one says it all.
fn by_model(trial: &Trial<'_>, model: Model<'_>) -> Result<Option<Vec<Vec<f64>>>, FitError> {
    let modelled: Vec<usize> = if trial.arms == 2 { vec![1] } else { (0..trial.arms).collect() };
    let jobs: Vec<(usize, usize)> =
        modelled.iter().flat_map(|&arm| (0..trial.folds.count()).map(move |fold| (arm, fold))).collect();
    let fitted: Vec<Result<Option<Vec<f64>>, FitError>> =
        jobs.par_iter().map(|&(arm, fold)| model(trial, arm, fold)).collect();
    let mut propensity = vec![vec![0.0; trial.arm.len()]; trial.arms];
    for (&(arm, fold), fitted) in jobs.iter().zip(fitted) {
        let Some(fitted) = fitted? else { return Ok(None) };
        for (&row, chance) in trial.folds.rows[fold].iter().zip(fitted) {
            propensity[arm][row as usize] = chance;
        }
    }
    for row in 0..trial.arm.len() {
        if trial.arms == 2 {
            propensity[0][row] = 1.0 - propensity[1][row];
            continue;
        }
        let sum: f64 = propensity.iter().map(|of_arm| of_arm[row]).sum();
        propensity.iter_mut().for_each(|of_arm| of_arm[row] /= sum.max(f64::MIN_POSITIVE));
    }
    Ok(Some(propensity))
}

fn trees(trial: &Trial<'_>, arm: usize, fold: usize) -> Result<Option<Vec<f64>>, FitError> {
    let is_given = |given: &u32| f32::from(u8::from(*given as usize == arm));
    let target: Vec<f32> = trial.arm.iter().map(is_given).collect();
    let rows = trial.folds.outside(&trial.rows, &[fold]);
    let seed = mix(trial.seed, (500_000 + arm * trial.folds.count() + fold) as u64);
    let model = grow_halves(&trial.covariates.table, &target, &rows, Loss::Logistic, &outcome_size(), seed)?;
    Ok(Some(mean_of_halves(&model, &trial.covariates.slices(), &trial.folds.rows[fold])))
}

fn logistic(trial: &Trial<'_>, arm: usize, fold: usize) -> Result<Option<Vec<f64>>, FitError> {
    let rows = trial.folds.outside(&trial.rows, &[fold]);
    let dataset = Dataset {
        columns: trial.covariates.columns.iter().map(|column| column.take(&rows)).collect(),
        label: rows.iter().map(|&row| trial.arm_of(row) as usize == arm).collect(),
        cutoff: vec![Cutoff(Day(0)); rows.len()],
        subject: (0..rows.len() as u32).collect(),
        weight: None,
    };
    let recipe = Recipe::Ridge { lambda: RIDGE, extras: Extras::None };
    let settings = learn::Settings { seed: trial.seed, chains: 1, ..learn::Settings::default() };
    let every: Vec<u32> = (0..rows.len() as u32).collect();
    let model = match fit_recipe(&dataset, &every, &recipe, &settings) {
        Ok(model) => model,
        // Without two different values nothing foretells the arm: shares remain.
        Err(FitError::AllConstant { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let tested: Vec<_> = trial.covariates.columns.iter().map(|column| column.take(&trial.folds.rows[fold])).collect();
    let chances = model.predict(&tested).expect("the columns are those that it was fitted on");
    Ok(Some(chances.into_iter().map(domain::Probability::get).collect()))
}

/// Names of the columns that tell an arm best, each alone, with how well.
fn telling(campaign: &Campaign, arm: usize) -> Vec<String> {
    let rows: Vec<u32> = (0..campaign.rows() as u32).collect();
    let given: Vec<bool> = campaign.arm.iter().map(|&given| given as usize == arm).collect();
    let mut told: Vec<(f64, &str)> = campaign
        .columns
        .iter()
        .zip(Coarse::all(&campaign.columns, &rows))
        .map(|(column, coarse)| {
            let mut counts = vec![(0.0, 0.0); coarse.codes_used()];
            for (&code, &given) in coarse.codes.iter().zip(&given) {
                let (all, of_arm) = &mut counts[usize::from(code)];
                *all += 1.0;
                *of_arm += f64::from(u8::from(given));
            }
            let share: Vec<f64> = counts.iter().map(|(all, of_arm)| of_arm / f64::max(*all, 1.0)).collect();
            let scores: Vec<f64> = coarse.codes.iter().map(|&code| share[usize::from(code)]).collect();
            (auc(&Ranking::new(&scores, &given, None)).unwrap_or(0.5), column.name.as_str())
        })
        .collect();
    told.sort_by(|a, b| b.0.total_cmp(&a.0));
    told.truncate(NAMED);
    told.into_iter().map(|(auc, name)| format!("{name} (alone {auc:.2})")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_weights_lose_nothing() {
        assert_eq!(effective_rows([2.0; 50].into_iter()), 50.0);
        assert!((effective_rows([1.0, 1.0, 10.0].into_iter()) - 144.0 / 102.0).abs() < 1e-12);
        assert_eq!(effective_rows(std::iter::empty()), 0.0);
    }
}
