//! Which model: every candidate is fitted on each fold's training rows and judged on its tested rows.
//!
//! Candidates are the kit's prior model, ridge logistics of several strengths, boosted trees of several sizes, and the mean
//! of the best logistic and the best boosted margins. They are compared by log-loss after calibration, since that is how
//! they would be used, and calibrated by lines fitted on other subjects. The number of trees is the one whose loss,
//! summed over the folds, is lowest.
//!
//! On a large table the boosted sizes first run on two of the folds, learning twice as fast, and the best one goes on.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::boost::{BoostSettings, Chains, Training, boost};
use crate::calibrate::{SHIFT_SD, calibrate};
use crate::data::Dataset;
use crate::evaluation::{Candidate, CandidateResult, Recipe, Why, ranking};
use crate::fit::{Progress, Stage};
use crate::folds::Fold;
use crate::logistic;
use crate::math::{falls_into, mix, sigmoid};
use crate::metrics::{auc, log_loss};
use crate::settings::Settings;
use crate::table::{Table, View};

/// Tables with more values than this are searched thriftily.
const LARGE: usize = 3_000_000;

/// Training rows of a boosted model during the search; subjects are drawn where there are more.
const MAX_SEARCH_ROWS: usize = 100_000;

/// Parts for calibrating each row by other subjects.
const CALIBRATION_PARTS: u64 = 5;

/// What the search found.
pub(crate) struct Found {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) chosen: usize,
    pub(crate) why: Why,
    /// Margins of the chosen candidate on the tested rows, fold after fold.
    pub(crate) margins: Vec<f64>,
    /// The same, calibrated by other subjects.
    pub(crate) probability: Vec<f64>,
    /// Mean number of training rows of a fold, as used for boosting.
    pub(crate) boosted_rows: f64,
}

/// A candidate with its margins on the tested rows; no margins where it fell out early.
struct Trial {
    recipe: Recipe,
    margins: Option<Vec<f64>>,
}

/// Tries all candidates.
pub(crate) fn search(
    table: &Table<'_>,
    folds: &[Fold],
    leavers: usize,
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
) -> Found {
    let views: Vec<View<'_>> = folds.par_iter().map(|fold| table.view(&fold.train)).collect();
    progress(Progress { stage: Stage::Logistic, done: 0, total: 1 });
    let mut trials = linear_trials(&views, folds, settings);
    progress(Progress { stage: Stage::Logistic, done: 1, total: 1 });
    trials.extend(boosted_trials(&views, folds, settings, progress));
    let rows: Vec<u32> = folds.iter().flat_map(|fold| fold.test.iter().copied()).collect();
    let mut judged = judge(table.dataset, &rows, trials, settings.seed);
    if let Some(blend) = blend(&judged) {
        judged.extend(judge(table.dataset, &rows, vec![blend], settings.seed));
    }
    let boosted_rows = folds.iter().map(|fold| search_rows(table.dataset, &fold.train, settings.seed).len() as f64);
    let boosted_rows = boosted_rows.sum::<f64>() / folds.len() as f64;
    choose(table.dataset, &rows, judged, leavers < settings.few_leavers, boosted_rows)
}

/// Prior and ridge models of all folds.
fn linear_trials(views: &[View<'_>], folds: &[Fold], settings: &Settings) -> Vec<Trial> {
    let names = views[0].table.feature_names();
    let of_fold = |(view, fold): (&View<'_>, &Fold)| {
        let (dataset, features) = (view.table.dataset, view.features());
        let tested: Vec<Vec<f32>> =
            features.iter().map(|feature| fold.test.iter().map(|&row| feature[row as usize]).collect()).collect();
        let tested: Vec<&[f32]> = tested.iter().map(Vec::as_slice).collect();
        let prior = settings.prior.as_ref().and_then(|prior| prior.fit(dataset, &features, &names, &fold.train));
        let ridges = logistic::fit(dataset, &features, &fold.train, &settings.ridges, settings.seed);
        let margins = |model: &crate::linear::Linear| model.margins(&tested, fold.test.len());
        (prior.as_ref().map(margins), ridges.iter().map(margins).collect::<Vec<_>>())
    };
    let by_fold: Vec<_> = views.par_iter().zip(folds).map(of_fold).collect();
    let mut trials = Vec::new();
    let prior: Option<Vec<f64>> =
        by_fold.iter().map(|(prior, _)| prior.clone()).collect::<Option<Vec<_>>>().map(|m| m.concat());
    if prior.is_some() {
        trials.push(Trial { recipe: Recipe::Prior, margins: prior });
    }
    for (index, &lambda) in settings.ridges.iter().enumerate() {
        let margins = by_fold.iter().flat_map(|(_, ridges)| ridges[index].iter().copied()).collect();
        trials.push(Trial { recipe: Recipe::Ridge { lambda }, margins: Some(margins) });
    }
    trials
}

/// Boosted models of the sizes that are worth trying on all folds.
fn boosted_trials(
    views: &[View<'_>],
    folds: &[Fold],
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
) -> Vec<Trial> {
    let large = views[0].table.cells() > LARGE && settings.boosted.len() > 1;
    let mut kept: Vec<usize> = (0..settings.boosted.len()).collect();
    let mut chains = settings.chains;
    if large {
        chains = chains.min(2);
        progress(Progress { stage: Stage::Boosting, done: 0, total: 2 });
        kept = vec![scout(views, folds, settings)];
    }
    let total = kept.len() + usize::from(large);
    let mut trials = Vec::new();
    for (index, size) in settings.boosted.iter().enumerate() {
        let recipe = |rounds| Recipe::Boosted { settings: size.clone(), rounds };
        let Some(place) = kept.iter().position(|&kept| kept == index) else {
            trials.push(Trial { recipe: recipe(0), margins: None });
            continue;
        };
        progress(Progress { stage: Stage::Boosting, done: place + usize::from(large), total });
        let grow_fold = |(view, fold): (&View<'_>, &Fold)| grow(view, fold, size, settings, chains);
        let grown: Vec<Chains> = views.par_iter().zip(folds).map(grow_fold).collect();
        let rounds = best_rounds(&grown);
        let margins =
            |((view, fold), chains): ((&View<'_>, &Fold), &Chains)| chains.margins(&view.binned(), &fold.test, rounds);
        let margins: Vec<Vec<f64>> = views.iter().zip(folds).zip(&grown).map(margins).collect();
        trials.push(Trial { recipe: recipe(rounds), margins: Some(margins.concat()) });
    }
    progress(Progress { stage: Stage::Boosting, done: total, total });
    trials
}

/// The size with the lowest loss on the last fold, which has the most to learn from, and one in the middle.
fn scout(views: &[View<'_>], folds: &[Fold], settings: &Settings) -> usize {
    let last = folds.len() - 1;
    let tests: Vec<(usize, usize)> =
        (0..settings.boosted.len()).flat_map(|size| [(size, last / 2), (size, last)]).collect();
    let grow_one = |&(size, fold): &(usize, usize)| {
        let size = &settings.boosted[size];
        let hasty = BoostSettings { learning_rate: (2.0 * size.learning_rate).min(1.0), ..size.clone() };
        grow(&views[fold], &folds[fold], &hasty, settings, 1)
    };
    let grown: Vec<Chains> = tests.par_iter().map(grow_one).collect();
    let losses: Vec<f64> = grown.chunks(2).map(|pair| pooled_loss(pair, best_rounds(pair))).collect();
    (0..losses.len()).min_by(|&a, &b| losses[a].total_cmp(&losses[b])).unwrap_or(0)
}

fn grow(view: &View<'_>, fold: &Fold, size: &BoostSettings, settings: &Settings, chains: usize) -> Chains {
    let dataset = view.table.dataset;
    let rows = search_rows(dataset, &fold.train, settings.seed);
    let training = Training {
        columns: &view.binned(),
        directions: &view.table.directions(settings),
        label: &dataset.label,
        weight: dataset.weight.as_deref(),
        subject: &dataset.subject,
        rows: &rows,
        seed: settings.seed,
        chains,
    };
    boost(&training, size, Some(&fold.test))
}

/// Training rows, or those of a share of the subjects where they are very many.
fn search_rows(dataset: &Dataset, rows: &[u32], seed: u64) -> Vec<u32> {
    let share = MAX_SEARCH_ROWS as f64 / rows.len().max(1) as f64;
    let kept = |row: &u32| share >= 1.0 || falls_into(mix(seed, u64::from(dataset.subject[*row as usize])), share);
    rows.iter().copied().filter(kept).collect()
}

/// Rounds with the lowest loss over all folds.
fn best_rounds(grown: &[Chains]) -> usize {
    let longest = grown.iter().map(|chains| chains.curve.len()).max().unwrap_or(1);
    let mut best = (0, pooled_loss(grown, 0));
    for rounds in 1..longest {
        let loss = pooled_loss(grown, rounds);
        if loss < best.1 {
            best = (rounds, loss);
        }
    }
    best.0
}

/// Loss of all folds after so many rounds. A fold that stopped early is taken to stay as it was.
fn pooled_loss(grown: &[Chains], rounds: usize) -> f64 {
    grown.iter().map(|chains| chains.curve[rounds.min(chains.curve.len() - 1)]).sum()
}

/// A trial with its calibrated scores and log-loss.
struct Judged {
    trial: Trial,
    probability: Vec<f64>,
    log_loss: f64,
}

fn judge(dataset: &Dataset, rows: &[u32], trials: Vec<Trial>, seed: u64) -> Vec<Judged> {
    let judge = |trial: Trial| {
        let Some(margins) = &trial.margins else {
            return Judged { trial, probability: Vec::new(), log_loss: f64::INFINITY };
        };
        let probability = calibrated_by_others(dataset, rows, margins, seed);
        let log_loss = log_loss(&ranking(dataset, rows, &probability)).unwrap_or(f64::INFINITY);
        Judged { trial, probability, log_loss }
    };
    trials.into_par_iter().map(judge).collect()
}

/// Scores of rows, each calibrated by a line fitted on the rows of other subjects.
fn calibrated_by_others(dataset: &Dataset, rows: &[u32], margins: &[f64], seed: u64) -> Vec<f64> {
    let part = |row: u32| mix(mix(seed, 2), u64::from(dataset.subject[row as usize])) % CALIBRATION_PARTS;
    let mut probability = vec![0.0; rows.len()];
    for left_out in 0..CALIBRATION_PARTS {
        let others: Vec<usize> = (0..rows.len()).filter(|&index| part(rows[index]) != left_out).collect();
        let other_rows: Vec<u32> = others.iter().map(|&index| rows[index]).collect();
        let other_margins: Vec<f64> = others.iter().map(|&index| margins[index]).collect();
        let line = calibrate(dataset, &other_rows, &other_margins, SHIFT_SD);
        for (index, &row) in rows.iter().enumerate() {
            if part(row) == left_out {
                probability[index] = sigmoid(line.log_odds(margins[index]));
            }
        }
    }
    probability
}

/// The mean of the best ridge and the best boosted model.
fn blend(judged: &[Judged]) -> Option<Trial> {
    let best = |wanted: fn(&Recipe) -> bool| {
        let of_kind = judged.iter().filter(|judged| wanted(&judged.trial.recipe) && judged.trial.margins.is_some());
        of_kind.min_by(|a, b| a.log_loss.total_cmp(&b.log_loss))
    };
    let ridge = best(|recipe| matches!(recipe, Recipe::Ridge { .. }))?;
    let boosted = best(|recipe| matches!(recipe, Recipe::Boosted { .. }))?;
    let (Recipe::Ridge { lambda }, Recipe::Boosted { settings, rounds }) = (&ridge.trial.recipe, &boosted.trial.recipe)
    else {
        return None;
    };
    let pairs = ridge.trial.margins.as_ref()?.iter().zip(boosted.trial.margins.as_ref()?);
    let margins = pairs.map(|(a, b)| (a + b) / 2.0).collect();
    let recipe = Recipe::Blend { lambda: *lambda, settings: settings.clone(), rounds: *rounds };
    Some(Trial { recipe, margins: Some(margins) })
}

fn choose(dataset: &Dataset, rows: &[u32], judged: Vec<Judged>, few: bool, boosted_rows: f64) -> Found {
    let best = (0..judged.len()).min_by(|&a, &b| judged[a].log_loss.total_cmp(&judged[b].log_loss)).unwrap_or(0);
    let gap_errors: Vec<f64> = judged.iter().map(|one| gap_error(dataset, rows, one, &judged[best])).collect();
    let mut chosen = best;
    if few {
        let near = |&index: &usize| judged[index].log_loss - judged[best].log_loss <= gap_errors[index];
        let simplest = (0..judged.len())
            .filter(near)
            .min_by(|&a, &b| complexity(&judged[a].trial.recipe).total_cmp(&complexity(&judged[b].trial.recipe)));
        chosen = simplest.unwrap_or(best);
    }
    let candidate = |(judged, &gap_error): (&Judged, &f64)| Candidate {
        recipe: judged.trial.recipe.clone(),
        result: judged.trial.margins.is_some().then(|| CandidateResult {
            log_loss: judged.log_loss,
            gap_error,
            auc: auc(&ranking(dataset, rows, &judged.probability)).unwrap_or(0.5),
        }),
    };
    let candidates = judged.iter().zip(&gap_errors).map(candidate).collect();
    let Judged { trial, probability, .. } = judged.into_iter().nth(chosen).expect("an index of this list");
    Found {
        candidates,
        chosen,
        why: if chosen == best { Why::LowestLogLoss } else { Why::SimplestWithinOneError },
        margins: trial.margins.unwrap_or_default(),
        probability,
        boosted_rows,
    }
}

/// Standard error of the difference in mean log-loss, rows of a subject taken together.
fn gap_error(dataset: &Dataset, rows: &[u32], one: &Judged, best: &Judged) -> f64 {
    let mut by_subject: BTreeMap<u32, f64> = BTreeMap::new();
    let mut total = 0.0;
    for ((&row, &p), &q) in rows.iter().zip(&one.probability).zip(&best.probability) {
        let (weight, label) = (f64::from(dataset.weight(row)), dataset.label[row as usize]);
        let loss = |p: f64| if label { -p.max(1e-15).ln() } else { -(1.0 - p).max(1e-15).ln() };
        *by_subject.entry(dataset.subject[row as usize]).or_default() += weight * (loss(p) - loss(q));
        total += weight;
    }
    let n = by_subject.len() as f64;
    if n < 2.0 {
        return 0.0;
    }
    let mean = by_subject.values().sum::<f64>() / n;
    let squares: f64 = by_subject.values().map(|gap| (gap - mean).powi(2)).sum();
    (squares * n / (n - 1.0)).sqrt() / total
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
