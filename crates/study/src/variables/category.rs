//! A category: its most frequent levels with the share that leaves, and chi-square.

use learn::MISSING;

use super::{Described, Difference, Distribution, LevelShare, independence};
use crate::estimate::Estimate;
use crate::statistics::Table;

/// Levels shown by name.
const SHOWN: usize = 12;

/// Rows of a class expected in a level, at least, for it to stand alone in the test.
const EXPECTED: f64 = 5.0;

/// Staying and leaving rows of a level.
#[derive(Clone, Copy, Default)]
struct Count {
    staying: usize,
    leaving: usize,
}

pub(super) fn describe(codes: &[u32], levels: &[String], rows: &[u32], label: &[bool]) -> Described {
    let mut counts = vec![Count::default(); levels.len()];
    let mut present = Vec::with_capacity(rows.len());
    for (&row, &leaves) in rows.iter().zip(label) {
        let code = codes[row as usize];
        if code != MISSING {
            let count = &mut counts[code as usize];
            *if leaves { &mut count.leaving } else { &mut count.staying } += 1;
            present.push(leaves);
        }
    }
    let mut seen: Vec<usize> = (0..levels.len()).filter(|&level| counts[level].rows() > 0).collect();
    seen.sort_by(|&a, &b| counts[b].rows().cmp(&counts[a].rows()).then(levels[a].cmp(&levels[b])));
    let (shown, rest) = seen.split_at(seen.len().min(SHOWN));
    let distribution = Distribution::Category {
        levels: shown.iter().map(|&level| counts[level].share(&levels[level])).collect(),
        others: (!rest.is_empty()).then(|| pooled(rest.iter().map(|&level| counts[level])).share("")),
        other_levels: rest.len(),
    };
    let by_count: Vec<Count> = seen.iter().map(|&level| counts[level]).collect();
    let difference = difference(&by_count, &present);
    Described { distinct: seen.len(), distribution, difference }
}

/// Levels too rare for chi-square's approximation are tested as one.
fn difference(counts: &[Count], label: &[bool]) -> Option<Difference> {
    let leaving = label.iter().filter(|&&label| label).count() as f64;
    let rarer = leaving.min(label.len() as f64 - leaving) / label.len().max(1) as f64;
    let stands_alone = |count: &&Count| count.rows() as f64 * rarer >= EXPECTED;
    let mut tested: Vec<Count> = counts.iter().filter(stands_alone).copied().collect();
    let rare = pooled(counts.iter().filter(|count| !stands_alone(count)).copied());
    if rare.rows() > 0 {
        tested.push(rare);
    }
    let cells = tested.iter().flat_map(|count| [count.staying as f64, count.leaving as f64]).collect();
    independence(&Table { counts: cells, columns: 2 }, label)
}

fn pooled(counts: impl Iterator<Item = Count>) -> Count {
    counts.fold(Count::default(), |sum, count| Count {
        staying: sum.staying + count.staying,
        leaving: sum.leaving + count.leaving,
    })
}

impl Count {
    fn rows(self) -> usize {
        self.staying + self.leaving
    }

    fn share(self, name: &str) -> LevelShare {
        LevelShare {
            name: name.to_owned(),
            rows: self.rows(),
            leaving_rows: self.leaving,
            leaving: Estimate::share(self.leaving as f64, self.rows() as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_levels_are_pooled_and_a_key_shows_no_difference() {
        let rows: Vec<u32> = (0..400).collect();
        let label: Vec<bool> = rows.iter().map(|row| row % 5 == 0).collect();
        let levels: Vec<String> = rows.iter().map(|row| format!("k{row}")).collect();
        let key = describe(&rows, &levels, &rows, &label);
        assert_eq!((key.distinct, key.difference), (400, None));
        let Distribution::Category { levels, others, other_levels } = key.distribution else { panic!("a category") };
        assert_eq!((levels.len(), other_levels, others.map(|others| others.rows)), (12, 388, Some(388)));
    }
}
