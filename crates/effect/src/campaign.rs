//! A campaign that is over: who was in it, what was done with each, what came of it.

use std::collections::HashSet;

use learn::{Column, MISSING, Values};
use serde::{Deserialize, Serialize};

use crate::error::CampaignError;

/// Rows that an arm needs at least: with fewer, no fold has enough of them to say anything.
pub const MIN_ARM_ROWS: usize = 30;

/// How far the propensities of a row may be from summing to 1.
const SUM_TOLERANCE: f64 = 1e-3;

/// One row a subject. All vectors are as long as `arm`.
///
/// What an effect means rests on three assumptions that no table can prove: what was done with one subject changed nothing
/// for another (SUTVA), columns were known before the action, and subjects who are alike in all columns were given their
/// actions by chance, with every arm possible for each of them (unconfoundedness and overlap; Rosenbaum and Rubin 1983).
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    /// What was known of the subjects before anything was done.
    pub columns: Vec<Column>,
    /// Names of the arms; the first one is the control, with whom nothing was done.
    pub arms: Vec<String>,
    /// The arm of each row, an index into `arms`.
    pub arm: Vec<u32>,
    /// What came of it: 0 or 1, or an amount.
    pub outcome: Vec<f32>,
    /// The chance that each row had of each arm, by arm and then row, where it is known. Nothing: it is estimated.
    pub propensity: Option<Vec<Vec<f64>>>,
}

/// What an outcome is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeKind {
    /// 0 or 1: effects are differences of probabilities.
    Binary,
    /// An amount: effects are in its unit.
    Amount,
}

impl Campaign {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.arm.len()
    }

    /// Whether outcomes are 0 and 1 only.
    pub fn outcome_kind(&self) -> OutcomeKind {
        let is_binary = self.outcome.iter().all(|&outcome| outcome == 0.0 || outcome == 1.0);
        if is_binary { OutcomeKind::Binary } else { OutcomeKind::Amount }
    }

    /// Rows of each arm.
    pub fn arm_rows(&self) -> Vec<usize> {
        let mut rows = vec![0; self.arms.len()];
        self.arm.iter().for_each(|&arm| rows[arm as usize] += 1);
        rows
    }

    /// Whether effects can be learned from it at all. Overlap is judged later, when propensities are there.
    pub(crate) fn check(&self) -> Result<(), CampaignError> {
        self.check_shape()?;
        for (arm, rows) in self.arm_rows().into_iter().enumerate() {
            if rows < MIN_ARM_ROWS {
                return Err(CampaignError::TooFewRows { arm: self.arms[arm].clone(), rows, needed: MIN_ARM_ROWS });
            }
        }
        if let Some(row) = self.outcome.iter().position(|outcome| !outcome.is_finite()) {
            return Err(CampaignError::Outcome { row, outcome: self.outcome[row] });
        }
        if self.outcome.iter().all(|&outcome| outcome == self.outcome[0]) {
            return Err(CampaignError::ConstantOutcome { rows: self.rows(), outcome: self.outcome[0] });
        }
        self.check_propensity()
    }

    fn check_shape(&self) -> Result<(), CampaignError> {
        if self.arms.len() < 2 {
            return Err(CampaignError::OneArm { arms: self.arms.clone() });
        }
        if self.columns.is_empty() {
            return Err(CampaignError::NoColumns);
        }
        let mut names = HashSet::new();
        if let Some(arm) = self.arms.iter().find(|arm| !names.insert(arm.as_str())) {
            return Err(CampaignError::DuplicateArm { arm: arm.clone() });
        }
        let expected = self.rows();
        let columns = self.columns.iter().map(|column| (column.name.as_str(), column.rows()));
        for (column, found) in columns.chain([("outcome", self.outcome.len())]) {
            if found != expected {
                return Err(CampaignError::Length { column: column.to_owned(), expected, found });
            }
        }
        let mut names = HashSet::new();
        for column in &self.columns {
            if !names.insert(column.name.as_str()) {
                return Err(CampaignError::DuplicateColumn { column: column.name.clone() });
            }
            let Values::Category { codes, levels } = &column.values else { continue };
            if let Some(row) = codes.iter().position(|&code| code != MISSING && code as usize >= levels.len()) {
                return Err(CampaignError::Code { column: column.name.clone(), row, code: codes[row] });
            }
        }
        if let Some(row) = self.arm.iter().position(|&arm| arm as usize >= self.arms.len()) {
            return Err(CampaignError::Arm { row, arm: self.arm[row], arms: self.arms.len() });
        }
        Ok(())
    }

    fn check_propensity(&self) -> Result<(), CampaignError> {
        let Some(propensity) = &self.propensity else { return Ok(()) };
        let expected = self.rows();
        if propensity.len() != self.arms.len() {
            let (expected, found) = (self.arms.len(), propensity.len());
            return Err(CampaignError::PropensityArms { expected, found });
        }
        for (arm, of_arm) in propensity.iter().enumerate() {
            if of_arm.len() != expected {
                let column = format!("propensity of {}", self.arms[arm]);
                return Err(CampaignError::Length { column, expected, found: of_arm.len() });
            }
        }
        for row in 0..expected {
            let sum: f64 = propensity.iter().map(|of_arm| of_arm[row]).sum();
            let given = propensity[self.arm[row] as usize][row];
            let are_shares = propensity.iter().all(|of_arm| (0.0..=1.0).contains(&of_arm[row]));
            if !are_shares || given <= 0.0 || (sum - 1.0).abs() > SUM_TOLERANCE {
                return Err(CampaignError::Propensity { row, given, sum });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign(rows: u32) -> Campaign {
        Campaign {
            columns: vec![Column::number("recency", (0..rows).map(|row| (row % 12) as f32).collect())],
            arms: vec!["none".to_owned(), "letter".to_owned()],
            arm: (0..rows).map(|row| row % 2).collect(),
            outcome: (0..rows).map(|row| (row % 3 == 0) as u8 as f32).collect(),
            propensity: None,
        }
    }

    #[test]
    fn a_sound_campaign_passes() {
        assert_eq!(campaign(100).check(), Ok(()));
        assert_eq!(campaign(100).outcome_kind(), OutcomeKind::Binary);
    }

    #[test]
    fn each_fault_has_its_error() {
        let broken = |change: fn(&mut Campaign)| {
            let mut campaign = campaign(100);
            change(&mut campaign);
            campaign.check().expect_err("it is broken").to_string()
        };
        let said = [
            campaign(10).check().expect_err("ten rows").to_string(),
            broken(|c| c.arm.fill(0)),
            broken(|c| c.outcome.fill(1.0)),
            broken(|c| c.outcome[7] = f32::NAN),
            broken(|c| c.outcome.truncate(99)),
            broken(|c| c.arm[3] = 2),
            broken(|c| c.arms.truncate(1)),
            broken(|c| c.arms[1] = "none".to_owned()),
            broken(|c| c.columns.clear()),
            broken(|c| c.columns.push(c.columns[0].clone())),
            broken(|c| c.columns.push(Column::category("zip", vec![4; 100], vec!["a".to_owned()]))),
            broken(|c| c.propensity = Some(vec![vec![0.5; 100]])),
            broken(|c| c.propensity = Some(vec![vec![0.5; 100], vec![0.4; 100]])),
            broken(|c| c.propensity = Some(vec![vec![1.0; 100], vec![0.0; 100]])),
        ];
        let expected = [
            "\"none\" has 5 rows, at least 30 are needed",
            "\"letter\" has 0 rows",
            "all 100 outcomes are 1",
            "row 7: outcome NaN",
            "99 rows",
            "row 3: arm 2",
            "at least one action",
            "\"none\" appears twice",
            "no columns",
            "\"recency\" appears twice",
            "code 4",
            "1 arms, the campaign has 2",
            "sum to 0.9",
            "row 1:",
        ];
        for (said, expected) in said.iter().zip(expected) {
            assert!(said.contains(expected), "{said}: {expected}");
        }
    }
}
