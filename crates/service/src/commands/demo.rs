//! `holdfast demo`: the main job in one go, on a simulated academy.

use std::path::PathBuf;
use std::process::ExitCode;

use app::start::Academy;
use clap::Args;
use domain::Day;

use super::{Globals, parse_day};
use crate::terminal::{out, outln};

/// Simulate an academy, train, score and report
#[derive(Args)]
#[command(after_help = "Example:\n  holdfast demo --students 5000 --out demo")]
pub(crate) struct Demo {
    /// How many students ever start
    #[arg(long, default_value_t = 5000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    students: u32,
    /// The same seed gives the same academy
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The last day of the data
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "2026-11-20", value_parser = parse_day)]
    end: Day,
    /// Folder to write into: new, empty, or an earlier demo
    #[arg(long, default_value = "demo")]
    out: PathBuf,
}

pub(crate) fn run(args: &Demo, globals: &Globals) -> anyhow::Result<ExitCode> {
    let academy = Academy { students: args.students, seed: args.seed, end: args.end };
    let progress = globals.progress();
    let demo = app::demo::demo(&academy, &args.out, &progress)?;
    progress.finish();
    if globals.json {
        outln!("{}", serde_json::to_string(&demo)?);
    } else {
        let words = app::Project::open(&args.out, None, None)?.narrator()?;
        out!("{}", demo.text(&words));
    }
    Ok(ExitCode::SUCCESS)
}
