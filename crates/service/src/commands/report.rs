//! `holdfast report`: one page to read and to hand on.

use std::path::PathBuf;
use std::process::ExitCode;

use app::Message;
use clap::Args;
use domain::Day;

use super::{Globals, Place, as_of, parse_day};
use crate::terminal::outln;

/// Write one HTML file that works offline: who to call today and why, quality, calibration, what the model looks at
#[derive(Args)]
#[command(after_help = "Example:\n  holdfast report -C my-academy --as-of 2026-11-20 --out report.html")]
pub(crate) struct Report {
    #[command(flatten)]
    place: Place,
    /// Look from the end of this day; nothing later is seen [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    as_of: Option<Day>,
    /// File to write
    #[arg(long, default_value = "report.html")]
    out: PathBuf,
}

pub(crate) fn run(args: &Report, globals: &Globals) -> anyhow::Result<ExitCode> {
    let project = args.place.open()?;
    let progress = globals.progress();
    app::report::report(&project, as_of(args.as_of, &project), &args.out, &progress)?;
    progress.finish();
    if globals.json {
        outln!("{}", serde_json::json!({ "report": args.out }));
    } else {
        let words = project.narrator()?;
        outln!("{}", words.tell(Message::ReportIn, [("place", args.out.display().to_string().into())]));
    }
    Ok(ExitCode::SUCCESS)
}
