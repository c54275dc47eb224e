//! Trains our trees on a table that `generate.py` made, with the settings of `common.py`; or explains rows with the model
//! that LightGBM left there. Prints one line of JSON, as `equal.py` does.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use learn::metrics::{Ranking, auc, log_loss};
use learn::{BoostSettings, Column, Ensemble, TreeData, TreeFit, Values, fit_trees};

const USAGE: &str = "usage: bench-learn train TABLE THREADS HELD_OUT, or bench-learn explain TABLE THREADS ROWS";

struct Table {
    columns: Vec<Column>,
    label: Vec<f32>,
}

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [what, folder, threads, last] = &args[..] else { anyhow::bail!(USAGE) };
    rayon::ThreadPoolBuilder::new().num_threads(threads.parse()?).build_global()?;
    match what.as_str() {
        "train" => train(&read(Path::new(folder))?, Path::new(last)),
        "explain" => explain(&PathBuf::from(folder), last.parse()?),
        _ => anyhow::bail!(USAGE),
    }
}

fn train(table: &Table, held_out: &Path) -> Result<()> {
    let boost = BoostSettings {
        max_trees: 100,
        learning_rate: 0.1,
        leaves: 31,
        depth: 100,
        l2: 1.0,
        min_leaf_rows: 20.0,
        min_leaf_hessian: 1e-3,
        min_gain: 0.0,
        row_share: 1.0,
        column_share: 1.0,
        max_rows_a_tree: usize::MAX,
    };
    let data = TreeData { columns: &table.columns, target: &table.label, weight: None, subject: None };
    let clock = Clock::new();
    let model = fit_trees(&data, &TreeFit { boost, ..TreeFit::default() }, None)?;
    let (trained, peak_mb) = (clock.took("train"), peak_mb());
    let other = read(held_out)?;
    let features: Vec<&[f32]> = other.columns.iter().map(values).collect();
    let clock = Clock::new();
    let margins = model.margins(&features, other.label.len());
    let chances: Vec<f64> = margins.iter().map(|&margin| model.link.mean(margin)).collect();
    let predicted = clock.took("predict");
    let label: Vec<bool> = other.label.iter().map(|&label| label > 0.5).collect();
    let ranking = Ranking::new(&chances, &label, None);
    let (auc, loss) = (auc(&ranking).context("one class")?, log_loss(&ranking).context("no rows")?);
    println!("{{{trained}, \"peak_mb\": {peak_mb}, {predicted}, \"auc\": {auc}, \"loss\": {loss}}}");
    Ok(())
}

/// Explains the first rows by LightGBM's model; fails where that is far from LightGBM's own contributions.
fn explain(folder: &Path, rows: usize) -> Result<()> {
    let table = read(folder)?;
    let model = Ensemble::from_lightgbm(&std::fs::read_to_string(folder.join("lightgbm.txt"))?)?.ensemble;
    let features: Vec<&[f32]> = table.columns.iter().map(|column| &values(column)[..rows]).collect();
    let clock = Clock::new();
    let parts = model.contributions(&features, rows)?;
    let explained = clock.took("explain");
    let bytes = std::fs::read(folder.join("lightgbm_contributions.f64"))?;
    let theirs: Vec<f64> = bytes.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
    let width = features.len() + 1;
    ensure!(theirs.len() >= width, "lightgbm_contributions.f64 is empty: let equal.py explain first");
    let gap = |(row, theirs): (usize, &[f64])| {
        parts.row(row).iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    };
    let largest = theirs.chunks_exact(width).take(rows).enumerate().map(gap).fold(0.0, f64::max);
    ensure!(largest < 1e-9, "ours are {largest:.1e} from LightGBM's");
    println!("{{{explained}, \"rows\": {rows}}}");
    Ok(())
}

fn read(folder: &Path) -> Result<Table> {
    let shape = std::fs::read_to_string(folder.join("shape.txt"))?;
    let shape: Vec<usize> = shape.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let [rows, columns] = shape[..] else { anyhow::bail!("shape.txt must hold two numbers") };
    let label = numbers(&folder.join("label.f32"))?;
    let values = numbers(&folder.join("columns.f32"))?;
    ensure!(label.len() == rows && values.len() == rows * columns, "the files do not have the shape of shape.txt");
    let columns =
        values.chunks(rows).enumerate().map(|(index, values)| Column::number(format!("x{index}"), values.to_vec()));
    Ok(Table { columns: columns.collect(), label })
}

fn numbers(path: &Path) -> Result<Vec<f32>> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}

fn values(column: &Column) -> &[f32] {
    match &column.values {
        Values::Number(values) => values,
        Values::Category { .. } => &[],
    }
}

struct Clock {
    wall: Instant,
    processor: f64,
}

impl Clock {
    fn new() -> Self {
        Self { wall: Instant::now(), processor: processor_seconds() }
    }

    fn took(&self, what: &str) -> String {
        let (wall, processor) = (self.wall.elapsed().as_secs_f64(), processor_seconds() - self.processor);
        format!("\"{what}_s\": {wall}, \"{what}_cpu_s\": {processor}")
    }
}

/// User and system time of all threads so far, in hundredths of a second as Linux counts.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = |field: usize| after_name.split_whitespace().nth(field).and_then(|t| t.parse::<f64>().ok());
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0
}

fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
