//! Histograms of gradients: for each feature and code, the sums of first and second derivatives of the loss.
//!
//! Derivatives are rounded to whole quanta of the largest one of the tree, 17 bits and a sign for the first, 18 bits for
//! the second, by a dither that is right on average; one 64-bit number holds both, so that a row's step at a feature is one
//! addition. Sums of whole numbers are exact: a parent's histogram minus one child's *is* the other child's, and no order
//! of additions can change a tree. Leaf values are summed from the derivatives themselves (`grow`).

use rayon::prelude::*;

use super::tiles::{Tiles, WIDTH};

/// Rows whose packed sums cannot overflow.
const CHUNK: usize = 1 << 14;

/// Quanta of the largest first derivative: `CHUNK` of them stay within 31 bits.
const GRADIENT_QUANTA: f64 = ((1 << 17) - 1) as f64;

/// Quanta of the largest second derivative: `CHUNK` of them stay within 32 bits.
const HESSIAN_QUANTA: f64 = ((1 << 18) - 1) as f64;

/// Rows whose codes are fetched before any is counted.
const BLOCK: usize = 64;

/// Codes a column can have.
const CODES: usize = 256;

/// Sums of whole quanta, exact up to 2^53.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sums {
    pub(super) gradient: f64,
    pub(super) hessian: f64,
}

/// First and second derivatives by row.
#[derive(Default)]
pub(super) struct Derivatives {
    pub(super) gradient: Vec<f32>,
    pub(super) hessian: Vec<f32>,
    /// Both in quanta: the first in the upper half, the second in the lower.
    packed: Vec<u64>,
    /// What a quantum is worth.
    pub(super) gradient_quantum: f64,
    pub(super) hessian_quantum: f64,
}

/// The features of a tile that a tree may use.
pub(super) struct DrawnTile {
    tile: usize,
    lanes: [u8; WIDTH],
    pub(super) features: Vec<DrawnFeature>,
    cells: usize,
}

/// A feature's part of a tile's histogram.
pub(super) struct DrawnFeature {
    pub(super) feature: u32,
    pub(super) begin: usize,
    pub(super) end: usize,
}

/// By tile, then feature, then code.
pub(super) type Histogram = Vec<Vec<Sums>>;

impl std::ops::Sub for Sums {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { gradient: self.gradient - other.gradient, hessian: self.hessian - other.hessian }
    }
}

impl std::ops::Add for Sums {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { gradient: self.gradient + other.gradient, hessian: self.hessian + other.hessian }
    }
}

impl Derivatives {
    /// Rounds `gradient` and `hessian` to quanta.
    pub(super) fn pack(&mut self, seed: u64) {
        let largest = |values: &[f32]| {
            let of_part = |part: &[f32]| part.iter().fold(0.0f32, |most, value| most.max(value.abs()));
            f64::from(values.par_chunks(CHUNK).map(of_part).reduce(|| 0.0, f32::max))
        };
        let quantum = |most: f64, quanta: f64| if most > 0.0 { most / quanta } else { 1.0 };
        self.gradient_quantum = quantum(largest(&self.gradient), GRADIENT_QUANTA);
        self.hessian_quantum = quantum(largest(&self.hessian), HESSIAN_QUANTA);
        let (a, b) = (1.0 / self.gradient_quantum, 1.0 / self.hessian_quantum);
        self.packed.resize(self.gradient.len(), 0);
        let parts = self.packed.par_chunks_mut(CHUNK).zip(self.gradient.par_chunks(CHUNK));
        parts.zip(self.hessian.par_chunks(CHUNK)).enumerate().for_each(|(part, ((packed, gradient), hessian))| {
            let first = (part * CHUNK) as u32;
            for (index, ((packed, &g), &h)) in packed.iter_mut().zip(gradient).zip(hessian).enumerate() {
                // Multiples of the golden ratio fill 0..1 evenly, whatever rows are looked at together.
                let turn = (first + index as u32).wrapping_add(seed as u32).wrapping_mul(0x9E37_79B9);
                let dither = f64::from(turn >> 8) * (1.0 / f64::from(1 << 24));
                let g = (f64::from(g) * a + dither).floor().clamp(-GRADIENT_QUANTA, GRADIENT_QUANTA) as i64;
                let h = (f64::from(h) * b + dither).floor().min(HESSIAN_QUANTA) as i64;
                *packed = ((g << 32) + h) as u64;
            }
        });
    }

    /// Packed derivatives of some rows, in their order.
    pub(super) fn ordered(&self, rows: &[u32], into: &mut Vec<u64>) {
        into.resize(rows.len(), 0);
        into.par_chunks_mut(CHUNK).zip(rows.par_chunks(CHUNK)).for_each(|(into, rows)| {
            for (packed, &row) in into.iter_mut().zip(rows) {
                *packed = self.packed[row as usize];
            }
        });
    }

    /// Total of packed derivatives.
    pub(super) fn total(ordered: &[u64]) -> Sums {
        let chunks =
            ordered.chunks(CHUNK).map(|chunk| chunk.iter().fold(0u64, |sum, packed| sum.wrapping_add(*packed)));
        chunks.fold(Sums::default(), |sums, packed| sums + unpack(packed))
    }
}

/// The tiles of the features drawn for a tree, which are in the order of their places.
pub(super) fn drawn_tiles(tiles: &Tiles, features: &[u32], codes_used: impl Fn(u32) -> usize) -> Vec<DrawnTile> {
    let mut drawn: Vec<DrawnTile> = Vec::new();
    for &feature in features {
        let Some((tile, lane)) = tiles.place(feature) else { continue };
        if drawn.last().is_none_or(|last| last.tile != tile) {
            drawn.push(DrawnTile { tile, lanes: [0; WIDTH], features: Vec::new(), cells: 0 });
        }
        let into = drawn.last_mut().expect("one was just pushed");
        into.lanes[into.features.len()] = lane as u8;
        let begin = into.cells;
        into.cells += codes_used(feature);
        into.features.push(DrawnFeature { feature, begin, end: into.cells });
    }
    drawn
}

impl DrawnTile {
    /// Sums of this tile's features over rows, whose packed derivatives are in the same order.
    pub(super) fn count(&self, tiles: &Tiles, rows: &[u32], ordered: &[u64], cells: &mut Vec<Sums>) {
        let tile = tiles.tile(self.tile);
        cells.clear();
        cells.resize(self.cells, Sums::default());
        for (rows, ordered) in rows.chunks(CHUNK).zip(ordered.chunks(CHUNK)) {
            let mut packed = [[0; CODES]; WIDTH];
            match self.features.len() {
                1 => add::<1>(tile, rows, ordered, &self.lanes, &mut packed),
                2 => add::<2>(tile, rows, ordered, &self.lanes, &mut packed),
                3 => add::<3>(tile, rows, ordered, &self.lanes, &mut packed),
                4 => add::<4>(tile, rows, ordered, &self.lanes, &mut packed),
                5 => add::<5>(tile, rows, ordered, &self.lanes, &mut packed),
                6 => add::<6>(tile, rows, ordered, &self.lanes, &mut packed),
                7 => add::<7>(tile, rows, ordered, &self.lanes, &mut packed),
                _ => add_all(tile, rows, ordered, &mut packed),
            }
            for (feature, packed) in self.features.iter().zip(&packed) {
                for (cell, &packed) in cells[feature.begin..feature.end].iter_mut().zip(packed) {
                    *cell = *cell + unpack(packed);
                }
            }
        }
    }
}

fn unpack(packed: u64) -> Sums {
    Sums { gradient: f64::from((packed >> 32) as u32 as i32), hessian: f64::from(packed as u32) }
}

fn add_all(tile: &[[u8; WIDTH]], rows: &[u32], ordered: &[u64], packed: &mut [[u64; CODES]; WIDTH]) {
    let mut near = [[0; WIDTH]; BLOCK];
    for (rows, ordered) in rows.chunks(BLOCK).zip(ordered.chunks(BLOCK)) {
        for (codes, &derivatives) in fetch(tile, rows, &mut near).iter().zip(ordered) {
            for (sums, &code) in packed.iter_mut().zip(codes) {
                let sum = &mut sums[usize::from(code)];
                *sum = sum.wrapping_add(derivatives);
            }
        }
    }
}

fn add<const LANES: usize>(
    tile: &[[u8; WIDTH]],
    rows: &[u32],
    ordered: &[u64],
    lanes: &[u8; WIDTH],
    packed: &mut [[u64; CODES]; WIDTH],
) {
    let lanes: [usize; LANES] = std::array::from_fn(|index| usize::from(lanes[index]) % WIDTH);
    let mut near = [[0; WIDTH]; BLOCK];
    for (rows, ordered) in rows.chunks(BLOCK).zip(ordered.chunks(BLOCK)) {
        for (codes, &derivatives) in fetch(tile, rows, &mut near).iter().zip(ordered) {
            for (sums, &lane) in packed.iter_mut().zip(&lanes) {
                let sum = &mut sums[usize::from(codes[lane])];
                *sum = sum.wrapping_add(derivatives);
            }
        }
    }
}

/// Codes of some rows, brought together: rows of a leaf lie far apart, and nothing but fetching them keeps many fetches
/// under way at a time.
fn fetch<'a>(tile: &[[u8; WIDTH]], rows: &[u32], near: &'a mut [[u8; WIDTH]; BLOCK]) -> &'a [[u8; WIDTH]] {
    for (codes, &row) in near.iter_mut().zip(rows) {
        *codes = tile[row as usize];
    }
    &near[..rows.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bins::BinnedColumn;
    use crate::math::mix;

    fn world(rows: u32, columns: u64) -> (Vec<BinnedColumn>, Derivatives) {
        let every: Vec<u32> = (0..rows).collect();
        let column = |column| {
            let value = |row: u32| (mix(column, u64::from(row)) % (3 + 60 * column)) as f32;
            BinnedColumn::new(&(0..rows).map(value).collect::<Vec<_>>(), &every)
        };
        let draw = |seed: u64, row: u32| (mix(seed, u64::from(row)) % 2001) as f32 / 1000.0;
        let mut derivatives = Derivatives {
            gradient: every.iter().map(|&row| draw(91, row) - 1.0).collect(),
            hessian: every.iter().map(|&row| draw(92, row)).collect(),
            ..Derivatives::default()
        };
        derivatives.pack(5);
        ((0..columns).map(column).collect(), derivatives)
    }

    #[test]
    fn sums_are_those_of_the_rows_for_every_number_of_lanes() {
        let (columns, derivatives) = world(40_000, 11);
        let columns: Vec<&BinnedColumn> = columns.iter().collect();
        let tiles = Tiles::of_chains(&columns, None, &(0..40_000).collect::<Vec<_>>(), 1).remove(0);
        let rows: Vec<u32> = (0..40_000).filter(|row| row % 3 != 0).collect();
        let mut ordered = Vec::new();
        derivatives.ordered(&rows, &mut ordered);
        let total = Derivatives::total(&ordered);
        for lanes in 1..=11 {
            let features: Vec<u32> = (11 - lanes..11).collect();
            let drawn = drawn_tiles(&tiles, &features, |feature| columns[feature as usize].codes_used());
            let mut seen = Vec::new();
            for tile in &drawn {
                let mut cells = Vec::new();
                tile.count(&tiles, &rows, &ordered, &mut cells);
                for feature in &tile.features {
                    seen.push(feature.feature);
                    let cells = &cells[feature.begin..feature.end];
                    assert_eq!(cells.iter().fold(Sums::default(), |sums, &cell| sums + cell), total);
                    let codes = &columns[feature.feature as usize].codes;
                    let of_code_1 = rows.iter().filter(|&&row| codes[row as usize] == 1);
                    let expected: f64 = of_code_1.map(|&row| f64::from(derivatives.gradient[row as usize])).sum();
                    let found = cells[1].gradient * derivatives.gradient_quantum;
                    assert!((found - expected).abs() < 2e-3, "{found} {expected}");
                }
            }
            assert_eq!(seen, features);
        }
    }

    #[test]
    fn the_largest_derivatives_of_a_full_chunk_do_not_overflow() {
        let mut derivatives =
            Derivatives { gradient: vec![-3.0; CHUNK], hessian: vec![7.0; CHUNK], ..Derivatives::default() };
        derivatives.pack(1);
        let total = Derivatives::total(&derivatives.packed);
        assert!((total.gradient * derivatives.gradient_quantum / CHUNK as f64 + 3.0).abs() < 1e-4, "{total:?}");
        assert!((total.hessian * derivatives.hessian_quantum / CHUNK as f64 - 7.0).abs() < 1e-4, "{total:?}");
    }

    #[test]
    fn derivatives_below_a_quantum_count_on_average() {
        let mut gradient = vec![1e-6f32; 100_000];
        gradient[0] = 1.0;
        let mut derivatives = Derivatives { hessian: gradient.clone(), gradient, ..Derivatives::default() };
        derivatives.pack(3);
        let total = Derivatives::total(&derivatives.packed[1..]);
        let found = total.gradient * derivatives.gradient_quantum;
        assert!((found - 0.1).abs() < 0.001, "{found}");
    }
}
