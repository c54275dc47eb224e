//! The warehouse from outside: files in, tables, features and findings out.

mod bad_input;
mod loading;
#[path = "../support/mod.rs"]
mod support;
