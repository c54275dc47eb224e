//! BG/NBD: how often clients without a contract buy, and when they silently stop.
//!
//! While a client is there it buys as a Poisson process with rate `lambda`; after each purchase it stops for ever with
//! probability `p`. Rates vary over clients as `Gamma(r, alpha)`, chances of stopping as `Beta(a, b)`, independently. A client
//! that never came back counts as still there. Likelihood of `(x, t_x, T)`, up to what no parameter changes:
//!
//! `G(r+x)/G(r) alpha^r B(a, b+x)/B(a, b) [ (alpha+T)^-(r+x) + [x>0] a/(b+x-1) (alpha+t_x)^-(r+x) ]`
//!
//! It assumes that rates do not change while the client is there: neither seasons nor campaigns. Source: Fader, Hardie and Lee
//! (2005), "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model, Marketing Science 24(2).

use rayon::prelude::*;
use statrs::function::gamma::{digamma, ln_gamma};

use crate::fit::{Fit, Likelihood, fit};
use crate::{FitError, Histories, History};

/// Clients who came back, fewer of whom tell nothing about four parameters.
const LEAST_REPEATERS: u64 = 10;
/// Groups that the starts are compared on.
const SAMPLE_GROUPS: usize = 20_000;
/// Groups that one thread sums at a time; fixed, so that sums do not depend on threads.
const CHUNK: usize = 4096;

/// The parameters. Times are in the unit of the histories it was fitted to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BgNbd {
    /// Shape of the rates.
    pub r: f64,
    /// Rate parameter of the rates, a time: `r / alpha` purchases come in a unit of time from an average client.
    pub alpha: f64,
    /// Shape of the chances of stopping.
    pub a: f64,
    /// Shape of the chances of staying: the average client stops after a purchase with `a / (a + b)`.
    pub b: f64,
}

impl BgNbd {
    /// Maximum likelihood.
    ///
    /// # Errors
    ///
    /// Fewer than ten clients came back, or the likelihood is not finite.
    pub fn fit(histories: &Histories) -> Result<Fit<Self, 4>, FitError> {
        let found = histories.repeaters();
        if found < LEAST_REPEATERS {
            return Err(FitError::TooFewRepeats { found, needed: LEAST_REPEATERS });
        }
        let all = Rows::new(histories.groups.iter().copied());
        let every = histories.groups.len().div_ceil(SAMPLE_GROUPS);
        let sample = Rows::new(histories.groups.iter().copied().step_by(every));
        let purchases: f64 = histories.groups.iter().map(|(h, n)| f64::from(h.repeats) * *n as f64).sum();
        let time: f64 = histories.groups.iter().map(|(h, n)| h.age * *n as f64).sum();
        let wait = time / purchases;
        // Few and many who stop, alike and unlike rates.
        let starts =
            [[1.0, wait, 1.0, 3.0], [0.3, 0.3 * wait, 0.5, 2.0], [2.0, 2.0 * wait, 0.1, 5.0], [0.5, wait, 5.0, 5.0]];
        fit(
            &all,
            &sample,
            &starts.map(|start| start.map(f64::ln)),
            ["r", "alpha", "a", "b"],
            |at| at.map(|x| (x.exp(), x.exp())),
            Self::from_logarithms,
        )
    }

    /// The model whose parameters have these logarithms, in the order `r`, `alpha`, `a`, `b`.
    pub(crate) fn from_logarithms(at: &[f64; 4]) -> Self {
        let [r, alpha, a, b] = at.map(f64::exp);
        Self { r, alpha, a, b }
    }

    pub(crate) fn logarithms(&self) -> [f64; 4] {
        [self.r, self.alpha, self.a, self.b].map(f64::ln)
    }

    /// Probability that a client is still there at the end of observation:
    /// `1 / (1 + [x>0] a/(b+x-1) ((alpha+T)/(alpha+t_x))^(r+x))`.
    pub fn probability_alive(&self, history: &History) -> f64 {
        if history.repeats == 0 {
            return 1.0;
        }
        let x = f64::from(history.repeats);
        let since = (self.alpha + history.age).ln() - (self.alpha + history.recency).ln();
        let log_odds_gone = (self.a / (self.b + x - 1.0)).ln() + (self.r + x) * since;
        1.0 / (1.0 + log_odds_gone.exp())
    }

    /// Purchases after the first that a client of whom nothing is known makes in its first `time`.
    pub fn expected_of_new(&self, time: f64) -> f64 {
        let new = History { repeats: 0, recency: 0.0, age: 0.0 };
        self.purchases(&new, time).expected
    }
}

/// Groups as the likelihood reads them, by the number of repeats.
struct Rows {
    groups: Vec<(History, u64)>,
    /// The place of each group's repeats in `repeats`.
    place: Vec<u32>,
    /// Distinct numbers of repeats.
    repeats: Vec<u32>,
    clients: u64,
}

impl Rows {
    /// Of groups in order of their repeats.
    fn new(groups: impl Iterator<Item = (History, u64)>) -> Self {
        let groups: Vec<(History, u64)> = groups.collect();
        let mut repeats: Vec<u32> = Vec::new();
        let mut place = Vec::with_capacity(groups.len());
        for (history, _) in &groups {
            if repeats.last() != Some(&history.repeats) {
                repeats.push(history.repeats);
            }
            place.push((repeats.len() - 1) as u32);
        }
        let clients = groups.iter().map(|(_, count)| count).sum();
        Self { groups, place, repeats, clients }
    }
}

/// What depends on the number of repeats only: value, and slopes by `r`, `a`, `b`.
struct OfRepeats {
    value: f64,
    by: [f64; 3],
}

impl Likelihood<4> for Rows {
    fn at(&self, logarithms: &[f64; 4]) -> (f64, [f64; 4]) {
        let [r, alpha, a, b] = logarithms.map(f64::exp);
        let by_repeats: Vec<OfRepeats> = self
            .repeats
            .iter()
            .map(|&repeats| {
                let x = f64::from(repeats);
                if repeats == 0 {
                    return OfRepeats { value: 0.0, by: [0.0; 3] };
                }
                let both = digamma(a + b) - digamma(a + b + x);
                OfRepeats {
                    value: ln_gamma(r + x) - ln_gamma(r) + ln_gamma(a + b) - ln_gamma(a + b + x) + ln_gamma(b + x)
                        - ln_gamma(b),
                    by: [digamma(r + x) - digamma(r), both, both + digamma(b + x) - digamma(b)],
                }
            })
            .collect();
        let (ln_alpha, ln_a) = (alpha.ln(), a.ln());
        let chunks: Vec<[f64; 5]> = self
            .groups
            .par_chunks(CHUNK)
            .zip(self.place.par_chunks(CHUNK))
            .map(|(groups, places)| {
                let mut sums = [0.0; 5];
                for ((history, count), &place) in groups.iter().zip(places) {
                    let common = &by_repeats[place as usize];
                    let x = f64::from(history.repeats);
                    let to_end = alpha + history.age;
                    let ln_end = to_end.ln();
                    let stayed = -(r + x) * ln_end;
                    let mut row = if history.repeats == 0 {
                        [stayed, -ln_end, -r / to_end, 0.0, 0.0]
                    } else {
                        let to_last = alpha + history.recency;
                        let ln_last = to_last.ln();
                        let stopped = ln_a - (b + x - 1.0).ln() - (r + x) * ln_last;
                        // The chance that it stopped after its last purchase.
                        let gone = 1.0 / (1.0 + (stayed - stopped).exp());
                        let either = stayed.max(stopped) + (-(stayed - stopped).abs()).exp().ln_1p();
                        [
                            either,
                            -(1.0 - gone) * ln_end - gone * ln_last,
                            -(r + x) * ((1.0 - gone) / to_end + gone / to_last),
                            gone / a,
                            -gone / (b + x - 1.0),
                        ]
                    };
                    row[0] += common.value + r * ln_alpha;
                    row[1] += common.by[0] + ln_alpha;
                    row[2] += r / alpha;
                    row[3] += common.by[1];
                    row[4] += common.by[2];
                    for (sum, part) in sums.iter_mut().zip(row) {
                        *sum += part * *count as f64;
                    }
                }
                sums
            })
            .collect();
        let mut sums = [0.0; 5];
        for chunk in chunks {
            for (sum, part) in sums.iter_mut().zip(chunk) {
                *sum += part;
            }
        }
        (sums[0], [sums[1] * r, sums[2] * alpha, sums[3] * a, sums[4] * b])
    }

    fn rows(&self) -> u64 {
        self.clients
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Beta, Distribution, Exp, Gamma};

    use super::*;

    pub(crate) const CDNOW: BgNbd = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

    /// Clients who buy as the model says, with first purchases in the first quarter.
    fn simulated(model: &BgNbd, clients: usize, seed: u64) -> Histories {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let rates = Gamma::new(model.r, 1.0 / model.alpha).expect("above 0");
        let chances = Beta::new(model.a, model.b).expect("above 0");
        let histories: Vec<History> = (0..clients)
            .map(|_| {
                let age = rng.random_range(39.0..52.0);
                let (rate, stop): (f64, f64) = (rates.sample(&mut rng), chances.sample(&mut rng));
                let (mut at, mut repeats, mut last) = (0.0, 0, 0.0);
                loop {
                    at += Exp::new(rate.max(1e-300)).expect("above 0").sample(&mut rng);
                    if at > age {
                        break;
                    }
                    (repeats, last) = (repeats + 1, at);
                    if rng.random::<f64>() < stop {
                        break;
                    }
                }
                History { repeats, recency: last, age }
            })
            .collect();
        Histories::group(&histories).expect("possible")
    }

    #[test]
    fn known_parameters_are_found_within_their_errors() {
        let truth = BgNbd { r: 0.6, alpha: 5.0, a: 0.9, b: 2.5 };
        let found = BgNbd::fit(&simulated(&truth, 20_000, 7)).expect("enough");
        assert!(found.has_converged && found.at_edge().is_empty(), "{found:?}");
        assert!(found.starts.1 >= 2, "{found:?}");
        for (parameter, truth) in found.parameters.iter().zip([truth.r, truth.alpha, truth.a, truth.b]) {
            let error = parameter.standard_error.expect("a peak");
            assert!((parameter.value - truth).abs() < 3.5 * error, "{parameter:?} is not {truth}");
            assert!(error < 0.2 * truth, "{parameter:?}");
        }
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_likelihood() {
        let histories = simulated(&CDNOW, 500, 3);
        let rows = Rows::new(histories.groups.iter().copied());
        let at = CDNOW.logarithms();
        let (_, gradient) = rows.at(&at);
        for i in 0..4 {
            let moved = |by: f64| {
                let mut there = at;
                there[i] += by;
                rows.at(&there).0
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!((slope - gradient[i]).abs() < 1e-4 * slope.abs().max(1.0), "{i}: {slope} {}", gradient[i]);
        }
    }

    #[test]
    fn where_nobody_stops_the_chance_of_stopping_vanishes() {
        let found = BgNbd::fit(&simulated(&BgNbd { r: 2.0, alpha: 4.0, a: 1e-6, b: 1.0 }, 2000, 5)).expect("enough");
        let stops = found.model.a / (found.model.a + found.model.b);
        assert!(stops < 0.01 && (found.model.r / found.model.alpha - 0.5).abs() < 0.05, "{found:?}");
    }

    #[test]
    fn a_published_client_is_still_there_with_its_published_chance() {
        // Client 1 of the authors' spreadsheet: x = 2, t_x = 30.43, T = 38.86; P(alive) by the formula of the 2008 note.
        let history = History { repeats: 2, recency: 30.43, age: 38.86 };
        let alive = CDNOW.probability_alive(&history);
        let odds: f64 = 0.793 / 3.426 * ((4.414_f64 + 38.86) / (4.414 + 30.43)).powf(2.243);
        assert!((alive - 1.0 / (1.0 + odds)).abs() < 1e-12 && (alive - 0.7266).abs() < 1e-3, "{alive}");
        assert_eq!(CDNOW.probability_alive(&History { repeats: 0, recency: 0.0, age: 39.0 }), 1.0);
    }

    #[test]
    fn too_few_are_refused() {
        let one = Histories::group(&[History { repeats: 3, recency: 5.0, age: 9.0 }]).expect("possible");
        assert_eq!(BgNbd::fit(&one).expect_err("one"), FitError::TooFewRepeats { found: 1, needed: 10 });
    }
}
