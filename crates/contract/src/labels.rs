//! Names for people, in the languages the product speaks.

use std::collections::BTreeMap;

use domain::Locale;

/// What people call a table, a column or an action, by language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Written without a language: serves all of them.
    pub any: Option<String>,
    /// Written for one language.
    pub by_locale: BTreeMap<Locale, String>,
}

impl Labels {
    /// The label in this language, else the one for all, else in English, else in any language.
    pub fn get(&self, locale: Locale) -> Option<&str> {
        self.by_locale
            .get(&locale)
            .or(self.any.as_ref())
            .or_else(|| self.by_locale.get(&Locale::En))
            .or_else(|| self.by_locale.values().next())
            .map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_language_falls_back_to_english() {
        let by_locale = [(Locale::En, "mentor call".to_owned()), (Locale::Ru, "звонок ментора".to_owned())];
        let labels = Labels { any: None, by_locale: by_locale.into() };
        assert_eq!(labels.get(Locale::Ru), Some("звонок ментора"));
        assert_eq!(labels.get(Locale::Tg), Some("mentor call"));
        assert_eq!(Labels::default().get(Locale::En), None);
    }
}
