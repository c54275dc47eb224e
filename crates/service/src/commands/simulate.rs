//! `holdfast simulate`: worlds whose truth is known.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::Day;

use super::{Globals, parse_day};
use crate::terminal::outln;

/// Write the tables of a simulated organisation, and apart from them the truth
#[derive(Args)]
pub(crate) struct Simulate {
    #[command(subcommand)]
    world: World,
}

#[derive(Subcommand)]
enum World {
    Academy(Academy),
}

/// An IT academy: students, lessons, homework, invoices, progress, tests, messages, actions
#[derive(Args)]
#[command(after_help = "Example:\n  holdfast simulate academy --students 5000 --seed 7 --out academy/data")]
struct Academy {
    /// How many students ever start
    #[arg(long, default_value_t = 5000, value_parser = clap::value_parser!(u32).range(20..=2_000_000))]
    students: u32,
    /// The same seed gives the same files
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The last day of the data
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "2026-11-20", value_parser = parse_day)]
    end: Day,
    /// Folder to write into: new, empty, or an earlier simulation
    #[arg(long)]
    out: PathBuf,
}

pub(crate) fn run(args: &Simulate, globals: &Globals) -> anyhow::Result<ExitCode> {
    let World::Academy(academy) = &args.world;
    let progress = globals.progress();
    let simulated = app::start::simulate_academy(
        &app::start::Academy { students: academy.students, seed: academy.seed, end: academy.end },
        &academy.out,
        &progress,
    )?;
    progress.finish();
    if globals.json {
        outln!("{}", serde_json::to_string(&simulated)?);
    } else {
        outln!("{simulated}");
        outln!("tables in {}, the truth apart in {}", academy.out.display(), academy.out.join("truth").display());
    }
    Ok(ExitCode::SUCCESS)
}
