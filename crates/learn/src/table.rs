//! A dataset made ready for fitting: columns binned once, categories encoded for each set of training rows.

use rayon::prelude::*;

use crate::bins::BinnedColumn;
use crate::boost::{BoostSettings, Chains, Training, Watched, boost};
use crate::data::{Dataset, Values};
use crate::encode::{self, Fitted};
use crate::math::mix;
use crate::settings::{Direction, Settings};

/// What does not depend on the fold.
pub(crate) struct Table<'a> {
    pub(crate) dataset: &'a Dataset,
    /// Number columns, binned; nothing for categories. Edges look at values of all rows, never at labels.
    numbers: Vec<Option<BinnedColumn>>,
    seed: u64,
}

/// The table as seen from one set of training rows.
pub(crate) struct View<'a> {
    pub(crate) table: &'a Table<'a>,
    pub(crate) fitted: Fitted,
    categories: Vec<BinnedColumn>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(dataset: &'a Dataset, seed: u64) -> Self {
        let rows: Vec<u32> = (0..dataset.rows() as u32).collect();
        let numbers = dataset.columns.par_iter().map(|column| match &column.values {
            Values::Number(values) => Some(BinnedColumn::new(values, &rows)),
            Values::Category { .. } => None,
        });
        Self { dataset, numbers: numbers.collect(), seed }
    }

    /// Encodes categories by the training rows.
    pub(crate) fn view(&'a self, train: &[u32]) -> View<'a> {
        let fitted = encode::fit(self.dataset, train, mix(self.seed, 1));
        let categories = fitted.derived.par_iter().map(|values| BinnedColumn::new(values, train)).collect();
        View { table: self, fitted, categories }
    }

    /// How much there is to learn from, in values.
    pub(crate) fn cells(&self) -> usize {
        self.dataset.rows() * self.dataset.columns.len()
    }

    /// The name of the number column that each feature is; nothing for parts of a category.
    pub(crate) fn feature_names(&self) -> Vec<Option<&str>> {
        let mut names = Vec::new();
        for column in &self.dataset.columns {
            match &column.values {
                Values::Number(_) => names.push(Some(column.name.as_str())),
                Values::Category { .. } => names.extend([None, None]),
            }
        }
        names
    }

    /// For each feature: 1 where the score may only rise with it, -1 where it may only fall, else 0.
    pub(crate) fn directions(&self, settings: &Settings) -> Vec<i8> {
        let direction = |name: Option<&str>| {
            let stated = settings.monotone.iter().find(|(column, _)| Some(column.as_str()) == name);
            match stated {
                Some((_, Direction::Rising)) => 1,
                Some((_, Direction::Falling)) => -1,
                None => 0,
            }
        };
        self.feature_names().into_iter().map(direction).collect()
    }
}

impl View<'_> {
    /// Chains of trees on some of the rows.
    pub(crate) fn boost(
        &self,
        rows: &[u32],
        size: &BoostSettings,
        watched: Option<Watched<'_>>,
        chains: usize,
        settings: &Settings,
    ) -> Chains {
        let dataset = self.table.dataset;
        let training = Training {
            columns: &self.binned(),
            directions: &self.table.directions(settings),
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
        let mut categories = self.categories.iter();
        let mut columns = Vec::new();
        for number in &self.table.numbers {
            match number {
                Some(column) => columns.push(column),
                None => columns.extend(categories.by_ref().take(2)),
            }
        }
        columns
    }
}
