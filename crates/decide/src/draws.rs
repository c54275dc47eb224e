//! Chance that is the same every time: uniform numbers from a seed and what they are for.

use statrs::distribution::{ContinuousCDF, Normal};

/// A number in (0, 1) for a seed, a subject and a purpose; any other of the three gives another, unrelated number.
///
/// The mixing is that of splitmix64 (Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators).
pub(crate) fn uniform(seed: u64, key: u64, purpose: u64) -> f64 {
    let mixed = mix(mix(mix(seed) ^ key) ^ purpose);
    // The upper 53 bits and a half, so that neither end is reached.
    ((mixed >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// A standard normal number of the same kind.
pub(crate) fn normal(seed: u64, key: u64, purpose: u64) -> f64 {
    Normal::standard().inverse_cdf(uniform(seed, key, purpose))
}

fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_even_and_unrelated() {
        let drawn: Vec<f64> = (0..20_000).map(|key| uniform(7, key, 1)).collect();
        let mean = drawn.iter().sum::<f64>() / 20_000.0;
        let pairs: f64 = drawn.windows(2).map(|pair| (pair[0] - 0.5) * (pair[1] - 0.5)).sum::<f64>() / 20_000.0;
        assert!((mean - 0.5).abs() < 0.01 && pairs.abs() < 0.003, "{mean} {pairs}");
        assert!(uniform(7, 3, 1) != uniform(7, 3, 2) && uniform(7, 3, 1) != uniform(8, 3, 1));
        assert_eq!(uniform(7, 3, 1), uniform(7, 3, 1));
    }
}
