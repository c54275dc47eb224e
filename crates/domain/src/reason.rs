//! Why a subject's score is what it is: families of features, facts from the source rows, and how much they weigh.

use std::borrow::Cow;
use std::fmt;

use crate::money::Money;
use crate::time::Day;

/// A group of features that staff think of as one thing: `attendance`, `homework`, `payment`. Kits name them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Family(pub Cow<'static, str>);

/// Which way a larger value of a feature is expected to move the risk; decides which values are worth a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leaning {
    /// More of it, more risk: missed lessons, days overdue.
    MoreIsRisk,
    /// Less of it, more risk: share of homework done, days of activity.
    LessIsRisk,
    /// No expectation.
    Either,
}

/// The Fluent message that says a feature's value in words, such as `missed-in-a-row`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sentence(pub Cow<'static, str>);

/// A row of a source table, for a reader who wants to see what stands behind a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowRef {
    /// The table's name in the contract.
    pub table: String,
    /// The day of the row's time.
    pub day: Day,
}

/// One value inside a fact. What a sentence may say is here and nowhere else.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue {
    /// A count or a number of days; plural rules apply.
    Count(i64),
    /// A share between 0 and 1.
    Share(f64),
    /// A plain number, with the places worth showing left to the writer.
    Number(f64),
    /// An amount in the contract's currency.
    Money(Money),
    /// Days, oldest first; the writer may shorten a long list.
    Days(Vec<Day>),
    /// A label from the contract or a level of a category, already in the reader's language.
    Text(String),
}

/// A statement about one subject at one cutoff, ready to be said: which message, with which values, from which rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Which message says it.
    pub sentence: Sentence,
    /// Values by the name that the message uses: `count`, `days`, `window_days`, `typical`, `amount`, `label`.
    pub values: Vec<(Cow<'static, str>, FactValue)>,
    /// The rows it was read from, oldest first.
    pub rows: Vec<RowRef>,
}

/// A family's part in a score, with the fact that shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// What kind of reason it is.
    pub family: Family,
    /// Log-odds added to the score by this family's features: positive raises the risk.
    pub contribution: f64,
    /// What to say; nothing where the family moves the score but no single fact stands out.
    pub fact: Option<Fact>,
}

impl Family {
    /// A family that a kit names.
    pub const fn named(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Whether it holds traits that nobody can change: they move a score, but are never a reason to act.
    pub fn is_trait(&self) -> bool {
        matches!(&*self.0, "profile" | "tenure")
    }

    /// Whether staff can act on what it adds to a score: it raises the risk, has a fact to show and is no trait.
    pub fn calls_for_action(&self, contribution: f64, has_fact: bool) -> bool {
        contribution > 0.0 && has_fact && !self.is_trait()
    }
}

impl Reason {
    /// Whether staff can act on it, see [`Family::calls_for_action`].
    pub fn calls_for_action(&self) -> bool {
        self.family.calls_for_action(self.contribution, self.fact.is_some())
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Sentence {
    /// A message that a kit names.
    pub const fn named(id: &'static str) -> Self {
        Self(Cow::Borrowed(id))
    }
}

impl Fact {
    /// The value called `name`.
    pub fn value(&self, name: &str) -> Option<&FactValue> {
        self.values.iter().find(|(n, _)| n == name).map(|(_, value)| value)
    }
}
