//! Trees of any make over a table: predictions, exact contributions, pairs, contributions against a background.
//!
//! Models are LightGBM's text, XGBoost's JSON or a model's folder of ours. Of a file, features are numbers and margins are
//! the file's own; of a folder, columns are those that the model was trained on and margins are calibrated log-odds.

mod error;
mod input;
mod output;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use learn::{Column, Ensemble, Model, PredictError, ReadTrees, Values};
use serde::Serialize;
use tables::{ColumnFormat, Kind, Schema, TextFormat};

pub use self::error::TreesError;
use self::input::{Cells, Input, Wanted};
use self::output::Sink;
use crate::model;
use crate::progress::{Progress, Step};

/// Columns beside those of the features.
const BASE: &str = "base";
const MARGIN: &str = "margin";
const PREDICTION: &str = "prediction";

/// What is made of the rows.
#[derive(Clone, Debug)]
pub enum Ask {
    /// Margin and prediction.
    Predict,
    /// What each feature adds to the margin, against the training rows.
    Explain,
    /// What features add alone and in pairs.
    Interactions,
    /// What each feature adds against so many rows of a file.
    Against {
        /// The file.
        file: PathBuf,
        /// At most so many, evenly spread over it.
        rows: usize,
    },
    /// The features that a model's folder makes of its columns, for its files of trees.
    Features,
}

/// What was done.
#[derive(Serialize)]
pub struct Summary {
    /// Rows of the table.
    pub rows: usize,
    /// Columns of the table that the model does not ask for.
    pub ignored_columns: Vec<String>,
    /// Levels that the model does not know, as `column: level`: they were taken for missing.
    pub unknown_levels: Vec<String>,
    /// Columns with cells beyond 3.4e38, the largest number that a model tells apart: they were taken for that.
    pub beyond_range: Vec<String>,
}

/// Asks a model about every row of a table.
pub fn ask(ask: &Ask, model: &Path, input: &Path, out: &Path, progress: &dyn Progress) -> Result<Summary, TreesError> {
    output::check(out)?;
    let sources = [Some(model), Some(input), if let Ask::Against { file, .. } = ask { Some(file) } else { None }];
    if let Some(own) = sources.into_iter().flatten().find(|own| same(own, out)) {
        return Err(TreesError::OverOwn(own.to_owned()));
    }
    let trees = Trees::open(model)?;
    if matches!((ask, &trees), (Ask::Features, Trees::File(_))) {
        return Err(TreesError::NoFolder(model.to_owned()));
    }
    let table = Input::open(input, trees.wanted(), trees.text())?;
    let mut beyond = BTreeSet::new();
    let background = match ask {
        Ask::Against { file, rows } => {
            let others = Input::open(file, trees.wanted(), trees.text())?;
            let sample = others.sample(*rows)?;
            beyond = others.beyond();
            Some(sample)
        }
        _ => None,
    };
    progress.begin(Step::Write);
    let (mut rows, mut unknown) = (0, BTreeSet::new());
    let mut problem = None;
    let written = whole::write_file(out, |file| {
        let mut sink = None;
        let mut file = Some(file);
        let mut see = |columns: Vec<Column>| -> Result<(), TreesError> {
            let unwritten = |source| TreesError::Write(whole::WriteError::unchanged(out, source));
            let before = rows;
            rows += columns.first().map_or(0, Column::rows);
            trees.add_unknown(&columns, &mut unknown);
            let failed = |problem| TreesError::Predict { path: input.to_owned(), problem: in_file(problem, before) };
            let answer = trees.answer(ask, &columns, background.as_deref()).map_err(failed)?;
            if let Some(file) = file.take() {
                sink = Some(Sink::new(out, file, &answer.names).map_err(unwritten)?);
            }
            sink.as_mut().map_or(Ok(()), |sink| sink.write(&answer.columns)).map_err(unwritten)
        };
        let done = table.for_each_batch(&mut see);
        let done = done.and_then(|()| if rows == 0 { Err(TreesError::NoRows(input.to_owned())) } else { Ok(()) });
        match done {
            Ok(()) => sink.map_or(Ok(()), Sink::finish),
            Err(error) => {
                problem = Some(error);
                Err(std::io::Error::other("see the problem"))
            }
        }
    });
    if let Some(problem) = problem {
        return Err(problem);
    }
    written?;
    beyond.extend(table.beyond());
    Ok(Summary {
        rows,
        ignored_columns: table.extra,
        unknown_levels: unknown.into_iter().collect(),
        beyond_range: beyond.into_iter().collect(),
    })
}

/// Counts the row from the file's first one.
fn in_file(problem: PredictError, before: usize) -> PredictError {
    match problem {
        PredictError::NotAdditive { row, sum, whole } => PredictError::NotAdditive { row: before + row, sum, whole },
        other => other,
    }
}

/// A model of any make.
enum Trees {
    File(ReadTrees),
    /// With how the columns were read that the model learned from.
    Folder(Box<Model>, Schema),
}

/// Columns to write.
struct Answer {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
}

impl Trees {
    fn open(path: &Path) -> Result<Self, TreesError> {
        if path.is_dir() {
            return Ok(Self::Folder(Box::new(model::learner(path)?), model::schema(path)?));
        }
        let unreadable = |source| TreesError::Unreadable { path: path.to_owned(), source };
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let read = match text.trim_start() {
            start if start.starts_with("tree") => Ensemble::from_lightgbm(&text),
            start if start.starts_with('{') => Ensemble::from_xgboost_json(&text),
            _ => return Err(TreesError::NoModel(path.to_owned())),
        };
        read.map(Self::File).map_err(|problem| TreesError::Model { path: path.to_owned(), problem })
    }

    fn wanted(&self) -> Vec<Wanted> {
        match self {
            Self::File(read) => {
                let features = read.features.iter().zip(&read.levels);
                let cells = |is_category: bool| if is_category { Cells::Text } else { Cells::Plain };
                features.map(|(name, levels)| Wanted { name: name.clone(), cells: cells(levels.is_some()) }).collect()
            }
            Self::Folder(model, schema) => {
                let cells = |name: &str, is_number: bool| {
                    let of_source = || {
                        let (table, column) = name.split_once('.')?;
                        schema.tables.get(table)?.get(column).cloned()
                    };
                    if is_number {
                        Cells::Learned(of_source().unwrap_or_else(|| ColumnFormat::plain(Kind::Number)))
                    } else {
                        Cells::Text
                    }
                };
                let inputs = model.encoder.inputs();
                inputs
                    .map(|column| Wanted { name: column.name.clone(), cells: cells(&column.name, column.is_number()) })
                    .collect()
            }
        }
    }

    /// How the text of the table was written that a model's features are of; nothing where they are of several.
    fn text(&self) -> Option<&TextFormat> {
        let Self::Folder(model, schema) = self else { return None };
        let tables: BTreeSet<&str> =
            model.encoder.inputs().filter_map(|column| Some(column.name.split_once('.')?.0)).collect();
        let mut texts = tables.into_iter().filter_map(|table| schema.texts.get(table));
        texts.next().filter(|_| texts.next().is_none())
    }

    /// Adds levels that a model of others does not know; ours have a place for them.
    fn add_unknown(&self, columns: &[Column], unknown: &mut BTreeSet<String>) {
        let Self::File(read) = self else { return };
        for (column, known) in columns.iter().zip(&read.levels) {
            if let (Values::Category { levels, .. }, Some(known)) = (&column.values, known) {
                let new = levels.iter().filter(|level| !known.iter().any(|other| is_level(level, other)));
                unknown.extend(new.map(|level| format!("{}: {level}", column.name)));
            }
        }
    }

    fn answer(&self, ask: &Ask, columns: &[Column], background: Option<&[Column]>) -> Result<Answer, PredictError> {
        match self {
            Self::File(read) => of_file(read, ask, columns, background),
            Self::Folder(model, _) => of_folder(model, ask, columns, background),
        }
    }
}

fn of_file(
    read: &ReadTrees,
    ask: &Ask,
    columns: &[Column],
    background: Option<&[Column]>,
) -> Result<Answer, PredictError> {
    let (columns, background) = (as_numbers(read, columns), background.map(|others| as_numbers(read, others)));
    let (trees, features) = (&read.ensemble, slices(&columns));
    let rows = features.first().map_or(0, |values| values.len());
    let margins = trees.margins(&features, rows);
    if matches!(ask, Ask::Predict) {
        let predictions = margins.iter().map(|&margin| trees.link.mean(margin)).collect();
        return Ok(predicted(margins, predictions));
    }
    if matches!(ask, Ask::Interactions) {
        let found = trees.interactions(&features, rows)?;
        let names = with_pairs(&read.features, &found.pairs);
        return Ok(explained(names, found.base, |row| found.row(row), margins));
    }
    let parts = match background {
        Some(others) => {
            let others_rows = others.first().map_or(0, |values| values.len());
            trees.interventional(&features, rows, &slices(&others), others_rows)?
        }
        None => trees.contributions(&features, rows)?,
    };
    Ok(explained(read.features.clone(), parts.base, |row| parts.row(row), margins))
}

fn of_folder(
    model: &Model,
    ask: &Ask,
    columns: &[Column],
    background: Option<&[Column]>,
) -> Result<Answer, PredictError> {
    match ask {
        Ask::Predict => {
            let predictions = model.predict(columns)?.into_iter().map(domain::Probability::get).collect();
            Ok(predicted(model.log_odds(columns)?, predictions))
        }
        Ask::Features => {
            let features = model.features(columns)?;
            let columns = features.iter().map(|feature| feature.iter().map(|&value| f64::from(value)).collect());
            Ok(Answer { names: model.feature_names(), columns: columns.collect() })
        }
        Ask::Interactions => {
            let found = model.interactions(columns)?;
            let names: Vec<String> = model.encoder.inputs().map(|column| column.name.clone()).collect();
            let margins = model.log_odds(columns)?;
            Ok(explained(with_pairs(&names, &found.pairs), found.base, |row| found.row(row), margins))
        }
        Ask::Explain | Ask::Against { .. } => {
            let parts = match background {
                Some(others) => model.attribute_against(columns, others)?,
                None => model.attribute(columns)?,
            };
            Ok(explained(parts.columns.clone(), parts.base, |row| parts.row(row), parts.log_odds.clone()))
        }
    }
}

fn predicted(margins: Vec<f64>, predictions: Vec<f64>) -> Answer {
    Answer { names: vec![MARGIN.to_owned(), PREDICTION.to_owned()], columns: vec![margins, predictions] }
}

fn explained<'a>(parts: Vec<String>, base: f64, row: impl Fn(usize) -> &'a [f64], margins: Vec<f64>) -> Answer {
    // A feature may be called as one of our own columns.
    let own = |name: String| if name == BASE || name == MARGIN { format!("feature {name}") } else { name };
    let mut names: Vec<String> = parts.into_iter().map(own).collect();
    let mut columns = vec![Vec::with_capacity(margins.len()); names.len()];
    for index in 0..margins.len() {
        for (column, value) in columns.iter_mut().zip(row(index)) {
            column.push(*value);
        }
    }
    names.extend([BASE.to_owned(), MARGIN.to_owned()]);
    columns.extend([vec![base; margins.len()], margins]);
    Answer { names, columns }
}

fn with_pairs(features: &[String], pairs: &[(usize, usize)]) -> Vec<String> {
    let pairs = pairs.iter().map(|&(a, b)| format!("{} x {}", features[a], features[b]));
    features.iter().cloned().chain(pairs).collect()
}

/// Numbers as they are, and of a category the number that its level has in the trees: missing where it has none.
fn as_numbers<'a>(read: &ReadTrees, columns: &'a [Column]) -> Vec<Cow<'a, [f32]>> {
    let numbers = |(column, known): (&'a Column, &Option<Vec<String>>)| match &column.values {
        Values::Number(values) => Cow::Borrowed(values.as_slice()),
        Values::Category { codes, levels } => {
            let known = known.as_deref().unwrap_or_default();
            let number = |level: &String| known.iter().position(|other| is_level(level, other));
            let by_code: Vec<f32> = levels.iter().map(|level| number(level).map_or(f32::NAN, |at| at as f32)).collect();
            let value = |&code: &u32| by_code.get(code as usize).copied().unwrap_or(f32::NAN);
            codes.iter().map(value).collect()
        }
    };
    columns.iter().zip(&read.levels).map(numbers).collect()
}

/// Whether a cell is a level: the same text, or the same number written otherwise.
fn is_level(cell: &str, level: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    cell == level || number(cell).is_some_and(|cell| number(level) == Some(cell))
}

fn slices<'a>(columns: &'a [Cow<'_, [f32]>]) -> Vec<&'a [f32]> {
    columns.iter().map(AsRef::as_ref).collect()
}

fn same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b || b.starts_with(&a))
}
