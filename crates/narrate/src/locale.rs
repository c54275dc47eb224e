//! How each language is written, and where its messages are.

use domain::Locale;
use unic_langid::LanguageIdentifier;

/// The language as Fluent names it.
pub(crate) fn language(locale: Locale) -> LanguageIdentifier {
    // Two lower-case letters always parse.
    locale.code().parse().unwrap_or_default()
}

/// The text of the message files: facts, decisions, features, terminal.
pub(crate) fn sources(locale: Locale) -> [&'static str; 4] {
    macro_rules! of {
        ($code:literal) => {
            [
                include_str!(concat!("../locales/", $code, "/facts.ftl")),
                include_str!(concat!("../locales/", $code, "/decisions.ftl")),
                include_str!(concat!("../locales/", $code, "/features.ftl")),
                include_str!(concat!("../locales/", $code, "/terminal.ftl")),
            ]
        };
    }
    match locale {
        Locale::Ru => of!("ru"),
        Locale::En => of!("en"),
        Locale::Tg => of!("tg"),
    }
}
