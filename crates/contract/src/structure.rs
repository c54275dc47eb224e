//! The structural check: every key known, every required one there, every value of the right type and in range.
//!
//! It reads the JSON [`schema`], so that the wire types with their docs are the one description of the form. What does
//! not fit is reported and left out of the result, so that all else can still be checked for meaning.

use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use crate::document::{KeyPath, Report};
use crate::schema::schema;
use crate::suggest::{did_you_mean, nearest, one_of};

/// What is usable of the document, as JSON that the wire types accept.
pub(crate) fn check(report: &mut Report<'_>) -> Value {
    let schema = schema();
    let document = report.document;
    let root = table(&schema, &schema, document.root(), &KeyPath::default(), report);
    Value::Object(root.members)
}

/// A table's usable members, and whether all required ones are among them.
struct Checked {
    members: Map<String, Value>,
    is_whole: bool,
}

/// The usable part of a value; nothing where it does not fit.
fn value(root: &Value, schema: &Value, found: &DeValue<'_>, path: &KeyPath, report: &mut Report<'_>) -> Option<Value> {
    let stated = schema;
    let schema = resolved(root, schema);
    if let Some(branches) = schema["anyOf"].as_array() {
        let fits = |branch: &&Value| has_type(root, branch, found) && is_listed(branch, found);
        let Some(branch) = branches.iter().find(fits) else {
            report.add(path, shown(found), expected(root, stated));
            return None;
        };
        return value(root, branch, found, path, report);
    }
    if !has_type(root, schema, found) {
        report.add(path, shown(found), expected(root, schema));
        return None;
    }
    match found {
        DeValue::Table(inner) => {
            let checked = table(root, schema, inner, path, report);
            checked.is_whole.then_some(Value::Object(checked.members))
        }
        DeValue::Array(items) => {
            let items = items
                .iter()
                .enumerate()
                .filter_map(|(i, item)| value(root, &schema["items"], item.get_ref(), &path.item(i), report));
            Some(Value::Array(items.collect()))
        }
        DeValue::String(text) => checked_text(schema, text, path, report),
        DeValue::Datetime(moment) => Some(Value::String(moment.to_string())),
        DeValue::Boolean(flag) => Some(Value::Bool(*flag)),
        DeValue::Integer(_) | DeValue::Float(_) => checked_number(schema, found, path, report),
    }
}

fn table(root: &Value, schema: &Value, found: &DeTable<'_>, path: &KeyPath, report: &mut Report<'_>) -> Checked {
    let empty = Map::new();
    let properties = schema["properties"].as_object().unwrap_or(&empty);
    let others = &schema["additionalProperties"];
    let mut members = Map::new();
    let mut meant = Vec::new();
    for (key, inner) in found {
        let name = key.get_ref().as_ref();
        let path = path.child(name);
        let Some(schema) = properties.get(name).or(others.is_object().then_some(others)) else {
            meant.extend(nearest(name, properties.keys().map(String::as_str)));
            unknown_key(name, properties, &path, report);
            continue;
        };
        if let Some(usable) = value(root, schema, inner.get_ref(), &path, report) {
            members.insert(name.to_owned(), usable);
        }
    }
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut is_whole = true;
    for name in required {
        is_whole &= members.contains_key(name);
        if found.get(name).is_none() && !meant.contains(&name) {
            let property = &properties[name];
            let about = property["description"].as_str().unwrap_or_default();
            let expected = format!("{} ({})", expected(root, property), phrase(about));
            report.add(&path.child(name), "missing", expected);
        }
    }
    Checked { members, is_whole }
}

fn unknown_key(name: &str, properties: &Map<String, Value>, path: &KeyPath, report: &mut Report<'_>) {
    let known = || properties.keys().map(String::as_str);
    let suggestion = did_you_mean(name, known());
    let expected = if suggestion.is_some() { String::new() } else { one_of(known()) };
    report.suggest(path, format!("unknown key `{name}`"), expected, suggestion);
}

fn checked_text(schema: &Value, text: &str, path: &KeyPath, report: &mut Report<'_>) -> Option<Value> {
    if let Some(words) = words(schema).filter(|words| !words.contains(&text)) {
        report.suggest(path, format!("found {text:?}"), one_of(words.clone()), did_you_mean(text, words));
        return None;
    }
    let length = text.chars().count() as u64;
    if schema["minLength"].as_u64().is_some_and(|min| length < min) {
        report.add(path, "found empty text", "some text");
        return None;
    }
    if let Some(max) = schema["maxLength"].as_u64().filter(|max| length > *max) {
        report.add(path, format!("found {text:?}"), format!("{max} character{}", if max == 1 { "" } else { "s" }));
        return None;
    }
    Some(Value::String(text.to_owned()))
}

fn checked_number(schema: &Value, found: &DeValue<'_>, path: &KeyPath, report: &mut Report<'_>) -> Option<Value> {
    let number = match found {
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(Value::from),
        DeValue::Float(float) => float.as_str().parse::<f64>().ok().filter(|x| x.is_finite()).map(Value::from),
        _ => None,
    };
    let in_range = number.as_ref().and_then(Value::as_f64).is_some_and(|x| {
        schema["minimum"].as_f64().is_none_or(|min| x >= min) && schema["maximum"].as_f64().is_none_or(|max| x <= max)
    });
    if !in_range {
        report.add(path, shown(found), range(schema).unwrap_or_else(|| "a finite number".to_owned()));
        return None;
    }
    number
}

fn resolved<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    match schema["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap_or(schema),
        None => schema,
    }
}

/// Whether the value's type fits, whatever is in it. A whole number is a number; a TOML date is text.
fn has_type(root: &Value, schema: &Value, found: &DeValue<'_>) -> bool {
    let schema = resolved(root, schema);
    if let Some(branches) = schema["anyOf"].as_array() {
        return branches.iter().any(|branch| has_type(root, branch, found));
    }
    let fitting: &[&str] = match found {
        DeValue::String(_) | DeValue::Datetime(_) => &["string"],
        DeValue::Integer(_) => &["integer", "number"],
        DeValue::Float(_) => &["number"],
        DeValue::Boolean(_) => &["boolean"],
        DeValue::Array(_) => &["array"],
        DeValue::Table(_) => &["object"],
    };
    schema["type"].as_str().is_some_and(|kind| fitting.contains(&kind))
}

/// What should stand here, as words: for a choice of forms, what the definition says of itself.
fn expected(root: &Value, schema: &Value) -> String {
    let is_definition = schema["$ref"].is_string();
    let schema = resolved(root, schema);
    let about = schema["description"].as_str().filter(|_| is_definition);
    if let Some(branches) = schema["anyOf"].as_array() {
        let branches = || branches.iter().map(|branch| expected(root, branch)).collect::<Vec<_>>().join(", or ");
        return about.map_or_else(branches, phrase);
    }
    if let Some(words) = words(schema) {
        return one_of(words);
    }
    let range = range(schema).map(|range| format!(", {range}")).unwrap_or_default();
    match schema["type"].as_str().unwrap_or_default() {
        "string" => "text in quotes".to_owned(),
        "integer" => format!("a whole number{range}"),
        "number" => format!("a number{range}"),
        "boolean" => "true or false".to_owned(),
        "array" => "a list in brackets".to_owned(),
        _ => match schema["required"].as_array().and_then(|names| names.first()).and_then(Value::as_str) {
            Some(name) => format!("a table with `{name}`"),
            None => "a table".to_owned(),
        },
    }
}

/// The first sentence of a description, to stand inside another.
fn phrase(description: &str) -> String {
    let sentence = description.split_once(". ").map_or(description, |(first, _)| first).trim_end_matches('.');
    let mut letters = sentence.chars();
    match (letters.next(), letters.clone().next()) {
        // An abbreviation such as SQL keeps its capitals.
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => sentence.to_owned(),
    }
}

/// Whether a text is among the words of a schema that lists them.
fn is_listed(schema: &Value, found: &DeValue<'_>) -> bool {
    words(schema).is_none_or(|words| found.as_str().is_some_and(|text| words.contains(&text)))
}

fn words(schema: &Value) -> Option<Vec<&str>> {
    Some(schema["enum"].as_array()?.iter().filter_map(Value::as_str).collect())
}

fn range(schema: &Value) -> Option<String> {
    match (schema["minimum"].as_f64(), schema["maximum"].as_f64()) {
        (Some(min), Some(max)) if min == max => Some(format!("{min}")),
        (Some(min), Some(max)) => Some(format!("{min} to {max}")),
        (Some(min), None) => Some(format!("at least {min}")),
        (None, Some(max)) => Some(format!("at most {max}")),
        (None, None) => None,
    }
}

fn shown(found: &DeValue<'_>) -> String {
    match found {
        DeValue::String(text) => format!("found {text:?}"),
        DeValue::Integer(number) => format!("found {number}"),
        DeValue::Float(number) => format!("found {number}"),
        DeValue::Boolean(flag) => format!("found {flag}"),
        DeValue::Datetime(moment) => format!("found {moment}"),
        DeValue::Array(_) => "found a list".to_owned(),
        DeValue::Table(_) => "found a table".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A constraint that the check does not know would be promised to editors and not kept.
    #[test]
    fn every_keyword_of_the_schema_is_checked_or_says_nothing() {
        const CHECKED: [&str; 11] = [
            "$ref",
            "additionalProperties",
            "anyOf",
            "enum",
            "items",
            "maxLength",
            "maximum",
            "minLength",
            "minimum",
            "required",
            "type",
        ];
        const SILENT: [&str; 5] = ["$defs", "$schema", "default", "description", "title"];
        fn visit(schema: &Value) {
            let Some(object) = schema.as_object() else { return };
            for (keyword, inner) in object {
                match keyword.as_str() {
                    "properties" | "$defs" => inner.as_object().expect("a map of schemas").values().for_each(visit),
                    "anyOf" => inner.as_array().expect("a list of schemas").iter().for_each(visit),
                    known => assert!(CHECKED.contains(&known) || SILENT.contains(&known), "unchecked keyword {known}"),
                }
                if keyword == "items" || keyword == "additionalProperties" {
                    visit(inner);
                }
            }
        }
        visit(&schema());
    }
}
