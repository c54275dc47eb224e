//! Every language says everything, in the same terms, and nothing that no page shows.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// The variables of each message of a locale.
fn messages(locale: &str) -> BTreeMap<String, BTreeSet<String>> {
    let texts = ["", "study/", "campaign/"].map(|folder| read(&format!("locales/{folder}{locale}.ftl")));
    messages_of(locale, &texts.concat())
}

fn messages_of(locale: &str, text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource = fluent_syntax::parser::parse(text).unwrap_or_else(|(_, errors)| panic!("{locale}: {errors:?}"));
    let mut messages = BTreeMap::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let mut variables = BTreeSet::new();
        collect(message.value.as_ref().expect("a message has a text"), &mut variables);
        let is_first = messages.insert(message.id.name.to_owned(), variables).is_none();
        assert!(is_first, "{locale}: {} is said twice", message.id.name);
    }
    messages
}

fn collect(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        let (inline, variants) = match expression {
            Expression::Inline(inline) => (inline, &[][..]),
            Expression::Select { selector, variants } => (selector, variants.as_slice()),
        };
        if let InlineExpression::VariableReference { id } = inline {
            variables.insert(id.name.to_owned());
        }
        for variant in variants {
            collect(&variant.value, variables);
        }
    }
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file of this crate")
}

/// The text of all sources and templates.
fn sources() -> String {
    let mut text = String::new();
    for folder in [
        "src",
        "src/view",
        "src/chart",
        "src/study/view",
        "src/campaign",
        "templates",
        "templates/study",
        "templates/campaign",
    ] {
        let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("a folder of this crate");
        for entry in entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()) {
            text += &fs::read_to_string(entry).expect("text");
        }
    }
    text
}

#[test]
fn all_languages_have_the_same_messages_with_the_same_variables() {
    let english = messages("en");
    for locale in ["ru", "tg"] {
        let other = messages(locale);
        let ids = |messages: &BTreeMap<String, _>| messages.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(ids(&english), ids(&other), "{locale}");
        for (id, variables) in &english {
            assert_eq!(variables, &other[id], "{locale}: {id}");
        }
    }
}

#[test]
fn words_about_positives_override_what_is_there_with_the_same_variables() {
    for locale in ["en", "ru", "tg"] {
        let (base, other) =
            (messages(locale), messages_of(locale, &read(&format!("locales/study/positive/{locale}.ftl"))));
        assert!(other.len() > 40, "{locale}");
        for (id, variables) in &other {
            assert_eq!(base.get(id), Some(variables), "{locale}: {id}");
        }
    }
}

#[test]
fn every_message_is_used_and_every_used_message_exists() {
    let (messages, sources) = (messages("en"), sources());
    for id in messages.keys() {
        assert!(sources.contains(&format!("\"{id}\"")), "{id} is never shown");
    }
    for call in [".text(\"", ".say(\""] {
        for (at, _) in sources.match_indices(call) {
            let id = sources[at + call.len()..].split('"').next().unwrap_or_default();
            assert!(messages.contains_key(id), "{id} is shown and has no text");
        }
    }
}
