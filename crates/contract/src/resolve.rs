//! From what is written to what is meant: defaults of the kit filled in, every choice that depends on another checked.
//!
//! Whatever cannot be resolved is reported and becomes nothing; the rest is still checked, so that one run names all.

mod actions;
mod columns;
mod limits;
mod subjects;
mod tables;

use domain::{Bands, Currency, Day, Horizon, Locale, Money, Probability};
use jiff::tz::TimeZone;

use crate::core::{Anchor, Contract, Cutoffs, KeptValue, Schedule, Source};
use crate::document::{KeyPath, Report};
use crate::kits::Kit;
use crate::labels::Labels;
use crate::suggest::did_you_mean;
use crate::wire::{
    BandsWire, ContractWire, CutoffsFrom, CutoffsWire, KitWire, LabelWire, LocaleWire, OutcomeKind, OutcomeWire,
    ScheduleWire, SourceKind, SourceWire, default_chance_no_action, default_high, default_medium,
};

const EVERY_DAYS: u16 = 14;

/// The contract, if nothing is wrong with it. Required keys that are missing have been reported before.
pub(crate) fn contract(wire: ContractWire, report: &mut Report<'_>) -> Option<Contract> {
    let time_zone = wire.time_zone.and_then(|name| time_zone(&name, report));
    let currency = wire.currency.and_then(|code| currency(&code, report));
    let source = source(wire.source, report);
    let csv = wire.csv.map(|csv| tables::csv_options(&csv, &KeyPath::of(["csv"]), report)).unwrap_or_default();
    let cutoffs = cutoffs(&wire.cutoffs.unwrap_or_default(), report);
    let bands = bands(wire.bands.as_ref(), report);
    let schedule = wire.schedule.and_then(|schedule| checked_schedule(schedule, report));
    let is_label = wire.outcome.as_ref().is_some_and(|outcome| outcome.kind == OutcomeKind::Label);
    let horizon = wire.outcome.as_ref().and_then(|outcome| horizon(outcome, report));
    if wire.value.is_none() && (!is_label || !wire.actions.is_empty()) {
        let expected = "what a kept subject is worth: either the same for everyone, or a column times a factor";
        report.missing(&KeyPath::of(["value"]), expected);
    }
    let chance_no_action =
        wire.decision.as_ref().map_or(default_chance_no_action(), |decision| decision.chance_no_action);
    let chance_no_action = Probability::clamped(chance_no_action);

    let kit = match wire.kit? {
        KitWire::Academy => Kit::Academy,
        KitWire::Subscriber => Kit::Subscriber,
        KitWire::None => Kit::None,
    };
    let layout = tables::layout(kit, wire.subjects.unwrap_or_default(), wire.tables, &source, report)?;
    let outcome = wire.outcome.and_then(|outcome| subjects::outcome(outcome, &layout, report));
    let value = match &wire.value {
        Some(value) => subjects::value(value, &layout, report),
        None => Some(KeptValue::PerSubject(Money::default())),
    };
    let subjects = subjects::subjects(&layout, outcome.as_ref(), report);
    let tables = tables::tables(&layout, outcome.as_ref(), &source, &csv, report);
    let limits = limits::limits(wire.decision, wire.resources, &layout, report);
    let actions = actions::actions(wire.actions, kit, &tables, chance_no_action, &limits, report);
    limits::check_against(&limits, &actions, report);

    Some(Contract {
        kit,
        name: wire.name?,
        locale: match wire.locale? {
            LocaleWire::En => Locale::En,
            LocaleWire::Ru => Locale::Ru,
            LocaleWire::Tg => Locale::Tg,
        },
        time_zone: time_zone?,
        currency: currency?,
        source,
        subjects: subjects?,
        outcome: outcome?,
        horizon: horizon?,
        cutoffs: cutoffs?,
        bands: bands?,
        bands_are_stated: wire.bands.is_some(),
        value: value?,
        chance_no_action,
        actions,
        limits,
        tables,
        schedule,
    })
}

/// A label has no time, so that its horizon is only a word in what is said of it.
fn horizon(outcome: &OutcomeWire, report: &mut Report<'_>) -> Option<Horizon> {
    if outcome.horizon_days.is_none() && outcome.kind != OutcomeKind::Label {
        let expected = "a whole number, 1 to 730 (how many days ahead leaving counts)";
        report.missing(&KeyPath::of(["outcome", "horizon_days"]), expected);
        return None;
    }
    Some(Horizon { days: outcome.horizon_days.unwrap_or_default(), gap_days: outcome.gap_days })
}

fn time_zone(name: &str, report: &mut Report<'_>) -> Option<TimeZone> {
    if let Ok(zone) = TimeZone::get(name) {
        return Some(zone);
    }
    let zones: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).collect();
    let suggestion = did_you_mean(name, zones.iter().map(String::as_str));
    let path = KeyPath::of(["time_zone"]);
    report.suggest(&path, format!("found {name:?}"), "a time zone such as `Asia/Dushanbe`", suggestion);
    None
}

fn currency(code: &str, report: &mut Report<'_>) -> Option<Currency> {
    let currency = Currency::parse(code);
    if currency.is_none() {
        let capitals = code.to_uppercase();
        let suggestion = Currency::parse(&capitals).map(|_| format!("did you mean `{capitals}`?"));
        let expected = "three capital letters such as `TJS`";
        report.suggest(&KeyPath::of(["currency"]), format!("found {code:?}"), expected, suggestion);
    }
    currency
}

fn source(wire: Option<SourceWire>, report: &mut Report<'_>) -> Source {
    let Some(SourceWire { kind, path, url_env }) = wire else {
        return Source::Folder { path: ".".into() };
    };
    let place = KeyPath::of(["source"]);
    match kind {
        SourceKind::Folder => {
            if url_env.is_some() {
                report.add(&place.child("url_env"), "found a database", "only `path` where `kind` is `folder`");
            }
            Source::Folder { path: path.unwrap_or_else(|| ".".to_owned()).into() }
        }
        SourceKind::Postgres => {
            if path.is_some() {
                report.add(&place.child("path"), "found a folder", "only `url_env` where `kind` is `postgres`");
            }
            let url_env = url_env.unwrap_or_default();
            let is_name = !url_env.is_empty() && url_env.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !is_name {
                // What stands there may be the connection string itself, with a password: it is not repeated.
                let expected = "the name of an environment variable such as `CRM_DATABASE_URL`";
                let found = if url_env.is_empty() { "missing" } else { "found something else" };
                report.add(&place.child("url_env"), found, expected);
            }
            Source::Postgres { url_env }
        }
    }
}

fn cutoffs(wire: &CutoffsWire, report: &mut Report<'_>) -> Option<Cutoffs> {
    let path = KeyPath::of(["cutoffs"]);
    let before = report.problems.len();
    let mut day = |name: &str, text: Option<&String>| {
        let date = text?.parse::<jiff::civil::Date>();
        if date.is_err() {
            report.add(&path.child(name), format!("found {:?}", text?), "a date such as 2024-01-01");
        }
        date.ok().map(Day::from_date)
    };
    let (first, last) = (day("first", wire.first.as_ref()), day("last", wire.last.as_ref()));
    if let (Some(first), Some(last)) = (first, last)
        && last < first
    {
        report.add(&path.child("last"), format!("found {last}"), format!("`first`, {first}, or a later day"));
    }
    let min_tenure_days = wire.min_tenure_days.unwrap_or(0);
    if let Some(max) = wire.max_tenure_days.filter(|max| *max < min_tenure_days) {
        let expected = format!("at least `min_tenure_days`, {min_tenure_days}");
        report.add(&path.child("max_tenure_days"), format!("found {max}"), expected);
    }
    (report.problems.len() == before).then_some(Cutoffs {
        from: match wire.from {
            None | Some(CutoffsFrom::Calendar) => Anchor::Calendar,
            Some(CutoffsFrom::Start) => Anchor::Start,
        },
        every_days: wire.every_days.unwrap_or(EVERY_DAYS),
        first,
        last,
        min_tenure_days,
        max_tenure_days: wire.max_tenure_days,
    })
}

fn bands(wire: Option<&BandsWire>, report: &mut Report<'_>) -> Option<Bands> {
    let (medium, high) = wire.map_or((default_medium(), default_high()), |bands| (bands.medium, bands.high));
    let bands = Bands::new(medium, high);
    if bands.is_none() {
        let expected = format!("more than 0 and less than `high`, {high}");
        report.add(&KeyPath::of(["bands", "medium"]), format!("found {medium}"), expected);
    }
    bands
}

fn checked_schedule(wire: ScheduleWire, report: &mut Report<'_>) -> Option<Schedule> {
    use croner::parser::{CronParser, Seconds, Year};
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    if let Err(error) = parser.parse(&wire.cron) {
        let expected = "five cron fields such as `0 7 * * *`: minute, hour, day of month, month, day of week";
        let suggestion = error.to_string().trim_end_matches('.').to_lowercase();
        report.suggest(
            &KeyPath::of(["schedule", "cron"]),
            format!("found {:?}", wire.cron),
            expected,
            Some(suggestion),
        );
        return None;
    }
    Some(Schedule { cron: wire.cron })
}

fn labels(wire: Option<&LabelWire>) -> Labels {
    match wire {
        None => Labels::default(),
        Some(LabelWire::Any(text)) => Labels { any: Some(text.clone()), ..Labels::default() },
        Some(LabelWire::ByLocale(by)) => {
            let texts = [(Locale::En, &by.en), (Locale::Ru, &by.ru), (Locale::Tg, &by.tg)];
            let by_locale = texts.into_iter().filter_map(|(locale, text)| Some((locale, text.clone()?)));
            Labels { any: None, by_locale: by_locale.collect() }
        }
    }
}
