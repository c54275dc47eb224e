//! Smoothed and cross-fitted means of the label: what a level says of leaving.
//!
//! A level with `n` rows of which a share `TM` leaves stands for the log-odds of `(TM * n + prior * alpha) / (n + alpha)`
//! (Micci-Barreca 2001). `prior` is the share of leaving rows overall; `alpha` is [`SMOOTHING_SUBJECTS`] times the rows a
//! subject has, because rows of one subject at many cutoffs are little more evidence than one.
//!
//! **Cross-fitting.** A training row whose own label is in its mean would teach the model to trust the mean too much. So
//! subjects are dealt into [`PARTS`] parts by hash, and a training row gets the mean of the other parts. It is by subject,
//! not by row: the same subject's row two weeks earlier knows the answer as well. Where models are averaged, each is given
//! means by a dealing of its own, so that the luck of one dealing does not stay.

use std::collections::HashSet;

use super::Code;
use crate::data::{Dataset, MISSING};
use crate::math::{logit, mix};

/// Subjects' worth of prior in a level's mean.
pub const SMOOTHING_SUBJECTS: f64 = 10.0;

/// Parts that training subjects are dealt into.
pub const PARTS: usize = 10;

/// Levels of at least this many subjects have one value for all their training rows: a label more or less does not move it.
pub const CROSS_FITTED_BELOW: f64 = 1000.0;

/// Weight and leaving weight of a level's training rows, in each part of the subjects.
type Tally = [(f64, f64); PARTS];

/// Training rows, and what all levels share.
pub(super) struct Training<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) rows: &'a [u32],
    /// Share of leaving rows.
    prior: f64,
    /// Rows of prior.
    alpha: f64,
    /// Total weight.
    total: f64,
    rows_a_subject: f64,
    /// Decide how subjects are dealt, one for each dealing.
    pub(super) seeds: Vec<u64>,
}

/// What levels stand for, by their codes; missing comes after all levels.
pub(super) struct Means {
    /// Log-odds of the smoothed mean.
    pub(super) log_odds: Vec<f32>,
    /// Share of the training rows.
    pub(super) share: Vec<f32>,
    /// The log-odds of each row of the table.
    pub(super) by_row: Learned,
}

/// A feature of each row of the table.
pub(crate) struct Learned {
    /// Its values; those of training rows by the first dealing.
    pub(crate) values: Vec<f32>,
    /// Its values by further dealings, where it depends on them. They differ in training rows only.
    pub(crate) dealt: Vec<Vec<f32>>,
}

impl Means {
    /// What a level stands for.
    pub(super) fn code(&self, slot: usize) -> Code {
        Code { log_odds: self.log_odds[slot], share: self.share[slot] }
    }

    /// The share of each row's level.
    pub(super) fn share_by_row(&self, codes: &[u32]) -> Learned {
        let missing = self.share.len() - 1;
        let values = codes.iter().map(|&code| self.share[(code as usize).min(missing)]).collect();
        Learned { values, dealt: Vec::new() }
    }
}

impl<'a> Training<'a> {
    pub(super) fn new(dataset: &'a Dataset, rows: &'a [u32], dealings: usize, seed: u64) -> Self {
        let (mut total, mut leaving) = (0.0, 0.0);
        let mut subjects = HashSet::new();
        for &row in rows {
            let weight = f64::from(dataset.weight(row));
            total += weight;
            leaving += if dataset.label[row as usize] { weight } else { 0.0 };
            subjects.insert(dataset.subject[row as usize]);
        }
        let prior = leaving / f64::max(total, f64::MIN_POSITIVE);
        let subjects = subjects.len().max(1) as f64;
        let alpha = SMOOTHING_SUBJECTS * total / subjects;
        let rows_a_subject = rows.len() as f64 / subjects;
        let seeds = (0..dealings.max(1) as u64).map(|dealing| mix(seed, dealing)).collect();
        Self { dataset, rows, prior, alpha, total, rows_a_subject, seeds }
    }

    /// The same with one dealing only.
    pub(super) fn once(&self) -> Self {
        Self { seeds: vec![self.seeds[0]], ..*self }
    }

    /// What a level never seen stands for.
    pub(super) fn unseen(&self) -> f32 {
        logit(self.prior) as f32
    }

    /// So many subjects, in rows.
    pub(super) fn rows_of(&self, subjects: f64) -> f64 {
        subjects * self.rows_a_subject
    }

    /// Means of `levels` levels and of the missing ones. `codes` has one for each row of the table.
    pub(super) fn means(&self, codes: &[u32], levels: usize) -> Means {
        let slot = |code: u32| if code == MISSING { levels } else { code as usize };
        let tallies = self.tally(codes, levels + 1, slot, self.seeds[0]);
        let weight: Vec<f64> = tallies.iter().map(|tally| tally.iter().map(|counts| counts.0).sum()).collect();
        let log_odds: Vec<f32> = tallies.iter().map(|tally| self.smoothed(tally, None)).collect();
        // A single level has nothing to say, and the labels of the other parts would only mirror those of one's own.
        let is_constant = weight.iter().filter(|&&weight| weight > 0.0).count() < 2;
        let plain: Vec<f32> = codes.iter().map(|&code| log_odds[slot(code)]).collect();
        // In weight, as levels are.
        let cross_fitted_below = CROSS_FITTED_BELOW / SMOOTHING_SUBJECTS * self.alpha;
        let cross_fitted = |tallies: &[Tally], seed: u64| {
            let mut values = plain.clone();
            for &row in self.rows {
                let slot = slot(codes[row as usize]);
                if !is_constant && weight[slot] < cross_fitted_below {
                    values[row as usize] = self.smoothed(&tallies[slot], Some(self.part(row, seed)));
                }
            }
            values
        };
        let dealt = self.seeds[1..].iter().map(|&seed| {
            let tallies = self.tally(codes, levels + 1, slot, seed);
            cross_fitted(&tallies, seed)
        });
        let dealt = dealt.collect();
        let by_row = Learned { values: cross_fitted(&tallies, self.seeds[0]), dealt };
        let share = weight.iter().map(|weight| (weight / self.total) as f32).collect();
        Means { log_odds, share, by_row }
    }

    fn part(&self, row: u32, seed: u64) -> usize {
        (mix(seed, u64::from(self.dataset.subject[row as usize])) % PARTS as u64) as usize
    }

    fn tally(&self, codes: &[u32], slots: usize, slot: impl Fn(u32) -> usize, seed: u64) -> Vec<Tally> {
        let mut tallies = vec![[(0.0, 0.0); PARTS]; slots];
        for &row in self.rows {
            let weight = f64::from(self.dataset.weight(row));
            let (n, leaving) = &mut tallies[slot(codes[row as usize])][self.part(row, seed)];
            *n += weight;
            *leaving += if self.dataset.label[row as usize] { weight } else { 0.0 };
        }
        tallies
    }

    /// Log-odds of the smoothed mean, without one part where it is named.
    fn smoothed(&self, tally: &Tally, without: Option<usize>) -> f32 {
        let (mut n, mut leaving) = (0.0, 0.0);
        for (part, counts) in tally.iter().enumerate() {
            if Some(part) != without {
                n += counts.0;
                leaving += counts.1;
            }
        }
        logit((leaving + self.prior * self.alpha) / (n + self.alpha)) as f32
    }
}
