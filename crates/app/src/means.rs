//! What there is to act with, and who must not be acted on, as the contract and the data say.

use std::collections::BTreeMap;

use contract::{Contract, Resource, Unit};
use decide::{Means, Pools, Price, Scarce};
use domain::{Barred, Day, Money, NO_ACTION};
use narrate::{Message, Narrator};
use warehouse::Loaded;

/// How many minutes more are asked about: an hour.
const MINUTES_MORE: u64 = 60;

/// The means of a round that is decided at the end of `as_of`, for subjects by their codes.
pub(crate) fn means(contract: &Contract, loaded: &Loaded, subjects: &[u32], as_of: Day) -> Means {
    let limits = &contract.limits;
    let resources = limits.resources.iter().enumerate().map(|(at, resource)| decide::Resource {
        name: resource.name.clone(),
        uses: contract.actions.iter().map(|action| action.uses[at]).collect(),
        capacity: resource.capacity,
        pools: resource.per.as_ref().map(|_| pools(&loaded.pools[at], subjects)),
        step: if resource.unit == Some(Unit::Minute) { MINUTES_MORE } else { 1 },
    });
    Means { resources: resources.collect(), budget: limits.budget, barred: barred(contract, loaded, subjects, as_of) }
}

/// Pools in the order of their names.
fn pools(whose: &[Option<String>], subjects: &[u32]) -> Pools {
    let of = |subject: &u32| whose[*subject as usize].as_deref().filter(|name| !name.is_empty());
    let mut numbers: BTreeMap<&str, u32> = subjects.iter().filter_map(of).map(|name| (name, 0)).collect();
    for (number, at) in (0..).zip(numbers.values_mut()) {
        *at = number;
    }
    Pools {
        names: numbers.keys().map(|name| (*name).to_owned()).collect(),
        of: subjects.iter().map(|subject| of(subject).map(|name| numbers[name])).collect(),
    }
}

/// What subjects asked for, and the days of rest after a contact; empty where the contract has no such rule.
fn barred(contract: &Contract, loaded: &Loaded, subjects: &[u32], as_of: Day) -> Vec<Option<Barred>> {
    let limits = &contract.limits;
    if limits.opt_outs.is_empty() && limits.contact_every_days.is_none() {
        return Vec::new();
    }
    let contacted = last_contacts(loaded);
    let mut barred = Vec::with_capacity(subjects.len() * contract.actions.len());
    for &subject in subjects {
        let rests = limits.contact_every_days.and_then(|days| {
            let last = *contacted.get(&subject)?;
            // The first contact that scores of this day can lead to is tomorrow's.
            (as_of.0 + 1 - last.0 < i32::from(days)).then_some(Barred::ContactedOn(last))
        });
        for action in &contract.actions {
            let asked = limits.opt_outs.iter().zip(&loaded.opted_out).any(|(opt_out, asked)| {
                let is_about = opt_out.channel.is_none() || opt_out.channel == action.channel;
                is_about && asked[subject as usize]
            });
            barred.push(if asked { Some(Barred::OptedOut) } else { rests });
        }
    }
    barred
}

/// The day of each subject's last action, whoever chose it.
fn last_contacts(loaded: &Loaded) -> BTreeMap<u32, Day> {
    let mut last = BTreeMap::new();
    for action in loaded.actions.iter().filter(|action| action.action != NO_ACTION) {
        let day = last.entry(action.subject).or_insert(action.at.day());
        *day = action.at.day().max(*day);
    }
    last
}

/// The earliest moment at which somebody may be contacted after the end of `as_of`, where the contract has quiet hours:
/// `2026-11-21 09:00`, in its time zone.
pub(crate) fn contact_from(contract: &Contract, as_of: Day) -> Option<String> {
    let time = contract.limits.quiet_hours?.first_welcome();
    Some(format!("{} {}", as_of.plus(1), time.strftime("%H:%M")))
}

/// What a price is of, for files: the kind, the contract's name, and whose it is.
pub(crate) fn named<'a>(contract: &'a Contract, price: &'a Price) -> (&'static str, &'a str, Option<&'a str>) {
    match &price.scarce {
        Scarce::Places(action) => ("places", &action.0, None),
        Scarce::Resource { at, pool } => ("resource", &contract.limits.resources[*at].name, pool.as_deref()),
        Scarce::Budget => ("budget", "budget", None),
    }
}

/// A price in a sentence.
pub(crate) fn sentence(contract: &Contract, words: &Narrator, price: &Price) -> String {
    let worth = ("worth", words.money(price.worth).into());
    match &price.scarce {
        Scarce::Places(action) => words.tell(
            Message::Price,
            [
                ("action", words.action(Some(action)).into()),
                ("capacity", usize::try_from(price.capacity).unwrap_or(usize::MAX).into()),
                worth,
            ],
        ),
        Scarce::Resource { at, pool } => {
            let resource = &contract.limits.resources[*at];
            words.tell(
                Message::PriceMeans,
                [
                    ("resource", label(contract, resource).into()),
                    ("whose", pool.as_deref().unwrap_or("none").into()),
                    ("capacity", units(words, resource, price.capacity).into()),
                    ("step", units(words, resource, price.step).into()),
                    worth,
                ],
            )
        }
        Scarce::Budget => {
            let [capacity, step] = [price.capacity, price.step].map(|amount| money(words, amount));
            words.tell(Message::PriceBudget, [("capacity", capacity.into()), ("step", step.into()), worth])
        }
    }
}

fn label(contract: &Contract, resource: &Resource) -> String {
    let label = resource.labels.get(contract.locale).map(str::to_owned);
    label.unwrap_or_else(|| resource.name.replace('_', " "))
}

/// "450 minutes", and whole hours as hours.
fn units(words: &Narrator, resource: &Resource, amount: u64) -> String {
    let (unit, amount) = match resource.unit {
        Some(Unit::Minute) if amount > 0 && amount.is_multiple_of(60) => (Unit::Hour.as_str(), amount / 60),
        unit => (unit.map_or("none", Unit::as_str), amount),
    };
    let amount = usize::try_from(amount).unwrap_or(usize::MAX);
    words.tell(Message::Units, [("unit", unit.into()), ("n", amount.into())])
}

fn money(words: &Narrator, minor_units: u64) -> String {
    words.money(Money { minor_units: i64::try_from(minor_units).unwrap_or(i64::MAX) })
}
