//! What a report is made of. Plain values: the caller has computed them, this crate only shows them.

pub use ::study::Estimate;
use domain::{Bands, Chance, Currency, Day, Horizon, Locale, Money, Probability};

/// Everything one page shows.
#[derive(Clone, Debug)]
pub struct Report {
    /// Language, number and date style.
    pub locale: Locale,
    /// Who the report is for, `Softclub Dushanbe`.
    pub organisation: String,
    /// A line at the very top, such as that the data are simulated.
    pub notice: Option<String>,
    /// What makes the scores doubtful, in the reader's language.
    pub doubts: Vec<String>,
    /// The day whose end the scores look from.
    pub as_of: Day,
    /// How far ahead leaving counts.
    pub horizon: Horizon,
    /// The contract's thresholds.
    pub bands: Bands,
    /// The currency of every amount.
    pub currency: Currency,
    /// Everyone who was scored.
    pub population: Population,
    /// Subjects to list, in any order: at least those with an action, best all in the medium and high bands.
    pub subjects: Vec<Subject>,
    /// What more of what is scarce would be worth, and from when on to contact people, in the reader's language.
    pub prices: Vec<String>,
    /// By how much the chosen actions are worth more than the same staff and money going by risk alone.
    pub over_risk: Money,
    /// The most rows that either list shows; what is left out is said on the page. 500 suits most.
    pub row_limit: usize,
    /// How the model was chosen.
    pub model: Model,
    /// How it did on people it had not seen; nothing where the data have no history to test on.
    pub quality: Option<Quality>,
    /// What the scores rest on.
    pub importance: Importance,
    /// What the check of the data found.
    pub findings: Vec<Finding>,
}

/// Everyone who was scored, listed or not.
#[derive(Clone, Debug)]
pub struct Population {
    /// Each one's probability to leave, in any order.
    pub scores: Vec<Probability>,
    /// Sum over everyone of probability times the value of keeping that subject.
    pub money_at_stake: Money,
    /// Ways to cut the population: by group, by course, by mentor.
    pub breakdowns: Vec<Breakdown>,
}

/// The population cut one way.
#[derive(Clone, Debug)]
pub struct Breakdown {
    /// What it is cut by, in the reader's language: `Группа`.
    pub title: String,
    /// The pieces, in any order.
    pub slices: Vec<Slice>,
}

/// One piece of a breakdown.
#[derive(Clone, Debug)]
pub struct Slice {
    /// `B2`, `Python`.
    pub label: String,
    /// The probabilities of its subjects.
    pub scores: Vec<Probability>,
}

/// One subject of the lists.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The contract's key.
    pub id: String,
    /// Shown if given; leave it out where the contract does not allow names.
    pub name: Option<String>,
    /// Group, class or course.
    pub group: Option<String>,
    /// Calibrated probability to leave within the horizon.
    pub probability: Probability,
    /// Sentences, strongest first, in the reader's language.
    pub reasons: Vec<String>,
    /// What to do today; nothing where nothing is worth doing or there is no capacity left.
    pub action: Option<Recommendation>,
    /// The label of an action that would have been worth it, had its capacity not been used up by others.
    pub crowded_out: Option<String>,
}

/// An action chosen for a subject, and what it was chosen from.
#[derive(Clone, Debug)]
pub struct Recommendation {
    /// The action's label in the reader's language, as it should stand alone: `Звонок ментора`.
    pub label: String,
    /// Chance that the subject stays if it is taken.
    pub chance: Chance,
    /// Chance that the subject stays if nothing is done.
    pub chance_no_action: Probability,
    /// Value of the change in that chance, less the cost.
    pub expected_value: Money,
    /// Why this action, in a sentence; empty where there is nothing to add.
    pub why: String,
    /// Who stays and leaves with the action and without it, in a sentence; empty where there is nothing to add.
    pub classes: String,
    /// The other actions that fit, in any order.
    pub alternatives: Vec<Alternative>,
}

/// An action that was not chosen.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// The action's label in the reader's language.
    pub label: String,
    /// Chance that the subject stays if it is taken.
    pub chance: Chance,
    /// Value of the change in that chance, less the cost; negative where it would not pay.
    pub expected_value: Money,
}

/// Which learner stands behind the scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// The kit's expert weights: too little history to learn from.
    Prior,
    /// A regularised logistic regression.
    Logistic,
    /// Boosted trees, or a blend with them in it.
    Boosted,
}

/// How the model was made and why it is this one.
#[derive(Clone, Debug)]
pub struct Model {
    /// The learner that was chosen.
    pub tier: Tier,
    /// Those that were compared, each with its log-loss on people it had not seen; empty where none could be.
    pub candidates: Vec<Candidate>,
    /// Looks back: one row for a subject and a cutoff.
    pub rows: u64,
    /// How many of the rows are followed by leaving within the horizon.
    pub leavers: u64,
    /// How many different subjects the rows are about.
    pub subjects: u64,
    /// The first and last cutoff trained on; nothing where nothing was learnt.
    pub cutoffs: Option<(Day, Day)>,
    /// Features computed for each row.
    pub features: u32,
}

/// One learner of the comparison.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Which learner.
    pub tier: Tier,
    /// Mean log-loss on unseen rows, smaller is better.
    pub log_loss: f64,
}

/// How the model did on people it had not seen, later in time than those it learnt from.
#[derive(Clone, Debug)]
pub struct Quality {
    /// Coverage of every interval below, in per cent: 90 or 95.
    pub level_percent: u8,
    /// Rows it was tested on.
    pub rows: u64,
    /// How many of them left.
    pub leavers: u64,
    /// First and last cutoff tested on; nothing for a flat table tested by folds.
    pub cutoffs: Option<(Day, Day)>,
    /// Area under the ROC curve.
    pub auc: Estimate,
    /// Area under the precision-recall curve (average precision).
    pub pr_auc: Estimate,
    /// Mean log-loss, natural logarithm.
    pub log_loss: Estimate,
    /// Mean squared error of the probability.
    pub brier: Estimate,
    /// Expected calibration error.
    pub ece: Estimate,
    /// Log-loss of saying the base rate to everyone.
    pub base_log_loss: f64,
    /// Brier score of saying the base rate to everyone.
    pub base_brier: f64,
    /// What calling the riskiest few finds, by rising share.
    pub top: Vec<TopShare>,
    /// The gain curve from nobody called to everybody called; 20 to 100 points suit the chart.
    pub gains: Vec<GainPoint>,
    /// The reliability curve, by rising prediction; 5 to 20 bins suit the chart.
    pub reliability: Vec<ReliabilityBin>,
}

/// Calling the riskiest share.
#[derive(Clone, Copy, Debug)]
pub struct TopShare {
    /// Share of subjects called, 0.1 for a tenth.
    pub share: f64,
    /// How many that is on average per cutoff, as a whole number.
    pub called: u64,
    /// Share of those called who would have left.
    pub precision: Estimate,
    /// Share of all leavers who are among those called.
    pub recall: Estimate,
    /// Precision over the base rate.
    pub lift: Estimate,
}

/// A point of the gain curve.
#[derive(Clone, Copy, Debug)]
pub struct GainPoint {
    /// Share of subjects called.
    pub called: f64,
    /// Share of leavers found, with its interval.
    pub found: Estimate,
}

/// A bin of the reliability curve.
#[derive(Clone, Copy, Debug)]
pub struct ReliabilityBin {
    /// Mean predicted probability.
    pub predicted: f64,
    /// Share who left, with its interval.
    pub observed: Estimate,
    /// Rows in the bin.
    pub rows: u64,
}

/// What the scores rest on, as mean absolute contributions.
#[derive(Clone, Debug, Default)]
pub struct Importance {
    /// By reason family, in any order.
    pub families: Vec<Weight>,
    /// By feature, in any order; the page shows the strongest twenty.
    pub features: Vec<Weight>,
}

/// The weight of a family or a feature.
#[derive(Clone, Debug)]
pub struct Weight {
    /// Its label in the reader's language: `Пропусков подряд`.
    pub label: String,
    /// Its family's label, for a feature; nothing for a family.
    pub family: Option<String>,
    /// Mean absolute contribution; any unit, shown as a share of the sum.
    pub weight: f64,
    /// Which way more of it moves the risk.
    pub direction: Direction,
}

/// Which way more of a feature moves the risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// More of it, more risk.
    Raises,
    /// More of it, less risk.
    Lowers,
    /// No one direction, or a category.
    Mixed,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Must be put right: the result cannot be relied on.
    Error,
    /// Worth putting right.
    Warning,
    /// Good to know.
    Note,
}

/// Something that the check of the data found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Where: `attendance.csv, строка 120, столбец status`.
    pub place: String,
    /// What, in the reader's language.
    pub text: String,
    /// What to do about it, in the reader's language; empty where nothing is needed.
    pub advice: String,
}
