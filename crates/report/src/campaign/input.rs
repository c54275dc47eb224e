//! What the page of a campaign shows, as plain values. Effects and outcomes are in the unit of the outcome, or shares where
//! the outcome is yes or no; intervals are of 90%.

use domain::{Day, Locale};

use crate::input::Estimate;

/// The whole page.
#[derive(Clone, Debug, PartialEq)]
pub struct CampaignReport {
    /// Its language.
    pub locale: Locale,
    /// The file it was learned from.
    pub file: String,
    /// The day to write on it.
    pub made_on: Option<Day>,
    /// The column that says what was done.
    pub treatment: String,
    /// The column that says what came of it.
    pub outcome: String,
    /// Whether the outcome is yes or no.
    pub is_share: bool,
    /// Clients.
    pub rows: usize,
    /// What was done with how many, the control first.
    pub arms: Vec<Arm>,
    /// By action.
    pub actions: Vec<Action>,
    /// The name of the learner that did best on clients it had not seen.
    pub learner: String,
    /// Whether actions were given by lot, as far as the columns tell.
    pub is_randomised: bool,
    /// The campaign's clients by what the best action is to them.
    pub classes: Classes,
    /// What ways to choose would have brought.
    pub policies: Vec<Policy>,
    /// A way to choose in a few rules.
    pub rules: Vec<Rule>,
    /// Groups of clients, those of the highest effect first.
    pub segments: Vec<Segment>,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

/// An arm as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// Clients.
    pub rows: usize,
    /// Their mean outcome.
    pub mean: Estimate,
}

/// What an action changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// Average effect over all clients.
    pub average: Estimate,
    /// Whether it was found to differ between clients.
    pub differs: bool,
    /// The Qini coefficient on clients that the model had not seen.
    pub qini: Option<Estimate>,
    /// Told and observed effect by tenths of the list, the highest told first.
    pub tenths: Vec<Tenth>,
    /// Share of the list acted on, and what that gained.
    pub curve: Vec<(f64, f64)>,
}

/// A tenth of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Tenth {
    /// Mean effect told.
    pub told: f64,
    /// Difference of treated and control.
    pub observed: Option<Estimate>,
}

/// Clients by what the best action is to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classes {
    /// Surely helped.
    pub persuadable: usize,
    /// Above the average without it.
    pub sure_thing: usize,
    /// Below the average without it.
    pub lost_cause: usize,
    /// Surely harmed.
    pub do_not_disturb: usize,
}

/// What a way to choose would have brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Which.
    pub kind: PolicyKind,
    /// Share of clients contacted.
    pub contacted: f64,
    /// Mean outcome.
    pub value: Estimate,
}

/// A way to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyKind {
    /// All get this arm.
    All(String),
    /// Each gets the action of the highest effect told.
    Model,
    /// By the rules on the page.
    Rules,
}

/// A rule of the way to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Who it is for; without conditions, all.
    pub conditions: Vec<Condition>,
    /// What to do; nothing to leave them alone.
    pub action: Option<String>,
    /// Their share of all.
    pub share: f64,
    /// Mean outcome beyond leaving them alone.
    pub gain: Estimate,
}

/// A group of clients.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Who belongs to it; without conditions, all.
    pub conditions: Vec<Condition>,
    /// Their share of all.
    pub share: f64,
    /// Mean outcome without action.
    pub base: Estimate,
    /// Mean effect by action.
    pub effects: Vec<Estimate>,
}

/// What must hold of a client.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Of this column.
    pub column: String,
    /// This.
    pub test: Test,
}

/// What must hold of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A number up to this one, or nothing where the second says so.
    AtMost(f64, bool),
    /// A number above this one, or nothing where the second says so.
    Above(f64, bool),
    /// This level.
    Is(String),
    /// Another level, or none.
    IsNot(String),
    /// No value.
    Missing,
    /// Any value.
    Present,
}

/// What a reader must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Columns foretell who got the arm.
    PoorOverlap {
        /// The arm.
        arm: String,
        /// The columns.
        columns: Vec<String>,
    },
    /// Actions were not given by lot.
    NotRandomised,
    /// All clients are alike.
    ColumnsConstant,
    /// No difference between clients was found.
    SameForAll {
        /// The arm.
        arm: String,
    },
    /// An effect was found where none can be.
    PlaceboFound {
        /// The arm.
        arm: String,
    },
    /// Halves of the control differ.
    ControlsDiffer,
    /// Few have the rarer outcome.
    FewOutcomes {
        /// The arm.
        arm: String,
        /// So many.
        rows: usize,
    },
}
