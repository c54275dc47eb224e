//! What to do about each subject: scores, effects, costs and capacities in, decisions out.
//!
//! Pure policy. It fits no model, reads no storage and no clock; whoever calls it brings calibrated risks and the log
//! of what was done before. Read [`Policy`] first, then [`Estimates`], then [`decide`].
//!
//! **Estimand.** With `p` the calibrated probability that a subject left alone leaves within the horizon, the effect
//! `e` of an action is the share of those who would leave whom it keeps:
//!
//! ```text
//! P(stay | nothing) = 1 - p
//! P(stay | action)  = 1 - p (1 - e)
//! expected value    = p e value - cost
//! ```
//!
//! An expert states an action's chance to keep a subject who, left alone, would stay with a chance that the contract
//! names too (0.10 unless it says otherwise). That gives the prior mean `e = (chance - chance_0) / (1 - chance_0)`, and
//! logged outcomes update it: [`chance`] holds the posterior, `weights` how much a case counts, `baseline` what a trial's
//! controls say of doing nothing, [`estimates`] the levels, [`choose`] the decision within the [`Means`] that there are,
//! [`knapsack`] how what is scarce is shared out, [`price`] what more of it would add, and [`classes`] who is
//! persuadable.
//!
//! **Assumptions.** No action makes anyone leave (`0 <= e <= 1`, the monotonicity of Tian and Pearl 2000). An action
//! keeps the same share of would-be leavers at every risk within a cell. Given `p`, who got an action does not depend
//! on how well it would have worked; random assignment makes that true, which is why the count of randomised cases
//! travels with every estimate.

mod assign;
mod baseline;
pub mod chance;
pub mod choose;
pub mod classes;
pub mod estimates;
pub mod knapsack;
mod means;
mod policy;
pub mod price;
mod weights;

pub use chance::Effect;
pub use choose::{Case, Round, decide, round};
pub use estimates::{Estimates, LoggedOutcome};
pub use means::{Means, MeansError, Pools, Resource};
pub use policy::{Policy, PolicyError};
pub use price::{Price, Scarce};
