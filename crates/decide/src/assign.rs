//! Who gets a place: each subject at most one action, each action at most so many subjects, the greatest total value.
//!
//! A transportation problem with many subjects and few actions, solved exactly by successive shortest paths (Ahuja,
//! Magnanti and Orlin 1993, Network Flows, ch. 9): subjects arrive one by one, and each arrival is placed so that the
//! total grows the most, moving earlier ones along if that pays. Moves only ever differ by the pair of actions, so that
//! the residual network is kept as one heap per ordered pair, cheapest move on top, and a path is searched among actions,
//! not subjects: `O(n (a^3 + a^2 log n))` time for `n` subjects and `a` actions.
//!
//! Values are whole minor units, so that sums are exact and the answer does not depend on rounding. Where two
//! assignments are worth the same, an earlier subject keeps its place against a later one, and an earlier action is
//! preferred to a later one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::knapsack::{NOTHING, as_choice};

/// A subject that may be moved from one action to another: the loss of doing so, then the latest subject first.
type Move = (Reverse<i64>, usize);

struct Places<'a> {
    /// Value of each action for each subject, row by row; what is not above zero is never chosen.
    values: &'a [i64],
    capacities: &'a [Option<u32>],
    taken: Vec<u32>,
    /// Each subject's action; `capacities.len()` is nothing.
    chosen: Vec<usize>,
    /// For every pair of actions (from, to), `to` also being nothing. Entries of subjects that moved on are stale.
    moves: Vec<BinaryHeap<Move>>,
}

/// The action of each subject, or [`NOTHING`], for values given row by row.
///
/// Only values above zero are worth choosing.
pub(crate) fn assign(values: &[i64], capacities: &[Option<u32>]) -> Vec<u16> {
    let actions = capacities.len();
    if actions == 0 {
        return Vec::new();
    }
    let mut places = Places {
        values,
        capacities,
        taken: vec![0; actions],
        chosen: Vec::with_capacity(values.len() / actions),
        moves: vec![BinaryHeap::new(); actions * (actions + 1)],
    };
    for subject in 0..values.len() / actions {
        places.chosen.push(actions);
        places.place(subject);
    }
    places.chosen.iter().map(|&action| if action < actions { as_choice(action) } else { NOTHING }).collect()
}

impl Places<'_> {
    fn place(&mut self, subject: usize) {
        let nothing = self.capacities.len();
        let Some((best, _)) = self.best_with(subject, &vec![0; nothing]) else { return };
        if self.has_room(best) {
            self.settle(subject, best);
            return;
        }
        let (rests, nexts) = self.make_room();
        let Some((mut to, _)) = self.best_with(subject, &rests) else { return };
        let mut moving = subject;
        // Along the path everyone takes the place of the next, until one finds room or is left with nothing.
        while to != nothing {
            let evicted = nexts[to].and_then(|next| Some((self.cheapest_move(to, next)?.1, next)));
            self.settle(moving, to);
            let Some((evicted, next)) = evicted else { return };
            self.taken[to] -= 1;
            (moving, to) = (evicted, next);
        }
        self.chosen[moving] = nothing;
    }

    /// The action worth most for a subject once `rests` are added, if that is above zero.
    fn best_with(&self, subject: usize, rests: &[i64]) -> Option<(usize, i64)> {
        let actions = self.capacities.len();
        let row = &self.values[subject * actions..][..actions];
        let mut best: Option<(usize, i64)> = None;
        for (action, (&value, &rest)) in row.iter().zip(rests).enumerate() {
            let total = value.saturating_add(rest);
            if value > 0 && total > best.map_or(0, |(_, total)| total) {
                best = Some((action, total));
            }
        }
        best
    }

    /// For each action, what making room in it costs in value (zero or less), and where its evicted subject goes.
    fn make_room(&mut self) -> (Vec<i64>, Vec<Option<usize>>) {
        let nothing = self.capacities.len();
        let mut rests: Vec<i64> =
            (0..nothing).map(|action| if self.has_room(action) { 0 } else { i64::MIN / 2 }).collect();
        rests.push(0);
        let mut nexts = vec![None; nothing];
        let mut changed = true;
        while changed {
            changed = false;
            for from in 0..nothing {
                for to in 0..=nothing {
                    if from == to || rests[from] == 0 {
                        continue;
                    }
                    let Some((loss, _)) = self.cheapest_move(from, to) else { continue };
                    let rest = rests[to].saturating_sub(loss);
                    if rest > rests[from] {
                        (rests[from], nexts[from], changed) = (rest, Some(to), true);
                    }
                }
            }
        }
        rests.pop();
        (rests, nexts)
    }

    /// The subject whose move loses least, among those that have `from` and may have `to`.
    fn cheapest_move(&mut self, from: usize, to: usize) -> Option<(i64, usize)> {
        let heap = &mut self.moves[from * (self.capacities.len() + 1) + to];
        while let Some(&(Reverse(loss), subject)) = heap.peek() {
            if self.chosen[subject] == from {
                return Some((loss, subject));
            }
            heap.pop();
        }
        None
    }

    fn has_room(&self, action: usize) -> bool {
        self.capacities[action].is_none_or(|capacity| self.taken[action] < capacity)
    }

    fn settle(&mut self, subject: usize, action: usize) {
        let actions = self.capacities.len();
        self.chosen[subject] = action;
        self.taken[action] += 1;
        if self.capacities[action].is_none() {
            // Nobody is ever moved to make room where there is no limit.
            return;
        }
        let row = &self.values[subject * actions..][..actions];
        let heaps = &mut self.moves[action * (actions + 1)..][..=actions];
        for (to, &value) in row.iter().enumerate() {
            if to != action && value > 0 {
                heaps[to].push((Reverse(row[action] - value), subject));
            }
        }
        heaps[actions].push((Reverse(row[action]), subject));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn total(values: &[i64], actions: usize, chosen: &[u16]) -> i64 {
        let acted = chosen.iter().enumerate().filter(|(_, action)| **action != NOTHING);
        acted.map(|(s, &action)| values[s * actions + usize::from(action)]).sum()
    }

    /// The greatest total by trying everything.
    fn best_total(values: &[i64], room: &mut [u32]) -> i64 {
        let actions = room.len();
        if values.is_empty() {
            return 0;
        }
        let mut best = best_total(&values[actions..], room);
        for action in 0..actions {
            if room[action] > 0 {
                room[action] -= 1;
                best = best.max(values[action] + best_total(&values[actions..], room));
                room[action] += 1;
            }
        }
        best
    }

    #[test]
    fn the_last_place_goes_where_nothing_else_helps() {
        // Greedy gives the first subject the call (10 against 9) and leaves the second with nothing: 10 instead of 17.
        let chosen = assign(&[10, 9, 8, 0], &[Some(1), Some(5)]);
        assert_eq!(chosen, [1, 0]);
    }

    #[test]
    fn an_earlier_subject_keeps_its_place_against_an_equal_one() {
        assert_eq!(assign(&[5, 5, 5], &[Some(2)]), [0, 0, NOTHING]);
        assert_eq!(assign(&[5, 5], &[None, None]), [0]);
        assert_eq!(assign(&[5, 7, 5], &[Some(0)]), [NOTHING; 3]);
        assert_eq!(assign(&[], &[]), []);
    }

    proptest! {
        #[test]
        fn no_assignment_is_worth_more(
            values in prop::collection::vec(-3i64..12, 0..7 * 3),
            capacities in prop::collection::vec(prop::option::of(0u32..4), 3),
        ) {
            let values = &values[..values.len() / 3 * 3];
            let chosen = assign(values, &capacities);
            let mut room: Vec<u32> = capacities.iter().map(|capacity| capacity.unwrap_or(99)).collect();
            prop_assert_eq!(total(values, 3, &chosen), best_total(values, &mut room));
            for (action, capacity) in capacities.iter().enumerate() {
                let taken = chosen.iter().filter(|&&chosen| chosen == as_choice(action)).count();
                prop_assert!(capacity.is_none_or(|capacity| taken <= capacity as usize));
            }
            for (subject, action) in chosen.iter().enumerate() {
                prop_assert!(*action == NOTHING || values[subject * 3 + usize::from(*action)] > 0);
            }
        }
    }
}
