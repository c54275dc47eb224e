//! Minimising a smooth function of a few numbers: BFGS (Nocedal and Wright 2006, chapter 6) with the gradient in closed form.

/// Steps after which a search is given up.
const MOST_STEPS: usize = 200;
/// No step changes a logarithm by more than this: further away the function tells nothing about here.
const LONGEST_STEP: f64 = 2.0;
/// A step must bring this share of what the slope promises (Armijo).
const LEAST_GAIN: f64 = 1e-4;
/// A step of the parameter for second derivatives.
const STEP: f64 = 1e-4;
/// Steps in a row that gain next to nothing, after which there is nothing more to gain.
const IDLE_STEPS: usize = 3;
const NO_GAIN: f64 = 1e-13;

/// A square matrix.
pub(crate) type Matrix<const N: usize> = [[f64; N]; N];

/// Where a search ended.
#[derive(Clone, Debug)]
pub(crate) struct Minimum<const N: usize> {
    pub(crate) at: [f64; N],
    pub(crate) value: f64,
    /// The largest slope that is left.
    pub(crate) slope: f64,
    pub(crate) steps: usize,
}

/// Follows the slope of `f`, which gives value and gradient, from `start` down to where no slope is steeper than `flat`.
///
/// The gradient's scale is the caller's: divide by the number of rows. Nothing where `f` is not finite at the start.
pub(crate) fn minimise<const N: usize>(
    f: impl Fn(&[f64; N]) -> (f64, [f64; N]),
    start: [f64; N],
    flat: f64,
) -> Option<Minimum<N>> {
    let mut at = start;
    let (mut value, mut gradient) = f(&at);
    if !is_finite(value, &gradient) {
        return None;
    }
    let mut inverse = identity::<N>();
    let (mut steps, mut idle) = (0, 0);
    while largest(&gradient) > flat && steps < MOST_STEPS && idle < IDLE_STEPS {
        steps += 1;
        let mut direction = times(&inverse, &gradient).map(|d| -d);
        if dot(&direction, &gradient) >= 0.0 {
            inverse = identity::<N>();
            direction = gradient.map(|g| -g);
        }
        let Some((next, next_value, next_gradient)) = line_search(&f, &at, value, &gradient, direction) else {
            if inverse == identity::<N>() {
                break;
            }
            // The curvature that was learned misleads here: begin anew from the slope alone.
            inverse = identity::<N>();
            continue;
        };
        update(&mut inverse, &difference(&next, &at), &difference(&next_gradient, &gradient), steps == 1);
        idle = if value - next_value > NO_GAIN * (1.0 + value.abs()) { 0 } else { idle + 1 };
        (at, value, gradient) = (next, next_value, next_gradient);
    }
    Some(Minimum { at, value, slope: largest(&gradient), steps })
}

/// Second derivatives by central differences of the gradient.
pub(crate) fn hessian<const N: usize>(f: impl Fn(&[f64; N]) -> (f64, [f64; N]), at: &[f64; N]) -> Matrix<N> {
    let mut rows = [[0.0; N]; N];
    for i in 0..N {
        let moved = |by: f64| {
            let mut there = *at;
            there[i] += by;
            f(&there).1
        };
        let (up, down) = (moved(STEP), moved(-STEP));
        for j in 0..N {
            rows[i][j] = (up[j] - down[j]) / (2.0 * STEP);
        }
    }
    let mut symmetric = rows;
    for i in 0..N {
        for j in 0..N {
            symmetric[i][j] = 0.5 * (rows[i][j] + rows[j][i]);
        }
    }
    symmetric
}

/// The inverse of a positive definite matrix by Cholesky's factors; nothing where it is not positive definite.
#[expect(clippy::needless_range_loop, reason = "the indices are those of the formula")]
pub(crate) fn inverse<const N: usize>(matrix: &Matrix<N>) -> Option<Matrix<N>> {
    let mut lower = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let mut sum = matrix[i][j];
            for k in 0..j {
                sum -= lower[i][k] * lower[j][k];
            }
            if i == j {
                if sum.is_nan() || sum <= 0.0 {
                    return None;
                }
                lower[i][i] = sum.sqrt();
            } else {
                lower[i][j] = sum / lower[j][j];
            }
        }
    }
    let mut result = [[0.0; N]; N];
    for column in 0..N {
        let mut solved = [0.0; N];
        for i in 0..N {
            let mut sum = if i == column { 1.0 } else { 0.0 };
            for k in 0..i {
                sum -= lower[i][k] * solved[k];
            }
            solved[i] = sum / lower[i][i];
        }
        for i in (0..N).rev() {
            let mut sum = solved[i];
            for k in i + 1..N {
                sum -= lower[k][i] * solved[k];
            }
            solved[i] = sum / lower[i][i];
        }
        for i in 0..N {
            result[i][column] = solved[i];
        }
    }
    Some(result)
}

/// `v' M v`.
pub(crate) fn quadratic<const N: usize>(matrix: &Matrix<N>, v: &[f64; N]) -> f64 {
    dot(v, &times(matrix, v))
}

/// Shortens the step until it gains enough; nothing where no step does.
fn line_search<const N: usize>(
    f: &impl Fn(&[f64; N]) -> (f64, [f64; N]),
    at: &[f64; N],
    value: f64,
    gradient: &[f64; N],
    direction: [f64; N],
) -> Option<([f64; N], f64, [f64; N])> {
    const MOST_HALVINGS: usize = 40;
    let slope = dot(gradient, &direction);
    let mut step = (LONGEST_STEP / largest(&direction)).min(1.0);
    for _ in 0..MOST_HALVINGS {
        let mut next = *at;
        for i in 0..N {
            next[i] += step * direction[i];
        }
        let (next_value, next_gradient) = f(&next);
        if is_finite(next_value, &next_gradient) && next_value <= value + LEAST_GAIN * step * slope {
            return Some((next, next_value, next_gradient));
        }
        step *= 0.5;
    }
    None
}

/// Learns the curvature from a step and the change of slope along it.
fn update<const N: usize>(inverse: &mut Matrix<N>, step: &[f64; N], change: &[f64; N], is_first: bool) {
    let along = dot(step, change);
    if along <= 1e-12 * dot(step, step).sqrt() * dot(change, change).sqrt() {
        return;
    }
    if is_first {
        // The first guess gets the scale of the function.
        let scale = along / dot(change, change);
        *inverse = identity::<N>().map(|row| row.map(|cell| cell * scale));
    }
    let turned = times(inverse, change);
    let factor = (1.0 + dot(change, &turned) / along) / along;
    for i in 0..N {
        for j in 0..N {
            inverse[i][j] += factor * step[i] * step[j] - (turned[i] * step[j] + step[i] * turned[j]) / along;
        }
    }
}

fn identity<const N: usize>() -> Matrix<N> {
    let mut matrix = [[0.0; N]; N];
    for (i, row) in matrix.iter_mut().enumerate() {
        row[i] = 1.0;
    }
    matrix
}

fn times<const N: usize>(matrix: &Matrix<N>, v: &[f64; N]) -> [f64; N] {
    matrix.map(|row| dot(&row, v))
}

fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn difference<const N: usize>(a: &[f64; N], b: &[f64; N]) -> [f64; N] {
    std::array::from_fn(|i| a[i] - b[i])
}

fn largest<const N: usize>(v: &[f64; N]) -> f64 {
    v.iter().fold(0.0, |most, x| most.max(x.abs()))
}

fn is_finite<const N: usize>(value: f64, gradient: &[f64; N]) -> bool {
    value.is_finite() && gradient.iter().all(|g| g.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley, whose lowest point is (1, 1).
    fn valley(at: &[f64; 2]) -> (f64, [f64; 2]) {
        let [x, y] = *at;
        let value = (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
        (value, [-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)])
    }

    #[test]
    fn the_bottom_of_a_curved_valley_is_found() {
        let found = minimise(valley, [-1.2, 1.0], 1e-9).expect("finite");
        assert!(found.slope <= 1e-9 && (found.at[0] - 1.0).abs() < 1e-8, "{found:?}");
        let second = hessian(valley, &found.at);
        assert!((second[0][0] - 802.0).abs() < 1e-2 && (second[0][1] + 400.0).abs() < 1e-3, "{second:?}");
        let covariance = inverse(&second).expect("a minimum");
        // The inverse of ((802, -400), (-400, 200)).
        assert!((covariance[0][0] - 0.5).abs() < 1e-3 && (covariance[1][1] - 2.005).abs() < 1e-2, "{covariance:?}");
    }

    #[test]
    fn a_saddle_has_no_covariance_and_a_pole_no_minimum() {
        assert!(inverse(&[[1.0, 2.0], [2.0, 1.0]]).is_none());
        assert!(minimise(|_: &[f64; 1]| (f64::NAN, [0.0]), [0.0], 1e-9).is_none());
    }
}
