//! Actions: what they cost, what experts expect of them, and whom they suit.

use std::collections::BTreeMap;

use domain::{Action, ActionId, Family, Money, NO_ACTION, Need, Probability};

use super::labels;
use super::limits::check_name;
use crate::core::{Limits, PlannedAction};
use crate::document::{KeyPath, Report};
use crate::kits::{Kit, Role};
use crate::suggest::{did_you_mean, one_of};
use crate::table::Table;
use crate::wire::{ActionWire, AmountWire};

const PRIOR_CASES: f64 = 20.0;

/// All actions in the file's order.
pub(super) fn actions(
    mut wires: BTreeMap<String, ActionWire>,
    kit: Kit,
    tables: &[Table],
    chance_no_action: Probability,
    limits: &Limits,
    report: &mut Report<'_>,
) -> Vec<PlannedAction> {
    let families = families(kit, tables);
    let path = KeyPath::of(["actions"]);
    let mut actions = Vec::new();
    for name in report.document.keys(&path) {
        let Some(wire) = wires.remove(&name) else { continue };
        let path = path.child(&name);
        check_name(&name, &path, report);
        if name == NO_ACTION {
            let expected = "another name: in files and logs it stands for doing nothing";
            report.add(&path, format!("found the name {name:?}"), expected);
        }
        let prior_chance = Probability::clamped(wire.chance);
        if prior_chance < chance_no_action {
            let expected = format!("at least `decision.chance_no_action`, {}", chance_no_action.get());
            report.add(&path.child("chance"), format!("found {}", wire.chance), expected);
        }
        let action = Action {
            id: ActionId(name),
            cost: Money::from_major(wire.cost),
            capacity: wire.capacity,
            need: need(&wire.needs, &families, &path.child("needs"), report),
            prior_chance,
            prior_cases: wire.prior_cases.unwrap_or(PRIOR_CASES),
        };
        actions.push(PlannedAction {
            action,
            labels: labels(wire.label.as_ref()),
            uses: uses(&wire.uses, limits, &path.child("uses"), report),
            channel: wire.channel,
        });
    }
    actions
}

/// How much an action takes of each resource.
fn uses(wires: &BTreeMap<String, AmountWire>, limits: &Limits, path: &KeyPath, report: &mut Report<'_>) -> Vec<u64> {
    let known = || limits.resources.iter().map(|resource| resource.name.as_str());
    for name in wires.keys().filter(|name| !known().any(|resource| resource == *name)) {
        let expected = match known().next() {
            Some(_) => one_of(known()),
            None => format!("a resource that the file has: add [resources.{name}] with its `capacity`"),
        };
        report.suggest(&path.child(name), format!("found {name:?}"), expected, did_you_mean(name, known()));
    }
    known().map(|name| wires.get(name).map_or(0, |amount| u64::from(amount.0))).collect()
}

fn need(names: &[String], families: &[Family], path: &KeyPath, report: &mut Report<'_>) -> Need {
    let known = || families.iter().map(|family| family.0.as_ref());
    for (i, name) in names.iter().enumerate().filter(|(_, name)| !known().any(|family| family == *name)) {
        let path = path.item(i);
        report.suggest(&path, format!("found {name:?}"), one_of(known()), did_you_mean(name, known()));
    }
    match names {
        [] => Need::None,
        names => Need::Reason(names.iter().map(|name| Family(name.clone().into())).collect()),
    }
}

/// Families that can be a reason to act: not who the subject is, nor what staff did before.
fn families(kit: Kit, tables: &[Table]) -> Vec<Family> {
    let gives_reasons = |role: Option<Role>| !matches!(role, Some(Role::Students | Role::Subscribers | Role::Actions));
    let of_kit = kit.roles().iter().filter(|spec| gives_reasons(Some(spec.role))).map(|spec| spec.family.clone());
    let of_tables = tables.iter().filter(|table| gives_reasons(table.role)).map(|table| table.family.clone());
    let mut families: Vec<Family> = of_kit.collect();
    for family in of_tables {
        if !families.contains(&family) {
            families.push(family);
        }
    }
    families
}
