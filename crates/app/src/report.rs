//! The report: one page that works offline, filled from a model and one cutoff's judgements.

use std::collections::BTreeMap;
use std::path::Path;

use ::report as page;
use domain::{Day, Leaning};
use learn::metrics::Measured;
use narrate::{FeatureWords, Message};
use page::{
    Alternative, Breakdown, Candidate, Direction, Estimate, Finding, GainPoint, Importance, Population, Quality,
    Recommendation, ReliabilityBin, Report, Severity, Slice, Subject, Tier, TopShare, Weight,
};

use crate::Project;
use crate::error::Error;
use crate::judge::{self, Judged, Judgement};
use crate::matter::matter;
use crate::model::{self, Called, Trained};
use crate::progress::{Progress, Step};
use crate::{explain, score};

/// Rows that a list shows at most; the scores' file has all.
const ROW_LIMIT: usize = 500;
/// Prices of what is scarce that the page shows at most.
const PRICE_LIMIT: usize = 8;
/// Pieces of a breakdown beyond which a chart is no help.
const SLICE_LIMIT: usize = 60;
/// Shares in the table; the curve has more.
const TABLE_SHARES: [f64; 5] = [0.01, 0.05, 0.1, 0.2, 0.3];

/// Writes the report on everyone at risk at the end of `as_of` to `out`.
pub fn report(project: &Project, as_of: Day, out: &Path, progress: &dyn Progress) -> Result<(), Error> {
    project.refuse_own(out)?;
    let trained = model::open(&project.model)?;
    let judged = judge::judge(project, &trained, as_of, progress)?;
    write(project, &trained, &judged, as_of, None, out, progress)
}

/// Writes the report on what was judged already, with a line at its top where there is a `notice`.
pub fn write(
    project: &Project,
    trained: &Trained,
    judged: &Judged,
    as_of: Day,
    notice: Option<String>,
    out: &Path,
    progress: &dyn Progress,
) -> Result<(), Error> {
    progress.begin(Step::Write);
    let contract = &trained.contract(project)?;
    let html = page::render(&Report {
        locale: contract.locale,
        organisation: contract.name.clone(),
        notice,
        doubts: score::doubts(judged, as_of),
        as_of,
        horizon: contract.horizon,
        bands: contract.bands,
        currency: contract.currency,
        population: Population {
            scores: judged.judgements.iter().map(|judgement| judgement.probability).collect(),
            money_at_stake: judged.money_at_stake(),
            breakdowns: breakdowns(judged),
        },
        subjects: judged.by_worth().into_iter().map(|judgement| subject(judged, judgement)).collect(),
        prices: scarce(project, judged, as_of),
        over_risk: judged.worth + judged.cost_of_chance - judged.by_risk,
        row_limit: ROW_LIMIT,
        model: model_of(trained),
        quality: Some(quality(trained)),
        importance: importance(project, trained, judged),
        findings: judged.loaded.findings.iter().map(finding).chain(left_out(judged, contract)).collect(),
    })?;
    whole::write_file(out, |file| std::io::Write::write_all(file, html.as_bytes()))?;
    Ok(())
}

/// From when on people may be contacted, then what more of what is scarce would be worth: the dearest few; then what chance
/// decided, and what acting brought so far.
fn scarce(project: &Project, judged: &Judged, as_of: Day) -> Vec<String> {
    let from = crate::means::contact_from(&project.contract, as_of);
    let from = from.map(|from| judged.narrator.tell(Message::ContactFrom, [("moment", from.into())]));
    let prices = score::prices(project, judged).into_iter().take(PRICE_LIMIT).map(|price| price.sentence);
    let kept = judged.kept.as_ref().map(|kept| kept.sentence(&judged.narrator));
    from.into_iter().chain(prices).chain(score::left_to_chance(judged)).chain(kept).collect()
}

fn subject(judged: &Judged, judgement: &Judgement) -> Subject {
    let (code, narrator) = (judgement.subject as usize, &judged.narrator);
    let decision = &judgement.decision;
    let label = |index: usize| capitalised(&narrator.action(decision.prospects[index].action.as_ref()));
    let others = decision
        .prospects
        .iter()
        .enumerate()
        .filter(|&(index, prospect)| index != decision.chosen && prospect.fits() && prospect.action.is_some());
    let chosen = decision.choice();
    let main_family = judgement.told.first().map(|reason| &reason.family);
    Subject {
        id: judged.loaded.keys[code].clone(),
        name: judged.loaded.names[code].clone(),
        group: judged.loaded.groups.as_ref().and_then(|groups| groups[code].clone()),
        probability: judgement.probability,
        reasons: judged.sentences(judgement),
        action: chosen.action.is_some().then(|| Recommendation {
            label: label(decision.chosen),
            chance: chosen.chance,
            chance_no_action: decision.no_action().chance.mean,
            expected_value: chosen.expected_value,
            why: judged.why(judgement, main_family),
            classes: explain::classes(narrator, chosen),
            alternatives: others
                .map(|(index, prospect)| Alternative {
                    label: label(index),
                    chance: prospect.chance,
                    expected_value: prospect.expected_value,
                })
                .collect(),
        }),
        crowded_out: decision.crowded_out.map(label),
    }
}

/// A label that stands alone.
fn capitalised(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn breakdowns(judged: &Judged) -> Vec<Breakdown> {
    let Some(groups) = &judged.loaded.groups else { return Vec::new() };
    let mut slices: BTreeMap<&str, Vec<domain::Probability>> = BTreeMap::new();
    for judgement in &judged.judgements {
        if let Some(group) = &groups[judgement.subject as usize] {
            slices.entry(group).or_default().push(judgement.probability);
        }
    }
    if slices.len() < 2 {
        return Vec::new();
    }
    let mut slices: Vec<Slice> =
        slices.into_iter().map(|(label, scores)| Slice { label: label.to_owned(), scores }).collect();
    slices.sort_by_key(|slice| std::cmp::Reverse(slice.scores.len()));
    slices.truncate(SLICE_LIMIT);
    vec![Breakdown { title: judged.narrator.group(), slices }]
}

fn model_of(trained: &Trained) -> page::Model {
    let (training, evaluation) = (&trained.model.training, &trained.evaluation);
    let days = (Day(training.first_cutoff_day), Day(training.last_cutoff_day));
    page::Model {
        tier: tier(evaluation.tier),
        candidates: best_of_each_tier(evaluation),
        rows: training.rows as u64,
        leavers: training.leaving_rows as u64,
        subjects: training.subjects as u64,
        cutoffs: Some(days),
        features: u32::try_from(trained.model.encoder.inputs().count()).unwrap_or(u32::MAX),
    }
}

/// The page compares kinds of learners, each at its best.
fn best_of_each_tier(evaluation: &learn::Evaluation) -> Vec<Candidate> {
    let mut best: Vec<Candidate> = Vec::new();
    for candidate in &evaluation.candidates {
        let Some(result) = candidate.result else { continue };
        let (tier, log_loss) = (tier(candidate.recipe.tier()), result.log_loss);
        match best.iter_mut().find(|known| known.tier == tier) {
            Some(known) => known.log_loss = known.log_loss.min(log_loss),
            None => best.push(Candidate { tier, log_loss }),
        }
    }
    best
}

fn tier(tier: learn::Tier) -> Tier {
    match tier {
        learn::Tier::Prior => Tier::Prior,
        learn::Tier::Logistic => Tier::Logistic,
        learn::Tier::Boosted | learn::Tier::Blend => Tier::Boosted,
    }
}

fn quality(trained: &Trained) -> Quality {
    let (evaluation, called) = (&trained.evaluation, &trained.manifest.called);
    let looks = trained.evaluation.folds.iter().map(|fold| fold.test_rows).sum::<usize>() as f64;
    let cutoffs = trained.model.training.cutoffs.max(1) as f64;
    let tested_cutoffs = (looks * cutoffs / (trained.model.training.rows.max(1) as f64)).max(1.0);
    let top_share = |called: &Called| TopShare {
        share: called.share,
        called: (called.share * looks / tested_cutoffs).round() as u64,
        precision: estimate(&called.precision),
        recall: estimate(&called.recall),
        lift: estimate(&called.lift),
    };
    let rows: usize = evaluation.folds.iter().map(|fold| fold.test_rows).sum();
    let leavers: usize = evaluation.folds.iter().map(|fold| fold.test_leaving_rows).sum();
    let first = evaluation.folds.iter().map(|fold| fold.first_test_day).min();
    let last = evaluation.folds.iter().map(|fold| fold.last_test_day).max();
    Quality {
        level_percent: 90,
        rows: rows as u64,
        leavers: leavers as u64,
        cutoffs: first.zip(last).map(|(first, last)| (Day(first), Day(last))),
        auc: estimate(&evaluation.auc),
        pr_auc: estimate(&evaluation.average_precision),
        log_loss: estimate(&evaluation.log_loss),
        brier: estimate(&evaluation.brier),
        ece: estimate(&evaluation.calibration_error),
        base_log_loss: evaluation.base_log_loss,
        base_brier: evaluation.base_rate * (1.0 - evaluation.base_rate),
        top: called.iter().filter(|called| TABLE_SHARES.contains(&called.share)).map(top_share).collect(),
        gains: gains(called),
        reliability: evaluation
            .reliability
            .iter()
            .map(|bin| ReliabilityBin {
                predicted: bin.said,
                observed: Estimate { value: bin.happened, low: bin.interval_95[0], high: bin.interval_95[1] },
                rows: bin.weight.round() as u64,
            })
            .collect(),
    }
}

fn estimate(measured: &Measured) -> Estimate {
    Estimate { value: measured.value, low: measured.interval_90[0], high: measured.interval_90[1] }
}

/// The gain curve, from nobody called to everybody.
fn gains(called: &[Called]) -> Vec<GainPoint> {
    let end = |share: f64| GainPoint { called: share, found: Estimate { value: share, low: share, high: share } };
    let between = called.iter().map(|called| GainPoint { called: called.share, found: estimate(&called.recall) });
    std::iter::once(end(0.0)).chain(between).chain([end(1.0)]).collect()
}

fn importance(project: &Project, trained: &Trained, judged: &Judged) -> Importance {
    let (narrator, specs) = (&judged.narrator, &judged.loaded.specs);
    let labels = judge::labels(project, &judged.loaded);
    let mut families: Vec<(String, f64)> = Vec::new();
    let mut features = Vec::new();
    for weight in &trained.evaluation.importance {
        let Some(index) = specs.iter().position(|spec| spec.name == weight.column) else { continue };
        let (spec, matter) = (&specs[index], matter(specs, &specs[index].compute));
        let family = narrator.family(&spec.family);
        match families.iter_mut().find(|(name, _)| *name == family) {
            Some((_, sum)) => *sum += weight.mean_absolute,
            None => families.push((family.clone(), weight.mean_absolute)),
        }
        features.push(Weight {
            label: narrator.feature(&FeatureWords {
                what: matter.what,
                label: labels[index].as_deref(),
                column: matter.column,
                family: &spec.family,
                window_days: matter.window_days,
                relative: matter.relative,
            }),
            family: Some(family),
            weight: weight.mean_absolute,
            direction: direction(spec.leaning),
        });
    }
    let families = families
        .into_iter()
        .map(|(label, weight)| Weight { label, family: None, weight, direction: Direction::Mixed })
        .collect();
    Importance { families, features }
}

fn direction(leaning: Leaning) -> Direction {
    match leaning {
        Leaning::MoreIsRisk => Direction::Raises,
        Leaning::LessIsRisk => Direction::Lowers,
        Leaning::Either => Direction::Mixed,
    }
}

/// Columns that training left out because they know the future: scoring looks for no new ones.
fn left_out<'a>(judged: &'a Judged, contract: &'a contract::Contract) -> impl Iterator<Item = Finding> + 'a {
    judged.loaded.schema.leaks.iter().map(|column| Finding {
        severity: Severity::Note,
        place: contract.subjects_table().name.clone(),
        text: judged.narrator.tell(Message::Leak, [("column", column.as_str().into())]),
        advice: String::new(),
    })
}

fn finding(finding: &warehouse::Finding) -> Finding {
    Finding {
        severity: match finding.severity {
            warehouse::Severity::Error => Severity::Error,
            warehouse::Severity::Warning => Severity::Warning,
            warehouse::Severity::Info => Severity::Note,
        },
        place: finding.place.to_string(),
        text: finding.message.clone(),
        advice: finding.advice.clone(),
    }
}
