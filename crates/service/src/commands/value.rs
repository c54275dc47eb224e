//! `holdfast value`: what each client of a file of purchases is worth.

use std::path::PathBuf;
use std::process::ExitCode;

use app::value::{Request, value_clients};
use clap::Args;
use domain::{Day, Locale};

use super::{Globals, parse_day, parse_locale};
use crate::terminal::{out, outln};

/// Say from a file of purchases what each client will buy, what that is worth, and whether it is still a client
#[derive(Args)]
#[command(after_help = "Examples:
  holdfast value --input sales.csv --subject client_id --at date --amount amount --horizon-days 365 --out values.csv
  holdfast value --input sales.parquet --subject card --at paid_at --amount sum --horizon-days 90 --discount 0.15 --out values.parquet

A row of FILE is a purchase; those of one client on one day are taken together, negative amounts are refunds and are taken off
the purchases before them. One row per client is written, those worth most first:

  subject            the client
  purchases          purchases expected within the horizon
  value              what they are expected to bring, discounted
  value_low, _high   nine in ten clients like this one will bring between these
  probability_alive  that it is still a client; one who bought once counts as one
  purchases_so_far   days on which it bought
  last_day           the last of them

It is for business without contracts, where clients stop without a word (BG/NBD and Gamma-Gamma). It knows no seasons.")]
pub(crate) struct Value {
    /// Table of purchases: .csv, .tsv (gzipped or not) or .parquet
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// Column that says who bought
    #[arg(long, value_name = "COLUMN")]
    subject: String,
    /// Column that says when: a date, or a date and time
    #[arg(long, value_name = "COLUMN")]
    at: String,
    /// Column that says for how much
    #[arg(long, value_name = "COLUMN")]
    amount: String,
    /// Days to look ahead
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_525))]
    horizon_days: u32,
    /// Last day that is looked at: purchases were exported up to its end [default: the last day in the file]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    until: Option<Day>,
    /// Rate of discount a year, 0.1 for 10%
    #[arg(long, value_name = "RATE", default_value_t = 0.0)]
    discount: f64,
    /// Language of what is printed: en, ru or tg
    #[arg(long, default_value = "en", value_parser = parse_locale)]
    locale: Locale,
    /// File to write: .csv or .parquet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(crate) fn run(args: &Value, globals: &Globals) -> anyhow::Result<ExitCode> {
    let request = Request {
        input: args.input.clone(),
        subject: args.subject.clone(),
        at: args.at.clone(),
        amount: args.amount.clone(),
        horizon_days: args.horizon_days,
        until: args.until,
        today: Day::from_date(jiff::Zoned::now().date()),
        discount_yearly: args.discount,
        out: args.out.clone(),
    };
    let progress = globals.progress();
    let valued = value_clients(&request, &progress)?;
    progress.finish();
    if globals.json {
        outln!("{}", serde_json::to_string(&valued)?);
    } else {
        out!("{}", valued.text(args.locale, &args.out)?);
    }
    Ok(ExitCode::SUCCESS)
}
