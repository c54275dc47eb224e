//! `holdfast campaign`: what a campaign changed for whom, and whom to contact next time.

use std::path::PathBuf;
use std::process::ExitCode;

use app::campaign::{ApplyRequest, LearnRequest, apply, learn};
use clap::{Args, Subcommand};
use domain::{Day, Locale};

use super::{Globals, parse_locale};
use crate::terminal::outln;

/// Learn from a campaign what each action changes for whom, and choose whom to contact next time
#[derive(Args)]
pub(crate) struct Campaign {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Learn(Learn),
    Apply(Apply),
}

/// Learn the effect of each action on each client from a campaign that is over
#[derive(Args)]
#[command(after_help = "Example:
  holdfast campaign learn --input campaign.csv --subject client --treatment segment --control \"No E-Mail\" \\
    --outcome visit --ignore conversion,spend --out campaign

A row of FILE is a client. Every column that is not named is taken for something known before the campaign: leave out with
--ignore what was measured after it. What plainly was (it stands only where something came of the campaign) is left out with a
warning; --keep keeps it. DIR gets the model, report.html, report.json and segments.csv, whole or not at all.")]
struct Learn {
    /// The campaign: .csv, .tsv (gzipped or not) or .parquet
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// Column with the clients' keys
    #[arg(long, value_name = "COLUMN")]
    subject: String,
    /// Column that says what was done with each
    #[arg(long, value_name = "COLUMN")]
    treatment: String,
    /// What that column says of those with whom nothing was done
    #[arg(long, value_name = "VALUE")]
    control: String,
    /// Column that says what came of it: 0 or 1, yes or no, or an amount
    #[arg(long, value_name = "COLUMN")]
    outcome: String,
    /// Column with what that was worth in money: `apply` then weighs costs against it
    #[arg(long, value_name = "COLUMN")]
    value: Option<String>,
    /// Columns to leave out, such as what was measured after the campaign
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Columns to keep that look as if they were measured after the campaign, and were not
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    keep: Vec<String>,
    /// Folder to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Language of the page: en, ru or tg
    #[arg(long, default_value = "en", value_parser = parse_locale)]
    locale: Locale,
    /// Decides every draw: the same file and seed give the same model
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Say of the clients of a file whom to contact with what
#[derive(Args)]
#[command(after_help = "Example:
  holdfast campaign apply --model campaign --input clients.csv --value 20 --cost \"Mens E-Mail=0.5\" --out contacts.csv

Writes subject, action, effect, effect_low, effect_high, class. Without --all-actions only clients worth contacting, each with
its best action, those worth most first; with it every action of every client.

The rule: where money is known (a campaign learned with --value, --value here, or an outcome that is an amount and --cost),
a contact is worth it if its expected gain is above its cost; where it is not, if the effect is above 0 with 95%. Whom an
action harms with 95% is never contacted with it.

  persuadable      worth contacting
  sure_thing       not worth it, and above the average without it
  lost_cause       not worth it, and below the average without it
  do_not_disturb   the action does harm")]
struct Apply {
    /// Folder that `campaign learn` wrote
    #[arg(long, value_name = "DIR")]
    model: PathBuf,
    /// Clients, with the columns that were learned from: .csv, .tsv (gzipped or not) or .parquet
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// Column with the clients' keys [default: that of the campaign]
    #[arg(long, value_name = "COLUMN")]
    subject: Option<String>,
    /// File to write: .csv or .parquet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// What doing an action once costs; may be given for each
    #[arg(long, value_name = "ACTION=AMOUNT", value_parser = parse_cost)]
    cost: Vec<(String, f64)>,
    /// What one more outcome is worth
    #[arg(long, value_name = "AMOUNT")]
    value: Option<f64>,
    /// Write a row for every action of every client
    #[arg(long)]
    all_actions: bool,
}

pub(crate) fn run(args: &Campaign, globals: &Globals) -> anyhow::Result<ExitCode> {
    match &args.what {
        What::Learn(args) => run_learn(args, globals),
        What::Apply(args) => run_apply(args, globals),
    }
}

fn run_learn(args: &Learn, globals: &Globals) -> anyhow::Result<ExitCode> {
    let request = LearnRequest {
        input: args.input.clone(),
        subject: args.subject.clone(),
        treatment: args.treatment.clone(),
        control: args.control.clone(),
        outcome: args.outcome.clone(),
        value: args.value.clone(),
        ignore: args.ignore.clone(),
        keep: args.keep.clone(),
        out: args.out.clone(),
        locale: args.locale,
        made_on: Some(Day::from_date(jiff::Zoned::now().date())),
        seed: args.seed,
    };
    let progress = globals.progress();
    let learned = learn(&request, &progress)?;
    progress.finish();
    if globals.json {
        outln!("{}", serde_json::to_string(&learned)?);
        return Ok(ExitCode::SUCCESS);
    }
    outln!(
        "Learned from {} clients by {} columns; {} did best on clients it had not seen.",
        learned.rows,
        learned.columns.len(),
        learned.learner
    );
    for action in &learned.actions {
        let differs =
            if action.differs { "differs between clients" } else { "no difference between clients was found" };
        let [mean, low, high] = [action.effect, action.effect_low, action.effect_high];
        outln!("{}: {mean:+.4} ({low:+.4} to {high:+.4} with 90%); {differs}", action.action);
    }
    for (class, clients) in &learned.classes {
        outln!("{class}: {clients}");
    }
    for finding in &learned.findings {
        outln!("{}: {}: {}; {}", finding.severity, finding.place, finding.message, finding.advice);
    }
    outln!("Model, report.html, report.json and segments.csv in {}.", args.out.display());
    Ok(ExitCode::SUCCESS)
}

fn run_apply(args: &Apply, globals: &Globals) -> anyhow::Result<ExitCode> {
    let request = ApplyRequest {
        model: args.model.clone(),
        input: args.input.clone(),
        subject: args.subject.clone(),
        out: args.out.clone(),
        costs: args.cost.clone(),
        value: args.value,
        all_actions: args.all_actions,
    };
    let progress = globals.progress();
    let applied = apply(&request, &progress)?;
    progress.finish();
    if globals.json {
        outln!("{}", serde_json::to_string(&applied)?);
        return Ok(ExitCode::SUCCESS);
    }
    for (action, clients) in &applied.contacts {
        outln!("{action}: worth it for {clients} of {} clients", applied.subjects);
    }
    let contacted: usize = applied.contacts.values().sum();
    if contacted == 0 {
        outln!("Nobody is worth contacting by what the campaign told.");
    } else {
        outln!("Expected of these contacts: {:.1} more of the outcome.", applied.expected_effect);
    }
    if let Some(net) = applied.expected_net.filter(|_| contacted > 0) {
        outln!("Expected gain less costs: {net:.2}.");
    }
    for (class, clients) in &applied.classes {
        outln!("{class}: {clients}");
    }
    for finding in &applied.findings {
        outln!("{}: {}: {}; {}", finding.severity, finding.place, finding.message, finding.advice);
    }
    outln!("{} rows in {}.", applied.rows, args.out.display());
    Ok(ExitCode::SUCCESS)
}

/// `ACTION=AMOUNT`; the action's name may hold the sign, too.
fn parse_cost(text: &str) -> Result<(String, f64), String> {
    let (action, cost) = text.rsplit_once('=').ok_or("expected ACTION=AMOUNT")?;
    let cost = cost.trim().parse().map_err(|_| format!("{cost:?} is no amount"))?;
    Ok((action.trim().to_owned(), cost))
}
