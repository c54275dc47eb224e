//! A planned experiment: how many subjects it takes, and who gets what.

pub mod size;
pub mod split;
