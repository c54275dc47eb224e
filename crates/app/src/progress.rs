//! How a use case tells how far it is.

/// A step of long work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Simulating students; counts students.
    Simulate,
    /// Reading the tables.
    Read,
    /// Building features.
    Features,
    /// Fitting and comparing models; counts fits.
    Fit,
    /// Scoring subjects.
    Score,
    /// Finding the reasons behind scores.
    Explain,
    /// Choosing actions.
    Decide,
    /// Writing results.
    Write,
}

/// Told of progress as work goes on; may be called from any thread.
pub trait Progress: Sync {
    /// `done` of `total` units of `step`; no total where it is not known.
    fn report(&self, step: Step, done: u64, total: Option<u64>);

    /// A step has begun.
    fn begin(&self, step: Step) {
        self.report(step, 0, None);
    }
}

/// Tells nobody.
pub struct Silent;

impl Progress for Silent {
    fn report(&self, _: Step, _: u64, _: Option<u64>) {}
}

impl Step {
    /// What a person reads.
    pub fn label(self) -> &'static str {
        match self {
            Self::Simulate => "simulating students",
            Self::Read => "reading tables",
            Self::Features => "building features",
            Self::Fit => "comparing models",
            Self::Score => "scoring",
            Self::Explain => "finding reasons",
            Self::Decide => "choosing actions",
            Self::Write => "writing",
        }
    }
}
