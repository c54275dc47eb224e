//! Nothing after the cutoff may reach a score, a reason or an action; the same input gives the same bytes.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use app::explain::explain;
use app::progress::Silent;
use app::report;
use domain::Day;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::support::{House, Table, Times, end, is_later};

const MODEL_FILES: [&str; 4] = ["model.json", "evaluation.json", "held_out.json", "manifest.json"];

/// A small academy and a model of it, fitted by several threads.
fn academy() -> &'static House {
    static ACADEMY: OnceLock<House> = OnceLock::new();
    ACADEMY.get_or_init(|| {
        let house = House::academy(300, 7);
        let threads = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads");
        threads.install(|| house.train()).unwrap_or_else(|error| panic!("{error}"));
        house
    })
}

/// The day that is looked from: there is much before it and much after it.
fn cutoff() -> Day {
    end().plus(-60)
}

/// Compares the scores of rewritten tables with those of the tables as they are.
fn assert_scores_stay(name: &str, change: impl FnMut(&Times, &mut Table)) {
    let house = academy();
    let expected = house.scores_of(&house.data(), "model", cutoff());
    assert!(expected.lines().count() > 30, "too few at risk to show anything: {expected}");
    let changed = house.scores_of(&house.rewritten(name, change), "model", cutoff());
    let differs = expected.lines().zip(changed.lines()).find(|(expected, changed)| expected != changed);
    assert!(expected == changed, "{name}: first difference {differs:?}");
}

#[test]
fn a_past_date_is_scored_as_if_the_files_ended_there() {
    assert_scores_stay("cut", |times, table| times.cut(table, cutoff()));
}

#[test]
fn later_rows_and_cells_may_change_in_any_way() {
    for seed in 0..3 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        assert_scores_stay(&format!("changed {seed}"), |times, table| change_later(times, table, cutoff(), &mut rng));
    }
}

#[test]
fn neither_scores_nor_explanations_nor_the_page_know_what_comes_later() {
    for seed in [7, 8, 9] {
        let house = House::academy(150, seed);
        house.train().unwrap_or_else(|error| panic!("{error}"));
        for cutoff in [end().plus(-60), end().plus(-95)] {
            let expected = everything_said(&house, &house.data(), cutoff);
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let cut = house.rewritten(&format!("cut at {cutoff}"), |times, table| times.cut(table, cutoff));
            let changed = house.rewritten(&format!("changed after {cutoff}"), |times, table| {
                change_later(times, table, cutoff, &mut rng);
            });
            for data in [cut, changed] {
                let said = everything_said(&house, &data, cutoff);
                for (expected, said) in expected.iter().zip(&said) {
                    let differs = expected.lines().zip(said.lines()).find(|(expected, said)| expected != said);
                    assert!(expected == said, "seed {seed}, {}: first difference {differs:?}", data.display());
                }
            }
        }
    }
}

/// Scores, the explanation of the first of them, and the page.
fn everything_said(house: &House, data: &Path, cutoff: Day) -> [String; 3] {
    let scores = house.scores_of(data, "model", cutoff);
    let first = scores.lines().nth(1).and_then(|row| row.split(',').next()).expect("someone at risk");
    let project = house.project(data, "model").unwrap_or_else(|error| panic!("{error}"));
    let explained = explain(&project, first, cutoff, &Silent).unwrap_or_else(|error| panic!("{error}"));
    let explained = explained.text(&project.narrator().expect("words"));
    let page = house.path("page.html");
    report::report(&project, cutoff, &page, &Silent).unwrap_or_else(|error| panic!("{error}"));
    [scores, explained, fs::read_to_string(page).expect("a page")]
}

#[test]
fn later_rows_may_be_missing_and_rows_may_stand_in_any_order() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    assert_scores_stay("some deleted", |times, table| {
        let rows = std::mem::take(&mut table.rows);
        table.rows = rows.into_iter().filter(|row| times.is_known(table, row, cutoff()) || rng.random()).collect();
        table.rows.shuffle(&mut rng);
    });
    assert_scores_stay("in another order", |_, table| table.rows.shuffle(&mut rng));
}

#[test]
fn the_same_seed_gives_the_same_bytes_for_any_order_and_number_of_threads() {
    let house = academy();
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let shuffled = house.rewritten("shuffled", |_, table| table.rows.shuffle(&mut rng));
    let expected = house.scores_of(&house.data(), "model", end());
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let scores = one_thread.install(|| {
        house.train_on(&shuffled, "of one thread").unwrap_or_else(|error| panic!("{error}"));
        house.scores_of(&shuffled, "of one thread", end())
    });
    for file in MODEL_FILES {
        let read = |model: &str| fs::read(house.path(model).join(file)).expect("a file of the model");
        assert!(read("model") == read("of one thread"), "{file} differs");
    }
    assert!(scores == expected, "scores differ");
}

/// Gives rows and cells that are not known yet the values of others, and puts something into cells that are empty.
fn change_later(times: &Times, table: &mut Table, cutoff: Day, rng: &mut ChaCha8Rng) {
    let known: Vec<bool> = table.rows.iter().map(|row| times.is_known(table, row, cutoff)).collect();
    let later: Vec<usize> = (0..known.len()).filter(|&row| !known[row]).collect();
    let values: Vec<usize> =
        (0..table.header.len()).filter(|&column| !times.row.contains(&table.header[column].as_str())).collect();
    for column in values {
        mix(table, column, &later, rng);
    }
    // A correction of a row that is known, not entered yet.
    if times.file == "attendance.csv" {
        let key = table.column("attendance_id");
        for &row in &later {
            table.rows[row][key] = table.rows[rng.random_range(0..known.len())][key].clone();
        }
    }
    // The status is as of the export: never to be learned from.
    if times.file == "students.csv" {
        mix(table, table.column("status"), &(0..known.len()).collect::<Vec<_>>(), rng);
    }
    for (cell, known_at) in times.cells {
        let (cell, known_at) = (table.column(cell), table.column(known_at));
        let rows = 0..table.rows.len();
        let hidden: Vec<usize> = rows.filter(|&row| is_later(&table.rows[row][known_at], cutoff)).collect();
        mix(table, cell, &hidden, rng);
        if cell == known_at {
            for row in 0..table.rows.len() {
                if table.rows[row][cell].is_empty() && rng.random() {
                    table.rows[row][cell] = table.rows[hidden[rng.random_range(0..hidden.len())]][cell].clone();
                }
            }
        }
    }
}

/// Deals the values of a column out anew among some rows.
fn mix(table: &mut Table, column: usize, rows: &[usize], rng: &mut ChaCha8Rng) {
    let mut values: Vec<String> = rows.iter().map(|&row| table.rows[row][column].clone()).collect();
    values.shuffle(rng);
    for (&row, value) in rows.iter().zip(values) {
        table.rows[row][column] = value;
    }
}
