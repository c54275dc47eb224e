//! What a fit may be told. Everything has a default.

use crate::error::CampaignError;
use crate::learners::LearnerKind;

/// How to fit. `Settings { seed, ..Settings::default() }` is what most callers want.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Decides every draw: same campaign, same settings, same model.
    pub seed: u64,
    /// Folds that rows are dealt into: what is said of a row comes from models that saw neither it nor its fold.
    pub folds: usize,
    /// Learners to try; the constant effect is always tried.
    pub learners: Vec<LearnerKind>,
    /// Half-samples that the final model averages, and whose spread is part of the intervals. Even.
    pub bags: usize,
    /// Half-samples of each fold's model while learners are compared. Even.
    pub race_bags: usize,
    /// Propensities below this count as this.
    pub clip: f64,
    /// Redrawn sets of subjects behind the intervals of curves.
    pub bootstrap_draws: usize,
    /// Permutations behind p-values.
    pub permutations: usize,
    /// What an action costs, by arm and in the unit of the outcome, the control first; empty: nothing. Policies weigh
    /// effects against it.
    pub costs: Vec<f64>,
    /// Rows that the placebo and the A/A test look at, at most.
    pub check_rows: usize,
    /// Groups of subjects to be told apart by their effects, at most.
    pub segments: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            folds: 5,
            learners: LearnerKind::ALL.to_vec(),
            bags: 20,
            race_bags: 4,
            clip: 0.02,
            bootstrap_draws: 200,
            permutations: 999,
            costs: Vec::new(),
            check_rows: 50_000,
            segments: 6,
        }
    }
}

impl Settings {
    pub(crate) fn check(&self, arms: usize) -> Result<(), CampaignError> {
        let wrong = |setting, problem: String| Err(CampaignError::Setting { setting, problem });
        if !(2..=20).contains(&self.folds) {
            return wrong("folds", format!("{} is not from 2 to 20", self.folds));
        }
        for (setting, bags) in [("bags", self.bags), ("race_bags", self.race_bags)] {
            if bags < 2 || !bags.is_multiple_of(2) {
                return wrong(setting, format!("{bags} is not an even number from 2 up: half-samples come in pairs"));
            }
        }
        if !(self.clip > 0.0 && self.clip < 0.5) {
            return wrong("clip", format!("{} does not lie between 0 and 0.5", self.clip));
        }
        if self.segments < 2 {
            return wrong("segments", format!("{} is fewer than 2", self.segments));
        }
        if !self.costs.is_empty() && self.costs.len() != arms {
            return wrong("costs", format!("{} are given for {arms} arms, the control among them", self.costs.len()));
        }
        if let Some(cost) = self.costs.iter().find(|cost| !cost.is_finite() || **cost < 0.0) {
            return wrong("costs", format!("{cost} is not a finite number from 0 up"));
        }
        Ok(())
    }

    /// What an arm costs a subject.
    pub(crate) fn cost(&self, arm: usize) -> f64 {
        self.costs.get(arm).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_refused() {
        let wrong = |settings: Settings| settings.check(2).expect_err("it is wrong").to_string();
        assert_eq!(Settings::default().check(2), Ok(()));
        for (settings, name) in [
            (Settings { folds: 1, ..Settings::default() }, "folds"),
            (Settings { bags: 3, ..Settings::default() }, "bags"),
            (Settings { clip: 0.5, ..Settings::default() }, "clip"),
            (Settings { segments: 1, ..Settings::default() }, "segments"),
            (Settings { costs: vec![0.0], ..Settings::default() }, "costs"),
            (Settings { costs: vec![0.0, f64::NAN], ..Settings::default() }, "costs"),
            (Settings { costs: vec![0.0, -1.0], ..Settings::default() }, "costs"),
        ] {
            assert!(wrong(settings).starts_with(&format!("setting {name}")));
        }
    }
}
