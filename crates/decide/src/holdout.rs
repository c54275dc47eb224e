//! The holdout: a few of those for whom something would be done get nothing, by chance, so that it can be seen what
//! happens then.
//!
//! A subject's own draw of a period decides, so that its propensity to be held out is the share, however many others there
//! are, and who is held out today is not called tomorrow.

use crate::draws::uniform;

/// What these draws are for.
const PURPOSE: u64 = 0x48_4f4c_444f_5554;

/// Whether the subject of a key is in the holdout of a period, with a probability of `share`.
pub fn is_held_out(key: u64, share: f64, period: u64) -> bool {
    uniform(period, key, PURPOSE) < share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_is_held_as_often_as_the_share_says() {
        for key in 0..40 {
            let times = (0..2000).filter(|&period| is_held_out(key, 0.1, period)).count();
            // Four standard errors of a tenth of 2000 are 54.
            assert!(times.abs_diff(200) < 54, "{key}: {times}");
            assert!(!is_held_out(key, 0.0, key) && is_held_out(key, 1.0, key));
        }
    }
}
