//! The best split of a leaf on one feature.
//!
//! With `G`, `H` the sums of first and second derivatives of the loss in a leaf, its value is `v = -G / (H + l2)` and a
//! split gains `G_l^2 / (H_l + l2) + G_r^2 / (H_r + l2) - G^2 / (H + l2)` (Chen and Guestrin 2016). Rows missing a value are
//! tried on both sides. A category's levels are put in the order of their `G / (H + smoothing)`: the best set of levels is
//! then the beginning or the end of that row (Fisher 1958); levels that are rare or missing go right, where a level that
//! was never seen goes too.

use super::BoostSettings;
use super::histogram::Sums;
use crate::bins::BinnedColumn;

/// Codes a column can have.
const CODES: usize = 256;

/// Second derivatives that a level is given for nothing when levels are put in order, in rows of the leaf's mean.
const LEVEL_SMOOTHING_ROWS: f64 = 10.0;

/// Added to `l2` for splits on categories, in rows of the leaf's mean second derivative: choosing among sets overfits.
const LEVEL_L2_ROWS: f64 = 10.0;

/// Levels of a split's left side, at most.
const MAX_LEVELS: usize = 32;

/// Which codes go left.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct LeftCodes([u64; 4]);

/// A leaf as a split sees it. Sums are in quanta, bounds are real values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole {
    pub(super) sums: Sums,
    pub(super) weight: f64,
    /// Values allowed by monotone splits above.
    pub(super) bounds: (f64, f64),
}

/// What is the same for all splits of a tree.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) settings: &'a BoostSettings,
    pub(super) gradient_quantum: f64,
    pub(super) hessian_quantum: f64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Split {
    pub(super) gain: f64,
    pub(super) feature: u32,
    pub(super) left_codes: LeftCodes,
    /// For numbers: the last code of a value that goes left.
    pub(super) last_left: u8,
    pub(super) missing_left: bool,
    pub(super) left: Sums,
}

impl LeftCodes {
    pub(super) fn up_to(last: u8) -> Self {
        let mut codes = Self::default();
        (0..=last).for_each(|code| codes.insert(code));
        codes
    }

    pub(super) fn insert(&mut self, code: u8) {
        self.0[usize::from(code >> 6)] |= 1 << (code & 63);
    }

    pub(super) fn contains(&self, code: u8) -> bool {
        self.0[usize::from(code >> 6)] >> (code & 63) & 1 == 1
    }
}

impl Terms<'_> {
    /// The value of a leaf whose sums are in quanta.
    pub(super) fn value(&self, sums: Sums, bounds: (f64, f64)) -> f64 {
        let (g, h) = (sums.gradient * self.gradient_quantum, sums.hessian * self.hessian_quantum);
        (-g / (h + self.settings.l2).max(f64::MIN_POSITIVE)).clamp(bounds.0, bounds.1)
    }

    /// Twice the fall in loss that the leaf's value brings; `G^2 / (H + l2)` where the value is free.
    fn gain(&self, sums: Sums, l2: f64, bounds: (f64, f64)) -> f64 {
        let (g, h) = (sums.gradient * self.gradient_quantum, sums.hessian * self.hessian_quantum + l2);
        let value = (-g / h.max(f64::MIN_POSITIVE)).clamp(bounds.0, bounds.1);
        -(2.0 * g + h * value) * value
    }

    /// The least sum of second derivatives of a side, in quanta.
    fn min_hessian(&self, whole: &Whole) -> f64 {
        let by_rows = self.settings.min_leaf_rows / whole.weight * whole.sums.hessian;
        (self.settings.min_leaf_hessian / self.hessian_quantum).max(by_rows).max(1.0)
    }
}

/// The feature's best split, if one gains more than `least`.
pub(super) fn best_split(
    terms: &Terms<'_>,
    whole: &Whole,
    feature: u32,
    column: &BinnedColumn,
    direction: i8,
    cells: &[Sums],
    least: f64,
) -> Option<Split> {
    if column.levels.is_some() {
        return best_levels(terms, whole, feature, column, cells, least);
    }
    let free = direction == 0 && whole.bounds == (f64::NEG_INFINITY, f64::INFINITY);
    let search = if free { best_free_edge } else { best_bounded_edge };
    let finite = usize::from(column.missing());
    let missing = cells[finite];
    let edge = |taken: Sums, last_cell: usize| search(terms, whole, direction, &cells[..last_cell], taken);
    // Without a missing value in the leaf, one that is missing later goes with the majority.
    let any_missing = missing != Sums::default();
    let (mut best, mut missing_left) = (edge(Sums::default(), if any_missing { finite } else { finite - 1 }), false);
    if any_missing {
        let with_missing = edge(missing, finite - 1);
        if with_missing.is_some_and(|(gain, ..)| best.is_none_or(|(other, ..)| gain > other)) {
            (best, missing_left) = (with_missing, true);
        }
    }
    let (gain, code, left) = best.filter(|&(gain, ..)| gain > least)?;
    if !any_missing {
        missing_left = left.hessian >= whole.sums.hessian - left.hessian;
    }
    let last_left = code as u8;
    let mut left_codes = LeftCodes::up_to(last_left);
    if missing_left {
        left_codes.insert(column.missing());
    }
    Some(Split { gain, feature, left_codes, last_left, missing_left, left })
}

/// Gain, last left code and left sums where no bound and no direction limits the values. `taken` goes left in any case.
fn best_free_edge(terms: &Terms<'_>, whole: &Whole, _: i8, cells: &[Sums], taken: Sums) -> Option<(f64, usize, Sums)> {
    // In quanta throughout: one factor at the end makes gains of them.
    let l2 = terms.settings.l2 / terms.hessian_quantum;
    let min_hessian = terms.min_hessian(whole);
    let (mut gradients, mut hessians) = ([0.0; CODES], [0.0; CODES]);
    let (mut gradient, mut hessian) = (taken.gradient, taken.hessian);
    for ((cell, g), h) in cells.iter().zip(&mut gradients).zip(&mut hessians) {
        gradient += cell.gradient;
        hessian += cell.hessian;
        (*g, *h) = (gradient, hessian);
    }
    let mut gains = [0.0; CODES];
    let Sums { gradient: all_g, hessian: all_h } = whole.sums;
    for ((gain, &g), &h) in gains[..cells.len()].iter_mut().zip(&gradients).zip(&hessians) {
        let (right_g, right_h) = (all_g - g, all_h - h);
        let gained = (g * g * (right_h + l2) + right_g * right_g * (h + l2)) / ((h + l2) * (right_h + l2));
        *gain = if h.min(right_h) >= min_hessian { gained } else { f64::NEG_INFINITY };
    }
    let mut best = (f64::NEG_INFINITY, 0);
    for (code, &gain) in gains[..cells.len()].iter().enumerate() {
        if gain > best.0 {
            best = (gain, code);
        }
    }
    let (gain, code) = best;
    if gain == f64::NEG_INFINITY {
        return None;
    }
    let unsplit = all_g * all_g / (all_h + l2);
    let scale = terms.gradient_quantum * terms.gradient_quantum / terms.hessian_quantum;
    Some(((gain - unsplit) * scale, code, Sums { gradient: gradients[code], hessian: hessians[code] }))
}

/// The same where values are bounded, or may only rise (`direction` 1) or fall (-1) with the feature.
fn best_bounded_edge(
    terms: &Terms<'_>,
    whole: &Whole,
    direction: i8,
    cells: &[Sums],
    taken: Sums,
) -> Option<(f64, usize, Sums)> {
    let min_hessian = terms.min_hessian(whole);
    let l2 = terms.settings.l2;
    let unsplit = terms.gain(whole.sums, l2, whole.bounds);
    let mut best: Option<(f64, usize, Sums)> = None;
    let mut left = taken;
    for (code, &cell) in cells.iter().enumerate() {
        left = left + cell;
        let right = whole.sums - left;
        if left.hessian.min(right.hessian) < min_hessian {
            continue;
        }
        let gain = terms.gain(left, l2, whole.bounds) + terms.gain(right, l2, whole.bounds) - unsplit;
        let rise = terms.value(right, whole.bounds) - terms.value(left, whole.bounds);
        if f64::from(direction) * rise >= 0.0 && best.is_none_or(|(other, ..)| gain > other) {
            best = Some((gain, code, left));
        }
    }
    best
}

fn best_levels(
    terms: &Terms<'_>,
    whole: &Whole,
    feature: u32,
    column: &BinnedColumn,
    cells: &[Sums],
    least: f64,
) -> Option<Split> {
    let min_hessian = terms.min_hessian(whole);
    let hessian_of_rows = |rows: f64| whole.sums.hessian / whole.weight * rows;
    let smoothing = hessian_of_rows(LEVEL_SMOOTHING_ROWS);
    let mut order: Vec<usize> = (0..column.named_levels()).filter(|&code| cells[code].hessian > 0.0).collect();
    let key = |code: usize| cells[code].gradient / (cells[code].hessian + smoothing);
    order.sort_by(|&a, &b| key(a).total_cmp(&key(b)));
    let l2 = terms.settings.l2 + hessian_of_rows(LEVEL_L2_ROWS) * terms.hessian_quantum;
    let unsplit = terms.gain(whole.sums, terms.settings.l2, whole.bounds);
    let mut best: Option<(f64, usize, bool, Sums)> = None;
    for from_end in [false, true] {
        let mut left = Sums::default();
        for taken in 1..=order.len().min(MAX_LEVELS) {
            let code = if from_end { order[order.len() - taken] } else { order[taken - 1] };
            left = left + cells[code];
            let right = whole.sums - left;
            if left.hessian.min(right.hessian) < min_hessian {
                continue;
            }
            let gain = terms.gain(left, l2, whole.bounds) + terms.gain(right, l2, whole.bounds) - unsplit;
            if gain > best.map_or(least, |(other, ..)| other) {
                best = Some((gain, taken, from_end, left));
            }
        }
    }
    let (gain, taken, from_end, left) = best?;
    let mut left_codes = LeftCodes::default();
    let chosen = if from_end { &order[order.len() - taken..] } else { &order[..taken] };
    chosen.iter().for_each(|&code| left_codes.insert(code as u8));
    Some(Split { gain, feature, left_codes, last_left: 0, missing_left: false, left })
}
