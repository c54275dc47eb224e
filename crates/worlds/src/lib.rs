//! Seeded simulators with known truth: demo data for people, oracles for tests.
//!
//! A world is causal: hidden states drive what is observed and who leaves, and staff act on what they see. Tables look
//! like the exports of a real system, dirt included; what no real system knows (the true hazard, what each action would
//! have done) is written apart or said beside it. Nothing here reads the clock or any data; the same settings give the same bytes.
//!
//! Read [`academy`] first, then [`academy::Settings`], then [`academy::write`]. To add a world, add a module beside it.

pub mod academy;
pub mod campaign;
mod draw;
mod folder;
pub mod subscribers;

pub use folder::WorldError;
