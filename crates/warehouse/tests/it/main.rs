//! The warehouse from outside: files in, tables, features and findings out.

mod as_of;
mod bad_input;
mod checking;
mod loading;
#[path = "../support/mod.rs"]
mod support;
