//! How well purchases are predicted: fitted to the earlier part, compared with the later part.

use rayon::prelude::*;

use crate::{BgNbd, History};

/// A client of the earlier part, and what it did in the later one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// Its history in the earlier part.
    pub history: History,
    /// Purchases in the later part.
    pub actual: u32,
}

/// Predicted against actual purchases.
#[derive(Clone, Debug, PartialEq)]
pub struct Holdout {
    /// Clients of the earlier part.
    pub clients: usize,
    /// Purchases that were predicted, over all.
    pub predicted: f64,
    /// Purchases there were, over all.
    pub actual: u64,
    /// By purchases after the first in the earlier part, up to the last group.
    pub by_repeats: Vec<Group>,
    /// Mean absolute difference of a client's purchases.
    pub mean_absolute_error: f64,
    /// Correlation of predicted and actual; nothing where one is constant.
    pub correlation: Option<f64>,
    /// The share of all actual purchases that the fifth of clients predicted highest made; nothing where there were none.
    pub share_of_top_fifth: Option<f64>,
}

/// Clients with as many repeat purchases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    /// Purchases after the first; of the last group, at least so many.
    pub repeats: u32,
    /// Clients.
    pub clients: usize,
    /// Predicted for an average one of them.
    pub predicted: f64,
    /// Actual of an average one of them.
    pub actual: f64,
}

/// Compares what the model of the earlier part says of the next `time` with what came, in groups up to `last_group` repeats.
pub fn holdout(model: &BgNbd, held: &[Held], time: f64, last_group: u32) -> Holdout {
    let predicted: Vec<f64> = held.par_iter().map(|client| model.expected(&client.history, time)).collect();
    let n = held.len().max(1) as f64;
    let mut groups: Vec<Group> =
        (0..=last_group).map(|repeats| Group { repeats, clients: 0, predicted: 0.0, actual: 0.0 }).collect();
    let (mut sum, mut actual, mut error) = (0.0, 0_u64, 0.0);
    for (client, &predicted) in held.iter().zip(&predicted) {
        let group = &mut groups[client.history.repeats.min(last_group) as usize];
        group.clients += 1;
        group.predicted += predicted;
        group.actual += f64::from(client.actual);
        sum += predicted;
        actual += u64::from(client.actual);
        error += (predicted - f64::from(client.actual)).abs();
    }
    for group in &mut groups {
        let clients = group.clients.max(1) as f64;
        (group.predicted, group.actual) = (group.predicted / clients, group.actual / clients);
    }
    groups.retain(|group| group.clients > 0);
    let mut order: Vec<usize> = (0..held.len()).collect();
    order.sort_by(|&a, &b| predicted[b].total_cmp(&predicted[a]).then(a.cmp(&b)));
    let top: u64 = order[..held.len().div_ceil(5)].iter().map(|&client| u64::from(held[client].actual)).sum();
    Holdout {
        clients: held.len(),
        predicted: sum,
        actual,
        by_repeats: groups,
        mean_absolute_error: error / n,
        correlation: correlation(held, &predicted),
        share_of_top_fifth: (actual > 0).then(|| top as f64 / actual as f64),
    }
}

fn correlation(held: &[Held], predicted: &[f64]) -> Option<f64> {
    let n = held.len() as f64;
    let mean_x = predicted.iter().sum::<f64>() / n;
    let mean_y = held.iter().map(|client| f64::from(client.actual)).sum::<f64>() / n;
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (client, x) in held.iter().zip(predicted) {
        let (x, y) = (x - mean_x, f64::from(client.actual) - mean_y);
        xy += x * y;
        xx += x * x;
        yy += y * y;
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_sums_count_everybody_once() {
        let model = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
        let client = |repeats: u32, actual| Held {
            history: History { repeats, recency: if repeats > 0 { 20.0 } else { 0.0 }, age: 39.0 },
            actual,
        };
        let held = [client(0, 0), client(0, 1), client(3, 2), client(9, 5), client(12, 6)];
        let found = holdout(&model, &held, 39.0, 7);
        assert_eq!((found.clients, found.actual), (5, 14));
        let groups: Vec<(u32, usize, f64)> =
            found.by_repeats.iter().map(|g| (g.repeats, g.clients, g.actual)).collect();
        assert_eq!(groups, [(0, 2, 0.5), (3, 1, 2.0), (7, 2, 5.5)]);
        let again: f64 = found.by_repeats.iter().map(|g| g.predicted * g.clients as f64).sum();
        assert!((again - found.predicted).abs() < 1e-12);
        assert!(found.share_of_top_fifth.is_some_and(|share| share <= 6.0 / 14.0));
    }
}
