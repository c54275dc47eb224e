//! One locale's messages, checked when they are loaded.
//!
//! The check walks every message that the code may ask for: it must exist, and every variable it mentions, through
//! whatever messages it refers to and in whatever variant, must be one that the code gives. After that, saying a
//! message cannot fail.

use std::collections::{BTreeMap, BTreeSet};

use domain::Locale;
use domain::writing::number;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use crate::features::FEATURES;
use crate::locale;
use crate::message::Message;
use crate::sentences::SENTENCES;

/// What is wrong with a locale's messages. Never the fault of data: a mistake in the files built into the program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NarratorError {
    /// A file is not Fluent.
    #[error("messages of locale `{locale}`: {problem}")]
    Syntax {
        /// The locale's code.
        locale: &'static str,
        /// What the parser says.
        problem: String,
    },
    /// A message is missing.
    #[error("messages of locale `{locale}`: `{id}` is missing")]
    Missing {
        /// The locale's code.
        locale: &'static str,
        /// The message.
        id: String,
    },
    /// A message says a value that nobody gives it.
    #[error("messages of locale `{locale}`: `{id}` uses `${variable}`, which is not among its values")]
    Variable {
        /// The locale's code.
        locale: &'static str,
        /// The message.
        id: String,
        /// The variable.
        variable: String,
    },
    /// The message `months` does not list twelve words.
    #[error("messages of locale `{locale}`: `months` must list 12 words")]
    Months {
        /// The locale's code.
        locale: &'static str,
    },
}

/// Messages besides those of facts, with the variables that the code gives them.
const OTHER_MESSAGES: &[(&str, &[&str])] = &[
    ("with-debt", &["sentence", "amount"]),
    ("aside", &["sentence", "aside"]),
    ("typical", &["typical"]),
    ("before", &["before"]),
    ("dates-latest", &["dates"]),
    ("dates-between", &["first", "last"]),
    ("months", &[]),
    ("band", &["band"]),
    ("summary", &["band", "reasons"]),
    ("summary-nothing", &["band", "probability"]),
    ("why-family", &["family"]),
    ("why-best", WHY_BEST),
    ("why-best-left", WHY_BEST),
    ("why-next", &["action", "chance", "worth"]),
    ("why-others-cost-more", &[]),
    ("why-crowded", &["action", "worth"]),
    ("why-outbid", &["action", "worth"]),
    ("why-nothing-left", &["without"]),
    ("why-nothing-full", &["without"]),
    ("why-nothing-worth", &["without", "action", "chance", "cost"]),
    ("why-nothing-to-say", &["without"]),
    ("why-nothing-fits", &["without"]),
    ("evidence-model", &[]),
    ("evidence-prior", &[]),
    ("evidence-cases", &["cases", "randomised"]),
    ("feature", &["of", "what"]),
    ("feature-window", &[]),
    ("feature-relative", &[]),
    ("group", &[]),
    ("simulated", &[]),
    ("action-nothing", &[]),
];
const WHY_BEST: &[&str] = &["action", "chance", "low", "high", "without", "cost", "worth"];

/// Variables that every fact's message is given.
const ALWAYS: [&str; 2] = ["window_days", "band"];

/// A locale's messages.
pub(crate) struct Bundle(FluentBundle<FluentResource>);

impl Bundle {
    pub(crate) fn load(locale: Locale) -> Result<Self, NarratorError> {
        Self::of_sources(locale, locale::sources(locale))
    }

    fn of_sources(locale: Locale, sources: [&str; 4]) -> Result<Self, NarratorError> {
        let code = locale.code();
        let mut bundle = FluentBundle::new_concurrent(vec![locale::language(locale)]);
        // Marks that keep directions apart are noise where every language runs left to right.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match locale {
            Locale::Ru => |value, _| write_number(Locale::Ru, value),
            Locale::En => |value, _| write_number(Locale::En, value),
            Locale::Tg => |value, _| write_number(Locale::Tg, value),
        }));
        let mut mentions = BTreeMap::new();
        for source in sources {
            let syntax = |problem| NarratorError::Syntax { locale: code, problem };
            let resource = FluentResource::try_new(source.to_owned())
                .map_err(|(_, errors)| syntax(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
            mentions.extend(resource.entries().filter_map(mentions_of));
            bundle
                .add_resource(resource)
                .map_err(|errors| syntax(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
        }

        for shape in SENTENCES {
            check(code, &mentions, shape.id, shape.id, &[shape.needs, &ALWAYS].concat())?;
        }
        for (id, given) in OTHER_MESSAGES {
            // `summary-nothing` refers to a fact's message.
            check(code, &mentions, id, id, &[given, &ALWAYS[..]].concat())?;
        }
        for message in Message::ALL {
            let id = message.id();
            check(code, &mentions, id, id, message.values())?;
        }
        for what in FEATURES {
            let id = format!("feature-{what}");
            check(code, &mentions, &id, &id, &[])?;
        }
        Ok(Self(bundle))
    }

    /// A message in words, with these variables.
    pub(crate) fn say(&self, id: &str, variables: &[(&str, FluentValue<'_>)]) -> String {
        self.try_say(id, variables).unwrap_or_default()
    }

    /// A message in words; nothing where it does not exist. Without variables only, since it is not checked at loading.
    pub(crate) fn find(&self, id: &str) -> Option<String> {
        self.try_say(id, &[])
    }

    fn try_say(&self, id: &str, variables: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let pattern = self.0.get_message(id)?.value()?;
        let arguments: FluentArgs<'_> = variables.iter().map(|(name, value)| (*name, value.clone())).collect();
        // Loading has checked all that could go wrong here.
        let mut errors = Vec::new();
        Some(self.0.format_pattern(pattern, Some(&arguments), &mut errors).into_owned())
    }
}

fn write_number(locale: Locale, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(value) => Some(number(locale, value.value)),
        _ => None,
    }
}

/// What a message mentions: variables, and other messages.
#[derive(Default)]
struct Mentions {
    variables: BTreeSet<String>,
    messages: BTreeSet<String>,
}

fn check(
    locale: &'static str,
    mentions: &BTreeMap<String, Mentions>,
    id: &str,
    asked_for: &str,
    given: &[&str],
) -> Result<(), NarratorError> {
    let missing = || NarratorError::Missing { locale, id: id.to_owned() };
    let mentioned = mentions.get(id).ok_or_else(missing)?;
    if let Some(variable) = mentioned.variables.iter().find(|variable| !given.contains(&variable.as_str())) {
        return Err(NarratorError::Variable { locale, id: asked_for.to_owned(), variable: variable.clone() });
    }
    mentioned.messages.iter().try_for_each(|message| check(locale, mentions, message, asked_for, given))
}

fn mentions_of(entry: &Entry<&str>) -> Option<(String, Mentions)> {
    let Entry::Message(message) = entry else { return None };
    let mut mentions = Mentions::default();
    collect(message.value.as_ref()?, &mut mentions);
    Some((message.id.name.to_owned(), mentions))
}

fn collect(pattern: &Pattern<&str>, mentions: &mut Mentions) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => collect_inline(inline, mentions),
            Expression::Select { selector, variants } => {
                collect_inline(selector, mentions);
                variants.iter().for_each(|variant| collect(&variant.value, mentions));
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, mentions: &mut Mentions) {
    match inline {
        InlineExpression::VariableReference { id } => {
            mentions.variables.insert(id.name.to_owned());
        }
        InlineExpression::MessageReference { id, .. } => {
            mentions.messages.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => {
            if let Expression::Inline(inline) = &**expression {
                collect_inline(inline, mentions);
            }
        }
        // Functions and terms are not used; text and numbers mention nothing.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(change: impl Fn(&str) -> String) -> NarratorError {
        let [facts, decisions, features, terminal] = locale::sources(Locale::Ru);
        Bundle::of_sources(Locale::Ru, [&change(facts), decisions, features, terminal]).err().expect("broken")
    }

    #[test]
    fn every_locale_loads() {
        for locale in Locale::ALL {
            assert_eq!(Bundle::load(locale).err(), None);
        }
    }

    #[test]
    fn a_missing_message_is_found_at_loading() {
        let error = load(|facts| facts.replace("tests-none =", "tests-never ="));
        assert_eq!(error.to_string(), "messages of locale `ru`: `tests-none` is missing");
        // Also where it is only referred to.
        let error = load(|facts| facts.replace("\ndays =", "\nlength ="));
        assert_eq!(error.to_string(), "messages of locale `ru`: `days` is missing");
    }

    #[test]
    fn a_variable_that_nobody_gives_is_found_in_any_variant() {
        let error = load(|facts| facts.replace("[few] { $value } пропуска", "[few] { $count } пропуска"));
        assert_eq!(
            error.to_string(),
            "messages of locale `ru`: `missed-in-a-row` uses `$count`, which is not among its values"
        );
        let error = load(|facts| facts.replace("[one] {\" \"}за { $window_days }", "[one] {\" \"}за { $weeks }"));
        assert!(matches!(error, NarratorError::Variable { variable, .. } if variable == "weeks"));
    }

    #[test]
    fn a_broken_file_is_an_error() {
        assert!(matches!(load(|facts| format!("{facts}\nхвост")), NarratorError::Syntax { .. }));
    }
}
