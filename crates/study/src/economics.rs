//! What contacting the first k% of the list is worth, as a simple curve.
//!
//! `profit(k) = v s L(k) - c N(k)` with `N(k)` the subjects contacted, `L(k)` those of them who would leave, `v` what a kept
//! subject is worth, `s` the share of contacted leavers who stay because of it, `c` what a contact costs. Counted on
//! kept-apart rows, told for 1000 subjects of the list. It assumes that a contact harms nobody and works alike on all. Intervals of
//! the curve redraw subjects only, and its best share is chosen on the same rows, so that its profit is slightly flattered;
//! [`Chances`] draws the assumptions too, and takes the flattery off.

use learn::metrics::{Ranking, top};
use serde::Serialize;

use crate::StudyError;
use crate::chances::{Chances, chances};
use crate::estimate::{Estimate, Redrawn, Subjects};

/// Subjects of the list that amounts are told for.
const TOLD_FOR: f64 = 1000.0;

/// Profit by share contacted. Money is in major units of the currency, for 1000 subjects of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// The same as a distribution.
    pub chances: Chances,
}

/// What a contact costs and brings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assumptions {
    /// ISO code of the currency; nothing where it is not known.
    pub currency: Option<String>,
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
    /// Subjects that the distribution of profit is told for.
    pub clients: u64,
}

/// Who stated an assumption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatedBy {
    /// The contract.
    Contract,
    /// Who asked for the study.
    Reader,
    /// Nobody: a placeholder that the reader should replace.
    Default,
}

/// A point of the curve, for 1000 subjects of the list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
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

impl Default for Assumptions {
    /// Placeholders: a contact costs a twentieth of what a kept subject is worth and keeps one leaver in five.
    fn default() -> Self {
        Self {
            currency: None,
            value_of_kept: 100.0,
            value_range: None,
            value_stated_by: StatedBy::Default,
            contact_cost: 5.0,
            contact_cost_range: None,
            success_share: 0.2,
            success_range: None,
            contact_stated_by: StatedBy::Default,
            action: None,
            clients: 1000,
        }
    }
}

impl Assumptions {
    /// Checked once, before any work.
    pub(crate) fn check(&self) -> Result<(), StudyError> {
        let wrong = |setting, problem| Err(StudyError::Setting { setting, problem });
        if !(self.value_of_kept.is_finite() && self.value_of_kept > 0.0) {
            return wrong("value of a kept subject", "must be a number above 0");
        }
        if !(self.contact_cost.is_finite() && self.contact_cost >= 0.0) {
            return wrong("cost of a contact", "must be a number from 0 up");
        }
        if !(self.success_share > 0.0 && self.success_share <= 1.0) {
            return wrong("success share of a contact", "must be above 0 and at most 1");
        }
        let amounts = [("value of a kept subject", self.value_range), ("cost of a contact", self.contact_cost_range)];
        for (setting, range) in amounts {
            if range.is_some_and(|[low, high]| !(0.0 < low && low < high && high.is_finite())) {
                return wrong(setting, "must be a range LOW..HIGH with 0 < LOW < HIGH");
            }
        }
        if self.success_range.is_some_and(|[low, high]| !(0.0 < low && low < high && high < 1.0)) {
            return wrong("success share of a contact", "must be a range LOW..HIGH with 0 < LOW < HIGH < 1");
        }
        if self.clients == 0 {
            return wrong("number of clients", "must be at least 1");
        }
        Ok(())
    }

    /// What contacting `contacted` of the list brings, `leavers` of them leavers.
    fn profit(&self, contacted: f64, leavers: f64) -> f64 {
        self.value_of_kept * self.success_share * leavers - self.contact_cost * contacted
    }
}

/// Counts along the ranking of kept-apart rows.
pub(crate) fn economics(ranking: &Ranking, subjects: &Subjects, assumptions: &Assumptions, seed: u64) -> Economics {
    let shares = shares();
    let threshold = assumptions.contact_cost / (assumptions.success_share * assumptions.value_of_kept);
    // Leavers among each share, then the share above the threshold and the leavers in it; all of 1.
    let counts = |ranking: &Ranking| {
        let leavers = |&share: &f64| match share > 0.0 {
            true => top(ranking, share).map_or(f64::NAN, |top| top.precision * share),
            false => 0.0,
        };
        let (total, _) = ranking.totals();
        let (mut above, mut above_leaving) = (0.0, 0.0);
        for row in ranking.rows().iter().take_while(|row| row.probability > threshold) {
            above += row.weight / total;
            above_leaving += if row.label { row.weight / total } else { 0.0 };
        }
        let mut counts: Vec<f64> = shares.iter().map(leavers).collect();
        counts.extend([above, above_leaving]);
        counts
    };
    let redrawn = subjects.redraw(|times| {
        let mut counts = counts(&ranking.reweighted(|index| times[index as usize]));
        let (leavers, above) = counts.split_at(shares.len());
        let profits = shares.iter().zip(leavers).map(|(&share, &leavers)| assumptions.profit(share, leavers));
        let profits: Vec<f64> = profits.chain([assumptions.profit(above[0], above[1])]).collect();
        counts.splice(0..0, profits);
        counts
    });
    let counted = counts(ranking);
    let point = |index: usize, share: f64, leavers: f64| point(assumptions, share, leavers, &redrawn, index);
    let curve: Vec<EconomicPoint> =
        shares.iter().enumerate().map(|(index, &share)| point(index, share, counted[index])).collect();
    let best = curve.iter().copied().reduce(|a, b| if b.profit.value > a.profit.value { b } else { a });
    let everybody = point(shares.len() - 1, 1.0, counted[shares.len() - 1]);
    let best = best.unwrap_or(everybody);
    let (total, leaving) = ranking.totals();
    // Behind the profits, of the shares and of the threshold, are the counts that they are of.
    let first = shares.len() + 1;
    let draws: Vec<&[f64]> = redrawn.draws().map(|draw| &draw[first..first + shares.len()]).collect();
    Economics {
        assumptions: assumptions.clone(),
        profit_by_chance: assumptions.profit(best.contacted, best.contacted * leaving / total),
        best,
        everybody,
        by_threshold: point(shares.len(), counted[shares.len()], counted[shares.len() + 1]),
        threshold,
        curve,
        chances: chances(&shares, &counted[..shares.len()], &draws, assumptions, assumptions.clients, seed),
    }
}

/// Percent by percent to 30%, then by fives.
fn shares() -> Vec<f64> {
    let percents = (0..=30).chain((35..=100).step_by(5));
    percents.map(|percent| f64::from(percent) / 100.0).collect()
}

/// A point from shares of the list; its profit is the redrawn number at `index`.
fn point(assumptions: &Assumptions, share: f64, leavers: f64, redrawn: &Redrawn, index: usize) -> EconomicPoint {
    let profit = redrawn.estimate(index);
    let kept = leavers * assumptions.success_share;
    EconomicPoint {
        share,
        contacted: share * TOLD_FOR,
        leavers_contacted: leavers * TOLD_FOR,
        kept: kept * TOLD_FOR,
        benefit: kept * assumptions.value_of_kept * TOLD_FOR,
        cost: share * assumptions.contact_cost * TOLD_FOR,
        profit: Estimate { value: profit.value * TOLD_FOR, low: profit.low * TOLD_FOR, high: profit.high * TOLD_FOR },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_counts_what_is_contacted() {
        // A perfect list of ten leavers in a hundred.
        let probability: Vec<f64> = (0..100).map(|row| 0.9 - f64::from(row) / 200.0).collect();
        let label: Vec<bool> = (0..100).map(|row| row < 10).collect();
        let ranking = Ranking::new(&probability, &label, None);
        let subjects = Subjects::new(0..100, 50, 1);
        let assumptions = Assumptions { value_of_kept: 50.0, contact_cost: 8.6, ..Assumptions::default() };
        let found = economics(&ranking, &subjects, &assumptions, 1);
        // A contact brings 0.2 * 50 = 10 where it meets a leaver and costs 8.6: (10 - 8.6) * 100 of 1000.
        assert_eq!((found.best.share, found.best.leavers_contacted), (0.1, 100.0));
        assert!((found.best.profit.value - 140.0).abs() < 1e-9, "{found:?}");
        assert!((found.everybody.profit.value - (1000.0 - 8600.0)).abs() < 1e-9);
        assert!((found.profit_by_chance - (100.0 - 860.0)).abs() < 1e-9);
        // Scores above 0.86 are those of the first eight.
        assert_eq!((found.threshold, found.by_threshold.contacted), (0.86, 80.0));
        assert_eq!(found.curve[0].profit.value, 0.0);
        // The distribution is about the same mean, but for the luck of the draws; at the head of a perfect list redrawn
        // subjects can only be worse.
        for (point, chance) in found.curve.iter().zip(&found.chances.curve).filter(|(point, _)| point.share >= 0.3) {
            assert!((point.profit.value - chance.profit.mean).abs() < 150.0, "{point:?} {chance:?}");
        }
    }

    #[test]
    fn impossible_assumptions_are_refused() {
        let bad = |assumptions: Assumptions| assumptions.check().is_err();
        assert!(bad(Assumptions { value_of_kept: 0.0, ..Assumptions::default() }));
        assert!(bad(Assumptions { contact_cost: f64::NAN, ..Assumptions::default() }));
        assert!(bad(Assumptions { success_share: 1.5, ..Assumptions::default() }));
        assert!(bad(Assumptions { value_range: Some([0.0, 5.0]), ..Assumptions::default() }));
        assert!(bad(Assumptions { contact_cost_range: Some([5.0, 4.0]), ..Assumptions::default() }));
        assert!(bad(Assumptions { success_range: Some([0.1, 1.0]), ..Assumptions::default() }));
        assert!(bad(Assumptions { clients: 0, ..Assumptions::default() }));
        assert!(!bad(Assumptions::default()));
    }
}
