//! What contacting the head of the list is worth.

use domain::Currency;

use crate::input::Estimate;

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
