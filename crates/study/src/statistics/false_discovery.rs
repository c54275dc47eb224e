//! Benjamini and Hochberg (1995): `q_(i) = min over j >= i of p_(j) m / j` for p-values in rising order.

/// One q for each p, in the same order.
pub(crate) fn false_discovery(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut q = vec![0.0; p.len()];
    let mut least = 1.0f64;
    for (place, &index) in order.iter().enumerate().rev() {
        least = least.min(p[index] * p.len() as f64 / (place + 1) as f64);
        q[index] = least;
    }
    q
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn q_is_that_of_scipy() {
        // scipy.stats.false_discovery_control(p)
        let q = false_discovery(&[0.04, 0.001, 0.3, 0.012, 0.04, 0.9, 0.02]);
        for (ours, theirs) in q.iter().zip(THEIRS) {
            assert!((ours - theirs).abs() < 1e-12, "{q:?}");
        }
        assert!(false_discovery(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn q_is_no_less_than_p_and_keeps_its_order(p in proptest::collection::vec(0.0f64..=1.0, 1..40)) {
            let q = false_discovery(&p);
            for one in 0..p.len() {
                prop_assert!(q[one] >= p[one] - 1e-12 && q[one] <= 1.0);
                for other in 0..p.len() {
                    prop_assert!(p[one] > p[other] || q[one] <= q[other] + 1e-12);
                }
            }
        }
    }

    const THEIRS: [f64; 7] = [0.056, 0.007, 0.35, 0.042, 0.056, 0.9, 0.04666666666666667];
}
