//! Why a decision is what it is, in one sentence.
//!
//! It says what the action does to the chance to stay and how sure that is, what it costs and brings, what comes next,
//! what a full capacity kept away, and what stands behind the estimate. Where nothing is done, it says why that is best.

use domain::{Decision, Family, Money, Prospect};
use fluent_bundle::FluentValue;

use crate::narrator::Narrator;

impl Narrator {
    /// Why this decision, for a subject whose heaviest reason is of `main_family`.
    pub fn why(&self, decision: &Decision, main_family: Option<&Family>) -> String {
        let mut parts = Vec::new();
        if let Some(family) = main_family {
            parts.push(self.bundle.say("why-family", &[("family", FluentValue::from(self.family(family)))]));
        }
        let crowded_out = decision.crowded_out;
        if let Some(k) = crowded_out {
            let prospect = &decision.prospects[k];
            let id = if self.shares_means(prospect) { "why-outbid" } else { "why-crowded" };
            parts.push(self.part(id, prospect, decision));
        }
        let choice = decision.choice();
        match (choice.action.is_some(), crowded_out, best_unchosen(decision)) {
            (true, None, _) => parts.push(self.part("why-best", choice, decision)),
            (true, Some(_), _) => parts.push(self.part("why-best-left", choice, decision)),
            (false, Some(k), _) if others_pay(decision, k) => {
                parts.push(self.part("why-nothing-full", choice, decision));
            }
            (false, Some(_), _) => parts.push(self.part("why-nothing-left", choice, decision)),
            (false, ..) if !decision.has_cause => parts.push(self.part("why-nothing-to-say", choice, decision)),
            (false, None, Some(best)) => parts.push(self.part("why-nothing-worth", best, decision)),
            (false, None, None) => parts.push(self.part("why-nothing-fits", choice, decision)),
        }
        match best_unchosen(decision) {
            Some(next) if choice.action.is_some() && next.expected_value > Money::default() => {
                parts.push(self.part("why-next", next, decision));
            }
            Some(_) if choice.action.is_some() => parts.push(self.bundle.say("why-others-cost-more", &[])),
            _ => {}
        }
        // What was weighed is what the evidence is about: the chosen action, or the one not worth its cost.
        let weighed = if choice.action.is_some() {
            Some(choice)
        } else {
            crowded_out.map(|k| &decision.prospects[k]).or(best_unchosen(decision))
        };
        parts.extend(weighed.map(|prospect| self.evidence(prospect.chance.evidence)));
        sentence(&parts)
    }

    /// What an action costs; nothing for one that the contract does not list.
    pub fn cost(&self, prospect: &Prospect) -> Money {
        let words = prospect.action.as_ref().and_then(|id| self.labels.actions.get(id));
        words.map(|words| words.cost).unwrap_or_default()
    }

    /// Whether an action takes what other actions take too.
    pub fn shares_means(&self, prospect: &Prospect) -> bool {
        let words = prospect.action.as_ref().and_then(|id| self.labels.actions.get(id));
        words.is_some_and(|words| words.shares_means)
    }

    fn part(&self, id: &str, prospect: &Prospect, decision: &Decision) -> String {
        let chance = prospect.chance;
        self.bundle.say(
            id,
            &[
                ("action", FluentValue::from(self.action(prospect.action.as_ref()))),
                ("chance", FluentValue::from(self.percent(chance.mean))),
                ("low", FluentValue::from(self.percent(chance.low))),
                ("high", FluentValue::from(self.percent(chance.high))),
                ("without", FluentValue::from(self.percent(decision.no_action().chance.mean))),
                ("cost", FluentValue::from(self.money(self.cost(prospect)))),
                ("worth", FluentValue::from(self.money(prospect.expected_value))),
            ],
        )
    }
}

/// Whether other actions than the one crowded out would pay, had they places left.
fn others_pay(decision: &Decision, crowded_out: usize) -> bool {
    let pays = |prospect: &Prospect| prospect.fits() && prospect.expected_value > Money::default();
    decision.prospects.iter().enumerate().any(|(k, prospect)| k != crowded_out && pays(prospect))
}

/// The action worth most among those that fit and were neither chosen nor crowded out; the earliest of equals.
fn best_unchosen(decision: &Decision) -> Option<&Prospect> {
    let mut best: Option<&Prospect> = None;
    for (k, prospect) in decision.prospects.iter().enumerate() {
        let is_candidate = prospect.action.is_some()
            && prospect.fits()
            && k != decision.chosen
            && decision.crowded_out != Some(k)
            // Crowded out too, if it is worth more than what was chosen.
            && prospect.expected_value <= decision.choice().expected_value;
        if is_candidate && best.is_none_or(|best| prospect.expected_value > best.expected_value) {
            best = Some(prospect);
        }
    }
    best
}

/// Parts as one sentence: semicolons between, a capital first, a full stop last.
fn sentence(parts: &[String]) -> String {
    let joined = parts.join("; ");
    let mut rest = joined.chars();
    match rest.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), rest.as_str()),
        None => joined,
    }
}
