//! Delimited text: any usual dialect and encoding, read as a stream of typed batches.
//!
//! A file is looked at once to settle its dialect ([`dialect`]) and, while training, once more to settle what its
//! columns hold ([`survey`]); then [`rows`] reads it batch by batch. PostgreSQL's `COPY` takes the same way.

pub(crate) mod cell;
pub(crate) mod dialect;
pub(crate) mod encoding;
pub(crate) mod rows;
pub(crate) mod survey;
