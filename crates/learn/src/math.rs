//! Small numeric helpers shared by the learners.

/// Logistic function, `1 / (1 + exp(-margin))`.
pub(crate) fn sigmoid(margin: f64) -> f64 {
    if margin >= 0.0 {
        1.0 / (1.0 + (-margin).exp())
    } else {
        let e = margin.exp();
        e / (1.0 + e)
    }
}

/// Log-odds of a probability kept away from 0 and 1.
pub(crate) fn logit(probability: f64) -> f64 {
    let p = probability.clamp(1e-9, 1.0 - 1e-9);
    (p / (1.0 - p)).ln()
}

/// Log-loss of a margin, `ln(1 + exp(margin)) - label * margin`, without overflow.
pub(crate) fn margin_loss(margin: f64, label: bool) -> f64 {
    let signed = if label { -margin } else { margin };
    signed.max(0.0) + (-signed.abs()).exp().ln_1p()
}

/// A well-mixed 64-bit hash of two numbers (SplitMix64's finaliser, Steele et al. 2014).
///
/// Sampling by hash needs no shared state: the same row gets the same answer on any thread.
pub fn mix(seed: u64, value: u64) -> u64 {
    let mut z = seed ^ value.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Whether a hash falls into the first `share` of all hashes.
pub(crate) fn falls_into(hash: u64, share: f64) -> bool {
    ((hash >> 11) as f64) < share * (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_do_not_overflow() {
        assert_eq!(sigmoid(-1e4), 0.0);
        assert_eq!(sigmoid(1e4), 1.0);
        assert_eq!(margin_loss(1e4, false), 1e4);
        assert_eq!(margin_loss(1e4, true), 0.0);
        assert!((logit(sigmoid(1.5)) - 1.5).abs() < 1e-12);
    }

    #[test]
    fn a_share_of_hashes_is_that_share() {
        let kept = (0..100_000).filter(|&i| falls_into(mix(7, i), 0.3)).count();
        assert!((29_500..30_500).contains(&kept), "{kept}");
    }
}
