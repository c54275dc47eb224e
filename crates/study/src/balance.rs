//! What class weights and undersampling do to a model: its order and its probabilities, before and after recalibration.
//!
//! The chosen recipe is fitted on the same training rows as they are (*plain*), with leaving rows weighted until both classes
//! weigh the same (*class weights*), and with staying rows dropped at random until there are as many of them as of
//! leaving ones (*undersampling*). All are judged on the same kept rows. Both treatments teach the model a base rate of one
//! half, so that its probabilities are far too high; recalibration is Platt's line on log-odds (Platt 1999), fitted on the
//! kept rows of other subjects in five parts.
//!
//! Weights are frequencies to the encoder: it counts levels by weight. Where weights depend on the class, the count of a rare
//! level would tell the class of its own training rows, and a model would learn that instead of what holds for new rows. The
//! recipe is therefore fitted without its [extras](learn::Extras), values and pairs taken as levels, of which most are rare,
//! in all three treatments, the plain one too, so that they differ in nothing but the treatment: the plain AUC here may lie
//! below that of the model itself. In the weighted fit levels of categories with fewer than 100 training rows are, besides,
//! taken together.

use std::borrow::Cow;
use std::collections::HashSet;

use learn::metrics::{Ranking, auc, calibration_error, log_loss};
use learn::{Column, Dataset, MISSING, Values};
use serde::Serialize;

use crate::draw::{mix, sample};
use crate::estimate::{Estimate, Redrawn};
use crate::platt::recalibrated;
use crate::refit::{Kept, Refits};
use crate::{Settings, StudyError};

/// The plain fit and the treated ones.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Balance {
    /// Rows judged.
    pub kept_rows: usize,
    /// Those that leave.
    pub kept_leaving_rows: usize,
    /// Plain first.
    pub treatments: Vec<Treatment>,
}

/// A way to treat the classes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Treatment {
    /// Which.
    pub kind: TreatmentKind,
    /// Rows fitted on.
    pub train_rows: usize,
    /// Those that leave.
    pub train_leaving_rows: usize,
    /// How many times as much as a staying row a leaving one weighs.
    pub leaving_weight: f64,
    /// Area under the ROC curve, which recalibration does not change.
    pub auc: Estimate,
    /// AUC minus that of the plain fit, paired; nothing for itself.
    pub auc_gain: Option<Estimate>,
    /// Probabilities as they come.
    pub before: ProbabilityQuality,
    /// Probabilities after recalibration.
    pub after: ProbabilityQuality,
    /// Log-loss after recalibration minus that of the plain fit after it, paired; nothing for itself.
    pub log_loss_gain: Option<Estimate>,
}

/// How good probabilities are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ProbabilityQuality {
    /// Log-loss.
    pub log_loss: Estimate,
    /// Expected calibration error, ten bins of equal weight.
    pub calibration_error: Estimate,
    /// Mean probability, to be held against the share that left.
    pub mean_said: f64,
    /// Share that left.
    pub mean_happened: f64,
}

/// A way to treat the classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TreatmentKind {
    /// Rows as they are.
    Plain,
    /// Leaving rows weigh more.
    ClassWeights,
    /// Staying rows are dropped at random.
    Undersampling,
}

/// Training rows below which a level does not stand alone in the weighted fit.
const RARE_BELOW: usize = 100;

/// Numbers of each treatment that are redrawn.
const NUMBERS: usize = 7;

/// Fits each treatment and judges it on the kept rows.
pub(crate) fn balance(refits: &Refits<'_>, settings: &Settings) -> Result<Balance, StudyError> {
    let data = &refits.data;
    let (leaving, staying): (Vec<u32>, Vec<u32>) = refits.train.iter().partition(|&&row| data.label[row as usize]);
    let weight_of = |rows: &[u32]| rows.iter().map(|&row| f64::from(data.weight(row))).sum::<f64>();
    let leaving_weight = weight_of(&staying) / weight_of(&leaving);

    let mut under = sample(&staying, leaving.len(), mix(settings.seed, 51));
    under.extend(&leaving);
    under.sort_unstable();
    let plain = match refits.has_extras() {
        true => Cow::Owned(refits.fit_without_extras(&refits.data, &refits.train)?),
        false => Cow::Borrowed(&refits.full),
    };
    let undersampled = refits.fit_without_extras(&refits.data, &under)?;
    let frequent: Vec<Option<HashSet<String>>> = refits.data.columns.iter().map(frequent_levels).collect();
    let pool = |columns: &[Column]| columns.iter().zip(&frequent).map(|(column, kept)| pooled(column, kept)).collect();
    let weighted = Dataset {
        columns: pool(&refits.data.columns),
        label: refits.data.label.clone(),
        cutoff: refits.data.cutoff.clone(),
        subject: refits.data.subject.clone(),
        weight: Some(weighted(&refits.data, leaving_weight)),
    };
    let class_weights = refits.fit_without_extras(&weighted, &refits.train)?;
    let of_weights = class_weights.predict(&pool(&refits.kept.columns))?;
    let of_weights = of_weights.into_iter().map(domain::Probability::get).collect();

    let probabilities = [refits.kept.probability(&plain), Ok(of_weights), refits.kept.probability(&undersampled)];
    let mut rankings = Vec::new();
    for probability in probabilities {
        let before = probability?;
        let after = recalibrated(&refits.kept, &before, mix(settings.seed, 52));
        rankings.push([refits.kept.ranking(&before), refits.kept.ranking(&after)]);
    }
    let redrawn = refits.kept.subjects(settings, 53).redraw(|times| {
        let numbers = |pair: &[Ranking; 2]| {
            let [before, after] = pair.each_ref().map(|ranking| ranking.reweighted(|index| times[index as usize]));
            let metrics = [auc(&before), log_loss(&before), calibration_error(&before), said(&before)];
            metrics
                .into_iter()
                .chain([log_loss(&after), calibration_error(&after), said(&after)])
                .map(|number| number.unwrap_or(f64::NAN))
                .collect::<Vec<f64>>()
        };
        rankings.iter().flat_map(numbers).collect()
    });
    let sizes = [
        (TreatmentKind::Plain, refits.train.len(), 1.0),
        (TreatmentKind::ClassWeights, refits.train.len(), leaving_weight),
        (TreatmentKind::Undersampling, under.len(), 1.0),
    ];
    let treatment = |(index, (kind, train_rows, leaving_weight)): (usize, (TreatmentKind, usize, f64))| {
        let first = index * NUMBERS;
        let is_plain = kind == TreatmentKind::Plain;
        Treatment {
            kind,
            train_rows,
            train_leaving_rows: leaving.len(),
            leaving_weight,
            auc: redrawn.estimate(first),
            auc_gain: (!is_plain).then(|| redrawn.difference(first, 0)),
            before: quality(&redrawn, first + 1, &refits.kept),
            after: quality(&redrawn, first + 4, &refits.kept),
            log_loss_gain: (!is_plain).then(|| redrawn.difference(first + 4, 4)),
        }
    };
    Ok(Balance {
        kept_rows: refits.kept.rows.len(),
        kept_leaving_rows: refits.kept.leaving(),
        treatments: sizes.into_iter().enumerate().map(treatment).collect(),
    })
}

/// The table's weights, those of leaving rows so many times as large.
fn weighted(data: &Dataset, leaving_weight: f64) -> Vec<f32> {
    let of_row = |row: u32| {
        let times = if data.label[row as usize] { leaving_weight } else { 1.0 };
        data.weight(row) * times as f32
    };
    (0..data.rows() as u32).map(of_row).collect()
}

/// Names of levels with enough training rows to stand alone; nothing for a number.
fn frequent_levels(column: &Column) -> Option<HashSet<String>> {
    let Values::Category { codes, levels } = &column.values else { return None };
    let mut counts = vec![0usize; levels.len()];
    codes.iter().filter(|&&code| code != MISSING).for_each(|&code| counts[code as usize] += 1);
    let frequent = levels.iter().zip(counts).filter(|(_, count)| *count >= RARE_BELOW);
    Some(frequent.map(|(level, _)| level.clone()).collect())
}

/// The column with all other levels as one; the name of that one is no level's of its own.
fn pooled(column: &Column, frequent: &Option<HashSet<String>>) -> Column {
    let (Some(frequent), Values::Category { codes, levels }) = (frequent, &column.values) else {
        return column.clone();
    };
    let others = levels.len() as u32;
    let code_of: Vec<u32> =
        (0..others).map(|code| if frequent.contains(&levels[code as usize]) { code } else { others }).collect();
    let codes = codes.iter().map(|&code| if code == MISSING { MISSING } else { code_of[code as usize] });
    let mut names = levels.clone();
    names.push("\u{0}others".to_owned());
    Column::category(&column.name, codes.collect(), names)
}

/// Mean probability.
fn said(ranking: &Ranking) -> Option<f64> {
    let (total, _) = ranking.totals();
    let sum: f64 = ranking.rows().iter().map(|row| row.weight * row.probability).sum();
    (total > 0.0).then(|| sum / total)
}

/// Log-loss, calibration error and mean probability stand in this order.
fn quality(redrawn: &Redrawn, first: usize, kept: &Kept) -> ProbabilityQuality {
    let weight: f64 = kept.weight.iter().sum();
    let leaving: f64 = kept.weight.iter().zip(&kept.label).filter(|(_, label)| **label).map(|(weight, _)| weight).sum();
    ProbabilityQuality {
        log_loss: redrawn.estimate(first),
        calibration_error: redrawn.estimate(first + 1),
        mean_said: redrawn.estimate(first + 2).value,
        mean_happened: leaving / weight,
    }
}

#[cfg(test)]
mod tests {
    use domain::{Cutoff, Day};
    use learn::{BoostSettings, Extras, Recipe, fit};
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::Input;
    use crate::split::held_out;

    /// A category of thousands of levels and numbers that repeat say nothing; `signal` says so much, or nothing at 0.
    fn noise(rows: usize, signal: f64) -> Dataset {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let levels = rows as u32 / 4;
        let (mut signals, mut label, mut codes) = (Vec::new(), Vec::new(), Vec::new());
        let mut repeated = vec![Vec::new(); 3];
        for _ in 0..rows {
            let value: f64 = rng.random_range(-2.0..2.0);
            label.push(rng.random_bool(1.0 / (1.0 + (3.0 - signal * value).exp())));
            signals.push(value as f32);
            codes.push(rng.random_range(0..levels));
            repeated.iter_mut().for_each(|column| column.push(rng.random_range(0..levels) as f32));
        }
        let mut columns = vec![
            Column::number("signal", signals),
            Column::category("many", codes, (0..levels).map(|level| format!("l{level}")).collect()),
        ];
        let numbers = repeated.into_iter().enumerate();
        columns.extend(numbers.map(|(index, values)| Column::number(format!("repeated {index}"), values)));
        let cutoff = vec![Cutoff(Day(0)); rows];
        Dataset { columns, label, cutoff, subject: (0..rows as u32).collect(), weight: None }
    }

    /// The section of a boosted recipe that takes values and pairs as levels.
    fn treated(data: &Dataset) -> Balance {
        let trees = BoostSettings { leaves: 6, learning_rate: 0.1, max_trees: 60, ..BoostSettings::default() };
        let learned = learn::Settings {
            chains: 1,
            bootstrap_draws: 20,
            boosted: vec![trees.clone()],
            ridges: vec![1e9],
            ..learn::Settings::default()
        };
        let mut fitted = fit(data, &learned, &|_| {}).expect("rows of both classes");
        let chosen = fitted.evaluation.chosen;
        fitted.evaluation.candidates[chosen].recipe =
            Recipe::Mean(vec![(1.0, Recipe::Boosted { settings: trees, extras: Extras::Crossed, rounds: 60 })]);
        let (model, evaluation) = (&fitted.model, &fitted.evaluation);
        let dates = std::collections::BTreeSet::new();
        let input = Input {
            dataset: data,
            keys: &[],
            model,
            evaluation,
            fit: &learned,
            other: None,
            dates: &dates,
            left_out: &[],
        };
        let settings = Settings { draws: 20, ..Settings::default() };
        let held = held_out(data, evaluation, learned.reach_days).expect("its own scores");
        let refits = Refits::new(&input, held.folds.last().expect("a fold"), &settings).expect("refits");
        assert!(refits.has_extras());
        balance(&refits, &settings).expect("treatments")
    }

    #[test]
    fn weights_by_class_make_nothing_of_noise() {
        for treatment in treated(&noise(8000, 0.0)).treatments {
            assert!((treatment.auc.value - 0.5).abs() < 0.08, "{treatment:?}");
            assert!((treatment.after.mean_said - treatment.after.mean_happened).abs() < 0.01, "{treatment:?}");
        }
    }

    #[test]
    fn weights_by_class_do_not_hide_a_signal_behind_rare_values() {
        // A model that reads the class of training rows from the weights of rare values does not learn the signal.
        let [plain, weights, under] = treated(&noise(8000, 1.0)).treatments[..] else { panic!("three treatments") };
        assert!(plain.auc.value > 0.7, "{plain:?}");
        for treatment in [weights, under] {
            assert!(treatment.auc.value > plain.auc.value - 0.05, "{treatment:?} {plain:?}");
        }
    }
}
