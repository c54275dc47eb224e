//! Facts to sentences, in Russian, English and Tajik, and the check that a sentence says nothing but facts.
//!
//! Words live in `locales/<locale>/*.ftl` and are read by Fluent; this crate brings numbers, money, dates and lists into
//! the shape a reader of that language expects. It learns nothing, stores nothing and knows no features: a
//! [`Fact`](domain::Fact) names its message and brings its values. Read [`Narrator`] first, then [`SENTENCES`], then
//! [`Ground`].
//!
//! Every sentence about a fact is a fragment, so that it can stand in a cell of a table as well as after
//! "High risk: ".
//!
//! **To add a sentence**: add its line to [`SENTENCES`], its message to `facts.ftl` of every locale, a sample fact to
//! `tests/sentences.rs`, and review the snapshot. A message that is missing, or that uses a value its shape does not
//! name, fails when a [`Narrator`] is made.

mod bundle;
mod check;
mod features;
mod format;
mod locale;
mod message;
mod narrator;
mod select;
mod sentences;
mod why;

pub use bundle::NarratorError;
pub use check::{Ground, Unsupported};
pub use domain::Locale;
pub use features::FeatureWords;
pub use message::{Message, Told};
pub use narrator::{ActionWords, FactError, Labels, Narrator};
pub use select::{AT_MOST, select, worth_saying};
pub use sentences::{SENTENCES, Said, Shape};
