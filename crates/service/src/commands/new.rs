//! `holdfast new`: a contract to start from.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::Globals;
use crate::terminal::outln;

/// Write a contract with comments and a small sample of tables
#[derive(Args)]
#[command(after_help = "Example:\n  holdfast new academy my-academy\n  holdfast check -C my-academy")]
pub(crate) struct New {
    /// The kit to start from
    #[arg(value_parser = ["academy"])]
    kit: String,
    /// A folder that does not exist yet, or is empty
    dir: PathBuf,
}

pub(crate) fn run(args: &New, globals: &Globals) -> anyhow::Result<ExitCode> {
    let started = app::start::new_project(&args.kit, &args.dir)?;
    if globals.json {
        outln!("{}", serde_json::json!({ "contract": started.contract, "data": started.data }));
    } else {
        outln!("wrote {} and sample tables in {}", started.contract.display(), started.data.display());
        outln!("next: put your own exports there, then `holdfast check -C {}`", args.dir.display());
    }
    Ok(ExitCode::SUCCESS)
}
