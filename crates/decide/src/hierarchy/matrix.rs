//! Symmetric positive definite matrices of a hundred or two rows: all that the model needs.

/// A square matrix, row by row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Square {
    size: usize,
    values: Vec<f64>,
}

/// The lower triangle `L` of `A = L L'`.
pub(crate) struct Cholesky(Square);

impl Square {
    pub(crate) fn diagonal(values: &[f64]) -> Self {
        let size = values.len();
        let mut matrix = Self { size, values: vec![0.0; size * size] };
        for (k, value) in values.iter().enumerate() {
            matrix.add(k, k, *value);
        }
        matrix
    }

    pub(crate) fn at(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.size + column]
    }

    pub(crate) fn add(&mut self, row: usize, column: usize, value: f64) {
        self.values[row * self.size + column] += value;
    }

    /// Its factor; the matrix has a positive diagonal added to squares, so that there is one.
    pub(crate) fn cholesky(&self) -> Cholesky {
        let size = self.size;
        let mut lower = Self { size, values: vec![0.0; size * size] };
        for row in 0..size {
            for column in 0..=row {
                let (a, b) = (&lower.values[row * size..][..column], &lower.values[column * size..][..column]);
                let known: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
                let rest = self.at(row, column) - known;
                lower.values[row * size + column] =
                    if row == column { rest.max(f64::MIN_POSITIVE).sqrt() } else { rest / lower.at(column, column) };
            }
        }
        Cholesky(lower)
    }
}

impl Cholesky {
    /// `ln det A`.
    pub(crate) fn log_determinant(&self) -> f64 {
        (0..self.0.size).map(|k| 2.0 * self.0.at(k, k).ln()).sum()
    }

    /// `x` of `A x = b`.
    pub(crate) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let Square { size, values } = &self.0;
        let mut x = b.to_vec();
        for row in 0..*size {
            let known: f64 = values[row * size..][..row].iter().zip(&x).map(|(l, x)| l * x).sum();
            x[row] = (x[row] - known) / self.0.at(row, row);
        }
        for row in (0..*size).rev() {
            x[row] /= self.0.at(row, row);
            let solved = x[row];
            for (above, l) in x[..row].iter_mut().zip(&values[row * size..][..row]) {
                *above -= l * solved;
            }
        }
        x
    }

    /// The inverse of `A`.
    pub(crate) fn inverse(&self) -> Square {
        let size = self.0.size;
        let mut inverse = Square { size, values: Vec::with_capacity(size * size) };
        let mut unit = vec![0.0; size];
        for k in 0..size {
            unit[k] = 1.0;
            inverse.values.extend(self.solve(&unit));
            unit[k] = 0.0;
        }
        inverse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factor_solution_and_inverse_are_those_of_the_matrix() {
        // numpy: det [[4, 2, 1], [2, 5, 3], [1, 3, 6]] = 67; solve(A, [1, 2, 3]) = [0.014925.., 0.134328.., 0.430149..]
        let mut matrix = Square::diagonal(&[4.0, 5.0, 6.0]);
        for (row, column, value) in [(0, 1, 2.0), (0, 2, 1.0), (1, 2, 3.0)] {
            matrix.add(row, column, value);
            matrix.add(column, row, value);
        }
        let factor = matrix.cholesky();
        assert!((factor.log_determinant() - 67.0_f64.ln()).abs() < 1e-12);
        let solution = factor.solve(&[1.0, 2.0, 3.0]);
        let inverse = factor.inverse();
        for row in 0..3 {
            let back: f64 = (0..3).map(|column| matrix.at(row, column) * solution[column]).sum();
            assert!((back - (row as f64 + 1.0)).abs() < 1e-12);
            for column in 0..3 {
                let one: f64 = (0..3).map(|k| matrix.at(row, k) * inverse.at(k, column)).sum();
                assert!((one - if row == column { 1.0 } else { 0.0 }).abs() < 1e-12);
            }
        }
    }
}
