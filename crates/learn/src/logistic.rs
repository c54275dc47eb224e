//! Ridge logistic regression.
//!
//! Minimises `sum w_i log(1 + exp(-y_i m_i)) + lambda / 2 * |beta|^2` over standardised features and missing indicators,
//! the intercept free (Hoerl and Kennard 1970; le Cessie and van Houwelingen 1992). Newton's method, whose linear systems
//! are solved by conjugate gradients without forming the Hessian (Lin, Weng and Keerthi 2008): a step costs a few passes
//! over the rows however many features there are. One design serves all strengths, each started from the stronger one.

use rayon::prelude::*;

use crate::data::Dataset;
use crate::linear::{Linear, Shape, Term};
use crate::math::{falls_into, logit, margin_loss, mix, sigmoid};

/// More rows than this are thinned: rare leavers are kept, the others weighted up.
const MAX_ROWS: usize = 30_000;

/// A missing indicator needs at least this share of rows on each side.
const MIN_MISSING: f64 = 0.005;

/// Standardised features of the rows to fit on.
struct Design {
    /// Each with its feature and shape; the second kind stands for "missing".
    columns: Vec<DesignColumn>,
    label: Vec<bool>,
    weight: Vec<f64>,
}

struct DesignColumn {
    feature: u32,
    shape: Shape,
    is_missing_indicator: bool,
    values: Vec<f32>,
}

#[derive(Clone)]
struct Coefficients {
    intercept: f64,
    weights: Vec<f64>,
}

/// One model for each strength of the ridge, in the given order, of the usable features. `features` are feature-major over
/// the whole table.
pub(crate) fn fit(
    dataset: &Dataset,
    features: &[&[f32]],
    usable: &[bool],
    rows: &[u32],
    lambdas: &[f64],
    seed: u64,
) -> Vec<Linear> {
    let design = Design::new(dataset, features, usable, rows, seed);
    let total: f64 = design.weight.iter().sum();
    let leaving: f64 = design.weight.iter().zip(&design.label).filter(|(_, l)| **l).map(|(w, _)| w).sum();
    let mut at = Coefficients { intercept: logit(leaving / total), weights: vec![0.0; design.columns.len()] };
    let mut order: Vec<usize> = (0..lambdas.len()).collect();
    order.sort_by(|&a, &b| lambdas[b].total_cmp(&lambdas[a]));
    let mut models = vec![Linear { intercept: 0.0, terms: Vec::new() }; lambdas.len()];
    for index in order {
        at = newton(&design, at, lambdas[index]);
        models[index] = design.model(&at);
    }
    models
}

impl Design {
    fn new(dataset: &Dataset, features: &[&[f32]], usable: &[bool], rows: &[u32], seed: u64) -> Self {
        let kept = thin(dataset, rows, seed);
        let used = features.par_iter().enumerate().filter(|&(feature, _)| usable[feature]);
        let columns = used.flat_map_iter(|(feature, values)| {
            let shape = Shape::fit(kept.iter().map(|&(row, weight)| (values[row as usize], weight)));
            design_columns(feature as u32, values, shape, &kept)
        });
        Self {
            columns: columns.collect(),
            label: kept.iter().map(|&(row, _)| dataset.label[row as usize]).collect(),
            weight: kept.iter().map(|&(_, weight)| weight).collect(),
        }
    }

    /// `intercept + X weights`.
    fn margins(&self, at: &Coefficients) -> Vec<f64> {
        const BLOCK: usize = 2048;
        let mut margins = vec![at.intercept; self.label.len()];
        margins.par_chunks_mut(BLOCK).enumerate().for_each(|(block, margins)| {
            for (column, &weight) in self.columns.iter().zip(&at.weights) {
                let values = &column.values[block * BLOCK..];
                for (margin, &value) in margins.iter_mut().zip(values) {
                    *margin += weight * f64::from(value);
                }
            }
        });
        margins
    }

    /// `X' v`, with the sum of `v` for the intercept.
    fn transposed(&self, v: &[f64]) -> Coefficients {
        let weights = self.columns.par_iter().map(|column| dot(&column.values, v)).collect();
        Coefficients { intercept: v.iter().sum(), weights }
    }

    fn loss(&self, margins: &[f64], at: &Coefficients, lambda: f64) -> f64 {
        let rows = margins.iter().zip(&self.label).zip(&self.weight);
        let fit: f64 = rows.map(|((&margin, &label), &weight)| weight * margin_loss(margin, label)).sum();
        fit + lambda / 2.0 * at.weights.iter().map(|weight| weight * weight).sum::<f64>()
    }

    /// Back from design columns to one term a feature.
    fn model(&self, at: &Coefficients) -> Linear {
        let mut terms: Vec<Term> = Vec::new();
        for (column, &weight) in self.columns.iter().zip(&at.weights) {
            if column.is_missing_indicator {
                let missing_weight = weight / indicator_scale(column.shape.missing_share);
                match terms.last_mut() {
                    Some(term) if term.feature == column.feature => term.missing_weight = missing_weight,
                    _ => terms.push(Term { feature: column.feature, shape: column.shape, weight: 0.0, missing_weight }),
                }
            } else {
                terms.push(Term { feature: column.feature, shape: column.shape, weight, missing_weight: 0.0 });
            }
        }
        Linear { intercept: at.intercept, terms }
    }
}

/// Rows and their weights, at most about [`MAX_ROWS`] of them.
fn thin(dataset: &Dataset, rows: &[u32], seed: u64) -> Vec<(u32, f64)> {
    let leaving = rows.iter().filter(|&&row| dataset.label[row as usize]).count();
    let share_of = |count: usize, budget: usize| (budget as f64 / count.max(1) as f64).min(1.0);
    let leaver_share = share_of(leaving, MAX_ROWS / 2);
    let kept_leavers = (leaving as f64 * leaver_share) as usize;
    let stayer_share = share_of(rows.len() - leaving, MAX_ROWS - kept_leavers);
    let mut kept = Vec::new();
    for &row in rows {
        let weight = f64::from(dataset.weight(row));
        let share = if dataset.label[row as usize] { leaver_share } else { stayer_share };
        if weight > 0.0 && (share >= 1.0 || falls_into(mix(seed, u64::from(row)), share)) {
            kept.push((row, weight / share));
        }
    }
    kept
}

fn design_columns(feature: u32, values: &[f32], shape: Option<Shape>, kept: &[(u32, f64)]) -> Vec<DesignColumn> {
    let Some(shape) = shape else { return Vec::new() };
    let mut columns = Vec::new();
    let each = |value: &dyn Fn(f32) -> f64| kept.iter().map(|&(row, _)| value(values[row as usize]) as f32).collect();
    if shape.varies() {
        let standard = |value: f32| if value.is_nan() { 0.0 } else { shape.standardise(value) };
        columns.push(DesignColumn { feature, shape, is_missing_indicator: false, values: each(&standard) });
    }
    let share = shape.missing_share;
    if share.min(1.0 - share) >= MIN_MISSING {
        let indicator = |value: f32| (f64::from(u8::from(value.is_nan())) - share) / indicator_scale(share);
        columns.push(DesignColumn { feature, shape, is_missing_indicator: true, values: each(&indicator) });
    }
    columns
}

/// Standard deviation of an indicator.
fn indicator_scale(share: f64) -> f64 {
    (share * (1.0 - share)).sqrt()
}

/// Eight sums side by side: the compiler makes vector instructions of them, and the order is always the same.
fn dot(values: &[f32], v: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (blocks, rest) = values.as_chunks::<8>();
    let (v_blocks, v_rest) = v.as_chunks::<8>();
    for (block, v_block) in blocks.iter().zip(v_blocks) {
        for lane in 0..8 {
            sums[lane] += f64::from(block[lane]) * v_block[lane];
        }
    }
    let tail: f64 = rest.iter().zip(v_rest).map(|(&value, v)| f64::from(value) * v).sum();
    sums.iter().sum::<f64>() + tail
}

fn newton(design: &Design, start: Coefficients, lambda: f64) -> Coefficients {
    let mut at = start;
    let mut margins = design.margins(&at);
    let mut loss = design.loss(&margins, &at, lambda);
    for _ in 0..50 {
        let (slopes, curvatures) = derivatives(design, &margins);
        let mut gradient = design.transposed(&slopes);
        for (slope, weight) in gradient.weights.iter_mut().zip(&at.weights) {
            *slope += lambda * weight;
        }
        let step = solve(design, &curvatures, &gradient, lambda);
        // Newton's decrement: the fall in loss that a full step promises.
        let promised = -inner(&gradient, &step);
        if promised <= 1e-8 * loss {
            break;
        }
        let mut length = 1.0;
        loop {
            let next = plus(&at, &step, length);
            let next_margins = design.margins(&next);
            let next_loss = design.loss(&next_margins, &next, lambda);
            if next_loss <= loss - 1e-4 * length * promised {
                (at, margins, loss) = (next, next_margins, next_loss);
                break;
            }
            length /= 2.0;
            if length < 1e-6 {
                return at;
            }
        }
    }
    at
}

/// First and second derivatives of the loss by each row's margin.
fn derivatives(design: &Design, margins: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let rows = margins.iter().zip(&design.label).zip(&design.weight);
    rows.map(|((&margin, &label), &weight)| {
        let p = sigmoid(margin);
        (weight * (p - f64::from(u8::from(label))), weight * p * (1.0 - p))
    })
    .unzip()
}

/// Newton's step by conjugate gradients, preconditioned by the Hessian's diagonal.
fn solve(design: &Design, curvatures: &[f64], gradient: &Coefficients, lambda: f64) -> Coefficients {
    let squares = design.columns.par_iter().map(|column| {
        let each = column.values.iter().zip(curvatures);
        lambda + each.map(|(&value, curvature)| f64::from(value).powi(2) * curvature).sum::<f64>()
    });
    let diagonal = Coefficients { intercept: curvatures.iter().sum(), weights: squares.collect() };
    let zero = Coefficients { intercept: 0.0, weights: vec![0.0; gradient.weights.len()] };
    let mut step = zero.clone();
    let mut residual = plus(&zero, gradient, -1.0);
    let mut scaled = divided(&residual, &diagonal);
    let mut direction = scaled.clone();
    let mut product = inner(&residual, &scaled);
    let enough = product * 1e-4;
    for _ in 0..100 {
        if product <= enough {
            break;
        }
        let along: Vec<f64> =
            design.margins(&direction).iter().zip(curvatures).map(|(margin, curvature)| margin * curvature).collect();
        let mut image = design.transposed(&along);
        for (value, weight) in image.weights.iter_mut().zip(&direction.weights) {
            *value += lambda * weight;
        }
        let length = product / inner(&direction, &image);
        step = plus(&step, &direction, length);
        residual = plus(&residual, &image, -length);
        scaled = divided(&residual, &diagonal);
        let next = inner(&residual, &scaled);
        direction = plus(&scaled, &direction, next / product);
        product = next;
    }
    step
}

fn inner(a: &Coefficients, b: &Coefficients) -> f64 {
    a.intercept * b.intercept + a.weights.iter().zip(&b.weights).map(|(a, b)| a * b).sum::<f64>()
}

fn plus(a: &Coefficients, b: &Coefficients, times: f64) -> Coefficients {
    let weights = a.weights.iter().zip(&b.weights).map(|(a, b)| a + times * b).collect();
    Coefficients { intercept: a.intercept + times * b.intercept, weights }
}

fn divided(a: &Coefficients, by: &Coefficients) -> Coefficients {
    let weights = a.weights.iter().zip(&by.weights).map(|(a, b)| a / b).collect();
    Coefficients { intercept: a.intercept / by.intercept, weights }
}
