//! Why nothing can be fitted.

/// What keeps a model from being fitted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FitError {
    /// Clients whose repeat purchases the model would be learned from.
    #[error("{found} clients bought more than once, and at least {needed} are needed")]
    TooFewRepeats {
        /// So many there are.
        found: u64,
        /// So many there must be.
        needed: u64,
    },
    /// Clients whose spending the model would be learned from.
    #[error("{found} clients have an amount to learn from, and at least {needed} are needed")]
    TooFewAmounts {
        /// So many there are.
        found: u64,
        /// So many there must be.
        needed: u64,
    },
    /// Contracts that ended, from which survival is learned.
    #[error("no contract ended, so nothing says how long they last")]
    NobodyLeft,
    /// Contracts that began.
    #[error("no contract began")]
    NoContracts,
    /// A number that no such thing can have.
    #[error("entry {index}: {problem}")]
    Impossible {
        /// Its place in the input, from 0.
        index: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The search found no finite likelihood.
    #[error("the likelihood has no finite value on this data")]
    NotFinite,
}
