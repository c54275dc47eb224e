//! What more rows would bring: quality on the same kept rows after learning from 10, 20, 40, 70 and 100% of the subjects.
//!
//! The chosen recipe is fitted anew on each share of the training subjects, nested, so that a larger share holds the smaller
//! one; settings are not searched again. Kept rows are those of the model's last fold. Intervals redraw kept subjects; they do
//! not hold the luck of which subjects were learned from.

use learn::metrics::{auc, log_loss};
use serde::Serialize;

use crate::draw::mix;
use crate::estimate::Estimate;
use crate::refit::Refits;
use crate::{Settings, StudyError};

const SHARES: [f64; 5] = [0.1, 0.2, 0.4, 0.7, 1.0];

/// Leavers to learn from, at least.
const FEWEST_LEAVERS: usize = 10;

/// A rise of AUC that is not worth collecting rows for.
const SMALL_RISE: f64 = 0.01;

/// Quality by training size.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LearningCurve {
    /// Rows judged, the same for all points.
    pub kept_rows: usize,
    /// Those that leave.
    pub kept_leaving_rows: usize,
    /// By rising share; a share with fewer than 10 leavers is left out.
    pub points: Vec<CurvePoint>,
    /// AUC with all training subjects minus that with 40% of them, paired; nothing where 40% are too few to learn from.
    pub auc_gain_from_40_percent: Option<Estimate>,
    /// The same of log-loss: below 0 is better.
    pub log_loss_gain_from_40_percent: Option<Estimate>,
    /// What that says.
    pub verdict: Verdict,
}

/// Quality after learning from some subjects.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Share of the training subjects.
    pub share: f64,
    /// How many they are.
    pub subjects: usize,
    /// Their rows.
    pub rows: usize,
    /// Those that leave.
    pub leaving_rows: usize,
    /// Area under the ROC curve.
    pub auc: Estimate,
    /// Log-loss.
    pub log_loss: Estimate,
}

/// Whether more rows would help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// From 40% to all subjects AUC surely rises: the interval lies above 0 and reaches past 0.01.
    Rising,
    /// From 40% to all subjects AUC surely rises by no more than 0.01.
    Flat,
    /// The kept rows are too few to say, or 40% are too few to learn from.
    Unclear,
}

/// Fits on each share and judges on the kept rows.
pub(crate) fn learning_curve(refits: &Refits<'_>, settings: &Settings) -> Result<LearningCurve, StudyError> {
    let order = subjects_in_random_order(&refits.data.subject, settings.seed);
    let mut sizes = Vec::new();
    let mut rankings = Vec::new();
    for share in SHARES {
        let subjects = ((order.len() as f64 * share).round() as usize).max(1);
        let mut drawn = order[..subjects].to_vec();
        drawn.sort_unstable();
        let is_drawn = |row: &&u32| drawn.binary_search(&refits.data.subject[**row as usize]).is_ok();
        let rows: Vec<u32> = refits.train.iter().filter(is_drawn).copied().collect();
        let leaving_rows = rows.iter().filter(|&&row| refits.data.label[row as usize]).count();
        if leaving_rows < FEWEST_LEAVERS || leaving_rows == rows.len() {
            continue;
        }
        let probability = match share < 1.0 {
            true => refits.kept.probability(&refits.fit(&refits.data, &rows)?)?,
            false => refits.kept.probability(&refits.full)?,
        };
        rankings.push(refits.kept.ranking(&probability));
        sizes.push((share, subjects, rows.len(), leaving_rows));
    }
    let redrawn = refits.kept.subjects(settings, 41).redraw(|times| {
        let redrawn = rankings.iter().map(|ranking| ranking.reweighted(|index| times[index as usize]));
        redrawn.flat_map(|r| [auc(&r).unwrap_or(f64::NAN), log_loss(&r).unwrap_or(f64::NAN)]).collect()
    });
    let point = |(index, &(share, subjects, rows, leaving_rows)): (usize, &(f64, usize, usize, usize))| CurvePoint {
        share,
        subjects,
        rows,
        leaving_rows,
        auc: redrawn.estimate(index * 2),
        log_loss: redrawn.estimate(index * 2 + 1),
    };
    let points: Vec<CurvePoint> = sizes.iter().enumerate().map(point).collect();
    let place = |share: f64| sizes.iter().position(|size| size.0 == share);
    let gain = |metric| Some(redrawn.difference(place(1.0)? * 2 + metric, place(0.4)? * 2 + metric));
    Ok(LearningCurve {
        kept_rows: refits.kept.rows.len(),
        kept_leaving_rows: refits.kept.leaving(),
        points,
        auc_gain_from_40_percent: gain(0),
        log_loss_gain_from_40_percent: gain(1),
        verdict: verdict(gain(0)),
    })
}

fn verdict(auc_gain: Option<Estimate>) -> Verdict {
    match auc_gain {
        Some(gain) if gain.high <= SMALL_RISE => Verdict::Flat,
        Some(gain) if gain.low > 0.0 => Verdict::Rising,
        _ => Verdict::Unclear,
    }
}

fn subjects_in_random_order(subject: &[u32], seed: u64) -> Vec<u32> {
    let mut subjects = subject.to_vec();
    subjects.sort_unstable();
    subjects.dedup();
    subjects.sort_by_key(|&subject| mix(mix(seed, 42), u64::from(subject)));
    subjects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_follows_the_interval() {
        let gain = |low, high| verdict(Some(Estimate { value: (low + high) / 2.0, low, high }));
        assert_eq!(gain(0.002, 0.03), Verdict::Rising);
        assert_eq!(gain(-0.01, 0.004), Verdict::Flat);
        assert_eq!(gain(0.001, 0.008), Verdict::Flat);
        assert_eq!(gain(-0.01, 0.03), Verdict::Unclear);
        assert_eq!(verdict(None), Verdict::Unclear);
    }
}
