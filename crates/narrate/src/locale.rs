//! The languages spoken, and how each writes numbers.

use unic_langid::LanguageIdentifier;

/// A language that every sentence exists in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Locale {
    /// Russian.
    Ru,
    /// English.
    En,
    /// Tajik, in Cyrillic.
    Tg,
}

impl Locale {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ru, Self::En, Self::Tg];

    /// From the code that a contract uses.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.as_str() == code)
    }

    /// The code, `ru`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
            Self::Tg => "tg",
        }
    }

    pub(crate) fn language(self) -> LanguageIdentifier {
        // Two lower-case letters always parse.
        self.as_str().parse().unwrap_or_default()
    }

    pub(crate) fn decimal_separator(self) -> char {
        match self {
            Self::Ru | Self::Tg => ',',
            Self::En => '.',
        }
    }

    /// Between groups of three digits.
    pub(crate) fn group_separator(self) -> char {
        match self {
            Self::Ru | Self::Tg => '\u{a0}',
            Self::En => ',',
        }
    }

    /// Between a number and its per cent sign.
    pub(crate) fn before_percent(self) -> &'static str {
        match self {
            Self::Ru | Self::Tg => "\u{a0}",
            Self::En => "",
        }
    }

    pub(crate) fn sources(self) -> [&'static str; 2] {
        match self {
            Self::Ru => [include_str!("../locales/ru/facts.ftl"), include_str!("../locales/ru/decisions.ftl")],
            Self::En => [include_str!("../locales/en/facts.ftl"), include_str!("../locales/en/decisions.ftl")],
            Self::Tg => [include_str!("../locales/tg/facts.ftl"), include_str!("../locales/tg/decisions.ftl")],
        }
    }
}
