//! How many subjects an experiment takes, or what it can show with those there are.
//!
//! **Formula.** For two arms of which one has `r` times the other's `n` subjects, a two-sided test at level `alpha` of
//! shares `p1` against `p2` finds the difference with probability `power` where (Fleiss, Levin and Paik 2003, Statistical
//! Methods for Rates and Proportions, ch. 4; without continuity correction, as R's `power.prop.test`)
//!
//! ```text
//! n = (z_alpha sqrt((r + 1) P (1 - P)) + z_power sqrt(r p1 (1 - p1) + p2 (1 - p2)))^2 / (r (p1 - p2)^2)
//! P = (p1 + r p2) / (r + 1)
//! ```
//!
//! With several arms against one control each comparison is made at `alpha / comparisons` (Bonferroni).

use statrs::distribution::{ContinuousCDF, Normal};

/// A planned experiment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Share that responds in the control arm.
    pub base: f64,
    /// Probability to find the difference if it is there.
    pub power: f64,
    /// Probability to find one that is not there, in any comparison.
    pub alpha: f64,
    /// Arms with an action; the control arm comes on top.
    pub arms: u32,
    /// How many times an arm's subjects the control arm has.
    pub control_ratio: f64,
}

/// Subjects that an experiment takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// In each arm with an action.
    pub per_arm: u64,
    /// In the control arm.
    pub control: u64,
}

/// Why an experiment cannot be planned.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// A number is out of its range.
    #[error("{what} must be {expected}, got {value}")]
    OutOfRange {
        /// Which number.
        what: &'static str,
        /// Its range.
        expected: &'static str,
        /// What it is.
        value: f64,
    },
    /// Even with everybody the difference could not be seen.
    #[error("{0} subjects are too few to show any difference with this power: even if the action keeps everyone")]
    TooFew(u64),
}

impl Plan {
    /// The subjects that it takes to find a difference of `effect` to the control arm's share: above or below zero.
    ///
    /// # Errors
    ///
    /// A number is out of its range.
    pub fn size(&self, effect: f64) -> Result<Size, PlanError> {
        self.check()?;
        let with = self.base + effect;
        if effect == 0.0 || !effect.is_finite() {
            return Err(out_of_range("effect", "a difference of shares other than 0", effect));
        }
        if !(0.0..=1.0).contains(&with) {
            return Err(out_of_range("base plus effect", "from 0 to 1", with));
        }
        let per_arm = self.per_arm(effect);
        Ok(Size { per_arm: whole(per_arm), control: whole(per_arm * self.control_ratio) })
    }

    /// The least rise of the share that so many subjects in all would show.
    ///
    /// # Errors
    ///
    /// A number is out of its range, or no rise is great enough.
    pub fn detectable(&self, subjects: u64) -> Result<f64, PlanError> {
        self.check()?;
        let per_arm = subjects as f64 / (f64::from(self.arms) + self.control_ratio);
        let (mut low, mut high) = (0.0, 1.0 - self.base);
        if high <= 0.0 || self.per_arm(high) > per_arm {
            return Err(PlanError::TooFew(subjects));
        }
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            if self.per_arm(middle) > per_arm { low = middle } else { high = middle }
        }
        Ok(high)
    }

    fn per_arm(&self, effect: f64) -> f64 {
        let r = self.control_ratio;
        let (with, without) = (self.base + effect, self.base);
        let variance = |share: f64| share * (1.0 - share);
        let pooled = (with + r * without) / (r + 1.0);
        let alpha = self.alpha / f64::from(self.arms);
        let z = |probability: f64| Normal::standard().inverse_cdf(probability);
        let root = z(1.0 - alpha / 2.0) * ((r + 1.0) * variance(pooled)).sqrt()
            + z(self.power) * (r * variance(with) + variance(without)).sqrt();
        root * root / (r * effect * effect)
    }

    fn check(&self) -> Result<(), PlanError> {
        // Written so that NaN fails too.
        let inside = |value: f64| value > 0.0 && value < 1.0;
        if !(self.base >= 0.0 && self.base <= 1.0) {
            return Err(out_of_range("base", "a share from 0 to 1", self.base));
        }
        if !(self.power >= 0.5 && self.power < 1.0) {
            return Err(out_of_range("power", "a probability from 0.5 to below 1", self.power));
        }
        if !inside(self.alpha) {
            return Err(out_of_range("alpha", "a probability above 0 and below 1", self.alpha));
        }
        if self.arms == 0 {
            return Err(out_of_range("arms", "at least 1 beside the control arm", 0.0));
        }
        if !(self.control_ratio >= 0.01 && self.control_ratio <= 100.0) {
            return Err(out_of_range("control ratio", "from 0.01 to 100", self.control_ratio));
        }
        Ok(())
    }
}

fn out_of_range(what: &'static str, expected: &'static str, value: f64) -> PlanError {
    PlanError::OutOfRange { what, expected, value }
}

fn whole(subjects: f64) -> u64 {
    // A hair above a whole number is rounding.
    (subjects - 1e-9).ceil() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan { base: 0.2, power: 0.8, alpha: 0.05, arms: 1, control_ratio: 1.0 };

    #[test]
    fn sizes_are_those_of_r() {
        // power.prop.test(p1 = .20, p2 = .25, power = .8): n = 1093.739
        assert_eq!(PLAN.size(0.05), Ok(Size { per_arm: 1094, control: 1094 }));
        // power.prop.test(p1 = .50, p2 = .75, power = .90): n = 76.7, from R's own example.
        let example = Plan { base: 0.5, power: 0.9, ..PLAN };
        assert_eq!(example.size(0.25).expect("in range").per_arm, 77);
        // The same difference seen from the other side.
        assert_eq!(Plan { base: 0.25, ..PLAN }.size(-0.05), PLAN.size(0.05));
    }

    #[test]
    fn more_arms_and_a_small_control_take_more() {
        let size = |arms, control_ratio| Plan { arms, control_ratio, ..PLAN }.size(0.05).expect("in range");
        assert!(size(3, 1.0).per_arm > size(1, 1.0).per_arm);
        let (even, small) = (size(1, 1.0), size(1, 0.1));
        assert!(small.per_arm + small.control > even.per_arm + even.control && small.control < even.control);
    }

    #[test]
    fn what_can_be_shown_is_what_the_size_is_for() {
        assert!((PLAN.detectable(2 * 1094).expect("enough") - 0.05).abs() < 1e-4);
        assert_eq!(PLAN.detectable(2), Err(PlanError::TooFew(2)));
        assert_eq!(Plan { base: 1.0, ..PLAN }.detectable(1000), Err(PlanError::TooFew(1000)));
    }

    #[test]
    fn numbers_out_of_range_are_named() {
        let error = |plan: Plan, effect| plan.size(effect).expect_err("out of range").to_string();
        assert_eq!(error(PLAN, 0.0), "effect must be a difference of shares other than 0, got 0");
        assert_eq!(error(PLAN, 0.9), "base plus effect must be from 0 to 1, got 1.1");
        assert!(error(Plan { power: f64::NAN, ..PLAN }, 0.1).contains("power"));
        assert!(error(Plan { arms: 0, ..PLAN }, 0.1).contains("arms"));
        assert!(error(Plan { alpha: 1.0, ..PLAN }, 0.1).contains("alpha"));
    }
}
