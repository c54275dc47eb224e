//! Drawing by hash: the same row gets the same answer on any thread.

pub(crate) use learn::mix;

/// The rows in two halves, equal but for one row, each in the order of `rows`.
pub(crate) fn halves(rows: &[u32], seed: u64) -> [Vec<u32>; 2] {
    let mut keys: Vec<u64> = rows.iter().map(|&row| mix(seed, u64::from(row))).collect();
    let hashes = keys.clone();
    if keys.is_empty() {
        return [Vec::new(), Vec::new()];
    }
    let middle = keys.len() / 2;
    let (_, &mut cut, _) = keys.select_nth_unstable(middle);
    let mut halves = [Vec::with_capacity(middle), Vec::with_capacity(middle + 1)];
    for (&row, hash) in rows.iter().zip(hashes) {
        halves[usize::from(hash >= cut)].push(row);
    }
    halves
}

/// The rows shuffled by their hashes.
pub(crate) fn shuffled(rows: &[u32], seed: u64) -> Vec<u32> {
    let mut shuffled = rows.to_vec();
    shuffled.sort_by_cached_key(|&row| (mix(seed, u64::from(row)), row));
    shuffled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_halves() {
        let rows: Vec<u32> = (5..1006).collect();
        let [first, second] = halves(&rows, 3);
        assert_eq!((first.len(), second.len()), (500, 501));
        assert!(first.is_sorted() && second.is_sorted());
        let mut both = [first.clone(), second].concat();
        both.sort_unstable();
        assert_eq!(both, rows);
        assert_ne!(halves(&rows, 4)[0], first);
        assert_eq!(halves(&[], 1), [Vec::<u32>::new(), Vec::new()]);
    }
}
