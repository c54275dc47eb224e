//! One subject, wholly: what adds up to its score, the rows behind it, and the actions side by side.

use std::fmt;

use domain::{Day, Probability};
use serde::Serialize;

use crate::Project;
use crate::error::Error;
use crate::judge::{Judged, Judgement, judge};
use crate::model;
use crate::progress::Progress;

/// Everything there is to say of a subject at a cutoff.
#[derive(Serialize)]
pub struct Explanation {
    /// The subject's key.
    pub subject: String,
    /// The day whose end was looked from.
    pub cutoff: String,
    /// Calibrated probability to leave within the horizon.
    pub probability: f64,
    /// `low`, `medium` or `high`.
    pub band: &'static str,
    /// The score and its reasons in a sentence, in the contract's language.
    pub summary: String,
    /// Log-odds before anything is known of the subject; with the parts it adds up to the score's log-odds.
    pub base_log_odds: f64,
    /// Each family's part, largest first.
    pub parts: Vec<Part>,
    /// The contract's actions and doing nothing, the chosen one first.
    pub actions: Vec<Compared>,
    /// Why the first is best, in a sentence.
    pub why: String,
}

/// A family's part in the score.
#[derive(Serialize)]
pub struct Part {
    /// The family, as people call it.
    pub family: String,
    /// Log-odds added: positive raises the risk.
    pub log_odds: f64,
    /// What is said about it; nothing where no single fact stands out.
    pub sentence: Option<String>,
    /// The rows behind the sentence, oldest first: table and day.
    pub rows: Vec<[String; 2]>,
}

/// An action, compared.
#[derive(Serialize)]
pub struct Compared {
    /// The contract's name of the action; `none` for doing nothing.
    pub action: String,
    /// As people call it.
    pub label: String,
    /// Chance that the subject stays, with its 90% interval.
    pub chance: [f64; 3],
    /// Where the chance comes from.
    pub evidence: String,
    /// Value of the change in the chance, less the cost.
    pub expected_value: f64,
    /// Whether the subject meets the action's need.
    pub fits: bool,
}

/// Explains the subject with the key `id` at the end of `as_of`.
pub fn explain(project: &Project, id: &str, as_of: Day, progress: &dyn Progress) -> Result<Explanation, Error> {
    let trained = model::open(&project.model)?;
    let judged = judge(project, &trained, as_of, progress)?;
    let Some(code) = judged.loaded.code(id) else {
        return Err(Error::Subject(format!("no subject has the key {id:?}; keys are those of the subjects' table")));
    };
    let Some(judgement) = judged.judgements.iter().find(|judgement| judgement.subject == code) else {
        return Err(Error::Subject(format!(
            "{id} is not at risk at the end of {as_of}: not started yet, left before, or past the planned end"
        )));
    };
    Ok(explanation(&judged, judgement, as_of))
}

fn explanation(judged: &Judged, judgement: &Judgement, as_of: Day) -> Explanation {
    let narrator = &judged.narrator;
    let mut reasons: Vec<_> = judgement.reasons.iter().collect();
    reasons.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
    let parts = reasons.into_iter().map(|reason| Part {
        family: narrator.family(&reason.family),
        log_odds: reason.contribution,
        sentence: narrator.reason(reason),
        rows: reason
            .fact
            .iter()
            .flat_map(|fact| &fact.rows)
            .map(|row| [row.table.clone(), row.day.to_string()])
            .collect(),
    });
    let decision = &judgement.decision;
    let mut order: Vec<usize> = (0..decision.prospects.len()).collect();
    order.sort_by_key(|&index| (index != decision.chosen, !decision.prospects[index].fits));
    let actions = order.into_iter().map(|index| {
        let prospect = &decision.prospects[index];
        Compared {
            action: prospect.action.as_ref().map_or(crate::score::NO_ACTION, |id| &id.0).to_owned(),
            label: narrator.action(prospect.action.as_ref()),
            chance: [prospect.chance.mean, prospect.chance.low, prospect.chance.high].map(Probability::get),
            evidence: narrator.evidence(prospect.chance.evidence),
            expected_value: prospect.expected_value.major(),
            fits: prospect.fits,
        }
    });
    Explanation {
        subject: judged.loaded.keys[judgement.subject as usize].clone(),
        cutoff: as_of.to_string(),
        probability: judgement.probability.get(),
        band: judgement.band.as_str(),
        summary: narrator.summary(judgement.band, judgement.probability, &judgement.told),
        base_log_odds: judged.base_log_odds,
        parts: parts.collect(),
        actions: actions.collect(),
        why: narrator.why(decision, judgement.told.first().map(|reason| &reason.family)),
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} at the end of {}: {:.1}% ({})",
            self.subject,
            self.cutoff,
            self.probability * 100.0,
            self.band
        )?;
        writeln!(f, "{}\n", self.summary)?;
        writeln!(f, "  {:>7}  what adds up to it, in log-odds", "")?;
        writeln!(f, "  {:>+7.2}  before anything is known", self.base_log_odds)?;
        for part in &self.parts {
            write!(f, "  {:>+7.2}  {}", part.log_odds, part.family)?;
            match &part.sentence {
                Some(sentence) => writeln!(f, ": {sentence}")?,
                None => writeln!(f)?,
            }
        }
        let sum = self.base_log_odds + self.parts.iter().map(|part| part.log_odds).sum::<f64>();
        writeln!(f, "  {sum:>+7.2}  = {:.1}%\n", 100.0 / (1.0 + (-sum).exp()))?;
        for action in &self.actions {
            let [chance, low, high] = action.chance.map(|chance| chance * 100.0);
            let fits = if action.fits { "" } else { "  (does not fit)" };
            writeln!(
                f,
                "  {chance:>3.0}% stay ({low:.0} to {high:.0})  {:>10.2}  {}, {}{fits}",
                action.expected_value, action.label, action.evidence
            )?;
        }
        writeln!(f, "\n{}", self.why)
    }
}
