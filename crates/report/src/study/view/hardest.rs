//! Where the model was confident and wrong, beside the rows that are most alike.

use super::values::shown;
use crate::study::input::{Case, Hardest, Shown};
use crate::words::Words;

pub(super) struct View {
    pub(super) note: String,
    pub(super) sides: Vec<Side>,
}

pub(super) struct Side {
    pub(super) title: String,
    pub(super) note: String,
    pub(super) empty: String,
    pub(super) variables: Vec<String>,
    pub(super) cases: Vec<One>,
}

/// A case; its own row first, its neighbours after it.
pub(super) struct One {
    pub(super) title: String,
    pub(super) judgement: String,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) is_case: bool,
    pub(super) subject: String,
    pub(super) outcome: String,
    pub(super) left: bool,
    pub(super) said: String,
    pub(super) distance: String,
    pub(super) values: Vec<String>,
}

impl View {
    pub(super) fn of(part: &Hardest, words: &Words) -> Self {
        let side = |title, note, cases: &[Case]| Side {
            title: words.text(title),
            note: words.text(note),
            empty: words.text("hardest-none"),
            variables: part.variables.clone(),
            cases: cases.iter().map(|case| one(case, words)).collect(),
        };
        Self {
            note: words.say("hardest-note", [("rows", words.say("rows", [("n", part.pool_rows.into())]).into())]),
            sides: vec![
                side("hardest-missed", "hardest-missed-note", &part.missed),
                side("hardest-alarms", "hardest-alarms-note", &part.false_alarms),
            ],
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn one(case: &Case, words: &Words) -> One {
    let mut rows = vec![Row {
        is_case: true,
        subject: case.subject.clone(),
        outcome: outcome(case.left, words),
        left: case.left,
        said: words.fine_share(case.probability),
        distance: "—".to_owned(),
        values: values(&case.values, words),
    }];
    rows.extend(case.neighbours.iter().map(|other| Row {
        is_case: false,
        subject: other.subject.clone(),
        outcome: outcome(other.left, words),
        left: other.left,
        said: other.probability.map_or_else(|| "—".to_owned(), |p| words.fine_share(p)),
        distance: words.number(other.distance, 3),
        values: values(&other.values, words),
    }));
    // What the neighbours did, more of them than are shown, tells bad luck from something that the model does not see.
    let left = case.neighbours_leaving * case.neighbours_counted as f64;
    let judgement = if case.neighbours_counted == 0 {
        "hardest-alone"
    } else if (case.neighbours_leaving >= 0.5) == case.left {
        "hardest-unseen"
    } else {
        "hardest-luck"
    };
    One {
        title: words.say(
            "hardest-case",
            [
                ("subject", case.subject.as_str().into()),
                ("said", words.fine_share(case.probability).into()),
                ("outcome", outcome(case.left, words).into()),
                ("loss", words.number(case.loss, 2).into()),
            ],
        ),
        judgement: words.say(
            judgement,
            [("left", words.number(left, 0).into()), ("all", words.count(case.neighbours_counted as u64).into())],
        ),
        rows,
    }
}

fn outcome(left: bool, words: &Words) -> String {
    words.text(if left { "outcome-left" } else { "outcome-stayed" })
}

fn values(values: &[Shown], words: &Words) -> Vec<String> {
    values.iter().map(|value| shown(value, words)).collect()
}
