//! What a list gains beyond chance, by doubly robust scores: rank-weighted average treatment effects (Yadlowsky, Fleming,
//! Shah, Brunskill and Wager 2021), for any propensities.
//!
//! `TOC(q)` is the mean effect of the first share `q` of the list less that of all; `AUTOC` is its mean over `q`, which asks
//! for the right head of the list, and `Qini = mean of q TOC(q)`, which asks for the whole order. Effects of rows are their
//! scores `psi_a - psi_0`; rows of equal score share the mean of theirs. In the unit of the outcome; 0 is chance.

use serde::Serialize;

use crate::estimate::{Estimate, bootstrap};

/// Both weightings, with bootstrap intervals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// Mean of `TOC(q)`.
    pub autoc: Estimate,
    /// Mean of `q TOC(q)`.
    pub qini: Estimate,
}

/// Of told effects and doubly robust scores of the same rows.
pub fn rate(told: &[f64], scores: &[f64], draws: usize, seed: u64) -> Rate {
    let mut order: Vec<u32> = (0..told.len() as u32).collect();
    order.sort_by(|&a, &b| told[b as usize].total_cmp(&told[a as usize]));
    let [autoc, qini] = bootstrap(told.len(), draws, seed, |times| measure(told, scores, &order, times));
    Rate { autoc, qini }
}

fn measure(told: &[f64], scores: &[f64], order: &[u32], times: &[f64]) -> [f64; 2] {
    let total: f64 = times.iter().sum();
    let mean = scores.iter().zip(times).map(|(score, times)| score * times).sum::<f64>() / total;
    let (mut rows, mut sum, mut autoc, mut qini) = (0.0, 0.0, 0.0, 0.0);
    for tie in order.chunk_by(|&a, &b| told[a as usize] == told[b as usize]) {
        let (mut count, mut gain) = (0.0, 0.0);
        for &row in tie {
            count += times[row as usize];
            gain += times[row as usize] * (scores[row as usize] - mean);
        }
        if count == 0.0 {
            continue;
        }
        // Within a run of equal scores the sum rises evenly: S(r) = sum + gain (r - rows) / count.
        let (before, after) = (sum, sum + gain);
        qini += count * (before + after) / 2.0;
        let slope = gain / count;
        let even = slope * count;
        let from = before - slope * rows;
        // The integral of (from + slope r) / r; at the head of the list `from` is 0.
        autoc += even + if rows > 0.0 { from * ((rows + count) / rows).ln() } else { 0.0 };
        rows += count;
        sum = after;
    }
    [autoc / total, qini / (total * total)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfect_list_gains_and_chance_does_not() {
        let scores: Vec<f64> = (0..2000).map(|row| f64::from(1999 - row) / 1999.0).collect();
        let rate_of = |told: &[f64]| rate(told, &scores, 50, 1);
        let perfect = rate_of(&scores);
        // TOC(q) = (1 - q) / 2: its mean is 1/4, that of q TOC(q) 1/12.
        assert!((perfect.autoc.value - 0.25).abs() < 1e-3, "{perfect:?}");
        assert!((perfect.qini.value - 1.0 / 12.0).abs() < 1e-3, "{perfect:?}");
        let same = rate_of(&[0.5; 2000]);
        assert!(same.autoc.value.abs() < 1e-12 && same.qini.value.abs() < 1e-12, "{same:?}");
        let reversed: Vec<f64> = scores.iter().map(|score| -score).collect();
        assert!((rate_of(&reversed).qini.value + 1.0 / 12.0).abs() < 1e-3);
        assert!(perfect.qini.low < perfect.qini.value && perfect.qini.value < perfect.qini.high);
    }
}
