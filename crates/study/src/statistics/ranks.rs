//! Ranks with ties at their mean.

/// The rank of each value from 0 up, ties at the mean of their places.
pub(crate) fn mid_ranks(values: &[f32]) -> Vec<f32> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0usize;
    for tie in order.chunk_by(|&a, &b| values[a as usize] == values[b as usize]) {
        let rank = below as f32 + (tie.len() - 1) as f32 / 2.0;
        for &index in tie {
            ranks[index as usize] = rank;
        }
        below += tie.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_their_mean() {
        assert_eq!(mid_ranks(&[3.0, 1.0, 3.0, -2.0, 3.0]), [3.0, 1.0, 3.0, 0.0, 3.0]);
    }
}
