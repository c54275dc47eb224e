//! What actions share in one round, and the rules about contacts.

use std::collections::BTreeMap;

use domain::{Family, Money};
use jiff::civil::Time;

use super::labels;
use super::tables::Layout;
use crate::core::{Limits, OptOut, PlannedAction, QuietHours, Resource, Unit};
use crate::document::{KeyPath, Report};
use crate::suggest::{did_you_mean, one_of};
use crate::wire::{DecisionWire, ResourceWire, UnitWire};

/// Families in which the academy's kit knows what a student could do.
const CHANGEABLE: [&str; 3] = ["attendance", "homework", "payment"];
/// The key of an opt-out from everything.
const EVERY_CHANNEL: &str = "all";

pub(super) fn limits(
    decision: Option<DecisionWire>,
    resources: BTreeMap<String, ResourceWire>,
    layout: &Layout,
    report: &mut Report<'_>,
) -> Limits {
    let resources = self::resources(resources, layout, report);
    let Some(decision) = decision else { return Limits { resources, ..Limits::default() } };
    let path = KeyPath::of(["decision"]);
    let opt_outs = decision.opt_out.iter().map(|(channel, column)| OptOut {
        channel: (channel != EVERY_CHANNEL).then(|| channel.clone()),
        column: layout.scope().stated(column),
    });
    Limits {
        resources,
        budget: decision.budget.map(Money::from_major),
        contact_every_days: decision.contact_every_days,
        quiet_hours: decision.quiet_hours.and_then(|text| quiet_hours(&text, &path.child("quiet_hours"), report)),
        opt_outs: opt_outs.collect(),
        explore: decision.explore.unwrap_or_default(),
        holdout: decision.holdout.unwrap_or_default(),
        changeable: decision.changeable.map(|names| changeable(&names, &path.child("changeable"), report)),
    }
}

/// What actions and limits say of each other.
pub(super) fn check_against(limits: &Limits, actions: &[PlannedAction], report: &mut Report<'_>) {
    for (at, resource) in limits.resources.iter().enumerate() {
        if actions.iter().all(|action| action.uses[at] == 0) {
            let path = KeyPath::of(["resources"]).child(&resource.name);
            let expected = format!("an action that takes it: `uses = {{ {} = 1 }}`", resource.name);
            report.add(&path, "found a resource that no action uses", expected);
        }
    }
    let channels = || actions.iter().filter_map(|action| action.channel.as_deref());
    for channel in limits.opt_outs.iter().filter_map(|opt_out| opt_out.channel.as_deref()) {
        if !channels().any(|known| known == channel) {
            let path = KeyPath::of(["decision", "opt_out"]).child(channel);
            let mut known: Vec<&str> = channels().chain([EVERY_CHANNEL]).collect();
            known.sort_unstable();
            known.dedup();
            let expected = format!("the `channel` of an action: {}", one_of(known.iter().copied()));
            report.suggest(&path, format!("found {channel:?}"), expected, did_you_mean(channel, known));
        }
    }
}

/// Names of actions and resources stand in files and logs.
pub(super) fn check_name(name: &str, path: &KeyPath, report: &mut Report<'_>) {
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !starts_well || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        let suggestion = Some("put what staff call it into `label`".to_owned());
        let expected = "a small letter, then small letters, digits and `_`";
        report.suggest(path, format!("found the name {name:?}"), expected, suggestion);
    }
}

/// All resources in the file's order.
fn resources(mut wires: BTreeMap<String, ResourceWire>, layout: &Layout, report: &mut Report<'_>) -> Vec<Resource> {
    let path = KeyPath::of(["resources"]);
    let mut resources = Vec::with_capacity(wires.len());
    for name in report.document.keys(&path) {
        let Some(wire) = wires.remove(&name) else { continue };
        check_name(&name, &path.child(&name), report);
        resources.push(Resource {
            labels: labels(wire.label.as_ref()),
            capacity: u64::from(wire.capacity),
            unit: wire.unit.map(unit),
            per: wire.per.map(|per| layout.scope().stated(&per)),
            name,
        });
    }
    resources
}

fn unit(wire: UnitWire) -> Unit {
    match wire {
        UnitWire::Minute => Unit::Minute,
        UnitWire::Hour => Unit::Hour,
        UnitWire::Call => Unit::Call,
        UnitWire::Message => Unit::Message,
        UnitWire::Lesson => Unit::Lesson,
        UnitWire::Place => Unit::Place,
    }
}

/// `21:00-09:00`.
fn quiet_hours(text: &str, path: &KeyPath, report: &mut Report<'_>) -> Option<QuietHours> {
    let time = |text: &str| Time::strptime("%H:%M", text.trim()).ok();
    let hours =
        text.split_once('-').and_then(|(from, until)| Some(QuietHours { from: time(from)?, until: time(until)? }));
    let hours = hours.filter(|hours| hours.from != hours.until);
    if hours.is_none() {
        report.add(path, format!("found {text:?}"), "two different times of the day such as `21:00-09:00`");
    }
    hours
}

fn changeable(names: &[String], path: &KeyPath, report: &mut Report<'_>) -> Vec<Family> {
    for (i, name) in names.iter().enumerate().filter(|(_, name)| !CHANGEABLE.contains(&name.as_str())) {
        report.suggest(&path.item(i), format!("found {name:?}"), one_of(CHANGEABLE), did_you_mean(name, CHANGEABLE));
    }
    names.iter().map(|name| Family(name.clone().into())).collect()
}
