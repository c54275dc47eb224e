//! Probabilities and the bands that staff read them as.

use std::fmt;

/// A number from 0 to 1, never NaN.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Probability(f64);

/// How a score is read. `Low < Medium < High`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Below the medium threshold.
    Low,
    /// From the medium threshold up to the high one.
    Medium,
    /// From the high threshold on.
    High,
}

/// Thresholds that the contract states.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bands {
    medium: Probability,
    high: Probability,
}

impl Probability {
    /// Nothing where the number is NaN or outside 0 to 1.
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then_some(Self(value))
    }

    /// Clamped into 0 to 1; NaN becomes 0.
    pub fn clamped(value: f64) -> Self {
        Self(if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) })
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// One minus it.
    #[must_use]
    pub fn complement(self) -> Self {
        Self(1.0 - self.0)
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}%", self.0 * 100.0)
    }
}

impl Band {
    /// All bands, lowest first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The word used in files: `low`, `medium`, `high`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Bands {
    /// Nothing unless `0 < medium < high <= 1`.
    pub fn new(medium: f64, high: f64) -> Option<Self> {
        let (medium, high) = (Probability::new(medium)?, Probability::new(high)?);
        (medium.get() > 0.0 && medium < high).then_some(Self { medium, high })
    }

    /// Medium from twice the odds of an average subject on, high from four times them: of an outcome that is rare, twice
    /// and four times as likely as on average. Nothing where everyone or nobody leaves.
    pub fn around(base_rate: Probability) -> Option<Self> {
        let odds = base_rate.get() / (1.0 - base_rate.get());
        let at = |times: f64| odds * times / (1.0 + odds * times);
        Self::new(at(2.0), at(4.0))
    }

    /// The band of a score.
    pub fn band(&self, score: Probability) -> Band {
        if score >= self.high {
            Band::High
        } else if score >= self.medium {
            Band::Medium
        } else {
            Band::Low
        }
    }

    /// The score from which a band begins.
    pub fn from(&self, band: Band) -> Probability {
        match band {
            Band::Low => Probability(0.0),
            Band::Medium => self.medium,
            Band::High => self.high,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_belongs_to_the_band_it_opens() {
        let bands = Bands::new(0.2, 0.5).expect("valid");
        let band = |p| bands.band(Probability::clamped(p));
        assert_eq!([band(0.19), band(0.2), band(0.5)], [Band::Low, Band::Medium, Band::High]);
        assert!(Bands::new(0.5, 0.5).is_none());
        assert!(Bands::new(f64::NAN, 0.5).is_none());
    }

    #[test]
    fn bands_of_a_rare_outcome_are_about_twice_and_four_times_as_likely() {
        let bands = Bands::around(Probability::clamped(0.02)).expect("some leave and some stay");
        assert!((bands.from(Band::Medium).get() - 0.0392).abs() < 1e-4);
        assert!((bands.from(Band::High).get() - 0.0755).abs() < 1e-4);
        let common = Bands::around(Probability::clamped(0.5)).expect("some leave and some stay");
        assert_eq!(common.from(Band::High).get(), 0.8);
        assert!(
            Bands::around(Probability::clamped(0.0)).is_none() && Bands::around(Probability::clamped(1.0)).is_none()
        );
    }

    #[test]
    fn not_a_number_is_not_a_probability() {
        assert!(Probability::new(f64::NAN).is_none());
        assert!(Probability::new(1.000_001).is_none());
        assert_eq!(Probability::clamped(f64::NAN).get(), 0.0);
    }
}
