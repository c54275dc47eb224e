//! What all clients together will buy and spend, with an interval.
//!
//! Two things are not known: the parameters, and what chance does to each client. The variance of the first is by the delta
//! method, `g' S g` with `g` the slope of the total by the logarithms of the parameters and `S` their covariance; the
//! variance of the second is the sum over clients, who are independent given the parameters. The interval is log-normal, so that
//! it does not fall below nought. It does not hold what the models leave out, such as seasons.

use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::value::{Client, Settings};
use crate::{BgNbd, Fit, GammaGamma};

const STEP: f64 = 1e-3;
const CHUNK: usize = 2048;

/// A total with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Total {
    /// The expectation.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Totals over all clients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Totals {
    /// Purchases in the horizon.
    pub purchases: Total,
    /// Their value, discounted.
    pub value: Total,
    /// Whether the interval holds what is not known of the parameters; not where a likelihood has no peak.
    pub holds_parameters: bool,
}

/// Sums over clients.
#[derive(Clone, Copy, Default)]
struct Sums {
    purchases: f64,
    value: f64,
    purchases_variance: f64,
    value_variance: f64,
}

/// Totals over clients at the settings' level.
pub fn totals(
    purchases: &Fit<BgNbd, 4>,
    amounts: &Fit<GammaGamma, 3>,
    clients: &[Client],
    settings: &Settings,
) -> Totals {
    let here = sums(&purchases.model, &amounts.model, clients, settings);
    let logarithms = purchases.model.logarithms();
    let (mut count_slope, mut value_slope) = ([0.0; 4], [0.0; 4]);
    for i in 0..4 {
        let moved = |by: f64| {
            let mut there = logarithms;
            there[i] += by;
            sums(&BgNbd::from_logarithms(&there), &amounts.model, clients, settings)
        };
        let (up, down) = (moved(STEP), moved(-STEP));
        count_slope[i] = (up.purchases - down.purchases) / (2.0 * STEP);
        value_slope[i] = (up.value - down.value) / (2.0 * STEP);
    }
    // Purchases do not change with the amounts' parameters: they are counted once.
    let expected: Vec<f64> = clients
        .par_iter()
        .map(|client| {
            purchases.model.expected(&client.history, settings.horizon) * share(&purchases.model, client, settings)
        })
        .collect();
    let mut amount_slope = [0.0; 3];
    for (i, slope) in amount_slope.iter_mut().enumerate() {
        let moved = |by: f64| {
            let there = amounts.model.moved(i, by);
            in_order(clients.par_chunks(CHUNK).zip(expected.par_chunks(CHUNK)).map(|(clients, expected)| {
                clients.iter().zip(expected).map(|(client, n)| n * there.posterior(&client.spend).mean()).sum::<f64>()
            }))
        };
        *slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
    }
    let of_count = purchases.variance_of(&count_slope);
    let of_value = purchases.variance_of(&value_slope).zip(amounts.variance_of(&amount_slope));
    let total = |value: f64, variance: f64| interval(value, variance, settings.level);
    Totals {
        purchases: total(here.purchases, here.purchases_variance + of_count.unwrap_or(0.0)),
        value: total(here.value, here.value_variance + of_value.map_or(0.0, |(a, b)| a + b)),
        holds_parameters: of_count.is_some() && of_value.is_some(),
    }
}

fn share(model: &BgNbd, client: &Client, settings: &Settings) -> f64 {
    model.discounted_share(&client.history, settings.horizon, settings.discount)
}

fn sums(purchases: &BgNbd, amounts: &GammaGamma, clients: &[Client], settings: &Settings) -> Sums {
    let chunks: Vec<Sums> = clients
        .par_chunks(CHUNK)
        .map(|clients| {
            let mut sums = Sums::default();
            for client in clients {
                let count = purchases.purchases(&client.history, settings.horizon);
                let share = share(purchases, client, settings);
                let spending = amounts.posterior(&client.spend);
                let mean = spending.mean();
                sums.purchases += count.expected;
                sums.purchases_variance += count.variance;
                sums.value += share * count.expected * mean;
                // Of a sum of a random number of amounts with an unknown mean. Amounts whose variance is infinite are told
                // by their mean alone.
                let within = finite_or(spending.variance_within(), mean * mean);
                let between = finite_or(spending.variance_of_mean(), mean * mean);
                let square = count.variance + count.expected * count.expected;
                sums.value_variance +=
                    share * share * (count.expected * within + count.variance * mean * mean + square * between);
            }
            sums
        })
        .collect();
    let mut all = Sums::default();
    for chunk in chunks {
        all.purchases += chunk.purchases;
        all.value += chunk.value;
        all.purchases_variance += chunk.purchases_variance;
        all.value_variance += chunk.value_variance;
    }
    all
}

fn finite_or(value: f64, other: f64) -> f64 {
    if value.is_finite() { value } else { other }
}

fn in_order(parts: impl IndexedParallelIterator<Item = f64>) -> f64 {
    let parts: Vec<f64> = parts.collect();
    parts.iter().sum()
}

/// Log-normal with this mean and variance, both ends equally likely to be missed.
fn interval(value: f64, variance: f64, level: f64) -> Total {
    if value <= 0.0 {
        return Total { value, low: value, high: value };
    }
    let sigma = (variance / (value * value)).ln_1p().sqrt();
    let middle = value.ln() - 0.5 * sigma * sigma;
    let reach = Normal::standard().inverse_cdf(0.5 + 0.5 * level) * sigma;
    Total { value, low: (middle - reach).exp(), high: (middle + reach).exp() }
}
