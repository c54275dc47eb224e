//! What the model rests on: how much each variable moves scores, and how much worse the order gets without it.
//!
//! *Attribution* is the mean absolute log-odds that a variable adds (exact TreeSHAP, Lundberg et al. 2020; linear terms
//! exactly), by the final model over a sample of all rows. *AUC drop* is the AUC of a model on rows that it did not see minus
//! its AUC after the variable's values were shuffled among those rows, the mean of several shuffles (Breiman 2001; Fisher et
//! al. 2019). Intervals redraw subjects. Variables of a correlated group cover for each other, so that each alone looks
//! unimportant: groups are summed and shuffled as one.

use std::collections::HashMap;

use learn::metrics::{Ranking, auc};
use learn::{Attributions, Column};
use serde::Serialize;

use crate::draw::{mix, sample};
use crate::estimate::{Estimate, Subjects};
use crate::groups::Groups;
use crate::refit::Refits;
use crate::{Input, Settings, StudyError};

/// Variables that are shuffled.
const SHUFFLED: usize = 40;

/// Groups that are shuffled.
const SHUFFLED_GROUPS: usize = 10;

/// Shuffles of each.
const SHUFFLES: u64 = 3;

/// Kept rows that are shuffled, at most.
const SHUFFLED_ROWS: usize = 6_000;

/// Rows attributed, at most, and values that bound them on wide tables.
const ATTRIBUTED_ROWS: usize = 4_000;
const ATTRIBUTED_VALUES: usize = 20_000_000;

/// Redrawn sets of subjects, at most: there are many numbers.
const DRAWS: usize = 200;

/// Variables by their weight in the model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Importance {
    /// Rows attributed.
    pub attributed_rows: usize,
    /// Rows shuffled.
    pub shuffled_rows: usize,
    /// AUC of those as they are.
    pub auc: f64,
    /// Variables by falling attribution.
    pub variables: Vec<VariableImportance>,
    /// Correlated groups, by falling attribution.
    pub groups: Vec<GroupImportance>,
}

/// A variable's weight.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VariableImportance {
    /// Its column.
    pub name: String,
    /// Mean absolute log-odds that it adds.
    pub attribution: Estimate,
    /// Its share in the sum over all variables.
    pub share: f64,
    /// Fall of AUC when it is shuffled; nothing for variables past the 40 of the largest attribution.
    pub auc_drop: Option<Estimate>,
}

/// The weight of correlated variables together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupImportance {
    /// Its variables, the most important first.
    pub columns: Vec<String>,
    /// Mean absolute sum of the log-odds that they add.
    pub attribution: Estimate,
    /// Fall of AUC when they are shuffled together; nothing for groups past the 10 of the largest attribution.
    pub auc_drop: Option<Estimate>,
}

/// Columns by their places in the table.
type Columns = Vec<usize>;

/// Attributes a sample of all rows, and shuffles kept rows.
pub(crate) fn importance(
    input: &Input<'_>,
    refits: &Refits<'_>,
    groups: &Groups,
    settings: &Settings,
) -> Result<Importance, StudyError> {
    let dataset = input.dataset;
    let most = (ATTRIBUTED_VALUES / dataset.columns.len().max(1)).clamp(500, ATTRIBUTED_ROWS);
    let rows = sample(&(0..dataset.rows() as u32).collect::<Vec<_>>(), most, mix(settings.seed, 71));
    let columns: Vec<Column> = dataset.columns.iter().map(|column| column.take(&rows)).collect();
    let attributions = input.model.attribute(&columns)?;
    let by_name: HashMap<&str, usize> =
        dataset.columns.iter().enumerate().map(|(place, column)| (column.name.as_str(), place)).collect();
    let singles: Vec<Columns> = (0..dataset.columns.len()).map(|column| vec![column]).collect();
    let together: Vec<Columns> =
        groups.groups.iter().map(|group| group.columns.iter().map(|name| by_name[name.as_str()]).collect()).collect();
    let draws = Settings { draws: settings.draws.min(DRAWS), ..settings.clone() };
    let subjects = rows.iter().map(|&row| dataset.subject[row as usize]);
    let subjects = Subjects::new(subjects, draws.draws, mix(settings.seed, 72));
    let singles = heaviest_first(weigh(&attributions, dataset, singles, &subjects));
    let together = heaviest_first(weigh(&attributions, dataset, together, &subjects));

    let shuffled: Vec<&Columns> = singles.iter().take(SHUFFLED).map(|(columns, _)| columns).collect();
    let shuffled_groups = together.iter().take(SHUFFLED_GROUPS).map(|(columns, _)| columns);
    let shuffled: Vec<&Columns> = shuffled.into_iter().chain(shuffled_groups).collect();
    let fall = falls(refits, &shuffled, &draws)?;
    let (of_singles, of_groups) = fall.drops.split_at(singles.len().min(SHUFFLED));
    let whole: f64 = singles.iter().map(|(_, weight)| weight.value).sum();
    let name = |column: usize| dataset.columns[column].name.clone();
    let variable = |(place, (columns, attribution)): (usize, (Columns, Estimate))| VariableImportance {
        name: name(columns[0]),
        attribution,
        share: if whole > 0.0 { attribution.value / whole } else { 0.0 },
        auc_drop: of_singles.get(place).copied(),
    };
    let group = |(place, (columns, attribution)): (usize, (Columns, Estimate))| GroupImportance {
        columns: columns.into_iter().map(name).collect(),
        attribution,
        auc_drop: of_groups.get(place).copied(),
    };
    Ok(Importance {
        attributed_rows: rows.len(),
        shuffled_rows: fall.rows,
        auc: fall.auc,
        variables: singles.into_iter().enumerate().map(variable).collect(),
        groups: together.into_iter().enumerate().map(group).collect(),
    })
}

/// Mean absolute sum of what each set of columns adds.
fn weigh(
    attributions: &Attributions,
    dataset: &learn::Dataset,
    sets: Vec<Columns>,
    subjects: &Subjects,
) -> Vec<(Columns, Estimate)> {
    let place: HashMap<&str, usize> =
        attributions.columns.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
    let places: Vec<Vec<usize>> = sets
        .iter()
        .map(|set| set.iter().filter_map(|&column| place.get(dataset.columns[column].name.as_str()).copied()).collect())
        .collect();
    let redrawn = subjects.redraw(|times| {
        let mut sums = vec![0.0; places.len()];
        for (row, &weight) in times.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
            let values = attributions.row(row);
            for (sum, places) in sums.iter_mut().zip(&places) {
                *sum += weight * places.iter().map(|&place| values[place]).sum::<f64>().abs();
            }
        }
        let total: f64 = times.iter().sum();
        sums.iter_mut().for_each(|sum| *sum /= total);
        sums
    });
    sets.into_iter().enumerate().map(|(index, set)| (set, redrawn.estimate(index))).collect()
}

fn heaviest_first(mut weighed: Vec<(Columns, Estimate)>) -> Vec<(Columns, Estimate)> {
    weighed.sort_by(|a, b| b.1.value.total_cmp(&a.1.value).then(a.0.cmp(&b.0)));
    weighed
}

/// How far AUC falls by shuffling each set of columns.
struct Falls {
    rows: usize,
    auc: f64,
    drops: Vec<Estimate>,
}

fn falls(refits: &Refits<'_>, sets: &[&Columns], settings: &Settings) -> Result<Falls, StudyError> {
    let kept = &refits.kept;
    let every: Vec<u32> = (0..kept.rows.len() as u32).collect();
    let rows = sample(&every, SHUFFLED_ROWS, mix(settings.seed, 73));
    let mut columns: Vec<Column> = kept.columns.iter().map(|column| column.take(&rows)).collect();
    let of_row = |values: &[f64]| -> Vec<f64> { rows.iter().map(|&row| values[row as usize]).collect() };
    let label: Vec<bool> = rows.iter().map(|&row| kept.label[row as usize]).collect();
    let weight = of_row(&kept.weight);
    let ranked = |columns: &[Column]| -> Result<Ranking, StudyError> {
        let said: Vec<f64> = refits.full.predict(columns)?.into_iter().map(domain::Probability::get).collect();
        Ok(Ranking::new(&said, &label, Some(&weight)))
    };
    let mut rankings = vec![ranked(&columns)?];
    for (index, set) in sets.iter().enumerate() {
        for shuffle in 0..SHUFFLES {
            let seed = mix(mix(settings.seed, 74 + shuffle), index as u64);
            let order = shuffled(rows.len(), seed);
            let own: Vec<Column> = set.iter().map(|&column| columns[column].clone()).collect();
            for &column in *set {
                columns[column] = columns[column].take(&order);
            }
            rankings.push(ranked(&columns)?);
            for (&column, own) in set.iter().zip(own) {
                columns[column] = own;
            }
        }
    }
    let subjects = rows.iter().map(|&row| kept.subject[row as usize]);
    let redrawn = Subjects::new(subjects, settings.draws, mix(settings.seed, 75)).redraw(|times| {
        let of = |ranking: &Ranking| auc(&ranking.reweighted(|index| times[index as usize])).unwrap_or(f64::NAN);
        let whole = of(&rankings[0]);
        let by_set = rankings[1..].chunks(SHUFFLES as usize);
        let drops = by_set.map(|set| whole - set.iter().map(of).sum::<f64>() / set.len() as f64);
        std::iter::once(whole).chain(drops).collect()
    });
    let drops = (0..sets.len()).map(|set| redrawn.estimate(set + 1)).collect();
    Ok(Falls { rows: rows.len(), auc: redrawn.estimate(0).value, drops })
}

/// Rows in random order.
fn shuffled(rows: usize, seed: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..rows as u32).collect();
    order.sort_by_key(|&row| mix(seed, u64::from(row)));
    order
}
