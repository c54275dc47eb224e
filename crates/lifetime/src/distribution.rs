//! How many purchases a client makes in a horizon, given its history.
//!
//! Given that it is still there, its rate is `Gamma(r+x, alpha+T)` and its chance of stopping `Beta(a, b+x)`, independent. So
//! without stopping, purchases in `t` would be negative binomial, `N`; it makes at least `k` where `N >= k` and none of the
//! first `k-1` was its last:
//!
//! `P(X >= k) = P(alive) P(N >= k) B(a, b+x+k-1) / B(a, b+x)`
//!
//! Summed over `k` that is the expectation of Fader, Hardie and Lee (2005), equation 10, without its Gauss hypergeometric
//! function and without its pole at `a = 1`; and it gives the whole distribution.

use crate::{BgNbd, History};

/// Chances below this are rounding.
const NOTHING: f64 = 1e-13;
/// Purchases beyond this in one horizon are not counted one by one.
const MOST: usize = 1_000_000;
/// Below this logarithm a chance is no number any more.
const LOG_TINY: f64 = -600.0;

/// Purchases of a client in a horizon.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Purchases {
    /// Probability of at least `k + 1` purchases, from the largest down; without those that are rounding.
    pub at_least: Vec<f64>,
    /// The expected number.
    pub expected: f64,
    /// The variance of the number, the parameters being known.
    pub variance: f64,
}

impl BgNbd {
    /// Purchases of a client within `time` after the end of observation.
    pub fn purchases(&self, history: &History, time: f64) -> Purchases {
        let mut purchases = Purchases::default();
        self.count(history, time, |chance| purchases.at_least.push(chance));
        let (mut expected, mut square) = (0.0, 0.0);
        for (k, chance) in purchases.at_least.iter().enumerate() {
            expected += chance;
            square += (2 * k + 1) as f64 * chance;
        }
        (purchases.expected, purchases.variance) = (expected, (square - expected * expected).max(0.0));
        purchases
    }

    /// The expected number of purchases of a client within `time` after the end of observation.
    pub fn expected(&self, history: &History, time: f64) -> f64 {
        let mut sum = 0.0;
        self.count(history, time, |chance| sum += chance);
        sum
    }

    /// The share of its purchases' worth that is left of a client after discounting at the continuous rate `rate` a unit of
    /// time: `(e^(-rate t) E(t) + rate * integral of e^(-rate s) E(s) over 0..t) / E(t)`, by Gauss and Legendre's eight points.
    pub fn discounted_share(&self, history: &History, time: f64, rate: f64) -> f64 {
        const POINTS: [(f64, f64); 4] = [
            (0.183_434_642_495_649_8, 0.362_683_783_378_362),
            (0.525_532_409_916_329, 0.313_706_645_877_887_3),
            (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
            (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
        ];
        let whole = self.expected(history, time);
        if rate == 0.0 || whole <= 0.0 {
            return 1.0;
        }
        let mut integral = 0.0;
        for (point, weight) in POINTS {
            for side in [-point, point] {
                let at = 0.5 * time * (1.0 + side);
                integral += 0.5 * time * weight * (-rate * at).exp() * self.expected(history, at);
            }
        }
        (-rate * time).exp() + rate * integral / whole
    }

    /// Calls `see` with the chance of at least one purchase, of at least two, and so on.
    fn count(&self, history: &History, time: f64, mut see: impl FnMut(f64)) {
        if time <= 0.0 {
            return;
        }
        let x = f64::from(history.repeats);
        let (shape, end) = (self.r + x, self.alpha + history.age);
        let (stay, share) = (self.b + x, time / (end + time));
        let mut still = self.probability_alive(history);
        let mut log_chance = shape * (end / (end + time)).ln();
        let is_tiny = log_chance < LOG_TINY;
        // P(N = k - 1), and P(N < k).
        let mut chance = log_chance.exp();
        let mut below = chance;
        for k in 1..=MOST {
            let at_least = 1.0 - below;
            let known = still * at_least;
            if at_least < NOTHING || known < NOTHING {
                return;
            }
            see(known);
            let before = (k - 1) as f64;
            still *= (stay + before) / (self.a + stay + before);
            let step = (shape + before) / k as f64 * share;
            if is_tiny {
                log_chance += step.ln();
                chance = log_chance.exp();
            } else {
                chance *= step;
            }
            below += chance;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CDNOW: BgNbd = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

    /// Gauss's hypergeometric function by its series, for the closed form.
    fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
        let (mut term, mut sum) = (1.0, 1.0);
        for k in 0..100_000 {
            let k = f64::from(k);
            term *= (a + k) * (b + k) / ((c + k) * (k + 1.0)) * z;
            sum += term;
            if term.abs() < 1e-16 * f64::abs(sum) {
                break;
            }
        }
        sum
    }

    /// Equation 10 of the paper.
    fn closed_form(model: &BgNbd, history: &History, time: f64) -> f64 {
        let BgNbd { r, alpha, a, b } = *model;
        let (x, end) = (f64::from(history.repeats), alpha + history.age);
        let f = hypergeometric(r + x, b + x, a + b + x - 1.0, time / (end + time));
        let first = (a + b + x - 1.0) / (a - 1.0) * (1.0 - (end / (end + time)).powf(r + x) * f);
        first * model.probability_alive(history)
    }

    #[test]
    fn the_published_client_makes_1_226_purchases() {
        // The authors' spreadsheet: x = 2, t_x = 30.43, T = 38.86, the next 39 weeks.
        let history = History { repeats: 2, recency: 30.43, age: 38.86 };
        assert!((CDNOW.expected(&history, 39.0) - 1.226).abs() < 5e-4, "{}", CDNOW.expected(&history, 39.0));
    }

    #[test]
    fn the_sum_is_the_closed_form() {
        for (repeats, recency, age, time) in
            [(0, 0.0, 38.0, 39.0), (2, 30.43, 38.86, 39.0), (26, 30.0, 39.0, 10.0), (1, 0.14, 39.0, 200.0)]
        {
            let history = History { repeats, recency, age };
            let (sum, closed) = (CDNOW.expected(&history, time), closed_form(&CDNOW, &history, time));
            assert!((sum - closed).abs() < 1e-9 * closed.max(1.0), "{history:?}: {sum} {closed}");
            let purchases = CDNOW.purchases(&history, time);
            assert!((purchases.expected - sum).abs() < 1e-12 && purchases.variance > 0.0);
        }
        // Where the closed form has its pole the sum has a value between its neighbours'.
        let history = History { repeats: 2, recency: 30.0, age: 39.0 };
        let at = |a: f64| BgNbd { a, ..CDNOW }.expected(&history, 39.0);
        assert!(at(0.99) > at(1.0) && at(1.0) > at(1.01));
    }

    #[test]
    fn thousands_of_purchases_do_not_vanish() {
        let history = History { repeats: 8000, recency: 103.9, age: 104.0 };
        let loyal = BgNbd { r: 2.0, alpha: 0.1, a: 1e-6, b: 1.0 };
        let expected = loyal.expected(&history, 52.0);
        assert!((expected - 8002.0 / 104.1 * 52.0).abs() < 1.0, "{expected}");
    }

    #[test]
    fn discounting_takes_about_what_half_the_horizon_costs() {
        let history = History { repeats: 10, recency: 38.0, age: 39.0 };
        let share = CDNOW.discounted_share(&history, 52.0, 0.1 / 52.0);
        assert!(share > (-0.1_f64 * 0.5).exp() && share < 1.0, "{share}");
        assert_eq!(CDNOW.discounted_share(&history, 52.0, 0.0), 1.0);
        // By small steps.
        let rate = 0.5 / 52.0;
        let (mut worth, mut before) = (0.0, 0.0);
        for step in 1..=5200 {
            let at = f64::from(step) / 100.0;
            let so_far = CDNOW.expected(&history, at);
            worth += (so_far - before) * (-rate * (at - 0.005)).exp();
            before = so_far;
        }
        let share = CDNOW.discounted_share(&history, 52.0, rate);
        assert!((share - worth / before).abs() < 1e-5, "{share} {}", worth / before);
    }
}
