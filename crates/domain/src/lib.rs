//! The vocabulary of Holdfast: the words every other crate speaks.
//!
//! Values only. This crate does no I/O, knows no Arrow, no JSON and no async; storage, files and pages have types of
//! their own at their edges. Read [`time`] first, then [`reason`], then [`decision`].

pub mod decision;
pub mod locale;
pub mod money;
pub mod probability;
pub mod reason;
pub mod time;
pub mod writing;

pub use decision::{Action, ActionId, Barred, Chance, Class, Classes, Decision, Evidence, NO_ACTION, Need, Prospect};
pub use locale::Locale;
pub use money::{Currency, Money};
pub use probability::{Band, Bands, Probability};
pub use reason::{Fact, FactValue, Family, Leaning, Reason, RowRef, Sentence};
pub use time::{Cutoff, Day, Horizon, Moment};
