//! The top of the page: what was studied, what came out, what to beware of.

use super::cautions::caution;
use super::{drift, economics, learning_curve, selection, share_spread, spread, top, variables};
use crate::input::Estimate;
use crate::study::input::StudyReport;
use crate::view::Range;
use crate::words::Words;

/// More cautions than this are in the model card.
const CAUTIONS: usize = 5;

pub(super) struct Summary {
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) made_on: Option<String>,
    pub(super) stats: Vec<Stat>,
    pub(super) findings: Vec<String>,
    pub(super) cautions: Vec<String>,
    pub(super) more_cautions: bool,
}

/// A figure of the strip at the top.
pub(super) struct Stat {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) note: String,
    /// For those that say what the model is worth.
    pub(super) is_gain: bool,
}

impl Summary {
    pub(super) fn of(report: &StudyReport, words: &Words) -> Self {
        let limits = &report.card.limits;
        Self {
            title: words.say("study-title", [("source", report.source.as_str().into())]),
            lead: lead(report, words),
            made_on: report.made_on.map(|day| words.say("study-made", [("date", words.date(day).into())])),
            stats: stats(report, words),
            findings: findings(report, words),
            cautions: limits.iter().take(CAUTIONS).map(|limit| caution(limit, words)).collect(),
            more_cautions: limits.len() > CAUTIONS,
        }
    }
}

/// How good the final model is on rows that it did not see: AUC, log-loss, log-loss of the base rate; nothing where those
/// rows are of one class.
fn quality(report: &StudyReport) -> Option<(Estimate, Estimate, f64)> {
    let quality = &report.card.quality;
    Some((quality.auc?, quality.log_loss?, quality.base_log_loss))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn base_rate(report: &StudyReport) -> f64 {
    report.about.leaving_rows as f64 / report.about.rows.max(1) as f64
}

fn lead(report: &StudyReport, words: &Words) -> String {
    let about = &report.about;
    let data = words.say(
        "study-lead",
        [
            ("rows", words.say("rows", [("n", about.rows.into())]).into()),
            ("columns", words.say("columns", [("n", about.columns.into())]).into()),
            ("left", words.count(about.leaving_rows as u64).into()),
            ("share", words.fine_share(base_rate(report)).into()),
            ("target", report.target.as_str().into()),
        ],
    );
    let Some((auc, ..)) = quality(report) else { return data };
    let in_hundred = |share: f64| words.number(share * 100.0, 0);
    let model = words.say(
        "study-lead-model",
        [
            ("n", in_hundred(auc.value).into()),
            ("range", format!("{}–{}", in_hundred(auc.low), in_hundred(auc.high)).into()),
        ],
    );
    format!("{data} {model}")
}

fn stats(report: &StudyReport, words: &Words) -> Vec<Stat> {
    let about = &report.about;
    let stat = |id, Range { value, range }| Stat { name: words.text(id), value, note: range, is_gain: false };
    let mut stats = vec![
        stat(
            "stat-rows",
            Range {
                value: words.count(about.rows as u64),
                range: words.say("stat-subjects", [("n", about.subjects.into())]),
            },
        ),
        stat(
            "stat-share",
            Range {
                value: words.fine_share(base_rate(report)),
                range: words.say("stat-leaving", [("n", about.leaving_rows.into())]),
            },
        ),
    ];
    if let Some((auc, loss, base)) = quality(report) {
        stats.push(stat("stat-auc", spread(&auc, 3, words)));
        let loss = Range {
            value: words.number(loss.value, 4),
            range: words.say("stat-base", [("base", words.number(base, 4).into())]),
        };
        stats.push(stat("stat-loss", loss));
    }
    if let Some(tenth) = report.top.shares.iter().find(|top| (top.share - 0.1).abs() < 1e-9) {
        stats.push(stat("stat-tenth", share_spread(&tenth.recall, words)));
    }
    // Money that rests on placeholders is no figure to open a report with.
    let stated = report.economics.as_ref().filter(|part| !economics::is_placeholder(part));
    if let Some(part) = stated.filter(|part| part.best.share > 0.0) {
        let value = economics::profit(part, words);
        let range = words.say("stat-best", [("share", words.share(part.best.share).into())]);
        stats.push(Stat { name: words.text("stat-profit"), value, note: range, is_gain: true });
    }
    stats
}

/// What came out, section by section, in the order of the page.
fn findings(report: &StudyReport, words: &Words) -> Vec<String> {
    let mut all = Vec::new();
    if let Some((_, loss, base)) = quality(report) {
        let saved = 1.0 - loss.value / base;
        all.push(if saved > 0.0 {
            words.say(
                "finding-guess",
                [("saved", words.share(saved).into()), ("share", words.fine_share(base_rate(report)).into())],
            )
        } else {
            words.say("plain-guess-worse", [("base", words.fine_share(base_rate(report)).into())])
        });
    }
    all.extend(top::verdict(&report.top, words));
    let stated = report.economics.as_ref().filter(|part| !economics::is_placeholder(part));
    all.extend(stated.map(|part| economics::verdict(part, words)));
    all.push(variables::verdict(&report.variables, words));
    if let Some(last) = report.selection.points.last() {
        all.push(selection::verdict(report.selection.smallest, last.variables, words));
    }
    all.push(learning_curve::verdict(&report.learning_curve, words));
    all.extend(report.drift.as_ref().map(|part| drift::verdict(part, words)));
    all
}
