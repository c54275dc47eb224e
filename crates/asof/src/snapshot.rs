//! The features of all subjects at risk, at all cutoffs, in one pass over the events.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use domain::Cutoff;
use rayon::prelude::*;

use crate::cuts::{Cuts, in_32_bits};
use crate::error::PlanError;
use crate::events::Events;
use crate::features::{GroupMeans, OfRows, OfSubject, Scratch, of_subject};
use crate::output::{Out, OutColumn};
use crate::plan::{OfTable, Part, Plan};
use crate::spec::Spec;
use crate::subjects::{Row, Subjects};
use crate::values::{NO_LEVEL, Values};
use crate::view::{AsOf, Settled, View};

/// The features of subjects at cutoffs.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Ascending by subject, then cutoff.
    pub rows: Vec<Row>,
    /// One for each spec, in their order, with a value for each row.
    pub columns: Vec<FeatureColumn>,
}

/// The values of a feature.
#[derive(Clone, Debug)]
pub enum FeatureColumn {
    /// Numbers, NaN where unknown.
    Number(Vec<f32>),
    /// Codes into levels, [`NO_LEVEL`] where unknown.
    Category {
        /// One per row.
        codes: Vec<u32>,
        /// The levels that occur in these rows, ascending.
        levels: Vec<String>,
    },
}

/// Rows of the output that one thread fills at a time.
const ROWS_A_CHUNK: usize = 4096;

/// Rows of those at risk that are held at a time while means of groups are taken.
const PEERS_AT_ONCE: usize = 1 << 22;

/// Computes the features of these rows, which ascend by subject, then cutoff.
///
/// `at_risk` lists everyone who is at risk at some cutoffs, in the same order: a group's mean is taken over them, whether
/// or not they are among the rows, so that a row has the same features wherever it is looked at.
///
/// Each subject's events are walked once for all of its cutoffs and all windows; subjects are shared out over the
/// threads of the current rayon pool, and the result is the same on any number of them.
pub fn snapshot(
    subjects: &Subjects,
    tables: &[&Events],
    specs: &[Spec],
    rows: Vec<Row>,
    at_risk: impl Fn(&[Cutoff]) -> Vec<Row>,
) -> Result<Snapshot, PlanError> {
    let plan = Plan::new(subjects, tables, specs)?;
    check_rows(subjects, &rows)?;
    let mut columns = plan.compute(subjects, tables, specs.len(), &rows);
    plan.compare(subjects, tables, specs, &rows, at_risk, &mut columns)?;
    for column in &mut columns {
        column.drop_unused_levels();
    }
    Ok(Snapshot { rows, columns })
}

impl Snapshot {
    /// The median of a numeric feature over the rows of a cutoff where it is known.
    pub fn typical(&self, column: usize, cutoff: Cutoff) -> Option<f32> {
        self.typical_by(column, cutoff, |_| Some(0)).remove(&0)
    }

    /// The same for each group of subjects; subjects without a group are left out.
    pub fn typical_by(&self, column: usize, cutoff: Cutoff, group: impl Fn(u32) -> Option<u32>) -> BTreeMap<u32, f32> {
        let FeatureColumn::Number(values) = &self.columns[column] else { return BTreeMap::new() };
        let mut known: BTreeMap<u32, Vec<f32>> = BTreeMap::new();
        for (row, value) in self.rows.iter().zip(values).filter(|(row, value)| row.cutoff == cutoff && !value.is_nan())
        {
            if let Some(group) = group(row.subject) {
                known.entry(group).or_default().push(*value);
            }
        }
        known.into_iter().map(|(group, mut values)| (group, median(&mut values))).collect()
    }
}

impl FeatureColumn {
    /// Leaves the levels that occur, so that what only rows of the future hold is not even named.
    fn drop_unused_levels(&mut self) {
        let Self::Category { codes, levels } = self else { return };
        let mut occurs = vec![false; levels.len()];
        for code in codes.iter().filter(|code| **code != NO_LEVEL) {
            occurs[*code as usize] = true;
        }
        let mut new_codes = Vec::with_capacity(levels.len());
        let mut used = Vec::new();
        for (level, occurs) in mem::take(levels).into_iter().zip(occurs) {
            // The old code is a `u32`, and the new one is no greater.
            new_codes.push(u32::try_from(used.len()).unwrap_or(NO_LEVEL));
            if occurs {
                used.push(level);
            }
        }
        *levels = used;
        for code in codes.iter_mut().filter(|code| **code != NO_LEVEL) {
            *code = new_codes[*code as usize];
        }
    }
}

/// The middle value, or the mean of the two in the middle; there is at least one.
fn median(values: &mut [f32]) -> f32 {
    values.sort_unstable_by(f32::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f32::midpoint(values[middle - 1], values[middle]) }
}

impl Plan {
    /// All features but those relative to a group.
    fn compute(&self, subjects: &Subjects, tables: &[&Events], specs: usize, rows: &[Row]) -> Vec<FeatureColumn> {
        let mut columns = self.empty_columns(subjects, tables, specs, rows.len());
        let chunks = chunks(rows);
        let outs = split(&mut columns, &chunks);
        chunks.into_par_iter().zip(outs).for_each_init(Workspace::default, |workspace, (rows, mut out)| {
            workspace.fill(self, subjects, tables, rows, &mut out);
        });
        columns
    }

    /// Fills in the features that are relative to a group.
    fn compare(
        &self,
        subjects: &Subjects,
        tables: &[&Events],
        specs: &[Spec],
        rows: &[Row],
        at_risk: impl Fn(&[Cutoff]) -> Vec<Row>,
        columns: &mut [FeatureColumn],
    ) -> Result<(), PlanError> {
        let features: BTreeSet<usize> = self.relative.iter().map(|relative| relative.feature).collect();
        let compared: Vec<Spec> = features.iter().map(|feature| specs[*feature].clone()).collect();
        let of_compared = Self::new(subjects, tables, &compared)?;
        let mut relatives = Vec::with_capacity(self.relative.len());
        for relative in &self.relative {
            let Values::Category { codes, .. } = &subjects.attributes[relative.group].values else { continue };
            let position = features.range(..relative.feature).count();
            relatives.push((relative, position, codes, GroupMeans::default()));
        }
        let cutoffs: BTreeSet<Cutoff> = rows.iter().filter(|_| !relatives.is_empty()).map(|row| row.cutoff).collect();
        let cutoffs: Vec<Cutoff> = cutoffs.into_iter().collect();
        for cutoffs in cutoffs.chunks(PEERS_AT_ONCE / subjects.len().max(1) + 1) {
            let peers = at_risk(cutoffs);
            check_rows(subjects, &peers)?;
            let values = of_compared.compute(subjects, tables, compared.len(), &peers);
            for (_, position, groups, means) in &mut relatives {
                if let FeatureColumn::Number(values) = &values[*position] {
                    means.add(&peers, values, groups);
                }
            }
        }
        for (relative, _, groups, means) in relatives {
            if let FeatureColumn::Number(values) = &columns[relative.feature] {
                columns[relative.slot] = FeatureColumn::Number(means.relative(rows, values, groups));
            }
        }
        Ok(())
    }

    fn empty_columns(&self, subjects: &Subjects, tables: &[&Events], specs: usize, rows: usize) -> Vec<FeatureColumn> {
        let mut columns: Vec<FeatureColumn> = Vec::new();
        columns.resize_with(specs, || FeatureColumn::Number(Vec::new()));
        let levels_of = |values: &Values| match values {
            Values::Category { levels, .. } => levels.clone(),
            _ => Vec::new(),
        };
        for (slot, feature) in &self.of_subjects {
            if let OfSubject::Level { attribute } = feature {
                let levels = levels_of(&subjects.attributes[*attribute].values);
                columns[*slot] = FeatureColumn::Category { codes: Vec::new(), levels };
            }
        }
        for of_table in &self.of_tables {
            for (feature, targets) in of_table.parts.iter().flat_map(|part| &part.groups) {
                let OfRows::LastLevel { column } = feature else { continue };
                for target in targets {
                    let levels = levels_of(&tables[of_table.table].columns[*column].values);
                    columns[target.slot] = FeatureColumn::Category { codes: Vec::new(), levels };
                }
            }
        }
        // Zeroed memory is handed out lazily: the thread that writes a page is the first to touch it.
        for column in &mut columns {
            match column {
                FeatureColumn::Number(values) => *values = vec![0.0; rows],
                FeatureColumn::Category { codes, .. } => *codes = vec![0; rows],
            }
        }
        columns
    }
}

fn check_rows(subjects: &Subjects, rows: &[Row]) -> Result<(), PlanError> {
    let disorder = rows.windows(2).position(|pair| pair[0] >= pair[1]).map(|row| row + 1);
    let stranger = rows.last().filter(|row| row.subject as usize >= subjects.len()).map(|_| rows.len() - 1);
    match disorder.or(stranger) {
        Some(row) => Err(PlanError::Rows { row }),
        None => Ok(()),
    }
}

/// Rows in runs that do not cut a subject in two.
fn chunks(rows: &[Row]) -> Vec<&[Row]> {
    let mut chunks = Vec::with_capacity(rows.len() / ROWS_A_CHUNK + 1);
    let mut rest = rows;
    while !rest.is_empty() {
        let last = rest[rest.len().min(ROWS_A_CHUNK) - 1].subject;
        let end = rest.partition_point(|row| row.subject <= last);
        let (chunk, after) = rest.split_at(end);
        chunks.push(chunk);
        rest = after;
    }
    chunks
}

/// The part of every column that belongs to each chunk.
fn split<'a>(columns: &'a mut [FeatureColumn], chunks: &[&[Row]]) -> Vec<Out<'a>> {
    let mut outs: Vec<Out<'a>> = Vec::new();
    outs.resize_with(chunks.len(), || Out { columns: Vec::new() });
    for column in columns {
        let mut rest = match column {
            FeatureColumn::Number(values) => OutColumn::Numbers(values),
            FeatureColumn::Category { codes, .. } => OutColumn::Levels(codes),
        };
        for (chunk, out) in chunks.iter().zip(&mut outs) {
            let (part, after) = rest.split_at(chunk.len());
            out.columns.push(part);
            rest = after;
        }
    }
    outs
}

/// What a thread works with.
#[derive(Default)]
struct Workspace {
    scratch: Scratch,
    cuts: Cuts,
    cutoffs: Vec<Cutoff>,
    settled: Settled,
    /// A subject's rows as they stand, by table, made when first needed.
    as_of: BTreeMap<usize, AsOf>,
}

impl Workspace {
    /// Computes all features of some subjects' rows, but those relative to a group.
    fn fill(&mut self, plan: &Plan, subjects: &Subjects, tables: &[&Events], rows: &[Row], out: &mut Out<'_>) {
        for (slot, feature) in &plan.of_subjects {
            for (position, row) in rows.iter().enumerate() {
                of_subject(*feature, subjects, row.subject as usize, row.cutoff, *slot, position, out);
            }
        }
        for of_table in &plan.of_tables {
            let mut first = 0;
            for same_subject in rows.chunk_by(|a, b| a.subject == b.subject) {
                self.cutoffs.clear();
                self.cutoffs.extend(same_subject.iter().map(|row| row.cutoff));
                for part in &of_table.parts {
                    self.fill_part(of_table, part, tables[of_table.table], same_subject[0].subject, first, out);
                }
                first += same_subject.len();
            }
        }
    }

    /// Computes the features of one subject and part: in one pass for all cutoffs that see a beginning of the same rows,
    /// and apart for each that misses something that has happened.
    fn fill_part(
        &mut self,
        of_table: &OfTable,
        part: &Part,
        events: &Events,
        subject: u32,
        first: usize,
        out: &mut Out<'_>,
    ) {
        let Self { scratch, cuts, cutoffs, settled, as_of } = self;
        settled.look(events, subject, cutoffs, &part.hidden);
        let as_of = as_of.entry(of_table.table).or_insert_with(|| AsOf::new(events));
        let with_row = |cut: usize| (cutoffs[cut], in_32_bits(first + cut));
        let mut begin = 0;
        for same_gone in settled.gone.chunk_by(|a, b| a == b) {
            let run = begin..begin + same_gone.len();
            begin = run.end;
            let in_time = run.clone().filter(|cut| !settled.pending[*cut]);
            if let Some(earliest) = in_time.clone().next() {
                let view = match same_gone[0] {
                    0 => View::whole(events, subject),
                    _ => as_of.standing(events, subject, cutoffs[earliest], &part.used),
                };
                cuts.cut(view.at, &of_table.windows, in_time.map(with_row));
                compute(part, &view, cuts, scratch, out);
            }
            for cut in run.filter(|cut| settled.pending[*cut]) {
                let view = as_of.seen(events, subject, cutoffs[cut], &part.used);
                cuts.cut(view.at, &of_table.windows, [with_row(cut)].into_iter());
                compute(part, &view, cuts, scratch, out);
            }
        }
    }
}

fn compute(part: &Part, view: &View<'_>, cuts: &Cuts, scratch: &mut Scratch, out: &mut Out<'_>) {
    scratch.forget();
    for (feature, targets) in &part.groups {
        feature.compute(view, cuts, targets, scratch, out);
    }
}

#[cfg(test)]
mod tests {
    use domain::Day;

    use super::*;

    #[test]
    fn the_typical_value_is_the_median_of_a_cutoff() {
        let row = |subject, day| Row { subject, cutoff: Cutoff(Day(day)) };
        let rows = vec![row(0, 1), row(0, 2), row(1, 1), row(2, 1), row(3, 1)];
        let values = vec![1.0, 50.0, 4.0, f32::NAN, 2.0];
        let snapshot = Snapshot { rows, columns: vec![FeatureColumn::Number(values)] };
        assert_eq!(snapshot.typical(0, Cutoff(Day(1))), Some(2.0));
        assert_eq!(snapshot.typical(0, Cutoff(Day(3))), None);
        let by_parity = snapshot.typical_by(0, Cutoff(Day(1)), |subject| (subject < 3).then_some(subject % 2));
        assert_eq!(by_parity, BTreeMap::from([(0, 1.0), (1, 4.0)]));
    }

    #[test]
    fn levels_that_do_not_occur_are_dropped() {
        let levels = ["a", "b", "c"].map(str::to_owned).to_vec();
        let mut column = FeatureColumn::Category { codes: vec![2, NO_LEVEL, 0, 2], levels };
        column.drop_unused_levels();
        let FeatureColumn::Category { codes, levels } = column else { panic!("a category stays one") };
        assert_eq!((codes, levels), (vec![1, NO_LEVEL, 0, 1], vec!["a".to_owned(), "c".to_owned()]));
    }

    #[test]
    fn chunks_do_not_cut_a_subject_in_two() {
        let days = |subject: u32, many| (0..many).map(move |day| Row { subject, cutoff: Cutoff(Day(day)) });
        let rows: Vec<Row> = days(0, 5000).chain(days(1, 3)).chain(days(2, 5000)).collect();
        let lengths: Vec<usize> = chunks(&rows).iter().map(|chunk| chunk.len()).collect();
        assert_eq!(lengths, [5000, 5003]);
        assert!(chunks(&[]).is_empty());
    }
}
