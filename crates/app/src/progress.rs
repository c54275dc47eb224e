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
    /// A section of an analyst's study.
    Study(study::Section),
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
            Self::Study(section) => section_label(section),
            Self::Write => "writing",
        }
    }
}

fn section_label(section: study::Section) -> &'static str {
    match section {
        study::Section::Variables => "testing variables",
        study::Section::Groups => "comparing variables",
        study::Section::Baselines => "fitting baselines",
        study::Section::LearningCurve => "drawing the learning curve",
        study::Section::Balance => "weighting classes",
        study::Section::Selection => "selecting variables",
        study::Section::Importance => "shuffling variables",
        study::Section::Hardest => "looking for hard rows",
        study::Section::List => "counting along the list",
        study::Section::Drift => "comparing rows",
        study::Section::Card => "writing the model card",
    }
}
