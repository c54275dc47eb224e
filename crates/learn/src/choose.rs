//! Which candidate, judged on some of the folds.
//!
//! Candidates are compared by log-loss after calibration, since that is how they would be used, and calibrated by lines
//! fitted on other subjects. The best ridge and the best boosted model also run as their mean. The number of trees is the
//! one whose loss, summed over the folds, is lowest.

use rayon::prelude::*;

use crate::calibrate::{Calibration, MapKind, MapResult, by_others, calibrate, gap_error, losses, weighted_mean};
use crate::data::Dataset;
use crate::evaluation::{Candidate, CandidateResult, Recipe, Why, ranking};
use crate::math::sigmoid;
use crate::metrics::auc;
use crate::race::{Kind, Race};
use crate::settings::Settings;

/// What some folds say is best.
pub(crate) struct Choice {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) chosen: usize,
    pub(crate) why: Why,
    /// From the chosen candidate's margins to log-odds, by all rows of these folds.
    pub(crate) calibration: Calibration,
    /// What else was tried for that.
    pub(crate) maps: Vec<MapResult>,
    parts: Vec<Part>,
}

/// A trial with its part in the chosen margin.
#[derive(Clone, Copy)]
struct Part {
    weight: f64,
    trial: usize,
    rounds: usize,
}

/// A candidate on the tested rows of the folds that judge it.
struct Judged {
    recipe: Recipe,
    parts: Vec<Part>,
    margins: Vec<f64>,
    log_odds: Vec<f64>,
    /// Log-loss of each row.
    losses: Vec<f64>,
    log_loss: f64,
}

/// Chooses by the tested rows of the folds `among`, of candidates that ran on the fold `last`, what is to score it.
pub(crate) fn choose(
    dataset: &Dataset,
    race: &Race<'_>,
    among: &[usize],
    last: usize,
    few: bool,
    settings: &Settings,
) -> Choice {
    let rows: Vec<u32> = among.iter().flat_map(|&fold| race.folds[fold].test.iter().copied()).collect();
    let judge = |recipe: Recipe, parts: Vec<Part>, margins: Vec<f64>| {
        let log_odds = by_others(dataset, &rows, &margins, settings.seed, MapKind::Line);
        let losses = losses(dataset, &rows, &log_odds);
        let log_loss = weighted_mean(dataset, &rows, &losses);
        Judged { recipe, parts, margins, log_odds, losses, log_loss }
    };
    let whole: Vec<(Recipe, Part)> = (0..race.trials.len())
        .filter(|&trial| among.iter().chain([&last]).all(|&fold| race.trials[trial].ran_on(fold)))
        .map(|trial| {
            let rounds = race.trials[trial].best_rounds(among);
            (recipe(&race.trials[trial].kind, rounds), Part { weight: 1.0, trial, rounds })
        })
        .collect();
    let mut judged: Vec<Judged> = whole
        .into_par_iter()
        .map(|(recipe, part)| {
            let margins = among.iter().flat_map(|&fold| margins(race, &[part], fold)).collect();
            judge(recipe, vec![part], margins)
        })
        .collect();
    if let Some((recipe, parts, margins)) = blend(&judged) {
        judged.push(judge(recipe, parts, margins));
    }
    pick(dataset, race, &rows, &judged, few, settings.seed)
}

impl Choice {
    /// The recipe that was chosen.
    pub(crate) fn recipe(&self) -> &Recipe {
        &self.candidates[self.chosen].recipe
    }

    /// Scores of a fold's tested rows, by the chosen recipe as fitted on the fold's training rows.
    pub(crate) fn probability(&self, race: &Race<'_>, fold: usize) -> Vec<f64> {
        let calibrated = |margin| sigmoid(self.calibration.log_odds(margin));
        margins(race, &self.parts, fold).into_iter().map(calibrated).collect()
    }
}

fn recipe(kind: &Kind, rounds: usize) -> Recipe {
    match kind {
        Kind::Prior => Recipe::Prior,
        Kind::Ridge(lambda) => Recipe::Ridge { lambda: *lambda },
        Kind::Boosted(settings) => Recipe::Boosted { settings: settings.clone(), rounds },
    }
}

fn margins(race: &Race<'_>, parts: &[Part], fold: usize) -> Vec<f64> {
    let mut sum = vec![0.0; race.folds[fold].test.len()];
    for part in parts {
        for (sum, margin) in sum.iter_mut().zip(race.margins(&race.trials[part.trial], fold, part.rounds)) {
            *sum += part.weight * margin;
        }
    }
    sum
}

/// The mean of the best ridge and the best boosted model.
fn blend(judged: &[Judged]) -> Option<(Recipe, Vec<Part>, Vec<f64>)> {
    let best = |wanted: fn(&Recipe) -> bool| {
        let of_kind = judged.iter().filter(|judged| wanted(&judged.recipe));
        of_kind.min_by(|a, b| a.log_loss.total_cmp(&b.log_loss))
    };
    let ridge = best(|recipe| matches!(recipe, Recipe::Ridge { .. }))?;
    let boosted = best(|recipe| matches!(recipe, Recipe::Boosted { .. }))?;
    let (Recipe::Ridge { lambda }, Recipe::Boosted { settings, rounds }) = (&ridge.recipe, &boosted.recipe) else {
        return None;
    };
    let margins = ridge.margins.iter().zip(&boosted.margins).map(|(a, b)| (a + b) / 2.0).collect();
    let recipe = Recipe::Blend { lambda: *lambda, settings: settings.clone(), rounds: *rounds };
    let halves = ridge.parts.iter().chain(&boosted.parts).map(|part| Part { weight: part.weight / 2.0, ..*part });
    Some((recipe, halves.collect(), margins))
}

fn pick(dataset: &Dataset, race: &Race<'_>, rows: &[u32], judged: &[Judged], few: bool, seed: u64) -> Choice {
    let best = (0..judged.len()).min_by(|&a, &b| judged[a].log_loss.total_cmp(&judged[b].log_loss)).unwrap_or(0);
    let gap_errors: Vec<f64> =
        judged.iter().map(|one| gap_error(dataset, rows, &one.losses, &judged[best].losses)).collect();
    let mut chosen = best;
    if few {
        let near = |&index: &usize| judged[index].log_loss - judged[best].log_loss <= gap_errors[index];
        let simplest = (0..judged.len())
            .filter(near)
            .min_by(|&a, &b| complexity(&judged[a].recipe).total_cmp(&complexity(&judged[b].recipe)));
        chosen = simplest.unwrap_or(best);
    }
    let (calibration, maps) = calibrate(dataset, rows, &judged[chosen].margins, &judged[chosen].losses, seed);
    let parts = judged[chosen].parts.clone();
    let result = |judged: &Judged, gap_error| CandidateResult {
        log_loss: judged.log_loss,
        gap_error,
        auc: auc(&ranking(dataset, rows, &judged.log_odds)).unwrap_or(0.5),
    };
    let mut candidates: Vec<Candidate> = judged
        .iter()
        .zip(gap_errors)
        .map(|(judged, error)| Candidate { recipe: judged.recipe.clone(), result: Some(result(judged, error)) })
        .collect();
    let was_judged = |trial| judged.iter().flat_map(|judged| &judged.parts).any(|part| part.trial == trial);
    let behind = (0..race.trials.len()).filter(|&trial| !was_judged(trial));
    candidates.extend(behind.map(|trial| Candidate { recipe: recipe(&race.trials[trial].kind, 0), result: None }));
    Choice {
        candidates,
        chosen,
        why: if chosen == best { Why::LowestLogLoss } else { Why::SimplestWithinOneError },
        calibration,
        maps,
        parts,
    }
}

/// Smaller is simpler: first the prior, then ridges from the strongest, then trees by their leaves, then blends.
fn complexity(recipe: &Recipe) -> f64 {
    match recipe {
        Recipe::Prior => 0.0,
        Recipe::Ridge { lambda } => 1.0 + 1.0 / (1.0 + lambda),
        Recipe::Boosted { settings, .. } => 2.0 + settings.leaves as f64,
        Recipe::Blend { settings, .. } => 1e6 + settings.leaves as f64,
    }
}
