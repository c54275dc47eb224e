//! Which pools a subject draws on.
//!
//! Pools of all resources are numbered through. Subjects who draw on the same pools form a cell: with three mentors and
//! one budget there are three cells, whatever the number of subjects, so that sums are kept by cell.

use std::collections::BTreeMap;

use super::Problem;

pub(super) struct Pools {
    /// How many pools there are.
    pub(super) count: usize,
    /// How many resources there are: as many pools a subject draws on.
    pub(super) resources: usize,
    /// What each pool holds that can be used up: whole times what all uses of its resource are multiples of.
    pub(super) capacities: Vec<u64>,
    /// Where each resource's pools begin.
    first: Vec<usize>,
    /// The pools of each cell, by resource, cell after cell.
    of_cell: Vec<u32>,
    /// The cell of each subject; empty where there is one.
    cell_of: Vec<u32>,
}

impl Pools {
    pub(super) fn new(problem: &Problem<'_>, subjects: usize) -> Self {
        let resources = problem.resources;
        let mut first = Vec::with_capacity(resources.len());
        let mut capacities = Vec::new();
        for resource in resources {
            assert_eq!(resource.uses.len(), problem.actions, "a resource says what each action takes");
            first.push(capacities.len());
            let common = resource.uses.iter().copied().fold(0, greatest_common_divisor).max(1);
            capacities.extend(resource.capacities.iter().map(|held| held / common * common));
        }
        let mut pools = Self {
            count: capacities.len(),
            resources: resources.len(),
            capacities,
            first,
            of_cell: Vec::new(),
            cell_of: Vec::new(),
        };
        if resources.iter().all(|resource| resource.pool_of.is_empty()) {
            pools.of_cell = pools.first.iter().map(|&first| as_u32(first)).collect();
            return pools;
        }
        let mut known: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
        pools.cell_of.reserve_exact(subjects);
        let mut drawn = vec![0u32; resources.len()];
        for subject in 0..subjects {
            for (r, resource) in resources.iter().enumerate() {
                let pool = if resource.pool_of.is_empty() { 0 } else { resource.pool_of[subject] as usize };
                assert!(pool < resource.capacities.len(), "a subject draws on a pool that is there");
                drawn[r] = as_u32(pools.first[r] + pool);
            }
            let cell = match known.get(&drawn) {
                Some(&cell) => cell,
                None => {
                    let cell = as_u32(known.len());
                    known.insert(drawn.clone(), cell);
                    pools.of_cell.extend_from_slice(&drawn);
                    cell
                }
            };
            pools.cell_of.push(cell);
        }
        pools
    }

    /// How many cells there are.
    pub(super) fn cells(&self) -> usize {
        self.of_cell.len().checked_div(self.resources).unwrap_or(1)
    }

    /// The cell of a subject.
    pub(super) fn cell(&self, subject: usize) -> usize {
        self.cell_of.get(subject).map_or(0, |&cell| cell as usize)
    }

    /// The pools that a cell draws on, by resource.
    pub(super) fn of_cell(&self, cell: usize) -> &[u32] {
        &self.of_cell[cell * self.resources..][..self.resources]
    }

    /// The pools that a subject draws on, by resource.
    pub(super) fn of(&self, subject: usize) -> &[u32] {
        self.of_cell(self.cell(subject))
    }

    /// What each action's resources cost at these prices, by cell, then action.
    pub(super) fn charges(&self, problem: &Problem<'_>, prices: &[f64]) -> Vec<f64> {
        let mut charges = Vec::with_capacity(self.cells() * problem.actions);
        for cell in 0..self.cells() {
            for action in 0..problem.actions {
                let mut charge = 0.0;
                for (resource, &pool) in problem.resources.iter().zip(self.of_cell(cell)) {
                    charge += prices[pool as usize] * amount(resource.uses[action]);
                }
                charges.push(charge);
            }
        }
        charges
    }

    /// Values of pools, split by resource.
    pub(super) fn by_resource(&self, of_pools: &[f64]) -> Vec<Vec<f64>> {
        let end = |r: usize| self.first.get(r + 1).copied().unwrap_or(self.count);
        self.first.iter().enumerate().map(|(r, &first)| of_pools[first..end(r)].to_vec()).collect()
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[expect(clippy::cast_precision_loss, reason = "amounts are far below 2^53")]
pub(super) fn amount(whole: u64) -> f64 {
    whole as f64
}

fn as_u32(count: usize) -> u32 {
    u32::try_from(count).expect("pools are fewer than subjects, and those are numbered with 32 bits")
}
