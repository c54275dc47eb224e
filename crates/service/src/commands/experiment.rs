//! `holdfast experiment`: how many subjects it takes, and who gets what.

use std::path::PathBuf;
use std::process::ExitCode;

use app::experiment::{Ask, Plan, Split, size, split};
use clap::{Args, Subcommand};

use super::Globals;
use crate::terminal::outln;

/// Plan an experiment: how many subjects it takes, and who gets what
#[derive(Args)]
pub(crate) struct Experiment {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// How many subjects find a difference, or what difference so many subjects find
    #[command(
        after_help = "Examples:\n  holdfast experiment size --base 0.2 --effect 0.05\n  holdfast experiment size --base 0.2 --subjects 800 --arms 2"
    )]
    Size(SizeArgs),
    /// Deal out arms by chance, alike in every stratum
    #[command(
        after_help = "Example:\n  holdfast experiment split --input clients.csv --subject client_id --strata city,segment --arms control,letter,call --seed 7 --out arms.csv\n\nThe file has the subject, the strata, the arm, and the propensity with which it was given."
    )]
    Split(SplitArgs),
}

#[derive(Args)]
struct SizeArgs {
    /// Share that responds, or stays, with no action
    #[arg(long, value_name = "SHARE")]
    base: f64,
    /// Difference to find: 0.05 for a share of 0.25 instead of 0.20
    #[arg(long, value_name = "DIFFERENCE", allow_negative_numbers = true, required_unless_present = "subjects")]
    effect: Option<f64>,
    /// Subjects in all: says what difference they find
    #[arg(long, conflicts_with = "effect")]
    subjects: Option<u64>,
    /// Probability to find the difference if it is there
    #[arg(long, default_value_t = 0.8)]
    power: f64,
    /// Probability to find one that is not there, in any comparison
    #[arg(long, default_value_t = 0.05)]
    alpha: f64,
    /// Arms with an action, beside the control arm
    #[arg(long, default_value_t = 1)]
    arms: u32,
    /// How many times an arm's subjects the control arm has
    #[arg(long, default_value_t = 1.0)]
    control_ratio: f64,
}

#[derive(Args)]
struct SplitArgs {
    /// CSV file with a row for each subject
    #[arg(long)]
    input: PathBuf,
    /// Column that tells subjects apart
    #[arg(long, value_name = "COLUMN")]
    subject: String,
    /// Columns in which arms are to be alike, apart by commas
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    strata: Vec<String>,
    /// Names of arms, apart by commas
    #[arg(long, value_delimiter = ',', required = true)]
    arms: Vec<String>,
    /// Their shares, apart by commas [default: equal]
    #[arg(long, value_delimiter = ',')]
    shares: Vec<f64>,
    /// The same seed gives the same arms
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// File to write: .csv, .parquet or .jsonl
    #[arg(long)]
    out: PathBuf,
}

pub(crate) fn run(args: &Experiment, globals: &Globals) -> anyhow::Result<ExitCode> {
    match &args.what {
        What::Size(args) => plan(args, globals)?,
        What::Split(args) => deal(args, globals)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn plan(args: &SizeArgs, globals: &Globals) -> anyhow::Result<()> {
    let SizeArgs { base, power, alpha, arms, control_ratio, .. } = *args;
    let ask = match (args.effect, args.subjects) {
        (Some(effect), _) => Ask::Effect(effect),
        (None, subjects) => Ask::Subjects(subjects.unwrap_or_default()),
    };
    let planned = size(&Plan { base, power, alpha, arms, control_ratio }, ask)?;
    if globals.json {
        outln!("{}", serde_json::to_string(&planned)?);
        return Ok(());
    }
    let with = base + planned.effect;
    outln!(
        "To tell a share of {:.2}% from {:.2}%, in {:.0}% of experiments:",
        100.0 * with,
        100.0 * base,
        100.0 * power
    );
    outln!(
        "  {} subjects in {}, {} in control, {} in all.",
        planned.per_arm,
        arm_words(arms),
        planned.control,
        planned.total
    );
    Ok(())
}

fn arm_words(arms: u32) -> String {
    if arms == 1 { "the arm with the action".to_owned() } else { format!("each of {arms} arms with an action") }
}

fn deal(args: &SplitArgs, globals: &Globals) -> anyhow::Result<()> {
    let ask = Split {
        input: args.input.clone(),
        subject: args.subject.clone(),
        strata: args.strata.clone(),
        arms: args.arms.clone(),
        shares: args.shares.clone(),
        seed: args.seed,
    };
    let dealt = split(&ask, &args.out)?;
    if globals.json {
        outln!("{}", serde_json::to_string(&dealt)?);
        return Ok(());
    }
    let arms: Vec<String> = dealt.arms.iter().map(|(name, subjects)| format!("{name} {subjects}")).collect();
    outln!("{} subjects in {} strata: {}.", dealt.subjects, dealt.strata, arms.join(", "));
    outln!("Arms in {}.", args.out.display());
    Ok(())
}
