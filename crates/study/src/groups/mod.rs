//! Variables that say the same: constants, copies, and groups that are strongly associated.
//!
//! Two numbers are compared by Spearman's rank correlation over rows where both are there, two categories by Cramér's V with
//! bias correction (Bergsma 2013), a number and a category by the correlation ratio of the number's ranks, epsilon (Kelley
//! 1935: eta adjusted for the number of levels). A group is a connected component of pairs at or above the threshold, so
//! that two of its members may be less alike than neighbours are.
//!
//! It looks at a bounded number of rows, fewer the more columns there are; a pair needs 30 rows with both values.

mod associate;
mod identical;

use std::collections::HashMap;

use learn::{Column, Dataset};
use serde::Serialize;

use crate::draw::{mix, sample};

/// Strength from which two variables are of one group.
const THRESHOLD: f64 = 0.9;

/// Pairs listed.
const LISTED: usize = 50;

/// Rows compared, at most.
const MOST_ROWS: usize = 10_000;

/// Rows compared, at least, where there are so many.
const FEWEST_ROWS: usize = 1_000;

/// Pairs of columns times rows that are compared: what bounds the time on wide tables.
const PAIR_ROWS: f64 = 3e10;

/// Associations between variables.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Groups {
    /// Rows that were compared.
    pub rows: usize,
    /// Strength from which two variables are of one group, 0.9.
    pub threshold: f64,
    /// Groups of at least two variables, the largest first. Copies are among them.
    pub groups: Vec<Group>,
    /// Sets of columns whose values are the same in every row of the table, or the same but for the names of levels; the
    /// first of each stands for it.
    pub duplicates: Vec<Vec<String>>,
    /// Columns with one value or none.
    pub constants: Vec<String>,
    /// The strongest pairs, the strongest first, 50 at most; of copies only the first is compared.
    pub strongest: Vec<Association>,
}

/// Variables that say much the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// The one that stands for it: the most important to the model.
    pub representative: String,
    /// All of them, the most important first.
    pub columns: Vec<String>,
    /// The weakest of the associations that hold it together, 1 where all are copies.
    pub weakest_link: f64,
}

/// How strongly two variables go together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Association {
    /// One.
    pub first: String,
    /// The other.
    pub second: String,
    /// What is measured.
    pub measure: Measure,
    /// From -1 or 0 to 1.
    pub value: f64,
    /// Rows with both values.
    pub rows: usize,
}

/// A measure of association.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Spearman's rank correlation, -1 to 1.
    Spearman,
    /// Cramér's V, bias corrected, 0 to 1.
    CramersV,
    /// Correlation ratio of ranks, adjusted for levels, 0 to 1.
    CorrelationRatio,
}

/// Compares all columns. `order` is the most important column first.
pub(crate) fn groups(dataset: &Dataset, order: &[String], seed: u64) -> Groups {
    let constants: Vec<usize> = identical::constants(&dataset.columns);
    let varying: Vec<usize> =
        (0..dataset.columns.len()).filter(|column| constants.binary_search(column).is_err()).collect();
    let duplicates = identical::duplicates(&dataset.columns, &varying);
    let mut copies: Vec<usize> = duplicates.iter().flat_map(|set| set[1..].iter().copied()).collect();
    copies.sort_unstable();
    let compared: Vec<usize> = varying.into_iter().filter(|column| copies.binary_search(column).is_err()).collect();
    let rows = compared_rows(dataset.rows(), compared.len(), seed);
    let taken: Vec<Column> = compared.iter().map(|&column| dataset.columns[column].take(&rows)).collect();
    let found = associate::associations(&taken, THRESHOLD, LISTED);

    let name = |column: usize| dataset.columns[column].name.clone();
    let mut links: Vec<(usize, usize, f64)> =
        found.strong.iter().map(|&(a, b, strength)| (compared[a], compared[b], strength)).collect();
    for set in &duplicates {
        links.extend(set[1..].iter().map(|&copy| (set[0], copy, 1.0)));
    }
    let places: HashMap<&str, usize> = order.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
    let place = |column: &Column| places.get(column.name.as_str()).copied().unwrap_or(usize::MAX);
    let rank: Vec<usize> = dataset.columns.iter().map(place).collect();
    let associate = |pair: &associate::Pair| Association {
        first: taken[pair.first].name.clone(),
        second: taken[pair.second].name.clone(),
        measure: pair.measure,
        value: pair.value,
        rows: pair.rows,
    };
    Groups {
        rows: rows.len(),
        threshold: THRESHOLD,
        groups: components(&links, &rank)
            .into_iter()
            .map(|(columns, weakest_link)| Group {
                representative: name(columns[0]),
                columns: columns.into_iter().map(name).collect(),
                weakest_link,
            })
            .collect(),
        duplicates: duplicates.iter().map(|set| set.iter().copied().map(name).collect()).collect(),
        constants: constants.into_iter().map(name).collect(),
        strongest: found.listed.iter().map(associate).collect(),
    }
}

/// Fewer rows the more pairs there are.
fn compared_rows(rows: usize, columns: usize, seed: u64) -> Vec<u32> {
    let pairs = (columns * columns.saturating_sub(1) / 2).max(1);
    let most = ((PAIR_ROWS / pairs as f64) as usize).clamp(FEWEST_ROWS, MOST_ROWS);
    sample(&(0..rows as u32).collect::<Vec<_>>(), most, mix(seed, 20))
}

/// Connected components of the links with their weakest strength, the largest first; members by rank, then by column.
fn components(links: &[(usize, usize, f64)], rank: &[usize]) -> Vec<(Vec<usize>, f64)> {
    let mut parent: Vec<usize> = (0..rank.len()).collect();
    fn root(parent: &mut [usize], mut of: usize) -> usize {
        while parent[of] != of {
            parent[of] = parent[parent[of]];
            of = parent[of];
        }
        of
    }
    // The strongest first, so that what joins two parts is the strongest link between them.
    let mut links = links.to_vec();
    links.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    let mut weakest = vec![1.0f64; rank.len()];
    for (a, b, strength) in links {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        if a != b {
            parent[b] = a;
            weakest[a] = weakest[a].min(weakest[b]).min(strength);
        }
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); rank.len()];
    for column in 0..rank.len() {
        members[root(&mut parent, column)].push(column);
    }
    let mut groups: Vec<(Vec<usize>, f64)> =
        members.into_iter().zip(weakest).filter(|(columns, _)| columns.len() > 1).collect();
    for (columns, _) in &mut groups {
        columns.sort_by_key(|&column| (rank[column], column));
    }
    groups.sort_by_key(|(columns, _)| (std::cmp::Reverse(columns.len()), rank[columns[0]], columns[0]));
    groups
}

#[cfg(test)]
mod tests {
    use domain::{Cutoff, Day};
    use learn::MISSING;

    use super::*;
    use crate::draw::uniform;

    fn dataset(columns: Vec<Column>) -> Dataset {
        let rows = columns[0].rows();
        let cutoff = vec![Cutoff(Day(0)); rows];
        let subject = (0..rows as u32).collect();
        Dataset { columns, label: vec![false; rows], cutoff, subject, weight: None }
    }

    #[test]
    fn copies_constants_and_groups_are_named() {
        let noise = |seed: u64| (0..2000).map(|row| uniform(mix(seed, row)) as f32).collect::<Vec<_>>();
        let base = noise(1);
        let bent = base.iter().map(|x| -x.powi(3)).collect();
        let near: Vec<f32> = base.iter().zip(noise(2)).map(|(a, b)| a + 0.2 * b).collect();
        let gappy = near.iter().enumerate().map(|(row, &x)| if row % 3 == 0 { f32::NAN } else { x }).collect();
        let codes: Vec<u32> = base.iter().map(|x| if *x > 0.95 { MISSING } else { (x * 8.0) as u32 }).collect();
        let renamed = codes.iter().map(|&code| if code == MISSING { code } else { 7 - code }).collect();
        let blurred = (0..2000).map(|row| if row % 200 == 0 { 0 } else { codes[row] }).collect();
        let levels: Vec<String> = (0..8).map(|level| level.to_string()).collect();
        let data = dataset(vec![
            Column::number("alone", noise(3)),
            Column::number("base", base.clone()),
            Column::number("bent", bent),
            Column::number("gappy", gappy),
            Column::number("copy", base),
            Column::number("still", vec![2.0; 2000]),
            Column::number("empty", vec![f32::NAN; 2000]),
            Column::category("codes", codes.clone(), levels.clone()),
            Column::category("renamed", renamed, levels.clone()),
            Column::category("blurred", blurred, levels),
        ]);
        let found = groups(&data, &["gappy".to_owned()], 1);
        assert_eq!(found.constants, ["still", "empty"]);
        assert_eq!(found.duplicates, [["base", "copy"], ["codes", "renamed"]]);
        // Eight even levels hold nearly all of the order, so that the categories join the numbers.
        assert_eq!(found.groups.len(), 1, "{found:?}");
        assert_eq!(found.groups[0].columns, ["gappy", "base", "bent", "copy", "codes", "renamed", "blurred"]);
        assert_eq!(found.groups[0].representative, "gappy");
        let pair = |a: &str, b: &str| found.strongest.iter().find(|pair| pair.first == a && pair.second == b);
        assert!(pair("base", "bent").is_some_and(|pair| (pair.value + 1.0).abs() < 1e-6));
        assert!(pair("codes", "blurred").is_some_and(|pair| pair.value > 0.97 && pair.measure == Measure::CramersV));
        assert!(found.strongest.iter().all(|pair| pair.first != "alone" || pair.value.abs() < 0.2));
    }
}
