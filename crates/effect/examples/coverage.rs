//! How often 90% intervals hold the true effect: simulated campaigns with known truth, averages over subjects and worlds.
//!
//! `cargo run --release -p effect --example coverage -- ROWS WORLDS`

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use common::{Plan, Shape, World, world};
use effect::{Settings, fit_model};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<usize> = std::env::args().skip(1).map(|arg| arg.parse()).collect::<Result<_, _>>()?;
    let (rows, worlds) = (args.first().copied().unwrap_or(5000), args.get(1).copied().unwrap_or(4));
    println!(
        "world               covered  ATE  told  slope  truth sd  told sd  RMSE  width  correlation  chosen  seconds"
    );
    let (mut all, mut all_ate, mut count) = (0.0, 0.0, 0.0);
    for (name, amounts, confounded, actions) in [
        ("binary", false, false, 1),
        ("amount", true, false, 1),
        ("confounded", false, true, 1),
        ("two actions", false, false, 2),
    ] {
        for shape in [Shape::None, Shape::Same, Shape::Step, Shape::Smooth, Shape::Crossed] {
            let mut sums = [0.0; 9];
            let mut chosen = Vec::new();
            let clock = Instant::now();
            for seed in 0..worlds as u64 {
                let plan = Plan { amounts, confounded, actions, ..Plan::new(rows, shape, 0.2, seed + 1) };
                let World { campaign, truth } = world(&plan);
                let settings = Settings { seed: seed + 7, ..Settings::default() };
                let model = fit_model(&campaign, &settings, &|_| {})?;
                let effects = model.effects(&campaign.columns)?;
                chosen.push(format!("{:?}", model.learner));
                for (action, truth) in truth.iter().enumerate() {
                    let told: Vec<f64> = effects.iter().map(|of_row| of_row[action].mean).collect();
                    let share = 1.0 / actions as f64;
                    let n = truth.len() as f64;
                    let inside =
                        effects.iter().zip(truth).filter(|(e, t)| e[action].low <= **t && **t <= e[action].high);
                    sums[0] += share * inside.count() as f64 / n;
                    let ate = model.shrinkage[action].ate;
                    let mean = truth.iter().sum::<f64>() / n;
                    sums[1] += share * f64::from(u8::from(ate.low <= mean && mean <= ate.high));
                    sums[2] += share * model.shrinkage[action].told;
                    sums[3] += share * model.shrinkage[action].slope;
                    sums[4] += share * deviation(truth);
                    sums[5] += share * deviation(&told);
                    let squares: f64 = told.iter().zip(truth).map(|(a, b)| (a - b).powi(2)).sum();
                    sums[6] += share * (squares / n).sqrt();
                    sums[7] += share * effects.iter().map(|e| e[action].high - e[action].low).sum::<f64>() / n;
                    sums[8] += share * correlation(&told, truth);
                }
            }
            let mean = sums.map(|sum| sum / worlds as f64);
            let name = format!("{name} {shape:?}");
            print!("{name:20}");
            mean.iter().for_each(|value| print!(" {value:7.3}"));
            println!("  {}  {:.1}", chosen.join(","), clock.elapsed().as_secs_f64() / worlds as f64);
            all += mean[0];
            all_ate += mean[1];
            count += 1.0;
        }
    }
    println!("covered on average {:.3}, ATE {:.3}", all / count, all_ate / count);
    Ok(())
}

fn deviation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let product: f64 = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum::<f64>() / a.len() as f64;
    let scale = deviation(a) * deviation(b);
    if scale > 1e-12 { product / scale } else { f64::NAN }
}
