//! Learns effects on each fold's other rows and tells them to the fold, from a CSV file that `common.py` wrote: columns
//! `n:NAME` (numbers) and `c:NAME` (categories), then `arm`, `outcome`, `fold`. Writes one line a row, one effect an action;
//! prints seconds a fold.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use effect::{Campaign, Settings, fit, fit_model};
use learn::{Column, MISSING};

const USAGE: &str = "usage: bench-effect folds TABLE THREADS EFFECTS, or bench-effect whole TABLE THREADS REPORT, \
                     or bench-effect simulate ROWSxCOLUMNS THREADS";

struct Table {
    campaign: Campaign,
    fold: Vec<u32>,
}

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((what, rest)) = args.split_first() else { bail!(USAGE) };
    let threads = rest.get(1).context(USAGE)?.parse()?;
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    match (what.as_str(), rest) {
        ("folds", [table, _, out]) => folds(&read(Path::new(table))?, Path::new(out)),
        ("whole", [table, _, out]) => whole(&read(Path::new(table))?.campaign, Some(Path::new(out))),
        ("simulate", [size, _]) => {
            let (rows, columns) = size.split_once('x').context(USAGE)?;
            whole(&simulated(rows.parse()?, columns.parse()?), None)
        }
        _ => bail!(USAGE),
    }
}

fn folds(table: &Table, out: &Path) -> Result<()> {
    let folds = table.fold.iter().max().context("the table is empty")? + 1;
    let mut lines = vec![String::new(); table.fold.len()];
    let (mut seconds, mut learners) = (Vec::new(), Vec::new());
    for fold in 0..folds {
        let (tested, others): (Vec<u32>, Vec<u32>) =
            (0..table.fold.len() as u32).partition(|&row| table.fold[row as usize] == fold);
        let clock = Instant::now();
        let model = fit_model(&taken(&table.campaign, &others), &Settings::default(), &|_| {})?;
        let columns: Vec<Column> = table.campaign.columns.iter().map(|column| column.take(&tested)).collect();
        let effects = model.effects(&columns)?;
        seconds.push(clock.elapsed().as_secs_f64());
        learners.push(model.learner.name());
        for (&row, of_row) in tested.iter().zip(effects) {
            for effect in of_row {
                write!(lines[row as usize], "{},", effect.mean)?;
            }
        }
    }
    let text: Vec<&str> = lines.iter().map(|line| line.trim_end_matches(',')).collect();
    std::fs::write(out, text.join("\n"))?;
    println!("{{\"seconds\": {seconds:?}, \"learners\": {learners:?}}}");
    Ok(())
}

fn whole(campaign: &Campaign, out: Option<&Path>) -> Result<()> {
    let clock = Instant::now();
    let model = fit_model(campaign, &Settings::default(), &|_| {})?;
    let model_seconds = clock.elapsed().as_secs_f64();
    let clock = Instant::now();
    let fitted = fit(campaign, &Settings::default(), &|_| {})?;
    let all_seconds = clock.elapsed().as_secs_f64();
    let clock = Instant::now();
    let told = model.effects(&campaign.columns)?.len();
    let tell_seconds = clock.elapsed().as_secs_f64();
    if let Some(out) = out {
        std::fs::write(out, serde_json::to_string_pretty(&fitted.report)?)?;
    }
    println!(
        "{{\"rows\": {told}, \"columns\": {}, \"model_seconds\": {model_seconds}, \"all_seconds\": {all_seconds}, \
         \"tell_seconds\": {tell_seconds}, \"peak_mb\": {}, \"learner\": {:?}}}",
        campaign.columns.len(),
        peak_mb(),
        fitted.report.chosen.name()
    );
    Ok(())
}

fn taken(campaign: &Campaign, rows: &[u32]) -> Campaign {
    Campaign {
        columns: campaign.columns.iter().map(|column| column.take(rows)).collect(),
        arms: campaign.arms.clone(),
        arm: rows.iter().map(|&row| campaign.arm[row as usize]).collect(),
        outcome: rows.iter().map(|&row| campaign.outcome[row as usize]).collect(),
        propensity: None,
    }
}

/// A lottery of one action that helps by the first column.
fn simulated(rows: usize, columns: usize) -> Campaign {
    let uniform = |seed: usize, row: usize| (learn::mix(seed as u64, row as u64) >> 40) as f32 / (1u64 << 24) as f32;
    let arm: Vec<u32> = (0..rows).map(|row| u32::from(uniform(1000, row) < 0.5)).collect();
    let chance = |row: usize| 0.1 + 0.2 * uniform(1, row) + 0.1 * arm[row] as f32 * uniform(0, row);
    Campaign {
        columns: (0..columns)
            .map(|column| Column::number(format!("x{column}"), (0..rows).map(|row| uniform(column, row)).collect()))
            .collect(),
        arms: vec!["none".to_owned(), "letter".to_owned()],
        outcome: (0..rows).map(|row| f32::from(u8::from(uniform(1001, row) < chance(row)))).collect(),
        arm,
        propensity: None,
    }
}

/// Category levels and arms are numbered in the order of their names.
fn read(path: &Path) -> Result<Table> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().context("the table is empty")?.split(',').collect();
    let mut cells: Vec<Vec<&str>> = vec![Vec::new(); header.len()];
    for line in lines {
        for (column, cell) in cells.iter_mut().zip(line.split(',')) {
            column.push(cell);
        }
    }
    let by_name: HashMap<&str, usize> = header.iter().enumerate().map(|(place, &name)| (name, place)).collect();
    let numbers = |name: &str| -> Result<Vec<f32>> {
        let place = by_name.get(name).with_context(|| format!("{name} is missing"))?;
        Ok(cells[*place].iter().map(|cell| cell.parse()).collect::<Result<_, _>>()?)
    };
    let mut columns = Vec::new();
    for (name, cells) in header.iter().zip(&cells) {
        if let Some(name) = name.strip_prefix("n:") {
            columns.push(Column::number(name, cells.iter().map(|cell| cell.parse().unwrap_or(f32::NAN)).collect()));
        } else if let Some(name) = name.strip_prefix("c:") {
            let mut levels: Vec<&str> = cells.iter().copied().filter(|cell| !cell.is_empty()).collect();
            levels.sort_unstable();
            levels.dedup();
            let code = |cell: &&str| levels.binary_search(cell).map_or(MISSING, |code| code as u32);
            let codes = cells.iter().map(code).collect();
            columns.push(Column::category(name, codes, levels.iter().map(|&level| level.to_owned()).collect()));
        }
    }
    let arm: Vec<u32> = numbers("arm")?.into_iter().map(|arm| arm as u32).collect();
    let arms = arm.iter().max().context("the table has no rows")? + 1;
    let campaign = Campaign {
        columns,
        arms: (0..arms).map(|arm| format!("arm {arm}")).collect(),
        arm,
        outcome: numbers("outcome")?,
        propensity: None,
    };
    Ok(Table { campaign, fold: numbers("fold")?.into_iter().map(|fold| fold as u32).collect() })
}

/// The most memory that the process has held, in megabytes; 0 where the system does not say.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}
