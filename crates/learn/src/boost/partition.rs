//! Sends the rows of a leaf to its children, both in their order.

use rayon::prelude::*;

use super::split::LeftCodes;
use super::tiles::WIDTH;

/// Rows that one thread sends at a time.
const CHUNK: usize = 1 << 14;

/// Memory kept from split to split.
#[derive(Default)]
pub(super) struct Sides {
    left: Vec<u32>,
    right: Vec<u32>,
}

/// Moves rows that go left to the front; returns how many do.
pub(super) fn partition(
    rows: &mut [u32],
    tile: &[[u8; WIDTH]],
    lane: usize,
    left_codes: LeftCodes,
    sides: &mut Sides,
) -> usize {
    let goes_left: [bool; 256] = std::array::from_fn(|code| left_codes.contains(code as u8));
    let lane = lane % WIDTH;
    if sides.left.len() < rows.len() {
        sides.left.resize(rows.len(), 0);
        sides.right.resize(rows.len(), 0);
    }
    let send = |((rows, left), right): ((&[u32], &mut [u32]), &mut [u32])| {
        // Written to both sides, kept on one: a branch would be guessed wrong half of the time.
        let (mut lefts, mut rights) = (0, 0);
        for &row in rows {
            let goes = goes_left[usize::from(tile[row as usize][lane])];
            left[lefts] = row;
            right[rights] = row;
            lefts += usize::from(goes);
            rights += usize::from(!goes);
        }
        lefts
    };
    let parts = sides.left.chunks_mut(CHUNK).zip(sides.right.chunks_mut(CHUNK));
    if rows.len() <= 2 * CHUNK {
        let counts: Vec<usize> =
            rows.chunks(CHUNK).zip(parts).map(|(rows, (left, right))| send(((rows, left), right))).collect();
        return gather(rows, sides, &counts);
    }
    let parts = rows.par_chunks(CHUNK).zip(sides.left.par_chunks_mut(CHUNK)).zip(sides.right.par_chunks_mut(CHUNK));
    let counts: Vec<usize> = parts.map(send).collect();
    gather(rows, sides, &counts)
}

/// Puts the chunks' lefts, then their rights, back into `rows`.
fn gather(rows: &mut [u32], sides: &Sides, lefts: &[usize]) -> usize {
    let total = lefts.iter().sum();
    let length = rows.len();
    let (mut into_left, mut into_right) = rows.split_at_mut(total);
    for (chunk, &lefts) in lefts.iter().enumerate() {
        let begin = chunk * CHUNK;
        let rights = (length - begin).min(CHUNK) - lefts;
        let (left, rest) = into_left.split_at_mut(lefts);
        left.copy_from_slice(&sides.left[begin..begin + lefts]);
        into_left = rest;
        let (right, rest) = into_right.split_at_mut(rights);
        right.copy_from_slice(&sides.right[begin..begin + rights]);
        into_right = rest;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::mix;

    #[test]
    fn both_sides_keep_their_order_for_any_length() {
        let tile: Vec<[u8; WIDTH]> = (0..100_000).map(|row| [(mix(1, row) % 7) as u8; WIDTH]).collect();
        let mut sides = Sides::default();
        for length in [0, 1, 5, CHUNK, 2 * CHUNK + 1, 90_001] {
            let rows: Vec<u32> = (0..length as u32).map(|row| row + row % 3).collect();
            let is_left = |row: &u32| tile[*row as usize][3] <= 2;
            let mut sent = rows.clone();
            let lefts = partition(&mut sent, &tile, 3, LeftCodes::up_to(2), &mut sides);
            let expected: Vec<u32> = rows.iter().copied().filter(is_left).collect();
            assert_eq!(sent[..lefts], expected);
            assert!(sent[lefts..].iter().copied().eq(rows.iter().copied().filter(|row| !is_left(row))));
        }
    }
}
