//! What was done with whom and what came of it, over columns made ready: a campaign, a part of it, or a shuffled one.

use std::borrow::Cow;
use std::sync::OnceLock;

use learn::{Column, FitError, Loss, TreeTable};

use crate::campaign::{Campaign, OutcomeKind};
use crate::covariates::Covariates;
use crate::folds::Folds;

/// Rows, arms and outcomes. Vectors are as long as the whole table; `rows` says which rows take part.
pub(crate) struct Trial<'a> {
    pub(crate) covariates: &'a Covariates<'a>,
    /// In ascending order.
    pub(crate) rows: Vec<u32>,
    pub(crate) arms: usize,
    pub(crate) arm: Cow<'a, [u32]>,
    pub(crate) outcome: &'a [f32],
    pub(crate) kind: OutcomeKind,
    /// Clipped; by arm and row.
    pub(crate) propensity: Cow<'a, [Vec<f64>]>,
    /// Whether propensities differ between rows.
    pub(crate) propensity_varies: bool,
    pub(crate) folds: Folds,
    pub(crate) seed: u64,
    with_arm: OnceLock<TreeTable>,
}

impl<'a> Trial<'a> {
    /// All rows of a campaign, with propensities still to be found.
    pub(crate) fn whole(campaign: &'a Campaign, covariates: &'a Covariates<'a>, folds: usize, seed: u64) -> Self {
        let rows = (0..campaign.rows() as u32).collect();
        let trial = Self {
            covariates,
            rows,
            arms: campaign.arms.len(),
            arm: Cow::Borrowed(&campaign.arm),
            outcome: &campaign.outcome,
            kind: campaign.outcome_kind(),
            propensity: Cow::Owned(Vec::new()),
            propensity_varies: false,
            folds: Folds::deal(0, &[], folds, seed, |_| (0, false)),
            seed,
            with_arm: OnceLock::new(),
        };
        trial.dealt(folds)
    }

    /// Some of the rows, dealt anew.
    pub(crate) fn part(&'a self, rows: Vec<u32>, folds: usize, seed: u64) -> Trial<'a> {
        let part = Trial {
            covariates: self.covariates,
            rows,
            arms: self.arms,
            arm: Cow::Borrowed(&self.arm),
            outcome: self.outcome,
            kind: self.kind,
            propensity: Cow::Borrowed(&self.propensity),
            propensity_varies: self.propensity_varies,
            folds: self.folds.clone(),
            seed,
            with_arm: OnceLock::new(),
        };
        part.dealt(folds)
    }

    /// The same outcomes of some rows under other arms, given by lot.
    pub(crate) fn by_lot(&'a self, rows: Vec<u32>, arms: usize, arm: Vec<u32>, folds: usize, seed: u64) -> Trial<'a> {
        let mut count = vec![0.0; arms];
        rows.iter().for_each(|&row| count[arm[row as usize] as usize] += 1.0);
        let table_rows = self.arm.len();
        let propensity = count.iter().map(|count| vec![count / rows.len() as f64; table_rows]).collect();
        let part = Trial {
            covariates: self.covariates,
            rows,
            arms,
            arm: Cow::Owned(arm),
            outcome: self.outcome,
            kind: self.kind,
            propensity: Cow::Owned(propensity),
            propensity_varies: false,
            folds: self.folds.clone(),
            seed,
            with_arm: OnceLock::new(),
        };
        part.dealt(folds)
    }

    fn dealt(mut self, folds: usize) -> Self {
        let is_one = |row: u32| self.kind == OutcomeKind::Binary && self.outcome[row as usize] > 0.5;
        self.folds = Folds::deal(self.arm.len(), &self.rows, folds, self.seed, |row| (self.arm_of(row), is_one(row)));
        self
    }

    pub(crate) fn arm_of(&self, row: u32) -> u32 {
        self.arm[row as usize]
    }

    pub(crate) fn outcome_of(&self, row: u32) -> f64 {
        f64::from(self.outcome[row as usize])
    }

    /// The loss by which outcomes are learned.
    pub(crate) fn loss(&self) -> Loss {
        match self.kind {
            OutcomeKind::Binary => Loss::Logistic,
            OutcomeKind::Amount => Loss::Squared,
        }
    }

    /// Those of `rows` that were given an arm.
    pub(crate) fn given(&self, rows: &[u32], arm: usize) -> Vec<u32> {
        rows.iter().copied().filter(|&row| self.arm_of(row) as usize == arm).collect()
    }

    /// The columns and the arm as one more category.
    pub(crate) fn table_with_arm(&self) -> Result<&TreeTable, FitError> {
        if let Some(table) = self.with_arm.get() {
            return Ok(table);
        }
        let levels = (0..self.arms).map(|arm| arm.to_string()).collect();
        let arm = Column::category("arm", self.arm.to_vec(), levels);
        let table = self.covariates.table_with(arm)?;
        Ok(self.with_arm.get_or_init(|| table))
    }
}
