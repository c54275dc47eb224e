//! How the numbers were come by.

use crate::study::input::StudyReport;
use crate::words::Words;

pub(super) struct View {
    pub(super) held_out: String,
    pub(super) intervals: String,
    pub(super) made: String,
}

impl View {
    pub(super) fn of(report: &StudyReport, words: &Words) -> Self {
        let about = &report.about;
        Self {
            held_out: words.say(
                "method-held-out",
                [
                    ("rows", words.say("rows", [("n", about.held_out_rows.into())]).into()),
                    ("left", words.count(about.held_out_leaving_rows as u64).into()),
                ],
            ),
            intervals: words.say(
                "method-intervals",
                [("level", words.share(about.confidence).into()), ("draws", words.count(about.draws as u64).into())],
            ),
            made: words.say("method-seed", [("seed", about.seed.to_string().into())]),
        }
    }
}
