//! `holdfast score`: everyone at risk, with probability, reasons and action.

use std::path::PathBuf;
use std::process::ExitCode;

use app::Message;
use clap::Args;
use domain::Day;

use super::{Globals, Place, as_of, parse_day};
use crate::terminal::{out, outln};

/// Score every subject at risk: probability, band, reasons, the best action and what it is worth
#[derive(Args)]
#[command(
    after_help = "Example:\n  holdfast score -C my-academy --as-of 2026-11-20 --out scores.csv\n\nOne row per subject at risk, those worth most to act on first.\n\n  holdfast score -C my-clients --input new-clients.csv --out scores.csv"
)]
pub(crate) struct Score {
    #[command(flatten)]
    place: Place,
    /// Look from the end of this day; nothing later is seen [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    as_of: Option<Day>,
    /// File to write: .csv, .parquet or .jsonl
    #[arg(long)]
    out: PathBuf,
    /// Write the decisions with their propensities to this CSV file too, for `holdfast outcomes`
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
}

pub(crate) fn run(args: &Score, globals: &Globals) -> anyhow::Result<ExitCode> {
    let project = args.place.open()?;
    let progress = globals.progress();
    let scored = app::score::score_logging(
        &project,
        as_of(args.as_of, &project),
        &args.out,
        args.decisions.as_deref(),
        &progress,
    )?;
    progress.finish();
    if globals.json {
        outln!("{}", serde_json::to_string(&scored)?);
    } else {
        let words = project.narrator()?;
        out!("{}", scored.text(&words));
        outln!("{}", words.tell(Message::ScoresIn, [("place", args.out.display().to_string().into())]));
    }
    Ok(ExitCode::SUCCESS)
}
