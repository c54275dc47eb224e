//! Which candidate, judged on some of the folds.
//!
//! Candidates are compared by log-loss after calibration, since that is how they would be used, and calibrated by lines
//! fitted on other subjects. The best of each kind also run as means. The number of trees is the one whose loss, summed over
//! the folds, is lowest.

use rayon::prelude::*;

use crate::calibrate::{Calibration, MapKind, MapResult, by_others, calibrate, gap_error, losses, weighted_mean};
use crate::data::Dataset;
use crate::encode::Extras;
use crate::evaluation::{Candidate, CandidateResult, Recipe, Why, ranking};
use crate::math::sigmoid;
use crate::metrics::auc;
use crate::race::{Kind, Race, Trial};
use crate::settings::Settings;

/// Weights of a logistic model in a mean with boosted ones that are tried. A grid and not a fit: three points
/// cannot overfit the rows that judge them.
const LOGISTIC_WEIGHTS: [f64; 3] = [0.15, 0.3, 0.5];

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
            (recipe(&race.trials[trial], rounds), Part { weight: 1.0, trial, rounds })
        })
        .collect();
    let mut judged: Vec<Judged> = whole
        .into_par_iter()
        .map(|(recipe, part)| {
            let margins = among.iter().flat_map(|&fold| margins(race, &[part], fold)).collect();
            judge(recipe, vec![part], margins)
        })
        .collect();
    for (recipe, parts, margins) in means(&judged, few) {
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

fn recipe(trial: &Trial, rounds: usize) -> Recipe {
    let extras = trial.extras;
    match &trial.kind {
        Kind::Prior => Recipe::Prior,
        Kind::Ridge(lambda) => Recipe::Ridge { lambda: *lambda, extras },
        Kind::Boosted(settings) => Recipe::Boosted { settings: settings.clone(), extras, rounds },
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

/// Means of the best models that differ in kind or in what they know of columns: they err differently, and their mean errs
/// less (Breiman 1996). Where leavers are few, only of the best logistic and the best boosted model by halves.
fn means(judged: &[Judged], few: bool) -> Vec<(Recipe, Vec<Part>, Vec<f64>)> {
    let best = |wanted: &dyn Fn(&Recipe) -> bool| {
        let of_kind = judged.iter().filter(|judged| wanted(&judged.recipe));
        of_kind.min_by(|a, b| a.log_loss.total_cmp(&b.log_loss))
    };
    let plain = best(&|recipe| matches!(recipe, Recipe::Boosted { extras: Extras::None, .. }));
    let knowing = best(&|recipe| matches!(recipe, Recipe::Boosted { extras, .. } if *extras != Extras::None));
    let Some(boosted) = best(&|recipe| matches!(recipe, Recipe::Boosted { .. })) else { return Vec::new() };
    let mut of_boosted = vec![vec![(1.0, boosted)]];
    if let (Some(plain), Some(knowing), false) = (plain, knowing, few) {
        of_boosted.push(vec![(0.5, plain), (0.5, knowing)]);
    }
    let mut means: Vec<Vec<(f64, &Judged)>> = of_boosted[1..].to_vec();
    if let Some(ridge) = best(&|recipe| matches!(recipe, Recipe::Ridge { .. })) {
        let weights = if few { &LOGISTIC_WEIGHTS[2..] } else { &LOGISTIC_WEIGHTS[..] };
        for (&weight, boosted) in weights.iter().flat_map(|weight| of_boosted.iter().map(move |one| (weight, one))) {
            let rest = boosted.iter().map(|&(share, one)| (share * (1.0 - weight), one));
            means.push(std::iter::once((weight, ridge)).chain(rest).collect());
        }
    }
    means.iter().map(|group| mean(group)).collect()
}

fn mean(group: &[(f64, &Judged)]) -> (Recipe, Vec<Part>, Vec<f64>) {
    let mut margins = vec![0.0; group[0].1.margins.len()];
    for (weight, one) in group {
        margins.iter_mut().zip(&one.margins).for_each(|(sum, margin)| *sum += weight * margin);
    }
    let weighted = |&(weight, one): &(f64, &Judged)| {
        let parts = one.parts.iter().map(move |part| Part { weight: part.weight * weight, ..*part });
        parts.collect::<Vec<_>>()
    };
    let recipe = Recipe::Mean(group.iter().map(|(weight, one)| (*weight, one.recipe.clone())).collect());
    (recipe, group.iter().flat_map(weighted).collect(), margins)
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
    candidates.extend(behind.map(|trial| Candidate { recipe: recipe(&race.trials[trial], 0), result: None }));
    Choice {
        candidates,
        chosen,
        why: if chosen == best { Why::LowestLogLoss } else { Why::SimplestWithinOneError },
        calibration,
        maps,
        parts,
    }
}

/// Smaller is simpler: first the prior, then ridges from the strongest, then trees by their leaves, then means.
fn complexity(recipe: &Recipe) -> f64 {
    match recipe {
        Recipe::Prior => 0.0,
        Recipe::Ridge { lambda, .. } => 1.0 + 1.0 / (1.0 + lambda),
        Recipe::Boosted { settings, extras, .. } => 2.0 + settings.leaves as f64 + 0.25 * f64::from(*extras as u8),
        Recipe::Mean(parts) => 1e6 + parts.iter().map(|(_, part)| complexity(part)).sum::<f64>(),
    }
}
