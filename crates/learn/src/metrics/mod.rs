//! How good scores are. One metric is one file with its formula; each is checked against scikit-learn's numbers.
//!
//! A metric is a function of a [`Ranking`]: scored rows sorted once, so that every metric is one pass and the bootstrap
//! only changes weights.

mod auc;
mod average_precision;
mod bootstrap;
mod brier;
mod calibration_error;
mod log_loss;
mod ranking;
mod reliability;
mod top;

pub use auc::auc;
pub use average_precision::average_precision;
pub use bootstrap::{Measured, bootstrap};
pub use brier::{brier, brier_skill};
pub use calibration_error::calibration_error;
pub use log_loss::log_loss;
pub use ranking::Ranking;
pub use reliability::{ReliabilityBin, reliability};
pub use top::{Top, top};

#[cfg(test)]
mod reference {
    //! Numbers of scikit-learn 1.9.1 on one small sample with ties and weights.

    use super::*;

    const PROBABILITY: [f64; 12] = [0.9, 0.8, 0.8, 0.8, 0.55, 0.5, 0.4, 0.4, 0.3, 0.2, 0.2, 0.05];
    const LABEL: [bool; 12] = [true, true, false, true, false, true, false, true, false, false, true, false];
    const WEIGHT: [f64; 12] = [1.0, 2.0, 1.0, 0.5, 1.0, 3.0, 1.5, 1.0, 2.0, 1.0, 0.25, 1.0];

    fn close(ours: Option<f64>, theirs: f64) {
        let ours = ours.expect("both classes are there");
        assert!((ours - theirs).abs() < 1e-12, "{ours} {theirs}");
    }

    #[test]
    fn without_weights() {
        let ranking = Ranking::new(&PROBABILITY, &LABEL, None);
        close(auc(&ranking), AUC);
        close(average_precision(&ranking), AVERAGE_PRECISION);
        close(log_loss(&ranking), LOG_LOSS);
        close(brier(&ranking), BRIER);
    }

    #[test]
    fn with_weights() {
        let ranking = Ranking::new(&PROBABILITY, &LABEL, Some(&WEIGHT));
        close(auc(&ranking), WEIGHTED_AUC);
        close(average_precision(&ranking), WEIGHTED_AVERAGE_PRECISION);
        close(log_loss(&ranking), WEIGHTED_LOG_LOSS);
        close(brier(&ranking), WEIGHTED_BRIER);
    }

    const AUC: f64 = 0.7222222222222221;
    const AVERAGE_PRECISION: f64 = 0.7228535353535352;
    const LOG_LOSS: f64 = 0.6100338721010669;
    const BRIER: f64 = 0.21458333333333338;
    const WEIGHTED_AUC: f64 = 0.8021505376344086;
    const WEIGHTED_AVERAGE_PRECISION: f64 = 0.7814638949164066;
    const WEIGHTED_LOG_LOSS: f64 = 0.5392316015400622;
    const WEIGHTED_BRIER: f64 = 0.18262295081967217;
}
