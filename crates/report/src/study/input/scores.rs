//! What an analyst is told of the scores of kept-apart rows: what they hold, what they are worth, where they are wrong.

use domain::{Currency, Day};

use crate::input::Estimate;

/// What was said against what happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// Rows judged.
    pub rows: usize,
    /// Lowest scores first.
    pub bins: Vec<Bin>,
    /// Expected calibration error.
    pub error: Estimate,
    /// What it would be on average if every probability were right.
    pub error_if_perfect: f64,
    /// Brier score.
    pub brier: Estimate,
    /// 1 minus Brier score against that of the base rate.
    pub brier_skill: Estimate,
    /// Slope of what happened on log-odds said.
    pub slope: Estimate,
    /// Intercept of the same.
    pub intercept: Estimate,
    /// Mean probability said.
    pub mean_said: f64,
    /// Share that left.
    pub mean_happened: f64,
    /// Maps from scores to probabilities that were tried.
    pub maps: Vec<MapTried>,
}

/// Rows of neighbouring scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Rows.
    pub rows: usize,
    /// Mean probability said.
    pub said: f64,
    /// Share that left, with Wilson's interval, which takes rows for independent.
    pub happened: Estimate,
}

/// A map that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct MapTried {
    /// Which.
    pub kind: MapKind,
    /// Log-loss on subjects that it was not fitted on.
    pub log_loss: f64,
    /// Standard error of its log-loss minus the line's; 0 for the line.
    pub gap_error: f64,
    /// Whether the model uses it.
    pub is_taken: bool,
}

/// A map from scores to probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapKind {
    /// A straight line on log-odds (Platt).
    Line,
    /// Beta calibration.
    Beta,
    /// Isotonic steps.
    Isotonic,
}

/// The head of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct TopTable {
    /// Rows in the list.
    pub rows: usize,
    /// Those that left.
    pub leaving_rows: usize,
    /// By rising share: 1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 75 and 100 percent.
    pub shares: Vec<TopShare>,
}

/// The first share of the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TopShare {
    /// Share of the list, 0.1 for a tenth.
    pub share: f64,
    /// Rows in it.
    pub rows: usize,
    /// Share of them that left.
    pub precision: Estimate,
    /// Share of all that left that it holds.
    pub recall: Estimate,
    /// How many times as many leave as in a random list.
    pub lift: Estimate,
}

/// Profit by share contacted. Money is in major units of the currency, for 1000 subjects of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Economics {
    /// What was assumed.
    pub assumptions: Assumptions,
    /// By rising share, from nobody to everybody.
    pub curve: Vec<EconomicPoint>,
    /// The point of the highest profit; of share 0 where contacting anybody costs more than it brings.
    pub best: EconomicPoint,
    /// Contacting everybody.
    pub everybody: EconomicPoint,
    /// Profit of contacting as many as at the best point, but by chance.
    pub profit_by_chance: f64,
    /// Contacting those whose probability pays: `p s v > c`, a rule that needs no curve.
    pub by_threshold: EconomicPoint,
    /// The probability from which a contact pays, `c / (s v)`; at least 1 where none does.
    pub threshold: f64,
    /// The same as a distribution, with what is not known of the assumptions.
    pub chances: Chances,
}

/// Profit as a distribution, in major units of the currency. Ranges hold 90% of the draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Chances {
    /// Subjects that profits are told for.
    pub clients: u64,
    /// Draws.
    pub draws: usize,
    /// By rising share: the share and its profit.
    pub curve: Vec<(f64, Estimate)>,
    /// The share of the highest mean profit; 0 where nobody is worth contacting.
    pub best_share: f64,
    /// The range of the best share over draws.
    pub best_share_range: [f64; 2],
    /// Profit at that share, less what choosing it flatters.
    pub profit: Estimate,
    /// What was taken off for that.
    pub flattery: f64,
    /// Probability that profit at that share is below nought.
    pub probability_of_loss: f64,
    /// What a contact may cost before it brings nothing.
    pub break_even_cost: Estimate,
    /// What one more point of precision at that share is worth, by the number of subjects.
    pub precision_point: Vec<(u64, Estimate)>,
}

/// What a contact costs and brings.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumptions {
    /// The currency; nothing where it is not known.
    pub currency: Option<Currency>,
    /// What a kept subject is worth.
    pub value_of_kept: f64,
    /// The range that holds it with 90%; nothing where it is taken as known.
    pub value_range: Option<[f64; 2]>,
    /// Where that number is from.
    pub value_stated_by: StatedBy,
    /// What a contact costs.
    pub contact_cost: f64,
    /// The range that holds it with 90%.
    pub contact_cost_range: Option<[f64; 2]>,
    /// Share of contacted leavers who stay because of it.
    pub success_share: f64,
    /// The range that holds it with 90%.
    pub success_range: Option<[f64; 2]>,
    /// Where these two are from.
    pub contact_stated_by: StatedBy,
    /// The action of the contract they are of.
    pub action: Option<String>,
}

/// Who stated an assumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatedBy {
    /// The contract.
    Contract,
    /// Who asked for the study.
    Reader,
    /// Nobody: a placeholder that the reader should replace.
    Default,
}

/// A point of the curve, for 1000 subjects of the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EconomicPoint {
    /// Share of the list contacted, 0 to 1.
    pub share: f64,
    /// Subjects contacted of 1000.
    pub contacted: f64,
    /// Those of them who would leave.
    pub leavers_contacted: f64,
    /// Those of them who stay because of it.
    pub kept: f64,
    /// What the kept are worth.
    pub benefit: f64,
    /// What contacts cost.
    pub cost: f64,
    /// Benefit minus cost.
    pub profit: Estimate,
}

/// The hardest rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Hardest {
    /// Variables that likeness is measured by, and that are shown, the most important first.
    pub variables: Vec<String>,
    /// Rows among which neighbours were looked for.
    pub pool_rows: usize,
    /// Left although the model was sure that they stay, the worst first; one row a subject.
    pub missed: Vec<Case>,
    /// Stayed although the model was sure that they leave, the worst first; one row a subject.
    pub false_alarms: Vec<Case>,
}

/// A row that was judged wrongly.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The subject's key.
    pub subject: String,
    /// Its cutoff.
    pub cutoff_day: Day,
    /// What the model said without having seen it.
    pub probability: f64,
    /// Whether it left.
    pub left: bool,
    /// Its log-loss.
    pub loss: f64,
    /// Its values, in the order of the variables.
    pub values: Vec<Shown>,
    /// The most alike rows of other subjects, the nearest first.
    pub neighbours: Vec<Neighbour>,
    /// Share of those that left.
    pub neighbours_leaving: f64,
}

/// A row much like another.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbour {
    /// The subject's key.
    pub subject: String,
    /// Its cutoff.
    pub cutoff_day: Day,
    /// Gower's distance, 0 to 1.
    pub distance: f64,
    /// What the model said without having seen it; nothing where it was not judged.
    pub probability: Option<f64>,
    /// Whether it left.
    pub left: bool,
    /// Its values, in the order of the variables.
    pub values: Vec<Shown>,
}

/// A value to show.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// Of a number.
    Number(f64),
    /// Of a category.
    Level(String),
    /// Missing; `null`.
    Missing,
}
