//! What contacting the head of the list brings, as a distribution: by how much it may be off, and whether it may be a loss.
//!
//! For `n` subjects the profit of contacting the first share `k` is `v K(k) - c k n`, where `K`, those kept, are binomial among
//! those contacted with the chance `s L(k) / k`; `L(k)` is the share of the list that is contacted and would leave. Each of the
//! [`DRAWS`] draws takes
//!
//! - **risk**: `L` of subjects redrawn with replacement, so that what is not known of precision at every `k` is in it;
//! - **response** `s`: Beta, with 5% below and 5% above the stated range; **cost** `c` and **value** `v`: log-normal, likewise. A
//!   number that was stated without a range is taken as known;
//! - **chance**: who of the contacted leaves and is kept.
//!
//! The best share has the highest mean profit; its interval is that of the best shares of single draws. Each draw also
//! chooses its best share on its own redrawn subjects: by how much that flatters, against the same share on the subjects as
//! they are, is taken off the profit at the best share (Efron and Tibshirani 1993, section 17.6).
//!
//! - **Break-even cost** of a contact at `k`: `v s L(k) / k`.
//! - **One more point of precision** at `k` keeps `0.01 s` more of each contacted: `0.01 k n v s`, in proportion to the clients
//!   `n`. Of a list ten times as long it is worth ten times as much, whatever it costs to find.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use statrs::distribution::{Beta, ContinuousCDF, Normal};

use crate::draw::mix;
use crate::economics::Assumptions;
use crate::estimate::percentile;

/// Draws of everything that is not known.
pub(crate) const DRAWS: usize = 4000;
/// Subjects that the worth of precision is told for, beside the reader's own number.
const BASES: [u64; 2] = [40_000, 400_000];
/// The quantile of the ends of a range of 90%.
const END: f64 = 0.95;

/// A number and the range that holds it with 90%.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The mean of the draws.
    pub mean: f64,
    /// Their 5th percentile.
    pub low: f64,
    /// Their 95th percentile.
    pub high: f64,
}

/// Profit as a distribution, in major units of the currency.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chances {
    /// Subjects that profits are told for.
    pub clients: u64,
    /// Draws.
    pub draws: usize,
    /// By rising share, from nobody to everybody.
    pub curve: Vec<ChancePoint>,
    /// The point of the highest mean profit, less what choosing it flatters; of share 0 where nobody is worth contacting.
    pub best: ChancePoint,
    /// What was taken off for having chosen it.
    pub flattery: f64,
    /// The range of the best share: 5th and 95th percentile over draws.
    pub best_share: [f64; 2],
    /// What a contact may cost before the best share, or the first percent where there is none, brings nothing.
    pub break_even_cost: Spread,
    /// What one more point of precision at that share is worth, by the number of clients.
    pub precision_point: Vec<PrecisionPoint>,
}

/// Profit of contacting a share.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ChancePoint {
    /// Share of the list contacted, 0 to 1.
    pub share: f64,
    /// Profit.
    pub profit: Spread,
    /// Probability that it is below nought.
    pub probability_of_loss: f64,
}

/// What one more point of precision is worth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PrecisionPoint {
    /// Subjects of the list.
    pub clients: u64,
    /// The worth.
    pub worth: Spread,
}

/// A number as somebody states it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stated {
    /// The number.
    pub value: f64,
    /// The range that holds it with 90%; nothing where it is taken as known.
    pub range: Option<[f64; 2]>,
}

/// What is not known of a stated number.
enum Unknown {
    Known(f64),
    LogNormal { middle: f64, deviation: f64 },
    Share(Beta),
}

/// Draws profits for `clients` subjects. `counted` holds, by share, the leavers among the contacted as shares of all;
/// `redrawn` the same of redrawn subjects.
pub(crate) fn chances(
    shares: &[f64],
    counted: &[f64],
    redrawn: &[&[f64]],
    assumptions: &Assumptions,
    clients: u64,
    seed: u64,
) -> Chances {
    let value = Unknown::amount(assumptions.value_of_kept, assumptions.value_range);
    let cost = Unknown::amount(assumptions.contact_cost, assumptions.contact_cost_range);
    let success = Unknown::share(assumptions.success_share, assumptions.success_range);
    let n = clients as f64;
    let mut profits: Vec<Vec<f64>> = vec![Vec::with_capacity(DRAWS); shares.len()];
    let (mut best_shares, mut flattery, mut worths) = (Vec::new(), 0.0, Vec::new());
    for draw in 0..DRAWS {
        let mut rng = ChaCha8Rng::seed_from_u64(mix(seed, draw as u64));
        let leavers = if redrawn.is_empty() { counted } else { redrawn[draw % redrawn.len()] };
        let (v, c, s) = (value.draw(&mut rng), cost.draw(&mut rng), success.draw(&mut rng));
        let luck = normal(&mut rng);
        let expected = |leavers: &[f64], at: usize| n * (v * s * leavers[at] - c * shares[at]);
        let mut best = 0;
        for at in 0..shares.len() {
            // Who is kept is binomial; of the many contacted its normal approximation. One luck for all shares, as the first
            // percent is part of the second.
            let chance = if shares[at] > 0.0 { (s * leavers[at] / shares[at]).clamp(0.0, 1.0) } else { 0.0 };
            let deviation = (n * shares[at] * chance * (1.0 - chance)).sqrt();
            let kept = (n * shares[at] * chance + luck * deviation).max(0.0);
            profits[at].push(v * kept - n * c * shares[at]);
            if expected(leavers, at) > expected(leavers, best) {
                best = at;
            }
        }
        best_shares.push(shares[best]);
        flattery += (expected(leavers, best) - expected(counted, best)) / DRAWS as f64;
        worths.push(v * s);
    }
    let points: Vec<ChancePoint> =
        shares.iter().zip(&profits).map(|(&share, profits)| point(share, profits, 0.0)).collect();
    let mut best = 0;
    for (at, point) in points.iter().enumerate() {
        if point.profit.mean > points[best].profit.mean {
            best = at;
        }
    }
    let flattery = if shares[best] > 0.0 { flattery.max(0.0) } else { 0.0 };
    best_shares.sort_unstable_by(f64::total_cmp);
    let end = |share| percentile(&best_shares, share).unwrap_or(0.0);
    // Where nobody is worth contacting, what the first of the list would have to cost.
    let told = if shares[best] > 0.0 { best } else { usize::from(shares.len() > 1) };
    let precision = |draw: usize| {
        let leavers = if redrawn.is_empty() { counted } else { redrawn[draw % redrawn.len()] };
        if shares[told] > 0.0 { leavers[told] / shares[told] } else { 0.0 }
    };
    let break_even = worths.iter().enumerate().map(|(draw, worth)| worth * precision(draw)).collect();
    let mut bases: Vec<u64> = BASES.into_iter().chain([clients]).collect();
    bases.sort_unstable();
    bases.dedup();
    let precision_point = bases.into_iter().map(|clients| PrecisionPoint {
        clients,
        worth: spread(worths.iter().map(|worth| 0.01 * shares[told] * clients as f64 * worth).collect()),
    });
    Chances {
        clients,
        draws: DRAWS,
        best: point(shares[best], &profits[best], flattery),
        flattery,
        best_share: [end(1.0 - END), end(END)],
        break_even_cost: spread(break_even),
        precision_point: precision_point.collect(),
        curve: points,
    }
}

fn point(share: f64, profits: &[f64], flattery: f64) -> ChancePoint {
    let profits: Vec<f64> = profits.iter().map(|profit| profit - flattery).collect();
    let losses = profits.iter().filter(|&&profit| profit < 0.0).count();
    ChancePoint { share, probability_of_loss: losses as f64 / profits.len().max(1) as f64, profit: spread(profits) }
}

fn spread(mut draws: Vec<f64>) -> Spread {
    let mean = draws.iter().sum::<f64>() / draws.len().max(1) as f64;
    draws.sort_unstable_by(f64::total_cmp);
    let end = |share| percentile(&draws, share).unwrap_or(mean);
    Spread { mean, low: end(1.0 - END), high: end(END) }
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    Normal::standard().inverse_cdf(rng.random_range(1e-12..1.0))
}

impl Unknown {
    /// An amount above 0 with its range of 90%.
    fn amount(value: f64, range: Option<[f64; 2]>) -> Self {
        match range {
            Some([low, high]) if high > low && low > 0.0 => Self::LogNormal {
                middle: 0.5 * (low.ln() + high.ln()),
                deviation: 0.5 * (high.ln() - low.ln()) / Normal::standard().inverse_cdf(END),
            },
            _ => Self::Known(value),
        }
    }

    fn share(value: f64, range: Option<[f64; 2]>) -> Self {
        range
            .filter(|[low, high]| high > low)
            .and_then(|[low, high]| beta_between(low, high))
            .map_or(Self::Known(value), Self::Share)
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> f64 {
        match self {
            Self::Known(value) => *value,
            Self::LogNormal { middle, deviation } => (middle + deviation * normal(rng)).exp(),
            Self::Share(beta) => beta.inverse_cdf(rng.random_range(1e-9..1.0 - 1e-9)),
        }
    }
}

impl Stated {
    /// A number that is taken as known.
    pub fn number(value: f64) -> Self {
        Self { value, range: None }
    }

    /// An amount above 0 that lies in a range with 90%; its number is the mean of the log-normal.
    pub fn amount_between(low: f64, high: f64) -> Self {
        let value = match Unknown::amount(low, Some([low, high])) {
            Unknown::LogNormal { middle, deviation } => (middle + 0.5 * deviation * deviation).exp(),
            _ => 0.5 * (low + high),
        };
        Self { value, range: Some([low, high]) }
    }

    /// A share that lies in a range with 90%; its number is the mean of the Beta.
    pub fn share_between(low: f64, high: f64) -> Self {
        let mean = |beta: Beta| beta.shape_a() / (beta.shape_a() + beta.shape_b());
        Self { value: beta_between(low, high).map_or(0.5 * (low + high), mean), range: Some([low, high]) }
    }

    /// The share of leavers whom a contact keeps, where an expert's `chance` to stay, worth so many `cases`, stands against
    /// `nothing`, the chance without it: `(chance - nothing) / (1 - nothing)`, with the range of the expert's Beta.
    pub fn by_expert(chance: f64, cases: f64, nothing: f64) -> Self {
        let success = |chance: f64| (chance - nothing) / (1.0 - nothing).max(f64::MIN_POSITIVE);
        let value = success(chance);
        let range = Beta::new(chance * cases, (1.0 - chance) * cases).ok().map(|beta| {
            let end = |share: f64| success(beta.inverse_cdf(share));
            // A contact that keeps nobody has no distribution between 0 and 1: it is taken for one in a thousand.
            [end(1.0 - END).max(0.001), end(END).min(0.999)]
        });
        Self { value, range: range.filter(|[low, high]| low < high && value > 0.0) }
    }
}

/// The Beta that is below `low` with 5% and above `high` with 5%: for each weight the mean that makes both alike likely, and
/// of the weights the one at which they are that likely.
pub(crate) fn beta_between(low: f64, high: f64) -> Option<Beta> {
    if !(0.0 < low && low < high && high < 1.0) {
        return None;
    }
    let tails = |mean: f64, weight: f64| {
        let beta = Beta::new(mean * weight, (1.0 - mean) * weight).ok()?;
        Some((beta.cdf(low), 1.0 - beta.cdf(high)))
    };
    let balanced = |weight: f64| {
        let (mut below, mut above) = (low, high);
        for _ in 0..60 {
            let mean = 0.5 * (below + above);
            let (left, right) = tails(mean, weight)?;
            if left > right { below = mean } else { above = mean }
        }
        Some(0.5 * (below + above))
    };
    let (mut least, mut most) = (0.5_f64.ln(), 1e9_f64.ln());
    for _ in 0..60 {
        let weight = (0.5 * (least + most)).exp();
        let (left, right) = tails(balanced(weight)?, weight)?;
        if left + right > 2.0 * (1.0 - END) { least = weight.ln() } else { most = weight.ln() }
    }
    let weight = (0.5 * (least + most)).exp();
    let mean = balanced(weight)?;
    Beta::new(mean * weight, (1.0 - mean) * weight).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated() -> Assumptions {
        Assumptions { value_of_kept: 100.0, contact_cost: 4.0, success_share: 0.2, ..Assumptions::default() }
    }

    const SHARES: [f64; 4] = [0.0, 0.1, 0.2, 1.0];
    /// A tenth holds six leavers of a hundred subjects, a fifth seven and a half, all ten.
    const LEAVERS: [f64; 4] = [0.0, 0.06, 0.075, 0.1];

    #[test]
    fn without_doubt_only_chance_is_left() {
        let found = chances(&SHARES, &LEAVERS, &[&LEAVERS], &stated(), 10_000, 1);
        // 0.2 * 100 * 0.06 - 4 * 0.1 = 0.8 a subject.
        assert_eq!(found.best.share, 0.1);
        assert!((found.best.profit.mean - 8000.0).abs() < 150.0, "{:?}", found.best);
        // Of 1000 contacted 120 are kept, give or take sqrt(1000 * 0.12 * 0.88), at 100 each.
        let half = 1.645 * (1000.0 * 0.12 * 0.88_f64).sqrt() * 100.0;
        assert!((found.best.profit.high - found.best.profit.mean - half).abs() < 0.1 * half, "{:?}", found.best);
        assert_eq!((found.best_share, found.flattery), ([0.1, 0.1], 0.0));
        assert!((found.break_even_cost.mean - 12.0).abs() < 1e-9, "{:?}", found.break_even_cost);
        // One point more of 1000 contacted: 10 leavers, of whom 2 are kept.
        let worth: Vec<(u64, f64)> = found.precision_point.iter().map(|p| (p.clients, p.worth.mean.round())).collect();
        assert_eq!(worth, [(10_000, 200.0), (40_000, 800.0), (400_000, 8000.0)]);
        assert_eq!(found, chances(&SHARES, &LEAVERS, &[&LEAVERS], &stated(), 10_000, 1));
    }

    #[test]
    fn doubt_widens_the_range_and_may_turn_profit_into_loss() {
        let doubtful = Assumptions { success_range: Some([0.02, 0.4]), value_range: Some([30.0, 300.0]), ..stated() };
        let (sure, doubt) = (
            chances(&SHARES, &LEAVERS, &[], &stated(), 100_000, 1),
            chances(&SHARES, &LEAVERS, &[], &doubtful, 100_000, 1),
        );
        let width = |found: &Chances| found.curve[1].profit.high - found.curve[1].profit.low;
        assert!(width(&doubt) > 5.0 * width(&sure), "{} {}", width(&doubt), width(&sure));
        assert_eq!(sure.curve[1].probability_of_loss, 0.0);
        assert!(doubt.curve[1].probability_of_loss > 0.1, "{:?}", doubt.curve[1]);
        assert!(doubt.best_share[0] < doubt.best_share[1]);
    }

    #[test]
    fn where_a_contact_costs_too_much_nobody_is_contacted_and_the_break_even_cost_is_told() {
        let dear = Assumptions { contact_cost: 50.0, ..stated() };
        let found = chances(&SHARES, &LEAVERS, &[&LEAVERS], &dear, 1000, 1);
        assert_eq!((found.best.share, found.best.profit.mean, found.best.probability_of_loss), (0.0, 0.0, 0.0));
        assert!((found.break_even_cost.mean - 12.0).abs() < 1e-9);
    }

    #[test]
    fn choosing_on_redrawn_subjects_is_taken_off() {
        // Two shares that are truly alike; each draw favours one of them by chance.
        let (shares, truth) = ([0.0, 0.1, 0.2], [0.0, 0.05, 0.07]);
        let (a, b) = ([0.0, 0.06, 0.07], [0.0, 0.04, 0.08]);
        let found = chances(&shares, &truth, &[&a, &b], &stated(), 1000, 1);
        assert!(found.flattery > 50.0, "{found:?}");
        assert!(found.best.profit.mean < found.curve[1].profit.mean.max(found.curve[2].profit.mean));
    }

    #[test]
    fn a_range_becomes_the_distribution_that_it_says() {
        let beta = beta_between(0.05, 0.3).expect("a Beta");
        assert!((beta.cdf(0.05) - 0.05).abs() < 1e-6 && (beta.cdf(0.3) - 0.95).abs() < 1e-6);
        assert!(beta_between(0.0, 0.3).is_none() && beta_between(0.3, 0.3).is_none());
        let mean = Stated::amount_between(50.0, 200.0).value;
        assert!(mean > 100.0 && mean < 120.0, "{mean}");
        let share = Stated::share_between(0.05, 0.3).value;
        assert!(share > 0.1 && share < 0.2, "{share}");
        // An expert's 65%, worth 20 cases, against 10% without.
        let expert = Stated::by_expert(0.65, 20.0, 0.1);
        let [low, high] = expert.range.expect("a range");
        assert!((expert.value - 0.55 / 0.9).abs() < 1e-12 && low > 0.35 && low < 0.5 && high > 0.7 && high < 0.85);
    }
}
