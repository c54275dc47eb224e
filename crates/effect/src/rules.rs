//! Policy and segments, cut on one half of the rows by models of that half alone, measured on the other.

use crate::draw::{halves, mix};
use crate::error::CampaignError;
use crate::evaluate::Told;
use crate::learners::{LearnerKind, fit_bags};
use crate::model::spread;
use crate::nuisance::Nuisance;
use crate::race;
use crate::tree::{PolicyTree, Segments, cut_segments, search_policy};

/// Folds within the cutting half.
const FOLDS: usize = 3;

/// What was cut, and where it was measured.
pub(crate) struct Rules {
    pub(crate) policy_tree: PolicyTree,
    pub(crate) segments: Segments,
    /// The rows that had no say.
    pub(crate) measuring: Vec<u32>,
}

pub(crate) fn cut(told: &Told<'_>, learner: LearnerKind) -> Result<Rules, CampaignError> {
    let (trial, settings) = (told.trial, told.settings);
    let seed = mix(settings.seed, 23);
    let mut sides = [Vec::new(), Vec::new()];
    for arm in 0..trial.arms {
        for (side, half) in sides.iter_mut().zip(halves(&trial.given(&trial.rows, arm), seed)) {
            side.extend(half);
        }
    }
    sides.iter_mut().for_each(|side| side.sort_unstable());
    let [cutting, measuring] = sides;
    let part = trial.part(cutting, FOLDS, mix(seed, 1));
    let nuisance = Nuisance::fit(&part, &|| {})?;
    let scores = race::scores(&part, &nuisance);
    let said = race::cross_fit(&part, &nuisance, learner, settings.race_bags, &|| {})?;
    let sight = nuisance.sight(&part, None);
    let bags = fit_bags(learner, &sight, &part.rows, settings.race_bags, mix(seed, 2), &|| {})?;
    let (means, _) = spread(&bags, trial.arms - 1, &trial.covariates.slices(), &part.rows);
    let mut effects = vec![vec![0.0; trial.arm.len()]; trial.arms - 1];
    for (index, means) in means.iter().enumerate() {
        // Where nothing is borne out all are told the same, and nothing is cut.
        let told = race::shrinkage(&said.by_action[index], &scores[index + 1], &scores[0], &part.rows).told;
        for (&row, mean) in part.rows.iter().zip(means) {
            effects[index][row as usize] = told * mean;
        }
    }
    let cost: Vec<f64> = (0..trial.arms).map(|arm| settings.cost(arm)).collect();
    let columns = &told.campaign.columns;
    let policy_tree = search_policy(columns, &part.rows, &scores, &measuring, told.scores, &cost);
    let segments = cut_segments(columns, &part.rows, &effects, &measuring, told.scores, settings.segments);
    Ok(Rules { policy_tree, segments, measuring })
}
