//! What another way to decide would have been worth, from a log in which chance had a say.
//!
//! **Estimand.** The mean reward if every logged subject had been decided about by a policy `pi`.
//!
//! **Formulas.** With `w = pi(a | x) / propensity` for what was done, reward `r`, and a model `q(x, a)` of the reward
//! (Dudik, Langford and Li 2011, Doubly robust policy evaluation and learning, ICML; Dudik, Erhan, Langford and Li 2014,
//! Statistical Science 29; Swaminathan and Joachims 2015 for the second):
//!
//! ```text
//! IPS   = mean of w r
//! SNIPS = sum of w r / sum of w
//! DR    = mean of sum_a pi(a | x) q(x, a) + w (r - q(x, a_logged))
//! ESS   = (sum of w)^2 / sum of w^2
//! ```
//!
//! Intervals are central 90% ones of a normal distribution; the error of a mean for IPS and DR, of a ratio (delta method)
//! for SNIPS.
//!
//! **Assumptions.** Whatever `pi` might do had a chance to be done, with the propensity that is stated, and subjects do not
//! matter to each other. `q` may be wrong: then DR is only less exact.

/// Half the width of a 90% interval, in standard errors.
const HALF_WIDTH: f64 = 1.644_853_626_951_472_2;

/// One logged decision as a policy sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logged {
    /// What came of it.
    pub reward: f64,
    /// The probability with which what was done was going to be done: above 0.
    pub propensity: f64,
    /// The probability with which the policy would have done the same.
    pub policy: f64,
    /// The model's reward of what was done.
    pub model: f64,
    /// The model's mean reward of what the policy would do.
    pub model_of_policy: f64,
}

/// A value with its 90% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
}

/// What a policy would have been worth, by three estimators.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// By inverse propensities.
    pub ips: Estimate,
    /// The same, self-normalised.
    pub snips: Estimate,
    /// Doubly robust.
    pub dr: Estimate,
    /// How many cases the log is worth for this policy.
    pub effective_cases: f64,
}

/// The value of a policy; nothing where no logged case is what it would have done.
pub fn value(log: &[Logged]) -> Option<Value> {
    let n = log.len() as f64;
    let weights: Vec<f64> = log.iter().map(|case| case.policy / case.propensity).collect();
    let sum: f64 = weights.iter().sum();
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    // Written so that NaN is nothing too.
    if !(squares > 0.0 && squares.is_finite()) {
        return None;
    }
    let weighed = || log.iter().zip(&weights);
    let ips: Vec<f64> = weighed().map(|(case, weight)| weight * case.reward).collect();
    let dr: Vec<f64> =
        weighed().map(|(case, weight)| case.model_of_policy + weight * (case.reward - case.model)).collect();
    let ratio = ips.iter().sum::<f64>() / sum;
    let residuals: f64 = weighed().map(|(case, weight)| (weight * (case.reward - ratio)).powi(2)).sum();
    Some(Value {
        ips: of_mean(&ips),
        snips: around(ratio, (residuals * n / (n - 1.0).max(1.0)).sqrt() / sum),
        dr: of_mean(&dr),
        effective_cases: sum * sum / squares,
    })
}

fn of_mean(values: &[f64]) -> Estimate {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    around(mean, (squares / (n - 1.0).max(1.0) / n).sqrt())
}

fn around(value: f64, error: f64) -> Estimate {
    Estimate { value, low: value - HALF_WIDTH * error, high: value + HALF_WIDTH * error }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn formulas_give_what_is_worked_out_by_hand() {
        let case = |reward, propensity, policy| Logged { reward, propensity, policy, model: 0.5, model_of_policy: 0.6 };
        let value = value(&[case(1.0, 0.5, 1.0), case(0.0, 0.25, 1.0), case(1.0, 0.5, 0.0)]).expect("two match");
        // Weights 2, 4, 0.
        assert!((value.ips.value - 2.0 / 3.0).abs() < 1e-12);
        assert!((value.snips.value - 2.0 / 6.0).abs() < 1e-12);
        assert!((value.dr.value - (0.6 + (2.0 * 0.5 - 4.0 * 0.5) / 3.0)).abs() < 1e-12);
        assert!((value.effective_cases - 36.0 / 20.0).abs() < 1e-12);
        assert_eq!(super::value(&[case(1.0, 0.5, 0.0)]), None);
        assert_eq!(super::value(&[]), None);
    }

    #[test]
    fn nine_intervals_in_ten_hold_the_truth_and_a_model_makes_them_narrow() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let (mut held, mut widths) = ([0; 3], [0.0; 3]);
        let runs = 500;
        for _ in 0..runs {
            // The reward is a coin of probability x or, with the action, of x + 0.2; the policy acts where x is above 0.4.
            let mut log = Vec::new();
            for _ in 0..400 {
                let x: f64 = rng.random_range(0.0..0.8);
                let acts = 0.2 + 0.6 * x;
                let done = rng.random_bool(acts);
                let chance = |done: bool| x + if done { 0.2 } else { 0.0 };
                let would = x > 0.4;
                log.push(Logged {
                    reward: f64::from(u8::from(rng.random_bool(chance(done)))),
                    propensity: if done { acts } else { 1.0 - acts },
                    policy: f64::from(u8::from(done == would)),
                    model: chance(done),
                    model_of_policy: chance(would),
                });
            }
            let value = value(&log).expect("some match");
            for (k, estimate) in [value.ips, value.snips, value.dr].into_iter().enumerate() {
                held[k] += usize::from((estimate.low..=estimate.high).contains(&0.5));
                widths[k] += estimate.high - estimate.low;
            }
        }
        for held in held {
            // Three standard errors of a 90% share of 500 are 4%.
            assert!((held as f64 / runs as f64 - 0.9).abs() < 0.04, "{held}");
        }
        assert!(widths[2] < widths[1] && widths[1] < widths[0], "{widths:?}");
    }
}
