//! `holdfast outcomes`: what became of decisions, into the log of actions.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Globals, Place};
use crate::terminal::outln;

/// Record what was done about decisions in the table of actions, from which chances are learned
#[derive(Args)]
#[command(
    after_help = "Example:\n  holdfast score -C my-academy --out scores.csv --decisions decisions.csv\n  holdfast outcomes -C my-academy --decisions decisions.csv --in done.csv --log my-academy/data/actions.csv\n\nFILE of --in has the columns subject, action, at: what was done to whom, and when. Where a row is wrong nothing is written."
)]
pub(crate) struct Outcomes {
    #[command(flatten)]
    place: Place,
    /// The decisions, as `holdfast score --decisions` wrote them
    #[arg(long, value_name = "FILE")]
    decisions: PathBuf,
    /// What was done: CSV with subject, action, at
    #[arg(id = "done", long = "in", value_name = "FILE")]
    done: PathBuf,
    /// The table of actions to add to; made if it is not there
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
}

pub(crate) fn run(args: &Outcomes, globals: &Globals) -> anyhow::Result<ExitCode> {
    let project = args.place.open()?;
    let recorded = app::outcomes::record(&project.contract, &args.decisions, &args.done, &args.log)?;
    if globals.json {
        outln!("{}", serde_json::to_string(&recorded)?);
        return Ok(ExitCode::SUCCESS);
    }
    outln!(
        "{} done as decided, {} as staff chose, {} held out; nothing noted about {} decisions.",
        recorded.as_decided,
        recorded.chosen_by_staff,
        recorded.held_out,
        recorded.open
    );
    outln!("The log is {}; `holdfast train` learns from it.", args.log.display());
    Ok(ExitCode::SUCCESS)
}
