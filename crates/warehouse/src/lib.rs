//! The warehouse: from a contract and its sources to typed tables and the features of subjects as of a cutoff.
//!
//! The only crate that names DataFusion. Text files as `tables` types them, Parquet files and PostgreSQL become tables
//! of one session; the contract's expressions run in one plan per table, batch by batch, over the columns
//! that are needed and no others. What comes out is [`asof`]'s subjects and events, the list of features for what was
//! found, and the findings: what is wrong with the data, where, and what to do about it. It knows no models.
//!
//! Read [`load`] first, then [`Loaded`], then [`Finding`]. [`check`] says whether the data is fit to learn from.
//!
//! To add a source, see `source`; to add a feature or a role, see [`kits`]; to add a check, a file in `check`.

mod actions;
mod cells;
mod check;
mod error;
mod events;
pub mod kits;
mod load;
mod look;
mod outcome;
mod people;
mod scenario;
mod session;
mod source;
mod table;

pub use actions::LoggedAction;
pub use check::{Checked, EnoughData, Tier, check};
pub use error::Error;
pub use kits::Change;
pub use load::{Loaded, Sources, TableSummary, load};
pub use look::{Look, Question, look};
pub use outcome::{Outcomes, Spell, Training};
pub use scenario::{Possible, Scenario};
pub use tables::{ColumnFormat, DayOrder, Decimal, Finding, Kind, Place, Schema, Severity, Topic};
