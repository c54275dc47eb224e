//! A dataset made ready for fitting: columns binned once, categories encoded for each set of training rows.

use rayon::prelude::*;

use crate::bins::BinnedColumn;
use crate::boost::{BoostSettings, Chains, Training, Watched, boost};
use crate::data::{Dataset, Values};
use crate::encode::{self, Extras, Fitted};
use crate::math::mix;
use crate::settings::{Direction, Settings};

/// What does not depend on the fold.
pub(crate) struct Table<'a> {
    pub(crate) dataset: &'a Dataset,
    /// Number columns, binned; nothing for categories. Edges look at values of all rows, never at labels.
    numbers: Vec<Option<BinnedColumn>>,
    settings: &'a Settings,
}

/// The table as seen from one set of training rows.
pub(crate) struct View<'a> {
    pub(crate) table: &'a Table<'a>,
    pub(crate) fitted: Fitted,
    derived: Vec<BinnedColumn>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(dataset: &'a Dataset, settings: &'a Settings) -> Self {
        let rows: Vec<u32> = (0..dataset.rows() as u32).collect();
        let numbers = dataset.columns.par_iter().map(|column| match &column.values {
            Values::Number(values) => Some(BinnedColumn::new(values, &rows)),
            Values::Category { .. } => None,
        });
        Self { dataset, numbers: numbers.collect(), settings }
    }

    /// Learns from the training rows what stands for levels.
    pub(crate) fn view(&'a self, train: &[u32], extras: Extras) -> View<'a> {
        let directed: Vec<&str> = self.settings.monotone.iter().map(|(column, _)| column.as_str()).collect();
        let (dealings, seed) = (self.settings.chains, mix(self.settings.seed, 1));
        let mut fitted = encode::fit(self.dataset, train, extras, &directed, dealings, seed);
        let derived = fitted.derived.par_iter_mut().map(|learned| {
            let mut column = BinnedColumn::new(&learned.values, train);
            // Bins are all that is ever needed of the further dealings.
            column.deal(&std::mem::take(&mut learned.dealt));
            column
        });
        let derived = derived.collect();
        View { table: self, fitted, derived }
    }
}

impl View<'_> {
    /// Chains of trees on some of the rows and features.
    pub(crate) fn boost(
        &self,
        rows: &[u32],
        size: &BoostSettings,
        extras: Extras,
        watched: Option<Watched<'_>>,
        chains: usize,
    ) -> Chains {
        let (dataset, settings) = (self.table.dataset, self.table.settings);
        let training = Training {
            columns: &self.binned(),
            usable: &self.fitted.encoder.usable(extras),
            directions: &self.directions(),
            label: &dataset.label,
            weight: dataset.weight.as_deref(),
            subject: &dataset.subject,
            rows,
            seed: settings.seed,
            chains,
        };
        boost(&training, size, watched)
    }

    /// All features as numbers.
    pub(crate) fn features(&self) -> Vec<&[f32]> {
        self.fitted.features(self.table.dataset)
    }

    /// All features as bins.
    pub(crate) fn binned(&self) -> Vec<&BinnedColumn> {
        let (mut numbers, mut derived) = (self.table.numbers.iter().flatten(), self.derived.iter());
        let missing = "the encoder was fitted on this table";
        self.fitted.encoder.lay_out(|_| numbers.next().expect(missing), |_| derived.next().expect(missing))
    }

    /// For each feature: 1 where the score may only rise with it, -1 where it may only fall, else 0.
    fn directions(&self) -> Vec<i8> {
        let direction = |name: Option<&str>| {
            let stated = self.table.settings.monotone.iter().find(|(column, _)| Some(column.as_str()) == name);
            match stated {
                Some((_, Direction::Rising)) => 1,
                Some((_, Direction::Falling)) => -1,
                None => 0,
            }
        };
        self.fitted.encoder.number_names().into_iter().map(direction).collect()
    }
}
