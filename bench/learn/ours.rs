//! Trains our trees on a table that `generate.py` made, with the parameters of `common.py`; or explains rows with the model
//! that `in_lightgbm.py` left there.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use learn::{BoostSettings, Column, Ensemble, TreeData, TreeFit, Values, fit_trees};

struct Table {
    columns: Vec<Column>,
    label: Vec<f32>,
}

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1).peekable();
    let explains = args.next_if(|word| word == "explain").is_some();
    let usage = "usage: bench-learn FOLDER THREADS [TREES] [HELD_OUT], or bench-learn explain FOLDER THREADS ROWS";
    let folder = PathBuf::from(args.next().context(usage)?);
    let threads: usize = args.next().context(usage)?.parse()?;
    let count: usize = args.next().map_or(Ok(100), |count| count.parse())?;
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    let table = read(&folder)?;
    if explains {
        return explain(&folder, &table, count);
    }
    let trees = count;
    println!("ours table {} x {} read, peak {} MB", table.label.len(), table.columns.len(), peak_mb());
    let boost = BoostSettings {
        max_trees: trees,
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
    for (what, trees) in [("bin", 0), ("bin and train", trees)] {
        let fit = TreeFit { boost: BoostSettings { max_trees: trees, ..boost.clone() }, ..TreeFit::default() };
        let clock = Clock::new();
        let model = fit_trees(&data, &fit, None)?;
        println!("ours {what} {} peak {} MB", clock.said(), peak_mb());
        if trees > 0 {
            println!("ours loss {:.5}", log_loss(&model, &table));
            if let Some(folder) = args.next() {
                println!("ours held-out loss {:.5}", log_loss(&model, &read(Path::new(&folder))?));
            }
        }
    }
    Ok(())
}

/// Explains the first rows by LightGBM's model and says how far from LightGBM's own contributions that is.
fn explain(folder: &Path, table: &Table, rows: usize) -> Result<()> {
    let model = Ensemble::from_lightgbm(&std::fs::read_to_string(folder.join("lightgbm.txt"))?)?.ensemble;
    let features: Vec<&[f32]> = table.columns.iter().map(|column| &values(column)[..rows]).collect();
    let clock = Clock::new();
    let parts = model.contributions(&features, rows)?;
    println!("ours explain {} {rows} rows, peak {} MB", clock.said(), peak_mb());
    let bytes = std::fs::read(folder.join("lightgbm_contributions.f64"))?;
    let theirs: Vec<f64> = bytes.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
    let width = features.len() + 1;
    ensure!(theirs.len() >= width, "lightgbm_contributions.f64 is empty: run in_lightgbm.py with --explain");
    let gap = |(row, theirs): (usize, &[f64])| {
        parts.row(row).iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    };
    let largest = theirs.chunks_exact(width).take(rows).enumerate().map(gap).fold(0.0, f64::max);
    println!("ours explain: at most {largest:.1e} from LightGBM's");
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

fn log_loss(model: &Ensemble, table: &Table) -> f64 {
    let features: Vec<&[f32]> = table.columns.iter().map(values).collect();
    let margins = model.margins(&features, table.label.len());
    let loss = |(margin, label): (&f64, &f32)| {
        let p = model.link.mean(*margin);
        if *label > 0.5 { -p.ln() } else { -(1.0 - p).ln() }
    };
    margins.iter().zip(&table.label).map(loss).sum::<f64>() / table.label.len() as f64
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

    fn said(&self) -> String {
        format!("{:.2}s {:.2}cpu", self.wall.elapsed().as_secs_f64(), processor_seconds() - self.processor)
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
