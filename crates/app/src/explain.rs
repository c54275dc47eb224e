//! One subject, wholly: what adds up to its score, the rows behind it, and the actions side by side.

use domain::{Band, Barred, Day, Decision, Money, NO_ACTION, Probability, Prospect, Reason, writing};
use narrate::{Message, Narrator};
use serde::{Serialize, Serializer};

use crate::Project;
use crate::counterfactual::{self, Counterfactual};
use crate::error::{Error, NotAtRisk};
use crate::judge::{Judged, judge_silently};
use crate::model;
use crate::progress::Progress;

/// Everything there is to say of a subject at a cutoff.
#[derive(Serialize)]
pub struct Explanation {
    /// The subject's key.
    pub subject: String,
    /// The day whose end was looked from; nothing of a flat table, which has no time.
    pub cutoff: Option<String>,
    /// Calibrated probability to leave within the horizon.
    pub probability: f64,
    /// Its Venn-Abers interval: what it would be if one more row like this stayed, and if it left.
    pub interval: [f64; 2],
    /// `low`, `medium` or `high`.
    #[serde(serialize_with = "band_word")]
    pub band: Band,
    /// The score and its reasons in a sentence, in the contract's language.
    pub summary: String,
    /// Log-odds before anything is known of the subject; with the parts it adds up to the score's log-odds.
    pub base_log_odds: f64,
    /// Each family's part, largest first.
    pub parts: Vec<Part>,
    /// The contract's actions and doing nothing, those worth most first.
    pub actions: Vec<Compared>,
    /// Why the chosen one is best, in a sentence.
    pub why: String,
    /// What becomes of the subject with the chosen action, or the best there is, and without it.
    pub classes: Classes,
    /// What would go with a lower risk; nothing where the risk is low or the kit knows of nothing to change.
    pub lower: Option<Counterfactual>,
}

/// Probabilities of what becomes of a subject with an action and without it, one in all.
#[derive(Serialize)]
pub struct Classes {
    /// The contract's name of the action.
    pub action: String,
    /// The likeliest of the four.
    pub class: &'static str,
    /// Stays only if the action is taken.
    pub persuadable: f64,
    /// Stays either way.
    pub sure_thing: f64,
    /// Leaves either way.
    pub lost_cause: f64,
    /// Leaves only if the action is taken.
    pub do_not_disturb: f64,
    /// The same in a sentence; empty where there is no action.
    pub sentence: String,
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
    /// Whether it is the one to take.
    pub chosen: bool,
    /// Chance that the subject stays, with its 90% interval.
    pub chance: [f64; 3],
    /// Where the chance comes from.
    pub evidence: String,
    /// What doing it costs.
    pub cost: f64,
    /// Value of the change in the chance, less the cost.
    pub expected_value: f64,
    /// The day of the last contact, where that is why the action is not taken.
    pub contacted_on: Option<String>,
    /// What keeps it from being taken, where it is not worth less than the chosen one.
    pub hindrance: Option<Hindrance>,
}

/// Why an action is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hindrance {
    /// Its places are taken by those for whom it is worth more.
    Full,
    /// The time or money that it takes is worth more with others.
    Scarce,
    /// The subject asked not to be contacted so.
    OptedOut,
    /// The subject was contacted lately.
    ContactedLately,
    /// There is no mentor, or whoever else would do it.
    NobodyToDoIt,
    /// The risk is low and nothing calls for a contact.
    NoCause,
    /// The subject does not meet its need.
    DoesNotFit,
    /// It costs more than it brings.
    NotWorthIt,
}

/// Explains the subject with the key `id` at the end of `as_of`.
pub fn explain(project: &Project, id: &str, as_of: Day, progress: &dyn Progress) -> Result<Explanation, Error> {
    let trained = model::open(&project.model)?;
    let judged = judge_silently(project, &trained, as_of, progress)?;
    let key = || id.to_owned();
    let code = judged.loaded.code(id).ok_or_else(|| Error::UnknownSubject { key: key() })?;
    let Some(at) = judged.judgements.iter().position(|judgement| judgement.subject == code) else {
        return Err(Error::NotAtRisk { key: key(), as_of, why: not_at_risk(&judged.loaded.subjects, code, as_of) });
    };
    let mut explanation = explanation(&judged, at, judged.reasons(at)?, as_of);
    explanation.lower = counterfactual::find(project, &trained, &judged, at)?;
    Ok(explanation)
}

fn not_at_risk(subjects: &asof::Subjects, code: u32, as_of: Day) -> NotAtRisk {
    let code = code as usize;
    let [from, left, until] = [subjects.from[code], subjects.left[code], subjects.until[code]];
    match (from, left, until) {
        (None, ..) => NotAtRisk::NoStart,
        (Some(from), ..) if from > as_of => NotAtRisk::StartsOn(from),
        (_, Some(left), _) if left <= as_of => NotAtRisk::LeftOn(left),
        (_, _, Some(until)) if until <= as_of => NotAtRisk::EndedOn(until),
        _ => NotAtRisk::ByContract,
    }
}

fn explanation(judged: &Judged, at: usize, mut reasons: Vec<Reason>, as_of: Day) -> Explanation {
    let (narrator, judgement) = (&judged.narrator, &judged.judgements[at]);
    let told = narrate::select(reasons.clone(), judgement.band);
    reasons.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
    let parts = reasons.iter().map(|reason| Part {
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
    order.sort_by_key(|&index| std::cmp::Reverse(decision.prospects[index].expected_value));
    let actions = order.into_iter().map(|index| {
        let prospect = &decision.prospects[index];
        Compared {
            action: prospect.action.as_ref().map_or(NO_ACTION, |id| &id.0).to_owned(),
            label: narrator.action(prospect.action.as_ref()),
            chosen: index == decision.chosen,
            chance: [prospect.chance.mean, prospect.chance.low, prospect.chance.high].map(Probability::get),
            evidence: narrator.evidence(prospect.chance.evidence),
            cost: narrator.cost(prospect).major(),
            expected_value: prospect.expected_value.major(),
            contacted_on: match prospect.barred {
                Some(Barred::ContactedOn(day)) => Some(day.to_string()),
                _ => None,
            },
            hindrance: hindrance(decision, index, narrator.shares_means(prospect)),
        }
    });
    Explanation {
        subject: judged.loaded.keys[judgement.subject as usize].clone(),
        cutoff: (!judged.loaded.is_flat()).then(|| as_of.to_string()),
        probability: judgement.probability.get(),
        interval: judged.interval(at),
        band: judgement.band,
        summary: narrator.summary(judgement.band, judgement.probability, &told),
        base_log_odds: judged.base_log_odds(),
        parts: parts.collect(),
        actions: actions.collect(),
        why: judged.why(judgement, told.first().map(|reason| &reason.family)),
        classes: {
            let (considered, of) = (decision.considered(), decision.considered().classes);
            Classes {
                action: considered.action.as_ref().map_or(NO_ACTION, |id| &id.0).to_owned(),
                class: of.likeliest().as_str(),
                persuadable: of.persuadable,
                sure_thing: of.sure_thing,
                lost_cause: of.lost_cause,
                do_not_disturb: of.do_not_disturb,
                sentence: classes(narrator, considered),
            }
        },
        lower: None,
    }
}

/// Who stays and leaves with an action and without it, in a sentence; empty for doing nothing.
pub(crate) fn classes(words: &Narrator, prospect: &Prospect) -> String {
    if prospect.action.is_none() {
        return String::new();
    }
    let percent = |share: f64| words.percent(Probability::clamped(share));
    let of = &prospect.classes;
    words.tell(
        Message::Classes,
        [
            ("action", words.action(prospect.action.as_ref()).into()),
            ("persuadable", percent(of.persuadable).into()),
            ("sure", percent(of.sure_thing).into()),
            ("lost", percent(of.lost_cause).into()),
            ("disturb", percent(of.do_not_disturb).into()),
        ],
    )
}

fn band_word<S: Serializer>(band: &Band, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(band.as_str())
}

/// What is left once rules, worth and the chosen action are told apart went to others.
fn hindrance(decision: &Decision, index: usize, shares_means: bool) -> Option<Hindrance> {
    let (prospect, nothing) = (&decision.prospects[index], Money::default());
    if index == decision.chosen || prospect.action.is_none() {
        return None;
    }
    match prospect.barred {
        Some(Barred::NoCause) => Some(Hindrance::NoCause),
        Some(Barred::NoReason) => Some(Hindrance::DoesNotFit),
        Some(Barred::OptedOut) => Some(Hindrance::OptedOut),
        Some(Barred::ContactedOn(_)) => Some(Hindrance::ContactedLately),
        Some(Barred::NobodyToDoIt) => Some(Hindrance::NobodyToDoIt),
        None if prospect.expected_value > decision.choice().expected_value => {
            Some(if shares_means { Hindrance::Scarce } else { Hindrance::Full })
        }
        None if prospect.expected_value <= nothing => Some(Hindrance::NotWorthIt),
        None => None,
    }
}

impl Explanation {
    /// All of it for a terminal, in the contract's language.
    pub fn text(&self, words: &Narrator) -> String {
        let tell = |message| words.tell(message, []);
        let percent = |share: f64| words.percent(Probability::clamped(share));
        let [low, high] = self.interval.map(Probability::clamped);
        let subject = ("subject", self.subject.as_str().into());
        let probability = ("probability", percent(self.probability).into());
        let interval = ("interval", words.percent_range(low, high).into());
        let band = ("band", words.band(self.band).into());
        let mut text = match &self.cutoff {
            Some(date) => {
                let date = ("date", date.as_str().into());
                words.tell(Message::Explained, [subject, date, probability, interval, band])
            }
            None => words.tell(Message::ExplainedFlat, [subject, probability, interval, band]),
        };
        text += &format!("\n{}\n\n{}:\n", self.summary, tell(Message::Parts));
        let log_odds = |value: f64| {
            let sign = if value < 0.0 { writing::MINUS } else { '+' };
            format!("  {:>7}", format!("{sign}{}", writing::fixed(words.locale(), value.abs(), 2)))
        };
        text += &format!("{}  {}\n", log_odds(self.base_log_odds), tell(Message::Nobody));
        for part in &self.parts {
            let sentence = part.sentence.as_ref().map(|sentence| format!(": {sentence}")).unwrap_or_default();
            text += &format!("{}  {}{sentence}\n", log_odds(part.log_odds), part.family);
        }
        let sum = self.base_log_odds + self.parts.iter().map(|part| part.log_odds).sum::<f64>();
        text += &format!("{}  = {}\n", log_odds(sum), percent(1.0 / (1.0 + (-sum).exp())));
        if self.actions.iter().all(|action| action.action == NO_ACTION) {
            return text;
        }
        text += &format!("\n{}:\n{}\n{}\n", tell(Message::Actions), self.table(words), self.why);
        if !self.classes.sentence.is_empty() {
            text += &format!("\n{}\n", self.classes.sentence);
        }
        if let Some(lower) = &self.lower {
            text += &format!("\n{}:\n{}", tell(Message::Lower), lower.text());
        }
        text
    }

    fn table(&self, words: &Narrator) -> String {
        let money = |amount: f64| words.money(Money::from_major(amount));
        let head = [Message::Stays, Message::Value, Message::Cost].map(|message| words.tell(message, []));
        let mut rows = vec![[
            String::new(),
            String::new(),
            head[0].clone(),
            head[1].clone(),
            head[2].clone(),
            words.tell(Message::From, []),
        ]];
        for action in &self.actions {
            let [chance, low, high] = action.chance.map(Probability::clamped);
            let note = match action.hindrance {
                _ if action.chosen => Some(Message::Chosen),
                Some(Hindrance::Full) => Some(Message::Full),
                Some(Hindrance::Scarce) => Some(Message::Scarce),
                Some(Hindrance::OptedOut) => Some(Message::OptedOut),
                Some(Hindrance::ContactedLately) => Some(Message::ContactedLately),
                Some(Hindrance::NobodyToDoIt) => Some(Message::NobodyToDoIt),
                Some(Hindrance::NoCause) => Some(Message::NoCause),
                Some(Hindrance::DoesNotFit) => Some(Message::DoesNotFit),
                Some(Hindrance::NotWorthIt) => Some(Message::NotWorthIt),
                None => None,
            };
            let day = action.contacted_on.as_deref().unwrap_or_default();
            let note = note.map(|note| format!("; {}", words.tell(note, [("date", day.into())]))).unwrap_or_default();
            let is_action = action.action != NO_ACTION;
            rows.push([
                if action.chosen { "→" } else { "" }.to_owned(),
                action.label.clone(),
                match low == high {
                    true => words.percent(chance),
                    false => format!("{} ({})", words.percent(chance), words.percent_range(low, high)),
                },
                if is_action { money(action.expected_value) } else { String::new() },
                if is_action { money(action.cost) } else { String::new() },
                format!("{}{note}", action.evidence),
            ]);
        }
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths = [0, 1, 2, 3, 4].map(width);
        let line = |row: &[String; 6]| {
            let [mark, label, chance, value, cost, evidence] = row;
            let [m, l, c, v, k] = widths;
            format!("  {mark:<m$} {label:<l$}  {chance:<c$}  {value:>v$}  {cost:>k$}  {evidence}\n")
        };
        rows.iter().map(line).collect()
    }
}
