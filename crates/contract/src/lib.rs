//! The contract: `holdfast.toml`, the one file that says what the data means.
//!
//! [`parse`] takes the file's bytes and gives either a [`Contract`], checked and with everything the kit knows filled
//! in, or all [`Problems`] at once, each with line, key, what was found and what was expected. The crate reads no data
//! and evaluates no SQL: expressions are carried as text for the warehouse.
//!
//! Read [`Contract`] first, then [`Table`] and [`Column`], then [`kits::academy`]. The form on disk has types of its
//! own in `wire`; their doc comments are the descriptions in the JSON [`schema`], which editors show when the file
//! begins with a line such as `#:schema ./holdfast.schema.json`.
//!
//! To add a key: a field in `wire` with its doc, its check in `resolve`, a line in `templates/academy.toml`, then
//! `UPDATE=1 cargo test -p contract` to rewrite the checked-in schema.

mod core;
mod document;
pub mod kits;
mod labels;
mod parse;
mod problem;
mod resolve;
mod schema;
mod structure;
mod suggest;
mod table;
mod wire;

pub use self::core::{
    Anchor, Attributes, Contract, Cutoffs, KeptValue, Limits, OptOut, Outcome, PlannedAction, QuietHours, Resource,
    Schedule, Source, Subjects, Target, Unit, UnknownTarget,
};
pub use kits::{Kit, Role};
pub use labels::Labels;
pub use parse::{FILE_NAME, LoadError, load, parse};
pub use problem::{Problem, Problems};
pub use schema::schema;
pub use table::{Column, ColumnRef, CsvOptions, Kind, Level, Origin, Table, TableSource};
