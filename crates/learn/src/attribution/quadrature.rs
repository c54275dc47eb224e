//! Gauss-Legendre quadrature on 0..1: exact for polynomials up to degree `2 points - 1`.

use std::sync::LazyLock;

/// Rules that are made once; longer ones are made when asked for.
const USUAL: usize = 16;

/// Points and weights.
pub(super) fn quadrature(points: usize) -> Vec<(f64, f64)> {
    static RULES: LazyLock<Vec<Vec<(f64, f64)>>> = LazyLock::new(|| (0..=USUAL).map(gauss_legendre).collect());
    RULES.get(points).cloned().unwrap_or_else(|| gauss_legendre(points))
}

/// Roots of Legendre's polynomial by Newton's method from Chebyshev's points.
fn gauss_legendre(points: usize) -> Vec<(f64, f64)> {
    let n = points as f64;
    let rule = |index: usize| {
        let mut x = (std::f64::consts::PI * (index as f64 + 0.75) / (n + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..100 {
            let (mut last, mut value) = (1.0, x);
            for k in 2..=points {
                let k = k as f64;
                (last, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * last) / k);
            }
            slope = n * (x * value - last) / (x * x - 1.0);
            let step = value / slope;
            x -= step;
            if step.abs() < 1e-16 {
                break;
            }
        }
        ((x + 1.0) / 2.0, 1.0 / ((1.0 - x * x) * slope * slope))
    };
    (0..points).map(rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_exact_for_the_degree_it_is_used_for() {
        for points in [1, 2, 3, 5, 8, 16, 20] {
            for degree in 0..2 * points {
                let integral: f64 = quadrature(points).iter().map(|&(t, weight)| weight * t.powi(degree as i32)).sum();
                assert!((integral - 1.0 / (degree as f64 + 1.0)).abs() < 1e-14, "{points} {degree}");
            }
        }
    }
}
