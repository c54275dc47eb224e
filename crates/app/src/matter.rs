//! What a feature is about, for people: of which table and column, what, and how far back.

use asof::{Compute, Spec, Window};

/// The parts of a feature that words are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Matter<'a> {
    /// What is computed, as the words for features know it.
    pub(crate) what: &'static str,
    /// The table of events; nothing for the subjects' own.
    pub(crate) table: Option<&'a str>,
    /// The column; nothing where it is about rows.
    pub(crate) column: Option<&'a str>,
    /// How far it looks back, where that is limited.
    pub(crate) window_days: Option<u16>,
    /// Whether it is the distance to the group.
    pub(crate) relative: bool,
}

/// The matter of a feature; for one that is relative to the group, that of the feature it compares.
pub(crate) fn matter<'a>(specs: &'a [Spec], compute: &'a Compute) -> Matter<'a> {
    use Compute as C;
    let of = |what, table: &'a String, column: Option<&'a String>, window: Window| Matter {
        what,
        table: Some(table),
        column: column.map(String::as_str),
        window_days: match window {
            Window::Days(days) => Some(days),
            Window::All => None,
        },
        relative: false,
    };
    let own = |what, column: Option<&'a String>| Matter {
        what,
        table: None,
        column: column.map(String::as_str),
        window_days: None,
        relative: false,
    };
    match compute {
        C::Count { table, flag, window } => of("count", table, flag.as_ref(), *window),
        C::Share { table, flag, window } => of("share", table, Some(flag), *window),
        C::Sum { table, column, window } => of("sum", table, Some(column), *window),
        C::Mean { table, column, window } => of("mean", table, Some(column), *window),
        C::Min { table, column, window } => of("min", table, Some(column), *window),
        C::Max { table, column, window } => of("max", table, Some(column), *window),
        C::Deviation { table, column, window } => of("deviation", table, Some(column), *window),
        C::Distinct { table, column, window } => of("distinct", table, Some(column), *window),
        C::Last { table, column } => of("last", table, Some(column), Window::All),
        C::Recency { table, flag } => of("recency", table, flag.as_ref(), Window::All),
        C::Streak { table, flag } => of("streak", table, Some(flag), Window::All),
        C::Gap { table, window } => of("gap", table, None, *window),
        C::Trend { table, column, window } => of("trend", table, Some(column), *window),
        C::RateRatio { table, column, short_days, .. } => {
            of("rate-ratio", table, column.as_ref(), Window::Days(*short_days))
        }
        C::ShareDone { table, window, .. } => of("share-done", table, None, *window),
        C::Open { table, window, .. } => of("open", table, None, *window),
        C::OpenStreak { table, .. } => of("open-streak", table, None, Window::All),
        C::OverdueDays { table, .. } => of("overdue-days", table, None, Window::All),
        C::Debt { table, .. } => of("debt", table, None, Window::All),
        C::Lateness { table, window, .. } => of("lateness", table, None, *window),
        C::Progress { table, .. } => of("progress", table, None, Window::All),
        C::Attribute { column } => own("attribute", Some(column)),
        C::Age { column } => own("age", Some(column)),
        C::Tenure => own("tenure", None),
        C::Remaining => own("remaining", None),
        C::Elapsed => own("elapsed", None),
        C::RelativeTo { feature, .. } => match specs.iter().find(|spec| spec.name == *feature) {
            Some(spec) => Matter { relative: true, ..matter(specs, &spec.compute) },
            None => own("attribute", None),
        },
    }
}
