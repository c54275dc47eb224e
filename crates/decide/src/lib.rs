//! What to do about each subject: scores, effects, costs and capacities in, decisions out.
//!
//! Pure policy. It fits no model, reads no storage and no clock; whoever calls it brings calibrated risks and the log
//! of what was done before. Read [`Policy`] first, then [`Estimates`], then [`round`].
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
//! logged outcomes update it: `hierarchy` is the model, `weights` says how much a case counts, [`chance`] holds what comes out,
//! [`estimates`] puts it together, [`choose`] the decision within the [`Means`] that there are, [`knapsack`] how what is
//! scarce is shared out, [`explore`] what of it is left to chance, [`price`] what more of it would add, and [`classes`] who is persuadable.
//!
//! **Assumptions.** An action multiplies the risk by the same factor at every risk within a cell. It may drive away: `e` is
//! below zero then, and such an action is never chosen. Given `p`, who got an action does not depend on how it would have
//! ended; random assignment makes that true, which is why the count of randomised cases travels with every estimate, and
//! why cases that staff chose carry a doubt of their own.

mod assign;
pub mod chance;
pub mod choose;
pub mod classes;
mod draws;
pub mod estimates;
pub mod experiment;
pub mod explore;
mod hierarchy;
pub mod holdout;
pub mod knapsack;
mod means;
pub mod off_policy;
mod policy;
pub mod price;
mod weights;

pub use chance::Effect;
pub use choose::{Case, Round, round};
pub use estimates::{Estimates, LoggedOutcome};
pub use means::{Means, MeansError, Pools, Resource};
pub use policy::{Policy, PolicyError};
pub use price::{Price, Scarce};
