//! Fitting by maximum likelihood on the logarithms of the parameters, from several starts.

use crate::FitError;
use crate::optimise::{Matrix, Minimum, hessian, inverse, minimise};

/// Slopes of the average log-likelihood that count as none.
const FLAT: f64 = 1e-8;
/// The same where the sum of many rows' rounding is larger than that.
const NEARLY_FLAT: f64 = 1e-5;
/// A prior so faint (a standard deviation of 32 on the logarithm) that it moves nothing the data speak of, and still gives
/// parameters a place where the data are silent, as that of leaving where nobody left.
const PRIOR_PRECISION: f64 = 1e-3;
/// Beyond `exp` of this, or below its inverse, a parameter stands for nought or for infinity.
const EDGE: f64 = 9.0;
/// Ends of searches whose average log-likelihoods differ by less are one.
const SAME: f64 = 1e-6;

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit<M, const N: usize> {
    /// The model.
    pub model: M,
    /// Its parameters by name, in the order of `covariance`.
    pub parameters: [Parameter; N],
    /// Sum over all rows.
    pub log_likelihood: f64,
    /// Rows that the model was fitted to.
    pub rows: u64,
    /// Covariance of the logarithms of the parameters; nothing where the likelihood has no peak.
    pub covariance: Option<Matrix<N>>,
    /// Whether the search ended where the likelihood is flat.
    pub has_converged: bool,
    /// Steps of the last search.
    pub steps: usize,
    /// Starts, and how many of them led to the same end.
    pub starts: (usize, usize),
}

/// A parameter of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Its name in the paper.
    pub name: &'static str,
    /// Its estimate.
    pub value: f64,
    /// Its standard error, by the delta method from the logarithm; nothing where the likelihood has no peak.
    pub standard_error: Option<f64>,
    /// Whether it ran off to nought or to infinity: the data do not tell it, though what is predicted with it holds.
    pub is_at_edge: bool,
}

/// What is to be fitted.
pub(crate) trait Likelihood<const N: usize>: Sync {
    /// Sum over rows of the log-likelihood and its gradient, by the logarithms of the parameters.
    fn at(&self, logarithms: &[f64; N]) -> (f64, [f64; N]);
    /// Rows, or the sum of their weights.
    fn rows(&self) -> u64;
}

/// Searches from each start in `sample`, goes on from the best end in `all`, and looks at the curvature there.
///
/// `parameter` makes of the logarithms the parameters and what each changes with its logarithm.
pub(crate) fn fit<M, const N: usize>(
    all: &impl Likelihood<N>,
    sample: &impl Likelihood<N>,
    starts: &[[f64; N]],
    names: [&'static str; N],
    parameter: impl Fn(&[f64; N]) -> [(f64, f64); N],
    model: impl FnOnce(&[f64; N]) -> M,
) -> Result<Fit<M, N>, FitError> {
    let ends: Vec<Minimum<N>> = starts.iter().filter_map(|start| minimise(objective(sample), *start, FLAT)).collect();
    let best = ends.iter().min_by(|a, b| a.value.total_cmp(&b.value)).ok_or(FitError::NotFinite)?;
    let agreeing = ends.iter().filter(|end| end.value - best.value < SAME).count();
    let end = minimise(objective(all), best.at, FLAT).ok_or(FitError::NotFinite)?;
    let rows = all.rows();
    let (log_likelihood, _) = all.at(&end.at);
    let curvature = hessian(objective(all), &end.at).map(|row| row.map(|cell| cell * rows as f64));
    let covariance = inverse(&curvature);
    let values = parameter(&end.at);
    let parameters = std::array::from_fn(|i| Parameter {
        name: names[i],
        value: values[i].0,
        standard_error: covariance.map(|covariance| values[i].1 * covariance[i][i].sqrt()),
        is_at_edge: end.at[i].abs() > EDGE,
    });
    Ok(Fit {
        model: model(&end.at),
        parameters,
        log_likelihood,
        rows,
        covariance,
        has_converged: end.slope < NEARLY_FLAT,
        steps: end.steps,
        starts: (starts.len(), agreeing),
    })
}

/// The average of minus the log-likelihood, with the faint prior.
fn objective<const N: usize>(likelihood: &impl Likelihood<N>) -> impl Fn(&[f64; N]) -> (f64, [f64; N]) {
    move |at| {
        let rows = likelihood.rows() as f64;
        let (sum, gradient) = likelihood.at(at);
        let prior: f64 = at.iter().map(|x| 0.5 * PRIOR_PRECISION * x * x).sum();
        ((prior - sum) / rows, std::array::from_fn(|i| (PRIOR_PRECISION * at[i] - gradient[i]) / rows))
    }
}

impl<M, const N: usize> Fit<M, N> {
    /// Names of the parameters that ran off to nought or to infinity.
    pub fn at_edge(&self) -> Vec<&'static str> {
        self.parameters.iter().filter(|parameter| parameter.is_at_edge).map(|parameter| parameter.name).collect()
    }

    /// The variance that not knowing the parameters gives to a number with this gradient by their logarithms.
    pub fn variance_of(&self, gradient: &[f64; N]) -> Option<f64> {
        self.covariance.map(|covariance| crate::optimise::quadratic(&covariance, gradient))
    }
}
