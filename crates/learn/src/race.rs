//! Every candidate, fitted on each fold's training rows.
//!
//! Candidates are the kit's prior model, ridge logistics of several strengths and boosted trees of several sizes, each with
//! and without what more can be learned of columns. Folds are run in their order. Where time is short the boosted sizes race
//! (successive halving, Jamieson and Talwalkar 2016): before each fold the worse half by the loss on its judges stays
//! behind, among those with the same extras, since models that know different things are the best to average. With forward
//! folds that is a choice by rows that were settled by then, and the many candidates meet the short training sets.
//!
//! With grouped folds there is no before: a fold's own rows are among those that stop the growth of its trees, some rounds
//! after the best, and where time is short among those that leave sizes behind.

use rayon::prelude::*;

use crate::boost::{BoostSettings, Chains, Watched};
use crate::data::Dataset;
use crate::effort::{self, Effort};
use crate::encode::Extras;
use crate::fit::{Progress, Stage};
use crate::folds::Fold;
use crate::linear::Linear;
use crate::logistic;
use crate::math::{falls_into, mix};
use crate::settings::Settings;
use crate::table::{Table, View};

/// Leaves of a tree, at most, where there are few leavers to fill them.
const FEW_LEAVES: usize = 8;

/// All candidates on all folds.
pub(crate) struct Race<'a> {
    pub(crate) folds: &'a [Fold],
    views: Vec<View<'a>>,
    pub(crate) trials: Vec<Trial>,
    /// Mean number of rows that boosted models were fitted on.
    pub(crate) boosted_rows: f64,
}

/// A candidate.
pub(crate) struct Trial {
    pub(crate) kind: Kind,
    /// What it knows of columns.
    pub(crate) extras: Extras,
    /// What it became on each fold; fewer than there are folds where it stayed behind.
    fits: Vec<Fit>,
}

/// What a candidate is, before anything is known of how many rounds it takes.
pub(crate) enum Kind {
    Prior,
    Ridge(f64),
    Boosted(BoostSettings),
}

/// A boosted model to try.
struct Candidate {
    size: BoostSettings,
    extras: Extras,
}

enum Fit {
    /// Margins of the tested rows.
    Margins(Vec<f64>),
    /// Trees, of which the first so many will count.
    Trees(Chains),
}

/// Fits all candidates.
pub(crate) fn race<'a>(
    table: &'a Table<'a>,
    folds: &'a [Fold],
    few: bool,
    settings: &Settings,
    progress: &(dyn Fn(Progress) + Sync),
) -> Race<'a> {
    let extras = if few { Extras::None } else { settings.extras };
    let views: Vec<View<'_>> = folds.par_iter().map(|fold| table.view(&fold.train, extras)).collect();
    let tried = tried_extras(&views);
    progress(Progress { stage: Stage::Logistic, done: 0, total: 1 });
    let mut trials = linear_trials(&views, folds, &tried, settings);
    progress(Progress { stage: Stage::Logistic, done: 1, total: 1 });
    let candidates = boosted_candidates(&tried, few, settings);
    let sizes: Vec<&BoostSettings> = candidates.iter().map(|candidate| &candidate.size).collect();
    let training_rows: Vec<usize> = folds.iter().map(|fold| fold.train.len()).collect();
    let effort = effort::plan(&sizes, &training_rows, views[0].binned().len(), settings);
    let rows: Vec<Vec<u32>> =
        folds.iter().map(|fold| drawn(table.dataset, &fold.train, effort.max_rows, settings.seed)).collect();
    trials.extend(boosted_trials(&views, folds, &rows, &candidates, effort, progress));
    let boosted_rows = rows.iter().map(|rows| rows.len() as f64).sum::<f64>() / folds.len() as f64;
    Race { folds, views, trials, boosted_rows }
}

/// Extras that give anything to use that those before them do not.
fn tried_extras(views: &[View<'_>]) -> Vec<Extras> {
    let used = |extras| views.iter().map(|view| view.fitted.encoder.usable(extras)).collect::<Vec<_>>();
    let mut tried = vec![Extras::None];
    for pair in Extras::ALL.windows(2) {
        if used(pair[1]) != used(pair[0]) {
            tried.push(pair[1]);
        }
    }
    tried
}

impl Trial {
    /// Whether it ran on this fold, and so on all before it.
    pub(crate) fn ran_on(&self, fold: usize) -> bool {
        fold < self.fits.len()
    }

    /// The number of rounds with the lowest loss over some folds; 0 for what has no rounds.
    pub(crate) fn best_rounds(&self, folds: &[usize]) -> usize {
        let grown: Vec<&Chains> = folds.iter().filter_map(|&fold| self.fits.get(fold)?.trees()).collect();
        best_rounds(&grown)
    }
}

impl Race<'_> {
    /// Margins of a fold's tested rows by the trial as fitted on its training rows.
    pub(crate) fn margins(&self, trial: &Trial, fold: usize, rounds: usize) -> Vec<f64> {
        match &trial.fits[fold] {
            Fit::Margins(margins) => margins.clone(),
            Fit::Trees(chains) => chains.margins(&self.views[fold].binned(), &self.folds[fold].test, rounds),
        }
    }
}

impl Fit {
    fn trees(&self) -> Option<&Chains> {
        match self {
            Self::Margins(_) => None,
            Self::Trees(chains) => Some(chains),
        }
    }
}

/// Prior and ridge models of all folds.
fn linear_trials(views: &[View<'_>], folds: &[Fold], tried: &[Extras], settings: &Settings) -> Vec<Trial> {
    let of_fold = |(view, fold): (&View<'_>, &Fold)| {
        let (dataset, features) = (view.table.dataset, view.features());
        let tested: Vec<Vec<f32>> =
            features.iter().map(|feature| fold.test.iter().map(|&row| feature[row as usize]).collect()).collect();
        let tested: Vec<&[f32]> = tested.iter().map(Vec::as_slice).collect();
        let margins = |model: &Linear| model.margins(&tested, fold.test.len());
        let encoder = &view.fitted.encoder;
        let prior = settings.prior.as_ref();
        let prior = prior.and_then(|prior| prior.fit(dataset, &features, &encoder.number_names(), &fold.train));
        let ridges = tried.iter().flat_map(|&extras| {
            let usable = encoder.usable(extras);
            logistic::fit(dataset, &features, &usable, &fold.train, &settings.ridges, settings.seed)
        });
        (prior.as_ref().map(margins), ridges.map(|ridge| margins(&ridge)).collect::<Vec<_>>())
    };
    let by_fold: Vec<_> = views.par_iter().zip(folds).map(of_fold).collect();
    let mut trials = Vec::new();
    let prior: Option<Vec<Fit>> = by_fold.iter().map(|(prior, _)| prior.clone().map(Fit::Margins)).collect();
    trials.extend(prior.map(|fits| Trial { kind: Kind::Prior, extras: Extras::None, fits }));
    let ridges = tried.iter().flat_map(|&extras| settings.ridges.iter().map(move |&lambda| (extras, lambda)));
    for (index, (extras, lambda)) in ridges.enumerate() {
        let fits = by_fold.iter().map(|(_, ridges)| Fit::Margins(ridges[index].clone())).collect();
        trials.push(Trial { kind: Kind::Ridge(lambda), extras, fits });
    }
    trials
}

/// Boosted models that are tried: with few leavers the small ones, or the smallest if none is small.
fn boosted_candidates(tried: &[Extras], few: bool, settings: &Settings) -> Vec<Candidate> {
    let smallest = settings.boosted.iter().map(|size| size.leaves).min().unwrap_or_default();
    let most = if few { FEW_LEAVES.max(smallest) } else { usize::MAX };
    let sizes = settings.boosted.iter().filter(|size| size.leaves <= most);
    sizes.flat_map(|size| tried.iter().map(|&extras| Candidate { size: size.clone(), extras })).collect()
}

/// Boosted models, fold by fold.
fn boosted_trials(
    views: &[View<'_>],
    folds: &[Fold],
    rows: &[Vec<u32>],
    candidates: &[Candidate],
    effort: Effort,
    progress: &(dyn Fn(Progress) + Sync),
) -> Vec<Trial> {
    if candidates.is_empty() {
        return Vec::new();
    }
    let trial = |one: &Candidate| Trial { kind: Kind::Boosted(one.size.clone()), extras: one.extras, fits: Vec::new() };
    let mut trials: Vec<Trial> = candidates.iter().map(trial).collect();
    // What was settled when the first judged block began may leave candidates behind in the blocks before it, too.
    let first_judged = folds.iter().position(|fold| !fold.judges.is_empty()).unwrap_or(0);
    let mut running: Vec<usize> = (0..trials.len()).collect();
    for (index, (view, fold)) in views.iter().zip(folds).enumerate() {
        progress(Progress { stage: Stage::Boosting, done: index, total: folds.len() });
        let judges = &folds[index.max(first_judged)].judges;
        let before: Vec<usize> = judges.iter().copied().filter(|&judge| judge < index).collect();
        if effort.halving && !before.is_empty() {
            running = better_halves(&trials, &running, &before);
        }
        let grow = |&one: &usize| {
            // What the judges would have grown is grown here at least, whatever these rows say of it.
            let at_least = trials[one].best_rounds(&before);
            let watched = Some(Watched { rows: &fold.test, at_least });
            view.boost(&rows[index], &candidates[one].size, candidates[one].extras, watched, effort.chains)
        };
        let grown: Vec<Chains> = running.par_iter().map(grow).collect();
        for (&one, chains) in running.iter().zip(grown) {
            trials[one].fits.push(Fit::Trees(chains));
        }
    }
    progress(Progress { stage: Stage::Boosting, done: folds.len(), total: folds.len() });
    trials
}

/// Of those with the same extras, the half with the lower losses over some folds; in their order.
fn better_halves(trials: &[Trial], running: &[usize], folds: &[usize]) -> Vec<usize> {
    let loss = |one: usize| {
        let trial = &trials[one];
        let grown: Vec<&Chains> = folds.iter().filter_map(|&fold| trial.fits[fold].trees()).collect();
        pooled_loss(&grown, trial.best_rounds(folds))
    };
    let mut kept = Vec::new();
    for extras in Extras::ALL {
        let alike = running.iter().filter(|&&one| trials[one].extras == extras);
        let mut by_loss: Vec<(f64, usize)> = alike.map(|&one| (loss(one), one)).collect();
        by_loss.sort_by(|a, b| a.0.total_cmp(&b.0));
        by_loss.truncate(by_loss.len().div_ceil(2));
        kept.extend(by_loss.into_iter().map(|(_, one)| one));
    }
    kept.sort_unstable();
    kept
}

/// Training rows, or those of a share of the subjects where they are very many.
fn drawn(dataset: &Dataset, rows: &[u32], most: usize, seed: u64) -> Vec<u32> {
    let share = most as f64 / rows.len().max(1) as f64;
    let kept = |row: &u32| share >= 1.0 || falls_into(mix(seed, u64::from(dataset.subject[*row as usize])), share);
    rows.iter().copied().filter(kept).collect()
}

fn best_rounds(grown: &[&Chains]) -> usize {
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
fn pooled_loss(grown: &[&Chains], rounds: usize) -> f64 {
    grown.iter().map(|chains| chains.curve[rounds.min(chains.curve.len() - 1)]).sum()
}
