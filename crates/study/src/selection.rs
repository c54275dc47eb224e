//! How few variables would do: quality on kept rows of models of the 5, 10, 20, 40 most important variables, and of all.
//!
//! Variables are ordered by mean absolute attribution of a model fitted on the training rows only, so that kept rows have no
//! say in the order. The smallest set is the one with the fewest variables whose log-loss is within one standard error of
//! the lowest, the error of the paired difference over redrawn subjects (Breiman et al. 1984).

use learn::metrics::{auc, log_loss};
use learn::{Column, Dataset};
use serde::Serialize;

use crate::draw::{mix, sample};
use crate::estimate::Estimate;
use crate::refit::Refits;
use crate::{Settings, StudyError};

const SIZES: [usize; 4] = [5, 10, 20, 40];

/// Training rows that order the variables, at most.
const ORDERING_ROWS: usize = 4_000;

/// Quality by number of variables.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Selection {
    /// Rows judged.
    pub kept_rows: usize,
    /// By rising number of variables; the last holds all of them.
    pub points: Vec<SelectionPoint>,
    /// Variables of the smallest set within one standard error of the best.
    pub smallest: usize,
    /// All columns that the model uses, the most important on training rows first.
    pub order: Vec<String>,
}

/// A model of the most important variables.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SelectionPoint {
    /// How many: the first so many of the order; for all, every column of the table.
    pub variables: usize,
    /// Area under the ROC curve.
    pub auc: Estimate,
    /// Log-loss.
    pub log_loss: Estimate,
    /// Log-loss minus the lowest of the points.
    pub gap: f64,
    /// Standard error of that gap; 0 for the lowest itself.
    pub gap_error: f64,
}

/// Fits on the first so many variables and judges on the kept rows.
pub(crate) fn selection(refits: &Refits<'_>, settings: &Settings) -> Result<Selection, StudyError> {
    let order = order(refits, settings.seed)?;
    let all = refits.data.columns.len();
    let sizes: Vec<usize> = SIZES.into_iter().filter(|&size| size < order.len()).collect();
    let mut rankings = Vec::new();
    for &size in &sizes {
        // In the table's order: fits depend on it only in ties.
        let mut chosen = order[..size].to_vec();
        chosen.sort_unstable();
        let columns: Vec<Column> = chosen.iter().map(|&column| refits.data.columns[column].clone()).collect();
        let data = Dataset {
            columns,
            label: refits.data.label.clone(),
            cutoff: refits.data.cutoff.clone(),
            subject: refits.data.subject.clone(),
            weight: refits.data.weight.clone(),
        };
        let model = refits.fit(&data, &refits.train)?;
        rankings.push(refits.kept.ranking(&refits.kept.probability(&model)?));
    }
    rankings.push(refits.kept.ranking(&refits.kept.probability(&refits.full)?));
    let redrawn = refits.kept.subjects(settings, 61).redraw(|times| {
        let redrawn = rankings.iter().map(|ranking| ranking.reweighted(|index| times[index as usize]));
        redrawn.flat_map(|r| [auc(&r).unwrap_or(f64::NAN), log_loss(&r).unwrap_or(f64::NAN)]).collect()
    });
    let loss = |point: usize| redrawn.estimate(point * 2 + 1).value;
    let best = (0..rankings.len()).min_by(|&a, &b| loss(a).total_cmp(&loss(b))).unwrap_or(0);
    let point = |(index, variables)| SelectionPoint {
        variables,
        auc: redrawn.estimate(index * 2),
        log_loss: redrawn.estimate(index * 2 + 1),
        gap: loss(index) - loss(best),
        gap_error: redrawn.difference_error(index * 2 + 1, best * 2 + 1),
    };
    let points: Vec<SelectionPoint> = sizes.into_iter().chain([all]).enumerate().map(point).collect();
    let smallest = points.iter().find(|point| point.gap <= point.gap_error).map_or(all, |point| point.variables);
    Ok(Selection {
        kept_rows: refits.kept.rows.len(),
        points,
        smallest,
        order: order.into_iter().map(|column| refits.data.columns[column].name.clone()).collect(),
    })
}

/// Columns that the model of the training rows uses, the heaviest first.
fn order(refits: &Refits<'_>, seed: u64) -> Result<Vec<usize>, StudyError> {
    let rows = sample(&refits.train, ORDERING_ROWS, mix(seed, 62));
    let columns: Vec<Column> = refits.data.columns.iter().map(|column| column.take(&rows)).collect();
    let weights = refits.full.attribute(&columns)?.mean_absolute();
    let mut order: Vec<usize> = (0..weights.len()).filter(|&column| weights[column] > 0.0).collect();
    order.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]).then(a.cmp(&b)));
    Ok(order)
}
