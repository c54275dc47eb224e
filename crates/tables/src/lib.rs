//! Typed tables from delimited text: any usual dialect and encoding, read as a stream of typed batches.
//!
//! A file is looked at once to settle its layout ([`dialect`], [`encoding`]) and, while training, once more to settle
//! what its columns hold ([`survey`]); then [`rows`] reads it batch by batch. PostgreSQL's `COPY` takes the same way.
//! What is wrong is a [`Finding`] with file, row and column. It names no query engine: it builds and tests in seconds.
//!
//! Read [`Finding`], [`Schema`] and [`rows::read`] first.

pub mod cell;
mod cyrillic;
pub mod dialect;
pub mod encoding;
mod error;
pub mod finding;
mod foreign;
pub mod rows;
pub mod schema;
pub mod survey;

pub use error::Error;
pub use finding::{Finding, Place, Severity, Topic};
pub use schema::{ColumnFormat, DayOrder, Decimal, Kind, Schema, TextFormat};
