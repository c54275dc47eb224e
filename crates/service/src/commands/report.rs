//! `holdfast report`: one page to read and to hand on.

use std::path::PathBuf;
use std::process::ExitCode;

use app::study::{Contact, Request, Stated};
use app::{Message, Project};
use clap::Args;
use domain::Day;

use super::{Globals, Place, as_of, parse_day};
use crate::progress::Bar;
use crate::terminal::outln;

/// Write one HTML file that works offline: who to call today and why, quality, calibration, what the model looks at
///
/// An academy gets the page of its staff. Other contracts, and any with --analyst, get the study of the table and its model:
/// variables, baselines, learning curve, importance, drift, economics, model card.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  holdfast report -C my-academy --as-of 2026-11-20 --out report.html\n  holdfast report -C my-telecom --out study.html --numbers study.json --against november.csv\n  holdfast report -C my-telecom --value 300..500 --contact-cost 12 --success 0.1..0.3 --clients 40000"
)]
pub(crate) struct Report {
    #[command(flatten)]
    place: Place,
    /// Look from the end of this day; nothing later is seen [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day)]
    as_of: Option<Day>,
    /// File to write
    #[arg(long, default_value = "report.html")]
    out: PathBuf,
    /// Write the analyst's study of the table and its model, whatever the kit
    #[arg(long)]
    analyst: bool,
    #[command(flatten)]
    study: Study,
}

/// Options of the analyst's study.
#[derive(Args)]
#[command(next_help_heading = "Analyst's study")]
struct Study {
    /// Write every number of the study as JSON
    #[arg(long, value_name = "FILE")]
    numbers: Option<PathBuf>,
    /// Tell how another file with the same columns differs
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// What a kept subject is worth: an amount, or LOW..HIGH that hold it with 90% [default: as the contract says]
    #[arg(long, value_name = "AMOUNT", value_parser = parse_amount)]
    value: Option<Stated>,
    /// What a contact costs, or LOW..HIGH [default: that of the contract's best action]
    #[arg(long, value_name = "AMOUNT", requires = "success", value_parser = parse_amount)]
    contact_cost: Option<Stated>,
    /// Share of contacted leavers who stay because of it, 0 to 1, or LOW..HIGH
    #[arg(long, value_name = "SHARE", requires = "contact_cost", value_parser = parse_share)]
    success: Option<Stated>,
    /// Customers that the range of profit and the chance of a loss are told for [default: 1000]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=10_000_000_000))]
    clients: Option<u64>,
}

pub(crate) fn run(args: &Report, globals: &Globals) -> anyhow::Result<ExitCode> {
    let project = args.place.open()?;
    let progress = globals.progress();
    if args.analyst || !project.has_staff_page() {
        return study(args, &project, &progress, globals);
    }
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

fn study(args: &Report, project: &Project, progress: &Bar, globals: &Globals) -> anyhow::Result<ExitCode> {
    let options = &args.study;
    let contact = options.contact_cost.zip(options.success);
    let request = Request {
        against: options.against.clone(),
        out: Some(args.out.clone()),
        json: options.numbers.clone(),
        made_on: Some(as_of(args.as_of, project)),
        value_of_kept: options.value,
        contact: contact.map(|(cost, success)| Contact { cost, success }),
        clients: options.clients,
    };
    app::study::study(project, &request, progress)?;
    progress.finish();
    let written = request.out.iter().chain(&request.json);
    if globals.json {
        outln!("{}", serde_json::json!({ "report": request.out, "numbers": request.json }));
    } else {
        let words = project.narrator()?;
        for path in written {
            outln!("{}", words.tell(Message::ReportIn, [("place", path.display().to_string().into())]));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// An amount, or the range that holds it with 90%.
fn parse_amount(text: &str) -> Result<Stated, String> {
    match range(text)?[..] {
        [number] => Ok(Stated::number(number)),
        [low, high] if 0.0 < low && low < high => Ok(Stated::amount_between(low, high)),
        _ => Err("expected LOW..HIGH with 0 < LOW < HIGH".to_owned()),
    }
}

/// A share, or the range that holds it with 90%.
fn parse_share(text: &str) -> Result<Stated, String> {
    match range(text)?[..] {
        [number] => Ok(Stated::number(number)),
        [low, high] if 0.0 < low && low < high && high < 1.0 => Ok(Stated::share_between(low, high)),
        _ => Err("expected LOW..HIGH with 0 < LOW < HIGH < 1".to_owned()),
    }
}

/// `X` or `LOW..HIGH`.
fn range(text: &str) -> Result<Vec<f64>, String> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let numbers: Option<Vec<f64>> = match text.split_once("..") {
        Some((low, high)) => [low, high].into_iter().map(number).collect(),
        None => number(text).map(|number| vec![number]),
    };
    numbers.ok_or_else(|| "expected a number such as 12.5, or a range such as 10..20".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_range_are_told_apart() {
        assert_eq!(parse_amount("12.5"), Ok(Stated::number(12.5)));
        assert_eq!(parse_amount("10..20").expect("a range").range, Some([10.0, 20.0]));
        assert_eq!(parse_share("0.1..0.3").expect("a range").range, Some([0.1, 0.3]));
        for wrong in ["20..10", "0..10", "ten", "10..", "nan", "1..inf"] {
            assert!(parse_amount(wrong).is_err(), "{wrong}");
        }
        assert!(parse_share("0.5..1").is_err() && parse_share("-0.1..0.5").is_err());
    }
}
