//! How good told effects are, on rows kept out. One metric is one file with its formula and source.
//!
//! Most are functions of a [`Contrast`]: the rows of one action and of the control, in the order of their told effect, so
//! that every metric is one pass and the bootstrap only changes counts.

mod auuc;
mod calibration;
mod contrast;
mod corrected;
mod deciles;
mod off_policy;
mod qini;
mod rate;

pub use auuc::auuc;
pub use calibration::{CalibrationBin, EffectCalibration, calibration};
pub use contrast::{Contrast, CurvePoint};
pub use corrected::corrected;
pub use deciles::{Decile, deciles};
pub use off_policy::{OffPolicy, off_policy};
pub use qini::{qini, qini_curve, qini_normalised};
pub use rate::{Rate, rate};
