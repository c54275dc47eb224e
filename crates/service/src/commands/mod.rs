//! One command, one file.

mod campaign;
mod check;
mod completions;
mod demo;
mod experiment;
mod explain;
mod new;
mod outcomes;
mod report;
mod schema;
mod score;
mod simulate;
mod train;
mod trees;
mod value;

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::ExitCode;

use app::Project;
use clap::{Args, Subcommand};
use domain::{Day, Locale};
use jiff::civil::Date;

use crate::progress::Bar;

#[derive(Subcommand)]
pub(crate) enum Command {
    New(new::New),
    Check(check::Check),
    Train(train::Train),
    Score(score::Score),
    Explain(explain::Explain),
    Experiment(experiment::Experiment),
    Outcomes(outcomes::Outcomes),
    Report(report::Report),
    Trees(trees::Trees),
    Value(value::Value),
    Campaign(campaign::Campaign),
    Simulate(simulate::Simulate),
    Demo(demo::Demo),
    Schema(schema::Schema),
    Completions(completions::Completions),
}

/// Options that every command takes.
#[derive(Args)]
pub(crate) struct Globals {
    /// Print JSON, for a program to read
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Show no progress
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

impl Globals {
    pub(crate) fn progress(&self) -> Bar {
        Bar::new(self.quiet || self.json)
    }
}

/// Where the contract, the tables and the model lie.
#[derive(Args)]
pub(crate) struct Place {
    /// Folder that holds `holdfast.toml`
    #[arg(short = 'C', long = "contract", value_name = "DIR", default_value = ".")]
    contract: PathBuf,
    /// Folder with the table files, instead of the one that the contract names
    #[arg(long, value_name = "DATADIR")]
    data: Option<PathBuf>,
    /// Folder of the model [default: `model` beside the contract]
    #[arg(long, value_name = "MODELDIR")]
    model: Option<PathBuf>,
    /// File to read in place of the subjects' table: .csv, .tsv (gzipped or not) or .parquet
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// The label to learn, where the contract has several [default: the first; with a model, its own]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
}

impl Place {
    pub(crate) fn open(&self) -> anyhow::Result<Project> {
        let project = Project::open(&self.contract, self.data.as_deref(), self.model.as_deref())?;
        Ok(project.choose(self.target.as_deref(), self.input.as_deref())?)
    }
}

/// The day to look from. Only here is the clock read.
fn as_of(day: Option<Day>, project: &Project) -> Day {
    day.unwrap_or_else(|| {
        let now = jiff::Timestamp::now().to_zoned(project.time_zone().clone());
        Day::from_date(now.date())
    })
}

/// Of other years no data is: such a date stands for "never", or is a slip.
const YEARS: RangeInclusive<i16> = 1900..=2199;

fn parse_day(text: &str) -> Result<Day, String> {
    // Parsing would drop a time of day; a day is looked from at its end, whatever the time.
    let date: Option<Date> = text.parse().ok().filter(|date: &Date| date.to_string() == text);
    let date = date.ok_or("expected a date such as 2026-11-20, without a time")?;
    if !YEARS.contains(&date.year()) {
        return Err(format!("expected a date of the years {} to {}", YEARS.start(), YEARS.end()));
    }
    Ok(Day::from_date(date))
}

fn parse_locale(text: &str) -> Result<Locale, String> {
    Locale::parse(text).ok_or_else(|| "expected en, ru or tg".to_owned())
}

pub(crate) fn run(command: Command, globals: &Globals) -> anyhow::Result<ExitCode> {
    match command {
        Command::New(args) => new::run(&args, globals),
        Command::Check(args) => check::run(&args, globals),
        Command::Train(args) => train::run(&args, globals),
        Command::Score(args) => score::run(&args, globals),
        Command::Explain(args) => explain::run(&args, globals),
        Command::Experiment(args) => experiment::run(&args, globals),
        Command::Outcomes(args) => outcomes::run(&args, globals),
        Command::Report(args) => report::run(&args, globals),
        Command::Trees(args) => trees::run(&args, globals),
        Command::Campaign(args) => campaign::run(&args, globals),
        Command::Value(args) => value::run(&args, globals),
        Command::Simulate(args) => simulate::run(&args, globals),
        Command::Demo(args) => demo::run(&args, globals),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
    }
}
