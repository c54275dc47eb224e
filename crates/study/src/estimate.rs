//! A number and how far it may be off.

use serde::Serialize;

/// A number with its 95% interval, in the unit of the number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}
