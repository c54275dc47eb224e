//! A campaign that is over, in a file: what each action changed for whom, and whom to contact next time.
//!
//! [`learn`] reads the file, fits `effect`'s model, and leaves a folder: the model, a page, its numbers, groups of clients.
//! [`apply`] says of the clients of another file whom to contact with what. `table` makes columns of a file's cells,
//! `classes` says who is persuadable, `page` fills the page.

mod afterwards;
mod apply;
mod classes;
mod error;
mod folder;
mod learn;
mod page;
mod table;
#[cfg(test)]
mod tests;

pub use self::apply::{Applied, ApplyRequest, apply};
pub use self::classes::Class;
pub use self::error::CampaignError;
pub use self::learn::{LearnRequest, Learned, learn};
