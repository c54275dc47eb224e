//! The contract's JSON Schema, for editors and for the structural check.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::Value;

use crate::wire::ContractWire;

/// The JSON Schema (2020-12) of `holdfast.toml`.
///
/// Editors with a TOML language server check and complete the file by it when the file begins with
/// `#:schema <path or address of the schema>`; `crates/contract/holdfast.schema.json` is this schema, checked in.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(WithoutNull);
    settings.into_generator().into_root_schema_for::<ContractWire>().to_value()
}

/// TOML has no null: an optional key is one that may be missing. Number formats of Rust say nothing to an author.
#[derive(Clone)]
struct WithoutNull;

impl Transform for WithoutNull {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        object.remove("format");
        if let Some(Value::String(description)) = object.get_mut("description") {
            *description = description.replace('\n', " ");
        }
        if object.get("default").is_some_and(Value::is_null) {
            object.remove("default");
        }
        if let Some(Value::Array(types)) = object.get_mut("type") {
            types.retain(|kind| kind != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                object.insert("type".to_owned(), only);
            }
        }
        if let Some(Value::Array(members)) = object.get_mut("enum") {
            members.retain(|member| !member.is_null());
        }
        if let Some(Value::Array(branches)) = object.get_mut("anyOf") {
            branches.retain(|branch| branch.get("type").is_none_or(|kind| kind != "null"));
            if branches.len() == 1 {
                unwrap_only_branch(object);
            }
        }
    }
}

/// `{ description, anyOf: [{ $ref }] }` says the same as `{ description, $ref }`.
fn unwrap_only_branch(object: &mut serde_json::Map<String, Value>) {
    if let Some(Value::Array(branches)) = object.remove("anyOf") {
        for branch in branches {
            let Value::Object(branch) = branch else { continue };
            for (keyword, value) in branch {
                object.entry(keyword).or_insert(value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checked_in_schema_is_this_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/holdfast.schema.json");
        let ours = schema();
        if std::env::var_os("UPDATE").is_some() {
            let text = serde_json::to_string_pretty(&ours).expect("a value is valid JSON");
            std::fs::write(path, text + "\n").expect("the schema can be written");
        }
        let text = std::fs::read_to_string(path).expect("the schema is checked in");
        let checked_in: Value = serde_json::from_str(&text).expect("the schema is JSON");
        assert!(ours == checked_in, "holdfast.schema.json is out of date: run `UPDATE=1 cargo test -p contract`");
    }
}
