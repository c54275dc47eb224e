//! What there is to act with in one round, and who must not be acted on.

use domain::{Barred, Money};

use crate::knapsack::Shared;
use crate::policy::Policy;

/// What all actions of one round share, and the rules about single subjects. With none of them only the actions' own
/// capacities count.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Means {
    /// What staff have of time and the like.
    pub resources: Vec<Resource>,
    /// What all actions may cost together.
    pub budget: Option<Money>,
    /// The rule that keeps each action from each case, row by row; empty where there is none. Rules about causes and
    /// needs are `choose`'s own.
    pub barred: Vec<Option<Barred>>,
}

/// Something that actions take and of which there is only so much in one round: minutes of mentors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    /// Its name in the contract.
    pub name: String,
    /// How much of it each action takes, in the policy's order.
    pub uses: Vec<u64>,
    /// How much there is: for all, or in each pool.
    pub capacity: u64,
    /// Whose it is, where it is not one for all.
    pub pools: Option<Pools>,
    /// How much more of it is worth asking about: 60 minutes.
    pub step: u64,
}

/// A resource that every mentor, or group, has of their own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pools {
    /// What they are called.
    pub names: Vec<String>,
    /// The pool that each case draws on; nothing for whom nobody is there, so that no action that takes it fits.
    pub of: Vec<Option<u32>>,
}

/// Why a round cannot be decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MeansError {
    /// Money is not there before it is spent.
    #[error("the budget must not be below zero, got {0}")]
    BudgetBelowZero(Money),
    /// A list that says something of each action does not have as many entries.
    #[error("resource `{resource}`: uses of {found} actions for a policy of {expected}")]
    Uses {
        /// The resource.
        resource: String,
        /// Entries.
        found: usize,
        /// Actions.
        expected: usize,
    },
    /// A list that says something of each case does not have as many entries.
    #[error("{what}: {found} entries for {expected} cases")]
    Cases {
        /// What the list is about.
        what: String,
        /// Entries.
        found: usize,
        /// Cases, or cases times actions.
        expected: usize,
    },
    /// A case draws on a pool that has no name.
    #[error("resource `{resource}`: a case draws on pool {pool} of {pools}")]
    Pool {
        /// The resource.
        resource: String,
        /// The pool.
        pool: u32,
        /// How many there are.
        pools: usize,
    },
}

impl Means {
    /// Checks that lists are as long as what they are about.
    pub(crate) fn check(&self, policy: &Policy, cases: usize) -> Result<(), MeansError> {
        if let Some(budget) = self.budget.filter(|budget| *budget < Money::default()) {
            return Err(MeansError::BudgetBelowZero(budget));
        }
        let actions = policy.actions().len();
        let lengths = |what: &str, found: usize, expected: usize| match found == expected {
            true => Ok(()),
            false => Err(MeansError::Cases { what: what.to_owned(), found, expected }),
        };
        if !self.barred.is_empty() {
            lengths("rules", self.barred.len(), cases * actions)?;
        }
        for resource in &self.resources {
            let name = || resource.name.clone();
            if resource.uses.len() != actions {
                return Err(MeansError::Uses { resource: name(), found: resource.uses.len(), expected: actions });
            }
            let Some(pools) = &resource.pools else { continue };
            lengths(&format!("pools of resource `{}`", resource.name), pools.of.len(), cases)?;
            let count = pools.names.len();
            if let Some(&pool) = pools.of.iter().flatten().find(|&&pool| pool as usize >= count) {
                return Err(MeansError::Pool { resource: name(), pool, pools: count });
            }
        }
        Ok(())
    }

    /// The rule, besides causes and needs, that keeps an action from a case.
    pub(crate) fn barred(&self, case: usize, action: usize, actions: usize) -> Option<Barred> {
        let said = self.barred.get(case * actions + action).copied().flatten();
        let nobody = || {
            let lacks = |resource: &Resource| {
                resource.uses[action] > 0 && resource.pools.as_ref().is_some_and(|pools| pools.of[case].is_none())
            };
            self.resources.iter().any(lacks).then_some(Barred::NobodyToDoIt)
        };
        said.or_else(nobody)
    }

    /// All that is shared: the resources, the budget, then the places of actions that have a number of them.
    pub(crate) fn shared(&self, policy: &Policy) -> Vec<Shared> {
        let mut shared = Vec::new();
        for resource in &self.resources {
            let pools = resource.pools.as_ref();
            shared.push(Shared {
                uses: resource.uses.clone(),
                // Where nobody has a pool there is still one, which nobody draws on.
                capacities: vec![resource.capacity; pools.map_or(1, |pools| pools.names.len().max(1))],
                pool_of: pools.map_or_else(Vec::new, |p| p.of.iter().map(|pool| pool.unwrap_or_default()).collect()),
            });
        }
        if let Some(budget) = self.budget {
            let uses = policy.actions().iter().map(|action| minor_units(action.cost)).collect();
            shared.push(Shared { uses, capacities: vec![minor_units(budget)], pool_of: Vec::new() });
        }
        for (at, action) in policy.actions().iter().enumerate() {
            if let Some(places) = action.capacity {
                let uses = (0..policy.actions().len()).map(|other| u64::from(other == at)).collect();
                shared.push(Shared { uses, capacities: vec![u64::from(places)], pool_of: Vec::new() });
            }
        }
        shared
    }

    /// Whether actions share nothing, each having places of its own at most.
    pub(crate) fn is_places_only(&self) -> bool {
        self.resources.is_empty() && self.budget.is_none()
    }
}

fn minor_units(money: Money) -> u64 {
    // Costs and budgets below zero have been refused.
    u64::try_from(money.minor_units).unwrap_or_default()
}
