//! Kaplan-Meier: the share that is still there after each time, where some are still being watched.
//!
//! `S(t)` is the product over times of leaving of `1 - d/n`, with `d` who left then and `n` who were watched until then. Its
//! variance is Greenwood's, `S^2 sum d / (n (n - d))`; the interval is on `ln(-ln S)`, so that it stays between 0 and 1. It assumes
//! that who is still watched would have left as the others. Sources: Kaplan and Meier (1958); Greenwood (1926);
//! Kalbfleisch and Prentice (2002), section 1.4.1.

use statrs::distribution::{ContinuousCDF, Normal};

use crate::FitError;

/// How long something lasted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Duration {
    /// Time until it ended, or until it was last watched.
    pub time: f64,
    /// Whether it ended then.
    pub has_ended: bool,
}

/// The share that is still there right after a time at which some left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The time.
    pub time: f64,
    /// Who was watched until then.
    pub at_risk: u64,
    /// Who left then.
    pub ended: u64,
    /// The share still there.
    pub survival: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Lower end of the interval; 0 once nobody is left.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// The curve by times of leaving, with intervals at `level`.
///
/// # Errors
///
/// Nothing to look at, or a time that is not a number from 0 up.
pub fn kaplan_meier(durations: &[Duration], level: f64) -> Result<Vec<Point>, FitError> {
    if durations.is_empty() {
        return Err(FitError::NoContracts);
    }
    if let Some(index) = durations.iter().position(|d| !(d.time.is_finite() && d.time >= 0.0)) {
        return Err(FitError::Impossible { index, problem: "the time must be a number from 0 up" });
    }
    let mut sorted = durations.to_vec();
    sorted.sort_unstable_by(|a, b| a.time.total_cmp(&b.time));
    let reach = Normal::standard().inverse_cdf(0.5 + 0.5 * level);
    let (mut survival, mut greenwood) = (1.0_f64, 0.0);
    let mut points = Vec::new();
    let mut next = 0;
    while next < sorted.len() {
        let time = sorted[next].time;
        let same = sorted[next..].iter().take_while(|d| d.time == time).count();
        // Who was last watched at a time of leaving was watched until then.
        let at_risk = (sorted.len() - next) as u64;
        let ended = sorted[next..next + same].iter().filter(|d| d.has_ended).count() as u64;
        next += same;
        if ended == 0 {
            continue;
        }
        survival *= 1.0 - ended as f64 / at_risk as f64;
        greenwood += ended as f64 / (at_risk as f64 * (at_risk - ended) as f64);
        points.push(if survival > 0.0 {
            let half = reach * greenwood.sqrt() / survival.ln().abs();
            let (low, high) = (survival.powf(half.exp()), survival.powf((-half).exp()));
            Point { time, at_risk, ended, survival, standard_error: survival * greenwood.sqrt(), low, high }
        } else {
            // The logarithm has no interval where nobody is left: the last one stays as its upper end.
            let high = points.last().map_or(1.0, |point: &Point| point.high);
            Point { time, at_risk, ended, survival: 0.0, standard_error: 0.0, low: 0.0, high }
        });
    }
    Ok(points)
}

/// The first time at which at most half are still there; nothing where the curve does not fall so far.
pub fn median(curve: &[Point]) -> Option<f64> {
    curve.iter().find(|point| point.survival <= 0.5).map(|point| point.time)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weeks of remission with 6-MP, Freireich et al. (1963); minus for those still in remission.
    const WEEKS: [f64; 21] = [
        -6.0, 6.0, 6.0, 6.0, 7.0, -9.0, -10.0, 10.0, -11.0, 13.0, 16.0, -17.0, -19.0, -20.0, 22.0, 23.0, -25.0, -32.0,
        -32.0, -34.0, -35.0,
    ];

    #[test]
    fn the_published_curve_of_remissions_comes_out() {
        let durations = WEEKS.map(|weeks| Duration { time: weeks.abs(), has_ended: weeks > 0.0 });
        let curve = kaplan_meier(&durations, 0.95).expect("durations");
        // Survival, standard error, and the log-log interval as statistics packages print them.
        let published = [
            (6.0, 21, 0.8571, 0.0764, 0.6197, 0.9516),
            (7.0, 17, 0.8067, 0.0869, 0.5631, 0.9228),
            (10.0, 15, 0.7529, 0.0963, 0.5032, 0.8894),
            (13.0, 12, 0.6902, 0.1068, 0.4316, 0.8491),
            (16.0, 11, 0.6275, 0.1141, 0.3675, 0.8049),
            (22.0, 7, 0.5378, 0.1282, 0.2678, 0.7468),
            (23.0, 6, 0.4482, 0.1346, 0.1881, 0.6801),
        ];
        assert_eq!(curve.len(), published.len());
        for (point, (time, at_risk, survival, error, low, high)) in curve.iter().zip(published) {
            assert_eq!((point.time, point.at_risk), (time, at_risk));
            let found = [point.survival, point.standard_error, point.low, point.high];
            for (found, published) in found.iter().zip([survival, error, low, high]) {
                assert!((found - published).abs() < 1e-4, "{point:?}: {published}");
            }
        }
        assert_eq!(median(&curve), Some(23.0));
        assert_eq!(median(&curve[..6]), None);
    }

    #[test]
    fn where_all_left_nobody_is_left() {
        let all = [1.0, 2.0].map(|time| Duration { time, has_ended: true });
        let curve = kaplan_meier(&all, 0.9).expect("durations");
        assert_eq!((curve[1].survival, curve[1].low, curve[1].standard_error), (0.0, 0.0, 0.0));
        assert!(curve[1].high > 0.5);
        assert_eq!(kaplan_meier(&[], 0.9), Err(FitError::NoContracts));
        let never = Duration { time: f64::NAN, has_ended: true };
        assert!(matches!(kaplan_meier(&[all[0], never], 0.9), Err(FitError::Impossible { index: 1, .. })));
    }
}
