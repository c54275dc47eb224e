//! How well the last third of the time is predicted from the first two.

use domain::Day;
use lifetime::holdout::{Held, holdout};
use lifetime::{BgNbd, GammaGamma, Histories};
use serde::Serialize;

use super::WEEK;
use super::ledger::{Ledger, client};

/// Clients are told apart up to so many repeat purchases.
const LAST_GROUP: u32 = 7;

/// Predicted against actual.
#[derive(Serialize)]
pub struct Checked {
    /// The last day that the models were fitted to.
    pub fitted_until: String,
    /// Days after it that were predicted.
    pub days: i32,
    /// Clients who had bought by then.
    pub clients: usize,
    /// Purchases that were predicted.
    pub predicted: f64,
    /// Purchases there were.
    pub actual: u64,
    /// What they were predicted to bring.
    pub predicted_value: f64,
    /// What they brought.
    pub actual_value: f64,
    /// Correlation of a client's predicted and actual purchases.
    pub correlation: Option<f64>,
    /// Mean absolute difference of a client's purchases.
    pub mean_absolute_error: f64,
    /// The share of all purchases that the fifth of clients predicted highest made.
    pub share_of_top_fifth: Option<f64>,
    /// Average purchases of clients by how often they had come back.
    pub by_repeats: Vec<Group>,
}

/// Clients who had come back as often.
#[derive(Serialize)]
pub struct Group {
    /// Purchases after the first; of the last group, at least so many.
    pub repeats: u32,
    /// Clients.
    pub clients: usize,
    /// Predicted for an average one.
    pub predicted: f64,
    /// Actual of an average one.
    pub actual: f64,
}

/// Fits to the first two thirds and compares; nothing where they are too little to fit to.
pub(super) fn check(ledger: &Ledger) -> Option<Checked> {
    let span = ledger.until.0 - ledger.first.0;
    let cut = Day(ledger.first.0 + span * 2 / 3);
    let days = ledger.until.0 - cut.0;
    if days < 1 {
        return None;
    }
    let (mut clients, mut held, mut actual_value) = (Vec::new(), Vec::new(), 0.0);
    for bought in &ledger.days {
        let Some(client) = client(bought, cut) else { continue };
        let later = &bought[client.spend.purchases as usize..];
        actual_value += later.iter().map(|(_, amount)| amount).sum::<f64>();
        held.push(Held { history: client.history, actual: later.len() as u32 });
        clients.push(client);
    }
    let histories = Histories::group(&held.iter().map(|held| held.history).collect::<Vec<_>>()).ok()?;
    let buying = BgNbd::fit(&histories).ok()?.model;
    let paying: Vec<_> = clients.iter().map(|client| client.spend).filter(|spend| spend.mean > 0.0).collect();
    let spending = GammaGamma::fit(&paying).ok()?.model;
    let time = f64::from(days) / WEEK;
    let mut predicted_value = 0.0;
    for client in &clients {
        predicted_value += buying.expected(&client.history, time) * spending.posterior(&client.spend).mean();
    }
    let found = holdout(&buying, &held, time, LAST_GROUP);
    let groups = found.by_repeats.into_iter().map(|group| Group {
        repeats: group.repeats,
        clients: group.clients,
        predicted: group.predicted,
        actual: group.actual,
    });
    Some(Checked {
        fitted_until: cut.to_string(),
        days,
        clients: found.clients,
        predicted: found.predicted,
        actual: found.actual,
        predicted_value,
        actual_value,
        correlation: found.correlation,
        mean_absolute_error: found.mean_absolute_error,
        share_of_top_fifth: found.share_of_top_fifth,
        by_repeats: groups.collect(),
    })
}
