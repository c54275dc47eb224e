//! The text of a contract: its TOML tree, and where each key stands.

use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Problem, Problems};

/// How the message of a key that is there twice begins.
pub(crate) const DUPLICATE_KEY: &str = "duplicate key";

/// The names that lead to a value, `actions.mentor_call.cost`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyPath(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    Item(usize),
}

/// A parsed file.
pub(crate) struct Document<'a> {
    file: &'a str,
    text: &'a str,
    root: Spanned<DeTable<'a>>,
}

/// Collects what is wrong with a document, each at its place.
pub(crate) struct Report<'a> {
    pub(crate) document: &'a Document<'a>,
    pub(crate) problems: Vec<Problem>,
}

/// The file's text without a byte order mark, or where it stops being UTF-8.
pub(crate) fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Problems> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let (line, column) = position(&valid, valid.len());
        Problems(vec![Problem {
            file: file.to_owned(),
            line,
            column,
            key: String::new(),
            found: "found bytes that are not UTF-8".to_owned(),
            expected: "UTF-8 text".to_owned(),
            suggestion: Some("save the file as UTF-8".to_owned()),
        }])
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

impl<'a> Document<'a> {
    /// The document, with everything that is not TOML in it. Syntax errors leave holes in the tree, except for a key
    /// that is there twice, of which the first stands.
    pub(crate) fn parse(file: &'a str, text: &'a str) -> (Self, Vec<Problem>) {
        let (root, errors) = DeTable::parse_recoverable(text);
        let problems = errors.iter().map(|error| syntax_problem(file, text, error)).collect();
        (Self { file, text, root }, problems)
    }

    pub(crate) fn root(&self) -> &DeTable<'a> {
        self.root.get_ref()
    }

    /// Keys of the table at `path`, in the file's order.
    pub(crate) fn keys(&self, path: &KeyPath) -> Vec<String> {
        let table = match self.find(path) {
            Found::Root => self.root(),
            Found::Value { value: DeValue::Table(table), .. } => table,
            Found::Value { .. } | Found::Nothing { .. } => return Vec::new(),
        };
        let mut keys: Vec<_> = table.iter().map(|(key, _)| (key.span().start, key.get_ref().to_string())).collect();
        keys.sort_unstable();
        keys.into_iter().map(|(_, key)| key).collect()
    }

    /// Line and column of the key at `path`, or of the nearest key above it that is there.
    fn locate(&self, path: &KeyPath) -> (usize, usize) {
        let offset = match self.find(path) {
            Found::Root => 0,
            Found::Value { offset, .. } | Found::Nothing { nearest: offset } => offset,
        };
        position(self.text, offset)
    }

    fn find(&self, path: &KeyPath) -> Found<'_, 'a> {
        let mut here = Found::Root;
        for step in &path.0 {
            let (table, nearest) = match &here {
                Found::Root => (Some(self.root()), 0),
                Found::Value { value, offset } => (value.as_table(), *offset),
                Found::Nothing { .. } => return here,
            };
            let next = match (step, &here) {
                (Step::Name(name), _) => {
                    let entry = table.and_then(|table| table.get_key_value(name.as_str()));
                    entry.map(|(key, value)| (key.span().start, value))
                }
                (Step::Item(i), Found::Value { value: DeValue::Array(items), .. }) => {
                    items.get(*i).map(|item| (item.span().start, item))
                }
                (Step::Item(_), _) => None,
            };
            here = match next {
                Some((offset, value)) => Found::Value { value: value.get_ref(), offset },
                None => Found::Nothing { nearest },
            };
        }
        here
    }
}

/// What stands at a path.
enum Found<'d, 'a> {
    Root,
    Value { value: &'d DeValue<'a>, offset: usize },
    Nothing { nearest: usize },
}

impl<'a> Report<'a> {
    pub(crate) fn new(document: &'a Document<'a>) -> Self {
        Self { document, problems: Vec::new() }
    }

    /// A problem at `path`.
    pub(crate) fn add(&mut self, path: &KeyPath, found: impl Into<String>, expected: impl Into<String>) {
        self.suggest(path, found, expected, None);
    }

    /// A key that has to be there. Where it is and did not fit, or another was taken for it, that has been reported before.
    pub(crate) fn missing(&mut self, path: &KeyPath, expected: impl Into<String>) {
        let told = path.to_string();
        let (table, name) = told.rsplit_once('.').unwrap_or(("", &told));
        let meant = format!("did you mean `{name}`?");
        let is_misspelt = self.problems.iter().any(|problem| {
            problem.suggestion.as_ref() == Some(&meant) && problem.key.rsplit_once('.').map_or("", |(t, _)| t) == table
        });
        if !is_misspelt && matches!(self.document.find(path), Found::Nothing { .. }) {
            self.add(path, "missing", expected);
        }
    }

    /// A problem at `path`, with what to do about it.
    pub(crate) fn suggest(
        &mut self,
        path: &KeyPath,
        found: impl Into<String>,
        expected: impl Into<String>,
        suggestion: Option<String>,
    ) {
        let (line, column) = self.document.locate(path);
        self.problems.push(Problem {
            file: self.document.file.to_owned(),
            line,
            column,
            key: path.to_string(),
            found: found.into(),
            expected: expected.into(),
            suggestion,
        });
    }
}

impl KeyPath {
    pub(crate) fn of<const N: usize>(names: [&str; N]) -> Self {
        Self(names.map(|name| Step::Name(name.to_owned())).to_vec())
    }

    pub(crate) fn child(&self, name: &str) -> Self {
        self.then(Step::Name(name.to_owned()))
    }

    pub(crate) fn item(&self, i: usize) -> Self {
        self.then(Step::Item(i))
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for KeyPath {
    /// As TOML writes a dotted key, quoted where a bare key could not hold it, with the place in a list in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_bare = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Item(item) => write!(f, "[{item}]")?,
                Step::Name(name) => {
                    let dot = if i > 0 { "." } else { "" };
                    let name = if !name.is_empty() && is_bare(name) { name.clone() } else { format!("{name:?}") };
                    write!(f, "{dot}{name}")?;
                }
            }
        }
        Ok(())
    }
}

fn syntax_problem(file: &str, text: &str, error: &toml::de::Error) -> Problem {
    let (line, column) = position(text, error.span().map_or(0, |span| span.start));
    let said = error.message().replace('\n', ", ");
    let (found, expected) = said.split_once(", expected ").unwrap_or((said.as_str(), ""));
    let mut found = if found.is_empty() { "not valid TOML" } else { found }.trim().to_owned();
    if found == DUPLICATE_KEY
        && let Some(key) = error.span().and_then(|span| text.get(span))
    {
        found = format!("{DUPLICATE_KEY} `{key}`");
    }
    let expected = match expected {
        "nothing" if found.starts_with("invalid") => "a number such as 12 or 0.5, or text in quotes",
        "nothing" => "",
        other => other,
    };
    Problem {
        file: file.to_owned(),
        line,
        column,
        key: String::new(),
        found,
        expected: expected.to_owned(),
        suggestion: None,
    }
}

/// Line and column, in characters and from 1, of a byte offset.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_characters_and_a_missing_key_stands_at_its_parent() {
        let text = "[actions]\r\nзвонок = { cost = 3, needs = [\"a\", \"b\"] }\r\n";
        let text = text.replace("звонок", "\"звонок\"");
        let (document, problems) = Document::parse("c.toml", &text);
        assert!(problems.is_empty());
        assert_eq!(document.locate(&KeyPath::of(["actions", "звонок", "needs"])), (2, 24));
        assert_eq!(document.locate(&KeyPath::of(["actions", "звонок", "needs"]).item(1)), (2, 38));
        assert_eq!(document.locate(&KeyPath::of(["actions", "звонок", "label"])), (2, 1));
        assert_eq!(document.locate(&KeyPath::of(["outcome"])), (1, 1));
        assert_eq!(KeyPath::of(["actions", "звонок", "needs"]).item(1).to_string(), "actions.\"звонок\".needs[1]");
    }
}
