//! Mann-Whitney's U: do values of one class tend to be above those of the other?
//!
//! `U = sum over pairs of [x > y] + [x = y] / 2`; for large samples normal with mean `mn / 2` and variance
//! `mn / 12 (N + 1 - sum(t^3 - t) / (N (N - 1)))` over runs of `t` ties (Mann and Whitney 1947; Lehmann 1975), with a
//! continuity correction of one half. `U / mn` is the AUC; its standard error is DeLong's, from the variance of each row's
//! placement among the other class (DeLong et al. 1988), in one pass over sorted values (Sun and Xu 2014).

use statrs::function::erf::erfc;

/// What the test says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MannWhitney {
    /// U of the first class.
    pub(crate) u: f64,
    /// Two-sided p.
    pub(crate) p: f64,
    /// Chance that a value of the first class is above one of the second, ties half.
    pub(crate) auc: f64,
    /// Its standard error.
    pub(crate) auc_error: f64,
    /// Values of the first class and of the second.
    pub(crate) counts: [usize; 2],
}

/// Tests values sorted ascending, each with whether it is of the first class. Nothing where a class has no value or all
/// values are the same.
pub(crate) fn mann_whitney(sorted: &[(f32, bool)]) -> Option<MannWhitney> {
    let firsts = sorted.iter().filter(|value| value.1).count();
    let (m, n) = (firsts as f64, (sorted.len() - firsts) as f64);
    if m == 0.0 || n == 0.0 {
        return None;
    }
    let (mut u, mut ties) = (0.0, 0.0);
    let (mut firsts_below, mut others_below) = (0.0, 0.0);
    // Squared placements of each class.
    let (mut first_squares, mut other_squares) = (0.0, 0.0);
    for run in sorted.chunk_by(|a, b| a.0 == b.0) {
        let first = run.iter().filter(|value| value.1).count() as f64;
        let other = run.len() as f64 - first;
        let placement = (others_below + other / 2.0) / n;
        u += first * placement * n;
        first_squares += first * placement * placement;
        let placement = 1.0 - (firsts_below + first / 2.0) / m;
        other_squares += other * placement * placement;
        firsts_below += first;
        others_below += other;
        let t = run.len() as f64;
        ties += t * t * t - t;
    }
    let all = m + n;
    let deviation = (m * n / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)))).sqrt();
    if deviation.is_nan() || deviation <= 0.0 {
        return None;
    }
    let z = ((u - m * n / 2.0).abs() - 0.5) / deviation;
    let auc = u / (m * n);
    let variance = |squares: f64, count: f64| {
        if count > 1.0 { ((squares - count * auc * auc) / (count - 1.0)).max(0.0) } else { auc * (1.0 - auc) }
    };
    let auc_error = (variance(first_squares, m) / m + variance(other_squares, n) / n).sqrt();
    let p = erfc(z / std::f64::consts::SQRT_2).min(1.0);
    Some(MannWhitney { u, p, auc, auc_error, counts: [firsts, sorted.len() - firsts] })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tested(first: &[f32], second: &[f32]) -> Option<MannWhitney> {
        let both = first.iter().map(|&x| (x, true)).chain(second.iter().map(|&x| (x, false)));
        let mut sorted: Vec<(f32, bool)> = both.collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        mann_whitney(&sorted)
    }

    #[test]
    fn ties_and_continuity_are_those_of_scipy() {
        // scipy.stats.mannwhitneyu(x, y, use_continuity=True, alternative="two-sided", method="asymptotic")
        let near = |ours: f64, theirs: f64| assert!((ours - theirs).abs() < 1e-10 * theirs.abs(), "{ours} {theirs}");
        let few = tested(&[1.0, 2.0, 2.0, 3.0, 5.0, 8.0], &[2.0, 2.0, 3.0, 4.0, 4.0, 9.0, 10.0]).expect("both classes");
        near(few.u, FEW[0]);
        near(few.p, FEW[1]);
        let first: Vec<f32> = (0..60).map(|i| (i * i % 37) as f32).collect();
        let second: Vec<f32> = (0..90).map(|i| (i * i % 41 + i % 5) as f32).collect();
        let many = tested(&first, &second).expect("both classes");
        near(many.u, MANY[0]);
        near(many.p, MANY[1]);
        // DeLong's variance by its definition, over all pairs in numpy.
        near(many.auc_error, MANY[2]);
    }

    #[test]
    fn nothing_to_compare_is_nothing() {
        assert_eq!(tested(&[1.0, 2.0], &[]), None);
        assert_eq!(tested(&[1.0, 1.0], &[1.0]), None);
    }

    proptest! {
        #[test]
        fn classes_mirror_each_other(
            first in proptest::collection::vec(0u8..9, 1..30), second in proptest::collection::vec(0u8..9, 1..30),
        ) {
            let values = |codes: &[u8]| codes.iter().map(|&code| f32::from(code)).collect::<Vec<_>>();
            let (first, second) = (values(&first), values(&second));
            match (tested(&first, &second), tested(&second, &first)) {
                (Some(one), Some(other)) => {
                    prop_assert!((one.auc + other.auc - 1.0).abs() < 1e-12);
                    prop_assert!((one.p - other.p).abs() < 1e-12 && (0.0..=1.0).contains(&one.p));
                    prop_assert!((one.auc_error - other.auc_error).abs() < 1e-9);
                }
                (one, other) => prop_assert!(one.is_none() && other.is_none()),
            }
        }
    }

    const FEW: [f64; 2] = [14.5, 0.3834098199159931];
    const MANY: [f64; 3] = [2331.0, 0.15723862565061822, 0.0472897560371777];
}
