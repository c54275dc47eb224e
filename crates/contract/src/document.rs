//! The text of a contract: its TOML tree, and where each key stands.

use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Problem, Problems};

/// The names that lead to a value, `actions.mentor_call.cost`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyPath(Vec<String>);

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
        let mut table = self.root();
        for name in &path.0 {
            match table.get(name.as_str()).map(Spanned::get_ref) {
                Some(DeValue::Table(inner)) => table = inner,
                _ => return Vec::new(),
            }
        }
        let mut keys: Vec<_> = table.iter().map(|(key, _)| (key.span().start, key.get_ref().to_string())).collect();
        keys.sort_unstable();
        keys.into_iter().map(|(_, key)| key).collect()
    }

    /// Line and column of the key at `path`, or of the nearest key above it that is there.
    fn locate(&self, path: &KeyPath) -> (usize, usize) {
        let mut offset = 0;
        let mut here: Option<&DeValue<'a>> = None;
        for name in &path.0 {
            let table = match here {
                None => self.root(),
                Some(DeValue::Table(table)) => table,
                Some(DeValue::Array(items)) => {
                    let Some(item) = name.parse().ok().and_then(|i: usize| items.get(i)) else { break };
                    offset = item.span().start;
                    here = Some(item.get_ref());
                    continue;
                }
                Some(_) => break,
            };
            let Some((key, value)) = table.get_key_value(name.as_str()) else { break };
            offset = key.span().start;
            here = Some(value.get_ref());
        }
        position(self.text, offset)
    }
}

impl<'a> Report<'a> {
    pub(crate) fn new(document: &'a Document<'a>) -> Self {
        Self { document, problems: Vec::new() }
    }

    /// A problem at `path`.
    pub(crate) fn add(&mut self, path: &KeyPath, found: impl Into<String>, expected: impl Into<String>) {
        self.suggest(path, found, expected, None);
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
        Self(names.map(str::to_owned).to_vec())
    }

    pub(crate) fn child(&self, name: &str) -> Self {
        let mut names = self.0.clone();
        names.push(name.to_owned());
        Self(names)
    }
}

impl fmt::Display for KeyPath {
    /// As TOML writes a dotted key: quoted where a bare key could not hold it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, name) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            let is_bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
            if is_bare { f.write_str(name)? } else { write!(f, "{name:?}")? }
        }
        Ok(())
    }
}

fn syntax_problem(file: &str, text: &str, error: &toml::de::Error) -> Problem {
    let (line, column) = position(text, error.span().map_or(0, |span| span.start));
    let mut message = error.message().lines();
    let found = message.next().unwrap_or("not valid TOML").trim().to_owned();
    let expected = message.map(|line| line.trim().trim_start_matches("expected ")).collect::<Vec<_>>().join(", ");
    Problem { file: file.to_owned(), line, column, key: String::new(), found, expected, suggestion: None }
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
        assert_eq!(document.locate(&KeyPath::of(["actions", "звонок", "needs", "1"])), (2, 38));
        assert_eq!(document.locate(&KeyPath::of(["actions", "звонок", "label"])), (2, 1));
        assert_eq!(document.locate(&KeyPath::of(["outcome"])), (1, 1));
        assert_eq!(KeyPath::of(["actions", "звонок", "cost"]).to_string(), "actions.\"звонок\".cost");
    }
}
