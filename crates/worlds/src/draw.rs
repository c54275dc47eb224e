//! Random draws. Every group, mentor and student has a generator of its own, keyed by the seed and its index, so that
//! neither the order of work nor the number of threads changes what is drawn.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Exp1, StandardNormal};

/// What a generator belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    Mentor = 1,
    Group = 2,
    Student = 3,
    Subscriber = 4,
    Campaign = 5,
}

/// The generator of the `index`-th thing of its kind.
pub(crate) fn generator(seed: u64, stream: Stream, index: u32) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8] = stream as u8;
    key[16..20].copy_from_slice(&index.to_le_bytes());
    ChaCha8Rng::from_seed(key)
}

/// True with this probability; a probability above 1 is certain.
pub(crate) fn chance(rng: &mut ChaCha8Rng, probability: f64) -> bool {
    rng.random::<f64>() < probability
}

/// A standard normal number.
pub(crate) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    rng.sample(StandardNormal)
}

/// A waiting time with this mean.
pub(crate) fn waiting(rng: &mut ChaCha8Rng, mean: f64) -> f64 {
    mean * rng.sample::<f64, _>(Exp1)
}

/// One of the choices, by weight.
pub(crate) fn pick<T: Copy>(rng: &mut ChaCha8Rng, choices: &[(T, f64)]) -> T {
    let mut left = rng.random::<f64>() * choices.iter().map(|(_, weight)| weight).sum::<f64>();
    for &(choice, weight) in choices {
        left -= weight;
        if left < 0.0 {
            return choice;
        }
    }
    choices[choices.len() - 1].0
}

/// From log-odds to a probability.
pub(crate) fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_and_kinds_draw_apart() {
        let first = |seed, stream, index| generator(seed, stream, index).random::<u64>();
        let drawn = [
            first(1, Stream::Student, 0),
            first(1, Stream::Student, 1),
            first(1, Stream::Group, 0),
            first(2, Stream::Student, 0),
        ];
        for (i, a) in drawn.iter().enumerate() {
            assert!(drawn[..i].iter().all(|b| a != b));
        }
        assert_eq!(drawn[0], first(1, Stream::Student, 0));
    }

    #[test]
    fn picks_follow_the_weights() {
        let mut rng = generator(1, Stream::Group, 0);
        let heavy = (0..10_000).filter(|_| pick(&mut rng, &[(0, 1.0), (1, 3.0)]) == 1).count();
        assert!((7_300..7_700).contains(&heavy), "{heavy}");
    }
}
