//! Money in minor units, so that sums are exact.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

/// An amount in minor units (dirams, cents). The currency belongs to the contract, not to each amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    /// Minor units: 12.50 is 1250.
    pub minor_units: i64,
}

/// An ISO 4217 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Money {
    /// From major units, rounded half away from zero; not-a-number is zero.
    pub fn from_major(amount: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, which is what a clamp would do")]
        let minor_units = (amount * 100.0).round() as i64;
        Self { minor_units }
    }

    /// In major units, for arithmetic with probabilities.
    #[expect(clippy::cast_precision_loss, reason = "amounts are far below 2^53 minor units")]
    pub fn major(self) -> f64 {
        self.minor_units as f64 / 100.0
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { minor_units: self.minor_units.saturating_add(other.minor_units) }
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { minor_units: self.minor_units.saturating_sub(other.minor_units) }
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor_units < 0 { "-" } else { "" };
        let minor = self.minor_units.unsigned_abs();
        write!(f, "{sign}{}.{:02}", minor / 100, minor % 100)
    }
}

impl Currency {
    /// ISO's code for amounts of which nobody says in what currency they are.
    pub const NONE: Self = Self(*b"XXX");

    /// Three ASCII capitals, or nothing.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The code, `TJS`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_print_with_two_places_and_their_sign() {
        assert_eq!(Money::from_major(-12.5).to_string(), "-12.50");
        assert_eq!(Money::from_major(0.05).to_string(), "0.05");
        assert_eq!([Money::from_major(0.1), Money::from_major(0.2)].into_iter().sum::<Money>(), Money::from_major(0.3));
    }

    #[test]
    fn a_currency_is_three_capitals() {
        assert_eq!(Currency::parse("TJS").map(|c| c.code().to_owned()), Some("TJS".to_owned()));
        assert!(Currency::parse("tjs").is_none());
        assert!(Currency::parse("сом").is_none());
    }
}
