//! What each action truly does, by family and band.

use domain::Band;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{FAMILIES, PLANS, WHATSAPP};
use crate::draw::normal;

/// The share of subjects whom WhatsApp annoys, and by how much its effect is less on them.
pub(super) const ANNOYED_SHARE: f64 = 0.18;
const ANNOYANCE: f64 = 0.3;
/// Effects by family and band stay within this.
const EFFECTS: [f64; 2] = [-0.35, 0.72];

/// How effects of one action are drawn: the range of its mean, then how far families, bands and subjects differ.
struct Kind {
    mean: [f64; 2],
    families: f64,
    bands: f64,
    subjects: f64,
}

const KINDS: [Kind; PLANS.len()] = [
    Kind { mean: [0.10, 0.45], families: 0.12, bands: 0.06, subjects: 0.12 },
    Kind { mean: [-0.10, 0.20], families: 0.06, bands: 0.04, subjects: 0.08 },
    Kind { mean: [0.15, 0.60], families: 0.10, bands: 0.06, subjects: 0.10 },
    Kind { mean: [0.05, 0.50], families: 0.12, bands: 0.06, subjects: 0.12 },
    Kind { mean: [0.15, 0.50], families: 0.10, bands: 0.06, subjects: 0.10 },
];

#[derive(Clone, Debug)]
pub(super) struct Truth {
    /// By action, family and band.
    effects: Vec<[[f64; 3]; FAMILIES.len()]>,
}

impl Truth {
    pub(super) fn draw(rng: &mut ChaCha8Rng) -> Self {
        let of_action = |kind: &Kind| {
            let mean = rng.random_range(kind.mean[0]..kind.mean[1]);
            let bands = [(); 3].map(|()| kind.bands * normal(rng));
            FAMILIES.map(|_| {
                let family = kind.families * normal(rng);
                bands.map(|band| (mean + family + band).clamp(EFFECTS[0], EFFECTS[1]))
            })
        };
        Self { effects: KINDS.iter().map(of_action).collect() }
    }

    pub(super) fn effect(&self, action: usize, family: usize, band: Band) -> f64 {
        self.effects[action][family][band as usize]
    }

    /// Over families as common as they are, and the bands of those who need something.
    pub(super) fn mean_effect(&self, action: usize) -> f64 {
        let all: f64 = FAMILIES.iter().map(|(_, weight)| weight).sum();
        let of = |&(family, weight): &(usize, f64)| {
            let bands = self.effects[action][family];
            weight / all * (bands[Band::Medium as usize] + bands[Band::High as usize]) / 2.0
        };
        FAMILIES.iter().map(of).sum()
    }

    /// What a subject's openness adds to an effect: nothing on average.
    pub(super) fn own_part(&self, action: usize, openness: f64) -> f64 {
        KINDS[action].subjects * openness
    }
}

/// What annoyance adds to an effect: nothing on average.
pub(super) fn annoyance(action: usize, is_annoyed: bool) -> f64 {
    match (action, is_annoyed) {
        (WHATSAPP, true) => -ANNOYANCE * (1.0 - ANNOYED_SHARE),
        (WHATSAPP, false) => ANNOYANCE * ANNOYED_SHARE,
        _ => 0.0,
    }
}
