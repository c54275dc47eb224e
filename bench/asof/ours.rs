//! Builds the features of `features.txt` with `asof` from `events.parquet`, and says how long it took.
//!
//! `bench-asof DATA THREADS RESULT`: prints one line of JSON; then writes the rows of every so manieth subject to
//! `RESULT` for comparison, which is not counted.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use arrow::array::{ArrayRef, AsArray, Date32Array, Float32Array, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use asof::{
    Batch, ColumnDef, Compute, Events, EventsBuilder, FeatureColumn, Kind, NO_SUBJECT, Snapshot, Spec, Subjects,
    TableDef, Window, snapshot,
};
use domain::{Cutoff, Day, Family, Leaning};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use rustc_hash::FxHashMap;

/// 2024-01-01, on which the events begin; the cutoffs are the 24 days, 14 apart, that end with their last but 8.
const FIRST_DAY: i32 = 19_723;
const FIRST_CUTOFF: i32 = FIRST_DAY + 400;
const CUTOFFS: i32 = 24;
const DAYS_BETWEEN: i32 = 14;
const BATCH_ROWS: usize = 1 << 13;
/// Every so manieth subject is compared.
const COMPARED: usize = 50;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, threads, result] = arguments.as_slice() else { bail!("usage: bench-asof DATA THREADS RESULT") };
    let data = PathBuf::from(data);
    let threads: usize = threads.parse().context("THREADS is a number")?;
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;

    let start = Instant::now();
    let ids = subject_ids(&data.join("subjects.parquet"))?;
    let builder = read_events(&data.join("events.parquet"), &ids, threads)?;
    let read = start.elapsed();
    let events = builder.finish()?;
    let built = start.elapsed();
    let subjects = Subjects {
        from: vec![Some(Day(FIRST_DAY)); ids.len()],
        until: vec![None; ids.len()],
        left: vec![None; ids.len()],
        attributes: vec![],
    };
    let cutoffs: Vec<Cutoff> = (0..CUTOFFS).map(|i| Cutoff(Day(FIRST_CUTOFF + i * DAYS_BETWEEN))).collect();
    let specs = specs()?;
    let features =
        snapshot(&subjects, &[&events], &specs, subjects.at_risk(&cutoffs), |cutoffs| subjects.at_risk(cutoffs))?;
    let done = start.elapsed();

    println!(
        r#"{{"seconds": {:.3}, "peak_mib": {}, "read": {:.3}, "group": {:.3}, "compute": {:.3}, "rows": {}, "events": {}}}"#,
        done.as_secs_f64(),
        peak_mib()?,
        read.as_secs_f64(),
        (built - read).as_secs_f64(),
        (done - built).as_secs_f64(),
        features.rows.len(),
        events.len(),
    );
    write(Path::new(result), &ids, &specs, &features, &events)
}

/// Lines of `kind column window`, as all tools read them.
fn specs() -> Result<Vec<Spec>> {
    let mut specs = Vec::new();
    for line in include_str!("features.txt").lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let [kind, column, window] = words.as_slice() else { bail!("{line}: expected kind, column, window") };
        let (table, name) = ("events".to_owned(), (*column).to_owned());
        let flag = (*column != "-").then(|| name.clone());
        let window = if *window == "all" { Window::All } else { Window::Days(window.parse()?) };
        let compute = match *kind {
            "count" => Compute::Count { table, flag, window },
            "share" => Compute::Share { table, flag: name, window },
            "sum" => Compute::Sum { table, column: name, window },
            "mean" => Compute::Mean { table, column: name, window },
            "min" => Compute::Min { table, column: name, window },
            "max" => Compute::Max { table, column: name, window },
            "distinct" => Compute::Distinct { table, column: name, window },
            "last" => Compute::Last { table, column: name },
            "recency" => Compute::Recency { table, flag },
            "streak" => Compute::Streak { table, flag: name },
            other => bail!("{other}: unknown"),
        };
        let name = words.join("_").replace("_-_", "_rows_");
        specs.push(Spec::new(name, Family::named("activity"), Leaning::Either, compute));
    }
    Ok(specs)
}

fn subject_ids(path: &Path) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.build()? {
        ids.extend_from_slice(batch?.column(0).as_primitive::<Int64Type>().values());
    }
    Ok(ids)
}

/// Decodes row groups on all threads while the builder takes them in.
fn read_events(path: &Path, ids: &[i64], threads: usize) -> Result<EventsBuilder> {
    let codes: FxHashMap<i64, u32> = ids.iter().copied().zip(0..).collect();
    let mut builder = EventsBuilder::new(definition(), ids.len())?;
    let metadata = metadata(path)?;
    let groups = metadata.metadata().num_row_groups();
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<Result<(Vec<u32>, RecordBatch)>>(4);
        for thread in 0..threads {
            let (sender, metadata, codes) = (sender.clone(), metadata.clone(), &codes);
            scope.spawn(move || {
                let mine = (thread..groups).step_by(threads).collect();
                let sent = decode(path, metadata, mine, codes, |batch| sender.send(Ok(batch)).is_ok());
                if let Err(error) = sent {
                    // The receiver is gone only when another error has ended the reading.
                    let _ = sender.send(Err(error));
                }
            });
        }
        drop(sender);
        for batch in receiver {
            let (subjects, batch) = batch?;
            let columns = &batch.columns()[2..];
            builder.push(&Batch { subjects: &subjects, at: batch.column(1), recorded_at: None, key: None, columns })?;
        }
        Ok(builder)
    })
}

fn decode(
    path: &Path,
    metadata: ArrowReaderMetadata,
    groups: Vec<usize>,
    codes: &FxHashMap<i64, u32>,
    send: impl Fn((Vec<u32>, RecordBatch)) -> bool,
) -> Result<()> {
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(path)?, metadata);
    for batch in reader.with_row_groups(groups).with_batch_size(BATCH_ROWS).build()? {
        let batch = batch?;
        let ids = batch.column(0).as_primitive::<Int64Type>().values();
        let subjects = ids.iter().map(|id| codes.get(id).copied().unwrap_or(NO_SUBJECT)).collect();
        if !send((subjects, batch)) {
            break;
        }
    }
    Ok(())
}

/// The file's metadata, with words read as dictionaries.
fn metadata(path: &Path) -> Result<ArrowReaderMetadata> {
    let file = File::open(path)?;
    let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?;
    let fields = plain.schema().fields().iter().map(|field| match field.data_type() {
        DataType::Utf8 => {
            let dictionary = DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8));
            Field::new(field.name(), dictionary, true)
        }
        other => Field::new(field.name(), other.clone(), true),
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    Ok(ArrowReaderMetadata::load(&file, ArrowReaderOptions::new().with_schema(schema))?)
}

fn definition() -> TableDef {
    let columns = [
        ("amount", Kind::Number),
        ("clicks", Kind::Number),
        ("score", Kind::Number),
        ("channel", Kind::Category),
        ("missed", Kind::Flag),
    ];
    let columns = columns.map(|(name, kind)| ColumnDef { name: name.to_owned(), kind, reveals: None });
    TableDef { name: "events".to_owned(), columns: columns.to_vec() }
}

/// The process's largest resident size so far.
fn peak_mib() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1024)
}

fn write(path: &Path, ids: &[i64], specs: &[Spec], features: &Snapshot, events: &Events) -> Result<()> {
    anyhow::ensure!(events.rows_without_time() == 0, "every event has a time");
    let compared = |row: &usize| (features.rows[*row].subject as usize).is_multiple_of(COMPARED);
    let kept: Vec<usize> = (0..features.rows.len()).filter(compared).collect();
    let rows = || kept.iter().map(|row| features.rows[*row]);
    let mut columns: Vec<(String, ArrayRef)> = vec![
        ("subject".to_owned(), Arc::new(Int64Array::from_iter_values(rows().map(|row| ids[row.subject as usize])))),
        ("cutoff".to_owned(), Arc::new(Date32Array::from_iter_values(rows().map(|row| row.cutoff.0.0)))),
    ];
    for (spec, column) in specs.iter().zip(&features.columns) {
        let FeatureColumn::Number(values) = column else { bail!("{} is not a number", spec.name) };
        let values = kept.iter().map(|row| Some(values[*row]).filter(|value| !value.is_nan()));
        columns.push((spec.name.clone(), Arc::new(values.collect::<Float32Array>())));
    }
    let batch = RecordBatch::try_from_iter(columns)?;
    let mut writer = ArrowWriter::try_new(File::create(path)?, batch.schema(), None)?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(())
}
