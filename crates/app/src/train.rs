//! Training: from the past's snapshots to a model that says how good it is.

use asof::Snapshot;
use contract::{Origin, Outcome as Leaving};
use domain::{Band, Bands, Day, Probability, writing};
use learn::metrics::{Ranking, Top, bootstrap, top};
use learn::{Dataset, Evaluation, Extras, PriorModel, Recipe, Settings, Why};
use narrate::{Message, Narrator};
use serde::Serialize;
use warehouse::kits::academy::prior;
use warehouse::{Finding, Loaded, Severity, Topic};

use crate::Project;
use crate::error::Error;
use crate::judge;
use crate::learned::{self, LearnedColumns};
use crate::logged;
use crate::model::{self, Called, Manifest, Outcome};
use crate::progress::{Progress, Step};

/// Shares of the list for which it is told what calling them would have found.
const CALLED: [f64; 12] = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8];
/// Candidates that are shown.
const SHOWN: usize = 8;

/// Redrawn sets of subjects behind those intervals.
const CALLED_DRAWS: usize = 200;

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The day by whose end things were known; nothing: all that the tables hold.
    pub as_of: Option<Day>,
    /// The same seed gives the same model.
    pub seed: u64,
    /// Time for the search of settings, as two cores of an ordinary machine would need it; estimated, not measured.
    pub budget_seconds: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { as_of: None, seed: 1, budget_seconds: Settings::default().budget_seconds }
    }
}

/// What training came to, for people and programs.
#[derive(Serialize)]
pub struct Summary {
    /// The label that was learned, where the outcome is one.
    pub target: Option<String>,
    /// Looks back: a row is a subject at a cutoff.
    pub rows: usize,
    /// Rows after which the subject left within the horizon.
    pub leaving_rows: usize,
    /// Distinct subjects.
    pub subjects: usize,
    /// Distinct subjects that left.
    pub leavers: usize,
    /// First and last cutoff.
    pub cutoffs: [String; 2],
    /// Features that the model may use.
    pub features: usize,
    /// The kind of model that was taken: `prior`, `logistic`, `boosted`, `blend`.
    pub tier: String,
    /// Why: `lowest-log-loss` or `simplest-within-one-error`.
    pub why: String,
    /// What was tried, each with its log-loss and AUC on rows kept apart.
    pub tried: Vec<Tried>,
    /// Maps from scores to probabilities that were tried for it.
    pub maps: Vec<TriedMap>,
    /// Area under the ROC curve on rows kept apart, with its 90% interval.
    pub auc: Measure,
    /// Average precision.
    pub average_precision: Measure,
    /// Log-loss.
    pub log_loss: Measure,
    /// Log-loss of saying the base rate to everyone.
    pub base_log_loss: f64,
    /// Brier score.
    pub brier: Measure,
    /// Expected calibration error.
    pub calibration_error: Measure,
    /// Columns left out because they know the future.
    pub leaks: Vec<String>,
    /// Other warnings about the data.
    pub warnings: Vec<String>,
    /// Columns of a flat table that nothing can be learned from: those with another value in nearly every row.
    pub key_like: Vec<String>,
    /// Those with nothing in them.
    pub empty: Vec<String>,
}

/// A candidate.
#[derive(Serialize)]
pub struct Tried {
    /// What it is.
    pub model: String,
    /// The same for those who tell it in words.
    #[serde(skip)]
    pub recipe: Recipe,
    /// Log-loss; nothing where it fell out early.
    pub log_loss: Option<f64>,
    /// AUC; nothing where it fell out early.
    pub auc: Option<f64>,
}

/// A map from scores to probabilities.
#[derive(Serialize)]
pub struct TriedMap {
    /// `line`, `beta` or `isotonic`.
    pub map: String,
    /// Log-loss on subjects that it was not fitted on.
    pub log_loss: f64,
    /// Whether it was taken.
    pub taken: bool,
}

/// A number with its 90% interval.
#[derive(Clone, Copy, Serialize)]
pub struct Measure {
    /// The number.
    pub value: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
}

/// Fits a model on everything that is settled by the end of `as_of` and keeps it in the project's model folder.
///
/// The day also guards against rows dated ahead, such as a timetable: without it, outcomes would count as settled by the
/// last of them.
pub fn train(project: &Project, options: &Options, progress: &dyn Progress) -> Result<Summary, Error> {
    let Options { as_of, seed, .. } = *options;
    // A folder that cannot take the model is told before any work.
    model::refuse_foreign(&project.model)?;
    let contract = &project.contract;
    progress.begin(Step::Read);
    let loaded = warehouse::load(contract, &project.sources(), as_of, None)?;
    let training = loaded.training(contract);
    if training.rows.is_empty() {
        let reach_days = contract.horizon.reach_days();
        return Err(Error::TooEarly { first: loaded.first_day, last: loaded.last_day, reach_days });
    }

    progress.begin(Step::Features);
    let snapshot = loaded.snapshot(training.rows)?;
    progress.begin(Step::Fit);
    let acted = logged::acted(contract, &loaded, &snapshot);
    let columns = if loaded.is_flat() { learned::learned(&loaded.specs, &snapshot) } else { LearnedColumns::new() };
    let dataset = dataset(&loaded, snapshot, training.leaves);
    let settings = Settings { budget_seconds: options.budget_seconds, ..settings(contract, &loaded, seed) };
    let mut fitted = learn::fit(&dataset, &settings, &|p| {
        progress.report(Step::Fit, p.done as u64, Some(p.total as u64).filter(|&total| total > 1));
    })
    .map_err(|problem| Error::Fit { outcome: place_of_outcome(&loaded, contract), problem })?;

    let mut manifest = Manifest::new(contract, loaded.schema.clone());
    manifest.columns = columns;
    manifest.bands = bands(contract, &dataset);
    manifest.as_of_day = as_of.map(|day| day.0);
    manifest.called = called(&dataset, &fitted.evaluation, seed);
    let held_out = std::mem::take(&mut fitted.evaluation.held_out);
    progress.begin(Step::Decide);
    let outcomes = logged::outcomes(contract, &loaded, acted, &fitted.model, &dataset, &held_out)
        .map_err(|problem| Error::Predict { model: project.model.clone(), problem })?;
    manifest.outcomes = outcomes.iter().map(Outcome::new).collect();

    progress.begin(Step::Write);
    let trained = model::Trained { model: fitted.model, evaluation: fitted.evaluation, manifest };
    let scores = model::HeldOutScores::new(fingerprint(&loaded, &dataset), &held_out);
    model::save(&project.model, &trained, &scores)?;
    Ok(summary(&trained, &loaded))
}

/// By how many leave, where the outcome is a label and the contract states no bands.
fn bands(contract: &contract::Contract, dataset: &Dataset) -> Option<[f64; 2]> {
    contract.target().filter(|_| !contract.bands_are_stated)?;
    let leaving = dataset.label.iter().filter(|label| **label).count();
    let bands = Bands::around(Probability::clamped(leaving as f64 / dataset.rows().max(1) as f64))?;
    Some([Band::Medium, Band::High].map(|band| bands.from(band).get()))
}

/// `students.csv, column left_on`.
fn place_of_outcome(loaded: &Loaded, contract: &contract::Contract) -> String {
    let source = |name: &str| {
        let table = loaded.tables.iter().find(|table| table.name == name);
        table.map_or_else(|| name.to_owned(), |table| table.source.clone())
    };
    let column = match &contract.outcome {
        Leaving::Date { column } => Some(column),
        Leaving::Label { .. } => contract.target().map(|target| &target.column),
        Leaving::Inactivity { table, .. } => return source(table),
    };
    match column {
        Some(column) => {
            let subjects = source(&contract.subjects_table().name);
            match &column.origin {
                Origin::Column(column) => format!("{subjects}, column {column}"),
                Origin::Expr(_) | Origin::OneOf { .. } => format!("{subjects}, outcome.column"),
            }
        }
        None => source(&contract.subjects_table().name),
    }
}

pub(crate) fn settings(contract: &contract::Contract, loaded: &Loaded, seed: u64) -> Settings {
    let prior = (contract.kit == contract::Kit::Academy).then(|| PriorModel {
        intercept: prior::INTERCEPT,
        weights: prior::WEIGHTS
            .iter()
            .filter(|weight| loaded.specs.iter().any(|spec| spec.name == weight.feature))
            .map(|weight| (weight.feature.to_owned(), weight.weight / weight.scale))
            .collect(),
    });
    let base = if contract.target().is_some() { Settings::flat_table() } else { Settings::default() };
    Settings { seed, reach_days: contract.horizon.reach_days(), prior, ..base }
}

pub(crate) fn dataset(loaded: &Loaded, snapshot: Snapshot, label: Vec<bool>) -> Dataset {
    Dataset {
        label,
        cutoff: snapshot.rows.iter().map(|row| row.cutoff).collect(),
        subject: snapshot.rows.iter().map(|row| row.subject).collect(),
        columns: judge::columns(&loaded.specs, snapshot.columns),
        weight: None,
    }
}

/// A number that tells these rows and labels from others: FNV-1a over keys, cutoffs and labels.
pub(crate) fn fingerprint(loaded: &Loaded, dataset: &Dataset) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for ((&subject, cutoff), &label) in dataset.subject.iter().zip(&dataset.cutoff).zip(&dataset.label) {
        add(loaded.keys[subject as usize].as_bytes());
        add(&cutoff.0.0.to_le_bytes());
        add(&[0xff, u8::from(label)]);
    }
    hash
}

/// What calling the riskiest would have found, with intervals over redrawn subjects.
fn called(dataset: &Dataset, evaluation: &Evaluation, seed: u64) -> Vec<Called> {
    let judged = || evaluation.held_out.iter().filter(|row| row.judged);
    let probability: Vec<f64> = judged().map(|row| row.probability).collect();
    let label: Vec<bool> = judged().map(|row| dataset.label[row.row as usize]).collect();
    let subject: Vec<u32> = judged().map(|row| dataset.subject[row.row as usize]).collect();
    let ranking = Ranking::new(&probability, &label, None);
    let each = |of: fn(Top) -> f64| {
        let metrics = CALLED.map(|share| move |ranking: &Ranking| top(ranking, share).map(of));
        bootstrap(&ranking, &subject, CALLED_DRAWS, seed, metrics)
    };
    let (precision, recall, lift) = (each(|top| top.precision), each(|top| top.recall), each(|top| top.lift));
    let measured = precision.into_iter().zip(recall).zip(lift);
    CALLED
        .iter()
        .zip(measured)
        .filter_map(|(&share, ((precision, recall), lift))| {
            Some(Called { share, precision: precision?, recall: recall?, lift: lift? })
        })
        .collect()
}

fn summary(trained: &model::Trained, loaded: &Loaded) -> Summary {
    let (training, evaluation) = (&trained.model.training, &trained.evaluation);
    let measure = |measured: &learn::metrics::Measured| Measure {
        value: measured.value,
        low: measured.interval_90[0],
        high: measured.interval_90[1],
    };
    let left_out = |topic: Topic| -> Vec<String> {
        let findings = loaded.findings.iter().filter(|finding| loaded.is_flat() && finding.topic == topic);
        findings.filter_map(|finding| finding.place.column.clone()).collect()
    };
    Summary {
        target: trained.manifest.target.clone(),
        rows: training.rows,
        leaving_rows: training.leaving_rows,
        subjects: training.subjects,
        leavers: training.leavers,
        cutoffs: [Day(training.first_cutoff_day), Day(training.last_cutoff_day)].map(|day| day.to_string()),
        features: loaded.specs.len(),
        tier: format!("{:?}", evaluation.tier).to_lowercase(),
        why: match evaluation.why {
            Why::LowestLogLoss => "lowest-log-loss",
            Why::SimplestWithinOneError => "simplest-within-one-error",
        }
        .to_owned(),
        tried: evaluation
            .candidates
            .iter()
            .map(|candidate| Tried {
                model: candidate.recipe.to_string(),
                recipe: candidate.recipe.clone(),
                log_loss: candidate.result.map(|result| result.log_loss),
                auc: candidate.result.map(|result| result.auc),
            })
            .collect(),
        maps: evaluation
            .maps
            .iter()
            .map(|tried| TriedMap {
                map: tried.kind.to_string(),
                log_loss: tried.log_loss,
                taken: tried.kind == trained.model.calibration.map.kind(),
            })
            .collect(),
        auc: measure(&evaluation.auc),
        average_precision: measure(&evaluation.average_precision),
        log_loss: measure(&evaluation.log_loss),
        base_log_loss: evaluation.base_log_loss,
        brier: measure(&evaluation.brier),
        calibration_error: measure(&evaluation.calibration_error),
        leaks: told(loaded, |finding| finding.topic == Topic::Leak && finding.severity != Severity::Info),
        warnings: told(loaded, |finding| finding.topic != Topic::Leak && finding.severity == Severity::Warning),
        key_like: left_out(Topic::Identifier),
        empty: left_out(Topic::EmptyColumn),
    }
}

fn told(loaded: &Loaded, which: impl Fn(&Finding) -> bool) -> Vec<String> {
    loaded.findings.iter().filter(|finding| which(finding)).map(ToString::to_string).collect()
}

impl Summary {
    /// All of it for a terminal, in the contract's language. What is wrong with the data is said as `check` says it.
    pub fn text(&self, words: &Narrator) -> String {
        let mut text = String::new();
        for warning in self.warnings.iter().chain(&self.leaks) {
            text += &words.tell(Message::Warning, [("text", warning.as_str().into())]);
            text.push('\n');
        }
        for (why, columns) in [("empty", &self.empty), ("key", &self.key_like)] {
            if !columns.is_empty() {
                let values =
                    [("why", why.into()), ("count", columns.len().into()), ("columns", columns.join(", ").into())];
                let told = words.tell(Message::LeftOut, values);
                text += &words.tell(Message::Note, [("text", told.into())]);
                text.push('\n');
            }
        }
        text += &self.learned(words);
        text.push('\n');
        text += &self.tried(words);
        text
    }

    fn learned(&self, words: &Narrator) -> String {
        if let Some(target) = &self.target {
            return words.tell(
                Message::LearnedFlat,
                [
                    ("target", target.as_str().into()),
                    ("rows", self.rows.into()),
                    ("leavers", self.leaving_rows.into()),
                    ("features", self.features.into()),
                ],
            );
        }
        words.tell(
            Message::Learned,
            [
                ("rows", self.rows.into()),
                ("subjects", self.subjects.into()),
                ("leavers", self.leavers.into()),
                ("first", self.cutoffs[0].as_str().into()),
                ("last", self.cutoffs[1].as_str().into()),
                ("features", self.features.into()),
            ],
        )
    }

    /// What was tried and taken, and how good it is.
    fn tried(&self, words: &Narrator) -> String {
        let tell = |message| words.tell(message, []);
        let mut text = String::new();
        let fixed = |value: f64, places| writing::fixed(words.locale(), value, places);
        // The log keeps all of them; a reader wants the best.
        let mut best: Vec<&Tried> = self.tried.iter().collect();
        best.sort_by(|a, b| a.log_loss.unwrap_or(f64::INFINITY).total_cmp(&b.log_loss.unwrap_or(f64::INFINITY)));
        for tried in best.iter().take(SHOWN) {
            let result = match (tried.log_loss, tried.auc) {
                (Some(log_loss), Some(auc)) => format!("log-loss {}  AUC {}", fixed(log_loss, 4), fixed(auc, 3)),
                _ => tell(Message::FellBehind),
            };
            text += &format!("  {} {result}  {}\n", tell(Message::Tried), recipe(&tried.recipe, words));
        }
        if let Some(more @ 1..) = best.len().checked_sub(SHOWN) {
            text += &format!("  {}\n", words.tell(Message::TriedMore, [("count", more.into())]));
        }
        let took = [("tier", self.tier.as_str().into()), ("why", self.why.as_str().into())];
        text += &format!("{}\n", words.tell(Message::Took, took));
        for tried in &self.maps {
            let mark = if tried.taken { "→" } else { " " };
            let map = words.tell(Message::Map, [("map", tried.map.as_str().into())]);
            text += &format!("{mark} {map:<68} log-loss {}\n", fixed(tried.log_loss, 4));
        }
        let is_flat = self.target.is_some();
        text += &format!("{}\n", tell(if is_flat { Message::QualityFlat } else { Message::Quality }));
        let base = words.tell(Message::Base, [("value", fixed(self.base_log_loss, 4).into())]);
        let lines = [
            ("AUC".to_owned(), &self.auc, ""),
            (tell(Message::AveragePrecision), &self.average_precision, ""),
            ("log-loss".to_owned(), &self.log_loss, base.as_str()),
            ("Brier".to_owned(), &self.brier, ""),
            (tell(Message::Calibration), &self.calibration_error, ""),
        ];
        for (name, measure, note) in lines {
            let [value, low, high] = [measure.value, measure.low, measure.high].map(|value| fixed(value, 4));
            text += format!("  {name:<18} {value}  ({low}–{high})  {note}").trim_end();
            text.push('\n');
        }
        text
    }
}

fn recipe(recipe: &Recipe, words: &Narrator) -> String {
    let knows = |extras: &Extras| {
        let word = match extras {
            Extras::None => "none",
            Extras::Repeated => "repeated",
            Extras::Crossed => "crossed",
        };
        ("extras", word.into())
    };
    match recipe {
        Recipe::Prior => words.tell(Message::RecipePrior, []),
        Recipe::Ridge { lambda, extras } => {
            words.tell(Message::RecipeLogistic, [("ridge", words.number(*lambda).into()), knows(extras)])
        }
        Recipe::Boosted { settings, extras, rounds } => {
            let size = [("leaves", settings.leaves.into()), ("rounds", (*rounds).into()), knows(extras)];
            words.tell(Message::RecipeBoosted, size)
        }
        Recipe::Mean(parts) => {
            let part = |(weight, part): &(f64, Recipe)| {
                format!("{} ({})", writing::percent(words.locale(), *weight), self::recipe(part, words))
            };
            let parts: Vec<String> = parts.iter().map(part).collect();
            words.tell(Message::RecipeMean, [("parts", parts.join(" + ").into())])
        }
    }
}
