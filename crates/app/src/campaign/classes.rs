//! Who is persuadable: clients by what an action changes for them.

use serde::{Deserialize, Serialize};

/// What a client is to an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Worth contacting.
    Persuadable,
    /// Not worth contacting, and without it above the average: comes anyway.
    SureThing,
    /// Not worth contacting, and without it below the average: does not come either way.
    LostCause,
    /// The action does harm, with 95%.
    DoNotDisturb,
}

/// What decides whether a contact is worth it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Worth {
    /// Expected gain less cost, where money is known.
    pub(super) net: Option<f64>,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Persuadable, Self::SureThing, Self::LostCause, Self::DoNotDisturb];

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Persuadable => "persuadable",
            Self::SureThing => "sure_thing",
            Self::LostCause => "lost_cause",
            Self::DoNotDisturb => "do_not_disturb",
        }
    }

    /// Of an effect with its interval of 90%, and of the outcome without action against the average of all.
    ///
    /// A contact is worth it if its expected net value is above 0 or, where no money is known, if the effect is surely
    /// above 0: its lower end. Whom an action surely harms is never worth it.
    pub(super) fn of(effect: &effect::Effect, worth: Worth, average_base: f64) -> Self {
        if effect.high < 0.0 {
            return Self::DoNotDisturb;
        }
        let is_worth_it = worth.net.map_or(effect.low > 0.0, |net| net > 0.0);
        match (is_worth_it, effect.base >= average_base) {
            (true, _) => Self::Persuadable,
            (false, true) => Self::SureThing,
            (false, false) => Self::LostCause,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_fall_into_four_classes() {
        let effect = |mean: f64, half: f64, base| effect::Effect { mean, low: mean - half, high: mean + half, base };
        let unknown = Worth { net: None };
        assert_eq!(Class::of(&effect(0.1, 0.05, 0.2), unknown, 0.3), Class::Persuadable);
        assert_eq!(Class::of(&effect(0.1, 0.2, 0.4), unknown, 0.3), Class::SureThing);
        assert_eq!(Class::of(&effect(0.1, 0.2, 0.1), unknown, 0.3), Class::LostCause);
        assert_eq!(Class::of(&effect(-0.1, 0.05, 0.4), unknown, 0.3), Class::DoNotDisturb);
        // Money decides where it is known, but never for whom it harms.
        assert_eq!(Class::of(&effect(0.1, 0.2, 0.1), Worth { net: Some(2.0) }, 0.3), Class::Persuadable);
        assert_eq!(Class::of(&effect(0.1, 0.05, 0.1), Worth { net: Some(-2.0) }, 0.3), Class::LostCause);
        assert_eq!(Class::of(&effect(-0.1, 0.05, 0.1), Worth { net: Some(2.0) }, 0.3), Class::DoNotDisturb);
    }
}
