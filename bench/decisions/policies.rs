//! Ways to choose, ours and others'. All of them choose among subjects at medium and high risk, for the same places.

use decide::Estimates;
use decide::knapsack::{NOTHING, Problem, Shared, solve};
use domain::{Band, Money};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use worlds::campaign::{Subject, World};

/// Combinations that the search for the best choice looks at: few, as what is left is far below what is measured.
const LOOKS: u32 = 2_000;

/// An action of each subject, or none.
pub(crate) type Choice = Vec<Option<usize>>;

/// What `holdfast score` would choose: the same worth by the same estimates, shared out by the same method, less long
/// searched and without the prices of what is scarce.
pub(crate) fn ours(world: &World, estimates: &Estimates, subjects: &[Subject]) -> Choice {
    best(world, subjects, |subject, k, cost| {
        let effect = estimates.effects(subject.families.first(), subject.band)[k].mean;
        Money::from_major(subject.score.get() * effect * subject.value.major()) - cost
    })
}

fn choice(chosen: &[u16]) -> Choice {
    chosen.iter().map(|&action| (action != NOTHING).then_some(usize::from(action))).collect()
}

/// The best choice for somebody who knows what every action is worth to every subject.
pub(crate) fn best(world: &World, subjects: &[Subject], worth: impl Fn(&Subject, usize, Money) -> Money) -> Choice {
    let mut values = Vec::with_capacity(subjects.len() * world.actions.len());
    for subject in subjects {
        for (k, action) in world.actions.iter().enumerate() {
            let fits = subject.band != Band::Low && subject.meets(&action.need);
            values.push(if fits { worth(subject, k, action.cost).minor_units } else { 0 });
        }
    }
    let actions = world.actions.len();
    let places = |k: usize| Shared {
        uses: (0..actions).map(|other| u64::from(other == k)).collect(),
        capacities: vec![world.actions[k].capacity.unwrap_or(u32::MAX).into()],
        pool_of: Vec::new(),
    };
    let money = |amount: Money| amount.minor_units.unsigned_abs();
    let mut resources: Vec<Shared> = (0..actions).map(places).collect();
    resources.push(Shared {
        uses: world.actions.iter().map(|action| money(action.cost)).collect(),
        capacities: vec![money(world.budget)],
        pool_of: Vec::new(),
    });
    choice(&solve(&Problem { worth: &values, actions, resources: &resources }, None, LOOKS).chosen)
}

/// The riskiest first, each the action that the expert holds for the best of those that are left.
pub(crate) fn by_risk(world: &World, subjects: &[Subject]) -> Choice {
    in_order(world, subjects, &riskiest_first(subjects), |options| {
        options.iter().copied().max_by(|&a, &b| {
            let said = |k: usize| world.actions[k].prior_chance.get();
            said(a).total_cmp(&said(b)).then(b.cmp(&a))
        })
    })
}

/// Calls for the riskiest, and nothing else.
pub(crate) fn always_call(world: &World, subjects: &[Subject]) -> Choice {
    const CALL: usize = 0;
    in_order(world, subjects, &riskiest_first(subjects), |options| options.contains(&CALL).then_some(CALL))
}

/// Subjects in any order, each with any action that fits and is left.
pub(crate) fn random(world: &World, subjects: &[Subject], rng: &mut ChaCha8Rng) -> Choice {
    let mut order: Vec<usize> = (0..subjects.len()).collect();
    order.shuffle(rng);
    in_order(world, subjects, &order, |options| {
        use rand::seq::IndexedRandom;
        options.choose(rng).copied()
    })
}

/// What a choice is truly worth.
pub(crate) fn value(world: &World, subjects: &[Subject], choice: &Choice) -> f64 {
    let worth = |(subject, action): (&Subject, &Option<usize>)| {
        action.map_or(0.0, |k| subject.worth(k, world.actions[k].cost).major())
    };
    subjects.iter().zip(choice).map(worth).sum()
}

/// Whether any action was taken more often than there are places, or all of them cost more than there is.
pub(crate) fn breaks_limits(world: &World, choice: &Choice) -> bool {
    let spent: Money = choice.iter().flatten().map(|&k| world.actions[k].cost).sum();
    let is_full = |(k, capacity): (usize, &Option<u32>)| {
        let taken = choice.iter().filter(|&&chosen| chosen == Some(k)).count();
        capacity.is_some_and(|capacity| taken > capacity as usize)
    };
    spent > world.budget || capacities(world).iter().enumerate().any(is_full)
}

fn capacities(world: &World) -> Vec<Option<u32>> {
    world.actions.iter().map(|action| action.capacity).collect()
}

fn riskiest_first(subjects: &[Subject]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..subjects.len()).collect();
    order.sort_by(|&a, &b| subjects[b].score.get().total_cmp(&subjects[a].score.get()).then(a.cmp(&b)));
    order
}

fn in_order(
    world: &World,
    subjects: &[Subject],
    order: &[usize],
    mut choose: impl FnMut(&[usize]) -> Option<usize>,
) -> Choice {
    let mut left: Vec<u32> = capacities(world).iter().map(|capacity| capacity.unwrap_or(u32::MAX)).collect();
    let mut purse = world.budget;
    let mut choice = vec![None; subjects.len()];
    for &at in order.iter().filter(|&&at| subjects[at].band != Band::Low) {
        let options: Vec<usize> = (0..left.len())
            .filter(|&k| left[k] > 0 && world.actions[k].cost <= purse && subjects[at].meets(&world.actions[k].need))
            .collect();
        let chosen = if options.is_empty() { None } else { choose(&options) };
        if let Some(k) = chosen {
            left[k] -= 1;
            purse = purse - world.actions[k].cost;
        }
        choice[at] = chosen;
    }
    choice
}
