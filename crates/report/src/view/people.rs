//! The two lists: whom to reach today, by what it is worth, and everyone at risk, by risk.

use domain::{Band, Chance, Evidence, Probability};

use super::on_scale;
use crate::input::{Alternative, Recommendation, Report, Subject};
use crate::words::{Words, sentence};

/// As many as a morning holds; the others are a click away, so that what follows is still found.
const UNFOLDED: usize = 15;

/// Whom to reach today.
pub(crate) struct Today {
    pub(crate) first: Vec<Person>,
    pub(crate) others: Vec<Person>,
    pub(crate) others_label: String,
    pub(crate) summary: String,
    pub(crate) prices: Vec<String>,
    pub(crate) left_out: Option<String>,
}

/// Everyone in the medium and high bands.
pub(crate) struct List {
    pub(crate) people: Vec<Person>,
    pub(crate) groups: Vec<String>,
    pub(crate) left_out: Option<String>,
}

pub(crate) struct Person {
    pub(crate) rank: usize,
    pub(crate) name: String,
    /// The key, where a name is shown above it.
    pub(crate) id: Option<String>,
    pub(crate) group: String,
    pub(crate) band: &'static str,
    pub(crate) band_label: String,
    pub(crate) percent: String,
    pub(crate) probability: f64,
    pub(crate) reasons: Vec<String>,
    pub(crate) action: Option<Action>,
    pub(crate) no_action: Option<String>,
}

pub(crate) struct Action {
    pub(crate) label: String,
    pub(crate) outlook: Outlook,
    pub(crate) stays: String,
    pub(crate) without: String,
    pub(crate) without_at: String,
    pub(crate) without_action: String,
    /// The scale in words.
    pub(crate) scale: String,
    pub(crate) gain: String,
    pub(crate) worth: i64,
    pub(crate) why: String,
    pub(crate) classes: String,
    pub(crate) evidence: String,
    pub(crate) others: Vec<Other>,
}

/// A chance to stay as text and as a place on a scale.
pub(crate) struct Outlook {
    pub(crate) chance: String,
    pub(crate) range: String,
    pub(crate) at: String,
    pub(crate) from: String,
    pub(crate) width: String,
}

pub(crate) struct Other {
    pub(crate) label: String,
    pub(crate) outlook: Outlook,
    pub(crate) value: String,
}

impl Today {
    pub(crate) fn of(report: &Report, words: &Words) -> Self {
        let mut called: Vec<_> =
            report.subjects.iter().filter_map(|subject| Some((subject, subject.action.as_ref()?))).collect();
        called.sort_by(|(a, action_a), (b, action_b)| {
            action_b.expected_value.cmp(&action_a.expected_value).then_with(|| by_risk(a, b))
        });
        let value = called.iter().map(|(_, action)| action.expected_value).sum();
        let summary = words.say(
            "today-summary",
            [
                ("people", words.say("people", [("n", called.len().into())]).into()),
                ("money", words.money(value, report.currency).into()),
            ],
        );
        let prices = report.prices.iter().map(|price| sentence(price)).collect();
        let left_out = left_out(called.len(), report.row_limit, words);
        called.truncate(report.row_limit);
        let people = called.iter().enumerate().map(|(at, (subject, _))| person(at + 1, subject, report, words));
        let mut first: Vec<_> = people.collect();
        let others = first.split_off(UNFOLDED.min(first.len()));
        let others_label = words.say("today-others", [("n", others.len().into())]);
        Self { first, others, others_label, summary, prices, left_out }
    }
}

impl List {
    pub(crate) fn of(report: &Report, words: &Words) -> Self {
        let at_risk = |score: Probability| report.bands.band(score) > Band::Low;
        let mut listed: Vec<_> = report.subjects.iter().filter(|subject| at_risk(subject.probability)).collect();
        listed.sort_by(|a, b| by_risk(a, b));
        let all = report.population.scores.iter().filter(|score| at_risk(**score)).count().max(listed.len());
        listed.truncate(report.row_limit);
        let left_out = left_out(all, listed.len(), words);
        let mut groups: Vec<_> = listed.iter().filter_map(|subject| subject.group.clone()).collect();
        groups.sort();
        groups.dedup();
        let people = listed.iter().enumerate().map(|(at, subject)| person(at + 1, subject, report, words));
        Self { people: people.collect(), groups, left_out }
    }
}

/// Riskiest first; among equals by key, so that the order never depends on the input's.
fn by_risk(a: &Subject, b: &Subject) -> std::cmp::Ordering {
    b.probability.get().total_cmp(&a.probability.get()).then_with(|| a.id.cmp(&b.id))
}

fn left_out(all: usize, shown: usize, words: &Words) -> Option<String> {
    (all > shown).then(|| words.say("left-out", [("shown", shown.into()), ("all", all.into())]))
}

fn person(rank: usize, subject: &Subject, report: &Report, words: &Words) -> Person {
    let band = report.bands.band(subject.probability);
    let (name, id) = match &subject.name {
        Some(name) => (name.clone(), Some(subject.id.clone())),
        None => (subject.id.clone(), None),
    };
    Person {
        rank,
        name,
        id,
        group: subject.group.clone().unwrap_or_default(),
        band: band.as_str(),
        band_label: words.band(band),
        percent: words.percent(subject.probability),
        probability: subject.probability.get(),
        reasons: subject.reasons.clone(),
        action: subject.action.as_ref().map(|action| recommended(action, report, words)),
        no_action: subject
            .crowded_out
            .as_ref()
            .map(|label| words.say("crowded-out", [("action", label.as_str().into())])),
    }
}

fn recommended(action: &Recommendation, report: &Report, words: &Words) -> Action {
    let mut others: Vec<&Alternative> = action.alternatives.iter().collect();
    others.sort_by(|a, b| b.expected_value.cmp(&a.expected_value).then_with(|| a.label.cmp(&b.label)));
    let others = others.into_iter().map(|other| Other {
        label: other.label.clone(),
        outlook: outlook(&other.chance, words),
        value: words.money(other.expected_value, report.currency),
    });
    let outlook_of_action = outlook(&action.chance, words);
    let chance = outlook_of_action.chance.as_str();
    let without = words.percent(action.chance_no_action);
    Action {
        label: action.label.clone(),
        stays: words.say("chance-stays", [("chance", chance.into())]),
        without_action: words.say("without-action", [("chance", without.as_str().into())]),
        scale: words.say(
            "chance-alt",
            [
                ("chance", chance.into()),
                ("range", outlook_of_action.range.as_str().into()),
                ("without", without.as_str().into()),
            ],
        ),
        outlook: outlook_of_action,
        without,
        without_at: on_scale(action.chance_no_action.get()),
        gain: words.money(action.expected_value, report.currency),
        worth: action.expected_value.minor_units,
        why: action.why.clone(),
        classes: if action.classes.is_empty() { String::new() } else { sentence(&action.classes) },
        evidence: evidence(action.chance.evidence, words),
        others: others.collect(),
    }
}

fn outlook(chance: &Chance, words: &Words) -> Outlook {
    let (low, high) = (chance.low.get(), chance.high.get());
    Outlook {
        chance: words.percent(chance.mean),
        range: words.percent_range(low, high),
        at: on_scale(chance.mean.get()),
        from: on_scale(low),
        width: on_scale(high - low),
    }
}

fn evidence(evidence: Evidence, words: &Words) -> String {
    match evidence {
        Evidence::Model => words.text("evidence-model"),
        Evidence::Prior | Evidence::Cases { cases: 0, .. } => words.text("evidence-prior"),
        Evidence::Cases { cases, randomised: 0 } => {
            words.say("evidence-observed", [("cases", words.say("cases", [("n", u64::from(cases).into())]).into())])
        }
        Evidence::Cases { cases, randomised } => words.say(
            "evidence-randomised",
            [
                ("cases", words.say("cases", [("n", u64::from(cases).into())]).into()),
                ("randomised", u64::from(randomised).into()),
            ],
        ),
    }
}
