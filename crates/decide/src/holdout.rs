//! The holdout: a few of those for whom something would be done get nothing, by chance, so that it can be seen what
//! happens then.
//!
//! Within each band `round(share * n)` of the `n` eligible are drawn, at least one from `1 / (2 share)` on, so that bands
//! are held out alike however few there are. A subject's propensity to be held out is what was drawn over what was
//! eligible: known exactly, and the same for all of a band.

use domain::Band;

use crate::draws::uniform;

/// What these draws are for.
const PURPOSE: u64 = 0x48_4f4c_444f_5554;

/// Who is held out, and with which probability each subject was going to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Holdout {
    /// By subject.
    pub is_held: Vec<bool>,
    /// By band, lowest first: the probability of an eligible subject.
    pub propensity: [f64; 3],
}

/// Draws the holdout among subjects whose band is given; the others, for whom nothing would be done anyway or whom a rule
/// forbids to contact, are never in it. `keys` tell subjects apart and decide, with the seed, who is drawn: the order of
/// subjects does not.
pub fn hold_out(eligible: &[Option<Band>], keys: &[u64], share: f64, seed: u64) -> Holdout {
    let mut holdout = Holdout { is_held: vec![false; eligible.len()], propensity: [0.0; 3] };
    for band in Band::ALL {
        let of_band = (0..eligible.len()).filter(|&at| eligible[at] == Some(band));
        let mut order: Vec<(f64, u64, usize)> =
            of_band.map(|at| (uniform(seed, keys[at], PURPOSE), keys[at], at)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let held = (share.clamp(0.0, 1.0) * order.len() as f64).round() as usize;
        order[..held].iter().for_each(|&(_, _, at)| holdout.is_held[at] = true);
        if !order.is_empty() {
            holdout.propensity[band as usize] = held as f64 / order.len() as f64;
        }
    }
    holdout
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_band_gives_its_share_and_the_ineligible_nothing() {
        let bands: Vec<Option<Band>> =
            (0..400).map(|k| [None, Some(Band::Low), Some(Band::Medium), Some(Band::High)][k % 4]).collect();
        let keys: Vec<u64> = (0..400).collect();
        let holdout = hold_out(&bands, &keys, 0.05, 1);
        for band in Band::ALL {
            let held = (0..400).filter(|&k| bands[k] == Some(band) && holdout.is_held[k]).count();
            assert_eq!((held, holdout.propensity[band as usize]), (5, 0.05));
        }
        assert!((0..400).all(|k| bands[k].is_some() || !holdout.is_held[k]));
        assert_ne!(holdout, hold_out(&bands, &keys, 0.05, 2));
        // The same subjects, whatever their order.
        let turned = hold_out(
            &bands.iter().rev().copied().collect::<Vec<_>>(),
            &keys.iter().rev().copied().collect::<Vec<_>>(),
            0.05,
            1,
        );
        assert!(turned.is_held.iter().rev().eq(&holdout.is_held));
    }

    #[test]
    fn everyone_is_held_as_often_as_the_propensity_says() {
        let bands = vec![Some(Band::High); 40];
        let keys: Vec<u64> = (0..40).collect();
        let mut times = [0; 40];
        for seed in 0..2000 {
            let holdout = hold_out(&bands, &keys, 0.1, seed);
            times.iter_mut().zip(&holdout.is_held).for_each(|(times, &held)| *times += usize::from(held));
        }
        // Four standard errors of a tenth of 2000 are 54.
        assert!(times.iter().all(|&times| times.abs_diff(200) < 54), "{times:?}");
        assert!(!hold_out(&[], &[], 0.1, 1).is_held.iter().any(|&held| held));
    }
}
