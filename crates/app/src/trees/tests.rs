//! From files to files: what is written is what the trees say, in any format and batch, and what is wrong is told.

use std::path::{Path, PathBuf};

use learn::{BoostSettings, Loss, TreeData, TreeFit, fit_trees};

use super::*;

struct World {
    folder: tempfile::TempDir,
    columns: Vec<Column>,
    trees: Ensemble,
}

const ROWS: usize = 700;

fn numbers(column: &Column) -> &[f32] {
    match &column.values {
        Values::Number(values) => values,
        Values::Category { .. } => panic!("{} is a category", column.name),
    }
}

/// Three numbers, gaps in one of them, and a tree model of them in a file.
fn world() -> World {
    let value = |row: usize, by: usize| ((row * by) % 101) as f32 / 50.0 - 1.0;
    let gap = |row: usize| if row.is_multiple_of(7) { f32::NAN } else { value(row, 53) };
    let columns = vec![
        Column::number("late days", (0..ROWS).map(|row| value(row, 37)).collect()),
        Column::number("score", (0..ROWS).map(gap).collect()),
        Column::number("base", (0..ROWS).map(|row| value(row, 71)).collect()),
    ];
    let target: Vec<f32> = (0..ROWS)
        .map(|row| f32::from(u8::from(value(row, 37) * value(row, 71) + 0.3 * value(row, 53) > 0.1)))
        .collect();
    let boost = BoostSettings { max_trees: 20, leaves: 6, min_leaf_rows: 5.0, ..BoostSettings::default() };
    let fit = TreeFit { loss: Loss::Logistic, boost, ..TreeFit::default() };
    let data = TreeData { columns: &columns, target: &target, weight: None, subject: None };
    let trees = fit_trees(&data, &fit, None).expect("a world to learn from");
    let folder = tempfile::tempdir().expect("a folder");
    let text = trees.to_lightgbm(&["late days", "score", "base"]);
    std::fs::write(folder.path().join("model.txt"), text).expect("written");
    let world = World { folder, columns, trees };
    world.write_rows("rows.csv", &["score", "late_days", "extra", "base"]);
    world
}

impl World {
    fn features(&self) -> Vec<&[f32]> {
        self.columns.iter().map(numbers).collect()
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// The rows under these names.
    fn write_rows(&self, file: &str, names: &[&str]) {
        let mut text = names.join(",") + "\n";
        for row in 0..ROWS {
            let cells = names.iter().map(|name| {
                let known = ["late_days", "score", "base"].iter().position(|known| known == name);
                let value = known.map_or(0.0, |at| numbers(&self.columns[at])[row]);
                if value.is_nan() { String::new() } else { value.to_string() }
            });
            text += &(cells.collect::<Vec<_>>().join(",") + "\n");
        }
        std::fs::write(self.path(file), text).expect("written");
    }

    fn ask(&self, what: &Ask, input: &str, out: &str) -> Result<Summary, TreesError> {
        ask(what, &self.path("model.txt"), &self.path(input), &self.path(out), &crate::progress::Silent)
    }

    fn table(&self, file: &str) -> (Vec<String>, Vec<Vec<f64>>) {
        let mut reader = csv::Reader::from_path(self.path(file)).expect("a table");
        let names = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let number = |cell: &str| cell.parse().expect("a number");
        let rows = reader.records().map(|row| row.expect("a row").iter().map(number).collect()).collect();
        (names, rows)
    }
}

#[test]
fn parts_are_those_of_the_trees_and_add_up() {
    let world = world();
    let done = world.ask(&Ask::Explain, "rows.csv", "parts.csv").expect("explained");
    assert_eq!((done.rows, done.ignored_columns), (ROWS, vec!["extra".to_owned()]));
    let (names, rows) = world.table("parts.csv");
    assert_eq!(names, ["late_days", "score", "feature base", "base", "margin"]);
    let features = world.features();
    let parts = world.trees.contributions(&features, ROWS).expect("they add up");
    let margins = world.trees.margins(&features, ROWS);
    for (row, line) in rows.iter().enumerate() {
        assert_eq!(line[4], margins[row], "to the last bit");
        for (found, part) in line.iter().zip(parts.row(row)) {
            assert!((found - part).abs() < 1e-9, "{found} {part}");
        }
        assert!((line[..4].iter().sum::<f64>() - line[4]).abs() < 1e-9);
    }
}

#[test]
fn pairs_and_backgrounds_add_up() {
    let world = world();
    world.ask(&Ask::Interactions, "rows.csv", "pairs.csv").expect("explained");
    let (names, rows) = world.table("pairs.csv");
    assert!(names.contains(&"late_days x base".to_owned()), "{names:?}");
    let against = Ask::Against { file: world.path("rows.csv"), rows: 30 };
    world.ask(&against, "rows.csv", "against.csv").expect("explained");
    let (_, others) = world.table("against.csv");
    for line in rows.iter().chain(&others) {
        let (margin, parts) = line.split_last().expect("a margin");
        assert!((parts.iter().sum::<f64>() - margin).abs() < 1e-9);
    }
}

#[test]
fn parquet_in_and_out_says_the_same() {
    let world = world();
    world.ask(&Ask::Predict, "rows.csv", "predicted.csv").expect("predicted");
    // A result is a table too: rows of it are asked about again below.
    let file = std::fs::File::create(world.path("rows.parquet")).expect("a file");
    let arrays = world.columns.iter().zip(["late_days", "score", "base"]).map(|(column, name)| {
        let values = numbers(column).iter().map(|value| (!value.is_nan()).then_some(*value));
        let array: arrow::array::ArrayRef = std::sync::Arc::new(values.collect::<arrow::array::Float32Array>());
        (name, array, true)
    });
    let batch = arrow::array::RecordBatch::try_from_iter_with_nullable(arrays).expect("columns");
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");
    world.ask(&Ask::Predict, "rows.parquet", "again.csv").expect("predicted");
    assert_eq!(world.table("again.csv"), world.table("predicted.csv"));
    world.ask(&Ask::Explain, "rows.parquet", "parts.parquet").expect("explained");
    let wanted = [Wanted { name: "margin".to_owned(), cells: Cells::Plain }];
    let written = Input::open(&world.path("parts.parquet"), wanted.to_vec(), None).expect("a table");
    let sample = written.sample(ROWS).expect("rows");
    let margins = world.trees.margins(&world.features(), ROWS);
    assert!(numbers(&sample[0]).iter().zip(&margins).all(|(found, margin)| *found == *margin as f32));
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_written() {
    let world = world();
    let said = |what: &Ask, input: &str, out: &str| {
        let error = world.ask(what, input, out).map(drop).expect_err("it is wrong").to_string();
        assert!(!Path::new(&world.path("out.csv")).exists(), "{error}");
        error
    };
    world.write_rows("few.csv", &["score", "extra"]);
    let missing = said(&Ask::Explain, "few.csv", "out.csv");
    assert!(missing.contains("2 of the model's 3 columns are missing: late_days, base"), "{missing}");
    std::fs::write(world.path("text.csv"), "late_days,score,base\n1,2,3\n1,?,3\n1,often,3\n").expect("written");
    let text = said(&Ask::Explain, "text.csv", "out.csv");
    assert!(text.contains("row 4, column \"score\": 'often' is not a number"), "{text}");
    std::fs::write(world.path("empty.csv"), "late_days,score,base\n").expect("written");
    assert!(said(&Ask::Predict, "empty.csv", "out.csv").contains("has no rows"));
    assert!(said(&Ask::Predict, "rows.csv", "rows.csv").contains("name another file with --out"));
    assert!(said(&Ask::Predict, "rows.csv", "out.jsonl").contains(".csv or .parquet"));
    assert!(said(&Ask::Features, "rows.csv", "out.csv").contains("name a model's folder"));
    std::fs::write(world.path("model.txt"), "hello").expect("written");
    assert!(said(&Ask::Predict, "rows.csv", "out.csv").contains("neither LightGBM's text"));
}

#[test]
fn a_models_folder_explains_its_columns_and_gives_its_trees_their_features() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |file: &str| folder.path().join(file);
    let hours = |row: usize| (row * 37 % 101) as f32;
    let plan = |row: usize| ["month", "year", ""][row % 3];
    let dataset = learn::Dataset {
        label: (0..1200).map(|row| (row * 37 % 101 > 80) != (row % 3 == 1 && row % 5 == 0)).collect(),
        cutoff: (0..1200).map(|row| domain::Cutoff(domain::Day(row / 40))).collect(),
        subject: (0..1200).collect(),
        columns: vec![
            Column::number("clients.hours", (0..1200).map(hours).collect()),
            Column::category(
                "plan",
                (0..1200).map(|row| [0, 1, learn::MISSING][row % 3]).collect(),
                vec!["month".to_owned(), "year".to_owned()],
            ),
        ],
        weight: None,
    };
    let settings = learn::Settings { reach_days: 2, ..learn::Settings::default() };
    let model = learn::fit(&dataset, &settings, &|_| {}).expect("a world to learn from").model;
    let files = model.to_files().expect("numbers");
    std::fs::create_dir(path("model")).expect("made");
    std::fs::write(path("model/model.json"), &files.json).expect("written");
    let manifest = r#"{"format":1,"schema":{"tables":{},"leaks":[]}}"#;
    std::fs::write(path("model/manifest.json"), manifest).expect("written");
    files.trees.iter().for_each(|(name, text)| std::fs::write(path("model").join(name), text).expect("written"));
    let mut text = "plan,hours\n".to_owned();
    (0..1200).for_each(|row| text += &format!("{},{}\n", plan(row), hours(row)));
    std::fs::write(path("rows.csv"), text).expect("written");

    let of = |what: Ask, model: &str, input: &str, out: &str| {
        ask(&what, &path(model), &path(input), &path(out), &crate::progress::Silent).expect(out);
        let mut reader = csv::Reader::from_path(path(out)).expect("a table");
        let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
        let number = |cell: &str| cell.parse().unwrap_or(f64::NAN);
        let rows: Vec<Vec<f64>> =
            reader.records().map(|row| row.expect("a row").iter().map(number).collect()).collect();
        (names, rows)
    };
    let log_odds = model.log_odds(&dataset.columns).expect("the schema of the fit");
    for what in [Ask::Explain, Ask::Interactions, Ask::Against { file: path("rows.csv"), rows: 50 }] {
        let (names, rows) = of(what, "model", "rows.csv", "parts.csv");
        assert_eq!((names[0].as_str(), names[1].as_str()), ("clients.hours", "plan"));
        for (line, log_odds) in rows.iter().zip(&log_odds) {
            let (margin, parts) = line.split_last().expect("a margin");
            assert_eq!(margin, log_odds);
            assert!((parts.iter().sum::<f64>() - margin).abs() < 1e-9);
        }
    }
    let (_, predicted) = of(Ask::Predict, "model", "rows.csv", "predicted.csv");
    let chances = model.predict(&dataset.columns).expect("the schema of the fit");
    assert!(predicted.iter().zip(&chances).all(|(line, chance)| line[1] == chance.get()));
    let (names, _) = of(Ask::Features, "model", "rows.csv", "features.csv");
    assert_eq!(names, model.feature_names());
    let features = model.features(&dataset.columns).expect("the schema of the fit");
    let features: Vec<&[f32]> = features.iter().map(AsRef::as_ref).collect();
    let ensembles = model.members.iter().filter_map(|member| match &member.learner {
        learn::Learner::Trees(trees) => Some(trees),
        learn::Learner::Linear(_) => None,
    });
    for (trees, (name, _)) in ensembles.zip(&files.trees) {
        let (_, margins) = of(Ask::Predict, &format!("model/{name}"), "features.csv", "margins.csv");
        assert!(margins.iter().zip(trees.margins(&features, 1200)).all(|(line, margin)| line[0] == margin));
    }
}

#[test]
fn numbers_beyond_the_range_are_told_and_taken_for_its_ends() {
    let world = world();
    let said = |big: &str| {
        std::fs::write(world.path("big.csv"), format!("late_days,score,base\n1,{big},3\n")).expect("written");
        let done = world.ask(&Ask::Predict, "big.csv", "predicted.csv").expect("predicted");
        (done.beyond_range, world.table("predicted.csv").1)
    };
    let (told, margins) = said("1e308");
    assert_eq!(told, ["score"]);
    let (none, same) = said("3e38");
    assert_eq!((none, same), (Vec::new(), margins));
}

#[test]
fn levels_of_a_data_frame_are_found_by_name() {
    let world = world();
    let text = std::fs::read_to_string(world.path("model.txt")).expect("written");
    // The third feature as a category of three levels, of which the first and the last go left.
    let of_tree = "Tree=0\nnum_leaves=2\nnum_cat=1\nsplit_feature=2\nsplit_gain=1\nthreshold=0\ndecision_type=9\n\
                   left_child=-1\nright_child=-2\nleaf_value=0.5 -0.25\nleaf_weight=2 1\nleaf_count=2 1\n\
                   internal_value=0\ninternal_weight=3\ninternal_count=3\ncat_boundaries=0 1\ncat_threshold=5\n\
                   is_linear=0\nshrinkage=1\n\n\nend of trees\n";
    let head = &text[..text.find("tree_sizes").expect("a head")];
    let begin = head.find("feature_infos=").expect("a head");
    let head = format!("{}feature_infos=[0:1] [0:1] 0:1:2\n\n", &head[..begin]);
    let frame = format!("{head}{of_tree}pandas_categorical:[[\"month\", 10, \"year\"]]\n");
    std::fs::write(world.path("model.txt"), frame).expect("written");
    let rows = "late_days,score,base\n0,0,year\n0,0,10.0\n0,0,month\n0,0,week\n0,0,\n";
    std::fs::write(world.path("levels.csv"), rows).expect("written");
    let done = world.ask(&Ask::Predict, "levels.csv", "predicted.csv").expect("predicted");
    assert_eq!(done.unknown_levels, ["base: week"]);
    let margins: Vec<f64> = world.table("predicted.csv").1.iter().map(|line| line[0]).collect();
    assert_eq!(margins, [0.5, -0.25, 0.5, -0.25, -0.25]);
}
