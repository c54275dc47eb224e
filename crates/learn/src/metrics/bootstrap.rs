//! Intervals of metrics by the bootstrap, drawing subjects.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Ranking;
use crate::math::mix;

/// A metric and how far it may be off by the choice of subjects.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// On the rows as they are.
    pub value: f64,
    /// 5th and 95th percentile over redrawn subjects.
    pub interval_90: [f64; 2],
    /// 2.5th and 97.5th percentile over redrawn subjects.
    pub interval_95: [f64; 2],
}

/// All metrics on `draws` redrawn sets of subjects, as percentile intervals (Efron and Tibshirani 1993).
///
/// A subject is drawn with all its rows: rows of one subject are alike, and drawing rows would pretend to more evidence
/// than there is. Each draw has its own random numbers, so that threads do not matter. A metric is nothing where it is
/// nothing on the rows as they are; draws in which it is nothing (one class) are left out.
pub fn bootstrap<const N: usize, M: Fn(&Ranking) -> Option<f64> + Sync>(
    ranking: &Ranking,
    subject: &[u32],
    draws: usize,
    seed: u64,
    metrics: [M; N],
) -> [Option<Measured>; N] {
    let (dense, subjects) = dense_ids(subject);
    let draw = |draw: usize| {
        let mut rng = ChaCha8Rng::seed_from_u64(mix(seed, draw as u64));
        let mut times = vec![0u32; subjects];
        for _ in 0..subjects {
            times[rng.random_range(0..subjects)] += 1;
        }
        let redrawn = ranking.reweighted(|index| f64::from(times[dense[index as usize] as usize]));
        metrics.each_ref().map(|metric| metric(&redrawn))
    };
    let drawn: Vec<[Option<f64>; N]> = (0..draws).into_par_iter().map(draw).collect();
    let mut place = 0..N;
    metrics.map(|metric| {
        let place = place.next()?;
        let value = metric(ranking)?;
        let mut values: Vec<f64> = drawn.iter().filter_map(|values| values[place]).collect();
        values.sort_unstable_by(f64::total_cmp);
        // A metric that redrawing biases, such as the calibration error, may lie outside its percentiles.
        let interval = |outside: f64| {
            let (low, high) = (percentile(&values, outside, value), percentile(&values, 1.0 - outside, value));
            [low.min(value), high.max(value)]
        };
        Some(Measured { value, interval_90: interval(0.05), interval_95: interval(0.025) })
    })
}

/// Subjects numbered from 0 without gaps, and how many there are.
fn dense_ids(subject: &[u32]) -> (Vec<u32>, usize) {
    let mut known: Vec<u32> = subject.to_vec();
    known.sort_unstable();
    known.dedup();
    let dense = subject.iter().map(|id| known.partition_point(|other| other < id) as u32).collect();
    (dense, known.len())
}

/// Linear between neighbours; `otherwise` where nothing was drawn.
fn percentile(sorted: &[f64], share: f64, otherwise: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return otherwise };
    let place = share * last as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    sorted[low] + (sorted[high] - sorted[low]) * (place - low as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::brier;

    fn share(ranking: &Ranking) -> Option<f64> {
        let (total, leaving) = ranking.totals();
        (total > 0.0).then(|| leaving / total)
    }

    #[test]
    fn repeated_rows_of_a_subject_are_no_evidence() {
        let label: Vec<bool> = (0..400).map(|row| row % 4 == 0).collect();
        let once: Vec<u32> = (0..400).collect();
        let ranking = Ranking::new(&[0.25; 400], &label, None);
        let [one] = bootstrap(&ranking, &once, 2000, 1, [share]);
        let one = one.expect("rows");
        // Normal approximation: 0.25 +- 1.96 sqrt(0.25 * 0.75 / 400) = 0.25 +- 0.0424.
        assert!((one.interval_95[0] - 0.2076).abs() < 0.006 && (one.interval_95[1] - 0.2924).abs() < 0.006, "{one:?}");
        // The same rows four times over, as four rows of each subject.
        let fourfold: Vec<bool> = label.iter().flat_map(|&label| [label; 4]).collect();
        let subject: Vec<u32> = (0..1600).map(|row| row / 4).collect();
        let [four] = bootstrap(&Ranking::new(&[0.25; 1600], &fourfold, None), &subject, 2000, 1, [share]);
        assert_eq!(four, Some(one));
    }

    #[test]
    fn the_seed_decides_and_nothing_else() {
        let label: Vec<bool> = (0..50).map(|row| row % 3 == 0).collect();
        let ranking = Ranking::new(&[0.3; 50], &label, None);
        let subject: Vec<u32> = (0..50).map(|row| row * 7).collect();
        let run = |seed| bootstrap(&ranking, &subject, 100, seed, [brier]);
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("pool");
        assert_eq!(one.install(|| run(3)), run(3));
        assert_ne!(run(3), run(4));
    }
}
