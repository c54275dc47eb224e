//! `holdfast report`: one page to read and to hand on.

use std::path::PathBuf;
use std::process::ExitCode;

use app::study::{Contact, Request};
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
    after_help = "Examples:\n  holdfast report -C my-academy --as-of 2026-11-20 --out report.html\n  holdfast report -C my-telecom --out study.html --numbers study.json --against november.csv"
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
    /// What a kept subject is worth [default: as the contract says]
    #[arg(long, value_name = "AMOUNT")]
    value: Option<f64>,
    /// What a contact costs [default: that of the contract's best action]
    #[arg(long, value_name = "AMOUNT", requires = "success")]
    contact_cost: Option<f64>,
    /// Share of contacted leavers who stay because of it, 0 to 1
    #[arg(long, value_name = "SHARE", requires = "contact_cost")]
    success: Option<f64>,
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
        contact: contact.map(|(cost, success_share)| Contact { cost, success_share }),
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
