//! `holdfast check`: is the contract right, is the data sound, is there enough of it.

use std::process::ExitCode;

use clap::Args;
use domain::Day;

use super::{Globals, Place, as_of, parse_day};
use crate::terminal::{out, outln};

/// Read the data as the contract says and tell what is wrong with it, and whether there is enough
#[derive(Args)]
#[command(
    after_help = "Example:\n  holdfast check -C my-academy --data exports\n\nExits with 3 where something must be mended before training."
)]
pub(crate) struct Check {
    #[command(flatten)]
    place: Place,
    /// Look at the data as it was on this day [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    as_of: Option<Day>,
}

pub(crate) fn run(args: &Check, globals: &Globals) -> anyhow::Result<ExitCode> {
    let project = args.place.open()?;
    let progress = globals.progress();
    let checked = app::check::check(&project, Some(as_of(args.as_of, &project)), &progress)?;
    progress.finish();
    if globals.json {
        outln!("{}", serde_json::to_string(&checked)?);
    } else {
        out!("{checked}");
    }
    Ok(if checked.must_be_mended() { ExitCode::from(3) } else { ExitCode::SUCCESS })
}
