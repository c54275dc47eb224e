//! What an experienced mentor would say with no data at all: a score for an academy too young to learn its own.
//!
//! These weights are an expert's guess, not an estimate. They order students by what any school knows to come before
//! leaving (missed lessons, open homework, unpaid invoices, silence) and are meant to be replaced: the model that is
//! learnt takes over as soon as it predicts better on students it has not seen.
//!
//! The margin, in log-odds, is `INTERCEPT + sum(weight * clamp((value - centre) / scale, -3, 3))`; a value that is not
//! known adds nothing. The intercept is the log-odds of about one in twenty leaving within a month.

/// A feature's part in the margin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    /// The feature, with the academy's own names of tables.
    pub feature: &'static str,
    /// The value that says nothing either way.
    pub centre: f64,
    /// The step that counts once.
    pub scale: f64,
    /// Log-odds that a step adds.
    pub weight: f64,
}

/// Log-odds of a student about whom nothing stands out.
pub const INTERCEPT: f64 = -2.9;

/// The weights.
pub const WEIGHTS: &[Weight] = &[
    weight("attendance.missed_streak", 0.0, 1.0, 0.45),
    weight("attendance.present_share_28d", 0.85, 0.15, -0.45),
    weight("attendance.came_14d_to_56d", 1.0, 0.5, -0.20),
    weight("homework.open_streak", 0.0, 1.0, 0.25),
    weight("homework.share_done_all", 0.8, 0.2, -0.30),
    weight("homework.score_mean_56d", 70.0, 15.0, -0.15),
    weight("invoices.overdue_days", 0.0, 10.0, 0.45),
    weight("invoices.lateness_all", 0.0, 7.0, 0.15),
    weight("progress.ahead_of_plan", -5.0, 10.0, -0.30),
    weight("tests.score_mean_56d", 0.7, 0.15, -0.15),
    weight("messages.unanswered_streak", 0.0, 2.0, 0.25),
    weight("messages.days_since_incoming", 14.0, 14.0, 0.15),
    weight("tenure.elapsed_share", 0.4, 0.3, -0.30),
];

const fn weight(feature: &'static str, centre: f64, scale: f64, weight: f64) -> Weight {
    Weight { feature, centre, scale, weight }
}
