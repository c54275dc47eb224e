//! Columns with one value or none, and columns that are the same in every row.

use std::collections::BTreeMap;

use learn::{Column, MISSING, Values};
use rayon::prelude::*;

use crate::draw::mix;

/// Columns whose values that are there are all the same; missing in some rows or not.
pub(super) fn constants(columns: &[Column]) -> Vec<usize> {
    let is_constant: Vec<bool> = columns.par_iter().map(is_constant).collect();
    (0..columns.len()).filter(|&column| is_constant[column]).collect()
}

/// Sets of at least two columns with the same values, in the order of their first.
pub(super) fn duplicates(columns: &[Column], among: &[usize]) -> Vec<Vec<usize>> {
    let hashes: Vec<u64> = among.par_iter().map(|&column| hash(&columns[column])).collect();
    let mut by_hash: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (hash, &column) in hashes.into_iter().zip(among) {
        by_hash.entry(hash).or_default().push(column);
    }
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for alike in by_hash.into_values() {
        // A hash may be shared by chance: the values decide.
        let mut of_hash: Vec<Vec<usize>> = Vec::new();
        for column in alike {
            match of_hash.iter_mut().find(|set| is_same(&columns[set[0]], &columns[column])) {
                Some(set) => set.push(column),
                None => of_hash.push(vec![column]),
            }
        }
        sets.extend(of_hash.into_iter().filter(|set| set.len() > 1));
    }
    sets.sort_unstable();
    sets
}

fn is_constant(column: &Column) -> bool {
    match &column.values {
        Values::Number(values) => {
            let mut present = values.iter().filter(|value| !value.is_nan());
            let first = present.next();
            present.all(|value| Some(value) == first)
        }
        Values::Category { codes, .. } => {
            let mut present = codes.iter().filter(|&&code| code != MISSING);
            let first = present.next();
            present.all(|code| Some(code) == first)
        }
    }
}

/// Levels count by their first appearance, so that a category with other names for its levels is a copy as well.
fn hash(column: &Column) -> u64 {
    match &column.values {
        Values::Number(values) => values.iter().fold(1, |hash, &value| mix(hash, bits(value))),
        Values::Category { codes, .. } => {
            appearance(codes).into_iter().fold(2, |hash, code| mix(hash, u64::from(code)))
        }
    }
}

fn is_same(one: &Column, other: &Column) -> bool {
    match (&one.values, &other.values) {
        (Values::Number(a), Values::Number(b)) => a.iter().zip(b).all(|(&a, &b)| bits(a) == bits(b)),
        (Values::Category { codes: a, .. }, Values::Category { codes: b, .. }) => appearance(a) == appearance(b),
        _ => false,
    }
}

/// Missing is missing, whatever its bits; and nought has one sign.
fn bits(value: f32) -> u64 {
    if value.is_nan() { u64::MAX } else { u64::from((value + 0.0).to_bits()) }
}

fn appearance(codes: &[u32]) -> Vec<u32> {
    let levels = codes.iter().filter(|&&code| code != MISSING).max().map_or(0, |&last| last as usize + 1);
    let mut number = vec![MISSING; levels];
    let mut next = 0;
    let numbered = codes.iter().map(|&code| {
        let Some(number) = number.get_mut(code as usize) else { return MISSING };
        if *number == MISSING {
            *number = next;
            next += 1;
        }
        *number
    });
    numbered.collect()
}
