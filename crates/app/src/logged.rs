//! What was done to keep subjects, and what came of it: the cases that chances of actions are learned from.
//!
//! A case is a subject, an action and a horizon with its gap: who leaves in the gap did not stay. Its risk is that of the
//! latest score that staff could have seen, by a learner that did not see the row; only its calibration, of a few
//! numbers, was fitted on the first block's rows too. The same action again within the horizon is the same case: it has the same outcome,
//! and counting it twice would make an interval narrower than what is known. Its family is the one that would have stood
//! first among those that call for action, as at scoring.

use std::collections::BTreeSet;

use asof::Snapshot;
use contract::Contract;
use decide::LoggedOutcome;
use domain::{ActionId, Family, NO_ACTION, Probability};
use learn::{Dataset, HeldOut, Model};
use warehouse::{Loaded, LoggedAction};

use crate::judge::{Contributions, in_order_of_weight};
use crate::learned::LearnedColumns;
use crate::reasons::{Signs, families};

/// A logged action with the row of the score that staff could have seen.
pub(crate) struct Acted<'a> {
    row: u32,
    action: &'a LoggedAction,
    /// Families that had a fact to show, in the order of [`families`].
    shown: Vec<bool>,
}

/// Logged actions after a cutoff of their subject; those before the first are passed over.
pub(crate) fn acted<'a>(contract: &Contract, loaded: &'a Loaded, snapshot: &Snapshot) -> Vec<Acted<'a>> {
    let every_days = i32::from(contract.cutoffs.every_days);
    let row_of = |action: &LoggedAction| {
        let before = snapshot.rows.partition_point(|row| row.subject < action.subject)
            ..snapshot.rows.partition_point(|row| row.subject <= action.subject);
        before.rev().find(|&row| {
            let cutoff = snapshot.rows[row].cutoff;
            cutoff.moment() < action.at && action.at.day() <= cutoff.0.plus(every_days)
        })
    };
    let rows: Vec<(usize, &LoggedAction)> =
        loaded.actions.iter().filter_map(|action| Some((row_of(action)?, action))).collect();
    let cutoffs: BTreeSet<_> = rows.iter().map(|&(row, _)| snapshot.rows[row].cutoff).collect();
    let signs = Signs::new(&loaded.specs, snapshot, &cutoffs, &LearnedColumns::new());
    rows.into_iter()
        .filter_map(|(row, action)| Some(Acted { row: u32::try_from(row).ok()?, action, shown: signs.shown(row) }))
        .collect()
}

/// The cases whose risk is known, each once.
pub(crate) fn outcomes(
    contract: &Contract,
    loaded: &Loaded,
    acted: Vec<Acted<'_>>,
    model: &Model,
    dataset: &Dataset,
    held_out: &[HeldOut],
) -> Result<Vec<LoggedOutcome>, learn::PredictError> {
    let mut risk: Vec<Option<f64>> = vec![None; dataset.rows()];
    for row in held_out {
        risk[row.row as usize] = Some(row.probability);
    }
    let known = acted.into_iter().filter(|acted| risk[acted.row as usize].is_some()).collect();
    let cases = one_a_horizon(known, contract.horizon.reach_days());
    let rows: Vec<u32> = cases.iter().map(|case| case.row).collect();
    let columns: Vec<learn::Column> = dataset.columns.iter().map(|column| column.take(&rows)).collect();
    let attributions = model.attribute(&columns)?;
    let contributions = Contributions::new(&loaded.specs, &attributions);
    let families = families(&loaded.specs);
    let through_the_gap = contract.horizon.with_gap();
    let outcome = |(at, case): (usize, &Acted<'_>)| {
        let risk = Probability::clamped(risk[case.row as usize].unwrap_or_default());
        LoggedOutcome {
            action: (case.action.action != NO_ACTION).then(|| ActionId(case.action.action.clone())),
            family: main_family(&families, &case.shown, &contributions.of_row(at)),
            band: contract.bands.band(risk),
            risk,
            stayed: loaded.leaves(row_of(dataset, case.row), through_the_gap) != Some(true),
            randomised: case.action.randomised,
            propensity: case.action.propensity.and_then(Probability::new),
        }
    };
    Ok(cases.iter().enumerate().map(outcome).collect())
}

fn row_of(dataset: &Dataset, row: u32) -> asof::Row {
    asof::Row { subject: dataset.subject[row as usize], cutoff: dataset.cutoff[row as usize] }
}

/// Leaves out what repeats an action on a subject within `reach_days` of the case it belongs to. Actions come by subject
/// and time.
fn one_a_horizon(acted: Vec<Acted<'_>>, reach_days: i32) -> Vec<Acted<'_>> {
    let mut cases: Vec<Acted<'_>> = Vec::with_capacity(acted.len());
    // Where the cases of the current subject begin.
    let mut first = 0;
    for next in acted {
        if cases.last().is_some_and(|last| last.action.subject != next.action.subject) {
            first = cases.len();
        }
        let is_repeated = cases[first..].iter().any(|case| {
            case.action.action == next.action.action && next.action.at.day() <= case.action.at.day().plus(reach_days)
        });
        if !is_repeated {
            cases.push(next);
        }
    }
    cases
}

/// The first of the families that call for action.
fn main_family(families: &[(Family, Vec<usize>)], shown: &[bool], contributions: &[f64]) -> Option<Family> {
    let calling = families.iter().zip(shown).filter_map(|((family, features), &shown)| {
        let contribution = features.iter().map(|&feature| contributions[feature]).sum();
        family.calls_for_action(contribution, shown).then_some((family, contribution))
    });
    in_order_of_weight(calling.collect()).first().map(|family| (*family).clone())
}

#[cfg(test)]
mod tests {
    use domain::{Day, Moment};

    use super::*;

    fn action(subject: u32, day: i32, action: &str) -> LoggedAction {
        LoggedAction {
            subject,
            at: Moment(Day(day).start().0 + 1),
            action: action.to_owned(),
            randomised: false,
            propensity: None,
        }
    }

    #[test]
    fn the_same_action_again_within_the_horizon_is_the_same_case() {
        let log = [
            action(1, 100, "call"),
            action(1, 110, "meeting"),
            action(1, 114, "call"),
            action(1, 130, "call"),
            action(1, 131, "call"),
            action(2, 131, "call"),
        ];
        let acted = log.iter().map(|action| Acted { row: 0, action, shown: vec![] }).collect();
        let cases = one_a_horizon(acted, 30);
        let kept: Vec<_> = cases.iter().map(|case| (case.action.subject, case.action.at.day().0)).collect();
        assert_eq!(kept, [(1, 100), (1, 110), (1, 131), (2, 131)]);
    }

    #[test]
    fn the_family_of_a_case_is_one_that_has_something_to_show() {
        let families = [("tenure", 0), ("homework", 1), ("payment", 2), ("attendance", 3)]
            .map(|(name, feature)| (Family::named(name), vec![feature]));
        let main = |shown: &[bool]| main_family(&families, shown, &[3.0, 2.0, 1.0, -1.0]);
        assert_eq!(main(&[true, true, true, true]), Some(Family::named("homework")));
        assert_eq!(main(&[true, false, true, true]), Some(Family::named("payment")));
        assert_eq!(main(&[true, false, false, true]), None);
    }
}
