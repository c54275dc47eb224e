//! Shifted beta-geometric: how long contracts last that are renewed period by period, and how the curve goes on.
//!
//! Each client declines to renew with its own probability, `Beta(alpha, beta)` over clients. As those likely to leave leave first,
//! the share of a cohort that renews rises with age though nobody changes:
//!
//! `P(T = t) = B(alpha+1, beta+t-1) / B(alpha, beta)`, `S(t) = B(alpha, beta+t) / B(alpha, beta)`, `S(t)/S(t-1) = (beta+t-1)/(alpha+beta+t-1)`
//!
//! It assumes one age at which all were seen first and chances that do not change in time. Source: Fader and Hardie (2007),
//! How to Project Customer Retention, Journal of Interactive Marketing 21(1).

use statrs::function::beta::ln_beta;
use statrs::function::gamma::digamma;

use crate::FitError;
use crate::fit::{Fit, Likelihood, fit};

/// Clients who began at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// Clients at the beginning.
    pub size: u64,
    /// How many left at the end of each period, the first first.
    pub left: Vec<u64>,
}

/// The parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShiftedBetaGeometric {
    /// Shape of the chances to leave.
    pub alpha: f64,
    /// Shape of the chances to stay: the average client leaves after its first period with `alpha / (alpha + beta)`.
    pub beta: f64,
}

impl ShiftedBetaGeometric {
    /// Maximum likelihood over cohorts of any ages.
    ///
    /// # Errors
    ///
    /// No cohort, one of which more left than began, or none that anybody left.
    pub fn fit(cohorts: &[Cohort]) -> Result<Fit<Self, 2>, FitError> {
        if cohorts.iter().all(|cohort| cohort.size == 0) {
            return Err(FitError::NoContracts);
        }
        let mut counts = Counts { left: Vec::new(), stayed: Vec::new(), clients: 0 };
        for (index, cohort) in cohorts.iter().enumerate() {
            let left: u64 = cohort.left.iter().sum();
            let stayed = cohort.size.checked_sub(left);
            let stayed = stayed.ok_or(FitError::Impossible { index, problem: "more clients left than began" })?;
            counts.add(&cohort.left, stayed);
        }
        if counts.left.iter().all(|&left| left == 0) {
            return Err(FitError::NobodyLeft);
        }
        let starts: [[f64; 2]; 3] = [[1.0, 1.0], [0.5, 4.0], [3.0, 10.0]];
        fit(
            &counts,
            &counts,
            &starts.map(|start| start.map(f64::ln)),
            ["alpha", "beta"],
            |at| at.map(|x| (x.exp(), x.exp())),
            |at| Self { alpha: at[0].exp(), beta: at[1].exp() },
        )
    }

    /// The share of a cohort still there after `periods`.
    pub fn survival(&self, periods: u32) -> f64 {
        (ln_beta(self.alpha, self.beta + f64::from(periods)) - ln_beta(self.alpha, self.beta)).exp()
    }

    /// The share of those there after `period - 1` periods that stays for another, `period` from 1.
    pub fn retention(&self, period: u32) -> f64 {
        let before = self.beta + f64::from(period) - 1.0;
        before / (self.alpha + before)
    }

    /// Payments that a client who renewed `renewals` times still makes, one at each renewal from the next on, each discounted
    /// by `1 / (1 + discount)` a period: the discounted expected residual lifetime of Fader and Hardie (2010), summed over
    /// `periods`.
    pub fn residual_payments(&self, renewals: u32, discount: f64, periods: u32) -> f64 {
        let (mut still, mut worth, mut sum) = (1.0, 1.0, 0.0);
        for ahead in 1..=periods {
            still *= self.retention(renewals.saturating_add(ahead));
            worth /= 1.0 + discount;
            sum += still * worth;
        }
        sum
    }
}

/// Clients by how long they were seen.
struct Counts {
    /// Who left at the end of period `t + 1`.
    left: Vec<u64>,
    /// Who was still there after `t` periods and was not seen longer.
    stayed: Vec<u64>,
    clients: u64,
}

impl Counts {
    fn add(&mut self, left: &[u64], stayed: u64) {
        let periods = left.len();
        self.left.resize(self.left.len().max(periods), 0);
        self.stayed.resize(self.stayed.len().max(periods + 1), 0);
        for (sum, &left) in self.left.iter_mut().zip(left) {
            *sum += left;
        }
        self.stayed[periods] += stayed;
        self.clients += stayed + left.iter().sum::<u64>();
    }
}

impl Likelihood<2> for Counts {
    fn at(&self, logarithms: &[f64; 2]) -> (f64, [f64; 2]) {
        let [alpha, beta] = logarithms.map(f64::exp);
        let whole = ln_beta(alpha, beta);
        let (by_alpha, by_beta) = (digamma(alpha) - digamma(alpha + beta), digamma(beta) - digamma(alpha + beta));
        let mut sums = [0.0; 3];
        let mut add = |count: u64, a: f64, b: f64| {
            if count > 0 {
                let both = digamma(a + b);
                sums[0] += count as f64 * (ln_beta(a, b) - whole);
                sums[1] += count as f64 * (digamma(a) - both - by_alpha);
                sums[2] += count as f64 * (digamma(b) - both - by_beta);
            }
        };
        for (t, &left) in self.left.iter().enumerate() {
            add(left, alpha + 1.0, beta + t as f64);
        }
        for (t, &stayed) in self.stayed.iter().enumerate() {
            add(stayed, alpha, beta + t as f64);
        }
        (sums[0], [sums[1] * alpha, sums[2] * beta])
    }

    fn rows(&self) -> u64 {
        self.clients
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 1000 clients, those still there after 1 to 7 years, as the paper has them.
    fn cohort(still: [u64; 7]) -> Cohort {
        let mut before = 1000;
        let left = still.map(|now| std::mem::replace(&mut before, now) - now);
        Cohort { size: 1000, left: left.to_vec() }
    }

    #[test]
    fn the_published_parameters_and_forecasts_come_out() {
        // Fader and Hardie (2007): survivors of the "Regular" and the "High End" cohort; years 8 to 12 were held out.
        let published = [
            ([631, 468, 382, 326, 289, 262, 241], [0.704, 1.182], [0.223, 0.207, 0.194, 0.183, 0.173]),
            ([869, 743, 653, 593, 551, 517, 491], [0.668, 3.806], [0.468, 0.445, 0.427, 0.409, 0.394]),
        ];
        for (still, [alpha, beta], later) in published {
            let found = ShiftedBetaGeometric::fit(&[cohort(still)]).expect("enough");
            assert!((found.model.alpha - alpha).abs() < 2e-3 && (found.model.beta - beta).abs() < 1e-2, "{found:?}");
            for (period, actual) in (8..).zip(later) {
                assert!((found.model.survival(period) - actual).abs() < 0.02, "{period}: {actual}");
            }
        }
    }

    #[test]
    fn retention_makes_survival_and_residual_payments() {
        let model = ShiftedBetaGeometric { alpha: 0.668, beta: 3.806 };
        let product: f64 = (1..=7).map(|period| model.retention(period)).product();
        assert!((product - model.survival(7)).abs() < 1e-12);
        let undiscounted = model.residual_payments(0, 0.0, 3);
        assert!((undiscounted - (1..=3).map(|t| model.survival(t)).sum::<f64>()).abs() < 1e-12);
        assert!(model.residual_payments(4, 0.1, 500) > model.residual_payments(0, 0.1, 500));
    }

    #[test]
    fn cohorts_that_cannot_be_are_refused() {
        let more = Cohort { size: 10, left: vec![6, 6] };
        assert!(matches!(ShiftedBetaGeometric::fit(&[more]), Err(FitError::Impossible { index: 0, .. })));
        let nobody = Cohort { size: 10, left: vec![0, 0] };
        assert_eq!(ShiftedBetaGeometric::fit(&[nobody]).expect_err("nobody"), FitError::NobodyLeft);
        assert_eq!(ShiftedBetaGeometric::fit(&[]).expect_err("none"), FitError::NoContracts);
    }
}
