//! The engine against its documentation, over random worlds.

mod evidence;
mod reference;
mod refusals;
mod world;

use asof::{Events, FeatureColumn, NO_LEVEL, Row, Snapshot, snapshot};
use domain::Cutoff;
use proptest::prelude::*;
use proptest::sample::Index;

use reference::Value;
use world::{RawRow, all_rows, cutoffs, events, moment, number, rows, specs, subjects};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn values_are_what_the_documentation_says(rows in rows(), cutoffs in cutoffs(), recorded: bool) {
        let snapshot = features(&events(&rows, recorded, 7), all_rows(&cutoffs));
        for (column, spec) in snapshot.columns.iter().zip(specs()).take(specs().len() - 1) {
            for (position, row) in snapshot.rows.iter().enumerate() {
                let expected = reference::value(&rows, recorded, &spec.compute, *row);
                prop_assert!(
                    is_close(column, position, &expected),
                    "{:?} at {row:?}: {:?}, expected {expected:?}", spec.compute, cell(column, position)
                );
            }
        }
    }

    #[test]
    fn the_future_changes_nothing(
        rows in rows(), future in rows(), shuffled in any::<u64>(), cutoffs in cutoffs(), recorded: bool,
        later in proptest::collection::vec((moment(), number(), any::<Option<bool>>()), 40), deletes: bool
    ) {
        let now = cutoffs[cutoffs.len() - 1].moment().0;
        let before = features(&events(&rows, recorded, 7), all_rows(&cutoffs));
        let mut changed: Vec<RawRow> = rows.iter().zip(later.iter().cycle()).map(|(row, later)| change_later(row, now, later)).collect();
        changed.retain(|row| is_known_by(row, now, recorded) || !deletes);
        changed.extend(future.into_iter().filter(|row| !is_known_by(row, now, recorded)));
        changed.sort_by_key(|row| (row.at as u64).wrapping_mul(shuffled | 1));
        let after = features(&events(&changed, recorded, 5), all_rows(&cutoffs));
        assert_same(&before, &after)?;
    }

    #[test]
    fn a_file_cut_at_a_cutoff_gives_what_the_whole_file_gives(rows in rows(), cutoffs in cutoffs(), recorded: bool) {
        let whole = events(&rows, recorded, 7);
        for cutoff in &cutoffs {
            let now = cutoff.moment().0;
            let mut cut: Vec<RawRow> = rows.iter().filter(|row| is_known_by(row, now, recorded)).cloned().collect();
            for row in &mut cut {
                *row = change_later(row, now, &(i64::MAX, None, Some(false)));
            }
            let cut = features(&events(&cut, recorded, 7), all_rows(&[*cutoff]));
            assert_same(&only(features(&whole, all_rows(&cutoffs)), *cutoff), &cut)?;
        }
    }

    #[test]
    fn neither_the_order_of_rows_nor_batches_matter(
        rows in rows(), cutoffs in cutoffs(), recorded: bool, shuffled in any::<u64>(), rows_a_batch in 1..50usize
    ) {
        let before = features(&events(&rows, recorded, 7), all_rows(&cutoffs));
        let mut rows = rows;
        let len = rows.len() as u64;
        for position in (1..len).rev() {
            rows.swap(position as usize, (shuffled.rotate_left(position as u32) % (position + 1)) as usize);
        }
        let after = features(&events(&rows, recorded, rows_a_batch), all_rows(&cutoffs));
        assert_same(&before, &after)?;
    }

    #[test]
    fn other_cutoffs_do_not_matter(rows in rows(), cutoffs in cutoffs(), recorded: bool, one in any::<Index>()) {
        let cutoff = cutoffs[one.index(cutoffs.len())];
        let events = events(&rows, recorded, 7);
        let all = features(&events, all_rows(&cutoffs));
        let alone = features(&events, all_rows(&[cutoff]));
        assert_same(&only(all, cutoff), &alone)?;
    }

    #[test]
    fn rows_that_are_left_out_do_not_matter(
        rows in rows(), cutoffs in cutoffs(), kept in proptest::collection::vec(any::<bool>(), 1..40)
    ) {
        let events = events(&rows, true, 7);
        let mut kept = kept.into_iter().cycle();
        let all = features(&events, all_rows(&cutoffs));
        let some: Vec<Row> = all.rows.iter().copied().filter(|_| kept.next() == Some(true)).collect();
        assert_same(&filtered(all, |row| some.contains(row)), &features(&events, some))?;
    }
}

#[test]
fn threads_do_not_matter() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let rows = rows().new_tree(&mut runner).expect("rows").current();
    let cutoffs: Vec<Cutoff> = (0..3000).map(|day| Cutoff(domain::Day(day))).collect();
    let with_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| features(&events(&rows, true, 7), all_rows(&cutoffs)))
    };
    assert_same(&with_threads(1), &with_threads(4)).expect("the same");
}

fn features(events: &Events, rows: Vec<Row>) -> Snapshot {
    snapshot(&subjects(), &[events], &specs(), rows, all_rows).expect("a sound plan")
}

/// Whether the row is there at a moment, whatever of it.
fn is_known_by(row: &RawRow, now: i64, recorded: bool) -> bool {
    row.at <= now && row.recorded_at.filter(|_| recorded).is_none_or(|recorded_at| recorded_at <= now)
}

/// The row with everything changed that is revealed after a moment.
fn change_later(row: &RawRow, now: i64, later: &(i64, Option<f64>, Option<bool>)) -> RawRow {
    let mut row = row.clone();
    let another = Some(later.0.max(now + 1)).filter(|_| later.2 != Some(false));
    if row.graded.is_none_or(|graded| graded > now) {
        row.graded = another;
        row.score = later.1;
        row.label = later.1.map(|_| "z");
        row.settled = Some(later.0);
    }
    if row.done.is_none_or(|done| done > now) {
        row.done = another;
        row.accepted = later.2;
    }
    row
}

fn only(snapshot: Snapshot, cutoff: Cutoff) -> Snapshot {
    filtered(snapshot, |row| row.cutoff == cutoff)
}

fn filtered(snapshot: Snapshot, is_kept: impl Fn(&Row) -> bool) -> Snapshot {
    let keep: Vec<usize> = (0..snapshot.rows.len()).filter(|row| is_kept(&snapshot.rows[*row])).collect();
    let columns = snapshot.columns.into_iter().map(|column| match column {
        FeatureColumn::Number(values) => FeatureColumn::Number(keep.iter().map(|row| values[*row]).collect()),
        FeatureColumn::Category { codes, levels } => {
            FeatureColumn::Category { codes: keep.iter().map(|row| codes[*row]).collect(), levels }
        }
    });
    Snapshot { rows: keep.iter().map(|row| snapshot.rows[*row]).collect(), columns: columns.collect() }
}

/// A value by its bits, or its level.
fn cell(column: &FeatureColumn, row: usize) -> Result<u32, Option<&str>> {
    match column {
        FeatureColumn::Number(values) => Ok(values[row].to_bits()),
        FeatureColumn::Category { codes, .. } if codes[row] == NO_LEVEL => Err(None),
        FeatureColumn::Category { codes, levels } => Err(Some(&levels[codes[row] as usize])),
    }
}

fn assert_same(a: &Snapshot, b: &Snapshot) -> Result<(), TestCaseError> {
    prop_assert_eq!(&a.rows, &b.rows);
    for ((a_column, b_column), spec) in a.columns.iter().zip(&b.columns).zip(specs()) {
        for (row, at) in a.rows.iter().enumerate() {
            prop_assert_eq!(cell(a_column, row), cell(b_column, row), "{:?} at {:?}", spec.compute, at);
        }
    }
    Ok(())
}

fn is_close(column: &FeatureColumn, row: usize, expected: &Value) -> bool {
    match (column, expected) {
        (FeatureColumn::Number(values), Value::Number(None, _)) => values[row].is_nan(),
        (FeatureColumn::Number(values), Value::Number(Some(expected), error)) => {
            let found = f64::from(values[row]);
            let expected = expected.clamp(f64::from(f32::MIN), f64::from(f32::MAX));
            (found - expected).abs() <= error + expected.abs() * 1e-6 + 1e-30
        }
        (FeatureColumn::Category { .. }, Value::Level(level)) => cell(column, row) == Err(*level),
        _ => false,
    }
}
