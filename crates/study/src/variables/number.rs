//! A number: quantiles and a shared histogram by class, and Mann-Whitney's test.

use super::{ClassBins, Described, Difference, Distribution, EffectKind, Quantiles, Test};
use crate::statistics::mann_whitney;

/// Bins of a histogram, at most; fewer distinct values have a bin each.
const BINS: usize = 20;

pub(super) fn describe(values: &[f32], rows: &[u32], label: &[bool]) -> Described {
    let of_row = |(&row, &label): (&u32, &bool)| (values[row as usize].clamp(f32::MIN, f32::MAX), label);
    let mut sorted: Vec<(f32, bool)> =
        rows.iter().zip(label).map(of_row).filter(|(value, _)| !value.is_nan()).collect();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let class = |leaves: bool| -> Vec<f32> {
        sorted.iter().filter(|(_, label)| *label == leaves).map(|(value, _)| *value).collect()
    };
    let all: Vec<f32> = sorted.iter().map(|(value, _)| *value).collect();
    let distribution = Distribution::Number {
        all: quantiles(&all),
        leaving: quantiles(&class(true)),
        staying: quantiles(&class(false)),
        bins: bins(&sorted),
    };
    let distinct = sorted.chunk_by(|a, b| a.0 == b.0).count();
    Described { distinct, distribution, difference: difference(&sorted) }
}

fn difference(sorted: &[(f32, bool)]) -> Option<Difference> {
    let test = mann_whitney(sorted)?;
    Some(Difference {
        test: Test::MannWhitney,
        statistic: test.u,
        degrees: None,
        p: test.p,
        q: test.p,
        effect_kind: EffectKind::Auc,
        effect: test.auc,
        effect_interval: test.auc_interval,
        leaving_rows: test.counts[0],
        staying_rows: test.counts[1],
    })
}

fn quantiles(sorted: &[f32]) -> Option<Quantiles> {
    let (&min, &max) = (sorted.first()?, sorted.last()?);
    let n = sorted.len() as f64;
    let mean = sorted.iter().map(|&value| f64::from(value)).sum::<f64>() / n;
    let squares: f64 = sorted.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum();
    let at = |share: f64| quantile(sorted, share);
    Some(Quantiles {
        rows: sorted.len(),
        mean,
        standard_deviation: (squares / (n - 1.0).max(1.0)).sqrt(),
        min: f64::from(min),
        p05: at(0.05),
        p25: at(0.25),
        p50: at(0.5),
        p75: at(0.75),
        p95: at(0.95),
        max: f64::from(max),
    })
}

/// Linear between neighbours; the values are not empty.
fn quantile(sorted: &[f32], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    f64::from(low) + (f64::from(high) - f64::from(low)) * place.fract()
}

fn bins(sorted: &[(f32, bool)]) -> ClassBins {
    let edges = edges(sorted);
    let bins = edges.len().saturating_sub(1);
    let mut counts = ClassBins { edges, leaving: vec![0; bins], staying: vec![0; bins] };
    for &(value, leaves) in sorted {
        let above = counts.edges.partition_point(|&edge| edge <= f64::from(value));
        let bin = above.saturating_sub(1).min(bins - 1);
        let of_class = if leaves { &mut counts.leaving } else { &mut counts.staying };
        of_class[bin] += 1;
    }
    counts
}

fn edges(sorted: &[(f32, bool)]) -> Vec<f64> {
    let distinct: Vec<f64> = sorted.chunk_by(|a, b| a.0 == b.0).map(|run| f64::from(run[0].0)).take(BINS + 1).collect();
    if distinct.len() > BINS {
        let values: Vec<f32> = sorted.iter().map(|(value, _)| *value).collect();
        let (mut low, mut high) = (quantile(&values, 0.01), quantile(&values, 0.99));
        if low >= high {
            // Nearly all rows have one value: the percentiles of the others say how far the picture goes.
            let others: Vec<f32> = values.into_iter().filter(|&value| f64::from(value) != low).collect();
            (low, high) = (low.min(quantile(&others, 0.01)), high.max(quantile(&others, 0.99)));
        }
        return (0..=BINS).map(|edge| low + (high - low) * edge as f64 / BINS as f64).collect();
    }
    // Edges halfway between neighbours, the outer ones as far out as the next is in.
    let (Some(&first), Some(&last)) = (distinct.first(), distinct.last()) else { return Vec::new() };
    let gap = |pair: Option<&[f64]>| pair.map_or(1.0, |pair| pair[1] - pair[0]);
    let (low, high) = (gap(distinct.windows(2).next()), gap(distinct.windows(2).next_back()));
    let mut edges = vec![first - low / 2.0];
    edges.extend(distinct.windows(2).map(|pair| pair[0] + (pair[1] - pair[0]) / 2.0));
    edges.push(last + high / 2.0);
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(values: &[f32]) -> Described {
        let rows: Vec<u32> = (0..values.len() as u32).collect();
        let label: Vec<bool> = rows.iter().map(|row| row % 4 == 0).collect();
        describe(values, &rows, &label)
    }

    #[test]
    fn every_value_is_in_one_bin() {
        let values: [Vec<f32>; 5] = [
            (0..500).map(|i| (i * i) as f32).collect(),
            (0..500).map(|i| (i % 7) as f32).collect(),
            vec![3.0; 500],
            (0..500).map(|i| if i < 495 { 0.0 } else { i as f32 }).collect(),
            (0..500).map(|i| if i % 2 == 0 { f32::INFINITY } else { f32::NEG_INFINITY }).collect(),
        ];
        for values in values {
            let Distribution::Number { all, bins, .. } = described(&values).distribution else { panic!("a number") };
            assert_eq!(bins.leaving.iter().sum::<usize>(), 125);
            assert_eq!(bins.staying.iter().sum::<usize>(), 375);
            assert!(bins.edges.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", bins.edges);
            assert!(all.is_some_and(|all| all.mean.is_finite() && all.standard_deviation.is_finite()));
        }
        let nothing = described(&[f32::NAN; 8]);
        assert_eq!((nothing.distinct, nothing.difference), (0, None));
    }

    #[test]
    fn a_long_tail_does_not_crowd_the_others_into_one_bin() {
        let few = |i: usize| (i % 50) as f32;
        let outlier = |i: usize, value: f32| if i == 0 { 1e9 } else { value };
        let mixed = (0..5000).map(|i| outlier(i, few(i))).collect::<Vec<f32>>();
        let massed = (0..50_000).map(|i| outlier(i, if i < 450 { 1.0 + few(i) } else { 0.0 })).collect::<Vec<f32>>();
        for values in [mixed, massed] {
            let Distribution::Number { bins, .. } = described(&values).distribution else { panic!("a number") };
            assert!(bins.edges[20] < 60.0, "{:?}", bins.edges);
            assert!(bins.staying.iter().filter(|&&rows| rows > 0).count() >= 18, "{bins:?}");
        }
    }

    #[test]
    fn quantiles_are_those_of_numpy() {
        let values: Vec<f32> = [7.0, 1.0, 4.0, 9.0, 2.0, 4.0].into();
        let Distribution::Number { all: Some(all), .. } = described(&values).distribution else { panic!("a number") };
        assert_eq!([all.p05, all.p25, all.p50, all.p75, all.p95], [1.25, 2.5, 4.0, 6.25, 8.5]);
    }
}
