//! `holdfast trees`: models of trees, ours and others', asked about a table.

use std::path::PathBuf;
use std::process::ExitCode;

use app::trees::{Ask, ask};
use clap::{Args, Subcommand};

use super::Globals;
use crate::terminal::outln;

/// Ask trees about a table: LightGBM's, XGBoost's or a model's of holdfast
#[derive(Args)]
pub(crate) struct Trees {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Margin and prediction of every row
    #[command(
        after_help = "Example:\n  holdfast trees predict --model lightgbm.txt --input rows.csv --out predictions.csv"
    )]
    Predict(Files),
    /// What each feature adds to every row's margin: exact Shapley values, which add up with the base
    #[command(
        after_help = "Example:\n  holdfast trees explain --model xgboost.json --input rows.parquet --out parts.parquet\n\nOne column per feature, then base and margin. Sums are checked: where one is off, nothing is written."
    )]
    Explain(Explain),
    /// The features that a model's folder makes of its columns, for its files trees_1.txt, ... in Python
    #[command(after_help = "Example:\n  holdfast trees features --model model --input rows.csv --out features.parquet")]
    Features(Files),
}

#[derive(Args)]
struct Files {
    /// LightGBM's text file, XGBoost's JSON file, or a model's folder
    #[arg(long)]
    model: PathBuf,
    /// Table with the model's columns, by name in any order: .csv or .parquet
    #[arg(long)]
    input: PathBuf,
    /// File to write, a row for each row: .csv or .parquet
    #[arg(long)]
    out: PathBuf,
}

#[derive(Args)]
struct Explain {
    #[command(flatten)]
    files: Files,
    /// Tell apart what features add alone and what pairs of them add together, a column a pair
    #[arg(long, conflicts_with = "background")]
    interactions: bool,
    /// Explain against the rows of this table instead of against the rows that the trees were grown on
    #[arg(long, value_name = "FILE")]
    background: Option<PathBuf>,
    /// So many rows of it, evenly spread
    #[arg(long, value_name = "ROWS", default_value_t = 100, requires = "background",
          value_parser = clap::value_parser!(u32).range(1..))]
    background_rows: u32,
}

pub(crate) fn run(args: &Trees, globals: &Globals) -> anyhow::Result<ExitCode> {
    let (files, asked) = match &args.what {
        What::Predict(files) => (files, Ask::Predict),
        What::Features(files) => (files, Ask::Features),
        What::Explain(explain) => (&explain.files, explain.asked()),
    };
    let progress = globals.progress();
    let done = ask(&asked, &files.model, &files.input, &files.out, &progress)?;
    progress.finish();
    if globals.json {
        outln!("{}", serde_json::to_string(&done)?);
        return Ok(ExitCode::SUCCESS);
    }
    if !done.ignored_columns.is_empty() {
        outln!("Columns that the model does not ask for: {}.", first_of(&done.ignored_columns));
    }
    if !done.unknown_levels.is_empty() {
        outln!("Levels that the model does not know, taken for missing: {}.", first_of(&done.unknown_levels));
    }
    if !done.beyond_range.is_empty() {
        outln!("Columns with cells beyond 3.4e38, which were taken for that: {}.", first_of(&done.beyond_range));
    }
    outln!("{} rows in {}.", done.rows, files.out.display());
    Ok(ExitCode::SUCCESS)
}

/// The first few; all are in what --json prints.
fn first_of(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

impl Explain {
    fn asked(&self) -> Ask {
        match &self.background {
            Some(file) => Ask::Against { file: file.clone(), rows: self.background_rows as usize },
            None if self.interactions => Ask::Interactions,
            None => Ask::Explain,
        }
    }
}
