//! Drawing by hash: the same row gets the same answer on any thread and in any order.

pub(crate) use learn::mix;

/// A number from 0 up to, but not including, 1.
pub(crate) fn uniform(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

/// At most so many of the items, those of the smallest hashes, in their order.
pub(crate) fn sample(items: &[u32], most: usize, seed: u64) -> Vec<u32> {
    if items.len() <= most {
        return items.to_vec();
    }
    let mut drawn: Vec<(u64, u32)> = items.iter().map(|&item| (mix(seed, u64::from(item)), item)).collect();
    drawn.select_nth_unstable(most);
    drawn.truncate(most);
    let mut kept: Vec<u32> = drawn.into_iter().map(|(_, item)| item).collect();
    kept.sort_unstable();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_of_its_size_and_in_order() {
        let items: Vec<u32> = (0..1000).collect();
        let drawn = sample(&items, 100, 7);
        assert_eq!(drawn.len(), 100);
        assert!(drawn.is_sorted() && drawn != sample(&items, 100, 8));
        assert_eq!(sample(&items, 5000, 7), items);
    }
}
