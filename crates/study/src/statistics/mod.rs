//! Tests and measures that several sections use; each is checked against the numbers of scipy.

mod chi_square;
mod false_discovery;
mod mann_whitney;
mod ranks;

pub(crate) use chi_square::{Table, chi_square, cramers_v, cramers_v_interval};
pub(crate) use false_discovery::false_discovery;
pub(crate) use mann_whitney::mann_whitney;
pub(crate) use ranks::mid_ranks;
