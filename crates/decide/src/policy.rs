//! What may be done, at what cost and how often, checked once.

use std::collections::BTreeSet;

use domain::{Action, ActionId, Money, Probability};

/// The contract's actions and the chance they are measured against.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    actions: Vec<Action>,
    chance_no_action: Probability,
}

/// Why a contract's actions cannot be decided upon.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PolicyError {
    /// A subject who stays anyway cannot be kept.
    #[error("chance_no_action must be below 1, or no action could bring anything")]
    CertainToStay,
    /// Two actions have one name.
    #[error("action `{0}` is listed twice")]
    DuplicateAction(ActionId),
    /// An action is paid for by whom it is done to.
    #[error("action `{action}`: cost must not be below zero, got {cost}")]
    CostBelowZero {
        /// The action.
        action: ActionId,
        /// Its cost.
        cost: Money,
    },
    /// The expert's chance leaves no effect to speak of, or a certain one.
    #[error("action `{action}`: chance must be above chance_no_action ({no_action}) and below 1, got {chance}")]
    Chance {
        /// The action.
        action: ActionId,
        /// The expert's chance.
        chance: f64,
        /// The chance without it.
        no_action: f64,
    },
    /// The expert's word must weigh something, and not everything.
    #[error("action `{action}`: prior_cases must be above 0 and at most {max}, got {cases}", max = Policy::MAX_PRIOR_CASES)]
    PriorCases {
        /// The action.
        action: ActionId,
        /// The weight.
        cases: f64,
    },
}

impl Policy {
    /// The heaviest prior: beyond it no log an organisation could gather would be heard.
    pub const MAX_PRIOR_CASES: f64 = 10_000.0;

    /// Checks the actions. The contract's order is kept: it breaks ties between actions worth the same.
    ///
    /// # Errors
    ///
    /// The first action that cannot be decided upon, and why.
    pub fn new(actions: Vec<Action>, chance_no_action: Probability) -> Result<Self, PolicyError> {
        let no_action = chance_no_action.get();
        if no_action >= 1.0 {
            return Err(PolicyError::CertainToStay);
        }
        let mut seen = BTreeSet::new();
        for action in &actions {
            let id = || action.id.clone();
            if !seen.insert(&action.id) {
                return Err(PolicyError::DuplicateAction(id()));
            }
            if action.cost < Money::default() {
                return Err(PolicyError::CostBelowZero { action: id(), cost: action.cost });
            }
            let chance = action.prior_chance.get();
            if chance <= no_action || chance >= 1.0 {
                return Err(PolicyError::Chance { action: id(), chance, no_action });
            }
            let cases = action.prior_cases;
            // Written so that NaN fails too.
            if !(cases > 0.0 && cases <= Self::MAX_PRIOR_CASES) {
                return Err(PolicyError::PriorCases { action: id(), cases });
            }
        }
        Ok(Self { actions, chance_no_action })
    }

    /// The actions, in the contract's order.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    /// The chance to stay, left alone, of the subject whom the expert had in mind.
    pub fn chance_no_action(&self) -> Probability {
        self.chance_no_action
    }

    /// The share of would-be leavers that the expert expects an action to keep, in (0, 1).
    pub(crate) fn prior_effect(&self, action: &Action) -> f64 {
        let no_action = self.chance_no_action.get();
        (action.prior_chance.get() - no_action) / (1.0 - no_action)
    }
}

#[cfg(test)]
mod tests {
    use domain::Need;

    use super::*;

    fn action(id: &str) -> Action {
        Action {
            id: ActionId(id.to_owned()),
            cost: Money::from_major(15.0),
            capacity: Some(15),
            need: Need::None,
            prior_chance: Probability::clamped(0.65),
            prior_cases: 20.0,
        }
    }

    fn error(change: impl Fn(&mut Action)) -> String {
        let mut changed = action("call");
        change(&mut changed);
        Policy::new(vec![changed], Probability::clamped(0.10)).expect_err("invalid").to_string()
    }

    #[test]
    fn each_mistake_is_named_with_its_action_and_value() {
        assert_eq!(
            error(|a| a.cost = Money::from_major(-1.0)),
            "action `call`: cost must not be below zero, got -1.00"
        );
        let chance = "action `call`: chance must be above chance_no_action (0.1) and below 1, got";
        assert_eq!(error(|a| a.prior_chance = Probability::clamped(0.1)), format!("{chance} 0.1"));
        assert_eq!(error(|a| a.prior_chance = Probability::clamped(1.0)), format!("{chance} 1"));
        let cases = "action `call`: prior_cases must be above 0 and at most 10000, got";
        assert_eq!(error(|a| a.prior_cases = f64::NAN), format!("{cases} NaN"));
        assert_eq!(error(|a| a.prior_cases = 0.0), format!("{cases} 0"));
        assert_eq!(error(|a| a.prior_cases = f64::INFINITY), format!("{cases} inf"));
    }

    #[test]
    fn names_are_unique_and_staying_is_not_certain() {
        let twice = Policy::new(vec![action("call"), action("call")], Probability::clamped(0.1));
        assert_eq!(twice, Err(PolicyError::DuplicateAction(ActionId("call".to_owned()))));
        assert_eq!(Policy::new(vec![], Probability::clamped(1.0)), Err(PolicyError::CertainToStay));
    }
}
