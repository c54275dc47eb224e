//! `holdfast new`: a contract to start from.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use app::start::{Home, Question};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use domain::Locale;

use super::Globals;
use crate::terminal::outln;

/// Write a contract with comments and a small sample of tables, or a contract for a table of your own
#[derive(Args)]
#[command(
    after_help = "Examples:\n  holdfast new academy my-academy\n  holdfast check -C my-academy\n\n  holdfast new subscriber my-clients --from clients.csv --label churn\n  holdfast train -C my-clients"
)]
pub(crate) struct New {
    /// The kit to start from
    #[arg(value_parser = ["academy", "subscriber"])]
    kit: String,
    /// A folder that does not exist yet, or is empty
    dir: PathBuf,
    /// subscriber: look at this table, one row per subscriber, and write a contract for it; it stays where it is
    #[arg(long, value_name = "FILE", requires = "label")]
    from: Option<PathBuf>,
    /// With --from: the column that says who left
    #[arg(long, value_name = "COLUMN", requires = "from")]
    label: Option<String>,
    /// With --from: the value of the label that means "left" [default: the rarer one]
    #[arg(long, value_name = "VALUE", requires = "from", allow_hyphen_values = true)]
    positive: Option<String>,
    /// With --from: the column that tells subscribers apart [default: found by looking]
    #[arg(long, value_name = "COLUMN", requires = "from")]
    key: Option<String>,
    /// With --from: what staff read
    #[arg(long, default_value = "ru",
          value_parser = PossibleValuesParser::new(Locale::ALL.map(Locale::code)).try_map(|code| Locale::parse(&code).ok_or("not a language")))]
    locale: Locale,
    /// With --from: the zone that times in the file are meant in
    #[arg(long, value_name = "ZONE", default_value = "Asia/Dushanbe")]
    time_zone: String,
    /// With --from: the currency
    #[arg(long, value_name = "CODE", default_value = "TJS")]
    currency: String,
}

pub(crate) fn run(args: &New, globals: &Globals) -> anyhow::Result<ExitCode> {
    if let (Some(from), Some(label)) = (&args.from, &args.label) {
        return for_table(args, from, label, globals);
    }
    let started = app::start::new_project(&args.kit, &args.dir)?;
    if globals.json {
        outln!("{}", serde_json::json!({ "contract": started.contract, "data": started.data }));
    } else {
        outln!("wrote {} and sample tables in {}", started.contract.display(), started.data.display());
        outln!("next: put your own exports there, then `holdfast check -C {}`", args.dir.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn for_table(args: &New, from: &Path, label: &str, globals: &Globals) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        args.kit == "subscriber",
        "--from writes a contract of the kit `subscriber`: holdfast new subscriber"
    );
    let question = Question { file: from, label, positive: args.positive.as_deref(), key: args.key.as_deref() };
    let home = Home { locale: args.locale, time_zone: args.time_zone.clone(), currency: args.currency.clone() };
    let (contract, look) = app::start::new_for_table(&args.dir, &question, home)?;
    if globals.json {
        let (key, positive) = (&look.key, &look.positive);
        outln!(
            "{}",
            serde_json::json!({ "contract": contract, "key": key, "label": label, "positive": positive, "rows": look.rows })
        );
        return Ok(ExitCode::SUCCESS);
    }
    outln!("wrote {} for {}, {} rows", contract.display(), from.display(), look.rows);
    let why = if args.key.is_some() { "as you said" } else { "it has another value in each row" };
    outln!("  key: {} ({why})", look.key);
    let why = if args.positive.is_some() { "as you said" } else { "the rarer value; --positive says otherwise" };
    let (other, others) = &look.other;
    outln!(
        "  {label}: {:?} means left, {} rows ({why}); {other:?}, {others} rows, means stayed",
        look.positive,
        look.leaving
    );
    outln!("next: `holdfast check -C {0}`, then `holdfast train -C {0}`", args.dir.display());
    Ok(ExitCode::SUCCESS)
}
