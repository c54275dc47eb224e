//! Decisions and chances beside the truth of simulated rounds (`worlds::campaign`): writes docs/quality/decisions.md.

mod page;
mod policies;
mod study;

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result};
use clap::Parser;

/// Measures decisions and chances on simulated rounds, where the truth is known
#[derive(Parser)]
#[command(
    after_help = "Example:\n  bench-decisions --worlds 150:200,500:100,5000:200,100000:10 --out docs/quality/decisions.md"
)]
pub(crate) struct Options {
    /// Subjects in a round and how many worlds of that size, apart by commas
    #[arg(long, value_delimiter = ',', default_value = "150:200,500:100,5000:200,100000:10")]
    worlds: Vec<Size>,
    /// Seed of the first world of each size. While you change something, use others than those of the page
    #[arg(long, default_value_t = FIRST_SEED)]
    pub(crate) first_seed: u64,
    /// Share of the past that chance assigned
    #[arg(long, default_value_t = 0.05)]
    pub(crate) drawn_share: f64,
    /// Page to write
    #[arg(long, default_value = "docs/quality/decisions.md")]
    out: PathBuf,
}

/// Nothing was tuned on worlds from this seed on.
const FIRST_SEED: u64 = 70_001;

/// Worlds of one size.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    subjects: u32,
    worlds: u64,
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once(':').ok_or("expected SUBJECTS:WORLDS, such as 150:200")?;
        let number =
            |part: &str| part.parse::<u32>().ok().filter(|&number| number > 0).ok_or(format!("{part:?} is no count"));
        Ok(Self { subjects: number(parts.0)?, worlds: number(parts.1)?.into() })
    }
}

fn main() -> Result<()> {
    let options = Options::parse();
    let mut measured = Vec::new();
    for &size in &options.worlds {
        let worlds = study::measure(size, options.first_seed, options.drawn_share)?;
        eprintln!("{} subjects: {} worlds measured", size.subjects, size.worlds);
        measured.push((size, worlds));
        // Large worlds take minutes; what is known is kept.
        std::fs::write(&options.out, page::write(&measured, &options))
            .with_context(|| format!("{} cannot be written", options.out.display()))?;
    }
    println!("{}", page::write(&measured, &options));
    Ok(())
}
