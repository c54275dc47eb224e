//! Rules that people read: a policy in a few leaves, and groups of subjects by their effects.
//!
//! Both are honest (Athey and Imbens 2016): rules are cut on one half of the rows, and what is said of a leaf is measured on
//! the other half, which had no say in the cuts.

mod cuts;
mod policy;
mod rule;
mod segments;

pub(crate) use policy::search as search_policy;
pub use policy::{PolicyLeaf, PolicyTree};
pub use rule::{Condition, Rule};
pub(crate) use segments::cut as cut_segments;
pub use segments::{Segment, Segments};
