//! The use cases: check, train, score, explain, report, study, value, campaign, and the ways to get started. Plain structs in and out.
//!
//! This crate composes the middle crates, which never see each other. It knows no command line and no HTTP; the day to
//! look from and the places to read and write are given by the caller. Read [`Project`] first, then [`train`] and
//! [`score`]; [`judge`] is where features, attributions, facts and decisions of one cutoff come together.
//!
//! To add a use case: a file with one function over a [`Project`], called from `service`.

pub mod campaign;
pub mod check;
pub mod counterfactual;
pub mod demo;
mod error;
pub mod experiment;
pub mod explain;
mod foreign;
pub mod judge;
pub mod kept;
pub mod learned;
mod logged;
mod matter;
mod means;
pub mod model;
pub mod outcomes;
pub mod output;
pub mod progress;
mod project;
mod reasons;
pub mod report;
pub mod score;
mod sheet;
pub mod start;
pub mod study;
pub mod train;
pub mod trees;
pub mod value;

pub use error::Error;
/// What the program says of its own work, for those who say it.
pub use narrate::Message;
pub use project::Project;
