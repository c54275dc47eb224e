//! Symmetric positive definite matrices of a hundred or two rows: all that the model needs.

/// A symmetric matrix, row by row; only its lower triangle is looked at.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Square {
    size: usize,
    values: Vec<f64>,
}

/// The lower triangle `L` of `A = L L'`.
pub(crate) struct Cholesky(Square);

/// Columns of `L^-1`.
pub(crate) struct Spread(Vec<Vec<f64>>);

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

    /// What variances are read from, `A` being a precision: the inverse of `L`.
    pub(crate) fn spread(&self) -> Spread {
        let size = self.0.size;
        let mut columns = Vec::with_capacity(size);
        for k in 0..size {
            let mut column = vec![0.0; size];
            column[k] = 1.0 / self.0.at(k, k);
            for row in k + 1..size {
                let known: f64 =
                    self.0.values[row * size..][k..row].iter().zip(&column[k..row]).map(|(l, x)| l * x).sum();
                column[row] = -known / self.0.at(row, row);
            }
            columns.push(column);
        }
        Spread(columns)
    }
}

impl Spread {
    /// The variance of a linear form of the unknowns: with `A = L L'` the squared length of `L^-1 c`.
    pub(crate) fn variance(&self, form: &[(usize, f64)]) -> f64 {
        let mut length = 0.0;
        for row in 0..self.0.len() {
            let value: f64 = form.iter().map(|&(at, by)| by * self.0[at][row]).sum();
            length += value * value;
        }
        length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factor_solution_and_variance_are_those_of_the_matrix() {
        // numpy: det [[4, 2, 1], [2, 5, 3], [1, 3, 6]] = 67
        let mut matrix = Square::diagonal(&[4.0, 5.0, 6.0]);
        for (row, column, value) in [(1, 0, 2.0), (2, 0, 1.0), (2, 1, 3.0)] {
            matrix.add(row, column, value);
        }
        let factor = matrix.cholesky();
        assert!((factor.log_determinant() - 67.0_f64.ln()).abs() < 1e-12);
        let solution = factor.solve(&[1.0, 2.0, 3.0]);
        for row in 0..3_usize {
            let back: f64 = (0..3).map(|column| matrix.at(row.max(column), row.min(column)) * solution[column]).sum();
            assert!((back - (row as f64 + 1.0)).abs() < 1e-12);
        }
        // With c = (1, 2, 3) the variance is c' A^-1 c, c times the solution.
        let expected = solution[0] + 2.0 * solution[1] + 3.0 * solution[2];
        assert!((factor.spread().variance(&[(0, 1.0), (1, 2.0), (2, 3.0)]) - expected).abs() < 1e-12);
    }
}
