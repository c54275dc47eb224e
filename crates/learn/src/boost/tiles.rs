//! The rows that a model is grown on, as bins, eight columns side by side.
//!
//! A pass that counts a histogram reads eight bytes a row, next to each other, and adds to eight bins that cannot be the
//! same one: neither memory nor the wait for the last addition holds it up.

use rayon::prelude::*;

use crate::bins::BinnedColumn;

/// Columns of a tile.
pub(super) const WIDTH: usize = 8;

/// Codes of some rows, renumbered from 0. Columns without two different values are left out, and those not to be used.
pub(super) struct Tiles {
    tiles: Vec<Vec<[u8; WIDTH]>>,
    /// The feature in each place, tile after tile.
    features: Vec<u32>,
    /// The place of each feature; nothing for constant ones.
    places: Vec<Option<u32>>,
}

impl Tiles {
    pub(super) fn new(columns: &[&BinnedColumn], usable: Option<&[bool]>, rows: &[u32]) -> Self {
        let is_used = |feature: usize| columns[feature].varies && usable.is_none_or(|usable| usable[feature]);
        let features: Vec<u32> = (0..columns.len() as u32).filter(|&feature| is_used(feature as usize)).collect();
        let mut places = vec![None; columns.len()];
        for (place, &feature) in features.iter().enumerate() {
            places[feature as usize] = Some(place as u32);
        }
        let tile = |features: &[u32]| {
            let mut tile = vec![[0; WIDTH]; rows.len()];
            for (lane, &feature) in features.iter().enumerate() {
                let codes = &columns[feature as usize].codes;
                for (cells, &row) in tile.iter_mut().zip(rows) {
                    cells[lane] = codes[row as usize];
                }
            }
            tile
        };
        Self { tiles: features.par_chunks(WIDTH).map(tile).collect(), features, places }
    }

    /// The features that vary, ascending.
    pub(super) fn features(&self) -> &[u32] {
        &self.features
    }

    /// The tile that holds a feature, and its lane there.
    pub(super) fn place(&self, feature: u32) -> Option<(usize, usize)> {
        let place = self.places[feature as usize]? as usize;
        Some((place / WIDTH, place % WIDTH))
    }

    pub(super) fn tile(&self, tile: usize) -> &[[u8; WIDTH]] {
        &self.tiles[tile]
    }
}
