//! The rows that a model is grown on, as bins, eight columns side by side.
//!
//! A pass that counts a histogram reads eight bytes a row, next to each other, and adds to eight bins that cannot be the
//! same one: neither memory nor the wait for the last addition holds it up.

use std::sync::Arc;

use rayon::prelude::*;

use crate::bins::BinnedColumn;

/// Columns of a tile.
pub(super) const WIDTH: usize = 8;

/// Codes of some rows, renumbered from 0. Columns without two different values are left out, and those not to be used.
pub(super) struct Tiles {
    /// Those that all chains learn from alike are shared.
    tiles: Vec<Arc<Vec<[u8; WIDTH]>>>,
    /// The feature in each place, tile after tile.
    features: Vec<u32>,
    /// The place of each feature; nothing for those left out.
    places: Vec<Option<u32>>,
}

impl Tiles {
    /// Tiles for each of the chains.
    pub(super) fn of_chains(
        columns: &[&BinnedColumn],
        usable: Option<&[bool]>,
        rows: &[u32],
        chains: usize,
    ) -> Vec<Self> {
        let is_used = |feature: usize| columns[feature].varies && usable.is_none_or(|usable| usable[feature]);
        let used = (0..columns.len() as u32).filter(|&feature| is_used(feature as usize));
        let (dealt, same): (Vec<u32>, Vec<u32>) = used.partition(|&feature| columns[feature as usize].is_dealt());
        let tiles = |features: &[u32], chain: usize| -> Vec<Arc<Vec<[u8; WIDTH]>>> {
            let tile = |features: &[u32]| {
                let mut tile = vec![[0; WIDTH]; rows.len()];
                for (lane, &feature) in features.iter().enumerate() {
                    let codes = columns[feature as usize].codes_of(chain);
                    for (cells, &row) in tile.iter_mut().zip(rows) {
                        cells[lane] = codes[row as usize];
                    }
                }
                Arc::new(tile)
            };
            features.par_chunks(WIDTH).map(tile).collect()
        };
        let shared = tiles(&same, 0);
        let mut places = vec![None; columns.len()];
        let of_same = same.iter().enumerate();
        let of_dealt = dealt.iter().enumerate().map(|(index, feature)| (shared.len() * WIDTH + index, feature));
        for (place, &feature) in of_same.chain(of_dealt) {
            places[feature as usize] = Some(place as u32);
        }
        let features = [same, dealt.clone()].concat();
        let of_chain = |chain| {
            let tiles = [shared.clone(), tiles(&dealt, chain)].concat();
            Self { tiles, features: features.clone(), places: places.clone() }
        };
        (0..chains.max(1)).map(of_chain).collect()
    }

    /// The features that can be asked, in the order of their places.
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
