//! Columns that the model does not learn from, or could do without: which, and why.

use std::collections::BTreeMap;

use super::names;
use crate::study::input::{LeftOut, WhyLeftOut};
use crate::words::Words;

/// A line for each reason, with the first names of its columns.
pub(super) fn lines(all: &[LeftOut], most: usize, words: &Words) -> Vec<String> {
    let mut by_reason: BTreeMap<usize, (&'static str, Vec<String>)> = BTreeMap::new();
    for column in all {
        let (place, id) = match &column.why {
            WhyLeftOut::Leak => (0, "left-out-leak"),
            WhyLeftOut::Key => (1, "left-out-key"),
            WhyLeftOut::Label => (2, "left-out-label"),
            WhyLeftOut::Ignored => (3, "left-out-ignored"),
            WhyLeftOut::Constant => (4, "left-out-constant"),
            WhyLeftOut::Copy { .. } => (5, "left-out-copy"),
        };
        let name = match &column.why {
            WhyLeftOut::Copy { of } => format!("{} = {of}", column.name),
            _ => column.name.clone(),
        };
        by_reason.entry(place).or_insert((id, Vec::new())).1.push(name);
    }
    let line =
        |(id, columns): &(&'static str, Vec<String>)| words.say(id, [("names", names(columns, most, words).into())]);
    by_reason.values().map(line).collect()
}
