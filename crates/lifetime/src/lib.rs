//! What a client is worth: how often it will buy, whether it is still a client, what it will spend; and how long contracts
//! last.
//!
//! Two settings. **Without a contract** nobody says that they left: [`BgNbd`] infers from the days of purchases who is still
//! there and how many purchases come, [`GammaGamma`] what they spend, [`value`] both together, [`total`] the sum over all
//! with its interval, [`holdout`] how well that predicts. **With a contract** leaving is seen: [`kaplan_meier`] draws the share that
//! stays, [`hazard`] the risk by period and segment, [`ShiftedBetaGeometric`] continues the curve beyond what was seen.
//!
//! It is pure: no files, no clock, no random numbers; the same input gives the same output on any number of threads. Times are
//! plain numbers in one unit of the caller's choice (weeks are usual), money in major units. Read [`Histories`], [`BgNbd`]
//! and [`Fit`] first. A model is a file with its likelihood, its tests on published numbers, and a line here.

mod bg_nbd;
mod contracts;
mod distribution;
mod error;
mod fit;
mod gamma_gamma;
pub mod hazard;
mod history;
pub mod holdout;
pub mod kaplan_meier;
mod optimise;
pub mod total;
pub mod value;

pub use bg_nbd::BgNbd;
pub use contracts::{Cohort, ShiftedBetaGeometric};
pub use distribution::Purchases;
pub use error::FitError;
pub use fit::Fit;
pub use gamma_gamma::{GammaGamma, Spend, SpendPosterior, correlation};
pub use history::{Histories, History};
