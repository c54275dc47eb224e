//! What a client is worth in a horizon: purchases times amounts, with the range in which nine of ten such clients end.

use rayon::prelude::*;

use crate::{BgNbd, GammaGamma, History, Purchases, Spend, SpendPosterior};

/// Numbers of purchases that a client's range is computed from; more are merged into bins of equal probability.
const MOST_COUNTS: usize = 64;
/// Numbers of purchases that are rarer than this change no end of a range.
const RARE: f64 = 1e-5;
/// Steps that find a quantile, at most.
const MOST_STEPS: usize = 60;
/// A quantile is found to this share of itself.
const EXACT: f64 = 1e-4;

/// A client to value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Client {
    /// When it bought.
    pub history: History,
    /// What it spent.
    pub spend: Spend,
}

/// What to value it by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// How far ahead, in the histories' unit of time.
    pub horizon: f64,
    /// Continuous rate of discount a unit of time; 0 for none.
    pub discount: f64,
    /// The share of such clients that the range holds, 0 to 1.
    pub level: f64,
}

/// What a client is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// Expected purchases.
    pub purchases: f64,
    /// Expected value, discounted.
    pub value: f64,
    /// The range that holds so many of such clients, the parameters taken as known; each end discounted as the mean is.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Probability that it is still a client.
    pub probability_alive: f64,
}

/// Values each client, in the order given.
pub fn value(purchases: &BgNbd, amounts: &GammaGamma, clients: &[Client], settings: &Settings) -> Vec<Value> {
    clients.par_iter().map(|client| value_of(purchases, amounts, client, settings)).collect()
}

fn value_of(purchases: &BgNbd, amounts: &GammaGamma, client: &Client, settings: &Settings) -> Value {
    let count = purchases.purchases(&client.history, settings.horizon);
    let spending = amounts.posterior(&client.spend);
    let share = purchases.discounted_share(&client.history, settings.horizon, settings.discount);
    let tail = 0.5 * (1.0 - settings.level);
    let mixture = merged(&count);
    let none = 1.0 - count.at_least.first().copied().unwrap_or(0.0);
    let end = |probability: f64| share * quantile(&mixture, none, &spending, probability);
    Value {
        purchases: count.expected,
        value: share * count.expected * spending.mean(),
        low: end(tail),
        high: end(1.0 - tail),
        probability_alive: purchases.probability_alive(&client.history),
    }
}

/// Numbers of purchases above 0 with their probabilities; rare ones count as the last that is not, very many are merged.
fn merged(count: &Purchases) -> Vec<(f64, f64)> {
    let all = count.at_least.partition_point(|&chance| chance > RARE).max(1).min(count.at_least.len());
    let next = |k: usize| if k + 1 < all { count.at_least[k + 1] } else { 0.0 };
    let exactly = |k: usize| count.at_least[k] - next(k);
    if all <= MOST_COUNTS {
        return (0..all).map(|k| ((k + 1) as f64, exactly(k))).collect();
    }
    let each = count.at_least[0] / MOST_COUNTS as f64;
    let (mut merged, mut weight, mut sum) = (Vec::with_capacity(MOST_COUNTS + 1), 0.0, 0.0);
    for k in 0..all {
        weight += exactly(k);
        sum += exactly(k) * (k + 1) as f64;
        if weight >= each || k + 1 == all {
            if weight > 0.0 {
                merged.push((sum / weight, weight));
            }
            (weight, sum) = (0.0, 0.0);
        }
    }
    merged
}

/// The amount that is not exceeded with `probability`, by the Illinois method (Dowell and Jarratt 1971) on logarithms.
fn quantile(counts: &[(f64, f64)], none: f64, spending: &SpendPosterior, probability: f64) -> f64 {
    if none >= probability {
        return 0.0;
    }
    // How far the chance to spend at most this is from the one asked for.
    let off = |logarithm: f64| {
        let amount = logarithm.exp();
        none - probability + counts.iter().map(|&(count, chance)| chance * spending.at_most(count, amount)).sum::<f64>()
    };
    let start = spending.mean().ln();
    let (mut low, mut high) = (start, start);
    let (mut below, mut above) = (off(start), off(start));
    while below > 0.0 && low > start - 200.0 {
        (high, above) = (low, below);
        low -= 1.0;
        below = off(low);
    }
    while above < 0.0 && high < start + 200.0 {
        (low, below) = (high, above);
        high += 1.0;
        above = off(high);
    }
    let mut last_side = 0;
    for _ in 0..MOST_STEPS {
        if high - low < EXACT || below == above {
            break;
        }
        // Never nearer to an end than a twentieth of the way, so that both ends move.
        let share = (below / (below - above)).clamp(0.05, 0.95);
        let middle = low + share * (high - low);
        let found = off(middle);
        if found < 0.0 {
            (low, below) = (middle, found);
            above *= if last_side == -1 { 0.5 } else { 1.0 };
            last_side = -1;
        } else {
            (high, above) = (middle, found);
            below *= if last_side == 1 { 0.5 } else { 1.0 };
            last_side = 1;
        }
        if found.abs() < 1e-7 {
            return middle.exp();
        }
    }
    (0.5 * (low + high)).exp()
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Beta, Distribution, Gamma, Poisson};

    use super::*;

    const BUY: BgNbd = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    const SPEND: GammaGamma = GammaGamma { p: 6.25, q: 3.74, gamma: 15.44 };
    const SETTINGS: Settings = Settings { horizon: 39.0, discount: 0.0, level: 0.9 };

    fn client(repeats: u32, recency: f64, mean: f64) -> Client {
        Client { history: History { repeats, recency, age: 38.86 }, spend: Spend { purchases: repeats, mean } }
    }

    /// Draws what is known of a client and then its future, as the models say.
    fn drawn(client: &Client, draws: usize) -> Vec<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let (x, end) = (f64::from(client.history.repeats), BUY.alpha + client.history.age);
        let rate = Gamma::new(BUY.r + x, 1.0 / end).expect("above 0");
        let stop = Beta::new(BUY.a, BUY.b + x).expect("above 0");
        let nu = Gamma::new(SPEND.q + SPEND.p * x, 1.0 / (SPEND.gamma + x * client.spend.mean)).expect("above 0");
        let alive = BUY.probability_alive(&client.history);
        let mut spent = Vec::with_capacity(draws);
        for _ in 0..draws {
            let (mut count, mut sum) = (0, 0.0);
            if rng.random::<f64>() < alive {
                let stops: f64 = stop.sample(&mut rng);
                let would = Poisson::new(rate.sample(&mut rng) * 39.0).expect("above 0").sample(&mut rng) as u32;
                while count < would {
                    count += 1;
                    if rng.random::<f64>() < stops {
                        break;
                    }
                }
            }
            let nu: f64 = nu.sample(&mut rng);
            for _ in 0..count {
                sum += Gamma::new(SPEND.p, 1.0 / nu).expect("above 0").sample(&mut rng);
            }
            spent.push(sum);
        }
        spent.sort_unstable_by(f64::total_cmp);
        spent
    }

    #[test]
    fn the_mean_and_the_range_are_those_of_simulated_futures() {
        for client in [client(2, 30.43, 30.0), client(12, 38.0, 55.0)] {
            let value = value(&BUY, &SPEND, &[client], &SETTINGS)[0];
            let draws = drawn(&client, 100_000);
            let mean = draws.iter().sum::<f64>() / draws.len() as f64;
            assert!((mean / value.value - 1.0).abs() < 0.02, "{value:?} {mean}");
            let at = |share: f64| draws[(share * draws.len() as f64) as usize];
            assert!((value.low - at(0.05)).abs() <= 0.03 * at(0.5).max(10.0), "{value:?} {}", at(0.05));
            assert!((value.high / at(0.95) - 1.0).abs() < 0.02, "{value:?} {}", at(0.95));
        }
    }

    #[test]
    fn a_very_busy_client_has_a_narrow_range_about_its_mean() {
        let history = History { repeats: 8000, recency: 38.8, age: 38.86 };
        let busy = Client { history, spend: Spend { purchases: 8000, mean: 20.0 } };
        let loyal = BgNbd { a: 1e-7, ..BUY };
        let value = value(&loyal, &SPEND, &[busy], &SETTINGS)[0];
        assert!(value.low < value.value && value.value < value.high && value.high / value.low < 1.2, "{value:?}");
    }

    #[test]
    fn a_discount_lowers_all_alike() {
        let undiscounted = value(&BUY, &SPEND, &[client(5, 35.0, 30.0)], &SETTINGS)[0];
        let settings = Settings { discount: 0.2 / 52.0, ..SETTINGS };
        let discounted = value(&BUY, &SPEND, &[client(5, 35.0, 30.0)], &settings)[0];
        let share = discounted.value / undiscounted.value;
        assert!(share < 1.0 && share > 0.85 && (discounted.high / undiscounted.high - share).abs() < 1e-9);
        assert_eq!(discounted.purchases, undiscounted.purchases);
    }
}
