//! Scoring: a file with everyone at risk at a cutoff, and what to do about each of them.

use std::path::Path;

use decide::explore::Origin;
use domain::{Band, Barred, Day, Money, NO_ACTION, Prospect};
use narrate::{Message, Narrator};
use serde::Serialize;
use warehouse::{Severity, Topic};

use crate::Project;
use crate::error::Error;
use crate::judge::{Judged, Judgement, judge};
use crate::kept::Kept;
use crate::output::{Format, Values, write_table};
use crate::progress::{Progress, Step};
use crate::{means, model, outcomes};

/// Days without any row from which data counts as stale.
const STALE_DAYS: usize = 7;

/// What scoring came to.
#[derive(Serialize)]
pub struct Summary {
    /// The label that scores are of, where the outcome is one.
    pub target: Option<String>,
    /// The day whose end was looked from.
    pub cutoff: String,
    /// Subjects at risk.
    pub subjects: usize,
    /// Of them in the high band.
    pub high: usize,
    /// In the medium band.
    pub medium: usize,
    /// In the low band.
    pub low: usize,
    /// Leavers to expect within the horizon if nothing is done: the sum of probabilities.
    pub expected_leavers: f64,
    /// Subjects for whom an action was chosen.
    pub to_act_on: usize,
    /// What the chosen actions are worth together, in the contract's currency, costs taken off.
    pub expected_value: f64,
    /// The contract's currency.
    pub currency: String,
    /// The horizon.
    pub horizon_days: u16,
    /// What makes the scores doubtful, in the contract's language.
    pub warnings: Vec<String>,
    /// What is worth knowing about the data of a flat table.
    pub notes: Vec<String>,
    /// Scores for a tenure that the model never saw.
    pub outside_tenure: usize,
    /// Whether the contract has actions to choose from.
    #[serde(skip)]
    pub has_actions: bool,
    /// What the same staff and money would bring going by risk alone, in the contract's currency.
    pub expected_value_by_risk: f64,
    /// Decisions that chance made among actions worth nearly the same.
    pub drawn: usize,
    /// Subjects who get nothing by chance.
    pub held_out: usize,
    /// What leaving these to chance is expected to cost, in the contract's currency.
    pub cost_of_chance: f64,
    /// All three in a sentence, where there is something to say.
    pub left_to_chance: Option<String>,
    /// What acting brought so far, where chance had a say in the log.
    pub kept: Option<Kept>,
    /// The same in a sentence.
    pub kept_sentence: Option<String>,
    /// No other choice within the same means is worth more than this beyond the expected value.
    pub missed_at_most: f64,
    /// The earliest moment at which somebody may be contacted, in the contract's time zone, where it has quiet hours.
    pub contact_from: Option<String>,
    /// What more of what is all taken would be worth, dearest first.
    pub prices: Vec<Price>,
}

/// What more of something scarce is worth.
#[derive(Serialize)]
pub struct Price {
    /// `places` of an action, a `resource`, or the `budget`.
    pub of: &'static str,
    /// The contract's name of the action or resource.
    pub name: String,
    /// Whose it is, where each mentor or group has their own.
    pub whose: Option<String>,
    /// How much there is, all taken: places, units, or minor units of the currency.
    pub capacity: u64,
    /// How much more is asked about, in the same.
    pub step: u64,
    /// Growth of the expected value with so much more, in the contract's currency.
    pub worth: f64,
    /// The same in a sentence.
    pub sentence: String,
}

/// Scores everyone at risk at the end of `as_of` and writes them to `out`, those worth most to act on first.
pub fn score(project: &Project, as_of: Day, out: &Path, progress: &dyn Progress) -> Result<Summary, Error> {
    score_logging(project, as_of, out, None, progress)
}

/// The same, with the decisions in a file of their own that [`outcomes`] reads.
pub fn score_logging(
    project: &Project,
    as_of: Day,
    out: &Path,
    decisions: Option<&Path>,
    progress: &dyn Progress,
) -> Result<Summary, Error> {
    // A wrong ending or place is told before any work.
    let outs: Vec<&Path> = [Some(out), decisions].into_iter().flatten().collect();
    for file in &outs {
        Format::of(file)?;
    }
    project.refuse_own_or_same(&outs, None)?;
    let trained = model::open(&project.model)?;
    let judged = judge(project, &trained, as_of, progress)?;
    if let Some(file) = decisions {
        write_table(file, &outcomes::decisions(project, &judged, as_of))?;
    }
    write(project, &judged, as_of, out, progress)
}

/// Writes what was judged already.
pub fn write(
    project: &Project,
    judged: &Judged,
    as_of: Day,
    out: &Path,
    progress: &dyn Progress,
) -> Result<Summary, Error> {
    progress.begin(Step::Write);
    write_table(out, &table(project, judged, as_of))?;
    Ok(summary(project, judged, as_of))
}

/// Where there is no time there is no cutoff to tell, and where there are no actions nothing about them.
fn table(project: &Project, judged: &Judged, as_of: Day) -> Vec<(&'static str, Values)> {
    let order = judged.by_worth();
    let text = |say: &dyn Fn(&Judgement) -> String| Values::Text(order.iter().map(|j| say(j)).collect());
    let number =
        |places, value: &dyn Fn(&Judgement) -> f64| Values::Number(order.iter().map(|j| value(j)).collect(), places);
    let sentences: Vec<Vec<String>> = order.iter().map(|j| judged.sentences(j)).collect();
    let reason =
        |nth: usize| Values::Text(sentences.iter().map(|of| of.get(nth).cloned().unwrap_or_default()).collect());
    let is_flat = judged.loaded.is_flat();
    let mut columns = vec![("subject", text(&|j| judged.loaded.keys[j.subject as usize].clone()))];
    if !is_flat {
        columns.push(("cutoff", text(&|_| as_of.to_string())));
    }
    columns.extend([
        ("probability", number(6, &|j| j.probability.get())),
        ("band", text(&|j| j.band.as_str().to_owned())),
        ("reason_1", reason(0)),
        ("reason_2", reason(1)),
        ("reason_3", reason(2)),
    ]);
    if is_flat && project.contract.actions.is_empty() {
        return columns;
    }
    columns.extend([
        ("action", text(&|j| j.decision.choice().action.as_ref().map_or(NO_ACTION, |id| &id.0).to_owned())),
        ("chance", number(4, &|j| j.decision.choice().chance.mean.get())),
        ("chance_low", number(4, &|j| j.decision.choice().chance.low.get())),
        ("chance_high", number(4, &|j| j.decision.choice().chance.high.get())),
        ("chance_no_action", number(4, &|j| j.decision.no_action().chance.mean.get())),
        ("evidence", text(&|j| j.decision.choice().chance.evidence.to_string())),
        ("expected_value", number(2, &|j| j.decision.choice().expected_value.major())),
        ("decided_by", text(&|j| outcomes::decided_by(j.origin).to_owned())),
        ("propensity", number(6, &|j| j.propensity)),
    ]);
    let class = |of: fn(&domain::Classes) -> f64| move |j: &Judgement| of(&j.decision.considered().classes);
    columns.extend([
        ("class", text(&|j| j.decision.considered().classes.likeliest().as_str().to_owned())),
        ("persuadable", number(4, &class(|classes| classes.persuadable))),
        ("sure_thing", number(4, &class(|classes| classes.sure_thing))),
        ("lost_cause", number(4, &class(|classes| classes.lost_cause))),
        ("do_not_disturb", number(4, &class(|classes| classes.do_not_disturb))),
        ("barred", text(&|j| barred(&j.decision.prospects))),
    ]);
    if let Some(from) = means::contact_from(&project.contract, as_of) {
        columns.push(("contact_from", text(&|j| j.decision.choice().action.as_ref().map_or("", |_| &from).to_owned())));
    }
    columns
}

/// The rules that kept actions from a subject, `mentor_call:opted_out meeting:contacted_lately`; of one that holds for all
/// of them only its word.
fn barred(prospects: &[Prospect]) -> String {
    let actions = prospects.iter().filter_map(|prospect| Some((prospect.action.as_ref()?, prospect.barred)));
    let rules: Vec<(&str, Option<Barred>)> = actions.map(|(action, barred)| (action.0.as_str(), barred)).collect();
    if let Some(&(_, Some(first))) = rules.first()
        && rules.iter().all(|(_, barred)| *barred == Some(first))
    {
        return first.as_str().to_owned();
    }
    let said = rules.iter().filter_map(|(action, barred)| Some(format!("{action}:{}", (*barred)?.as_str())));
    said.collect::<Vec<_>>().join(" ")
}

fn summary(project: &Project, judged: &Judged, as_of: Day) -> Summary {
    let all = &judged.judgements;
    let in_band = |band: Band| all.iter().filter(|judgement| judgement.band == band).count();
    Summary {
        target: judged.target.clone(),
        cutoff: as_of.to_string(),
        subjects: all.len(),
        high: in_band(Band::High),
        medium: in_band(Band::Medium),
        low: in_band(Band::Low),
        // The sum of nothing is -0, which nobody should read.
        expected_leavers: all.iter().map(|judgement| judgement.probability.get()).sum::<f64>() + 0.0,
        to_act_on: all.iter().filter(|judgement| judgement.decision.choice().action.is_some()).count(),
        expected_value: all.iter().map(|judgement| judgement.decision.choice().expected_value.major()).sum::<f64>()
            + 0.0,
        currency: project.contract.currency.code().to_owned(),
        horizon_days: project.contract.horizon.days,
        warnings: doubts(judged, as_of).into_iter().chain(found(judged, Severity::Warning)).collect(),
        notes: found(judged, Severity::Info).collect(),
        has_actions: !project.contract.actions.is_empty(),
        outside_tenure: judged.outside_tenure,
        expected_value_by_risk: judged.by_risk.major(),
        drawn: of_origin(judged, Origin::Drawn),
        held_out: of_origin(judged, Origin::HeldOut),
        cost_of_chance: judged.cost_of_chance.major(),
        left_to_chance: left_to_chance(judged),
        kept: judged.kept.clone(),
        kept_sentence: judged.kept.as_ref().map(|kept| kept.sentence(&judged.narrator)),
        missed_at_most: judged.missed_at_most.major(),
        contact_from: means::contact_from(&project.contract, as_of),
        prices: prices(project, judged),
    }
}

fn of_origin(judged: &Judged, origin: Origin) -> usize {
    judged.judgements.iter().filter(|judgement| judgement.origin == origin).count()
}

/// How much of the round chance decided, and what that is expected to cost.
pub(crate) fn left_to_chance(judged: &Judged) -> Option<String> {
    let [drawn, held] = [Origin::Drawn, Origin::HeldOut].map(|origin| of_origin(judged, origin));
    let cost = judged.narrator.money(judged.cost_of_chance);
    let values = [("drawn", drawn.into()), ("held", held.into()), ("cost", cost.into())];
    (drawn + held > 0).then(|| judged.narrator.tell(Message::LeftToChance, values))
}

/// What more of what is all taken would be worth, dearest first.
pub(crate) fn prices(project: &Project, judged: &Judged) -> Vec<Price> {
    let contract = &project.contract;
    let price = |price: &decide::Price| {
        let (of, name, whose) = means::named(contract, price);
        Price {
            of,
            name: name.to_owned(),
            whose: whose.map(str::to_owned),
            capacity: price.capacity,
            step: price.step,
            worth: price.worth.major(),
            sentence: means::sentence(contract, &judged.narrator, price),
        }
    };
    let mut prices: Vec<Price> = judged.prices.iter().map(price).collect();
    prices.sort_by(|a, b| b.worth.total_cmp(&a.worth));
    prices
}

/// What was found about the data of a flat table, said as `check` says it. Of the tables of a business with a history
/// much was found when it was checked, and nothing of it is news.
fn found(judged: &Judged, severity: Severity) -> impl Iterator<Item = String> {
    let findings = judged.loaded.findings.iter().filter(move |_| judged.loaded.is_flat());
    findings
        // What only training leaves out was told then.
        .filter(move |finding| finding.severity == severity && finding.topic != Topic::Identifier)
        .map(ToString::to_string)
}

/// What makes scores doubtful, in the contract's language.
pub(crate) fn doubts(judged: &Judged, as_of: Day) -> Vec<String> {
    if judged.loaded.is_flat() {
        return judged.column_doubts.clone();
    }
    [stale(judged, as_of), learned_later(judged, as_of), unseen_tenure(judged)].into_iter().flatten().collect()
}

/// A warning where the data ends long before the day that is looked from: silence would look like trouble.
fn stale(judged: &Judged, as_of: Day) -> Option<String> {
    // What is planned, such as homework that is due tomorrow, is no news.
    let last = judged.loaded.last_day?;
    let days = usize::try_from(as_of.0 - last.0).ok().filter(|&days| days > STALE_DAYS)?;
    let values = [("last", last.to_string().into()), ("days", days.into()), ("date", as_of.to_string().into())];
    Some(judged.narrator.tell(Message::Stale, values))
}

/// A warning where the model learned from what came after the day that is looked from.
fn learned_later(judged: &Judged, as_of: Day) -> Option<String> {
    let values = [("date", as_of.to_string().into()), ("last", judged.learned_until.to_string().into())];
    (as_of < judged.learned_until).then(|| judged.narrator.tell(Message::LearnedLater, values))
}

/// A warning where subjects are of a tenure that the contract kept from the model when it learned.
fn unseen_tenure(judged: &Judged) -> Option<String> {
    let (words, learned) = (&judged.narrator, judged.learned_tenure);
    let min = ("min", usize::from(learned.min).into());
    let range = match learned.max {
        Some(max) => words.tell(Message::TenureRange, [min, ("max", usize::from(max).into())]),
        None => words.tell(Message::TenureFrom, [min]),
    };
    let values = [
        ("count", judged.outside_tenure.into()),
        ("subjects", judged.judgements.len().into()),
        ("range", range.into()),
    ];
    (judged.outside_tenure > 0).then(|| words.tell(Message::Tenure, values))
}

impl Summary {
    /// All of it for a terminal, in the contract's language.
    pub fn text(&self, words: &Narrator) -> String {
        let mut text = String::new();
        for warning in &self.warnings {
            text += &words.tell(Message::Warning, [("text", warning.as_str().into())]);
            text.push('\n');
        }
        for note in &self.notes {
            text += &words.tell(Message::Note, [("text", note.as_str().into())]);
            text.push('\n');
        }
        text += &self.counts(words);
        text.push('\n');
        if self.target.is_some() && !self.has_actions {
            return text;
        }
        let worth = words.money(Money::from_major(self.expected_value));
        text += &words.tell(Message::Worth, [("count", self.to_act_on.into()), ("worth", worth.into())]);
        text.push('\n');
        text += &self.compared(words);
        for line in self.left_to_chance.iter().chain(&self.kept_sentence) {
            text += line;
            text.push('\n');
        }
        for price in &self.prices {
            text += &price.sentence;
            text.push('\n');
        }
        text
    }

    /// What other choices would bring, and from when on to act.
    fn compared(&self, words: &Narrator) -> String {
        let mut text = String::new();
        if self.to_act_on > 0 {
            let money = |amount: f64| words.money(Money::from_major(amount));
            let less = self.expected_value + self.cost_of_chance - self.expected_value_by_risk;
            let differs = if Money::from_major(less) > Money::default() { "yes" } else { "no" };
            text += &words.tell(
                Message::ByRisk,
                [
                    ("differs", differs.into()),
                    ("chance", if self.cost_of_chance > 0.0 { "yes" } else { "no" }.into()),
                    ("byrisk", money(self.expected_value_by_risk).into()),
                    ("less", money(less).into()),
                ],
            );
            text.push('\n');
            if self.missed_at_most > 0.0 {
                text += &words.tell(Message::Bound, [("more", money(self.missed_at_most).into())]);
                text.push('\n');
            }
        }
        if let Some(moment) = &self.contact_from {
            text += &words.tell(Message::ContactFrom, [("moment", moment.as_str().into())]);
            text.push('\n');
        }
        text
    }

    fn counts(&self, words: &Narrator) -> String {
        let leavers = words.number(self.expected_leavers.round());
        if let Some(target) = &self.target {
            return words.tell(
                Message::ScoredFlat,
                [
                    ("target", target.as_str().into()),
                    ("subjects", self.subjects.into()),
                    ("high", self.high.into()),
                    ("medium", self.medium.into()),
                    ("low", self.low.into()),
                    ("leavers", leavers.into()),
                ],
            );
        }
        words.tell(
            Message::AtRisk,
            [
                ("subjects", self.subjects.into()),
                ("date", self.cutoff.as_str().into()),
                ("high", self.high.into()),
                ("medium", self.medium.into()),
                ("low", self.low.into()),
                ("leavers", leavers.into()),
                ("days", usize::from(self.horizon_days).into()),
            ],
        )
    }
}
