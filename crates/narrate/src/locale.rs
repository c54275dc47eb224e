//! How each language is written, and where its messages are.

use domain::Locale;
use unic_langid::LanguageIdentifier;

/// The language as Fluent names it.
pub(crate) fn language(locale: Locale) -> LanguageIdentifier {
    // Two lower-case letters always parse.
    locale.code().parse().unwrap_or_default()
}

/// Between a whole number and its fraction.
pub(crate) fn decimal_separator(locale: Locale) -> char {
    match locale {
        Locale::Ru | Locale::Tg => ',',
        Locale::En => '.',
    }
}

/// Between groups of three digits.
pub(crate) fn group_separator(locale: Locale) -> char {
    match locale {
        Locale::Ru | Locale::Tg => '\u{a0}',
        Locale::En => ',',
    }
}

/// Between a number and its per cent sign.
pub(crate) fn before_percent(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru | Locale::Tg => "\u{a0}",
        Locale::En => "",
    }
}

/// The text of the message files: facts, decisions, features.
pub(crate) fn sources(locale: Locale) -> [&'static str; 3] {
    macro_rules! of {
        ($code:literal) => {
            [
                include_str!(concat!("../locales/", $code, "/facts.ftl")),
                include_str!(concat!("../locales/", $code, "/decisions.ftl")),
                include_str!(concat!("../locales/", $code, "/features.ftl")),
            ]
        };
    }
    match locale {
        Locale::Ru => of!("ru"),
        Locale::En => of!("en"),
        Locale::Tg => of!("tg"),
    }
}
