//! What a feature is called in a list of features.

use domain::Family;
use fluent_bundle::FluentValue;

use crate::narrator::Narrator;

/// What can be said about a table, a column or a flag; each has a message `feature-…` in every locale.
pub(crate) const FEATURES: [&str; 27] = [
    "count",
    "share",
    "sum",
    "mean",
    "min",
    "max",
    "deviation",
    "distinct",
    "last",
    "recency",
    "streak",
    "gap",
    "trend",
    "rate-ratio",
    "share-done",
    "open",
    "open-streak",
    "overdue-days",
    "debt",
    "lateness",
    "progress",
    "attribute",
    "lead-days",
    "age",
    "tenure",
    "remaining",
    "elapsed",
];

/// A feature to be named.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeatureWords<'a> {
    /// What is computed: `count`, `streak`, `share-done`.
    pub what: &'a str,
    /// The contract's label of what it is computed of, in the reader's language.
    pub label: Option<&'a str>,
    /// The column it is computed of.
    pub column: Option<&'a str>,
    /// Its family, which names it where neither label nor column does.
    pub family: &'a Family,
    /// How far it looks back, where that is limited.
    pub window_days: Option<u16>,
    /// Whether it is the distance to the group.
    pub relative: bool,
}

impl Narrator {
    /// "Пропуски: сколько раз подряд", "Посещаемость: сколько раз за 28 дней, по сравнению с группой".
    pub fn feature(&self, feature: &FeatureWords<'_>) -> String {
        // What is computed of a column beforehand stands behind its name: `enrolled_at.lead_days`.
        let (column, what) = match feature.column.and_then(|column| column.split_once('.')) {
            Some((column, part)) => (Some(column), part.replace('_', "-")),
            None => (feature.column, feature.what.to_owned()),
        };
        let of = feature
            .label
            .map(str::to_owned)
            .or_else(|| self.bundle.find(&format!("column-{}", column?)))
            .or_else(|| column.map(str::to_owned))
            .unwrap_or_else(|| self.family(feature.family));
        let mut what = self.bundle.find(&format!("feature-{what}")).unwrap_or(what);
        if let Some(days) = feature.window_days {
            what = format!("{what} {}", self.bundle.say("feature-window", &[("window_days", FluentValue::from(days))]));
        }
        if feature.relative {
            what = format!("{what}, {}", self.bundle.say("feature-relative", &[]));
        }
        let named = self.bundle.say("feature", &[("of", of.into()), ("what", what.into())]);
        let mut letters = named.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    /// The line over anything made of simulated data.
    pub fn simulated(&self) -> String {
        self.bundle.say("simulated", &[])
    }

    /// The heading over groups.
    pub fn group(&self) -> String {
        self.bundle.say("group", &[])
    }
}

#[cfg(test)]
mod tests {
    use domain::{Currency, Locale};

    use super::*;
    use crate::Labels;

    #[test]
    fn a_feature_is_named_by_what_it_is_of() {
        let narrator =
            Narrator::new(Locale::Ru, Currency::parse("TJS").expect("valid"), Labels::default()).expect("loads");
        let family = Family::named("attendance");
        let missed = FeatureWords {
            what: "streak",
            label: None,
            column: Some("missed"),
            family: &family,
            window_days: None,
            relative: false,
        };
        assert_eq!(narrator.feature(&missed), "Пропуски: сколько раз подряд");
        let month = FeatureWords { what: "count", window_days: Some(21), relative: true, ..missed };
        assert_eq!(narrator.feature(&month), "Пропуски: сколько раз за 21 день, по сравнению с группой");
        let own = FeatureWords { label: Some("клики"), what: "sum", ..missed };
        assert_eq!(narrator.feature(&own), "Клики: всего");
        let lead = FeatureWords { what: "attribute", column: Some("enrolled_at.lead_days"), ..missed };
        assert_eq!(narrator.feature(&lead), "Запись на курс: за сколько дней до начала");
        let bare = FeatureWords { column: None, ..missed };
        assert_eq!(narrator.feature(&bare), "Посещаемость: сколько раз подряд");
    }
}
