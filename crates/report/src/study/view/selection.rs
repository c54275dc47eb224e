//! How few variables would do.

use super::{Figure, places_for, spread};
use crate::RenderError;
use crate::chart::curve::{Curve, curve};
use crate::input::Estimate;
use crate::study::input::Selection;
use crate::view::Range;
use crate::words::Words;

pub(super) struct View {
    pub(super) verdict: String,
    pub(super) figures: Vec<Figure>,
    pub(super) rows: Vec<Row>,
    pub(super) set: Vec<String>,
    pub(super) set_label: String,
}

pub(super) struct Row {
    pub(super) variables: String,
    pub(super) auc: Range,
    pub(super) log_loss: Range,
    /// Log-loss minus the lowest, give or take a standard error.
    pub(super) gap: String,
    pub(super) is_smallest: bool,
}

impl View {
    pub(super) fn of(part: &Selection, words: &Words) -> Result<Self, RenderError> {
        let all = part.points.last().map_or(0, |point| point.variables);
        let figures = if part.points.len() > 1 {
            vec![
                figure("selection-loss", "selection-loss-title", words.text("unit-log-loss"), part, words)?,
                figure("selection-auc", "selection-auc-title", "AUC".to_owned(), part, words)?,
            ]
        } else {
            Vec::new()
        };
        // The set of all is the table itself.
        let size = if part.smallest < all { part.smallest } else { 0 };
        let set: Vec<_> = part.order.iter().take(size).cloned().collect();
        Ok(Self {
            verdict: verdict(part.smallest, all, words),
            figures,
            rows: part
                .points
                .iter()
                .map(|point| Row {
                    variables: words.count(point.variables as u64),
                    auc: spread(&point.auc, 3, words),
                    log_loss: spread(&point.log_loss, 4, words),
                    gap: format!("{} ± {}", words.change(point.gap, 4), words.number(point.gap_error, 4)),
                    is_smallest: point.variables == part.smallest && part.smallest < all,
                })
                .collect(),
            set_label: words.say("selection-set", [("n", set.len().into())]),
            set,
        })
    }
}

/// How few would do, in a sentence.
pub(super) fn verdict(smallest: usize, all: usize, words: &Words) -> String {
    if smallest >= all {
        return words.say("selection-all", [("all", words.count(all as u64).into())]);
    }
    words.say("selection-verdict", [("n", smallest.into()), ("all", words.count(all as u64).into())])
}

/// The numbers of variables double from step to step, so that the axis gives each the same room.
#[expect(clippy::cast_precision_loss, reason = "a handful of points")]
fn figure(
    name: &'static str,
    title: &'static str,
    up: String,
    part: &Selection,
    words: &Words,
) -> Result<Figure, RenderError> {
    let of = |at: usize| if name == "selection-auc" { part.points[at].auc } else { part.points[at].log_loss };
    let points: Vec<(f64, Estimate)> = (0..part.points.len()).map(|at| (at as f64, of(at))).collect();
    let low = points.iter().map(|(_, e)| e.low).fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|(_, e)| e.high).fold(f64::NEG_INFINITY, f64::max);
    let places = places_for(low, high);
    let smallest = part.points.iter().position(|point| point.variables == part.smallest);
    let title = words.text(title);
    let svg = curve(&Curve {
        name,
        title: &title,
        points: &points,
        across: &|x| {
            let at = part.points.iter().enumerate().find(|(at, _)| (x - *at as f64).abs() < 1e-6);
            at.map_or_else(String::new, |(_, point)| words.count(point.variables as u64))
        },
        up: &|y| words.number(y, places),
        level: None,
        mark: smallest.filter(|at| at + 1 < part.points.len()).map(|at| (at as f64, words.text("selection-mark"))),
        has_dots: true,
    })?;
    Ok(Figure { title, note: String::new(), up, across: words.text("unit-variables"), svg })
}
