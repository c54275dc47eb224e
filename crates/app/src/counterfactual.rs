//! What would go with a lower risk: the smallest changes to what a subject can change, one step at a time.
//!
//! **What is asked.** Which of the things that the subject could do, done by the cutoff, would move the score below its
//! band; the fewest of them (Wachter, Mittelstadt and Russell 2017, Counterfactual explanations; of actions, not of features:
//! Karimi, Schölkopf and Valera 2021, Algorithmic recourse).
//!
//! **How.** Facts are changed, not features: a homework handed in is a row with a submission, of which all features are
//! computed anew, so that none contradicts another. Steps are chosen greedily by what lowers the score most, a step that
//! does not lower it is never proposed, and at the end whatever turned out not to be needed is taken back.
//!
//! **What it is not.** The model saw who stayed, not who was made to stay. That those who hand in homework leave less
//! often does not say that handing it in keeps anyone, and the answer says so, unless an action that aims at this was tried
//! at random, which it then names.

use domain::{Band, Evidence, Need, Probability};
use narrate::{Message, Narrator};
use serde::Serialize;
use warehouse::{Change, Possible, Scenario};

use crate::Project;
use crate::error::Error;
use crate::judge::{Judged, columns};
use crate::model::Trained;

/// Steps at most: a longer list is no advice.
const MOST_STEPS: usize = 4;
/// The same thing several times over, at most.
const MOST_REPEATS: usize = 4;
/// A step that lowers the probability by less is not worth telling.
const LEAST_LOWERED: f64 = 0.005;

/// The same thing one or several times over.
type Run = Vec<Possible>;

/// What would go with a lower risk.
#[derive(Serialize)]
pub struct Counterfactual {
    /// What to change, one after another, each with the risk once it is done too.
    pub steps: Vec<Step>,
    /// Whether they bring the risk below the band it is in.
    pub leaves_band: bool,
    /// What stands behind it: `association`, or `trial` where an action that aims at it was tried at random.
    pub basis: &'static str,
    /// What to keep in mind, in sentences.
    pub notes: Vec<String>,
}

/// One change.
#[derive(Serialize)]
pub struct Step {
    /// What is changed: `homework`, `payment`, `attendance`, or what the contract calls the table's family.
    pub family: String,
    /// How many times over: lessons, homeworks, invoices.
    pub times: usize,
    /// Probability to leave once it is done.
    pub probability: f64,
    /// How that is read.
    pub band: &'static str,
    /// All of it in a sentence.
    pub sentence: String,
}

/// Looks for changes; nothing where the risk is low, or there is nothing that the kit knows how to change.
pub(crate) fn find(
    project: &Project,
    trained: &Trained,
    judged: &Judged,
    at: usize,
) -> Result<Option<Counterfactual>, Error> {
    let judgement = &judged.judgements[at];
    if judgement.band == Band::Low || judged.loaded.is_flat() {
        return Ok(None);
    }
    let changeable = project.contract.limits.changeable.as_deref();
    let may_change = |possible: &Possible| changeable.is_none_or(|families| families.contains(&possible.family));
    let risk = |scenario: &Scenario<'_>| -> Result<f64, Error> {
        let columns = columns(&judged.loaded.specs, scenario.features()?);
        let misfit = |problem| Error::Predict { model: project.model.clone(), problem };
        Ok(trained.model.predict(&columns).map_err(misfit)?.first().map_or(f64::NAN, |risk| risk.get()))
    };
    let is_below = |risk: f64| judged.bands.band(Probability::clamped(risk)) < judgement.band;

    let start = judged.scenario(&project.contract, at);
    let mut taken: Vec<Run> = Vec::new();
    let (mut here, mut lowest) = (start.clone(), risk(&start)?);
    if !here.possible().iter().any(may_change) {
        return Ok(None);
    }
    while taken.len() < MOST_STEPS && !is_below(lowest) {
        let enough = lowest - LEAST_LOWERED;
        let mut best: Option<(f64, Run)> = None;
        for possible in here.possible().into_iter().filter(may_change) {
            let after = risk(&here.with(&possible))?;
            if after < best.as_ref().map_or(enough, |(best, _)| *best) {
                best = Some((after, vec![possible]));
            }
        }
        if best.is_none() {
            best = repeated(&here, may_change, risk, enough)?;
        }
        let Some((after, run)) = best else { break };
        here = with_all(&here, &run);
        lowest = after;
        taken.push(run);
    }
    if is_below(lowest) {
        drop_needless(&start, &mut taken, |scenario| Ok(is_below(risk(scenario)?)))?;
    }

    let words = &judged.narrator;
    let mut steps = Vec::with_capacity(taken.len());
    let mut here = start;
    for run in &taken {
        here = with_all(&here, run);
        steps.push(step(words, judged, run, risk(&here)?));
    }
    let reached = steps.last().map_or(judgement.probability.get(), |step| step.probability);
    let leaves_band = is_below(reached);
    let tried = tried(project, judged, at, &taken);
    let mut notes = Vec::new();
    if steps.is_empty() {
        notes.push(words.tell(Message::LowerNothing, []));
    } else if !leaves_band {
        let band = words.band(judged.bands.band(Probability::clamped(reached)));
        notes.push(words.tell(Message::LowerNotEnough, [("band", band.into())]));
    }
    if !steps.is_empty() {
        notes.push(words.tell(Message::LowerAssociation, []));
    }
    if let Some((action, evidence)) = &tried {
        notes.push(words.tell(
            Message::LowerTried,
            [("action", action.as_str().into()), ("evidence", words.evidence(*evidence).into())],
        ));
    }
    Ok(Some(Counterfactual { steps, leaves_band, basis: if tried.is_some() { "trial" } else { "association" }, notes }))
}

/// The same thing as often as it takes to lower the risk: the fewest times, then the lowest risk.
fn repeated(
    here: &Scenario<'_>,
    may_change: impl Fn(&Possible) -> bool,
    risk: impl Fn(&Scenario<'_>) -> Result<f64, Error>,
    enough: f64,
) -> Result<Option<(f64, Run)>, Error> {
    let mut best: Option<(f64, Run)> = None;
    for first in here.possible().into_iter().filter(may_change) {
        let mut then = here.with(&first);
        let mut run = vec![first];
        while run.len() < MOST_REPEATS {
            let Some(next) = then.possible().into_iter().find(|possible| possible.is_like(&run[0])) else { break };
            then = then.with(&next);
            run.push(next);
            let after = risk(&then)?;
            if after < enough {
                let is_better = best.as_ref().is_none_or(|(lowest, best)| {
                    run.len() < best.len() || (run.len() == best.len() && after < *lowest)
                });
                if is_better {
                    best = Some((after, run.clone()));
                }
                break;
            }
        }
    }
    Ok(best)
}

fn with_all<'a>(scenario: &Scenario<'a>, run: &[Possible]) -> Scenario<'a> {
    run.iter().fold(scenario.clone(), |scenario, possible| scenario.with(possible))
}

/// Takes back what is not needed to stay below the band, the first taken first.
fn drop_needless(
    start: &Scenario<'_>,
    taken: &mut Vec<Run>,
    is_enough: impl Fn(&Scenario<'_>) -> Result<bool, Error>,
) -> Result<(), Error> {
    let mut at = 0;
    while taken.len() > 1 && at < taken.len() {
        let others: Vec<Possible> =
            taken.iter().enumerate().filter(|(other, _)| *other != at).flat_map(|(_, run)| run.clone()).collect();
        if is_enough(&with_all(start, &others))? {
            taken.remove(at);
        } else {
            at += 1;
        }
    }
    Ok(())
}

fn step(words: &Narrator, judged: &Judged, run: &[Possible], probability: f64) -> Step {
    let (first, times) = (&run[0], run.len());
    let change = match first.change {
        Change::HandIn { due, .. } if times == 1 => {
            words.tell(Message::LowerHomework, [("date", words.days(&[due]).into())])
        }
        Change::HandIn { .. } => words.tell(Message::LowerHomeworks, [("n", times.into())]),
        Change::Pay { due, amount, .. } if times == 1 => {
            let amount = amount.map_or_else(|| "none".to_owned(), |amount| words.money(amount));
            words.tell(Message::LowerPayment, [("date", words.days(&[due]).into()), ("amount", amount.into())])
        }
        Change::Pay { .. } => words.tell(Message::LowerPayments, [("n", times.into())]),
        Change::Attend => words.tell(Message::LowerAttendance, [("n", times.into())]),
    };
    let band = judged.bands.band(Probability::clamped(probability));
    let sentence = words.tell(
        Message::LowerStep,
        [
            ("change", change.into()),
            ("probability", words.percent(Probability::clamped(probability)).into()),
            ("band", words.band(band).into()),
        ],
    );
    Step { family: first.family.0.to_string(), times, probability, band: band.as_str(), sentence }
}

/// Cases by chance from which on an action counts as tried: with fewer its chance is the expert's word.
const TRIED: u32 = 30;

/// An action that aims at all that is changed and was tried at random: with its evidence, the association is more than one.
fn tried(project: &Project, judged: &Judged, at: usize, taken: &[Run]) -> Option<(String, Evidence)> {
    let prospects = &judged.judgements[at].decision.prospects;
    let family = &taken.first()?.first()?.family;
    project.contract.actions.iter().zip(prospects).find_map(|(planned, prospect)| {
        let Need::Reason(families) = &planned.action.need else { return None };
        let is_aimed =
            taken.iter().flatten().all(|possible| possible.family == *family) && *families == [family.clone()];
        let evidence = prospect.chance.evidence;
        let is_tried = matches!(evidence, Evidence::Cases { randomised, .. } if randomised >= TRIED);
        let keeps = prospect.chance.low > judged.judgements[at].decision.no_action().chance.mean;
        (is_aimed && is_tried && keeps).then(|| (judged.narrator.action(prospect.action.as_ref()), evidence))
    })
}

impl Counterfactual {
    /// Lines for a terminal.
    pub(crate) fn text(&self) -> String {
        let steps = self.steps.iter().enumerate().map(|(at, step)| format!("  {}. {}\n", at + 1, step.sentence));
        let notes = self.notes.iter().map(|note| format!("  {note}\n"));
        steps.chain(notes).collect()
    }
}
