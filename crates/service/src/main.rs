//! The `holdfast` program: reads the command line and the clock, calls a use case, prints what came of it.
//!
//! Exit codes: 0 done, 1 failed (the message says what to do), 2 a wrong command line, 3 `check` found errors.
//!
//! To add a command: a file in `commands/` with its arguments and a `run`, and a line in [`Command`].

mod commands;
mod progress;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use commands::{Command, Globals};

/// Who is about to leave, why, what to do about each of them, and what that is worth.
#[derive(Parser)]
#[command(
    name = "holdfast",
    version,
    after_help = "Start here:\n  holdfast demo                     a simulated academy, from tables to a list of who to call\n  holdfast new academy my-academy   a contract of your own, with comments and sample tables"
)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|told| terminal::end_with(&told));
    terminal::log_to_stderr();
    match commands::run(cli.command, &cli.globals) {
        Ok(code) => code,
        Err(error) => {
            terminal::print_error(&error, cli.globals.json);
            ExitCode::FAILURE
        }
    }
}
