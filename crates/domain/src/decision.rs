//! What to do about a subject, what it is worth, and where the estimate comes from.

use std::fmt;

use crate::money::Money;
use crate::probability::Probability;
use crate::reason::Family;
use crate::time::Day;

/// What files and logs call doing nothing, so that no action may be called so.
pub const NO_ACTION: &str = "none";

/// The contract's name of an action, `mentor_call`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionId(pub String);

/// Something staff can do about a subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Its name in the contract and in files.
    pub id: ActionId,
    /// What doing it once costs.
    pub cost: Money,
    /// How many can be done in one round of decisions; no limit where there is none.
    pub capacity: Option<u32>,
    /// What must be true of a subject for the action to make sense.
    pub need: Need,
    /// An expert's chance that it keeps a subject who, left alone, would stay with the contract's stated chance.
    pub prior_chance: Probability,
    /// How many observed cases the expert's word weighs as much as.
    pub prior_cases: f64,
}

/// A precondition of an action.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Need {
    /// Fits everyone.
    #[default]
    None,
    /// Fits only a subject for whom one of these families raises the risk and has a fact to show.
    Reason(Vec<Family>),
}

/// Where a chance comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Evidence {
    /// The calibrated score itself: the origin of the chance when nothing is done.
    Model,
    /// An expert's prior alone.
    Prior,
    /// The prior, updated by logged outcomes.
    Cases {
        /// Outcomes seen.
        cases: u32,
        /// How many of them were assigned at random.
        randomised: u32,
    },
}

/// A probability to stay, with a 90% interval and its origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// Posterior mean.
    pub mean: Probability,
    /// 5th percentile.
    pub low: Probability,
    /// 95th percentile.
    pub high: Probability,
    /// What it rests on.
    pub evidence: Evidence,
}

/// One action for one subject: what it would do and what that is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Prospect {
    /// The action; nothing is "do nothing".
    pub action: Option<ActionId>,
    /// Chance that the subject stays through the horizon if it is taken.
    pub chance: Chance,
    /// Value of the change in that chance, less the cost. Zero for doing nothing.
    pub expected_value: Money,
    /// The rule that keeps the action from this subject, whatever it would bring; nothing where it may be taken.
    pub barred: Option<Barred>,
    /// What becomes of the subject with and without it.
    pub classes: Classes,
}

/// A rule that keeps an action from a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// The risk is low and nothing calls for a contact.
    NoCause,
    /// None of the reasons that the action needs raises the subject's risk.
    NoReason,
    /// The subject asked not to be contacted, or not in this way.
    OptedOut,
    /// The subject was contacted so lately that the contract says to wait.
    ContactedOn(Day),
    /// The subject has no mentor, or whoever else would do it.
    NobodyToDoIt,
}

/// What becomes of a subject with an action and without it: the probabilities of the four classes of uplift, one in all.
///
/// Nobody sees both; how they are had of a risk and an effect, and under which assumption, is said in `decide::classes`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Classes {
    /// Stays only if the action is taken.
    pub persuadable: f64,
    /// Stays either way.
    pub sure_thing: f64,
    /// Leaves either way.
    pub lost_cause: f64,
    /// Leaves only if the action is taken.
    pub do_not_disturb: f64,
}

/// One of the four classes of uplift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Stays only if the action is taken.
    Persuadable,
    /// Stays either way.
    SureThing,
    /// Leaves either way.
    LostCause,
    /// Leaves only if the action is taken.
    DoNotDisturb,
}

/// What was chosen for a subject, and what it was chosen from.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Index of the chosen prospect.
    pub chosen: usize,
    /// Every action of the contract and doing nothing, in the contract's order, doing nothing last.
    pub prospects: Vec<Prospect>,
    /// Index of the prospect worth most, when what it takes (places, time, money) went to others.
    pub crowded_out: Option<usize>,
    /// Whether there is a cause to contact the subject at all. Where there is none, no action fits.
    pub has_cause: bool,
}

impl Decision {
    /// The chosen prospect.
    pub fn choice(&self) -> &Prospect {
        &self.prospects[self.chosen]
    }

    /// The action that the decision is about: the chosen one, else the one that went to others, else the one worth most;
    /// doing nothing where there are no actions.
    pub fn considered(&self) -> &Prospect {
        let choice = self.choice();
        if choice.action.is_some() {
            return choice;
        }
        let mut considered = self.crowded_out.map_or(choice, |k| &self.prospects[k]);
        for prospect in self.prospects.iter().filter(|prospect| prospect.action.is_some()) {
            if considered.action.is_none() || prospect.expected_value > considered.expected_value {
                considered = prospect;
            }
        }
        considered
    }

    /// The prospect of doing nothing.
    pub fn no_action(&self) -> &Prospect {
        &self.prospects[self.prospects.len() - 1]
    }
}

impl Prospect {
    /// Whether the action may be taken for the subject.
    pub fn fits(&self) -> bool {
        self.barred.is_none()
    }
}

impl Barred {
    /// The word used in files: `opted_out`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoCause => "no_cause",
            Self::NoReason => "no_reason",
            Self::OptedOut => "opted_out",
            Self::ContactedOn(_) => "contacted_lately",
            Self::NobodyToDoIt => "nobody_to_do_it",
        }
    }
}

impl Classes {
    /// Each class with its probability.
    pub fn all(&self) -> [(Class, f64); 4] {
        [
            (Class::Persuadable, self.persuadable),
            (Class::SureThing, self.sure_thing),
            (Class::LostCause, self.lost_cause),
            (Class::DoNotDisturb, self.do_not_disturb),
        ]
    }

    /// The likeliest class, the first of equals.
    pub fn likeliest(&self) -> Class {
        let mut likeliest = (Class::Persuadable, self.persuadable);
        for (class, probability) in self.all() {
            if probability > likeliest.1 {
                likeliest = (class, probability);
            }
        }
        likeliest.0
    }
}

impl Class {
    /// The word used in files: `sure_thing`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Persuadable => "persuadable",
            Self::SureThing => "sure_thing",
            Self::LostCause => "lost_cause",
            Self::DoNotDisturb => "do_not_disturb",
        }
    }
}

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Evidence {
    /// The word used in files: `model`, `prior`, or `cases:12 randomised:3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model => f.write_str("model"),
            Self::Prior => f.write_str("prior"),
            Self::Cases { cases, randomised } => write!(f, "cases:{cases} randomised:{randomised}"),
        }
    }
}
