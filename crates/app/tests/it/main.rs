//! The use cases from outside: a contract and files in, models and scores out.

mod as_of;
mod bad_input;
mod decide;
mod flat;
mod promises;
mod study;
mod support;
mod words;
mod worlds;
