//! What the columns of the sources hold, as settled once and kept with the model.
//!
//! A column's type is inferred over the whole column while training. Scoring reads the same columns by the same types: a
//! type inferred anew would depend on rows that the cutoff must not know.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The columns of every table of a contract.
///
/// Kept beside the model, so it can be written and read; a table that it lacks is inferred when it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// Columns by table, both by name.
    pub tables: BTreeMap<String, BTreeMap<String, ColumnFormat>>,
    /// Attributes of subjects that were found to know the outcome: never features.
    pub leaks: BTreeSet<String>,
    /// How the text of a table is written, by its name; models of before it was kept have none.
    #[serde(default)]
    pub texts: BTreeMap<String, TextFormat>,
}

/// How the text of a table is written.
///
/// Detected anew, one bad byte of a later row could change how all rows are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextFormat {
    /// The encoding's name in the Encoding Standard.
    pub encoding: String,
    /// What stands between fields.
    pub delimiter: char,
}

/// What a column holds and how it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnFormat {
    /// What it holds.
    pub kind: Kind,
    /// How its numbers are written.
    pub decimal: Decimal,
    /// How its dates are written where they could be read in two ways.
    pub order: DayOrder,
    /// Whether it only tells rows apart: never a feature.
    pub is_identifier: bool,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A number.
    Number,
    /// Text: a category, a key, a name.
    Text,
    /// A date, or a date with a time.
    Moment,
    /// Yes or no.
    Flag,
}

/// What separates the fraction of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decimal {
    /// `1234.5`, `1,234.5`.
    #[default]
    Point,
    /// `1234,5`, `1.234,5`.
    Comma,
}

/// Which part of `03/04/2026` is the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayOrder {
    /// The 3rd of April.
    #[default]
    DayFirst,
    /// March the 4th.
    MonthFirst,
}

impl ColumnFormat {
    /// A column of a kind, written the usual way.
    pub fn plain(kind: Kind) -> Self {
        Self { kind, decimal: Decimal::default(), order: DayOrder::default(), is_identifier: false }
    }
}

impl Kind {
    /// The kind as a message names it: "a number".
    pub fn said(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Text => "text",
            Self::Moment => "a date such as 2026-11-20 or 20.11.2026",
            Self::Flag => "yes or no",
        }
    }
}
