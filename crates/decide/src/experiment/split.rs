//! Who gets which arm of an experiment: dealt out within strata, so that arms are alike in what the strata say.
//!
//! Within each stratum subjects come in an order of chance, at even steps along 0 to 1 from a start of chance; each gets the arm
//! whose share lies there (systematic sampling; Cochran 1977, Sampling techniques, ch. 8). So no arm of a stratum is off its
//! share by more than one subject, and every subject's propensity is its arm's share, even alone in a stratum.

use std::collections::BTreeMap;

use crate::draws::uniform;

/// What draws are for: the order of subjects, and where a stratum starts.
const ORDER: u64 = 0x53_504c_4954;
const START: u64 = 0x53_5441_5254;
/// Shares sum to one within this.
const SUM_WITHIN: f64 = 1e-9;

/// Why subjects cannot be split.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SplitError {
    /// There is nothing to compare.
    #[error("an experiment has at least two arms, got {0}")]
    Arms(usize),
    /// A share is no share, or they do not make a whole.
    #[error("shares of arms must be above 0 and sum to 1, got {0:?}")]
    Shares(Vec<f64>),
    /// Some arm would be empty.
    #[error("{subjects} subjects are too few for {arms} arms")]
    TooFew {
        /// Subjects.
        subjects: usize,
        /// Arms.
        arms: usize,
    },
}

/// The arm of each subject, by its position in `shares`. `keys` tell subjects apart and `strata` who is alike; with the seed
/// they decide, and the order of subjects does not.
///
/// # Errors
///
/// Arms or shares that make no experiment.
pub fn split(keys: &[u64], strata: &[u64], shares: &[f64], seed: u64) -> Result<Vec<usize>, SplitError> {
    if shares.len() < 2 {
        return Err(SplitError::Arms(shares.len()));
    }
    let sum: f64 = shares.iter().sum();
    if shares.iter().any(|&share| share.is_nan() || share <= 0.0) || (sum - 1.0).abs() > SUM_WITHIN {
        return Err(SplitError::Shares(shares.to_vec()));
    }
    if keys.len() < shares.len() {
        return Err(SplitError::TooFew { subjects: keys.len(), arms: shares.len() });
    }
    let mut by_stratum: BTreeMap<u64, Vec<(f64, u64, usize)>> = BTreeMap::new();
    for (at, (&key, &stratum)) in keys.iter().zip(strata).enumerate() {
        by_stratum.entry(stratum).or_default().push((uniform(seed, key, ORDER), key, at));
    }
    let mut arms = vec![0; keys.len()];
    for (stratum, mut order) in by_stratum {
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let (start, subjects) = (uniform(seed, stratum, START), order.len() as f64);
        for (place, (_, _, at)) in order.into_iter().enumerate() {
            let point = (place as f64 + start) / subjects;
            let mut below = 0.0;
            // Rounding may leave the last point above the sum of all shares.
            let of_point = shares.iter().position(|share| {
                below += share;
                point < below
            });
            arms[at] = of_point.unwrap_or(shares.len() - 1);
        }
    }
    Ok(arms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arms_are_alike_in_every_stratum_and_in_all() {
        let keys: Vec<u64> = (0..1003).collect();
        let strata: Vec<u64> = keys.iter().map(|key| key % 17).collect();
        let shares = [0.5, 0.3, 0.2];
        let arms = split(&keys, &strata, &shares, 9).expect("an experiment");
        for stratum in 0..17 {
            let of: Vec<usize> = (0..1003).filter(|&at| strata[at] == stratum).map(|at| arms[at]).collect();
            for (arm, share) in shares.iter().enumerate() {
                let dealt = of.iter().filter(|&&dealt| dealt == arm).count() as f64;
                assert!((dealt - share * of.len() as f64).abs() <= 1.0, "{stratum} {arm}: {dealt} of {}", of.len());
            }
        }
        assert_ne!(arms, split(&keys, &strata, &shares, 10).expect("an experiment"));
        let turned: Vec<u64> = keys.iter().rev().copied().collect();
        let turned_strata: Vec<u64> = strata.iter().rev().copied().collect();
        assert!(split(&turned, &turned_strata, &shares, 9).expect("an experiment").into_iter().rev().eq(arms));
    }

    #[test]
    fn everyone_gets_an_arm_as_often_as_its_share_even_alone_in_a_stratum() {
        let (keys, strata): (Vec<u64>, Vec<u64>) = ((0..30).collect(), (0..30).collect());
        for share in [0.5, 0.9] {
            let mut times = [0; 30];
            for seed in 0..2000 {
                let arms = split(&keys, &strata, &[share, 1.0 - share], seed).expect("an experiment");
                times.iter_mut().zip(arms).for_each(|(times, arm)| *times += usize::from(arm == 0));
            }
            // Four standard errors of a half of 2000 are 90, of less even shares fewer.
            let expected = (2000.0 * share) as usize;
            assert!(times.iter().all(|&times| times.abs_diff(expected) < 90), "{times:?}");
        }
    }

    #[test]
    fn what_is_no_experiment_is_refused() {
        let split = |keys: &[u64], shares: &[f64]| split(keys, keys, shares, 1).expect_err("none").to_string();
        assert_eq!(split(&[1, 2], &[1.0]), "an experiment has at least two arms, got 1");
        assert!(split(&[1, 2], &[0.5, 0.4]).contains("sum to 1"));
        assert!(split(&[1, 2], &[f64::NAN, 0.5]).contains("sum to 1"));
        assert_eq!(split(&[1], &[0.5, 0.5]), "1 subjects are too few for 2 arms");
    }
}
