//! What a feature is, as data: kits and contracts list [`Spec`]s, the engine computes them.

use std::borrow::Cow;

use domain::{Family, Leaning, Sentence};

/// A feature: its name, what it computes, and what it means to a reader.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// Unique within a plan, `attendance.missed_28d`.
    pub name: String,
    /// What is computed, and from which table.
    pub compute: Compute,
    /// What kind of reason it is.
    pub family: Family,
    /// Which way it is expected to move the risk.
    pub leaning: Leaning,
    /// A trait that nobody can change (age, course, tenure): used for the score, never given as a reason to act.
    pub is_trait: bool,
    /// How to say it and when it is worth saying; nothing for features that only feed the model.
    pub saying: Option<Saying>,
}

/// How a feature's value becomes a fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Saying {
    /// The message.
    pub sentence: Sentence,
    /// The value that makes it worth saying.
    pub notable: Notable,
    /// Another feature of the plan, given to the message as `before`.
    pub before: Option<String>,
    /// What the value counts.
    pub unit: Unit,
}

/// When a value is worth a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Notable {
    /// From this value on.
    AtLeast(f64),
    /// Up to this value.
    AtMost(f64),
    /// Whatever it is, and that it is not known: of a column whose meaning nobody stated, only the attribution can say
    /// whether it raises the risk.
    Always,
    /// When it differs from the typical (median at the cutoff) in the risky direction by this share of it.
    UnlikeTypical(f64),
}

/// The unit of a feature's value, which decides how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things or days: a whole number with a plural form.
    Count,
    /// A share from 0 to 1.
    Share,
    /// A plain number.
    Number,
    /// Major units of the contract's currency.
    Money,
}

/// The time that a feature looks back over: whole civil days that end with the cutoff's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Window {
    /// The last so many days: days `cutoff - days + 1 ..= cutoff`.
    Days(u16),
    /// Everything visible.
    All,
}

/// What is computed. Each variant is a file in `features/`.
///
/// `table` names a table of events, the other strings its columns. Values are what is visible at the cutoff: a row whose
/// time is later does not exist, a column that is not revealed yet is null. An empty window gives 0 for counts and sums,
/// null for the rest. `due` and `done` are moments; a row whose `due` is null is passed over, one whose `done` is null or
/// later than the cutoff is open.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "fields are the tables, columns and windows that the variants' docs name")]
pub enum Compute {
    /// Rows in the window, of those where `flag` is true if one is named.
    Count { table: String, flag: Option<String>, window: Window },
    /// Rows where `flag` is true as a share of the rows where it is known.
    Share { table: String, flag: String, window: Window },
    /// Sum of a number.
    Sum { table: String, column: String, window: Window },
    /// Mean of a number.
    Mean { table: String, column: String, window: Window },
    /// Smallest value.
    Min { table: String, column: String, window: Window },
    /// Largest value.
    Max { table: String, column: String, window: Window },
    /// Population standard deviation.
    Deviation { table: String, column: String, window: Window },
    /// Distinct known values of a number or a category.
    Distinct { table: String, column: String, window: Window },
    /// The latest known value of a number or a category.
    Last { table: String, column: String },
    /// Whole days since the latest row (with the flag); null where there is none.
    Recency { table: String, flag: Option<String> },
    /// Latest rows in a row for which the flag is true; rows where it is unknown are passed over.
    Streak { table: String, flag: String },
    /// Longest time in whole days between neighbouring rows of the window, its end included.
    Gap { table: String, window: Window },
    /// Least-squares slope of a number over time, per 30 days; null below two distinct times.
    Trend { table: String, column: String, window: Window },
    /// Daily rate in the short window over the daily rate in the long one: of a number's sum, or of rows. Null where
    /// the long one is empty or sums to zero.
    RateRatio { table: String, column: Option<String>, short_days: u16, long_days: u16 },
    /// Rows due in the window and by the cutoff, done by the cutoff, as a share.
    ShareDone { table: String, due: String, done: String, window: Window },
    /// Rows due in the window and by the cutoff, not done by it.
    Open { table: String, due: String, done: String, window: Window },
    /// Latest due rows in a row that are not done.
    OpenStreak { table: String, due: String, done: String },
    /// Whole days since the oldest open row was due; 0 where none is open.
    OverdueDays { table: String, due: String, done: String },
    /// Sum of `amount` over open rows.
    Debt { table: String, due: String, done: String, amount: String },
    /// Mean days from due to done over rows done in the window; negative is early.
    Lateness { table: String, due: String, done: String, window: Window },
    /// The latest known `done` minus the latest known `planned`.
    Progress { table: String, planned: String, done: String },
    /// A column of the subjects' table: a number, a category, or a flag as 0 or 1.
    Attribute { column: String },
    /// Whole years from a day in the subjects' table to the cutoff.
    Age { column: String },
    /// Whole days since the subject came under risk.
    Tenure,
    /// Whole days until the subject's planned end; null where there is none.
    Remaining,
    /// `Tenure` as a share of the whole planned time.
    Elapsed,
    /// Another feature's value less its mean over all subjects at risk at the cutoff that share a level of a subjects'
    /// column.
    RelativeTo { feature: String, group: String },
}

impl Spec {
    /// A feature that only feeds the model.
    pub fn new(name: impl Into<String>, family: Family, leaning: Leaning, compute: Compute) -> Self {
        Self { name: name.into(), compute, family, leaning, is_trait: false, saying: None }
    }

    /// The same, with a sentence for it.
    #[must_use]
    pub fn say(mut self, sentence: &'static str, notable: Notable, unit: Unit) -> Self {
        self.saying = Some(Saying { sentence: Sentence(Cow::Borrowed(sentence)), notable, before: None, unit });
        self
    }

    /// The same, with another feature's value given to the sentence as `before`.
    #[must_use]
    pub fn compared_to(mut self, feature: impl Into<String>) -> Self {
        if let Some(saying) = &mut self.saying {
            saying.before = Some(feature.into());
        }
        self
    }

    /// The same, marked as a trait.
    #[must_use]
    pub fn as_trait(mut self) -> Self {
        self.is_trait = true;
        self
    }
}
