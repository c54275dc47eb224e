//! `holdfast explain`: one subject, wholly.

use std::process::ExitCode;

use clap::Args;
use domain::Day;

use super::{Globals, Place, as_of, parse_day};
use crate::terminal::{out, outln};

/// Explain one subject's score: what adds up to it, and the actions side by side; with --json also the rows behind it
#[derive(Args)]
#[command(after_help = "Example:\n  holdfast explain S0000042 -C my-academy --as-of 2026-11-20")]
pub(crate) struct Explain {
    /// The subject's key
    id: String,
    #[command(flatten)]
    place: Place,
    /// Look from the end of this day; nothing later is seen [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    as_of: Option<Day>,
}

pub(crate) fn run(args: &Explain, globals: &Globals) -> anyhow::Result<ExitCode> {
    let project = args.place.open()?;
    let progress = globals.progress();
    let explained = app::explain::explain(&project, &args.id, as_of(args.as_of, &project), &progress)?;
    progress.finish();
    if globals.json {
        outln!("{}", serde_json::to_string(&explained)?);
    } else {
        out!("{}", explained.text(&project.narrator()?));
    }
    Ok(ExitCode::SUCCESS)
}
