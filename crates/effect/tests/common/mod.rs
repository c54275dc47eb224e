//! Campaigns with known truth.
#![allow(unreachable_pub, dead_code)] // Each test and example uses its part of them.

use effect::Campaign;
use learn::{Column, MISSING};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How the effect differs between subjects.
#[derive(Clone, Copy, Debug, PartialEq)]

pub enum Shape {
    /// It does nothing.
    None,
    /// The same for all.
    Same,
    /// Some are helped and others hurt, by one column.
    Step,
    /// It rises with one column and depends on a category.
    Smooth,
    /// It depends on three columns at once.
    Crossed,
}

/// A campaign and the effect of each action on each subject, by action and row.
pub struct World {
    pub campaign: Campaign,
    pub truth: Vec<Vec<f64>>,
}

pub struct Plan {
    pub rows: usize,
    pub actions: usize,
    pub shape: Shape,
    /// Largest change of the outcome's probability; with amounts ten times as much.
    pub size: f64,
    pub amounts: bool,
    /// Whether who is treated depends on columns, unknown to the campaign.
    pub confounded: bool,
    pub seed: u64,
}

impl Plan {
    pub fn new(rows: usize, shape: Shape, size: f64, seed: u64) -> Self {
        Self { rows, actions: 1, shape, size, amounts: false, confounded: false, seed }
    }
}

pub fn world(plan: &Plan) -> World {
    let mut rng = ChaCha8Rng::seed_from_u64(plan.seed);
    let mut numbers: Vec<Vec<f32>> = vec![Vec::new(); 6];
    let (mut zip, mut channel) = (Vec::new(), Vec::new());
    let (mut arm, mut outcome) = (Vec::new(), Vec::new());
    let mut truth: Vec<Vec<f64>> = vec![Vec::new(); plan.actions];
    for _ in 0..plan.rows {
        let x: Vec<f64> = (0..6).map(|_| rng.random::<f64>()).collect();
        let (z, c) = (rng.random_range(0..3u32), rng.random_range(0..4u32));
        let base = 0.15 + 0.3 * x[0] * x[1] + if z == 1 { 0.1 } else { 0.0 };
        let effect = |action: usize| {
            let x = |column: usize| x[(column + action) % 6];
            let unit = match plan.shape {
                Shape::None => 0.0,
                Shape::Same => 0.5,
                Shape::Step => {
                    if x(2) > 0.6 {
                        1.0
                    } else {
                        -0.3
                    }
                }
                Shape::Smooth => x(2) * if z == 0 { 1.0 } else { 0.4 },
                Shape::Crossed => {
                    if x(2) > 0.4 && x(3) > 0.4 && c < 2 {
                        1.0
                    } else {
                        0.0
                    }
                }
            };
            unit * plan.size
        };
        let given = if plan.confounded && plan.actions == 1 {
            let chance = 0.15 + 0.7 * (0.7 * x[0] + 0.3 * x[2]);
            u32::from(rng.random::<f64>() < chance)
        } else {
            rng.random_range(0..=plan.actions as u32)
        };
        let acted = if given > 0 { effect(given as usize - 1) } else { 0.0 };
        let value = if plan.amounts {
            10.0 * (base + acted) + 4.0 * (rng.random::<f64>() + rng.random::<f64>() - 1.0)
        } else {
            f64::from(u8::from(rng.random::<f64>() < (base + acted).clamp(0.0, 1.0)))
        };
        for (action, truth) in truth.iter_mut().enumerate() {
            let effect = effect(action);
            truth.push(if plan.amounts { 10.0 * effect } else { (base + effect).clamp(0.0, 1.0) - base });
        }
        for (column, value) in numbers.iter_mut().zip(&x) {
            column.push(*value as f32);
        }
        // A column that says nothing has holes.
        if rng.random::<f64>() < 0.1 {
            numbers[5].pop();
            numbers[5].push(f32::NAN);
        }
        zip.push(z);
        channel.push(if rng.random::<f64>() < 0.02 { MISSING } else { c });
        arm.push(given);
        outcome.push(value as f32);
    }
    let mut columns: Vec<Column> =
        numbers.into_iter().enumerate().map(|(index, values)| Column::number(format!("x{index}"), values)).collect();
    columns.push(Column::category("zip", zip, ["Rural", "Surburban", "Urban"].map(str::to_owned).to_vec()));
    columns.push(Column::category("channel", channel, ["a", "b", "c", "d"].map(str::to_owned).to_vec()));
    let arms = (0..=plan.actions).map(|arm| if arm == 0 { "none".to_owned() } else { format!("action {arm}") });
    World { campaign: Campaign { columns, arms: arms.collect(), arm, outcome, propensity: None }, truth }
}
