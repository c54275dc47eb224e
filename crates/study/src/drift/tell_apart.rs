//! The domain classifier: boosted trees that tell two sets of rows apart, judged on subjects they did not see.

use std::collections::HashMap;

use domain::{Cutoff, Day};
use learn::metrics::{Ranking, auc};
use learn::{BoostSettings, Column, Dataset, Extras, FitError, MISSING, Recipe, Values, fit_recipe};

use super::{Domain, GivesAway, Side};
use crate::draw::{mix, sample};
use crate::estimate::{Estimate, Subjects};
use crate::{Settings, StudyError};

/// Rows of each side, at most.
const ROWS: usize = 10_000;

/// Folds of the cross-validation.
const FOLDS: u64 = 3;

/// Rounds of boosting.
const ROUNDS: usize = 60;

/// Rows that say which variables give it away.
const ATTRIBUTED: usize = 2_000;

/// Variables told.
const TOLD: usize = 10;

pub(super) fn tell_apart(
    pairs: &[(&Column, &Column)],
    first: &Side<'_>,
    second: &Side<'_>,
    settings: &Settings,
) -> Result<Domain, StudyError> {
    let drawn =
        |side: &Side<'_>, seed| sample(&(0..side.rows as u32).collect::<Vec<_>>(), ROWS, mix(settings.seed, seed));
    let (ours, theirs) = (drawn(first, 101), drawn(second, 102));
    let data = both(pairs, &ours, &theirs, first, second);
    let nothing = |value| Domain { rows: ours.len().max(theirs.len()), auc: value, gives_away: Vec::new() };
    let size = BoostSettings { leaves: 8, depth: 5, learning_rate: 0.1, ..BoostSettings::default() };
    let recipe = Recipe::Boosted { settings: size, extras: Extras::None, rounds: ROUNDS };
    let fit = learn::Settings { seed: settings.seed, chains: 1, ..learn::Settings::default() };
    let part = |row: u32| mix(mix(settings.seed, 103), u64::from(data.subject[row as usize])) % FOLDS;
    let every: Vec<u32> = (0..data.rows() as u32).collect();
    let mut said = vec![0.0; data.rows()];
    for fold in 0..FOLDS {
        let (tested, train): (Vec<u32>, Vec<u32>) = every.iter().partition(|&&row| part(row) == fold);
        let model = match fit_recipe(&data, &train, &recipe, &fit) {
            Ok(model) => model,
            // Nothing varies, or the few rows fell on one side: they cannot be told apart.
            Err(FitError::AllConstant { .. } | FitError::OneClass { .. } | FitError::TooFewSubjects { .. }) => {
                return Ok(nothing(Estimate { value: 0.5, low: 0.0, high: 1.0 }));
            }
            Err(problem) => return Err(problem.into()),
        };
        let columns: Vec<Column> = data.columns.iter().map(|column| column.take(&tested)).collect();
        for (row, probability) in tested.into_iter().zip(model.predict(&columns)?) {
            said[row as usize] = probability.get();
        }
    }
    let ranking = Ranking::new(&said, &data.label, None);
    let subjects = Subjects::new(data.subject.iter().copied(), settings.draws, mix(settings.seed, 104));
    let redrawn =
        subjects.redraw(|times| vec![auc(&ranking.reweighted(|index| times[index as usize])).unwrap_or(f64::NAN)]);
    let model = fit_recipe(&data, &every, &recipe, &fit)?;
    let rows = sample(&every, ATTRIBUTED, mix(settings.seed, 105));
    let columns: Vec<Column> = data.columns.iter().map(|column| column.take(&rows)).collect();
    let weights = model.attribute(&columns)?.mean_absolute();
    let whole: f64 = weights.iter().sum();
    let mut gives_away: Vec<GivesAway> = data
        .columns
        .iter()
        .zip(weights)
        .filter(|(_, weight)| *weight > 0.0)
        .map(|(column, attribution)| GivesAway { name: column.name.clone(), attribution, share: attribution / whole })
        .collect();
    gives_away.sort_by(|a, b| b.attribution.total_cmp(&a.attribution).then_with(|| a.name.cmp(&b.name)));
    gives_away.truncate(TOLD);
    Ok(Domain { auc: redrawn.estimate(0), gives_away, ..nothing(Estimate::exact(0.5)) })
}

/// Rows of both sides as one table, labelled by their side.
fn both(pairs: &[(&Column, &Column)], ours: &[u32], theirs: &[u32], first: &Side<'_>, second: &Side<'_>) -> Dataset {
    let rows = ours.len() + theirs.len();
    let subject = match (first.subject, second.subject) {
        (Some(a), Some(b)) => {
            let ours = ours.iter().map(|&row| a[row as usize]);
            ours.chain(theirs.iter().map(|&row| b[row as usize])).collect()
        }
        _ => (0..rows as u32).collect(),
    };
    Dataset {
        columns: pairs.iter().map(|(a, b)| joined(&a.take(ours), &b.take(theirs))).collect(),
        label: (0..rows).map(|row| row >= ours.len()).collect(),
        cutoff: vec![Cutoff(Day(0)); rows],
        subject,
        weight: None,
    }
}

/// One column after the other; levels are the same where their names are.
fn joined(first: &Column, second: &Column) -> Column {
    match (&first.values, &second.values) {
        (Values::Number(a), Values::Number(b)) => Column::number(&first.name, [a.as_slice(), b].concat()),
        (Values::Category { codes: a, levels }, Values::Category { codes: b, levels: others }) => {
            let mut levels = levels.clone();
            let mut known: HashMap<String, u32> = levels.iter().cloned().zip(0..).collect();
            let mut renamed = Vec::with_capacity(others.len());
            for level in others {
                let next = levels.len() as u32;
                let code = *known.entry(level.clone()).or_insert(next);
                if code == next {
                    levels.push(level.clone());
                }
                renamed.push(code);
            }
            let theirs = b.iter().map(|&code| if code == MISSING { MISSING } else { renamed[code as usize] });
            Column::category(&first.name, a.iter().copied().chain(theirs).collect(), levels)
        }
        // Pairs are of one kind.
        _ => first.clone(),
    }
}
