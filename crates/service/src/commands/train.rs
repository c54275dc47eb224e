//! `holdfast train`: a model from the past.

use std::process::ExitCode;

use app::Message;
use clap::Args;
use domain::Day;

use super::{Globals, Place, as_of, parse_day};
use crate::terminal::{out, outln};

/// Fit a model on what happened before, and say how good it is on what it did not see
#[derive(Args)]
#[command(
    after_help = "Example:\n  holdfast train -C my-academy --data exports --model models/november\n  holdfast train -C my-clients --target churn --input clients.csv.gz"
)]
pub(crate) struct Train {
    #[command(flatten)]
    place: Place,
    /// Learn from what was known by the end of this day [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    as_of: Option<Day>,
    /// The same seed gives the same model
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds for trying settings, as an ordinary machine with two cores would need: less tries fewer, on fewer rows
    #[arg(long, value_name = "SECONDS", default_value_t = app::train::Options::default().budget_seconds,
          value_parser = parse_budget, allow_negative_numbers = true)]
    budget: f64,
}

pub(crate) fn run(args: &Train, globals: &Globals) -> anyhow::Result<ExitCode> {
    let project = args.place.open()?;
    let progress = globals.progress();
    let options =
        app::train::Options { as_of: Some(as_of(args.as_of, &project)), seed: args.seed, budget_seconds: args.budget };
    let trained = app::train::train(&project, &options, &progress)?;
    progress.finish();
    if globals.json {
        outln!("{}", serde_json::to_string(&trained)?);
    } else {
        let words = project.narrator()?;
        out!("{}", trained.text(&words));
        outln!("{}", words.tell(Message::ModelIn, [("place", project.model.display().to_string().into())]));
    }
    Ok(ExitCode::SUCCESS)
}

fn parse_budget(text: &str) -> Result<f64, String> {
    let seconds: Option<f64> = text.parse().ok().filter(|seconds: &f64| seconds.is_finite() && *seconds >= 0.0);
    seconds.ok_or_else(|| "expected a number of seconds that is not negative, such as 60".to_owned())
}
