//! Rows dealt into folds: each fold has its share of every arm and, of 0/1 outcomes, of both.

use crate::draw::mix;

/// Which rows are kept out together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Folds {
    /// By row of the table; rows that take no part have [`u8::MAX`].
    of_row: Vec<u8>,
    /// In ascending order.
    pub(crate) rows: Vec<Vec<u32>>,
}

impl Folds {
    /// Deals `rows` of a table with `table_rows` rows. Rows of one `stratum` are spread over the folds evenly.
    pub(crate) fn deal(
        table_rows: usize,
        rows: &[u32],
        count: usize,
        seed: u64,
        stratum: impl Fn(u32) -> (u32, bool),
    ) -> Self {
        let mut order: Vec<((u32, bool), u64, u32)> =
            rows.iter().map(|&row| (stratum(row), mix(seed, u64::from(row)), row)).collect();
        order.sort_unstable();
        let mut of_row = vec![u8::MAX; table_rows];
        let mut folds = vec![Vec::new(); count];
        // Dealing goes on over strata, so that folds differ by one row at most.
        for (place, (_, _, row)) in order.into_iter().enumerate() {
            of_row[row as usize] = (place % count) as u8;
            folds[place % count].push(row);
        }
        folds.iter_mut().for_each(|fold| fold.sort_unstable());
        Self { of_row, rows: folds }
    }

    pub(crate) fn count(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn of(&self, row: u32) -> usize {
        usize::from(self.of_row[row as usize])
    }

    /// Those of `rows` that lie in none of the given folds.
    pub(crate) fn outside(&self, rows: &[u32], folds: &[usize]) -> Vec<u32> {
        rows.iter().copied().filter(|&row| !folds.contains(&self.of(row))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_share_strata() {
        let rows: Vec<u32> = (0..1000).filter(|row| row % 10 > 0).collect();
        let folds = Folds::deal(1000, &rows, 5, 1, |row| (row % 2, row % 50 == 1));
        assert_eq!(folds.rows.iter().map(Vec::len).collect::<Vec<_>>(), [180; 5]);
        let rare = |fold: &Vec<u32>| fold.iter().filter(|&&row| row % 50 == 1).count();
        assert!(folds.rows.iter().all(|fold| rare(fold) == 4), "{folds:?}");
        assert_eq!(folds.outside(&rows, &[1, 3]).len(), 540);
        assert!(folds.rows[2].iter().all(|&row| folds.of(row) == 2));
    }
}
