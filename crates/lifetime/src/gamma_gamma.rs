//! Gamma-Gamma: what a client spends on one purchase.
//!
//! Amounts of a client are `Gamma(p, nu)` about its own mean, and `nu` varies over clients as `Gamma(q, gamma)`. Likelihood of
//! `x` amounts with the mean `m`, up to what no parameter changes:
//!
//! `G(px+q) / (G(px) G(q)) gamma^q m^(px-1) x^(px) / (gamma + m x)^(px+q)`
//!
//! It assumes that what a client spends has nothing to do with how often it buys ([`correlation`] tells), and `q > 1`, without which no mean exists. Source: Fader and Hardie (2013), The Gamma-Gamma
//! Model of Monetary Value, brucehardie.com/notes/025.

use rayon::prelude::*;
use statrs::function::beta::beta_reg;
use statrs::function::gamma::{digamma, ln_gamma};

use crate::FitError;
use crate::fit::{Fit, Likelihood, fit};

/// Clients with amounts, fewer of whom tell nothing about three parameters.
const LEAST_CLIENTS: u64 = 10;
/// Clients that the starts are compared on.
const SAMPLE: usize = 20_000;
/// Clients that one thread sums at a time.
const CHUNK: usize = 4096;

/// Amounts of a client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spend {
    /// How many.
    pub purchases: u32,
    /// Their mean.
    pub mean: f64,
}

/// The parameters; `gamma` is an amount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaGamma {
    /// Shape of amounts about the client's mean: the larger, the more alike they are.
    pub p: f64,
    /// Shape of the clients.
    pub q: f64,
    /// Scale of the clients.
    pub gamma: f64,
}

/// What is known of a client's spending.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpendPosterior {
    p: f64,
    /// Shape and rate of what is known of `nu`.
    shape: f64,
    rate: f64,
}

impl GammaGamma {
    /// Maximum likelihood over clients with at least one amount.
    ///
    /// # Errors
    ///
    /// Fewer than ten clients, an amount that is not above 0, or a likelihood that is not finite.
    pub fn fit(spends: &[Spend]) -> Result<Fit<Self, 3>, FitError> {
        for (index, spend) in spends.iter().enumerate() {
            if spend.purchases > 0 && !(spend.mean.is_finite() && spend.mean > 0.0) {
                return Err(FitError::Impossible { index, problem: "the mean amount must be above 0" });
            }
        }
        let mut known: Vec<Spend> = spends.iter().copied().filter(|spend| spend.purchases > 0).collect();
        let found = known.len() as u64;
        if found < LEAST_CLIENTS {
            return Err(FitError::TooFewAmounts { found, needed: LEAST_CLIENTS });
        }
        known.sort_unstable_by(|a, b| a.purchases.cmp(&b.purchases).then(a.mean.total_cmp(&b.mean)));
        // Searched where the average amount is 1, so that starts do not depend on the currency.
        let scale = known.iter().map(|spend| spend.mean).sum::<f64>() / found as f64;
        let all = Rows::new(known.iter().copied(), scale);
        let sample = Rows::new(known.iter().copied().step_by(known.len().div_ceil(SAMPLE)), scale);
        let starts = [[1.0, 1.0, 1.0], [5.0, 3.0, 0.6], [0.5, 5.0, 8.0]];
        fit(
            &all,
            &sample,
            &starts.map(|start| start.map(f64::ln)),
            ["p", "q", "gamma"],
            |at| {
                let [p, q_less_1, gamma] = at.map(f64::exp);
                [(p, p), (1.0 + q_less_1, q_less_1), (gamma * scale, gamma * scale)]
            },
            |at| {
                let [p, q_less_1, gamma] = at.map(f64::exp);
                Self { p, q: 1.0 + q_less_1, gamma: gamma * scale }
            },
        )
    }

    /// The model with one logarithm, in the order of the fit's covariance, moved by `by`.
    pub(crate) fn moved(&self, index: usize, by: f64) -> Self {
        let mut there = *self;
        match index {
            0 => there.p *= by.exp(),
            1 => there.q = 1.0 + (self.q - 1.0) * by.exp(),
            _ => there.gamma *= by.exp(),
        }
        there
    }

    /// What is known of a client's spending; of one without amounts, what is known of all.
    pub fn posterior(&self, spend: &Spend) -> SpendPosterior {
        let x = f64::from(spend.purchases);
        let sum = if spend.purchases > 0 { x * spend.mean } else { 0.0 };
        SpendPosterior { p: self.p, shape: self.q + self.p * x, rate: self.gamma + sum }
    }
}

impl SpendPosterior {
    /// The expected amount of a purchase, `p (gamma + m x) / (p x + q - 1)`.
    pub fn mean(&self) -> f64 {
        self.p * self.rate / (self.shape - 1.0)
    }

    /// Variance of the client's own mean, the parameters being known; infinite where the shape is at most 2.
    pub fn variance_of_mean(&self) -> f64 {
        if self.shape <= 2.0 {
            return f64::INFINITY;
        }
        (self.p * self.rate / (self.shape - 1.0)).powi(2) / (self.shape - 2.0)
    }

    /// Variance of a single amount about the client's own mean, averaged over what is known of it.
    pub fn variance_within(&self) -> f64 {
        if self.shape <= 2.0 {
            return f64::INFINITY;
        }
        self.p * self.rate * self.rate / ((self.shape - 1.0) * (self.shape - 2.0))
    }

    /// Probability that `purchases` of them cost at most `amount` together: given `nu` the sum is `Gamma(pk, nu)`, so that
    /// the sum over `rate` is beta prime with `pk` and `shape`.
    pub fn at_most(&self, purchases: f64, amount: f64) -> f64 {
        if amount <= 0.0 {
            return 0.0;
        }
        beta_reg(self.p * purchases, self.shape, amount / (amount + self.rate))
    }
}

/// The correlation of how often clients with amounts bought and the logarithm of what they spent; nothing where one is
/// constant.
pub fn correlation(spends: &[Spend]) -> Option<f64> {
    let known: Vec<(f64, f64)> = spends
        .iter()
        .filter(|spend| spend.purchases > 0 && spend.mean > 0.0)
        .map(|spend| (f64::from(spend.purchases), spend.mean.ln()))
        .collect();
    let n = known.len() as f64;
    let (mean_x, mean_y) = (known.iter().map(|k| k.0).sum::<f64>() / n, known.iter().map(|k| k.1).sum::<f64>() / n);
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in known {
        xy += (x - mean_x) * (y - mean_y);
        xx += (x - mean_x).powi(2);
        yy += (y - mean_y).powi(2);
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

/// Clients as the likelihood reads them, by the number of purchases.
struct Rows {
    /// The place of the purchases in `purchases`, the mean, its logarithm.
    rows: Vec<(u32, f64, f64)>,
    purchases: Vec<f64>,
}

impl Rows {
    fn new(spends: impl Iterator<Item = Spend>, scale: f64) -> Self {
        let mut purchases: Vec<f64> = Vec::new();
        let mut rows = Vec::new();
        for spend in spends {
            let x = f64::from(spend.purchases);
            if purchases.last() != Some(&x) {
                purchases.push(x);
            }
            let mean = spend.mean / scale;
            rows.push(((purchases.len() - 1) as u32, mean, mean.ln()));
        }
        Self { rows, purchases }
    }
}

impl Likelihood<3> for Rows {
    fn at(&self, logarithms: &[f64; 3]) -> (f64, [f64; 3]) {
        let [p, q_less_1, gamma] = logarithms.map(f64::exp);
        let q = 1.0 + q_less_1;
        let by_purchases: Vec<[f64; 3]> = self
            .purchases
            .iter()
            .map(|&x| {
                let value = ln_gamma(p * x + q) - ln_gamma(p * x) - ln_gamma(q) + q * gamma.ln() + p * x * x.ln();
                let by_p = x * (digamma(p * x + q) - digamma(p * x) + x.ln());
                [value, by_p, digamma(p * x + q) - digamma(q) + gamma.ln()]
            })
            .collect();
        let chunks: Vec<[f64; 4]> = self
            .rows
            .par_chunks(CHUNK)
            .map(|rows| {
                let mut sums = [0.0; 4];
                for &(place, mean, ln_mean) in rows {
                    let (x, common) = (self.purchases[place as usize], &by_purchases[place as usize]);
                    let whole = gamma + mean * x;
                    let ln_whole = whole.ln();
                    sums[0] += common[0] + (p * x - 1.0) * ln_mean - (p * x + q) * ln_whole;
                    sums[1] += common[1] + x * (ln_mean - ln_whole);
                    sums[2] += common[2] - ln_whole;
                    sums[3] += q / gamma - (p * x + q) / whole;
                }
                sums
            })
            .collect();
        let mut sums = [0.0; 4];
        for chunk in chunks {
            for (sum, part) in sums.iter_mut().zip(chunk) {
                *sum += part;
            }
        }
        (sums[0], [sums[1] * p, sums[2] * q_less_1, sums[3] * gamma])
    }

    fn rows(&self) -> u64 {
        self.rows.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, Gamma};

    use super::*;

    const CDNOW: GammaGamma = GammaGamma { p: 6.25, q: 3.74, gamma: 15.44 };

    fn simulated(model: &GammaGamma, clients: usize) -> Vec<Spend> {
        let mut rng = ChaCha8Rng::seed_from_u64(11);
        let rates = Gamma::new(model.q, 1.0 / model.gamma).expect("above 0");
        let mut spends = Vec::new();
        for _ in 0..clients {
            let purchases = rng.random_range(1..12_u32);
            let rate: f64 = rates.sample(&mut rng);
            let amounts = Gamma::new(model.p * f64::from(purchases), 1.0 / rate).expect("above 0");
            spends.push(Spend { purchases, mean: amounts.sample(&mut rng) / f64::from(purchases) });
        }
        spends
    }

    #[test]
    fn known_parameters_are_found_within_their_errors_in_any_currency() {
        for scale in [1.0, 1e6] {
            let truth = GammaGamma { gamma: CDNOW.gamma * scale, ..CDNOW };
            let found = GammaGamma::fit(&simulated(&truth, 5000)).expect("enough");
            assert!(found.has_converged, "{found:?}");
            for (parameter, truth) in found.parameters.iter().zip([truth.p, truth.q, truth.gamma]) {
                let error = parameter.standard_error.expect("a peak");
                assert!((parameter.value - truth).abs() < 3.5 * error && error < 0.2 * truth, "{parameter:?}: {truth}");
            }
        }
    }

    #[test]
    fn the_published_expectations_come_out() {
        // Fader and Hardie (2013): the population's mean, and that the more is known the less it is shrunk.
        let new = CDNOW.posterior(&Spend { purchases: 0, mean: f64::NAN });
        assert!((new.mean() - 6.25 * 15.44 / 2.74).abs() < 1e-9 && (new.mean() - 35.22).abs() < 0.01);
        let one = CDNOW.posterior(&Spend { purchases: 1, mean: 100.0 }).mean();
        let many = CDNOW.posterior(&Spend { purchases: 50, mean: 100.0 }).mean();
        assert!(new.mean() < one && one < many && many < 100.0, "{one} {many}");
        assert!((one - 6.25 * 115.44 / 8.99).abs() < 1e-9);
    }

    #[test]
    fn the_distribution_of_a_sum_has_the_mean_that_is_said() {
        let client = CDNOW.posterior(&Spend { purchases: 4, mean: 30.0 });
        // The mean of a positive number is the integral of the chance to be above.
        let mut mean = 0.0;
        for step in 0..200_000 {
            mean += 0.01 * (1.0 - client.at_most(3.0, 0.01 * (f64::from(step) + 0.5)));
        }
        assert!((mean - 3.0 * client.mean()).abs() < 0.02, "{mean} {}", 3.0 * client.mean());
    }

    #[test]
    fn amounts_that_cannot_be_are_refused() {
        let mut spends = simulated(&CDNOW, 20);
        spends[3].mean = 0.0;
        assert!(matches!(GammaGamma::fit(&spends), Err(FitError::Impossible { index: 3, .. })));
        assert!(matches!(GammaGamma::fit(&spends[..2]), Err(FitError::TooFewAmounts { found: 2, .. })));
    }
}
